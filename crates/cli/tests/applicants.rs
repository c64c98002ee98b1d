//! What an applicant was told is true, even when the process dies at that moment; and what they confided stays sealed.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use support::{Site, encoded, exchange, fresh_postgres, post, run, succeed, with_a_town};

/// Files a request; `None` when the site went away before it acknowledged. Number and query code.
fn file(address: &str, description: &str) -> Option<(String, String)> {
    let (_, _, form) = exchange(address, "GET", "/requests/new", "").ok()?;
    let mark = "name=\"form_token\" value=\"";
    let token = form[form.find(mark)? + mark.len()..].split('"').next()?;
    let fields = [
        ("form_token", token),
        ("agency", "songxi"),
        ("applicant_kind", "natural_person"),
        ("applicant_name", "何小舟"),
        ("identity_number", "990102199001011237"),
        ("phone", "0990-6600123"),
        ("description", description),
        ("delivery", "electronic_online"),
    ];
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let (status, headers, page) = exchange(address, "POST", "/requests", &body.join("&")).ok()?;
    assert_eq!(status, 303, "{page}");
    let number = headers["location"].split('/').nth(2)?.to_owned();
    let code = headers["set-cookie"].split(['=', ';']).nth(1)?.to_owned();
    Some((number, code))
}

fn finds(address: &str, (number, code): &(String, String)) -> bool {
    let (status, page) =
        post(address, "/requests/track", &[("number", number), ("query_code", code)]).unwrap();
    status == 200 && page.contains(number)
}

fn told_is_kept(options: &[&str]) {
    with_a_town(options);
    let mut told = Vec::new();
    for round in 0..6 {
        let mut site = Site::start(&[&["serve"], options].concat());
        told.push(file(&site.address, &format!("松溪镇道路改造方案第{round}号")).expect("an answer"));
        // The answer is on the applicant's screen; not a moment for anything else.
        site.kill();
    }
    let site = Site::start(&[&["serve"], options].concat());
    for request in &told {
        assert!(finds(&site.address, request), "{} was told and is lost", request.0);
    }
    let mut numbers: Vec<_> = told.iter().map(|(number, _)| number).collect();
    numbers.dedup();
    assert_eq!(numbers.len(), told.len());
    site.stop();
    succeed(&[&["audit", "verify"], options].concat());
}

#[test]
fn a_request_that_was_acknowledged_survives_kill_minus_nine_on_sqlite() {
    let data = tempfile::tempdir().unwrap();
    told_is_kept(&["--data", data.path().to_str().unwrap()]);
}

#[tokio::test]
async fn a_request_that_was_acknowledged_survives_kill_minus_nine_on_postgres() {
    let Some(url) = fresh_postgres("applicants").await else { return };
    let data = tempfile::tempdir().unwrap();
    told_is_kept(&["--data", data.path().to_str().unwrap(), "--database", &url]);
}

#[test]
fn keys_are_made_once_kept_to_their_owner_changed_by_command_and_missed_when_gone() {
    let data = tempfile::tempdir().unwrap();
    let options = ["--data", data.path().to_str().unwrap()];
    let with = |words: &[&str]| run(&[words, &options[..]].concat());
    with_a_town(&options);
    let site = Site::start(&[&["serve"], &options[..]].concat());
    file(&site.address, "松溪镇道路改造方案").unwrap();
    let keys = data.path().join("keys.toml");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&keys).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let before = std::fs::read_to_string(&keys).unwrap();
    let rotated = with(&["keys", "rotate"]);
    assert_eq!(rotated.code, 0, "{rotated:?}");
    assert!(rotated.out.contains("重新加密 1 条"), "{rotated:?}");
    assert_ne!(std::fs::read_to_string(&keys).unwrap(), before);
    file(&site.address, "松溪镇道路改造方案（续）").expect("the running site goes on with its keys");
    site.stop();
    let status = with(&["keys", "status"]);
    assert!(status.code == 0 && !status.out.contains("缺失"), "{status:?}");

    std::fs::write(&keys, &before).unwrap();
    let doctor = with(&["doctor"]);
    assert!(doctor.code == 1 && doctor.out.contains("没有密钥 k"), "a key file of another day: {doctor:?}");
    std::fs::remove_file(&keys).unwrap();
    let doctor = with(&["doctor"]);
    assert!(doctor.code == 1 && doctor.out.contains("个人信息打不开"), "{doctor:?}");
    let status = with(&["keys", "status"]);
    assert!(status.code == 2, "{status:?}");
    assert!(!keys.exists(), "no new keys over sealed values");
}

#[test]
fn senders_that_never_finish_are_let_go_while_others_are_served() {
    let data = tempfile::tempdir().unwrap();
    let options = ["--data", data.path().to_str().unwrap()];
    with_a_town(&options);
    let site = Site::start(&[&["serve"], &options[..]].concat());
    let start = Instant::now();
    let mut slow: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = TcpStream::connect(&site.address).unwrap();
            stream.write_all(b"POST /requests HTTP/1.1\r\nHost: x\r\nContent-").unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
            stream
        })
        .collect();
    file(&site.address, "松溪镇道路改造方案").expect("others are served meanwhile");
    for stream in &mut slow {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
    }
    assert!(start.elapsed() < Duration::from_secs(40), "{:?}", start.elapsed());
    // A body that stops in the middle.
    let mut stream = TcpStream::connect(&site.address).unwrap();
    let head = "POST /requests HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n\
                Content-Length: 100000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file_identity\"; filename=\"a.jpg\"\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let start = Instant::now();
    let mut first = [0; 12];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(&first[..], b"HTTP/1.1 409");
    assert!(start.elapsed() < Duration::from_secs(40), "{:?}", start.elapsed());
}
