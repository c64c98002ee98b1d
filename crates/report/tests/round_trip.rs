//! What is printed is read again: the same model, whatever the layout and however dense the numbers.
#![allow(clippy::unwrap_used)]

mod layouts;

use gongkai_report::{Content, OfficialForm, check, read, write};
use layouts::{Dice, Layout, dense, print, put};
use proptest::prelude::*;

#[test]
fn a_dense_report_survives_every_layout() {
    for form in OfficialForm::ALL {
        for seed in 0..25 {
            let report = dense(form, seed);
            assert_eq!(check(&report, None), [], "the generator makes reports that are right");
            for layout in Layout::ALL {
                let text = print(&report, layout);
                let reading = read(text.as_bytes(), "dense.txt").unwrap();
                assert_eq!(reading.report, report, "{layout:?}\n{text}");
                assert_eq!(reading.check(None), [], "{layout:?}\n{text}");
            }
        }
    }
}

#[test]
fn json_is_read_back() {
    for form in OfficialForm::ALL {
        let report = dense(form, 7);
        let reading = read(write::json(&report, &[]).as_bytes(), "dense.json").unwrap();
        assert_eq!(reading.report, report);
        assert_eq!(reading.problems, []);
    }
}

#[test]
fn blank_none_and_lost_survive_the_text() {
    for form in OfficialForm::ALL {
        let right = dense(form, 3);
        let cells: Vec<_> = right.cells().map(|view| view.address).collect();
        for content in [Content::Blank, Content::ExplicitNone, Content::Lost] {
            for &address in &cells {
                let mut report = right.clone();
                put(&mut report, address, content.clone());
                let text = write::text(&report);
                let reading = read(text.as_bytes(), "x.txt").unwrap();
                assert_eq!(reading.report, report, "{address} {content:?}\n{text}");
                assert!(reading.problems.iter().any(|problem| problem.at.address() == Some(address)
                    || report.requests.form.is_some() && problem.rule == "cell-missing"));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Nothing that anybody can put into a file makes reading fail or panic.
    #[test]
    fn reading_never_panics(seed in any::<u64>(), cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, ".{0,3}"), 1..12)) {
        let form = OfficialForm::ALL[(seed % 2) as usize];
        let layout = Layout::ALL[(seed % 6) as usize];
        let mut chars: Vec<char> = print(&dense(form, seed), layout).chars().collect();
        for (at, length, with) in cuts {
            let at = at.index(chars.len());
            let end = (at + length).min(chars.len());
            chars.splice(at..end, with.chars());
        }
        let text: String = chars.into_iter().collect();
        if let Ok(reading) = read(text.as_bytes(), "damaged.txt") {
            let _ = reading.check(Some(&dense(form, seed)));
            let again = write::text(&reading.report);
            let _ = read(again.as_bytes(), "again.txt");
        }
    }

    #[test]
    fn arbitrary_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, "noise");
    }
}

#[test]
fn dice_are_not_loaded() {
    let mut dice = Dice::new(1);
    let thrown: std::collections::BTreeSet<u64> = (0..200).map(|_| dice.below(37)).collect();
    assert!(thrown.len() > 30);
}
