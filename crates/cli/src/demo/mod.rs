//! An invented district with two years of work, told through the same actions that officers use.
//!
//! Each part is a file with `fill(db, district, progress)`; `progress(n)` says that n more records are done.
//! Work is told from [`District::beginning`] up to [`District::now`].

mod connections;
mod dice;
mod district;
mod publishing;
mod registers;
mod reporting;
mod requests;

use gongkai_disclosure::audit::{self, Act, Actor};
use gongkai_disclosure::db::Db;
use gongkai_disclosure::files::FileStore;
use gongkai_web::palette::Palette;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use serde_json::json;

pub(crate) use dice::Dice;
pub(crate) use district::{District, PASSWORD};

use crate::config::{Config, Portal};

/// The act that says that the demo was filled to its end.
const FILLED: &str = "demo_filled";

/// What a database holds of the demo.
pub(crate) enum Filled {
    Not,
    Whole,
    /// Something else, or a part.
    Otherwise,
}

pub(crate) async fn state(db: &Db) -> anyhow::Result<Filled> {
    if !db.pending_migrations().await?.is_empty() {
        return Ok(Filled::Otherwise);
    }
    let mut conn = db.read().await?;
    let is_whole = audit::history(&mut conn, FILLED).await?.iter().any(|link| link.act == FILLED);
    Ok(match (is_whole, audit::position(&mut conn).await?) {
        (true, _) => Filled::Whole,
        (false, 0) => Filled::Not,
        (false, _) => Filled::Otherwise,
    })
}

/// Fills an empty database, with a bar that says how far it is.
pub(crate) async fn fill(db: &Db, files: &FileStore, now: Timestamp) -> anyhow::Result<()> {
    let bar = ProgressBar::new(STEPS.iter().sum());
    bar.set_style(ProgressStyle::with_template("{msg:>12} {wide_bar} {pos}/{len}  {elapsed}")?);
    let progress = |n| {
        bar.inc(n);
    };
    let phase = |name: &'static str| {
        if bar.is_hidden() {
            eprintln!("准备演示数据：{name}");
        }
        bar.set_message(name);
    };

    claim(db, now).await?;
    phase("机关与账号");
    let district = district::fill(db, now, &progress).await?;
    phase("主动公开");
    publishing::fill(db, files, &district, &progress).await?;
    phase("依申请公开");
    requests::fill(db, files, &district, &progress).await?;
    // Last: the reports count what the other parts made.
    phase("台账与年报");
    reporting::fill(db, &district, &progress).await?;
    phase("期限与公报");
    registers::fill(db, &district, &progress).await?;
    connections::fill(db, &district).await?;

    let mut tx = db.begin(&Actor::Program("demo"), district.now).await?;
    tx.record(Act::new("demo", FILLED, "", FILLED, json!({"version": env!("CARGO_PKG_VERSION")})));
    tx.commit().await?;
    bar.finish_and_clear();
    Ok(())
}

/// Lets one program fill a database: a second one at the same moment is turned away, for both together would
/// make a mix.
async fn claim(db: &Db, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = db.begin(&Actor::Program("demo"), now).await?;
    let claimed_before = tx.next_number("demo").await? > 1;
    anyhow::ensure!(!claimed_before, "另一个 gongkai demo 正在准备这个数据库。请等它完成。");
    tx.record(Act::new("demo", "demo_begun", "", FILLED, json!({})));
    tx.commit().await?;
    Ok(())
}

/// About how many records each part makes, for the bar alone.
const STEPS: [u64; 5] = [30, publishing::STEPS, 168, reporting::RECORDS, registers::RECORDS];

/// Where the town of the demo has its own portal; browsers know that it is this machine.
pub(crate) const PORTAL: &str = "songxi.localhost";

/// What the demo's portals say of themselves.
pub(crate) fn introduce(config: &mut Config) {
    let site = &mut config.site;
    site.name = "青禾区政府信息公开".into();
    site.organisation = "青禾区人民政府办公室".into();
    site.phone = "0000-6600100".into();
    site.address = "青禾区禾丰大道1号".into();
    site.office_hours = district::OFFICE_HOURS.into();
    config.portals = vec![Portal {
        domain: PORTAL.into(),
        agency: "songxi".into(),
        name: "松溪镇政府信息公开".into(),
        organisation: "青禾区松溪镇人民政府".into(),
        colour: Palette::Pine,
        phone: "0000-6601100".into(),
        address: "青禾区松溪镇溪口街2号".into(),
        office_hours: district::OFFICE_HOURS.into(),
        ..Portal::default()
    }];
}

/// The accounts as a table: who can try what.
pub(crate) async fn accounts(db: &Db) -> anyhow::Result<Vec<[String; 4]>> {
    let mut rows = vec![["用户名", "角色", "姓名", "机关"].map(String::from)];
    for person in gongkai_disclosure::accounts::staff_list(&mut *db.read().await?, None).await? {
        let roles: Vec<&str> = person.roles.iter().map(|role| role.label()).collect();
        rows.push([person.username, roles.join("、"), person.name, person.agency_name]);
    }
    Ok(rows)
}
