use super::actions::{NewBudget, add_budget, link_published, pair, unpair};
use super::documents::{Standing, amend, balances, lapse_expired, set_term};
use super::import::{Importable, import, rehearse};
use super::public::{DocumentFilter, document_counts, documents, explained_by, explains};
use super::{RegisterRefusal, budgets, store, term};
use crate::accounts::AgencyKind;
use crate::audit::Actor;
use crate::db::testing::{TestDb, databases};
use crate::error::Failure;
use crate::publishing::public;
use crate::reporting;
use crate::reporting::actions::{NewActivity, NewDocument, add_activity, add_document, end_document};
use crate::sheets::{Table, csv, read, recognise};
use crate::testing::{Office, complete_draft, monday, office, signed_by_all, submitted};

fn document(office: &Office, number: &str, issued_on: &str) -> NewDocument {
    NewDocument {
        agency_id: office.agency.id.clone(),
        kind: "normative_document".into(),
        title: format!("关于若干事项的通知（{number}）"),
        document_number: number.into(),
        issued_on: issued_on.into(),
        entry_id: None,
    }
}

fn table(into: Importable, rows: &[&[&str]]) -> Table {
    let heads: Vec<&str> = into.columns().iter().map(|column| column.label).collect();
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
    recognise(&read(&csv(&heads, &rows)).unwrap(), into.columns()).unwrap()
}

async fn published(test: &TestDb, office: &Office, title: &str) -> String {
    let (drafted, review) = submitted(&test.db, office, &complete_draft(title)).await;
    signed_by_all(&test.db, office, &review).await;
    let mut conn = test.db.read().await.unwrap();
    public::by_id(&mut conn, &drafted.entry_id).await.unwrap().unwrap().index_number
}

#[tokio::test]
async fn a_document_lapses_the_day_after_its_term_and_the_years_balance() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let staff = &office.officer;
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        let old =
            add_document(&mut tx, staff, document(&office, "松溪规〔2024〕1号", "2024-05-06")).await.unwrap();
        let kept =
            add_document(&mut tx, staff, document(&office, "松溪规〔2025〕1号", "2025-02-03")).await.unwrap();
        let gone =
            add_document(&mut tx, staff, document(&office, "松溪规〔2025〕2号", "2025-03-04")).await.unwrap();
        end_document(&mut tx, staff, &gone, "repealed", "2026-01-15").await.unwrap();
        set_term(&mut tx, staff, &old, "2026-11-05", "").await.unwrap();
        amend(&mut tx, staff, &kept, "2026-06-01", "第三条修改为……").await.unwrap();
        let Err(Failure::Refused(reasons)) = set_term(&mut tx, staff, &gone, "2027-01-01", "").await else {
            panic!("what has ended has no term")
        };
        assert!(matches!(reasons[..], [RegisterRefusal::AlreadyEnded { .. }]));
        let today = tx.today();
        let standing = term(tx.conn(), &old).await.unwrap().unwrap().standing(today).unwrap();
        assert_eq!(standing, Standing::Expiring { until: "2026-11-05".into(), days: 3 });
        let standing = term(tx.conn(), &kept).await.unwrap().unwrap().standing(today).unwrap();
        assert_eq!(standing, Standing::Amended("2026-06-01".into()));
        assert_eq!(lapse_expired(&mut tx).await.unwrap(), 0);
        tx.commit().await.unwrap();

        let later = monday() + jiff::SignedDuration::from_hours(24 * 4);
        let mut tx = test.db.begin(&Actor::Program("test"), later).await.unwrap();
        assert_eq!(lapse_expired(&mut tx).await.unwrap(), 1);
        assert_eq!(lapse_expired(&mut tx).await.unwrap(), 0);
        let ended = term(tx.conn(), &old).await.unwrap().unwrap();
        assert_eq!(
            (ended.ended_on.as_deref(), ended.end_kind.as_deref()),
            (Some("2026-11-06"), Some("lapsed"))
        );
        let today = tx.today();
        let years = balances(tx.conn(), &office.agency.id, today).await.unwrap();
        let told: Vec<_> =
            years.iter().map(|y| (y.year, y.before, y.issued, y.repealed, y.lapsed, y.in_force())).collect();
        assert_eq!(told, [(2026, 3, 0, 1, 1, 1), (2025, 1, 2, 0, 0, 3), (2024, 0, 1, 0, 0, 1)]);
        assert_eq!(document_counts(tx.conn(), "songxi").await.unwrap(), (1, 2));
        let ended = DocumentFilter { standing: "ended".into(), ..DocumentFilter::default() };
        assert_eq!(documents(tx.conn(), &ended, 10, 0).await.unwrap().len(), 2);
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn an_import_is_rehearsed_names_what_is_wrong_and_is_all_or_nothing() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let (staff, agency) = (&office.officer, &office.agency.id);
        let good: &[&[&str]] = &[
            &["松溪许可〔2026〕1号", "食品小作坊登记", "2026/3/1", "行政许可"],
            &["松溪罚〔2026〕1号", "占道经营", "2026年4月2日", "处罚"],
        ];
        let first = table(Importable::Decisions, good);
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        let told = rehearse(&mut tx, staff, agency, Importable::Decisions, &first).await.unwrap();
        assert_eq!((told.added.len(), told.wrong.len()), (2, 0), "{told:?}");
        drop(tx);
        let mut conn = test.db.read().await.unwrap();
        assert_eq!(
            reporting::decisions(&mut conn, agency, "", 10, 0).await.unwrap().1,
            0,
            "a rehearsal leaves nothing"
        );
        drop(conn);
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        assert_eq!(import(&mut tx, staff, agency, Importable::Decisions, &first).await.unwrap(), (2, 0));
        tx.commit().await.unwrap();

        // One changed, one as it was, one new, three wrong: nothing is taken in.
        let mixed = table(
            Importable::Decisions,
            &[
                &["松溪许可〔2026〕1号", "食品小作坊登记证", "2026-03-01", "许可"],
                &["松溪罚〔2026〕1号", "占道经营", "2026-04-02", "penalty"],
                &["松溪许可〔2026〕2号", "林木采伐许可", "2026-05-01", "行政许可"],
                &["松溪许可〔2026〕3号", "", "2027-05-01", "行政许可"],
                &["松溪许可〔2026〕4号", "某事项", "2026-05-01", "行政确认"],
                &["松溪许可〔2026〕2号", "林木采伐许可", "2026-05-01", "行政许可"],
            ],
        );
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        let told = rehearse(&mut tx, staff, agency, Importable::Decisions, &mixed).await.unwrap();
        assert_eq!((told.added.len(), told.changed.len(), told.unchanged), (1, 1, 1), "{told:?}");
        assert_eq!(
            told.changed[0].fields,
            [("事项".to_owned(), "食品小作坊登记".to_owned(), "食品小作坊登记证".to_owned())]
        );
        let places: Vec<&str> = told.wrong.iter().map(|wrong| wrong.place.as_str()).collect();
        assert_eq!(
            places,
            [
                "第 5 行 B 列（事项）",
                "第 5 行 C 列（决定日期）",
                "第 6 行 D 列（类别）",
                "第 7 行 A 列（决定文书号）"
            ]
        );
        drop(tx);
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        let Err(Failure::Refused(reasons)) =
            import(&mut tx, staff, agency, Importable::Decisions, &mixed).await
        else {
            panic!("one wrong row is enough")
        };
        assert_eq!(reasons.len(), 4);
        drop(tx);
        let mut conn = test.db.read().await.unwrap();
        assert_eq!(reporting::decisions(&mut conn, agency, "", 10, 0).await.unwrap().1, 2);
    }
}

#[tokio::test]
async fn every_register_takes_its_own_sample() {
    let test = &databases().await[0];
    let office = office(&test.db, "songxi", AgencyKind::Town).await;
    let (staff, agency) = (&office.officer, &office.agency.id);
    for into in [
        Importable::Documents,
        Importable::Decisions,
        Importable::Fees,
        Importable::Activities,
        Importable::Budgets,
        Importable::Proposals,
    ] {
        let example = into.example();
        let row: Vec<&str> = example.iter().map(String::as_str).collect();
        let sample = table(into, &[&row]);
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        assert_eq!(import(&mut tx, staff, agency, into, &sample).await.unwrap(), (1, 0), "{into:?}");
        tx.commit().await.unwrap();
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        let again = rehearse(&mut tx, staff, agency, into, &sample).await.unwrap();
        assert_eq!((again.unchanged, again.added.len(), again.wrong.len()), (1, 0, 0), "{into:?} {again:?}");
    }
    let mut tx = test.db.begin(&office.section_head.actor(), monday()).await.unwrap();
    let row = table(Importable::Fees, &[&["工本费", "1", "2026-01-01"]]);
    assert!(import(&mut tx, &office.section_head, agency, Importable::Fees, &row).await.is_err());
}

#[tokio::test]
async fn a_budget_has_twenty_days_and_a_pair_shows_on_both_sides() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let staff = &office.officer;
        let document = published(&test, &office, "养老服务补贴办法").await;
        let text = published(&test, &office, "一图读懂养老服务补贴").await;
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        let new = NewBudget {
            agency_id: office.agency.id.clone(),
            kind: "budget".into(),
            year: "2026".into(),
            title: "松溪镇2026年部门预算".into(),
            approved_on: "2026-10-20".into(),
            index_number: String::new(),
        };
        let id = add_budget(&mut tx, staff, new.clone()).await.unwrap();
        let Err(Failure::Refused(reasons)) = add_budget(
            &mut tx,
            staff,
            NewBudget { year: "今年".into(), approved_on: "2026-12-01".into(), ..new },
        )
        .await
        else {
            panic!("nonsense")
        };
        assert_eq!(reasons.len(), 2, "{reasons:?}");
        assert_eq!(budgets(tx.conn(), &office.agency.id, 9, 0).await.unwrap().0[0].due_on, "2026-11-09");
        assert_eq!(store::open_budgets(tx.conn()).await.unwrap().len(), 1);
        assert!(link_published(&mut tx, staff, &id, "songxi/2026-09999").await.is_err());
        link_published(&mut tx, staff, &id, &document).await.unwrap();
        assert!(store::open_budgets(tx.conn()).await.unwrap().is_empty());

        assert!(pair(&mut tx, staff, &office.agency.id, &document, &document, "picture").await.is_err());
        let made = pair(&mut tx, staff, &office.agency.id, &document, &text, "picture").await.unwrap();
        assert!(pair(&mut tx, staff, &office.agency.id, &document, &text, "video").await.is_err());
        tx.commit().await.unwrap();
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        let (document, text) = (
            store::public_entry(tx.conn(), &document).await.unwrap().unwrap().id,
            store::public_entry(tx.conn(), &text).await.unwrap().unwrap().id,
        );
        assert_eq!(explained_by(tx.conn(), &document).await.unwrap()[0].form, "picture");
        assert_eq!(explains(tx.conn(), &text).await.unwrap()[0].title, "养老服务补贴办法");
        // It counts in section one of the annual report, in its form and with the record behind it.
        let today = tx.today();
        let year = today.year();
        let ledger = crate::reporting::gather(tx.conn(), &office.agency, year, today).await.unwrap().unwrap();
        let figure =
            crate::reporting::ProseFigure::Activities(crate::reporting::ActivityForm::InterpretedInCharts)
                .into();
        let records = ledger.records(&figure);
        assert_eq!(records.len(), 1, "{records:?}");
        assert!(records[0].detail.contains("解读《"), "{records:?}");
        // Noted by hand as well, with other marks: still one, and the record says why. Another form is another thing.
        for (form, title) in [
            ("interpreted_in_charts", "《一图读懂 养老服务补贴》"),
            ("interpreted_in_text", "一图读懂养老服务补贴"),
            ("interpreted_in_charts", "一图读懂高龄津贴"),
        ] {
            let noted = NewActivity {
                agency_id: office.agency.id.clone(),
                form: form.into(),
                title: title.into(),
                done_on: today.to_string(),
                ..NewActivity::default()
            };
            add_activity(&mut tx, staff, noted).await.unwrap();
        }
        let ledger = crate::reporting::gather(tx.conn(), &office.agency, year, today).await.unwrap().unwrap();
        let records = ledger.records(&figure);
        assert_eq!(records.len(), 2, "{records:?}");
        assert!(
            records.iter().any(|one| one.detail.ends_with("的工作记录是同一件，只计一次")),
            "{records:?}"
        );
        assert!(records.iter().any(|one| one.title == "一图读懂高龄津贴"), "{records:?}");
        let in_text =
            crate::reporting::ProseFigure::Activities(crate::reporting::ActivityForm::InterpretedInText);
        assert_eq!(ledger.records(&in_text.into()).len(), 1);
        unpair(&mut tx, staff, &made).await.unwrap();
        assert!(explained_by(tx.conn(), &document).await.unwrap().is_empty());
        tx.commit().await.unwrap();
    }
}
