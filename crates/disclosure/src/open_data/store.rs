use super::{After, EntryFilter, FeedLine, OpenDocument, OpenEntry, OpenLine, OpenReport};
use crate::db::Conn;
use crate::publishing::public::LAST_DAY;

/// The entries after a place in the list, newest first. The place is a day and an index number, so a deep page costs
/// what the first one costs.
pub async fn entries(
    conn: &mut Conn,
    filter: &EntryFilter,
    after: Option<&After>,
    limit: i64,
) -> sqlx::Result<Vec<OpenEntry>> {
    // The conditions on days are always there, so that SQLite begins at the place instead of reading every edition.
    let (day, number) = after.map_or((LAST_DAY, ""), |a| (a.released_on.as_str(), a.index_number.as_str()));
    macro_rules! within {
        ($agency:literal) => {
            concat!(
                "SELECT id, index_number, agency_code, agency_name, line_code, line_title, category, title, summary, \
                 document_number, theme, genre, keywords, source, validity, made_on, content_hash, \
                 first_released_on, first_released_at, last_released_at FROM public_entries WHERE ",
                $agency,
                " AND ($2 = '' OR category = $2) AND ($3 = '' OR genre = $3) \
                 AND ($4 = '' OR line_code = $4) AND ($5 = '' OR validity = $5) \
                 AND first_released_on >= $6 AND first_released_on <= $7 \
                 AND ($8 = '' OR last_released_at >= $8) AND ($12 = '' OR theme = $12) \
                 AND (first_released_on, index_number) < ($9, $10) \
                 ORDER BY first_released_on DESC, index_number DESC LIMIT $11"
            )
        };
    }
    let sql = if filter.agency.is_empty() { within!("$1 = ''") } else { within!("agency_code = $1") };
    sqlx::query_as(sql)
        .bind(&filter.agency)
        .bind(&filter.category)
        .bind(&filter.genre)
        .bind(&filter.line)
        .bind(&filter.validity)
        .bind(&filter.from)
        .bind(if filter.to.is_empty() { LAST_DAY } else { &filter.to })
        .bind(&filter.changed_since)
        .bind(day)
        .bind(number)
        .bind(limit)
        .bind(&filter.theme)
        // Planned for what is asked, each time.
        .persistent(false)
        .fetch_all(conn)
        .await
}

/// All entries of a year of disclosure (all years when empty) in the order of their index numbers, after one of them.
pub async fn entries_in_order(
    conn: &mut Conn,
    year: &str,
    after: &str,
    limit: i64,
) -> sqlx::Result<Vec<(OpenEntry, String)>> {
    #[derive(sqlx::FromRow)]
    struct Whole {
        #[sqlx(flatten)]
        entry: OpenEntry,
        body_html: String,
    }
    let rows: Vec<Whole> = sqlx::query_as(
        "SELECT id, index_number, agency_code, agency_name, line_code, line_title, category, title, summary, \
         document_number, theme, genre, keywords, source, validity, made_on, content_hash, first_released_on, \
         first_released_at, last_released_at, body_html FROM public_entries \
         WHERE ($1 = '' OR SUBSTR(first_released_on, 1, 4) = $1) AND index_number > $2 \
         ORDER BY index_number LIMIT $3",
    )
    .bind(year)
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.entry, row.body_html)).collect())
}

/// How many entries were first disclosed in each year, newest year first.
pub async fn counts_by_year(conn: &mut Conn) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as(
        "SELECT SUBSTR(first_released_on, 1, 4), COUNT(*) FROM public_entries \
         GROUP BY SUBSTR(first_released_on, 1, 4) ORDER BY 1 DESC",
    )
    .fetch_all(conn)
    .await
}

/// The catalogue of an agency, or of all of them in the order of the house.
pub async fn catalogue(conn: &mut Conn, agency_code: &str) -> sqlx::Result<Vec<OpenLine>> {
    sqlx::query_as(
        "SELECT l.agency_code, l.code, l.category, l.title, l.elements, l.basis, l.time_limit, l.channels, l.entries, \
         l.newest_on FROM public_catalogue_lines l JOIN public_agencies a ON a.code = l.agency_code \
         WHERE ($1 = '' OR l.agency_code = $1) ORDER BY a.position, a.code, l.position, l.code",
    )
    .bind(agency_code)
    .fetch_all(conn)
    .await
}

/// One line of an agency's catalogue.
pub async fn line(conn: &mut Conn, agency_code: &str, code: &str) -> sqlx::Result<Option<OpenLine>> {
    sqlx::query_as(
        "SELECT agency_code, code, category, title, elements, basis, time_limit, channels, entries, newest_on \
         FROM public_catalogue_lines WHERE agency_code = $1 AND code = $2",
    )
    .bind(agency_code)
    .bind(code)
    .fetch_optional(conn)
    .await
}

/// Documents of the register, newest first; `standing` is `in_force`, `ended` or empty.
pub async fn documents(
    conn: &mut Conn,
    agency_code: &str,
    standing: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<OpenDocument>> {
    sqlx::query_as(
        "SELECT id, agency_code, agency_name, kind, title, document_number, issued_on, valid_until, amended_on, \
         amendment, ended_on, end_kind, index_number, notice_index_number FROM public_normative_documents \
         WHERE ($1 = '' OR agency_code = $1) \
         AND ($2 = '' OR ($2 = 'in_force' AND ended_on IS NULL) OR ($2 = 'ended' AND ended_on IS NOT NULL)) \
         ORDER BY issued_on DESC, id LIMIT $3 OFFSET $4",
    )
    .bind(agency_code)
    .bind(standing)
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await
}

/// The newest edition of every published annual report, newest year first.
pub async fn reports(conn: &mut Conn, agency_code: &str, year: i64) -> sqlx::Result<Vec<OpenReport>> {
    sqlx::query_as(
        "SELECT r.agency_code, a.name AS agency_name, r.year, r.ordinal, r.released_at, r.sha256 \
         FROM public_report_editions r JOIN public_agencies a ON a.id = r.agency_id \
         WHERE ($1 = '' OR r.agency_code = $1) AND ($2 = 0 OR r.year = $2) \
         AND r.ordinal = (SELECT MAX(n.ordinal) FROM public_report_editions n \
                          WHERE n.agency_id = r.agency_id AND n.year = r.year) \
         ORDER BY r.year DESC, a.position, r.agency_code",
    )
    .bind(agency_code)
    .bind(year)
    .fetch_all(conn)
    .await
}

/// The same with the stored text of each report; one year at a time.
pub async fn reports_with_text(
    conn: &mut Conn,
    agency_code: &str,
    year: i64,
) -> sqlx::Result<Vec<(String, String, i64, String)>> {
    sqlx::query_as(
        "SELECT r.agency_code, a.name, r.year, r.body \
         FROM public_report_editions r JOIN public_agencies a ON a.id = r.agency_id \
         WHERE ($1 = '' OR r.agency_code = $1) AND ($2 = 0 OR r.year = $2) \
         AND r.ordinal = (SELECT MAX(n.ordinal) FROM public_report_editions n \
                          WHERE n.agency_id = r.agency_id AND n.year = r.year) \
         ORDER BY r.year DESC, a.position, r.agency_code",
    )
    .bind(agency_code)
    .bind(year)
    .fetch_all(conn)
    .await
}

/// The newest entries, of one agency and one line of its catalogue when these are not empty.
pub async fn feed(conn: &mut Conn, agency: &str, line: &str, limit: i64) -> sqlx::Result<Vec<FeedLine>> {
    macro_rules! within {
        ($agency_and_line:literal) => {
            concat!(
                "SELECT index_number, title, summary, agency_name, first_released_at, last_released_at \
                 FROM public_entries WHERE ",
                $agency_and_line,
                " ORDER BY first_released_on DESC, index_number DESC LIMIT $3"
            )
        };
    }
    let sql = match agency {
        "" => within!("$1 = '' AND ($2 = '' OR line_code = $2) AND first_released_on > ''"),
        _ => within!("agency_code = $1 AND ($2 = '' OR line_code = $2)"),
    };
    sqlx::query_as(sql).bind(agency).bind(line).bind(limit).persistent(false).fetch_all(conn).await
}

/// Addresses of entries in the order of their index numbers, after one of them: index number, last change.
pub async fn addresses_after(
    conn: &mut Conn,
    after: &str,
    limit: i64,
) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as(
        "SELECT index_number, last_released_at FROM public_entries WHERE index_number > $1 \
         ORDER BY index_number LIMIT $2",
    )
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Where each part of the site map begins (after which index number), when parts hold so many entries, and when
/// something in it last changed.
pub async fn sitemap_parts(conn: &mut Conn, size: i64) -> sqlx::Result<Vec<(String, String)>> {
    let mut parts = Vec::new();
    let mut after = String::new();
    loop {
        let (count, last, changed): (i64, Option<String>, Option<String>) = sqlx::query_as(
            "SELECT COUNT(*), MAX(index_number), MAX(last_released_at) FROM \
             (SELECT index_number, last_released_at FROM public_entries WHERE index_number > $1 \
              ORDER BY index_number LIMIT $2) AS part",
        )
        .bind(&after)
        .bind(size)
        .fetch_one(&mut *conn)
        .await?;
        let (Some(last), Some(changed)) = (last, changed) else { break };
        parts.push((after.clone(), changed));
        after = last;
        if count < size {
            break;
        }
    }
    Ok(parts)
}

/// What is public of an entry that a change is about: its index number, title and agency; also when it was withdrawn.
pub async fn change_of(
    conn: &mut Conn,
    entry_id: &str,
) -> sqlx::Result<Option<(String, String, String, String)>> {
    sqlx::query_as(
        "SELECT index_number, agency_code, title, 'public' FROM public_entries WHERE id = $1 \
         UNION ALL SELECT index_number, agency_code, '', 'withdrawn' FROM public_withdrawn_entries WHERE id = $1",
    )
    .bind(entry_id)
    .fetch_optional(conn)
    .await
}
