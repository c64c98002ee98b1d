//! 《拟发文件属性管理意见表》 — proposed on the page of a draft, signed by the head, printed.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::publishing::class_opinions::{self, Needed, Opinion, OpinionVerdict, actions};
use gongkai_disclosure::publishing::{DisclosureClass, Edition};
use gongkai_disclosure::time::{day_in_china, shown_text};
use gongkai_typeset::Writing;
use gongkai_typeset::writing::{Block, Table, TableCell};
use serde::Deserialize;

use super::entries::{Act, Visit};
use super::records::choose_agency;
use super::requests::ActForm;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors, encode};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::paper;
use crate::state::App;

const TITLE: &str = "拟发文件属性管理意见表";

/// How many are listed.
const MOST: i64 = 60;

/// What the page of an entry shows of it.
#[derive(Debug, Clone, Default)]
pub struct OpinionCard {
    pub state: Option<Tag>,
    pub facts: Vec<KeyValue>,
    pub forms: Vec<ActForm>,
    pub files: Vec<(&'static str, String)>,
}

fn class(code: &str) -> &'static str {
    DisclosureClass::from_code(code).map_or("", DisclosureClass::label)
}

fn state(opinion: &Opinion) -> Tag {
    match opinion.verdict.as_deref().and_then(OpinionVerdict::from_code) {
        None => Tag::new(Tone::Info, "待负责人签署"),
        Some(OpinionVerdict::Agreed) => Tag::new(Tone::Success, "已签署同意"),
        Some(OpinionVerdict::Declined) => Tag::new(Tone::Warning, "不同意"),
        Some(OpinionVerdict::Replaced) => Tag::new(Tone::Neutral, OpinionVerdict::Replaced.label()),
    }
}

fn files(id: &str) -> Vec<(&'static str, String)> {
    Writing::formats()
        .map(|format| (format.label(), format!("/console/class-opinions/{id}/form/{}", format.extension())))
        .collect()
}

fn facts(opinion: &Opinion) -> Vec<KeyValue> {
    let mut facts = vec![KeyValue::new("公开属性", class(&opinion.disclosure_class))];
    if !opinion.class_reason.is_empty() {
        facts.push(KeyValue::new("理由和依据", opinion.class_reason.clone()));
    }
    let proposed = format!("{}　{}", opinion.proposed_by_name, shown_text(&opinion.proposed_at));
    facts.push(KeyValue::new("起草人签署", proposed));
    if let Some(at) = &opinion.decided_at {
        facts.push(KeyValue::new("负责人签署", format!("{}　{}", opinion.decided_by_name, shown_text(at))));
    }
    if !opinion.words.is_empty() {
        facts.push(KeyValue::new("意见", opinion.words.clone()));
    }
    facts
}

fn decide_form(opinion: &Opinion, typed: &Fields, errors: &FormErrors) -> ActForm {
    let fields = vec![
        Field::radio("verdict", "意见", [("agreed", "同意"), ("declined", "不同意")]).required().inline(),
        Field::text("words", "说明", 2).hint("同意可以不填；不同意必须写明原因。"),
    ];
    let fields = typed.typed_into(fields, errors);
    let summary = errors.above(&fields);
    ActForm {
        heading: "签署意见".into(),
        hint: "您签署的是这份文件的公开属性和理由；之后改动其中一项，要重新提出、重新签署。".into(),
        action: format!("/console/class-opinions/{}", opinion.id),
        fields,
        hidden: Vec::new(),
        button: "签署",
        errors: summary,
        is_open: true,
        is_serious: false,
        preview: None,
    }
}

impl OpinionCard {
    /// Of the edition on the page; nothing where the agency asks for none and none was made.
    pub(super) async fn of(
        conn: &mut Conn,
        staff: &Staff,
        edition: &Edition,
        is_open: bool,
    ) -> Result<Option<OpinionCard>, PageError> {
        let submitted_with = class_opinions::of_edition(conn, &edition.id).await?;
        let newest = if is_open { None } else { submitted_with };
        let newest = match newest {
            Some(one) => Some(one),
            None => class_opinions::newest(conn, &edition.entry_id).await?.filter(|_| is_open),
        };
        let may_draft = is_open && staff.may(P::DraftEntries, &edition.agency_id);
        let needed = class_opinions::needed(conn, &edition.agency_id).await?;
        let is_needed = needed.applies(edition.document_number.as_deref());
        let mut card = OpinionCard::default();
        let says_the_same = |one: &Opinion| {
            one.disclosure_class == edition.disclosure_class && one.class_reason == edition.class_reason
        };
        if let Some(one) = &newest {
            card.state = Some(match says_the_same(one) {
                true => state(one),
                false => Tag::new(Tone::Warning, "公开属性已改，须重新签署"),
            });
            card.facts = facts(one);
            card.files = files(&one.id);
        } else if is_needed && is_open {
            card.state = Some(Tag::new(Tone::Warning, "送审前须签署"));
        }
        let can_propose = newest
            .as_ref()
            .is_none_or(|one| !says_the_same(one) || one.verdict.as_deref() == Some("declined"));
        if may_draft && can_propose && !edition.disclosure_class.is_empty() {
            card.forms.push(ActForm {
                heading: "提出公开属性意见".into(),
                hint: format!(
                    "以您的名义提出“{}”，由部门负责人签署，送审时一并留存。",
                    class(&edition.disclosure_class)
                ),
                action: format!("/console/entries/{}/class-opinion", edition.entry_id),
                fields: Vec::new(),
                hidden: vec![("edition".into(), edition.id.clone())],
                button: "签署并提出",
                errors: ErrorSummary::default(),
                is_open: is_needed,
                is_serious: false,
                preview: None,
            });
        }
        if let Some(one) = newest.filter(|one| one.verdict.is_none())
            && staff.may(P::SignOff, &edition.agency_id)
            && one.proposed_by != staff.user_id
        {
            card.forms.push(decide_form(&one, &Fields::default(), &FormErrors::default()));
        }
        Ok((card.state.is_some() || !card.forms.is_empty()).then_some(card))
    }

    pub(super) fn sample() -> OpinionCard {
        let opinion = sample_opinion();
        OpinionCard {
            state: Some(state(&opinion)),
            facts: facts(&opinion),
            forms: vec![decide_form(&opinion, &Fields::default(), &FormErrors::default())],
            files: files("1"),
        }
    }
}

fn sample_opinion() -> Opinion {
    Opinion {
        id: "1".into(),
        agency_name: "松溪镇人民政府".into(),
        title: "关于印发冬春季森林防火方案的通知".into(),
        document_number: "松溪政〔2026〕8号".into(),
        disclosure_class: "on_request".into(),
        class_reason: "涉及内部值守安排，可以依申请提供".into(),
        proposed_by_name: "田小满".into(),
        proposed_at: "2026-11-02T01:00:00.000Z".into(),
        ..Opinion::default()
    }
}

/// A form on the list.
#[derive(Debug, Clone)]
pub struct OpinionRow {
    pub title: String,
    pub href: String,
    pub number: String,
    pub class: &'static str,
    pub reason: String,
    pub proposed: String,
    pub state: Tag,
    pub sign: Option<ActForm>,
    pub files: Vec<(&'static str, String)>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/class_opinions.html")]
pub struct OpinionListPage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_code: String,
    pub agency_field: Option<Field>,
    pub rows: Vec<OpinionRow>,
    /// What the agency asks for, in words; and where this person may change it.
    pub needed: &'static str,
    pub needed_field: Option<Field>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
}

/// What was sent for one form and refused.
type Refused<'a> = Option<(&'a str, &'a Fields, &'a FormErrors)>;

async fn list_page(
    app: &App,
    page: &PageContext,
    staff: &Staff,
    asked: &str,
    refused: Refused<'_>,
) -> Result<OpinionListPage, PageError> {
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, staff, asked, P::ReadDrafts).await?;
    let agency = &choice.chosen;
    let may_sign = staff.may(P::SignOff, &agency.id);
    let mut rows = Vec::new();
    for one in class_opinions::waiting(&mut conn, &agency.id, MOST).await? {
        let (typed, errors) = match refused {
            Some((id, typed, errors)) if id == one.id => (typed.clone(), errors.clone()),
            _ => Default::default(),
        };
        let can_sign = may_sign && one.verdict.is_none() && one.proposed_by != staff.user_id;
        rows.push(OpinionRow {
            href: format!("/console/entries/{}", one.entry_id),
            number: one.document_number.clone(),
            class: class(&one.disclosure_class),
            reason: one.class_reason.clone(),
            proposed: format!("{}　{}", one.proposed_by_name, shown_text(&one.proposed_at)),
            state: state(&one),
            sign: can_sign.then(|| {
                // Several stand on the page.
                let mut form =
                    decide_form(&one, &typed.renamed(|name| format!("{}-{name}", one.id)), &errors);
                for field in &mut form.fields {
                    field.error = errors.get(&field.name);
                    field.name = format!("{}-{}", one.id, field.name);
                }
                form.is_open = refused.is_some_and(|(id, ..)| id == one.id);
                form
            }),
            files: files(&one.id),
            title: one.title,
        });
    }
    let needed = class_opinions::needed(&mut conn, &agency.id).await?;
    let needed_field = staff.may(P::SetChains, &agency.id).then(|| {
        Field::radio("needed", "送审前", Needed::ALL.iter().map(|one| (one.code(), one.label())))
            .value(needed.code())
    });
    Ok(OpinionListPage {
        chrome: match staff.may_anywhere(P::SignOff) {
            true => {
                page.chrome(Section::Reviews).crumb("工作台", "/console").crumb("审核", "/console/reviews")
            }
            // Who drafts comes from the entries, and has no list of reviews.
            false => {
                page.chrome(Section::Entries).crumb("工作台", "/console").crumb("信息", "/console/entries")
            }
        }
        .here("属性意见表"),
        agency: agency.name.clone(),
        agency_code: agency.code.clone(),
        agency_field: choice.field(),
        rows,
        needed: needed.label(),
        needed_field,
    })
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    html(&list_page(&app, &page, &staff, &chosen.agency, None).await?)
}

pub(crate) async fn set_needed(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let agency =
        choose_agency(&mut *app.db.read().await?, &staff, form.text("agency"), P::SetChains).await?.chosen;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    actions::set_needed(&mut tx, &staff, &agency.id, form.text("needed")).await?;
    tx.commit().await?;
    let to = format!("/console/class-opinions?agency={}", encode(&agency.code));
    Ok(redirect_with(&to, "已设置，从现在起送审的按这个要求。"))
}

pub(crate) async fn propose(visit: Visit, form: Fields) -> Result<Response, PageError> {
    let mut tx = visit.begin().await?;
    let answer = actions::propose(&mut tx, visit.staff(), form.text("edition")).await;
    let then = |id: &str, _| {
        redirect_with(&format!("/console/entries/{id}#class-opinion"), "已提出，请部门负责人签署。")
    };
    visit.end(tx, Act::Opinion, form, answer, then).await
}

pub(crate) async fn decide(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let opinion =
        class_opinions::opinion(&mut *app.db.read().await?, &id).await?.ok_or(PageError::NotFound)?;
    // The form stands on the page of the entry, and on the list under a name of its own.
    let is_listed = form.names().any(|name| name.starts_with(&id));
    let typed = if is_listed { form.under(&id) } else { form };
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let (verdict, words) = (typed.text("verdict"), typed.text("words"));
    let answer = actions::decide(&mut tx, &staff, &id, verdict, words).await;
    match settle(tx, answer).await? {
        Ok(()) => {
            let to = match is_listed {
                true => "/console/class-opinions".to_owned(),
                false => format!("/console/entries/{}#class-opinion", opinion.entry_id),
            };
            Ok(redirect_with(&to, "已签署意见。"))
        }
        Err(errors) if errors.general.is_empty() => {
            let refused = Some((id.as_str(), &typed, &errors));
            form_again(&list_page(&app, &page, &staff, "", refused).await?)
        }
        Err(errors) => Err(PageError::Refused(errors.general)),
    }
}

pub(crate) async fn download(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((id, extension)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let opinion = class_opinions::opinion(&mut *app.db.read().await?, &id).await?;
    let opinion =
        opinion.filter(|one| staff.may(P::ReadDrafts, &one.agency_id)).ok_or(PageError::NotFound)?;
    let moment = opinion.decided_at.as_deref().unwrap_or(&opinion.proposed_at);
    let day = moment.parse().map_or_else(|_| app.today(), day_in_china);
    paper::download_writing(&app, writing(&opinion), &extension, day).await
}

/// The form on paper.
fn writing(opinion: &Opinion) -> Writing {
    let wide = |label: &str, text: String| vec![TableCell::header(label), TableCell::running(text).across(3)];
    let or_none = |text: &str| if text.is_empty() { "无".to_owned() } else { text.to_owned() };
    let classes: Vec<String> = DisclosureClass::ALL
        .iter()
        .map(|one| {
            let mark = if one.code() == opinion.disclosure_class { "√" } else { "□" };
            format!("{mark}{}", one.label())
        })
        .collect();
    let mark = match DisclosureClass::from_code(&opinion.disclosure_class) {
        Some(DisclosureClass::Proactive) => "（此件公开发布）",
        Some(DisclosureClass::OnRequest) => "（此件依申请公开）",
        _ => "（此件不公开）",
    };
    let verdict = opinion.verdict.as_deref().and_then(OpinionVerdict::from_code);
    let head = match (verdict, &opinion.decided_at) {
        (Some(verdict), Some(at)) => {
            let more = if opinion.words.is_empty() { String::new() } else { format!("。{}", opinion.words) };
            format!("意见：{}{more}\n签署：{}　{}", verdict.label(), opinion.decided_by_name, shown_text(at))
        }
        _ => "（尚未签署）".into(),
    };
    let drafter = format!("签署：{}　{}", opinion.proposed_by_name, shown_text(&opinion.proposed_at));
    let rows = vec![
        wide("文件标题", opinion.title.clone()),
        wide("文号", or_none(&opinion.document_number)),
        wide("公开属性", classes.join("　")),
        wide("理由和依据", or_none(&opinion.class_reason)),
        wide("文末标注", mark.into()),
        wide("起草人", drafter),
        wide("部门负责人", head),
    ];
    let short: String = opinion.title.chars().take(40).collect();
    Writing {
        title: format!("{TITLE}（{short}）"),
        author: opinion.agency_name.clone(),
        blocks: vec![
            Block::Title(format!("{}\n{TITLE}", opinion.agency_name)),
            Block::Table(Table { caption: TITLE.into(), columns: vec![10, 17, 10, 17], rows }),
        ],
    }
}

impl OpinionListPage {
    pub fn sample() -> OpinionListPage {
        let one = sample_opinion();
        OpinionListPage {
            chrome: Chrome::console_sample(Section::Reviews).here("属性意见表"),
            agency: one.agency_name.clone(),
            agency_code: "songxi".into(),
            agency_field: None,
            rows: vec![OpinionRow {
                href: "/console/entries/1".into(),
                number: one.document_number.clone(),
                class: class(&one.disclosure_class),
                reason: one.class_reason.clone(),
                proposed: "田小满　2026-11-02 09:00".into(),
                state: state(&one),
                sign: Some(decide_form(&one, &Fields::default(), &FormErrors::default())),
                files: files("1"),
                title: one.title,
            }],
            needed: Needed::Documents.label(),
            needed_field: Some(Field::radio(
                "needed",
                "送审前",
                Needed::ALL.iter().map(|one| (one.code(), one.label())),
            )),
        }
    }

    pub fn sample_empty() -> OpinionListPage {
        OpinionListPage { rows: Vec::new(), needed_field: None, ..OpinionListPage::sample() }
    }
}
