//! 系统对接 — the office's other systems: tokens with which they send drafts, and webhooks that tell them what was
//! published. Nothing comes in here past the review gate, and nothing goes out that is not public.

pub mod actions;
mod post;
mod refusal;
mod store;
#[cfg(test)]
mod tests;
pub mod webhooks;

use gongkai_statute::closed_list;

pub use post::{Outgoing, is_public, signature};
pub use refusal::ConnectionRefusal;
pub use store::{deliveries, stored_answer, tokens, webhook, webhooks as hooks};

use crate::accounts::Staff;

closed_list! {
    /// 权限范围 — what a token allows.
    pub enum Scope {
        /// 报送草稿.
        WriteDrafts = "drafts:write", "报送草稿";
        /// 查询所报送草稿的办理状态.
        ReadDrafts = "drafts:read", "查询草稿状态";
    }
}

/// What every token begins with, so that one that leaked is recognised.
pub const TOKEN_START: &str = "gk_";

/// The longest a token may live.
pub const LONGEST_DAYS: i64 = 366;

/// So many tokens and webhooks an agency may have at a time.
pub const MOST: usize = 20;

/// 令牌 — as its agency sees it; the token itself is nowhere.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Token {
    pub id: String,
    pub agency_id: String,
    pub name: String,
    pub hint: String,
    pub scopes: String,
    pub user_id: String,
    pub user_name: String,
    pub created_at: String,
    pub expires_at: String,
    pub revoked_at: Option<String>,
    pub last_used_at: Option<String>,
}

impl Token {
    pub fn allows(&self, scope: Scope) -> bool {
        self.scopes.split(' ').any(|held| held == scope.code())
    }
}

/// A system that was let in: its token, and the person who answers for it.
#[derive(Clone, Debug)]
pub struct Admitted {
    pub token: Token,
    pub staff: Staff,
}

/// What was answered to a request with this key.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredAnswer {
    pub request_hash: String,
    pub status: i64,
    pub answer: String,
}

/// 通知 — an address that is told of what an agency publishes and withdraws.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Webhook {
    pub id: String,
    pub agency_id: String,
    pub name: String,
    pub url: String,
    pub secret: String,
    pub followed: i64,
    pub created_at: String,
    pub stopped_at: Option<String>,
}

/// One thing told to one address.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Delivery {
    pub id: String,
    pub webhook_id: String,
    pub seq: i64,
    pub event: String,
    pub payload: String,
    pub created_at: String,
    pub attempts: i64,
    pub delivered_at: Option<String>,
    pub last_error: Option<String>,
}
