//! 主动公开 — entries and their editions, from the draft to the public.
//!
//! An entry is an identity with an index number; what is read is one of its editions. An edition is written,
//! submitted (from then on its content is fixed under a hash), reviewed by [`crate::review`], and released.
//! A revision is a new edition beside the one that is live.
//!
//! Three ways in: [`actions`] changes, [`desk`] reads for staff, [`public`] reads for everyone and can
//! return nothing but what is released.

pub mod actions;
pub mod body;
pub mod class_opinions;
pub mod copies;
pub mod desk;
pub mod diff;
pub mod document_number;
pub mod drafts;
#[cfg(test)]
mod drafts_tests;
pub mod due;
pub mod emergency;
#[cfg(test)]
mod gate_tests;
mod hash;
#[cfg(test)]
mod hostile_tests;
mod html_text;
pub mod index_numbers;
mod lists;
pub mod official_accounts;
pub mod postings;
pub mod public;
mod refusal;
pub mod removals;
pub mod schedule;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub mod tidying;
#[cfg(test)]
mod tidying_tests;
mod validation;
pub mod verify;
pub mod word_file;
#[cfg(test)]
mod word_file_tests;

pub use hash::content_hash;
pub use lists::{
    DisclosureClass, EditionEvent, EditionState, Genre, Theme, Validity, WithdrawalClass, theme_words,
};
pub use refusal::PublishingRefusal;
pub use validation::{before_submission, lacking};

use serde::{Deserialize, Serialize};

/// What an officer types into the form, kept as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub title: String,
    /// 内容概述. 《条例》第十二条第三款.
    pub summary: String,
    /// Plain text or simple HTML.
    pub body: String,
    /// 文号.
    pub document_number: String,
    /// Code of [`Genre`].
    pub genre: String,
    pub keywords: String,
    /// 信息来源.
    pub source: String,
    /// Code of [`Validity`], for normative documents.
    pub validity: String,
    /// 生成日期, `2026-11-02`.
    pub made_on: String,
    /// Code of [`DisclosureClass`].
    pub disclosure_class: String,
    pub class_reason: String,
    /// What a revision changes and why, for the public.
    pub change_note: String,
    /// 联合发文机关.
    pub co_issuers: String,
    /// 主题分类: code of [`Theme`].
    pub theme: String,
    /// 主题分类的第二级, in words.
    pub subtheme: String,
    /// 施行日期.
    pub effective_on: String,
    /// 有效期至.
    pub expires_on: String,
    /// 咨询渠道和电话.
    pub contact: String,
}

/// 版本 — an edition with the place of its entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize)]
#[serde(default)]
pub struct Edition {
    pub id: String,
    pub entry_id: String,
    pub agency_id: String,
    pub line_id: String,
    pub ordinal: i64,
    /// Code of [`EditionState`].
    pub state: String,
    pub title: String,
    pub summary: String,
    pub body_html: String,
    pub document_number: Option<String>,
    pub genre: String,
    pub keywords: String,
    pub source: String,
    pub validity: Option<String>,
    pub made_on: String,
    pub disclosure_class: String,
    pub class_reason: String,
    pub change_note: String,
    pub co_issuers: String,
    pub theme: String,
    pub subtheme: String,
    pub effective_on: String,
    pub expires_on: String,
    pub contact: String,
    pub author_id: String,
    pub content_hash: Option<String>,
    pub submitted_at: Option<String>,
    pub created_at: String,
    pub updated_at: String,
    pub version: i64,
}

impl Edition {
    pub fn state(&self) -> anyhow::Result<EditionState> {
        EditionState::from_code(&self.state).ok_or_else(|| anyhow::anyhow!("edition state {:?}", self.state))
    }

    /// The form as it would be typed for this content.
    pub fn draft(&self) -> Draft {
        Draft {
            title: self.title.clone(),
            summary: self.summary.clone(),
            body: body::for_editing(&self.body_html),
            document_number: self.document_number.clone().unwrap_or_default(),
            genre: self.genre.clone(),
            keywords: self.keywords.clone(),
            source: self.source.clone(),
            validity: self.validity.clone().unwrap_or_default(),
            made_on: self.made_on.clone(),
            disclosure_class: self.disclosure_class.clone(),
            class_reason: self.class_reason.clone(),
            change_note: self.change_note.clone(),
            co_issuers: self.co_issuers.clone(),
            theme: self.theme.clone(),
            subtheme: self.subtheme.clone(),
            effective_on: self.effective_on.clone(),
            expires_on: self.expires_on.clone(),
            contact: self.contact.clone(),
        }
    }

    /// One to show and test with.
    pub fn sample() -> Edition {
        Edition {
            id: "edition-1".into(),
            entry_id: "entry-1".into(),
            agency_id: "agency-1".into(),
            line_id: "line-1".into(),
            ordinal: 1,
            state: EditionState::InReview.code().into(),
            title: "青禾区2026年度高标准农田建设补助办法".into(),
            summary: "明确2026年度高标准农田建设的补助对象、标准和申领程序。".into(),
            body_html: "<p>各镇人民政府、街道办事处：</p>\n<p>现将《青禾区2026年度高标准农田建设补助办法》印发给你们。</p>".into(),
            document_number: Some("青禾政办发〔2026〕12号".into()),
            genre: Genre::NormativeDocument.code().into(),
            keywords: "农业农村 补助".into(),
            source: "青禾区人民政府办公室".into(),
            validity: Some(Validity::InForce.code().into()),
            made_on: "2026-10-28".into(),
            disclosure_class: DisclosureClass::Proactive.code().into(),
            class_reason: String::new(),
            change_note: String::new(),
            co_issuers: String::new(),
            theme: Theme::Agriculture.code().into(),
            subtheme: "农业补贴".into(),
            effective_on: "2026-12-01".into(),
            expires_on: "2031-11-30".into(),
            contact: "青禾区农业农村局，0990-0000002".into(),
            author_id: "user-1".into(),
            content_hash: Some("3f1c".repeat(16)),
            submitted_at: Some("2026-11-02T01:00:00.000Z".into()),
            created_at: "2026-11-01T01:00:00.000Z".into(),
            updated_at: "2026-11-02T01:00:00.000Z".into(),
            version: 3,
        }
    }
}

/// 附件 — a file of an edition, under the name it is downloaded by.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize)]
pub struct Attachment {
    pub id: String,
    pub edition_id: String,
    pub name: String,
    pub file_sha256: String,
    pub size: i64,
    pub media_type: String,
}

impl Attachment {
    pub fn sample() -> Attachment {
        Attachment {
            id: "attachment-1".into(),
            edition_id: "edition-1".into(),
            name: "补助申请表.docx".into(),
            file_sha256: "9b".repeat(32),
            size: 18_432,
            media_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document".into(),
        }
    }
}

/// An edition that went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    pub entry_id: String,
    /// 索引号, `QHCZ/2026-00017`.
    pub index_number: String,
}
