//! 文字部分 — the editor of one part: its words, the figures linked in them, templates, and last year's text.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::reporting::{
    Piece, ReportingRefusal, TextPart, YearLedger, actions, copied_share, last_year, linked, texts,
};
use jiff::civil::Date;
use serde::Deserialize;

use super::{base, ledger};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, Link, Tag, Tone};
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::state::App;

/// A piece of a text as the editor shows it.
#[derive(Debug, Clone)]
pub struct PieceView {
    pub words: String,
    /// The records behind it, where it is a linked figure.
    pub href: Option<String>,
    /// 新收申请
    pub name: String,
    /// What the ledger says now, where that is something else.
    pub now: Option<String>,
}

/// A figure that can be put into the text.
#[derive(Debug, Clone)]
pub struct Insertable {
    pub name: String,
    /// As it is typed: {新收申请}
    pub token: String,
    pub value: String,
    pub href: String,
}

#[derive(Debug, Clone)]
pub struct InsertableGroup {
    pub heading: String,
    pub figures: Vec<Insertable>,
}

/// A part on the report's page.
#[derive(Debug, Clone)]
pub struct TextLine {
    pub label: &'static str,
    pub state: Tag,
    /// The editor, for those who write.
    pub href: Option<String>,
    /// How many figures the ledger no longer says.
    pub moved: usize,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/annual_reports/text.html")]
pub struct TextPage {
    pub chrome: Chrome,
    pub title: &'static str,
    pub report: String,
    /// The address of this page.
    pub base: String,
    /// How the text below came to be there, when it is not the saved one.
    pub origin: String,
    pub field: Field,
    pub errors: ErrorSummary,
    /// The text line by line with its figures.
    pub preview: Vec<Vec<PieceView>>,
    pub moved: usize,
    /// Other texts to begin with.
    pub beginnings: Vec<Link>,
    /// 与上年相同 32.5%
    pub copied: Option<Tag>,
    pub groups: Vec<InsertableGroup>,
    pub year: i16,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    from: String,
}

/// The parts with where each stands.
pub(super) fn lines(ledger: &YearLedger, staff: &Staff) -> Vec<TextLine> {
    let may = staff.may(P::CompileReport, &ledger.agency.id);
    let base = base(&ledger.agency, ledger.period.year);
    let line = |part: &TextPart| {
        let text = ledger.texts.get(part);
        let state = match text {
            Some(_) => Tag::new(Tone::Success, "已写"),
            None if part.is_compiled() => Tag::new(Tone::Neutral, "由台账生成"),
            None if part.is_needed() => Tag::new(Tone::Warning, "待撰写"),
            None => Tag::new(Tone::Neutral, "没有另写"),
        };
        TextLine {
            label: part.label(),
            state,
            href: may.then(|| format!("{base}/texts/{}", part.code())),
            moved: text.map_or(0, |text| ledger.moved(text).len()),
        }
    };
    TextPart::ALL.iter().map(line).collect()
}

fn part_of(code: &str) -> Result<TextPart, PageError> {
    TextPart::from_code(code).ok_or(PageError::NotFound)
}

pub(crate) async fn edit(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path((code, year, part)): Path<(String, i16, String)>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse, PageError> {
    let part = part_of(&part)?;
    let mut conn = app.db.read().await?;
    let ledger = to_write(&app, &mut conn, &staff, &code, year).await?;
    let (text, origin) = beginning(&mut conn, &ledger, part, &asked.from).await?;
    html(&text_page(&mut conn, &page, &ledger, part, text, origin, &[], app.today()).await?)
}

async fn to_write(
    app: &App,
    conn: &mut Conn,
    staff: &Staff,
    code: &str,
    year: i16,
) -> Result<YearLedger, PageError> {
    let ledger = ledger(app, conn, staff, code, year).await?;
    if staff.may(P::CompileReport, &ledger.agency.id) { Ok(ledger) } else { Err(PageError::Forbidden) }
}

/// The text to show, and where it comes from when it is not the saved one.
async fn beginning(
    conn: &mut Conn,
    ledger: &YearLedger,
    part: TextPart,
    from: &str,
) -> Result<(String, String), PageError> {
    let saved = ledger.texts.get(&part).cloned();
    let year = ledger.period.year;
    Ok(match (from, saved) {
        ("template", _) => {
            (ledger.beginning(part), "下面是按模板和现在的台账生成的文字，还没有保存。".to_owned())
        }
        ("last-year", _) => {
            let last = texts(conn, &ledger.agency.id, year - 1).await?.remove(&part).unwrap_or_default();
            (
                ledger.followed(&last),
                format!(
                    "下面是 {} 年度的文字，联动数字已换成本年度的，还没有保存。请改写成本年度的情况。",
                    year - 1
                ),
            )
        }
        (_, Some(saved)) => (saved, String::new()),
        (_, None) => {
            let origin = if part.is_compiled() {
                "这一部分还没有另写，报告里就是下面由台账生成的文字，并一直跟随台账。保存以后以保存的为准。"
            } else {
                "这一部分还没有写，下面是模板给的开头。"
            };
            (ledger.beginning(part), origin.to_owned())
        }
    })
}

#[allow(clippy::too_many_arguments)] // one page from everything it shows
async fn text_page(
    conn: &mut Conn,
    page: &PageContext,
    ledger: &YearLedger,
    part: TextPart,
    text: String,
    origin: String,
    reasons: &[ReportingRefusal],
    today: Date,
) -> Result<TextPage, PageError> {
    let (agency, year) = (&ledger.agency, ledger.period.year);
    let report = base(agency, year);
    let here = format!("{report}/texts/{}", part.code());
    let has_last = texts(conn, &agency.id, year - 1).await?.contains_key(&part);
    let mut beginnings = vec![Link::new("用模板和台账数字重新开头", format!("{here}?from=template"))];
    if has_last {
        beginnings.push(Link::new("带入上年文字", format!("{here}?from=last-year")));
    }
    let before = match part {
        TextPart::ProblemsAndImprovements => last_year(conn, agency, year, today).await?,
        _ => None,
    };
    let share = before.and_then(|before| copied_share(&linked::spoken(&text), &before));
    let copied = share.filter(|share| *share > 0).map(|share| {
        let tone = if share >= 300 { Tone::Warning } else { Tone::Neutral };
        Tag::new(tone, format!("与上年相同 {}.{}%", share / 10, share % 10))
    });
    let mut errors = ErrorSummary::default();
    for reason in reasons {
        errors = errors.and(reason.to_string());
    }
    Ok(TextPage {
        chrome: page
            .chrome(Section::Reporting)
            .crumb("工作台", "/console")
            .crumb("年度报告", format!("/console/annual-reports?year={year}"))
            .crumb(format!("{} {year} 年度", agency.name), &report)
            .here(part.label()),
        title: part.label(),
        report,
        moved: ledger.moved(&text).len(),
        preview: preview(ledger, &text),
        field: Field::text("body", "文字", 10).value(&text).hint(
            "花括号里是联动数字，例如 {新收申请=12}：报告里印出 12；台账变了，这里并列新旧两个数，由您确认跟随。名称见下方“可以插入的数字”，写 {新收申请} 保存后自动填数。手写的数字不联动，由自查核对。",
        ),
        base: here,
        origin,
        errors,
        beginnings,
        copied,
        groups: groups(ledger),
        year,
    })
}

fn preview(ledger: &YearLedger, text: &str) -> Vec<Vec<PieceView>> {
    let base = base(&ledger.agency, ledger.period.year);
    let view = |piece: Piece| match piece {
        Piece::Words(words) => PieceView { words, href: None, name: String::new(), now: None },
        Piece::Unknown(name) => {
            PieceView { words: format!("{{{name}}}"), href: None, name: String::new(), now: None }
        }
        Piece::Linked(linked) => {
            let now = ledger.said(&linked.figure);
            let said = linked.said.unwrap_or_else(|| now.clone());
            PieceView {
                href: Some(format!("{base}/cells/{}", linked.figure)),
                name: linked::name_of(&linked.figure),
                now: (now != said).then_some(now),
                words: said,
            }
        }
    };
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| linked::pieces(line).into_iter().map(view).collect()).collect()
}

/// The figures by the word before the dot of their names; zeros of the long lists are left out.
fn groups(ledger: &YearLedger) -> Vec<InsertableGroup> {
    let base = base(&ledger.agency, ledger.period.year);
    let mut groups: Vec<InsertableGroup> = Vec::new();
    for (name, figure) in linked::names() {
        let (heading, value) = (name.split_once('·').map_or("常用", |(group, _)| group), ledger.said(figure));
        if heading != "常用" && value == "0" {
            continue;
        }
        let insertable = Insertable {
            token: format!("{{{name}}}"),
            name: name.clone(),
            value,
            href: format!("{base}/cells/{figure}"),
        };
        match groups.iter_mut().find(|group| group.heading == heading) {
            Some(group) => group.figures.push(insertable),
            None => groups.push(InsertableGroup { heading: heading.to_owned(), figures: vec![insertable] }),
        }
    }
    groups
}

/// The figures of section one beyond the tiles.
pub(super) fn more(ledger: &YearLedger) -> Vec<InsertableGroup> {
    let shown = ["目录", "区县目录", "镇街目录", "体裁", "解读", "渠道", "来信"];
    let mut groups = groups(ledger);
    groups.retain(|group| shown.contains(&group.heading.as_str()));
    groups
}

pub(crate) async fn save(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path((code, year, part)): Path<(String, i16, String)>,
    form: Fields,
) -> Result<Response, PageError> {
    let part = part_of(&part)?;
    let mut conn = app.db.read().await?;
    let ledger = to_write(&app, &mut conn, &staff, &code, year).await?;
    let (agency, body) = (&ledger.agency, form.text("body"));
    let here = format!("{}/texts/{}", base(agency, year), part.code());
    let is_template = form.text("then") == "template";
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let kept = if is_template {
        actions::save_template(&mut tx, &staff, agency, year, part, body).await
    } else {
        actions::save_text(&mut tx, &staff, agency, year, part, body).await
    };
    match kept {
        Ok(()) => {
            tx.commit().await?;
            let words = if is_template {
                format!("已存为模板，{year} 年度起的报告以它开头，数字按当年台账填入。")
            } else {
                "已保存，报告已按新的文字重新编制。".to_owned()
            };
            Ok(redirect_with(&here, &words))
        }
        Err(Failure::Refused(reasons)) if reasons.iter().all(is_about_the_text) => {
            drop(tx);
            let today = app.today();
            let text = body.to_owned();
            let again =
                text_page(&mut conn, &page, &ledger, part, text, String::new(), &reasons, today).await?;
            form_again(&again)
        }
        Err(other) => Err(other.into()),
    }
}

fn is_about_the_text(reason: &ReportingRefusal) -> bool {
    matches!(reason, ReportingRefusal::TextTooLong { .. } | ReportingRefusal::UnknownFigure(_))
}

/// The figures of the text say what the ledger says now.
pub(crate) async fn follow(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((code, year, part)): Path<(String, i16, String)>,
) -> Result<Response, PageError> {
    let part = part_of(&part)?;
    let ledger = to_write(&app, &mut *app.db.read().await?, &staff, &code, year).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let moved = actions::follow_ledger(&mut tx, &staff, &ledger.agency, year, part).await?;
    tx.commit().await?;
    let here = format!("{}/texts/{}", base(&ledger.agency, year), part.code());
    Ok(redirect_with(&here, &format!("{moved} 处数字已跟随台账。")))
}

impl TextLine {
    pub fn sample() -> Vec<TextLine> {
        vec![
            TextLine {
                label: TextPart::RequestsOverview.label(),
                state: Tag::new(Tone::Success, "已写"),
                href: Some("/console/annual-reports/yx/2025/texts/requests_overview".into()),
                moved: 1,
            },
            TextLine {
                label: TextPart::ProblemsAndImprovements.label(),
                state: Tag::new(Tone::Warning, "待撰写"),
                href: None,
                moved: 0,
            },
        ]
    }
}

impl TextPage {
    pub fn sample() -> TextPage {
        let here = "/console/annual-reports/yx/2025/texts/requests_overview";
        let words =
            |words: &str| PieceView { words: words.into(), href: None, name: String::new(), now: None };
        let figure = |said: &str, now: Option<&str>| PieceView {
            words: said.into(),
            href: Some("/console/annual-reports/yx/2025/cells/requests/received/total".into()),
            name: "新收申请".into(),
            now: now.map(str::to_owned),
        };
        TextPage {
            chrome: Chrome::console_sample(Section::Reporting).crumb("工作台", "/console").here("文字"),
            title: TextPart::RequestsOverview.label(),
            report: "/console/annual-reports/yx/2025".into(),
            base: here.into(),
            origin: "下面是按模板和现在的台账生成的文字，还没有保存。".into(),
            field: Field::text("body", "文字", 10).value("2025年新收申请{新收申请=9}件。"),
            errors: ErrorSummary::default().and("没有叫“新收的”的联动数字"),
            preview: vec![vec![
                words("2025年新收申请"),
                figure("9", Some("10")),
                words("件，另有"),
                figure("10", None),
                words("件。"),
            ]],
            moved: 1,
            beginnings: vec![Link::new("带入上年文字", format!("{here}?from=last-year"))],
            copied: Some(Tag::new(Tone::Warning, "与上年相同 62.0%")),
            groups: vec![InsertableGroup {
                heading: "常用".into(),
                figures: vec![Insertable {
                    name: "新收申请".into(),
                    token: "{新收申请}".into(),
                    value: "9".into(),
                    href: "/console/annual-reports/yx/2025/cells/requests/received/total".into(),
                }],
            }],
            year: 2025,
        }
    }
}
