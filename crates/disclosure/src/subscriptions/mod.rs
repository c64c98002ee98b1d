//! 订阅 — a search by mail, without an account: one who asks confirms from the mailbox, and is told of what comes new under it until
//! they end it with one click. Ending it leaves nothing behind.

pub mod actions;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use crate::db::Conn;
use crate::error::Refusal;
use crate::mail::Letter;
use crate::privacy::{KeyError, Keyring};

/// So many searches can wait for confirmation at one address; more would be a way to pester someone.
const MOST_WAITING: i64 = 3;
/// So many searches can be subscribed at one address.
const MOST: i64 = 30;
/// So many entries stand in one letter.
const SHOWN: usize = 30;

/// A subscription as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Subscription {
    pub id: String,
    /// Sealed; see [`Subscription::address_opened`].
    pub email: String,
    /// [`crate::search::Query`] as JSON.
    pub query: String,
    /// Where the search stands on the portal: `/search?q=…`.
    pub address: String,
    /// What is searched for, in words.
    pub words: String,
    /// `https://…`, for the links in letters.
    pub site: String,
    /// In every letter, to end it. It opens nothing else, so it is kept as it is.
    pub token: String,
    pub confirmed_at: Option<String>,
    /// Position of the change log up to which its owner has been told.
    pub told_to: i64,
}

impl Subscription {
    fn place(id: &str) -> String {
        format!("subscriptions.email/{id}")
    }

    /// Where its owner is written to.
    pub fn address_opened(&self, keys: &Keyring) -> Result<String, KeyError> {
        keys.open_text(&Subscription::place(&self.id), &self.email)
    }

    /// Where it is looked at, confirmed and ended.
    fn link(&self) -> String {
        format!("{}/subscriptions/{}", self.site, self.token)
    }
}

/// Puts the subscriber's address on a letter that goes to one, and the way to end the subscription.
pub(crate) async fn address(conn: &mut Conn, keys: &Keyring, letter: &mut Letter) -> anyhow::Result<()> {
    let Some(id) = &letter.subscription_id else { return Ok(()) };
    if let Some(one) = store::by_id(conn, id).await? {
        letter.recipient = one.address_opened(keys)?;
        letter.unsubscribe = format!("{}/removal", one.link());
    }
    Ok(())
}

/// Why a subscription was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionRefusal {
    EmailUnreadable,
    NothingToSearch,
    TooManyWaiting,
    TooMany,
    Missing,
}

impl std::fmt::Display for SubscriptionRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::EmailUnreadable => "电子邮箱写得不对，请核对，例如 name@example.com。",
            Self::NothingToSearch => "要订阅的检索是空的，请先检索，再订阅。",
            Self::TooManyWaiting => "这个邮箱还有几项订阅没有确认，请先打开邮箱里的确认邮件。",
            Self::TooMany => "这个邮箱的订阅已经很多，请先退订不需要的。",
            Self::Missing => "没有这项订阅，可能已经退订。",
        })
    }
}

impl Refusal for SubscriptionRefusal {
    fn field(&self) -> Option<&'static str> {
        (*self != Self::Missing).then_some("email")
    }

    fn is_missing(&self) -> bool {
        *self == Self::Missing
    }

    fn is_forbidden(&self) -> bool {
        false
    }
}

#[cfg(feature = "testing")]
pub use store::all;
pub use store::by_token;
