//! The commands of the binary, one file each.

mod agency;
mod audit;
mod calendar;
mod deadline;
mod demo;
mod doctor;
mod export;
mod fee;
mod keys;
mod migrate;
mod report;
mod search;
mod serve;
mod statute;
mod user;
mod withdrawn;
mod work;

use std::process::ExitCode;

use crate::words::say;

use anyhow::Context;
use clap::{Parser, Subcommand, ValueEnum};

/// 政府信息公开：发布、审查、依申请公开、年度报告，一个程序。
#[derive(Parser)]
#[command(name = "gongkai", disable_version_flag = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Name,
}

#[derive(Subcommand)]
pub(crate) enum Name {
    /// 建立并打开一个演示区：虚构的青禾区，两年的工作
    Demo(demo::Args),
    /// 运行网站与后台任务
    Serve(serve::Args),
    /// 只运行后台任务（发送邮件、到期提醒）
    Work(work::Args),
    /// 建立或更新数据库结构
    Migrate(migrate::Args),
    /// 检查数据目录、数据库、审计链、后台任务和邮件
    Doctor(doctor::Args),
    /// 把公开的内容写成文件：整站静态副本
    #[command(subcommand)]
    Export(export::Command),
    /// 核验撤回的信息在各处都没有留下副本；还有副本时退出码为 1
    Withdrawn(withdrawn::Args),
    /// 检索索引
    #[command(subcommand)]
    Search(search::Command),
    /// 管理账号
    #[command(subcommand)]
    User(user::Command),
    /// 管理机关
    #[command(subcommand)]
    Agency(agency::Command),
    /// 核对审计链
    #[command(subcommand)]
    Audit(audit::Command),
    /// 管理加密个人信息的密钥
    #[command(subcommand)]
    Keys(keys::Command),
    /// 读取、检查年度报告
    #[command(subcommand)]
    Report(report::Command),
    /// 计算一件申请的答复期限，逐日说明
    Deadline(deadline::Args),
    /// 计算信息处理费，逐档说明
    Fee(fee::Args),
    /// 查询工作日
    Calendar(calendar::Args),
    /// 本程序所依据的法律规定
    #[command(subcommand)]
    Statute(statute::Command),
    /// 数据接口的说明（OpenAPI 3.1，JSON）
    Openapi,
    /// 显示版本
    Version,
}

pub(crate) fn run(command: Name) -> anyhow::Result<ExitCode> {
    match command {
        Name::Demo(args) => wait(demo::run(args)),
        Name::Serve(args) => wait(serve::run(args)),
        Name::Work(args) => wait(work::run(args)),
        Name::Migrate(args) => wait(migrate::run(args)),
        Name::Doctor(args) => wait(doctor::run(args)),
        Name::Export(command) => wait(export::run(command)),
        Name::Withdrawn(args) => wait(withdrawn::run(args)),
        Name::Search(command) => wait(search::run(command)),
        Name::User(command) => wait(user::run(command)),
        Name::Agency(command) => wait(agency::run(command)),
        Name::Audit(command) => wait(audit::run(command)),
        Name::Keys(command) => wait(keys::run(command)),
        Name::Report(command) => report::run(command),
        Name::Deadline(args) => deadline::run(&args),
        Name::Fee(args) => fee::run(&args),
        Name::Calendar(args) => calendar::run(&args),
        Name::Statute(command) => statute::run(command),
        Name::Openapi => {
            say(&gongkai_web::api::openapi::text());
            Ok(ExitCode::SUCCESS)
        }
        Name::Version => {
            say(&format!("gongkai {}", env!("CARGO_PKG_VERSION")));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn wait(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.context("无法启动线程，请检查系统资源限制")?.block_on(work)
}

/// How an answer is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// 给人看
    Human,
    /// 给程序用
    Json,
}

/// Reads a whole text file; `-` is standard input.
fn read_text(path: &std::path::Path) -> anyhow::Result<String> {
    if path.as_os_str() == "-" {
        return std::io::read_to_string(std::io::stdin()).context("标准输入不是 UTF-8 文本");
    }
    let bytes = read_bytes(path)?;
    String::from_utf8(bytes)
        .map_err(|_| anyhow::anyhow!("{} 不是 UTF-8 文本，请转换编码后再试。", path.display()))
}

/// Reads a whole file, and says plainly why it could not.
fn read_bytes(path: &std::path::Path) -> anyhow::Result<Vec<u8>> {
    use std::io::ErrorKind as E;
    std::fs::read(path).map_err(|error| {
        let path = path.display();
        match error.kind() {
            E::NotFound => anyhow::anyhow!("找不到文件 {path}，请核对路径。"),
            E::PermissionDenied => anyhow::anyhow!("没有读取 {path} 的权限，请修改文件权限。"),
            E::IsADirectory => anyhow::anyhow!("{path} 是一个目录，请给出文件。"),
            _ => anyhow::anyhow!("读不出 {path}：{error}。"),
        }
    })
}

/// A date typed at the terminal.
fn typed_date(text: &str) -> Result<jiff::civil::Date, String> {
    let date: Option<jiff::civil::Date> = text.parse().ok();
    date.filter(|d| d.to_string() == text).ok_or_else(|| "没有这一天，请写成 2026-03-01 的样子".to_owned())
}
