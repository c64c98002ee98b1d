//! The closed lists of the form: rows and columns in the order of the form, with code and official wording.

use super::form::OfficialForm;

/// A closed list of the form: stable codes for storage, official wording for people.
macro_rules! closed_list {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal, $official:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The stable code that is stored and printed in JSON.
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $code),+ }
            }

            /// The wording of the official form.
            pub fn official(self) -> &'static str {
                match self { $($name::$variant => $official),+ }
            }

            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some($name::$variant),)+ _ => None }
            }
        }
    };
}

closed_list! {
    /// The three tables of the report.
    TableName {
        Proactive = "proactive", "主动公开政府信息情况";
        Requests = "requests", "收到和处理政府信息公开申请情况";
        Remedies = "remedies", "政府信息公开行政复议、行政诉讼情况";
    }
}

closed_list! {
    /// Rows of part 二, both forms.
    ProactiveRow {
        Rules = "rules", "规章";
        NormativeDocuments = "normative_documents", "行政规范性文件";
        Licenses = "licenses", "行政许可";
        /// 2019 form only.
        OtherServices = "other_services", "其他对外管理服务事项";
        Penalties = "penalties", "行政处罚";
        Compulsions = "compulsions", "行政强制";
        AdministrativeFees = "administrative_fees", "行政事业性收费";
        /// 2019 form only.
        Procurement = "procurement", "政府集中采购";
    }
}

closed_list! {
    /// Columns of part 二; each row has its own, see [`ProactiveRow::columns`].
    ProactiveColumn {
        Issued = "issued", "本年制发件数";
        Repealed = "repealed", "本年废止件数";
        InForce = "in_force", "现行有效件数";
        Created = "created", "本年新制作数量";
        NewlyDisclosed = "newly_disclosed", "本年新公开数量";
        TotalDisclosed = "total_disclosed", "对外公开总数量";
        ItemsLastYear = "items_last_year", "上一年项目数量";
        Change = "change", "本年增/减";
        Decisions = "decisions", "本年处理决定数量";
        Amount10kCny = "amount_10k_cny", "本年收费金额（单位：万元）";
        Projects = "projects", "采购项目数量";
        Amount = "amount", "采购总金额";
    }
}

impl ProactiveRow {
    /// The cells of this row in `form`; empty when the form has no such row.
    pub fn columns(self, form: OfficialForm) -> &'static [ProactiveColumn] {
        use ProactiveColumn as C;
        match (form, self) {
            (OfficialForm::F2021, Self::Rules | Self::NormativeDocuments) => {
                &[C::Issued, C::Repealed, C::InForce]
            }
            (OfficialForm::F2021, Self::Licenses | Self::Penalties | Self::Compulsions) => &[C::Decisions],
            (OfficialForm::F2021, Self::AdministrativeFees) => &[C::Amount10kCny],
            (OfficialForm::F2021, Self::OtherServices | Self::Procurement) => &[],
            (OfficialForm::F2019, Self::Rules | Self::NormativeDocuments) => {
                &[C::Created, C::NewlyDisclosed, C::TotalDisclosed]
            }
            (OfficialForm::F2019, Self::AdministrativeFees) => &[C::ItemsLastYear, C::Change],
            (OfficialForm::F2019, Self::Procurement) => &[C::Projects, C::Amount],
            (OfficialForm::F2019, _) => &[C::ItemsLastYear, C::Change, C::Decisions],
        }
    }

    /// 《条例》第二十条 — the item of article 20 that the row reports on.
    pub fn block(self) -> &'static str {
        match self {
            Self::Rules | Self::NormativeDocuments => "第二十条第（一）项",
            Self::Licenses | Self::OtherServices => "第二十条第（五）项",
            Self::Penalties | Self::Compulsions => "第二十条第（六）项",
            Self::AdministrativeFees => "第二十条第（八）项",
            Self::Procurement => "第二十条第（九）项",
        }
    }
}

closed_list! {
    /// Rows of part 三 in the order of the form.
    RequestRow {
        Received = "received", "一、本年新收政府信息公开申请数量";
        CarriedFromLastYear = "carried_from_last_year", "二、上年结转政府信息公开申请数量";
        Disclosed = "disclosed", "（一）予以公开";
        PartlyDisclosed = "partly_disclosed", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）";
        StateSecret = "not_disclosed.state_secret", "1.属于国家秘密";
        OtherLaw = "not_disclosed.other_law", "2.其他法律行政法规禁止公开";
        SecurityOrStability = "not_disclosed.security_or_stability", "3.危及“三安全一稳定”";
        ThirdPartyRights = "not_disclosed.third_party_rights", "4.保护第三方合法权益";
        InternalAffairs = "not_disclosed.internal_affairs", "5.属于三类内部事务信息";
        ProcessInformation = "not_disclosed.process_information", "6.属于四类过程性信息";
        EnforcementFile = "not_disclosed.enforcement_file", "7.属于行政执法案卷";
        OwnInquiryProcedure = "not_disclosed.own_inquiry_procedure", "8.属于行政查询事项";
        NotHeld = "unable_to_provide.not_held", "1.本机关不掌握相关政府信息";
        NeedsCreation = "unable_to_provide.needs_creation", "2.没有现成信息需要另行制作";
        StillUnclear = "unable_to_provide.still_unclear", "3.补正后申请内容仍不明确";
        PetitionOrComplaint = "not_processed.petition_or_complaint", "1.信访举报投诉类申请";
        Repeated = "not_processed.repeated", "2.重复申请";
        PublicPublication = "not_processed.public_publication", "3.要求提供公开出版物";
        Excessive = "not_processed.excessive", "4.无正当理由大量反复申请";
        ConfirmOrReissue = "not_processed.confirm_or_reissue", "5.要求行政机关确认或重新出具已获取信息";
        /// 2019 form: （六） is one row.
        OtherHandling = "other_handling", "（六）其他处理";
        NotSupplementedInTime = "other_handling.not_supplemented_in_time", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请";
        FeeNotPaidInTime = "other_handling.fee_not_paid_in_time", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请";
        Other = "other_handling.other", "3.其他";
        Total = "total", "（七）总计";
        CarriedToNextYear = "carried_to_next_year", "四、结转下年度继续办理";
    }
}

impl RequestRow {
    pub fn is_in(self, form: OfficialForm) -> bool {
        match self {
            Self::OtherHandling => form == OfficialForm::F2019,
            Self::NotSupplementedInTime | Self::FeeNotPaidInTime | Self::Other => form == OfficialForm::F2021,
            _ => true,
        }
    }

    /// The rows of the form, in its order: 25 in 2021, 23 in 2019.
    pub fn of(form: OfficialForm) -> impl Iterator<Item = RequestRow> {
        Self::ALL.iter().copied().filter(move |row| row.is_in(form))
    }

    /// True for the outcomes, whose column sum is （七）总计.
    pub fn is_outcome(self) -> bool {
        !matches!(self, Self::Received | Self::CarriedFromLastYear | Self::Total | Self::CarriedToNextYear)
    }

    /// The heading the row stands under inside 三、本年度办理结果.
    pub fn group(self) -> Option<&'static str> {
        match self.code().split_once('.')?.0 {
            "not_disclosed" => Some("（三）不予公开"),
            "unable_to_provide" => Some("（四）无法提供"),
            "not_processed" => Some("（五）不予处理"),
            "other_handling" => Some("（六）其他处理"),
            _ => None,
        }
    }
}

closed_list! {
    /// Columns of part 三: one kind of applicant each.
    ApplicantColumn {
        NaturalPerson = "natural_person", "自然人";
        CommercialEnterprise = "commercial_enterprise", "商业企业";
        ResearchInstitution = "research_institution", "科研机构";
        PublicWelfareOrganization = "public_welfare_organization", "社会公益组织";
        LegalServiceInstitution = "legal_service_institution", "法律服务机构";
        Other = "other", "其他";
        Total = "total", "总计";
    }
}

impl ApplicantColumn {
    /// The six kinds of applicant, without the total.
    pub const KINDS: &'static [ApplicantColumn] = &[
        Self::NaturalPerson,
        Self::CommercialEnterprise,
        Self::ResearchInstitution,
        Self::PublicWelfareOrganization,
        Self::LegalServiceInstitution,
        Self::Other,
    ];
}

closed_list! {
    /// The three blocks of part 四.
    RemedyRow {
        Reconsideration = "reconsideration", "行政复议";
        DirectLitigation = "direct_litigation", "未经复议直接起诉";
        LitigationAfterReconsideration = "litigation_after_reconsideration", "复议后起诉";
    }
}

closed_list! {
    /// Columns of each block of part 四.
    RemedyColumn {
        Upheld = "upheld", "结果维持";
        Corrected = "corrected", "结果纠正";
        OtherResult = "other_result", "其他结果";
        Pending = "pending", "尚未审结";
        Total = "total", "总计";
    }
}

impl RemedyColumn {
    /// The four results, without the total.
    pub const RESULTS: &'static [RemedyColumn] =
        &[Self::Upheld, Self::Corrected, Self::OtherResult, Self::Pending];
}
