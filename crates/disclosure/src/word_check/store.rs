use super::words::{Lists, Word};
use super::{FileTexts, MarkKind, Weight, WordKind};
use crate::db::Conn;

/// 例外 — what may stay as it is, and why.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Exception {
    pub id: String,
    pub entry_id: String,
    pub fingerprint: String,
    pub kind: String,
    /// Personal data in its masked form.
    pub shown: String,
    pub reason: String,
    pub asked_by: String,
    pub asked_by_name: String,
    pub asked_at: String,
    pub agreed_by_name: Option<String>,
    pub agreed_at: Option<String>,
}

impl Exception {
    pub fn is_agreed(&self) -> bool {
        self.agreed_at.is_some()
    }
}

macro_rules! exception_columns {
    ($rest:literal) => {
        concat!(
            "SELECT x.id, x.entry_id, x.fingerprint, x.kind, x.shown, x.reason, x.asked_by, a.name AS asked_by_name, \
             x.asked_at, b.name AS agreed_by_name, x.agreed_at FROM word_check_exceptions x \
             JOIN users a ON a.id = x.asked_by LEFT JOIN users b ON b.id = x.agreed_by ",
            $rest
        )
    };
}

/// All exceptions of an entry; they hold for its later editions too, as long as the same thing stands there.
pub async fn exceptions(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Vec<Exception>> {
    sqlx::query_as(exception_columns!("WHERE x.entry_id = $1 ORDER BY x.asked_at, x.id"))
        .bind(entry_id)
        .fetch_all(conn)
        .await
}

pub(super) async fn exception(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Exception>> {
    sqlx::query_as(exception_columns!("WHERE x.id = $1")).bind(id).fetch_optional(conn).await
}

pub(super) async fn insert_exception(
    conn: &mut Conn,
    id: &str,
    entry_id: &str,
    (fingerprint, kind, shown): (&str, MarkKind, &str),
    reason: &str,
    by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO word_check_exceptions (id, entry_id, fingerprint, kind, shown, reason, asked_by, asked_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id)
    .bind(entry_id)
    .bind(fingerprint)
    .bind(kind.code())
    .bind(shown)
    .bind(reason)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn set_agreed(conn: &mut Conn, id: &str, by: &str, now: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE word_check_exceptions SET agreed_by = $2, agreed_at = $3 WHERE id = $1")
        .bind(id)
        .bind(by)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn delete_exception(conn: &mut Conn, id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM word_check_exceptions WHERE id = $1").bind(id).execute(conn).await?;
    Ok(())
}

/// Who wrote at any edition of the entry that has not gone out.
pub(super) async fn authors(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT a.person_id FROM edition_authors a JOIN editions d ON d.id = a.edition_id \
         WHERE d.entry_id = $1 AND d.state IN ('drafting', 'in_review', 'returned', 'signed')",
    )
    .bind(entry_id)
    .fetch_all(conn)
    .await
}

/// A word of an agency's own list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OwnWord {
    pub agency_id: String,
    pub kind: String,
    pub word: String,
    pub instead: String,
    /// Code of [`Weight`], or `off`.
    pub weight: String,
    pub why: String,
    pub updated_by_name: String,
    pub updated_at: String,
}

/// The agency's own words, by kind and word.
pub async fn own_words(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<OwnWord>> {
    sqlx::query_as(
        "SELECT w.agency_id, w.kind, w.word, w.instead, w.weight, w.why, u.name AS updated_by_name, w.updated_at \
         FROM word_check_words w JOIN users u ON u.id = w.updated_by WHERE w.agency_id = $1 ORDER BY w.kind, w.word",
    )
    .bind(agency_id)
    .fetch_all(conn)
    .await
}

pub(super) async fn put_word(
    conn: &mut Conn,
    agency_id: &str,
    word: &Word,
    by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO word_check_words (agency_id, kind, word, instead, weight, why, updated_by, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (agency_id, word) DO UPDATE SET kind = $2, instead = $4, \
         weight = $5, why = $6, updated_by = $7, updated_at = $8",
    )
    .bind(agency_id)
    .bind(word.kind.code())
    .bind(&word.word)
    .bind(&word.instead)
    .bind(word.weight.map_or("off", Weight::code))
    .bind(&word.why)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn delete_word(conn: &mut Conn, agency_id: &str, word: &str) -> sqlx::Result<bool> {
    let done = sqlx::query("DELETE FROM word_check_words WHERE agency_id = $1 AND word = $2")
        .bind(agency_id)
        .bind(word)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// What an agency looks for: the starting words, those of the agency above, its own, and the numbers of its documents
/// that are not for everyone. `entry_id` is the entry looked at; its own number is no one else's.
pub async fn lists(conn: &mut Conn, agency_id: &str, entry_id: &str) -> anyhow::Result<Lists> {
    let rows: Vec<(String, String, String, String, String)> = sqlx::query_as(
        "SELECT w.kind, w.word, w.instead, w.weight, w.why FROM word_check_words w \
         WHERE w.agency_id = $1 OR w.agency_id = (SELECT parent_id FROM agencies WHERE id = $1) \
         ORDER BY CASE WHEN w.agency_id = $1 THEN 1 ELSE 0 END, w.word",
    )
    .bind(agency_id)
    .fetch_all(&mut *conn)
    .await?;
    let mut words = Vec::with_capacity(rows.len());
    for (kind, word, instead, weight, why) in rows {
        let kind = WordKind::from_code(&kind).ok_or_else(|| anyhow::anyhow!("word kind {kind:?}"))?;
        words.push(Word { kind, word, instead, weight: Weight::from_code(&weight), why });
    }
    let numbers: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT d.document_number FROM editions d JOIN entries e ON e.id = d.entry_id \
         WHERE e.agency_id = $1 AND e.id <> $2 AND d.document_number IS NOT NULL AND d.document_number <> '' \
         AND d.disclosure_class IN ('on_request', 'not_disclosed') \
         AND d.ordinal = (SELECT MAX(n.ordinal) FROM editions n WHERE n.entry_id = e.id)",
    )
    .bind(agency_id)
    .bind(entry_id)
    .fetch_all(&mut *conn)
    .await?;
    words.extend(numbers.into_iter().map(|word| Word {
        kind: WordKind::NonPublicDocument,
        word,
        instead: String::new(),
        weight: Some(Weight::Must),
        why: "这份文件在本系统中定为不主动公开".to_owned(),
    }));
    Lists::new(words)
}

/// What the attachments of an edition say.
pub(super) async fn file_texts(conn: &mut Conn, edition_id: &str) -> anyhow::Result<FileTexts> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT t.name, x.passages FROM attachments t JOIN file_texts x ON x.file_sha256 = t.file_sha256 \
         WHERE t.edition_id = $1 ORDER BY t.position",
    )
    .bind(edition_id)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|(name, passages)| Ok((name, serde_json::from_str(&passages)?))).collect()
}

/// Attachments that could not be looked through, with the reason.
pub async fn unread_files(conn: &mut Conn, edition_id: &str) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as(
        "SELECT t.name, COALESCE(x.unread, '没有读取过，请重新上传') FROM attachments t \
         LEFT JOIN file_texts x ON x.file_sha256 = t.file_sha256 \
         WHERE t.edition_id = $1 AND (x.unread IS NULL OR x.unread <> '') ORDER BY t.position",
    )
    .bind(edition_id)
    .fetch_all(conn)
    .await
}
