//! 起始目录 — the catalogues that come with the program, by kind of agency and by field of work. Whoever keeps the catalogue
//! chooses from one, line by line; those of the agency's own level are chosen beforehand.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Agency, AgencyKind, Permission as P};
use gongkai_disclosure::catalogue::{
    self, Line, Starting, StartingLine, actions, field_catalogues, find_starting, method_label,
    starting_names,
};
use serde::Deserialize;

use crate::auth::Signed;
use crate::components::{ErrorSummary, Field};
use crate::console::entries::samples;
use crate::console::records::choose_agency;
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors, encode};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::portal::wording::short_category;
use crate::state::App;

/// A catalogue to begin with, and how much of it is there already.
#[derive(Debug, Clone)]
pub struct StartingRow {
    pub title: String,
    pub href: String,
    pub lines: usize,
    pub there: usize,
}

impl StartingRow {
    fn of(starting: &Starting, agency: &Agency, there: &BTreeSet<&str>) -> StartingRow {
        StartingRow {
            title: starting.title.clone(),
            href: format!("/console/catalogue/starting/{}?agency={}", starting.name, encode(&agency.code)),
            lines: starting.lines.len(),
            there: starting.lines.iter().filter(|line| there.contains(line.code.as_str())).count(),
        }
    }

    pub fn is_whole(&self) -> bool {
        self.there == self.lines
    }
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/catalogue/starting.html")]
pub struct StartingPage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_field: Option<Field>,
    /// 通用和各类机关, then 试点领域.
    pub groups: Vec<(&'static str, &'static str, Vec<StartingRow>)>,
}

fn codes(there: &[Line]) -> BTreeSet<&str> {
    there.iter().map(|line| line.code.as_str()).collect()
}

impl StartingPage {
    fn of(chrome: Chrome, agency: &Agency, there: &[Line]) -> Result<StartingPage, PageError> {
        let there = codes(there);
        let row = |starting: &Starting| StartingRow::of(starting, agency, &there);
        let of_kinds = starting_names().map(catalogue::starting).collect::<Result<Vec<_>, _>>()?;
        Ok(StartingPage {
            chrome: chrome.here("起始目录"),
            agency: agency.name.clone(),
            agency_field: None,
            groups: vec![
                (
                    "通用和各类机关",
                    "先加入“各机关通用”，再加入本机关这一类的。",
                    of_kinds.iter().map(row).collect(),
                ),
                (
                    "26个试点领域",
                    "基层政务公开标准目录的常见事项，国办发〔2019〕54号。承担哪个领域的工作，就从哪个领域选。",
                    field_catalogues()?.iter().map(row).collect(),
                ),
            ],
        })
    }

    pub fn sample() -> StartingPage {
        let chrome = Chrome::console_sample(Section::Duties).crumb("目录", "/console/catalogue");
        let empty = StartingPage {
            chrome: chrome.clone(),
            agency: String::new(),
            agency_field: None,
            groups: Vec::new(),
        };
        StartingPage::of(chrome, &samples::officer().agency, &[samples::line()]).unwrap_or(empty)
    }
}

/// A line to choose.
#[derive(Debug, Clone)]
pub struct Choice {
    pub line: StartingLine,
    /// It is in the agency's catalogue already.
    pub is_there: bool,
    pub is_chosen: bool,
}

impl Choice {
    pub fn method(&self) -> &'static str {
        method_label(&self.line.method)
    }
}

/// Which lines are chosen beforehand.
#[derive(Debug, Clone)]
enum Beforehand {
    /// Those of the agency's level.
    Own,
    All,
    None,
    /// As the form was sent.
    Sent(Vec<String>),
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/catalogue/starting_lines.html")]
pub struct StartingLinesPage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_code: String,
    pub name: String,
    pub title: String,
    /// 一级事项 with its lines; by the category of the Regulations where a catalogue has no 一级事项.
    pub groups: Vec<(String, Vec<Choice>)>,
    pub there: usize,
    pub missing: usize,
    /// 县级, or 乡级 and 村级, when the lines of that level were chosen beforehand.
    pub level: Option<&'static str>,
    pub all_href: String,
    pub none_href: String,
    pub back_href: String,
    pub errors: ErrorSummary,
}

impl StartingLinesPage {
    fn of(
        chrome: Chrome,
        agency: &Agency,
        there: &[Line],
        starting: Starting,
        beforehand: &Beforehand,
    ) -> StartingLinesPage {
        let there = codes(there);
        let kind = AgencyKind::from_code(&agency.kind);
        let mut groups: Vec<(String, Vec<Choice>)> = Vec::new();
        for line in starting.lines {
            let is_there = there.contains(line.code.as_str());
            let is_chosen = !is_there
                && match beforehand {
                    Beforehand::Own => line.is_of(kind),
                    Beforehand::All => true,
                    Beforehand::None => false,
                    Beforehand::Sent(codes) => codes.contains(&line.code),
                };
            let title =
                if line.topic.is_empty() { short_category(&line.category) } else { line.topic.clone() };
            let choice = Choice { line, is_there, is_chosen };
            match groups.iter_mut().find(|(known, _)| *known == title) {
                Some((_, choices)) => choices.push(choice),
                None => groups.push((title, vec![choice])),
            }
        }
        let all = groups.iter().flat_map(|(_, choices)| choices);
        let (total, there) = (all.clone().count(), all.filter(|choice| choice.is_there).count());
        let code = encode(&agency.code);
        let own = format!("/console/catalogue/starting/{}?agency={code}", starting.name);
        let back_href = format!("/console/catalogue/starting?agency={code}");
        StartingLinesPage {
            chrome: chrome.crumb("起始目录", &back_href).here(&starting.title),
            agency: agency.name.clone(),
            agency_code: agency.code.clone(),
            name: starting.name,
            title: starting.title,
            groups,
            there,
            missing: total - there,
            level: match (beforehand, kind) {
                (Beforehand::Own, Some(AgencyKind::Town | AgencyKind::Subdistrict)) => Some("乡级、村级"),
                (Beforehand::Own, _) => Some("县级"),
                _ => None,
            },
            all_href: format!("{own}&choose=all"),
            none_href: format!("{own}&choose=none"),
            back_href,
            errors: ErrorSummary::default(),
        }
    }

    pub fn sample() -> StartingLinesPage {
        let chrome = Chrome::console_sample(Section::Duties).crumb("目录", "/console/catalogue");
        let nothing = Starting { name: "none".into(), title: "没有".into(), lines: Vec::new() };
        let starting = catalogue::starting("field_07").unwrap_or(nothing);
        let there = Line { code: "L07-1".into(), ..samples::line() };
        StartingLinesPage::of(chrome, &samples::officer().agency, &[there], starting, &Beforehand::Own)
    }

    pub fn sample_whole() -> StartingLinesPage {
        let mut page = StartingLinesPage::sample();
        for (_, choices) in &mut page.groups {
            for choice in choices {
                (choice.is_there, choice.is_chosen) = (true, false);
            }
        }
        (page.there, page.missing) = (page.there + page.missing, 0);
        page
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
    /// `all` or `none`; those of the agency's level otherwise.
    choose: String,
}

/// The agency whose catalogue is kept, and its lines.
async fn kept(
    app: &App,
    signed: &Signed,
    agency: &str,
) -> Result<(Agency, Option<Field>, Vec<Line>), PageError> {
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, &signed.staff, agency, P::KeepCatalogue).await?;
    let lines = catalogue::all_lines(&mut conn, &choice.chosen.id).await?;
    let field = choice.field();
    Ok((choice.chosen, field, lines))
}

fn chrome(page: &PageContext) -> Chrome {
    page.chrome(Section::Duties).crumb("工作台", "/console").crumb("目录", "/console/catalogue")
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let (agency, field, there) = kept(&app, &signed, &chosen.agency).await?;
    let mut shown = StartingPage::of(chrome(&page), &agency, &there)?;
    shown.agency_field = field;
    html(&shown)
}

pub(crate) async fn show_lines(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(name): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let starting = find_starting(&name)?.ok_or(PageError::NotFound)?;
    let (agency, _, there) = kept(&app, &signed, &chosen.agency).await?;
    let beforehand = match chosen.choose.as_str() {
        "all" => Beforehand::All,
        "none" => Beforehand::None,
        _ => Beforehand::Own,
    };
    html(&StartingLinesPage::of(chrome(&page), &agency, &there, starting, &beforehand))
}

pub(crate) async fn adopt(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(name): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let starting = find_starting(&name)?.ok_or(PageError::NotFound)?;
    let (agency, _, there) = kept(&app, &signed, form.text("agency")).await?;
    let codes: Vec<&str> = form.all("line").collect();
    let mut tx = app.db.begin(&signed.staff.actor(), app.now()).await?;
    let answer = actions::adopt(&mut tx, &signed.staff, &agency.id, &name, &codes).await;
    let errors: FormErrors = match settle(tx, answer).await? {
        Ok(added) => {
            let to = format!("/console/catalogue?agency={}", encode(&agency.code));
            return Ok(redirect_with(
                &to,
                &format!("已加入 {added} 个事项，请按本机关的情况修改责任部门和时限。"),
            ));
        }
        Err(errors) => errors,
    };
    let sent = Beforehand::Sent(codes.iter().map(|code| (*code).to_owned()).collect());
    let mut shown = StartingLinesPage::of(chrome(&page), &agency, &there, starting, &sent);
    shown.errors = errors.summary();
    form_again(&shown)
}
