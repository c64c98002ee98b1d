//! `gongkai migrate`: makes the schema, or brings it up to date.

use std::process::ExitCode;

use crate::words::say;

use crate::clock;
use crate::installation::{Installation, Options};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
    /// 只列出尚未执行的更新，不改动数据库
    #[arg(long)]
    dry_run: bool,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let installation = Installation::open(&args.options, None)?;
    let db = installation.connect().await?;
    let names = if args.dry_run { db.pending_migrations().await? } else { db.migrate(clock::now()).await? };
    match (names.is_empty(), args.dry_run) {
        (true, _) => say("数据库结构已是最新。"),
        (false, true) => say(&format!("尚未执行：{}", names.join("、"))),
        (false, false) => say(&format!("已执行：{}", names.join("、"))),
    }
    db.close().await;
    Ok(ExitCode::SUCCESS)
}
