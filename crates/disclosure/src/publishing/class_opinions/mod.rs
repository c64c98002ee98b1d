//! 《拟发文件属性管理意见表》 — whether a document is to be disclosed is decided while it is drafted: the drafter proposes the
//! class with its reason, the head of the section signs it. It is a record of its own; an edition is submitted with the one
//! that says what the edition says. 国办发〔2016〕80号；《条例》第十七条.

pub mod actions;
mod store;
#[cfg(test)]
mod tests;

use gongkai_statute::closed_list;

pub use store::{Opinion, needed, newest, of_edition, opinion, waiting};

closed_list! {
    /// 哪些信息须有意见表 — an agency's own rule, with the moment it holds from.
    pub enum Needed {
        /// 不要求.
        Never = "never", "不要求，需要时可以自行填写";
        /// 有文号的.
        Documents = "documents", "有文号的公文须有";
        /// 全部.
        Always = "always", "所有信息须有";
    }
}

closed_list! {
    /// 意见.
    pub enum OpinionVerdict {
        /// 同意.
        Agreed = "agreed", "同意";
        /// 不同意.
        Declined = "declined", "不同意";
        /// 另行提出 — the drafter proposed anew.
        Replaced = "replaced", "已另行提出";
    }
}

impl Needed {
    /// Whether an edition with this document number needs one.
    pub fn applies(self, document_number: Option<&str>) -> bool {
        match self {
            Needed::Never => false,
            Needed::Documents => document_number.is_some_and(|number| !number.trim().is_empty()),
            Needed::Always => true,
        }
    }
}
