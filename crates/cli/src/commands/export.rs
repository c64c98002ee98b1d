//! `gongkai export`: what is public, as files.

use std::path::PathBuf;
use std::process::ExitCode;

use gongkai_web::static_site::{self, Order};

use super::serve;
use crate::installation::{Installation, Options};
use crate::words::say;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// 整个公众门户写成静态文件，供没有数据库的机器使用；再次运行只改变化的部分，撤回的随之删去
    Site(Site),
}

#[derive(clap::Args)]
pub(crate) struct Site {
    #[command(flatten)]
    options: Options,
    /// 写到哪个目录；应为空目录，或上次写成的静态副本
    #[arg(long, value_name = "目录")]
    to: PathBuf,
    /// 能办理申请、搜索的网站地址；副本中这些链接指向它。不写则指向一个说明页
    #[arg(long, value_name = "网址", default_value = "")]
    online: String,
    /// 副本对外的网址；写明后生成网站地图、订阅和 robots.txt
    #[arg(long, value_name = "网址", default_value = "")]
    address: String,
    /// 不管已有什么，全部重新生成
    #[arg(long)]
    anew: bool,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Site(args) => site(args).await,
    }
}

async fn site(args: Site) -> anyhow::Result<ExitCode> {
    let installation = Installation::open(&args.options, None)?;
    installation.start_log()?;
    let db = installation.connect_ready().await?;
    let app = serve::app(&installation, &db)?;
    for address in [&args.online, &args.address] {
        anyhow::ensure!(
            address.is_empty() || address.starts_with("http://") || address.starts_with("https://"),
            "网址“{address}”请写成 https://… 的样子。"
        );
    }
    let order = Order { folder: args.to, online: args.online, address: args.address, anew: args.anew };
    let done = static_site::export(&app, &order).await?;
    let seconds = done.took.as_secs_f64();
    let how = if done.is_whole { "全部生成" } else { "只生成变化的部分" };
    say(&format!(
        "静态副本已写好（{how}）：渲染 {} 页，写入 {} 个文件，删去 {} 个；现有 {} 个文件，其中撤回说明 {} 页。用时 {seconds:.2} 秒，每秒 {:.0} 页。",
        done.rendered,
        done.written,
        done.removed,
        done.files,
        done.tombstones,
        done.rendered as f64 / seconds.max(0.001)
    ));
    db.close().await;
    Ok(ExitCode::SUCCESS)
}
