//! Two years of publishing: thousands of entries, each through the same actions officers use, in the order
//! of time.

mod document;
mod plan;
mod text;

use anyhow::{Context, anyhow};
use gongkai_disclosure::accounts::Staff;
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::catalogue;
use gongkai_disclosure::db::{Db, Tx};
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::files::{FileStore, Prepared};
use gongkai_disclosure::publishing::actions::{attach, draft_entry, revise, save_draft, submit, withdraw};
use gongkai_disclosure::review::ConfidentialityChecklist;
use gongkai_disclosure::review::actions::{return_for_revision, sign};

use super::Dice;
use super::district::{District, Office};
use plan::{Event, Life, Step};

/// Acts in one transaction: as many as keep it short and make the rest cheap.
const BATCH: usize = 400;

/// About how many entries this makes, for the bar.
pub(super) const STEPS: u64 = 3_400;

/// Tells two years of publishing.
pub(crate) async fn fill(
    db: &Db,
    files: &FileStore,
    district: &District,
    progress: &dyn Fn(u64),
) -> anyhow::Result<()> {
    install_catalogues(db, district).await?;
    let mut lines = Vec::new();
    let mut conn = db.read().await?;
    for office in &district.offices {
        lines.push(catalogue::lines(&mut conn, &office.agency.id).await?);
    }
    drop(conn);
    let codes: Vec<Vec<String>> =
        lines.iter().map(|of_office| of_office.iter().map(|line| line.code.clone()).collect()).collect();

    let themes = text::themes()?;
    let (lives, events) = plan::plan(district, &themes, &codes)?;
    let mut running = Running {
        district,
        lives: &lives,
        now: lives.iter().map(|_| Standing::default()).collect(),
        files,
        dice: Dice::new(0xB0_0C),
    };
    for batch in events.chunks(BATCH) {
        let mut tx = db.begin(&Actor::Program("demo"), batch[0].at).await?;
        let mut drafted = 0;
        for event in batch {
            let life = &lives[event.life];
            let line = lines[life.office].iter().find(|line| line.code == life.line);
            let line = line.with_context(|| format!("no line {}", life.line))?;
            running
                .step(&mut tx, event, &line.id)
                .await
                .with_context(|| format!("{:?} of “{}”", event.step, life.draft.title))?;
            drafted += u64::from(event.step == Step::Draft);
        }
        tx.commit().await?;
        progress(drafted);
    }
    Ok(())
}

async fn install_catalogues(db: &Db, district: &District) -> anyhow::Result<()> {
    let mut tx = db.begin(&Actor::Program("demo"), district.beginning()).await?;
    for office in &district.offices {
        let own = match office.agency.code.as_str() {
            "finance" => "bureau_finance",
            "civil-affairs" => "bureau_civil_affairs",
            _ => match office.agency.kind.as_str() {
                "town" => "town",
                "subdistrict" => "subdistrict",
                _ => "district_office",
            },
        };
        for name in ["common", own] {
            let starting = catalogue::starting(name)?;
            catalogue::actions::install(&mut tx, &office.agency.id, &starting).await?;
        }
    }
    let whole = catalogue::starting("government")?;
    catalogue::actions::install(&mut tx, &district.government.agency.id, &whole).await?;
    tx.commit().await?;
    Ok(())
}

/// How far an entry has come.
#[derive(Default)]
struct Standing {
    entry_id: String,
    edition_id: String,
    review_id: String,
    version: i64,
}

struct Running<'a> {
    district: &'a District,
    lives: &'a [Life],
    now: Vec<Standing>,
    files: &'a FileStore,
    dice: Dice,
}

impl Running<'_> {
    async fn step(&mut self, tx: &mut Tx, event: &Event, line_id: &str) -> anyhow::Result<()> {
        let life = &self.lives[event.life];
        let office = &self.district.offices[life.office];
        let standing = &mut self.now[event.life];
        let officer = &office.disclosure_officer;
        let who = match event.step {
            Step::Sign(stage) => signer(office, stage)?,
            Step::Return => &office.section_head,
            _ => officer,
        };
        tx.acting_as(&who.actor(), event.at);
        match event.step {
            Step::Draft => {
                let drafted = draft_entry(tx, officer, line_id, &life.draft).await.map_err(told)?;
                standing.entry_id = drafted.entry_id;
                standing.edition_id = drafted.edition_id;
                standing.version = 1;
            }
            Step::Attach => {
                let name = life.attachment.as_deref().unwrap_or("附件.docx");
                let file = self.file(name, event.life).await?;
                let standing = &self.now[event.life];
                attach(tx, officer, &standing.edition_id, &file).await.map_err(told)?;
            }
            Step::Submit => {
                standing.review_id =
                    submit(tx, officer, &standing.edition_id, standing.version).await.map_err(told)?;
            }
            Step::Sign(_) => {
                let checklist = ConfidentialityChecklist {
                    state_secrets: Some(false),
                    work_secrets: Some(false),
                    trade_secrets: Some(false),
                    personal_privacy: Some(false),
                    ground: self.dice.pick(GROUNDS).to_string(),
                };
                let opinion = *self.dice.pick(OPINIONS);
                let review_id = &self.now[event.life].review_id;
                sign(tx, who, review_id, Some(&checklist), opinion).await.map_err(told)?;
            }
            Step::Return => {
                let reason = *self.dice.pick(RETURNS);
                let review_id = &self.now[event.life].review_id;
                return_for_revision(tx, who, review_id, reason).await.map_err(told)?;
            }
            Step::SaveAgain | Step::SaveRevision => {
                let draft = match event.step {
                    Step::SaveAgain => &life.draft,
                    _ => life.revision.as_ref().context("a revision that was planned")?,
                };
                save_draft(tx, officer, &standing.edition_id, standing.version, draft).await.map_err(told)?;
                standing.version += 1;
            }
            Step::Revise => {
                let revised = revise(tx, officer, &standing.entry_id).await.map_err(told)?;
                standing.edition_id = revised.edition_id;
                standing.version = 1;
            }
            Step::Withdraw => {
                let (class, reason) = *self.dice.pick(WITHDRAWALS);
                let entry_id = &self.now[event.life].entry_id;
                withdraw(tx, officer, entry_id, class, reason).await.map_err(told)?;
            }
        }
        Ok(())
    }

    async fn file(&self, name: &str, life: usize) -> anyhow::Result<Prepared> {
        let draft = &self.lives[life].draft;
        let mut lines = vec![draft.title.clone(), draft.source.clone()];
        lines.extend(draft.body.lines().map(|line| line.replace("<p>", "").replace("</p>", "")));
        let kept = self.files.keep(name, &document::document(name, &lines)).await.map_err(told)?;
        self.files.prepare(kept).await.map_err(told)
    }
}

fn signer(office: &Office, stage: usize) -> anyhow::Result<&Staff> {
    [&office.section_head, &office.confidentiality_officer, &office.leader]
        .get(stage - 1)
        .copied()
        .context("three stages")
}

/// A refusal in the demo is a mistake of the demo.
fn told<R: gongkai_disclosure::error::Refusal>(failure: Failure<R>) -> anyhow::Error {
    anyhow!("{failure}")
}

const OPINIONS: &[&str] =
    &["同意", "同意公开", "内容属实，同意", "已核对数据和联系方式，同意", "格式规范，同意发布", ""];
const GROUNDS: &[&str] = &[
    "经审查，不属于《条例》第十四条至第十六条规定的情形",
    "不涉及国家秘密、工作秘密、商业秘密和个人隐私，可以公开",
    "涉及的个人信息已作隐去处理，可以公开",
];
const RETURNS: &[&str] = &[
    "请核对第二段数据，与报表不一致。",
    "标题过长，请精简；正文缺少咨询电话。",
    "附件名称不规范，请改后再送。",
    "请补充政策依据的文号。",
];
const WITHDRAWALS: &[(&str, &str)] = &[
    ("mistaken", "正文数据有误，更正后将重新发布。"),
    ("duplicate", "与此前发布的信息重复，请查阅原信息。"),
    ("out_of_date", "所载安排已经结束，不再适用。"),
    ("third_party_rights", "公示内容涉及个人信息，处理后另行发布。"),
];

#[cfg(test)]
mod tests {
    use gongkai_disclosure::db::testing;
    use gongkai_disclosure::files::DEFAULT_LIMIT;
    use gongkai_disclosure::publishing::desk::{self, DeskFilter, Tab};
    use gongkai_disclosure::publishing::public::{self, Page};

    use super::*;

    #[tokio::test]
    async fn two_years_of_entries_in_every_state() {
        let test = testing::sqlite().await;
        let folder = tempfile::tempdir().unwrap();
        let files = FileStore::in_folder(folder.path(), DEFAULT_LIMIT).unwrap();
        let now = "2026-11-20T06:00:00Z".parse().unwrap();
        let district = super::super::district::fill(&test.db, now, &|_| ()).await.unwrap();
        let started = std::time::Instant::now();
        let count = std::cell::Cell::new(0);
        fill(&test.db, &files, &district, &|n| count.set(count.get() + n)).await.unwrap();
        eprintln!("{} entries in {:?}", count.get(), started.elapsed());
        assert!(count.get() >= 3_000, "{}", count.get());

        let mut conn = test.db.read().await.unwrap();
        let public = public::counts(&mut conn, 2026).await.unwrap();
        assert!(public.entries >= 3_000, "{}", public.entries);
        assert_eq!(public.by_agency.len(), 7);
        let mut tabs = [0; Tab::ALL.len()];
        for office in &district.offices {
            let filter = DeskFilter { agency_id: office.agency.id.clone(), ..DeskFilter::default() };
            let list =
                desk::list(&mut conn, &office.disclosure_officer, &filter, Page::new(1, 1)).await.unwrap();
            for (sum, tab) in tabs.iter_mut().zip(Tab::ALL) {
                *sum += list.count(tab);
            }
            let lines = catalogue::lines(&mut conn, &office.agency.id).await.unwrap();
            let today = gongkai_disclosure::time::day_in_china(now);
            let gaps = catalogue::gaps(&lines, today).len();
            assert!(gaps < lines.len() / 2, "{}: {gaps} of {} lines asleep", office.agency.code, lines.len());
        }
        eprintln!("tabs {tabs:?}");
        assert!(tabs.iter().all(|count| *count > 0), "every state has something to show: {tabs:?}");
        let verdict = gongkai_disclosure::audit::verify(&mut conn).await.unwrap();
        assert!(matches!(verdict, gongkai_disclosure::audit::Verdict::Whole { .. }), "{verdict:?}");
    }
}
