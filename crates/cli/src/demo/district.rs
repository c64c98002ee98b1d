//! 青禾区: an invented district, its agencies and the people at work there. No place and no person is real.

use anyhow::Context;
use gongkai_disclosure::accounts::{Agency, AgencyKind, Role, Staff, actions};
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::db::Db;
use jiff::Timestamp;

/// The password of every demo account. An account of a real installation never gets it.
pub(crate) const PASSWORD: &str = "gongkai-demo";

pub(crate) const OFFICE_HOURS: &str = "工作日 9:00—12:00，14:00—17:30";

/// Six digits that no division of the country has.
const REGION: &str = "990102";

/// The district with everyone who works there.
pub(crate) struct District {
    /// The moment the demo is made: the past two years are told up to here.
    pub(crate) now: Timestamp,
    /// In the order of the house: the district office first.
    pub(crate) offices: Vec<Office>,
    /// 青禾区人民政府: the people of its office compile the report of the whole district.
    pub(crate) government: Office,
    /// 区政府办公室的监督人员.
    pub(crate) oversight_officer: Staff,
    /// 系统管理员.
    pub(crate) administrator: Staff,
}

/// One agency and its four people.
#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) agency: Agency,
    /// 政务公开专干.
    pub(crate) disclosure_officer: Staff,
    /// 科室负责人.
    pub(crate) section_head: Staff,
    /// 保密审查员.
    pub(crate) confidentiality_officer: Staff,
    /// 分管领导.
    pub(crate) leader: Staff,
}

impl District {
    /// The office with this agency code: `office`, `finance`, `civil-affairs`, `songxi`, `bailu`, `yunqi`, `liuan`.
    pub(crate) fn office(&self, code: &str) -> anyhow::Result<&Office> {
        self.offices
            .iter()
            .find(|o| o.agency.code == code)
            .with_context(|| format!("no agency {code:?} in the demo"))
    }

    /// The moment the oldest work of the demo begins: two years before `now`.
    pub(crate) fn beginning(&self) -> Timestamp {
        two_years_before(self.now)
    }

    /// Everyone, in the order of the house.
    pub(crate) fn everyone(&self) -> impl Iterator<Item = &Staff> {
        let offices = self.offices.iter();
        offices
            .flat_map(|o| [&o.disclosure_officer, &o.section_head, &o.confidentiality_officer, &o.leader])
            .chain([&self.oversight_officer, &self.administrator])
    }
}

fn two_years_before(now: Timestamp) -> Timestamp {
    now - jiff::SignedDuration::from_hours(2 * 365 * 24)
}

/// What is written about an agency in the demo.
struct Plan {
    code: &'static str,
    name: &'static str,
    /// 发文代字.
    document_word: &'static str,
    kind: AgencyKind,
    address: &'static str,
    phone: &'static str,
    /// 专干、科室负责人、保密审查员、分管领导: name and post.
    people: [(&'static str, &'static str); 4],
}

const PLANS: [Plan; 7] = [
    Plan {
        code: "office",
        name: "青禾区人民政府办公室",
        document_word: "青禾政办",
        kind: AgencyKind::DistrictOffice,
        address: "青禾区禾丰大道1号",
        phone: "0000-6600100",
        people: [
            ("苗向晚", "政务公开科科员"),
            ("穆清和", "政务公开科科长"),
            ("季守衡", "保密办主任"),
            ("程远图", "办公室副主任"),
        ],
    },
    Plan {
        code: "finance",
        name: "青禾区财政局",
        document_word: "青禾财",
        kind: AgencyKind::Bureau,
        address: "青禾区禾丰大道18号",
        phone: "0000-6600200",
        people: [
            ("宁知白", "办公室科员"),
            ("卓时雨", "预算科科长"),
            ("路见微", "保密员"),
            ("方启明", "副局长"),
        ],
    },
    Plan {
        code: "civil-affairs",
        name: "青禾区民政局",
        document_word: "青禾民",
        kind: AgencyKind::Bureau,
        address: "青禾区青云路36号",
        phone: "0000-6600300",
        people: [
            ("辛若谷", "办公室科员"),
            ("闻以宁", "社会救助科科长"),
            ("尚如松", "保密员"),
            ("柏长青", "副局长"),
        ],
    },
    Plan {
        code: "songxi",
        name: "青禾区松溪镇人民政府",
        document_word: "松溪政",
        kind: AgencyKind::Town,
        address: "青禾区松溪镇溪口街2号",
        phone: "0000-6601100",
        people: [
            ("田小满", "党政办科员"),
            ("俞春山", "党政办主任"),
            ("凌霜降", "保密员"),
            ("祝南星", "副镇长"),
        ],
    },
    Plan {
        code: "bailu",
        name: "青禾区白鹭镇人民政府",
        document_word: "白鹭政",
        kind: AgencyKind::Town,
        address: "青禾区白鹭镇湖滨路9号",
        phone: "0000-6601200",
        people: [
            ("何处秋", "党政办科员"),
            ("谷雨生", "党政办主任"),
            ("江照晚", "保密员"),
            ("阮临川", "副镇长"),
        ],
    },
    Plan {
        code: "yunqi",
        name: "青禾区云栖镇人民政府",
        document_word: "云栖政",
        kind: AgencyKind::Town,
        address: "青禾区云栖镇山前路15号",
        phone: "0000-6601300",
        people: [
            ("舒望舒", "党政办科员"),
            ("岳千屿", "党政办主任"),
            ("简行之", "保密员"),
            ("荆有竹", "副镇长"),
        ],
    },
    Plan {
        code: "liuan",
        name: "青禾区人民政府柳岸街道办事处",
        document_word: "柳岸办",
        kind: AgencyKind::Subdistrict,
        address: "青禾区柳岸街道柳堤路88号",
        phone: "0000-6601400",
        people: [
            ("桑叶青", "党政综合办科员"),
            ("陶然亭", "党政综合办主任"),
            ("夏侯月", "保密员"),
            ("容止戈", "办事处副主任"),
        ],
    },
];

/// The four roles of an office, in the order of [`Plan::people`], with the word used in account names.
const ROLES: [(Role, &str); 4] = [
    (Role::DisclosureOfficer, "officer"),
    (Role::SectionHead, "section"),
    (Role::ConfidentialityOfficer, "secrets"),
    (Role::Leader, "leader"),
];

/// Sets up the agencies and their people, dated two years back.
pub(crate) async fn fill(db: &Db, now: Timestamp, progress: &dyn Fn(u64)) -> anyhow::Result<District> {
    let beginning = two_years_before(now);
    let mut tx = db.begin(&Actor::Program("demo"), beginning).await?;
    let mut offices = Vec::new();
    let mut district_office_id = None;
    let mut government = None;
    for (plan, position) in PLANS.iter().zip(1..) {
        let agency = actions::add_agency(&mut tx, agency(plan, district_office_id.clone(), position)).await?;
        if district_office_id.is_none() {
            district_office_id = Some(agency.id.clone());
            let whole = Agency {
                id: String::new(),
                code: "qinghe".into(),
                name: "青禾区人民政府".into(),
                kind: AgencyKind::Government.code().into(),
                parent_id: Some(agency.id.clone()),
                reconsideration_body: "云川市人民政府".into(),
                document_word: "青禾政".into(),
                position: i64::try_from(PLANS.len())? + 1,
                ..agency.clone()
            };
            government = Some(actions::add_agency(&mut tx, whole).await?);
        }
        let mut ids = Vec::new();
        for ((name, title), (role, word)) in plan.people.iter().zip(ROLES) {
            let mut grants = vec![(agency.id.clone(), role)];
            // The office acts for the government.
            if let Some(government) = government.as_ref().filter(|g| g.parent_id.as_ref() == Some(&agency.id))
            {
                grants.push((government.id.clone(), role));
            }
            let user = user(&agency, &format!("{}.{word}", plan.code), name, title, grants);
            ids.push(actions::add_user(&mut tx, user).await?);
            progress(1);
        }
        offices.push((agency, ids));
    }
    let home = &offices[0].0;
    let everywhere = |role| offices.iter().map(|(agency, _)| (agency.id.clone(), role)).collect();
    let oversight = user(home, "oversight", "严济舟", "政务公开监督", everywhere(Role::OversightOfficer));
    let oversight = actions::add_user(&mut tx, oversight).await?;
    let administrator = user(home, "admin", "卫星河", "系统管理", everywhere(Role::Administrator));
    let administrator = actions::add_user(&mut tx, administrator).await?;
    progress(2);
    tx.commit().await?;

    let mut conn = db.read().await?;
    let mut read = Vec::new();
    for (agency, ids) in offices {
        let mut people = Vec::new();
        for id in ids {
            people.push(staff(&mut conn, &id).await?);
        }
        let [disclosure_officer, section_head, confidentiality_officer, leader] =
            people.try_into().map_err(|_| anyhow::anyhow!("an office of the demo has four people"))?;
        read.push(Office { agency, disclosure_officer, section_head, confidentiality_officer, leader });
    }
    let government = government.context("the first plan is the office")?;
    let government = Office { agency: government, ..read[0].clone() };
    Ok(District {
        now,
        offices: read,
        government,
        oversight_officer: staff(&mut conn, &oversight).await?,
        administrator: staff(&mut conn, &administrator).await?,
    })
}

async fn staff(conn: &mut gongkai_disclosure::db::Conn, id: &str) -> anyhow::Result<Staff> {
    gongkai_disclosure::accounts::staff(conn, id).await?.context("a person just added is there")
}

fn agency(plan: &Plan, parent_id: Option<String>, position: i64) -> Agency {
    Agency {
        id: String::new(),
        code: plan.code.into(),
        name: plan.name.into(),
        kind: plan.kind.code().into(),
        parent_id,
        region: REGION.into(),
        address: plan.address.into(),
        office_hours: OFFICE_HOURS.into(),
        phone: plan.phone.into(),
        email: format!("{}@qinghe.example", plan.code),
        reconsideration_body: "青禾区人民政府".into(),
        court: "青禾区人民法院".into(),
        document_word: plan.document_word.into(),
        position,
    }
}

fn user(
    agency: &Agency,
    username: &str,
    name: &str,
    title: &str,
    grants: Vec<(String, Role)>,
) -> actions::NewUser {
    actions::NewUser {
        username: username.into(),
        name: name.into(),
        title: title.into(),
        agency_id: agency.id.clone(),
        password: PASSWORD.into(),
        grants,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_agency_has_its_four_people_and_they_can_log_in() {
        for test in gongkai_disclosure::db::testing::databases().await {
            let now: Timestamp = "2026-11-20T01:00:00Z".parse().unwrap();
            let district = fill(&test.db, now, &|_| ()).await.unwrap();
            assert_eq!(district.offices.len(), 7);
            assert_eq!(district.everyone().count(), 30);
            let songxi = district.office("songxi").unwrap();
            assert!(songxi.leader.holds(Role::Leader, &songxi.agency.id));
            assert!(!songxi.leader.holds(Role::Leader, &district.offices[0].agency.id));
            let session = actions::log_in(&test.db, "songxi.officer", PASSWORD.into(), now).await;
            assert!(session.is_ok(), "{session:?}");
        }
    }
}
