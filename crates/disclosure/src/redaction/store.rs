use gongkai_statute::grounds::Ground;

use super::{Applied, Marked, Redaction, Stored, Subject};
use crate::db::Conn;

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    agency_id: String,
    subject: String,
    subject_id: String,
    place_id: String,
    name: String,
    media_type: String,
    original_sha256: String,
    pages: i64,
    areas: String,
    version: i64,
    begun_by: String,
    saved_by: String,
    saved_at: String,
    applied_by: Option<String>,
    applied_by_name: Option<String>,
    applied_at: Option<String>,
    result_sha256: Option<String>,
    result_name: Option<String>,
    checks: Option<String>,
}

impl Row {
    fn typed(self) -> anyhow::Result<Redaction> {
        let unknown = |what: &str| anyhow::anyhow!("stored code {what:?} is unknown");
        let stored: Vec<Stored> = serde_json::from_str(&self.areas)?;
        let marked = stored.into_iter().map(|one| {
            let ground = Ground::from_code(&one.ground).ok_or_else(|| unknown(&one.ground))?;
            Ok(Marked { area: one.area, ground })
        });
        let applied = match (self.applied_by, self.applied_at, self.result_sha256, self.result_name) {
            (Some(by), Some(at), Some(sha256), Some(name)) => Some(Applied {
                by_name: self.applied_by_name.unwrap_or_default(),
                checks: serde_json::from_str(self.checks.as_deref().unwrap_or("[]"))?,
                by,
                at,
                sha256,
                name,
            }),
            _ => None,
        };
        Ok(Redaction {
            subject: Subject::from_code(&self.subject).ok_or_else(|| unknown(&self.subject))?,
            marked: marked.collect::<anyhow::Result<_>>()?,
            pages: u32::try_from(self.pages)?,
            id: self.id,
            agency_id: self.agency_id,
            subject_id: self.subject_id,
            place_id: self.place_id,
            name: self.name,
            media_type: self.media_type,
            original_sha256: self.original_sha256,
            version: self.version,
            begun_by: self.begun_by,
            saved_by: self.saved_by,
            saved_at: self.saved_at,
            applied,
        })
    }
}

pub async fn by_id(conn: &mut Conn, id: &str) -> anyhow::Result<Option<Redaction>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT r.id, r.agency_id, r.subject, r.subject_id, r.place_id, r.name, r.media_type, r.original_sha256, r.pages, \
         r.areas, r.version, r.begun_by, r.saved_by, r.saved_at, r.applied_by, u.name AS applied_by_name, r.applied_at, \
         r.result_sha256, r.result_name, r.checks \
         FROM redactions r LEFT JOIN users u ON u.id = r.applied_by WHERE r.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?;
    row.map(Row::typed).transpose()
}

/// Those of a request or an entry, newest last.
pub async fn of_place(conn: &mut Conn, place_id: &str) -> anyhow::Result<Vec<Redaction>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT r.id, r.agency_id, r.subject, r.subject_id, r.place_id, r.name, r.media_type, r.original_sha256, r.pages, \
         r.areas, r.version, r.begun_by, r.saved_by, r.saved_at, r.applied_by, u.name AS applied_by_name, r.applied_at, \
         r.result_sha256, r.result_name, r.checks \
         FROM redactions r LEFT JOIN users u ON u.id = r.applied_by WHERE r.place_id = $1 ORDER BY r.id",
    )
    .bind(place_id)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::typed).collect()
}

pub(super) async fn open_of(conn: &mut Conn, subject: Subject, id: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT id FROM redactions WHERE subject = $1 AND subject_id = $2 AND applied_at IS NULL",
    )
    .bind(subject.code())
    .bind(id)
    .fetch_optional(conn)
    .await
}

fn stored(marked: &[Marked]) -> anyhow::Result<String> {
    let stored: Vec<Stored> =
        marked.iter().map(|one| Stored { area: one.area, ground: one.ground.code().to_owned() }).collect();
    Ok(serde_json::to_string(&stored)?)
}

pub(super) async fn insert(conn: &mut Conn, one: &Redaction) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO redactions (id, agency_id, subject, subject_id, place_id, name, media_type, original_sha256, pages, \
         areas, version, begun_by, begun_at, saved_by, saved_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $12, $13)",
    )
    .bind(&one.id)
    .bind(&one.agency_id)
    .bind(one.subject.code())
    .bind(&one.subject_id)
    .bind(&one.place_id)
    .bind(&one.name)
    .bind(&one.media_type)
    .bind(&one.original_sha256)
    .bind(i64::from(one.pages))
    .bind(stored(&one.marked)?)
    .bind(one.version)
    .bind(&one.begun_by)
    .bind(&one.saved_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether it was saved: not when somebody did so in between.
pub(super) async fn save(
    conn: &mut Conn,
    one: &Redaction,
    marked: &[Marked],
    by: &str,
    now: &str,
) -> anyhow::Result<bool> {
    let saved = sqlx::query(
        "UPDATE redactions SET areas = $1, version = version + 1, saved_by = $2, saved_at = $3 \
         WHERE id = $4 AND version = $5 AND applied_at IS NULL",
    )
    .bind(stored(marked)?)
    .bind(by)
    .bind(now)
    .bind(&one.id)
    .bind(one.version)
    .execute(conn)
    .await?;
    Ok(saved.rows_affected() == 1)
}

pub(super) async fn apply(conn: &mut Conn, one: &Redaction, applied: &Applied) -> anyhow::Result<bool> {
    let saved = sqlx::query(
        "UPDATE redactions SET applied_by = $1, applied_at = $2, result_sha256 = $3, result_name = $4, checks = $5, \
         version = version + 1 WHERE id = $6 AND version = $7 AND applied_at IS NULL",
    )
    .bind(&applied.by)
    .bind(&applied.at)
    .bind(&applied.sha256)
    .bind(&applied.name)
    .bind(serde_json::to_string(&applied.checks)?)
    .bind(&one.id)
    .bind(one.version)
    .execute(conn)
    .await?;
    Ok(saved.rows_affected() == 1)
}

pub(super) async fn delete(conn: &mut Conn, id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM redactions WHERE id = $1 AND applied_at IS NULL").bind(id).execute(conn).await?;
    Ok(())
}

/// A draft about a file that is taken off goes with it.
pub(crate) async fn forget_draft_of(conn: &mut Conn, subject_id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM redactions WHERE subject_id = $1 AND applied_at IS NULL")
        .bind(subject_id)
        .execute(conn)
        .await?;
    Ok(())
}
