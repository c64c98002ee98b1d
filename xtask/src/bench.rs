//! `cargo xtask bench`: how long the demo takes to start, what memory it takes, and how many lines each crate has.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::shell::{self, cargo, free_port, output, root};

pub(crate) fn run() -> anyhow::Result<()> {
    shell::run(cargo().args(["build", "--release", "--quiet", "-p", "gongkai-cli"]))?;
    let binary = shell::target_folder()?.join("release/gongkai");
    let folder = std::env::temp_dir().join(format!("gongkai-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let result = measure(&binary, &folder);
    let _ = std::fs::remove_dir_all(&folder);
    result?;
    lines_per_crate()
}

/// A program that ends with us.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn measure(binary: &Path, folder: &Path) -> anyhow::Result<()> {
    let data = folder.join("data");
    let port = free_port()?;
    let start = || -> anyhow::Result<(Running, Duration)> {
        let begin = Instant::now();
        let mut demo = Command::new(binary);
        demo.arg("demo").arg("--data").arg(&data).args(["--listen", &format!("127.0.0.1:{port}")]);
        let running = Running(demo.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?);
        while get(port, "/").is_err() {
            if begin.elapsed() > Duration::from_secs(120) {
                bail!("the demo did not start");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok((running, begin.elapsed()))
    };
    let (first, filled_in) = start()?;
    drop(first);
    let (demo, started_in) = start()?;
    println!(
        "demo, first start with filling: {:.1} s; later starts: {:.0} ms",
        filled_in.as_secs_f64(),
        started_in.as_secs_f64() * 1e3
    );
    println!("memory after start: {} MiB", resident(demo.0.id())?);
    Ok(())
}

/// The body of an answer with status 200.
fn get(port: u16, path: &str) -> anyhow::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").context("no header")?;
    if !answer.starts_with(b"HTTP/1.1 200") {
        bail!("{path}: {}", String::from_utf8_lossy(&answer[..end.min(40)]));
    }
    Ok(answer.split_off(end + 4))
}

fn resident(process: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib / 1024)
}

fn lines_per_crate() -> anyhow::Result<()> {
    let files = output(shell::command("git").args(["ls-files", "*.rs"]))?;
    let mut per_crate: Vec<(String, usize)> = Vec::new();
    for file in files.lines() {
        let name = file
            .split('/')
            .take(if file.starts_with("crates/") { 2 } else { 1 })
            .collect::<Vec<_>>()
            .join("/");
        let lines = std::fs::read_to_string(root().join(file))?.lines().count();
        match per_crate.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += lines,
            None => per_crate.push((name, lines)),
        }
    }
    for (name, lines) in per_crate {
        println!("{lines:>7} lines of Rust in {name}");
    }
    Ok(())
}
