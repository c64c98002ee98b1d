//! 紧急发布 — asking for it and signing it on the page of the review, and the list that oversight reads.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission as P, Role, Staff, agencies};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::publishing::emergency::{self, Emergency};
use gongkai_disclosure::publishing::{DisclosureClass, desk};
use gongkai_disclosure::review::{Review, ReviewState, Subject};
use gongkai_disclosure::time::shown_text;
use jiff::civil::Date;

use super::requests::ActForm;
use super::reviews;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::state::App;

/// What the page of a review shows of it.
#[derive(Debug, Clone, Default)]
pub struct EmergencyCard {
    pub standing: Option<(&'static str, String)>,
    pub facts: Vec<KeyValue>,
    /// Where to sign, and what signing means.
    pub sign: Option<(String, &'static str)>,
    pub ask: Vec<ActForm>,
}

impl EmergencyCard {
    pub(super) fn sample() -> EmergencyCard {
        EmergencyCard {
            ask: vec![ask_form("1", &Fields::default(), &FormErrors::default())],
            ..Self::default()
        }
    }
}

fn ask_form(review_id: &str, typed: &Fields, errors: &FormErrors) -> ActForm {
    let fields = vec![
        Field::text("emergency_reason", "不能等待的原因", 2).required().hint("监督部门会看到。"),
        Field::text("public_note", "对公众的说明", 2)
            .required()
            .hint("公众会在这条信息上方看到，例如：情况紧急，先行发布，随后补办审查。"),
    ];
    let fields = typed.typed_into(fields, errors);
    let summary = ErrorSummary::of(&fields);
    ActForm {
        heading: "申请紧急发布".into(),
        hint: format!(
            "来不及等全部环节的，由两人签署（至少一人是领导）后先行公开，审查须在 {} 个工作日内办结，并列入监督清单。",
            emergency::REVIEW_DAYS
        ),
        action: format!("/console/reviews/{review_id}/emergency"),
        is_open: !summary.errors.is_empty(),
        fields,
        hidden: Vec::new(),
        button: "申请紧急发布",
        errors: summary,
        is_serious: true,
        preview: None,
    }
}

/// The card of a running or ended case; nothing for letters, for what is not for everyone, and where none was asked for
/// and none can be.
pub(super) async fn emergency_card(
    conn: &mut Conn,
    staff: &Staff,
    case: &Review,
    typed: &Fields,
    errors: &FormErrors,
) -> Result<Option<EmergencyCard>, PageError> {
    let Subject::Edition(edition_id) = &case.subject else { return Ok(None) };
    let Some(asked) = emergency::of_review(conn, &case.id).await? else {
        let may = staff.may(P::DraftEntries, &case.agency_id) || staff.may(P::SignOff, &case.agency_id);
        let edition = desk::edition_for(conn, staff, edition_id).await?;
        let is_for_everyone =
            edition.is_some_and(|(edition, _)| edition.disclosure_class == DisclosureClass::Proactive.code());
        if case.state != ReviewState::Open || !may || !is_for_everyone {
            return Ok(None);
        }
        return Ok(Some(EmergencyCard {
            ask: vec![ask_form(&case.id, typed, errors)],
            ..EmergencyCard::default()
        }));
    };
    let signers = emergency::signers(conn, &case.id).await?;
    let mut facts = vec![
        KeyValue::new("原因", asked.reason.clone()),
        KeyValue::new("对公众的说明", asked.public_note.clone()),
        KeyValue::new("申请", format!("{}　{}", asked.asked_by_name, shown_text(&asked.asked_at))),
    ];
    for signer in &signers {
        let role = Role::from_code(&signer.role).map_or("", Role::label);
        facts.push(KeyValue::new(
            format!("签署（{role}）"),
            format!("{}　{}", signer.name, shown_text(&signer.signed_at)),
        ));
    }
    let standing = match (&asked.released_at, asked.outcome.as_deref()) {
        (None, _) => {
            ("info", format!("已有 {} 人签署，两人签署（至少一人是领导）后立即公开。", signers.len()))
        }
        (Some(at), None) => (
            "warning",
            format!("已于 {} 先行公开，审查须在 {} 前办结。", shown_text(at), asked.review_due_on),
        ),
        (Some(_), Some("signed")) => ("success", "审查已经办结，内容有效。".to_owned()),
        (Some(_), Some(_)) => ("overdue", "审查没有通过，已从门户撤回。".to_owned()),
    };
    let has_signed = signers.iter().any(|signer| signer.person_id == staff.user_id);
    let may_sign = case.state == ReviewState::Open
        && asked.released_at.is_none()
        && !has_signed
        && !case.author_ids.contains(&staff.user_id)
        && staff.may(P::SignOff, &case.agency_id);
    let sign = may_sign.then(|| {
        (
            format!("/console/reviews/{}/emergency/signature", case.id),
            "您签署的是左侧内容的指纹。第二人签署后立即公开，您仍须在自己的环节完成审查。",
        )
    });
    Ok(Some(EmergencyCard { standing: Some(standing), facts, sign, ask: Vec::new() }))
}

pub(crate) async fn ask(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let (reason, note) = (form.text("emergency_reason"), form.text("public_note"));
    match emergency::ask(&mut tx, &staff, &id, reason, note).await {
        Ok(()) => {
            tx.commit().await?;
            let words = "已申请紧急发布，请两位有审签权限的同事到这一页签署，其中至少一位领导。";
            Ok(redirect_with(&format!("/console/reviews/{id}#emergency"), words))
        }
        Err(Failure::Refused(reasons)) => {
            again(&app, &page, &staff, &id, &form, Failure::Refused(reasons)).await
        }
        Err(other) => Err(other.into()),
    }
}

pub(crate) async fn sign(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match emergency::sign(&mut tx, &staff, &id).await {
        Ok(released) => {
            tx.commit().await?;
            let words = match released {
                Some(out) => format!("已签署并先行公开，索引号 {}。", out.index_number),
                None => "已签署，还需要另一人签署。".to_owned(),
            };
            Ok(redirect_with(&format!("/console/reviews/{id}#emergency"), &words))
        }
        Err(failure) => again(&app, &page, &staff, &id, &form, failure).await,
    }
}

async fn again(
    app: &App,
    page: &PageContext,
    staff: &Staff,
    id: &str,
    form: &Fields,
    failure: Failure<gongkai_disclosure::publishing::PublishingRefusal>,
) -> Result<Response, PageError> {
    use gongkai_disclosure::error::Refusal;
    match failure {
        Failure::Refused(reasons) if !reasons.iter().any(|r| r.is_missing() || r.is_forbidden()) => {
            let errors = FormErrors::of(&reasons);
            if reasons.iter().any(|reason| reason.field().is_none()) {
                return Err(PageError::Refused(reasons.iter().map(ToString::to_string).collect()));
            }
            form_again(&reviews::review_page(app, page, staff, id, form, &errors).await?)
        }
        other => Err(other.into()),
    }
}

/// One that went out.
#[derive(Debug, Clone)]
pub struct EmergencyRow {
    pub title: String,
    pub href: Option<String>,
    pub agency: String,
    pub reason: String,
    pub released: String,
    pub state: Tag,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/oversight/emergencies.html")]
pub struct EmergencyListPage {
    pub chrome: Chrome,
    pub rows: Vec<EmergencyRow>,
}

impl EmergencyRow {
    fn of(one: &Emergency, may_read: bool, today: Date) -> EmergencyRow {
        let due: Option<Date> = one.review_due_on.parse().ok();
        let state = match one.outcome.as_deref() {
            Some("signed") => Tag::new(Tone::Success, "审查已办结"),
            Some(_) => Tag::new(Tone::Warning, "审查未通过，已撤回"),
            None if due.is_some_and(|due| due < today) => {
                Tag::new(Tone::Overdue, format!("应于 {} 前审结，已逾期", one.review_due_on))
            }
            None => Tag::new(Tone::Info, format!("{} 前审结", one.review_due_on)),
        };
        EmergencyRow {
            title: one.title.clone(),
            href: may_read.then(|| format!("/console/reviews/{}", one.review_id)),
            agency: one.agency_name.clone(),
            reason: one.reason.clone(),
            released: one.released_at.as_deref().map(shown_text).unwrap_or_default(),
            state,
        }
    }
}

impl EmergencyListPage {
    pub fn sample() -> EmergencyListPage {
        EmergencyListPage {
            chrome: Chrome::console_sample(Section::Oversight).here("紧急发布"),
            rows: vec![EmergencyRow {
                title: "山洪灾害预警".into(),
                href: Some("/console/reviews/1".into()),
                agency: "松溪镇人民政府".into(),
                reason: "两小时内有特大暴雨".into(),
                released: "2026-11-02 09:30".into(),
                state: Tag::new(Tone::Overdue, "应于 2026-11-05 前审结，已逾期"),
            }],
        }
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let all = agencies(&mut conn).await?;
    let mut rows = Vec::new();
    for one in emergency::list(&mut conn, "").await? {
        let may_read = staff.may(P::ReadDrafts, &one.agency_id);
        // Whoever oversees the agency above it sees that it happened, and not what is inside the house.
        let above = all.iter().find(|agency| agency.id == one.agency_id).and_then(|a| a.parent_id.as_deref());
        let oversees =
            [Some(one.agency_id.as_str()), above].into_iter().flatten().any(|at| staff.may(P::Oversee, at));
        if may_read || oversees {
            rows.push(EmergencyRow::of(&one, may_read, app.today()));
        }
    }
    let chrome = page.chrome(Section::Oversight).crumb("工作台", "/console").here("紧急发布");
    html(&EmergencyListPage { chrome, rows })
}
