//! `gongkai user`: accounts.

use std::process::ExitCode;

use gongkai_disclosure::accounts::{self, Role, actions};
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::db::{Conn, Db};
use gongkai_disclosure::secrets;

use crate::installation::{Installation, Options};
use crate::words::say;
use crate::{clock, words};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// 新建账号；显示一次初始密码
    Add(Add),
    /// 重设密码；已登录的会话随即结束
    Password(Password),
    /// 列出账号
    List(List),
    /// 停用账号；已登录的会话随即结束
    Stop(Named),
    /// 恢复停用的账号
    Restore(Named),
}

#[derive(clap::Args)]
pub(crate) struct Add {
    #[command(flatten)]
    options: Options,
    /// 用户名：小写字母、数字、点、短横线
    #[arg(value_name = "用户名")]
    username: String,
    /// 姓名
    #[arg(long, value_name = "姓名")]
    name: String,
    /// 职务
    #[arg(long, value_name = "职务", default_value = "", hide_default_value = true)]
    title: String,
    /// 所在机关的代码（见 gongkai agency list）
    #[arg(long, value_name = "代码")]
    agency: String,
    /// 角色，可写多次：disclosure_officer、section_head、confidentiality_officer、leader、oversight_officer、administrator；在别的机关任职写成 角色@机关代码
    #[arg(long = "role", value_name = "角色", required = true)]
    roles: Vec<String>,
    /// 接收提醒的电子邮箱（默认发到机关的邮箱）
    #[arg(long, value_name = "邮箱")]
    email: Option<String>,
    /// 从标准输入读取密码，不自动生成
    #[arg(long)]
    password_stdin: bool,
}

#[derive(clap::Args)]
pub(crate) struct Password {
    #[command(flatten)]
    options: Options,
    /// 用户名
    #[arg(value_name = "用户名")]
    username: String,
    /// 从标准输入读取密码，不自动生成
    #[arg(long)]
    password_stdin: bool,
}

#[derive(clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    options: Options,
    /// 只列一个机关的账号
    #[arg(long, value_name = "代码")]
    agency: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct Named {
    #[command(flatten)]
    options: Options,
    /// 用户名
    #[arg(value_name = "用户名")]
    username: String,
}

/// Who changes accounts from here.
const TERMINAL: Actor = Actor::Program("command_line");

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add(add) => {
            let db = open(&add.options).await?;
            self::add(&db, add).await?;
        }
        Command::Password(args) => {
            let db = open(&args.options).await?;
            let (password, is_new) = password(args.password_stdin)?;
            let mut tx = db.begin(&TERMINAL, clock::now()).await?;
            actions::set_password(&mut tx, &args.username, password.clone()).await?;
            tx.commit().await?;
            say(&format!("已重设 {} 的密码。", args.username));
            show_once(&password, is_new);
        }
        Command::List(args) => {
            let db = open(&args.options).await?;
            list(&mut *db.read().await?, args.agency.as_deref()).await?;
        }
        Command::Stop(args) => set_active(args, false).await?,
        Command::Restore(args) => set_active(args, true).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn open(options: &Options) -> anyhow::Result<Db> {
    Installation::open(options, None)?.connect_ready().await
}

async fn add(db: &Db, add: Add) -> anyhow::Result<()> {
    let mut conn = db.read().await?;
    let home = agency_id(&mut conn, &add.agency).await?;
    let mut grants = Vec::new();
    for role in &add.roles {
        let (code, at) = match role.split_once('@') {
            Some((code, agency)) => (code, agency_id(&mut conn, agency).await?),
            None => (role.as_str(), home.clone()),
        };
        let known = || Role::ALL.map(Role::code).join("、");
        let role =
            Role::from_code(code).ok_or_else(|| anyhow::anyhow!("没有角色“{code}”，可以是 {}。", known()))?;
        grants.push((at, role));
    }
    drop(conn);
    let (password, is_new) = password(add.password_stdin)?;
    let user = actions::NewUser {
        username: add.username.clone(),
        name: add.name,
        title: add.title,
        agency_id: home,
        password: password.clone(),
        grants,
    };
    let mut tx = db.begin(&TERMINAL, clock::now()).await?;
    actions::add_user(&mut tx, user).await?;
    if add.email.is_some() {
        actions::set_email(&mut tx, &add.username, add.email.as_deref()).await?;
    }
    tx.commit().await?;
    say(&format!("已建立账号 {}。", add.username));
    show_once(&password, is_new);
    Ok(())
}

async fn list(conn: &mut Conn, agency: Option<&str>) -> anyhow::Result<()> {
    let agency_id = match agency {
        Some(code) => Some(agency_id(conn, code).await?),
        None => None,
    };
    let mut rows = vec![["用户名", "姓名", "机关", "角色", "状态"].map(String::from)];
    for person in accounts::staff_list(conn, agency_id.as_deref()).await? {
        let roles: Vec<&str> = person.roles.iter().map(|role| role.label()).collect();
        let state = if person.is_active { "在用" } else { "停用" };
        rows.push([person.username, person.name, person.agency_name, roles.join("、"), state.into()]);
    }
    say(&words::table(&rows));
    Ok(())
}

async fn set_active(args: Named, is_active: bool) -> anyhow::Result<()> {
    let db = open(&args.options).await?;
    let mut tx = db.begin(&TERMINAL, clock::now()).await?;
    actions::set_active(&mut tx, &args.username, is_active).await?;
    tx.commit().await?;
    say(&format!("已{}账号 {}。", if is_active { "恢复" } else { "停用" }, args.username));
    Ok(())
}

async fn agency_id(conn: &mut Conn, code: &str) -> anyhow::Result<String> {
    let agency = accounts::agency_by_code(conn, code).await?;
    agency.map(|a| a.id).ok_or_else(|| {
        anyhow::anyhow!(
            "没有代码为“{code}”的机关，请用 gongkai agency list 查看，或用 gongkai agency add 添加。"
        )
    })
}

/// A password read from standard input, or a new one; and whether it is new.
fn password(from_stdin: bool) -> anyhow::Result<(String, bool)> {
    if !from_stdin {
        return Ok((secrets::query_code(), true));
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok((line.trim_end_matches(['\n', '\r']).to_owned(), false))
}

fn show_once(password: &str, is_new: bool) {
    if is_new {
        say(&format!("密码：{password}（只显示这一次，请交给本人，登录后更换）"));
    }
}
