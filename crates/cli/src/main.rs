//! `gongkai`: one binary for the disclosure office. Each command is a file in `commands/`.

mod clock;
mod commands;
mod config;
#[allow(dead_code)]
mod demo;
mod installation;
mod words;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a command that could not do its work returns; 1 is kept for "done, and the answer is no".
const COULD_NOT: u8 = 2;

fn main() -> ExitCode {
    let command = match words::parse(std::env::args_os()) {
        Ok(command) => command,
        Err(code) => return code,
    };
    match commands::run(command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{}", words::one_line(&error));
            ExitCode::from(COULD_NOT)
        }
    }
}
