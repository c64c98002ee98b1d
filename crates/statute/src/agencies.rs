//! Kinds of agency, as far as the law treats them differently.

use crate::citation::Citation;
use crate::cite;
use crate::lists::closed_list;

closed_list! {
    /// 行政机关的类别 — decides who reconsiders its decisions and when its report is due.
    pub enum AgencyKind {
        /// 省级人民政府.
        ProvincialGovernment = "provincial_government", "省、自治区、直辖市人民政府";
        /// 市、县级人民政府.
        Government = "government", "市、县级人民政府";
        /// 县级以上人民政府部门.
        Department = "department", "县级以上人民政府工作部门";
        /// 垂直领导的部门 — customs, finance, foreign exchange, tax, state security.
        VerticalDepartment = "vertical_department", "实行垂直领导的部门";
        /// 乡镇人民政府.
        Township = "township", "乡镇人民政府";
        /// 街道办事处 — a dispatched office of the county government.
        Subdistrict = "subdistrict", "街道办事处";
    }
}

impl AgencyKind {
    /// 复议机关 — who reconsiders a decision, in words, with the provision. 《行政复议法》第二十四条、第二十七条.
    pub const fn reconsideration_body(self) -> (&'static str, Citation) {
        match self {
            AgencyKind::ProvincialGovernment => ("本机关", cite!(ReconsiderationLaw, 24, 2)),
            AgencyKind::Government => ("上一级人民政府", cite!(ReconsiderationLaw, 24, 1, (2))),
            AgencyKind::Department => ("本级人民政府", cite!(ReconsiderationLaw, 24, 1, (1))),
            AgencyKind::VerticalDepartment => ("上一级主管部门", cite!(ReconsiderationLaw, 27)),
            AgencyKind::Township => ("上一级人民政府（县级）", cite!(ReconsiderationLaw, 24, 1, (2))),
            AgencyKind::Subdistrict => ("设立该街道办事处的人民政府", cite!(ReconsiderationLaw, 24, 1, (3))),
        }
    }
}
