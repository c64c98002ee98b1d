//! `gongkai keys`: the keys that personal data is sealed with.

use std::process::ExitCode;

use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::db::Db;
use gongkai_disclosure::files::FileStore;
use gongkai_disclosure::grievances;
use gongkai_disclosure::privacy::{self, Keyring, actions};
use gongkai_disclosure::requests::evidence;
use gongkai_disclosure::subscriptions;

use crate::clock;
use crate::installation::{Installation, Options};
use crate::words::{say, table};

/// Values sealed again in one transaction.
const AT_A_TIME: i64 = 500;
const FILES_AT_A_TIME: i64 = 20;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// 列出密钥和各自加密的条数
    Status(Args),
    /// 换用新密钥，并用它把已有的个人信息重新加密；更早的密钥不再需要时删去
    Rotate(Args),
}

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Status(args) => status(&args).await,
        Command::Rotate(args) => rotate(&args).await,
    }
}

async fn status(args: &Args) -> anyhow::Result<ExitCode> {
    let installation = Installation::open(&args.options, None)?;
    let db = installation.connect_ready().await?;
    let (active, ids) = db.keys().ids()?;
    let uses = privacy::key_uses(&mut *db.read().await?).await?;
    let mut rows = vec![["密钥", "加密条数", "状态"].map(String::from)];
    for id in &ids {
        let sealed = uses.iter().find(|used| used.key == *id).map_or(0, |used| used.sealed);
        let state = if *id == active { "使用中" } else { "只用于打开旧数据" };
        rows.push([id.clone(), sealed.to_string(), state.into()]);
    }
    let missing: Vec<_> = uses.iter().filter(|used| !ids.contains(&used.key)).collect();
    for used in &missing {
        rows.push([used.key.clone(), used.sealed.to_string(), "缺失，打不开".into()]);
    }
    say(&table(&rows));
    say(&format!("密钥文件：{}", installation.key_file().display()));
    Ok(if missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn rotate(args: &Args) -> anyhow::Result<ExitCode> {
    let installation = Installation::open(&args.options, None)?;
    let db = installation.connect_ready().await?;
    let keys = db.keys();
    let (last, mut before) = keys.ids()?;
    // A site that runs may have just sealed with it; it goes with the next change.
    before.retain(|id| *id != last);
    let active = keys.add_key()?;
    say(&format!("新密钥 {active} 已写入 {}", installation.key_file().display()));
    let sealed = seal_all_again(&db, &installation.files()?).await?;
    forget_unused(&db, keys, &before).await?;
    say(&format!(
        "已用新密钥重新加密 {sealed} 条。请立即备份密钥文件；此前的数据库备份仍需要备份时的密钥文件。"
    ));
    Ok(ExitCode::SUCCESS)
}

async fn seal_all_again(db: &Db, files: &FileStore) -> anyhow::Result<usize> {
    let mut sealed = 0;
    loop {
        let mut tx = db.begin(&Actor::Program("keys"), clock::now()).await?;
        let again = actions::seal_again(&mut tx, AT_A_TIME).await?;
        let again = again + subscriptions::actions::seal_again(&mut tx, AT_A_TIME).await?;
        let again = again + grievances::actions::seal_again(&mut tx, AT_A_TIME).await?;
        match again + evidence::seal_again(&mut tx, files, FILES_AT_A_TIME).await? {
            0 => return Ok(sealed),
            n => {
                tx.commit().await?;
                sealed += n;
            }
        }
    }
}

async fn forget_unused(db: &Db, keys: &Keyring, before: &[String]) -> anyhow::Result<()> {
    let uses = privacy::key_uses(&mut *db.read().await?).await?;
    for id in before.iter().filter(|id| uses.iter().all(|used| used.key != **id)) {
        keys.forget_key(id)?;
    }
    Ok(())
}
