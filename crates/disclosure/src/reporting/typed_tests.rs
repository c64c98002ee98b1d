//! A report that was typed or attached is held to the check like a compiled one.

use gongkai_report::{Cell, Content, Report, Section, write};

use crate::accounts::AgencyKind;
use crate::db::{Db, testing};
use crate::error::Failure;
use crate::files::FileStore;
use crate::publishing::actions::{attach, submit};
use crate::publishing::{Draft, Genre, PublishingRefusal as P};
use crate::testing::{Office, complete_draft, drafted, monday, office, signed_by_all};

fn report() -> Report {
    let mut report = Report::new("青禾区测试机关（qh）", 2025);
    report.set_count("requests/received/natural_person".parse().unwrap(), 3).unwrap();
    report.set_count("requests/disclosed/natural_person".parse().unwrap(), 3).unwrap();
    report.derive_totals();
    report.set_section(
        Section::Overview,
        "2025年收到政府信息公开申请3件。主动公开、依申请公开、政府信息管理、平台建设、监督保障情况良好。",
    );
    report.set_section(Section::ProblemsAndImprovements, "更新不够及时，已明确专人。");
    report.set_section(Section::OtherMatters, "未发出收费通知，未收取信息处理费。");
    report
}

fn draft_of(report: &Report, title: &str) -> Draft {
    Draft {
        body: write::body_html(report),
        genre: Genre::AnnualReport.code().into(),
        ..complete_draft(title)
    }
}

const TITLE: &str = "青禾区测试机关（qh）2025年政府信息公开工作年度报告";

async fn refused(db: &Db, office: &Office, draft: &Draft) -> Vec<P> {
    let drafted = drafted(db, office, draft).await;
    let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
    match submit(&mut tx, &office.officer, &drafted.edition_id, 1).await {
        Err(Failure::Refused(reasons)) => reasons,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_typed_report_with_errors_does_not_reach_the_review() {
    for test in testing::databases().await {
        let (db, office) = (&test.db, office(&test.db, "qh", AgencyKind::Bureau).await);
        let mut wrong = report();
        wrong.put("requests/disclosed/total".parse().unwrap(), Cell::new(Content::Count(4)));
        let reasons = refused(db, &office, &draft_of(&wrong, TITLE)).await;
        assert!(
            matches!(&reasons[..], [P::ReportErrors { place, count, told }]
                if place == "正文" && *count >= 1 && told[0].contains('4')),
            "{reasons:?}"
        );
        // Under another genre it is the same report.
        let hidden = Draft { genre: Genre::Notice.code().into(), ..draft_of(&wrong, TITLE) };
        let reasons = refused(db, &office, &hidden).await;
        assert!(reasons.contains(&P::ReportGenre) && reasons.len() == 2, "{reasons:?}");
        let no_year = draft_of(&report(), "青禾区测试机关年度报告");
        assert_eq!(refused(db, &office, &no_year).await, [P::ReportYear]);
        let words = Draft { body: "<p>见附件。</p>".into(), ..draft_of(&report(), TITLE) };
        assert_eq!(refused(db, &office, &words).await, [P::ReportNotFound]);

        // A right one goes out through the ordinary review.
        let right = drafted(db, &office, &draft_of(&report(), TITLE)).await;
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let review = submit(&mut tx, &office.officer, &right.edition_id, 1).await.unwrap();
        tx.commit().await.unwrap();
        signed_by_all(db, &office, &review).await;
        let mut conn = db.read().await.unwrap();
        assert!(crate::publishing::public::by_id(&mut conn, &right.entry_id).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn an_attached_report_is_read_and_held_to_the_same_check() {
    for test in testing::databases().await {
        let (db, office) = (&test.db, office(&test.db, "qh", AgencyKind::Bureau).await);
        let files = FileStore::in_folder(&test.folder.path().join("files"), 1_000_000).unwrap();
        let words = Draft { body: "<p>见附件。</p>".into(), ..draft_of(&report(), TITLE) };
        let entry = drafted(db, &office, &words).await;
        let mut wrong = report();
        wrong.put("requests/disclosed/total".parse().unwrap(), Cell::new(Content::Count(4)));
        let docx = write::Format::from_extension("docx").unwrap();
        let kept = files.keep("年报.docx", &docx.write(&wrong).unwrap()).await.unwrap();
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let kept = files.prepare(kept).await.unwrap();
        attach(&mut tx, &office.officer, &entry.edition_id, &kept).await.unwrap();
        let unread = submit(&mut tx, &office.officer, &entry.edition_id, 1).await;
        assert!(
            matches!(&unread, Err(Failure::Refused(r))
                if r[..] == [P::ReportUnread { name: "年报.docx".into() }, P::ReportNotFound]),
            "{unread:?}"
        );
        super::typed::read_attached(&mut tx, &files, &entry.edition_id).await.unwrap();
        let read = submit(&mut tx, &office.officer, &entry.edition_id, 1).await;
        assert!(
            matches!(&read, Err(Failure::Refused(r))
                if matches!(&r[..], [P::ReportErrors { place, .. }] if place == "附件“年报.docx”")),
            "{read:?}"
        );
    }
}

/// Past the program, by SQL: the release itself is refused.
#[tokio::test]
async fn the_database_releases_no_report_that_did_not_pass() {
    for test in testing::databases().await {
        let (db, office) = (&test.db, office(&test.db, "qh", AgencyKind::Bureau).await);
        let entry = drafted(db, &office, &draft_of(&report(), TITLE)).await;
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let review = submit(&mut tx, &office.officer, &entry.edition_id, 1).await.unwrap();
        sqlx::query("DELETE FROM report_entry_checks").execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
        let people = [&office.section_head, &office.confidentiality_officer, &office.leader];
        let mut tx = db.begin(&office.section_head.actor(), monday()).await.unwrap();
        let mut last = None;
        for staff in people {
            tx.acting_as(&staff.actor(), monday());
            let list = crate::testing::clean_checklist();
            last = Some(crate::review::actions::sign(&mut tx, staff, &review, Some(&list), "").await);
        }
        let error = last.unwrap().expect_err("the gate is in the database");
        assert!(format!("{error:?}").contains("gate: an annual report is released"), "{error:?}");
    }
}
