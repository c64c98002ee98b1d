use std::collections::{BTreeMap, BTreeSet};

use gongkai_report::model::{ApplicantColumn, OfficialForm, RemedyColumn, RemedyRow, RequestRow};
use gongkai_report::{CellAddress, Content, Section};
use gongkai_statute::decisions::Decision;
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use serde_json::json;

use super::actions::{
    NewDecision, NewDocument, NewFee, add_decision, add_document, add_fee, end_document, save_text,
};
use super::figures::{Fact, counted_in};
use super::{Figure, FigureAddress, Period, ProseFigure, ReportingRefusal, TextPart, gather, records_behind};
use crate::accounts::actions::{NewUser, add_agency, add_user};
use crate::accounts::{self, Agency, AgencyKind, Role, Staff};
use crate::audit::{Act, Actor};
use crate::db::testing;
use crate::db::{Db, Tx};
use crate::error::Failure;
use crate::records::Register;
use crate::testing::office;

// A small house for the tests of this room and its neighbours ------------------------------------------

pub(crate) async fn agency_with_officer(db: &Db) -> (Agency, Staff) {
    let office = office(db, "qh", AgencyKind::DistrictOffice).await;
    (office.agency, office.officer)
}

pub(crate) async fn officer_elsewhere(db: &Db) -> Staff {
    office(db, "elsewhere", AgencyKind::Bureau).await.officer
}

/// A town under the agency, with its officer.
pub(crate) async fn town_below(db: &Db, above: &Agency) -> (Agency, Staff) {
    let mut tx = db.begin(&Actor::Program("test"), Timestamp::UNIX_EPOCH).await.unwrap();
    let town = Agency {
        code: "town".into(),
        name: "白露镇人民政府".into(),
        kind: AgencyKind::Town.code().into(),
        parent_id: Some(above.id.clone()),
        ..above.clone()
    };
    let town = add_agency(&mut tx, town).await.unwrap();
    let new = NewUser {
        username: "town.officer".into(),
        name: "林晓禾".into(),
        title: "科员".into(),
        agency_id: town.id.clone(),
        password: "correct horse".into(),
        grants: vec![(town.id.clone(), Role::DisclosureOfficer)],
    };
    let id = add_user(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    let officer = accounts::store::staff(&mut db.read().await.unwrap(), &id).await.unwrap().unwrap();
    (town, officer)
}

pub(crate) async fn add_request(
    tx: &mut Tx,
    agency: &Agency,
    number: &str,
    received_on: Option<&str>,
    closed_on: Option<&str>,
    decision: Option<&str>,
) {
    insert_request(tx, agency, number, "natural_person", received_on, closed_on, decision).await;
}

async fn insert_request(
    tx: &mut Tx,
    agency: &Agency,
    number: &str,
    applicant: &str,
    received_on: Option<&str>,
    closed_on: Option<&str>,
    decision: Option<&str>,
) {
    let id = tx.new_id();
    sqlx::query(
        "INSERT INTO requests (id, agency_id, number, query_code_hash, channel, applicant_kind, applicant_name, \
         particulars, identity_match, description, delivery, help_wanted, submitted_on, received_on, \
         state, decision, closed_on, created_at) VALUES ($1, $2, $3, '', 'online', $4, '何小舟', '', '', \
         '镇区道路改造方案', 'paper', '', '2023-01-01', $5, 'open', $6, $7, '')",
    )
    .bind(id)
    .bind(&agency.id)
    .bind(number)
    .bind(applicant)
    .bind(received_on.map(str::to_owned))
    .bind(decision.map(str::to_owned))
    .bind(closed_on.map(str::to_owned))
    .execute(tx.conn())
    .await
    .unwrap();
}

// The promise: a figure is its records ---------------------------------------------------------------

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
    fn day(&mut self) -> Date {
        date(2022, 6, 1) + i32::try_from(self.below(1400)).unwrap().days()
    }
}

async fn generated_ledger(db: &Db, agency: &Agency) {
    let mut dice = Dice(7);
    let mut tx = db.begin(&Actor::Program("test"), Timestamp::UNIX_EPOCH).await.unwrap();
    for n in 0..160 {
        let received = (n % 13 != 0).then(|| dice.day());
        // Every seventh stays open; a few are closed without a decision, or before the day of receipt.
        let closed = received.filter(|_| n % 7 != 0).map(|on| {
            if n % 29 == 0 { on - 3.days() } else { on + i32::try_from(dice.below(60)).unwrap().days() }
        });
        let decision = closed.filter(|_| n % 31 != 0).map(|_| dice.pick(Decision::ALL).code());
        let applicant = dice.pick(ApplicantColumn::KINDS).code();
        let (received, closed) = (received.map(|d| d.to_string()), closed.map(|d| d.to_string()));
        insert_request(
            &mut tx,
            agency,
            &format!("R{n}"),
            applicant,
            received.as_deref(),
            closed.as_deref(),
            decision,
        )
        .await;
    }
    for n in 0..60 {
        let accepted = dice.day();
        let concluded = (n % 4 != 0).then(|| accepted + i32::try_from(dice.below(400)).unwrap().days());
        let result = if concluded.is_some() { dice.pick(RemedyColumn::RESULTS).code() } else { "pending" };
        let id = tx.new_id();
        sqlx::query(
            "INSERT INTO remedy_cases (id, agency_id, kind, case_number, body, accepted_on, result, concluded_on, note) \
             VALUES ($1, $2, $3, '', '', $4, $5, $6, '')",
        )
        .bind(id)
        .bind(&agency.id)
        .bind(dice.pick(RemedyRow::ALL).code())
        .bind(accepted.to_string())
        .bind(result)
        .bind(concluded.map(|d| d.to_string()))
        .execute(tx.conn())
        .await
        .unwrap();
    }
    for n in 0..60 {
        let issued = dice.day();
        let ended = (n % 3 == 0).then(|| issued + i32::try_from(dice.below(500)).unwrap().days());
        let id = tx.new_id();
        sqlx::query(
            "INSERT INTO normative_documents (id, agency_id, kind, title, document_number, issued_on, ended_on, end_kind) \
             VALUES ($1, $2, $3, '', '', $4, $5, $6)",
        )
        .bind(id)
        .bind(&agency.id)
        .bind("normative_document")
        .bind(issued.to_string())
        .bind(ended.map(|d| d.to_string()))
        .bind(ended.map(|_| (*dice.pick(&["repealed", "lapsed"])).to_owned()))
        .execute(tx.conn())
        .await
        .unwrap();
        let id = tx.new_id();
        sqlx::query(
            "INSERT INTO enforcement_decisions (id, agency_id, kind, reference, subject, decided_on) \
             VALUES ($1, $2, $3, '', '', $4)",
        )
        .bind(id)
        .bind(&agency.id)
        .bind(*dice.pick(&["license", "penalty", "compulsion"]))
        .bind(dice.day().to_string())
        .execute(tx.conn())
        .await
        .unwrap();
        let id = tx.new_id();
        sqlx::query(
            "INSERT INTO fee_collections (id, agency_id, item, amount_fen, collected_on) VALUES ($1, $2, '', $3, $4)",
        )
        .bind(id)
        .bind(&agency.id)
        .bind(i64::try_from(dice.below(1_000_000)).unwrap())
        .bind(dice.day().to_string())
        .execute(tx.conn())
        .await
        .unwrap();
    }
    tx.record(Act::new("test", "filled", &agency.id, "", json!({})));
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn every_figure_is_the_number_of_its_records() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, _) = agency_with_officer(db).await;
        generated_ledger(db, &agency).await;
        let mut conn = db.read().await.unwrap();
        let today = date(2026, 1, 15);
        let mut previous = None;
        for year in [2023, 2024, 2025, 2026] {
            let ledger = gather(&mut conn, &agency, year, today).await.unwrap().unwrap();
            let report = ledger.report();
            let mut filled = 0;
            for cell in CellAddress::all(OfficialForm::F2021) {
                let records = ledger.records(&cell.into());
                let in_report = &report.get(cell).unwrap().content;
                let expected = match ledger.figure(&cell.into()) {
                    Figure::Count(count) => {
                        assert_eq!(count, records.len() as i64, "{year} {cell}");
                        Content::Count(count)
                    }
                    Figure::Fen(fen) => Content::Amount(Figure::in_10k_yuan(fen)),
                };
                // Totals of the report are sums of its cells, those of the ledger are lists of records.
                assert_eq!(*in_report, expected, "{year} {cell}");
                filled += usize::from(!records.is_empty());
                assert!(!ledger.question(&cell.into()).is_empty());
            }
            assert!(
                filled > if year < 2026 { 40 } else { 10 },
                "a ledger of some substance in {year}: {filled}"
            );

            for &column in ApplicantColumn::ALL {
                let count = |row| ledger.records(&CellAddress::Requests(row, column).into()).len();
                assert_eq!(
                    count(RequestRow::Received) + count(RequestRow::CarriedFromLastYear),
                    count(RequestRow::Total) + count(RequestRow::CarriedToNextYear),
                    "the cross-check of the form, {year} {column:?}"
                );
            }
            // Each request is in exactly one row of the upper half and one of the lower, in one column.
            let mut seen: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
            for cell in CellAddress::all(OfficialForm::F2021) {
                let CellAddress::Requests(row, column) = cell else { continue };
                if cell.is_derived() {
                    continue;
                }
                assert_ne!(column, ApplicantColumn::Total);
                let half =
                    usize::from(!matches!(row, RequestRow::Received | RequestRow::CarriedFromLastYear));
                for record in ledger.records(&cell.into()) {
                    seen.entry(&record.id).or_default()[half] += 1;
                }
            }
            assert!(seen.values().all(|rows| *rows == [1, 1]), "{year}: {seen:?}");
            let cell = CellAddress::Requests(RequestRow::Received, ApplicantColumn::Total);
            let behind = records_behind(&mut conn, &agency, year, today, cell).await.unwrap();
            let by_sql: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM requests WHERE agency_id = $1 AND substr(received_on, 1, 4) = $2",
            )
            .bind(&agency.id)
            .bind(year.to_string())
            .fetch_one(&mut *conn)
            .await
            .unwrap();
            assert!(year == 2026 || behind.len() as i64 == by_sql, "{year}");

            // The report passes the rules for reports, those that look at the year before included.
            let errors: Vec<_> = gongkai_report::check(&report, previous.as_ref())
                .into_iter()
                .filter(|finding| finding.severity == gongkai_report::Severity::Error)
                .collect();
            assert!(errors.is_empty(), "{year}: {errors:#?}");
            previous = Some(report);
        }
    }
}

#[tokio::test]
async fn what_one_year_carries_on_is_what_the_next_finds() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, _) = agency_with_officer(db).await;
        generated_ledger(db, &agency).await;
        let mut conn = db.read().await.unwrap();
        let today = date(2026, 1, 15);
        let mut carried = Vec::new();
        let mut unresolved: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for year in [2023, 2024, 2025, 2026] {
            let ledger = gather(&mut conn, &agency, year, today).await.unwrap().unwrap();
            let ids = |row| -> Vec<Vec<String>> {
                let of = |column: &ApplicantColumn| {
                    let figure = CellAddress::Requests(row, *column).into();
                    ledger.records(&figure).into_iter().map(|record| record.id.clone()).collect()
                };
                ApplicantColumn::ALL.iter().map(of).collect()
            };
            if year > 2023 {
                assert_eq!(ids(RequestRow::CarriedFromLastYear), carried, "{year}");
            }
            // A remedy that is not decided at the end of a year is there in the next one.
            for row in RemedyRow::ALL {
                let of = |column| -> BTreeSet<String> {
                    let figure = CellAddress::Remedies(*row, column).into();
                    ledger.records(&figure).into_iter().map(|record| record.id.clone()).collect()
                };
                let all = of(RemedyColumn::Total);
                if let Some(pending) = unresolved.insert(row.code(), of(RemedyColumn::Pending)) {
                    assert!(pending.is_subset(&all), "{year} {row:?}");
                    assert!(!pending.is_empty() || year > 2024);
                }
            }
            carried = ids(RequestRow::CarriedToNextYear);
            assert!(carried.iter().any(|column| !column.is_empty()));
        }
    }
}

fn day() -> impl Strategy<Value = Date> {
    (0..2200_i32).prop_map(|n| date(2021, 6, 1) + n.days())
}

proptest! {
    /// One request is in one row of the top half and one of the lower half, in two columns, or nowhere.
    #[test]
    fn a_request_balances(received in day(), closed in proptest::option::of(day()), year in 2021_i16..2028) {
        let period = Period::of(year, date(2027, 3, 9));
        prop_assume!(period.is_some());
        let period = period.unwrap();
        let fact = Fact::Request {
            applicant: ApplicantColumn::Other,
            received_on: received,
            closed: closed.map(|on| (on, RequestRow::NotHeld)),
        };
        let figures = counted_in(&fact, &period);
        let rows = |wanted: &[RequestRow]| figures.iter().filter(|f| matches!(f,
            FigureAddress::Cell(CellAddress::Requests(row, ApplicantColumn::Total)) if wanted.contains(row))).count();
        let came = rows(&[RequestRow::Received, RequestRow::CarriedFromLastYear]);
        let went = rows(&[RequestRow::Total, RequestRow::CarriedToNextYear]);
        prop_assert!(came == went && came <= 1);
        prop_assert_eq!(rows(&[RequestRow::NotHeld]), rows(&[RequestRow::Total]));
        let heads = figures.iter().filter(|f| matches!(f, FigureAddress::Prose(ProseFigure::Outcomes(_)))).count();
        prop_assert_eq!(heads, rows(&[RequestRow::NotHeld]), "one head where there is an outcome");
        prop_assert_eq!((figures.len() - heads) % 2, 0, "each row has the applicant's column and the total");
        // Nobody is forgotten: a request open at some moment of the year counts in it.
        let end = closed.map(|on| on.max(received));
        let touches = received <= period.until && end.is_none_or(|on| on >= period.from);
        prop_assert_eq!(came == 1, touches);
    }

    #[test]
    fn ten_thousands_are_exact(fen in 0_i64..10_000_000_000) {
        let text = Figure::in_10k_yuan(fen);
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let back = whole.parse::<i64>().unwrap() * 1_000_000 + format!("{part:0<6}").parse::<i64>().unwrap();
        prop_assert_eq!(back, fen);
        prop_assert!(!text.ends_with('.') && (!text.contains('.') || !text.ends_with('0')));
    }
}

// The registers ----------------------------------------------------------------------------------------

async fn begin(db: &Db, staff: &Staff, now: &str) -> Tx {
    db.begin(&staff.actor(), now.parse().unwrap()).await.unwrap()
}

fn document(agency: &Agency, title: &str, issued_on: &str) -> NewDocument {
    NewDocument {
        agency_id: agency.id.clone(),
        kind: "normative_document".into(),
        title: title.into(),
        document_number: "青政规〔2025〕1号".into(),
        issued_on: issued_on.into(),
        entry_id: None,
    }
}

#[tokio::test]
async fn the_registers_fill_table_two() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, officer) = agency_with_officer(db).await;
        let mut tx = begin(db, &officer, "2025-12-01T01:00:00Z").await;
        let old = add_document(&mut tx, &officer, document(&agency, "旧办法", "2019-03-01")).await.unwrap();
        add_document(&mut tx, &officer, document(&agency, "新办法", "2025-05-01")).await.unwrap();
        end_document(&mut tx, &officer, &old, "repealed", "2025-05-01").await.unwrap();
        for decided_on in ["2024-12-31", "2025-01-01", "2025-11-30"] {
            let new = NewDecision {
                agency_id: agency.id.clone(),
                kind: "license".into(),
                reference: "青许〔2025〕1号".into(),
                subject: "取水许可".into(),
                decided_on: decided_on.into(),
            };
            add_decision(&mut tx, &officer, new).await.unwrap();
        }
        for amount in ["12,345.60", "0.05"] {
            let new = NewFee {
                agency_id: agency.id.clone(),
                item: "城镇道路占用费".into(),
                amount: amount.into(),
                collected_on: "2025-06-01".into(),
            };
            add_fee(&mut tx, &officer, new).await.unwrap();
        }
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let ledger = gather(&mut conn, &agency, 2025, date(2026, 1, 1)).await.unwrap().unwrap();
        let report = ledger.report();
        let content = |cell: &str| report.get(cell.parse().unwrap()).unwrap().content.clone();
        assert_eq!(content("proactive/normative_documents/issued"), Content::Count(1));
        assert_eq!(content("proactive/normative_documents/repealed"), Content::Count(1));
        assert_eq!(content("proactive/normative_documents/in_force"), Content::Count(1));
        assert_eq!(content("proactive/rules/in_force"), Content::Count(0));
        assert_eq!(content("proactive/licenses/decisions"), Content::Count(2));
        assert_eq!(
            content("proactive/administrative_fees/amount_10k_cny"),
            Content::Amount("1.234565".into())
        );
        let zero: FigureAddress = "proactive/penalties/decisions".parse().unwrap();
        assert_eq!(ledger.looked_at(&zero), [(Register::EnforcementDecisions, 2)]);
        assert_eq!(
            ledger.question(&zero),
            "青禾区测试机关（qh）2025年1月1日至12月31日作出的行政处罚决定，以决定日期计。"
        );
        let before = gather(&mut conn, &agency, 2024, date(2026, 1, 1)).await.unwrap().unwrap();
        assert_eq!(
            before.records(&"proactive/normative_documents/in_force".parse().unwrap())[0].title,
            "旧办法"
        );
        assert_eq!(super::years(&mut conn, &agency.id, date(2026, 1, 1)).await.unwrap().last(), Some(&2024));
    }
}

#[tokio::test]
async fn registers_refuse_with_all_reasons() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, officer) = agency_with_officer(db).await;
        let stranger = officer_elsewhere(db).await;
        let mut tx = begin(db, &officer, "2025-12-01T01:00:00Z").await;
        let wrong = NewDocument {
            agency_id: agency.id.clone(),
            kind: "rules".into(),
            issued_on: "2025-12-02".into(),
            ..NewDocument::default()
        };
        let Err(Failure::Refused(reasons)) = add_document(&mut tx, &officer, wrong).await else {
            panic!("added")
        };
        assert_eq!(reasons.len(), 4, "rules, title, number, future: {reasons:?}");
        assert!(reasons.contains(&ReportingRefusal::RulesBeyondPower));

        let id = add_document(&mut tx, &officer, document(&agency, "办法", "2025-05-01")).await.unwrap();
        let Err(Failure::Refused(early)) = end_document(&mut tx, &officer, &id, "lapsed", "2025-04-30").await
        else {
            panic!("ended")
        };
        assert_eq!(early, [ReportingRefusal::EndedBeforeIssued { issued_on: "2025-05-01".into() }]);
        end_document(&mut tx, &officer, &id, "lapsed", "2025-05-02").await.unwrap();
        assert!(end_document(&mut tx, &officer, &id, "lapsed", "2025-05-03").await.is_err());
        for date in ["2025/05/01", "20250501", "2025-02-30", "昨天"] {
            assert!(
                add_document(&mut tx, &officer, document(&agency, "办法", date)).await.is_err(),
                "{date}"
            );
        }

        let foreign = add_document(&mut tx, &stranger, document(&agency, "办法", "2025-05-01")).await;
        assert!(matches!(foreign, Err(Failure::Refused(r)) if r == [ReportingRefusal::Forbidden]));
        let text = save_text(&mut tx, &stranger, &agency, 2025, TextPart::OtherMatters, "无").await;
        assert!(matches!(text, Err(Failure::Refused(r)) if r == [ReportingRefusal::Forbidden]));
        let year = save_text(&mut tx, &officer, &agency, 2026, TextPart::OtherMatters, "无").await;
        assert!(matches!(year, Err(Failure::Refused(r)) if r == [ReportingRefusal::NoSuchYear(2026)]));
    }
}

// The prose --------------------------------------------------------------------------------------------

#[tokio::test]
async fn the_prose_says_what_the_tables_say() {
    for test in testing::databases().await {
        let db = &test.db;
        let (agency, officer) = agency_with_officer(db).await;
        let mut tx = begin(db, &officer, "2026-01-10T01:00:00Z").await;
        add_request(&mut tx, &agency, "R1", Some("2024-12-20"), Some("2025-01-08"), Some("provided")).await;
        add_request(&mut tx, &agency, "R2", Some("2025-03-01"), Some("2025-03-20"), Some("not_held")).await;
        add_request(&mut tx, &agency, "R3", Some("2025-12-31"), None, None).await;
        add_request(&mut tx, &agency, "R4", None, None, None).await;
        add_request(&mut tx, &agency, "R5", Some("2025-11-01"), Some("2025-11-05"), None).await;
        sqlx::query(
            "INSERT INTO request_fees (request_id, basis, count, amount_yuan, noticed_on, due_on, paid_on) \
             SELECT id, 'by_page', 120, 140, '2025-03-05', '2025-04-02', '2025-03-10' FROM requests WHERE number = 'R2'",
        )
        .execute(tx.conn())
        .await
        .unwrap();
        save_text(&mut tx, &officer, &agency, 2025, TextPart::Supervision, "考核良好。").await.unwrap();
        save_text(&mut tx, &officer, &agency, 2025, TextPart::Supervision, "考核优秀。\r\n").await.unwrap();
        tx.commit().await.unwrap();

        let mut conn = db.read().await.unwrap();
        let ledger = gather(&mut conn, &agency, 2025, date(2026, 1, 10)).await.unwrap().unwrap();
        assert_eq!(ledger.unwritten(), [TextPart::ProblemsAndImprovements]);
        assert_eq!(ledger.awaiting_receipt, 1);
        assert_eq!(ledger.doubts.len(), 1, "closed without a decision");
        assert!(ledger.doubts[0].record.title.starts_with("R5"));
        let report = ledger.report();
        let overview = report.sections.text(Section::Overview).unwrap();
        assert!(
            overview.contains(
                "2025年新收政府信息公开申请3件，上年结转1件；办结2件，其中予以公开1件、无法提供1件；结转下年度继续办理2件。"
            ),
            "{overview}"
        );
        assert!(
            overview.contains("2025年未主动公开信息。")
                && overview.contains("（五）监督保障情况。考核优秀。")
        );
        let other = report.sections.text(Section::OtherMatters).unwrap();
        assert!(other.contains("发出收费通知1件，总金额140元，实际收取信息处理费140元。"), "{other}");
        let received = FigureAddress::Prose(ProseFigure::FeesReceived);
        assert_eq!(ledger.figure(&received), Figure::Fen(14_000));
        let fees: FigureAddress = "proactive/administrative_fees/amount_10k_cny".parse().unwrap();
        assert_eq!(ledger.figure(&fees), Figure::Fen(14_000), "the processing fee is an administrative fee");
        assert_eq!(received.to_string().parse::<FigureAddress>().unwrap(), received);

        let running = gather(&mut conn, &agency, 2026, date(2026, 1, 10)).await.unwrap().unwrap();
        let lead = running.report().lead[0].text.clone();
        assert!(lead.ends_with("自2026年1月1日起至2026年1月10日（今日）止。"), "{lead}");
        assert!(gather(&mut conn, &agency, 2027, date(2026, 1, 10)).await.unwrap().is_none());
        assert!(gather(&mut conn, &agency, 2020, date(2026, 1, 10)).await.unwrap().is_none());
    }
}

#[test]
fn the_year_is_read_from_the_title() {
    for (title, year) in [
        ("青禾区松溪镇人民政府2025年政府信息公开工作年度报告", Some(2025)),
        ("2024年政府信息公开工作年度报告", Some(2024)),
        ("政府信息公开工作年度报告（2025年）", Some(2025)),
        ("政府信息公开工作年度报告", None),
        ("年", None),
    ] {
        assert_eq!(super::year_in_title(title), year, "{title}");
    }
}
