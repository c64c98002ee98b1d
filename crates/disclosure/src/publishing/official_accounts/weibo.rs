//! 微博 — `statuses/share`: a text with its link, and one picture; `statuses/destroy` takes it back.

use serde_json::Value;
use ureq::Agent;

use super::http::{agent, post_file, post_form};
use super::{AccountError, Article, OfficialAccount, Progress};
use crate::publishing::postings::PostingChannel;

/// The official address.
pub const ADDRESS: &str = "https://api.weibo.com";

/// How many characters of text stand before the link.
const MOST: usize = 120;

/// What an account is reached with.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Empty: the official one.
    pub address: String,
    pub access_token: String,
}

pub struct Weibo {
    settings: Settings,
    agent: Agent,
}

impl Weibo {
    pub fn new(mut settings: Settings) -> Weibo {
        if settings.address.is_empty() {
            ADDRESS.clone_into(&mut settings.address);
        }
        Weibo { settings, agent: agent() }
    }
}

/// What the platform answers about a status that is not there.
const GONE: i64 = 20101;

fn refused(code: i64, answer: &Value) -> AccountError {
    let words = match code {
        21314..=21319 | 21327 | 21332 => "微博的授权已失效，请系统管理员重新取得 access_token。",
        10022..=10024 => "今天调用微博接口的次数已用完，请稍后再试。",
        20019 => "微博上已经发过相同的内容。",
        20003 | 20005..=20018 => "微博没有接受这条内容，请核对文字和图片。",
        _ => "微博拒绝了这次操作。",
    };
    let told = answer["error"].as_str().unwrap_or_default();
    AccountError::Refused(format!("{words}（{code} {told}）"))
}

/// 标题和概述, cut so that the link stands whole.
fn status(article: &Article) -> String {
    let text = format!("【{}】{}", article.title, article.summary);
    let cut: String =
        if text.chars().count() > MOST { text.chars().take(MOST - 1).chain(['…']).collect() } else { text };
    format!("{cut} {}", article.address)
}

impl OfficialAccount for Weibo {
    fn channel(&self) -> PostingChannel {
        PostingChannel::Weibo
    }

    fn advance(&self, article: &Article, so_far: &Progress) -> Result<Progress, AccountError> {
        if *so_far != Progress::Nothing {
            return Ok(so_far.clone());
        }
        if article.address.is_empty() {
            return Err(AccountError::Refused(
                "微博接口要求正文带有本站链接。请系统管理员在配置里写明门户的网址（official_accounts.portal）。".into(),
            ));
        }
        let url = format!("{}/2/statuses/share.json", self.settings.address);
        let status = status(article);
        let fields = [("access_token", self.settings.access_token.as_str()), ("status", status.as_str())];
        let answer = match article.pictures.first() {
            Some(one) => {
                let file = ("pic", one.name.as_str(), one.media_type.as_str(), &one.bytes[..]);
                post_file(&self.agent, &url, &fields, file)?
            }
            None => post_form(&self.agent, &url, &fields)?,
        };
        if let Some(code) = answer["error_code"].as_i64() {
            return Err(refused(code, &answer));
        }
        let id = match &answer["idstr"] {
            Value::String(id) => id.clone(),
            _ => answer["id"].as_i64().map(|id| id.to_string()).unwrap_or_default(),
        };
        if id.is_empty() {
            return Err(AccountError::Unreachable("微博接口没有返回微博的编号".into()));
        }
        Ok(Progress::Published { link: format!("https://m.weibo.cn/status/{id}"), reference: id })
    }

    fn remove(&self, so_far: &Progress) -> Result<(), AccountError> {
        let Progress::Published { reference, .. } = so_far else {
            return Err(AccountError::Refused("没有得到这条微博的编号，不能由接口删除。".into()));
        };
        let url = format!("{}/2/statuses/destroy.json", self.settings.address);
        let fields = [("access_token", self.settings.access_token.as_str()), ("id", reference.as_str())];
        let answer = post_form(&self.agent, &url, &fields)?;
        match answer["error_code"].as_i64() {
            None | Some(GONE) => Ok(()),
            Some(code) => Err(refused(code, &answer)),
        }
    }

    /// A status that was sent cannot be told from one that was not.
    fn may_repeat(&self) -> bool {
        false
    }
}
