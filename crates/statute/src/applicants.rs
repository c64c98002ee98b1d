//! Who asks: the applicant columns of the official form.

use crate::lists::closed_list;

closed_list! {
    /// 申请人情况 — the six columns of the table of requests, before 总计. 国办公开办函〔2021〕30号 附表三.
    pub enum ApplicantColumn {
        /// 自然人.
        NaturalPerson = "natural_person", "自然人";
        /// 法人或其他组织：商业企业.
        CommercialEnterprise = "commercial_enterprise", "商业企业";
        /// 法人或其他组织：科研机构.
        ResearchInstitution = "research_institution", "科研机构";
        /// 法人或其他组织：社会公益组织.
        PublicWelfareOrganization = "public_welfare_organization", "社会公益组织";
        /// 法人或其他组织：法律服务机构.
        LegalServiceInstitution = "legal_service_institution", "法律服务机构";
        /// 法人或其他组织：其他.
        Other = "other", "其他";
    }
}

impl ApplicantColumn {
    /// The column heading of the form.
    pub const fn official(self) -> &'static str {
        self.label()
    }

    /// Whether the column stands under 法人或其他组织.
    pub const fn is_organization(self) -> bool {
        !matches!(self, ApplicantColumn::NaturalPerson)
    }
}
