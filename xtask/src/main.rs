//! The build habits of the project. `cargo xtask demo` shows the product, `cargo xtask test` checks everything.

mod bench;
mod bench_load;
mod demo;
mod fonts;
mod generate;
mod postgres;
mod shell;
mod test;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask demo [arguments of `gongkai demo`]   build in release, fill an invented district, serve it
cargo xtask test                                 every check there is, as CI runs it
cargo xtask generate [--check]                   write what docs/ takes from the program, or check that it is current
cargo xtask fonts                                the typeface that the program brings; part of demo and test
cargo xtask tidy                                 the structure of the source: who may use what
cargo xtask bench                                start-up, memory, size
cargo xtask bench pages [entries]                pages beside nginx, a constant, and Wagtail with the same entries
cargo xtask bench search [entries]               search by eight clients through HTTP, on SQLite and PostgreSQL";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest = args.get(1..).unwrap_or_default();
    let done = match args.first().map(String::as_str) {
        Some("demo") => demo::run(rest),
        Some("test") => test::run(),
        Some("fonts") => fonts::fetch(),
        Some("generate") => generate::run(rest.iter().any(|arg| arg == "--check")),
        Some("tidy") => tidy::run(),
        Some("bench") => match rest.split_first() {
            None => bench::run(),
            Some((what, how_many)) => bench_load::run(what, how_many),
        },
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
