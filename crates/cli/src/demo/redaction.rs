//! 遮盖: one file that is being marked and one that is done, each for a request under way.

use anyhow::Context;
use gongkai_disclosure::db::Db;
use gongkai_disclosure::files::FileStore;
use gongkai_disclosure::redaction::{Kind, Marked, Subject, Workshop, actions, by_id, find};
use gongkai_disclosure::requests::{self, RequestFilter, RequestState, enclosures};
use gongkai_disclosure::time::day_in_china;
use gongkai_statute::grounds::Ground;

use super::District;

/// Two pages with invented names and numbers.
const FORM: &[u8] = include_bytes!("../../../redaction/tests/samples/office.pdf");
const NAME: &str = "农村危房改造对象审批表.pdf";
const COVERED: [&str; 2] = ["990101199003071234", "990101198512056789"];

pub(crate) async fn fill(db: &Db, files: &FileStore, district: &District) -> anyhow::Result<()> {
    let workshop = Workshop::new(|| None);
    let texts = workshop.text(Kind::Pdf, FORM.to_vec()).await?;
    let ground = Ground::PersonalPrivacy;
    let marked: Vec<Marked> =
        COVERED.iter().flat_map(|words| find(&texts, words)).map(|area| Marked { area, ground }).collect();
    let filter = RequestFilter {
        agencies: district.offices.iter().map(|office| office.agency.id.clone()).collect(),
        states: vec![RequestState::InProgress],
        ..RequestFilter::default()
    };
    let mut conn = db.read().await?;
    let (open, _) = requests::list(&mut conn, &filter, day_in_china(district.now), 1, 2).await?;
    drop(conn);
    for (is_done, listed) in [true, false].into_iter().zip(open) {
        let dossier = requests::by_number(&mut *db.read().await?, &listed.number).await?;
        let agency_id = dossier.context("the request")?.request.agency_id;
        let office = district.offices.iter().find(|office| office.agency.id == agency_id);
        let officer = &office.context("the office")?.disclosure_officer;
        let prepared = files.prepare(files.keep(NAME, FORM).await?).await?;
        let mut tx = db.begin(&officer.actor(), district.now).await?;
        let id = enclosures::add(&mut tx, officer, &listed.number, &prepared).await?;
        let target = actions::target(tx.conn(), officer, Subject::Enclosure, &id).await?;
        let draft = actions::begin(&mut tx, officer, &target, 2).await?;
        actions::save(&mut tx, officer, &draft, 1, &marked).await?;
        if is_done {
            let one = by_id(tx.conn(), &draft).await?.context("the draft")?;
            let bytes = files.bytes(&one.original_sha256).await?;
            let done = workshop.burn(Kind::Pdf, bytes, one.areas()).await?;
            let result = files.prepare(files.keep(&one.usual_name(), &done.bytes).await?).await?;
            actions::apply(&mut tx, officer, &draft, one.version, &result, done.checks).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}
