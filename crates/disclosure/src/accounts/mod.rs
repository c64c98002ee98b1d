//! 账号 — agencies, people, what they may do, and their sessions.

pub mod actions;
mod matrix;
pub(crate) mod store;

pub use matrix::{Permission, Role};
pub use store::{agencies, agency, agency_by_code, staff, staff_list};

use crate::audit::Actor;
use crate::error::Refusal;

/// 行政机关 — the kinds that publish under their own name here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgencyKind {
    /// 区政府办公室，政府信息公开工作主管部门. 《条例》第三条.
    DistrictOffice,
    /// 区人民政府 — stands for the report of the whole district, which the office below which it hangs compiles.
    /// 《条例》第四十九条第二款.
    Government,
    /// 区政府工作部门.
    Bureau,
    /// 镇人民政府.
    Town,
    /// 街道办事处.
    Subdistrict,
}

impl AgencyKind {
    pub const ALL: [AgencyKind; 5] = [
        AgencyKind::DistrictOffice,
        AgencyKind::Government,
        AgencyKind::Bureau,
        AgencyKind::Town,
        AgencyKind::Subdistrict,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            AgencyKind::DistrictOffice => "district_office",
            AgencyKind::Government => "government",
            AgencyKind::Bureau => "bureau",
            AgencyKind::Town => "town",
            AgencyKind::Subdistrict => "subdistrict",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            AgencyKind::DistrictOffice => "区政府办公室",
            AgencyKind::Government => "区人民政府",
            AgencyKind::Bureau => "区政府部门",
            AgencyKind::Town => "镇",
            AgencyKind::Subdistrict => "街道",
        }
    }

    pub fn from_code(code: &str) -> Option<AgencyKind> {
        AgencyKind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// 行政机关 — an agency of this installation.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Agency {
    pub id: String,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub parent_id: Option<String>,
    pub region: String,
    pub address: String,
    pub office_hours: String,
    pub phone: String,
    pub email: String,
    pub reconsideration_body: String,
    pub court: String,
    /// 发文代字 — what the numbers of its letters begin with: 松溪政公复〔2026〕12号.
    pub document_word: String,
    pub position: i64,
}

/// A person at work: who they are and what they may do where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub user_id: String,
    pub username: String,
    pub name: String,
    pub title: String,
    pub agency: Agency,
    /// Roles by agency id.
    pub grants: Vec<(String, Role)>,
}

impl Staff {
    /// Whether this person may do this at that agency.
    pub fn may(&self, permission: Permission, agency_id: &str) -> bool {
        self.grants.iter().any(|(at, role)| at == agency_id && role.permissions().contains(&permission))
    }

    /// Whether this person may do this anywhere.
    pub fn may_anywhere(&self, permission: Permission) -> bool {
        self.grants.iter().any(|(_, role)| role.permissions().contains(&permission))
    }

    /// Whether this person holds the role at that agency.
    pub fn holds(&self, role: Role, agency_id: &str) -> bool {
        self.grants.iter().any(|(at, held)| at == agency_id && *held == role)
    }

    /// The agencies at which this person may do this.
    pub fn agencies_with(&self, permission: Permission) -> Vec<&str> {
        let mut ids: Vec<&str> = self
            .grants
            .iter()
            .filter(|(_, role)| role.permissions().contains(&permission))
            .map(|(at, _)| at.as_str())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    pub fn actor(&self) -> Actor {
        Actor::Staff {
            user_id: self.user_id.clone(),
            name: self.name.clone(),
            agency_id: self.agency.id.clone(),
        }
    }
}

/// A row of the list of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffSummary {
    pub user_id: String,
    pub username: String,
    pub name: String,
    pub title: String,
    pub agency_name: String,
    pub is_active: bool,
    pub roles: Vec<Role>,
}

/// A session that was opened. The token is known to the browser only; we keep its digest.
#[derive(Clone, Debug)]
pub struct Session {
    pub token: String,
    pub expires_at: jiff::Timestamp,
}

/// Why an account was not opened or changed.
#[derive(Debug, PartialEq, Eq)]
pub enum AccountRefusal {
    /// One message for a wrong name and a wrong password: it tells no one which names exist.
    WrongNameOrPassword,
    Locked {
        minutes: i64,
    },
    PasswordTooShort,
    UsernameTaken(String),
    UsernameInvalid,
    NoSuchUser(String),
    NoSuchAgency(String),
    AgencyCodeTaken(String),
    NameMissing,
    EmailInvalid,
    RoleMissing,
    OwnAccount,
    Forbidden,
}

impl std::fmt::Display for AccountRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AccountRefusal::WrongNameOrPassword => f.write_str("用户名或密码不正确，请核对后重新输入。"),
            AccountRefusal::Locked { minutes } => {
                write!(
                    f,
                    "连续多次输错密码，该账号已暂停登录，请在 {minutes} 分钟后再试，或请管理员重设密码。"
                )
            }
            AccountRefusal::PasswordTooShort => f.write_str("密码至少 10 个字符，请换一个更长的密码。"),
            AccountRefusal::UsernameTaken(name) => write!(f, "用户名“{name}”已被使用，请换一个。"),
            AccountRefusal::UsernameInvalid => {
                f.write_str("用户名只能用小写字母、数字、点和短横线，长度 2 至 40，请修改。")
            }
            AccountRefusal::NoSuchUser(name) => write!(f, "没有用户名为“{name}”的账号，请核对。"),
            AccountRefusal::NoSuchAgency(code) => write!(f, "没有代码为“{code}”的机关，请核对。"),
            AccountRefusal::AgencyCodeTaken(code) => write!(f, "机关代码“{code}”已被使用，请换一个。"),
            AccountRefusal::NameMissing => f.write_str("请填写姓名。"),
            AccountRefusal::EmailInvalid => {
                f.write_str("电子邮箱地址无法识别，请写成 name@example.cn 的样子。")
            }
            AccountRefusal::RoleMissing => f.write_str("请至少选择一个角色。"),
            AccountRefusal::OwnAccount => f.write_str("不能停用自己的账号，请由另一位系统管理员办理。"),
            AccountRefusal::Forbidden => f.write_str("您没有管理账号的权限，请联系系统管理员。"),
        }
    }
}

impl Refusal for AccountRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            AccountRefusal::PasswordTooShort => Some("password"),
            AccountRefusal::UsernameTaken(_) | AccountRefusal::UsernameInvalid => Some("username"),
            AccountRefusal::NameMissing => Some("name"),
            AccountRefusal::EmailInvalid => Some("email"),
            AccountRefusal::RoleMissing => Some("role"),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, AccountRefusal::NoSuchUser(_))
    }

    fn is_forbidden(&self) -> bool {
        matches!(self, AccountRefusal::Forbidden)
    }
}
