use serde_json::{Value, json};

use super::changes::{SMALLEST_BASE, changes};
use super::copied::{Copied, Library, copied};
use super::prose::Prose;
use super::rates::{RateName, SMALLEST_SAMPLE, rank};
use crate::aggregate::number;
use crate::model::{CellAddress, Report};

/// Two reports held beside each other, as JSON.
pub fn pair_to_value(before: (&str, &Report), after: (&str, &Report)) -> Value {
    let found = changes(before.1, after.1);
    let changed: Vec<Value> = found
        .changed
        .iter()
        .map(|change| {
            let of = |count: i128| number(change.address, count);
            json!({
                "cell": change.address.to_string(),
                "before": of(change.before.into()),
                "after": of(change.after.into()),
                "difference": of(change.difference()),
                "relative_permille": change.relative,
            })
        })
        .collect();
    let names = |cells: &[CellAddress]| cells.iter().map(ToString::to_string).collect::<Vec<_>>();
    json!({
        "before": about(before),
        "after": about(after),
        "changed": changed,
        "same": found.same,
        "unknown": names(&found.unknown),
        "incomparable": names(&found.incomparable),
        "smallest_base": SMALLEST_BASE,
        "copied": copied_to_value(&copied(&Prose::of(after.1), &Prose::of(before.1))),
    })
}

/// Many reports: rates with places, and who took over from whom.
pub fn many_to_value(reports: &[(String, Report)]) -> Value {
    let all: Vec<&Report> = reports.iter().map(|(_, report)| report).collect();
    let rates: Vec<Value> = RateName::ALL
        .into_iter()
        .map(|name| {
            let places: Vec<Value> = rank(name, &all)
                .iter()
                .map(|rank| match rank {
                    None => Value::Null,
                    Some(rank) => json!({
                        "part": rank.rate.part, "whole": rank.rate.whole,
                        "permille": rank.rate.thousandths(), "place": rank.place,
                    }),
                })
                .collect();
            json!({"rate": name.code(), "words": name.official(), "reports": places})
        })
        .collect();
    let library = Library::new(all.iter().map(|report| Prose::of(report)).collect());
    let copied: Vec<Value> = library
        .pairs()
        .iter()
        .map(|(of, from, copied)| {
            json!({"file": reports[*of].0, "other_file": reports[*from].0, "copied": copied_to_value(copied)})
        })
        .collect();
    json!({
        "reports": reports.iter().map(|(file, report)| about((file, report))).collect::<Vec<_>>(),
        "smallest_sample": SMALLEST_SAMPLE,
        "rates": rates,
        "copied": copied,
    })
}

fn about((file, report): (&str, &Report)) -> Value {
    json!({"file": file, "agency": report.agency, "year": report.year})
}

fn copied_to_value(copied: &Copied) -> Value {
    let passages: Vec<Value> = copied
        .passages
        .iter()
        .map(|one| {
            json!({
                "length": one.length,
                "section": one.section.code(), "line": one.line, "text": one.text,
                "other_section": one.other_section.code(), "other_line": one.other_line,
                "other_text": one.other_text,
            })
        })
        .collect();
    json!({
        "counted": copied.counted, "copied": copied.copied, "share_permille": copied.share(), "passages": passages,
    })
}
