//! 政务新媒体 — an entry on its way to an official account, or as a file to publish by hand.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::publishing::PublishingRefusal;
use gongkai_disclosure::publishing::desk::EntryHead;
use gongkai_disclosure::publishing::official_accounts::{self, AccountPost, actions};
use gongkai_disclosure::publishing::postings::PostingChannel;
use gongkai_disclosure::time::shown_text;

use super::acts::{Act, Visit};
use super::{address, readable};
use crate::auth::Signed;
use crate::components::{Tag, Tone};
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::redirect_with;
use crate::portal::entries::as_attachment;
use crate::state::App;

/// What the page of an entry shows of it.
#[derive(Debug, Clone, Default)]
pub struct AccountCard {
    /// The accounts it can go out on: code and button.
    pub channels: Vec<(&'static str, String)>,
    pub rows: Vec<AccountRow>,
    /// Where the article is a file.
    pub article: String,
}

#[derive(Debug, Clone)]
pub struct AccountRow {
    pub channel: &'static str,
    pub state: Tag,
    pub words: String,
    pub link: String,
}

impl AccountRow {
    fn of(post: &AccountPost) -> AccountRow {
        let state = match post.state.as_str() {
            "waiting" | "sending" => Tag::new(Tone::Info, "正在发布"),
            "published" => Tag::new(Tone::Success, "已发布"),
            "uncertain" => Tag::new(Tone::Warning, "须核对"),
            _ => Tag::new(Tone::Warning, "没有发布"),
        };
        let asked = format!("{}　{}", post.asked_by_name, shown_text(&post.asked_at));
        AccountRow {
            channel: PostingChannel::from_code(&post.channel).map_or("", PostingChannel::label),
            state,
            words: if post.failure.is_empty() { asked } else { format!("{}（{asked}）", post.failure) },
            link: post.link.clone(),
        }
    }
}

impl AccountCard {
    /// Of a public entry, for those who may publish it.
    pub(super) async fn of(app: &App, conn: &mut Conn, head: &EntryHead) -> Result<AccountCard, PageError> {
        let posts = official_accounts::of_entry(conn, &head.id).await?;
        let is_busy = |channel: PostingChannel| {
            posts.iter().any(|post| {
                post.channel == channel.code()
                    && post.state != "failed"
                    && Some(&post.edition_id) == head.live_edition_id.as_ref()
            })
        };
        let known = app.accounts.as_ref().map(|all| all.channels(&head.agency_code)).unwrap_or_default();
        Ok(AccountCard {
            channels: known
                .into_iter()
                .filter(|channel| !is_busy(*channel))
                .map(|channel| (channel.code(), format!("发布到{}", channel.label())))
                .collect(),
            rows: posts.iter().map(AccountRow::of).collect(),
            article: format!("{}/article", address(&head.id)),
        })
    }

    pub(super) fn action(&self) -> String {
        self.article.replace("/article", "/accounts")
    }

    pub(super) fn sample() -> AccountCard {
        AccountCard {
            channels: vec![("wechat", "发布到微信".into())],
            rows: vec![AccountRow {
                channel: "微博",
                state: Tag::new(Tone::Warning, "没有发布"),
                words: "微博的授权已失效，请系统管理员重新取得 access_token。（田小满　2026-11-02 09:30）"
                    .into(),
                link: String::new(),
            }],
            article: "/console/entries/1/article".into(),
        }
    }
}

pub(crate) async fn publish(visit: Visit, form: Fields) -> Result<Response, PageError> {
    let mut tx = visit.begin().await?;
    let answer = match &visit.app.accounts {
        Some(accounts) => {
            actions::ask(&mut tx, visit.staff(), accounts, &visit.id, form.text("channel")).await
        }
        None => gongkai_disclosure::error::refuse(PublishingRefusal::NoAccount),
    };
    let then = |id: &str, _| {
        redirect_with(&format!("{}#postings", address(id)), "已提出，稍后自动发布，发布后记下链接。")
    };
    visit.end(tx, Act::Account, form, answer, then).await
}

/// 图文稿 of what the public reads.
pub(crate) async fn article(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    readable(&mut conn, &staff, &id).await?;
    let portal = app.accounts.as_ref().map(|all| all.portal.clone()).unwrap_or_default();
    let article = official_accounts::article_of_entry(&mut conn, &app.files, &id, &portal).await?;
    let article = article.ok_or(PageError::NotFound)?;
    let short: String = article.title.chars().take(40).collect();
    let bytes = official_accounts::archive(&article)?;
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_DISPOSITION, as_attachment(&format!("图文稿（{short}）.zip"))),
    ];
    Ok((headers, bytes).into_response())
}
