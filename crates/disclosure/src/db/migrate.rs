//! Migrations only expand; what is no longer used goes a release later.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::{AnyPool, Executor};

use super::Engine;

/// One step of the schema: a common text, then the refusals in the engine's own words.
pub struct Migration {
    pub name: &'static str,
    common: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migration {
    ($name:literal) => {
        Migration {
            name: $name,
            common: include_str!(concat!("../../migrations/", $name, ".sql")),
            sqlite: include_str!(concat!("../../migrations/", $name, ".sqlite.sql")),
            postgres: include_str!(concat!("../../migrations/", $name, ".postgres.sql")),
        }
    };
}

/// All migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[migration!("0001_foundation")];

#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error(
        "数据库结构“{0}”与本程序的记录不符，可能被手工改过，或由更新的版本建立。请用建立它的版本打开，或从备份恢复。"
    )]
    Changed(String),
    #[error("数据库结构更新失败：{0}")]
    Database(#[from] sqlx::Error),
}

impl Migration {
    fn own(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }

    fn checksum(&self) -> String {
        let mut hash = Sha256::new();
        for text in [self.common, self.sqlite, self.postgres] {
            hash.update(text.as_bytes());
        }
        hex::encode(hash.finalize())
    }
}

pub(super) async fn run(
    pool: &AnyPool,
    engine: Engine,
    now: Timestamp,
) -> Result<Vec<&'static str>, MigrateError> {
    let mut tx = pool.begin_with(engine.begin_statement()).await?;
    if engine == Engine::Postgres {
        // Two processes that start together migrate one after the other.
        tx.execute("SELECT pg_advisory_xact_lock(7164001)").await?;
    }
    tx.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations \
         (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL)",
    )
    .await?;
    let applied: Vec<(String, String)> =
        sqlx::query_as("SELECT name, checksum FROM schema_migrations ORDER BY name")
            .fetch_all(&mut *tx)
            .await?;
    let mut ran = Vec::new();
    for (name, checksum) in &applied {
        if !MIGRATIONS.iter().any(|m| m.name == name && m.checksum() == *checksum) {
            return Err(MigrateError::Changed(name.clone()));
        }
    }
    for migration in MIGRATIONS.iter().skip(applied.len()) {
        tx.execute(sqlx::raw_sql(migration.common)).await?;
        tx.execute(sqlx::raw_sql(migration.own(engine))).await?;
        sqlx::query("INSERT INTO schema_migrations (name, checksum, applied_at) VALUES ($1, $2, $3)")
            .bind(migration.name)
            .bind(migration.checksum())
            .bind(now.to_string())
            .execute(&mut *tx)
            .await?;
        ran.push(migration.name);
    }
    tx.commit().await?;
    Ok(ran)
}

pub(super) async fn pending(pool: &AnyPool) -> Result<Vec<&'static str>, MigrateError> {
    let mut conn = pool.acquire().await?;
    let applied: Vec<(String,)> =
        match sqlx::query_as("SELECT name FROM schema_migrations").fetch_all(&mut *conn).await {
            Ok(rows) => rows,
            // The table is made by the first migration.
            Err(sqlx::Error::Database(_)) => Vec::new(),
            Err(other) => return Err(other.into()),
        };
    Ok(MIGRATIONS.iter().map(|m| m.name).filter(|name| !applied.iter().any(|(a,)| a == name)).collect())
}
