//! `gongkai serve`: the website, and the jobs beside it.

use std::net::SocketAddr;
use std::process::ExitCode;

use crate::words::say;
use std::time::Duration;

use gongkai_disclosure::accounts;
use gongkai_disclosure::db::Db;
use gongkai_disclosure::jobs::{self, Workshop};
use gongkai_web::page::Contact;
use gongkai_web::{App, Clock, House, Portal, Site, Stores};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::clock;
use crate::config::{self, Config};
use crate::installation::{Installation, Options, plain};

/// How long answers in progress may take once the program was told to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(20);

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
    /// 监听地址（默认 127.0.0.1:8080；端口写 0 表示任选一个）
    #[arg(long, value_name = "地址:端口")]
    listen: Option<String>,
    /// 不在本进程运行后台任务（另有 gongkai work 时使用）
    #[arg(long)]
    without_jobs: bool,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let installation = Installation::open(&args.options, args.listen.as_deref())?;
    installation.start_log()?;
    let listener = listen(&installation.config.listen).await?;
    let db = installation.connect_ready().await?;
    let ready = Ready::new(&installation, db, !args.without_jobs, "")?;
    let agencies = accounts::agencies(&mut *ready.db.read().await?).await?;
    if agencies.is_empty() {
        eprintln!("还没有机关和账号。请另开一个终端运行 gongkai agency add 和 gongkai user add。");
    }
    for portal in &installation.config.portals {
        if !agencies.iter().any(|agency| agency.code == portal.agency) {
            eprintln!(
                "门户 {} 是空的：没有代码为 {} 的机关。请核对设置 portals。",
                portal.domain, portal.agency
            );
        }
    }
    say(&format!("网站已启动：{}（按 Ctrl-C 停止）", address(&listener)?));
    until_stopped(ready, listener).await?;
    Ok(ExitCode::SUCCESS)
}

/// Takes the address before anything slow happens, so that a busy port is told at once.
pub(super) async fn listen(address: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let advice = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                let next = address
                    .parse::<SocketAddr>()
                    .ok()
                    .map(|a| SocketAddr::new(a.ip(), a.port().wrapping_add(1)));
                let other = next.map_or_else(|| "其他地址".to_owned(), |a| format!("--listen {a}"));
                format!("请停止占用它的程序，或换一个端口，例如 {other}")
            }
            std::io::ErrorKind::PermissionDenied => {
                "1024 以下的端口需要授权，请换一个端口（--listen）".into()
            }
            _ => "请写成 127.0.0.1:8080 的样子（--listen）".into(),
        };
        anyhow::anyhow!("不能监听 {address}（{}）。{advice}。", plain(&error))
    })
}

/// What a person types into the browser.
pub(super) fn address(listener: &TcpListener) -> anyhow::Result<String> {
    let local = listener.local_addr()?;
    let host = if local.ip().is_unspecified() { "127.0.0.1".into() } else { local.ip().to_string() };
    let host = if local.is_ipv6() && !local.ip().is_unspecified() { format!("[{host}]") } else { host };
    Ok(format!("http://{host}:{}", local.port()))
}

/// The site and the jobs, with all settings read, so that a mistake in them is told before anything starts.
pub(super) struct Ready {
    db: Db,
    app: App,
    workshop: Option<Workshop>,
}

impl Ready {
    /// `address`: how the main portal is reached when no domain is set.
    pub(super) fn new(
        installation: &Installation,
        db: Db,
        with_jobs: bool,
        address: &str,
    ) -> anyhow::Result<Ready> {
        let workshop = if with_jobs { Some(installation.workshop(&db)?) } else { None };
        let app = app(installation, &db, address)?;
        Ok(Ready { db, app, workshop })
    }
}

/// The portals as they are set.
fn house(config: &Config, address: &str) -> anyhow::Result<House> {
    let site = &config.site;
    let secure_cookies = config.cookies.secure;
    let portal = |portal: &config::Portal| Portal {
        site: Site {
            name: portal.name.clone(),
            organisation: portal.organisation.clone(),
            contact: Contact {
                phone: portal.phone.clone(),
                address: portal.address.clone(),
                office_hours: portal.office_hours.clone(),
                registrations: portal.registrations.clone(),
                domain: portal.domain.clone(),
                site_code: portal.code.clone(),
            },
            secure_cookies,
        },
        agency: portal.agency.clone(),
        palette: portal.colour,
    };
    Ok(House {
        site: Site {
            name: site.name.clone(),
            organisation: site.organisation.clone(),
            contact: Contact {
                phone: site.phone.clone(),
                address: site.address.clone(),
                office_hours: site.office_hours.clone(),
                registrations: site.registrations.clone(),
                domain: site.domain.clone(),
                site_code: site.code.clone(),
            },
            secure_cookies,
        },
        palette: site.colour,
        portals: config.portals()?.iter().map(portal).collect(),
        address: address.to_owned(),
    })
}

/// The site of an installation, not yet served.
pub(super) fn app(installation: &Installation, db: &Db, address: &str) -> anyhow::Result<App> {
    let config = &installation.config;
    let about = house(config, address)?;
    // Two installations on one host are two databases; their cookies must not meet.
    let url = installation.database_url()?;
    let mut stores = Stores::in_folder(&installation.folder, config.uploads.limit_mb * 1024 * 1024)?;
    for folder in &config.fonts.folders {
        if !folder.is_dir() {
            anyhow::bail!("没有字体文件夹 {}，请修改设置 fonts.folders。", folder.display());
        }
    }
    stores.font_folders.clone_from(&config.fonts.folders);
    stores.accounts = installation.accounts()?;
    stores.outgoing.private_networks = config.webhooks.private_networks;
    Ok(App::new(db.clone(), stores, about, Clock::new(clock::now), &url))
}

/// Serves until the program is told to stop, then lets answers and jobs in progress finish.
pub(super) async fn until_stopped(ready: Ready, listener: TcpListener) -> anyhow::Result<()> {
    let (stop, stopped) = watch::channel(false);
    let worker = ready.workshop.map(|shop| tokio::spawn(jobs::work(shop, clock::now, told(stopped.clone()))));
    let mut site = tokio::spawn(gongkai_web::serve(ready.app, listener, told(stopped)));

    let ended = tokio::select! {
        ended = &mut site => Some(ended),
        () = signal() => None,
    };
    stop.send_replace(true);
    let ended = match ended {
        Some(ended) => Ok(ended),
        None => tokio::time::timeout(LAST_ANSWERS, site).await,
    };
    if let Ok(result) = ended {
        result??;
    }
    if let Some(worker) = worker {
        let _ = tokio::time::timeout(LAST_ANSWERS, worker).await;
    }
    ready.db.close().await;
    Ok(())
}

async fn told(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone: time to stop, too.
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// Resolves when the program is told to stop, by Ctrl-C or by the system.
pub(super) async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    let _ = interrupt.await;
}
