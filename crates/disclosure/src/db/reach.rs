//! 门户的范围 — connections that read what belongs to one agency and those below it, and nothing else.
//!
//! On such a connection every `public_*` view, and every table that a visitor's own number opens, is hidden behind a
//! temporary view of the same name that holds the agency's rows alone. The queries stay as they are: there is no filter
//! to forget. A connection whose views could not be made is not handed out.

use sqlx::{AssertSqlSafe, Executor};

use super::{Conn, Engine};

/// Where the agency of a row stands.
#[derive(Clone, Copy)]
enum Owner {
    /// In a column of ids.
    Id(&'static str),
    /// In a column of codes.
    Code(&'static str),
    /// With these entries, every one of them.
    Entries(&'static [&'static str]),
    /// With the entry of this edition.
    Edition(&'static str),
}

/// What is hidden, and whose its rows are.
const NARROWED: [(&str, Owner); 20] = [
    ("agencies", Owner::Id("id")),
    ("requests", Owner::Id("agency_id")),
    ("grievances", Owner::Id("agency_id")),
    ("interaction_cases", Owner::Id("agency_id")),
    ("public_agencies", Owner::Id("id")),
    ("public_entries", Owner::Id("agency_id")),
    ("public_withdrawn_entries", Owner::Code("agency_code")),
    ("public_editions", Owner::Entries(&["entry_id"])),
    ("public_sign_offs", Owner::Edition("edition_id")),
    ("public_emergencies", Owner::Edition("edition_id")),
    ("public_attachments", Owner::Entries(&["entry_id"])),
    ("public_attachment_texts", Owner::Entries(&["entry_id"])),
    ("public_report_editions", Owner::Id("agency_id")),
    ("public_normative_documents", Owner::Code("agency_code")),
    ("public_interpretations", Owner::Entries(&["document_id", "entry_id"])),
    ("public_publicity_periods", Owner::Entries(&["entry_id"])),
    ("public_gazette_issues", Owner::Code("agency_code")),
    ("public_gazette_items", Owner::Entries(&["entry_id"])),
    ("public_catalogue_lines", Owner::Id("agency_id")),
    ("public_disclosure_log", Owner::Code("agency_code")),
];

impl Owner {
    /// The condition on a row `t`; `own` is where the tables themselves stand.
    fn condition(self, own: &str) -> String {
        let entry = |column: &str| {
            format!(
                "EXISTS (SELECT 1 FROM {own}entries e WHERE e.id = t.{column} \
                 AND e.agency_id IN (SELECT id FROM portal_agencies))"
            )
        };
        match self {
            Owner::Id(column) => format!("t.{column} IN (SELECT id FROM portal_agencies)"),
            Owner::Code(column) => format!("t.{column} IN (SELECT code FROM portal_agencies)"),
            Owner::Entries(columns) => {
                columns.iter().map(|column| entry(column)).collect::<Vec<_>>().join(" AND ")
            }
            Owner::Edition(column) => format!(
                "EXISTS (SELECT 1 FROM {own}editions d JOIN {own}entries e ON e.id = d.entry_id \
                 WHERE d.id = t.{column} AND e.agency_id IN (SELECT id FROM portal_agencies))"
            ),
        }
    }
}

/// Narrows a new connection, for as long as it lives. Which agencies are below is looked up each time, so one that is
/// added belongs at once.
pub(super) async fn narrow(conn: &mut Conn, engine: Engine, agency_code: &str) -> sqlx::Result<()> {
    let own = engine.own_schema();
    if engine == Engine::Sqlite {
        conn.execute("PRAGMA temp_store = MEMORY").await?;
    }
    conn.execute("CREATE TEMPORARY TABLE portal_root (code TEXT NOT NULL)").await?;
    sqlx::query("INSERT INTO portal_root (code) VALUES ($1)").bind(agency_code).execute(&mut *conn).await?;
    let below = format!(
        "CREATE TEMPORARY VIEW portal_agencies AS WITH RECURSIVE below (id, code) AS \
         (SELECT a.id, a.code FROM {own}agencies a JOIN portal_root r ON r.code = a.code \
          UNION SELECT a.id, a.code FROM {own}agencies a JOIN below b ON a.parent_id = b.id) \
         SELECT id, code FROM below"
    );
    conn.execute(sqlx::raw_sql(AssertSqlSafe(below))).await?;
    for (name, owner) in NARROWED {
        let view = format!(
            "CREATE TEMPORARY VIEW {name} AS SELECT t.* FROM {own}{name} t WHERE {}",
            owner.condition(own)
        );
        conn.execute(sqlx::raw_sql(AssertSqlSafe(view))).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::AgencyKind;
    use crate::db::testing::databases;
    use crate::publishing::public;
    use crate::testing::{complete_draft, office, signed_by_all, submitted};

    const MIGRATION: &str = include_str!("../../migrations/0001_foundation.sql");

    #[test]
    fn every_view_of_the_public_is_narrowed() {
        let views = MIGRATION.lines().filter_map(|line| {
            let rest = line.strip_prefix("CREATE VIEW public_")?;
            Some(format!("public_{}", rest.split(' ').next()?))
        });
        let mut count = 0;
        for view in views {
            assert!(NARROWED.iter().any(|(name, _)| *name == view), "{view} would show every agency's rows");
            count += 1;
        }
        assert!(count > 10, "{count}");
    }

    #[tokio::test]
    async fn a_portal_reads_its_agency_and_those_below_it() {
        for test in databases().await {
            let mut numbers = Vec::new();
            for (code, kind) in [("songxi", AgencyKind::Town), ("bailu", AgencyKind::Town)] {
                let office = office(&test.db, code, kind).await;
                let (_, review) = submitted(&test.db, &office, &complete_draft(code)).await;
                signed_by_all(&test.db, &office, &review).await;
                numbers.push(office.agency.id);
            }
            let titles = async |db: &crate::db::Db| {
                let lines = public::newest(&mut db.read().await.unwrap(), 10).await.unwrap();
                let mut titles: Vec<String> = lines.into_iter().map(|line| line.title).collect();
                titles.sort();
                titles
            };
            let songxi = test.db.within("songxi");
            assert_eq!(songxi.agency(), Some("songxi"));
            assert_eq!(titles(&songxi).await, ["songxi"]);
            assert_eq!(titles(&test.db).await, ["bailu", "songxi"]);
            assert_eq!(titles(&songxi.whole()).await, ["bailu", "songxi"]);
            assert!(titles(&test.db.within("nobody")).await.is_empty());
            assert!(titles(&test.db.within("x' OR '1' = '1")).await.is_empty());

            // One that comes to stand below belongs at once, on connections that are open already.
            let mut tx =
                test.db.begin(&crate::audit::Actor::Program("test"), crate::testing::monday()).await.unwrap();
            sqlx::query("UPDATE agencies SET parent_id = $1 WHERE id = $2")
                .bind(&numbers[0])
                .bind(&numbers[1])
                .execute(tx.conn())
                .await
                .unwrap();
            tx.record(crate::audit::Act::new(
                "accounts",
                "agency_added",
                "",
                &numbers[1],
                serde_json::json!({}),
            ));
            tx.commit().await.unwrap();
            assert_eq!(titles(&songxi).await, ["bailu", "songxi"]);
            assert_eq!(titles(&test.db.within("bailu")).await, ["bailu"]);
        }
    }
}
