//! 副本撤除 — what was shown elsewhere is taken back when its entry is withdrawn: by the platform's own interface where
//! it does that, otherwise by a person. What is not taken back yet stays on a list until someone confirms it.

pub mod actions;
mod store;
#[cfg(test)]
mod tests;

use gongkai_statute::closed_list;
use jiff::civil::Date;

pub use store::{Removal, of_entry, of_posting, open, unplanned};

use super::postings::PostingChannel;

closed_list! {
    /// 撤除情况.
    pub enum RemovalState {
        /// The platform is being asked.
        Waiting = "waiting", "正在请平台删除";
        /// It must be done by a person.
        ByHand = "by_hand", "待人工撤下";
        /// The platform says that it is gone.
        Removed = "removed", "平台已删除";
        /// A person says that it is gone.
        Confirmed = "confirmed", "已确认撤下";
    }
}

impl RemovalState {
    pub const fn is_done(self) -> bool {
        matches!(self, RemovalState::Removed | RemovalState::Confirmed)
    }
}

impl Removal {
    pub fn state(&self) -> anyhow::Result<RemovalState> {
        RemovalState::from_code(&self.state)
            .ok_or_else(|| anyhow::anyhow!("stored state of a removal {:?}", self.state))
    }

    /// The channel, with where it is.
    pub fn place_in_words(&self) -> String {
        let channel = PostingChannel::from_code(&self.channel).map_or("", PostingChannel::label);
        let place = if self.place.is_empty() { &self.link } else { &self.place };
        format!("{channel}　{place}").trim().to_owned()
    }
}

/// Whether what was shown there still stands on a day, and can be taken back: what was broadcast or said is over, and a
/// published issue of the gazette never changes.
pub fn still_stands(channel: &str, until_on: Option<&str>, today: Date) -> bool {
    use PostingChannel as C;
    let Some(channel) = PostingChannel::from_code(channel) else { return false };
    let is_over = until_on.and_then(|on| on.parse::<Date>().ok()).is_some_and(|until| until < today);
    match channel {
        C::Site | C::Wechat | C::Weibo | C::ShortVideo | C::VillageApp => true,
        C::NoticeBoard | C::Screen => !is_over,
        C::Gazette | C::Broadcast | C::Meeting | C::Household | C::Press => false,
    }
}
