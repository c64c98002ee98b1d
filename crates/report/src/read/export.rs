//! The export of a report system, in which each table is an object by kind of applicant:
//! `{"tableData": {"naturalPerson": {"newReceived": 12, "results": {"granted": 5, "denied": {"stateSecret": 0, …}}}}}`.
//!
//! What its keys name is taken by name. The lists under them follow the form, so their members are taken in its
//! order, and only where there are as many as the form has rows.

use serde_json::{Map, Value};

use super::headings::heading;
use super::title::named_report;
use crate::model::{ApplicantColumn, ProactiveRow, RemedyColumn, RemedyRow, RequestRow, Section};

/// What an export holds.
#[derive(Debug, Default)]
pub(super) struct Export<'v> {
    pub(super) agency: Option<String>,
    pub(super) year: Option<i16>,
    pub(super) sections: Vec<(Section, &'v str)>,
    pub(super) proactive: Vec<(ProactiveRow, usize, &'v Value)>,
    pub(super) requests: Vec<(RequestRow, ApplicantColumn, &'v Value)>,
    pub(super) remedies: Vec<(RemedyRow, RemedyColumn, &'v Value)>,
}

pub(super) fn read(value: &Value) -> Option<Export<'_>> {
    let mut export = Export::default();
    export.look(value, 0);
    let found = !export.requests.is_empty() || !export.remedies.is_empty();
    found.then_some(export)
}

impl<'v> Export<'v> {
    fn look(&mut self, value: &'v Value, depth: usize) {
        const DEPTH: usize = 12;
        if depth > DEPTH {
            return;
        }
        match value {
            Value::Object(fields) => self.look_at(fields, depth),
            Value::Array(items) => items.iter().for_each(|item| self.look(item, depth + 1)),
            _ => {}
        }
    }

    fn look_at(&mut self, fields: &'v Map<String, Value>, depth: usize) {
        if fields.contains_key("naturalPerson") && self.requests.is_empty() {
            self.applicants(fields);
            return;
        }
        if fields.contains_key("review") && self.remedies.is_empty() {
            self.blocks(fields);
            return;
        }
        if self.proactive.is_empty() && self.rows(fields) {
            return;
        }
        if let Some(year) = fields.get("year").and_then(number) {
            self.year = self.year.or(i16::try_from(year).ok());
        }
        for key in ["agency", "unitName", "unit_name", "unit", "organization"] {
            if let (None, Some(Value::String(name))) = (&self.agency, fields.get(key)) {
                self.agency = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
            }
        }
        if let Some(Value::String(title)) = fields.get("title").or_else(|| fields.get("heading")) {
            let text = fields.get("content").or_else(|| fields.get("text")).and_then(Value::as_str);
            if let Some((section, _)) = heading(title) {
                self.sections.push((section, text.unwrap_or_default()));
            } else if let Some((agency, year)) = named_report(&super::labels::fold(title)) {
                self.agency = self.agency.take().or(agency);
                self.year = self.year.or(year);
            }
        }
        fields.values().for_each(|field| self.look(field, depth + 1));
    }

    fn applicants(&mut self, fields: &'v Map<String, Value>) {
        let mut columns = vec![(ApplicantColumn::NaturalPerson, fields.get("naturalPerson"))];
        columns.push((ApplicantColumn::Total, fields.get("total")));
        if let Some(Value::Object(kinds)) = fields.get("legalPerson")
            && kinds.len() == ApplicantColumn::KINDS.len() - 1
        {
            columns.extend(ApplicantColumn::KINDS[1..].iter().copied().zip(kinds.values().map(Some)));
        }
        for (column, values) in columns {
            if let Some(Value::Object(values)) = values {
                self.requests.extend(outcomes(values).into_iter().map(|(row, value)| (row, column, value)));
            }
        }
    }

    fn blocks(&mut self, fields: &'v Map<String, Value>) {
        const BLOCKS: [(RemedyRow, &str); 3] = [
            (RemedyRow::Reconsideration, "review"),
            (RemedyRow::DirectLitigation, "litigationDirect"),
            (RemedyRow::LitigationAfterReconsideration, "litigationPostReview"),
        ];
        const COLUMNS: [(RemedyColumn, &str); 5] = [
            (RemedyColumn::Upheld, "maintain"),
            (RemedyColumn::Corrected, "correct"),
            (RemedyColumn::OtherResult, "other"),
            (RemedyColumn::Pending, "unfinished"),
            (RemedyColumn::Total, "total"),
        ];
        for (row, block) in BLOCKS {
            for (column, key) in COLUMNS {
                let value = fields.get(block).and_then(|block| block.get(key));
                self.remedies.extend(value.map(|value| (row, column, value)));
            }
        }
    }

    /// The table of part 二: six rows of the form of 2021, the first two with three values, the others with one.
    fn rows(&mut self, fields: &'v Map<String, Value>) -> bool {
        const ROWS: [(ProactiveRow, usize); 6] = [
            (ProactiveRow::Rules, 3),
            (ProactiveRow::NormativeDocuments, 3),
            (ProactiveRow::Licenses, 1),
            (ProactiveRow::Penalties, 1),
            (ProactiveRow::Compulsions, 1),
            (ProactiveRow::AdministrativeFees, 1),
        ];
        let values = |value: &'v Value| match value {
            Value::Object(fields) => fields.values().collect::<Vec<_>>(),
            other => vec![other],
        };
        let fits = fields.len() == ROWS.len()
            && fields.values().zip(ROWS).all(|(value, (_, count))| {
                let values = values(value);
                values.len() == count && values.iter().all(|value| !value.is_object() && !value.is_array())
            });
        if fits {
            for (value, (row, _)) in fields.values().zip(ROWS) {
                self.proactive
                    .extend(values(value).into_iter().enumerate().map(|(index, of)| (row, index, of)));
            }
        }
        fits
    }
}

/// The rows of one kind of applicant.
fn outcomes(values: &Map<String, Value>) -> Vec<(RequestRow, &Value)> {
    use RequestRow as R;
    let rows_of = |prefix: &str| -> Vec<R> {
        R::ALL.iter().copied().filter(|row| row.code().starts_with(prefix)).collect()
    };
    let mut found = Vec::new();
    for (key, value) in values {
        match (key.as_str(), value) {
            ("newReceived", value) => found.push((R::Received, value)),
            ("carriedOver", value) => found.push((R::CarriedFromLastYear, value)),
            ("carriedForward", value) => found.push((R::CarriedToNextYear, value)),
            ("results", Value::Object(results)) => found.extend(outcomes(results)),
            ("totalProcessed", value) => found.push((R::Total, value)),
            ("granted", value) => found.push((R::Disclosed, value)),
            (key, value) if key.starts_with("part") => found.push((R::PartlyDisclosed, value)),
            ("denied", Value::Object(reasons)) => list(&mut found, &rows_of("not_disclosed."), reasons),
            (key, Value::Object(reasons)) if key.starts_with("unable") => {
                list(&mut found, &rows_of("unable_to_provide."), reasons);
            }
            (key, Value::Object(reasons)) if key.starts_with("notProcess") => {
                list(&mut found, &rows_of("not_processed."), reasons);
            }
            (key, Value::Object(reasons)) if key.starts_with("other") => {
                list(&mut found, &rows_of("other_handling."), reasons);
            }
            (key, value) if key.starts_with("other") => found.push((R::OtherHandling, value)),
            _ => {}
        }
    }
    found
}

fn list<'v>(found: &mut Vec<(RequestRow, &'v Value)>, rows: &[RequestRow], values: &'v Map<String, Value>) {
    if values.len() == rows.len() {
        found.extend(rows.iter().copied().zip(values.values()));
    }
}

/// A whole number, also as text.
pub(super) fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}
