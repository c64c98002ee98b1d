//! The registers behind table two.

use crate::db::Conn;

/// A document of the register. 《条例》第二十条第一项.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct NormativeDocument {
    pub id: String,
    pub agency_id: String,
    pub kind: String,
    pub title: String,
    pub document_number: String,
    pub issued_on: String,
    pub ended_on: Option<String>,
    pub end_kind: Option<String>,
    pub entry_id: Option<String>,
}

/// A decision of the register. 《条例》第二十条第五项、第六项.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EnforcementDecision {
    pub id: String,
    pub agency_id: String,
    pub kind: String,
    pub reference: String,
    pub subject: String,
    pub decided_on: String,
}

/// A collection of the register. 《条例》第二十条第八项.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FeeCollection {
    pub id: String,
    pub agency_id: String,
    pub item: String,
    pub amount_fen: i64,
    pub collected_on: String,
}

/// 工作记录 of the register.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Activity {
    pub id: String,
    pub agency_id: String,
    /// Code of `ActivityForm`.
    pub form: String,
    pub title: String,
    pub note: String,
    pub done_on: String,
}

// The registers, for the console ------------------------------------------------------------------

/// Documents of an agency, newest first, with their number in all.
pub async fn documents(
    conn: &mut Conn,
    agency_id: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<(Vec<NormativeDocument>, i64)> {
    let rows = sqlx::query_as(
        "SELECT * FROM normative_documents WHERE agency_id = $1 ORDER BY issued_on DESC, id LIMIT $2 OFFSET $3",
    )
    .bind(agency_id)
    .bind(limit)
    .bind(offset)
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar("SELECT COUNT(*) FROM normative_documents WHERE agency_id = $1")
        .bind(agency_id)
        .fetch_one(conn)
        .await?;
    Ok((rows, total))
}

pub async fn document(conn: &mut Conn, id: &str) -> sqlx::Result<Option<NormativeDocument>> {
    sqlx::query_as("SELECT * FROM normative_documents WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// Decisions of an agency, newest first, with their number in all; every kind when `kind` is empty.
pub async fn decisions(
    conn: &mut Conn,
    agency_id: &str,
    kind: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<(Vec<EnforcementDecision>, i64)> {
    let rows = sqlx::query_as(
        "SELECT * FROM enforcement_decisions WHERE agency_id = $1 AND ($2 = '' OR kind = $2) \
         ORDER BY decided_on DESC, id LIMIT $3 OFFSET $4",
    )
    .bind(agency_id)
    .bind(kind)
    .bind(limit)
    .bind(offset)
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar(
        "SELECT COUNT(*) FROM enforcement_decisions WHERE agency_id = $1 AND ($2 = '' OR kind = $2)",
    )
    .bind(agency_id)
    .bind(kind)
    .fetch_one(conn)
    .await?;
    Ok((rows, total))
}

/// Fees of an agency, newest first, with their number in all.
pub async fn fees(
    conn: &mut Conn,
    agency_id: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<(Vec<FeeCollection>, i64)> {
    let rows = sqlx::query_as(
        "SELECT * FROM fee_collections WHERE agency_id = $1 ORDER BY collected_on DESC, id LIMIT $2 OFFSET $3",
    )
    .bind(agency_id)
    .bind(limit)
    .bind(offset)
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar("SELECT COUNT(*) FROM fee_collections WHERE agency_id = $1")
        .bind(agency_id)
        .fetch_one(conn)
        .await?;
    Ok((rows, total))
}

/// Activities of an agency, newest first, with their number in all.
pub async fn activities(
    conn: &mut Conn,
    agency_id: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<(Vec<Activity>, i64)> {
    let rows = sqlx::query_as(
        "SELECT * FROM activities WHERE agency_id = $1 ORDER BY done_on DESC, id LIMIT $2 OFFSET $3",
    )
    .bind(agency_id)
    .bind(limit)
    .bind(offset)
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar("SELECT COUNT(*) FROM activities WHERE agency_id = $1")
        .bind(agency_id)
        .fetch_one(conn)
        .await?;
    Ok((rows, total))
}

pub(in crate::reporting) async fn insert_activity(conn: &mut Conn, a: &Activity) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO activities (id, agency_id, form, title, note, done_on) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&a.id)
    .bind(&a.agency_id)
    .bind(&a.form)
    .bind(&a.title)
    .bind(&a.note)
    .bind(&a.done_on)
    .execute(conn)
    .await?;
    Ok(())
}

pub(in crate::reporting) async fn insert_document(
    conn: &mut Conn,
    d: &NormativeDocument,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO normative_documents (id, agency_id, kind, title, document_number, issued_on, ended_on, \
         end_kind, entry_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&d.id)
    .bind(&d.agency_id)
    .bind(&d.kind)
    .bind(&d.title)
    .bind(&d.document_number)
    .bind(&d.issued_on)
    .bind(&d.ended_on)
    .bind(&d.end_kind)
    .bind(&d.entry_id)
    .execute(conn)
    .await?;
    Ok(())
}

pub(in crate::reporting) async fn update_document_end(
    conn: &mut Conn,
    id: &str,
    end_kind: &str,
    ended_on: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE normative_documents SET end_kind = $1, ended_on = $2 WHERE id = $3")
        .bind(end_kind)
        .bind(ended_on)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

pub(in crate::reporting) async fn insert_decision(
    conn: &mut Conn,
    d: &EnforcementDecision,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO enforcement_decisions (id, agency_id, kind, reference, subject, decided_on) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&d.id)
    .bind(&d.agency_id)
    .bind(&d.kind)
    .bind(&d.reference)
    .bind(&d.subject)
    .bind(&d.decided_on)
    .execute(conn)
    .await?;
    Ok(())
}

pub(in crate::reporting) async fn insert_fee(conn: &mut Conn, f: &FeeCollection) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO fee_collections (id, agency_id, item, amount_fen, collected_on) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&f.id)
    .bind(&f.agency_id)
    .bind(&f.item)
    .bind(f.amount_fen)
    .bind(&f.collected_on)
    .execute(conn)
    .await?;
    Ok(())
}
