//! Roles × permissions: the whole matrix, in one place. Roles are held at an agency.

/// A role a person holds at an agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 政务公开专干 — disclosure officer.
    DisclosureOfficer,
    /// 科室负责人 — section head, signs the first stage.
    SectionHead,
    /// 保密审查员 — confidentiality officer. 《条例》第十七条.
    ConfidentialityOfficer,
    /// 分管领导 — leader in charge, signs the last stage.
    Leader,
    /// 主要领导 — head of the agency, signs last where the chain asks for it.
    PrincipalLeader,
    /// 政府信息公开工作主管部门的监督人员 — oversight officer. 《条例》第四十七条.
    OversightOfficer,
    /// 系统管理员 — keeps accounts, sees no applicant.
    Administrator,
}

/// What a role allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Draft entries and submit them for review.
    DraftEntries,
    /// See entries that are not published yet.
    ReadDrafts,
    /// Take part in reviews; which stage is decided by the role itself.
    SignOff,
    /// Register requests and carry them through the procedure.
    HandleRequests,
    /// See requests and who filed them.
    ReadRequests,
    /// Answer letters from the public.
    AnswerCases,
    /// Keep the catalogue of what the agency publishes.
    KeepCatalogue,
    /// Keep the registers behind the report: normative documents, decisions, fees, remedies.
    KeepRegisters,
    /// Compile the annual report.
    CompileReport,
    /// Confirm, as the second person, what the report says beyond its ledger, and let it go to the district.
    ApproveReport,
    /// Read the registers and the report.
    ReadReport,
    /// See all agencies below and demand rectification.
    Oversee,
    /// Answer demands for rectification made of the agency.
    AnswerRectifications,
    /// Read the audit chain.
    ReadAudit,
    /// Keep accounts and roles.
    ManageAccounts,
    /// 审核程序 — set which stages a case goes through.
    SetChains,
    /// 工作日历 — enter and adopt the yearly notice of days off, for the whole installation.
    KeepCalendar,
}

use Permission as P;

impl Role {
    pub const ALL: [Role; 7] = [
        Role::DisclosureOfficer,
        Role::SectionHead,
        Role::ConfidentialityOfficer,
        Role::Leader,
        Role::PrincipalLeader,
        Role::OversightOfficer,
        Role::Administrator,
    ];

    /// The matrix.
    pub const fn permissions(self) -> &'static [Permission] {
        match self {
            Role::DisclosureOfficer => &[
                P::DraftEntries,
                P::ReadDrafts,
                P::KeepCatalogue,
                P::HandleRequests,
                P::ReadRequests,
                P::AnswerCases,
                P::KeepRegisters,
                P::CompileReport,
                P::ReadReport,
                P::AnswerRectifications,
            ],
            Role::SectionHead => &[
                P::DraftEntries,
                P::ReadDrafts,
                P::SignOff,
                P::ReadRequests,
                P::ReadReport,
                P::ApproveReport,
            ],
            Role::ConfidentialityOfficer => &[P::ReadDrafts, P::SignOff],
            Role::Leader | Role::PrincipalLeader => &[
                P::ReadDrafts,
                P::SignOff,
                P::ReadRequests,
                P::ReadReport,
                P::ApproveReport,
                P::ReadAudit,
                P::SetChains,
            ],
            Role::OversightOfficer => &[P::Oversee, P::ReadReport, P::ReadAudit, P::KeepCalendar],
            Role::Administrator => &[P::ManageAccounts, P::ReadAudit, P::SetChains, P::KeepCalendar],
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Role::DisclosureOfficer => "disclosure_officer",
            Role::SectionHead => "section_head",
            Role::ConfidentialityOfficer => "confidentiality_officer",
            Role::Leader => "leader",
            Role::PrincipalLeader => "principal_leader",
            Role::OversightOfficer => "oversight_officer",
            Role::Administrator => "administrator",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Role::DisclosureOfficer => "政务公开专干",
            Role::SectionHead => "科室负责人",
            Role::ConfidentialityOfficer => "保密审查员",
            Role::Leader => "分管领导",
            Role::PrincipalLeader => "主要领导",
            Role::OversightOfficer => "监督人员",
            Role::Administrator => "系统管理员",
        }
    }

    pub fn from_code(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }
}
