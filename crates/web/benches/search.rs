//! `cargo xtask bench search [how many]`: entries of 2 KB of invented text, searched by eight clients through HTTP.
//!
//! Three processes take part, all of this program: one fills a database, one serves it, one asks. Every question differs
//! from every other, if only by a date that narrows nothing, so that no answer is one that was kept.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::db::Db;
use gongkai_disclosure::db::fill::{Filling, fill};
use gongkai_disclosure::testing::{catalogue_line, monday, office};
use gongkai_web::page::Contact;
use gongkai_web::{App, Clock, Site, Stores};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Chinese text of this repository: what words there are and how often.
const SOURCES: [&str; 5] = [
    include_str!("../../statute/law/ogi.toml"),
    include_str!("../../statute/law/reconsideration_law.toml"),
    include_str!("../../statute/law/litigation_law.toml"),
    include_str!("../../../README.zh-CN.md"),
    include_str!("../../disclosure/src/search/data/synonyms.txt"),
];
const CLIENTS: usize = 8;
/// Questions of each kind.
const ASKED: usize = 400;
const AGENCIES: usize = 30;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["fill", url, count] => runtime.block_on(filled(url, count.parse().unwrap())),
        ["serve", url, folder, port] => runtime.block_on(serve(url, Path::new(folder), port)),
        [] => measure(10_000),
        [count] => measure(count.parse().unwrap()),
        _ => panic!("cargo xtask bench search [how many]"),
    }
}

/// Chance that is the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn of_entry(n: usize) -> Dice {
        let mut dice = Dice((n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        dice.roll(2);
        dice
    }
}

/// Words of running text, each as often as it stands there; rank by rank fewer, as in any language.
struct Language {
    /// Running text, cut.
    words: Vec<String>,
    /// Further words, from the frequent to the rare.
    invented: Vec<String>,
    rare: Vec<char>,
}

impl Language {
    fn new() -> Language {
        let mut words: Vec<String> = Vec::new();
        for run in SOURCES.join("\n").split(|c: char| !('\u{4e00}'..='\u{9fa5}').contains(&c)) {
            let chars: Vec<char> = run.chars().collect();
            let mut dice = Dice(chars.len() as u64 + 7);
            let mut at = 0;
            while at < chars.len() {
                let length = [1, 2, 2, 2, 2, 3, 4][dice.roll(7)].min(chars.len() - at);
                words.push(chars[at..at + length].iter().collect());
                at += length;
            }
        }
        let mut dice = Dice(11);
        let chars: Vec<char> = words.iter().flat_map(|word| word.chars()).collect();
        let mut invented = Vec::new();
        for n in 0..40_000 {
            let length = if n % 4 == 0 { 3 } else { 2 };
            invented.push((0..length).map(|_| chars[dice.roll(chars.len())]).collect());
        }
        Language { words, invented, rare: ('\u{4e00}'..='\u{9fa5}').step_by(5).collect() }
    }

    fn word(&self, dice: &mut Dice) -> &str {
        if dice.roll(2) == 0 {
            return &self.words[dice.roll(self.words.len())];
        }
        // The tenth word is a tenth as frequent as the first.
        let share = dice.roll(1 << 20) as f64 / f64::from(1 << 20);
        let rank = (share * (self.invented.len() as f64).ln()).exp() as usize;
        &self.invented[rank.min(self.invented.len() - 1)]
    }

    /// A name that stands in one entry.
    fn name(&self, n: usize) -> String {
        let mut dice = Dice::of_entry(n ^ 0x5555);
        (0..4).map(|_| self.rare[dice.roll(self.rare.len())]).collect()
    }

    fn text(&self, dice: &mut Dice, characters: usize) -> String {
        let mut text = String::new();
        let mut length = 0;
        while length < characters {
            let word = self.word(dice);
            text.push_str(word);
            length += word.chars().count();
            if dice.roll(6) == 0 {
                text.push(['，', '。', '；', '、'][dice.roll(4)]);
                length += 1;
            }
        }
        text
    }

    fn entry(&self, n: usize) -> Filling {
        let mut dice = Dice::of_entry(n);
        let title = format!("关于{}的通知", self.text(&mut dice, 14).replace(['，', '。', '；', '、'], ""));
        let (first, second) = (self.text(&mut dice, 330), self.text(&mut dice, 330));
        Filling {
            title,
            body_html: format!("<p>{first}</p><p>{}村。{second}</p>", self.name(n)),
            made_on: format!("{}-{:02}-{:02}", 2017 + dice.roll(10), 1 + dice.roll(12), 1 + dice.roll(28)),
            genre: ["notice", "plan", "policy", "normative_document"][dice.roll(4)],
            validity: [None, Some("in_force"), Some("in_force"), Some("repealed")][dice.roll(4)],
        }
    }
}

async fn filled(url: &str, count: usize) {
    let db = Db::connect(url).await.unwrap();
    db.migrate(monday()).await.unwrap();
    let language = Language::new();
    for agency in 0..AGENCIES {
        let code = format!("b{agency}");
        let office = office(&db, &code, AgencyKind::Bureau).await;
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let line = catalogue_line(&mut tx, &office.agency.id).await;
        tx.commit().await.unwrap();
        let of = |n: usize| language.entry(n * AGENCIES + agency);
        let keys = (office.agency.id.as_str(), code.as_str(), line.as_str(), office.officer.user_id.as_str());
        fill(&db, keys, 0, count / AGENCIES, of).await.unwrap();
    }
    db.close().await;
}

async fn serve(url: &str, folder: &Path, port: &str) {
    let about = Site {
        name: "青禾区政府信息公开".into(),
        organisation: "青禾区人民政府办公室".into(),
        contact: Contact::default(),
        secure_cookies: false,
    };
    let db = Db::connect(url).await.unwrap();
    let stores = Stores::in_folder(folder, 1_000_000).unwrap();
    let app = App::new(db, stores, about, Clock::new(jiff::Timestamp::now), "bench");
    app.catch_up().await.unwrap();
    // What was written past the gate stands in no log, so it is read from what is public.
    let done = folder.join("indexed");
    if !done.exists() {
        assert!(app.search.rebuild(&app.db).await.unwrap().entries > 0);
        std::fs::write(done, "").unwrap();
    }
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
    gongkai_web::serve(app, listener, std::future::pending()).await.unwrap();
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn me(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(args);
    command
}

fn measure(count: usize) {
    let folder = std::env::temp_dir().join(format!("gongkai-bench-search-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut databases = vec![("SQLite", format!("sqlite://{}/bench.db", folder.display()))];
    let schema = format!("bench_{}", std::process::id());
    if let Ok(server) = std::env::var("GONGKAI_TEST_POSTGRES") {
        let made =
            Command::new("psql").arg(&server).args(["-qc", &format!("CREATE SCHEMA {schema}")]).status();
        match made {
            Ok(status) if status.success() => {
                databases.push(("PostgreSQL", format!("{server}?options=-csearch_path%3D{schema}")));
            }
            _ => eprintln!("no schema could be made with psql: SQLite only"),
        }
    }
    for (name, url) in &databases {
        one(name, url, count, &folder.join(name));
    }
    if databases.len() > 1 {
        let server = std::env::var("GONGKAI_TEST_POSTGRES").unwrap();
        let _ =
            Command::new("psql").arg(server).args(["-qc", &format!("DROP SCHEMA {schema} CASCADE")]).status();
    }
    let _ = std::fs::remove_dir_all(&folder);
}

fn one(name: &str, url: &str, count: usize, folder: &PathBuf) {
    std::fs::create_dir_all(folder).unwrap();
    let begin = Instant::now();
    assert!(me(&["fill", url, &count.to_string()]).status().unwrap().success());
    println!("{name}, {count} entries: written in {:.0} s", begin.elapsed().as_secs_f64());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let start = |what: &str| {
        let begin = Instant::now();
        let server = Running(me(&["serve", url, &folder.display().to_string(), &port]).spawn().unwrap());
        while TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
            assert!(begin.elapsed() < Duration::from_secs(3_600));
            std::thread::sleep(Duration::from_millis(20));
        }
        println!("{name}: {what} in {:.1} s", begin.elapsed().as_secs_f64());
        server
    };
    drop(start("index built and served"));
    let server = start("started again");
    let index: u64 = size(&folder.join("search"));
    println!("{name}: index {:.0} MB; memory before the load {}", index as f64 / 1e6, memory(server.0.id()));
    println!(
        "{:<28}{:>8}{:>8}{:>8}{:>10}{:>10}",
        "milliseconds, 8 clients", "p50", "p99", "most", "processor", "a second"
    );
    for (kind, questions) in questions(count) {
        let before = processor(server.0.id());
        let (latencies, took) = ask(&port, &questions);
        let each = (processor(server.0.id()) - before) / latencies.len() as f64;
        let at = |share: f64| latencies[((latencies.len() - 1) as f64 * share) as usize];
        println!(
            "{kind:<28}{:>8.1}{:>8.1}{:>8.1}{each:>10.2}{:>10.0}",
            at(0.5),
            at(0.99),
            at(1.0),
            latencies.len() as f64 / took.as_secs_f64()
        );
    }
    println!("{name}: memory under the load {}", memory(server.0.id()));
}

fn size(folder: &Path) -> u64 {
    std::fs::read_dir(folder).map_or(0, |all| all.map(|file| file.unwrap().metadata().unwrap().len()).sum())
}

/// Resident, and what of it is the program's own rather than pages of the index that the system can take back.
fn memory(process: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("0 kB");
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) / 1024
    };
    format!("{} MiB resident, {} MiB of it its own", of("VmRSS:"), of("RssAnon:"))
}

/// Milliseconds of processor time a process has used: what is slow because others run beside it does not count.
fn processor(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let ticks = |at: usize| after_name.split_whitespace().nth(at).unwrap().parse::<f64>().unwrap();
    // In user and in kernel mode, in hundredths of a second.
    (ticks(11) + ticks(12)) * 10.0
}

/// Kinds of questions, each with its own.
fn questions(count: usize) -> Vec<(&'static str, Vec<String>)> {
    let language = Language::new();
    let mut often: HashMap<&str, usize> = HashMap::new();
    for word in &language.words {
        *often.entry(word).or_default() += 1;
    }
    let mut ranked: Vec<(usize, &str)> = often.into_iter().map(|(word, times)| (times, word)).collect();
    ranked.sort_unstable_by(|a, b| b.cmp(a));
    let long = |least: usize| ranked.iter().map(|(_, w)| *w).filter(move |w| w.chars().count() >= least);
    let (single, common): (Vec<&str>, Vec<&str>) = (
        ranked.iter().map(|(_, w)| *w).filter(|w| w.chars().count() == 1).take(40).collect(),
        long(2).take(20).collect(),
    );
    let mut dice = Dice(42);
    let mut from_text = |length: usize| {
        let entry = language.entry(dice.roll(count / AGENCIES * AGENCIES));
        let runs: Vec<Vec<char>> = entry
            .body_html
            .split(|c: char| !('\u{4e00}'..='\u{9fa5}').contains(&c))
            .map(|run| run.chars().collect::<Vec<char>>())
            .filter(|run| run.len() >= length)
            .collect();
        let Some(run) = runs.get(dice.roll(runs.len().max(1))) else { return "通知".to_owned() };
        let at = dice.roll(run.len() - length + 1);
        run[at..at + length].iter().collect()
    };
    let several = |make: &mut dyn FnMut(usize) -> String| (0..ASKED).map(make).collect::<Vec<_>>();
    vec![
        ("one character", several(&mut |n| single[n % single.len()].to_owned())),
        ("two characters", several(&mut |_| from_text(2))),
        ("phrase of four", several(&mut |_| from_text(4))),
        ("phrase of eight", several(&mut |_| from_text(8))),
        ("very common word", several(&mut |n| common[n % common.len()].to_owned())),
        (
            "two common words",
            several(&mut |n| format!("{} {}", common[n % 20], common[(n / 20 + n + 1) % 20])),
        ),
        ("rare: a name", several(&mut |n| language.name((n * 7_919) % count))),
        ("nothing: another name", several(&mut |n| language.name(count + n * 31))),
    ]
}

fn ask(port: &str, questions: &[String]) -> (Vec<f64>, Duration) {
    let next = AtomicUsize::new(0);
    let begin = Instant::now();
    let mut latencies: Vec<f64> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| {
                    let mut stream = BufReader::new(TcpStream::connect(format!("127.0.0.1:{port}")).unwrap());
                    stream.get_ref().set_nodelay(true).unwrap();
                    let mut latencies = Vec::new();
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        let Some(question) = questions.get(n) else { return latencies };
                        let typed: String = question.bytes().map(|byte| format!("%{byte:02X}")).collect();
                        let day = format!("{}-{:02}-{:02}", 1000 + n / 336, n / 28 % 12 + 1, n % 28 + 1);
                        let begin = Instant::now();
                        write!(
                            stream.get_mut(),
                            "GET /search?q={typed}&from={day} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                        )
                        .unwrap();
                        answer(&mut stream);
                        latencies.push(begin.elapsed().as_secs_f64() * 1e3);
                    }
                })
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    let took = begin.elapsed();
    latencies.sort_by(f64::total_cmp);
    (latencies, took)
}

fn answer(stream: &mut BufReader<TcpStream>) {
    let (mut line, mut length) = (String::new(), 0);
    stream.read_line(&mut line).unwrap();
    assert!(line.contains(" 200 "), "{line}");
    loop {
        line.clear();
        stream.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
}
