//! What must hold for all facts.

use gongkai_statute::calendar::Calendar;
use gongkai_statute::channels::Channel;
use gongkai_statute::deadlines::{
    Consultation, ConsultedParty, DeadlineRuling, Extension, Facts, FeeFacts, Supplement, rule,
};
use gongkai_statute::fees::{FeeBasis, fee};
use gongkai_statute::receipt::{Evidence, Receipt, received};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

/// Any day from the Regulations until well into years without an arrangement.
fn day() -> impl Strategy<Value = Date> {
    (0i64..3800).prop_map(|n| date(2019, 5, 15).saturating_add(n.days()))
}

fn facts_received_on(on: Date) -> Facts {
    Facts { submitted_on: Some(on), ..Facts::new(Channel::InPerson) }
}

fn consultations(received_on: Date) -> impl Strategy<Value = Vec<Consultation>> {
    let one =
        (0i64..40, proptest::option::of(0i64..40), any::<bool>()).prop_map(move |(sent, answered, third)| {
            let sent_on = received_on.saturating_add(sent.days());
            Consultation {
                with: if third { ConsultedParty::ThirdParty } else { ConsultedParty::Agency },
                sent_on,
                answered_on: answered.map(|n| sent_on.saturating_add(n.days())),
            }
        });
    proptest::collection::vec(one, 0..4)
}

fn ruled(facts: &Facts) -> DeadlineRuling {
    rule(facts, Calendar::national()).expect("facts in order")
}

fn due(facts: &Facts) -> Date {
    ruled(facts).due_on().expect("a due date")
}

fn with_consultations() -> impl Strategy<Value = Facts> {
    day().prop_flat_map(|on| {
        consultations(on).prop_map(move |consultations| Facts { consultations, ..facts_received_on(on) })
    })
}

proptest! {
    #[test]
    fn a_due_date_is_a_working_day(facts in with_consultations()) {
        let ruling = ruled(&facts);
        prop_assert!(Calendar::national().is_working_day(ruling.reply_due_on.unwrap()));
        prop_assert!(Calendar::national().is_working_day(ruling.supplement_notice_due_on));
    }

    #[test]
    fn excluding_days_never_makes_it_earlier(facts in with_consultations()) {
        let mut due_so_far = due(&facts_received_on(facts.submitted_on.unwrap()));
        let mut more = facts.clone();
        more.consultations.clear();
        for consultation in &facts.consultations {
            more.consultations.push(consultation.clone());
            let due_now = due(&more);
            prop_assert!(due_now >= due_so_far);
            due_so_far = due_now;
        }
    }

    #[test]
    fn an_extension_never_makes_it_earlier(facts in with_consultations(), days in 1u32..30, approved in 0i64..60) {
        let approved_on = facts.submitted_on.unwrap().saturating_add(approved.days());
        let extension = Extension { approved_on, noticed_on: approved_on, working_days: days };
        let extended = Facts { extension: Some(extension), ..facts.clone() };
        let (plain, ruling) = (due(&facts), ruled(&extended));
        prop_assert!(ruling.due_on().unwrap() >= plain);
        prop_assert_eq!(ruling.extended_reply_due_on.is_none(), !ruling.refusals.is_empty() && ruling.due_on() == Some(ruling.reply_due_on.unwrap()));
    }

    #[test]
    fn days_are_all_there_and_numbered_one_by_one(
        facts in with_consultations(), supplement in proptest::option::of((0i64..9, 0i64..30)), paid in proptest::option::of(0i64..15),
    ) {
        let received_on = facts.submitted_on.unwrap();
        let after = |n: i64| received_on.saturating_add(n.days());
        let facts = Facts {
            supplement: supplement.map(|(n, m)| Supplement { noticed_on: after(n), supplemented_on: Some(after(n + m)) }),
            fee: paid.filter(|_| received_on >= date(2021, 1, 1)).map(|n| FeeFacts { noticed_on: after(n), paid_on: Some(after(n)) }),
            ..facts
        };
        let ruling = ruled(&facts);
        let numbers: Vec<u32> = ruling.days.iter().filter_map(|day| day.number).collect();
        prop_assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
        prop_assert!(ruling.days.iter().all(|day| day.counts == day.number.is_some()));
        prop_assert_eq!(ruling.days[0].date, received_on.tomorrow().unwrap());
        prop_assert_eq!(ruling.days.last().unwrap().date, ruling.reply_due_on.unwrap());
        prop_assert!(ruling.days.windows(2).all(|pair| pair[0].date.tomorrow().unwrap() == pair[1].date));
    }

    #[test]
    fn provisional_exactly_when_a_day_lies_in_an_unknown_year(facts in with_consultations()) {
        let ruling = ruled(&facts);
        prop_assert_eq!(ruling.provisional, ruling.days.iter().any(|day| day.date.year() > 2026));
    }

    #[test]
    fn a_fee_never_falls_and_the_next_unit_costs_its_tier(count in 0u64..2000, by_page in any::<bool>()) {
        let basis = if by_page { FeeBasis::ByPage } else { FeeBasis::ByItem };
        let on = date(2024, 3, 1);
        let (this, next) = (fee(basis, count, on).unwrap(), fee(basis, count + 1, on).unwrap());
        let price = next.tiers.last().unwrap().yuan_each;
        prop_assert_eq!(next.yuan, this.yuan + price);
        prop_assert_eq!(this.tiers.iter().map(|tier| tier.units).sum::<u64>(), count);
        prop_assert!(this.tiers.iter().all(|tier| tier.yuan == tier.units * tier.yuan_each));
    }

    #[test]
    fn receipt_is_never_before_submission(on in day(), later in 0i64..20, channel in 0..Channel::ALL.len()) {
        let after = on.saturating_add(later.days());
        let evidence = Evidence { submitted_on: Some(on), signed_on: Some(after), confirmed_on: Some(after) };
        match received(Channel::ALL[channel], &evidence) {
            Receipt::Received { on: received_on, .. } => prop_assert!(received_on >= on),
            Receipt::NotYet { .. } => prop_assert!(false, "all evidence is there"),
        }
    }

    #[test]
    fn facts_survive_their_own_json(facts in with_consultations()) {
        let text = serde_json::to_string(&facts).unwrap();
        prop_assert_eq!(Facts::from_json(&text).unwrap(), facts);
    }
}
