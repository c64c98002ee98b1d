//! What came new: the entries that changed between two positions of the log, searched as everything else is.

use super::follow::{BATCH, concerned, put_one};
use super::index::Index;
use super::lexicon::Lexicon;
use super::reader::Reader;
use super::store::{self, Row};
use super::{Query, typed};
use crate::audit;
use crate::db::Conn;

pub struct News {
    reader: Reader,
    lexicon: Lexicon,
}

impl News {
    pub async fn since(conn: &mut Conn, position: i64, head: i64) -> anyhow::Result<News> {
        let mut index = Index::in_memory()?;
        let mut at = position;
        while at < head {
            let changes = audit::changes_after(conn, at, BATCH).await?;
            let Some(last) = changes.last() else { break };
            at = last.seq;
            let of_entries: Vec<_> =
                changes.into_iter().filter(|change| change.room == "publishing").collect();
            for id in concerned(conn, &of_entries).await? {
                put_one(conn, &mut index, &id).await?;
            }
        }
        index.commit(head, "")?;
        let (agencies, lines) = store::names(conn).await?;
        Ok(News { reader: index.reader()?, lexicon: Lexicon::new(&agencies, &lines) })
    }

    /// How many, and the first of them as they are public now.
    pub async fn find(&self, conn: &mut Conn, query: &Query) -> anyhow::Result<(u64, Vec<Row>)> {
        let agencies = match &query.within {
            Some(code) => Some(store::codes_below(conn, code).await?),
            None => None,
        };
        let terms = typed::terms(&query.text);
        let raw = self.reader.find(query, agencies.as_deref(), &terms, &self.lexicon)?;
        Ok((raw.total, store::public_rows(conn, &raw.ids).await?.rows))
    }
}
