use super::super::store::{attachment, attachments, edition};
use super::super::{Attachment, Edition};
use super::{DeskEdition, DeskEntry, DeskFilter, DeskLine, DeskList, EntryHead, Tab};
use crate::accounts::{Permission, Staff};
use crate::db::Conn;
use crate::publishing::public::{Facet, Page};
use crate::review::{self, Subject};

macro_rules! newest_matching {
    ($head:literal, $tail:literal) => {
        concat!(
            $head,
            " FROM entries e \
              JOIN editions d ON d.entry_id = e.id \
                   AND d.ordinal = (SELECT MAX(n.ordinal) FROM editions n WHERE n.entry_id = e.id) \
              JOIN catalogue_lines l ON l.id = e.catalogue_line_id \
              JOIN users u ON u.id = d.author_id \
              WHERE e.agency_id = $1 AND ($2 = '' OR d.genre = $2) AND ($3 = '' OR e.catalogue_line_id = $3) \
              AND ($4 = '' OR LOWER(d.title) LIKE $4 ESCAPE '\\' OR LOWER(e.index_number) LIKE $4 ESCAPE '\\' \
              OR LOWER(d.document_number) LIKE $4 ESCAPE '\\') \
              AND ($5 = '' OR d.author_id = $5) AND ($6 = '' OR d.made_on LIKE $6) ",
            $tail
        )
    };
}

/// A page of an agency's entries; nothing for those who may not read its drafts.
pub async fn list(conn: &mut Conn, staff: &Staff, filter: &DeskFilter, page: Page) -> sqlx::Result<DeskList> {
    if !staff.may(Permission::ReadDrafts, &filter.agency_id) {
        return Ok(DeskList::default());
    }
    let pattern = like_pattern(&filter.text);
    let year = match filter.year.parse::<u16>() {
        Ok(year) => format!("{year}-%"),
        Err(_) => String::new(),
    };
    let lines: Vec<DeskLine> = sqlx::query_as(newest_matching!(
        "SELECT e.id AS entry_id, d.id AS edition_id, d.ordinal, d.title, d.state, d.genre, d.disclosure_class, \
         l.title AS line_title, u.name AS author_name, e.index_number, e.live_edition_id, e.withdrawn_at, \
         d.made_on, e.first_released_on, d.updated_at",
        "AND ($7 = '' OR ($7 = d.state AND d.state IN ('drafting', 'in_review', 'returned', 'signed')) \
         OR ($7 = 'public' AND e.live_edition_id IS NOT NULL AND e.withdrawn_at IS NULL) \
         OR ($7 = 'withdrawn' AND e.withdrawn_at IS NOT NULL)) \
         ORDER BY CASE WHEN $8 = 'made' THEN d.made_on END DESC, CASE WHEN $8 = 'title' THEN d.title END, \
         d.updated_at DESC, d.id DESC LIMIT $9 OFFSET $10"
    ))
        .bind(&filter.agency_id)
        .bind(&filter.genre)
        .bind(&filter.line_id)
        .bind(&pattern)
        .bind(&filter.author_id)
        .bind(&year)
        .bind(filter.tab.code())
        .bind(filter.sort.code())
        .bind(page.size)
        .bind(page.offset())
        .fetch_all(&mut *conn)
        .await?;
    let (all, drafting, in_review, returned, signed, public, withdrawn): (i64, i64, i64, i64, i64, i64, i64) =
        sqlx::query_as(newest_matching!(
            "SELECT COUNT(*), COUNT(CASE WHEN d.state = 'drafting' THEN 1 END), \
             COUNT(CASE WHEN d.state = 'in_review' THEN 1 END), COUNT(CASE WHEN d.state = 'returned' THEN 1 END), \
             COUNT(CASE WHEN d.state = 'signed' THEN 1 END), \
             COUNT(CASE WHEN e.live_edition_id IS NOT NULL AND e.withdrawn_at IS NULL THEN 1 END), \
             COUNT(e.withdrawn_at)",
            ""
        ))
        .bind(&filter.agency_id)
        .bind(&filter.genre)
        .bind(&filter.line_id)
        .bind(&pattern)
        .bind(&filter.author_id)
        .bind(&year)
        .fetch_one(conn)
        .await?;
    let numbers = [all, drafting, in_review, returned, signed, public, withdrawn];
    let tabs: Vec<Facet> = Tab::ALL
        .into_iter()
        .zip(numbers)
        .map(|(tab, count)| Facet { value: tab.code().to_owned(), count })
        .collect();
    let total = tabs.iter().find(|t| t.value == filter.tab.code()).map_or(0, |t| t.count);
    Ok(DeskList { lines, total, tabs })
}

/// A substring as a LIKE pattern; empty stays empty.
fn like_pattern(text: &str) -> String {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return text;
    }
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// One entry with its editions, attachments and reviews; `None` when it does not exist or is not for this
/// person.
pub async fn entry(conn: &mut Conn, staff: &Staff, entry_id: &str) -> anyhow::Result<Option<DeskEntry>> {
    let head: Option<EntryHead> = sqlx::query_as(
        "SELECT e.id, e.agency_id, a.code AS agency_code, a.name AS agency_name, l.id AS line_id, \
         l.code AS line_code, l.title AS line_title, l.category, \
         COALESCE(e.index_number, (SELECT n.number FROM index_numbers n WHERE n.entry_id = e.id)) AS index_number, \
         e.live_edition_id, e.first_released_at, e.last_released_at, e.withdrawn_at, e.withdrawal_class, e.withdrawal_reason, \
         u.name AS created_by_name, e.created_at \
         FROM entries e JOIN agencies a ON a.id = e.agency_id \
         JOIN catalogue_lines l ON l.id = e.catalogue_line_id JOIN users u ON u.id = e.created_by \
         WHERE e.id = $1",
    )
    .bind(entry_id)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(head) = head.filter(|head| staff.may(Permission::ReadDrafts, &head.agency_id)) else {
        return Ok(None);
    };
    let rows: Vec<(String, String, Option<String>)> = sqlx::query_as(
        "SELECT d.id, u.name, r.released_at FROM editions d JOIN users u ON u.id = d.author_id \
         LEFT JOIN releases r ON r.edition_id = d.id WHERE d.entry_id = $1 ORDER BY d.ordinal DESC",
    )
    .bind(entry_id)
    .fetch_all(&mut *conn)
    .await?;
    let mut editions = Vec::with_capacity(rows.len());
    for (id, author_name, released_at) in rows {
        let Some(edition) = edition(conn, &id).await? else { continue };
        let attachments = attachments(conn, &id).await?;
        let reviews = review::of_subject(conn, &Subject::Edition(id)).await?;
        editions.push(DeskEdition { edition, author_name, released_at, attachments, reviews });
    }
    Ok(Some(DeskEntry { head, editions }))
}

/// One edition with its attachments, for someone who may read it.
pub async fn edition_for(
    conn: &mut Conn,
    staff: &Staff,
    edition_id: &str,
) -> sqlx::Result<Option<(Edition, Vec<Attachment>)>> {
    let Some(edition) = edition(conn, edition_id).await? else { return Ok(None) };
    if !staff.may(Permission::ReadDrafts, &edition.agency_id) {
        return Ok(None);
    }
    let attachments = attachments(conn, edition_id).await?;
    Ok(Some((edition, attachments)))
}

/// An attachment of any edition, for someone who may read it.
pub async fn attachment_for(
    conn: &mut Conn,
    staff: &Staff,
    attachment_id: &str,
) -> sqlx::Result<Option<Attachment>> {
    let Some(found) = attachment(conn, attachment_id).await? else { return Ok(None) };
    let is_readable = edition(conn, &found.edition_id)
        .await?
        .is_some_and(|edition| staff.may(Permission::ReadDrafts, &edition.agency_id));
    Ok(Some(found).filter(|_| is_readable))
}

/// A picture of a text, by its SHA-256, for someone who may read a text that shows it.
pub async fn picture_for(conn: &mut Conn, staff: &Staff, sha256: &str) -> sqlx::Result<Option<Attachment>> {
    let found: Vec<(String, String)> = sqlx::query_as(
        "SELECT e.agency_id, MIN(t.id) FROM attachments t JOIN editions d ON d.id = t.edition_id \
         JOIN entries e ON e.id = d.entry_id JOIN files f ON f.sha256 = t.file_sha256 \
         WHERE t.file_sha256 = $1 AND f.media_type IN ('image/png', 'image/jpeg') GROUP BY e.agency_id",
    )
    .bind(sha256)
    .fetch_all(&mut *conn)
    .await?;
    let readable = found.into_iter().find(|(agency_id, _)| staff.may(Permission::ReadDrafts, agency_id));
    match readable {
        Some((_, id)) => attachment(conn, &id).await,
        None => Ok(None),
    }
}

/// What came back to this person for revision, oldest first.
pub async fn returned_drafts(conn: &mut Conn, staff: &Staff) -> sqlx::Result<Vec<DeskLine>> {
    sqlx::query_as(
        "SELECT e.id AS entry_id, d.id AS edition_id, d.ordinal, d.title, d.state, d.genre, d.disclosure_class, \
         l.title AS line_title, u.name AS author_name, e.index_number, e.live_edition_id, e.withdrawn_at, \
         d.made_on, e.first_released_on, d.updated_at \
         FROM editions d JOIN entries e ON e.id = d.entry_id \
         JOIN catalogue_lines l ON l.id = e.catalogue_line_id JOIN users u ON u.id = d.author_id \
         WHERE d.author_id = $1 AND d.state = 'returned' ORDER BY d.updated_at",
    )
    .bind(&staff.user_id)
    .fetch_all(conn)
    .await
}
