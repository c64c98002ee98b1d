//! 副本撤除 — copies elsewhere of what was withdrawn: what a platform is being asked to delete, and what a person must take
//! down and confirm.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::Staff;
use gongkai_disclosure::publishing::removals::{self, Removal, RemovalState, actions};
use gongkai_disclosure::time::shown_text;

use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::state::App;

/// Where the list is.
pub(super) const LIST: &str = "/console/postings/removals";

/// A copy on the page of its entry or of its posting.
#[derive(Debug, Clone)]
pub struct RemovalRow {
    pub place: String,
    pub link: String,
    pub state: Tag,
    pub words: String,
}

impl RemovalRow {
    pub(super) fn of(removal: &Removal) -> Result<RemovalRow, PageError> {
        let state = removal.state()?;
        let tone = match state {
            RemovalState::Waiting => Tone::Info,
            RemovalState::ByHand => Tone::Warning,
            RemovalState::Removed | RemovalState::Confirmed => Tone::Success,
        };
        let words = match (state, &removal.done_at, &removal.done_by_name) {
            (RemovalState::ByHand, ..) => format!("{}由{}撤下。", removal.failure, removal.owner),
            (_, Some(at), Some(by)) => format!("{by}　{}　{}", shown_text(at), removal.note),
            (_, Some(at), None) => shown_text(at),
            _ => String::new(),
        };
        let link = if removal.place.is_empty() { removal.link.clone() } else { String::new() };
        let place = if link.is_empty() { removal.place_in_words() } else { label(removal).to_owned() };
        Ok(RemovalRow { place, link, state: Tag::new(tone, state.label()), words: words.trim().to_owned() })
    }

    pub(super) fn sample() -> RemovalRow {
        RemovalRow {
            place: "微信".into(),
            link: "http://mp.weixin.qq.com/s/abc".into(),
            state: Tag::new(Tone::Warning, "待人工撤下"),
            words: "这个公众号没有使用发布接口的权限，请在公众平台手工办理。（48001）由田小满撤下。".into(),
        }
    }
}

fn label(removal: &Removal) -> &'static str {
    use gongkai_disclosure::publishing::postings::PostingChannel;
    PostingChannel::from_code(&removal.channel).map_or("", PostingChannel::label)
}

/// One copy that is not taken back yet.
#[derive(Debug, Clone)]
pub struct RemovalTask {
    pub title: String,
    pub entry: String,
    pub link: String,
    pub state: Tag,
    pub facts: Vec<KeyValue>,
    pub action: String,
    pub note: Field,
    pub errors: ErrorSummary,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/postings/removals.html")]
pub struct RemovalsPage {
    pub chrome: Chrome,
    pub tasks: Vec<RemovalTask>,
}

fn task(removal: &Removal, refused: Option<(&Fields, &FormErrors)>) -> Result<RemovalTask, PageError> {
    let row = RemovalRow::of(removal)?;
    let mut facts = vec![KeyValue::new("在哪里", row.place)];
    if !removal.failure.is_empty() {
        facts.push(KeyValue::new("为什么要人工撤下", removal.failure.clone()));
    }
    facts.push(KeyValue::new("责任人", removal.owner.clone()));
    facts.push(KeyValue::new("机关", removal.agency_name.clone()));
    facts.push(KeyValue::new("撤回时间", shown_text(&removal.asked_at)));
    // Several forms stand on the page: the field of each has a name of its own.
    let mut note = Field::line(note_of(&removal.id), "说明")
        .hint("可以不填，例如：当面看过，或者在平台上已查不到。")
        .width("w-m");
    let mut errors = ErrorSummary::default();
    if let Some((typed, why)) = refused {
        note = note.value(typed.text(&note_of(&removal.id)));
        note.error = why.get("note");
        errors = ErrorSummary::of([&note]);
        errors = why.general.iter().fold(errors, |errors, words| errors.and(words.clone()));
    }
    Ok(RemovalTask {
        title: removal.title.clone(),
        entry: format!("/console/entries/{}", removal.entry_id),
        link: removal.link.clone(),
        state: row.state,
        facts,
        action: format!("{LIST}/{}/confirmation", removal.id),
        note,
        errors,
    })
}

fn note_of(id: &str) -> String {
    format!("note-{id}")
}

async fn list_page(
    app: &App,
    page: &PageContext,
    staff: &Staff,
    refused: Option<(&str, &Fields, &FormErrors)>,
) -> Result<RemovalsPage, PageError> {
    let open = removals::open(&mut *app.db.read().await?, staff).await?;
    let of = |one: &Removal| {
        task(one, refused.filter(|(id, ..)| *id == one.id).map(|(_, typed, errors)| (typed, errors)))
    };
    let chrome = page.chrome(Section::Entries).crumb("工作台", "/console").crumb("信息", "/console/entries");
    let chrome = chrome.crumb("渠道发布", "/console/postings").here("待撤下的副本");
    Ok(RemovalsPage { chrome, tasks: open.iter().map(of).collect::<Result<_, _>>()? })
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
) -> Result<impl IntoResponse, PageError> {
    html(&list_page(&app, &page, &staff, None).await?)
}

pub(crate) async fn confirm(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let answer = actions::confirm(&mut tx, &staff, &id, form.text(&note_of(&id))).await;
    match settle(tx, answer).await? {
        Ok(()) => Ok(redirect_with(LIST, "已确认撤下。")),
        Err(errors) => form_again(&list_page(&app, &page, &staff, Some((&id, &form, &errors))).await?),
    }
}

impl RemovalsPage {
    pub fn sample() -> RemovalsPage {
        let row = RemovalRow::sample();
        let task = |action: &str, id: &str| RemovalTask {
            title: "松溪镇2026年农村危房改造补助名单".into(),
            entry: "/console/entries/1".into(),
            link: row.link.clone(),
            state: row.state.clone(),
            facts: vec![KeyValue::new("在哪里", "微信"), KeyValue::new("责任人", "田小满")],
            action: action.into(),
            note: Field::line(id, "说明"),
            errors: ErrorSummary::default(),
        };
        let chrome = Chrome::console_sample(Section::Entries).here("待撤下的副本");
        RemovalsPage { chrome, tasks: vec![task("/a", "note-1"), task("/b", "note-2")] }
    }

    pub fn sample_empty() -> RemovalsPage {
        RemovalsPage { tasks: Vec::new(), ..RemovalsPage::sample() }
    }
}
