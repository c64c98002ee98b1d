//! What several rooms of the console share: the records behind a figure as rows, and the choice of an agency.

use gongkai_disclosure::accounts::{self, Agency, Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::records::{Record, Register};

use crate::components::Field;
use crate::errors::PageError;

/// A record behind a figure; a link where this person may open it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    pub title: String,
    pub href: Option<String>,
    pub detail: String,
    pub date: String,
}

impl RecordRow {
    pub fn of(record: &Record, staff: &Staff, agency_id: &str) -> RecordRow {
        RecordRow {
            title: record.title.clone(),
            href: href(record, staff, agency_id),
            detail: record.detail.clone(),
            date: record.date.clone(),
        }
    }

    pub fn sample(title: &str, detail: &str, date: &str) -> RecordRow {
        RecordRow {
            title: title.into(),
            href: Some("/console/requests/1".into()),
            detail: detail.into(),
            date: date.into(),
        }
    }
}

fn href(record: &Record, staff: &Staff, agency_id: &str) -> Option<String> {
    let id = &record.id;
    let (path, needed) = match record.register {
        Register::Requests | Register::FeeNotices => (format!("/console/requests/{id}"), P::ReadRequests),
        Register::Remedies => (format!("/console/remedies/{id}"), P::ReadRequests),
        Register::Entries => (format!("/console/entries/{id}"), P::ReadDrafts),
        Register::Postings => (format!("/console/postings/{id}"), P::ReadDrafts),
        Register::Reviews => (format!("/console/reviews/{id}"), P::SignOff),
        Register::InteractionCases => (format!("/console/interaction/{id}"), P::AnswerCases),
        Register::Documents => (format!("/console/registers/documents/{id}"), P::ReadReport),
        Register::Budgets => ("/console/registers/budgets".to_owned(), P::ReadReport),
        Register::CatalogueLines => return Some(format!("/catalogue?line={id}")),
        Register::Rectifications => return Some(format!("/console/oversight/rectifications/{id}")),
        // `code/year/submissions/id`: read by those who oversee the agencies.
        Register::Reports => {
            return staff.may_anywhere(P::Oversee).then(|| format!("/console/annual-reports/{id}"));
        }
        Register::EnforcementDecisions | Register::FeeCollections | Register::Activities => return None,
    };
    staff.may(needed, agency_id).then_some(path)
}

/// The agencies a person may look at here, and the one the address names.
pub(crate) struct AgencyChoice {
    pub chosen: Agency,
    pub all: Vec<Agency>,
}

impl AgencyChoice {
    /// A drop-down of the agencies; `None` when there is only one.
    pub(crate) fn field(&self) -> Option<Field> {
        (self.all.len() > 1).then(|| {
            let choices = self.all.iter().map(|agency| (agency.code.clone(), agency.name.clone()));
            Field::select("agency", "机关", choices).value(&self.chosen.code).width("w-m")
        })
    }
}

/// `code` is that of an agency, or empty for the person's own.
pub(crate) async fn choose_agency(
    conn: &mut Conn,
    staff: &Staff,
    code: &str,
    permission: P,
) -> Result<AgencyChoice, PageError> {
    choose_agency_where(conn, staff, code, |agency| staff.may(permission, &agency.id)).await
}

/// The same for what no single permission decides.
pub(crate) async fn choose_agency_where(
    conn: &mut Conn,
    staff: &Staff,
    code: &str,
    may: impl Fn(&Agency) -> bool,
) -> Result<AgencyChoice, PageError> {
    let mut all = accounts::agencies(conn).await?;
    all.retain(may);
    let is_chosen = |agency: &&Agency| match code {
        "" => agency.id == staff.agency.id,
        code => agency.code == code,
    };
    let chosen = all.iter().find(is_chosen).or_else(|| all.first().filter(|_| code.is_empty())).cloned();
    match chosen {
        Some(chosen) => Ok(AgencyChoice { chosen, all }),
        None if all.is_empty() => Err(PageError::Forbidden),
        None => Err(PageError::NotFound),
    }
}

/// The agency with this code, when the person may look at it.
pub(crate) async fn agency(
    conn: &mut Conn,
    code: &str,
    may: impl Fn(&Agency) -> bool,
) -> Result<Agency, PageError> {
    let agency = accounts::agency_by_code(conn, code).await?.ok_or(PageError::NotFound)?;
    if may(&agency) { Ok(agency) } else { Err(PageError::Forbidden) }
}
