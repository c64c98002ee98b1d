//! `gongkai export`: what is public, as files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::exchange::archive::{Fonds, Handed, file_name, page_html, table};
use gongkai_disclosure::exchange::{LEDGER, ledger_row, public_entries, trs};
use gongkai_disclosure::publishing::public::{self, PublicEntry};
use gongkai_disclosure::sheets;
use gongkai_disclosure::time::day_in_china;
use gongkai_typeset::{Engine, FileFormat, Writing};
use gongkai_web::static_site::{self, Order};

use super::serve;
use crate::clock;
use crate::installation::{Installation, Options};
use crate::words::say;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// 整个公众门户写成静态文件，供没有数据库的机器使用；再次运行只改变化的部分，撤回的随之删去
    Site(Site),
    /// 已公开信息的台账：CSV、XLSX，或者 TRS 交换文件
    Entries(Entries),
    /// 档案移交：每条信息一个 PDF，一张 DBF 目录表
    Archive(Archive),
}

#[derive(clap::Args)]
pub(crate) struct Entries {
    #[command(flatten)]
    options: Options,
    /// 写到哪个文件；按后缀定格式：csv、xlsx、xml（TRS 交换文件）
    #[arg(long, value_name = "文件")]
    to: PathBuf,
    /// 只要这个机关的（机关代码）
    #[arg(long, value_name = "代码", default_value = "", hide_default_value = true)]
    agency: String,
    /// 只要这一年公开的
    #[arg(long, value_name = "年份", default_value = "", hide_default_value = true)]
    year: String,
    /// 门户对外的网址，写进 TRS 交换文件的链接
    #[arg(long, value_name = "网址", default_value = "", hide_default_value = true)]
    address: String,
}

#[derive(clap::Args)]
pub(crate) struct Archive {
    #[command(flatten)]
    options: Options,
    /// 写到哪个目录；应是新建的空目录
    #[arg(long, value_name = "目录")]
    to: PathBuf,
    /// 只要这个机关的（机关代码）
    #[arg(long, value_name = "代码", default_value = "", hide_default_value = true)]
    agency: String,
    /// 移交哪一年公开的
    #[arg(long, value_name = "年份")]
    year: String,
    /// 全宗号
    #[arg(long, value_name = "号", default_value = "", hide_default_value = true)]
    fonds: String,
    /// 保管期限（默认永久）
    #[arg(long, value_name = "期限", default_value = "永久", hide_default_value = true)]
    retention: String,
}

#[derive(clap::Args)]
pub(crate) struct Site {
    #[command(flatten)]
    options: Options,
    /// 写到哪个目录；应为空目录，或上次写成的静态副本
    #[arg(long, value_name = "目录")]
    to: PathBuf,
    /// 能办理申请、搜索的网站地址；副本中这些链接指向它。不写则指向一个说明页
    #[arg(long, value_name = "网址", default_value = "", hide_default_value = true)]
    online: String,
    /// 副本对外的网址；写明后生成网站地图、订阅和 robots.txt
    #[arg(long, value_name = "网址", default_value = "", hide_default_value = true)]
    address: String,
    /// 只写这个域名的门户（设置 portals 中的一项）；不写则是主门户
    #[arg(long, value_name = "域名", default_value = "", hide_default_value = true)]
    portal: String,
    /// 不管已有什么，全部重新生成
    #[arg(long)]
    anew: bool,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Site(args) => site(args).await,
        Command::Entries(args) => entries(args).await,
        Command::Archive(args) => archive(args).await,
    }
}

async fn site(args: Site) -> anyhow::Result<ExitCode> {
    let installation = Installation::open(&args.options, None)?;
    installation.start_log()?;
    let db = installation.connect_ready().await?;
    let mut app = serve::app(&installation, &db, "")?;
    if !args.portal.is_empty() {
        let portal = app.portal(&args.portal).cloned();
        app = portal
            .with_context(|| format!("没有域名为 {} 的门户，请核对设置 portals 中的 domain", args.portal))?;
    }
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

/// Every public entry asked for, in the order of index numbers.
async fn all(conn: &mut Conn, agency: &str, year: &str) -> anyhow::Result<Vec<PublicEntry>> {
    let mut all: Vec<PublicEntry> = Vec::new();
    loop {
        let after = all.last().map_or(String::new(), |entry| entry.index_number.clone());
        let page = public_entries(conn, agency, year, &after, 1_000).await?;
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    if all.is_empty() {
        bail!("没有符合条件的已公开信息，什么也没有写。请核对机关代码和年份。");
    }
    Ok(all)
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("写不了 {}，请核对路径和权限", path.display()))
}

async fn entries(args: Entries) -> anyhow::Result<ExitCode> {
    let installation = Installation::open(&args.options, None)?;
    let db = installation.connect_ready().await?;
    let mut conn = db.read().await?;
    let found = all(&mut conn, &args.agency, &args.year).await?;
    let count = found.len();
    let heads: Vec<&str> = LEDGER.iter().map(|(head, _)| *head).collect();
    let bytes = match args.to.extension().and_then(|end| end.to_str()) {
        Some("csv") => sheets::csv(&heads, &found.into_iter().map(ledger_row).collect::<Vec<_>>()),
        Some("xlsx") => {
            let rows: Vec<Vec<String>> = found.into_iter().map(ledger_row).collect();
            sheets::xlsx("已公开信息", &LEDGER, &rows)?
        }
        Some("xml") => {
            let mut xml = String::from(trs::BEGIN);
            for entry in &found {
                let files = public::attachments(&mut conn, &entry.id).await?;
                xml.push_str(&trs::record(entry, &files, args.address.trim_end_matches('/')));
            }
            xml.push_str(trs::END);
            xml.into_bytes()
        }
        _ => bail!("文件名请以 .csv、.xlsx 或者 .xml 结尾，由此决定格式。"),
    };
    write(&args.to, &bytes)?;
    say(&format!("已写入 {} 条信息：{}", count, args.to.display()));
    Ok(ExitCode::SUCCESS)
}

async fn archive(args: Archive) -> anyhow::Result<ExitCode> {
    let installation = Installation::open(&args.options, None)?;
    let db = installation.connect_ready().await?;
    let files = installation.files()?;
    let mut conn = db.read().await?;
    let found = all(&mut conn, &args.agency, &args.year).await?;
    std::fs::create_dir_all(&args.to).with_context(|| format!("建不了目录 {}", args.to.display()))?;
    if std::fs::read_dir(&args.to)?.next().is_some() {
        bail!("{} 不是空目录。请换一个新目录，以免把旧的移交材料混进来。", args.to.display());
    }
    let engine = Engine::new(installation.config.fonts.folders.clone());
    let today = day_in_china(clock::now());
    let started = std::time::Instant::now();
    let mut handed = Vec::new();
    let mut attachments = 0;
    for entry in found {
        let name = file_name(&entry.index_number);
        let writing = Writing::of_html(&entry.title, &entry.agency_name, &page_html(&entry));
        let made_on = entry.made_on.parse().unwrap_or(today);
        let pdf = writing
            .write(FileFormat::Pdf, made_on, &engine)
            .context("PDF 不能排版")?
            .with_context(|| format!("索引号 {} 的信息没有排成 PDF", entry.index_number))?;
        write(&args.to.join(&name), &pdf)?;
        for (number, file) in (1..).zip(public::attachments(&mut conn, &entry.id).await?) {
            let stem = name.trim_end_matches(".pdf");
            let safe = file.name.replace(['/', '\\'], "_");
            write(
                &args.to.join(format!("{stem}-附件{number}-{safe}")),
                &files.bytes(&file.file_sha256).await?,
            )?;
            attachments += 1;
        }
        handed.push(Handed { sha256: digest(&pdf), file: name, entry });
    }
    let fonds = Fonds { number: args.fonds, retention: args.retention };
    let (bytes, cut) = table(&fonds, &handed, today);
    write(&args.to.join("目录.dbf"), &bytes)?;
    say(&format!(
        "档案移交材料已写好：{} 条信息的 PDF、{attachments} 个附件和目录表“目录.dbf”，用时 {:.1} 秒。",
        handed.len(),
        started.elapsed().as_secs_f64()
    ));
    if cut > 0 {
        say(&format!("目录表中有 {cut} 处文字超过档案系统的栏宽，已截断；PDF 中是完整的。"));
    }
    Ok(ExitCode::SUCCESS)
}

fn digest(bytes: &[u8]) -> String {
    use sha2::Digest;
    hex::encode(sha2::Sha256::digest(bytes))
}
