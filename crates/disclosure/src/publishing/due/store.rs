use crate::db::Conn;

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub entry_id: String,
    pub agency_id: String,
    pub title: String,
    pub state: String,
    pub made_on: String,
    /// Of the line of the catalogue.
    pub time_limit: String,
    pub author_name: String,
    /// The first stage of the open review that has not signed.
    pub stage: Option<String>,
}

/// Entries for everyone that were never released.
pub(super) async fn not_out(conn: &mut Conn) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as(
        "SELECT e.id AS entry_id, e.agency_id, d.title, d.state, d.made_on, l.time_limit, u.name AS author_name, \
         (SELECT g.title FROM reviews v JOIN review_stages g ON g.review_id = v.id \
          WHERE v.edition_id = d.id AND v.state = 'open' \
            AND g.stage = (SELECT COUNT(*) + 1 FROM sign_offs s WHERE s.review_id = v.id AND s.verdict = 'signed')) \
           AS stage \
         FROM entries e JOIN editions d ON d.entry_id = e.id JOIN users u ON u.id = d.author_id \
         JOIN catalogue_lines l ON l.id = e.catalogue_line_id \
         WHERE e.first_released_at IS NULL AND d.disclosure_class = 'proactive' AND d.made_on <> '' \
           AND d.ordinal = (SELECT MAX(n.ordinal) FROM editions n WHERE n.entry_id = e.id) \
         ORDER BY d.made_on, d.id",
    )
    .fetch_all(conn)
    .await
}
