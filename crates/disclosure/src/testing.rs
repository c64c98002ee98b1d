//! An office to test with: one agency and a person for every role.

use jiff::Timestamp;

use crate::accounts::actions::{NewUser, add_agency, add_user};
use crate::accounts::{Agency, AgencyKind, Role, Staff, store};
use crate::audit::Actor;
use crate::db::Db;

/// A working Monday morning in China.
pub fn monday() -> Timestamp {
    Timestamp::from_second(1_793_581_200).expect("2026-11-02 09:00 in China")
}

/// One agency with its people; each holds one role there.
pub struct Office {
    pub agency: Agency,
    pub officer: Staff,
    pub other_officer: Staff,
    pub section_head: Staff,
    pub confidentiality_officer: Staff,
    pub leader: Staff,
    pub oversight_officer: Staff,
    pub administrator: Staff,
}

/// Adds an agency of the given kind and its people. `code` also prefixes their user names.
pub async fn office(db: &Db, code: &str, kind: AgencyKind) -> Office {
    let mut tx = db.begin(&Actor::Program("test"), Timestamp::UNIX_EPOCH).await.expect("a change");
    let agency = Agency {
        id: String::new(),
        code: code.to_owned(),
        name: format!("青禾区测试机关（{code}）"),
        kind: kind.code().to_owned(),
        parent_id: None,
        region: "990101".into(),
        address: "青禾区青禾路1号".into(),
        office_hours: "工作日 9:00—12:00，13:30—17:30".into(),
        phone: "0990-0000001".into(),
        email: "office@qinghe.example".into(),
        reconsideration_body: "青禾区人民政府".into(),
        court: "青禾区人民法院".into(),
        document_word: "青禾测".into(),
        position: 1,
    };
    let agency = add_agency(&mut tx, agency).await.expect("an agency");
    let mut people = Vec::new();
    for (name, role) in [
        ("officer", Role::DisclosureOfficer),
        ("officer2", Role::DisclosureOfficer),
        ("head", Role::SectionHead),
        ("secrets", Role::ConfidentialityOfficer),
        ("leader", Role::Leader),
        ("oversight", Role::OversightOfficer),
        ("admin", Role::Administrator),
    ] {
        let new = NewUser {
            username: format!("{}-{name}", code.to_lowercase()),
            name: format!("{}{}", role.label(), code),
            title: role.label().into(),
            agency_id: agency.id.clone(),
            password: "a long password".into(),
            grants: vec![(agency.id.clone(), role)],
        };
        let id = add_user(&mut tx, new).await.expect("a person");
        people.push(store::staff(tx.conn(), &id).await.expect("a query").expect("the person just added"));
    }
    tx.commit().await.expect("a commit");
    let mut people = people.into_iter();
    let mut next = || people.next().expect("as many people as roles");
    Office {
        agency,
        officer: next(),
        other_officer: next(),
        section_head: next(),
        confidentiality_officer: next(),
        leader: next(),
        oversight_officer: next(),
        administrator: next(),
    }
}
