use serde_json::{Map, Value, json};

use super::add_up::{Addition, LeftOutReason};
use super::figures::Total;
use super::stated::{Difference, Disagreement, Explanation};
use super::value;
use crate::model::{CellAddress, ProactiveColumn, Report};
use crate::write;

/// The sum as JSON: the three tables in the shape of a report (`null` where the sum is not exact), and all that
/// one must know to rely on them.
pub fn to_value(addition: &Addition, stated: Option<(&str, &Report)>) -> Value {
    let cells = addition.cells();
    let report = write::to_value(&addition.report(""), &[]);
    let unknown: Vec<Value> = cells
        .iter()
        .filter(|&&cell| addition.total(cell).exact().is_none())
        .map(|&cell| {
            let at_least = match addition.total(cell) {
                Total::AtLeast(number) => self::number(cell, number),
                Total::Exact(_) | Total::Unknown => Value::Null,
            };
            let because: Vec<Value> = addition
                .unknown(cell)
                .map(|(member, why)| json!({"agency": member.name, "file": member.file, "why": why.code()}))
                .collect();
            json!({"cell": cell.to_string(), "at_least": at_least, "because": because})
        })
        .collect();
    let members: Vec<Value> = addition
        .members
        .iter()
        .map(|member| {
            json!({
                "agency": member.name, "file": member.file, "version": member.version, "own": member.own,
                "errors": member.errors,
                "other_form": member.other_form.iter().map(|table| table.code()).collect::<Vec<_>>(),
            })
        })
        .collect();
    let left_out: Vec<Value> = addition
        .left_out
        .iter()
        .map(|one| {
            let code = match one.reason {
                LeftOutReason::OtherYear(_) => "other_year",
                LeftOutReason::SameAs(_) => "duplicate",
                LeftOutReason::TheWhole => "the_whole",
                LeftOutReason::Unreadable(_) => "unreadable",
            };
            json!({"agency": one.name, "file": one.file, "reason": code, "words": one.reason.in_words()})
        })
        .collect();
    let conflicts: Vec<Value> = addition
        .conflicts
        .iter()
        .map(|one| {
            let cells: Vec<String> = one.cells.iter().map(ToString::to_string).collect();
            json!({"agency": one.name, "files": one.files, "cells": cells})
        })
        .collect();
    let mut object = Map::new();
    object.insert("year".into(), json!(addition.year));
    object.insert("form".into(), json!(addition.form.code()));
    object.insert("complete".into(), json!(addition.is_complete()));
    object.insert("reports".into(), Value::Array(members));
    object.insert("missing".into(), json!(addition.missing));
    object.insert("unexpected".into(), json!(addition.unexpected));
    object.insert("left_out".into(), Value::Array(left_out));
    object.insert("conflicts".into(), Value::Array(conflicts));
    for table in ["proactive", "requests", "remedies"] {
        object.insert(table.into(), report[table].clone());
    }
    object.insert("not_exact".into(), Value::Array(unknown));
    if let Some((file, stated)) = stated {
        let (differences, whole) = super::compare_with(addition, stated);
        object.insert(
            "stated".into(),
            json!({
                "file": file, "agency": stated.agency, "year": stated.year,
                "differences": differences.iter().map(difference).collect::<Vec<_>>(),
                "explanation": suspects(&whole),
            }),
        );
    }
    Value::Object(object)
}

fn difference(one: &Difference) -> Value {
    let (kind, by) = match one.disagreement {
        Disagreement::By(by) => ("differs", number(one.address, by)),
        Disagreement::BelowKnown(by) => ("below_known", number(one.address, -by)),
        Disagreement::Undecided => ("undecided", Value::Null),
    };
    let sum = match one.sum {
        Total::Exact(sum) => number(one.address, sum),
        Total::AtLeast(_) | Total::Unknown => Value::Null,
    };
    json!({
        "cell": one.address.to_string(),
        "kind": kind,
        "sum": sum,
        "stated": one.stated.map(|stated| number(one.address, stated.into())),
        "difference": by,
        "follows_from_others": one.follows,
        "suspects": suspects(&one.suspects),
    })
}

fn suspects(list: &[(String, Explanation)]) -> Vec<Value> {
    list.iter()
        .map(|(agency, explanation)| {
            let code = match explanation {
                Explanation::LeftOut => "left_out",
                Explanation::AddedTwice => "added_twice",
            };
            json!({"agency": agency, "as_if": code})
        })
        .collect()
}

/// Counts as numbers, money as the text a report prints, as the contract has it.
pub(crate) fn number(address: CellAddress, number: i128) -> Value {
    let is_money =
        matches!(address, CellAddress::Proactive(_, ProactiveColumn::Amount10kCny | ProactiveColumn::Amount));
    match i64::try_from(number) {
        Ok(count) if !is_money => json!(count),
        _ => json!(value::in_words(address, number)),
    }
}
