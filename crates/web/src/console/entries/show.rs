//! One entry on one screen: where it stands, what can be done now, what will be read, who signed it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::calendars;
use gongkai_disclosure::catalogue::{self, Line};
use gongkai_disclosure::publishing::class_opinions;
use gongkai_disclosure::publishing::desk::{DeskEdition, DeskEntry};
use gongkai_disclosure::publishing::diff::{Paragraph, Span};
use gongkai_disclosure::publishing::due::last_day;
use gongkai_disclosure::publishing::postings::{self, Posting};
use gongkai_disclosure::publishing::removals;
use gongkai_disclosure::publishing::schedule::{self, PublishTime};
use gongkai_disclosure::publishing::{
    DisclosureClass, Edition, EditionState, Genre, Validity, WithdrawalClass, before_submission,
    content_hash, theme_words,
};
use gongkai_disclosure::review::{Review, ReviewState, Verdict};
use gongkai_disclosure::time::{shown_text, stored};
use gongkai_statute::calendar::Calendar;
use gongkai_statute::deadlines::dues;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::accounts::AccountCard;
use super::acts::{Act, Refused, forms};
use super::check::{CheckCard, CheckOutcome};
use super::files::{FileLine, Upload};
use super::{address, chrome, class_label, for_desk, readable, samples, standing, state_tag};
use crate::auth::Signed;
use crate::components::{ErrorSummary, KeyValue, Link, Stepper, Tag, Tone};
use crate::console::class_opinions::OpinionCard;
use crate::console::postings::PostingRow;
use crate::console::removals::RemovalRow;
use crate::console::requests::ActForm;
use crate::console::reviews::{self, Changes};
use crate::errors::PageError;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::portal::wording::{category_with_provision, entry_address, genre};
use crate::state::App;

/// One round of review.
#[derive(Debug, Clone)]
pub struct ReviewRound {
    pub state: Tag,
    pub words: String,
    pub stepper: Stepper,
    pub opinions: Vec<KeyValue>,
    pub href: String,
    /// It is this person's turn to sign.
    pub is_mine: bool,
}

/// An edition on the list of them.
#[derive(Debug, Clone)]
pub struct EditionRow {
    pub label: String,
    pub href: String,
    pub is_shown: bool,
    pub state: Tag,
    pub words: String,
    pub note: String,
}

/// 退回 — what the drafter has to read first.
#[derive(Debug, Clone)]
pub struct Returned {
    pub by: String,
    pub opinion: String,
}

/// The fingerprint of the content, and whether what is stored still gives it.
#[derive(Debug, Clone)]
pub struct Fingerprint {
    pub hash: String,
    pub words: &'static str,
    pub is_intact: bool,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/entries/show.html")]
pub struct EntryPage {
    pub chrome: Chrome,
    pub title: String,
    pub states: Vec<Tag>,
    /// Why something asked for was not done, when its form is no longer here.
    pub errors: ErrorSummary,
    /// 公开期限 of what is not out yet.
    pub due: Option<Tag>,
    /// Said when an older edition is shown: what it is, and where the newest one is.
    pub older: Option<(String, String)>,
    pub returned: Option<Returned>,
    pub withdrawn: Option<String>,
    pub portal: Option<Link>,
    /// What is missing before it can be submitted.
    pub lacking: Vec<(&'static str, String)>,
    pub edit_href: Option<String>,
    /// 送审, when nothing is missing.
    pub submit: Option<ActForm>,
    pub acts: Vec<ActForm>,
    /// 发布前检查; what is out already was checked before.
    pub check: Option<CheckCard>,
    /// The round that is running.
    pub under_review: Option<ReviewRound>,
    /// Earlier rounds of this edition, newest first.
    pub rounds: Vec<ReviewRound>,
    pub changes: Option<Changes>,
    /// Since the round that ended without being signed.
    pub since: Option<(String, Changes)>,
    pub meta: Vec<KeyValue>,
    /// Cleaned; shown exactly as it will appear.
    pub body_html: String,
    pub files: Vec<FileLine>,
    pub upload: Option<Upload>,
    pub fingerprint: Option<Fingerprint>,
    pub facts: Vec<KeyValue>,
    /// Where its publicity period is set.
    pub publicity_href: String,
    pub editions: Vec<EditionRow>,
    pub line: (String, Vec<KeyValue>),
    pub line_href: String,
    pub history: Option<String>,
    /// 定时发布: when, or why it did not happen.
    pub timed: Option<(&'static str, String)>,
    /// 渠道发布, of what is public.
    pub postings: Vec<PostingRow>,
    /// 副本撤除, of what is withdrawn.
    pub removals: Vec<RemovalRow>,
    pub post_href: Option<String>,
    /// 《拟发文件属性管理意见表》.
    pub opinion: Option<OpinionCard>,
    /// 政务新媒体, of what is public.
    pub accounts: Option<AccountCard>,
}

/// What belongs to an entry and stands in other rooms.
#[derive(Debug, Clone, Default)]
pub(super) struct Around {
    checked: CheckOutcome,
    time: Option<PublishTime>,
    postings: Vec<Posting>,
    removals: Vec<RemovalRow>,
    since: Option<(String, Changes)>,
    opinion: Option<OpinionCard>,
    accounts: AccountCard,
    /// What is missing of it before submission.
    opinion_lacking: Option<String>,
    /// The working days to count with.
    calendar: Option<Calendar>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    edition: i64,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let asking = Asking { ordinal: chosen.edition, ..Asking::of(&app, &signed) };
    html(&entry_page(&app, &page, &asking, &id).await?)
}

/// Who asks for the page of an entry, and how.
pub(super) struct Asking<'a> {
    pub(super) staff: &'a Staff,
    pub(super) csrf: &'a str,
    pub(super) today: Date,
    pub(super) now: Timestamp,
    /// In bytes.
    pub(super) largest_file: u64,
    /// Which edition; 0 is the newest.
    pub(super) ordinal: i64,
    /// What was sent and why it was not done.
    pub(super) refused: Option<&'a Refused>,
}

impl<'a> Asking<'a> {
    pub(super) fn of(app: &App, signed: &'a Signed) -> Asking<'a> {
        Asking {
            staff: &signed.staff,
            csrf: &signed.csrf,
            today: app.today(),
            now: app.now(),
            largest_file: app.files.limit(),
            ordinal: 0,
            refused: None,
        }
    }
}

pub(super) async fn entry_page(
    app: &App,
    page: &PageContext,
    asking: &Asking<'_>,
    id: &str,
) -> Result<EntryPage, PageError> {
    let mut conn = app.db.read().await?;
    let entry = readable(&mut conn, asking.staff, id).await?;
    let line = catalogue::line(&mut conn, &entry.head.line_id).await?.ok_or(PageError::NotFound)?;
    let shown = match asking.ordinal {
        0 => entry.newest(),
        ordinal => entry.editions.iter().find(|e| e.edition.ordinal == ordinal),
    };
    let mut around = Around::default();
    if let Some(shown) = shown {
        around.checked = CheckOutcome::of(&mut conn, shown).await?;
        around.time = schedule::of_edition(&mut conn, &shown.edition.id).await?;
        let is_newest =
            asking.ordinal == 0 || entry.newest().is_some_and(|e| e.edition.ordinal == asking.ordinal);
        let is_open = is_newest && shown.edition.state()?.is_open();
        around.opinion = OpinionCard::of(&mut conn, asking.staff, &shown.edition, is_open).await?;
        if is_open {
            let lacking = class_opinions::actions::lacking(&mut conn, &shown.edition).await?;
            around.opinion_lacking = lacking.map(|reason| reason.to_string());
        }
        let until = stored(asking.now);
        around.since = reviews::since_ended_round(&mut conn, shown, &until).await?;
    }
    around.postings = postings::of_entry(&mut conn, id).await?;
    let copies = removals::of_entry(&mut conn, id).await?;
    around.removals = copies.iter().map(RemovalRow::of).collect::<Result<_, _>>()?;
    around.accounts = AccountCard::of(app, &mut conn, &entry.head).await?;
    around.calendar = Some(calendars::national(&mut conn).await?);
    drop(conn);
    EntryPage::of(chrome(page), &entry, &line, &around, asking).ok_or(PageError::NotFound)
}

impl EntryPage {
    fn of(
        chrome: Chrome,
        entry: &DeskEntry,
        line: &Line,
        around: &Around,
        asking: &Asking<'_>,
    ) -> Option<EntryPage> {
        use EditionState as S;
        let Around { checked, time, postings, removals, since, opinion, accounts, opinion_lacking, calendar } =
            around;
        let calendar = calendar.as_ref().unwrap_or_else(|| Calendar::national());
        let Asking { staff, today, now, refused, .. } = *asking;
        let newest = entry.newest()?;
        let shown = match asking.ordinal {
            0 => newest,
            ordinal => entry.editions.iter().find(|e| e.edition.ordinal == ordinal)?,
        };
        let head = &entry.head;
        let is_newest = shown.edition.id == newest.edition.id;
        let state = shown.edition.state().ok()?;
        let is_live = head.live_edition_id.is_some();
        let is_public = is_live && head.withdrawn_at.is_none();
        let may_draft = staff.may(P::DraftEntries, &head.agency_id);
        let is_open = is_newest && may_draft && state.is_open();
        let mut rounds: Vec<ReviewRound> = shown.reviews.iter().map(|case| round(case, staff, now)).collect();
        let is_running = shown.reviews.first().is_some_and(|case| case.state == ReviewState::Open);
        let under_review = is_running.then(|| rounds.remove(0));
        let live = entry.live().filter(|live| live.edition.id != shown.edition.id);
        let mut lacking: Vec<(&'static str, String)> = if is_open {
            use gongkai_disclosure::error::Refusal;
            before_submission(&shown.edition, shown.attachments.len(), today)
                .iter()
                .map(|reason| (reason.field().unwrap_or_default(), reason.to_string()))
                .collect()
        } else {
            Vec::new()
        };
        if is_open && let Some(words) = opinion_lacking {
            lacking.push(("", words.clone()));
        }
        if is_open && checked.open() > 0 {
            lacking.push(("", format!("处理“发布前检查”里的 {} 处。", checked.open())));
        }
        let is_at_work = is_newest && matches!(state, S::Drafting | S::Returned | S::InReview);
        let check = is_at_work.then(|| match state {
            S::InReview => CheckCard::to_read(checked, &shown.edition),
            _ => CheckCard::to_work_on(checked, &shown.edition, staff),
        });
        let base = address(&head.id);
        let mut acts = if is_newest && may_draft {
            forms(entry, newest, lacking.is_empty(), time.as_ref(), refused)
        } else {
            Vec::new()
        };
        let errors = refused
            .filter(|r| r.act != Act::Attach && acts.iter().all(|act| act.errors.errors.is_empty()))
            .map(|r| r.errors.summary())
            .unwrap_or_default();
        let submit =
            acts.iter().position(|act| act.action.ends_with("/submission")).map(|at| acts.remove(at));
        Some(EntryPage {
            check,
            chrome: chrome.here(shown.edition.title.clone()),
            title: shown.edition.title.clone(),
            states: standing(
                &newest.edition.state,
                newest.edition.ordinal,
                head.live_edition_id.as_ref() == Some(&newest.edition.id),
                is_live,
                head.withdrawn_at.is_some(),
            ),
            errors,
            due: due(shown, &line.time_limit, is_live, today, calendar),
            older: (!is_newest).then(|| {
                (
                    format!("这是第 {} 版（{}），不是最新的一版。", shown.edition.ordinal, state.label()),
                    base.clone(),
                )
            }),
            returned: (state == EditionState::Returned).then(|| returned(shown)).flatten(),
            withdrawn: head.withdrawn_at.as_ref().map(|at| {
                let class = head.withdrawal_class.as_deref().and_then(WithdrawalClass::from_code);
                format!(
                    "{}撤回，原因：{}。{}",
                    shown_text(at),
                    class.map_or("", WithdrawalClass::label),
                    head.withdrawal_reason.as_deref().unwrap_or_default()
                )
            }),
            portal: head.index_number.as_ref().filter(|_| head.first_released_at.is_some()).map(|number| {
                let words = if is_public { "在门户查看" } else { "看门户上的撤回说明" };
                Link::new(words, entry_address(number))
            }),
            edit_href: is_open.then(|| format!("{base}/edit")),
            submit,
            acts,
            lacking,
            under_review,
            rounds,
            changes: live.map(|live| reviews::changes(live, shown)),
            since: since.clone().filter(|(_, changes)| is_at_work && changes.is_any()),
            meta: record(&shown.edition, &head.line_title),
            body_html: for_desk(&shown.edition.body_html),
            files: shown
                .attachments
                .iter()
                .map(|file| FileLine::of(file, checked.removed_from(&file.file_sha256), &base, is_open))
                .collect(),
            upload: is_open.then(|| Upload::at(&base, asking)),
            fingerprint: fingerprint(shown),
            facts: facts(entry, shown),
            publicity_href: format!("/console/publicity/{}", head.id),
            editions: entry.editions.iter().map(|e| edition_row(e, &base, shown, is_public)).collect(),
            line: (head.line_title.clone(), line_words(line)),
            timed: time
                .as_ref()
                .filter(|_| !matches!(state, S::Released | S::Superseded))
                .map(|time| timed(time, &shown.edition.made_on, &line.time_limit, calendar)),
            opinion: opinion.clone(),
            accounts: (is_public && may_draft).then(|| accounts.clone()),
            postings: postings.iter().map(PostingRow::of).collect(),
            removals: removals.clone(),
            post_href: (is_public && may_draft).then(|| format!("/console/postings/new?entry={}", head.id)),
            line_href: format!("/console/entries?line={}", head.line_id),
            history: staff
                .may(P::ReadAudit, &head.agency_id)
                .then(|| format!("/console/audit/records/{}", head.id)),
        })
    }

    /// Sent back once, and lacking something.
    pub fn sample() -> EntryPage {
        EntryPage {
            lacking: vec![("source", "请填写信息来源。".into())],
            ..EntryPage::sample_in(EditionState::Returned)
        }
    }

    pub fn sample_in(state: EditionState) -> EntryPage {
        let chrome = Chrome::console_sample(Section::Entries).crumb("信息", "/console/entries");
        let (entry, line, staff) = (samples::entry(state), samples::line(), samples::officer());
        let around = Around {
            checked: CheckCard::sample_outcome(),
            opinion: Some(OpinionCard::sample()),
            accounts: AccountCard::sample(),
            ..Around::default()
        };
        let asking = Asking {
            staff: &staff,
            csrf: "sample",
            today: jiff::civil::date(2026, 11, 2),
            now: Timestamp::UNIX_EPOCH,
            largest_file: 50 * 1024 * 1024,
            ordinal: 0,
            refused: None,
        };
        EntryPage::of(chrome, &entry, &line, &around, &asking)
            .unwrap_or_else(|| unreachable!("the sample has an edition"))
    }
}

/// 定时发布 in words: the tone and what is said.
fn timed(time: &PublishTime, made_on: &str, time_limit: &str, calendar: &Calendar) -> (&'static str, String) {
    match &time.refusal {
        Some(refusal) => (
            "overdue",
            format!(
                "定于 {} 发布，届时核对没有通过，没有公开：{refusal}处理后重新定时，或者取消定时立即公开。",
                shown_text(&time.release_at)
            ),
        ),
        None => {
            let set = format!("定于 {} 发布（{}设定）。", shown_text(&time.release_at), time.set_by_name);
            match schedule::past_due(made_on, time_limit, &time.release_at, calendar) {
                Some(due_on) => (
                    "warning",
                    format!(
                        "{set}这个时间晚于公开期限 {due_on}：目录事项写明天数的从其规定，没有写明的自形成之日起20个工作日内。《条例》第二十六条"
                    ),
                ),
                None => ("info", set),
            }
        }
    }
}

fn round(case: &Review, staff: &Staff, now: Timestamp) -> ReviewRound {
    let words = match &case.closed_at {
        Some(closed) => format!("{}送审，{}结束", shown_text(&case.opened_at), shown_text(closed)),
        None => format!("{}送审", shown_text(&case.opened_at)),
    };
    ReviewRound {
        state: reviews::state(case.state),
        words,
        stepper: reviews::stepper(case),
        opinions: reviews::opinions(case),
        href: format!("/console/reviews/{}", case.id),
        is_mine: case.why_not(staff, now).is_empty(),
    }
}

fn returned(shown: &DeskEdition) -> Option<Returned> {
    let case = shown.reviews.first()?;
    let (stage, sign_off) = case
        .stages
        .iter()
        .filter_map(|s| Some((&s.stage, s.sign_off.as_ref()?)))
        .find(|(_, sign_off)| sign_off.verdict == Verdict::Returned)?;
    Some(Returned {
        by: format!("{}　{}　{}", stage.title, sign_off.person_name, shown_text(&sign_off.signed_at)),
        opinion: sign_off.opinion.clone(),
    })
}

/// The days from making to publishing, for what is meant for everyone and not out. 《条例》第二十六条.
fn due(
    shown: &DeskEdition,
    time_limit: &str,
    is_live: bool,
    today: Date,
    calendar: &Calendar,
) -> Option<Tag> {
    let edition = &shown.edition;
    if is_live || edition.disclosure_class != DisclosureClass::Proactive.code() {
        return None;
    }
    let due_on = last_day(edition.made_on.parse().ok()?, time_limit, calendar)?;
    Some(match dues::days_left(today, due_on, calendar) {
        left if left < 0 => {
            Tag::new(Tone::Overdue, format!("应于 {due_on} 前公开，已逾期 {} 个工作日", -left))
        }
        0 => Tag::new(Tone::Warning, "公开期限今天到期"),
        left => Tag::new(Tone::Neutral, format!("{due_on} 前公开，还有 {left} 个工作日")),
    })
}

fn fingerprint(shown: &DeskEdition) -> Option<Fingerprint> {
    let hash = shown.edition.content_hash.clone()?;
    let is_intact = content_hash(&shown.edition, &shown.attachments) == hash;
    let signed =
        shown.reviews.iter().any(|case| case.state == ReviewState::Signed && case.content_hash == hash);
    Some(Fingerprint {
        words: match (is_intact, signed) {
            (true, true) => "与各环节签署的内容一致",
            (true, false) => "与送审的内容一致，审查期间不能修改",
            (false, _) => "存储的内容与送审时不一致，请报告系统管理员核查",
        },
        hash,
        is_intact,
    })
}

fn facts(entry: &DeskEntry, shown: &DeskEdition) -> Vec<KeyValue> {
    let head = &entry.head;
    let mut facts = vec![
        KeyValue::new("索引号", head.index_number.clone().unwrap_or_else(|| "公开时编定".into())),
        KeyValue::new("机关", head.agency_name.clone()),
        KeyValue::new("起草人", shown.author_name.clone()),
        KeyValue::new("起草时间", shown_text(&shown.edition.created_at)),
        KeyValue::new("最近改动", shown_text(&shown.edition.updated_at)),
    ];
    if let Some(at) = &head.first_released_at {
        facts.push(KeyValue::new("首次公开", shown_text(at)));
    }
    if head.last_released_at != head.first_released_at
        && let Some(at) = &head.last_released_at
    {
        facts.push(KeyValue::new("现行版本公开", shown_text(at)));
    }
    facts
}

fn edition_row(e: &DeskEdition, base: &str, shown: &DeskEdition, is_public: bool) -> EditionRow {
    let state = match e.edition.state() {
        Ok(EditionState::Released) if !is_public => Tag::new(Tone::Neutral, "已撤回"),
        Ok(state) => state_tag(state),
        Err(_) => Tag::new(Tone::Neutral, ""),
    };
    EditionRow {
        label: format!("第 {} 版", e.edition.ordinal),
        href: format!("{base}?edition={}", e.edition.ordinal),
        is_shown: e.edition.id == shown.edition.id,
        state,
        words: match &e.released_at {
            Some(at) => format!("{}起草，{}公开", e.author_name, shown_text(at)),
            None => format!("{}起草于 {}", e.author_name, shown_text(&e.edition.created_at)),
        },
        note: e.edition.change_note.clone(),
    }
}

/// The record that is published with the text; the review shows the same.
pub(crate) fn record(edition: &Edition, line_title: &str) -> Vec<KeyValue> {
    let or = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    let mut rows = vec![
        KeyValue::new("目录事项", or(line_title, "未填")),
        KeyValue::new("体裁", or(&genre(&edition.genre), "未填")),
        KeyValue::new("文号", or(edition.document_number.as_deref().unwrap_or_default(), "无")),
        KeyValue::new("生成日期", or(&edition.made_on, "未填")),
        KeyValue::new("公开属性", or(class_label(&edition.disclosure_class), "未定")),
        KeyValue::new("信息来源", or(&edition.source, "未填")),
    ];
    let validity = edition.validity.as_deref().and_then(Validity::from_code);
    if validity.is_some() || Genre::from_code(&edition.genre).is_some_and(Genre::has_validity) {
        rows.push(KeyValue::new("有效性", validity.map_or("未填", Validity::label)));
    }
    let theme = theme_words(&edition.theme, &edition.subtheme);
    for (label, value) in [
        ("联合发文机关", edition.co_issuers.as_str()),
        ("主题分类", &theme),
        ("施行日期", &edition.effective_on),
        ("有效期至", &edition.expires_on),
        ("咨询渠道", &edition.contact),
    ] {
        if !value.is_empty() {
            rows.push(KeyValue::new(label, value));
        }
    }
    rows.push(KeyValue::new("主题词", or(&edition.keywords, "无")));
    rows.push(KeyValue::new("内容概述", or(&edition.summary, "未填")).wide());
    if !edition.class_reason.is_empty() {
        rows.push(KeyValue::new("公开属性的理由", edition.class_reason.clone()).wide());
    }
    if !edition.change_note.is_empty() {
        rows.push(KeyValue::new("修订说明", edition.change_note.clone()).wide());
    }
    rows
}

/// What a line of the catalogue asks for.
pub(crate) fn line_words(line: &Line) -> Vec<KeyValue> {
    let period = match line.period_days {
        Some(days) => format!("每 {days} 天至少一次"),
        None => "形成或者变更时".to_owned(),
    };
    vec![
        KeyValue::new("内容", line.elements.clone()),
        KeyValue::new("依据", line.basis.clone()),
        KeyValue::new("类别", category_with_provision(&line.category)),
        KeyValue::new("时限", line.time_limit.clone()),
        KeyValue::new("更新", period),
        KeyValue::new("责任部门", line.responsible_office.clone()),
        KeyValue::new("渠道", line.channels.clone()),
    ]
}
