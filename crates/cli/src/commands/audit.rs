//! `gongkai audit`: the chain that every change is a link of.

use std::process::ExitCode;

use crate::words::say;

use gongkai_disclosure::audit::{self, Fault, Verdict};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::time;

use crate::installation::{Installation, Options};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// 从头核对每一行；断开时指出第一处，退出码为 1
    Verify(Verify),
}

#[derive(clap::Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    options: Options,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Verify(args) = command;
    let db = Installation::open(&args.options, None)?.connect_ready().await?;
    let mut conn = db.read().await?;
    match audit::verify(&mut conn).await? {
        Verdict::Whole { links, head } => {
            say(&format!("审计链完整：共 {links} 行，链头 {head}"));
            say("请把行数和链头另行保存；日后再次核对时，这一行的哈希不应改变。");
            Ok(ExitCode::SUCCESS)
        }
        Verdict::Broken { seq, fault } => {
            say(&format!("审计链断开：{}", describe(&mut conn, seq, fault).await?));
            say(&format!("请立即停止使用，保留现场，用备份比对第 {seq} 行前后的记录。"));
            Ok(ExitCode::from(1))
        }
    }
}

/// The first broken link in words, with what the row says of itself.
pub(super) async fn describe(conn: &mut Conn, seq: i64, fault: Fault) -> anyhow::Result<String> {
    let row = audit::changes_after(conn, seq - 1, 1).await?.into_iter().find(|link| link.seq == seq);
    let what = row.map_or(String::new(), |link| {
        let at = time::shown_text(&link.at);
        format!("（{at} {} {}.{}，对象 {}）", link.actor_name, link.room, link.act, link.subject_id)
    });
    Ok(format!("第 {seq} 行{what}：{fault}"))
}
