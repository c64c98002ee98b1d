//! 收到申请之日 — the day a request counts as received, by channel. 《条例》第三十一条.

use jiff::civil::Date;

use crate::channels::Channel;
use crate::citation::Citation;

/// 收到的证据 — the dates a channel leaves behind. Which of them counts depends on the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evidence {
    /// 提交、寄到或者发出之日.
    pub submitted_on: Option<Date>,
    /// 行政机关签收之日.
    pub signed_on: Option<Date>,
    /// 与申请人双方确认之日.
    pub confirmed_on: Option<Date>,
}

/// 收到与否 — received on a day, or not yet and what is still needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// 已收到.
    Received { on: Date, why: String, citation: Citation },
    /// 尚未视为收到: `field` is the evidence that is missing.
    NotYet { field: &'static str, needs: String, citation: Citation },
}

/// 收到申请之日 — decides receipt from what the channel left behind.
///
/// ```
/// use gongkai_statute::{channels::Channel, receipt::{Evidence, Receipt, received}};
/// use jiff::civil::date;
/// let sent = Evidence { submitted_on: Some(date(2024, 3, 1)), ..Evidence::default() };
/// assert!(matches!(received(Channel::Online, &sent), Receipt::NotYet { field: "confirmed_on", .. }));
/// let confirmed = Evidence { confirmed_on: Some(date(2024, 3, 4)), ..sent };
/// assert!(matches!(received(Channel::Online, &confirmed), Receipt::Received { on, .. } if on == date(2024, 3, 4)));
/// ```
pub fn received(channel: Channel, evidence: &Evidence) -> Receipt {
    let field = deciding_field(channel);
    let day = match field {
        "signed_on" => evidence.signed_on,
        "confirmed_on" => evidence.confirmed_on,
        _ => evidence.submitted_on,
    };
    let (why, needs) = match channel {
        Channel::InPerson => ("当面提交，提交之日为收到申请之日", "当面提交的日期"),
        Channel::Oral => ("口头提出并由工作机构代为填写，当日为收到申请之日", "口头提出的日期"),
        Channel::RegisteredPost => ("以需签收的方式邮寄，签收之日为收到申请之日", "行政机关签收的日期"),
        Channel::OrdinaryPost => {
            ("平常信函，与申请人确认之日为收到申请之日", "与申请人确认的日期；应当在信函寄到的当日确认")
        }
        Channel::Online => {
            ("通过互联网渠道提交，双方确认之日为收到申请之日", "双方确认的日期；请与申请人确认后登记")
        }
        Channel::Fax => ("以传真提交，双方确认之日为收到申请之日", "双方确认的日期；请与申请人确认后登记"),
    };
    let citation = channel.citation();
    match day {
        Some(on) => Receipt::Received { on, why: why.into(), citation },
        None => Receipt::NotYet { field, needs: format!("尚未视为收到，还需要{needs}"), citation },
    }
}

/// The field of [`Evidence`] that decides receipt for a channel.
pub const fn deciding_field(channel: Channel) -> &'static str {
    match channel {
        Channel::InPerson | Channel::Oral => "submitted_on",
        Channel::RegisteredPost => "signed_on",
        Channel::OrdinaryPost | Channel::Online | Channel::Fax => "confirmed_on",
    }
}
