//! 审核 — what waits for a signature, and the one screen on which a person decides it.

mod batch;
mod form;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission, Role, Staff};
use gongkai_disclosure::calendars;
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::publishing::desk::{self, DeskEdition, DeskEntry};
use gongkai_disclosure::publishing::diff::{self, FieldChange, Paragraph, Span};
use gongkai_disclosure::requests;
use gongkai_disclosure::review::{
    self, ConfidentialityChecklist, Review, ReviewState, Signature, Signed as SignedStage, Stage, Subject,
    Verdict, actions, chains, rounds,
};
use gongkai_disclosure::time::{shown_text, stored};

use super::emergencies::{EmergencyCard, emergency_card};
use super::entries::{CheckCard, CheckOutcome, for_desk, record};
use super::requests::{Judged, judged as why};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, FileRow, KeyValue, Step, StepState, Stepper, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::state::App;

pub(crate) use batch::{show as show_batch, sign as sign_batch};
pub(crate) use form::download as form_file;

/// A case in the queue.
#[derive(Debug, Clone)]
pub struct WaitingRow {
    pub id: String,
    pub href: String,
    pub title: String,
    /// What a letter answers; empty for an entry.
    pub answers: String,
    pub kind: &'static str,
    pub agency: String,
    pub author: String,
    pub stage: String,
    pub since: String,
    pub age: Tag,
    /// Whom it is signed for, when this person deputises; empty otherwise.
    pub on_behalf_of: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/reviews/list.html")]
pub struct ReviewListPage {
    pub chrome: Chrome,
    pub rows: Vec<WaitingRow>,
    pub may_set_chains: bool,
}

impl ReviewListPage {
    pub fn sample() -> Self {
        let row = WaitingRow {
            id: "1".into(),
            href: "/console/reviews/1".into(),
            title: "松溪镇2026年农村危房改造补助名单".into(),
            answers: String::new(),
            kind: "公开信息",
            agency: "青禾区松溪镇人民政府".into(),
            author: "田小满".into(),
            stage: "保密审查".into(),
            since: "2026-11-02 09:30".into(),
            age: Tag::new(Tone::Warning, "已等 3 天"),
            on_behalf_of: String::new(),
        };
        let letter = WaitingRow {
            title: "松溪政公复〔2026〕10号".into(),
            answers: "SONGXI-SQ-2026-0012　危房改造名单".into(),
            kind: "文书",
            stage: "签发".into(),
            on_behalf_of: "陈立".into(),
            ..row.clone()
        };
        ReviewListPage {
            chrome: Chrome::console_sample(Section::Reviews).here("审核"),
            rows: vec![row, letter],
            may_set_chains: true,
        }
    }

    pub fn sample_empty() -> Self {
        ReviewListPage { rows: Vec::new(), ..Self::sample() }
    }
}

/// What the signer decides with.
#[derive(Debug, Clone)]
pub struct Decision {
    pub action: String,
    pub button: String,
    pub note: String,
    /// 审校要点 of the stage, then the questions of the confidentiality stage.
    pub checklist: Vec<Field>,
    pub opinion: Field,
    pub errors: ErrorSummary,
}

/// What differs from the edition that is live.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub fields: Vec<FieldChange>,
    pub paragraphs: Vec<Paragraph>,
}

impl Changes {
    pub(crate) fn is_any(&self) -> bool {
        !self.fields.is_empty() || self.paragraphs.iter().any(|one| !matches!(one, Paragraph::Same(_)))
    }
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/reviews/review.html")]
pub struct ReviewPage {
    pub chrome: Chrome,
    pub title: String,
    pub state: Tag,
    pub stepper: Stepper,
    /// 已签署的意见.
    pub opinions: Vec<KeyValue>,
    pub meta: Vec<KeyValue>,
    /// Clean; shown exactly as it will appear.
    pub body_html: String,
    pub is_letter: bool,
    /// 判断过程 of a reply: why it is this answer.
    pub judged: Vec<Judged>,
    pub files: Vec<FileRow>,
    /// `None`: nothing of this entry is live.
    pub changes: Option<Changes>,
    /// Since the round that was sent back or taken back: what that round was, in words, and what differs.
    pub since: Option<(String, Changes)>,
    /// 《信息发布保密审查和内容审核表》 as files: words and address.
    pub forms: Vec<(&'static str, String)>,
    /// 发布前检查, of an entry that is under review.
    pub check: Option<CheckCard>,
    pub content_hash: String,
    pub record: Vec<KeyValue>,
    /// `None`: this person cannot act now, for these reasons.
    pub decision: Option<Decision>,
    pub why_not: Vec<String>,
    /// The office that submitted may take it back.
    pub take_back: Option<String>,
    /// 紧急发布, of an entry for everyone.
    pub emergency: Option<EmergencyCard>,
}

impl ReviewPage {
    pub fn sample() -> Self {
        let edition = gongkai_disclosure::publishing::Edition::sample();
        let step = |label: &str, state, note: &str| Step { label: label.into(), state, note: note.into() };
        ReviewPage {
            chrome: Chrome::console_sample(Section::Reviews).crumb("审核", "/console/reviews").here("审核"),
            title: edition.title,
            state: Tag::new(Tone::Info, "审查中"),
            stepper: Stepper {
                steps: vec![
                    step("初审", StepState::Done, "俞春山　2026-11-02 09:30"),
                    step("保密审查", StepState::Current, "待保密审查员签署"),
                    step("终审", StepState::Waiting, "分管领导"),
                ],
            },
            opinions: vec![KeyValue::new("初审　俞春山", "同意，内容与原件一致。")],
            meta: vec![
                KeyValue::new("文号", "青禾政办发〔2026〕12号"),
                KeyValue::new("公开属性", "主动公开"),
            ],
            body_html: edition.body_html,
            is_letter: false,
            judged: Judged::samples(),
            files: Vec::new(),
            changes: Some(Changes {
                fields: vec![FieldChange {
                    label: "标题", before: "旧标题".into(), after: "新标题".into()
                }],
                paragraphs: vec![
                    Paragraph::Same("各镇人民政府：".into()),
                    Paragraph::Changed(vec![
                        Span::Same("补助标准为每户".into()),
                        Span::Removed("8000".into()),
                        Span::Added("9000".into()),
                        Span::Same("元。".into()),
                    ]),
                    Paragraph::Added("自发布之日起施行。".into()),
                ],
            }),
            since: Some((
                "与 2026-11-01 15:20 退回的那次送审相比".into(),
                Changes {
                    paragraphs: vec![Paragraph::Added("申请截止时间为11月30日。".into())],
                    ..Changes::default()
                },
            )),
            forms: vec![("Word", "/console/reviews/1/form/docx".into())],
            check: Some(CheckCard::to_read(
                &CheckCard::sample_outcome(),
                &gongkai_disclosure::publishing::Edition::sample(),
            )),
            content_hash: "3f1c".repeat(16),
            record: vec![KeyValue::new("起草人", "田小满"), KeyValue::new("送审时间", "2026-11-02 09:00")],
            decision: chains::preset("three_reviews").map(|preset| {
                Decision::new("1", &preset.stages[1], &Fields::default(), &FormErrors::default())
            }),
            emergency: Some(EmergencyCard::sample()),
            why_not: Vec::new(),
            take_back: None,
        }
    }
}

impl Decision {
    fn new(review_id: &str, stage: &Stage, typed: &Fields, errors: &FormErrors) -> Decision {
        let mut checklist = Vec::new();
        if !stage.checklist.is_empty() {
            let points = stage.checklist.iter().map(|point| (point.clone(), point.clone()));
            let ticked: Vec<&str> = typed.all("points").collect();
            checklist.push(
                Field::checkbox("points", "审校要点", points)
                    .required()
                    .values(&ticked)
                    .error(errors.get("points")),
            );
        }
        if stage.role == Role::ConfidentialityOfficer {
            for (name, wording, _) in ConfidentialityChecklist::default().questions() {
                let field = Field::radio(name, wording, [("no", "否"), ("yes", "是")])
                    .required()
                    .inline()
                    .value(typed.text(name))
                    .error(errors.get(name));
                checklist.push(field);
            }
            let ground = Field::line("ground", "审查依据")
                .required()
                .hint("例如：对照《条例》第十四条、第十五条和本机关保密事项范围逐项审查")
                .value(typed.text("ground"))
                .error(errors.get("ground"));
            checklist.push(ground);
        }
        let opinion = Field::text("opinion", "意见", 3)
            .hint("同意可以不填；退回必须写明原因，起草人会看到。")
            .value(typed.text("opinion"))
            .error(errors.get("opinion"));
        let shown = errors
            .general
            .iter()
            .fold(ErrorSummary::of(checklist.iter().chain([&opinion])), |summary, message| {
                summary.and(message.clone())
            });
        Decision {
            action: format!("/console/reviews/{review_id}"),
            button: format!("签署“{}”", stage.title),
            note: "签署的是下方内容的指纹，之后改动任何一处都要重新送审。".into(),
            checklist,
            opinion,
            errors: shown,
        }
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
) -> Result<impl IntoResponse, PageError> {
    let rows = waiting(&app, &staff).await?;
    let chrome = page.chrome(Section::Reviews).crumb("工作台", "/console").here("审核");
    html(&ReviewListPage { chrome, rows, may_set_chains: staff.may_anywhere(Permission::SetChains) })
}

/// What waits for this person, oldest first; the to-do page shows the same rows.
pub(crate) async fn waiting(app: &App, staff: &Staff) -> Result<Vec<WaitingRow>, PageError> {
    let now = app.now();
    let mut conn = app.db.read().await?;
    let waiting = review::waiting_for(&mut conn, staff, &stored(now)).await?;
    let national = calendars::national(&mut conn).await?;
    let today = app.today();
    Ok(waiting
        .into_iter()
        .map(|w| {
            let since: Option<jiff::Timestamp> = w.since.parse().ok();
            let days = since.map_or(0, |since| now.duration_since(since).as_hours() / 24);
            let calendar = calendars::regional(&national, &w.region);
            let due_on = w.working_days.and_then(|days| review::due_on(&w.since, days, &calendar));
            let (tone, words) = match days {
                _ if due_on.is_some_and(|due| due < today) => (
                    Tone::Overdue,
                    format!("已超过环节时限 {}", due_on.map_or_else(String::new, |d| d.to_string())),
                ),
                _ if due_on.is_some() => {
                    (Tone::Neutral, format!("{} 前签署", due_on.map_or_else(String::new, |d| d.to_string())))
                }
                ..=0 => (Tone::Neutral, "今天送到".to_owned()),
                1..=2 => (Tone::Neutral, format!("已等 {days} 天")),
                _ => (Tone::Warning, format!("已等 {days} 天")),
            };
            WaitingRow {
                id: w.review_id.clone(),
                href: format!("/console/reviews/{}", w.review_id),
                title: w.title,
                answers: w.answers,
                kind: if w.subject_kind == "letter" { "文书" } else { "公开信息" },
                agency: w.agency_name,
                author: w.author_name,
                stage: w.stage_title,
                since: shown_text(&w.since),
                age: Tag::new(tone, words),
                on_behalf_of: w.on_behalf_of.unwrap_or_default(),
            }
        })
        .collect())
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    html(&review_page(&app, &page, &staff, &id, &Fields::default(), &FormErrors::default()).await?)
}

pub(crate) async fn decide(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let answer = match form.text("verdict") {
        "returned" => actions::return_for_revision(&mut tx, &staff, &id, form.text("opinion"))
            .await
            .map(|()| "已退回起草人。".to_owned()),
        _ => {
            let typed = TypedSignature::read(&form);
            actions::sign_with(&mut tx, &staff, &id, &typed.signature()).await.map(|signed| match signed {
                SignedStage::NextStage(next) => format!("已签署，转“{}”环节。", next.title),
                SignedStage::Closed => "已签署，审查完成。".to_owned(),
                SignedStage::Scheduled { at } => {
                    format!("已签署，审查完成，{} 自动公开。", shown_text(&at))
                }
                SignedStage::Released(out) => format!("已签署并公开，索引号 {}。", out.index_number),
            })
        }
    };
    match settle(tx, answer).await? {
        Ok(words) => Ok(redirect_with("/console/reviews", &words)),
        Err(errors) => form_again(&review_page(&app, &page, &staff, &id, &form, &errors).await?),
    }
}

pub(crate) async fn take_back(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    actions::withdraw_from_review(&mut tx, &staff, &id).await?;
    tx.commit().await?;
    Ok(redirect_with(&format!("/console/reviews/{id}"), "已撤回送审，可以继续修改。"))
}

/// What a signer typed and ticked.
struct TypedSignature {
    checklist: Option<ConfidentialityChecklist>,
    ticked: Vec<String>,
    opinion: String,
    shown: Option<String>,
}

impl TypedSignature {
    fn read(form: &Fields) -> TypedSignature {
        let answer = |name: &str| match form.text(name) {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        // Sent only by the confidentiality stage, whose form holds the questions.
        let checklist = form.is_ticked("ground").then(|| ConfidentialityChecklist {
            state_secrets: answer("state_secrets"),
            work_secrets: answer("work_secrets"),
            trade_secrets: answer("trade_secrets"),
            personal_privacy: answer("personal_privacy"),
            ground: form.text("ground").to_owned(),
        });
        TypedSignature {
            checklist,
            ticked: form.all("points").map(ToOwned::to_owned).collect(),
            opinion: form.text("opinion").to_owned(),
            shown: form.optional("shown").map(ToOwned::to_owned),
        }
    }

    fn signature(&self) -> Signature<'_> {
        Signature {
            checklist: self.checklist.as_ref(),
            ticked: &self.ticked,
            opinion: &self.opinion,
            shown: self.shown.as_deref(),
        }
    }
}

pub(super) async fn review_page(
    app: &App,
    page: &PageContext,
    staff: &Staff,
    id: &str,
    typed: &Fields,
    errors: &FormErrors,
) -> Result<ReviewPage, PageError> {
    let mut conn = app.db.read().await?;
    let case = review::review(&mut conn, id).await?.ok_or(PageError::NotFound)?;
    let needed = case.subject.kind().readers();
    if !staff.may(needed, &case.agency_id) {
        return Err(PageError::NotFound);
    }
    let content =
        review::content(&mut conn, app.db.keys(), &case.subject).await?.ok_or(PageError::NotFound)?;
    let now = app.now();
    let why_not = case.why_not(staff, now);
    let mut decision =
        case.current().filter(|_| why_not.is_empty()).map(|stage| Decision::new(id, stage, typed, errors));
    if let (Some(decision), Some(deputy)) = (&mut decision, case.deputised(staff, now)) {
        decision.note = format!("您代{}签署，签署记录会写明。{}", deputy.principal_name, decision.note);
    }
    let mut record = vec![
        KeyValue::new("起草人", content.author_name.clone()),
        KeyValue::new("送审时间", shown_text(&case.opened_at)),
    ];
    if !case.chain.is_empty() {
        record.push(KeyValue::new("审核程序", case.chain.clone()));
    }
    let agency = gongkai_disclosure::accounts::agency(&mut conn, &case.agency_id).await?;
    let region = agency.map(|agency| agency.region).unwrap_or_default();
    if let Some(due) = case.due_on(&calendars::of_region(&mut conn, &region).await?) {
        let late = if due < app.today() { "（已超过）" } else { "" };
        record.push(KeyValue::new("本环节时限", format!("{due}{late}")));
    }
    if let Some(at) = &case.closed_at {
        record.push(KeyValue::new("结束时间", shown_text(at)));
    }
    let mut shown = ReviewPage {
        chrome: page
            .chrome(Section::Reviews)
            .crumb("工作台", "/console")
            .crumb("审核", "/console/reviews")
            .here(content.title.clone()),
        title: content.title,
        state: state(case.state),
        stepper: stepper(&case),
        opinions: opinions(&case),
        meta: Vec::new(),
        body_html: for_desk(&content.body_html),
        is_letter: matches!(case.subject, Subject::Letter(_)),
        judged: Vec::new(),
        files: Vec::new(),
        changes: None,
        since: None,
        forms: Vec::new(),
        check: None,
        content_hash: case.content_hash.clone(),
        record,
        why_not: if decision.is_none() {
            why_not.iter().map(ToString::to_string).collect()
        } else {
            Vec::new()
        },
        decision,
        take_back: (case.state == ReviewState::Open
            && staff.may(case.subject.kind().submitters(), &case.agency_id))
        .then(|| format!("/console/reviews/{id}/take-back")),
        emergency: emergency_card(&mut conn, staff, &case, typed, errors).await?,
    };
    if matches!(case.subject, Subject::Edition(_)) {
        add_edition(&mut conn, staff, &case, &content.parent_id, &mut shown).await?;
    } else if let Some(answer) = requests::answer_of(&mut conn, &content.parent_id).await? {
        shown.judged = why(&answer);
    }
    Ok(shown)
}

/// The metadata and files that are signed with the text, and what differs from the live edition and from the round that
/// was sent back before. A round that ended without being signed is shown as it was judged.
async fn add_edition(
    conn: &mut Conn,
    staff: &Staff,
    case: &Review,
    entry_id: &str,
    shown: &mut ReviewPage,
) -> Result<(), PageError> {
    let Some(entry) = desk::entry(conn, staff, entry_id).await? else { return Ok(()) };
    let Some(under_review) = judged(conn, &entry, case).await? else { return Ok(()) };
    let e = &under_review.edition;
    shown.title.clone_from(&e.title);
    shown.body_html = for_desk(&e.body_html);
    shown.meta = record(e, &entry.head.line_title);
    if case.state == ReviewState::Open {
        shown.check = Some(CheckCard::to_read(&CheckOutcome::of(conn, &under_review).await?, e));
    }
    shown.files = under_review.attachments.iter().map(super::files::file_row).collect();
    let live = entry.live().filter(|live| live.edition.id != e.id);
    shown.changes = live.map(|live| changes(live, &under_review));
    shown.since = since_ended_round(conn, &under_review, &case.opened_at).await?;
    shown.forms = form::files(&case.id);
    Ok(())
}

/// The edition as this case judged it.
async fn judged(conn: &mut Conn, entry: &DeskEntry, case: &Review) -> Result<Option<DeskEdition>, PageError> {
    let Some(mut edition) = entry.editions.iter().find(|e| e.edition.id == case.subject.id()).cloned() else {
        return Ok(None);
    };
    if let Some(round) = rounds::of_case(conn, &case.id).await? {
        edition.edition = round.edition;
        edition.attachments = round.attachments;
    }
    Ok(Some(edition))
}

/// What differs from the last round that ended without being signed before this moment, and which round that was.
pub(crate) async fn since_ended_round(
    conn: &mut Conn,
    now: &DeskEdition,
    opened_at: &str,
) -> Result<Option<(String, Changes)>, PageError> {
    let Some(round) = rounds::before(conn, &now.edition.id, opened_at).await? else { return Ok(None) };
    let state = now.reviews.iter().find(|case| case.id == round.review_id).map(|case| case.state);
    let how = if state == Some(ReviewState::Withdrawn) { "撤回" } else { "退回" };
    let words = format!("与 {} {how}的那次送审相比", shown_text(&round.closed_at));
    let before = DeskEdition { edition: round.edition, attachments: round.attachments, ..now.clone() };
    Ok(Some((words, changes(&before, now))))
}

pub(crate) fn changes(live: &DeskEdition, new: &DeskEdition) -> Changes {
    Changes {
        fields: diff::field_changes((&live.edition, &live.attachments), (&new.edition, &new.attachments)),
        paragraphs: diff::body_changes(&live.edition.body_html, &new.edition.body_html),
    }
}

pub(crate) fn state(state: ReviewState) -> Tag {
    let tone = match state {
        ReviewState::Open => Tone::Info,
        ReviewState::Signed => Tone::Success,
        ReviewState::Returned => Tone::Warning,
        ReviewState::Withdrawn => Tone::Neutral,
    };
    Tag::new(tone, state.label())
}

/// The stages as a line of steps; the entry's page shows the same.
pub(crate) fn stepper(case: &Review) -> Stepper {
    let current = case.current().map(|stage| stage.stage);
    let step = |s: &review::CaseStage| {
        let (state, note) = match &s.sign_off {
            Some(signed) => {
                let state =
                    if signed.verdict == Verdict::Signed { StepState::Done } else { StepState::Returned };
                (state, format!("{}　{}", signed.person_name, shown_text(&signed.signed_at)))
            }
            None if current == Some(s.stage.stage) => {
                (StepState::Current, format!("待{}签署", s.stage.role.label()))
            }
            None => (StepState::Waiting, s.stage.role.label().to_owned()),
        };
        Step { label: s.stage.title.clone(), state, note }
    };
    Stepper { steps: case.stages.iter().map(step).collect() }
}

pub(crate) fn opinions(case: &Review) -> Vec<KeyValue> {
    let mut opinions = Vec::new();
    for s in &case.stages {
        let Some(signed) = &s.sign_off else { continue };
        let mut words = vec![signed.verdict.label().to_owned()];
        if let Some(checklist) = &signed.checklist {
            for (_, wording, answer) in checklist.questions() {
                let answer = match answer {
                    Some(true) => "是",
                    Some(false) => "否",
                    None => "未答",
                };
                words.push(format!("{wording}：{answer}"));
            }
            words.push(format!("依据：{}", checklist.ground));
        }
        if !signed.opinion.trim().is_empty() {
            words.push(signed.opinion.clone());
        }
        if !signed.ticked.is_empty() {
            words.push(format!("已核对要点 {} 条", signed.ticked.len()));
        }
        let by = match &signed.on_behalf_of {
            Some(principal) => format!("{}（代{principal}）", signed.person_name),
            None => signed.person_name.clone(),
        };
        opinions.push(KeyValue::new(format!("{}　{by}", s.stage.title), words.join("；")));
    }
    opinions
}
