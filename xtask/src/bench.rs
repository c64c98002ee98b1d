//! `cargo xtask bench`: an entry page beside nginx serving the same bytes as a file, in one run; how long
//! the demo takes to start, what memory it takes, and how many lines each crate has.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::shell::{self, cargo, free_port, output, root};

const ROUNDS: usize = 3;
const LOAD: [&str; 3] = ["-t2", "-c32", "-d8s"];

pub(crate) fn run() -> anyhow::Result<()> {
    for program in ["nginx", "wrk"] {
        let is_there =
            Command::new(program).arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
        if !is_there {
            bail!("{program} is not installed; on Debian: apt install nginx-light wrk");
        }
    }
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

    let path = entry_path(port)?;
    let body = get(port, &path)?;
    let nginx_port = free_port()?;
    let _nginx = nginx(folder, nginx_port, &body)?;
    println!(
        "entry page {path}, {} bytes; wrk {} on loopback, {ROUNDS} rounds in turn, best of each",
        body.len(),
        LOAD.join(" ")
    );
    let (mut ours, mut theirs) = (0.0_f64, 0.0_f64);
    for _ in 0..ROUNDS {
        ours = ours.max(load(port, &path)?);
        theirs = theirs.max(load(nginx_port, "/page.html")?);
    }
    println!("gongkai {ours:.0}/s, nginx {theirs:.0}/s: {:.2} × nginx", ours / theirs);
    println!("memory after load: {} MiB", resident(demo.0.id())?);
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

/// The address of some entry that the home page leads to.
fn entry_path(port: u16) -> anyhow::Result<String> {
    let home = String::from_utf8(get(port, "/")?)?;
    let (_, rest) = home.split_once("href=\"/entries/").context("the home page leads to no entry")?;
    let id = rest.split('"').next().unwrap_or_default();
    Ok(format!("/entries/{id}"))
}

fn nginx(folder: &Path, port: u16, body: &[u8]) -> anyhow::Result<Running> {
    let site: PathBuf = folder.join("site");
    std::fs::create_dir_all(&site)?;
    std::fs::write(site.join("page.html"), body)?;
    let shown = folder.display();
    let config = format!(
        "daemon off; user root; worker_processes auto; pid {shown}/nginx.pid; error_log {shown}/error.log;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; default_type text/html;\n\
         open_file_cache max=10;\n\
         server {{ listen 127.0.0.1:{port}; root {shown}/site; }} }}\n"
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, config)?;
    let running = Running(Command::new("nginx").arg("-c").arg(&file).stderr(Stdio::null()).spawn()?);
    for _ in 0..200 {
        if get(port, "/page.html").is_ok() {
            return Ok(running);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    bail!("nginx did not start: {}", std::fs::read_to_string(folder.join("error.log")).unwrap_or_default());
}

fn load(port: u16, path: &str) -> anyhow::Result<f64> {
    let told = output(Command::new("wrk").args(LOAD).arg(format!("http://127.0.0.1:{port}{path}")))?;
    if told.contains("Non-2xx") {
        bail!("answers other than 200 under load:\n{told}");
    }
    let line =
        told.lines().find_map(|line| line.strip_prefix("Requests/sec:")).context("wrk told no rate")?;
    Ok(line.trim().parse()?)
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
