//! How a request arrives.

use crate::citation::Citation;
use crate::cite;
use crate::lists::closed_list;

closed_list! {
    /// 申请渠道 — the channel decides which day is the day of receipt. 《条例》第三十一条.
    pub enum Channel {
        /// 当面提交 — handed in. 《条例》第三十一条第一项.
        InPerson = "in_person", "当面提交";
        /// 需签收的邮寄 — post that is signed for. 《条例》第三十一条第二项.
        RegisteredPost = "registered_post", "邮寄（需签收）";
        /// 平常信函 — ordinary letters that nobody signs for. 《条例》第三十一条第二项.
        OrdinaryPost = "ordinary_post", "平常信函（无需签收）";
        /// 互联网渠道 — web form or e-mail. 《条例》第三十一条第三项.
        Online = "online", "互联网渠道";
        /// 传真 — fax of the disclosure office. 《条例》第三十一条第三项.
        Fax = "fax", "传真";
        /// 口头申请 — spoken; the office fills in the form. 《条例》第二十九条第一款.
        Oral = "oral", "口头提出（工作机构代为填写）";
    }
}

impl Channel {
    /// The provision that fixes the day of receipt.
    pub const fn citation(self) -> Citation {
        match self {
            Channel::InPerson => cite!(Ogi, 31, (1)),
            Channel::RegisteredPost | Channel::OrdinaryPost => cite!(Ogi, 31, (2)),
            Channel::Online | Channel::Fax => cite!(Ogi, 31, (3)),
            Channel::Oral => cite!(Ogi, 29, 1),
        }
    }
}
