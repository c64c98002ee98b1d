//! Delivery to a real mail server: `aiosmtpd`, a small one from Debian (`python3-aiosmtpd`) or PyPI.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use gongkai_statute::channels::Channel;
use gongkai_statute::deadlines::ConsultedParty;
use jiff::Timestamp;

use super::{PostOffice, Security, SmtpSettings, actions, store};
use crate::audit::Actor;
use crate::db::{Db, testing};
use crate::jobs::{Workshop, run_due};
use crate::letters::LetterKind;
use crate::requests::tests::{World, filing};
use crate::requests::{Arrival, Filing, actions as requests};

/// A mail server of our own that keeps what it takes in a Maildir; it ends with the test.
struct MailServer {
    process: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl MailServer {
    /// `None` when this machine has no aiosmtpd; said loudly, for then nothing was tested.
    async fn start() -> Option<MailServer> {
        let is_there = Command::new("python3").args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
        if !is_there.is_ok_and(|status| status.success()) {
            eprintln!("NOT TESTED: mail delivery needs aiosmtpd (apt install python3-aiosmtpd)");
            return None;
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let process = Command::new("python3")
            .args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}")])
            .args(["-c", "aiosmtpd.handlers.Mailbox"])
            .arg(folder.path().join("mail"))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = MailServer { process, port, folder };
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Some(server);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the mail server did not start");
    }

    fn post_office(&self) -> PostOffice {
        let settings = SmtpSettings {
            host: "127.0.0.1".into(),
            port: self.port,
            security: Security::None,
            username: String::new(),
            password: String::new(),
            from: "青禾区政府信息公开 <gongkai@qinghe.example>".into(),
        };
        PostOffice::new(&settings).unwrap()
    }

    fn workshop(&self, db: &Db) -> Workshop {
        Workshop {
            db: db.clone(),
            post_office: Some(Arc::new(self.post_office())),
            accounts: None,
            outgoing: Default::default(),
        }
    }

    fn received(&self) -> Vec<String> {
        let read = |folder: &Path| -> Vec<String> {
            let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
            files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
        };
        read(&self.folder.path().join("mail/new"))
    }
}

async fn post(db: &Db, now: Timestamp) {
    let mut tx = db.begin(&Actor::Program("test"), now).await.unwrap();
    actions::post(&mut tx, "officer@qinghe.example", "政府信息公开申请到期提醒", "申请 2026-0001 今天到期")
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_hand_every_letter_to_the_server_once() {
    let now: Timestamp = "2026-11-20T03:00:00Z".parse().unwrap();
    for test in testing::databases().await {
        let Some(server) = MailServer::start().await else { return };
        for _ in 0..12 {
            post(&test.db, now).await;
        }
        let other = Db::connect(&test.url).await.unwrap();
        let workers = [server.workshop(&test.db), server.workshop(&other)]
            .map(|shop| tokio::spawn(async move { while !run_due(&shop, now).await.unwrap().is_empty() {} }));
        for worker in workers {
            worker.await.unwrap();
        }
        let received = server.received();
        assert_eq!(received.len(), 12, "{:?}", test.db.engine());
        assert_eq!(super::unsent(&mut test.db.read().await.unwrap()).await.unwrap(), 0);
        let ids: std::collections::HashSet<&str> = received
            .iter()
            .map(|mail| mail.lines().find(|l| l.to_lowercase().starts_with("message-id:")).unwrap())
            .collect();
        assert_eq!(ids.len(), 12, "every letter has its own message id");
        assert!(received[0].contains("To: officer@qinghe.example"), "{}", received[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_is_ended_with_one_click() {
    let Some(server) = MailServer::start().await else { return };
    let letter = super::Letter {
        id: "one".into(),
        recipient: "wang@qinghe.example".into(),
        subscription_id: None,
        request_id: None,
        subject: "您订阅的检索有新公开的信息".into(),
        body: "正文".into(),
        sent_at: None,
        unsubscribe: format!("https://qinghe.example/subscriptions/{}/removal", "0123456789abcdef".repeat(4)),
    };
    server.post_office().deliver(&letter).await.unwrap();
    // Long headers may be folded.
    let received = server.received().pop().unwrap().replace("\r\n", "\n").replace("\n ", " ");
    let way_out = format!("List-Unsubscribe: <{}>", letter.unsubscribe);
    for header in [way_out.as_str(), "List-Unsubscribe-Post: List-Unsubscribe=One-Click"] {
        let stands = received.lines().any(|line| line.split_whitespace().eq(header.split_whitespace()));
        assert!(stands, "{header}: {received}");
    }
}

/// 征求意见 stops the clock: the applicant reads so in a letter, and is told by mail that there is one. Neither the outbox
/// nor the mail says who asked for what.
#[tokio::test(flavor = "multi_thread")]
async fn an_applicant_is_told_of_a_letter_by_mail_without_a_word_of_it() {
    for test in testing::databases().await {
        let Some(server) = MailServer::start().await else { return };
        let world = World::new(&test.db).await;
        let day = jiff::civil::date(2026, 3, 2);
        let filing = Filing { email: "hexiaozhou@qinghe.example".into(), ..filing() };
        let mut tx = world.tx(&world.office.officer, day).await;
        let arrival =
            Arrival { channel: Some(Channel::InPerson), submitted_on: Some(day), ..Arrival::default() };
        let (staff, agency) = (&world.office.officer, &world.office.agency.id);
        let filed = requests::register(&mut tx, staff, agency, &filing, &arrival).await.unwrap();
        let third = Some(ConsultedParty::ThirdParty);
        let asked = requests::consult(&mut tx, staff, &filed.number, third, "青禾测绘公司", "测绘成果").await;
        let due = asked.unwrap().consultations[0].due_on;
        tx.commit().await.unwrap();

        let posted = store::all(&mut test.db.read().await.unwrap()).await.unwrap();
        assert_eq!(posted.len(), 2, "the receipt, and the consultation");
        assert!(posted.iter().all(|letter| letter.recipient.is_empty()), "{posted:?}");
        let now: Timestamp = "2026-03-02T03:00:00Z".parse().unwrap();
        while !run_due(&server.workshop(&test.db), now).await.unwrap().is_empty() {}
        let received = server.received();
        assert_eq!(received.len(), 2);
        assert!(received.iter().all(|mail| mail.contains("To: hexiaozhou@qinghe.example")), "{received:?}");
        let dossier = world.dossier(&filed.number).await;
        let notice = dossier.letters.iter().find(|one| one.kind == LetterKind::ConsultationNotice).unwrap();
        let text = world.text(notice);
        assert!(text.contains("不计算在答复您的期限内"), "{text}");
        assert!(text.contains(&format!("{}日", due.day())), "{text}");
        assert!(!text.contains("青禾测绘公司"), "who is asked stays inside");
        for letter in &posted {
            assert_eq!(letter.subject, "政府信息公开申请有新的文书");
            for word in ["何小舟", "危房", "测绘"] {
                assert!(!letter.body.contains(word), "{word}: {}", letter.body);
            }
        }
    }
}

#[tokio::test]
async fn a_letter_that_a_rolled_back_change_posted_is_gone() {
    for test in testing::databases().await {
        let now = Timestamp::UNIX_EPOCH;
        let mut tx = test.db.begin(&Actor::Program("test"), now).await.unwrap();
        actions::post(&mut tx, "a@qinghe.example", "测试", "正文").await.unwrap();
        drop(tx);
        let mut conn = test.db.read().await.unwrap();
        assert_eq!(super::unsent(&mut conn).await.unwrap(), 0);
        assert_eq!(crate::jobs::overview(&mut conn).await.unwrap().waiting, 0);
    }
}

#[test]
fn settings_that_cannot_work_are_named() {
    let settings = SmtpSettings {
        host: "mail.qinghe.example".into(),
        port: 465,
        security: Security::Tls,
        username: String::new(),
        password: String::new(),
        from: "没有地址".into(),
    };
    let refusal = PostOffice::new(&settings).err().unwrap();
    assert!(refusal.contains("没有地址") && refusal.contains("请写成"), "{refusal}");
}
