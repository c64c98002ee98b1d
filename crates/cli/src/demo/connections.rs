//! Other systems of the district's office: one that sends drafts, one that was shut out, and one that was told of what is public.
//! The tokens themselves were shown once and stand nowhere.

use anyhow::Context;
use gongkai_disclosure::connections::actions::{NewToken, make_token, revoke_token};
use gongkai_disclosure::connections::{Outgoing, Scope, tokens, webhooks};
use gongkai_disclosure::db::Db;
use jiff::SignedDuration;

use super::District;

const HOURS: i64 = 24;

pub(crate) async fn fill(db: &Db, district: &District) -> anyhow::Result<()> {
    let office = district.office("office")?;
    let (staff, agency_id) = (&office.disclosure_officer, &office.agency.id);
    let at = |days_ago: i64| district.now - SignedDuration::from_hours(days_ago * HOURS);
    let both = vec![Scope::WriteDrafts.code().to_owned(), Scope::ReadDrafts.code().to_owned()];
    for (name, days_ago) in [("旧办公系统", 300), ("区政务服务审批系统", 60)] {
        let mut tx = db.begin(&staff.actor(), at(days_ago)).await?;
        let new = NewToken {
            agency_id: agency_id.clone(),
            name: name.into(),
            scopes: both.clone(),
            days: Some(366),
        };
        make_token(&mut tx, staff, new).await?;
        tx.commit().await?;
    }
    let held = tokens(&mut *db.read().await?, agency_id).await?;
    let old = held.iter().find(|token| token.name == "旧办公系统").context("the token was made")?;
    let mut tx = db.begin(&staff.actor(), at(61)).await?;
    revoke_token(&mut tx, staff, &old.id).await?;
    tx.commit().await?;

    // Stopped, so that the demo calls on nobody.
    let mut tx = db.begin(&staff.actor(), at(120)).await?;
    let url = "https://data.qinghe.example/hooks/gongkai";
    let hook =
        webhooks::add(&mut tx, staff, Outgoing::default(), agency_id, "区大数据中心共享平台", url).await?;
    tx.commit().await?;
    let mut tx = db.begin(&staff.actor(), at(30)).await?;
    webhooks::stop(&mut tx, staff, &hook.id).await?;
    tx.commit().await.map(drop)
}
