//! 索引号 — the rule by which numbers are made, numbers kept back, and every number that leads the public nowhere with its
//! reason.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Agency, Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::publishing::index_numbers::{self, Gap, Pattern, Place, Standing, USUAL, actions};
use gongkai_disclosure::time::shown_text;
use jiff::civil::Date;
use serde::Deserialize;

use super::records::choose_agency;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors, encode};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::state::App;

/// A rule with a number made by it.
#[derive(Debug, Clone)]
pub struct RuleRow {
    pub pattern: String,
    pub example: String,
    pub since: String,
    pub set: String,
    pub is_current: bool,
}

/// A number that is missing, and why.
#[derive(Debug, Clone)]
pub struct GapRow {
    pub number: String,
    pub title: String,
    pub href: Option<String>,
    pub state: Tag,
    pub why: String,
    /// When and by whom the number was given; empty when that is not on record.
    pub given_at: String,
    pub given_by: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/index_numbers.html")]
pub struct IndexNumbersPage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_code: String,
    pub agency_field: Option<Field>,
    pub rules: Vec<RuleRow>,
    pub given: usize,
    pub gaps: Vec<GapRow>,
    pub rule_fields: Vec<Field>,
    pub rule_errors: ErrorSummary,
    /// What the typed rule would give.
    pub preview: Vec<String>,
    pub reserve_fields: Vec<Field>,
    pub reserve_errors: ErrorSummary,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
}

fn example(pattern: &str, agency: &Agency, day: Date, serial: i64) -> String {
    let place =
        Place { agency_code: agency.code.clone(), region: agency.region.clone(), line_code: "01".into() };
    Pattern::read(pattern).map_or_else(|_| String::new(), |rule| rule.number(&place, day, serial))
}

impl GapRow {
    fn of(gap: Gap) -> GapRow {
        let (state, why) = match &gap.standing {
            Standing::Public => (Tag::new(Tone::Success, "已公开"), String::new()),
            Standing::Withdrawn { on, reason } => {
                (Tag::new(Tone::Neutral, "已撤回"), format!("{}撤回：{reason}", shown_text(on)))
            }
            Standing::Awaited => (Tag::new(Tone::Info, "预先编号"), "已经编号，还没有公开。".into()),
            Standing::DraftDeleted => {
                (Tag::new(Tone::Neutral, "草稿已删除"), "预先编号以后草稿删除，号不再用。".into())
            }
            Standing::Reserved => (Tag::new(Tone::Neutral, "预留"), gap.reason.clone()),
            Standing::NotForEveryone => {
                (Tag::new(Tone::Neutral, "不对外"), "现行版本不属于主动公开。".into())
            }
            Standing::Unexplained => (
                Tag::new(Tone::Overdue, "没有记录"),
                "没有这个号的编号记录，请系统管理员运行 gongkai doctor 核查。".into(),
            ),
        };
        let given_at = if gap.given_at.is_empty() { String::new() } else { shown_text(&gap.given_at) };
        GapRow {
            number: gap.number,
            title: gap.title,
            href: gap.entry_id.map(|id| format!("/console/entries/{id}")),
            state,
            why,
            given_at,
            given_by: gap.given_by,
        }
    }
}

/// What was sent and refused, by the form it came from.
#[derive(Default)]
struct Typed<'a> {
    rule: Option<(&'a Fields, FormErrors)>,
    reservation: Option<(&'a Fields, FormErrors)>,
}

async fn page_of(
    app: &App,
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    asked: &str,
    typed: Typed<'_>,
) -> Result<IndexNumbersPage, PageError> {
    let choice = choose_agency(conn, staff, asked, P::ReadDrafts).await?;
    let agency = &choice.chosen;
    let today = app.today();
    let own = index_numbers::rules(conn, &agency.id).await?;
    let current = own.iter().find(|rule| rule.since_on <= today.to_string()).map(|rule| rule.id.clone());
    let mut rules: Vec<RuleRow> = own
        .iter()
        .map(|rule| RuleRow {
            pattern: rule.pattern.clone(),
            example: example(&rule.pattern, agency, today, 1),
            since: rule.since_on.clone(),
            set: format!("{}　{}", rule.set_by_name, shown_text(&rule.set_at)),
            is_current: Some(&rule.id) == current.as_ref(),
        })
        .collect();
    rules.push(RuleRow {
        pattern: USUAL.into(),
        example: example(USUAL, agency, today, 1),
        since: "起初".into(),
        set: "系统默认".into(),
        is_current: current.is_none(),
    });
    let given = index_numbers::given(conn, &agency.id).await?;
    let gaps = index_numbers::gaps(&given);
    let mut shown = IndexNumbersPage {
        chrome: page
            .chrome(Section::Entries)
            .crumb("工作台", "/console")
            .crumb("信息", "/console/entries")
            .here("索引号"),
        agency: agency.name.clone(),
        agency_code: agency.code.clone(),
        agency_field: choice.field(),
        rules,
        given: given.len(),
        gaps: gaps.into_iter().map(GapRow::of).collect(),
        rule_fields: Vec::new(),
        rule_errors: ErrorSummary::default(),
        preview: Vec::new(),
        reserve_fields: Vec::new(),
        reserve_errors: ErrorSummary::default(),
    };
    if staff.may(P::KeepCatalogue, &agency.id) {
        shown.rule_fields = rule_fields(today);
        if let Some((form, errors)) = &typed.rule {
            shown.rule_fields = form.typed_into(std::mem::take(&mut shown.rule_fields), errors);
            shown.rule_errors = ErrorSummary::of(&shown.rule_fields);
            let pattern = form.text("pattern");
            shown.preview = [1, 2, 128]
                .into_iter()
                .map(|serial| example(pattern, agency, today, serial))
                .filter(|number| !number.is_empty())
                .collect();
        }
    }
    if staff.may(P::DraftEntries, &agency.id) {
        shown.reserve_fields = reserve_fields();
        if let Some((form, errors)) = &typed.reservation {
            shown.reserve_fields = form.typed_into(std::mem::take(&mut shown.reserve_fields), errors);
            shown.reserve_errors = ErrorSummary::of(&shown.reserve_fields);
        }
    }
    Ok(shown)
}

fn rule_fields(today: Date) -> Vec<Field> {
    vec![
        Field::line("pattern", "规则")
            .required()
            .hint(
                "固定的字母、数字照写；可以用 {机关代码}、{行政区划}、{事项编号}、{年}、{年月}，必须有 {序号:5} 和一个“/”。例如：113417020032563511/{年月}-{序号:5}",
            )
            .value(USUAL),
        Field::date("since_on", "从哪一天起用").required().value(today.to_string()),
    ]
}

fn reserve_fields() -> Vec<Field> {
    vec![
        Field::line_of("number", "count", "预留几个").required().width("w-s").value("1"),
        Field::line("reason", "原因").required().hint("例如：纸质文件补登。会写在编号缺口里。"),
    ]
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    html(&page_of(&app, &mut conn, &page, &staff, &chosen.agency, Typed::default()).await?)
}

fn here(agency: &Agency) -> String {
    format!("/console/index-numbers?agency={}", encode(&agency.code))
}

async fn agency_of(app: &App, staff: &Staff, form: &Fields, permission: P) -> Result<Agency, PageError> {
    let mut conn = app.db.read().await?;
    Ok(choose_agency(&mut conn, staff, form.text("agency"), permission).await?.chosen)
}

pub(crate) async fn set_rule(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let agency = agency_of(&app, &staff, &form, P::KeepCatalogue).await?;
    if form.text("then") == "preview" {
        let errors = Pattern::read(form.text("pattern")).err().unwrap_or_default();
        let typed = Typed { rule: Some((&form, FormErrors::of(&errors))), ..Typed::default() };
        let mut conn = app.db.read().await?;
        return Ok(
            html(&page_of(&app, &mut conn, &page, &staff, &agency.code, typed).await?)?.into_response()
        );
    }
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let (pattern, since) = (form.text("pattern"), form.text("since_on"));
    let answer = actions::set_rule(&mut tx, &staff, &agency.id, pattern, since).await;
    match settle(tx, answer).await? {
        Ok(()) => Ok(redirect_with(&here(&agency), "已设置编号规则，已经编出的号不变。")),
        Err(errors) => {
            let typed = Typed { rule: Some((&form, errors)), ..Typed::default() };
            let mut conn = app.db.read().await?;
            form_again(&page_of(&app, &mut conn, &page, &staff, &agency.code, typed).await?)
        }
    }
}

pub(crate) async fn reserve(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let agency = agency_of(&app, &staff, &form, P::DraftEntries).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let answer =
        actions::reserve(&mut tx, &staff, &agency.id, form.number("count"), form.text("reason")).await;
    match settle(tx, answer).await? {
        Ok(numbers) => {
            Ok(redirect_with(&here(&agency), &format!("已预留 {}，不再编给别的信息。", numbers.join("、"))))
        }
        Err(errors) => {
            let typed = Typed { reservation: Some((&form, errors)), ..Typed::default() };
            let mut conn = app.db.read().await?;
            form_again(&page_of(&app, &mut conn, &page, &staff, &agency.code, typed).await?)
        }
    }
}

impl IndexNumbersPage {
    pub fn sample() -> IndexNumbersPage {
        let today = jiff::civil::date(2026, 11, 2);
        let gap = |number: &str, title: &str, standing| Gap {
            number: number.into(),
            title: title.into(),
            entry_id: None,
            standing,
            given_by: "田小满".into(),
            given_at: "2026-11-02T01:00:00.000Z".into(),
            reason: "纸质文件补登".into(),
        };
        let withdrawn =
            Standing::Withdrawn { on: "2026-11-02T01:00:00.000Z".into(), reason: "金额有误".into() };
        IndexNumbersPage {
            chrome: Chrome::console_sample(Section::Entries).here("索引号"),
            agency: "松溪镇人民政府".into(),
            agency_code: "songxi".into(),
            agency_field: None,
            rules: vec![RuleRow {
                pattern: USUAL.into(),
                example: "songxi/2026-00001".into(),
                since: "起初".into(),
                set: "系统默认".into(),
                is_current: true,
            }],
            given: 128,
            gaps: [
                gap("songxi/2026-00004", "补助名单", withdrawn),
                gap("songxi/2026-00009", "", Standing::Reserved),
                gap("songxi/2026-00011", "停水通知", Standing::DraftDeleted),
                gap("songxi/2026-00012", "", Standing::Unexplained),
            ]
            .map(GapRow::of)
            .into(),
            rule_fields: rule_fields(today),
            rule_errors: ErrorSummary::default(),
            preview: vec!["songxi/2026-00001".into()],
            reserve_fields: reserve_fields(),
            reserve_errors: ErrorSummary::default(),
        }
    }

    pub fn sample_empty() -> IndexNumbersPage {
        IndexNumbersPage { given: 0, gaps: Vec::new(), ..IndexNumbersPage::sample() }
    }
}
