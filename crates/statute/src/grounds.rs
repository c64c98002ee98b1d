//! Grounds for withholding: articles 14, 15 and 16.

use crate::citation::Citation;
use crate::cite;
use crate::lists::closed_list;

closed_list! {
    /// 不予公开的理由 — the grounds of 《条例》第十四条至第十六条. Only these may withhold government
    /// information, and only they make reconsideration the first step (see [`crate::remedies`]).
    pub enum Ground {
        /// 国家秘密 — state secret. 《条例》第十四条.
        StateSecret = "state_secret", "国家秘密";
        /// 法律、行政法规禁止公开 — another law forbids it. 《条例》第十四条.
        OtherLaw = "other_law", "法律、行政法规禁止公开";
        /// 三安全一稳定 — national, public, economic security, social stability. 《条例》第十四条.
        SecurityOrStability = "security_or_stability", "可能危及国家安全、公共安全、经济安全、社会稳定";
        /// 商业秘密 — trade secret of a third party. 《条例》第十五条.
        TradeSecret = "trade_secret", "商业秘密";
        /// 个人隐私 — personal privacy of a third party. 《条例》第十五条.
        PersonalPrivacy = "personal_privacy", "个人隐私";
        /// 第三方其他合法权益 — another lawful interest of a third party. 《条例》第十五条.
        OtherThirdPartyInterest = "other_third_party_interest", "第三方其他合法权益";
        /// 内部事务信息 — personnel, logistics, internal workflow. 《条例》第十六条第一款.
        InternalAffairs = "internal_affairs", "内部事务信息";
        /// 过程性信息 — discussion records, drafts, consultation letters, requests for instructions. 《条例》第十六条第二款.
        ProcessInformation = "process_information", "过程性信息";
        /// 行政执法案卷 — enforcement case file. 《条例》第十六条第二款.
        EnforcementFile = "enforcement_file", "行政执法案卷信息";
    }
}

impl Ground {
    pub const fn citation(self) -> Citation {
        match self {
            Ground::StateSecret | Ground::OtherLaw | Ground::SecurityOrStability => cite!(Ogi, 14),
            Ground::TradeSecret | Ground::PersonalPrivacy | Ground::OtherThirdPartyInterest => cite!(Ogi, 15),
            Ground::InternalAffairs => cite!(Ogi, 16, 1),
            Ground::ProcessInformation | Ground::EnforcementFile => cite!(Ogi, 16, 2),
        }
    }

    /// Whether the agency must withhold (不予公开, 不得公开) or may (可以不予公开).
    pub const fn is_mandatory(self) -> bool {
        !matches!(self, Ground::InternalAffairs | Ground::ProcessInformation | Ground::EnforcementFile)
    }

    /// Whether the third party is to be asked first. 《条例》第三十二条.
    pub const fn needs_third_party_consultation(self) -> bool {
        matches!(self, Ground::TradeSecret | Ground::PersonalPrivacy | Ground::OtherThirdPartyInterest)
    }
}
