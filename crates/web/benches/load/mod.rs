//! What the load benches share: invented entries, the program that serves them, and what it costs.
//!
//! Several processes take part, all of the bench itself: one fills a database, one serves it, one asks.

// Each bench uses its part of this.
#![allow(dead_code)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::db::Db;
use gongkai_disclosure::db::fill::{Filling, fill};
use gongkai_disclosure::testing::{catalogue_line, monday, office};
use gongkai_web::page::Contact;
use gongkai_web::{App, Clock, Site, Stores};

/// Chinese text of this repository: what words there are and how often.
const SOURCES: [&str; 5] = [
    include_str!("../../../statute/law/ogi.toml"),
    include_str!("../../../statute/law/reconsideration_law.toml"),
    include_str!("../../../statute/law/litigation_law.toml"),
    include_str!("../../../../README.zh-CN.md"),
    include_str!("../../../disclosure/src/search/data/synonyms.txt"),
];
/// Agencies that the entries are spread over, in turn.
pub(crate) const AGENCIES: usize = 30;

/// Chance that is the same every time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    pub(crate) fn of_entry(n: usize) -> Dice {
        let mut dice = Dice((n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        dice.roll(2);
        dice
    }
}

/// Words of running text, each as often as it stands there; rank by rank fewer, as in any language.
pub(crate) struct Language {
    /// Running text, cut.
    pub(crate) words: Vec<String>,
    /// Further words, from the frequent to the rare.
    invented: Vec<String>,
    rare: Vec<char>,
}

impl Language {
    pub(crate) fn new() -> Language {
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

    pub(crate) fn word(&self, dice: &mut Dice) -> &str {
        if dice.roll(2) == 0 {
            return &self.words[dice.roll(self.words.len())];
        }
        // The tenth word is a tenth as frequent as the first.
        let share = dice.roll(1 << 20) as f64 / f64::from(1 << 20);
        let rank = (share * (self.invented.len() as f64).ln()).exp() as usize;
        &self.invented[rank.min(self.invented.len() - 1)]
    }

    /// A name that stands in one entry.
    pub(crate) fn name(&self, n: usize) -> String {
        let mut dice = Dice::of_entry(n ^ 0x5555);
        (0..4).map(|_| self.rare[dice.roll(self.rare.len())]).collect()
    }

    pub(crate) fn text(&self, dice: &mut Dice, characters: usize) -> String {
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

    pub(crate) fn entry(&self, n: usize) -> Filling {
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

/// Writes so many entries into a database of their own.
pub(crate) async fn filled(url: &str, count: usize) {
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

/// Serves a database filled so, with its index where search is measured.
pub(crate) async fn serve(url: &str, folder: &Path, port: &str, is_searched: bool) {
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
    if is_searched && !done.exists() {
        assert!(app.search.rebuild(&app.db).await.unwrap().entries > 0);
        std::fs::write(done, "").unwrap();
    }
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
    gongkai_web::serve(app, listener, std::future::pending()).await.unwrap();
}

/// Resident, and what of it is the program's own rather than pages of the index that the system can take back.
pub(crate) fn memory(process: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("0 kB");
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) / 1024
    };
    format!("{} MiB resident, {} MiB of it its own", of("VmRSS:"), of("RssAnon:"))
}

/// Milliseconds of processor time a process has used: what is slow because others run beside it does not count.
pub(crate) fn processor(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let ticks = |at: usize| after_name.split_whitespace().nth(at).unwrap().parse::<f64>().unwrap();
    // In user and in kernel mode, in hundredths of a second.
    (ticks(11) + ticks(12)) * 10.0
}

/// A program that ends with us.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Asked to end, so that it ends its own workers, too.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        for _ in 0..100 {
            if matches!(self.0.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// This program in another part.
pub(crate) fn me(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(args);
    command
}

pub(crate) fn free_port() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string()
}

/// Starts a server and waits until someone listens there.
pub(crate) fn started(command: &mut Command, port: &str) -> Running {
    let begin = Instant::now();
    let server = Running(command.spawn().unwrap());
    while TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
        assert!(begin.elapsed() < Duration::from_secs(3_600));
        std::thread::sleep(Duration::from_millis(20));
    }
    server
}

/// A folder and the databases of this measurement: SQLite in the folder, and a schema of the PostgreSQL that
/// `GONGKAI_TEST_POSTGRES` names. Both go with it.
pub(crate) struct Ground {
    pub(crate) folder: PathBuf,
    /// What each is called, and its address.
    pub(crate) databases: Vec<(&'static str, String)>,
    schema: Option<(String, String)>,
}

impl Ground {
    pub(crate) fn new(name: &str) -> Ground {
        let mark = format!("gongkai_bench_{name}_{}", std::process::id());
        let folder = std::env::temp_dir().join(&mark);
        std::fs::create_dir_all(&folder).unwrap();
        let mut databases = vec![("SQLite", format!("sqlite://{}/bench.db", folder.display()))];
        let mut schema = None;
        if let Ok(server) = std::env::var("GONGKAI_TEST_POSTGRES") {
            if psql(&server, &format!("CREATE SCHEMA {mark}")) {
                databases.push(("PostgreSQL", format!("{server}?options=-csearch_path%3D{mark}")));
                schema = Some((server, mark));
            } else {
                eprintln!("no schema could be made with psql: SQLite only");
            }
        }
        Ground { folder, databases, schema }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if let Some((server, schema)) = &self.schema {
            psql(server, &format!("DROP SCHEMA {schema} CASCADE"));
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn psql(server: &str, sql: &str) -> bool {
    Command::new("psql").arg(server).args(["-qc", sql]).status().is_ok_and(|status| status.success())
}

/// An answer over a connection that stays open: its body, when its status is 200.
pub(crate) fn get(stream: &mut BufReader<TcpStream>, path: &str) -> Vec<u8> {
    write!(stream.get_mut(), "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
    let (mut line, mut length) = (String::new(), 0);
    stream.read_line(&mut line).unwrap();
    assert!(line.contains(" 200 "), "{path}: {line}");
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
    body
}

pub(crate) fn connected(port: &str) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    stream.set_nodelay(true).unwrap();
    BufReader::new(stream)
}
