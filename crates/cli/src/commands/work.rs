//! `gongkai work`: the jobs alone, for installations that serve with several processes.

use std::process::ExitCode;

use crate::words::say;

use gongkai_disclosure::jobs;

use super::serve;
use crate::clock;
use crate::installation::{Installation, Options};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
    /// 做完当前到期的任务就退出
    #[arg(long)]
    once: bool,
    /// 先让多次失败而停下的任务重新开始
    #[arg(long)]
    retry_failed: bool,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let installation = Installation::open(&args.options, None)?;
    installation.start_log()?;
    let db = installation.connect_ready().await?;
    let workshop = installation.workshop(&db)?;
    if args.retry_failed {
        say(&format!("重新开始的任务：{}", jobs::actions::retry_failed(&db, clock::now()).await?));
    }
    if args.once {
        let mut done = 0;
        loop {
            let outcomes = jobs::run_due(&workshop, clock::now()).await?;
            done += outcomes.iter().filter(|o| **o == jobs::Outcome::Done).count();
            if outcomes.is_empty() {
                break;
            }
        }
        say(&format!("完成的任务：{done}"));
    } else {
        say("后台任务已启动（按 Ctrl-C 停止）");
        jobs::work(workshop, clock::now, serve::signal()).await;
    }
    db.close().await;
    Ok(ExitCode::SUCCESS)
}
