use super::super::Matter;
use crate::db::Conn;

/// Every word of a request and about it, table by table. With its key the letters go: their text stands sealed with it.
const WORDS: [&str; 16] = [
    "UPDATE requests SET particulars = '', identity_match = '', agent_name = NULL, applicant_name = '', \
     name_match = '', request_key = '', description = '', help_wanted = '', decision_parts = '{}', \
     decision_portions = '[]', decision_reason = CASE WHEN decision_reason IS NULL THEN NULL ELSE '' END WHERE id = $1",
    "UPDATE request_files SET name = '', digest = '' WHERE request_id = $1",
    "UPDATE request_events SET detail = '{}' WHERE request_id = $1",
    "UPDATE request_supplements SET items = '', answer = CASE WHEN answer IS NULL THEN NULL ELSE '' END \
     WHERE request_id = $1",
    "UPDATE request_reasons SET frequency = '', statement = CASE WHEN statement IS NULL THEN NULL ELSE '' END, \
     delay_ground = CASE WHEN delay_ground IS NULL THEN NULL ELSE '' END WHERE request_id = $1",
    "UPDATE request_extensions SET ground = '' WHERE request_id = $1",
    "UPDATE request_consultations SET party = '', contact = '', subject = '', \
     answer = CASE WHEN answer IS NULL THEN NULL ELSE '' END, \
     overridden_content = CASE WHEN overridden_content IS NULL THEN NULL ELSE '' END, \
     overridden_reason = CASE WHEN overridden_reason IS NULL THEN NULL ELSE '' END WHERE request_id = $1",
    "UPDATE letter_seals SET name = '' WHERE letter_id IN (SELECT x.id FROM letters x WHERE x.request_id = $1)",
    "UPDATE enclosures SET name = '' WHERE request_id = $1",
    "DELETE FROM redactions WHERE place_id = $1 AND applied_at IS NULL",
    "UPDATE redactions SET name = '', result_name = '' WHERE place_id = $1",
    "UPDATE sign_offs SET opinion = '' WHERE review_id IN \
     (SELECT v.id FROM reviews v JOIN letters x ON x.id = v.letter_id WHERE x.request_id = $1)",
    "UPDATE privacy_viewings SET reason = '' WHERE request_id = $1",
    "UPDATE remedy_cases SET note = '', demanded = '', carried_out = '' WHERE request_id = $1",
    "UPDATE grievances SET about = '', person_name = '', contact = '', statement = '', evidence = '', \
     outcome_words = '', referred_to = '' WHERE request_id = $1",
    "DELETE FROM mails WHERE request_id = $1",
];

pub(super) async fn erase_words(conn: &mut Conn, request_id: &str) -> sqlx::Result<()> {
    for sql in WORDS {
        sqlx::query(sql).bind(request_id).execute(&mut *conn).await?;
    }
    Ok(())
}

/// A matter or a letter that is about no request.
pub(super) async fn erase_letter(conn: &mut Conn, matter: Matter, id: &str) -> anyhow::Result<()> {
    let sql = match matter {
        Matter::Grievance => {
            "UPDATE grievances SET about = '', person_name = '', contact = '', statement = '', evidence = '', \
             outcome_words = '', referred_to = '' WHERE id = $1"
        }
        Matter::Letter => {
            "UPDATE interaction_cases SET person_name = '', contact = '', subject = '', body = '', page = '', \
             reply = '' WHERE id = $1"
        }
        Matter::Request => anyhow::bail!("a request is more than its own row"),
    };
    sqlx::query(sql).bind(id).execute(conn).await?;
    Ok(())
}

/// What the request came with: ids of sealed files.
pub(super) async fn sealed_files(conn: &mut Conn, request_id: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("SELECT id FROM request_files WHERE request_id = $1")
        .bind(request_id)
        .fetch_all(conn)
        .await
}

/// What went out with it or was made for it — files given, sealed letters, originals of what was redacted or cleaned —
/// by hash; without what is published too, or belongs to another request that is still kept.
pub(super) async fn own_files(conn: &mut Conn, request_id: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "WITH used AS (\
           SELECT e.request_id, e.file_sha256 AS sha256 FROM enclosures e \
           UNION SELECT x.request_id, s.file_sha256 FROM letter_seals s JOIN letters x ON x.id = s.letter_id \
           UNION SELECT r.place_id, r.original_sha256 FROM redactions r WHERE r.subject = 'enclosure' \
           UNION SELECT r.place_id, r.result_sha256 FROM redactions r \
             WHERE r.subject = 'enclosure' AND r.result_sha256 IS NOT NULL), \
         reached AS (\
           SELECT request_id, sha256 FROM used \
           UNION SELECT u.request_id, c.original_sha256 FROM used u JOIN cleaned_files c ON c.file_sha256 = u.sha256) \
         SELECT o.sha256 FROM reached o WHERE o.request_id = $1 \
         AND NOT EXISTS (SELECT 1 FROM reached p JOIN requests q ON q.id = p.request_id \
           WHERE p.sha256 = o.sha256 AND p.request_id <> o.request_id AND q.request_key <> '') \
         AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.file_sha256 = o.sha256) \
         AND NOT EXISTS (SELECT 1 FROM attachments a JOIN cleaned_files c ON c.file_sha256 = a.file_sha256 \
           WHERE c.original_sha256 = o.sha256) \
         AND NOT EXISTS (SELECT 1 FROM redactions r WHERE r.subject = 'attachment' \
           AND (r.original_sha256 = o.sha256 OR r.result_sha256 = o.sha256)) \
         AND NOT EXISTS (SELECT 1 FROM postings p WHERE p.photo_sha256 = o.sha256) \
         AND NOT EXISTS (SELECT 1 FROM ended_rounds r WHERE r.attachments LIKE '%' || o.sha256 || '%') \
         ORDER BY o.sha256",
    )
    .bind(request_id)
    .fetch_all(conn)
    .await
}

/// What was read in a file, and what was found hidden in it.
pub(super) async fn forget_text(conn: &mut Conn, sha256: &str) -> sqlx::Result<()> {
    for sql in [
        "DELETE FROM file_texts WHERE file_sha256 = $1",
        "DELETE FROM cleaned_files WHERE file_sha256 = $1 OR original_sha256 = $1",
    ] {
        sqlx::query(sql).bind(sha256).execute(&mut *conn).await?;
    }
    Ok(())
}
