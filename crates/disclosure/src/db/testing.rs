//! Databases for tests: SQLite always, PostgreSQL too when `GONGKAI_TEST_POSTGRES` names a server.

use jiff::Timestamp;

use super::Db;
use crate::files::{DEFAULT_LIMIT, FileStore};
use crate::privacy::Keyring;

/// A migrated, empty database of its own that is gone when dropped.
pub struct TestDb {
    pub db: Db,
    pub url: String,
    /// For files, and for SQLite itself.
    pub folder: tempfile::TempDir,
}

impl TestDb {
    /// Attachments in its folder.
    pub fn files(&self) -> FileStore {
        FileStore::in_folder(&self.folder.path().join("files"), DEFAULT_LIMIT).expect("a folder")
    }
}

/// One fresh database per engine; run the same test over each.
pub async fn databases() -> Vec<TestDb> {
    let mut all = vec![sqlite().await];
    match std::env::var("GONGKAI_TEST_POSTGRES") {
        Ok(server) => all.push(postgres(&server).await),
        Err(_) => eprintln!("GONGKAI_TEST_POSTGRES is not set: this test ran on SQLite only"),
    }
    all
}

/// A fresh SQLite database.
pub async fn sqlite() -> TestDb {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}/test.db", folder.path().display());
    TestDb { db: migrated(&url).await, url, folder }
}

/// A fresh schema on a PostgreSQL server; named by time and chance, left to the server's own clean-up.
async fn postgres(server: &str) -> TestDb {
    let schema = format!("t{}", crate::secrets::new_id(Timestamp::UNIX_EPOCH).replace('-', ""));
    let admin = Db::connect(server).await.expect("GONGKAI_TEST_POSTGRES can be reached");
    let mut conn = admin.writers.acquire().await.expect("a connection");
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}")))
        .execute(&mut *conn)
        .await
        .expect("a schema of our own");
    drop(conn);
    admin.close().await;
    let separator = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{separator}options=-csearch_path%3D{schema}");
    TestDb { db: migrated(&url).await, url, folder: tempfile::tempdir().expect("a temporary folder") }
}

async fn migrated(url: &str) -> Db {
    let db = Db::connect(url).await.expect("a test database").with_keys(Keyring::in_memory());
    db.migrate(Timestamp::UNIX_EPOCH).await.expect("a current schema");
    db
}
