//! Writing entries and editions, and reading what a change needs.

use super::validation::Content;
use super::{Attachment, Edition, EditionState};
use crate::db::Conn;

macro_rules! edition_columns {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.entry_id, e.agency_id, e.catalogue_line_id AS line_id, d.ordinal, d.state, d.title, \
             d.summary, d.body_html, d.document_number, d.genre, d.keywords, d.source, d.validity, d.made_on, \
             d.disclosure_class, d.class_reason, d.change_note, d.co_issuers, d.theme, d.subtheme, d.effective_on, \
             d.expires_on, d.contact, d.author_id, d.content_hash, d.submitted_at, \
             d.created_at, d.updated_at, d.version \
             FROM editions d JOIN entries e ON e.id = d.entry_id ",
            $rest
        )
    };
}

pub(crate) async fn edition(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Edition>> {
    sqlx::query_as(edition_columns!("WHERE d.id = $1")).bind(id).fetch_optional(conn).await
}

pub(crate) async fn newest_edition(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Option<Edition>> {
    sqlx::query_as(edition_columns!("WHERE d.entry_id = $1 ORDER BY d.ordinal DESC LIMIT 1"))
        .bind(entry_id)
        .fetch_optional(conn)
        .await
}

/// Live editions with the hash that was released, in the order of their ids.
pub(super) async fn live_after(
    conn: &mut Conn,
    edition_id: &str,
    limit: i64,
) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as(
        "SELECT r.edition_id, r.content_hash FROM releases r JOIN entries e ON e.live_edition_id = r.edition_id \
         WHERE r.edition_id > $1 ORDER BY r.edition_id LIMIT $2",
    )
    .bind(edition_id)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub(crate) async fn attachments(conn: &mut Conn, edition_id: &str) -> sqlx::Result<Vec<Attachment>> {
    sqlx::query_as(
        "SELECT t.id, t.edition_id, t.name, t.file_sha256, f.size, f.media_type \
         FROM attachments t JOIN files f ON f.sha256 = t.file_sha256 WHERE t.edition_id = $1 ORDER BY t.position, t.id",
    )
    .bind(edition_id)
    .fetch_all(conn)
    .await
}

pub(crate) async fn attachment(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Attachment>> {
    sqlx::query_as(
        "SELECT t.id, t.edition_id, t.name, t.file_sha256, f.size, f.media_type \
         FROM attachments t JOIN files f ON f.sha256 = t.file_sha256 WHERE t.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

pub(crate) async fn agency_of_entry(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT agency_id FROM entries WHERE id = $1")
        .bind(entry_id)
        .fetch_optional(conn)
        .await
}

pub(super) async fn agency_of_line(conn: &mut Conn, line_id: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT agency_id FROM catalogue_lines WHERE id = $1")
        .bind(line_id)
        .fetch_optional(conn)
        .await
}

pub(super) async fn set_line(conn: &mut Conn, entry_id: &str, line_id: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE entries SET catalogue_line_id = $1 WHERE id = $2")
        .bind(line_id)
        .bind(entry_id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn insert_entry(
    conn: &mut Conn,
    id: &str,
    agency_id: &str,
    line_id: &str,
    created_by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO entries (id, agency_id, catalogue_line_id, created_by, created_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(agency_id)
    .bind(line_id)
    .bind(created_by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn insert_edition(
    conn: &mut Conn,
    id: &str,
    entry_id: &str,
    ordinal: i64,
    c: &Content,
    author_id: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO editions (id, entry_id, ordinal, state, title, summary, body_html, document_number, genre, \
         keywords, source, validity, made_on, disclosure_class, class_reason, change_note, author_id, created_at, \
         updated_at, updated_by, co_issuers, theme, subtheme, effective_on, expires_on, contact) \
         VALUES ($1, $2, $3, 'drafting', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $16, \
         $18, $19, $20, $21, $22, $23)",
    )
    .bind(id)
    .bind(entry_id)
    .bind(ordinal)
    .bind(&c.title)
    .bind(&c.summary)
    .bind(&c.body_html)
    .bind(&c.document_number)
    .bind(&c.genre)
    .bind(&c.keywords)
    .bind(&c.source)
    .bind(&c.validity)
    .bind(&c.made_on)
    .bind(&c.disclosure_class)
    .bind(&c.class_reason)
    .bind(&c.change_note)
    .bind(author_id)
    .bind(now)
    .bind(&c.co_issuers)
    .bind(&c.theme)
    .bind(&c.subtheme)
    .bind(&c.effective_on)
    .bind(&c.expires_on)
    .bind(&c.contact)
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes over the version that was read; false when another was saved meanwhile.
pub(super) async fn update_content(
    conn: &mut Conn,
    id: &str,
    version: i64,
    c: &Content,
    by: &str,
    now: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE editions SET title = $1, summary = $2, body_html = $3, document_number = $4, genre = $5, \
         keywords = $6, source = $7, validity = $8, made_on = $9, disclosure_class = $10, class_reason = $11, \
         change_note = $12, updated_by = $13, updated_at = $14, co_issuers = $17, theme = $18, subtheme = $19, \
         effective_on = $20, expires_on = $21, contact = $22, version = version + 1 \
         WHERE id = $15 AND version = $16 AND content_hash IS NULL",
    )
    .bind(&c.title)
    .bind(&c.summary)
    .bind(&c.body_html)
    .bind(&c.document_number)
    .bind(&c.genre)
    .bind(&c.keywords)
    .bind(&c.source)
    .bind(&c.validity)
    .bind(&c.made_on)
    .bind(&c.disclosure_class)
    .bind(&c.class_reason)
    .bind(&c.change_note)
    .bind(by)
    .bind(now)
    .bind(id)
    .bind(version)
    .bind(&c.co_issuers)
    .bind(&c.theme)
    .bind(&c.subtheme)
    .bind(&c.effective_on)
    .bind(&c.expires_on)
    .bind(&c.contact)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn insert_author(conn: &mut Conn, edition_id: &str, person_id: &str) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO edition_authors (edition_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(edition_id)
        .bind(person_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Who saved last, and when.
pub(super) async fn last_saved(conn: &mut Conn, edition_id: &str) -> sqlx::Result<(String, String)> {
    sqlx::query_as(
        "SELECT u.name, d.updated_at FROM editions d JOIN users u ON u.id = d.updated_by WHERE d.id = $1",
    )
    .bind(edition_id)
    .fetch_one(conn)
    .await
}

/// Fixes the content under its hash; false when another version was saved meanwhile.
pub(super) async fn fix_content(
    conn: &mut Conn,
    id: &str,
    version: i64,
    (hash, class_opinion_id): (&str, Option<&str>),
    now: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE editions SET state = 'in_review', content_hash = $1, submitted_at = $2, updated_at = $2, \
         class_opinion_id = $5 WHERE id = $3 AND version = $4 AND content_hash IS NULL",
    )
    .bind(hash)
    .bind(now)
    .bind(id)
    .bind(version)
    .bind(class_opinion_id)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn set_state(conn: &mut Conn, id: &str, state: EditionState, now: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE editions SET state = $1, updated_at = $2 WHERE id = $3")
        .bind(state.code())
        .bind(now)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives the content back for writing.
pub(super) async fn reopen(conn: &mut Conn, id: &str, state: EditionState, now: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE editions SET state = $1, content_hash = NULL, updated_at = $2 WHERE id = $3")
        .bind(state.code())
        .bind(now)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn insert_attachment(
    conn: &mut Conn,
    id: &str,
    edition_id: &str,
    sha256: &str,
    name: &str,
    position: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO attachments (id, edition_id, file_sha256, name, position) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(edition_id)
    .bind(sha256)
    .bind(name)
    .bind(position)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn last_attachment_position(conn: &mut Conn, edition_id: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT COALESCE(MAX(position), 0) FROM attachments WHERE edition_id = $1")
        .bind(edition_id)
        .fetch_one(conn)
        .await
}

pub(super) async fn delete_attachment(conn: &mut Conn, id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM attachments WHERE id = $1").bind(id).execute(conn).await?;
    Ok(())
}

/// The review that signed this edition over this hash.
pub(super) async fn signed_review(
    conn: &mut Conn,
    edition_id: &str,
    hash: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT id FROM reviews WHERE edition_id = $1 AND content_hash = $2 AND state = 'signed' \
         ORDER BY closed_at DESC LIMIT 1",
    )
    .bind(edition_id)
    .bind(hash)
    .fetch_optional(conn)
    .await
}

pub(super) async fn insert_release(
    conn: &mut Conn,
    edition: &Edition,
    review_id: &str,
    hash: &str,
    by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO releases (edition_id, entry_id, review_id, content_hash, released_by, released_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&edition.id)
    .bind(&edition.entry_id)
    .bind(review_id)
    .bind(hash)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn supersede_released(conn: &mut Conn, entry_id: &str, now: &str) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE editions SET state = 'superseded', updated_at = $1 WHERE entry_id = $2 AND state = 'released'",
    )
    .bind(now)
    .bind(entry_id)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn set_live(
    conn: &mut Conn,
    entry_id: &str,
    edition_id: &str,
    index_number: &str,
    now: &str,
    today: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE entries SET live_edition_id = $1, index_number = $2, last_released_at = $3, \
         first_released_at = COALESCE(first_released_at, $3), first_released_on = COALESCE(first_released_on, $4), \
         withdrawn_at = NULL, withdrawal_class = NULL, withdrawal_reason = NULL WHERE id = $5",
    )
    .bind(edition_id)
    .bind(index_number)
    .bind(now)
    .bind(today)
    .bind(entry_id)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
pub(super) struct WithdrawableRow {
    pub agency_id: String,
    pub live_edition_id: Option<String>,
    pub withdrawn_at: Option<String>,
}

pub(super) async fn withdrawable(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Option<WithdrawableRow>> {
    sqlx::query_as("SELECT agency_id, live_edition_id, withdrawn_at FROM entries WHERE id = $1")
        .bind(entry_id)
        .fetch_optional(conn)
        .await
}

pub(super) async fn set_withdrawn(
    conn: &mut Conn,
    entry_id: &str,
    class: &str,
    reason: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE entries SET withdrawn_at = $1, withdrawal_class = $2, withdrawal_reason = $3 WHERE id = $4",
    )
    .bind(now)
    .bind(class)
    .bind(reason)
    .bind(entry_id)
    .execute(conn)
    .await?;
    Ok(())
}

/// The other sides of the pairs an entry stands in: what explains it, what it explains. Id and agency.
pub(super) async fn partners(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as(
        "SELECT i.document_id, i.agency_id FROM interpretations i WHERE i.entry_id = $1 \
         UNION SELECT i.entry_id, i.agency_id FROM interpretations i WHERE i.document_id = $1",
    )
    .bind(entry_id)
    .fetch_all(conn)
    .await
}

/// What someone typed and did not save; without a form it only says that they are there.
pub(super) async fn put_working(
    conn: &mut Conn,
    edition_id: &str,
    person_id: &str,
    version: i64,
    form: Option<&str>,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO draft_workings (edition_id, person_id, version, form, saved_at, seen_at) \
         VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (edition_id, person_id) DO UPDATE SET \
         version = CASE WHEN excluded.form IS NULL THEN draft_workings.version ELSE excluded.version END, \
         form = COALESCE(excluded.form, draft_workings.form), \
         saved_at = CASE WHEN excluded.form IS NULL THEN draft_workings.saved_at ELSE excluded.saved_at END, \
         seen_at = excluded.seen_at",
    )
    .bind(edition_id)
    .bind(person_id)
    .bind(version)
    .bind(form)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn working(
    conn: &mut Conn,
    edition_id: &str,
    person_id: &str,
) -> sqlx::Result<Option<(i64, String, String)>> {
    sqlx::query_as(
        "SELECT version, form, saved_at FROM draft_workings \
         WHERE edition_id = $1 AND person_id = $2 AND form IS NOT NULL",
    )
    .bind(edition_id)
    .bind(person_id)
    .fetch_optional(conn)
    .await
}

/// Others seen at the draft since a moment: name, when, and whether they typed something.
pub(super) async fn at_draft(
    conn: &mut Conn,
    edition_id: &str,
    but: &str,
    since: &str,
) -> sqlx::Result<Vec<(String, String, i64)>> {
    sqlx::query_as(
        "SELECT u.name, w.seen_at, CASE WHEN w.form IS NULL THEN 0 ELSE 1 END FROM draft_workings w \
         JOIN users u ON u.id = w.person_id \
         WHERE w.edition_id = $1 AND w.person_id <> $2 AND w.seen_at >= $3 ORDER BY w.seen_at DESC",
    )
    .bind(edition_id)
    .bind(but)
    .bind(since)
    .fetch_all(conn)
    .await
}

pub(super) async fn delete_working(conn: &mut Conn, edition_id: &str, person_id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM draft_workings WHERE edition_id = $1 AND person_id = $2")
        .bind(edition_id)
        .bind(person_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes an edition that was never submitted, and with the first one its entry.
pub(super) async fn delete_draft(
    conn: &mut Conn,
    edition: &Edition,
    is_whole_entry: bool,
) -> sqlx::Result<()> {
    for sql in [
        "DELETE FROM draft_workings WHERE edition_id = $1",
        "DELETE FROM attachments WHERE edition_id = $1",
        "DELETE FROM report_entry_checks WHERE edition_id = $1",
        "DELETE FROM editions WHERE id = $1",
        // Only once the edition is gone: until then its authors stay its authors.
        "DELETE FROM edition_authors WHERE edition_id = $1",
    ] {
        sqlx::query(sql).bind(&edition.id).execute(&mut *conn).await?;
    }
    if is_whole_entry {
        for sql in
            ["DELETE FROM word_check_exceptions WHERE entry_id = $1", "DELETE FROM entries WHERE id = $1"]
        {
            sqlx::query(sql).bind(&edition.entry_id).execute(&mut *conn).await?;
        }
    }
    Ok(())
}
