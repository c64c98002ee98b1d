//! The registers behind table two, letters from the public, the texts of the reports, and what oversight
//! demanded. Comes last: the reports count what the other parts made.

mod words;

use anyhow::Context;
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::db::{Db, Tx};
use gongkai_disclosure::interaction::actions::{CaseReceipt, NewCase, record_call, reply, submit};
use gongkai_disclosure::oversight::actions::{NewRectification, answer, close as close_demand, demand};
use gongkai_disclosure::publishing::actions::submit as submit_edition;
use gongkai_disclosure::reporting::actions::{
    NewActivity, NewAdjustment, NewDecision, NewDocument, NewFee, accept_submission, add_activity,
    add_decision, add_document, add_fee, approve_submission, confirm_adjustment, correct_report,
    draft_report, end_document, freeze, freeze_all, judge, prepare_submission, propose_adjustment,
    return_submission, save_text,
};
use gongkai_disclosure::reporting::{Figure, FigureAddress, TextPart, gather, own_check};
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
        activities(db, district, office, progress).await?;
    }
    letters(db, district, &mut dice, progress).await?;
    rectifications(db, district, progress).await?;
    // Year by year: what is published about one counts among the releases of the next.
    for year in beginning(district).year()..today(district).year() {
        let is_last = year + 1 == today(district).year();
        close(db, year).await?;
        if is_last {
            late_entry(db, district, year).await?;
            adjustment(db, district, year).await?;
        }
        texts(db, district, year, progress).await?;
        for office in &district.offices {
            report(db, district, office, year, is_last).await?;
            progress(1);
        }
        government(db, district, year, progress).await?;
        if is_last {
            erratum(db, district, year).await?;
        }
    }
    Ok(())
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

/// Interpretations, outside channels, trainings and meetings.
async fn activities(
    db: &Db,
    district: &District,
    office: &Office,
    progress: &dyn Fn(u64),
) -> anyhow::Result<()> {
    let (staff, agency) = (&office.disclosure_officer, &office.agency);
    for year in beginning(district).year()..=today(district).year() {
        for (month, day, form, title, note) in words::ACTIVITIES {
            let done_on = Date::new(year, *month, *day)?;
            if done_on < beginning(district) || done_on >= today(district) {
                continue;
            }
            let mut tx = db.begin(&staff.actor(), morning(done_on)?).await?;
            let new = NewActivity {
                agency_id: agency.id.clone(),
                form: (*form).into(),
                title: (*title).into(),
                note: (*note).into(),
                done_on: done_on.to_string(),
            };
            add_activity(&mut tx, staff, new).await?;
            tx.commit().await?;
        }
    }
    progress(1);
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
        page: String::new(),
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
            close_demand(&mut tx, above, &id).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

/// 年终快照, ten minutes after midnight.
async fn close(db: &Db, year: i16) -> anyhow::Result<()> {
    let turn = Date::new(year + 1, 1, 1)?;
    let at = gongkai_disclosure::time::start_of_day(turn) + SignedDuration::from_mins(10);
    let mut tx = db.begin(&Actor::Program("year end"), at).await?;
    freeze_all(&mut tx, year).await?;
    tx.commit().await?;
    Ok(())
}

/// One town enters a penalty of December after the year was frozen.
async fn late_entry(db: &Db, district: &District, year: i16) -> anyhow::Result<()> {
    let office = district.office("bailu")?;
    let staff = &office.disclosure_officer;
    let at = morning(Date::new(year + 1, 1, 6)?)?;
    if at > district.now {
        return Ok(());
    }
    let mut tx = db.begin(&staff.actor(), at).await?;
    let new = NewDecision {
        agency_id: office.agency.id.clone(),
        kind: "penalty".into(),
        reference: format!("白鹭镇罚〔{year}〕99号"),
        subject: "在镇区道路上堆放建筑材料".into(),
        decided_on: Date::new(year, 12, 29)?.to_string(),
    };
    add_decision(&mut tx, staff, new).await?;
    tx.commit().await?;
    Ok(())
}

/// One town reports a penalty that another agency keeps on file; its section head confirms it.
async fn adjustment(db: &Db, district: &District, year: i16) -> anyhow::Result<()> {
    let office = district.office("yunqi")?;
    let cell: FigureAddress = "proactive/penalties/decisions".parse()?;
    let at = morning(Date::new(year + 1, 1, 8)?)?;
    if at > district.now {
        return Ok(());
    }
    let reason =
        "委托区综合行政执法大队以本镇名义作出的1件处罚，案卷存于委托机关，不在本镇台账，经核对计入。";
    let mut tx = db.begin(&office.disclosure_officer.actor(), at).await?;
    one_more(&mut tx, office, year, &cell, reason).await?;
    tx.commit().await?;
    Ok(())
}

/// An adjustment by one, proposed and, five hours later, confirmed.
async fn one_more(
    tx: &mut Tx,
    office: &Office,
    year: i16,
    cell: &FigureAddress,
    reason: &str,
) -> anyhow::Result<()> {
    let (day, at) = (tx.today(), tx.now());
    let ledger = gather(tx.conn(), &office.agency, year, day).await?.context("a finished year")?;
    let Figure::Count(counted) = ledger.counted(cell) else { anyhow::bail!("penalties are counted") };
    let new =
        NewAdjustment { cell: cell.to_string(), value: (counted + 1).to_string(), reason: reason.into() };
    let id = propose_adjustment(tx, &office.disclosure_officer, &office.agency, year, &new).await?;
    tx.acting_as(&office.section_head.actor(), at + SignedDuration::from_hours(5));
    confirm_adjustment(tx, &office.section_head, &id).await?;
    tx.acting_as(&office.disclosure_officer.actor(), at + SignedDuration::from_hours(6));
    Ok(())
}

/// What people wrote for the reports of a year.
async fn texts(db: &Db, district: &District, year: i16, progress: &dyn Fn(u64)) -> anyhow::Result<()> {
    let written = morning(Date::new(year + 1, 1, 12)?)?;
    for office in &district.offices {
        let staff = &office.disclosure_officer;
        let mut tx = db.begin(&staff.actor(), written.min(district.now)).await?;
        for part in TextPart::ALL.iter().copied().filter(|part| !part.is_compiled()) {
            let text = words::text(part, &office.agency.code, year);
            save_text(&mut tx, staff, &office.agency, year, part, &text).await?;
        }
        tx.commit().await?;
        progress(1);
    }
    Ok(())
}

/// A report on its way: prepared, approved in the house, accepted above, published through the normal review.
/// In the last year one comes late, one is returned, and one explains a warning.
async fn report(
    db: &Db,
    district: &District,
    office: &Office,
    year: i16,
    is_last: bool,
) -> anyhow::Result<()> {
    let code = office.agency.code.as_str();
    let (month, day) = if is_last && code == "civil-affairs" { (2, 4) } else { (1, 13) };
    let prepared_at = morning(Date::new(year + 1, month, day)?)?;
    let after = |days: i64| prepared_at + SignedDuration::from_hours(24 * days);
    if after(7) > district.now {
        return Ok(());
    }
    let (officer, above) = (&office.disclosure_officer, &district.oversight_officer);
    let mut tx = db.begin(&officer.actor(), prepared_at).await?;
    let today = tx.today();
    let ledger = gather(tx.conn(), &office.agency, year, today).await?.context("a finished year")?;
    for item in own_check(tx.conn(), &ledger, today).await?.items.iter().filter(|item| item.is_open()) {
        let reason = "决定文书12月29日作出、1月5日才送达登记，按送达情况计入下一年度台账核对，本年度不改。";
        judge(&mut tx, officer, &office.agency, year, &item.fingerprint, "accepted", reason).await?;
    }
    let id = prepare_submission(&mut tx, officer, &office.agency, year).await?;
    tx.acting_as(&office.section_head.actor(), after(1));
    approve_submission(&mut tx, &office.section_head, &id).await?;
    tx.acting_as(&above.actor(), after(2));
    if is_last && code == "yunqi" {
        let opinion = "第五部分的改进措施没有写明责任人和完成时间，请补充后重新报送。";
        return_submission(&mut tx, above, &id, opinion).await?;
        tx.commit().await?;
        return Ok(());
    }
    accept_submission(&mut tx, above, &id, "").await?;
    tx.acting_as(&officer.actor(), after(3));
    let drafted = draft_report(&mut tx, officer, &office.agency, year).await?;
    let review = submit_edition(&mut tx, officer, &drafted.edition_id, 1).await?;
    tx.commit().await?;
    sign_all(db, office, &review, after(3)).await
}

/// The three stages sign, a day apart.
async fn sign_all(db: &Db, office: &Office, review: &str, submitted_at: Timestamp) -> anyhow::Result<()> {
    let checklist = ConfidentialityChecklist {
        state_secrets: Some(false),
        work_secrets: Some(false),
        trade_secrets: Some(false),
        personal_privacy: Some(false),
        ground: "年度报告为汇总数据，不涉及不予公开的情形".into(),
    };
    let signing = [
        (&office.section_head, None, 24),
        (&office.confidentiality_officer, Some(&checklist), 48),
        (&office.leader, None, 72),
    ];
    for (person, checklist, hours) in signing {
        let mut tx = db.begin(&person.actor(), submitted_at + SignedDuration::from_hours(hours)).await?;
        sign(&mut tx, person, review, checklist, "").await?;
        tx.commit().await?;
    }
    Ok(())
}

/// 本级政府的年度报告 — in March the office adds up what was accepted; why somebody is missing is written down.
async fn government(db: &Db, district: &District, year: i16, progress: &dyn Fn(u64)) -> anyhow::Result<()> {
    let (office, above) = (&district.government, &district.oversight_officer);
    let (officer, agency) = (&office.disclosure_officer, &office.agency);
    let at = morning(Date::new(year + 1, 3, 10)?)?;
    if at + SignedDuration::from_hours(24 * 8) > district.now {
        return Ok(());
    }
    let mut tx = db.begin(&officer.actor(), at).await?;
    freeze(&mut tx, officer, agency, year, "").await?;
    for part in TextPart::ALL.iter().copied().filter(|part| !part.is_compiled()) {
        save_text(&mut tx, officer, agency, year, part, &words::text(part, "office", year)).await?;
    }
    let today = tx.today();
    let ledger = gather(tx.conn(), agency, year, today).await?.context("a finished year")?;
    for item in own_check(tx.conn(), &ledger, today).await?.items.iter().filter(|item| item.is_open()) {
        let reason =
            "该镇报告退回后尚未重新报送，已两次催报；本报告先按已通过的各机关汇总，补报后重新汇总更正。";
        judge(&mut tx, officer, agency, year, &item.fingerprint, "accepted", reason).await?;
    }
    let id = prepare_submission(&mut tx, officer, agency, year).await?;
    let after = |days: i64| at + SignedDuration::from_hours(24 * days);
    tx.acting_as(&office.section_head.actor(), after(1));
    approve_submission(&mut tx, &office.section_head, &id).await?;
    tx.acting_as(&above.actor(), after(2));
    accept_submission(&mut tx, above, &id, "").await?;
    tx.acting_as(&officer.actor(), after(3));
    let drafted = draft_report(&mut tx, officer, agency, year).await?;
    let review = submit_edition(&mut tx, officer, &drafted.edition_id, 1).await?;
    tx.commit().await?;
    progress(1);
    sign_all(db, office, &review, after(3)).await
}

/// 更正 — in April a town finds a license that was left out of the published report.
async fn erratum(db: &Db, district: &District, year: i16) -> anyhow::Result<()> {
    let office = district.office("songxi")?;
    let officer = &office.disclosure_officer;
    let at = morning(Date::new(year + 1, 4, 2)?)?;
    if at + SignedDuration::from_hours(24 * 8) > district.now {
        return Ok(());
    }
    let cell: FigureAddress = "proactive/licenses/decisions".parse()?;
    let mut tx = db.begin(&officer.actor(), at).await?;
    one_more(&mut tx, office, year, &cell, "便民服务中心窗口当场办结的1件许可漏登，经核对案卷计入。").await?;
    let reason = "便民服务中心窗口当场办结的1件行政许可漏计。";
    // The district hears of it first: a receipt of its own, and its sum shows what moved.
    let id = prepare_submission(&mut tx, officer, &office.agency, year).await?;
    let after = |hours: i64| at + SignedDuration::from_hours(hours);
    tx.acting_as(&office.section_head.actor(), after(7));
    approve_submission(&mut tx, &office.section_head, &id).await?;
    tx.acting_as(&district.oversight_officer.actor(), after(24));
    accept_submission(&mut tx, &district.oversight_officer, &id, "").await?;
    tx.acting_as(&officer.actor(), after(26));
    let drafted = correct_report(&mut tx, officer, &office.agency, year, reason).await?;
    let review = submit_edition(&mut tx, officer, &drafted.edition_id, 2).await?;
    tx.commit().await?;
    sign_all(db, office, &review, after(26)).await
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
        requests::fill(db, &files, &district, &|_| ()).await.unwrap();
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
        // What the workflow left: every way of a report is there to be looked at.
        use gongkai_disclosure::reporting::{self, SubmissionState as S, due_of};
        let (mut late, mut returned, mut explained, mut moved) = (0, 0, 0, 0);
        for office in &district.offices {
            let agency = &office.agency;
            let sent = reporting::submissions(&mut conn, &agency.id, 2025).await.unwrap();
            let newest = sent.first().expect("each agency reported");
            // A correction is sent again; late is who was late at first.
            let first = sent.iter().filter_map(|one| one.submitted_on.clone()).min();
            late += usize::from(first > Some(due_of(agency, 2025).on.to_string()));
            returned += usize::from(newest.state() == S::Returned);
            let ledger = gather(&mut conn, agency, 2025, today(&district)).await.unwrap().unwrap();
            moved += ledger.adjustments.len();
            explained += own_check(&mut conn, &ledger, today(&district)).await.unwrap().accepted();
        }
        assert_eq!((late, returned, explained, moved), (1, 1, 1, 2));
        let whole = &district.government.agency;
        for (year, missing) in [(2024, 0), (2025, 1)] {
            let members = reporting::government::members(&mut conn, whole, year).await.unwrap();
            assert_eq!(members.iter().filter(|member| member.accepted.is_none()).count(), missing, "{year}");
            let out = reporting::public::published(&mut conn, "qinghe", year).await.unwrap();
            assert!(out.is_some(), "the government's report of {year}");
        }
        let frozen = gather(&mut conn, whole, 2025, today(&district)).await.unwrap().unwrap();
        let now = reporting::gather_now(&mut conn, whole, 2025, today(&district)).await.unwrap().unwrap();
        let stale = reporting::differences(&frozen, &now);
        assert!(
            stale.iter().any(|d| d.come[0].title.contains("松溪镇")),
            "the correction is seen: {stale:?}"
        );
        let editions = reporting::public::published_editions(&mut conn, "songxi", 2025).await.unwrap();
        assert_eq!(editions.len(), 2, "the report and its correction");
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
