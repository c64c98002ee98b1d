use super::rounds::Round;
use super::{CaseStage, ConfidentialityChecklist, Review, ReviewState, SignOff, Stage, Subject, Verdict};
use crate::accounts::{Role, Staff};
use crate::db::Conn;
use crate::letters;
use crate::privacy::Keyring;

/// Who holds which role at the agency, among those whose account is active.
pub(super) async fn people_by_role(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as(
        "SELECT r.user_id, r.role FROM user_roles r JOIN users u ON u.id = r.user_id \
         WHERE r.agency_id = $1 AND u.is_active = 1",
    )
    .bind(agency_id)
    .fetch_all(conn)
    .await
}

pub(super) async fn authors(conn: &mut Conn, subject: &Subject) -> sqlx::Result<Vec<String>> {
    let sql = match subject {
        Subject::Edition(_) => {
            "SELECT author_id FROM editions WHERE id = $1 \
             UNION SELECT person_id FROM edition_authors WHERE edition_id = $1"
        }
        Subject::Letter(_) => "SELECT drafted_by FROM letters WHERE id = $1",
    };
    sqlx::query_scalar(sql).bind(subject.id()).fetch_all(conn).await
}

/// The hash the subject stands under now.
pub(super) async fn subject_hash(conn: &mut Conn, subject: &Subject) -> sqlx::Result<Option<String>> {
    let sql = match subject {
        Subject::Edition(_) => "SELECT content_hash FROM editions WHERE id = $1",
        Subject::Letter(_) => "SELECT content_hash FROM letters WHERE id = $1",
    };
    let hash: Option<Option<String>> =
        sqlx::query_scalar(sql).bind(subject.id()).fetch_optional(conn).await?;
    Ok(hash.flatten())
}

pub(super) async fn has_open_review(conn: &mut Conn, subject: &Subject) -> sqlx::Result<bool> {
    let sql = match subject {
        Subject::Edition(_) => "SELECT COUNT(*) FROM reviews WHERE edition_id = $1 AND state = 'open'",
        Subject::Letter(_) => "SELECT COUNT(*) FROM reviews WHERE letter_id = $1 AND state = 'open'",
    };
    let open: i64 = sqlx::query_scalar(sql).bind(subject.id()).fetch_one(conn).await?;
    Ok(open > 0)
}

pub(super) async fn insert_review(
    conn: &mut Conn,
    id: &str,
    agency_id: &str,
    subject: &Subject,
    (content_hash, chain): (&str, &str),
    now: &str,
) -> sqlx::Result<()> {
    let (edition_id, letter_id) = match subject {
        Subject::Edition(id) => (Some(id), None),
        Subject::Letter(id) => (None, Some(id)),
    };
    sqlx::query(
        "INSERT INTO reviews (id, agency_id, edition_id, letter_id, content_hash, state, opened_at, chain) \
         VALUES ($1, $2, $3, $4, $5, 'open', $6, $7)",
    )
    .bind(id)
    .bind(agency_id)
    .bind(edition_id)
    .bind(letter_id)
    .bind(content_hash)
    .bind(now)
    .bind(chain)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn insert_stage(conn: &mut Conn, review_id: &str, stage: &Stage) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO review_stages (review_id, stage, kind, title, working_days, checklist) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(review_id)
    .bind(stage.stage)
    .bind(stage.role.code())
    .bind(&stage.title)
    .bind(stage.working_days)
    .bind(serde_json::to_string(&stage.checklist)?)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) struct NewSignOff<'a> {
    pub id: String,
    pub review_id: &'a str,
    pub stage: i64,
    pub person_id: &'a str,
    pub verdict: Verdict,
    pub checklist: String,
    pub ticked: String,
    pub on_behalf_of: Option<&'a str>,
    pub opinion: &'a str,
    pub content_hash: &'a str,
    pub signed_at: String,
}

pub(super) async fn insert_sign_off(conn: &mut Conn, s: &NewSignOff<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO sign_offs (id, review_id, stage, person_id, verdict, checklist, opinion, content_hash, \
         signed_at, ticked, on_behalf_of) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(&s.id)
    .bind(s.review_id)
    .bind(s.stage)
    .bind(s.person_id)
    .bind(s.verdict.code())
    .bind(&s.checklist)
    .bind(s.opinion)
    .bind(s.content_hash)
    .bind(&s.signed_at)
    .bind(&s.ticked)
    .bind(s.on_behalf_of)
    .execute(conn)
    .await?;
    Ok(())
}

/// Closes an open review; false when it was closed meanwhile.
pub(super) async fn close_review(
    conn: &mut Conn,
    id: &str,
    state: ReviewState,
    now: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE reviews SET state = $1, closed_at = $2 WHERE id = $3 AND state = 'open'")
        .bind(state.code())
        .bind(now)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

#[derive(sqlx::FromRow)]
struct ReviewRow {
    id: String,
    agency_id: String,
    edition_id: Option<String>,
    letter_id: Option<String>,
    content_hash: String,
    state: String,
    opened_at: String,
    closed_at: Option<String>,
    chain: String,
}

#[derive(sqlx::FromRow)]
struct StageRow {
    stage: i64,
    kind: String,
    title: String,
    working_days: Option<i64>,
    points: String,
    person_id: Option<String>,
    person_name: Option<String>,
    verdict: Option<String>,
    checklist: Option<String>,
    ticked: Option<String>,
    opinion: Option<String>,
    signed_at: Option<String>,
    on_behalf_of: Option<String>,
}

/// One case with its stages and signatures.
pub async fn review(conn: &mut Conn, id: &str) -> anyhow::Result<Option<Review>> {
    let row: Option<ReviewRow> = sqlx::query_as(
        "SELECT id, agency_id, edition_id, letter_id, content_hash, state, opened_at, closed_at, chain \
         FROM reviews WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(&mut *conn)
    .await?;
    match row {
        Some(row) => Ok(Some(complete(conn, row).await?)),
        None => Ok(None),
    }
}

/// Every case a subject went through, newest first.
pub async fn of_subject(conn: &mut Conn, subject: &Subject) -> anyhow::Result<Vec<Review>> {
    let sql = match subject {
        Subject::Edition(_) => {
            "SELECT id, agency_id, edition_id, letter_id, content_hash, state, opened_at, closed_at, chain \
             FROM reviews WHERE edition_id = $1 ORDER BY opened_at DESC, id DESC"
        }
        Subject::Letter(_) => {
            "SELECT id, agency_id, edition_id, letter_id, content_hash, state, opened_at, closed_at, chain \
             FROM reviews WHERE letter_id = $1 ORDER BY opened_at DESC, id DESC"
        }
    };
    let rows: Vec<ReviewRow> = sqlx::query_as(sql).bind(subject.id()).fetch_all(&mut *conn).await?;
    let mut reviews = Vec::with_capacity(rows.len());
    for row in rows {
        reviews.push(complete(conn, row).await?);
    }
    Ok(reviews)
}

async fn complete(conn: &mut Conn, row: ReviewRow) -> anyhow::Result<Review> {
    let stages: Vec<StageRow> = sqlx::query_as(
        "SELECT g.stage, g.kind, g.title, g.working_days, g.checklist AS points, s.person_id, \
         u.name AS person_name, s.verdict, s.checklist, s.ticked, s.opinion, s.signed_at, b.name AS on_behalf_of \
         FROM review_stages g \
         LEFT JOIN sign_offs s ON s.review_id = g.review_id AND s.stage = g.stage \
         LEFT JOIN users u ON u.id = s.person_id LEFT JOIN users b ON b.id = s.on_behalf_of \
         WHERE g.review_id = $1 ORDER BY g.stage",
    )
    .bind(&row.id)
    .fetch_all(&mut *conn)
    .await?;
    let subject = match (row.edition_id, row.letter_id) {
        (Some(id), _) => Subject::Edition(id),
        (None, Some(id)) => Subject::Letter(id),
        (None, None) => anyhow::bail!("review {} has no subject", row.id),
    };
    let author_ids = authors(conn, &subject).await?;
    let mut review = Review {
        state: state_of(&row.state)?,
        id: row.id,
        agency_id: row.agency_id,
        subject,
        content_hash: row.content_hash,
        opened_at: row.opened_at,
        closed_at: row.closed_at,
        stages: stages.into_iter().map(StageRow::into_stage).collect::<anyhow::Result<_>>()?,
        author_ids,
        chain: row.chain,
        deputies: Vec::new(),
    };
    if let Some(role) = review.current().map(|stage| stage.role.code()) {
        review.deputies = super::deputies::for_role(conn, &review.agency_id, role).await?;
    }
    Ok(review)
}

impl StageRow {
    fn into_stage(self) -> anyhow::Result<CaseStage> {
        let stage = Stage {
            stage: self.stage,
            role: role_of(&self.kind)?,
            title: self.title,
            working_days: self.working_days,
            checklist: serde_json::from_str(&self.points)?,
        };
        let sign_off = match (self.person_id, self.verdict) {
            (Some(person_id), Some(verdict)) => {
                let checklist = self.checklist.filter(|json| json != "{}");
                Some(SignOff {
                    person_id,
                    person_name: self.person_name.unwrap_or_default(),
                    verdict: if verdict == "signed" { Verdict::Signed } else { Verdict::Returned },
                    checklist: checklist
                        .map(|json| serde_json::from_str::<ConfidentialityChecklist>(&json))
                        .transpose()?,
                    ticked: self.ticked.map_or_else(|| Ok(Vec::new()), |json| serde_json::from_str(&json))?,
                    on_behalf_of: self.on_behalf_of,
                    opinion: self.opinion.unwrap_or_default(),
                    signed_at: self.signed_at.unwrap_or_default(),
                })
            }
            _ => None,
        };
        Ok(CaseStage { stage, sign_off })
    }
}

fn role_of(code: &str) -> anyhow::Result<Role> {
    Role::from_code(code).ok_or_else(|| anyhow::anyhow!("stage kind {code:?} is no role"))
}

fn state_of(code: &str) -> anyhow::Result<ReviewState> {
    ReviewState::from_code(code).ok_or_else(|| anyhow::anyhow!("review state {code:?}"))
}

/// The review that signed the subject over its present hash, when one did.
pub async fn signed_review(conn: &mut Conn, subject: &Subject) -> anyhow::Result<Option<Review>> {
    let hash = subject_hash(conn, subject).await?;
    let reviews = of_subject(conn, subject).await?;
    Ok(reviews
        .into_iter()
        .find(|review| review.state == ReviewState::Signed && hash.as_ref() == Some(&review.content_hash)))
}

/// Whether every stage has signed the subject as it stands.
pub async fn is_signed(conn: &mut Conn, subject: &Subject) -> anyhow::Result<bool> {
    Ok(signed_review(conn, subject).await?.is_some())
}

/// A case that waits for a certain person.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    pub review_id: String,
    pub region: String,
    pub agency_name: String,
    /// `edition` or `letter`.
    pub subject_kind: String,
    /// The entry behind an edition, the request behind a letter.
    pub parent_id: String,
    /// The title of the entry or the number of the letter.
    pub title: String,
    /// What a letter answers: the number of the request and what it asks for; empty for an entry.
    pub answers: String,
    pub stage: i64,
    pub stage_title: String,
    pub author_name: String,
    pub opened_at: String,
    /// When the previous stage signed, or the case opened: since then it waits here.
    pub since: String,
    /// 时限 of the stage.
    pub working_days: Option<i64>,
    /// Whose stage it is, when this person deputises.
    pub on_behalf_of: Option<String>,
}

/// What waits for this person's signature, oldest first: their role's turn, not their own draft, and no
/// stage of it signed by them before.
pub async fn waiting_for(conn: &mut Conn, staff: &Staff, now: &str) -> sqlx::Result<Vec<Waiting>> {
    sqlx::query_as(
        "SELECT v.id AS review_id, a.region, a.name AS agency_name, \
                CASE WHEN v.edition_id IS NULL THEN 'letter' ELSE 'edition' END AS subject_kind, \
                COALESCE(d.entry_id, x.request_id) AS parent_id, COALESCE(d.title, x.number) AS title, \
                COALESCE(q.number || '　' || q.description, '') AS answers, \
                g.stage, g.title AS stage_title, w.name AS author_name, v.opened_at, \
                COALESCE((SELECT MAX(s.signed_at) FROM sign_offs s WHERE s.review_id = v.id), v.opened_at) AS since, \
                g.working_days, CASE WHEN r.user_id IS NULL THEN (SELECT MIN(b.name) FROM review_deputies p \
                  JOIN users b ON b.id = p.principal_id WHERE p.agency_id = v.agency_id AND p.role = g.kind \
                  AND p.deputy_id = $1 AND p.ended_at IS NULL AND p.since_at <= $2 AND p.until_at > $2) END AS on_behalf_of \
         FROM reviews v \
         JOIN agencies a ON a.id = v.agency_id \
         JOIN review_stages g ON g.review_id = v.id \
              AND g.stage = (SELECT COUNT(*) + 1 FROM sign_offs s WHERE s.review_id = v.id) \
         LEFT JOIN user_roles r ON r.agency_id = v.agency_id AND r.role = g.kind AND r.user_id = $1 \
         LEFT JOIN editions d ON d.id = v.edition_id \
         LEFT JOIN letters x ON x.id = v.letter_id \
         LEFT JOIN requests q ON q.id = x.request_id \
         JOIN users w ON w.id = COALESCE(d.author_id, x.drafted_by) \
         WHERE v.state = 'open' AND w.id <> $1 \
           AND (r.user_id IS NOT NULL OR EXISTS (SELECT 1 FROM review_deputies p JOIN user_roles h \
                ON h.user_id = p.principal_id AND h.agency_id = p.agency_id AND h.role = p.role \
                WHERE p.agency_id = v.agency_id AND p.role = g.kind AND p.deputy_id = $1 AND p.ended_at IS NULL \
                AND p.since_at <= $2 AND p.until_at > $2)) \
           AND NOT EXISTS (SELECT 1 FROM edition_authors t WHERE t.edition_id = v.edition_id AND t.person_id = $1) \
           AND NOT EXISTS (SELECT 1 FROM sign_offs s WHERE s.review_id = v.id AND s.person_id = $1) \
         ORDER BY since, review_id",
    )
    .bind(&staff.user_id)
    .bind(now)
    .fetch_all(conn)
    .await
}

#[derive(sqlx::FromRow)]
struct ContentRow {
    title: String,
    body_html: String,
    author_name: String,
    parent_id: String,
    /// Of a letter, whose text is sealed.
    request_key: Option<String>,
    content_hash: String,
}

/// What a signer reads: the exact content of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub title: String,
    pub body_html: String,
    pub author_name: String,
    /// The entry behind an edition, the request behind a letter.
    pub parent_id: String,
}

pub async fn content(conn: &mut Conn, keys: &Keyring, subject: &Subject) -> anyhow::Result<Option<Content>> {
    let sql = match subject {
        Subject::Edition(_) => {
            "SELECT d.title, d.body_html, u.name AS author_name, d.entry_id AS parent_id, \
             CAST(NULL AS TEXT) AS request_key, COALESCE(d.content_hash, '') AS content_hash \
             FROM editions d JOIN users u ON u.id = d.author_id WHERE d.id = $1"
        }
        Subject::Letter(_) => {
            "SELECT x.number AS title, x.body_html, u.name AS author_name, x.request_id AS parent_id, \
             q.request_key, x.content_hash FROM letters x JOIN requests q ON q.id = x.request_id \
             JOIN users u ON u.id = x.drafted_by WHERE x.id = $1"
        }
    };
    let row: Option<ContentRow> = sqlx::query_as(sql).bind(subject.id()).fetch_optional(conn).await?;
    row.map(|row| {
        let ContentRow { title, body_html, author_name, parent_id, request_key, content_hash } = row;
        let body_html = match request_key {
            Some(key) => letters::opened(keys, &parent_id, &key, (subject.id(), &content_hash), &body_html)?,
            None => body_html,
        };
        Ok(Content { title, body_html, author_name, parent_id })
    })
    .transpose()
}

pub(super) async fn insert_ended_round(
    conn: &mut Conn,
    review_id: &str,
    edition_id: &str,
    edition: &str,
    attachments: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO ended_rounds (review_id, edition_id, edition, attachments) VALUES ($1, $2, $3, $4)",
    )
    .bind(review_id)
    .bind(edition_id)
    .bind(edition)
    .bind(attachments)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn last_ended_round(
    conn: &mut Conn,
    edition_id: &str,
    before: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT r.review_id FROM ended_rounds r JOIN reviews v ON v.id = r.review_id \
         WHERE r.edition_id = $1 AND v.closed_at <= $2 ORDER BY v.closed_at DESC, v.id DESC LIMIT 1",
    )
    .bind(edition_id)
    .bind(before)
    .fetch_optional(conn)
    .await
}

pub(super) async fn ended_round(conn: &mut Conn, review_id: &str) -> anyhow::Result<Option<Round>> {
    let row: Option<(String, String, String)> = sqlx::query_as(
        "SELECT COALESCE(v.closed_at, ''), r.edition, r.attachments \
         FROM ended_rounds r JOIN reviews v ON v.id = r.review_id WHERE r.review_id = $1",
    )
    .bind(review_id)
    .fetch_optional(conn)
    .await?;
    let Some((closed_at, edition, attachments)) = row else { return Ok(None) };
    Ok(Some(Round {
        review_id: review_id.to_owned(),
        closed_at,
        edition: serde_json::from_str(&edition)?,
        attachments: serde_json::from_str(&attachments)?,
    }))
}
