//! `gongkai statute`: the law this program relies on.

use std::process::ExitCode;

use crate::words::say;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// 列出所依据的法律规定、出处和日期（Markdown）
    Index,
    /// 画出办理结果的判断树：问题、依据、回答和计入年度报告的行（Markdown）
    Outcomes,
    /// 画出申请的办理状态和环节（Markdown）
    Procedure,
}

pub(crate) fn run(command: Command) -> anyhow::Result<ExitCode> {
    say(&match command {
        Command::Index => gongkai_statute::index_markdown(),
        Command::Outcomes => gongkai_statute::outcome_tree::tree_markdown(),
        Command::Procedure => gongkai_disclosure::requests::machine::page_markdown(),
    });
    Ok(ExitCode::SUCCESS)
}
