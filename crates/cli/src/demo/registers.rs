//! What stands around the registers today: terms of documents, budgets and their days, proposals, interpretations, a list
//! that is shown for a period, an issue of the gazette, and what was looked at again.

use gongkai_disclosure::catalogue;
use gongkai_disclosure::db::Db;
use gongkai_disclosure::exchange::public_entries;
use gongkai_disclosure::gazette::actions as gazette;
use gongkai_disclosure::publicity::actions::set_period;
use gongkai_disclosure::publishing::actions as publishing;
use gongkai_disclosure::publishing::class_opinions::actions as class_opinions;
use gongkai_disclosure::publishing::desk::{self, DeskFilter, Tab};
use gongkai_disclosure::publishing::index_numbers::actions as index_numbers;
use gongkai_disclosure::publishing::public::{Page, PublicEntry};
use gongkai_disclosure::publishing::{DisclosureClass, Draft, Genre};
use gongkai_disclosure::registers::actions::{NewBudget, NewProposal, add_budget, add_proposal, pair};
use gongkai_disclosure::registers::documents::{amend, set_term};
use gongkai_disclosure::reporting;
use gongkai_disclosure::review::{self, ConfidentialityChecklist};
use gongkai_disclosure::time::day_in_china;
use gongkai_disclosure::{reassessment, reassessment::actions::assess};
use jiff::ToSpan;
use jiff::civil::Date;

use super::District;
use super::district::Office;

/// About how many records this part makes.
pub(crate) const RECORDS: u64 = 60;

pub(crate) async fn fill(db: &Db, district: &District, progress: &dyn Fn(u64)) -> anyhow::Result<()> {
    let today = day_in_china(district.now);
    for office in &district.offices {
        let entries = public_entries(&mut *db.read().await?, &office.agency.code, "", "", 5_000).await?;
        documents(db, district, office, today).await?;
        budgets(db, district, office, &entries, today).await?;
        proposals(db, district, office, today).await?;
        interpretations(db, district, office, &entries).await?;
        period(db, district, office, &entries, today).await?;
        reassess(db, district, office).await?;
        numbers(db, district, office).await?;
        if matches!(office.agency.code.as_str(), "office" | "songxi") {
            catalogue_entry(db, district, office, today).await?;
        }
        progress(8);
    }
    issue(db, district).await
}

/// The newest document has five years, the one before ends soon, an older one was amended.
async fn documents(db: &Db, district: &District, office: &Office, today: Date) -> anyhow::Result<()> {
    let staff = &office.disclosure_officer;
    let (all, _) = reporting::documents(&mut *db.read().await?, &office.agency.id, 20, 0).await?;
    let mut in_force = all.into_iter().filter(|document| document.ended_on.is_none());
    let mut tx = db.begin(&staff.actor(), district.now).await?;
    if let Some(newest) = in_force.next() {
        let until =
            newest.issued_on.parse::<Date>()?.checked_add(5.years())?.max(today.checked_add(400.days())?);
        set_term(&mut tx, staff, &newest.id, &until.to_string(), "").await?;
    }
    if let Some(second) = in_force.next() {
        set_term(&mut tx, staff, &second.id, &today.checked_add(45.days())?.to_string(), "").await?;
    }
    if let Some(third) = in_force.next() {
        let on = third.issued_on.parse::<Date>()?.max(today.checked_sub(200.days())?);
        amend(&mut tx, staff, &third.id, &on.to_string(), "按机构改革后的职责，修改了承办部门的名称。")
            .await?;
    }
    if tx.has_recorded() { tx.commit().await.map(drop) } else { Ok(()) }
}

async fn budgets(
    db: &Db,
    district: &District,
    office: &Office,
    entries: &[PublicEntry],
    today: Date,
) -> anyhow::Result<()> {
    let staff = &office.disclosure_officer;
    let published = entries.iter().rev().find(|entry| entry.genre == "budget");
    let mut tx = db.begin(&staff.actor(), district.now).await?;
    let year = i32::from(today.year());
    if let Some(published) = published {
        let approved: Date = published.first_released_on.parse::<Date>()?.checked_sub(9.days())?;
        let new = NewBudget {
            agency_id: office.agency.id.clone(),
            kind: "budget".into(),
            year: year.to_string(),
            title: published.title.chars().take(100).collect(),
            approved_on: approved.to_string(),
            index_number: published.index_number.clone(),
        };
        add_budget(&mut tx, staff, new).await?;
    }
    let new = NewBudget {
        agency_id: office.agency.id.clone(),
        kind: "adjustment".into(),
        year: year.to_string(),
        title: format!("{}{year}年预算调整", office.agency.name),
        approved_on: today.checked_sub(12.days())?.to_string(),
        index_number: String::new(),
    };
    add_budget(&mut tx, staff, new).await?;
    tx.commit().await.map(drop)
}

async fn proposals(db: &Db, district: &District, office: &Office, today: Date) -> anyhow::Result<()> {
    let staff = &office.disclosure_officer;
    let mut tx = db.begin(&staff.actor(), district.now).await?;
    for (kind, number, title, days_ago, result, withheld) in [
        ("suggestion", "17", "关于改善农村公路照明的建议", Some(90), "planned", ""),
        ("suggestion", "42", "关于增设老年助餐点的建议", Some(60), "solved", ""),
        ("proposal", "8", "关于规范停车秩序的提案", Some(70), "noted", "涉及尚在协商的用地方案"),
        ("proposal", "23", "关于保护古树名木的提案", None, "", ""),
    ] {
        let replied_on = match days_ago {
            Some(days) => today.checked_sub(i64::from(days).days())?.to_string(),
            None => String::new(),
        };
        let new = NewProposal {
            agency_id: office.agency.id.clone(),
            kind: kind.into(),
            year: today.year().to_string(),
            number: number.into(),
            title: title.into(),
            replied_on,
            result: result.into(),
            withheld_reason: withheld.into(),
            index_number: String::new(),
        };
        add_proposal(&mut tx, staff, new).await?;
    }
    tx.commit().await.map(drop)
}

/// Interpretations beside the documents that were published last before them.
async fn interpretations(
    db: &Db,
    district: &District,
    office: &Office,
    entries: &[PublicEntry],
) -> anyhow::Result<()> {
    let staff = &office.disclosure_officer;
    let mut tx = db.begin(&staff.actor(), district.now).await?;
    let forms = ["text", "picture", "questions", "video"];
    // Of this year: the report on the last one is frozen, with its count of interpretations.
    let year = day_in_china(district.now).year().to_string();
    let is_new = |entry: &&PublicEntry| entry.first_released_on.to_string().starts_with(&year);
    let texts = entries.iter().filter(|entry| entry.genre == "interpretation").filter(is_new).rev().take(4);
    for (text, form) in texts.zip(forms) {
        let document = entries
            .iter()
            .filter(|entry| matches!(entry.genre.as_str(), "normative_document" | "policy"))
            .filter(|entry| entry.first_released_on <= text.first_released_on)
            .max_by(|a, b| a.first_released_on.cmp(&b.first_released_on));
        if let Some(document) = document {
            let (document, text) = (&document.index_number, &text.index_number);
            pair(&mut tx, staff, &office.agency.id, document, text, form).await?;
        }
    }
    if tx.has_recorded() { tx.commit().await.map(drop) } else { Ok(()) }
}

/// The newest list of recipients is shown for thirty days.
async fn period(
    db: &Db,
    district: &District,
    office: &Office,
    entries: &[PublicEntry],
    today: Date,
) -> anyhow::Result<()> {
    let staff = &office.disclosure_officer;
    let since = today.checked_sub(20.days())?.to_string();
    let newest = entries.iter().rev().find(|e| e.genre == "assistance" && e.first_released_on >= since);
    let Some(newest) = newest else { return Ok(()) };
    let mut tx = db.begin(&staff.actor(), district.now).await?;
    set_period(&mut tx, staff, &newest.id, "30", "days", "").await?;
    tx.commit().await.map(drop)
}

async fn reassess(db: &Db, district: &District, office: &Office) -> anyhow::Result<()> {
    let staff = &office.disclosure_officer;
    let withheld = reassessment::withheld(&mut *db.read().await?, &office.agency.id).await?;
    let Some(first) = withheld.first() else { return Ok(()) };
    let mut tx = db.begin(&staff.actor(), district.now).await?;
    let next = day_in_china(district.now).checked_add(120.days())?.to_string();
    assess(&mut tx, staff, &first.entry_id, "keep", "原来不公开的情形没有变化。", &next).await?;
    tx.commit().await.map(drop)
}

/// 政府信息公开目录, as an entry of its own that is looked after like every other: of two agencies; the rest still owe it.
async fn catalogue_entry(db: &Db, district: &District, office: &Office, today: Date) -> anyhow::Result<()> {
    let name = &office.agency.name;
    let lines = catalogue::lines(&mut *db.read().await?, &office.agency.id).await?;
    let Some(own) = lines.iter().find(|line| line.title == "政府信息公开目录") else { return Ok(()) };
    let rows: String = lines
        .iter()
        .map(|line| {
            format!("<tr><td>{}</td><td>{}</td><td>{}</td></tr>", line.title, line.elements, line.time_limit)
        })
        .collect();
    let draft = Draft {
        title: format!("{name}政府信息公开目录（{}年版）", today.year()),
        summary: format!("列明{name}应当主动公开的 {} 个事项、内容和时限。", lines.len()),
        body: format!("<table><tr><th>公开事项</th><th>公开内容</th><th>公开时限</th></tr>{rows}</table>"),
        genre: Genre::Catalogue.code().into(),
        source: name.clone(),
        made_on: today.to_string(),
        disclosure_class: DisclosureClass::Proactive.code().into(),
        ..Draft::default()
    };
    let officer = &office.disclosure_officer;
    let mut tx = db.begin(&officer.actor(), district.now).await?;
    let drafted = publishing::draft_entry(&mut tx, officer, &own.id, &draft).await?;
    let review = publishing::submit(&mut tx, officer, &drafted.edition_id, 1).await?;
    let nothing_found = ConfidentialityChecklist {
        state_secrets: Some(false),
        work_secrets: Some(false),
        trade_secrets: Some(false),
        personal_privacy: Some(false),
        ground: "不属于《条例》第十四条、第十五条规定的情形".into(),
    };
    for who in [&office.section_head, &office.confidentiality_officer, &office.leader] {
        tx.acting_as(&who.actor(), district.now);
        review::actions::sign(&mut tx, who, &review, Some(&nothing_found), "同意公开。").await?;
    }
    tx.commit().await.map(drop)
}

/// A number kept back, one given beforehand, and a class proposed for the newest draft and signed by the head.
async fn numbers(db: &Db, district: &District, office: &Office) -> anyhow::Result<()> {
    let staff = &office.disclosure_officer;
    let filter =
        DeskFilter { agency_id: office.agency.id.clone(), tab: Tab::Drafting, ..DeskFilter::default() };
    let drafts = desk::list(&mut *db.read().await?, staff, &filter, Page::new(1, 1)).await?;
    let mut tx = db.begin(&staff.actor(), district.now).await?;
    index_numbers::reserve(&mut tx, staff, &office.agency.id, Some(1), "纸质文件补登").await?;
    if let Some(draft) = drafts.lines.iter().find(|draft| !draft.disclosure_class.is_empty()) {
        index_numbers::number_draft(&mut tx, staff, &draft.entry_id).await?;
        let opinion = class_opinions::propose(&mut tx, staff, &draft.edition_id).await?;
        tx.acting_as(&office.section_head.actor(), district.now);
        class_opinions::decide(&mut tx, &office.section_head, &opinion, "agreed", "内容可以公开。").await?;
    }
    tx.commit().await.map(drop)
}

/// The district's office has published one issue and is at work on the next.
async fn issue(db: &Db, district: &District) -> anyhow::Result<()> {
    let office = district.office("office")?;
    let staff = &office.disclosure_officer;
    let mut documents = Vec::new();
    for office in &district.offices {
        let entries = public_entries(&mut *db.read().await?, &office.agency.code, "", "", 5_000).await?;
        documents.extend(entries.into_iter().filter(|entry| entry.genre == "normative_document").take(2));
    }
    let mut tx = db.begin(&staff.actor(), district.now).await?;
    let first = gazette::begin(&mut tx, staff, &office.agency.id).await?;
    for document in documents.iter().take(5) {
        gazette::add(&mut tx, staff, &first, &document.index_number).await?;
    }
    if !documents.is_empty() {
        gazette::publish(&mut tx, staff, &first).await?;
        let next = gazette::begin(&mut tx, staff, &office.agency.id).await?;
        for document in documents.iter().skip(5).take(2) {
            gazette::add(&mut tx, staff, &next, &document.index_number).await?;
        }
    }
    tx.commit().await.map(drop)
}
