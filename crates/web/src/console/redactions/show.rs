//! Marking on the page, and what is asked before it is burned in.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::redaction::actions::{self, readable, target};
use gongkai_disclosure::redaction::{
    Area, Kind, Marked, PageText, Redaction, RedactionRefusal, Subject, WHOLE,
};
use gongkai_disclosure::redaction::{covered, elsewhere, find, partly_covered};
use gongkai_disclosure::time::shown_text;
use gongkai_statute::grounds::Ground;
use gongkai_typeset::Writing;
use serde::Deserialize;

use super::enclosures::SECTION;
use super::place;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::Chrome;
use crate::state::App;

/// How wide a page is drawn to be marked.
const WIDTH: u32 = 1400;

/// An area in the list and on the page.
#[derive(Debug, Clone)]
pub struct AreaRow {
    /// As the form sends it: page,left,top,right,bottom,ground.
    pub value: String,
    pub words: String,
    pub page: u32,
    pub is_here: bool,
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

/// A page to go to.
#[derive(Debug, Clone)]
pub struct PageLink {
    pub page: u32,
    pub marked: usize,
    pub is_current: bool,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/redactions/show.html")]
pub struct RedactionPage {
    pub chrome: Chrome,
    pub name: String,
    pub back: (String, String),
    pub address: String,
    pub version: i64,
    pub page: u32,
    pub picture: String,
    pub areas: Vec<AreaRow>,
    pub pages: Vec<PageLink>,
    pub grounds: Field,
    pub find: Field,
    pub coordinates: Vec<Field>,
    pub result_name: Field,
    pub errors: ErrorSummary,
    /// 提示: characters cut in half, words covered here and open there.
    pub advice: Vec<String>,
    /// Whether what is covered in one place stands open in another.
    pub is_open_elsewhere: bool,
    pub is_text: bool,
    /// What was done, once it is.
    pub done: Option<Vec<KeyValue>>,
    pub checks: Vec<KeyValue>,
    pub certificates: Vec<(&'static str, String)>,
}

/// 12.5%
pub(super) fn percent(part: u32) -> String {
    let text = format!("{:.2}", f64::from(part) / 100.0);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

#[derive(Deserialize)]
pub(crate) struct Begun {
    #[serde(default)]
    page: u32,
}

/// 开始遮盖 — `subject` and `id` say of what.
pub(crate) async fn begin(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let subject = Subject::from_code(form.text("subject")).ok_or(PageError::NotFound)?;
    let found = target(&mut *app.db.read().await?, &staff, subject, form.text("id")).await?;
    let bytes = app.files.bytes(&found.sha256).await?;
    let pages = app.workshop.count(found.kind()?, bytes).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let id = actions::begin(&mut tx, &staff, &found, pages).await?;
    if tx.has_recorded() {
        tx.commit().await?;
    }
    Ok(Redirect::to(&format!("/console/redactions/{id}")).into_response())
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    Query(asked): Query<Begun>,
) -> Result<Response, PageError> {
    let one = readable(&mut *app.db.read().await?, &staff, &id).await?;
    let number = asked.page.clamp(1, one.pages.max(1));
    Ok(html(&shown(&app, &page, &one, number, None).await?)?.into_response())
}

/// One page as a picture: of the original while it is marked, of the result afterwards.
pub(crate) async fn page_picture(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((id, number)): Path<(String, u32)>,
) -> Result<Response, PageError> {
    let one = readable(&mut *app.db.read().await?, &staff, &id).await?;
    let kind = kind(&one)?;
    let sha256 = one.applied.as_ref().map_or(&one.original_sha256, |applied| &applied.sha256);
    let bytes = app.files.bytes(sha256).await?;
    let png = app.workshop.picture(kind, bytes, number, WIDTH).await?;
    let headers = [(CONTENT_TYPE, "image/png"), (CACHE_CONTROL, "private, no-store")];
    Ok((headers, png).into_response())
}

fn kind(one: &Redaction) -> Result<Kind, PageError> {
    one.kind().ok_or_else(|| PageError::Refused(vec![RedactionRefusal::NotPictured.to_string()]))
}

/// The areas a form holds, and what is wrong with one typed by hand.
fn typed(form: &Fields, errors: &mut Vec<String>) -> Vec<Marked> {
    let one = |value: &str| -> Option<Marked> {
        let mut parts = value.split(',');
        let mut number = || parts.next()?.trim().parse::<u32>().ok();
        let (page, left, top) = (number()?, number()?, number()?);
        let (right, bottom) = (number()?, number()?);
        Some(Marked {
            area: Area { page, left, top, right, bottom },
            ground: Ground::from_code(parts.next()?.trim())?,
        })
    };
    let mut marked: Vec<Marked> = form.all("area").filter_map(one).collect();
    let sides = ["left", "top", "right", "bottom"];
    if sides.iter().any(|side| form.optional(side).is_some()) {
        let part = |side: &str| -> Option<u32> {
            let value: f64 = form.text(side).trim_end_matches(['%', '％']).parse().ok()?;
            (0.0..=100.0).contains(&value).then_some((value * 100.0).round() as u32)
        };
        let ground = Ground::from_code(form.text("ground"));
        match (form.number("page"), part("left"), part("top"), part("right"), part("bottom"), ground) {
            (Some(page), Some(left), Some(top), Some(right), Some(bottom), Some(ground)) => {
                marked.push(Marked { area: Area { page, left, top, right, bottom }, ground });
            }
            (.., None) => errors.push("请先选择遮盖的理由。".into()),
            _ => errors.push("位置请填写 0 到 100 的百分数，左小于右、上小于下。".into()),
        }
    }
    marked
}

pub(crate) async fn submit(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut one = readable(&mut *app.db.read().await?, &staff, &id).await?;
    if one.applied.is_some() {
        return Err(PageError::Refused(vec![RedactionRefusal::AppliedBefore.to_string()]));
    }
    let number = form.number("page").unwrap_or(1).clamp(1, one.pages.max(1));
    let act = form.text("act");
    if act == "discard" {
        let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
        let gone = actions::discard(&mut tx, &staff, &id).await?;
        tx.commit().await?;
        let (_, back) = place(&app, &gone).await?;
        return Ok(redirect_with(&back, "已放弃遮盖，文件没有变化。"));
    }
    let mut errors = Vec::new();
    let mut marked = typed(&form, &mut errors);
    let mut said = "标记已保存。".to_owned();
    if errors.is_empty() && matches!(act, "find" | "everywhere") {
        let ground = Ground::from_code(form.text("ground"));
        let texts = texts(&app, &one).await?;
        let found: Vec<Marked> = match (act, ground) {
            ("everywhere", _) => everywhere(&texts, &marked),
            (_, None) => {
                errors.push("请先选择遮盖的理由。".into());
                Vec::new()
            }
            (_, Some(ground)) => {
                let places = find(&texts, form.text("words"));
                places.into_iter().map(|area| Marked { area, ground }).collect()
            }
        };
        let new = found.iter().filter(|place| !marked.iter().any(|known| known.area == place.area)).count();
        if errors.is_empty() && found.is_empty() {
            errors.push("文件里没有找到这些文字。扫描件没有文字，请在页面上框选。".into());
        }
        said = format!("找到 {} 处，新标记 {new} 处，已保存。", found.len());
        marked.extend(found.into_iter().filter(|place| !form_has(&marked, place)).collect::<Vec<_>>());
    }
    if !errors.is_empty() {
        one.marked = marked;
        return form_again(&shown(&app, &page, &one, number, Some((&form, errors))).await?);
    }
    let version = form.number("version").unwrap_or_default();
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match actions::save(&mut tx, &staff, &id, version, &marked).await {
        Ok(_) => tx.commit().await?,
        Err(Failure::Refused(reasons)) if !reasons.iter().any(is_about_the_person) => {
            drop(tx);
            let words = reasons.iter().map(ToString::to_string).collect();
            one.marked = marked;
            return form_again(&shown(&app, &page, &one, number, Some((&form, words))).await?);
        }
        Err(other) => return Err(other.into()),
    };
    if act == "apply" {
        return apply(&app, &page, &staff, &id, &form).await;
    }
    let to = form.number("go").unwrap_or(number);
    Ok(redirect_with(&format!("/console/redactions/{id}?page={to}"), &said))
}

fn form_has(marked: &[Marked], place: &Marked) -> bool {
    marked.iter().any(|known| known.area == place.area)
}

fn is_about_the_person(reason: &RedactionRefusal) -> bool {
    matches!(reason, RedactionRefusal::NotFound | RedactionRefusal::Forbidden)
}

/// The other places of what is covered, each on the ground it is covered on.
fn everywhere(texts: &[PageText], marked: &[Marked]) -> Vec<Marked> {
    let areas: Vec<Area> = marked.iter().map(|one| one.area).collect();
    let open = elsewhere(texts, &areas);
    open.into_iter()
        .filter_map(|(words, area)| {
            let covers = |one: &&Marked| {
                covered(texts, &[one.area])
                    .iter()
                    .any(|(_, run)| run.contains(&words) || words.contains(run.as_str()))
            };
            let ground = marked.iter().find(covers).or(marked.first())?.ground;
            Some(Marked { area, ground })
        })
        .collect()
}

async fn texts(app: &App, one: &Redaction) -> Result<Vec<PageText>, PageError> {
    let bytes = app.files.bytes(&one.original_sha256).await?;
    Ok(app.workshop.text(kind(one)?, bytes).await?)
}

/// Burned, read again, and put in the place of the original.
async fn apply(
    app: &App,
    page: &PageContext,
    staff: &gongkai_disclosure::accounts::Staff,
    id: &str,
    form: &Fields,
) -> Result<Response, PageError> {
    let one = readable(&mut *app.db.read().await?, staff, id).await?;
    let texts = texts(app, &one).await?;
    let mut errors = Vec::new();
    if one.marked.is_empty() {
        errors.push(RedactionRefusal::NothingMarked.to_string());
    }
    if !elsewhere(&texts, &one.areas()).is_empty() && !form.is_ticked("leave_open") {
        errors.push(
            "已遮盖的文字在别处还露着（见“请核对”）。请一并遮盖；确实不需要遮盖的，请勾选“别处相同的文字可以公开”。"
                .into(),
        );
    }
    let name = match form.text("result_name") {
        "" => one.usual_name(),
        name => name.to_owned(),
    };
    let ending = |name: &str| name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    if ending(&name) != ending(&one.name) {
        errors.push("遮盖后的文件名应当保留原来的扩展名。".into());
    }
    let letters: String = name.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    let told = covered(&texts, &one.areas())
        .into_iter()
        .find(|(_, run)| run.chars().count() > 1 && letters.contains(run.as_str()));
    if let Some((_, run)) = told {
        errors.push(format!("遮盖后的文件名里还有已经遮盖的“{run}”，请改一个文件名。"));
    }
    let refused =
        async |errors: Vec<String>| form_again(&shown(app, page, &one, 1, Some((form, errors))).await?);
    if !errors.is_empty() {
        return refused(errors).await;
    }
    let bytes = app.files.bytes(&one.original_sha256).await?;
    let done = match app.workshop.burn(kind(&one)?, bytes, one.areas()).await {
        Ok(done) => done,
        Err(Failure::Refused(reasons)) => {
            return refused(reasons.iter().map(ToString::to_string).collect()).await;
        }
        Err(other) => return Err(other.into()),
    };
    let kept = app.files.keep(&name, &done.bytes).await?;
    let prepared = app.files.prepare(kept).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match actions::apply(&mut tx, staff, id, one.version, &prepared, done.checks).await {
        Ok(_) => {
            tx.commit().await?;
            let said = "遮盖完成，已经核验没有残留。原件已封存，发出的是遮盖后的文件。";
            Ok(redirect_with(&format!("/console/redactions/{id}"), said))
        }
        Err(Failure::Refused(reasons)) => {
            drop(tx);
            refused(reasons.iter().map(ToString::to_string).collect()).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn shown(
    app: &App,
    page: &PageContext,
    one: &Redaction,
    number: u32,
    refused: Option<(&Fields, Vec<String>)>,
) -> Result<RedactionPage, PageError> {
    let back = place(app, one).await?;
    let chrome = page.chrome(SECTION).crumb("工作台", "/console").crumb(&back.0, &back.1).here("遮盖");
    let mut shown = RedactionPage::of(chrome, one, number, back);
    if one.applied.is_none() {
        let texts = texts(app, one).await?;
        shown.is_text = texts.iter().any(|text| !text.glyphs.is_empty());
        shown.advise(&texts, &one.areas());
    }
    if let Some((form, errors)) = refused {
        shown.errors = errors.into_iter().fold(ErrorSummary::default(), |all, words| all.and(words));
        let none = FormErrors::default();
        shown.coordinates = form.typed_into(shown.coordinates, &none);
        for field in [&mut shown.grounds, &mut shown.find, &mut shown.result_name] {
            *field = field.clone().value(form.text(&field.name));
        }
    }
    Ok(shown)
}

impl RedactionPage {
    fn of(chrome: Chrome, one: &Redaction, number: u32, back: (String, String)) -> RedactionPage {
        let address = format!("/console/redactions/{}", one.id);
        let done = one.applied.as_ref().map(|applied| {
            vec![
                KeyValue::new("遮盖后的文件", &applied.name),
                KeyValue::new("经办人", &applied.by_name),
                KeyValue::new("完成时间", shown_text(&applied.at)),
                KeyValue::new("原件校验值", &one.original_sha256),
                KeyValue::new("遮盖后校验值", &applied.sha256),
            ]
        });
        let checks = one.applied.iter().flat_map(|applied| &applied.checks);
        let side = |name: &str, label: &str| Field::line_of("text", name, label).width("w-s");
        RedactionPage {
            chrome,
            name: one.name.clone(),
            back,
            version: one.version,
            page: number,
            picture: format!("{address}/pages/{number}"),
            areas: one.marked.iter().map(|marked| row(marked, number)).collect(),
            pages: (1..=one.pages)
                .map(|page| PageLink {
                    page,
                    marked: one.marked.iter().filter(|marked| marked.area.page == page).count(),
                    is_current: page == number,
                })
                .collect(),
            grounds: Field::select("ground", "遮盖的理由", grounds())
                .hint("接下来标记的区域都按这个理由；可以随时换。"),
            find: Field::line("words", "按文字查找").hint("例如姓名、身份证号码；找到的每一处都会标记。"),
            coordinates: vec![
                side("left", "左（%）"),
                side("top", "上（%）"),
                side("right", "右（%）"),
                side("bottom", "下（%）"),
            ],
            result_name: Field::line("result_name", "遮盖后的文件名").value(one.usual_name()),
            errors: ErrorSummary::default(),
            advice: Vec::new(),
            is_open_elsewhere: false,
            is_text: true,
            checks: checks
                .map(|check| KeyValue::new(check.kind.label(), format!("核验 {}", check.looked_at)))
                .collect(),
            certificates: match done {
                None => Vec::new(),
                Some(_) => Writing::formats()
                    .map(|format| (format.label(), format!("{address}/certificate/{}", format.extension())))
                    .collect(),
            },
            done,
            address,
        }
    }

    fn advise(&mut self, texts: &[PageText], areas: &[Area]) {
        for cut in partly_covered(texts, areas) {
            let text: String = cut.text.chars().take(20).collect();
            self.advice.push(format!("第{}页：“{text}”只遮住了一部分，可能仍能辨认。", cut.page));
        }
        let open = elsewhere(texts, areas);
        self.is_open_elsewhere = !open.is_empty();
        for (words, area) in open.iter().take(20) {
            self.advice.push(format!("第{}页还有一处“{words}”没有遮盖。", area.page));
        }
        if open.len() > 20 {
            self.advice.push(format!("别处没有遮盖的相同文字共 {} 处。", open.len()));
        }
    }

    pub fn sample() -> RedactionPage {
        let mut page = RedactionPage::of(
            Chrome::console_sample(SECTION).here("遮盖"),
            &sample_redaction(),
            1,
            ("返回申请".into(), "/console/requests/SONGXI-SQ-2026-0012".into()),
        );
        page.advice = vec!["第2页还有一处“何小舟”没有遮盖。".into()];
        page.is_open_elsewhere = true;
        page
    }

    pub fn sample_done() -> RedactionPage {
        let mut one = sample_redaction();
        one.applied = Some(gongkai_disclosure::redaction::Applied {
            by: "1".into(),
            by_name: "林晓禾".into(),
            at: "2026-03-09T02:00:00Z".into(),
            sha256: "a".repeat(64),
            name: one.usual_name(),
            checks: Vec::new(),
        });
        RedactionPage::of(
            Chrome::console_sample(SECTION).here("遮盖"),
            &one,
            1,
            ("返回申请".into(), "/console/requests/SONGXI-SQ-2026-0012".into()),
        )
    }
}

fn sample_redaction() -> Redaction {
    let area = Area { page: 1, left: 1_000, top: 2_000, right: 4_000, bottom: 2_400 };
    Redaction {
        id: "1".into(),
        agency_id: "1".into(),
        subject: Subject::Enclosure,
        subject_id: "1".into(),
        place_id: "1".into(),
        name: "农村危房改造对象审批表.pdf".into(),
        media_type: "application/pdf".into(),
        original_sha256: "9".repeat(64),
        pages: 2,
        marked: vec![Marked { area, ground: Ground::PersonalPrivacy }],
        version: 2,
        begun_by: "1".into(),
        saved_by: "1".into(),
        saved_at: "2026-03-09T01:00:00Z".into(),
        applied: None,
    }
}

/// Personal privacy first: it is what is covered most.
fn grounds() -> Vec<(&'static str, String)> {
    let mut all: Vec<Ground> = Ground::ALL.to_vec();
    all.sort_by_key(|ground| *ground != Ground::PersonalPrivacy);
    all.into_iter()
        .map(|ground| (ground.code(), format!("{}（{}）", ground.label(), ground.citation())))
        .collect()
}

fn row(marked: &Marked, number: u32) -> AreaRow {
    let area = &marked.area;
    let numbers = [area.page, area.left, area.top, area.right, area.bottom].map(|n| n.to_string());
    AreaRow {
        value: format!("{},{}", numbers.join(","), marked.ground.code()),
        words: format!(
            "第{}页　{}（左{} 上{} 右{} 下{}）",
            area.page,
            marked.ground.label(),
            percent(area.left),
            percent(area.top),
            percent(area.right),
            percent(area.bottom)
        ),
        page: area.page,
        is_here: area.page == number,
        left: area.left,
        top: area.top,
        width: (area.right.min(WHOLE)).saturating_sub(area.left),
        height: (area.bottom.min(WHOLE)).saturating_sub(area.top),
    }
}
