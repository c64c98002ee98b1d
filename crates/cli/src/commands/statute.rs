//! `gongkai statute`: the law this program relies on.

use std::process::ExitCode;

use crate::words::say;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// 列出所依据的法律规定、出处和日期（Markdown）
    Index,
}

pub(crate) fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Index = command;
    say(&gongkai_statute::index_markdown());
    Ok(ExitCode::SUCCESS)
}
