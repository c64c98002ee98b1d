//! 微信公众号 — token, pictures, draft, publication, and its address, as the platform's documentation has them:
//! `stable_token`, `material/add_material`, `media/uploadimg`, `draft/add`, `freepublish/submit`, `freepublish/get`, `freepublish/delete`.

use serde_json::{Value, json};
use ureq::Agent;

use super::http::{agent, post_file, post_json};
use super::{AccountError, Article, OfficialAccount, Progress};
use crate::publishing::postings::PostingChannel;

/// The official address.
pub const ADDRESS: &str = "https://api.weixin.qq.com";

/// The lengths the platform takes.
const TITLE: usize = 64;
const DIGEST: usize = 120;

/// What an account is reached with.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Empty: the official one.
    pub address: String,
    pub app_id: String,
    pub app_secret: String,
    /// The cover of articles without a picture: its media_id in the account's own library.
    pub cover_media_id: String,
}

pub struct WeChat {
    settings: Settings,
    agent: Agent,
}

impl WeChat {
    pub fn new(mut settings: Settings) -> WeChat {
        if settings.address.is_empty() {
            ADDRESS.clone_into(&mut settings.address);
        }
        WeChat { settings, agent: agent() }
    }

    /// Asked for anew each time: the platform answers with the same one until it nears its end.
    fn token(&self) -> Result<String, AccountError> {
        let body = json!({"grant_type": "client_credential", "appid": self.settings.app_id,
                          "secret": self.settings.app_secret});
        let url = format!("{}/cgi-bin/stable_token", self.settings.address);
        let answer = checked(post_json(&self.agent, &url, &body)?)?;
        text(&answer, "access_token")
    }

    fn url(&self, path: &str) -> Result<String, AccountError> {
        Ok(format!("{}/cgi-bin/{path}access_token={}", self.settings.address, self.token()?))
    }

    /// Pictures go to the platform first: others are not shown there.
    fn draft(&self, article: &Article) -> Result<Progress, AccountError> {
        let mut content = article.body_html.clone();
        let mut cover = self.settings.cover_media_id.clone();
        for (index, picture) in article.pictures.iter().enumerate() {
            let file = ("media", picture.name.as_str(), picture.media_type.as_str(), &picture.bytes[..]);
            let answer = checked(post_file(&self.agent, &self.url("media/uploadimg?")?, &[], file)?)?;
            content = content.replace(&picture.address(), &text(&answer, "url")?);
            if index == 0 {
                let url = self.url("material/add_material?type=image&")?;
                cover = text(&checked(post_file(&self.agent, &url, &[], file)?)?, "media_id")?;
            }
        }
        if cover.is_empty() {
            return Err(AccountError::Refused(
                "公众号图文须有封面。请在正文里插入一张图片，或者请系统管理员在配置里写明默认封面（cover_media_id）。".into(),
            ));
        }
        let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
        let one = json!({
            "title": cut(&article.title, TITLE),
            "author": cut(&article.agency_name, 8),
            "digest": cut(&article.summary, DIGEST),
            "content": content,
            "content_source_url": article.address,
            "thumb_media_id": cover,
        });
        let answer = checked(post_json(&self.agent, &self.url("draft/add?")?, &json!({"articles": [one]}))?)?;
        Ok(Progress::Drafted { media_id: text(&answer, "media_id")? })
    }

    /// How a publication stands.
    fn standing(&self, publish_id: &str) -> Result<Value, AccountError> {
        let body = json!({"publish_id": publish_id});
        checked(post_json(&self.agent, &self.url("freepublish/get?")?, &body)?)
    }

    fn result(&self, publish_id: &str) -> Result<Progress, AccountError> {
        let answer = self.standing(publish_id)?;
        match answer["publish_status"].as_i64() {
            Some(0) => {
                let link = &answer["article_detail"]["item"][0]["article_url"];
                Ok(Progress::Published {
                    link: link.as_str().unwrap_or_default().to_owned(),
                    reference: publish_id.to_owned(),
                })
            }
            Some(1) => Ok(Progress::Submitted { publish_id: publish_id.to_owned() }),
            Some(4) => Err(AccountError::Refused("公众号平台审核不通过，请登录公众平台查看原因。".into())),
            Some(5 | 6) => Err(AccountError::Refused("文章发布后已在公众平台被删除或者封禁。".into())),
            other => Err(AccountError::Refused(format!(
                "公众号平台没有发布成功（状态 {}），请登录公众平台查看。",
                other.map_or_else(|| "不明".into(), |code| code.to_string())
            ))),
        }
    }
}

impl OfficialAccount for WeChat {
    fn channel(&self) -> PostingChannel {
        PostingChannel::Wechat
    }

    fn advance(&self, article: &Article, so_far: &Progress) -> Result<Progress, AccountError> {
        match so_far {
            Progress::Nothing => self.draft(article),
            Progress::Drafted { media_id } => {
                let body = json!({"media_id": media_id});
                let answer = checked(post_json(&self.agent, &self.url("freepublish/submit?")?, &body)?)?;
                let publish_id = match &answer["publish_id"] {
                    Value::Number(number) => number.to_string(),
                    _ => text(&answer, "publish_id")?,
                };
                Ok(Progress::Submitted { publish_id })
            }
            Progress::Submitted { publish_id } => self.result(publish_id),
            Progress::Published { .. } => Ok(so_far.clone()),
        }
    }

    /// What the platform says of the publication comes first: a deletion that broke off may have been done.
    fn remove(&self, so_far: &Progress) -> Result<(), AccountError> {
        let publish_id = match so_far {
            Progress::Submitted { publish_id } => publish_id,
            Progress::Published { reference, .. } if !reference.is_empty() => reference,
            _ => {
                return Err(AccountError::Refused(
                    "没有记下这篇文章在公众号里的编号，不能由接口删除。".into(),
                ));
            }
        };
        let answer = self.standing(publish_id)?;
        match answer["publish_status"].as_i64() {
            Some(0) => {
                let body = json!({"article_id": text(&answer, "article_id")?});
                checked(post_json(&self.agent, &self.url("freepublish/delete?")?, &body)?).map(drop)
            }
            Some(1) => Err(AccountError::Unreachable("公众号平台还在发布这篇文章".into())),
            // Refused by the platform, or deleted or blocked there.
            _ => Ok(()),
        }
    }

    /// A second draft is only a draft, and a draft is published once.
    fn may_repeat(&self) -> bool {
        true
    }
}

fn text(answer: &Value, field: &str) -> Result<String, AccountError> {
    answer[field]
        .as_str()
        .filter(|text| !text.is_empty())
        .map(ToOwned::to_owned)
        .ok_or_else(|| AccountError::Unreachable(format!("公众号接口没有返回 {field}")))
}

/// The platform says what is wrong in the body, under status 200.
fn checked(answer: Value) -> Result<Value, AccountError> {
    let code = answer["errcode"].as_i64().unwrap_or(0);
    if code == 0 {
        return Ok(answer);
    }
    let words = match code {
        -1 | 45011 => return Err(AccountError::Unreachable(format!("公众号平台繁忙（{code}）"))),
        40013 | 40125 | 41002 | 41004 => "公众号的 AppID 或者 AppSecret 不对，请系统管理员核对配置。",
        40164 | 61004 => "本服务器的 IP 不在公众号的白名单里，请管理员在公众平台添加。",
        48001 => "这个公众号没有使用发布接口的权限，请在公众平台手工办理。",
        45009 => "今天调用公众号接口的次数已用完，请明天再试。",
        53503..=53505 => "草稿没有通过公众平台的发布检查，请登录公众平台查看。",
        _ => "公众号平台拒绝了这次操作。",
    };
    let told = answer["errmsg"].as_str().unwrap_or_default();
    Err(AccountError::Refused(format!("{words}（{code} {told}）")))
}
