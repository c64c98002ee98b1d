//! One line of the catalogue: what it asks for, what stands under it, how it was before; and the form that changes it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Agency, Permission as P};
use gongkai_disclosure::catalogue::{
    self, CatalogueRefusal, Line, LineContent, LineVersion, TypedLine, actions, category_codes,
    category_label, method_label,
};
use gongkai_disclosure::error::{Failure, Refusal};
use gongkai_disclosure::time::shown_text;
use serde::Deserialize;

use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue, Tag, Tone};
use crate::console::entries::samples;
use crate::console::records::choose_agency;
use crate::console::requests::ActForm;
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors, encode};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::state::App;

/// How a line was until it was changed.
#[derive(Debug, Clone)]
pub struct VersionRow {
    pub label: String,
    pub words: String,
    pub note: String,
    /// Field, before, after.
    pub changes: Vec<(&'static str, String, String)>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/catalogue/line.html")]
pub struct LinePage {
    pub chrome: Chrome,
    pub title: String,
    pub states: Vec<Tag>,
    pub retired: Option<String>,
    pub facts: Vec<KeyValue>,
    pub entries: i64,
    pub entries_href: String,
    pub draft_href: Option<String>,
    /// `None`: this person may only read.
    pub form: Option<LineForm>,
    pub acts: Vec<ActForm>,
    pub versions: Vec<VersionRow>,
}

/// The form of a line.
#[derive(Debug, Clone)]
pub struct LineForm {
    pub action: String,
    pub hidden: Vec<(&'static str, String)>,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    pub button: &'static str,
    pub is_open: bool,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/catalogue/new.html")]
pub struct NewLinePage {
    pub chrome: Chrome,
    pub agency: String,
    pub form: LineForm,
}

fn address(line_id: &str) -> String {
    format!("/console/catalogue/lines/{line_id}")
}

fn frame(page: &PageContext) -> Chrome {
    page.chrome(Section::Duties).crumb("工作台", "/console").crumb("目录", "/console/catalogue")
}

fn fields(typed: &TypedLine, is_new: bool) -> Vec<Field> {
    let categories = category_codes().map(|code| (code, category_label(code)));
    let mut fields = vec![
        Field::line("title", "公开事项").required().value(&typed.title),
        Field::line("topic", "一级事项")
            .hint("标准目录分一、二级事项的填写，没有的留空。")
            .value(&typed.topic),
        Field::select(
            "category",
            "条例规定的类别",
            std::iter::once(("", "请选择".to_owned())).chain(categories),
        )
        .required()
        .value(&typed.category),
        Field::text("elements", "公开内容（要素）", 3).required().value(&typed.elements),
        Field::text("basis", "公开依据", 2).required().value(&typed.basis),
        Field::line("time_limit", "公开时限").required().value(&typed.time_limit),
        Field::line_of("number", "period", "更新周期（天）")
            .hint("多少天内至少公开一次，到期没有公开会提醒；有则公开的留空。")
            .width("w-s")
            .value(&typed.period),
        Field::line("office", "责任部门").required().width("w-m").value(&typed.office),
        Field::line("channels", "公开渠道和载体").hint("几个渠道用顿号隔开。").value(&typed.channels),
        Field::line("audience", "公开对象")
            .hint("面向全社会的留空；面向特定群体的写明是谁。")
            .value(&typed.audience),
        Field::radio(
            "method",
            "公开方式",
            ["proactive", "on_request"].map(|code| (code, method_label(code))),
        )
        .inline()
        .required()
        .value(if typed.method.is_empty() { "proactive" } else { &typed.method }),
        Field::line("levels", "公开层级").hint("例如：县级、乡级").width("w-m").value(&typed.levels),
        Field::line("code", "编号").hint("留空自动编号。").width("w-s").value(&typed.code),
    ];
    if !is_new {
        let reason = "会记入这个事项的历史。";
        fields.push(Field::line("note", "修改原因").required().hint(reason));
    }
    fields
}

fn typed(form: &Fields) -> TypedLine {
    let text = |name: &str| form.text(name).to_owned();
    TypedLine {
        code: text("code"),
        category: text("category"),
        topic: text("topic"),
        title: text("title"),
        elements: text("elements"),
        basis: text("basis"),
        time_limit: text("time_limit"),
        period: text("period"),
        channels: text("channels"),
        office: text("office"),
        audience: text("audience"),
        method: text("method"),
        levels: text("levels"),
    }
}

/// What was sent for one of the forms of the page, and why it was not done.
struct Refused<'a> {
    slug: &'static str,
    form: &'a Fields,
    errors: &'a FormErrors,
}

impl LinePage {
    fn of(
        chrome: Chrome,
        line: &Line,
        versions: &[LineVersion],
        may_keep: bool,
        refused: Option<&Refused<'_>>,
    ) -> LinePage {
        let content = line.content();
        let base = address(&line.id);
        let is_retired = line.retired_on.is_some();
        let refused_at = |slug: &str| refused.filter(|refused| refused.slug == slug);
        let form = (may_keep && !is_retired).then(|| {
            let mut form = LineForm {
                action: base.clone(),
                hidden: vec![("version", line.version.to_string())],
                fields: fields(&content.typed(), false),
                errors: ErrorSummary::default(),
                button: "保存修改",
                is_open: false,
            };
            if let Some(refused) = refused_at("change") {
                form.fields = refused.form.typed_into(form.fields, refused.errors);
                form.errors = refused.errors.above(&form.fields);
                form.is_open = true;
            }
            form
        });
        let mut acts = Vec::new();
        if may_keep {
            let mut act = ActForm {
                heading: if is_retired { "恢复使用" } else { "停用" }.into(),
                hint: if is_retired {
                    "恢复后可以继续在这个事项下拟稿，并按更新周期提醒。"
                } else {
                    "停用后不再在这个事项下拟稿，也不再提醒更新；已经公开的信息不受影响。"
                }
                .into(),
                action: format!("{base}/{}", if is_retired { "restoration" } else { "retirement" }),
                fields: if is_retired {
                    Vec::new()
                } else {
                    vec![Field::line("reason", "停用原因").required()]
                },
                hidden: Vec::new(),
                button: if is_retired { "恢复使用" } else { "停用" },
                errors: ErrorSummary::default(),
                is_open: false,
                is_serious: !is_retired,
                preview: None,
            };
            if let Some(refused) = refused_at("retirement") {
                act.fields = refused.form.typed_into(act.fields, refused.errors);
                act.errors = refused.errors.above(&act.fields);
                act.is_open = true;
            }
            acts.push(act);
        }
        let mut states = Vec::new();
        if is_retired {
            states.push(Tag::new(Tone::Neutral, "已停用"));
        }
        LinePage {
            chrome: chrome.here(line.title.clone()),
            title: line.title.clone(),
            states,
            retired: line.retired_on.as_ref().map(|on| format!("{on} 停用：{}", line.retired_reason)),
            facts: content
                .fields()
                .into_iter()
                .map(|(label, value)| KeyValue::new(label, or_none(value)))
                .collect(),
            entries: line.entries,
            entries_href: format!("/console/entries?tab=public&line={}", encode(&line.id)),
            draft_href: (may_keep && !is_retired)
                .then(|| format!("/console/entries/new?line={}", encode(&line.id))),
            form,
            acts,
            versions: history(&content, versions),
        }
    }

    pub fn sample() -> LinePage {
        let line = samples::line();
        let before = LineContent { office: "财税办".into(), ..line.content() };
        let version = LineVersion {
            version: 1,
            body: serde_json::to_string(&before).unwrap_or_default(),
            note: "机构调整".into(),
            changed_by_name: "田小满".into(),
            changed_at: "2026-11-02T01:00:00.000Z".into(),
        };
        let chrome = Chrome::console_sample(Section::Duties).crumb("目录", "/console/catalogue");
        LinePage::of(chrome, &line, &[version], true, None)
    }

    pub fn sample_retired() -> LinePage {
        let line = Line {
            retired_on: Some("2026-11-02".into()),
            retired_reason: "并入“财政预算”".into(),
            ..samples::line()
        };
        let chrome = Chrome::console_sample(Section::Duties).crumb("目录", "/console/catalogue");
        LinePage::of(chrome, &line, &[], true, None)
    }
}

fn or_none(value: String) -> String {
    if value.is_empty() { "无".into() } else { value }
}

/// Each earlier state against the one that followed it.
fn history(now: &LineContent, versions: &[LineVersion]) -> Vec<VersionRow> {
    let mut after = now.clone();
    let mut rows = Vec::new();
    for version in versions {
        let Ok(before) = serde_json::from_str::<LineContent>(&version.body) else { continue };
        rows.push(VersionRow {
            label: format!("第 {} 次改动", version.version),
            words: format!("{}　{}", version.changed_by_name, shown_text(&version.changed_at)),
            note: version.note.clone(),
            changes: before.changes(&after),
        });
        after = before;
    }
    rows
}

async fn line_page(
    app: &App,
    page: &PageContext,
    signed: &Signed,
    id: &str,
    refused: Option<&Refused<'_>>,
) -> Result<LinePage, PageError> {
    let mut conn = app.db.read().await?;
    let line = catalogue::line(&mut conn, id).await?.ok_or(PageError::NotFound)?;
    if !signed.staff.may(P::ReadDrafts, &line.agency_id) {
        return Err(PageError::NotFound);
    }
    let versions = catalogue::versions(&mut conn, id).await?;
    let may_keep = signed.staff.may(P::KeepCatalogue, &line.agency_id);
    Ok(LinePage::of(frame(page), &line, &versions, may_keep, refused))
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    html(&line_page(&app, &page, &signed, &id, None).await?)
}

pub(crate) async fn change(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let version = form.number("version").unwrap_or_default();
    let mut tx = app.db.begin(&signed.staff.actor(), app.now()).await?;
    match actions::change(&mut tx, &signed.staff, &id, version, &typed(&form), form.text("note")).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(redirect_with(&address(&id), "已保存，原来的内容留在历史里。"))
        }
        Err(failure) => {
            drop(tx);
            again(&app, &page, &signed, &id, "change", &form, failure).await
        }
    }
}

pub(crate) async fn retire(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&signed.staff.actor(), app.now()).await?;
    match actions::retire(&mut tx, &signed.staff, &id, form.text("reason")).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(redirect_with(&address(&id), "已停用，可以随时恢复。"))
        }
        Err(failure) => {
            drop(tx);
            again(&app, &page, &signed, &id, "retirement", &form, failure).await
        }
    }
}

pub(crate) async fn restore(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&signed.staff.actor(), app.now()).await?;
    actions::restore(&mut tx, &signed.staff, &id).await?;
    tx.commit().await?;
    Ok(redirect_with(&address(&id), "已恢复使用。"))
}

async fn again(
    app: &App,
    page: &PageContext,
    signed: &Signed,
    id: &str,
    slug: &'static str,
    form: &Fields,
    failure: Failure<CatalogueRefusal>,
) -> Result<Response, PageError> {
    match failure {
        Failure::Refused(reasons) if !reasons.iter().any(|r| r.is_missing() || r.is_forbidden()) => {
            let errors = FormErrors::of(&reasons);
            let refused = Refused { slug, form, errors: &errors };
            form_again(&line_page(app, page, signed, id, Some(&refused)).await?)
        }
        other => Err(other.into()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
}

impl NewLinePage {
    fn of(chrome: Chrome, agency: &Agency, form: &Fields, errors: &FormErrors) -> NewLinePage {
        let fields = form.typed_into(fields(&typed(form), true), errors);
        NewLinePage {
            chrome: chrome.here("添加事项"),
            agency: agency.name.clone(),
            form: LineForm {
                action: "/console/catalogue/lines".into(),
                hidden: vec![("agency", agency.code.clone())],
                errors: errors.above(&fields),
                fields,
                button: "添加",
                is_open: true,
            },
        }
    }

    pub fn sample() -> NewLinePage {
        let chrome = Chrome::console_sample(Section::Duties).crumb("目录", "/console/catalogue");
        NewLinePage::of(chrome, &samples::officer().agency, &Fields::default(), &FormErrors::default())
    }
}

pub(crate) async fn new(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, &signed.staff, &chosen.agency, P::KeepCatalogue).await?;
    html(&NewLinePage::of(frame(&page), &choice.chosen, &Fields::default(), &FormErrors::default()))
}

pub(crate) async fn add(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let agency = {
        let mut conn = app.db.read().await?;
        choose_agency(&mut conn, &signed.staff, form.text("agency"), P::KeepCatalogue).await?.chosen
    };
    let mut tx = app.db.begin(&signed.staff.actor(), app.now()).await?;
    match actions::add(&mut tx, &signed.staff, &agency.id, &typed(&form)).await {
        Ok(id) => {
            tx.commit().await?;
            Ok(redirect_with(&address(&id), "已添加到目录。"))
        }
        Err(Failure::Refused(reasons)) if !reasons.iter().any(|r| r.is_missing() || r.is_forbidden()) => {
            drop(tx);
            form_again(&NewLinePage::of(frame(&page), &agency, &form, &FormErrors::of(&reasons)))
        }
        Err(other) => Err(other.into()),
    }
}
