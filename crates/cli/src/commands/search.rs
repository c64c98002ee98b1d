//! `gongkai search`: the search index.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Subcommand;
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::search;

use crate::clock;
use crate::installation::{Installation, Options};
use crate::words::say;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// 重建检索索引：重建期间照常检索，核对与公开的内容完全一致后才换上新的
    Rebuild(Rebuild),
}

#[derive(clap::Args)]
pub(crate) struct Rebuild {
    #[command(flatten)]
    options: Options,
    /// 最多等多少秒（默认 600）；到时没有等到结果，重建仍会继续
    #[arg(long, value_name = "秒", default_value_t = 600, hide_default_value = true)]
    wait: u64,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Rebuild(args) = command;
    let installation = Installation::open(&args.options, None)?;
    installation.start_log()?;
    let db = installation.connect_ready().await?;
    let asked = search::ask_rebuild(&db, &Actor::Program("search rebuild"), clock::now()).await?;
    say("已通知运行中的网站重建索引，等待结果……");
    let begin = Instant::now();
    let mut told = Vec::new();
    // Each process has an index of its own: after the first has finished, others are given a little longer.
    let mut until = begin + Duration::from_secs(args.wait);
    while Instant::now() < until {
        for done in search::rebuilt_since(&db, asked).await? {
            if !told.contains(&done.seq) {
                told.push(done.seq);
                let detail: serde_json::Value = serde_json::from_str(&done.detail).unwrap_or_default();
                let was = match detail["was_equal"].as_bool() {
                    Some(true) => "与原来的索引一致",
                    _ => "原来的索引与公开的内容不一致，已经换下",
                };
                say(&format!("已重建：{} 条，{was}", detail["entries"]));
                until = until.min(Instant::now() + Duration::from_secs(5));
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    db.close().await;
    if told.is_empty() {
        say("还没有结果。网站没有运行的，下次启动时会重建；正在运行的，可以在审计记录里查看。");
        return Ok(ExitCode::from(1));
    }
    Ok(ExitCode::SUCCESS)
}
