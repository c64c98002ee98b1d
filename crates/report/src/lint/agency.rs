//! What kind of body a report is of, as far as its name tells.

/// 各级人民政府、部门、乡镇、街道 — by the name in the title. A name that does not tell is [`AgencyKind::Unknown`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AgencyKind {
    /// 县级以上人民政府.
    Government,
    /// 乡镇人民政府.
    Town,
    /// 县级以上人民政府的部门.
    Department,
    Unknown,
}

impl AgencyKind {
    pub(super) fn of(agency: &str) -> Self {
        let name = agency.trim_end_matches("人民政府");
        let says_government = name.len() < agency.len();
        // Zones are run by committees; 社区 and 景区 are no places of government.
        const NO_GOVERNMENT: [&str; 14] = [
            "开发区",
            "园区",
            "新区",
            "示范区",
            "景区",
            "保护区",
            "度假区",
            "社区",
            "功能区",
            "管理区",
            "林区",
            "产业区",
            "集聚区",
            "合作区",
        ];
        if NO_GOVERNMENT.iter().any(|zone| name.ends_with(zone)) && !says_government {
            return Self::Unknown;
        }
        match name.chars().last() {
            Some('镇' | '乡') => Self::Town,
            Some('县' | '旗' | '市' | '区' | '省' | '州' | '盟') if name.chars().count() >= 3 => {
                Self::Government
            }
            _ if says_government => Self::Government,
            Some('局' | '厅' | '委' | '署') => Self::Department,
            _ if name.ends_with("委员会") && !name.ends_with("管理委员会") => Self::Department,
            _ => Self::Unknown,
        }
    }

    pub(super) fn is_government(self) -> bool {
        matches!(self, Self::Government | Self::Town)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_kind() {
        for (agency, kind) in [
            ("青禾区", AgencyKind::Government),
            ("青禾区人民政府", AgencyKind::Government),
            ("宁海自治区人民政府", AgencyKind::Government),
            ("青禾区白露镇", AgencyKind::Town),
            ("松影县交岭乡人民政府", AgencyKind::Town),
            ("青禾区民政局", AgencyKind::Department),
            ("云栖市卫生健康委员会", AgencyKind::Department),
            ("云栖市发改委", AgencyKind::Department),
            ("青禾区柳林街道办事处", AgencyKind::Unknown),
            ("云栖高新技术产业开发区", AgencyKind::Unknown),
            ("云栖高新技术产业开发区管理委员会", AgencyKind::Unknown),
            ("青禾区人民政府办公室", AgencyKind::Unknown),
            ("云栖西新区", AgencyKind::Unknown),
        ] {
            assert_eq!(AgencyKind::of(agency), kind, "{agency}");
        }
    }
}
