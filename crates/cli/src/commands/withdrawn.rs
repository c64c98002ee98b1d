//! `gongkai withdrawn`: proves that no copy is left of what was withdrawn.

use std::path::PathBuf;
use std::process::ExitCode;

use gongkai_web::static_site::{Asked, Copy, prove};

use super::serve;
use crate::installation::{Installation, Options};
use crate::words::say;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
    /// 只核验这一条；不写则核验全部撤回的信息
    #[arg(value_name = "索引号", default_value = "", hide_default_value = true)]
    index_number: String,
    /// 一并核验这个目录里的静态副本，可以写多次
    #[arg(long = "copy", value_name = "目录")]
    copies: Vec<PathBuf>,
    /// 一并核验正在运行的网站（各进程自己缓存页面），写成 http://主机:端口，可以写多次
    #[arg(long = "site", value_name = "地址")]
    sites: Vec<String>,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let installation = Installation::open(&args.options, None)?;
    installation.start_log()?;
    let db = installation.connect_ready().await?;
    let app = serve::app(&installation, &db, "")?;
    let asked = Asked { index_number: args.index_number, folders: args.copies, sites: args.sites };
    let proof = prove(&app, &asked).await?;
    db.close().await;
    say(&format!("撤回的信息 {} 条", proof.withdrawn));
    for copy in Copy::ALL {
        let found = proof.findings.iter().filter(|finding| finding.copy == copy).count();
        let words = match (proof.looked.get(&copy), found) {
            (None, _) if proof.withdrawn == 0 => "没有要查的".to_owned(),
            (None, _) if copy == Copy::Export => "没有查（加上 --copy 目录）".to_owned(),
            (None, _) if copy == Copy::Cache => "没有查（加上 --site 地址）".to_owned(),
            (None, _) => "没有要查的".to_owned(),
            (Some(looked), 0) => format!("查了 {looked} 处，没有副本"),
            (Some(looked), found) => format!("查了 {looked} 处，还有 {found} 处"),
        };
        say(&format!("  {}：{words}", copy.label()));
    }
    for finding in &proof.findings {
        say(&format!("{}　{}：{}", finding.index_number, finding.copy.label(), finding.detail));
    }
    if proof.findings.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    say(
        "还有副本没有清除。静态副本请再运行一次 gongkai export site；运行中的网站请等一秒后再查，仍有就重新启动它；\
         其他渠道的副本由责任人撤下，在工作台“待撤下的副本”中确认。",
    );
    Ok(ExitCode::from(1))
}
