//! How the program speaks at the terminal: Chinese help, one line for what went wrong.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::error::{ContextKind, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches};

use crate::commands::{Cli, Name};

const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// Reads the command line; prints help, version or what is wrong with it by itself.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Name, ExitCode> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    if args.get(1).is_some_and(|first| first == "help") {
        // `gongkai help user add` is what many type first.
        args.remove(1);
        args.push("--help".into());
    }
    let parsed =
        in_chinese(Cli::command()).try_get_matches_from(args).and_then(|m| Cli::from_arg_matches(&m));
    parsed.map(|cli| cli.command).map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::from(crate::COULD_NOT)
        }
        _ => {
            eprintln!("{}", usage_error(&error));
            ExitCode::from(crate::COULD_NOT)
        }
    })
}

/// The same help in Chinese for a command and all below it.
fn in_chinese(command: Command) -> Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("显示用法");
    let command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .mut_args(|arg| {
            let heading = if arg.is_positional() { "参数" } else { "选项" };
            arg.help_heading(heading)
        })
        .arg(help.help_heading("选项"));
    command.mut_subcommands(in_chinese)
}

/// What is wrong with the command line, and where to look.
fn usage_error(error: &clap::Error) -> String {
    let context = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let argument = context(ContextKind::InvalidArg);
    let what = match error.kind() {
        ErrorKind::InvalidSubcommand => format!("没有命令“{}”", context(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => format!("没有选项“{argument}”"),
        ErrorKind::MissingRequiredArgument => format!("缺少 {}", argument.replace('\n', " ")),
        ErrorKind::InvalidValue => {
            let value = context(ContextKind::InvalidValue);
            let valid = context(ContextKind::ValidValue);
            match (value.is_empty(), valid.is_empty()) {
                (true, _) => format!("{argument} 后面缺少内容"),
                (false, true) => format!("{argument} 不能是“{value}”"),
                (false, false) => format!("{argument} 不能是“{value}”，可以是 {valid}"),
            }
        }
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string);
            let why = why.filter(|w| !w.is_ascii()).unwrap_or_else(|| "请核对".into());
            format!("{argument} 不能是“{}”：{why}", context(ContextKind::InvalidValue))
        }
        ErrorKind::ArgumentConflict => {
            format!("{argument} 不能与 {} 同时使用", context(ContextKind::PriorArg))
        }
        _ => "命令行有误".into(),
    };
    format!("{what}。运行 gongkai --help 查看用法。")
}

/// An error with its causes as one line.
pub(crate) fn one_line(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join(" ").replace("。；", "。")
}

/// Prints an answer. A reader that went away (`gongkai … | head`) is no error.
pub(crate) fn say(text: &str) {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let mut out = std::io::stdout().lock();
    let _ = write!(out, "{text}{end}").and_then(|()| out.flush());
}

/// Columns of a terminal that a text takes; a Chinese character takes two.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|c| if ('\u{2e80}'..='\u{ffdc}').contains(&c) { 2 } else { 1 }).sum()
}

/// Rows under each other, every column as wide as its widest cell.
pub(crate) fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = width(cell).max(*widest);
        }
    }
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(widths);
        let line: Vec<String> =
            cells.map(|(cell, to)| format!("{cell}{}", " ".repeat(to - width(cell)))).collect();
        text.push_str(line.join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        in_chinese(Cli::command()).debug_assert();
    }

    #[test]
    fn help_is_in_chinese_throughout() {
        fn walk(command: &mut Command) {
            let help = command.render_long_help().to_string();
            for english in
                ["Usage", "Options", "Commands", "Arguments", "Print help", "[default", "[possible", "[env"]
            {
                assert!(!help.contains(english), "{} says {english:?}:\n{help}", command.get_name());
            }
            for below in command.get_subcommands_mut() {
                walk(below);
            }
        }
        let mut command = in_chinese(Cli::command());
        command.build();
        walk(&mut command);
    }

    #[test]
    fn columns_line_up_under_chinese_characters() {
        let rows = [["账号".into(), "a".into()], ["x".into(), "角色".into()]];
        assert_eq!(table(&rows), "账号  a\nx     角色\n");
    }
}
