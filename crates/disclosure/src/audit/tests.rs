use jiff::Timestamp;
use serde_json::json;

use super::{Act, Actor, Fault, Verdict, verify};
use crate::db::testing;

async fn three_changes(db: &crate::db::Db) {
    for n in 1..=3 {
        let mut tx = db.begin(&Actor::Program("test"), Timestamp::UNIX_EPOCH).await.unwrap();
        tx.record(Act::new("catalogue", "line_added", "a", &format!("l{n}"), json!({"n": n})));
        assert_eq!(tx.commit().await.unwrap(), n);
    }
}

async fn verdict_after(sql: &'static str) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for test in testing::databases().await {
        three_changes(&test.db).await;
        let mut tx = test.db.begin(&Actor::Program("test"), Timestamp::UNIX_EPOCH).await.unwrap();
        for statement in sql.split(';').filter(|s| !s.trim().is_empty()) {
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(tx.conn()).await.unwrap();
        }
        verdicts.push(verify(tx.conn()).await.unwrap());
    }
    verdicts
}

#[tokio::test]
async fn an_untouched_chain_is_whole() {
    for verdict in verdict_after("").await {
        assert!(matches!(verdict, Verdict::Whole { links: 3, .. }), "{verdict:?}");
    }
}

#[tokio::test]
async fn an_altered_row_is_named() {
    for verdict in verdict_after("UPDATE audit_log SET detail = '{}' WHERE seq = 2").await {
        assert_eq!(verdict, Verdict::Broken { seq: 2, fault: Fault::Altered });
    }
}

#[tokio::test]
async fn a_removed_row_is_named() {
    for verdict in verdict_after("DELETE FROM audit_log WHERE seq = 2").await {
        assert_eq!(verdict, Verdict::Broken { seq: 2, fault: Fault::Missing });
    }
}

#[tokio::test]
async fn a_cut_tail_is_seen() {
    for verdict in verdict_after("DELETE FROM audit_log WHERE seq = 3").await {
        assert_eq!(verdict, Verdict::Broken { seq: 3, fault: Fault::TailCut });
    }
}

#[tokio::test]
async fn a_row_whose_hash_was_made_anew_breaks_the_next_link() {
    for test in testing::databases().await {
        three_changes(&test.db).await;
        let mut tx = test.db.begin(&Actor::Program("test"), Timestamp::UNIX_EPOCH).await.unwrap();
        let mut link = super::store::after(tx.conn(), 1, 1).await.unwrap().remove(0);
        link.detail = "{\"n\":9}".into();
        let hash = link.computed_hash();
        sqlx::query("UPDATE audit_log SET detail = $1, hash = $2 WHERE seq = 2")
            .bind(&link.detail)
            .bind(&hash)
            .execute(tx.conn())
            .await
            .unwrap();
        assert_eq!(verify(tx.conn()).await.unwrap(), Verdict::Broken { seq: 3, fault: Fault::Unlinked });
    }
}

#[tokio::test]
async fn a_change_without_a_record_is_undone() {
    for test in testing::databases().await {
        let mut tx = test.db.begin(&Actor::Program("test"), Timestamp::UNIX_EPOCH).await.unwrap();
        tx.next_number("x").await.unwrap();
        assert!(tx.commit().await.is_err());
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM counters")
            .fetch_one(&mut *test.db.read().await.unwrap())
            .await
            .unwrap();
        assert_eq!(count, 0);
    }
}

#[tokio::test]
async fn two_writers_append_one_after_the_other() {
    for test in testing::databases().await {
        let writers = (0..20).map(|n| {
            let db = test.db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin(&Actor::Program("test"), Timestamp::UNIX_EPOCH).await.unwrap();
                tx.record(Act::new("jobs", "ran", "", &n.to_string(), json!({})));
                tx.commit().await.unwrap()
            })
        });
        let mut positions = Vec::new();
        for writer in writers.collect::<Vec<_>>() {
            positions.push(writer.await.unwrap());
        }
        positions.sort_unstable();
        assert_eq!(positions, (1..=20).collect::<Vec<i64>>());
        let verdict = verify(&mut test.db.read().await.unwrap()).await.unwrap();
        assert!(matches!(verdict, Verdict::Whole { links: 20, .. }), "{verdict:?}");
    }
}
