//! `gongkai doctor`: looks at everything an installation needs, and says what to do about what is not right.

use std::net::SocketAddr;
use std::process::ExitCode;

use gongkai_disclosure::audit::{self, Verdict};
use gongkai_disclosure::db::{Db, DbError, redacted};
use gongkai_disclosure::publishing::public;
use gongkai_disclosure::publishing::verify::{self, Altered, Difference};
use gongkai_disclosure::{accounts, calendars, jobs, mail, privacy, time};

use crate::clock;
use crate::installation::{Installation, Options};
use crate::words::say;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
    /// 同时核对每个附件的内容（附件多时较慢）
    #[arg(long)]
    attachments: bool,
}

/// What was found at one place.
enum Finding {
    Good(String),
    /// Works, but a person should know.
    Note(String),
    /// Does not work.
    Bad(String),
}

use Finding::{Bad, Good, Note};

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let installation = Installation::open(&args.options, None)?;
    let db = installation.connect().await?;
    let mut findings = vec![
        Good(format!("数据目录 {} 可以写入", installation.folder.display())),
        Good(format!("数据库 {}：{}", db.engine().name(), redacted(&installation.database_url()?))),
    ];
    let pending = db.pending_migrations().await?;
    if pending.is_empty() {
        findings.extend(ledger(&db).await?);
        findings.extend(keys(&installation, &db).await?);
        findings.extend(published(&installation, &db, args.attachments).await?);
        findings.extend(work(&installation, &db).await?);
        findings.push(calendar(&db).await?);
        findings.extend(portals(&installation, &db).await?);
    } else {
        findings.push(Bad(format!(
            "数据库结构需要更新（{}）。请先备份，再运行 gongkai migrate",
            pending.join("、")
        )));
    }
    findings.push(cookies(&installation));
    db.close().await;

    let mut is_any_bad = false;
    for finding in &findings {
        say(&match finding {
            Good(what) => format!("正常  {what}"),
            Note(what) => format!("注意  {what}"),
            Bad(what) => {
                is_any_bad = true;
                format!("问题  {what}")
            }
        });
    }
    Ok(if is_any_bad { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The records themselves.
async fn ledger(db: &Db) -> anyhow::Result<Vec<Finding>> {
    let mut conn = db.read().await?;
    let mut findings = vec![match audit::verify(&mut conn).await? {
        Verdict::Whole { links, .. } => Good(format!("审计链完整，共 {links} 行")),
        Verdict::Broken { seq, fault } => {
            let where_ = super::audit::describe(&mut conn, seq, fault).await?;
            Bad(format!("审计链断开：{where_}。请保留现场，用备份比对"))
        }
    }];
    let agencies = accounts::agencies(&mut conn).await?;
    let people = accounts::staff_list(&mut conn, None).await?;
    let active = people.iter().filter(|person| person.is_active).count();
    findings.push(if agencies.is_empty() || active == 0 {
        Note("还没有机关或账号，请用 gongkai agency add 和 gongkai user add 建立".into())
    } else {
        Good(format!("机关 {} 个，在用账号 {active} 个", agencies.len()))
    });
    Ok(findings)
}

/// Whether what is sealed can be opened, and the key file is read by its owner alone.
async fn keys(installation: &Installation, db: &Db) -> anyhow::Result<Vec<Finding>> {
    let file = installation.key_file();
    let mut conn = db.read().await?;
    let uses = privacy::key_uses(&mut conn).await?;
    let keys = match privacy::Keyring::load(&file) {
        Ok(keys) => keys,
        Err(_) if uses.is_empty() && !file.exists() => {
            return Ok(vec![Note(format!("还没有密钥文件 {}，网站第一次启动时生成", file.display()))]);
        }
        Err(error) => return Ok(vec![Bad(format!("个人信息打不开：{error}"))]),
    };
    let mut findings = Vec::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).map_or(0, |data| data.permissions().mode() & 0o077);
        if mode != 0 {
            findings.push(Bad(format!("密钥文件 {0} 其他用户也能读，请运行 chmod 600 {0}", file.display())));
        }
    }
    let sealed: i64 = uses.iter().map(|used| used.sealed).sum();
    for used in &uses {
        if let Err(error) = privacy::opens(&mut conn, &keys, &used.example).await {
            findings.push(Bad(format!("用密钥 {} 加密的 {} 条个人信息：{error}", used.key, used.sealed)));
        }
    }
    if findings.is_empty() {
        findings.push(Good(format!("密钥文件可用，加密的个人信息 {sealed} 条都有密钥可以打开")));
    }
    Ok(findings)
}

/// Whether what the public sees is what was signed.
async fn published(installation: &Installation, db: &Db, with_files: bool) -> anyhow::Result<Vec<Finding>> {
    let files = if with_files { Some(installation.files()?) } else { None };
    let verified = verify::live_editions(&mut *db.read().await?, files.as_ref()).await?;
    let mut findings: Vec<Finding> = verified
        .altered
        .iter()
        .map(|altered| {
            let what = match &altered.what {
                Difference::Content => "内容与审签时不同".to_owned(),
                Difference::Attachment(name) => format!("附件“{name}”与审签时不同，或文件缺失"),
            };
            let Altered { title, entry_id, .. } = altered;
            Bad(format!("已公开的《{title}》（{entry_id}）{what}。请撤下，并用备份比对"))
        })
        .collect();
    if findings.is_empty() {
        let files =
            if with_files { format!("，附件 {} 个", verified.attachments) } else { String::new() };
        findings.push(Good(format!("公开的信息与审签时一致，共 {} 条{files}", verified.editions)));
    }
    Ok(findings)
}

/// What waits to be done.
async fn work(installation: &Installation, db: &Db) -> anyhow::Result<Vec<Finding>> {
    const SHOWN: i64 = 10;
    let mut conn = db.read().await?;
    let overview = jobs::overview(&mut conn).await?;
    let mut findings = Vec::new();
    if overview.failed == 0 {
        findings.push(Good(format!("后台任务：待做 {}，正在做 {}", overview.waiting, overview.running)));
    } else {
        findings.push(Bad(format!(
            "后台任务：{} 个多次失败后停下。排除原因后运行 gongkai work --retry-failed",
            overview.failed
        )));
        for job in jobs::failed(&mut conn, SHOWN).await? {
            let kind = jobs::Kind::from_code(&job.kind);
            let kind = kind.map_or(job.kind.as_str(), |kind| kind.label());
            let error = job.last_error.unwrap_or_default();
            findings.push(Bad(format!(
                "  {kind}（{}，试过 {} 次）：{}",
                time::shown_text(&job.created_at),
                job.attempts,
                error.lines().next().unwrap_or_default()
            )));
        }
    }
    let unsent = mail::unsent(&mut conn).await?;
    drop(conn);
    findings.push(match installation.workshop(db) {
        Err(error) => Bad(format!("邮件设置有误：{error}")),
        Ok(shop) => match shop.post_office {
            None => Note(format!("没有设置邮件服务器（mail.host），发件箱中有 {unsent} 封信等待发出")),
            Some(office) => match office.answers().await {
                Ok(true) => Good(format!("邮件服务器应答正常，待发 {unsent} 封")),
                Ok(false) => {
                    Bad(format!("邮件服务器没有应答，待发 {unsent} 封，请检查 mail.host 和 mail.port"))
                }
                Err(error) => Bad(format!(
                    "连不上邮件服务器（{}），待发 {unsent} 封，请检查 mail 一节的设置",
                    crate::words::one_line(&error)
                )),
            },
        },
    });
    Ok(findings)
}

/// Whether every portal has a name, an agency, and can be read.
async fn portals(installation: &Installation, db: &Db) -> anyhow::Result<Vec<Finding>> {
    let config = &installation.config;
    let portals = match config.portals() {
        Ok([]) => return Ok(Vec::new()),
        Ok(portals) => portals,
        Err(error) => return Ok(vec![Bad(format!("{error:#}"))]),
    };
    let mut findings = Vec::new();
    for portal in portals {
        let domain = &portal.domain;
        let own = db.within(&portal.agency);
        let read = async {
            let mut conn = own.read().await?;
            let agencies = public::agencies(&mut conn).await?.len();
            let entries = public::counts(&mut conn, clock::today().year()).await?.entries;
            Ok::<_, DbError>((agencies, entries))
        };
        findings.push(match read.await {
            Ok((0, _)) => Bad(format!(
                "门户 {domain} 是空的：没有代码为 {} 的机关。请修改设置 portals，或用 gongkai agency add 建立",
                portal.agency
            )),
            Ok((agencies, entries)) => {
                Good(format!("门户 {domain}：{}，机关 {agencies} 个，公开信息 {entries} 条", portal.name))
            }
            Err(error) => Bad(format!("门户 {domain} 读不了数据库：{error}。数据库用户需要建立临时视图的权限")),
        });
    }
    if config.site.domain.is_empty() {
        findings.push(Note("没有设置 site.domain：各门户的页面上没有去主门户的链接".into()));
    }
    Ok(findings)
}

fn cookies(installation: &Installation) -> Finding {
    let listen = &installation.config.listen;
    let is_local = listen.parse::<SocketAddr>().is_ok_and(|a| a.ip().is_loopback());
    match (installation.config.cookies.secure, is_local) {
        (true, _) => Good("登录凭据只经 HTTPS 传送".into()),
        (false, true) => Note("只在本机监听；经 HTTPS 对外服务时请把 cookies.secure 设为 true".into()),
        (false, false) => Bad(format!(
            "在 {listen} 对外监听，而 cookies.secure 为 false：登录凭据可能被截获。请经 HTTPS 服务并设为 true"
        )),
    }
}

/// The arrangement of the coming year is announced in November; until then its dates are provisional.
async fn calendar(db: &Db) -> anyhow::Result<Finding> {
    let today = clock::today();
    let last = *calendars::national(&mut *db.read().await?).await?.known_years().end();
    Ok(if last < today.year() {
        Bad(format!("没有{}年的放假安排，所有期限都是暂定的。请在工作台的“工作日历”录入", today.year()))
    } else if last == today.year() && today.month() >= 11 {
        Note(format!(
            "还没有{}年的放假安排，跨年的期限是暂定的。安排公布后请在工作台的“工作日历”录入",
            last + 1
        ))
    } else {
        Good(format!("放假安排已知至{last}年"))
    })
}
