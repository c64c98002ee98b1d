//! What can go wrong at the terminal gives one line in Chinese that says what to do, and exit code 2.
#![allow(clippy::unwrap_used)]

mod support;

use support::{Site, answer, gongkai, run, with_a_town};

/// One line, in Chinese, without the inside of the program; returns it.
fn one_line(args: &[&str]) -> String {
    let answer = run(args);
    assert_eq!(answer.code, 2, "{args:?}: {answer:?}");
    assert_eq!(answer.out, "", "{args:?}");
    let lines: Vec<&str> = answer.err.lines().collect();
    assert_eq!(lines.len(), 1, "{args:?}: {}", answer.err);
    assert!(lines[0].chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{}", lines[0]);
    for inside in ["panicked", "backtrace", "Error(", "os error", "src/"] {
        assert!(!lines[0].contains(inside), "{}", lines[0]);
    }
    lines[0].to_owned()
}

#[test]
fn a_database_that_cannot_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let no_database = folder.path().join("text.db");
    std::fs::write(&no_database, "这不是数据库".repeat(100)).unwrap();
    let text = format!("sqlite://{}", no_database.display());
    for (url, expected) in [
        ("mysql://localhost/gongkai", "请写成 sqlite:///"),
        ("gongkai.db", "请写成 sqlite:///"),
        ("postgres://user:geheim@127.0.0.1:1/gongkai", "那里没有数据库在运行"),
        ("postgres://no-such-host.invalid/gongkai", "找不到这台主机"),
        ("sqlite:///no/such/folder/gongkai.db", "文件打不开"),
        (text.as_str(), "不是 SQLite 数据库"),
    ] {
        for command in ["serve", "demo", "migrate", "doctor", "work"] {
            let mut args = vec![command, "--data", data, "--database", url];
            if matches!(command, "serve" | "demo") {
                args.extend(["--listen", "127.0.0.1:0"]);
            }
            let line = one_line(&args);
            assert!(line.contains(expected), "{url}: {line}");
            assert!(!line.contains("geheim"), "a password in a message: {line}");
        }
    }
}

#[test]
fn a_busy_port_and_an_address_that_is_none() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let busy = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    for (listen, expected) in [
        (busy.as_str(), "已被占用"),
        ("somewhere", "请写成 127.0.0.1:8080"),
        ("203.0.113.1:80", "本机没有这个地址"),
    ] {
        for command in ["serve", "demo"] {
            let line = one_line(&[command, "--data", data, "--listen", listen]);
            assert!(line.contains(listen) && line.contains(expected), "{line}");
        }
    }
    assert!(!folder.path().join("gongkai.db").exists(), "nothing is made before the port is ours");
}

#[test]
fn a_folder_that_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let inside = file.join("data");
    for data in [inside.to_str().unwrap(), "/proc/gongkai", "/sys"] {
        for command in ["serve", "demo", "migrate", "doctor"] {
            let line = one_line(&[command, "--data", data]);
            assert!(line.contains(data) && line.contains("--data"), "{line}");
        }
    }
}

#[test]
fn settings_with_mistakes() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let file = folder.path().join("gongkai.toml");
    for (settings, expected) in [
        ("lisen = '127.0.0.1:1'", "没有设置项“lisen”"),
        ("listen = 8080", "设置“listen”"),
        ("listen", "不是有效的 TOML"),
        ("log = 'lots,of=nonsense=1'", "设置“log”"),
        ("[mail]\nhost = 'mail.qinghe.example'\nfrom = 'nobody'", "发件人地址“nobody”"),
    ] {
        std::fs::write(&file, settings).unwrap();
        let line = one_line(
            &["serve", "--data", data, "--listen", "127.0.0.1:0"]
                [..if settings.starts_with("listen") { 3 } else { 5 }],
        );
        assert!(line.contains(expected), "{settings}: {line}");
    }
    let line = one_line(&["serve", "--data", data, "--config", "/no/such.toml"]);
    assert!(line.contains("找不到配置文件 /no/such.toml"), "{line}");
}

#[test]
fn years_dates_and_numbers_that_are_none() {
    let facts = |text: &str| {
        let answered = answer(&mut gongkai(&["deadline", "-"]), text);
        assert_eq!((answered.code, answered.err.lines().count()), (2, 1), "{text}: {answered:?}");
        answered.err
    };
    assert!(facts(r#"{"channel":"in_person","submitted_on":"2025-02-30"}"#).contains("submitted_on"));
    assert!(facts(r#"{"channel":"pigeon","submitted_on":"2025-02-03"}"#).contains("channel"));
    assert!(facts("{").contains("JSON"));
    for (args, expected) in [
        (&["calendar", "2030"][..], "没有2030年的放假安排"),
        (&["calendar", "2025-02-30"], "没有这一天"),
        (&["calendar", "yesterday"], "没有这一天"),
        (&["calendar", "2026", "--add", "3"], "请给出日期"),
        (&["fee", "--basis", "by_item", "--count", "many"], "--count"),
        (&["fee", "--basis", "by_weight", "--count", "1"], "by_page"),
        (&["fee", "--basis", "by_item", "--count", "1", "--on", "2026-13-01"], "没有这一天"),
        (&["fee", "--basis", "by_item", "--count", "1", "--on", "2015-01-01"], "2021-01-01"),
        (&["fee", "--basis", "by_item"], "缺少 --count"),
        (&["deadline", "/no/such.json"], "找不到文件 /no/such.json"),
        (&["report", "read", "/no/such.txt"], "找不到文件 /no/such.txt"),
        (&["report", "read", "/etc/hostname"], "不是政府信息公开工作年度报告"),
        (&["report", "read", "/etc"], "是一个目录"),
        (&["nonsense"], "没有命令“nonsense”"),
        (&["serve", "--nonsense"], "没有选项“--nonsense”"),
    ] {
        let line = one_line(args);
        assert!(line.contains(expected), "{args:?}: {line}");
    }
}

#[test]
fn accounts_that_cannot_be() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--data", folder.path().to_str().unwrap()];
    with_a_town(&options);
    let add = |more: &[&str]| one_line(&[&["user", "add"], more, &options[..]].concat());
    let line = add(&["X Y", "--name", "", "--agency", "songxi", "--role", "leader"]);
    assert!(line.contains("用户名只能用") && line.contains("请填写姓名"), "all reasons at once: {line}");
    assert!(
        add(&["a.b", "--name", "某", "--agency", "nowhere", "--role", "leader"])
            .contains("没有代码为“nowhere”的机关")
    );
    assert!(
        add(&["a.b", "--name", "某", "--agency", "songxi", "--role", "king"]).contains("disclosure_officer")
    );
    let line = one_line(&[&["user", "password", "nobody"], &options[..]].concat());
    assert!(line.contains("没有用户名为“nobody”的账号"), "{line}");
}

#[test]
fn a_reader_that_went_away_is_no_error() {
    use std::process::Stdio;
    let mut child =
        gongkai(&["statute", "index"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn a_form_returns_all_its_errors_at_once_and_keeps_what_was_typed() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--data", folder.path().to_str().unwrap()];
    with_a_town(&options);
    let site = Site::start(&[&["serve"], &options[..]].concat());
    let fields = [
        ("agency_id", ""),
        ("kind", "mailbox"),
        ("person_name", ""),
        ("contact", "x"),
        ("subject", "路灯不亮"),
    ];
    let (status, page) = site.post("/interaction/letters", &fields).unwrap();
    assert_eq!(status, 422);
    assert!(page.contains("路灯不亮"), "what was typed is kept");
    for field in ["agency_id", "person_name", "body", "contact"] {
        assert!(
            page.contains(&format!("#{field}")) || page.contains(&format!("{field}-error")),
            "{field}: {page}"
        );
    }
}
