//! 案卷 — a request with everything that happened to it, and what the law makes of it.

use gongkai_statute::calendar::Calendar;
use gongkai_statute::deadlines::{self, DeadlineRuling, FactError, Facts};
use jiff::civil::Date;

use super::enclosures::{self, Enclosure};
use super::machine::{self, Event, ExtensionStanding, LetterStanding, RequestState, Standing};
use super::{
    Consultation, EventRecord, Extension, Fee, Reasons, Renewal, Request, RequestRefusal as R, Supplement,
    renewals, store,
};
use crate::accounts::{self, Agency};
use crate::calendars::{self, Moved};
use crate::db::Conn;
use crate::letters::{self, Letter};
use crate::review::ReviewState;

/// 案卷.
#[derive(Clone, Debug)]
pub struct Dossier {
    pub request: Request,
    pub agency: Agency,
    /// The working days of the agency's region.
    pub(crate) calendar: Calendar,
    pub supplement: Option<Supplement>,
    pub reasons: Option<Reasons>,
    pub extension: Option<Extension>,
    pub consultations: Vec<Consultation>,
    pub fee: Option<Fee>,
    /// Oldest first.
    pub events: Vec<EventRecord>,
    /// Oldest first.
    pub letters: Vec<Letter>,
    /// 随答复提供的文件, in the order they were added.
    pub enclosures: Vec<Enclosure>,
    /// Clocks that a notice of days off moved, oldest first.
    pub moved: Vec<Moved>,
    /// 重新办理: what it decides afresh.
    pub renewal: Option<Renewal>,
    /// The numbers under which this one was decided afresh, oldest first.
    pub renewed_as: Vec<String>,
}

impl Dossier {
    pub(super) async fn of(conn: &mut Conn, request: Request) -> anyhow::Result<Dossier> {
        let agency = accounts::agency(conn, &request.agency_id).await?;
        let agency = agency.ok_or_else(|| anyhow::anyhow!("request {} has no agency", request.number))?;
        Ok(Dossier {
            calendar: calendars::of_region(conn, &agency.region).await?,
            agency,
            supplement: store::supplement(conn, &request.id).await?,
            reasons: store::reasons(conn, &request.id).await?,
            extension: store::extension(conn, &request.id).await?,
            consultations: store::consultations(conn, &request.id).await?,
            fee: store::fee(conn, &request.id).await?,
            events: store::events(conn, &request.id).await?,
            letters: letters::of_request(conn, &request.id).await?,
            enclosures: enclosures::of_request(conn, &request.id).await?,
            moved: calendars::changes_of_request(conn, &request.id).await?,
            renewal: renewals::of_request(conn, &request.id).await?,
            renewed_as: renewals::renewed_as(conn, &request.id).await?,
            request,
        })
    }

    /// The facts the law is asked with.
    pub fn facts(&self) -> Facts {
        let request = &self.request;
        Facts {
            channel: request.channel,
            submitted_on: Some(request.submitted_on),
            signed_on: request.signed_on,
            confirmed_on: request.confirmed_on,
            supplement: self.supplement.as_ref().map(|s| deadlines::Supplement {
                noticed_on: s.noticed_on,
                supplemented_on: s.supplemented_on,
            }),
            extension: self.extension.as_ref().and_then(|extension| {
                let approval = extension.approval.as_ref()?;
                Some(deadlines::Extension {
                    approved_on: approval.approved_on,
                    noticed_on: approval.noticed_on,
                    working_days: extension.working_days,
                })
            }),
            consultations: self
                .consultations
                .iter()
                .map(|c| deadlines::Consultation {
                    with: c.with,
                    sent_on: c.sent_on,
                    answered_on: c.answered_on,
                })
                .collect(),
            fee: self
                .fee
                .as_ref()
                .map(|fee| deadlines::FeeFacts { noticed_on: fee.noticed_on, paid_on: fee.paid_on }),
            delay: self.reasons.as_ref().and_then(|reasons| {
                let delay = reasons.delay.as_ref()?;
                Some(deadlines::Delay { noticed_on: delay.noticed_on, until: delay.until })
            }),
            order: self.renewal.as_ref().map(Renewal::order),
            region: Some(self.agency.region.clone()),
        }
    }

    /// The working days of this agency's region.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// 期限 — the clock with every day of it; an error says what is still missing for receipt.
    pub fn ruling(&self) -> Result<DeadlineRuling, FactError> {
        deadlines::rule(&self.facts(), &self.calendar)
    }

    /// 期限 as it would be if the request were received on `day`: for applicants who wait for confirmation.
    pub fn ruling_if_received(&self, day: Date) -> Result<DeadlineRuling, FactError> {
        let mut facts = self.facts();
        match gongkai_statute::receipt::deciding_field(facts.channel) {
            "signed_on" => facts.signed_on = Some(day),
            "confirmed_on" => facts.confirmed_on = Some(day),
            _ => facts.submitted_on = Some(day),
        }
        deadlines::rule(&facts, &self.calendar)
    }

    /// What the order of events depends on, as of `today`.
    pub fn standing(&self, today: Date) -> Standing {
        let is_over = |due_on: Option<Date>| due_on.is_some_and(|due_on| today > due_on);
        Standing {
            is_received: self.request.received_on.is_some(),
            is_renewal: self.renewal.is_some(),
            is_supplement_noticed: self.supplement.is_some(),
            is_supplement_overdue: is_over(self.supplement.as_ref().map(|s| s.due_on)),
            is_reasons_noticed: self.reasons.is_some(),
            is_reasons_stated: self.reasons.as_ref().is_some_and(|reasons| reasons.stated_on.is_some()),
            is_delayed: self.reasons.as_ref().is_some_and(|reasons| reasons.delay.is_some()),
            extension: match &self.extension {
                None => ExtensionStanding::None,
                Some(Extension { approval: None, .. }) => ExtensionStanding::Proposed,
                Some(_) => ExtensionStanding::Approved,
            },
            open_consultations: self.consultations.iter().filter(|c| c.opinion.is_none()).count(),
            unanswered_objections: self.consultations.iter().filter(|c| c.is_objection_unanswered()).count(),
            is_fee_noticed: self.fee.is_some(),
            is_fee_overdue: is_over(self.fee.as_ref().map(|fee| fee.due_on)),
            is_delivered: self.events.iter().any(|one| one.event == Event::RecordDelivery),
            letter: match self.reply().map(|reply| reply.review) {
                None => LetterStanding::None,
                Some(Some(ReviewState::Open)) => LetterStanding::InReview,
                Some(Some(ReviewState::Signed)) => LetterStanding::Signed,
                Some(Some(ReviewState::Returned | ReviewState::Withdrawn) | None) => LetterStanding::Returned,
            },
        }
    }

    /// 答复书, drafted or issued.
    pub fn reply(&self) -> Option<&Letter> {
        // One that was given up for another stands before it.
        self.letters.iter().rfind(|letter| letter.kind.is_reply())
    }

    /// What can happen now, in the order of the procedure.
    pub fn possible(&self, today: Date) -> Vec<Event> {
        machine::possible(self.request.state, &self.standing(today))
    }

    /// The state after `event`, or why it cannot happen now.
    pub(super) fn after(&self, event: Event, today: Date) -> Result<RequestState, R> {
        machine::next(Some(self.request.state), event, &self.standing(today))
    }

    /// The dossier with a change in it, when the law allows the change: it may bring no refusal that was not
    /// there before. The stored clock follows the change.
    pub(super) fn with(&self, change: impl FnOnce(&mut Dossier)) -> Result<Dossier, Vec<R>> {
        let before = self.ruling().map(|ruling| ruling.refusals).unwrap_or_default();
        let mut after = self.clone();
        change(&mut after);
        after.set_clock();
        match after.ruling() {
            Ok(ruling) => {
                let new: Vec<R> =
                    ruling.refusals.into_iter().filter(|words| !before.contains(words)).map(R::Law).collect();
                if new.is_empty() { Ok(after) } else { Err(new) }
            }
            // Not received yet is a state, not a mistake; a date that cannot be is one.
            Err(_) if after.request.received_on.is_none() => Ok(after),
            Err(error) => Err(vec![R::Law(error.message)]),
        }
    }

    /// Writes the law's answer into the row.
    fn set_clock(&mut self) {
        match self.ruling() {
            Ok(ruling) => {
                self.request.received_on = Some(ruling.received_on);
                self.request.reply_due_on = ruling.due_on();
                self.request.is_due_provisional = ruling.provisional;
            }
            Err(_) => {
                self.request.reply_due_on = None;
                self.request.is_due_provisional = false;
            }
        }
    }
}
