use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::{Destruction, DestructionItem, Matter, Term, Transfer, USUAL_YEARS};
use crate::db::Conn;
use crate::time::{date, day_in_china, start_of_day};

pub async fn term(conn: &mut Conn, agency_id: &str) -> anyhow::Result<Term> {
    let row: Option<(i64, String)> =
        sqlx::query_as("SELECT years, basis FROM retention_terms WHERE agency_id = $1")
            .bind(agency_id)
            .fetch_optional(conn)
            .await?;
    Ok(match row {
        Some((years, basis)) => Term { years: u32::try_from(years)?, basis },
        None => Term { years: USUAL_YEARS, basis: String::new() },
    })
}

pub(super) async fn put_term(conn: &mut Conn, agency_id: &str, term: &Term) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO retention_terms (agency_id, years, basis) VALUES ($1, $2, $3) \
         ON CONFLICT (agency_id) DO UPDATE SET years = excluded.years, basis = excluded.basis",
    )
    .bind(agency_id)
    .bind(i64::from(term.years))
    .bind(&term.basis)
    .execute(conn)
    .await?;
    Ok(())
}

/// A request that is archived and in no package that the archive has accepted.
const TRANSFERABLE: &str = "r.agency_id = $1 AND r.state = 'archived' AND r.closed_on IS NOT NULL \
     AND NOT EXISTS (SELECT 1 FROM archive_transfer_items i JOIN archive_transfers t ON t.id = i.transfer_id \
     WHERE i.request_id = r.id AND t.accession_number IS NOT NULL)";

/// Years with something to hand over, and how much.
pub async fn transferable_years(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<(String, i64)>> {
    let sql = format!(
        "SELECT SUBSTR(r.closed_on, 1, 4) AS year, COUNT(*) FROM requests r WHERE {TRANSFERABLE} \
         GROUP BY SUBSTR(r.closed_on, 1, 4) ORDER BY 1"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(agency_id).fetch_all(conn).await
}

/// Id and number of what the year has to hand over.
pub(super) async fn transferable(
    conn: &mut Conn,
    agency_id: &str,
    year: i64,
) -> sqlx::Result<Vec<(String, String)>> {
    let sql = format!(
        "SELECT r.id, r.number FROM requests r WHERE {TRANSFERABLE} AND SUBSTR(r.closed_on, 1, 4) = $2 \
         ORDER BY r.number"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(agency_id).bind(year.to_string()).fetch_all(conn).await
}

pub(super) async fn insert_transfer(
    conn: &mut Conn,
    t: &Transfer,
    made_by_id: &str,
    request_ids: &[String],
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO archive_transfers (id, agency_id, year, package_sha256, requests, made_by, made_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&t.id)
    .bind(&t.agency_id)
    .bind(t.year)
    .bind(&t.package_sha256)
    .bind(t.requests)
    .bind(made_by_id)
    .bind(&t.made_at)
    .execute(&mut *conn)
    .await?;
    for id in request_ids {
        sqlx::query("INSERT INTO archive_transfer_items (transfer_id, request_id) VALUES ($1, $2)")
            .bind(&t.id)
            .bind(id)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct TransferRow {
    id: String,
    agency_id: String,
    year: i64,
    package_sha256: String,
    requests: i64,
    made_by: String,
    made_at: String,
    accession_number: Option<String>,
    accepted_on: Option<String>,
    accepted_by: Option<String>,
}

/// The newest first.
pub async fn transfers(conn: &mut Conn, agency_id: &str) -> anyhow::Result<Vec<Transfer>> {
    let rows: Vec<TransferRow> = sqlx::query_as(
        "SELECT t.id, t.agency_id, t.year, t.package_sha256, t.requests, u.name AS made_by, t.made_at, \
         t.accession_number, t.accepted_on, t.accepted_by FROM archive_transfers t JOIN users u ON u.id = t.made_by \
         WHERE t.agency_id = $1 ORDER BY t.made_at DESC, t.id DESC",
    )
    .bind(agency_id)
    .fetch_all(conn)
    .await?;
    let typed = |row: TransferRow| {
        Ok(Transfer {
            accession: match (row.accession_number, row.accepted_on, row.accepted_by) {
                (Some(number), Some(day), Some(by)) => Some((number, date(&day)?, by)),
                _ => None,
            },
            id: row.id,
            agency_id: row.agency_id,
            year: row.year,
            package_sha256: row.package_sha256,
            requests: row.requests,
            made_by: row.made_by,
            made_at: row.made_at,
        })
    };
    rows.into_iter().map(typed).collect()
}

/// The agency of a transfer, and whether it was accepted.
pub(super) async fn transfer_state(conn: &mut Conn, id: &str) -> sqlx::Result<Option<(String, i64)>> {
    sqlx::query_as(
        "SELECT agency_id, CASE WHEN accession_number IS NULL THEN 0 ELSE 1 END FROM archive_transfers WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

pub(super) async fn accept(conn: &mut Conn, id: &str, number: &str, on: Date, by: &str) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE archive_transfers SET accession_number = $1, accepted_on = $2, accepted_by = $3 WHERE id = $4",
    )
    .bind(number)
    .bind(on.to_string())
    .bind(by)
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct ItemRow {
    matter: String,
    id: String,
    number: String,
    closed_on: String,
    files: i64,
}

impl ItemRow {
    fn typed(self) -> anyhow::Result<DestructionItem> {
        let ItemRow { matter, id, number, closed_on, files } = self;
        let matter = Matter::from_code(&matter)
            .ok_or_else(|| anyhow::anyhow!("a list holds something unknown: {matter:?}"))?;
        // Letters are dated by the instant of their reply.
        let closed_on = match closed_on.parse::<Timestamp>() {
            Ok(at) => day_in_china(at).to_string(),
            Err(_) => closed_on,
        };
        Ok(DestructionItem { matter, id, number, closed_on, files })
    }
}

/// What is over its term as of `today` and on no list yet: requests which the archive has and about which nothing is
/// pending; complaints and letters that ended and are about no request that is still kept.
pub async fn due(conn: &mut Conn, agency_id: &str, today: Date) -> anyhow::Result<Vec<DestructionItem>> {
    let years = i64::from(term(conn, agency_id).await?.years);
    // The term runs from the first of January after the matter was closed.
    let first_kept = today.first_of_year().saturating_sub(years.years());
    let last_year = first_kept.saturating_sub(1.days());
    let rows: Vec<ItemRow> = sqlx::query_as(
        "SELECT 'request' AS matter, r.id, r.number, r.closed_on, \
         (SELECT COUNT(*) FROM request_files f WHERE f.request_id = r.id) AS files FROM requests r \
         WHERE r.agency_id = $1 AND r.state = 'archived' AND r.closed_on <= $2 AND r.particulars <> '' \
         AND EXISTS (SELECT 1 FROM archive_transfer_items i JOIN archive_transfers t ON t.id = i.transfer_id \
         WHERE i.request_id = r.id AND t.accession_number IS NOT NULL) \
         AND NOT EXISTS (SELECT 1 FROM destruction_items d WHERE d.request_id = r.id) \
         AND NOT EXISTS (SELECT 1 FROM remedy_cases c WHERE c.request_id = r.id AND (c.result = 'pending' \
         OR (c.demanded <> '' AND c.carried_out_on IS NULL))) \
         AND NOT EXISTS (SELECT 1 FROM grievances g WHERE g.request_id = r.id AND g.concluded_on IS NULL) \
         UNION ALL \
         SELECT 'grievance', g.id, g.number, g.concluded_on, 0 FROM grievances g \
         LEFT JOIN requests q ON q.id = g.request_id \
         WHERE g.agency_id = $1 AND g.concluded_on <= $2 AND g.statement <> '' \
         AND (g.request_id IS NULL OR q.request_key = '') \
         AND NOT EXISTS (SELECT 1 FROM destruction_items d WHERE d.grievance_id = g.id) \
         UNION ALL \
         SELECT 'letter', c.id, c.number, c.replied_at, 0 FROM interaction_cases c \
         WHERE c.agency_id = $1 AND c.replied_at < $3 AND c.body <> '' \
         AND NOT EXISTS (SELECT 1 FROM destruction_items d WHERE d.case_id = c.id) \
         ORDER BY 1 DESC, 3",
    )
    .bind(agency_id)
    .bind(last_year.to_string())
    .bind(start_of_day(first_kept).to_string())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(ItemRow::typed).collect()
}

/// Of a list: numbers of requests about which something is pending.
pub(super) async fn pending_cases(conn: &mut Conn, list_id: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT DISTINCT r.number FROM destruction_items d JOIN requests r ON r.id = d.request_id \
         WHERE d.list_id = $1 \
         AND (EXISTS (SELECT 1 FROM remedy_cases c WHERE c.request_id = r.id AND (c.result = 'pending' \
         OR (c.demanded <> '' AND c.carried_out_on IS NULL))) \
         OR EXISTS (SELECT 1 FROM grievances g WHERE g.request_id = r.id AND g.concluded_on IS NULL)) ORDER BY r.number",
    )
    .bind(list_id)
    .fetch_all(conn)
    .await
}

pub(super) async fn insert_destruction(conn: &mut Conn, d: &Destruction) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO destruction_lists (id, agency_id, number, ground, proposed_by, proposed_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&d.id)
    .bind(&d.agency_id)
    .bind(&d.number)
    .bind(&d.ground)
    .bind(&d.proposed_by_id)
    .bind(&d.proposed_at)
    .execute(&mut *conn)
    .await?;
    for item in &d.items {
        let of = |matter| (item.matter == matter).then_some(item.id.as_str());
        sqlx::query(
            "INSERT INTO destruction_items (list_id, request_id, grievance_id, case_id, files) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&d.id)
        .bind(of(Matter::Request))
        .bind(of(Matter::Grievance))
        .bind(of(Matter::Letter))
        .bind(item.files)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct ListRow {
    id: String,
    agency_id: String,
    number: String,
    ground: String,
    proposed_by_id: String,
    proposed_by: String,
    proposed_at: String,
    first_id: Option<String>,
    first_by: Option<String>,
    first_at: Option<String>,
    second_id: Option<String>,
    second_by: Option<String>,
    second_at: Option<String>,
    carried_out_by: Option<String>,
    carried_out_at: Option<String>,
}

const LISTS: &str = "SELECT d.id, d.agency_id, d.number, d.ground, d.proposed_by AS proposed_by_id, p.name AS proposed_by, \
     d.proposed_at, d.first_by AS first_id, f.name AS first_by, d.first_at, d.second_by AS second_id, \
     s.name AS second_by, d.second_at, c.name AS carried_out_by, d.carried_out_at FROM destruction_lists d \
     JOIN users p ON p.id = d.proposed_by LEFT JOIN users f ON f.id = d.first_by \
     LEFT JOIN users s ON s.id = d.second_by LEFT JOIN users c ON c.id = d.carried_out_by";

async fn with_items(conn: &mut Conn, row: ListRow) -> anyhow::Result<Destruction> {
    let items: Vec<ItemRow> = sqlx::query_as(
        "SELECT 'request' AS matter, r.id, r.number, r.closed_on, d.files FROM destruction_items d \
         JOIN requests r ON r.id = d.request_id WHERE d.list_id = $1 \
         UNION ALL SELECT 'grievance', g.id, g.number, g.concluded_on, d.files FROM destruction_items d \
         JOIN grievances g ON g.id = d.grievance_id WHERE d.list_id = $1 \
         UNION ALL SELECT 'letter', c.id, c.number, c.replied_at, d.files FROM destruction_items d \
         JOIN interaction_cases c ON c.id = d.case_id WHERE d.list_id = $1 ORDER BY 1 DESC, 3",
    )
    .bind(&row.id)
    .fetch_all(conn)
    .await?;
    let items = items.into_iter().map(ItemRow::typed).collect::<anyhow::Result<_>>()?;
    let approval = |id: Option<String>, by: Option<String>, at: Option<String>| Some((id?, by?, at?));
    Ok(Destruction {
        approvals: [
            approval(row.first_id, row.first_by, row.first_at),
            approval(row.second_id, row.second_by, row.second_at),
        ]
        .into_iter()
        .flatten()
        .collect(),
        carried_out: row.carried_out_by.zip(row.carried_out_at),
        id: row.id,
        agency_id: row.agency_id,
        number: row.number,
        ground: row.ground,
        proposed_by_id: row.proposed_by_id,
        proposed_by: row.proposed_by,
        proposed_at: row.proposed_at,
        items,
    })
}

/// The newest first.
pub async fn destructions(conn: &mut Conn, agency_id: &str) -> anyhow::Result<Vec<Destruction>> {
    let sql = format!("{LISTS} WHERE d.agency_id = $1 ORDER BY d.proposed_at DESC, d.id DESC");
    let rows: Vec<ListRow> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(agency_id).fetch_all(&mut *conn).await?;
    let mut lists = Vec::new();
    for row in rows {
        lists.push(with_items(conn, row).await?);
    }
    Ok(lists)
}

pub async fn destruction(conn: &mut Conn, id: &str) -> anyhow::Result<Option<Destruction>> {
    let sql = format!("{LISTS} WHERE d.id = $1");
    let row: Option<ListRow> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&mut *conn).await?;
    match row {
        Some(row) => Ok(Some(with_items(conn, row).await?)),
        None => Ok(None),
    }
}

pub(super) async fn approve(
    conn: &mut Conn,
    id: &str,
    is_second: bool,
    by: &str,
    at: &str,
) -> sqlx::Result<()> {
    let sql = if is_second {
        "UPDATE destruction_lists SET second_by = $1, second_at = $2 WHERE id = $3"
    } else {
        "UPDATE destruction_lists SET first_by = $1, first_at = $2 WHERE id = $3"
    };
    sqlx::query(sql).bind(by).bind(at).bind(id).execute(conn).await?;
    Ok(())
}

pub(super) async fn carried_out(conn: &mut Conn, id: &str, by: &str, at: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE destruction_lists SET carried_out_by = $1, carried_out_at = $2 WHERE id = $3")
        .bind(by)
        .bind(at)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}
