//! 复议和诉讼 against some of the replies: every kind with every result.

use anyhow::Context;
use gongkai_disclosure::db::Db;
use gongkai_disclosure::remedies::actions::{self, CaseForm, Ending};
use gongkai_disclosure::remedies::{RemedyKind, RemedyResult};
use gongkai_disclosure::requests::{self, Listed, RequestFilter, RequestState, SortBy};
use gongkai_disclosure::time::{day_in_china, start_of_day};
use gongkai_statute::remedies::Route;
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};

use super::plan::working_day;
use crate::demo::District;

/// Kind and result of each case, in the order of the replies they are about.
const CASES: [(RemedyKind, RemedyResult); 16] = {
    use RemedyKind::{
        DirectLitigation as Direct, LitigationAfterReconsideration as After, Reconsideration as First,
    };
    use RemedyResult::{Corrected, OtherResult, Pending, Upheld};
    [
        (First, Upheld),
        (Direct, Upheld),
        (After, Upheld),
        (First, Corrected),
        (First, OtherResult),
        (Direct, Corrected),
        (First, Upheld),
        (After, Corrected),
        (Direct, OtherResult),
        (First, Upheld),
        (After, OtherResult),
        (First, Corrected),
        (First, Pending),
        (Direct, Pending),
        (After, Pending),
        (First, Pending),
    ]
};

pub(super) async fn fill(db: &Db, district: &District, progress: &dyn Fn(u64)) -> anyhow::Result<()> {
    let today = day_in_china(district.now);
    let filter = RequestFilter {
        agencies: district.offices.iter().map(|office| office.agency.id.clone()).collect(),
        states: vec![RequestState::Replied, RequestState::Archived],
        sort: SortBy::ReceivedOn,
        ..RequestFilter::default()
    };
    let (replies, _) = requests::list(&mut *db.read().await?, &filter, today, 1, 500).await?;
    // People go on against a refusal, not against what they were given.
    let mut refused: Vec<(&Listed, Date)> = replies
        .iter()
        .filter(|reply| {
            reply.decision.is_some_and(|decision| {
                decision.ground().is_some() || decision.outcome().head().code() == "unable_to_provide"
            })
        })
        .filter_map(|reply| Some((reply, reply.closed_on?)))
        .filter(|(_, day)| *day < today.saturating_sub(25.days()))
        .collect();
    refused.sort_by_key(|(_, day)| *day);

    for (serial, (kind, result)) in (1_u32..).zip(CASES) {
        let may_sue_at_once = |reply: &Listed, day: Date| {
            reply.decision.is_some_and(|decision| decision.remedy(day) == Route::FreeChoice)
        };
        let fits = |(reply, day): &(&Listed, Date)| {
            (kind != RemedyKind::DirectLitigation || may_sue_at_once(reply, *day))
                && (kind != RemedyKind::LitigationAfterReconsideration
                    || result == RemedyResult::Pending
                    || *day < today.saturating_sub(220.days()))
                && (result == RemedyResult::Pending || *day < today.saturating_sub(110.days()))
        };
        // A case that still runs is about one of the newest replies, the others about the oldest.
        let place = match result {
            RemedyResult::Pending => refused.iter().rposition(fits),
            _ => refused.iter().position(fits),
        };
        let Some(place) = place else { continue };
        let (reply, closed_on) = refused.remove(place);
        case(db, district, reply, closed_on, (kind, result), serial).await?;
        progress(1);
    }
    Ok(())
}

async fn case(
    db: &Db,
    district: &District,
    reply: &Listed,
    closed_on: Date,
    (kind, result): (RemedyKind, RemedyResult),
    serial: u32,
) -> anyhow::Result<()> {
    let office = district.offices.iter().find(|office| office.agency.name == reply.agency_name);
    let office = office.context("the agency of the reply")?;
    let officer = &office.disclosure_officer;
    let wait = if kind == RemedyKind::LitigationAfterReconsideration && result != RemedyResult::Pending {
        105
    } else {
        18
    };
    let accepted_on = working_day(closed_on.saturating_add((wait + i64::from(serial % 5)).days()));
    let year = accepted_on.year();
    let (case_number, body) = match kind {
        RemedyKind::Reconsideration => {
            (format!("青禾复〔{year}〕{serial}号"), &office.agency.reconsideration_body)
        }
        _ => (format!("（{year}）禾99行初{}号", 20 + serial), &office.agency.court),
    };
    let form = CaseForm {
        request_number: reply.number.clone(),
        kind: Some(kind),
        case_number,
        body: body.clone(),
        accepted_on: Some(accepted_on),
        note: String::new(),
    };
    let at = |day: Date| start_of_day(day) + SignedDuration::from_hours(15);
    let mut tx = db.begin(&officer.actor(), at(accepted_on).min(district.now)).await?;
    let id = actions::register(&mut tx, officer, &office.agency.id, &form).await?;
    tx.commit().await?;

    if result != RemedyResult::Pending {
        let concluded_on = working_day(accepted_on.saturating_add((42 + i64::from(serial % 9)).days()));
        let (note, demanded) = match result {
            RemedyResult::Corrected => {
                ("原答复没有说明检索的情况。", "撤销原答复，自收到决定之日起20个工作日内重新答复。")
            }
            RemedyResult::OtherResult => ("申请人撤回，终止审理。", ""),
            _ => ("维持原答复。", ""),
        };
        let ending = Ending {
            result: Some(result),
            concluded_on: Some(concluded_on),
            note: note.into(),
            demanded: demanded.into(),
            demanded_until: (!demanded.is_empty())
                .then(|| working_day(concluded_on.saturating_add(28.days()))),
        };
        let mut tx = db.begin(&officer.actor(), at(concluded_on).min(district.now)).await?;
        actions::conclude(&mut tx, officer, &id, &ending).await?;
        tx.commit().await?;
        let done = working_day(concluded_on.saturating_add(15.days()));
        if result == RemedyResult::Corrected && at(done) < district.now {
            let mut tx = db.begin(&officer.actor(), at(done)).await?;
            let how = "已补充检索并重新答复，送达申请人。";
            actions::carry_out(&mut tx, officer, &id, Some(done), how).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}
