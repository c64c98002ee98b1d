//! 定期评估审查 — what is not disclosed, when it is to be looked at again, and what was decided. 《条例》第十八条.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{self, Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::publishing::DisclosureClass;
use gongkai_disclosure::reassessment::{self, Verdict, Withheld, actions};
use jiff::civil::Date;

use super::due::{Chosen, tabs};
use super::records::choose_agency;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue, Tab, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::state::App;

/// Something that is withheld.
#[derive(Debug, Clone)]
pub struct WithheldRow {
    pub title: String,
    pub href: String,
    pub class: String,
    pub reason: String,
    pub last: String,
    pub due: Tag,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/reassessments/list.html")]
pub struct WithheldListPage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_field: Option<Field>,
    pub tabs: Vec<Tab>,
    pub rows: Vec<WithheldRow>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/reassessments/show.html")]
pub struct AssessmentPage {
    pub chrome: Chrome,
    pub title: String,
    pub due: Tag,
    pub entry_href: String,
    pub record: Vec<KeyValue>,
    /// Earlier assessments, newest first: day, verdict, reason and who.
    pub history: Vec<(String, String, String)>,
    pub action: String,
    /// Empty for those who only read.
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
}

fn due(entry: &Withheld, today: Date) -> Result<Tag, PageError> {
    let due_on = entry.due_on()?;
    let left = today.until(due_on).map(|span| span.get_days()).unwrap_or_default();
    Ok(match left {
        ..0 => Tag::new(Tone::Overdue, format!("应在 {due_on} 前评估")),
        0..=30 => Tag::new(Tone::Warning, format!("{due_on} 前评估，还有 {left} 天")),
        _ => Tag::new(Tone::Neutral, format!("{due_on} 前评估")),
    })
}

fn class(entry: &Withheld) -> &'static str {
    DisclosureClass::from_code(&entry.disclosure_class).map_or("", DisclosureClass::label)
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, &staff, &chosen.agency, P::ReadDrafts).await?;
    let mut withheld = Vec::new();
    for entry in reassessment::withheld(&mut conn, &choice.chosen.id).await? {
        withheld.push((entry.due_on()?, entry));
    }
    withheld.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.title.cmp(&b.1.title)));
    let mut rows = Vec::new();
    for (_, entry) in &withheld {
        rows.push(WithheldRow {
            title: entry.title.clone(),
            href: format!("/console/reassessments/{}", entry.entry_id),
            class: class(entry).into(),
            reason: entry.class_reason.clone(),
            last: entry.assessed_on.clone().unwrap_or_else(|| "还没有评估过".into()),
            due: due(entry, app.today())?,
        });
    }
    html(&WithheldListPage {
        chrome: page.chrome(Section::Terms).crumb("工作台", "/console").here("定期评估"),
        agency: choice.chosen.name.clone(),
        agency_field: choice.field(),
        tabs: tabs("reassessments", &choice.chosen.code),
        rows,
    })
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    html(&AssessmentPage::read(&mut conn, &page, &staff, &id, app.today(), None).await?)
}

pub(crate) async fn assess(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let text = |name: &str| form.text(name).to_owned();
    let assessed =
        actions::assess(&mut tx, &staff, &id, &text("verdict"), &text("reason"), &text("next_due_on")).await;
    match settle(tx, assessed).await? {
        Ok(converted) => Ok(if converted.is_some() {
            redirect_with(
                &format!("/console/entries/{id}"),
                "评估已登记。新版本的公开属性已改为主动公开，请核对内容后送审。",
            )
        } else {
            redirect_with(&format!("/console/reassessments/{id}"), "评估已登记。")
        }),
        Err(errors) => {
            let mut conn = app.db.read().await?;
            let typed = Some((&form, &errors));
            form_again(&AssessmentPage::read(&mut conn, &page, &staff, &id, app.today(), typed).await?)
        }
    }
}

impl AssessmentPage {
    async fn read(
        conn: &mut Conn,
        page: &PageContext,
        staff: &Staff,
        id: &str,
        today: Date,
        typed: Option<(&Fields, &FormErrors)>,
    ) -> Result<AssessmentPage, PageError> {
        let mut found = None;
        for agency in accounts::agencies(conn).await? {
            if staff.may(P::ReadDrafts, &agency.id) {
                let all = reassessment::withheld(conn, &agency.id).await?;
                found = all.into_iter().find(|entry| entry.entry_id == id).map(|entry| (entry, agency));
                if found.is_some() {
                    break;
                }
            }
        }
        let (entry, agency) = found.ok_or(PageError::NotFound)?;
        let history = reassessment::history(conn, id)
            .await?
            .into_iter()
            .map(|one| {
                let verdict = Verdict::from_code(&one.verdict).map_or("", Verdict::label);
                (one.assessed_on, verdict.to_owned(), format!("{}（{}）", one.reason, one.assessed_by))
            })
            .collect();
        let fields = if staff.may(P::DraftEntries, &agency.id) { fields() } else { Vec::new() };
        let fields = match typed {
            Some((form, errors)) => form.typed_into(fields, errors),
            None => fields,
        };
        let mut errors = ErrorSummary::of(&fields);
        if let Some((_, refused)) = typed {
            errors = refused.general.iter().fold(errors, |errors, words| errors.and(words.clone()));
        }
        Ok(AssessmentPage {
            chrome: page
                .chrome(Section::Terms)
                .crumb("工作台", "/console")
                .crumb("定期评估", format!("/console/reassessments?agency={}", agency.code))
                .here("评估"),
            due: due(&entry, today)?,
            entry_href: format!("/console/entries/{id}"),
            record: vec![
                KeyValue::new("机关", &agency.name),
                KeyValue::new("公开属性", class(&entry)),
                KeyValue::new("理由", &entry.class_reason).wide(),
            ],
            title: entry.title,
            history,
            action: format!("/console/reassessments/{id}"),
            fields,
            errors,
        })
    }

    pub fn sample() -> AssessmentPage {
        let fields = fields();
        AssessmentPage {
            chrome: Chrome::console_sample(Section::Terms).crumb("工作台", "/console").here("评估"),
            title: "云溪镇道路养护台账".into(),
            due: Tag::new(Tone::Overdue, "应在 2026-10-01 前评估"),
            entry_href: "/console/entries/1".into(),
            record: vec![KeyValue::new("公开属性", "依申请公开")],
            history: vec![(
                "2025-10-01".into(),
                "维持原来的公开属性".into(),
                "报价仍在保密期。（林晓禾）".into(),
            )],
            action: "/console/reassessments/1".into(),
            errors: ErrorSummary::of(&fields),
            fields,
        }
    }
}

fn fields() -> Vec<Field> {
    vec![
        Field::radio("verdict", "评估结论", Verdict::ALL.iter().map(|one| (one.code(), one.label())))
            .choice_hint("convert", "按现有内容起草新版本，公开属性改为主动公开，经审核后公开")
            .required(),
        Field::text("reason", "评估理由", 3).required().hint("原来不公开的依据和情形有没有变化。"),
        Field::date("next_due_on", "下次评估日期").hint("不填写为一年后；可以写早一些，不能更晚。"),
    ]
}

impl WithheldListPage {
    pub fn sample() -> WithheldListPage {
        WithheldListPage {
            chrome: Chrome::console_sample(Section::Terms).crumb("工作台", "/console").here("定期评估"),
            agency: "云溪镇人民政府".into(),
            agency_field: None,
            tabs: tabs("reassessments", "yx"),
            rows: vec![WithheldRow {
                title: "云溪镇道路养护台账".into(),
                href: "/console/reassessments/1".into(),
                class: "依申请公开".into(),
                reason: "涉及施工单位报价。".into(),
                last: "2025-10-01".into(),
                due: Tag::new(Tone::Overdue, "应在 2026-10-01 前评估"),
            }],
        }
    }

    pub fn sample_empty() -> WithheldListPage {
        WithheldListPage { rows: Vec::new(), ..WithheldListPage::sample() }
    }
}
