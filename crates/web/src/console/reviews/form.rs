//! 《信息发布保密审查和内容审核表》 — the customary form on paper, filled from the case.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_disclosure::accounts::Role;
use gongkai_disclosure::catalogue::{self, Line};
use gongkai_disclosure::publishing::class_opinions::{self, Opinion};
use gongkai_disclosure::publishing::desk::{self, DeskEdition, DeskEntry};
use gongkai_disclosure::publishing::postings::{self, Posting, PostingChannel};
use gongkai_disclosure::publishing::{DisclosureClass, Edition};
use gongkai_disclosure::review::{self, CaseStage, ConfidentialityChecklist, Review, Subject};
use gongkai_disclosure::time::{day_in_china, shown_text};
use gongkai_typeset::Writing;
use gongkai_typeset::writing::{Block, Table, TableCell};

use super::judged;
use crate::auth::Signed;
use crate::console::entries::CheckOutcome;
use crate::errors::PageError;
use crate::paper;
use crate::portal::wording::genre;
use crate::state::App;

const TITLE: &str = "信息发布保密审查和内容审核表";

/// The formats it is given out in: words and address.
pub(super) fn files(review_id: &str) -> Vec<(&'static str, String)> {
    Writing::formats()
        .map(|format| (format.label(), format!("/console/reviews/{review_id}/form/{}", format.extension())))
        .collect()
}

pub(crate) async fn download(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((id, extension)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let case = review::review(&mut conn, &id).await?.ok_or(PageError::NotFound)?;
    let Subject::Edition(_) = &case.subject else { return Err(PageError::NotFound) };
    let content =
        review::content(&mut conn, app.db.keys(), &case.subject).await?.ok_or(PageError::NotFound)?;
    let entry = desk::entry(&mut conn, &staff, &content.parent_id).await?.ok_or(PageError::NotFound)?;
    let shown = judged(&mut conn, &entry, &case).await?.ok_or(PageError::NotFound)?;
    let line = catalogue::line(&mut conn, &shown.edition.line_id).await?.ok_or(PageError::NotFound)?;
    let filled = Filled {
        checked: CheckOutcome::of(&mut conn, &shown).await?,
        opinion: class_opinions::of_edition(&mut conn, &shown.edition.id).await?,
        postings: postings::of_entry(&mut conn, &entry.head.id).await?,
        case: &case,
        entry: &entry,
        shown: &shown,
        line: &line,
    };
    drop(conn);
    let moment = case.closed_at.as_deref().unwrap_or(case.since());
    let day = moment.parse().map_or_else(|_| app.today(), day_in_china);
    paper::download_writing(&app, filled.writing(), &extension, day).await
}

/// What the form is filled from.
struct Filled<'a> {
    case: &'a Review,
    entry: &'a DeskEntry,
    /// As the case judged it.
    shown: &'a DeskEdition,
    line: &'a Line,
    checked: CheckOutcome,
    opinion: Option<Opinion>,
    postings: Vec<Posting>,
}

type Row = Vec<TableCell>;

/// One answer over the whole width.
fn wide(label: &str, text: impl Into<String>) -> Row {
    vec![TableCell::header(label), TableCell::running(text).across(3)]
}

fn pair((label, text): (&str, String), (other_label, other): (&str, String)) -> Row {
    vec![
        TableCell::header(label),
        TableCell::new(text),
        TableCell::header(other_label),
        TableCell::new(other),
    ]
}

fn or_none(text: &str) -> String {
    if text.trim().is_empty() { "无".to_owned() } else { text.to_owned() }
}

impl Filled<'_> {
    fn writing(&self) -> Writing {
        let agency = &self.entry.head.agency_name;
        let short: String = self.shown.edition.title.chars().take(40).collect();
        let table = Table { caption: TITLE.into(), columns: vec![10, 17, 10, 17], rows: self.rows() };
        Writing {
            title: format!("{TITLE}（{short}）"),
            author: agency.clone(),
            blocks: vec![Block::Title(format!("{agency}\n{TITLE}")), Block::Table(table)],
        }
    }

    fn rows(&self) -> Vec<Row> {
        let e: &Edition = &self.shown.edition;
        let head = &self.entry.head;
        let class = DisclosureClass::from_code(&e.disclosure_class).map_or("", DisclosureClass::label);
        let number = head.index_number.clone().unwrap_or_else(|| "公开时编定".into());
        let mut rows = vec![
            wide("信息标题", e.title.clone()),
            pair(("索引号", number), ("文号", or_none(e.document_number.as_deref().unwrap_or_default()))),
            pair(("目录事项", head.line_title.clone()), ("体裁", genre(&e.genre))),
            pair(("生成日期", e.made_on.clone()), ("信息来源", or_none(&e.source))),
            pair(
                ("起草人", self.shown.author_name.clone()),
                ("责任部门", or_none(&self.line.responsible_office)),
            ),
            pair(("公开属性", class.to_owned()), ("理由和依据", or_none(&e.class_reason))),
            wide("属性管理意见", self.opinion()),
            wide("拟公开的渠道和载体", or_none(&self.line.channels)),
            wide("内容概述", or_none(&e.summary)),
            wide("附件", self.attachments()),
            wide("发布前检查", self.check()),
            pair(("送审时间", shown_text(&self.case.opened_at)), ("审核程序", or_none(&self.case.chain))),
        ];
        rows.extend(self.case.stages.iter().map(stage));
        rows.push(wide("审查结果", self.ending()));
        rows.push(wide("发布情况", self.published()));
        let hash = &self.case.content_hash;
        let (first, second) = hash.split_at_checked(32).unwrap_or((hash, ""));
        let note = "标题、正文、附件和各项著录内容的 SHA-256 值，改动任何一处都会不同。";
        rows.push(wide("内容指纹", format!("{first}\n{second}\n{note}")));
        rows
    }

    fn attachments(&self) -> String {
        let names: Vec<&str> = self.shown.attachments.iter().map(|file| file.name.as_str()).collect();
        or_none(&names.join("\n"))
    }

    fn opinion(&self) -> String {
        match &self.opinion {
            Some(one) => format!(
                "{}　{}提出，{}　{}签署同意",
                one.proposed_by_name,
                shown_text(&one.proposed_at),
                one.decided_by_name,
                one.decided_at.as_deref().map(shown_text).unwrap_or_default()
            ),
            None => "无".into(),
        }
    }

    fn check(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for found in &self.checked.found {
            let handled = match &found.exception {
                Some(one) if one.is_agreed() => format!("经同意保留，理由：{}", one.reason),
                _ if found.is_open() => "未处理".into(),
                _ => "提示".into(),
            };
            lines.push(format!("{}“{}”：{handled}", found.kind.label(), found.shown));
        }
        for (name, why) in &self.checked.unread {
            lines.push(format!("附件“{name}”没有或者没有完全检查：{why}"));
        }
        if lines.is_empty() {
            "未发现个人信息、密级标志、错敏字等问题".into()
        } else {
            lines.join("\n")
        }
    }

    fn ending(&self) -> String {
        match &self.case.closed_at {
            Some(at) => format!("{}　{}", self.case.state.label(), shown_text(at)),
            None => self.case.state.label().to_owned(),
        }
    }

    fn published(&self) -> String {
        let mut lines = Vec::new();
        if let Some(at) = &self.shown.released_at {
            lines.push(format!("门户网站　{}", shown_text(at)));
        }
        for one in self.postings.iter().filter(|one| one.voided_at.is_none()) {
            let channel = PostingChannel::from_code(&one.channel).map_or("", PostingChannel::label);
            let place = if one.link.is_empty() { &one.place } else { &one.link };
            lines.push(format!("{channel}　{}　{}　{place}", one.posted_on, one.owner));
        }
        if let (Some(at), Some(reason)) = (&self.entry.head.withdrawn_at, &self.entry.head.withdrawal_reason)
        {
            lines.push(format!("{}撤回：{reason}", shown_text(at)));
        }
        if lines.is_empty() { "尚未发布".into() } else { lines.join("\n") }
    }
}

/// One stage: what was checked, what was answered, who signed and when.
fn stage(one: &CaseStage) -> Row {
    let role = one.stage.role;
    let label = if one.stage.title == role.label() {
        one.stage.title.clone()
    } else {
        format!("{}\n（{}）", one.stage.title, role.label())
    };
    let signed = one.sign_off.as_ref();
    let tick = |is_ticked: bool| if is_ticked { "√" } else { "□" };
    let mut lines: Vec<String> = one
        .stage
        .checklist
        .iter()
        .map(|point| {
            let is_ticked = signed.is_some_and(|sign_off| sign_off.ticked.contains(point));
            format!("{} {point}", tick(is_ticked))
        })
        .collect();
    if role == Role::ConfidentialityOfficer {
        let answers = signed.and_then(|sign_off| sign_off.checklist.clone()).unwrap_or_default();
        lines.extend(confidentiality(&answers));
    }
    match signed {
        Some(sign_off) => {
            let opinion = sign_off.opinion.trim();
            let more = if opinion.is_empty() { String::new() } else { format!("。{opinion}") };
            lines.push(format!("意见：{}{more}", sign_off.verdict.label()));
            let by = match &sign_off.on_behalf_of {
                Some(principal) => format!("{}（代{principal}）", sign_off.person_name),
                None => sign_off.person_name.clone(),
            };
            lines.push(format!("签署：{by}　{}", shown_text(&sign_off.signed_at)));
        }
        None => lines.push("（尚未签署）".into()),
    }
    wide(&label, lines.join("\n"))
}

/// 保密审查: against what, each answer, and what follows from them.
fn confidentiality(answers: &ConfidentialityChecklist) -> Vec<String> {
    let mut lines: Vec<String> = answers
        .questions()
        .into_iter()
        .map(|(_, wording, answer)| {
            let mark = |is: bool| if answer == Some(is) { "√" } else { "□" };
            format!("{wording}：{}否　{}是", mark(false), mark(true))
        })
        .collect();
    if answers.questions().iter().all(|(_, _, answer)| answer.is_none()) {
        return lines;
    }
    lines.push(format!("对照的规定和依据：{}", answers.ground));
    let involved: Vec<&str> = answers
        .questions()
        .into_iter()
        .filter_map(|(_, wording, answer)| (answer == Some(true)).then_some(wording))
        .collect();
    lines.push(match involved.as_slice() {
        [] => "保密审查结论：不涉及以上各项".to_owned(),
        involved => format!("保密审查结论：{}，处理见意见", involved.join("、")),
    });
    lines
}
