//! 发布前检查 — personal data, secrecy marks, wrong words and titles, found before anyone is asked to sign.
//!
//! [`scan`] knows the forms of numbers, [`words`] the lists; both give [`scan::Mark`]s of one text. Here
//! they become [`Found`] of an edition: one for each thing that stands in it, with all its places. What must not stand
//! there holds up 送审 until it is gone or a second person has agreed to it with a reason.
//! 《条例》第十五条、第十七条；《个人信息保护法》第二十五条.

pub mod actions;
mod refusal;
pub mod scan;
mod store;
#[cfg(test)]
mod tests;
pub mod words;

use std::collections::HashMap;

use sha2::{Digest, Sha256};

pub use refusal::WordCheckRefusal;
pub use store::{Exception, OwnWord, exceptions, lists, own_words, unread_files};

use crate::db::Conn;
use crate::files::Passage;
use crate::publishing::{Edition, body};

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkKind {
    /// 公民身份号码.
    IdentityNumber,
    /// 手机号码.
    MobilePhone,
    /// 银行卡号.
    BankCard,
    /// 住址.
    HomeAddress,
    /// 密级或者不公开的标志.
    SecrecyMark,
    /// 未公开文件的文号.
    NonPublicDocument,
    /// 领导职务.
    LeaderTitle,
    /// 敏感词.
    SensitiveWord,
    /// 错别字.
    WrongWord,
}

impl MarkKind {
    pub const ALL: [MarkKind; 9] = [
        MarkKind::IdentityNumber,
        MarkKind::MobilePhone,
        MarkKind::BankCard,
        MarkKind::HomeAddress,
        MarkKind::SecrecyMark,
        MarkKind::NonPublicDocument,
        MarkKind::LeaderTitle,
        MarkKind::SensitiveWord,
        MarkKind::WrongWord,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            MarkKind::IdentityNumber => "identity_number",
            MarkKind::MobilePhone => "mobile_phone",
            MarkKind::BankCard => "bank_card",
            MarkKind::HomeAddress => "home_address",
            MarkKind::SecrecyMark => "secrecy_mark",
            MarkKind::NonPublicDocument => "non_public_document",
            MarkKind::LeaderTitle => "leader_title",
            MarkKind::SensitiveWord => "sensitive_word",
            MarkKind::WrongWord => "wrong_word",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            MarkKind::IdentityNumber => "身份证号码",
            MarkKind::MobilePhone => "手机号码",
            MarkKind::BankCard => "银行卡号",
            MarkKind::HomeAddress => "住址",
            MarkKind::SecrecyMark => "密级或不公开标志",
            MarkKind::NonPublicDocument => "未公开文件的文号",
            MarkKind::LeaderTitle => "领导职务",
            MarkKind::SensitiveWord => "敏感词",
            MarkKind::WrongWord => "错别字",
        }
    }

    pub fn from_code(code: &str) -> Option<MarkKind> {
        MarkKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Personal data; it is shown and recorded in its masked form only.
    pub const fn is_personal(self) -> bool {
        matches!(self, MarkKind::IdentityNumber | MarkKind::MobilePhone | MarkKind::BankCard)
    }
}

/// What follows from a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Holds up 送审 until it is gone or agreed to by a second person.
    Must,
    /// Shown to the drafter and to those who sign.
    Hint,
}

impl Weight {
    pub const fn code(self) -> &'static str {
        match self {
            Weight::Must => "must",
            Weight::Hint => "hint",
        }
    }

    pub fn from_code(code: &str) -> Option<Weight> {
        [Weight::Must, Weight::Hint].into_iter().find(|weight| weight.code() == code)
    }
}

/// The lists an agency keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    Wrong,
    Sensitive,
    /// 领导职务名录 — the word is a name, what is right its title.
    Leader,
    NonPublicDocument,
}

impl WordKind {
    pub const ALL: [WordKind; 4] =
        [WordKind::Wrong, WordKind::Sensitive, WordKind::Leader, WordKind::NonPublicDocument];

    pub const fn code(self) -> &'static str {
        self.mark().code()
    }

    pub const fn label(self) -> &'static str {
        match self {
            WordKind::Leader => "领导职务名录",
            other => other.mark().label(),
        }
    }

    pub const fn mark(self) -> MarkKind {
        match self {
            WordKind::Wrong => MarkKind::WrongWord,
            WordKind::Sensitive => MarkKind::SensitiveWord,
            WordKind::Leader => MarkKind::LeaderTitle,
            WordKind::NonPublicDocument => MarkKind::NonPublicDocument,
        }
    }

    pub fn from_code(code: &str) -> Option<WordKind> {
        WordKind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Where something stands, with the words around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// 标题、正文, or the name of an attachment with the place in it.
    pub part: String,
    /// It stands in a file, which must be corrected itself.
    pub is_attachment: bool,
    pub before: String,
    pub shown: String,
    pub after: String,
}

/// One thing that was found, with every place it stands at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub kind: MarkKind,
    pub weight: Weight,
    /// As it stands in the text. Personal data: never to be shown or stored.
    pub quote: String,
    /// What may be shown: the quote, or its masked form.
    pub shown: String,
    /// What to write in its place.
    pub instead: Option<String>,
    pub why: String,
    pub places: Vec<Place>,
    /// 例外 — asked for, or agreed to.
    pub exception: Option<Exception>,
}

impl Found {
    /// Whether 送审 has to wait for it.
    pub fn is_open(&self) -> bool {
        self.weight == Weight::Must && !self.exception.as_ref().is_some_and(Exception::is_agreed)
    }

    /// The key an exception is kept under: what it is and what it says, without spaces and forms.
    pub fn fingerprint(&self) -> String {
        fingerprint(self.kind, &self.quote)
    }

    /// Whether it can be replaced in the text itself.
    pub fn is_replaceable(&self) -> bool {
        self.instead.is_some() && self.places.iter().any(|place| !place.is_attachment)
    }
}

fn fingerprint(kind: MarkKind, quote: &str) -> String {
    hex::encode(Sha256::digest(format!("{}\n{}", kind.code(), words::folded(quote).to_lowercase())))
}

/// A part of an edition as it is looked through.
struct Part<'a> {
    label: String,
    is_attachment: bool,
    text: &'a str,
}

/// How many characters around a mark are shown.
const AROUND: usize = 14;

/// Everything found in the edition and in the text of its attachments, what must go first.
pub async fn check(conn: &mut Conn, edition: &Edition) -> anyhow::Result<Vec<Found>> {
    let lists = lists(conn, &edition.agency_id, &edition.entry_id).await?;
    let files = store::file_texts(conn, &edition.id).await?;
    let exceptions = exceptions(conn, &edition.entry_id).await?;
    let mut found = find(edition, &files, &lists);
    // What stays in the house may say so.
    let stays_inside = matches!(edition.disclosure_class.as_str(), "on_request" | "not_disclosed");
    for one in &mut found {
        if stays_inside {
            one.weight = Weight::Hint;
        }
        let key = one.fingerprint();
        one.exception = exceptions.iter().find(|e| e.fingerprint == key).cloned();
    }
    found.sort_by_key(|one| (!one.is_open(), one.weight, one.kind));
    Ok(found)
}

/// The attachments by name, with their passages.
type FileTexts = Vec<(String, Vec<Passage>)>;

fn find(edition: &Edition, files: &FileTexts, lists: &words::Lists) -> Vec<Found> {
    let body = body::plain_text(&edition.body_html);
    let mut parts: Vec<Part<'_>> = [
        ("标题", edition.title.as_str()),
        ("内容概述", &edition.summary),
        ("正文", &body),
        ("主题词", &edition.keywords),
        ("修订说明", &edition.change_note),
        ("联合发文机关", &edition.co_issuers),
        ("主题的第二级", &edition.subtheme),
        ("咨询渠道", &edition.contact),
    ]
    .into_iter()
    .map(|(label, text)| Part { label: label.into(), is_attachment: false, text })
    .collect();
    for (name, passages) in files {
        parts.push(Part { label: "附件名".into(), is_attachment: true, text: name });
        parts.extend(passages.iter().map(|passage| Part {
            label: format!("附件“{name}”{}", passage.place),
            is_attachment: true,
            text: &passage.text,
        }));
    }
    let mut found: Vec<Found> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for part in parts {
        for mark in scan::scan(part.text).into_iter().chain(lists.scan(part.text)) {
            let quote = &part.text[mark.range.clone()];
            let shown = match (&mark.instead, mark.kind.is_personal()) {
                (Some(masked), true) => masked.clone(),
                _ => quote.to_owned(),
            };
            let place = Place {
                part: part.label.clone(),
                is_attachment: part.is_attachment,
                before: before(part.text, mark.range.start),
                shown: shown.clone(),
                after: after(part.text, mark.range.end),
            };
            let key = format!("{}\n{}\n{}", fingerprint(mark.kind, quote), mark.why, quote);
            match known.get(&key) {
                Some(index) => found[*index].places.push(place),
                None => {
                    known.insert(key, found.len());
                    found.push(Found {
                        kind: mark.kind,
                        weight: mark.weight,
                        quote: quote.to_owned(),
                        shown,
                        instead: mark.instead,
                        why: mark.why,
                        places: vec![place],
                        exception: None,
                    });
                }
            }
        }
    }
    found
}

/// The words before a mark, with the personal data in them masked too.
fn before(text: &str, end: usize) -> String {
    let from = text[..end].char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    let line = text[from..end].rsplit('\n').next().unwrap_or_default();
    let shown = veiled(line);
    if from > 0 && line.len() == end - from { format!("…{shown}") } else { shown }
}

fn after(text: &str, start: usize) -> String {
    let to = text[start..].char_indices().nth(AROUND).map_or(text.len(), |(at, _)| start + at);
    let line = text[start..to].split('\n').next().unwrap_or_default();
    let shown = veiled(line);
    if to < text.len() && line.len() == to - start { format!("{shown}…") } else { shown }
}

/// Long digits around a mark may be another's number; they are not needed to find the place.
fn veiled(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut shown = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        let digits = chars[i..].iter().take_while(|c| scan::plain(**c).is_ascii_digit()).count();
        if digits >= 7 {
            shown.extend(std::iter::repeat_n('*', digits));
            i += digits;
        } else {
            shown.push(chars[i]);
            i += 1;
        }
    }
    shown
}
