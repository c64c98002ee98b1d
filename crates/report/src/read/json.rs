//! The contract's JSON read back: `null` is lost unless `without_value` says that it is blank or an explicit none.

use serde_json::Value;

use super::Reading;
use super::export::{self, Export};
use super::number::amount_10k;
use crate::model::{
    Cell, CellAddress, Content, OfficialForm, Paragraph, ProactiveColumn, ProactiveTable, RemediesTable,
    Report, RequestRow, RequestsTable, Section, Sections, TableName,
};

pub(super) fn read(text: &str) -> Result<Reading, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        format!("不是完好的 JSON（第{}行第{}列有语法错误）。请重新导出后再试", error.line(), error.column())
    })?;
    if let Some(export) = export::read(&value) {
        return Ok(from_export(&export));
    }
    let tables = TableName::ALL.iter().filter(|table| value[table.code()].is_object()).count();
    if tables == 0 && !value["sections"].is_object() {
        return Err("这份 JSON 里没有年度报告的三张表和各部分文字。请确认选对了文件".to_owned());
    }
    let year = value["year"].as_i64().and_then(|year| i16::try_from(year).ok());
    let forms = &value["form"];
    let named = |table: TableName| OfficialForm::from_code(forms[table.code()].as_str()?);
    let expected = year.map(OfficialForm::for_year);
    // As every reader has it: the form of the year, or that of a table that is there.
    let found = named(TableName::Requests).or_else(|| named(TableName::Proactive));
    let fallback = expected.or(found).unwrap_or(OfficialForm::F2021);
    // Where no forms are named at all, a table that is there has that of its year.
    let of_year = |table: TableName| forms.is_null() && value[table.code()].is_object();
    let form = |table: TableName| named(table).or_else(|| of_year(table).then_some(fallback));
    let mut report = Report {
        agency: value["agency"].as_str().filter(|name| !name.is_empty()).map(str::to_owned),
        year,
        lead: Vec::new(),
        sections: Sections::default(),
        proactive: form(TableName::Proactive).map_or_else(
            || ProactiveTable::absent(fallback),
            |form| ProactiveTable::filled(form, Content::Lost),
        ),
        requests: form(TableName::Requests).map_or_else(
            || RequestsTable::absent(fallback),
            |form| RequestsTable::filled(form, Content::Lost),
        ),
        remedies: form(TableName::Remedies).map_or_else(
            || RemediesTable::absent(fallback),
            |form| RemediesTable::filled(form, Content::Lost),
        ),
    };
    let lead = value["lead"].as_array().into_iter().flatten().filter_map(Value::as_str);
    report.lead = lead.map(|text| Paragraph { text: text.to_owned(), at: None }).collect();
    for section in Section::ALL {
        if let Some(text) = value["sections"][section.code()].as_str() {
            report.sections.set_text(section, text);
        }
    }
    // A table that is not there holds nothing.
    let is_there = |address: &CellAddress| report.form(address.table()).is_some();
    let addresses: Vec<CellAddress> = report.cells().map(|view| view.address).filter(is_there).collect();
    for address in addresses {
        let found = &value[address.table().code()][address.row_code()][address.column_code()];
        let told = value["without_value"][address.to_string()].as_str();
        let without_value = match told {
            Some(crate::write::BLANK) => Some(Content::Blank),
            Some(crate::write::NONE) => Some(Content::ExplicitNone),
            _ => None,
        };
        let read = without_value.filter(|_| found.is_null()).map(Cell::new);
        report.put(address, read.unwrap_or_else(|| cell(address, found)));
    }
    Ok(Reading::of(report, Vec::new(), None))
}

/// Tables that the export lacks are absent; cells it lacks are lost.
fn from_export(export: &Export) -> Reading {
    let one_row = export.requests.iter().any(|(row, ..)| *row == RequestRow::OtherHandling);
    let requests = if one_row { OfficialForm::F2019 } else { OfficialForm::F2021 };
    // As above: what is written of this report is read as the same.
    let fallback = export.year.map_or(requests, OfficialForm::for_year);
    let mut report = Report {
        agency: export.agency.clone(),
        year: export.year,
        lead: Vec::new(),
        sections: Sections::default(),
        proactive: ProactiveTable::absent(fallback),
        requests: RequestsTable::absent(fallback),
        remedies: RemediesTable::absent(fallback),
    };
    for (section, text) in &export.sections {
        report.sections.set_text(*section, text);
    }
    if !export.proactive.is_empty() {
        report.proactive = ProactiveTable::filled(OfficialForm::F2021, Content::Lost);
        for &(row, index, value) in &export.proactive {
            if let Some(&column) = row.columns(OfficialForm::F2021).get(index) {
                let address = CellAddress::Proactive(row, column);
                report.proactive.put(row, column, cell(address, value));
            }
        }
    }
    if !export.requests.is_empty() {
        report.requests = RequestsTable::filled(requests, Content::Lost);
        for &(row, column, value) in &export.requests {
            report.requests.put(row, column, cell(CellAddress::Requests(row, column), value));
        }
    }
    if !export.remedies.is_empty() {
        report.remedies = RemediesTable::filled(requests, Content::Lost);
        for &(row, column, value) in &export.remedies {
            report.remedies.put(row, column, cell(CellAddress::Remedies(row, column), value));
        }
    }
    Reading::of(report, Vec::new(), None)
}

fn cell(address: CellAddress, value: &Value) -> Cell {
    let content = match address {
        CellAddress::Proactive(_, ProactiveColumn::Amount10kCny) => match value {
            Value::String(text) => amount_10k(text),
            Value::Number(number) => amount_10k(&number.to_string()),
            _ => Content::Lost,
        },
        CellAddress::Proactive(_, ProactiveColumn::Amount) => {
            value.as_str().map_or(Content::Lost, |text| Content::Amount(text.to_owned()))
        }
        _ if value.as_str().is_some_and(|text| text.trim().is_empty()) => Content::Blank,
        _ => export::number(value).map_or(Content::Lost, Content::Count),
    };
    let unreadable = content == Content::Lost && !value.is_null();
    Cell { printed: unreadable.then(|| value.to_string()), ..Cell::new(content) }
}
