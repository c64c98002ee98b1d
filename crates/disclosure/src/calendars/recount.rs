//! 重算 — every clock of every open request, counted with the calendar as it is and as a notice would make it.

use std::collections::HashMap;

use gongkai_statute::calendar::{Arrangement, Calendar};
use gongkai_statute::deadlines::{self, ConsultedParty, Facts, dues};
use jiff::civil::Date;

use super::{Clock, national, regional, store};
use crate::db::Conn;
use crate::secrets;

/// A clock that a notice moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockChange {
    pub request_id: String,
    /// 登记编号.
    pub number: String,
    pub agency_id: String,
    pub clock: Clock,
    /// Which consultation; empty for clocks a request has once.
    pub of_id: String,
    pub before: Date,
    pub after: Date,
    /// Some day of the new count still lies in a year without a notice.
    pub is_provisional: bool,
    /// Who is told: the handler, or the agency's own mailbox.
    pub mailbox: String,
}

/// What a notice would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rehearsal {
    /// How many requests are open.
    pub open: usize,
    /// In the order of the numbers.
    pub changes: Vec<ClockChange>,
    /// Requests whose reply clock stays and is certain from now on.
    pub settled: Vec<String>,
}

impl Rehearsal {
    /// Names this list and no other: what was looked at is what is adopted.
    pub fn fingerprint(&self) -> String {
        let mut lines = String::new();
        for change in &self.changes {
            let ClockChange { request_id, clock, of_id, before, after, .. } = change;
            lines.push_str(&format!("{request_id} {} {of_id} {before} {after}\n", clock.code()));
        }
        secrets::digest(&lines)
    }
}

/// The facts of an open request, without the person.
#[derive(Clone, Debug)]
pub(super) struct OpenRequest {
    pub id: String,
    pub number: String,
    pub agency_id: String,
    pub region: String,
    pub mailbox: String,
    pub facts: Facts,
    pub reply_due_on: Option<Date>,
    pub is_provisional: bool,
    pub limits: Vec<Limit>,
}

/// A limit that is running besides the reply clock.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    pub clock: Clock,
    pub of_id: String,
    pub from: Date,
    pub due_on: Date,
    /// Of a consultation.
    pub with: Option<ConsultedParty>,
}

impl Limit {
    fn after(&self, before: &Calendar, after: &Calendar) -> (Date, bool) {
        let counted = match (self.clock, self.with) {
            (Clock::Consultation, Some(with)) => Some(dues::consultation_due(with, self.from, after)),
            (Clock::Fee, _) => dues::fee_payment_due(self.from, after),
            _ => None,
        };
        counted.map_or_else(
            || {
                // The office set so many working days itself.
                let days = before.working_days_between(self.from, self.due_on);
                let on = after.add_working_days(self.from, days);
                (on, after.is_provisional(self.from, on))
            },
            |due| (due.on, due.provisional),
        )
    }
}

/// What adopting the arrangement would change. A clock that ran out before `today` stays: what is overdue stays overdue.
pub async fn rehearse(conn: &mut Conn, arrangement: &Arrangement, today: Date) -> anyhow::Result<Rehearsal> {
    let now = national(conn).await?;
    let then = now.with(arrangement);
    Ok(compare(store::open_requests(conn).await?, &now, &then, today))
}

pub(super) fn compare(requests: Vec<OpenRequest>, now: &Calendar, then: &Calendar, today: Date) -> Rehearsal {
    let mut rehearsal = Rehearsal { open: requests.len(), ..Rehearsal::default() };
    let mut calendars: HashMap<String, (Calendar, Calendar)> = HashMap::new();
    for request in requests {
        let (before, after) = calendars
            .entry(request.region.clone())
            .or_insert_with(|| (regional(now, &request.region), regional(then, &request.region)));
        let ruling = deadlines::rule(&request.facts, after).ok();
        let reply = ruling.and_then(|ruling| Some((ruling.due_on()?, ruling.provisional)));
        let mut moved = Vec::new();
        if let (Some(due_on), Some((on, provisional))) = (request.reply_due_on, reply) {
            if on != due_on && due_on >= today {
                moved.push((Clock::Reply, String::new(), due_on, on, provisional));
            } else if request.is_provisional && !provisional {
                rehearsal.settled.push(request.id.clone());
            }
        }
        for limit in &request.limits {
            let (on, provisional) = limit.after(before, after);
            if on != limit.due_on && limit.due_on >= today {
                moved.push((limit.clock, limit.of_id.clone(), limit.due_on, on, provisional));
            }
        }
        rehearsal.changes.extend(moved.into_iter().map(|(clock, of_id, before, after, is_provisional)| {
            ClockChange {
                request_id: request.id.clone(),
                number: request.number.clone(),
                agency_id: request.agency_id.clone(),
                clock,
                of_id,
                before,
                after,
                is_provisional,
                mailbox: request.mailbox.clone(),
            }
        }));
    }
    rehearsal
}
