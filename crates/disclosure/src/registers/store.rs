use super::documents::Linked;
use crate::db::Conn;

/// What of a document concerns its term.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Term {
    pub id: String,
    pub agency_id: String,
    pub issued_on: String,
    pub valid_until: Option<String>,
    pub amended_on: Option<String>,
    pub amendment: String,
    pub ended_on: Option<String>,
    pub end_kind: Option<String>,
    /// 索引号 of the published text and of the notice of repeal.
    pub index_number: Option<String>,
    pub notice_number: Option<String>,
}

macro_rules! term {
    ($rest:literal) => {
        concat!(
            "SELECT n.id, n.agency_id, n.issued_on, n.valid_until, n.amended_on, n.amendment, n.ended_on, n.end_kind, \
             e.index_number, q.index_number AS notice_number FROM normative_documents n \
             LEFT JOIN entries e ON e.id = n.entry_id LEFT JOIN entries q ON q.id = n.end_notice_id ",
            $rest
        )
    };
}

pub async fn term(conn: &mut Conn, id: &str) -> sqlx::Result<Option<Term>> {
    sqlx::query_as(term!("WHERE n.id = $1")).bind(id).fetch_optional(conn).await
}

/// The terms of all documents of an agency, by their ids.
pub(super) async fn terms(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Term>> {
    sqlx::query_as(term!("WHERE n.agency_id = $1 ORDER BY n.issued_on, n.id"))
        .bind(agency_id)
        .fetch_all(conn)
        .await
}

pub(super) async fn set_term(conn: &mut Conn, id: &str, until: Option<&str>) -> sqlx::Result<()> {
    sqlx::query("UPDATE normative_documents SET valid_until = $1 WHERE id = $2")
        .bind(until.map(ToOwned::to_owned))
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn set_amended(conn: &mut Conn, id: &str, on: &str, note: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE normative_documents SET amended_on = $1, amendment = $2 WHERE id = $3")
        .bind(on)
        .bind(note)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn set_link(conn: &mut Conn, id: &str, linked: Linked, entry_id: &str) -> sqlx::Result<()> {
    sqlx::query(match linked {
        Linked::Text => "UPDATE normative_documents SET entry_id = $1 WHERE id = $2",
        Linked::EndNotice => "UPDATE normative_documents SET end_notice_id = $1 WHERE id = $2",
    })
    .bind(entry_id)
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}

/// Documents in force whose term was over before this day: id, agency, last day.
pub(super) async fn expired(conn: &mut Conn, today: &str) -> sqlx::Result<Vec<(String, String, String)>> {
    sqlx::query_as(
        "SELECT id, agency_id, valid_until FROM normative_documents \
         WHERE ended_on IS NULL AND valid_until IS NOT NULL AND valid_until < $1 ORDER BY valid_until, id",
    )
    .bind(today)
    .fetch_all(conn)
    .await
}

pub(super) async fn lapse(conn: &mut Conn, id: &str, ended_on: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE normative_documents SET ended_on = $1, end_kind = 'lapsed' WHERE id = $2")
        .bind(ended_on)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Year, what happened, how often; oldest first.
pub(super) async fn moves(
    conn: &mut Conn,
    agency_id: &str,
    today: &str,
) -> sqlx::Result<Vec<(String, String, i64)>> {
    sqlx::query_as(
        "SELECT SUBSTR(issued_on, 1, 4), 'issued', COUNT(*) FROM normative_documents \
           WHERE agency_id = $1 AND issued_on <= $2 GROUP BY SUBSTR(issued_on, 1, 4) \
         UNION ALL \
         SELECT SUBSTR(ended_on, 1, 4), end_kind, COUNT(*) FROM normative_documents \
           WHERE agency_id = $1 AND ended_on <= $2 GROUP BY SUBSTR(ended_on, 1, 4), end_kind \
         ORDER BY 1",
    )
    .bind(agency_id)
    .bind(today)
    .fetch_all(conn)
    .await
}

/// What an import changes of a document.
pub(super) async fn update_document(
    conn: &mut Conn,
    id: &str,
    (title, issued_on, valid_until): (&str, &str, Option<&str>),
) -> sqlx::Result<()> {
    sqlx::query("UPDATE normative_documents SET title = $1, issued_on = $2, valid_until = $3 WHERE id = $4")
        .bind(title)
        .bind(issued_on)
        .bind(valid_until.map(ToOwned::to_owned))
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// What an import changes of a decision.
pub(super) async fn update_decision(
    conn: &mut Conn,
    id: &str,
    subject: &str,
    decided_on: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE enforcement_decisions SET subject = $1, decided_on = $2 WHERE id = $3")
        .bind(subject)
        .bind(decided_on)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// A public entry that a register leads to.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct LinkedEntry {
    pub id: String,
    pub agency_id: String,
}

pub(super) async fn public_entry(conn: &mut Conn, index_number: &str) -> sqlx::Result<Option<LinkedEntry>> {
    sqlx::query_as("SELECT id, agency_id FROM public_entries WHERE index_number = $1")
        .bind(index_number)
        .fetch_optional(conn)
        .await
}

/// 预算、决算 of the register.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Budget {
    pub id: String,
    pub agency_id: String,
    pub kind: String,
    pub year: i64,
    pub title: String,
    pub approved_on: String,
    pub due_on: String,
    pub index_number: Option<String>,
    /// When it was published, as far as it is.
    pub published_on: Option<String>,
}

macro_rules! budget {
    ($rest:literal) => {
        concat!(
            "SELECT b.id, b.agency_id, b.kind, b.year, b.title, b.approved_on, b.due_on, e.index_number, \
             e.first_released_on AS published_on FROM budget_reports b LEFT JOIN entries e ON e.id = b.entry_id ",
            $rest
        )
    };
}

/// Budgets of an agency, newest first, with their number in all.
pub async fn budgets(
    conn: &mut Conn,
    agency_id: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<(Vec<Budget>, i64)> {
    let rows = sqlx::query_as(budget!(
        "WHERE b.agency_id = $1 ORDER BY b.approved_on DESC, b.id LIMIT $2 OFFSET $3"
    ))
    .bind(agency_id)
    .bind(limit)
    .bind(offset)
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar("SELECT COUNT(*) FROM budget_reports WHERE agency_id = $1")
        .bind(agency_id)
        .fetch_one(conn)
        .await?;
    Ok((rows, total))
}

/// Budgets of all agencies that are not published.
pub(crate) async fn open_budgets(conn: &mut Conn) -> sqlx::Result<Vec<Budget>> {
    sqlx::query_as(budget!("WHERE b.entry_id IS NULL ORDER BY b.due_on, b.id")).fetch_all(conn).await
}

pub(super) async fn budget_agency(conn: &mut Conn, id: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT agency_id FROM budget_reports WHERE id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(super) struct NewBudgetRow<'a> {
    pub agency_id: &'a str,
    pub kind: &'a str,
    pub year: i64,
    pub title: &'a str,
    pub approved_on: &'a str,
    pub due_on: &'a str,
    pub entry_id: Option<&'a str>,
}

pub(super) async fn insert_budget(conn: &mut Conn, id: &str, row: &NewBudgetRow<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO budget_reports (id, agency_id, kind, year, title, approved_on, due_on, entry_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id)
    .bind(row.agency_id)
    .bind(row.kind)
    .bind(row.year)
    .bind(row.title)
    .bind(row.approved_on)
    .bind(row.due_on)
    .bind(row.entry_id.map(ToOwned::to_owned))
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn link_budget(conn: &mut Conn, id: &str, entry_id: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE budget_reports SET entry_id = $1 WHERE id = $2")
        .bind(entry_id)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// 建议、提案 of the register.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Proposal {
    pub id: String,
    pub agency_id: String,
    pub kind: String,
    pub year: i64,
    pub number: String,
    pub title: String,
    pub replied_on: Option<String>,
    pub result: Option<String>,
    pub withheld_reason: String,
    pub index_number: Option<String>,
}

/// Proposals of an agency, newest first, with their number in all.
pub async fn proposals(
    conn: &mut Conn,
    agency_id: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<(Vec<Proposal>, i64)> {
    let rows = sqlx::query_as(
        "SELECT b.id, b.agency_id, b.kind, b.year, b.number, b.title, b.replied_on, b.result, b.withheld_reason, \
         e.index_number FROM proposals b LEFT JOIN entries e ON e.id = b.entry_id \
         WHERE b.agency_id = $1 ORDER BY b.year DESC, b.kind, b.number LIMIT $2 OFFSET $3",
    )
    .bind(agency_id)
    .bind(limit)
    .bind(offset)
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar("SELECT COUNT(*) FROM proposals WHERE agency_id = $1")
        .bind(agency_id)
        .fetch_one(conn)
        .await?;
    Ok((rows, total))
}

pub(super) async fn proposal_agency(conn: &mut Conn, id: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT agency_id FROM proposals WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub(super) struct NewProposalRow<'a> {
    pub agency_id: &'a str,
    pub kind: &'a str,
    pub year: i64,
    pub number: &'a str,
    pub title: &'a str,
    pub replied_on: Option<&'a str>,
    pub result: Option<&'a str>,
    pub withheld_reason: &'a str,
    pub entry_id: Option<&'a str>,
}

pub(super) async fn insert_proposal(conn: &mut Conn, id: &str, row: &NewProposalRow<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO proposals (id, agency_id, kind, year, number, title, replied_on, result, withheld_reason, \
         entry_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id)
    .bind(row.agency_id)
    .bind(row.kind)
    .bind(row.year)
    .bind(row.number)
    .bind(row.title)
    .bind(row.replied_on.map(ToOwned::to_owned))
    .bind(row.result.map(ToOwned::to_owned))
    .bind(row.withheld_reason)
    .bind(row.entry_id.map(ToOwned::to_owned))
    .execute(conn)
    .await?;
    Ok(())
}

/// What an import changes of a proposal.
pub(super) async fn update_proposal(
    conn: &mut Conn,
    id: &str,
    title: &str,
    replied_on: Option<&str>,
    result: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE proposals SET title = $1, replied_on = $2, result = $3 WHERE id = $4")
        .bind(title)
        .bind(replied_on.map(ToOwned::to_owned))
        .bind(result.map(ToOwned::to_owned))
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn link_proposal(conn: &mut Conn, id: &str, entry_id: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE proposals SET entry_id = $1 WHERE id = $2")
        .bind(entry_id)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// A document and what explains it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Pair {
    pub id: String,
    pub form: String,
    pub document_title: String,
    pub document_number: String,
    pub document_on: String,
    pub title: String,
    pub index_number: String,
    pub interpreted_on: String,
}

/// Pairs of an agency, newest first, with their number in all.
pub async fn pairs(
    conn: &mut Conn,
    agency_id: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<(Vec<Pair>, i64)> {
    let rows = sqlx::query_as(
        "SELECT i.id, i.form, dd.title AS document_title, d.index_number AS document_number, \
         d.first_released_on AS document_on, ed.title, e.index_number, e.first_released_on AS interpreted_on \
         FROM interpretations i \
         JOIN entries d ON d.id = i.document_id JOIN editions dd ON dd.id = d.live_edition_id \
         JOIN entries e ON e.id = i.entry_id JOIN editions ed ON ed.id = e.live_edition_id \
         WHERE i.agency_id = $1 ORDER BY i.paired_at DESC, i.id LIMIT $2 OFFSET $3",
    )
    .bind(agency_id)
    .bind(limit)
    .bind(offset)
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar("SELECT COUNT(*) FROM interpretations WHERE agency_id = $1")
        .bind(agency_id)
        .fetch_one(conn)
        .await?;
    Ok((rows, total))
}

pub(super) async fn pair_of(conn: &mut Conn, id: &str) -> sqlx::Result<Option<(String, String, String)>> {
    sqlx::query_as("SELECT agency_id, document_id, entry_id FROM interpretations WHERE id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(super) async fn insert_pair(
    conn: &mut Conn,
    id: &str,
    agency_id: &str,
    (document_id, entry_id, form): (&str, &str, &str),
    by: &str,
    now: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO interpretations (id, agency_id, document_id, entry_id, form, paired_by, paired_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(agency_id)
    .bind(document_id)
    .bind(entry_id)
    .bind(form)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn delete_pair(conn: &mut Conn, id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM interpretations WHERE id = $1").bind(id).execute(conn).await?;
    Ok(())
}

/// Public normative documents of an agency without an interpretation, newest first: index number, title, released on.
pub async fn unpaired(
    conn: &mut Conn,
    agency_id: &str,
    limit: i64,
) -> sqlx::Result<Vec<(String, String, String)>> {
    sqlx::query_as(
        "SELECT p.index_number, p.title, p.first_released_on FROM public_entries p \
         WHERE p.agency_id = $1 AND p.genre = 'normative_document' AND COALESCE(p.validity, '') <> 'repealed' \
           AND NOT EXISTS (SELECT 1 FROM interpretations i WHERE i.document_id = p.id) \
         ORDER BY p.first_released_on DESC, p.index_number LIMIT $2",
    )
    .bind(agency_id)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub(super) async fn has_budget(conn: &mut Conn, row: &NewBudgetRow<'_>) -> sqlx::Result<bool> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM budget_reports WHERE agency_id = $1 AND kind = $2 AND year = $3 AND title = $4",
    )
    .bind(row.agency_id)
    .bind(row.kind)
    .bind(row.year)
    .bind(row.title)
    .fetch_one(conn)
    .await?;
    Ok(count > 0)
}

pub(super) async fn has_proposal(conn: &mut Conn, row: &NewProposalRow<'_>) -> sqlx::Result<bool> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM proposals WHERE agency_id = $1 AND kind = $2 AND year = $3 AND number = $4",
    )
    .bind(row.agency_id)
    .bind(row.kind)
    .bind(row.year)
    .bind(row.number)
    .fetch_one(conn)
    .await?;
    Ok(count > 0)
}

pub(super) async fn has_pair(conn: &mut Conn, document_id: &str, entry_id: &str) -> sqlx::Result<bool> {
    let count: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM interpretations WHERE document_id = $1 AND entry_id = $2")
            .bind(document_id)
            .bind(entry_id)
            .fetch_one(conn)
            .await?;
    Ok(count > 0)
}

/// An interpretation that is out, as the annual report counts it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Interpreted {
    pub id: String,
    /// Code of [`super::InterpretationForm`].
    pub form: String,
    pub title: String,
    pub document_title: String,
    pub published_on: String,
}

/// What explains documents and was published between two days by an agency: each once in its form, however many documents
/// it explains.
pub async fn interpreted_between(
    conn: &mut Conn,
    agency_id: &str,
    from: &str,
    until: &str,
) -> sqlx::Result<Vec<Interpreted>> {
    sqlx::query_as(
        "SELECT MIN(i.entry_id) AS id, i.form, MIN(e.title) AS title, MIN(d.title) AS document_title, \
         MIN(e.first_released_on) AS published_on \
         FROM interpretations i JOIN public_entries e ON e.id = i.entry_id JOIN public_entries d ON d.id = i.document_id \
         WHERE i.agency_id = $1 AND e.first_released_on >= $2 AND e.first_released_on <= $3 \
         GROUP BY i.entry_id, i.form ORDER BY MIN(e.first_released_on), i.entry_id",
    )
    .bind(agency_id)
    .bind(from)
    .bind(until)
    .fetch_all(conn)
    .await
}
