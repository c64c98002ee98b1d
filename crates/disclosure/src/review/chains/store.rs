use super::{Chain, ChainKey, IMPORTANT, Risk};
use crate::accounts::Role;
use crate::db::Conn;
use crate::publishing::{DisclosureClass, Genre};
use crate::review::{Stage, SubjectKind};

#[derive(sqlx::FromRow)]
struct Row {
    subject: String,
    class: String,
    risk: String,
    stage: i64,
    kind: String,
    title: String,
    working_days: Option<i64>,
    checklist: String,
}

/// The chains an agency has set; none of them is how it begins.
pub async fn chains(conn: &mut Conn, agency_id: &str) -> anyhow::Result<Vec<Chain>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT subject, class, risk, stage, kind, title, working_days, checklist FROM review_chains \
         WHERE agency_id = $1 ORDER BY subject, class, risk, stage",
    )
    .bind(agency_id)
    .fetch_all(conn)
    .await?;
    let mut chains: Vec<Chain> = Vec::new();
    for row in rows {
        let code = |what: &str| anyhow::anyhow!("stored chain: {what:?}");
        let key = ChainKey {
            subject: SubjectKind::from_code(&row.subject).ok_or_else(|| code(&row.subject))?,
            class: DisclosureClass::from_code(&row.class),
            risk: Risk::from_code(&row.risk),
        };
        let stage = Stage {
            stage: row.stage,
            role: Role::from_code(&row.kind).ok_or_else(|| code(&row.kind))?,
            title: row.title,
            working_days: row.working_days,
            checklist: serde_json::from_str(&row.checklist)?,
        };
        match chains.last_mut().filter(|chain| chain.key == key) {
            Some(chain) => chain.stages.push(stage),
            None => chains.push(Chain { key, stages: vec![stage] }),
        }
    }
    Ok(chains)
}

pub(super) async fn replace(
    conn: &mut Conn,
    agency_id: &str,
    key: ChainKey,
    stages: &[Stage],
) -> anyhow::Result<()> {
    let (class, risk) = (key.class.map_or("", DisclosureClass::code), key.risk.map_or("", Risk::code));
    sqlx::query(
        "DELETE FROM review_chains WHERE agency_id = $1 AND subject = $2 AND class = $3 AND risk = $4",
    )
    .bind(agency_id)
    .bind(key.subject.code())
    .bind(class)
    .bind(risk)
    .execute(&mut *conn)
    .await?;
    for stage in stages {
        sqlx::query(
            "INSERT INTO review_chains (agency_id, subject, class, risk, stage, kind, title, working_days, checklist) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(agency_id)
        .bind(key.subject.code())
        .bind(class)
        .bind(risk)
        .bind(stage.stage)
        .bind(stage.role.code())
        .bind(stage.title.trim())
        .bind(stage.working_days)
        .bind(serde_json::to_string(&stage.checklist)?)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// The class of an edition, and how much is at stake: its kind of document, and whether personal data or other things
/// found in it are to stay.
pub(super) async fn class_and_risk(
    conn: &mut Conn,
    agency_id: &str,
    edition_id: &str,
) -> anyhow::Result<(String, Risk)> {
    let found: Option<(String, String, i64)> = sqlx::query_as(
        "SELECT d.disclosure_class, d.genre, (SELECT COUNT(*) FROM word_check_exceptions x \
         WHERE x.entry_id = d.entry_id AND x.agreed_by IS NOT NULL) FROM editions d WHERE d.id = $1",
    )
    .bind(edition_id)
    .fetch_optional(&mut *conn)
    .await?;
    let Some((class, genre, exceptions)) = found else { return Ok((String::new(), Risk::Ordinary)) };
    let important = important_genres(conn, agency_id).await?;
    let is_important = exceptions > 0 || important.iter().any(|one| one.code() == genre);
    Ok((class, if is_important { Risk::Important } else { Risk::Ordinary }))
}

/// The kinds of document the agency counts as important: its own, or ours while it has said nothing.
pub async fn important_genres(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Genre>> {
    let rows: Vec<String> =
        sqlx::query_scalar("SELECT genre FROM review_important_genres WHERE agency_id = $1")
            .bind(agency_id)
            .fetch_all(conn)
            .await?;
    if rows.is_empty() {
        return Ok(IMPORTANT.to_vec());
    }
    Ok(rows.iter().filter_map(|code| Genre::from_code(code)).collect())
}

pub(super) async fn replace_important(
    conn: &mut Conn,
    agency_id: &str,
    genres: &[Genre],
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM review_important_genres WHERE agency_id = $1")
        .bind(agency_id)
        .execute(&mut *conn)
        .await?;
    // The blank row says that the agency has spoken, also when it named none.
    for code in std::iter::once("").chain(genres.iter().map(|genre| genre.code())) {
        sqlx::query("INSERT INTO review_important_genres (agency_id, genre) VALUES ($1, $2)")
            .bind(agency_id)
            .bind(code)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}
