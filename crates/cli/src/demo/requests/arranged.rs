//! 移交、拆分、更正收件情况、盖章件、提交前的提示 — what happens to a few requests besides their way through the procedure.

use anyhow::Context;
use gongkai_disclosure::accounts::Role;
use gongkai_disclosure::accounts::actions::{NewUser, add_user};
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::db::Db;
use gongkai_disclosure::files::FileStore;
use gongkai_disclosure::letters::{Letter, seals};
use gongkai_disclosure::privacy::Keyring;
use gongkai_disclosure::publishing::public::newest;
use gongkai_disclosure::requests::evidence::{self, EvidenceKind};
use gongkai_disclosure::requests::offers::{self, Mark, Offered};
use gongkai_disclosure::requests::{self, Arrival, Dossier, RequestFilter, RequestState, actions};
use gongkai_disclosure::secrets;
use gongkai_disclosure::time::{day_in_china, start_of_day};
use gongkai_statute::applicants::ApplicantColumn;
use gongkai_statute::channels::Channel;
use gongkai_statute::decisions::Decision;
use gongkai_typeset::{Engine, FileFormat, Writing};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::plan::{self, before};
use super::{PICTURE, working_day_before};
use crate::demo::district::{Office, PASSWORD};
use crate::demo::{Dice, District};

pub(super) async fn fill(db: &Db, files: &FileStore, district: &District) -> anyhow::Result<()> {
    let office = district.office("songxi")?;
    let today = working_day_before(day_in_china(district.now));
    let mut dice = Dice::new(9_000);
    two_matters(db, files, district, office, today, &mut dice).await?;
    a_wrong_date(db, district, office, today, &mut dice).await?;
    sealed(db, files, office).await?;
    offered(db, district).await
}

/// In the morning of a day, but not after the moment of the demo.
fn at(district: &District, day: Date) -> Timestamp {
    (start_of_day(day) + SignedDuration::from_hours(10)).min(district.now)
}

/// One request about two matters, taken apart; the second goes to a colleague. 一事一申请.
async fn two_matters(
    db: &Db,
    files: &FileStore,
    district: &District,
    office: &Office,
    today: Date,
    dice: &mut Dice,
) -> anyhow::Result<()> {
    let ago = |working_days| at(district, before(today, working_days));
    let officer = &office.disclosure_officer;
    let mut tx = db.begin(&district.administrator.actor(), ago(6)).await?;
    let colleague = NewUser {
        username: "songxi.officer2".into(),
        name: "梅若溪".into(),
        title: "党政综合办科员".into(),
        agency_id: office.agency.id.clone(),
        password: PASSWORD.into(),
        grants: vec![(office.agency.id.clone(), Role::DisclosureOfficer)],
    };
    let colleague = add_user(&mut tx, colleague).await?;
    tx.commit().await?;

    let token = secrets::token();
    evidence::stage(db, files, ago(5), &token, EvidenceKind::Identity, "身份证明.png", PICTURE).await?;
    let kind = ApplicantColumn::NaturalPerson;
    let provided = Decision::Provided;
    let mut filing = plan::filing(kind, Channel::Online, provided, ("松溪镇", today.year()), 901, dice);
    let year = today.year() - 1;
    filing.description =
        format!("1、松溪镇{year}年农村公路养护的资金安排；\n2、松溪镇{year}年农村饮水工程的水质检测结果。");
    filing.stage = token;
    let mut tx = db.begin(&Actor::Public, ago(5)).await?;
    let number = actions::submit(&mut tx, &office.agency.code, &filing).await?.number;
    tx.commit().await?;
    let mut tx = db.begin(&officer.actor(), ago(4)).await?;
    let day = tx.today();
    actions::confirm_receipt(&mut tx, officer, &number, Some(day), "电话确认").await?;
    tx.commit().await?;
    let mut tx = db.begin(&officer.actor(), ago(3)).await?;
    let split = actions::split(&mut tx, officer, &number, &actions::subjects(&filing.description)).await?;
    let second = split_off(&mut tx, &split).await?;
    tx.commit().await?;
    let mut tx = db.begin(&officer.actor(), ago(2)).await?;
    actions::hand_over(&mut tx, officer, &second, &colleague, "饮水工程由这位同事负责").await?;
    tx.commit().await?;
    Ok(())
}

/// The number of the request that was taken off this one.
async fn split_off(tx: &mut gongkai_disclosure::db::Tx, whole: &Dossier) -> anyhow::Result<String> {
    let dossier = requests::by_number(tx.conn(), &whole.request.number).await?.context("the request")?;
    let event = dossier.events.last().context("an event")?;
    let number = event.detail["numbers"][0].as_str().context("a number")?;
    Ok(number.to_owned())
}

/// A registered letter whose day was noted wrongly and set right.
async fn a_wrong_date(
    db: &Db,
    district: &District,
    office: &Office,
    today: Date,
    dice: &mut Dice,
) -> anyhow::Result<()> {
    let (officer, posted, noted) = (&office.disclosure_officer, before(today, 7), before(today, 5));
    let kind = ApplicantColumn::NaturalPerson;
    let channel = Channel::RegisteredPost;
    let filing = plan::filing(kind, channel, Decision::Provided, ("松溪镇", today.year()), 902, dice);
    let arrival = |signed_on| Arrival {
        channel: Some(channel),
        submitted_on: Some(posted),
        signed_on: Some(signed_on),
        confirmed_on: None,
    };
    let mut tx = db.begin(&officer.actor(), at(district, noted)).await?;
    let filed = actions::register(&mut tx, officer, &office.agency.id, &filing, &arrival(noted)).await?;
    tx.commit().await?;
    let mut tx = db.begin(&officer.actor(), at(district, before(today, 3))).await?;
    let why = "核对挂号信回执，实际签收日早一个工作日。";
    let right = arrival(before(today, 6));
    actions::correct_receipt(&mut tx, officer, &filed.number, &right, why).await?;
    tx.commit().await?;
    Ok(())
}

/// 盖章件 of the newest reply that left the office.
async fn sealed(db: &Db, files: &FileStore, office: &Office) -> anyhow::Result<()> {
    let filter = RequestFilter {
        agencies: vec![office.agency.id.clone()],
        states: vec![RequestState::Replied, RequestState::Archived],
        ..RequestFilter::default()
    };
    let mut conn = db.read().await?;
    let far = jiff::civil::Date::MAX;
    let (rows, _) = requests::list(&mut conn, &filter, far, 1, 500).await?;
    let newest = rows.iter().max_by_key(|row| row.closed_on).context("a reply that left")?;
    let dossier = requests::by_number(&mut conn, &newest.number).await?.context("the request")?;
    drop(conn);
    let letter = dossier.reply().context("its reply")?;
    let (name, bytes) = stamped(letter, &dossier, db.keys())?;
    let file = files.keep(&name, &bytes).await.map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    let officer = &office.disclosure_officer;
    let issued = letter.issued_at.as_deref().and_then(|at| at.parse::<Timestamp>().ok());
    let mut tx = db.begin(&officer.actor(), issued.context("the moment it left")?).await?;
    seals::add(&mut tx, officer, &newest.number, &letter.id, &file).await?;
    tx.commit().await?;
    Ok(())
}

/// The letter as it would come back from the seal; a blank picture where this program lays out no pages.
fn stamped(letter: &Letter, dossier: &Dossier, keys: &Keyring) -> anyhow::Result<(String, Vec<u8>)> {
    let (title, agency) = (letter.kind.label(), &dossier.agency.name);
    let seal = "<p>（演示：此处为机关印章。）</p>";
    let html = format!("{}<p class=\"signature\">{}</p>{seal}", letter.body_html(keys)?, letter.shown_day());
    let writing = Writing::of_html(&format!("{title}（{}，盖章件）", letter.number), agency, &html);
    let day = letter.issued_on().unwrap_or(dossier.request.submitted_on);
    Ok(match writing.write(FileFormat::Pdf, day, &Engine::new(Vec::new())) {
        Some(Ok(pdf)) => (format!("{title}（盖章）.pdf"), pdf),
        _ => (format!("{title}（盖章）.png"), PICTURE.to_vec()),
    })
}

/// What was shown before sending, month by month: most were what people sought.
async fn offered(db: &Db, district: &District) -> anyhow::Result<()> {
    let shown = newest(&mut *db.read().await?, 6).await?;
    for (at, entry) in (0_i64..).zip(&shown) {
        let day = district.now - SignedDuration::from_hours(24 * 9 * (at + 1));
        let one = |mark| [Offered { index_number: entry.index_number.clone(), mark }];
        for _ in 0..(7 - at) {
            offers::leave(db, day, &entry.agency_code, &one(Mark::Helped)).await?;
        }
        offers::leave(db, day, &entry.agency_code, &one(Mark::Missed)).await?;
    }
    Ok(())
}
