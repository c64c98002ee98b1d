//! 政务新媒体 — official accounts on WeChat and Weibo, through the interfaces their operators publish. One small trait; each
//! step that a platform confirmed is kept, so that a process that dies goes on where the other stopped.
//! What was published becomes a posting with its link. Where no account is configured, the article is exported as a file.

pub mod actions;
mod article;
mod http;
mod store;
pub mod wechat;
pub mod weibo;

use serde::{Deserialize, Serialize};

pub use article::{Article, Picture, archive, of_entry as article_of_entry};
pub(super) use store::post;
pub use store::{AccountPost, of_entry};

use super::postings::PostingChannel;
use crate::files::FileStore;

/// How far an article has come on a platform; each value was confirmed by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Progress {
    Nothing,
    /// 草稿箱 — it is a draft there.
    Drafted {
        media_id: String,
    },
    /// 已提交发布 — the platform is at it.
    Submitted {
        publish_id: String,
    },
    Published {
        link: String,
        /// By which the platform knows it: the task of its publication, or its number.
        #[serde(default)]
        reference: String,
    },
}

/// Why a step was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountError {
    /// The platform says no; in words an officer can act on.
    Refused(String),
    /// It could not be asked, or did not answer in its own form.
    Unreachable(String),
}

/// 政务新媒体账号 — one account of an agency. Blocking: called off the threads that answer.
pub trait OfficialAccount: Send + Sync {
    fn channel(&self) -> PostingChannel;

    /// Does the next step. `Ok` with the same progress: the platform is still at it.
    fn advance(&self, article: &Article, so_far: &Progress) -> Result<Progress, AccountError>;

    /// Deletes what was published there. `Ok`: it is gone, by this call or before it.
    fn remove(&self, so_far: &Progress) -> Result<(), AccountError>;

    /// Whether a step that broke off can be done again without publishing twice.
    fn may_repeat(&self) -> bool;
}

/// The accounts of an installation.
pub struct Accounts {
    accounts: Vec<(String, Box<dyn OfficialAccount>)>,
    pub(crate) files: FileStore,
    /// How the portal is called from outside, without a slash at its end; may be empty.
    pub portal: String,
}

impl Accounts {
    /// `accounts`: by the code of their agency.
    pub fn new(
        accounts: Vec<(String, Box<dyn OfficialAccount>)>,
        files: FileStore,
        portal: &str,
    ) -> Accounts {
        Accounts { accounts, files, portal: portal.trim_end_matches('/').to_owned() }
    }

    pub fn find(&self, agency_code: &str, channel: PostingChannel) -> Option<&dyn OfficialAccount> {
        let is_it = |(code, account): &&(String, Box<dyn OfficialAccount>)| {
            code == agency_code && account.channel() == channel
        };
        self.accounts.iter().find(is_it).map(|(_, account)| &**account)
    }

    /// The channels an agency has an account on.
    pub fn channels(&self, agency_code: &str) -> Vec<PostingChannel> {
        self.accounts.iter().filter(|(code, _)| code == agency_code).map(|(_, one)| one.channel()).collect()
    }
}
