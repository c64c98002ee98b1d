//! The only place that knows which engine runs.

use sqlx::Executor;

use super::Conn;

/// The database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// What a commit waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// The disk.
    Full,
    /// Nothing.
    Scratch,
}

impl Engine {
    pub(crate) fn of(url: &str) -> Option<Engine> {
        match url.split_once(':')?.0 {
            "sqlite" => Some(Engine::Sqlite),
            "postgres" | "postgresql" => Some(Engine::Postgres),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }

    /// A SQLite file is created on first use.
    pub(crate) fn complete_url(self, url: &str) -> String {
        match self {
            Engine::Sqlite if !url.contains("mode=") && !url.contains(":memory:") => {
                format!("{url}{}mode=rwc", if url.contains('?') { '&' } else { '?' })
            }
            _ => url.to_owned(),
        }
    }

    /// SQLite has one writer; waiting in the pool is fairer than waiting on its lock.
    pub(crate) fn writers(self) -> u32 {
        match self {
            Engine::Sqlite => 1,
            Engine::Postgres => 10,
        }
    }

    /// SQLite takes the write lock at once: a read that turns into a write later could only fail.
    pub(crate) fn begin_statement(self) -> &'static str {
        match self {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        }
    }

    /// Locks the head of the audit chain until commit, so that two processes append one after the other.
    pub(crate) fn lock_audit_head(self) -> &'static str {
        match self {
            Engine::Sqlite => "SELECT seq, hash FROM audit_head WHERE id = 1",
            Engine::Postgres => "SELECT seq, hash FROM audit_head WHERE id = 1 FOR UPDATE",
        }
    }

    /// Picks jobs that are due; on PostgreSQL several processes pick side by side.
    pub(crate) fn claim_jobs(self) -> &'static str {
        match self {
            Engine::Sqlite => {
                "SELECT id FROM jobs WHERE (state = 'ready' AND run_at <= $1) \
                 OR (state = 'running' AND claimed_until < $1) ORDER BY run_at LIMIT $2"
            }
            Engine::Postgres => {
                "SELECT id FROM jobs WHERE (state = 'ready' AND run_at <= $1) \
                 OR (state = 'running' AND claimed_until < $1) ORDER BY run_at LIMIT $2 FOR UPDATE SKIP LOCKED"
            }
        }
    }

    /// Names the tables themselves where something temporary of the same name hides them. PostgreSQL means them anyhow
    /// when that is made, for then it is not there yet.
    pub(crate) fn own_schema(self) -> &'static str {
        match self {
            Engine::Sqlite => "main.",
            Engine::Postgres => "",
        }
    }

    /// What a new connection is told before its first use.
    ///
    /// WAL lets readers go on while one writes; `synchronous = FULL` makes an acknowledged change survive a
    /// power cut, not only a killed process. What a connection keeps of the file for itself is little: the system keeps it
    /// once for all of them. `secure_delete` leaves nothing of a destroyed request in the file.
    pub(crate) async fn prepare(self, conn: &mut Conn, durability: Durability) -> sqlx::Result<()> {
        if self == Engine::Sqlite {
            conn.execute(sqlx::raw_sql(
                "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA cache_size = -2000; PRAGMA secure_delete = ON;",
            ))
            .await?;
        }
        if self == Engine::Postgres {
            // What stands here is in memory or on a disk without a head to move: without being told, PostgreSQL reads a
            // whole table rather than ten rows of it by their keys.
            conn.execute("SET random_page_cost = 1.1").await?;
        }
        if durability == Durability::Scratch {
            conn.execute(match self {
                Engine::Sqlite => "PRAGMA synchronous = OFF",
                Engine::Postgres => "SET synchronous_commit = off",
            })
            .await?;
        }
        Ok(())
    }
}
