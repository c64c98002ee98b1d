//! 拟稿 — the drafting form, for a new entry and for an edition that is still open.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use gongkai_disclosure::accounts::{Agency, Permission as P, Staff};
use gongkai_disclosure::catalogue::{self, Line};
use gongkai_disclosure::db::{Conn, Tx};
use gongkai_disclosure::publishing::word_file::WordText;
use gongkai_disclosure::publishing::{Draft, Edition, actions, before_submission, drafts, lacking};
use gongkai_disclosure::reporting;
use gongkai_disclosure::time::shown_text;
use serde::Deserialize;

use super::acts::{Act, Refused, refused_page};
use super::form_page::{EntryFormPage, Target, against, draft_of};
use super::writing::others_in_words;
use super::{address, chrome, readable};
use crate::auth::Signed;
use crate::console::records::choose_agency;
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, close, form_again, html, redirect_with, refused, settle};
use crate::state::App;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Start {
    agency: String,
    line: String,
}

/// Asked for after a submission was refused: what is missing is marked.
#[derive(Deserialize)]
pub(crate) struct Check {
    check: Option<String>,
    /// Take what was saved by itself into the form.
    restore: Option<String>,
}

pub(crate) async fn new(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(start): Query<Start>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let (target, agency, lines) = fresh(&mut conn, &staff, &start.agency, &start.line).await?;
    // The source is nearly always the agency itself; everything else is the drafter's word.
    let draft = Draft { source: agency.name, ..Draft::default() };
    html(&EntryFormPage::of(chrome(&page), &target, &lines, &start.line, &draft, &FormErrors::default()))
}

/// A new entry: at the agency of the line, or the one asked for, or the person's own.
async fn fresh(
    conn: &mut Conn,
    staff: &Staff,
    agency: &str,
    line: &str,
) -> Result<(Target, Agency, Vec<Line>), PageError> {
    let line = if line.is_empty() { None } else { catalogue::line(conn, line).await? };
    let mut choice = choose_agency(conn, staff, agency, P::DraftEntries).await?;
    if let Some(line) = line
        && let Some(of_line) = choice.all.iter().find(|agency| agency.id == line.agency_id)
    {
        choice.chosen = of_line.clone();
    }
    let lines = catalogue::lines(conn, &choice.chosen.id).await?;
    Ok((Target::New { agency_field: choice.field() }, choice.chosen, lines))
}

pub(crate) async fn create(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let staff = &signed.staff;
    let (draft, line) = (draft_of(&form), form.text("line"));
    if form.text("then") == "preview" {
        let mut conn = app.db.read().await?;
        let (target, _, lines) = fresh(&mut conn, staff, form.text("agency"), line).await?;
        let shown = EntryFormPage::of(chrome(&page), &target, &lines, line, &draft, &FormErrors::default());
        return Ok(html(&shown.previewed(&draft, &lines, line))?.into_response());
    }
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let answer = actions::draft_entry(&mut tx, staff, line, &draft).await;
    match settle(tx, answer).await? {
        Ok(drafted) => saved(&app, &page, &signed, &drafted.entry_id, &form).await,
        Err(errors) => {
            let errors = errors.with(lacking_for_review(&form, &draft, 1, 0, &app));
            let mut conn = app.db.read().await?;
            let (target, _, lines) = fresh(&mut conn, staff, form.text("agency"), line).await?;
            form_again(&EntryFormPage::of(chrome(&page), &target, &lines, line, &draft, &errors))
        }
    }
}

pub(crate) async fn edit(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    Query(asked): Query<Check>,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let (edition, attachments) = newest_with_files(&mut conn, &staff, &id).await?;
    let lines = catalogue::lines(&mut conn, &edition.agency_id).await?;
    if !edition.state()?.is_open() || !staff.may(P::DraftEntries, &edition.agency_id) {
        // What can be done with it instead is said on its page.
        return Ok(Redirect::to(&address(&id)).into_response());
    }
    let lacking = match asked.check {
        Some(_) => before_submission(&edition, attachments, app.today()),
        None => Vec::new(),
    };
    let kept = drafts::own_working(&mut conn, &staff, &edition.id).await?;
    let colleagues = drafts::colleagues(&mut conn, &staff, &edition.id, app.now()).await?;
    let (line, mut draft) = (edition.line_id.clone(), edition.draft());
    let is_restored = asked.restore.is_some() && kept.is_some();
    let mut version = edition.version;
    let edition_id = edition.id.clone();
    if let Some(working) = kept.as_ref().filter(|_| is_restored) {
        draft = working.draft.clone();
        version = working.version;
    }
    let target = Target::Open(Box::new(edition));
    let errors = FormErrors::of(&lacking);
    let mut shown = EntryFormPage::of(chrome(&page), &target, &lines, &line, &draft, &errors);
    // What was typed on an older version is held against the newer one when it is saved.
    shown.set_hidden("version", &version.to_string());
    shown.is_saved = !lacking.is_empty();
    shown.desk.is_restored = is_restored;
    shown.desk.kept = kept.map(|working| (shown_text(&working.saved_at), edition_id));
    shown.desk.others = others_in_words(&colleagues);
    Ok(html(&shown)?.into_response())
}

pub(crate) async fn save(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let staff = &signed.staff;
    let draft = draft_of(&form);
    if form.text("then") == "preview" {
        let (edition, lines) = newest(&mut *app.db.read().await?, staff, &id).await?;
        let line = line_of(&form, &edition).to_owned();
        let target = Target::Open(Box::new(edition));
        let mut shown =
            EntryFormPage::of(chrome(&page), &target, &lines, &line, &draft, &FormErrors::default());
        // The version the text was typed on, so that a conflict is still found when it is saved.
        shown.set_hidden("version", form.text("version"));
        return Ok(html(&shown.previewed(&draft, &lines, &line))?.into_response());
    }
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let kept = keep(&mut tx, staff, &id, &form, &draft).await?;
    let Err(errors) = close(tx, kept).await? else { return saved(&app, &page, &signed, &id, &form).await };
    let mut conn = app.db.read().await?;
    let (edition, attachments) = newest_with_files(&mut conn, staff, &id).await?;
    let lines = catalogue::lines(&mut conn, &edition.agency_id).await?;
    let errors = errors.with(lacking_for_review(&form, &draft, edition.ordinal, attachments, &app));
    // Someone else saved meanwhile.
    let is_stale = edition.id == form.text("edition") && form.number("version") != Some(edition.version);
    let conflict = is_stale.then(|| against(&edition, &draft));
    let line = line_of(&form, &edition).to_owned();
    let target = Target::Open(Box::new(edition));
    let mut shown = EntryFormPage::of(chrome(&page), &target, &lines, &line, &draft, &errors);
    if !is_stale {
        // Only who has seen what was saved meanwhile may write over it.
        shown.set_hidden("version", form.text("version"));
    }
    shown.conflict = conflict;
    form_again(&shown)
}

/// The form with the text of a docx in the place of the old one, and how it will look; nothing is saved yet.
pub(super) async fn taken_from_word(
    app: &App,
    page: &PageContext,
    staff: &Staff,
    edition: Edition,
    word: WordText,
) -> Result<Response, PageError> {
    if !edition.state()?.is_open() || !staff.may(P::DraftEntries, &edition.agency_id) {
        return Ok(Redirect::to(&address(&edition.entry_id)).into_response());
    }
    let lines = catalogue::lines(&mut *app.db.read().await?, &edition.agency_id).await?;
    let mut draft = Draft { body: word.html, ..edition.draft() };
    if draft.title.is_empty() {
        draft.title = word.title;
    }
    let line = edition.line_id.clone();
    let target = Target::Open(Box::new(edition));
    let shown = EntryFormPage::of(chrome(page), &target, &lines, &line, &draft, &FormErrors::default());
    let mut shown = shown.previewed(&draft, &lines, &line);
    let notes =
        if word.notes.is_empty() { "请对照原文核对后保存。".into() } else { word.notes.join("") };
    shown.taken = Some(notes);
    Ok(html(&shown)?.into_response())
}

/// The newest edition, and how many files it has.
async fn newest_with_files(conn: &mut Conn, staff: &Staff, id: &str) -> Result<(Edition, usize), PageError> {
    let entry = readable(conn, staff, id).await?;
    let newest = entry.newest().ok_or(PageError::NotFound)?;
    Ok((newest.edition.clone(), newest.attachments.len()))
}

/// Whether saving is only the way to submitting: then all that is lacking is told at once.
fn is_for_review(form: &Fields) -> bool {
    form.text("then") == "submit"
}

fn lacking_for_review(
    form: &Fields,
    draft: &Draft,
    ordinal: i64,
    attachments: usize,
    app: &App,
) -> FormErrors {
    match is_for_review(form) {
        true => FormErrors::of(&lacking(draft, ordinal, attachments, app.today())),
        false => FormErrors::default(),
    }
}

async fn newest(conn: &mut Conn, staff: &Staff, id: &str) -> Result<(Edition, Vec<Line>), PageError> {
    let (edition, _) = newest_with_files(conn, staff, id).await?;
    let lines = catalogue::lines(conn, &edition.agency_id).await?;
    Ok((edition, lines))
}

/// The line asked for; a form that does not offer it leaves it as it is.
fn line_of<'a>(form: &'a Fields, edition: &'a Edition) -> &'a str {
    if form.is_ticked("line") { form.text("line") } else { &edition.line_id }
}

/// Saves, under another line when one was chosen; all that is wrong comes back at once.
async fn keep(
    tx: &mut Tx,
    staff: &Staff,
    entry_id: &str,
    form: &Fields,
    draft: &Draft,
) -> Result<Result<(), FormErrors>, PageError> {
    let mut moved = Ok(());
    if form.is_ticked("line") {
        moved = refused(actions::move_to_line(tx, staff, entry_id, form.text("line")).await)?;
    }
    let version = form.number("version").unwrap_or_default();
    let kept = refused(actions::save_draft(tx, staff, form.text("edition"), version, draft).await)?;
    Ok(match (moved, kept) {
        (Err(one), Err(other)) => Err(one.with(other)),
        (moved, kept) => moved.and(kept),
    })
}

/// After saving: submits too when that was asked for, otherwise shows the entry.
async fn saved(
    app: &App,
    page: &PageContext,
    signed: &Signed,
    entry_id: &str,
    form: &Fields,
) -> Result<Response, PageError> {
    let staff = &signed.staff;
    if !is_for_review(form) {
        return Ok(redirect_with(&address(entry_id), "已保存草稿。"));
    }
    let (edition, _) = newest(&mut *app.db.read().await?, staff, entry_id).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    reporting::typed::read_attached(&mut tx, &app.files, &edition.id).await?;
    let answer = actions::submit(&mut tx, staff, &edition.id, edition.version).await;
    match settle(tx, answer).await? {
        Ok(_) => Ok(redirect_with(&address(entry_id), "已保存并送审，内容在审查期间不能修改。")),
        // What is missing is shown in the form, at the fields; it is a page of its own, so that loading it
        // again saves nothing twice.
        Err(errors) if errors.general.is_empty() => {
            Ok(Redirect::to(&format!("{}/edit?check=1", address(entry_id))).into_response())
        }
        Err(errors) => {
            let refused = Refused { act: Act::Submit, form: Fields::default(), errors };
            refused_page(app, page, signed, entry_id, &refused).await
        }
    }
}
