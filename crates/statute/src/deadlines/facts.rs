//! What happened to a request, as the contract's JSON writes it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::channels::Channel;
use crate::citation::Citation;
use crate::cite;
use crate::lists::closed_list;
use crate::parameters::Parameter;
use crate::receipt::Evidence;

/// 期限所依据的事实 — the facts of one request. Missing keys mean null; unknown keys are refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "serde_json::Value")]
pub struct Facts {
    /// 申请渠道.
    pub channel: Channel,
    /// 提交、寄到或者发出之日.
    pub submitted_on: Option<Date>,
    /// 签收之日.
    pub signed_on: Option<Date>,
    /// 双方确认之日.
    pub confirmed_on: Option<Date>,
    /// 补正.
    pub supplement: Option<Supplement>,
    /// 延长答复期限.
    pub extension: Option<Extension>,
    /// 征求意见.
    pub consultations: Vec<Consultation>,
    /// 信息处理费.
    pub fee: Option<FeeFacts>,
    /// 延迟答复.
    pub delay: Option<Delay>,
    /// 责令重新答复 — the clock of a request that is decided afresh.
    pub order: Option<Order>,
    /// 自行规定放假的地区 — an administrative division code such as 640000.
    pub region: Option<String>,
}

impl Facts {
    /// A request by `channel` of which nothing else is known yet.
    pub fn new(channel: Channel) -> Self {
        Facts {
            channel,
            submitted_on: None,
            signed_on: None,
            confirmed_on: None,
            supplement: None,
            extension: None,
            consultations: Vec::new(),
            fee: None,
            delay: None,
            order: None,
            region: None,
        }
    }

    /// The calendar to count with: the national one, or that of the facts' region.
    pub fn calendar(&self) -> Calendar {
        match self.region.as_deref().and_then(|code| code.parse().ok()) {
            Some(region) => Calendar::for_region(region),
            None => Calendar::national().clone(),
        }
    }

    /// The dates that decide receipt.
    pub fn evidence(&self) -> Evidence {
        Evidence {
            submitted_on: self.submitted_on,
            signed_on: self.signed_on,
            confirmed_on: self.confirmed_on,
        }
    }
}

/// 补正 — a supplement notice and what came of it. 《条例》第三十条.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Supplement {
    /// 补正告知之日.
    pub noticed_on: Date,
    /// 收到补正的申请之日; null while the office waits.
    pub supplemented_on: Option<Date>,
}

/// 延长答复期限 — an extension. 《条例》第三十三条第二款.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Extension {
    /// 工作机构负责人同意之日.
    pub approved_on: Date,
    /// 告知申请人之日.
    pub noticed_on: Date,
    pub working_days: u32,
}

/// 征求意见 — a consultation whose time is not counted. 《条例》第三十三条第三款.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consultation {
    pub with: ConsultedParty,
    /// 征求意见书发出之日.
    pub sent_on: Date,
    /// 答复之日; null when unanswered.
    pub answered_on: Option<Date>,
}

/// 缴费 — a fee notice and its payment. 《信息处理费管理办法》第六条.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeeFacts {
    /// 申请人收到收费通知之日.
    pub noticed_on: Date,
    /// 缴清之日; null while unpaid.
    pub paid_on: Option<Date>,
}

/// 延迟答复 — the reasons of an applicant with very many requests are sound, and the office set a day. 《条例》第三十五条.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delay {
    /// 告知申请人之日.
    pub noticed_on: Date,
    /// 延迟至哪一日答复.
    pub until: Date,
}

/// 责令重新答复 — a decision on reconsideration or a judgment that has the request decided afresh. 《行政复议法》第六十四条、
/// 《行政诉讼法》第七十条.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    pub by: OrderedBy,
    /// 收到决定书、判决书之日.
    pub received_on: Date,
    /// 决定书、判决书规定的期限; null when it names none.
    pub until: Option<Date>,
}

closed_list! {
    /// 责令重新答复的文书 — what orders a fresh reply.
    pub enum OrderedBy {
        /// 行政复议决定. 《行政复议法》第六十四条第一款.
        Reconsideration = "reconsideration", "行政复议决定";
        /// 行政判决. 《行政诉讼法》第七十条.
        Litigation = "litigation", "行政判决";
    }
}

impl OrderedBy {
    /// What lets it order a fresh reply.
    pub const fn citation(self) -> Citation {
        match self {
            OrderedBy::Reconsideration => cite!(ReconsiderationLaw, 64, 1),
            OrderedBy::Litigation => cite!(LitigationLaw, 70),
        }
    }

    /// What binds the agency to it.
    pub const fn binding(self) -> Citation {
        match self {
            OrderedBy::Reconsideration => cite!(ReconsiderationLaw, 77, 1),
            OrderedBy::Litigation => cite!(LitigationLaw, 94),
        }
    }

    /// What forbids the same reply for the same facts and reasons.
    pub const fn no_same_reply(self) -> Citation {
        match self {
            OrderedBy::Reconsideration => cite!(ReconsiderationLaw, 64, 2),
            OrderedBy::Litigation => cite!(LitigationLaw, 71),
        }
    }
}

closed_list! {
    /// 被征求意见的一方 — who was consulted.
    pub enum ConsultedParty {
        /// 第三方. 《条例》第三十二条.
        ThirdParty = "third_party", "第三方";
        /// 其他机关. 《条例》第三十四条.
        Agency = "agency", "其他机关";
    }
}

impl ConsultedParty {
    /// The number of working days this party has.
    pub const fn parameter(self) -> Parameter {
        match self {
            ConsultedParty::ThirdParty => Parameter::ThirdPartyWorkingDays,
            ConsultedParty::Agency => Parameter::AgencyConsultationWorkingDays,
        }
    }

    pub const fn citation(self) -> Citation {
        match self {
            ConsultedParty::ThirdParty => cite!(Ogi, 32),
            ConsultedParty::Agency => cite!(Ogi, 34),
        }
    }
}
