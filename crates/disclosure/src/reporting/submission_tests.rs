use gongkai_report::model::{Section, TableName};
use gongkai_report::{Report, Severity};
use jiff::civil::date;

use super::actions::{
    NewAdjustment, NewDecision, accept_submission, add_decision, approve_submission, confirm_adjustment,
    correct_report, decline_submission, draft_report, freeze, judge, prepare_submission, propose_adjustment,
    return_submission, save_text,
};
use super::tests::add_request;
use super::{
    ReportingRefusal as R, SubmissionState, TextPart, correction, due_of, gather, own_check, submission,
    submissions,
};
use crate::accounts::{AgencyKind, Staff};
use crate::audit::Actor;
use crate::db::{Db, Tx, testing};
use crate::error::Failure;
use crate::publishing::actions::{save_draft, submit};
use crate::publishing::{Draft, PublishingRefusal, public};
use crate::testing::{Office, office, signed_by_all};

async fn begin(db: &Db, staff: &Staff) -> Tx {
    db.begin(&staff.actor(), "2026-01-10T01:00:00Z".parse().unwrap()).await.unwrap()
}

fn refused<T: std::fmt::Debug>(result: crate::error::Result<T, R>) -> Vec<R> {
    match result {
        Err(Failure::Refused(reasons)) => reasons,
        other => panic!("not refused: {other:?}"),
    }
}

async fn add_penalty(tx: &mut Tx, office: &Office, reference: &str) {
    let new = NewDecision {
        agency_id: office.agency.id.clone(),
        kind: "penalty".into(),
        reference: reference.into(),
        subject: "占道经营".into(),
        decided_on: "2025-06-01".into(),
    };
    add_decision(tx, &office.officer, new).await.unwrap();
}

/// A frozen year with its texts written.
async fn written_year(tx: &mut Tx, office: &Office) {
    crate::testing::catalogue_line(tx, &office.agency.id).await;
    add_request(tx, &office.agency, "R1", Some("2025-03-01"), Some("2025-03-20"), Some("not_held")).await;
    add_request(tx, &office.agency, "R2", Some("2025-12-30"), None, None).await;
    freeze(tx, &office.officer, &office.agency, 2025, "").await.unwrap();
    for part in [TextPart::Supervision, TextPart::ProblemsAndImprovements] {
        save_text(tx, &office.officer, &office.agency, 2025, part, "情况良好。").await.unwrap();
    }
}

/// Prepared, approved and accepted.
async fn accepted(tx: &mut Tx, office: &Office) -> String {
    let id = prepare_submission(tx, &office.officer, &office.agency, 2025).await.unwrap();
    approve_submission(tx, &office.section_head, &id).await.unwrap();
    accept_submission(tx, &office.oversight_officer, &id, "").await.unwrap();
    id
}

#[tokio::test]
async fn what_the_own_check_says_keeps_the_report_in_the_house() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "qh", AgencyKind::Bureau).await;
        let (agency, officer) = (&office.agency, &office.officer);
        let mut tx = begin(db, officer).await;
        assert_eq!(
            refused(prepare_submission(&mut tx, officer, agency, 2025).await),
            [
                R::NotFrozen(2025),
                R::Unwritten(TextPart::Supervision),
                R::Unwritten(TextPart::ProblemsAndImprovements),
            ]
        );
        written_year(&mut tx, &office).await;
        add_penalty(&mut tx, &office, "1").await;
        assert_eq!(refused(prepare_submission(&mut tx, officer, agency, 2025).await), [R::OpenWarnings(1)]);

        let today = date(2026, 1, 10);
        let ledger = gather(tx.conn(), agency, 2025, today).await.unwrap().unwrap();
        let check = own_check(tx.conn(), &ledger, today).await.unwrap();
        let open = check.items.iter().find(|item| item.is_open()).unwrap();
        assert_eq!((open.rule.as_str(), open.severity), ("changed-after-freeze", Severity::Warning));
        let mark = open.fingerprint.clone();
        let blank = judge(&mut tx, officer, agency, 2025, &mark, "accepted", " ").await;
        assert_eq!(refused(blank), [R::Blank { field: "reason", label: "原因" }]);
        judge(&mut tx, officer, agency, 2025, &mark, "to_fix", "待重新冻结").await.unwrap();
        assert_eq!(refused(prepare_submission(&mut tx, officer, agency, 2025).await), [R::OpenWarnings(1)]);
        judge(&mut tx, officer, agency, 2025, &mark, "accepted", "决定日期登记有误，待更正台账")
            .await
            .unwrap();
        let again = own_check(tx.conn(), &ledger, today).await.unwrap();
        assert_eq!((again.open_warnings(), again.accepted()), (0, 1), "it survives another run");
        tx.commit().await.unwrap();

        // What the finding rests on changes: the reason lapses.
        let mut tx = begin(db, officer).await;
        add_penalty(&mut tx, &office, "2").await;
        assert_eq!(refused(prepare_submission(&mut tx, officer, agency, 2025).await), [R::OpenWarnings(1)]);
        let gone = judge(&mut tx, officer, agency, 2025, &mark, "accepted", "同前").await;
        assert_eq!(refused(gone), [R::NoSuchFinding]);
        drop(tx);

        // An open adjustment is an error and cannot be accepted away.
        let mut tx = begin(db, officer).await;
        let new = NewAdjustment {
            cell: "proactive/penalties/decisions".into(),
            value: "3".into(),
            reason: "x".into(),
        };
        propose_adjustment(&mut tx, officer, agency, 2025, &new).await.unwrap();
        assert_eq!(refused(prepare_submission(&mut tx, officer, agency, 2025).await), [R::HasErrors(1)]);
        let ledger = gather(tx.conn(), agency, 2025, today).await.unwrap().unwrap();
        let check = own_check(tx.conn(), &ledger, today).await.unwrap();
        let error = check.items.iter().find(|item| item.severity == Severity::Error).unwrap();
        let away = judge(&mut tx, officer, agency, 2025, &error.fingerprint, "accepted", "x").await;
        assert_eq!(refused(away), [R::ErrorStays]);
    }
}

#[tokio::test]
async fn a_report_goes_to_the_district_and_comes_back_or_is_accepted() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "qh", AgencyKind::Bureau).await;
        let (agency, officer, head) = (&office.agency, &office.officer, &office.section_head);
        let above = &office.oversight_officer;
        let mut tx = begin(db, officer).await;
        written_year(&mut tx, &office).await;
        assert_eq!(refused(draft_report(&mut tx, officer, agency, 2025).await), [R::NotAccepted]);
        let first = prepare_submission(&mut tx, officer, agency, 2025).await.unwrap();
        assert_eq!(refused(prepare_submission(&mut tx, officer, agency, 2025).await), [R::SubmissionOpen]);
        assert_eq!(refused(approve_submission(&mut tx, officer, &first).await), [R::NotApprover]);
        assert_eq!(refused(accept_submission(&mut tx, above, &first, "").await), [R::SubmissionDecided]);
        decline_submission(&mut tx, head, &first, "第五部分太简单").await.unwrap();
        let part = TextPart::ProblemsAndImprovements;
        save_text(&mut tx, officer, agency, 2025, part, "更新不够及时，已明确专人。").await.unwrap();
        let second = prepare_submission(&mut tx, officer, agency, 2025).await.unwrap();
        save_text(&mut tx, officer, agency, 2025, part, "送审以后又改。").await.unwrap();
        assert_eq!(refused(approve_submission(&mut tx, head, &second).await), [R::ChangedSincePrepared]);
        save_text(&mut tx, officer, agency, 2025, part, "更新不够及时，已明确专人。").await.unwrap();
        let receipt = approve_submission(&mut tx, head, &second).await.unwrap();
        assert_eq!(receipt, "NB-2026-0001");
        assert_eq!(
            refused(return_submission(&mut tx, above, &second, "").await),
            [R::Blank { field: "opinion", label: "退回意见" }]
        );
        assert_eq!(refused(return_submission(&mut tx, head, &second, "x").await), [R::NotOverseer]);
        return_submission(&mut tx, above, &second, "请补充社会评议情况").await.unwrap();
        save_text(&mut tx, officer, agency, 2025, TextPart::Supervision, "社会评议良好。").await.unwrap();
        let third = accepted(&mut tx, &office).await;
        assert_eq!(refused(prepare_submission(&mut tx, officer, agency, 2025).await), [R::AlreadyAccepted]);
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let states: Vec<_> =
            submissions(&mut conn, &agency.id, 2025).await.unwrap().iter().map(|s| s.state()).collect();
        assert_eq!(states, [SubmissionState::Accepted, SubmissionState::Returned, SubmissionState::Declined]);
        let kept = submission(&mut conn, &third).await.unwrap().unwrap();
        assert_eq!(super::sha256(&kept.body), kept.sha256);
        let compiled = gather(&mut conn, agency, 2025, date(2026, 1, 10)).await.unwrap().unwrap().report();
        assert_eq!(kept.report().unwrap(), compiled, "what was submitted is what was compiled");
        assert_eq!(kept.submitted_on.as_deref(), Some("2026-01-10"));
        assert_eq!(due_of(agency, 2025).on, date(2026, 1, 31));
        assert_eq!(
            due_of(agency, 2025).citation.to_string(),
            "《中华人民共和国政府信息公开条例》第四十九条第一款"
        );
        drop(conn);

        for sql in [
            "UPDATE report_submissions SET body = '{}' WHERE state = 'accepted'",
            "UPDATE report_submissions SET state = 'accepted', decided_by = prepared_by WHERE state = 'returned'",
            "UPDATE report_submissions SET state = 'submitted' WHERE state = 'accepted'",
            "DELETE FROM report_submissions",
            "UPDATE report_submissions SET approved_by = prepared_by WHERE state = 'declined'",
            "INSERT INTO report_submissions SELECT 'x', agency_id, year, 4, snapshot_id, body, sha256, 'accepted', prepared_by, prepared_at, approved_by, submitted_at, submitted_on, 'n', decided_by, decided_at, opinion FROM report_submissions WHERE state = 'accepted'",
            "INSERT INTO report_editions SELECT e.id, 'x', 2025, 'x', '', '', '', '[]', '' FROM editions e",
        ] {
            let mut tx = db.begin(&Actor::Program("test"), jiff::Timestamp::UNIX_EPOCH).await.unwrap();
            let tried = sqlx::query(sql).execute(tx.conn()).await;
            let is_empty = sql.contains("report_editions");
            assert!(tried.is_err() || is_empty, "{sql}");
        }
    }
}

/// A published report read back from the text of its entry.
fn published(title: &str, body_html: &str) -> Option<Report> {
    let text = format!("{title}\n\n{}", crate::publishing::body::plain_text(body_html));
    let mut report = gongkai_report::read(text.as_bytes(), title).ok()?.report;
    // The caption of a table is a line of its own in plain text, and no sentence of the report.
    for part in Section::ALL {
        if let Some(prose) = report.sections.text(part) {
            let is_caption = |line: &str| TableName::ALL.iter().any(|table| table.official() == line);
            let kept: Vec<&str> = prose.lines().filter(|line| !is_caption(line)).collect();
            report.set_section(part, &kept.join("\n"));
        }
    }
    Some(report)
}

#[tokio::test]
async fn a_report_goes_out_through_the_normal_review_and_is_corrected_in_sight() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "qh", AgencyKind::DistrictOffice).await;
        let (agency, officer) = (&office.agency, &office.officer);
        let mut tx = begin(db, officer).await;
        written_year(&mut tx, &office).await;
        accepted(&mut tx, &office).await;
        let drafted = draft_report(&mut tx, officer, agency, 2025).await.unwrap();
        assert_eq!(refused(draft_report(&mut tx, officer, agency, 2025).await), [R::AlreadyDrafted]);
        let by_head = draft_report(&mut tx, &office.section_head, agency, 2025).await;
        assert_eq!(refused(by_head), [R::Forbidden]);
        assert_eq!(refused(correct_report(&mut tx, officer, agency, 2025, "x").await), [R::NotPublished]);
        let edition =
            crate::publishing::store::edition(tx.conn(), &drafted.edition_id).await.unwrap().unwrap();
        let by_hand = Draft { body: "<p>手改</p>".into(), ..edition.draft() };
        let rewritten = save_draft(&mut tx, officer, &drafted.edition_id, 1, &by_hand).await;
        assert!(matches!(rewritten, Err(Failure::Refused(r)) if r == [PublishingRefusal::Compiled]));
        let review = submit(&mut tx, officer, &drafted.edition_id, 1).await.unwrap();
        tx.commit().await.unwrap();
        signed_by_all(db, &office, &review).await;

        let mut conn = db.read().await.unwrap();
        let entry = public::by_id(&mut conn, &drafted.entry_id).await.unwrap().expect("published");
        assert_eq!(super::year_in_title(&entry.title), Some(2025));
        let read_back = published(&entry.title, &entry.body_html).expect("a report");
        let compiled = gather(&mut conn, agency, 2025, date(2026, 1, 10)).await.unwrap().unwrap().report();
        assert_eq!(read_back.requests, compiled.requests);
        assert_eq!(read_back.proactive, compiled.proactive);
        assert_eq!(read_back.remedies, compiled.remedies);
        for section in Section::ALL {
            assert_eq!(read_back.sections.text(section), compiled.sections.text(section), "{section:?}");
        }
        let public_model = super::public::published(&mut conn, "qh", 2025).await.unwrap().expect("a model");
        assert_eq!(public_model.report().unwrap(), compiled);
        drop(conn);

        // 更正: an adjustment with its two people, then a corrected edition that names the old figure.
        let mut tx = db.begin(&officer.actor(), "2026-11-10T01:00:00Z".parse().unwrap()).await.unwrap();
        assert_eq!(
            refused(correct_report(&mut tx, officer, agency, 2025, " ").await),
            [R::Blank { field: "reason", label: "原因" }, R::NothingToCorrect]
        );
        let new = NewAdjustment {
            cell: "proactive/penalties/decisions".into(),
            value: "2".into(),
            reason: "委托执法的两件漏计".into(),
        };
        let id = propose_adjustment(&mut tx, officer, agency, 2025, &new).await.unwrap();
        confirm_adjustment(&mut tx, &office.section_head, &id).await.unwrap();
        let unsent = correct_report(&mut tx, officer, agency, 2025, "委托执法的两件处罚漏计。").await;
        assert_eq!(refused(unsent), [R::NotSentAgain], "the district hears of it first");
        accepted(&mut tx, &office).await;
        let corrected =
            correct_report(&mut tx, officer, agency, 2025, "委托执法的两件处罚漏计。").await.unwrap();
        assert_eq!(corrected.entry_id, drafted.entry_id);
        let review = submit(&mut tx, officer, &corrected.edition_id, 2).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let still = super::public::published(&mut conn, "qh", 2025).await.unwrap().unwrap();
        assert_eq!(still.sha256, public_model.sha256, "nothing is out before it is signed");
        drop(conn);
        signed_by_all(db, &office, &review).await;
        let mut conn = db.read().await.unwrap();
        let now = super::public::published(&mut conn, "qh", 2025).await.unwrap().unwrap();
        assert_eq!((now.ordinal, now.reason.as_str()), (2, "委托执法的两件处罚漏计。"));
        let changed = correction::stored(&now.changes).unwrap();
        assert_eq!(changed.len(), 1);
        assert_eq!((changed[0].old.as_str(), changed[0].new.as_str()), ("0", "2"));
        let entry = public::by_id(&mut conn, &drafted.entry_id).await.unwrap().unwrap();
        assert!(entry.body_html.contains("原公布为0，更正为2"), "the signed text says so itself");
        let read_back = published(&entry.title, &entry.body_html).expect("still a report");
        assert_eq!(read_back.proactive, now.report().unwrap().proactive);
    }
}
