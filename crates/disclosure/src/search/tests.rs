use jiff::Timestamp;

use super::index::Index;
use super::store::Row;
use super::{Query, Search, text};
use crate::audit::{Act, Actor};
use crate::db::testing;

fn row(id: &str, title: &str, body: &str) -> Row {
    Row {
        id: id.into(),
        index_number: format!("sx/2026-{id}"),
        agency_code: "sx".into(),
        category: "ogi20.1".into(),
        title: title.into(),
        body_html: body.into(),
        document_number: Some("青政办发〔2026〕12号".into()),
        made_on: "2026-03-01".into(),
        ..Row::default()
    }
}

fn found(rows: &[Row], typed: &str) -> Vec<String> {
    let (mut index, _) = Index::open(None).unwrap();
    for row in rows {
        index.put(row).unwrap();
    }
    index.commit(1, "one").unwrap();
    let reader = index.reader().unwrap();
    reader.find(&Query { text: typed.into(), limit: 20, ..Query::default() }).unwrap().ids
}

#[test]
fn any_two_characters_that_stand_together_are_found() {
    let rows = [row("00001", "农村危房改造补助资金管理办法", "<p>补助标准按照房屋危险等级确定。</p>")];
    for typed in [
        "危房",
        "房改",
        "造补",
        "危险等级",
        "助标",
        "办",
        "危房 标准",
        "〔2026〕",
        "[2026]12号",
        "（2026）12",
        "SX/2026",
    ] {
        assert_eq!(found(&rows, typed), ["00001"], "{typed}");
    }
    for typed in ["房危", "标准 没有", "<p>", "确定。没"] {
        assert!(found(&rows, typed).is_empty(), "{typed}");
    }
}

#[test]
fn a_title_ranks_above_a_text() {
    let rows = [
        row("00001", "关于印发安全生产要点的通知", "<p>落实养老服务补贴。</p>"),
        row("00002", "养老服务补贴发放办法", "<p>自发布之日起施行。</p>"),
    ];
    assert_eq!(found(&rows, "养老服务补贴"), ["00002", "00001"]);
}

#[test]
fn an_index_remembers_its_position_and_a_removed_row_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    {
        let (mut index, position) = Index::open(Some(folder.path())).unwrap();
        assert_eq!(position, 0);
        index.put(&row("00001", "养老服务", "")).unwrap();
        index.put(&row("00002", "养老保险", "")).unwrap();
        index.commit(7, "seven").unwrap();
        index.remove("00001");
        index.commit(9, "nine").unwrap();
    }
    let (index, position) = Index::open(Some(folder.path())).unwrap();
    assert_eq!(position, 9);
    assert_eq!(index.mark, Some((9, "nine".to_owned())));
    let raw =
        index.reader().unwrap().find(&Query { text: "养老".into(), limit: 5, ..Query::default() }).unwrap();
    assert_eq!((raw.total, raw.ids), (1, vec!["00002".to_owned()]));
    assert_eq!(raw.years.iter().map(|y| (y.code.as_str(), y.hits)).collect::<Vec<_>>(), [("2026", 1)]);
}

#[test]
fn an_extract_stands_around_the_first_hit() {
    let long = format!("{}养老服务{}", "前".repeat(200), "后".repeat(200));
    let pieces = text::extract(&long, &text::terms("养老服务"));
    let hit = pieces.iter().find(|p| p.is_hit).unwrap();
    assert_eq!(hit.text, "养老服务");
    assert!(pieces[0].text.starts_with('…') && pieces.last().unwrap().text.ends_with('…'));
}

#[test]
fn hostile_text_is_only_text() {
    assert_eq!(text::plain("a<script>alert(1)</script>&lt;b&gt; &amp;amp;"), "a alert(1) <b> &amp;");
    assert_eq!(text::plain("<"), "");
    for typed in ["(", "[a-", "\\", "*", "....", "\"", &"长".repeat(5_000)] {
        found(&[row("00001", "标题", "正文")], typed);
    }
}

/// A ledger of three links that say nothing of entries.
async fn ledger(name: &'static str) -> testing::TestDb {
    let test = testing::sqlite().await;
    let mut tx = test.db.begin(&Actor::Program(name), Timestamp::UNIX_EPOCH).await.unwrap();
    for n in 1..=3 {
        tx.record(Act::new("accounts", "test", "", &n.to_string(), serde_json::json!({})));
    }
    tx.commit().await.unwrap();
    test
}

#[tokio::test]
async fn an_index_of_another_ledger_is_built_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (own, other) = (ledger("own").await, ledger("other").await);
    let hash = super::hash_at(&mut own.db.read().await.unwrap(), 2).await.unwrap();
    let (mut index, _) = Index::open(Some(folder.path())).unwrap();
    index.put(&row("00001", "养老服务", "")).unwrap();
    index.commit(2, &hash).unwrap();
    drop(index);
    let query = Query { text: "养老".into(), limit: 5, ..Query::default() };
    for (test, expected) in [(&own, 1), (&other, 0)] {
        let search = Search::open(Some(folder.path())).unwrap();
        assert_eq!(search.follow(&test.db).await.unwrap(), 3);
        assert_eq!(search.reader.find(&query).unwrap().total, expected);
    }
}
