//! The database behind every room: one SQL text for SQLite and PostgreSQL.
//!
//! Reading takes a [`Conn`]; changing takes a [`Tx`], which knows who acts and when, collects what was
//! done, and appends it to the audit chain when it commits. A change that recorded nothing cannot commit,
//! so no change can go unrecorded.

mod counters;
pub mod dialect;
#[cfg(feature = "testing")]
pub mod fill;
mod migrate;
mod reach;
#[cfg(feature = "testing")]
pub mod testing;

use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool};

use crate::audit::{self, Act, Actor, Done};
use crate::privacy::Keyring;
use dialect::Durability;
pub use dialect::Engine;
pub use migrate::{MIGRATIONS, MigrateError};

/// A connection to read from.
pub type Conn = sqlx::AnyConnection;
/// What the database answers when it fails.
pub use sqlx::Error as DbError;

/// A running database, cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    engine: Engine,
    /// On SQLite readers and the one writer are apart, so that reading never waits for writing.
    readers: AnyPool,
    writers: AnyPool,
    keys: Keyring,
    options: AnyConnectOptions,
    durability: Durability,
    /// Reads what belongs to one agency and those below it.
    narrowed: Option<Narrowed>,
    /// What [`Db::within`] opened, to be closed with the rest.
    opened: Arc<Mutex<Vec<AnyPool>>>,
}

/// The connections of one portal; see [`reach`].
#[derive(Clone, Debug)]
struct Narrowed {
    agency_code: Arc<str>,
    readers: AnyPool,
}

/// As many connections a portal of its own reads with.
const PORTAL_READERS: u32 = 3;
/// They are given back when nobody asks for so long.
const PORTAL_REST: Duration = Duration::from_secs(120);

/// Why a database could not be opened, in words an operator can act on.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("数据库地址“{0}”无法识别。请写成 sqlite:///目录/文件.db 或 postgres://用户:密码@主机/库名。")]
    UnknownUrl(String),
    #[error(
        "连不上数据库 {url}：{cause}。请核对数据库地址（--database 或设置 database），并确认数据库已经启动。"
    )]
    Unreachable { url: String, cause: String },
}

impl Db {
    /// Opens `sqlite:` or `postgres:` URLs. A SQLite file is created when it is not there.
    pub async fn connect(url: &str) -> Result<Db, ConnectError> {
        Db::connect_with(url, Durability::Full).await
    }

    /// Opens a database that is thrown away unless it is finished, like that of a demo being filled.
    pub async fn connect_scratch(url: &str) -> Result<Db, ConnectError> {
        Db::connect_with(url, Durability::Scratch).await
    }

    async fn connect_with(url: &str, durability: Durability) -> Result<Db, ConnectError> {
        sqlx::any::install_default_drivers();
        let engine = Engine::of(url).ok_or_else(|| ConnectError::UnknownUrl(redacted(url)))?;
        let options = AnyConnectOptions::from_str(&engine.complete_url(url))
            .map_err(|_| ConnectError::UnknownUrl(redacted(url)))?;
        let unreachable =
            |e: sqlx::Error| ConnectError::Unreachable { url: redacted(url), cause: plain_cause(&e) };

        let pool = |connections: u32| {
            asked_when_rested(engine)
                .max_connections(connections)
                .after_connect(move |conn, _| Box::pin(engine.prepare(conn, durability)))
        };
        // A first connection by hand: the pool would retry for its whole timeout and hide the cause.
        let mut first = <Conn as sqlx::Connection>::connect_with(&options).await.map_err(unreachable)?;
        engine.prepare(&mut first, durability).await.map_err(unreachable)?;
        sqlx::Connection::close(first).await.map_err(unreachable)?;
        let writers = pool(engine.writers()).connect_with(options.clone()).await.map_err(unreachable)?;
        let readers = match engine {
            Engine::Sqlite => pool(4).connect_with(options.clone()).await.map_err(unreachable)?,
            Engine::Postgres => writers.clone(),
        };
        Ok(Db {
            engine,
            readers,
            writers,
            keys: Keyring::absent(),
            options,
            durability,
            narrowed: None,
            opened: Arc::default(),
        })
    }

    /// The same database, of which one portal reads what belongs to this agency and those below it. Changing is as
    /// before: an action knows whom it is for.
    pub fn within(&self, agency_code: &str) -> Db {
        let agency_code: Arc<str> = agency_code.into();
        let (engine, durability, code) = (self.engine, self.durability, agency_code.clone());
        let readers = asked_when_rested(engine)
            .max_connections(PORTAL_READERS)
            .idle_timeout(PORTAL_REST)
            .after_connect(move |conn, _| {
                let code = code.clone();
                Box::pin(async move {
                    engine.prepare(conn, durability).await?;
                    reach::narrow(conn, engine, &code).await
                })
            })
            .connect_lazy_with(self.options.clone());
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).push(readers.clone());
        Db { narrowed: Some(Narrowed { agency_code, readers }), ..self.clone() }
    }

    /// The whole of it, for what no portal has for itself: the index of search, the log.
    pub fn whole(&self) -> Db {
        Db { narrowed: None, ..self.clone() }
    }

    /// The agency to which reading is narrowed.
    pub fn agency(&self) -> Option<&str> {
        self.narrowed.as_ref().map(|narrowed| &*narrowed.agency_code)
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The same database, with the keys that personal data in it is sealed with.
    pub fn with_keys(self, keys: Keyring) -> Db {
        Db { keys, ..self }
    }

    /// What personal data is sealed with.
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// A connection to read from.
    pub async fn read(&self) -> sqlx::Result<PoolConnection<Any>> {
        self.narrowed.as_ref().map_or(&self.readers, |narrowed| &narrowed.readers).acquire().await
    }

    /// Opens a change: who makes it, and the moment that counts for it.
    pub async fn begin(&self, by: &Actor, now: Timestamp) -> sqlx::Result<Tx> {
        let inner = self.writers.begin_with(self.engine.begin_statement()).await?;
        let keys = self.keys.clone();
        Ok(Tx { inner, engine: self.engine, by: by.clone(), now, acts: Vec::new(), keys })
    }

    /// Brings the schema up to date; returns the names of the migrations that ran.
    pub async fn migrate(&self, now: Timestamp) -> Result<Vec<&'static str>, MigrateError> {
        migrate::run(&self.writers, self.engine, now).await
    }

    /// Migrations that have not run yet.
    pub async fn pending_migrations(&self) -> Result<Vec<&'static str>, MigrateError> {
        migrate::pending(&self.writers).await
    }

    /// Ends the last traces of what was destroyed: SQLite keeps earlier pages in its log until the log begins anew.
    /// PostgreSQL clears them away by itself (autovacuum).
    pub async fn forget_overwritten(&self) -> sqlx::Result<()> {
        if self.engine == Engine::Sqlite {
            let mut conn = self.writers.acquire().await?;
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *conn).await?;
        }
        Ok(())
    }

    pub async fn close(&self) {
        let opened = std::mem::take(&mut *self.opened.lock().unwrap_or_else(PoisonError::into_inner));
        for pool in opened {
            pool.close().await;
        }
        self.readers.close().await;
        self.writers.close().await;
    }
}

/// A pool whose connections are asked whether they still stand when they were not used for a moment: a server that was
/// restarted is not noticed otherwise. A file does not go away.
fn asked_when_rested(engine: Engine) -> AnyPoolOptions {
    const MOMENT: Duration = Duration::from_secs(1);
    let options = AnyPoolOptions::new().acquire_timeout(Duration::from_secs(20)).test_before_acquire(false);
    match engine {
        Engine::Sqlite => options,
        Engine::Postgres => options.before_acquire(|conn, rest| {
            Box::pin(async move {
                if rest.idle_for > MOMENT {
                    sqlx::Connection::ping(conn).await?;
                }
                Ok(true)
            })
        }),
    }
}

/// A change in progress: one transaction, and who acts at which moment.
#[must_use = "a change that is not committed is undone"]
pub struct Tx {
    inner: sqlx::Transaction<'static, Any>,
    engine: Engine,
    by: Actor,
    now: Timestamp,
    acts: Vec<Done>,
    keys: Keyring,
}

impl Tx {
    pub fn conn(&mut self) -> &mut Conn {
        &mut self.inner
    }

    pub fn by(&self) -> &Actor {
        &self.by
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Lets the transaction go on in another's name and at another moment; what was recorded so far keeps
    /// its own. For filling a ledger with many acts of many people.
    pub fn acting_as(&mut self, by: &Actor, now: Timestamp) {
        self.by = by.clone();
        self.now = now;
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The moment as it is stored.
    pub fn now_text(&self) -> String {
        crate::time::stored(self.now)
    }

    /// The day in China on which this change happens.
    pub fn today(&self) -> jiff::civil::Date {
        crate::time::day_in_china(self.now)
    }

    /// What personal data is sealed with.
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// A new identifier that sorts by time.
    pub fn new_id(&self) -> String {
        crate::secrets::new_id(self.now)
    }

    /// The next number of a series; a number given out is never given again, a rolled-back one is.
    pub async fn next_number(&mut self, scope: &str) -> sqlx::Result<i64> {
        counters::next(&mut self.inner, scope).await
    }

    /// Notes what is being done; written to the audit chain at commit.
    pub fn record(&mut self, act: Act) {
        self.acts.push(Done { by: self.by.clone(), at: self.now, act });
    }

    /// Appends what was recorded to the audit chain and commits both together. Returns the position in
    /// the log, which caches and the search index wait for.
    ///
    /// # Errors
    /// A change that recorded nothing is a mistake in the program and is undone.
    pub async fn commit(mut self) -> anyhow::Result<i64> {
        anyhow::ensure!(!self.acts.is_empty(), "a change was about to commit without an audit record");
        let acts = std::mem::take(&mut self.acts);
        let position = audit::append(&mut self.inner, self.engine, &acts).await?;
        self.inner.commit().await?;
        Ok(position)
    }

    /// Whether anything was recorded so far.
    pub fn has_recorded(&self) -> bool {
        !self.acts.is_empty()
    }

    /// Commits what is no part of the ledger: who works on which job until when.
    pub(crate) async fn commit_bookkeeping(self) -> anyhow::Result<()> {
        anyhow::ensure!(self.acts.is_empty(), "bookkeeping was about to commit a record");
        Ok(self.inner.commit().await?)
    }
}

/// Whether the database refused a row because its key was taken.
pub fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|e| e.is_unique_violation())
}

/// The words of the gate when a trigger refused, e.g. `no one signs their own draft`.
pub fn refused_by_gate(error: &sqlx::Error) -> Option<String> {
    let message = error.as_database_error()?.message();
    message.split_once("gate: ").map(|(_, words)| words.trim().to_owned())
}

/// A database URL without its password, for messages and logs.
pub fn redacted(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(start), Some(at)) if at > start + 3 => match url[start + 3..at].find(':') {
            Some(colon) => format!("{}:***{}", &url[..start + 3 + colon], &url[at..]),
            None => url.to_owned(),
        },
        _ => url.to_owned(),
    }
}

/// Why a connection failed, in Chinese where the cause is a usual one.
fn plain_cause(error: &sqlx::Error) -> String {
    use std::io::ErrorKind as E;
    let usual = match error {
        sqlx::Error::Io(e) => match e.kind() {
            E::ConnectionRefused => Some("那里没有数据库在运行"),
            E::TimedOut | E::HostUnreachable | E::NetworkUnreachable => Some("网络不通"),
            E::PermissionDenied => Some("没有权限"),
            _ if e.to_string().contains("lookup address") => Some("找不到这台主机"),
            _ => None,
        },
        sqlx::Error::Database(e) => match e.code().as_deref() {
            Some("28P01" | "28000") => Some("用户名或密码不对"),
            Some("3D000") => Some("没有这个数据库"),
            Some("53300") => Some("数据库的连接数已满"),
            Some("14") => Some("文件打不开，目录不存在或没有权限"),
            Some("26") => Some("这个文件不是 SQLite 数据库"),
            _ => None,
        },
        _ => None,
    };
    let words = error.to_string();
    let first_line = words.lines().next().unwrap_or_default().trim_end_matches(['.', '。']);
    usual.unwrap_or(first_line).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_stay_out_of_messages() {
        assert_eq!(redacted("postgres://a:secret@h/db"), "postgres://a:***@h/db");
        assert_eq!(redacted("postgres://a@h/db"), "postgres://a@h/db");
        assert_eq!(redacted("sqlite:///x/y.db"), "sqlite:///x/y.db");
    }
}
