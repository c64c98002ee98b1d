//! `gongkai demo`: makes an invented district, or opens the one made before, and serves it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use gongkai_disclosure::db::{Db, redacted};
use gongkai_disclosure::files::{DEFAULT_LIMIT, FileStore};

use super::serve;
use crate::config::Config;
use crate::demo::{self, Filled};
use crate::installation::{Installation, Options, plain, sqlite_file, sqlite_url};
use crate::words::say;
use crate::{clock, words};

/// The explained settings, copied to where a person will look for them.
const SETTINGS: &str = include_str!("../../../../docs/operating/gongkai.toml");

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
    /// 监听地址（默认 127.0.0.1:8080；端口写 0 表示任选一个）
    #[arg(long, value_name = "地址:端口")]
    listen: Option<String>,
    /// 只准备数据，不打开网站
    #[arg(long)]
    fill_only: bool,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut built_in = Config::default();
    demo::introduce(&mut built_in);
    let mut installation =
        Installation::open_over(&built_in, "demo-data", &args.options, args.listen.as_deref())?;
    installation.start_log()?;
    let listener =
        if args.fill_only { None } else { Some(serve::listen(&installation.config.listen).await?) };
    let address = listener.as_ref().map(serve::address).transpose()?.unwrap_or_default();
    if let Some((_, port)) = address.rsplit_once(':') {
        let own = installation.config.portals.iter_mut().find(|portal| portal.domain == demo::PORTAL);
        if let Some(portal) = own {
            portal.domain = format!("{}:{port}", demo::PORTAL);
        }
    }
    explain_settings(&installation.folder)?;

    let url = installation.database_url()?;
    let files = FileStore::in_folder(&installation.folder.join("files"), DEFAULT_LIMIT)?;
    let db = match sqlite_file(&url) {
        Some(file) => in_file(&installation, &file, &url, &files).await?,
        None => in_server(&installation, &url, &files).await?,
    };
    let db = db.clone().with_keys(installation.keys(&db).await?);
    let pending = db.pending_migrations().await?;
    if !pending.is_empty() {
        bail!("演示数据由较早的版本建立。请删除 {}，再运行一次 gongkai demo。", redacted(&url));
    }
    if let Some(listener) = listener {
        let ready = serve::Ready::new(&installation, db.clone(), true, &address)?;
        say(&format!("\n{}", words::table(&demo::accounts(&db).await?)));
        say(&format!("演示账号的密码都是 {}", demo::PASSWORD));
        say(&format!("公众门户：{address}\n工作台　：{address}/console"));
        for portal in &installation.config.portals {
            say(&format!("{}自己的门户：http://{}（用浏览器打开）", portal.organisation, portal.domain));
        }
        say("（按 Ctrl-C 停止）");
        serve::until_stopped(ready, listener).await?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Settings that are there already stay as they are.
fn explain_settings(folder: &Path) -> anyhow::Result<()> {
    let file = folder.join("gongkai.toml.example");
    std::fs::write(&file, SETTINGS).with_context(|| format!("写不了 {}", file.display()))
}

/// A SQLite file: filled beside its place and put there when it is whole, so that a demo that was
/// interrupted is not there at all.
async fn in_file(
    installation: &Installation,
    file: &Path,
    url: &str,
    files: &FileStore,
) -> anyhow::Result<Db> {
    if file.exists() {
        let db = Db::connect(url).await?;
        match demo::state(&db).await? {
            Filled::Whole => {}
            _ => bail!(
                "{} 里已经有数据，而不是演示数据。请用 --data 给演示另选一个目录，或用 gongkai serve 打开它。",
                file.display()
            ),
        }
        return Ok(db);
    }
    let _lock = Lock::take(file)?;
    if !file.exists() {
        let draft = beside(file, "filling");
        remove(&draft)?;
        let db = Db::connect_scratch(&sqlite_url(&draft)?).await?;
        db.migrate(clock::now()).await?;
        let db = db.clone().with_keys(installation.keys(&db).await?);
        demo::fill(&db, files, clock::now()).await?;
        db.close().await;
        File::open(&draft).and_then(|f| f.sync_all()).context("演示数据没有写进磁盘，请检查磁盘空间")?;
        std::fs::rename(&draft, file).with_context(|| format!("演示数据放不到 {}", file.display()))?;
        remove(&draft)?;
    }
    Ok(Db::connect(url).await?)
}

/// A database on a server: filled in place, and only when it is empty.
async fn in_server(installation: &Installation, url: &str, files: &FileStore) -> anyhow::Result<Db> {
    let db = Db::connect(url).await?;
    if db.pending_migrations().await?.is_empty() {
        match demo::state(&db).await? {
            Filled::Whole => return Ok(db),
            Filled::Not => {}
            Filled::Otherwise => bail!(
                "数据库 {} 不是空的，也没有完整的演示数据（可能是别的数据，或上次准备演示时中断了）。请给演示一个新建的空数据库。",
                redacted(url)
            ),
        }
    } else {
        db.migrate(clock::now()).await?;
    }
    db.close().await;
    let draft = Db::connect_scratch(url).await?;
    let draft = draft.clone().with_keys(installation.keys(&draft).await?);
    demo::fill(&draft, files, clock::now()).await?;
    draft.close().await;
    Ok(Db::connect(url).await?)
}

/// Keeps a second program from filling the same folder; released by the system however this one ends.
struct Lock {
    _file: File,
    path: PathBuf,
}

impl Lock {
    fn take(beside_file: &Path) -> anyhow::Result<Lock> {
        let path = beside(beside_file, "lock");
        let file = File::create(&path).map_err(|e| {
            anyhow::anyhow!(
                "数据库的文件打不开：写不了 {}（{}）。请核对数据库地址（--database 或设置 database）。",
                path.display(),
                plain(&e)
            )
        })?;
        if file.try_lock().is_err() {
            bail!("另一个 gongkai demo 正在准备这个数据目录。请等它完成，或用 --data 另选一个目录。");
        }
        Ok(Lock { _file: file, path })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

/// Removes what an interrupted filling left, with the files SQLite keeps beside it.
fn remove(draft: &Path) -> anyhow::Result<()> {
    for path in [draft.to_owned(), wal(draft, "-wal"), wal(draft, "-shm")] {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                bail!("删不掉上次中断留下的 {}（{}），请手工删除。", path.display(), plain(&error))
            }
            _ => {}
        }
    }
    Ok(())
}

fn wal(draft: &Path, suffix: &str) -> PathBuf {
    let mut name = draft.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
