//! 起始目录 — the catalogues that come with the program, by kind of agency and by field of work, to begin with.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Agency, Permission as P};
use gongkai_disclosure::catalogue::{self, Line, Starting, actions, field_catalogues, starting_names};

use super::Chosen;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field};
use crate::console::entries::samples;
use crate::console::records::choose_agency;
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors, encode};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::state::App;

/// A catalogue to begin with, and how much of it is there already.
#[derive(Debug, Clone)]
pub struct StartingRow {
    pub name: String,
    pub title: String,
    /// Code, title, elements, basis and time limit of a line; whether it is there.
    pub lines: Vec<(String, String, String, String, bool)>,
    pub missing: usize,
}

impl StartingRow {
    fn of(starting: Starting, there: &[Line]) -> StartingRow {
        let lines: Vec<_> = starting
            .lines
            .into_iter()
            .map(|line| {
                let is_there = there.iter().any(|known| known.code == line.code);
                (
                    line.code,
                    line.title,
                    line.elements,
                    format!("{}　{}", line.basis, line.time_limit),
                    is_there,
                )
            })
            .collect();
        let missing = lines.iter().filter(|line| !line.4).count();
        StartingRow { name: starting.name, title: starting.title, lines, missing }
    }
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/catalogue/starting.html")]
pub struct StartingPage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_code: String,
    pub agency_field: Option<Field>,
    /// 通用和各类机关, then 试点领域.
    pub groups: Vec<(&'static str, &'static str, Vec<StartingRow>)>,
    pub errors: ErrorSummary,
}

impl StartingPage {
    fn of(chrome: Chrome, agency: &Agency, there: &[Line]) -> Result<StartingPage, PageError> {
        let row = |starting| StartingRow::of(starting, there);
        let of_kinds = starting_names().map(catalogue::starting).collect::<Result<Vec<_>, _>>()?;
        Ok(StartingPage {
            chrome: chrome.here("起始目录"),
            agency: agency.name.clone(),
            agency_code: agency.code.clone(),
            agency_field: None,
            groups: vec![
                (
                    "通用和各类机关",
                    "先加入“各机关通用”，再加入本机关这一类的。",
                    of_kinds.into_iter().map(row).collect(),
                ),
                (
                    "26个试点领域",
                    "基层政务公开标准目录的常见事项，国办发〔2019〕54号。承担哪个领域的工作，就加入哪个。",
                    field_catalogues()?.into_iter().map(row).collect(),
                ),
            ],
            errors: ErrorSummary::default(),
        })
    }

    pub fn sample() -> StartingPage {
        let chrome = Chrome::console_sample(Section::Duties).crumb("目录", "/console/catalogue");
        StartingPage::of(chrome, &samples::officer().agency, &[samples::line()]).unwrap_or_else(|_| {
            StartingPage {
                chrome: Chrome::console_sample(Section::Duties),
                agency: String::new(),
                agency_code: String::new(),
                agency_field: None,
                groups: Vec::new(),
                errors: ErrorSummary::default(),
            }
        })
    }
}

async fn starting_page(
    app: &App,
    page: &PageContext,
    signed: &Signed,
    agency: &str,
) -> Result<StartingPage, PageError> {
    let mut conn = app.db.read().await?;
    let may = |agency: &Agency| signed.staff.may(P::KeepCatalogue, &agency.id);
    let choice = choose_agency(&mut conn, &signed.staff, agency, may).await?;
    let there = catalogue::all_lines(&mut conn, &choice.chosen.id).await?;
    let chrome = page.chrome(Section::Duties).crumb("工作台", "/console").crumb("目录", "/console/catalogue");
    let mut shown = StartingPage::of(chrome, &choice.chosen, &there)?;
    shown.agency_field = choice.field();
    Ok(shown)
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    html(&starting_page(&app, &page, &signed, &chosen.agency).await?)
}

pub(crate) async fn adopt(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let agency = {
        let mut conn = app.db.read().await?;
        let may = |agency: &Agency| signed.staff.may(P::KeepCatalogue, &agency.id);
        choose_agency(&mut conn, &signed.staff, form.text("agency"), may).await?.chosen
    };
    let mut tx = app.db.begin(&signed.staff.actor(), app.now()).await?;
    let answer = actions::adopt(&mut tx, &signed.staff, &agency.id, form.text("name")).await;
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
    let mut shown = starting_page(&app, &page, &signed, &agency.code).await?;
    shown.errors = errors.summary();
    form_again(&shown)
}
