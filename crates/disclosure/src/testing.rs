//! An office to test with: one agency and a person for every role.

use gongkai_report::aggregate::Figures;
use jiff::Timestamp;

use crate::accounts::actions::{NewUser, add_agency, add_user};
use crate::accounts::{Agency, AgencyKind, Role, Staff, store};
use crate::audit::Actor;
use crate::catalogue;
use crate::db::{Conn, Db, Tx};
use crate::publishing::actions::{Drafted, draft_entry, submit};
use crate::publishing::{DisclosureClass, Draft, Genre};
use crate::review::ConfidentialityChecklist;

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

/// A draft that can be submitted.
pub fn complete_draft(title: &str) -> Draft {
    Draft {
        title: title.into(),
        summary: "告知缴费时间和地点。".into(),
        body: "各村（居）民：\n2026年度城乡居民基本医疗保险集中缴费自11月1日开始。\n特此通知。".into(),
        genre: Genre::Notice.code().into(),
        keywords: "医疗保险 缴费".into(),
        source: "松溪镇人民政府".into(),
        made_on: "2026-10-30".into(),
        disclosure_class: DisclosureClass::Proactive.code().into(),
        ..Draft::default()
    }
}

/// The first line of the agency's catalogue; the common catalogue is installed when it has none.
pub async fn catalogue_line(tx: &mut Tx, agency_id: &str) -> String {
    if let Some(line) = catalogue::lines(tx.conn(), agency_id).await.expect("a query").first() {
        return line.id.clone();
    }
    let common = catalogue::starting("common").expect("a catalogue");
    catalogue::actions::install(tx, agency_id, &common).await.expect("its lines");
    catalogue::lines(tx.conn(), agency_id).await.expect("a query")[0].id.clone()
}

/// An entry whose first edition the officer drafted, on Monday.
pub async fn drafted(db: &Db, office: &Office, draft: &Draft) -> Drafted {
    let mut tx = db.begin(&office.officer.actor(), monday()).await.expect("a change");
    let line = catalogue_line(&mut tx, &office.agency.id).await;
    let drafted = draft_entry(&mut tx, &office.officer, &line, draft).await.expect("a draft");
    tx.commit().await.expect("a commit");
    drafted
}

/// The same, submitted; with its review.
pub async fn submitted(db: &Db, office: &Office, draft: &Draft) -> (Drafted, String) {
    let drafted = drafted(db, office, draft).await;
    let mut tx = db.begin(&office.officer.actor(), monday()).await.expect("a change");
    let review = submit(&mut tx, &office.officer, &drafted.edition_id, 1).await.expect("a submission");
    tx.commit().await.expect("a commit");
    (drafted, review)
}

/// The answers of a confidentiality officer who found nothing.
pub fn clean_checklist() -> ConfidentialityChecklist {
    ConfidentialityChecklist {
        state_secrets: Some(false),
        work_secrets: Some(false),
        trade_secrets: Some(false),
        personal_privacy: Some(false),
        ground: "不属于《条例》第十四条、第十五条规定的情形".into(),
    }
}

/// Everyone signs, on Monday; returns what the last signature brought about.
pub async fn signed_by_all(db: &Db, office: &Office, review_id: &str) -> crate::review::Signed {
    let mut tx = db.begin(&office.section_head.actor(), monday()).await.expect("a change");
    let mut last = None;
    for staff in [&office.section_head, &office.confidentiality_officer, &office.leader] {
        tx.acting_as(&staff.actor(), monday());
        let signed =
            crate::review::actions::sign(&mut tx, staff, review_id, Some(&clean_checklist()), "同意").await;
        last = Some(signed.expect("a signature"));
    }
    tx.commit().await.expect("a commit");
    last.expect("three signatures")
}

/// One row in a transaction of its own, to the disk: what the database does at best.
pub async fn bare_insert(db: &Db, n: usize) {
    let mut tx = db.begin(&Actor::Program("test"), Timestamp::UNIX_EPOCH).await.expect("a change");
    tx.next_number(&format!("bare {n}")).await.expect("a row");
    tx.commit_bookkeeping().await.expect("a commit");
}

/// Keeps the figures of a published report, as a release does.
pub async fn keep_figures(conn: &mut Conn, agency_id: &str, year: i16, figures: &Figures) {
    crate::reporting::stored::change(conn, agency_id, year, Some(figures)).await.expect("figures kept");
}
