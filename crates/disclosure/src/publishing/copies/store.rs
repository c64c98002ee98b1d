use super::super::public::PublicAttachment;
use super::{Place, Withdrawn, WithdrawnFile};
use crate::db::Conn;

/// Every public entry, in the order of its address.
pub async fn places(conn: &mut Conn) -> sqlx::Result<Vec<Place>> {
    sqlx::query_as(
        "SELECT id, index_number, agency_code, category, line_id, genre FROM public_entries ORDER BY index_number",
    )
    .fetch_all(conn)
    .await
}

/// Every attachment that can be downloaded.
pub async fn all_attachments(conn: &mut Conn) -> sqlx::Result<Vec<PublicAttachment>> {
    sqlx::query_as(
        "SELECT id, entry_id, edition_id, name, file_sha256, size, media_type FROM public_attachments \
         ORDER BY entry_id, position, id",
    )
    .fetch_all(conn)
    .await
}

/// Every entry that was public and is withdrawn; with an index number, that one alone.
pub async fn withdrawn(conn: &mut Conn, index_number: &str) -> sqlx::Result<Vec<Withdrawn>> {
    sqlx::query_as(
        "SELECT e.id, e.index_number, a.code AS agency_code, e.catalogue_line_id AS line_id, d.title, e.withdrawn_at \
         FROM entries e JOIN agencies a ON a.id = e.agency_id JOIN editions d ON d.id = e.live_edition_id \
         WHERE e.withdrawn_at IS NOT NULL AND e.first_released_at IS NOT NULL AND ($1 = '' OR e.index_number = $1) \
         ORDER BY e.index_number",
    )
    .bind(index_number)
    .fetch_all(conn)
    .await
}

/// The files of all released editions of all withdrawn entries.
pub async fn withdrawn_files(conn: &mut Conn) -> sqlx::Result<Vec<WithdrawnFile>> {
    sqlx::query_as(
        "SELECT r.entry_id, t.id, t.file_sha256, \
                CASE WHEN EXISTS (SELECT 1 FROM public_attachments p WHERE p.file_sha256 = t.file_sha256) \
                THEN 1 ELSE 0 END AS is_public_elsewhere \
         FROM attachments t JOIN releases r ON r.edition_id = t.edition_id \
         JOIN entries e ON e.id = r.entry_id WHERE e.withdrawn_at IS NOT NULL ORDER BY r.entry_id, t.id",
    )
    .fetch_all(conn)
    .await
}
