//! One installation: its data folder, its settings, its database.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use gongkai_disclosure::connections::Outgoing;
use gongkai_disclosure::db::{Db, MIGRATIONS};
use gongkai_disclosure::files::FileStore;
use gongkai_disclosure::jobs::Workshop;
use gongkai_disclosure::mail::PostOffice;
use gongkai_disclosure::privacy::{self, Keyring};
use gongkai_disclosure::publishing::official_accounts::Accounts;

use crate::clock;
use crate::config::{self, Config};

/// Options of every command that works on an installation.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Options {
    /// 数据目录：数据库文件、附件、索引和配置都在这里（默认当前目录下的 gongkai-data；演示为 demo-data）
    #[arg(long, value_name = "目录", env = "GONGKAI_DATA", hide_env = true)]
    pub(crate) data: Option<PathBuf>,
    /// 配置文件（默认用数据目录下的 gongkai.toml）
    #[arg(long, value_name = "文件", env = "GONGKAI_CONFIG", hide_env = true)]
    pub(crate) config: Option<PathBuf>,
    /// 数据库地址：sqlite:///目录/文件.db 或 postgres://用户:密码@主机/库名（默认用数据目录下的 SQLite 文件）
    #[arg(long, value_name = "地址")]
    pub(crate) database: Option<String>,
}

/// An installation that was found or made.
pub(crate) struct Installation {
    pub(crate) folder: PathBuf,
    pub(crate) config: Config,
}

impl Installation {
    /// Finds the data folder, makes it when it is not there, and reads the settings.
    pub(crate) fn open(options: &Options, listen: Option<&str>) -> anyhow::Result<Installation> {
        Installation::open_over(&Config::default(), "gongkai-data", options, listen)
    }

    /// As [`Installation::open`], with other built-in settings and another usual folder.
    pub(crate) fn open_over(
        built_in: &Config,
        usual_folder: &str,
        options: &Options,
        listen: Option<&str>,
    ) -> anyhow::Result<Installation> {
        let folder = options.data.clone().unwrap_or_else(|| usual_folder.into());
        let folder = writable(&folder)?;
        let flags = [("listen", listen), ("database", options.database.as_deref())];
        let usual_file = folder.join("gongkai.toml");
        let config =
            config::read(built_in, options.config.as_deref(), &usual_file, std::env::vars(), &flags)?;
        Ok(Installation { folder, config })
    }

    /// Where the database is: as set, or the file in the data folder.
    pub(crate) fn database_url(&self) -> anyhow::Result<String> {
        if self.config.database.is_empty() {
            sqlite_url(&self.folder.join("gongkai.db"))
        } else {
            Ok(self.config.database.clone())
        }
    }

    /// Opens the database as it is, with the keys when there are any.
    pub(crate) async fn connect(&self) -> anyhow::Result<Db> {
        let db = Db::connect(&self.database_url()?).await?;
        Ok(match Keyring::load(&self.key_file()) {
            Ok(keys) => db.with_keys(keys),
            Err(_) => db,
        })
    }

    /// Where the keys of personal data are: as set, or in the data folder.
    pub(crate) fn key_file(&self) -> PathBuf {
        match self.config.privacy.key_file.as_str() {
            "" => self.folder.join("keys.toml"),
            file => file.into(),
        }
    }

    /// The keys of personal data; made on first start, never when something is sealed with keys that are lost.
    pub(crate) async fn keys(&self, db: &Db) -> anyhow::Result<Keyring> {
        let file = self.key_file();
        if file.exists() {
            return Ok(Keyring::load(&file)?);
        }
        let sealed = privacy::key_uses(&mut *db.read().await?).await?;
        if let Some(used) = sealed.first() {
            bail!(
                "找不到密钥文件 {}，而数据库里有用密钥 {} 加密的个人信息。请从备份恢复密钥文件，或核对设置 privacy.key_file。",
                file.display(),
                used.key
            );
        }
        Ok(Keyring::create(&file)?)
    }

    /// Opens the database for work: an empty one gets its schema, one that is behind must be migrated first.
    pub(crate) async fn connect_ready(&self) -> anyhow::Result<Db> {
        let db = self.connect().await?;
        let pending = db.pending_migrations().await?;
        if pending.len() == MIGRATIONS.len() {
            db.migrate(clock::now()).await?;
        } else if !pending.is_empty() {
            bail!("数据库结构需要更新（{}）。请先备份，再运行 gongkai migrate。", pending.join("、"));
        }
        let keys = self.keys(&db).await?;
        Ok(db.with_keys(keys))
    }

    /// The attachments of this installation.
    pub(crate) fn files(&self) -> anyhow::Result<FileStore> {
        FileStore::in_folder(&self.folder.join("files"), self.config.uploads.limit_mb * 1024 * 1024)
    }

    /// What jobs are done with.
    pub(crate) fn workshop(&self, db: &Db) -> anyhow::Result<Workshop> {
        let settings = self.config.mail.settings();
        let post_office = settings.map(|s| PostOffice::new(&s)).transpose().map_err(anyhow::Error::msg)?;
        let outgoing = Outgoing { private_networks: self.config.webhooks.private_networks };
        Ok(Workshop {
            db: db.clone(),
            post_office: post_office.map(Arc::new),
            accounts: self.accounts()?,
            outgoing,
        })
    }

    /// 政务新媒体 of the settings.
    pub(crate) fn accounts(&self) -> anyhow::Result<Option<Arc<Accounts>>> {
        let limit = self.config.uploads.limit_mb * 1024 * 1024;
        let files = FileStore::in_folder(&self.folder.join("files"), limit)?;
        Ok(self.config.official_accounts.open(files)?.map(Arc::new))
    }

    /// Logs go to standard error; standard output is for answers.
    pub(crate) fn start_log(&self) -> anyhow::Result<()> {
        let level = &self.config.log;
        let filter = tracing_subscriber::EnvFilter::try_new(level)
            .with_context(|| format!("设置“log”的内容“{level}”无法识别，可以是 error、warn、info、debug"))?;
        let is_terminal = std::io::stderr().is_terminal();
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .with_ansi(is_terminal)
            .init();
        Ok(())
    }
}

/// The folder with its full path; made when it is not there, and tried by writing into it.
fn writable(folder: &Path) -> anyhow::Result<PathBuf> {
    let shown = folder.display();
    let advice = "请换一个目录（--data 目录），或修改它的权限。";
    std::fs::create_dir_all(folder)
        .map_err(|e| anyhow::anyhow!("建不了数据目录 {shown}（{}）。{advice}", plain(&e)))?;
    let folder = std::path::absolute(folder).with_context(|| format!("数据目录 {shown} 的路径有误"))?;
    let probe = folder.join(format!(".write-test-{}", std::process::id()));
    std::fs::write(&probe, b"")
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(|e| anyhow::anyhow!("数据目录 {shown} 不能写入（{}）。{advice}", plain(&e)))?;
    Ok(folder)
}

/// The cause of a failed file operation in a few Chinese words.
pub(crate) fn plain(error: &std::io::Error) -> String {
    use std::io::ErrorKind as E;
    let words = match error.kind() {
        E::PermissionDenied => "没有权限",
        E::NotADirectory | E::AlreadyExists => "路径中有一段是文件，不是目录",
        E::NotFound => "找不到",
        E::ReadOnlyFilesystem => "文件系统只读",
        E::StorageFull | E::QuotaExceeded => "磁盘已满",
        E::InvalidInput => "写法不对",
        E::AddrInUse => "已被占用",
        E::AddrNotAvailable => "本机没有这个地址",
        _ => return error.to_string(),
    };
    words.to_owned()
}

/// A SQLite URL for any path, whatever characters it has.
pub(crate) fn sqlite_url(file: &Path) -> anyhow::Result<String> {
    let path = file.to_str().with_context(|| {
        format!("路径 {} 不是 UTF-8，数据库不能放在这里。请用 --data 换一个目录。", file.display())
    })?;
    let mut url = String::from("sqlite://");
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                url.push(byte.into())
            }
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(url)
}

/// The file behind a SQLite URL; `None` for other engines.
pub(crate) fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next()?;
    let mut bytes = Vec::with_capacity(path.len());
    let mut left = path.as_bytes();
    while let [first, rest @ ..] = left {
        let decoded = match left {
            [b'%', high, low, ..] => {
                let hex = [*high, *low];
                std::str::from_utf8(&hex).ok().and_then(|text| u8::from_str_radix(text, 16).ok())
            }
            _ => None,
        };
        bytes.push(decoded.unwrap_or(*first));
        left = if decoded.is_some() { &left[3..] } else { rest };
    }
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_survives_the_way_into_a_url_and_back() {
        for path in ["/tmp/a b/数据?x=1#y%20/g.db", "/plain/g.db", "/mode=rwc/:memory:/g.db"] {
            let url = sqlite_url(Path::new(path)).unwrap();
            assert_eq!(sqlite_file(&url).unwrap(), Path::new(path), "{url}");
            assert!(!url.contains(['?', '#', ' ']) && !url.contains("mode="), "{url}");
        }
        assert_eq!(sqlite_file("sqlite:x.db?mode=ro").unwrap(), Path::new("x.db"));
        assert_eq!(sqlite_file("postgres://h/db"), None);
    }

    #[tokio::test]
    async fn an_odd_folder_name_holds_a_database() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("数据 100%?#目录");
        std::fs::create_dir(&odd).unwrap();
        let db = Db::connect(&sqlite_url(&odd.join("g.db")).unwrap()).await.unwrap();
        db.migrate(jiff::Timestamp::UNIX_EPOCH).await.unwrap();
        db.close().await;
        assert!(odd.join("g.db").is_file());
    }
}
