//! 主动公开的事项 — what the Regulations oblige to publish: articles 20 and 21.

use crate::citation::Citation;
use crate::cite;
use crate::lists::closed_list;

closed_list! {
    /// 第二十条的十五项 — the fifteen categories every agency publishes, as far as they concern it.
    /// 《条例》第二十条.
    pub enum Category {
        /// 第一项.
        RulesAndNormativeDocuments = "rules_and_normative_documents", "行政法规、规章和规范性文件";
        /// 第二项.
        Organization = "organization", "机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名";
        /// 第三项.
        Plans = "plans", "国民经济和社会发展规划、专项规划、区域规划及相关政策";
        /// 第四项.
        Statistics = "statistics", "国民经济和社会发展统计信息";
        /// 第五项.
        Licenses = "licenses", "办理行政许可和其他对外管理服务事项的依据、条件、程序以及办理结果";
        /// 第六项.
        PenaltiesAndCompulsions = "penalties_and_compulsions",
            "实施行政处罚、行政强制的依据、条件、程序以及本行政机关认为具有一定社会影响的行政处罚决定";
        /// 第七项.
        Budgets = "budgets", "财政预算、决算信息";
        /// 第八项.
        AdministrativeFees = "administrative_fees", "行政事业性收费项目及其依据、标准";
        /// 第九项.
        Procurement = "procurement", "政府集中采购项目的目录、标准及实施情况";
        /// 第十项.
        MajorProjects = "major_projects", "重大建设项目的批准和实施情况";
        /// 第十一项.
        SocialPolicies = "social_policies", "扶贫、教育、医疗、社会保障、促进就业等方面的政策、措施及其实施情况";
        /// 第十二项.
        Emergencies = "emergencies", "突发公共事件的应急预案、预警信息及应对情况";
        /// 第十三项.
        Inspections = "inspections", "环境保护、公共卫生、安全生产、食品药品、产品质量的监督检查情况";
        /// 第十四项.
        CivilServiceRecruitment = "civil_service_recruitment", "公务员招考的职位、名额、报考条件等事项以及录用结果";
        /// 第十五项.
        OtherRequired = "other_required", "法律、法规、规章和国家有关规定规定应当主动公开的其他政府信息";
    }
}

impl Category {
    /// The item of article 20, from 1.
    pub const fn item(self) -> u8 {
        self as u8 + 1
    }

    pub const fn citation(self) -> Citation {
        Citation { item: Some(self.item()), ..cite!(Ogi, 20) }
    }
}

closed_list! {
    /// 市、县级政府及其部门还应当公开的事项. 《条例》第二十一条.
    pub enum CountyDuty {
        /// 市政建设.
        MunicipalWorks = "municipal_works", "市政建设";
        /// 公共服务.
        PublicServices = "public_services", "公共服务";
        /// 公益事业.
        PublicWelfare = "public_welfare", "公益事业";
        /// 土地征收.
        LandExpropriation = "land_expropriation", "土地征收";
        /// 房屋征收.
        HouseExpropriation = "house_expropriation", "房屋征收";
        /// 治安管理.
        PublicOrder = "public_order", "治安管理";
        /// 社会救助.
        SocialAssistance = "social_assistance", "社会救助";
    }
}

closed_list! {
    /// 乡镇人民政府还应当公开的事项. 《条例》第二十一条.
    pub enum TownshipDuty {
        /// 农业农村政策.
        RuralPolicies = "rural_policies", "贯彻落实农业农村政策";
        /// 农田水利.
        Irrigation = "irrigation", "农田水利工程建设运营";
        /// 土地承包经营权流转.
        FarmlandTransfer = "farmland_transfer", "农村土地承包经营权流转";
        /// 宅基地.
        HouseholdPlots = "household_plots", "宅基地使用情况审核";
        /// 土地征收.
        LandExpropriation = "land_expropriation", "土地征收";
        /// 房屋征收.
        HouseExpropriation = "house_expropriation", "房屋征收";
        /// 筹资筹劳.
        FundsAndLabour = "funds_and_labour", "筹资筹劳";
        /// 社会救助.
        SocialAssistance = "social_assistance", "社会救助";
    }
}

impl CountyDuty {
    pub const fn citation(self) -> Citation {
        cite!(Ogi, 21)
    }
}

impl TownshipDuty {
    pub const fn citation(self) -> Citation {
        cite!(Ogi, 21)
    }
}

/// 公开期限 — publication within the period of article 26 counts for all of them.
pub const PUBLICATION: Citation = cite!(Ogi, 26);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::resolve;

    #[test]
    fn fifteen_items_in_the_order_of_the_article() {
        assert_eq!(Category::ALL.len(), 15);
        assert_eq!(Category::AdministrativeFees.item(), 8);
        assert_eq!(Category::OtherRequired.citation().place(), "第二十条第十五项");
        for category in Category::ALL {
            assert!(resolve(&category.citation()).is_some(), "{category:?}");
        }
    }
}
