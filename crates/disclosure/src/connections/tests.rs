use std::net::IpAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::actions::{NewToken, admit, make_token, revoke_token};
use super::{ConnectionRefusal as R, Outgoing, Scope, deliveries, is_public, signature, tokens, webhooks};
use crate::accounts::AgencyKind;
use crate::accounts::actions::set_account_active;
use crate::db::testing::databases;
use crate::error::Failure;
use crate::jobs::{Workshop, run_due};
use crate::testing::{complete_draft, monday, office, signed_by_all, submitted};

fn wanted(agency_id: &str) -> NewToken {
    NewToken {
        agency_id: agency_id.into(),
        name: "办公系统".into(),
        scopes: vec!["drafts:write".into()],
        days: Some(30),
    }
}

fn inner() -> Outgoing {
    Outgoing { private_networks: true }
}

#[tokio::test]
async fn a_token_lets_in_until_it_ends() {
    for test in databases().await {
        let (town, other) = (
            office(&test.db, "songxi", AgencyKind::Town).await,
            office(&test.db, "yunxi", AgencyKind::Town).await,
        );
        let mut tx = test.db.begin(&town.officer.actor(), monday()).await.unwrap();
        let token = make_token(&mut tx, &town.officer, wanted(&town.agency.id)).await.unwrap();
        let wrong = NewToken {
            scopes: vec!["publish".into()],
            days: Some(367),
            name: " ".into(),
            ..wanted(&town.agency.id)
        };
        let Err(Failure::Refused(reasons)) = make_token(&mut tx, &town.officer, wrong).await else {
            panic!()
        };
        assert_eq!(reasons, [R::NameMissing, R::NoScope, R::DaysOutOfRange]);
        let Err(Failure::Refused(reasons)) =
            make_token(&mut tx, &other.officer, wanted(&town.agency.id)).await
        else {
            panic!()
        };
        assert_eq!(reasons, [R::Forbidden]);
        tx.commit().await.unwrap();

        let mut conn = test.db.read().await.unwrap();
        let held = tokens(&mut conn, &town.agency.id).await.unwrap();
        assert_eq!(held.len(), 1);
        assert!(token.starts_with(&held[0].hint) && held[0].hint.len() < 12, "{held:?}");
        let admitted = admit(&mut conn, &token, monday()).await.unwrap().unwrap();
        assert_eq!(admitted.staff.user_id, town.officer.user_id);
        assert!(admitted.token.allows(Scope::WriteDrafts) && !admitted.token.allows(Scope::ReadDrafts));
        for no in ["", "gk_", &token[..token.len() - 1], &token.to_uppercase()] {
            assert!(admit(&mut conn, no, monday()).await.unwrap().is_none(), "{no}");
        }
        let later = monday() + jiff::SignedDuration::from_hours(24 * 30);
        assert!(admit(&mut conn, &token, later).await.unwrap().is_none(), "it has expired");
        drop(conn);

        // Who answers for it is stopped, and comes back.
        for (is_active, lets_in) in [(false, false), (true, true)] {
            let mut tx = test.db.begin(&town.administrator.actor(), monday()).await.unwrap();
            set_account_active(&mut tx, &town.administrator, &town.officer.username, is_active)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            let mut conn = test.db.read().await.unwrap();
            assert_eq!(admit(&mut conn, &token, monday()).await.unwrap().is_some(), lets_in);
        }
        let mut tx = test.db.begin(&town.administrator.actor(), monday()).await.unwrap();
        let Err(Failure::Refused(reasons)) = revoke_token(&mut tx, &other.officer, &held[0].id).await else {
            panic!()
        };
        assert_eq!(reasons, [R::Forbidden]);
        revoke_token(&mut tx, &town.administrator, &held[0].id).await.unwrap();
        tx.commit().await.unwrap();
        assert!(admit(&mut test.db.read().await.unwrap(), &token, monday()).await.unwrap().is_none());
    }
}

/// A system that listens: answers with each of the given statuses in turn and keeps what it was sent.
async fn listener(statuses: &'static [u16]) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?x=1", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        let mut received = Vec::new();
        for status in statuses {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = Vec::new();
            let mut part = [0; 4096];
            loop {
                let read = stream.read(&mut part).await.unwrap();
                bytes.extend_from_slice(&part[..read]);
                let text = String::from_utf8_lossy(&bytes);
                let length =
                    text.split("Content-Length: ").nth(1).and_then(|t| t.split("\r\n").next()?.parse().ok());
                let body = text.split_once("\r\n\r\n").map(|(_, body)| body.len());
                if read == 0 || length.is_some() && length == body {
                    break;
                }
            }
            stream
                .write_all(format!("HTTP/1.1 {status} x\r\nLocation: http://127.0.0.1:1/\r\n\r\n").as_bytes())
                .await
                .unwrap();
            received.push(String::from_utf8(bytes).unwrap());
        }
        received
    });
    (url, task)
}

#[tokio::test]
async fn what_is_published_is_told_signed_and_until_it_arrives() {
    for test in databases().await {
        let (town, other) = (
            office(&test.db, "songxi", AgencyKind::Town).await,
            office(&test.db, "yunxi", AgencyKind::Town).await,
        );
        let shop = Workshop { db: test.db.clone(), post_office: None, accounts: None, outgoing: inner() };
        let publish = async |office, title: &str| {
            let (drafted, review) = submitted(&test.db, office, &complete_draft(title)).await;
            signed_by_all(&test.db, office, &review).await;
            drafted
        };
        publish(&town, "以前的").await;
        let (url, received) = listener(&[503, 302, 204, 200]).await;
        let mut tx = test.db.begin(&town.officer.actor(), monday()).await.unwrap();
        let hook =
            webhooks::add(&mut tx, &town.officer, inner(), &town.agency.id, "数据平台", &url).await.unwrap();
        tx.commit().await.unwrap();
        publish(&other, "别的机关的").await;
        submitted(&test.db, &town, &complete_draft("还没有签发的")).await;
        publish(&town, "缴费通知").await;

        // 503, then a redirect, which is not followed, then taken.
        let mut at = monday();
        for minutes in [0, 2, 5] {
            at += jiff::SignedDuration::from_mins(minutes);
            run_due(&shop, at).await.unwrap();
        }
        let told = deliveries(&mut test.db.read().await.unwrap(), &hook.id, 10).await.unwrap();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!((told[0].attempts, told[0].event.as_str()), (3, "entry.published"), "{told:?}");
        assert!(told[0].delivered_at.is_some() && told[0].last_error.is_none());

        let mut tx = test.db.begin(&town.officer.actor(), at).await.unwrap();
        webhooks::replay(&mut tx, &town.officer, &told[0].id).await.unwrap();
        tx.commit().await.unwrap();
        run_due(&shop, at).await.unwrap();
        let received = received.await.unwrap();
        assert_eq!(received.len(), 4);
        for request in &received {
            let (head, body) = request.split_once("\r\n\r\n").unwrap();
            assert!(head.starts_with("POST /hook?x=1 HTTP/1.1\r\n"), "{head}");
            let header =
                |name: &str| head.split(&format!("{name}: ")).nth(1).unwrap().split("\r\n").next().unwrap();
            let moment: i64 = header("X-Gongkai-Timestamp").parse().unwrap();
            assert_eq!(header("X-Gongkai-Signature"), signature(&hook.secret, moment, body));
            assert_eq!(header("X-Gongkai-Delivery"), told[0].id);
            assert!(body.contains("缴费通知") && body.contains("songxi/2026-00002"), "{body}");
        }
        let mut tx = test.db.begin(&town.officer.actor(), at).await.unwrap();
        webhooks::stop(&mut tx, &town.officer, &hook.id).await.unwrap();
        tx.commit().await.unwrap();
        publish(&town, "停用以后的").await;
        run_due(&shop, at).await.unwrap();
        assert_eq!(deliveries(&mut test.db.read().await.unwrap(), &hook.id, 10).await.unwrap().len(), 1);
    }
}

#[test]
fn signatures_are_those_of_the_standard() {
    // RFC 4231, test case 2, with the moment in front as we send it.
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"Jefe").unwrap();
    mac.update(b"what do ya want for nothing?");
    let known = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assert_eq!(hex::encode(mac.finalize().into_bytes()), known);
    assert_ne!(signature("a", 1, "x"), signature("a", 2, "x"));
    assert_ne!(signature("a", 1, "x"), signature("b", 1, "x"));
    assert!(signature("a", 1, "x").starts_with("v1=") && signature("a", 1, "x").len() == 67);
}

#[test]
fn nothing_is_sent_to_inner_networks() {
    for inner in [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "198.18.0.1",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2002:a00:1::",
        "2001:db8::1",
        "2001:0:1::",
    ] {
        assert!(!is_public(inner.parse::<IpAddr>().unwrap()), "{inner}");
    }
    for public in ["8.8.8.8", "114.114.114.114", "2400:3200::1", "64:ff9b::808:808", "::ffff:8.8.8.8"] {
        assert!(is_public(public.parse::<IpAddr>().unwrap()), "{public}");
    }
    let outgoing = Outgoing::default();
    for (url, refusal) in [
        ("", R::UrlUnreadable),
        ("ftp://a.example/x", R::UrlUnreadable),
        ("javascript:alert(1)", R::UrlUnreadable),
        ("http://data.example.cn/", R::UrlNotSecure),
        ("https://u:p@data.example.cn/", R::UrlWithPassword),
        ("https://127.0.0.1/", R::UrlPrivate),
        ("https://2130706433/", R::UrlPrivate),
        ("https://0x7f.1/", R::UrlPrivate),
        ("https://[::1]/", R::UrlPrivate),
        ("https://[::ffff:10.0.0.1]/", R::UrlPrivate),
        ("https://localhost:8443/", R::UrlPrivate),
        ("https://db.local/", R::UrlPrivate),
        ("https://intranet/", R::UrlPrivate),
    ] {
        assert_eq!(outgoing.check(url), Err(refusal), "{url}");
    }
    assert!(outgoing.check("https://data.qinghe.example/hooks?x=1").is_ok());
    assert!(inner().check("http://10.0.0.7:8000/").is_ok());
}
