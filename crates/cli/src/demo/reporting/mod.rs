//! The registers behind table two, letters from the public, the texts of the reports, and what oversight
//! demanded. Comes last: the reports count what the other parts made.

mod words;

use anyhow::Context;
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::db::Db;
use gongkai_disclosure::interaction::actions::{CaseReceipt, NewCase, record_call, reply, submit};
use gongkai_disclosure::oversight::actions::{NewRectification, answer, close, demand};
use gongkai_disclosure::publishing::actions::submit as submit_edition;
use gongkai_disclosure::reporting::actions::{
    NewAdjustment, NewDecision, NewDocument, NewFee, add_decision, add_document, add_fee, confirm_adjustment,
    draft_report, end_document, freeze_all, propose_adjustment, save_text,
};
use gongkai_disclosure::reporting::{Figure, FigureAddress, TextPart, gather};
use gongkai_disclosure::review::ConfidentialityChecklist;
use gongkai_disclosure::review::actions::sign;
use gongkai_disclosure::time::day_in_china;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::district::Office;
use super::{Dice, District};
use words::Matter;

/// About how many records this part makes.
pub(crate) const RECORDS: u64 = 900;

pub(crate) async fn fill(db: &Db, district: &District, progress: &dyn Fn(u64)) -> anyhow::Result<()> {
    let mut dice = Dice::new(5);
    for office in &district.offices {
        documents(db, district, office, progress).await?;
        decisions(db, district, office, &mut dice, progress).await?;
        fees(db, district, office, &mut dice, progress).await?;
    }
    letters(db, district, &mut dice, progress).await?;
    rectifications(db, district, progress).await?;
    freezes(db, district).await?;
    adjustment(db, district).await?;
    texts(db, district, progress).await?;
    reports(db, district, progress).await
}

/// Ten in the morning in China.
fn morning(day: Date) -> anyhow::Result<Timestamp> {
    Ok(gongkai_disclosure::time::start_of_day(day) + SignedDuration::from_hours(10))
}

fn beginning(district: &District) -> Date {
    day_in_china(district.beginning())
}

fn today(district: &District) -> Date {
    day_in_china(district.now)
}

async fn documents(
    db: &Db,
    district: &District,
    office: &Office,
    progress: &dyn Fn(u64),
) -> anyhow::Result<()> {
    let (staff, agency) = (&office.disclosure_officer, &office.agency);
    for document in words::documents_of(&agency.code) {
        let issued_on: Date = document.issued_on.parse()?;
        if issued_on > today(district) {
            continue;
        }
        // What was issued before the system was there was entered when it came.
        let entered = morning(issued_on.max(beginning(district)))?;
        let mut tx = db.begin(&staff.actor(), entered.min(district.now)).await?;
        let new = NewDocument {
            agency_id: agency.id.clone(),
            kind: "normative_document".into(),
            title: document.title.into(),
            document_number: document.number.into(),
            issued_on: issued_on.to_string(),
            entry_id: None,
        };
        let id = add_document(&mut tx, staff, new).await?;
        tx.commit().await?;
        progress(1);
        let Some((end_kind, ended_on)) = document.ended else { continue };
        let ended_on: Date = ended_on.parse()?;
        if ended_on > today(district) {
            continue;
        }
        let entered = morning(ended_on.max(beginning(district)))?;
        let mut tx = db.begin(&staff.actor(), entered.min(district.now)).await?;
        end_document(&mut tx, staff, &id, end_kind, &ended_on.to_string()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Licenses, penalties and compulsions, entered month by month.
async fn decisions(
    db: &Db,
    district: &District,
    office: &Office,
    dice: &mut Dice,
    progress: &dyn Fn(u64),
) -> anyhow::Result<()> {
    let (staff, agency) = (&office.disclosure_officer, &office.agency);
    let mut serials = [0; 3];
    let mut month = beginning(district).first_of_month();
    let last = today(district);
    while month <= last {
        let until = month.last_of_month().min(last);
        let mut of_month = Vec::new();
        for (matter, serial) in words::matters_of(&agency.code).iter().zip(&mut serials) {
            for _ in 0..dice.between(matter.in_a_month.0, matter.in_a_month.1) {
                *serial += 1;
                let day = month + i32::try_from(dice.between(0, i64::from(until.day()) - 1))?.days();
                of_month.push(decision(matter, *serial, day.max(beginning(district)), dice, &agency.id));
            }
        }
        if !of_month.is_empty() {
            let mut tx = db.begin(&staff.actor(), morning(until)?.min(district.now)).await?;
            let made = u64::try_from(of_month.len())?;
            for new in of_month {
                add_decision(&mut tx, staff, new).await?;
            }
            tx.commit().await?;
            progress(made);
        }
        month += 1.month();
    }
    Ok(())
}

fn decision(matter: &Matter, serial: i64, day: Date, dice: &mut Dice, agency_id: &str) -> NewDecision {
    NewDecision {
        agency_id: agency_id.to_owned(),
        kind: matter.kind.into(),
        reference: format!("{}〔{}〕{serial}号", matter.word, day.year()),
        subject: (*dice.pick(matter.subjects)).to_owned(),
        decided_on: day.to_string(),
    }
}

/// Administrative fees of the bureaus that collect any, once a month.
async fn fees(
    db: &Db,
    district: &District,
    office: &Office,
    dice: &mut Dice,
    progress: &dyn Fn(u64),
) -> anyhow::Result<()> {
    let Some((item, (low, high))) = words::fee_of(&office.agency.code) else { return Ok(()) };
    let staff = &office.disclosure_officer;
    let mut month = beginning(district).first_of_month() + 1.month();
    while month <= today(district) {
        let day = month + 9.days();
        if day <= today(district) {
            let mut tx = db.begin(&staff.actor(), morning(day)?.min(district.now)).await?;
            let fen = dice.between(low, high) * 10;
            let new = NewFee {
                agency_id: office.agency.id.clone(),
                item: item.into(),
                amount: format!("{}.{:02}", fen / 100, fen % 100),
                collected_on: day.to_string(),
            };
            add_fee(&mut tx, staff, new).await?;
            tx.commit().await?;
            progress(1);
        }
        month += 1.month();
    }
    Ok(())
}

/// Letters, calls and errors found, spread over the two years; the newest are not answered yet.
async fn letters(
    db: &Db,
    district: &District,
    dice: &mut Dice,
    progress: &dyn Fn(u64),
) -> anyhow::Result<()> {
    const LETTERS: usize = 154;
    let whole = district.now.duration_since(district.beginning());
    for n in 0..LETTERS {
        // Somewhere in its own slice of the two years, so that they come in order.
        let slice = whole / i32::try_from(LETTERS)?;
        let within = SignedDuration::from_mins(dice.between(0, slice.as_mins().max(1) - 1));
        let at = district.beginning() + slice * i32::try_from(n)? + within;
        let letter = &words::LETTERS[n % words::LETTERS.len()];
        let offices = &district.offices;
        let office = &offices[usize::try_from(dice.between(0, i64::try_from(offices.len())? - 1))?];
        let receipt = take(db, office, letter, at, dice).await?;
        progress(1);

        let answered = at + SignedDuration::from_hours(24 * dice.between(1, 14));
        // One old letter was forgotten: oversight finds it.
        let is_forgotten = n == LETTERS - 6;
        if answered < district.now && !is_forgotten {
            let staff = &office.disclosure_officer;
            let mut tx = db.begin(&staff.actor(), answered).await?;
            reply(&mut tx, staff, &receipt.id, letter.reply).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

async fn take(
    db: &Db,
    office: &Office,
    letter: &words::Letter,
    at: Timestamp,
    dice: &mut Dice,
) -> anyhow::Result<CaseReceipt> {
    let new = NewCase {
        agency_id: office.agency.id.clone(),
        kind: letter.kind.into(),
        person_name: (*dice.pick(&words::WRITERS)).into(),
        contact: format!("0000-{}", dice.between(2_000_000, 8_999_999)),
        subject: letter.subject.into(),
        body: letter.body.into(),
        is_not_a_request: true,
    };
    let is_call = letter.kind == "hotline";
    let actor = if is_call { office.disclosure_officer.actor() } else { Actor::Public };
    let mut tx = db.begin(&actor, at).await?;
    let receipt = match is_call {
        true => record_call(&mut tx, &office.disclosure_officer, new).await?,
        false => submit(&mut tx, new).await?,
    };
    tx.commit().await?;
    Ok(receipt)
}

/// Demands of the oversight officer: most closed, one answered, one open, one overdue.
async fn rectifications(db: &Db, district: &District, progress: &dyn Fn(u64)) -> anyhow::Result<()> {
    let above = &district.oversight_officer;
    for demanded in &words::DEMANDS {
        let office = district.office(demanded.agency)?;
        let opened = district.now - SignedDuration::from_hours(24 * demanded.days_ago);
        let due_on = day_in_china(opened) + demanded.days_given.days();
        let mut tx = db.begin(&above.actor(), opened).await?;
        let new = NewRectification {
            agency_id: office.agency.id.clone(),
            concerns: demanded.concern.code().into(),
            subject_id: String::new(),
            demand: demanded.demand.into(),
            due_on: due_on.to_string(),
        };
        let id = demand(&mut tx, above, new).await?;
        tx.commit().await?;
        progress(1);
        let Some(words) = demanded.answer else { continue };
        let staff = &office.disclosure_officer;
        let mut tx = db.begin(&staff.actor(), opened + SignedDuration::from_hours(24 * 6)).await?;
        answer(&mut tx, staff, &id, words).await?;
        tx.commit().await?;
        if demanded.is_closed {
            let mut tx = db.begin(&above.actor(), opened + SignedDuration::from_hours(24 * 8)).await?;
            close(&mut tx, above, &id).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

/// The years that are over, frozen at their end; one town enters a penalty of December afterwards.
async fn freezes(db: &Db, district: &District) -> anyhow::Result<()> {
    for year in beginning(district).year()..today(district).year() {
        let turn = Date::new(year + 1, 1, 1)?;
        let at = gongkai_disclosure::time::start_of_day(turn) + SignedDuration::from_mins(10);
        let mut tx = db.begin(&Actor::Program("year end"), at).await?;
        freeze_all(&mut tx, year).await?;
        tx.commit().await?;
    }
    let office = district.office("bailu")?;
    let staff = &office.disclosure_officer;
    let last = today(district).year() - 1;
    let mut tx = db.begin(&staff.actor(), morning(Date::new(last + 1, 1, 6)?)?).await?;
    let new = NewDecision {
        agency_id: office.agency.id.clone(),
        kind: "penalty".into(),
        reference: format!("白鹭镇罚〔{last}〕99号"),
        subject: "在镇区道路上堆放建筑材料".into(),
        decided_on: Date::new(last, 12, 29)?.to_string(),
    };
    add_decision(&mut tx, staff, new).await?;
    tx.commit().await?;
    Ok(())
}

/// One town reports a penalty that another agency keeps on file; its section head confirms it.
async fn adjustment(db: &Db, district: &District) -> anyhow::Result<()> {
    let office = district.office("yunqi")?;
    let year = today(district).year() - 1;
    let cell: FigureAddress = "proactive/penalties/decisions".parse()?;
    let at = morning(Date::new(year + 1, 1, 8)?)?;
    let mut tx = db.begin(&office.disclosure_officer.actor(), at).await?;
    let day = tx.today();
    let ledger = gather(tx.conn(), &office.agency, year, day).await?.context("a finished year")?;
    let Figure::Count(counted) = ledger.counted(&cell) else { anyhow::bail!("penalties are counted") };
    let new = NewAdjustment {
        cell: cell.to_string(),
        value: (counted + 1).to_string(),
        reason: "委托区综合行政执法大队以本镇名义作出的1件处罚，案卷存于委托机关，不在本镇台账，经核对计入。"
            .into(),
    };
    let id = propose_adjustment(&mut tx, &office.disclosure_officer, &office.agency, year, &new).await?;
    tx.acting_as(&office.section_head.actor(), at + SignedDuration::from_hours(5));
    confirm_adjustment(&mut tx, &office.section_head, &id).await?;
    tx.commit().await?;
    Ok(())
}

/// What people wrote for the reports of the years that are over.
async fn texts(db: &Db, district: &District, progress: &dyn Fn(u64)) -> anyhow::Result<()> {
    let this_year = today(district).year();
    for year in beginning(district).year()..this_year {
        let written = morning(Date::new(year + 1, 1, 12)?)?;
        for office in &district.offices {
            let staff = &office.disclosure_officer;
            let mut tx = db.begin(&staff.actor(), written.min(district.now)).await?;
            for part in TextPart::ALL {
                let text = words::text(part, &office.agency.code, year);
                save_text(&mut tx, staff, &office.agency.id, year, part, &text).await?;
            }
            tx.commit().await?;
            progress(1);
        }
    }
    Ok(())
}

/// The reports of one town for the years that are over, published through the normal review.
async fn reports(db: &Db, district: &District, progress: &dyn Fn(u64)) -> anyhow::Result<()> {
    let office = district.office("songxi")?;
    let checklist = ConfidentialityChecklist {
        state_secrets: Some(false),
        work_secrets: Some(false),
        trade_secrets: Some(false),
        personal_privacy: Some(false),
        ground: "年度报告为汇总数据，不涉及不予公开的情形".into(),
    };
    for year in beginning(district).year()..today(district).year() {
        let drafted_at = morning(Date::new(year + 1, 1, 15)?)?;
        if drafted_at + SignedDuration::from_hours(24 * 4) > district.now {
            continue;
        }
        let officer = &office.disclosure_officer;
        let mut tx = db.begin(&officer.actor(), drafted_at).await?;
        let drafted = draft_report(&mut tx, officer, &office.agency, year).await?;
        let review = submit_edition(&mut tx, officer, &drafted.edition_id, 1).await?;
        tx.commit().await?;
        let signing = [
            (&office.section_head, None, 24),
            (&office.confidentiality_officer, Some(&checklist), 48),
            (&office.leader, None, 72),
        ];
        for (person, checklist, hours) in signing {
            let mut tx = db.begin(&person.actor(), drafted_at + SignedDuration::from_hours(hours)).await?;
            sign(&mut tx, person, &review, checklist, "").await?;
            tx.commit().await?;
        }
        progress(1);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use gongkai_disclosure::db::testing;
    use gongkai_disclosure::files::FileStore;
    use gongkai_disclosure::interaction;
    use gongkai_disclosure::oversight::{self, RectificationState};
    use gongkai_disclosure::reporting::{Period, year_in_title};
    use gongkai_report::{Severity, check};

    use super::*;
    use crate::demo::{district, publishing, requests};

    #[tokio::test]
    async fn every_report_of_the_demo_passes_its_own_check() {
        let test = testing::sqlite().await;
        let db = &test.db;
        let now: Timestamp = "2026-11-20T01:00:00Z".parse().unwrap();
        let district = district::fill(db, now, &|_| ()).await.unwrap();
        let files = FileStore::in_folder(&test.folder.path().join("files"), 1_000_000).unwrap();
        publishing::fill(db, &files, &district, &|_| ()).await.unwrap();
        requests::fill(db, &district, &|_| ()).await.unwrap();
        fill(db, &district, &|_| ()).await.unwrap();

        let mut conn = db.read().await.unwrap();
        let (mut letters, mut counted) = (0, 0);
        for office in &district.offices {
            let mut previous = None;
            for year in [2024, 2025, 2026] {
                assert!(Period::of(year, today(&district)).is_some());
                let ledger =
                    gather(&mut conn, &office.agency, year, today(&district)).await.unwrap().unwrap();
                assert!(ledger.doubts.is_empty(), "{year} {:?}", ledger.doubts);
                assert!(year == 2026 || ledger.unwritten().is_empty());
                let report = ledger.report();
                let findings: Vec<_> = check(&report, previous.as_ref())
                    .into_iter()
                    .filter(|finding| finding.severity != Severity::Info)
                    .collect();
                assert!(findings.is_empty(), "{} {year}: {findings:#?}", office.agency.name);
                counted += report.cells().filter(|cell| cell.cell.count().is_some_and(|n| n > 0)).count();
                previous = Some(report);
            }
            let (open, answered) = interaction::counts(&mut conn, &office.agency.id).await.unwrap();
            letters += open + answered;
        }
        assert!(letters >= 60, "{letters} letters");
        assert!(counted > 150, "{counted} figures above zero");
        let songxi = &district.office("songxi").unwrap().agency;
        let reports = gongkai_disclosure::reporting::report_entries(&mut conn, &songxi.id).await.unwrap();
        let years: Vec<_> = reports
            .iter()
            .filter(|entry| entry.state == "released")
            .map(|entry| year_in_title(&entry.title))
            .collect();
        assert_eq!(years, [Some(2024), Some(2025)]);
        let demands = oversight::rectifications(&mut conn, "").await.unwrap();
        for state in [RectificationState::Open, RectificationState::Answered, RectificationState::Closed] {
            assert!(demands.iter().any(|demand| demand.state() == state), "{state:?}");
        }
        assert!(demands.iter().any(|demand| demand.is_overdue(today(&district))));
    }
}
