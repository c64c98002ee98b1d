/// 统一格式 — the official form a table follows. 《条例》第五十条第二款.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfficialForm {
    /// 国办公开办函〔2019〕60号 (试行): reports for 2019 and 2020.
    F2019,
    /// 国办公开办函〔2021〕30号: reports for 2021 and later.
    F2021,
}

impl OfficialForm {
    pub const ALL: [OfficialForm; 2] = [OfficialForm::F2019, OfficialForm::F2021];
    /// The first year reported on in an official form.
    pub const FIRST_YEAR: i16 = 2019;

    /// The form in force for reports on `year`.
    pub fn for_year(year: i16) -> Self {
        if year <= 2020 { Self::F2019 } else { Self::F2021 }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::F2019 => "2019",
            Self::F2021 => "2021",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.code() == code)
    }

    /// The notice that laid the form down.
    pub fn official(self) -> &'static str {
        match self {
            Self::F2019 => "国办公开办函〔2019〕60号",
            Self::F2021 => "国办公开办函〔2021〕30号",
        }
    }
}
