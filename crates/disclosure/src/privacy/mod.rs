//! 个人信息 — what the office knows about applicants besides their names: sealed at rest, shown to those who handle the
//! request, every viewing on record. 《个人信息保护法》第五十一条.

pub mod actions;
pub mod keyring;
mod request_key;
pub(crate) mod store;
#[cfg(test)]
pub(crate) mod tests;

use std::fmt;

use gongkai_statute::closed_list;
use serde::{Deserialize, Serialize};

pub use keyring::{KeyError, Keyring};
pub(crate) use request_key::RequestKey;
pub use store::{Frequency, KeyUse, ViewingFilter, ViewingRow, frequent, key_uses, opens, viewings};

use crate::db::Conn;
use crate::error::Refusal;
use crate::mail;

/// 申请人的证件号码和联系方式 — what is sealed with a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Particulars {
    pub identity_number: String,
    pub phone: String,
    pub email: String,
    pub address: String,
}

/// 姓名或者名称 — sealed at rest like the particulars, and shown to whoever reads the request: an officer cannot work on a
/// request without knowing whose it is, so opening it is no viewing.
///
/// A name is found by a keyed hash of the whole name. Reading every name to compare parts of it would open all of them at
/// each search; hashes of its parts would tell too much about short Chinese names.
pub struct Name;

impl Name {
    fn place(column: &str, request_id: &str) -> String {
        format!("requests.{column}/{request_id}")
    }

    pub(crate) fn sealed(
        keys: &Keyring,
        request_id: &str,
        column: &str,
        name: &str,
    ) -> anyhow::Result<String> {
        Ok(keys.seal_text(&Name::place(column, request_id), name)?)
    }

    /// The name; empty when it was destroyed. One that was stored before names were sealed is read as it stands.
    pub(crate) fn opened(
        keys: &Keyring,
        request_id: &str,
        column: &str,
        stored: &str,
    ) -> anyhow::Result<String> {
        let is_sealed = stored.split_once(':').is_some_and(|(key, rest)| {
            keyring::is_id(key) && !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        if !is_sealed {
            return Ok(stored.to_owned());
        }
        Ok(keys.open_text(&Name::place(column, request_id), stored)?)
    }

    /// What a name is found by.
    pub(crate) fn matching(keys: &Keyring, name: &str) -> anyhow::Result<String> {
        Ok(keys.matching("applicant name", name)?)
    }
}

/// Puts the applicant's address on a letter that goes to one.
pub(crate) async fn address(
    conn: &mut Conn,
    keys: &Keyring,
    letter: &mut mail::Letter,
) -> anyhow::Result<()> {
    let Some(id) = &letter.request_id else { return Ok(()) };
    if let Some(sealed) = store::particulars(conn, id).await?
        && let Some(own) = Particulars::opened(keys, id, &sealed)?
    {
        letter.recipient = own.email;
    }
    Ok(())
}

/// The columns of names.
pub(crate) const APPLICANT: &str = "applicant_name";
pub(crate) const AGENT: &str = "agent_name";

impl Particulars {
    fn place(request_id: &str) -> String {
        format!("requests.particulars/{request_id}")
    }

    pub(crate) fn sealed(&self, keys: &Keyring, request_id: &str) -> anyhow::Result<String> {
        Ok(keys.seal_text(&Particulars::place(request_id), &serde_json::to_string(self)?)?)
    }

    /// What a request holds; `None` once it was destroyed with the file.
    pub fn opened(keys: &Keyring, request_id: &str, sealed: &str) -> anyhow::Result<Option<Particulars>> {
        if sealed.is_empty() {
            return Ok(None);
        }
        let text = keys.open_text(&Particulars::place(request_id), sealed)?;
        Ok(Some(serde_json::from_str(&text)?))
    }

    /// Enough to recognise whom one is talking to, and no more.
    pub fn masked(&self) -> Particulars {
        let (name, domain) = self.email.split_once('@').unwrap_or((&self.email, ""));
        let at = if domain.is_empty() { "" } else { "@" };
        Particulars {
            identity_number: stars(&self.identity_number, 1, 2),
            phone: stars(&self.phone, 3, 2),
            email: format!("{}{at}{domain}", stars(name, 1, 0)),
            address: stars(&self.address, 3, 0),
        }
    }
}

/// The first and last characters, and stars between.
fn stars(text: &str, first: usize, last: usize) -> String {
    let length = text.chars().count();
    let hides = |at: usize| length <= first + last || (at >= first && at + last < length);
    text.chars().enumerate().map(|(at, c)| if hides(at) { '*' } else { c }).collect()
}

closed_list! {
    /// 查看的目的 — what an officer needs someone's personal data for.
    pub enum Purpose {
        /// 核对身份.
        CheckIdentity = "check_identity", "核对申请人身份";
        /// 联系.
        Contact = "contact", "联系申请人";
        /// 送达.
        Deliver = "deliver", "送达文书";
        /// 复议、诉讼.
        Remedy = "remedy", "办理行政复议、行政诉讼";
        /// 归档.
        Archive = "archive", "归档移交";
        /// 其他.
        Other = "other", "其他（请说明）";
    }
}

closed_list! {
    /// 看了什么.
    pub enum Seen {
        /// 证件号码和联系方式.
        Particulars = "particulars", "证件号码、联系方式";
        /// 申请人提交的材料.
        File = "file", "申请材料";
    }
}

/// Requests of which one person may open the personal data in a day before they must say why.
pub const MANY: i64 = 20;

/// Why personal data was not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrivacyRefusal {
    NotFound,
    Forbidden,
    PurposeMissing,
    /// Other purposes, many at once, or many in a day: a reason in words.
    ReasonMissing {
        why: &'static str,
    },
    ReasonTooLong,
    /// 已销毁.
    Destroyed,
    NothingMatches,
    TooMany {
        most: u64,
    },
}

impl fmt::Display for PrivacyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PrivacyRefusal::NotFound => f.write_str("没有这件申请，请核对编号。"),
            PrivacyRefusal::Forbidden => {
                f.write_str("申请人的个人信息只供受理机关的承办人员查看。需要了解的，请与承办人员联系。")
            }
            PrivacyRefusal::PurposeMissing => f.write_str("请选择查看的目的。"),
            PrivacyRefusal::ReasonMissing { why } => write!(f, "{why}，请写明理由（至少6个字）。"),
            PrivacyRefusal::ReasonTooLong => f.write_str("理由不超过200字，请精简。"),
            PrivacyRefusal::Destroyed => f.write_str("这件申请的个人信息已经按规定销毁，不能再查看。"),
            PrivacyRefusal::NothingMatches => f.write_str("没有符合条件的申请，请修改条件。"),
            PrivacyRefusal::TooMany { most } => {
                write!(f, "一次最多导出{most}件，请缩小范围后分次导出。")
            }
        }
    }
}

impl Refusal for PrivacyRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            PrivacyRefusal::PurposeMissing => Some("purpose"),
            PrivacyRefusal::ReasonMissing { .. } | PrivacyRefusal::ReasonTooLong => Some("reason"),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, PrivacyRefusal::NotFound)
    }

    fn is_forbidden(&self) -> bool {
        matches!(self, PrivacyRefusal::Forbidden)
    }
}
