//! Outcomes and decisions: the rows of the official form, and the answers an officer chooses from.
//!
//! An [`Outcome`] is a row of the annual report. A [`Decision`] is finer: 已主动公开 and 可以公开 are two
//! answers of article 36 that count in one row. One request has one decision.
//!
//! ```
//! use gongkai_statute::decisions::{Decision, Outcome};
//! let decision = Decision::from_code("not_held").unwrap();
//! assert_eq!(decision.outcome(), Outcome::NotHeld);
//! assert_eq!(decision.outcome().code(), "unable_to_provide.not_held");
//! assert_eq!(decision.citation().to_string(), "《中华人民共和国政府信息公开条例》第三十六条第四项");
//! ```

use crate::citation::Citation;
use crate::cite;
use crate::grounds::Ground;
use crate::lists::closed_list;

closed_list! {
    /// 办理结果的大类 — the six heads under 三、本年度办理结果.
    pub enum Head {
        /// 予以公开.
        Disclosed = "disclosed", "予以公开";
        /// 部分公开.
        PartlyDisclosed = "partly_disclosed", "部分公开";
        /// 不予公开.
        NotDisclosed = "not_disclosed", "不予公开";
        /// 无法提供.
        UnableToProvide = "unable_to_provide", "无法提供";
        /// 不予处理.
        NotProcessed = "not_processed", "不予处理";
        /// 其他处理.
        OtherHandling = "other_handling", "其他处理";
    }
}

impl Head {
    /// The row of the form: （三）不予公开.
    pub const fn official(self) -> &'static str {
        match self {
            Head::Disclosed => "（一）予以公开",
            Head::PartlyDisclosed => "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
            Head::NotDisclosed => "（三）不予公开",
            Head::UnableToProvide => "（四）无法提供",
            Head::NotProcessed => "（五）不予处理",
            Head::OtherHandling => "（六）其他处理",
        }
    }
}

closed_list! {
    /// 办理结果 — the closed list of the form of 2021, in its order. 国办公开办函〔2021〕30号 附表三.
    /// `label()` is the wording without number; `official()` is the row as printed.
    pub enum Outcome {
        /// 予以公开.
        Disclosed = "disclosed", "予以公开";
        /// 部分公开.
        PartlyDisclosed = "partly_disclosed", "部分公开";
        /// 属于国家秘密.
        StateSecret = "not_disclosed.state_secret", "属于国家秘密";
        /// 其他法律行政法规禁止公开.
        OtherLaw = "not_disclosed.other_law", "其他法律行政法规禁止公开";
        /// 危及“三安全一稳定”.
        SecurityOrStability = "not_disclosed.security_or_stability", "危及“三安全一稳定”";
        /// 保护第三方合法权益.
        ThirdPartyRights = "not_disclosed.third_party_rights", "保护第三方合法权益";
        /// 属于三类内部事务信息.
        InternalAffairs = "not_disclosed.internal_affairs", "属于三类内部事务信息";
        /// 属于四类过程性信息.
        ProcessInformation = "not_disclosed.process_information", "属于四类过程性信息";
        /// 属于行政执法案卷.
        EnforcementFile = "not_disclosed.enforcement_file", "属于行政执法案卷";
        /// 属于行政查询事项.
        OwnInquiryProcedure = "not_disclosed.own_inquiry_procedure", "属于行政查询事项";
        /// 本机关不掌握相关政府信息.
        NotHeld = "unable_to_provide.not_held", "本机关不掌握相关政府信息";
        /// 没有现成信息需要另行制作.
        NeedsCreation = "unable_to_provide.needs_creation", "没有现成信息需要另行制作";
        /// 补正后申请内容仍不明确.
        StillUnclear = "unable_to_provide.still_unclear", "补正后申请内容仍不明确";
        /// 信访举报投诉类申请.
        PetitionOrComplaint = "not_processed.petition_or_complaint", "信访举报投诉类申请";
        /// 重复申请.
        Repeated = "not_processed.repeated", "重复申请";
        /// 要求提供公开出版物.
        PublicPublication = "not_processed.public_publication", "要求提供公开出版物";
        /// 无正当理由大量反复申请.
        Excessive = "not_processed.excessive", "无正当理由大量反复申请";
        /// 要求行政机关确认或重新出具已获取信息.
        ConfirmOrReissue = "not_processed.confirm_or_reissue", "要求行政机关确认或重新出具已获取信息";
        /// 逾期不补正.
        NotSupplementedInTime = "other_handling.not_supplemented_in_time",
            "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请";
        /// 逾期未缴费.
        FeeNotPaidInTime = "other_handling.fee_not_paid_in_time",
            "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请";
        /// 其他.
        Other = "other_handling.other", "其他";
    }
}

impl Outcome {
    pub const fn head(self) -> Head {
        use Outcome::*;
        match self {
            Disclosed => Head::Disclosed,
            PartlyDisclosed => Head::PartlyDisclosed,
            StateSecret | OtherLaw | SecurityOrStability | ThirdPartyRights | InternalAffairs
            | ProcessInformation | EnforcementFile | OwnInquiryProcedure => Head::NotDisclosed,
            NotHeld | NeedsCreation | StillUnclear => Head::UnableToProvide,
            PetitionOrComplaint | Repeated | PublicPublication | Excessive | ConfirmOrReissue => {
                Head::NotProcessed
            }
            NotSupplementedInTime | FeeNotPaidInTime | Other => Head::OtherHandling,
        }
    }

    /// The row exactly as the form of 2021 prints it: 1.属于国家秘密. Heads without rows print themselves.
    pub fn official(self) -> String {
        match self.head() {
            head @ (Head::Disclosed | Head::PartlyDisclosed) => head.official().to_owned(),
            head => {
                let before = Self::ALL.iter().filter(|row| row.head() == head && **row < self).count();
                format!("{}.{}", before + 1, self.label())
            }
        }
    }

    /// The row key of the form of 2019, where （六）其他处理 is a single row.
    pub const fn code_2019(self) -> &'static str {
        match self.head() {
            Head::OtherHandling => Head::OtherHandling.code(),
            _ => self.code(),
        }
    }

    /// The row as the form of 2019 prints it.
    pub fn official_2019(self) -> String {
        match self.head() {
            head @ Head::OtherHandling => head.official().to_owned(),
            _ => self.official(),
        }
    }

    /// The table of the form of 2021 that lists this outcome.
    pub const fn citation(self) -> Citation {
        cite!(ReportForm2021, annex 3)
    }
}

closed_list! {
    /// 处理决定 — the answers an officer chooses from, in the order of the form.
    pub enum Decision {
        /// 已主动公开. 《条例》第三十六条第一项.
        AlreadyPublic = "already_public", "信息已经主动公开，告知获取的方式、途径";
        /// 予以公开. 《条例》第三十六条第二项.
        Provided = "provided", "信息可以公开，予以提供";
        /// 部分公开，其余依第十四至十六条不予公开. 《条例》第三十七条.
        PartlyWithheld = "partly_withheld", "部分公开，其余内容依法不予公开";
        /// 部分公开，其余不属于政府信息或者无法提供. 《条例》第三十七条.
        PartlyUnavailable = "partly_unavailable", "部分公开，其余内容不属于政府信息或者无法提供";
        /// 国家秘密. 《条例》第十四条.
        StateSecret = "state_secret", "属于国家秘密，不予公开";
        /// 法律、行政法规禁止公开. 《条例》第十四条.
        OtherLaw = "other_law", "法律、行政法规禁止公开，不予公开";
        /// 三安全一稳定. 《条例》第十四条.
        SecurityOrStability = "security_or_stability", "公开后可能危及国家安全、公共安全、经济安全、社会稳定，不予公开";
        /// 商业秘密. 《条例》第十五条.
        TradeSecret = "trade_secret", "涉及第三方商业秘密，不予公开";
        /// 个人隐私. 《条例》第十五条.
        PersonalPrivacy = "personal_privacy", "涉及第三方个人隐私，不予公开";
        /// 第三方其他合法权益. 《条例》第十五条.
        OtherThirdPartyInterest = "other_third_party_interest", "公开会损害第三方其他合法权益，不予公开";
        /// 内部事务信息. 《条例》第十六条第一款.
        InternalAffairs = "internal_affairs", "属于内部事务信息，不予公开";
        /// 过程性信息. 《条例》第十六条第二款.
        ProcessInformation = "process_information", "属于过程性信息，不予公开";
        /// 行政执法案卷. 《条例》第十六条第二款.
        EnforcementFile = "enforcement_file", "属于行政执法案卷信息，不予公开";
        /// 行政查询事项. 《条例》第三十六条第七项.
        OwnInquiryProcedure = "own_inquiry_procedure", "另有查询规定，告知依照有关规定办理";
        /// 信息不存在. 《条例》第三十六条第四项.
        NotHeld = "not_held", "经检索没有所申请公开的信息";
        /// 不属于本机关负责公开. 《条例》第三十六条第五项.
        NotResponsible = "not_responsible", "不属于本机关负责公开";
        /// 需要加工、分析. 《条例》第三十八条.
        NeedsCreation = "needs_creation", "没有现成信息，需要加工、分析，不予提供";
        /// 补正后仍不明确. 《条例》第三十条.
        StillUnclear = "still_unclear", "补正后申请内容仍不明确，无法提供";
        /// 信访、投诉、举报. 《条例》第三十九条第一款.
        PetitionOrComplaint = "petition_or_complaint", "属于信访、投诉、举报等活动，不作为政府信息公开申请处理";
        /// 重复申请. 《条例》第三十六条第六项.
        Repeated = "repeated", "重复申请，不予重复处理";
        /// 公开出版物. 《条例》第三十九条第二款.
        PublicPublication = "public_publication", "要求提供公开出版物，告知获取的途径";
        /// 大量反复申请. 《条例》第三十五条.
        Excessive = "excessive", "申请数量、频次明显超过合理范围且理由不合理，不予处理";
        /// 要求确认或重新出具. 国办公开办函〔2021〕30号 附表三.
        ConfirmOrReissue = "confirm_or_reissue", "要求确认或者重新出具已经获取的信息，不予处理";
        /// 逾期不补正. 《条例》第三十条.
        NotSupplementedInTime = "not_supplemented_in_time", "无正当理由逾期不补正，视为放弃申请，不再处理";
        /// 逾期未缴费. 《信息处理费管理办法》第六条.
        FeeNotPaidInTime = "fee_not_paid_in_time", "逾期未缴纳信息处理费，视为放弃申请，不再处理";
        /// 申请人撤回.
        Withdrawn = "withdrawn", "申请人撤回申请，终止办理";
        /// 其他.
        Other = "other", "其他处理";
    }
}

impl Decision {
    /// The row of the annual report in which the request counts.
    pub const fn outcome(self) -> Outcome {
        use Decision as D;
        match self {
            D::AlreadyPublic | D::Provided => Outcome::Disclosed,
            D::PartlyWithheld | D::PartlyUnavailable => Outcome::PartlyDisclosed,
            D::StateSecret => Outcome::StateSecret,
            D::OtherLaw => Outcome::OtherLaw,
            D::SecurityOrStability => Outcome::SecurityOrStability,
            D::TradeSecret | D::PersonalPrivacy | D::OtherThirdPartyInterest => Outcome::ThirdPartyRights,
            D::InternalAffairs => Outcome::InternalAffairs,
            D::ProcessInformation => Outcome::ProcessInformation,
            D::EnforcementFile => Outcome::EnforcementFile,
            D::OwnInquiryProcedure => Outcome::OwnInquiryProcedure,
            D::NotHeld | D::NotResponsible => Outcome::NotHeld,
            D::NeedsCreation => Outcome::NeedsCreation,
            D::StillUnclear => Outcome::StillUnclear,
            D::PetitionOrComplaint => Outcome::PetitionOrComplaint,
            D::Repeated => Outcome::Repeated,
            D::PublicPublication => Outcome::PublicPublication,
            D::Excessive => Outcome::Excessive,
            D::ConfirmOrReissue => Outcome::ConfirmOrReissue,
            D::NotSupplementedInTime => Outcome::NotSupplementedInTime,
            D::FeeNotPaidInTime => Outcome::FeeNotPaidInTime,
            D::Withdrawn | D::Other => Outcome::Other,
        }
    }

    /// The ground of articles 14–16 that the whole answer rests on. For [`Decision::PartlyWithheld`] the
    /// officer names it separately.
    pub const fn ground(self) -> Option<Ground> {
        Some(match self {
            Decision::StateSecret => Ground::StateSecret,
            Decision::OtherLaw => Ground::OtherLaw,
            Decision::SecurityOrStability => Ground::SecurityOrStability,
            Decision::TradeSecret => Ground::TradeSecret,
            Decision::PersonalPrivacy => Ground::PersonalPrivacy,
            Decision::OtherThirdPartyInterest => Ground::OtherThirdPartyInterest,
            Decision::InternalAffairs => Ground::InternalAffairs,
            Decision::ProcessInformation => Ground::ProcessInformation,
            Decision::EnforcementFile => Ground::EnforcementFile,
            _ => return None,
        })
    }

    /// The provision the answer rests on. 撤回, 其他 and 要求确认或重新出具 have no article; they are known to
    /// the official form only.
    pub const fn citation(self) -> Citation {
        if let Some(ground) = self.ground() {
            return ground.citation();
        }
        match self {
            Decision::AlreadyPublic => cite!(Ogi, 36, (1)),
            Decision::Provided => cite!(Ogi, 36, (2)),
            Decision::PartlyWithheld | Decision::PartlyUnavailable => cite!(Ogi, 37),
            Decision::OwnInquiryProcedure => cite!(Ogi, 36, (7)),
            Decision::NotHeld => cite!(Ogi, 36, (4)),
            Decision::NotResponsible => cite!(Ogi, 36, (5)),
            Decision::NeedsCreation => cite!(Ogi, 38),
            Decision::StillUnclear | Decision::NotSupplementedInTime => cite!(Ogi, 30),
            Decision::PetitionOrComplaint => cite!(Ogi, 39, 1),
            Decision::Repeated => cite!(Ogi, 36, (6)),
            Decision::PublicPublication => cite!(Ogi, 39, 2),
            Decision::Excessive => cite!(Ogi, 35),
            Decision::FeeNotPaidInTime => cite!(FeeMeasure, 6),
            _ => cite!(ReportForm2021, annex 3),
        }
    }

    /// What the letter must say beside [`Part::COMMON`].
    pub const fn required_parts(self) -> &'static [Part] {
        use Part::*;
        match self {
            Decision::AlreadyPublic => &[AccessPath],
            Decision::Provided => &[InformationOrAccess, FormOfProvision],
            Decision::PartlyWithheld => &[InformationGiven, WithheldContent, Reasons],
            Decision::PartlyUnavailable => &[InformationGiven, WithheldContent, Reasons],
            Decision::StateSecret => &[Reasons, ClassificationBasis],
            Decision::OtherLaw => &[Reasons, ProhibitingProvision],
            Decision::SecurityOrStability => &[Reasons],
            Decision::TradeSecret | Decision::PersonalPrivacy | Decision::OtherThirdPartyInterest => {
                &[Reasons, ThirdPartyOpinion]
            }
            Decision::InternalAffairs | Decision::ProcessInformation | Decision::EnforcementFile => {
                &[Reasons, ClassOfInformation]
            }
            Decision::OwnInquiryProcedure => &[SpecialRule, AccessPath],
            Decision::NotHeld => &[SearchMade],
            Decision::NotResponsible => &[Reasons, ResponsibleAgency],
            Decision::NeedsCreation => &[NoReadyInformation],
            Decision::StillUnclear => &[UnclearPoints],
            Decision::PetitionOrComplaint => &[ProperChannel],
            Decision::Repeated => &[EarlierReply],
            Decision::PublicPublication => &[AccessPath],
            Decision::Excessive => &[StatementOfReasonsNotice, Reasons],
            Decision::ConfirmOrReissue => &[EarlierReply],
            Decision::NotSupplementedInTime => &[SupplementNotice],
            Decision::FeeNotPaidInTime => &[FeeNotice],
            Decision::Withdrawn | Decision::Other => &[Reasons],
        }
    }
}

closed_list! {
    /// 答复书的组成部分 — what a letter of reply is made of.
    pub enum Part {
        /// 申请人.
        Addressee = "addressee", "申请人的姓名或者名称";
        /// 收到日期和申请内容.
        RequestReceived = "request_received", "收到申请的日期和申请内容";
        /// 办理结果和依据.
        ResultAndBasis = "result_and_basis", "办理结果和所依据的条文";
        /// 救济途径.
        RemedyNotice = "remedy_notice", "不服时的救济途径和期限";
        /// 机关名称、日期、印章.
        SignatureBlock = "signature_block", "机关名称、日期和印章";
        /// 获取的方式、途径.
        AccessPath = "access_path", "获取信息的方式、途径（网址、公报期号、查阅地点等）";
        /// 信息本身，或者获取的方式、途径和时间.
        InformationOrAccess = "information_or_access", "所提供的信息，或者获取的方式、途径和时间";
        /// 提供形式.
        FormOfProvision = "form_of_provision", "提供的形式；与申请人要求不一致的，说明原因";
        /// 已公开的内容.
        InformationGiven = "information_given", "可以公开的内容";
        /// 未公开的内容.
        WithheldContent = "withheld_content", "未予公开的是哪些内容（不写出内容本身）";
        /// 理由.
        Reasons = "reasons", "理由";
        /// 定密依据.
        ClassificationBasis = "classification_basis", "定密的依据（不涉及秘密内容）";
        /// 禁止公开的规定.
        ProhibitingProvision = "prohibiting_provision", "禁止公开的具体法律、行政法规条文";
        /// 第三方意见.
        ThirdPartyOpinion = "third_party_opinion", "已征求第三方意见及其合理理由，或者本机关的认定";
        /// 属于哪一类.
        ClassOfInformation = "class_of_information", "属于哪一类信息，并已核对没有应当公开的规定";
        /// 特别规定.
        SpecialRule = "special_rule", "有关法律、行政法规的特别规定";
        /// 检索情况.
        SearchMade = "search_made", "检索的范围和方法，以及信息不存在的结论";
        /// 负责公开的机关.
        ResponsibleAgency = "responsible_agency", "能够确定的，负责公开的机关名称和联系方式";
        /// 没有现成信息.
        NoReadyInformation = "no_ready_information", "没有现成信息、需要加工或者分析的说明";
        /// 仍不明确之处.
        UnclearPoints = "unclear_points", "补正后仍不明确的地方";
        /// 相应渠道.
        ProperChannel = "proper_channel", "可以通过的相应渠道";
        /// 此前答复.
        EarlierReply = "earlier_reply", "此前答复的文号和日期";
        /// 说明理由通知.
        StatementOfReasonsNotice = "statement_of_reasons_notice", "要求说明理由的通知和申请人的说明";
        /// 补正告知书.
        SupplementNotice = "supplement_notice", "补正告知书的文号、送达日期和补正期限";
        /// 收费通知书.
        FeeNotice = "fee_notice", "收费通知书的文号和缴费期限";
    }
}

impl Part {
    /// What every reply contains.
    pub const COMMON: &'static [Part] = &[
        Part::Addressee,
        Part::RequestReceived,
        Part::ResultAndBasis,
        Part::RemedyNotice,
        Part::SignatureBlock,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::resolve;

    #[test]
    fn rows_are_those_of_the_form() {
        assert_eq!(Outcome::ALL.len(), 21);
        assert_eq!(
            Outcome::PartlyDisclosed.official(),
            "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"
        );
        assert_eq!(Outcome::StateSecret.official(), "1.属于国家秘密");
        assert_eq!(Outcome::OwnInquiryProcedure.official(), "8.属于行政查询事项");
        assert_eq!(Outcome::StillUnclear.official(), "3.补正后申请内容仍不明确");
        assert_eq!(Outcome::ConfirmOrReissue.official(), "5.要求行政机关确认或重新出具已获取信息");
        assert_eq!(Outcome::Other.official(), "3.其他");
        assert_eq!(Outcome::Other.code_2019(), "other_handling");
        assert_eq!(Outcome::Other.official_2019(), "（六）其他处理");
    }

    #[test]
    fn a_code_starts_with_its_head() {
        for outcome in Outcome::ALL {
            assert!(outcome.code().starts_with(outcome.head().code()), "{outcome:?}");
            assert_eq!(Outcome::from_code(outcome.code()), Some(*outcome));
        }
        assert_eq!(Outcome::from_code("other_handling"), None);
    }

    #[test]
    fn every_outcome_can_be_decided_and_every_citation_resolves() {
        for outcome in Outcome::ALL {
            assert!(Decision::ALL.iter().any(|decision| decision.outcome() == *outcome), "{outcome:?}");
            assert!(resolve(&outcome.citation()).is_some());
        }
        for decision in Decision::ALL {
            assert!(resolve(&decision.citation()).is_some(), "{decision:?}");
            assert!(!decision.required_parts().is_empty());
        }
        for ground in Ground::ALL {
            assert!(resolve(&ground.citation()).is_some(), "{ground:?}");
        }
        for channel in crate::channels::Channel::ALL {
            assert!(resolve(&channel.citation()).is_some(), "{channel:?}");
        }
    }

    /// A whole refusal under articles 14–16 is exactly the first seven rows of （三）不予公开.
    #[test]
    fn grounds_and_rows_agree() {
        for decision in Decision::ALL {
            let refused = decision.outcome().head() == Head::NotDisclosed
                && decision.outcome() != Outcome::OwnInquiryProcedure;
            assert_eq!(decision.ground().is_some(), refused, "{decision:?}");
        }
    }
}
