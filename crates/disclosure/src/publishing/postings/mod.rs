//! 渠道发布 — where something published was shown besides the portal: on a notice board, in a broadcast, at a meeting.
//! 《条例》第二十三条、第二十五条. Each posting has a day, a person responsible, and a link or a photograph.

pub mod actions;
mod refusal;
mod store;
#[cfg(test)]
mod tests;

use gongkai_statute::closed_list;

pub use refusal::PostingRefusal;
pub use store::{PostedItem, Posting, counts, items_between, list, of_entry, photo_for, posting};

use crate::reporting::ActivityForm;

closed_list! {
    /// 公开渠道和载体.
    pub enum PostingChannel {
        /// 政府网站 — another site than this portal.
        Site = "site", "其他政府网站";
        /// 政府公报.
        Gazette = "gazette", "政府公报";
        /// 微信.
        Wechat = "wechat", "微信";
        /// 微博.
        Weibo = "weibo", "微博";
        /// 短视频.
        ShortVideo = "short_video", "短视频";
        /// 村务公开小程序.
        VillageApp = "village_app", "村务公开小程序";
        /// 公告栏.
        NoticeBoard = "notice_board", "公告栏";
        /// 电子屏.
        Screen = "screen", "电子屏";
        /// 广播.
        Broadcast = "broadcast", "广播";
        /// 会议.
        Meeting = "meeting", "会议";
        /// 入户.
        Household = "household", "入户告知";
        /// 报刊、电视.
        Press = "press", "报刊、电视";
    }
}

impl PostingChannel {
    /// Whether it is found under an address.
    pub const fn is_online(self) -> bool {
        use PostingChannel as C;
        matches!(self, C::Site | C::Gazette | C::Wechat | C::Weibo | C::ShortVideo | C::VillageApp)
    }

    /// What section one of the annual report counts it as. The own portal and other sites are not counted there again.
    pub const fn form(self) -> Option<ActivityForm> {
        use PostingChannel as C;
        match self {
            C::Site => None,
            C::Gazette => Some(ActivityForm::Gazette),
            C::Wechat | C::Weibo | C::ShortVideo | C::VillageApp => Some(ActivityForm::NewMedia),
            C::NoticeBoard | C::Screen => Some(ActivityForm::NoticeBoard),
            C::Broadcast | C::Press => Some(ActivityForm::Broadcast),
            C::Meeting | C::Household => Some(ActivityForm::OtherChannel),
        }
    }
}

/// What is typed about a posting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPosting {
    /// Whose posting it is.
    pub agency_id: String,
    /// The entry it is a copy of; empty for what is no entry, then it has a title of its own.
    pub entry_id: String,
    pub title: String,
    /// Code of [`PostingChannel`].
    pub channel: String,
    pub posted_on: String,
    /// The last day it hangs there; empty when it stays.
    pub until_on: String,
    pub place: String,
    /// 责任人; empty: who records it.
    pub owner: String,
    pub link: String,
    pub note: String,
}
