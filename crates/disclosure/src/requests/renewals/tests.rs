use gongkai_report::CellAddress;
use gongkai_report::model::{ApplicantColumn, OfficialForm, RemedyColumn, RemedyRow};
use gongkai_statute::decisions::Decision;
use jiff::civil::{Date, date};

use super::{Ordered, renew};
use crate::db::testing;
use crate::error::Failure;
use crate::remedies::actions::{CaseForm, Ending, conclude, register};
use crate::remedies::{self, RemedyKind, RemedyRefusal, RemedyResult};
use crate::reporting::{Figure, gather};
use crate::requests::tests::{World, answer, refusal};
use crate::requests::{Dossier, RequestRefusal, RequestState, actions, item_of_month, similar};

const DECIDED: Date = date(2026, 4, 20);

/// A case against the request that ended in 结果纠正: reply afresh, until a day or without one.
async fn corrected(world: &World<'_>, number: &str, kind: RemedyKind, until: Option<Date>) -> String {
    let (staff, agency) = (&world.office.officer, &world.office.agency.id);
    let form = CaseForm {
        request_number: number.to_owned(),
        kind: Some(kind),
        case_number: "青禾复〔2026〕3号".into(),
        body: "青禾区人民政府".into(),
        accepted_on: Some(date(2026, 3, 20)),
        note: String::new(),
    };
    let ending = Ending {
        result: Some(RemedyResult::Corrected),
        concluded_on: Some(DECIDED),
        demanded: "撤销原答复，重新作出答复".into(),
        demanded_until: until,
        ..Ending::default()
    };
    let mut tx = world.tx(staff, DECIDED).await;
    let id = register(&mut tx, staff, agency, &form).await.unwrap();
    conclude(&mut tx, staff, &id, &ending).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn renewed(world: &World<'_>, case: &str, day: Date, typed: Ordered) -> Result<Dossier, String> {
    let staff = &world.office.officer;
    let mut tx = world.tx(staff, day).await;
    match renew(&mut tx, staff, case, &typed).await {
        Ok(fresh) => {
            tx.commit().await.unwrap();
            Ok(fresh)
        }
        refused => Err(refusal(refused)),
    }
}

fn on(day: Date) -> Ordered {
    Ordered { received_on: Some(day), is_procedural: false }
}

/// Every figure of table three.
async fn table_three(world: &World<'_>, today: Date) -> Vec<(CellAddress, Figure)> {
    let mut conn = world.db.read().await.unwrap();
    let ledger = gather(&mut conn, &world.office.agency, 2026, today).await.unwrap().unwrap();
    let cells = CellAddress::all(OfficialForm::F2021);
    cells
        .into_iter()
        .filter(|cell| matches!(cell, CellAddress::Requests(..)))
        .map(|cell| (cell, ledger.figure(&cell.into())))
        .collect()
}

#[tokio::test]
async fn a_corrected_reply_is_given_afresh_and_counts_once() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.answered(Decision::InternalAffairs, date(2026, 3, 2)).await;
        let before = table_three(&world, date(2026, 6, 30)).await;
        let until = date(2026, 5, 8);
        let case = corrected(&world, &number, RemedyKind::Reconsideration, Some(until)).await;

        let early = renewed(&world, &case, date(2026, 4, 22), on(date(2026, 4, 19))).await.unwrap_err();
        assert!(early.contains("2026-04-20"), "{early}");
        let fresh = renewed(&world, &case, date(2026, 4, 22), on(date(2026, 4, 21))).await.unwrap();
        let fresh_number = fresh.request.number.clone();
        assert_eq!(fresh.request.state, RequestState::Registered);
        assert_eq!(
            (fresh.request.received_on, fresh.request.reply_due_on),
            (Some(date(2026, 4, 21)), Some(until))
        );
        let again = renewed(&world, &case, date(2026, 4, 22), on(date(2026, 4, 21))).await.unwrap_err();
        assert!(again.contains(&fresh_number), "{again}");

        // The result it rests on stays what it is.
        let staff = &world.office.officer;
        let mut tx = world.tx(staff, date(2026, 4, 23)).await;
        let upheld =
            Ending { result: Some(RemedyResult::Upheld), concluded_on: Some(DECIDED), ..Ending::default() };
        let refused = conclude(&mut tx, staff, &case, &upheld).await;
        assert!(matches!(refused, Err(Failure::Refused(r)) if matches!(&r[..],
            [RemedyRefusal::Field { field: "result", words }] if words.contains(&fresh_number))));
        drop(tx);

        // Both know of each other; the fresh one keeps the person and the question, and the letters are its own.
        let stored = world.dossier(&fresh_number).await;
        let earlier = world.dossier(&number).await;
        assert_eq!(earlier.renewed_as, std::slice::from_ref(&fresh_number));
        assert_eq!(stored.renewal.as_ref().unwrap().of_number, number);
        assert_eq!(stored.request.description, earlier.request.description);
        let name = |dossier: &Dossier| dossier.request.applicant_name(world.db.keys()).unwrap();
        assert_eq!(name(&stored), name(&earlier));
        assert_eq!((stored.letters.len(), stored.request.answer.clone()), (0, None));
        let mut conn = test.db.read().await.unwrap();
        assert_eq!(
            item_of_month(&mut conn, &stored.request).await.unwrap(),
            Some(1),
            "no further request of theirs"
        );
        assert!(similar(&mut conn, &stored.request).await.unwrap().is_empty(), "no repeat of itself");
        drop(conn);

        // How it came and what it is stand since the first time; the day of the decision is not the agency's to move.
        let mut tx = world.tx(staff, date(2026, 4, 23)).await;
        let parts = ["其中一部分名单".to_owned(), "其中另一部分名单".to_owned()];
        let split = refusal(actions::split(&mut tx, staff, &fresh_number, &parts).await);
        assert!(split.contains("照原来的申请办理"), "{split}");
        let longer =
            refusal(actions::propose_extension(&mut tx, staff, &fresh_number, "需要核对", Some(5)).await);
        assert!(longer.contains("不能自行延长"), "{longer}");
        drop(tx);

        // The same reply for the same reasons is what the law forbids.
        let same =
            refusal(world.decide(&fresh_number, date(2026, 4, 27), &answer(Decision::InternalAffairs)).await);
        assert!(same.contains("第六十四条第二款"), "{same}");
        world.decide(&fresh_number, date(2026, 4, 27), &answer(Decision::Provided)).await.unwrap();
        world.sign(&fresh_number, date(2026, 4, 28)).await;
        let letter = world.text(world.dossier(&fresh_number).await.reply().unwrap());
        let replaced = earlier.reply().unwrap().number.clone();
        for part in [number.as_str(), "青禾复〔2026〕3号", "行政复议决定", &replaced, "第六十四条第一款"]
        {
            assert!(letter.contains(part), "{part} in {letter}");
        }
        assert!(letter.contains(&format!("本答复代替{replaced}答复")), "{letter}");
        world.issue(&fresh_number, date(2026, 4, 29)).await.unwrap();

        let done = remedies::by_id(&mut test.db.read().await.unwrap(), &case).await.unwrap().unwrap();
        let (carried_out_on, how) = done.demand.unwrap().carried_out.unwrap();
        assert_eq!(carried_out_on, date(2026, 4, 29));
        assert!(how.contains(&fresh_number), "{how}");

        // Table three stands as it stood, table four holds the correction.
        assert_eq!(table_three(&world, date(2026, 6, 30)).await, before);
        let mut conn = test.db.read().await.unwrap();
        let ledger = gather(&mut conn, &world.office.agency, 2026, date(2026, 6, 30)).await.unwrap().unwrap();
        let cell = CellAddress::Remedies(RemedyRow::Reconsideration, RemedyColumn::Corrected);
        assert_eq!(ledger.figure(&cell.into()), Figure::Count(1));
        let all = CellAddress::Requests(gongkai_report::model::RequestRow::Received, ApplicantColumn::Total);
        assert_eq!(ledger.figure(&all.into()), Figure::Count(1));
    }
}

#[tokio::test]
async fn a_judgment_without_a_term_counts_the_ordinary_period_and_a_fault_of_procedure_allows_the_same_reply()
{
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.answered(Decision::InternalAffairs, date(2026, 3, 2)).await;
        let case = corrected(&world, &number, RemedyKind::DirectLitigation, None).await;
        let typed = Ordered { is_procedural: true, ..on(date(2026, 4, 21)) };
        let fresh = renewed(&world, &case, date(2026, 4, 21), typed).await.unwrap();
        let number = &fresh.request.number;
        // 21 April, the day after it the first: five days off in May, one made up on 9 May.
        assert_eq!(fresh.request.reply_due_on, Some(date(2026, 5, 21)));
        let staff = &world.office.officer;
        let mut tx = world.tx(staff, date(2026, 4, 23)).await;
        actions::propose_extension(&mut tx, staff, number, "需要核对", Some(5)).await.unwrap();
        drop(tx);
        world.decide(number, date(2026, 4, 27), &answer(Decision::InternalAffairs)).await.unwrap();
        let letter = world.text(world.dossier(number).await.reply().unwrap());
        assert!(
            letter.contains("行政判决") && letter.contains("《中华人民共和国行政诉讼法》第七十条"),
            "{letter}"
        );
    }
}

#[tokio::test]
async fn nothing_is_decided_afresh_that_no_decision_orders() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.answered(Decision::NotHeld, date(2026, 3, 2)).await;
        let case = corrected(&world, &number, RemedyKind::Reconsideration, None).await;
        let staff = &world.office.officer;
        let day = date(2026, 4, 22);
        let mut tx = world.tx(staff, day).await;
        let nothing = Ending {
            result: Some(RemedyResult::Corrected),
            concluded_on: Some(DECIDED),
            demanded: "无".into(),
            ..Ending::default()
        };
        conclude(&mut tx, staff, &case, &nothing).await.unwrap();
        let refused = renew(&mut tx, staff, &case, &on(day)).await;
        assert!(matches!(refused, Err(Failure::Refused(r)) if r == [RequestRefusal::NothingOrdered]));
        let leader = &world.office.leader;
        let refused = renew(&mut tx, leader, &case, &on(day)).await;
        assert!(matches!(refused, Err(Failure::Refused(r)) if r == [RequestRefusal::Forbidden]));
    }
}
