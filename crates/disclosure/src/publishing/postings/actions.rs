//! Recording a posting, and marking a mistaken record as void.

use jiff::civil::Date;
use serde_json::json;

use super::store::{self, Row};
use super::{NewPosting, PostingChannel, PostingRefusal as R};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::{Tx, is_taken};
use crate::error::{Result, refuse, unless_refused};
use crate::files::Prepared;
use crate::publishing::official_accounts::AccountPost;

/// 登记一次发布. `photo` is ready to go out: where it was taken is removed from it.
///
/// # Errors
/// All reasons at once. The same thing at the same place on the same day is recorded once, however often it is sent.
pub async fn record(
    tx: &mut Tx,
    staff: &Staff,
    new: &NewPosting,
    photo: Option<&Prepared>,
) -> Result<String, R> {
    if !staff.may(Permission::DraftEntries, &new.agency_id) {
        return refuse(R::Forbidden);
    }
    let mut reasons = Vec::new();
    let mut title = new.title.trim().to_owned();
    let entry_id = Some(new.entry_id.trim()).filter(|id| !id.is_empty());
    if let Some(id) = entry_id {
        match store::public_title(tx.conn(), id, &new.agency_id).await? {
            Some(of_entry) => title = of_entry,
            None => reasons.push(R::EntryNotPublic),
        }
    } else if title.is_empty() {
        reasons.push(R::Blank { field: "title", label: "发布的内容" });
    }
    let channel = PostingChannel::from_code(&new.channel);
    if channel.is_none() {
        reasons.push(R::ChannelMissing);
    }
    let (place, link, owner) = (new.place.trim(), new.link.trim(), new.owner.trim());
    let owner = if owner.is_empty() { staff.name.as_str() } else { owner };
    let is_online = channel.is_some_and(PostingChannel::is_online);
    if channel.is_some() && !is_online && place.is_empty() {
        reasons.push(R::Blank { field: "place", label: "地点" });
    }
    for (field, label, value, most) in [
        ("title", "发布的内容", title.as_str(), 200),
        ("place", "地点", place, 100),
        ("owner", "责任人", owner, 40),
        ("link", "链接", link, 500),
        ("note", "备注", new.note.trim(), 300),
    ] {
        if value.chars().count() > most {
            reasons.push(R::TooLong { field, label, most });
        }
    }
    let today = tx.today();
    let posted_on = match new.posted_on.trim() {
        "" => Some(today),
        typed => day(typed, "posted_on", &mut reasons),
    };
    if posted_on.is_some_and(|day| day > today) {
        reasons.push(R::InFuture);
    }
    let until_on = match new.until_on.trim() {
        "" => None,
        typed => day(typed, "until_on", &mut reasons),
    };
    if let (Some(from), Some(until)) = (posted_on, until_on)
        && until < from
    {
        reasons.push(R::EndsBefore);
    }
    let is_address = |link: &str| {
        (link.starts_with("https://") || link.starts_with("http://")) && !link.contains(char::is_whitespace)
    };
    if !link.is_empty() && !is_address(link) {
        reasons.push(R::LinkUnreadable);
    }
    if link.is_empty() && photo.is_none() && channel.is_some() {
        reasons.push(R::ProofMissing { is_online });
    }
    let is_picture = |photo: &Prepared| matches!(photo.file.media_type.as_str(), "image/png" | "image/jpeg");
    if photo.is_some_and(|photo| !is_picture(photo)) {
        reasons.push(R::NoPicture);
    }
    unless_refused(reasons)?;
    let (Some(channel), Some(posted_on)) = (channel, posted_on) else { return refuse(R::ChannelMissing) };

    let (id, now) = (tx.new_id(), tx.now_text());
    if let Some(photo) = photo {
        crate::files::note_prepared(tx.conn(), photo, &now).await?;
    }
    let posted_on = posted_on.to_string();
    let until_on = until_on.map(|day| day.to_string());
    let row = Row {
        id: &id,
        agency_id: &new.agency_id,
        entry_id,
        title: &title,
        channel: channel.code(),
        posted_on: &posted_on,
        until_on: until_on.as_deref(),
        place,
        owner,
        link,
        photo: photo.map(|photo| photo.file.sha256.as_str()),
        note: new.note.trim(),
    };
    match store::insert(tx.conn(), &row, &staff.user_id, &now).await {
        Err(e) if is_taken(&e) => return refuse(R::Twice),
        other => other?,
    }
    tx.record(Act::new(
        "publishing",
        "posted",
        &new.agency_id,
        entry_id.unwrap_or(&id),
        json!({"posting": id, "channel": channel.code(), "title": title, "posted_on": posted_on, "place": place,
               "owner": owner, "link": link, "photo": photo.map(|photo| &photo.file.sha256)}),
    ));
    Ok(id)
}

/// What an official account has published: a posting with its link, by whoever asked for it. Recorded once.
pub(crate) async fn by_account(
    tx: &mut Tx,
    post: &AccountPost,
    title: &str,
    link: &str,
) -> anyhow::Result<String> {
    let (id, now, today) = (tx.new_id(), tx.now_text(), tx.today().to_string());
    let row = Row {
        id: &id,
        agency_id: &post.agency_id,
        entry_id: Some(&post.entry_id),
        title,
        channel: &post.channel,
        posted_on: &today,
        until_on: None,
        place: "",
        owner: &post.asked_by_name,
        link,
        photo: None,
        note: "由官方接口发布",
    };
    store::insert(tx.conn(), &row, &post.asked_by, &now).await?;
    Ok(id)
}

/// 作废 — a record that was made by mistake; it stays visible and counts no more.
pub async fn void(tx: &mut Tx, staff: &Staff, id: &str, reason: &str) -> Result<(), R> {
    let Some(posting) = store::posting(tx.conn(), id).await? else { return refuse(R::Missing) };
    if !staff.may(Permission::DraftEntries, &posting.agency_id) {
        return refuse(R::Forbidden);
    }
    let mut reasons = Vec::new();
    if posting.voided_at.is_some() {
        reasons.push(R::AlreadyRemoved);
    }
    if reason.trim().is_empty() {
        reasons.push(R::Blank { field: "void_reason", label: "作废的原因" });
    }
    if reason.chars().count() > 200 {
        reasons.push(R::TooLong { field: "void_reason", label: "作废的原因", most: 200 });
    }
    unless_refused(reasons)?;
    let now = tx.now_text();
    store::set_void(tx.conn(), id, reason.trim(), &now).await?;
    tx.record(Act::new(
        "publishing",
        "posting_voided",
        &posting.agency_id,
        posting.entry_id.as_deref().unwrap_or(id),
        json!({"posting": id, "reason": reason.trim()}),
    ));
    Ok(())
}

fn day(typed: &str, field: &'static str, reasons: &mut Vec<R>) -> Option<Date> {
    let day = typed.parse().ok();
    if day.is_none() {
        reasons.push(R::DayUnreadable { field });
    }
    day
}
