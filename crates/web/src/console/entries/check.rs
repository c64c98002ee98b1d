//! 发布前检查 — what was found in the text and in the files, with the right form offered, exceptions asked for and
//! agreed to.

use axum::response::Response;
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::files::{Hidden, HiddenKind, removed_from};
use gongkai_disclosure::publishing::Edition;
use gongkai_disclosure::publishing::desk::DeskEdition;
use gongkai_disclosure::time::shown_text;
use gongkai_disclosure::word_check::{self, Found, Place, actions};

use super::acts::{Act, Visit};
use super::address;
use crate::components::{Tag, Tone};
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::redirect_with;

/// Places shown of one thing; the rest is counted.
const PLACES: usize = 3;

/// What the check found in an edition.
#[derive(Debug, Clone, Default)]
pub(crate) struct CheckOutcome {
    pub(crate) found: Vec<Found>,
    /// Attachments that could not be looked through, and why.
    pub(crate) unread: Vec<(String, String)>,
    /// What was removed from the attachments, by their hash.
    pub(crate) removed: Vec<(String, Vec<Hidden>)>,
}

impl CheckOutcome {
    pub(crate) async fn of(conn: &mut Conn, shown: &DeskEdition) -> Result<CheckOutcome, PageError> {
        let mut removed = Vec::new();
        for file in &shown.attachments {
            removed.push((file.file_sha256.clone(), removed_from(conn, &file.file_sha256).await?));
        }
        Ok(CheckOutcome {
            found: word_check::check(conn, &shown.edition).await?,
            unread: word_check::unread_files(conn, &shown.edition.id).await?,
            removed,
        })
    }

    pub(super) fn removed_from(&self, sha256: &str) -> &[Hidden] {
        self.removed.iter().find(|(known, _)| known == sha256).map_or(&[], |(_, removed)| removed)
    }

    /// How many hold up 送审.
    pub(crate) fn open(&self) -> usize {
        self.found.iter().filter(|one| one.is_open()).count()
    }
}

/// The section of a page that shows it.
#[derive(Debug, Clone)]
pub struct CheckCard {
    /// Where the forms lead to; empty where nothing can be done.
    pub base: String,
    pub edition: String,
    pub rows: Vec<FoundRow>,
    pub open: usize,
    pub unread: Vec<(String, String)>,
}

/// One thing that was found.
#[derive(Debug, Clone)]
pub struct FoundRow {
    pub state: Tag,
    pub kind: &'static str,
    pub shown: String,
    pub why: String,
    pub places: Vec<Place>,
    /// Places that are not shown.
    pub more: usize,
    /// Who asked, why, and who agreed.
    pub exception: String,
    pub fingerprint: String,
    /// What stands in its place after one click.
    pub instead: Option<String>,
    /// The file itself has to be corrected.
    pub is_in_file: bool,
    pub may_ask: bool,
    /// The exception this person may agree to.
    pub agree: Option<String>,
    /// The exception this person may take back or decline, and the word for it.
    pub end: Option<(String, &'static str)>,
}

impl CheckCard {
    /// For someone who may write at the edition now.
    pub(super) fn to_work_on(outcome: &CheckOutcome, edition: &Edition, staff: &Staff) -> CheckCard {
        let mut card = CheckCard::to_read(outcome, edition);
        card.base = format!("{}/check", address(&edition.entry_id));
        let may_write = staff.may(P::DraftEntries, &edition.agency_id);
        let may_agree = may_write || staff.may(P::SignOff, &edition.agency_id);
        for (row, found) in card.rows.iter_mut().zip(&outcome.found) {
            row.instead = found.instead.clone().filter(|_| may_write && found.is_replaceable());
            row.may_ask = may_write && found.is_open() && found.exception.is_none();
            if let Some(exception) = &found.exception {
                let is_own = exception.asked_by == staff.user_id;
                row.agree = (may_agree && !exception.is_agreed() && !is_own).then(|| exception.id.clone());
                let word = if is_own || exception.is_agreed() { "取消例外" } else { "不同意" };
                row.end = may_agree.then(|| (exception.id.clone(), word));
            }
        }
        card
    }

    pub(crate) fn to_read(outcome: &CheckOutcome, edition: &Edition) -> CheckCard {
        CheckCard {
            base: String::new(),
            edition: edition.id.clone(),
            rows: outcome.found.iter().map(row).collect(),
            open: outcome.open(),
            unread: outcome.unread.clone(),
        }
    }

    pub(crate) fn sample_outcome() -> CheckOutcome {
        let place = |part: &str, is_attachment, before: &str, shown: &str, after: &str| Place {
            part: part.into(),
            is_attachment,
            before: before.into(),
            shown: shown.into(),
            after: after.into(),
        };
        let phone = Found {
            kind: word_check::MarkKind::MobilePhone,
            weight: word_check::Weight::Must,
            quote: "13800001234".into(),
            shown: "138****1234".into(),
            instead: Some("138****1234".into()),
            why: String::new(),
            places: vec![
                place("正文", false, "联系人：田小满，电话", "138****1234", "。"),
                place("附件“名单.xlsx”工作表“名单”第 3 行", true, "…", "138****1234", "…"),
            ],
            exception: None,
        };
        let word = Found {
            kind: word_check::MarkKind::WrongWord,
            weight: word_check::Weight::Hint,
            quote: "其它".into(),
            shown: "其它".into(),
            instead: Some("其他".into()),
            why: "用语不够规范".into(),
            places: vec![place("正文", false, "以及", "其它", "事项")],
            exception: None,
        };
        CheckOutcome {
            found: vec![phone, word],
            unread: vec![("现场.jpg".into(), "图片里的文字无法自动检查，请逐张核对".into())],
            removed: vec![(
                gongkai_disclosure::publishing::Attachment::sample().file_sha256,
                vec![Hidden { kind: HiddenKind::Comment, count: 2 }],
            )],
        }
    }
}

fn row(found: &Found) -> FoundRow {
    let state = match &found.exception {
        _ if found.weight == word_check::Weight::Hint => Tag::new(Tone::Neutral, "提示"),
        Some(exception) if exception.is_agreed() => Tag::new(Tone::Success, "同意例外"),
        Some(_) => Tag::new(Tone::Info, "等另一人同意"),
        None => Tag::new(Tone::Warning, "须处理"),
    };
    let exception = found.exception.as_ref().map(|x| {
        let asked = format!("{}（{}）：{}", x.asked_by_name, shown_text(&x.asked_at), x.reason);
        match (&x.agreed_by_name, &x.agreed_at) {
            (Some(by), Some(at)) => format!("{asked}　{by}同意（{}）", shown_text(at)),
            _ => asked,
        }
    });
    FoundRow {
        state,
        kind: found.kind.label(),
        shown: found.shown.clone(),
        why: found.why.clone(),
        places: found.places.iter().take(PLACES).cloned().collect(),
        more: found.places.len().saturating_sub(PLACES),
        exception: exception.unwrap_or_default(),
        fingerprint: found.fingerprint(),
        instead: None,
        is_in_file: found.places.iter().any(|place| place.is_attachment),
        may_ask: false,
        agree: None,
        end: None,
    }
}

pub(crate) async fn replace(visit: Visit, form: Fields) -> Result<Response, PageError> {
    let mut tx = visit.begin().await?;
    let (edition, fingerprint) = (form.text("edition"), form.text("fingerprint"));
    let answer = actions::replace(&mut tx, visit.staff(), edition, fingerprint).await;
    visit.end(tx, Act::Check, form, answer, |id, ()| back(id, "已替换。")).await
}

pub(crate) async fn ask(visit: Visit, form: Fields) -> Result<Response, PageError> {
    let mut tx = visit.begin().await?;
    let (edition, fingerprint) = (form.text("edition"), form.text("fingerprint"));
    let answer = actions::ask(&mut tx, visit.staff(), edition, fingerprint, form.text("reason")).await;
    let words = "已申请例外，请没有起草这条信息的另一人在本页同意。";
    visit.end(tx, Act::Check, form, answer, |id, ()| back(id, words)).await
}

pub(crate) async fn agree(visit: Visit, form: Fields) -> Result<Response, PageError> {
    let mut tx = visit.begin().await?;
    let answer = actions::agree(&mut tx, visit.staff(), form.text("exception")).await;
    let words = "已同意例外，您的姓名和时间记入改动记录。";
    visit.end(tx, Act::Check, form, answer, |id, ()| back(id, words)).await
}

pub(crate) async fn end(visit: Visit, form: Fields) -> Result<Response, PageError> {
    let mut tx = visit.begin().await?;
    let answer = actions::end(&mut tx, visit.staff(), form.text("exception")).await;
    let words = "例外已取消，这一处须改正后才能送审。";
    visit.end(tx, Act::Check, form, answer, |id, ()| back(id, words)).await
}

fn back(id: &str, words: &str) -> Response {
    redirect_with(&format!("{}#check", address(id)), words)
}
