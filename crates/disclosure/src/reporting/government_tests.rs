//! The government's report: summed, frozen under its hash, kept up to date with corrections below.

use gongkai_report::CellAddress;
use gongkai_report::Section;
use jiff::civil::date;

use super::actions::{
    NewAdjustment, NewDecision, accept_submission, add_decision, approve_submission, confirm_adjustment,
    freeze, judge, prepare_submission, propose_adjustment, save_text,
};
use super::government::members;
use super::{
    Figure, ReportingRefusal as R, SubmissionState, TextPart, differences, due_of, gather, gather_now,
    own_check, snapshots,
};
use crate::accounts::actions::{NewUser, add_agency, add_user};
use crate::accounts::{self, Agency, AgencyKind, Role, Staff};
use crate::audit::Actor;
use crate::db::{Db, Tx, testing};
use crate::error::Failure;
use crate::testing::{Office, office};

const YEAR: i16 = 2025;
const PENALTIES: &str = "proactive/penalties/decisions";

/// A government, its office and a bureau; each person holds every role that the test needs.
struct District {
    office: Office,
    government: Agency,
    bureau: Agency,
    officer: Staff,
    head: Staff,
    above: Staff,
}

async fn district(db: &Db) -> District {
    let office = office(db, "qh", AgencyKind::DistrictOffice).await;
    let mut tx = db.begin(&Actor::Program("test"), jiff::Timestamp::UNIX_EPOCH).await.unwrap();
    let below = |code: &str, name: &str, kind: AgencyKind| Agency {
        code: code.into(),
        name: name.into(),
        kind: kind.code().into(),
        parent_id: Some(office.agency.id.clone()),
        ..office.agency.clone()
    };
    let government =
        add_agency(&mut tx, below("gov", "青禾区人民政府", AgencyKind::Government)).await.unwrap();
    let bureau = add_agency(&mut tx, below("cz", "青禾区财政局", AgencyKind::Bureau)).await.unwrap();
    let mut people = Vec::new();
    for (name, role) in
        [("o", Role::DisclosureOfficer), ("h", Role::SectionHead), ("v", Role::OversightOfficer)]
    {
        let new = NewUser {
            username: format!("all-{name}"),
            name: name.into(),
            title: String::new(),
            agency_id: office.agency.id.clone(),
            password: "a long password".into(),
            grants: [&office.agency, &government, &bureau].map(|agency| (agency.id.clone(), role)).into(),
        };
        let id = add_user(&mut tx, new).await.unwrap();
        people.push(accounts::store::staff(tx.conn(), &id).await.unwrap().unwrap());
    }
    tx.commit().await.unwrap();
    let mut people = people.into_iter();
    let mut next = || people.next().unwrap();
    District { office, government, bureau, officer: next(), head: next(), above: next() }
}

async fn begin(db: &Db, staff: &Staff) -> Tx {
    db.begin(&staff.actor(), "2026-02-10T01:00:00Z".parse().unwrap()).await.unwrap()
}

async fn penalty(tx: &mut Tx, district: &District, agency: &Agency, reference: &str) {
    let new = NewDecision {
        agency_id: agency.id.clone(),
        kind: "penalty".into(),
        reference: reference.into(),
        subject: "占道经营".into(),
        decided_on: "2025-06-01".into(),
    };
    add_decision(tx, &district.officer, new).await.unwrap();
}

async fn texts(tx: &mut Tx, district: &District, agency: &Agency) {
    let texts = [
        (TextPart::Supervision, "工作考核：良好。社会评议：满意。责任追究：没有被追究责任的情况。"),
        (TextPart::ProblemsAndImprovements, "更新不够及时，已明确专人。"),
    ];
    for (part, text) in texts {
        save_text(tx, &district.officer, agency, YEAR, part, text).await.unwrap();
    }
}

async fn accepted(tx: &mut Tx, district: &District, agency: &Agency) {
    let id = prepare_submission(tx, &district.officer, agency, YEAR).await.unwrap();
    approve_submission(tx, &district.head, &id).await.unwrap();
    accept_submission(tx, &district.above, &id, "").await.unwrap();
}

async fn reported(tx: &mut Tx, district: &District, agency: &Agency) {
    freeze(tx, &district.officer, agency, YEAR, "").await.unwrap();
    texts(tx, district, agency).await;
    accepted(tx, district, agency).await;
}

#[tokio::test]
async fn own_and_children_add_up_and_every_figure_names_whose_it_is() {
    for test in testing::databases().await {
        let db = &test.db;
        let district = district(db).await;
        let (government, today) = (&district.government, date(2026, 2, 10));
        assert_eq!(due_of(government, YEAR).on, date(2026, 3, 31));
        let mut tx = begin(db, &district.officer).await;
        let early = freeze(&mut tx, &district.officer, government, YEAR, "").await;
        assert!(matches!(early, Err(Failure::Refused(r)) if r == [R::NothingToSum(YEAR)]));
        let own = district.office.agency.clone();
        penalty(&mut tx, &district, &own, "1").await;
        for reference in ["2", "3"] {
            penalty(&mut tx, &district, &district.bureau, reference).await;
        }
        reported(&mut tx, &district, &own).await;

        // One is missing: listed, and the reason is recorded before the sum leaves the house.
        let all = members(tx.conn(), government, YEAR).await.unwrap();
        assert_eq!(
            all.iter().map(|m| (m.is_own, m.accepted.is_some())).collect::<Vec<_>>(),
            [(true, true), (false, false)]
        );
        freeze(&mut tx, &district.officer, government, YEAR, "").await.unwrap();
        texts(&mut tx, &district, government).await;
        let ledger = gather(tx.conn(), government, YEAR, today).await.unwrap().unwrap();
        let check = own_check(tx.conn(), &ledger, today).await.unwrap();
        let missing = check.items.iter().find(|item| item.rule == "member-missing").unwrap();
        assert!(missing.message.contains("青禾区财政局"), "{}", missing.message);
        let kept = prepare_submission(&mut tx, &district.officer, government, YEAR).await;
        assert!(matches!(kept, Err(Failure::Refused(r)) if r == [R::OpenWarnings(1)]));
        let mark = missing.fingerprint.clone();
        judge(&mut tx, &district.officer, government, YEAR, &mark, "accepted", "机构撤并，由接收单位报告")
            .await
            .unwrap();
        let id = prepare_submission(&mut tx, &district.officer, government, YEAR).await.unwrap();
        approve_submission(&mut tx, &district.head, &id).await.unwrap();
        let penalties = PENALTIES.parse::<CellAddress>().unwrap();
        assert_eq!(ledger.figure(&penalties.into()), Figure::Count(1));

        // The missing one reports after all: the sum is stale, by whom and where is told.
        reported(&mut tx, &district, &district.bureau).await;
        let frozen = gather(tx.conn(), government, YEAR, today).await.unwrap().unwrap();
        let now = gather_now(tx.conn(), government, YEAR, today).await.unwrap().unwrap();
        let stale = differences(&frozen, &now);
        let difference = stale.iter().find(|d| d.figure == penalties.into()).unwrap();
        assert_eq!((difference.frozen, difference.now), (Figure::Count(1), Figure::Count(3)));
        assert_eq!(difference.come[0].title, "青禾区财政局：2");
        assert!(difference.come[0].detail.contains("SHA-256"), "{}", difference.come[0].detail);
        assert_eq!(now.report().agency.as_deref(), Some("青禾区人民政府"));
        let overview = now.report().sections.text(Section::Overview).unwrap();
        assert!(overview.contains("未收到政府信息公开申请"), "{overview}");

        // Summed again with a reason; what was summed before stays.
        freeze(&mut tx, &district.officer, government, YEAR, "财政局补报").await.unwrap();
        let kept = snapshots(tx.conn(), &government.id, YEAR).await.unwrap();
        assert_eq!(kept.iter().map(|s| s.ordinal).collect::<Vec<_>>(), [2, 1]);
        assert_ne!(kept[0].sha256, kept[1].sha256, "the hash is over what was summed");
    }
}

#[tokio::test]
async fn a_correction_below_goes_to_the_district_and_makes_the_sum_stale() {
    for test in testing::databases().await {
        let db = &test.db;
        let district = district(db).await;
        let (government, bureau, today) = (&district.government, &district.bureau, date(2026, 2, 10));
        let mut tx = begin(db, &district.officer).await;
        penalty(&mut tx, &district, bureau, "1").await;
        let own = district.office.agency.clone();
        reported(&mut tx, &district, &own).await;
        reported(&mut tx, &district, bureau).await;
        freeze(&mut tx, &district.officer, government, YEAR, "").await.unwrap();
        let new = NewAdjustment { cell: PENALTIES.into(), value: "4".into(), reason: "漏计".into() };
        let id = propose_adjustment(&mut tx, &district.officer, bureau, YEAR, &new).await.unwrap();
        confirm_adjustment(&mut tx, &district.head, &id).await.unwrap();
        accepted(&mut tx, &district, bureau).await;
        let sent = super::submissions(tx.conn(), &bureau.id, YEAR).await.unwrap();
        assert_eq!(sent.iter().map(|s| s.state()).collect::<Vec<_>>(), [SubmissionState::Accepted; 2]);
        let receipts: Vec<_> = sent.iter().map(|s| s.receipt_number.clone().unwrap()).collect();
        assert_ne!(receipts[0], receipts[1], "a receipt of its own");
        let frozen = gather(tx.conn(), government, YEAR, today).await.unwrap().unwrap();
        let now = gather_now(tx.conn(), government, YEAR, today).await.unwrap().unwrap();
        let stale = differences(&frozen, &now);
        assert_eq!(stale.len(), 1, "{stale:?}");
        assert_eq!((stale[0].frozen, stale[0].now), (Figure::Count(1), Figure::Count(4)));
        assert_eq!(
            (stale[0].gone[0].title.as_str(), stale[0].come[0].title.as_str()),
            ("青禾区财政局：1", "青禾区财政局：4")
        );
    }
}
