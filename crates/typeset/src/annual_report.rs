//! 政府信息公开工作年度报告 — the annual report on paper, from the table description that all other formats print.

use gongkai_report::model::{Paragraph, Report};
use gongkai_report::write::{Grid, GridCell, parts, subheading, title};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use crate::writing::printable;
use crate::{Document, Engine, NotLaidOut, Template};

const TEMPLATE: Template =
    Template { name: "annual_report", source: include_str!("../templates/annual_report.typ") };

/// How many characters of the title's 二号 stand on a line.
const TITLE_WIDTH_EM: usize = 20;

/// The report in the official layout.
pub fn lay_out<'a>(engine: &'a Engine, report: &Report) -> Result<Document<'a>, NotLaidOut> {
    engine.lay_out(TEMPLATE, &data(report))
}

/// The day that stands in the file when no other is given: the first after the year that is reported on. It depends on
/// the report alone, so the same report gives the same bytes on any day.
pub fn usual_day(report: &Report) -> Date {
    // A report that names no year: the day the Regulations came into force.
    report.year.and_then(|year| Date::new(year + 1, 1, 1).ok()).unwrap_or(date(2019, 5, 15))
}

fn data(report: &Report) -> Value {
    let parts: Vec<Value> = parts(report)
        .iter()
        .map(|part| {
            json!({
                "heading": part.heading(),
                "paragraphs": paragraphs(part.paragraphs),
                "table": part.grid.as_ref().map(table),
            })
        })
        .collect();
    json!({
        "title": printable(&title(report)),
        "title_lines": title_lines(report),
        "agency": printable(report.agency.as_deref().unwrap_or_default()),
        "lead": paragraphs(&report.lead),
        "parts": parts,
    })
}

/// A title that does not fit on a line is broken after the agency's name, not within a word.
fn title_lines(report: &Report) -> Vec<String> {
    let title = printable(&title(report));
    let agency = printable(report.agency.as_deref().unwrap_or_default());
    let width: usize = title.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    match title.strip_prefix(&agency) {
        Some(rest) if !agency.is_empty() && width > 2 * TITLE_WIDTH_EM => vec![agency, rest.to_owned()],
        _ => vec![title],
    }
}

fn paragraphs(paragraphs: &[Paragraph]) -> Vec<Value> {
    let one = |paragraph: &Paragraph| {
        let (heading, rest) = paragraph.text.split_at(subheading(&paragraph.text));
        json!({ "subheading": printable(heading), "text": printable(rest) })
    };
    paragraphs.iter().map(one).collect()
}

/// Runs of rows that head columns, which repeat on every page, and the rows below each.
fn table(grid: &Grid) -> Value {
    let mut blocks: Vec<(bool, Vec<Value>)> = Vec::new();
    for row in &grid.rows {
        let heads_columns = row.iter().all(|cell| cell.header);
        let cells: Vec<Value> = row.iter().map(|cell| table_cell(cell, heads_columns)).collect();
        match blocks.last_mut() {
            Some((heads, block)) if *heads == heads_columns => block.extend(cells),
            _ => blocks.push((heads_columns, cells)),
        }
    }
    let blocks: Vec<Value> =
        blocks.into_iter().map(|(heads, cells)| json!({ "heads": heads, "cells": cells })).collect();
    json!({ "caption": grid.caption, "columns": grid.columns, "rows": grid.rows.len(), "blocks": blocks })
}

fn table_cell(cell: &GridCell, heads_columns: bool) -> Value {
    let kind = match (cell.header, heads_columns) {
        (false, _) => "value",
        (true, true) => "column",
        (true, false) => "row",
    };
    json!({
        "text": printable(&cell.text),
        "colspan": cell.colspan,
        "rowspan": cell.rowspan,
        "kind": kind,
    })
}
