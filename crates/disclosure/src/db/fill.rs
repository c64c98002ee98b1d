//! Many public entries for a measurement, written past the gate into a database of their own. Never anything else: the
//! triggers that guard an edition are taken away first.

use sqlx::AssertSqlSafe;

use super::{Db, Engine};

/// One entry to write.
pub struct Filling {
    pub title: String,
    pub body_html: String,
    pub made_on: String,
    pub genre: &'static str,
    pub validity: Option<&'static str>,
}

const ROWS: usize = 100;
const AT: &str = "2026-01-05T01:00:00Z";

/// Writes `count` entries under this line of this agency's catalogue; those before `from` are there already.
pub async fn fill(
    db: &Db,
    (agency_id, agency_code, line_id, user_id): (&str, &str, &str, &str),
    from: usize,
    count: usize,
    mut entry: impl FnMut(usize) -> Filling,
) -> anyhow::Result<()> {
    let mut conn = db.writers.acquire().await?;
    for table in ["entries", "editions", "releases", "reviews"] {
        without_triggers(&mut conn, db.engine(), table).await?;
    }
    let review = format!("review-{agency_code}");
    let mut next = from;
    while next < from + count {
        let numbers: Vec<usize> = (next..(next + ROWS).min(from + count)).collect();
        next += numbers.len();
        let made: Vec<Filling> = numbers.iter().map(|n| entry(*n)).collect();
        let values = |columns: usize| {
            let row = |at: usize| {
                let places: Vec<String> =
                    (1..=columns).map(|place| format!("${}", at * columns + place)).collect();
                format!("({})", places.join(", "))
            };
            (0..made.len()).map(row).collect::<Vec<_>>().join(", ")
        };
        sqlx::query("BEGIN").execute(&mut *conn).await?;
        let sql = format!(
            "INSERT INTO entries (id, agency_id, catalogue_line_id, index_number, live_edition_id, first_released_at, \
             first_released_on, last_released_at, created_by, created_at) VALUES {}",
            values(10)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (n, made) in numbers.iter().zip(&made) {
            query = query
                .bind(format!("{agency_code}-{n:08}"))
                .bind(agency_id.to_owned())
                .bind(line_id.to_owned())
                .bind(format!("{agency_code}/2026-{n:08}"))
                .bind(format!("edition-{agency_code}-{n:08}"))
                .bind(AT)
                .bind(made.made_on.clone())
                .bind(AT)
                .bind(user_id.to_owned())
                .bind(AT);
        }
        query.execute(&mut *conn).await?;
        let sql = format!(
            "INSERT INTO editions (id, entry_id, ordinal, state, title, summary, body_html, genre, keywords, source, \
             validity, made_on, disclosure_class, class_reason, change_note, co_issuers, theme, subtheme, effective_on, \
             expires_on, contact, author_id, content_hash, created_at, updated_at, updated_by) VALUES {}",
            values(26)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (n, made) in numbers.iter().zip(&made) {
            query = query
                .bind(format!("edition-{agency_code}-{n:08}"))
                .bind(format!("{agency_code}-{n:08}"))
                .bind(1_i64)
                .bind("released")
                .bind(made.title.clone())
                .bind("")
                .bind(made.body_html.clone())
                .bind(made.genre)
                .bind("")
                .bind("")
                .bind(made.validity)
                .bind(made.made_on.clone())
                .bind("proactive")
                .bind("")
                .bind("")
                .bind("")
                .bind("")
                .bind("")
                .bind("")
                .bind("")
                .bind("")
                .bind(user_id.to_owned())
                .bind("0")
                .bind(AT)
                .bind(AT)
                .bind(user_id.to_owned());
        }
        query.execute(&mut *conn).await?;
        if numbers[0] == from && from == 0 {
            sqlx::query(
                "INSERT INTO reviews (id, agency_id, edition_id, content_hash, state, opened_at) \
                 VALUES ($1, $2, $3, '0', 'signed', $4)",
            )
            .bind(&review)
            .bind(agency_id)
            .bind(format!("edition-{agency_code}-{from:08}"))
            .bind(AT)
            .execute(&mut *conn)
            .await?;
        }
        let sql = format!(
            "INSERT INTO releases (edition_id, entry_id, review_id, content_hash, released_by, released_at) VALUES {}",
            values(6)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for n in &numbers {
            query = query
                .bind(format!("edition-{agency_code}-{n:08}"))
                .bind(format!("{agency_code}-{n:08}"))
                .bind(review.clone())
                .bind("0")
                .bind(user_id.to_owned())
                .bind(AT);
        }
        query.execute(&mut *conn).await?;
        sqlx::query("COMMIT").execute(&mut *conn).await?;
    }
    Ok(())
}

async fn without_triggers(conn: &mut sqlx::AnyConnection, engine: Engine, table: &str) -> anyhow::Result<()> {
    match engine {
        Engine::Postgres => {
            sqlx::query(AssertSqlSafe(format!("ALTER TABLE {table} DISABLE TRIGGER USER")))
                .execute(&mut *conn)
                .await?;
        }
        Engine::Sqlite => {
            let names: Vec<String> =
                sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = $1")
                    .bind(table)
                    .fetch_all(&mut *conn)
                    .await?;
            for name in names {
                sqlx::query(AssertSqlSafe(format!("DROP TRIGGER {name}"))).execute(&mut *conn).await?;
            }
        }
    }
    Ok(())
}
