//! `cargo xtask bench pages [how many]`: pages of 2 KB entries beside nginx with the same bytes as files, beside a handler
//! that answers with one constant, and beside Wagtail with the same entries, all in one run.
//!
//! `wrk` asks over loopback on connections that stay open, without compression, each server in turn, several rounds, the best of each.
//! Wagtail takes part when `GONGKAI_BENCH_PYTHON` names a Python that has `wagtail` and `gunicorn`.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

mod load;

use load::{
    AGENCIES, Dice, Ground, Language, Running, connected, filled, free_port, get, me, memory, serve, started,
};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 3;
const WRK: [&str; 3] = ["-t2", "-c32", "-d6s"];
/// Pages that many ask for.
const HOT: usize = 2_000;
const LIST: &str = "/catalogue";
/// Where growth is measured from.
const FEW: usize = 10_000;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["fill", url, count] => runtime.block_on(filled(url, count.parse().unwrap())),
        ["serve", url, folder, port] => runtime.block_on(serve(url, Path::new(folder), port, false)),
        ["constant", file, port] => runtime.block_on(constant(file, port)),
        [] => measure(FEW),
        [count] => measure(count.parse().unwrap()),
        _ => panic!("cargo xtask bench pages [how many]"),
    }
}

/// The least an axum server can do: one page, the same each time.
async fn constant(file: &str, port: &str) {
    let page: &'static str = std::fs::read_to_string(file).unwrap().leak();
    let handler = move || async move { axum::response::Html(page) };
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
    axum::serve(listener, axum::Router::new().fallback(handler)).await.unwrap();
}

fn address(n: usize) -> String {
    format!("/entries/b{}/2026-{:08}", n % AGENCIES, n / AGENCIES)
}

fn measure(count: usize) {
    let count = count / AGENCIES * AGENCIES;
    let ground = Ground::new("pages");
    for (name, url) in &ground.databases {
        let folder = ground.folder.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        one(name, url, count, &folder);
    }
}

fn one(name: &str, url: &str, count: usize, folder: &Path) {
    assert!(me(&["fill", url, &count.to_string()]).status().unwrap().success());
    let port = free_port();
    let ours = started(&mut me(&["serve", url, &folder.display().to_string(), &port]), &port);
    println!("{name}, {count} entries; memory before the load {}", memory(ours.0.id()));

    // Pages that nobody has asked for yet, one after the other: what making one costs.
    let mut stream = connected(&port);
    let mut dice = Dice(77);
    get(&mut stream, &address(0));
    let mut made: Vec<f64> = (0..1_000)
        .map(|_| {
            let begin = Instant::now();
            get(&mut stream, &address(dice.roll(count)));
            begin.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    made.sort_by(f64::total_cmp);
    println!("an entry page made anew: {:.2} ms median, {:.2} ms at the 99th of 100", made[500], made[990]);
    // Lists that nobody has asked for yet, once everything has been counted.
    get(&mut stream, LIST);
    for (what, before, from, after) in [
        ("of all", "/catalogue?page=", 2, ""),
        ("of all, in the middle", "/catalogue?page=", count / 40, ""),
        ("by the day they were made", "/catalogue?sort=made&page=", 1, ""),
        ("of an agency", "/catalogue?agency=b", 0, ""),
        ("of a genre", "/catalogue?genre=plan&page=", 1, ""),
        ("of a validity", "/catalogue?validity=repealed&page=", 1, ""),
        ("for programs", "/api/v1/entries?limit=", 20, ""),
        ("as a feed", "/agencies/b", 0, "/feed.xml"),
    ] {
        let mut made: Vec<f64> = (from..from + 9)
            .map(|n| {
                let begin = Instant::now();
                get(&mut stream, &format!("{before}{n}{after}"));
                begin.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        made.sort_by(f64::total_cmp);
        println!("a list made anew, {what}: {:.2} ms, the median of nine", made[4]);
    }

    // The same bytes as files, at the same addresses.
    let begin = Instant::now();
    let files = folder.join("site");
    let mut bytes = 0;
    for n in 0..count {
        let page = get(&mut stream, &address(n));
        bytes += page.len();
        let file = files.join(&address(n)[1..]);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, page).unwrap();
    }
    std::fs::write(files.join(&LIST[1..]), get(&mut stream, LIST)).unwrap();
    println!(
        "all pages asked for once by one client: {:.0} a second, {} bytes each",
        count as f64 / begin.elapsed().as_secs_f64(),
        bytes / count
    );

    let (nginx_port, constant_port) = (free_port(), free_port());
    let _nginx = nginx(folder, &nginx_port);
    let same = files.join(&address(1)[1..]);
    let _constant =
        started(&mut me(&["constant", &same.display().to_string(), &constant_port]), &constant_port);
    let wagtail = wagtail(folder, count);

    println!("{:<44}{:>10}{:>10}{:>10}", "pages a second", "gongkai", "nginx", "share");
    let mut hot_rate = 0.0;
    for (what, of) in [("entries, a hot set of 2,000", HOT.min(count)), ("entries, all alike", count)] {
        let script = asking(folder, (0..of).map(|n| address(n * (count / of))));
        let [ours, theirs] = best([&port, &nginx_port], &script);
        println!("{what:<44}{ours:>10.0}{theirs:>10.0}{:>9.2} ×", ours / theirs);
        hot_rate = if of == count && count > HOT { hot_rate } else { ours };
    }
    let script = asking(folder, [LIST.to_owned()]);
    let [ours_list, theirs] = best([&port, &nginx_port], &script);
    println!("{:<44}{ours_list:>10.0}{theirs:>10.0}{:>9.2} ×", "list page", ours_list / theirs);
    let script = asking(folder, [address(1)]);
    let [ours_one, constant] = best([&port, &constant_port], &script);
    println!(
        "one entry page {ours_one:.0}, a constant of the same bytes from axum {constant:.0}: {:.2} ×",
        ours_one / constant
    );
    if let Some((plain, _server, cached, _cached)) = &wagtail {
        for (what, port) in [("Wagtail", plain), ("Wagtail behind its page cache", cached)] {
            let script =
                asking(folder, (0..HOT.min(count)).map(|n| format!("/e{}/", n * (count / HOT.min(count)))));
            let [theirs] = best([port], &script);
            println!("{what}: {theirs:.0} a second; ours {:.0} ×", hot_rate / theirs);
        }
    }
    println!("{name}: memory under the load {}", memory(ours.0.id()));
}

/// A script for wrk that asks for these addresses in an order of chance.
fn asking(folder: &Path, addresses: impl IntoIterator<Item = String>) -> String {
    let mut script = String::from("local asked = {\n");
    for address in addresses {
        writeln!(script, "{address:?},").unwrap();
    }
    script.push_str(
        "}\nlocal made = {}\nlocal thread = 0\nfunction setup(t) t:set('mark', thread) thread = thread + 1 end\n\
         function init(args)\n  math.randomseed(mark + 1)\n\
         for i = 1, #asked do made[i] = wrk.format('GET', asked[i]) end\nend\n\
         function request() return made[math.random(#made)] end\n",
    );
    let file = folder.join("asking.lua");
    std::fs::write(&file, script).unwrap();
    file.display().to_string()
}

/// Pages a second of each server, asked in turn.
fn best<const N: usize>(ports: [&String; N], script: &str) -> [f64; N] {
    let mut best = [0.0_f64; N];
    for _ in 0..ROUNDS {
        for (best, port) in best.iter_mut().zip(ports) {
            let told = Command::new("wrk")
                .args(WRK)
                .args(["-s", script, &format!("http://127.0.0.1:{port}")])
                .output()
                .expect("wrk is installed");
            let told = String::from_utf8_lossy(&told.stdout).into_owned();
            assert!(!told.contains("Non-2xx") && !told.contains("Socket errors"), "{told}");
            let rate = told.lines().find_map(|line| line.strip_prefix("Requests/sec:")).expect(&told);
            *best = best.max(rate.trim().parse().unwrap());
        }
    }
    best
}

fn nginx(folder: &Path, port: &str) -> Running {
    let shown = folder.display();
    let config = format!(
        "daemon off; user root; worker_processes auto; pid {shown}/nginx.pid; error_log {shown}/nginx.log;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; default_type text/html;\n\
         open_file_cache max=8000; open_file_cache_valid 600s;\n\
         server {{ listen 127.0.0.1:{port}; root {shown}/site; }} }}\n"
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, config).unwrap();
    started(Command::new("nginx").arg("-c").arg(&file).stderr(Stdio::null()), port)
}

/// Wagtail with the same entries, plain and behind Django's page cache; `None`: no Python that has it.
fn wagtail(folder: &Path, count: usize) -> Option<(String, Running, String, Running)> {
    let python = std::env::var("GONGKAI_BENCH_PYTHON").ok()?;
    let known = Command::new(&python).args(["-c", "import wagtail, gunicorn"]).stderr(Stdio::null()).status();
    if !known.is_ok_and(|status| status.success()) {
        println!("{python} has no wagtail and gunicorn: left out");
        return None;
    }
    let language = Language::new();
    let lines: String = (0..count)
        .map(|n| {
            let entry = language.entry(n);
            let line = serde_json::json!({ "title": entry.title, "body": entry.body_html, "made_on": entry.made_on });
            format!("{line}\n")
        })
        .collect();
    std::fs::write(folder.join("entries.jsonl"), lines).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/wagtail_site.py");
    let with = |mode: &str| {
        let mut command = Command::new(&python);
        command
            .arg(&script)
            .arg(mode)
            .env("GONGKAI_BENCH_FOLDER", folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    assert!(with("fill").status().unwrap().success(), "wagtail could not be filled");
    let (plain, cached) = (free_port(), free_port());
    let servers =
        [("plain", &plain), ("cached", &cached)].map(|(mode, port)| started(with(mode).arg(port), port));
    // Its workers start after the port is open.
    std::thread::sleep(Duration::from_secs(5));
    let [first, second] = servers;
    Some((plain, first, cached, second))
}
