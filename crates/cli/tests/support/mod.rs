//! The real program, started and spoken to from outside.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)] // each test file uses its part

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use gongkai_disclosure::db::Db;

/// What a command answered.
#[derive(Debug)]
pub struct Answer {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The program with arguments, without settings from outside.
pub fn gongkai(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GONGKAI_")) {
        command.env_remove(name);
    }
    command.args(args);
    command
}

/// Runs a command to its end.
pub fn run(args: &[&str]) -> Answer {
    answer(&mut gongkai(args), "")
}

pub fn answer(command: &mut Command, input: &str) -> Answer {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Answer { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs a command that must succeed.
pub fn succeed(args: &[&str]) -> String {
    let answer = run(args);
    assert_eq!(answer.code, 0, "gongkai {args:?}: {answer:?}");
    answer.out
}

/// A folder of files that goes when the test is over.
pub struct Folder(pub tempfile::TempDir);

impl Folder {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    pub fn whole(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// With the folders on the way to it; gives its path.
    pub fn save(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self.path(name)
    }
}

/// A running site.
pub struct Site {
    child: Child,
    out: BufReader<ChildStdout>,
    pub address: String,
}

impl Site {
    /// Starts `gongkai ARGS --listen 127.0.0.1:0` and waits for the address it prints.
    pub fn start(args: &[&str]) -> Site {
        Site::start_with(gongkai(args))
    }

    pub fn start_with(mut command: Command) -> Site {
        let mut child = command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut site = Site { child, out, address: String::new() };
        let mut told = String::new();
        while site.address.is_empty() {
            let mut line = String::new();
            assert!(site.out.read_line(&mut line).unwrap() > 0, "gongkai ended before it served: {told}");
            told.push_str(&line);
            if let Some((_, rest)) = line.split_once("http://") {
                site.address =
                    rest.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':')).collect();
            }
        }
        site
    }

    /// As the system does when it has no time: SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As the system does when it has time: SIGTERM. Returns the exit code and the rest of what was printed.
    pub fn stop(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let code = self.child.wait().unwrap().code();
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        (code, rest)
    }

    pub fn get(&self, path: &str) -> (u16, String) {
        request(&self.address, "GET", path, "").unwrap()
    }

    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> std::io::Result<(u16, String)> {
        post(&self.address, path, fields)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn post(address: &str, path: &str, fields: &[(&str, &str)]) -> std::io::Result<(u16, String)> {
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    request(address, "POST", path, &pairs.join("&"))
}

/// One request over a connection of its own. An answer that was cut off is an error.
fn request(address: &str, method: &str, path: &str, body: &str) -> std::io::Result<(u16, String)> {
    exchange(address, method, path, body).map(|(status, _, body)| (status, body))
}

/// The same, with the headers of the answer, their names in small letters.
pub fn exchange(
    address: &str,
    method: &str,
    path: &str,
    body: &str,
) -> std::io::Result<(u16, HashMap<String, String>, String)> {
    let cut_off = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(cut_off)?;
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.to_owned()),
            None if line == "\r\n" => break,
            None => return Err(cut_off()),
        };
    }
    let mut body = Vec::new();
    match headers.get("content-length").and_then(|length| length.parse().ok()) {
        Some(length) => {
            body.resize(length, 0);
            reader.read_exact(&mut body)?;
        }
        None => drop(reader.read_to_end(&mut body)?),
    }
    Ok((status, headers, String::from_utf8_lossy(&body).into_owned()))
}

pub fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// An installation with one town, ready to be served.
pub fn with_a_town(options: &[&str]) {
    let town = [
        "agency",
        "add",
        "songxi",
        "--name",
        "青禾区松溪镇人民政府",
        "--kind",
        "town",
        "--region",
        "990102",
        "--document-word",
        "松溪政公",
        "--reconsideration-body",
        "青禾区人民政府",
        "--court",
        "青禾区人民法院",
        "--email",
        "songxi@qinghe.example",
    ];
    succeed(&[&town, options].concat());
}

/// A letter to the town as the public sends it, and what it takes to find it again.
pub struct Letter {
    pub subject: String,
    pub number: String,
    pub query_code: String,
}

/// Sends a letter; `None` when the site went away before it acknowledged.
pub fn send_letter(address: &str, subject: &str) -> Option<Letter> {
    let fields = [
        ("agency_id", "songxi"),
        ("kind", "mailbox"),
        ("person_name", "某甲"),
        ("contact", "someone@qinghe.example"),
        ("subject", subject),
        ("body", "路灯不亮，请派人看看。"),
    ];
    let (status, page) = post(address, "/interaction/letters", &fields).ok()?;
    assert_eq!(status, 200, "{page}");
    let words: Vec<&str> = page.split(['<', '>', ' ', '\n']).map(str::trim).collect();
    let is_number = |w: &&&str| w.starts_with('M') && w.contains('-') && w.len() > 8;
    let is_code =
        |w: &&&str| w.len() == 12 && w.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    Some(Letter {
        subject: subject.to_owned(),
        number: words.iter().find(is_number).unwrap_or_else(|| panic!("no number: {page}")).to_string(),
        query_code: words.iter().find(is_code).unwrap_or_else(|| panic!("no code: {page}")).to_string(),
    })
}

/// Whether the site finds a letter that it acknowledged.
pub fn finds(address: &str, letter: &Letter) -> bool {
    let fields = [("number", letter.number.as_str()), ("query_code", letter.query_code.as_str())];
    let (status, page) = post(address, "/interaction/track", &fields).unwrap();
    status == 200 && page.contains(&letter.subject)
}

/// A fresh, empty database on the test server, or `None` (said loudly) when there is no server.
pub async fn fresh_postgres(name: &str) -> Option<String> {
    let Ok(server) = std::env::var("GONGKAI_TEST_POSTGRES") else {
        eprintln!("NOT TESTED: GONGKAI_TEST_POSTGRES is not set");
        return None;
    };
    let nanos = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    let name = format!("cli_{name}_{}_{nanos}", std::process::id());
    let admin = Db::connect(&server).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut *admin.read().await.unwrap())
        .await
        .unwrap();
    admin.close().await;
    let (start, _) = server.rsplit_once('/').unwrap();
    Some(format!("{start}/{name}"))
}

/// The address of the SQLite file in a data folder with a plain name.
pub fn sqlite_url(data: &Path) -> String {
    format!("sqlite://{}/gongkai.db", data.display())
}

/// Waits for something to become true.
pub async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !is_so().await {
        assert!(start.elapsed() < Duration::from_secs(60), "in a minute it did not become true that {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
