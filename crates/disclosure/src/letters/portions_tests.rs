//! 分项答复: letter, row and remedy come from the same answers.

use gongkai_statute::decisions::{Decision, Outcome};
use gongkai_statute::outcome_tree::Scope;
use gongkai_statute::remedies::Route;
use gongkai_statute::severance;
use jiff::civil::date;

use super::writing::{Matter, written};
use super::{LetterKind, Template};
use crate::db::testing;
use crate::error::Failure;
use crate::requests::actions::is_chosen;
use crate::requests::tests::{World, answer, path};
use crate::requests::{Answer, Portion, RequestRefusal};

fn portion(at: usize, decision: Decision) -> Portion {
    let Answer { reason, parts, .. } = answer(decision);
    let path = path(decision, Scope::Part);
    Portion { asked: format!("名单第{at}册"), decision, reason, parts, path }
}

fn answered(decisions: &[Decision], main: Decision) -> Answer {
    let portions = (1..).zip(decisions).map(|(at, decision)| portion(at, *decision)).collect();
    let (reason, path) = (String::new(), Vec::new());
    Answer { decision: main, ground: None, reason, parts: Vec::new(), portions, path }
}

/// Every pair and some triples of answers, written into a letter.
#[tokio::test]
async fn letter_row_and_remedy_agree_for_every_combination() {
    let test = testing::sqlite().await;
    let world = World::new(&test.db).await;
    let day = date(2026, 3, 4);
    let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
    let mut dossier = world.dossier(&number).await;
    let usual = Template::usual(LetterKind::Reply);
    let able: Vec<Decision> =
        Decision::ALL.iter().copied().filter(|d| severance::can_answer_a_part(*d) && is_chosen(*d)).collect();
    let pairs = able.iter().flat_map(|one| able.iter().map(move |other| vec![*one, *other]));
    let triples = able.iter().map(|one| vec![Decision::Provided, *one, Decision::NotHeld]);
    for decisions in pairs.chain(triples) {
        let whole = severance::whole(&decisions, 0).unwrap();
        dossier.request.answer = Some(answered(&decisions, whole));
        let matter =
            Matter { dossier: &dossier, applicant: "何小舟", asked: None, archive: None, on: day };
        let letter = written(&usual, matter, "青禾测公复〔2026〕1号").unwrap();
        for (at, decision) in (1..).zip(&decisions) {
            assert!(letter.contains(&format!("第{at}部分：名单第{at}册")), "{decisions:?}");
            assert!(letter.contains(decision.label()), "{decisions:?}: {letter}");
            if !matches!(decision, Decision::ConfirmOrReissue | Decision::Other) {
                assert!(letter.contains(&decision.citation().to_string()), "{decisions:?}");
            }
            for part in decision.required_parts() {
                assert!(letter.contains(part.label()) || part.code() == "reasons", "{decisions:?} {part:?}");
            }
            // The remedy paragraph sends each part the way its own answer does.
            let first = decision.remedy(day) == Route::ReconsiderationFirst;
            let mixed = decisions.iter().any(|other| other.remedy(day) != decision.remedy(day));
            let remedy = letter.split("救济途径").nth(1).unwrap();
            if mixed {
                let (before, after) = remedy.split_once("提起行政诉讼。").unwrap();
                let said = if first { before } else { after };
                let listed = said.split("第").nth(1).unwrap().split("部分").next().unwrap();
                assert!(listed.split('、').any(|n| n == at.to_string()), "{decisions:?}: {remedy}");
            } else {
                assert_eq!(remedy.contains("先向青禾区人民政府申请行政复议"), first, "{decisions:?}");
            }
        }
        let given = |d: &&Decision| d.outcome() == Outcome::Disclosed;
        let some = decisions.iter().filter(given).count();
        let partly = some > 0 && some < decisions.len();
        assert_eq!(whole.outcome() == Outcome::PartlyDisclosed, partly, "{decisions:?}");
    }
}

#[tokio::test]
async fn parts_are_complete_and_the_whole_follows_from_them() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let day = date(2026, 3, 4);
        let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        let refused = |result| match result {
            Err(Failure::Refused(reasons)) => {
                reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
            }
            other => panic!("not refused: {other:?}"),
        };
        let mut bare = answered(&[Decision::Provided, Decision::TradeSecret], Decision::Provided);
        bare.portions[1].reason.clear();
        bare.portions[1].asked.clear();
        let words = refused(world.decide(&number, day, &bare).await);
        assert!(
            words.contains("第2部分：请填写理由") && words.contains("第2部分：请填写这一部分"),
            "{words}"
        );

        let unnamed = answered(&[Decision::NotHeld, Decision::InternalAffairs], Decision::Withdrawn);
        assert!(refused(world.decide(&number, day, &unnamed).await).contains("主要的一项"));
        let nested = answered(&[Decision::Provided, Decision::PartlyWithheld], Decision::Provided);
        assert!(refused(world.decide(&number, day, &nested).await).contains("第2部分"));
        let unclear = answered(&[Decision::Provided, Decision::StillUnclear], Decision::Provided);
        assert!(matches!(
            world.decide(&number, day, &unclear).await,
            Err(Failure::Refused(r)) if matches!(r[..], [RequestRefusal::Portion { at: 1, .. }])
        ));

        // What is typed as the whole does not count where the parts say it.
        let mixed = [Decision::Provided, Decision::TradeSecret, Decision::NotHeld];
        let decided = world.decide(&number, day, &answered(&mixed, Decision::Provided)).await.unwrap();
        let stored = world.dossier(&number).await.request.answer.unwrap();
        assert_eq!(stored, decided.request.answer.unwrap());
        assert_eq!(stored.decision, Decision::PartlyWithheld);
        assert_eq!(stored.decisions(), mixed);
        world.sign(&number, day).await;
        world.issue(&number, day).await.unwrap();
    }
}
