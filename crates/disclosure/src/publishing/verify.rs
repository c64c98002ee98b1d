//! Whether what the public sees is still what was signed: triggers know no SHA-256, so someone has to look.

use super::{content_hash, store};
use crate::db::Conn;
use crate::files::FileStore;

/// A live edition that differs from what was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Altered {
    pub entry_id: String,
    pub title: String,
    pub what: Difference,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A field, or the list of attachments.
    Content,
    /// The bytes of this attachment are others, or gone.
    Attachment(String),
}

/// What looking at everything live gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    pub editions: u64,
    pub attachments: u64,
    pub altered: Vec<Altered>,
}

/// Recomputes the hash of every live edition; with `files`, of every attachment's bytes as well.
pub async fn live_editions(conn: &mut Conn, files: Option<&FileStore>) -> anyhow::Result<Verified> {
    const PAGE: i64 = 500;
    let mut verified = Verified::default();
    let mut after = String::new();
    loop {
        let page = store::live_after(conn, &after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(verified) };
        after.clone_from(last);
        for (edition_id, signed_hash) in &page {
            let Some(edition) = store::edition(conn, edition_id).await? else { continue };
            let attachments = store::attachments(conn, edition_id).await?;
            verified.editions += 1;
            let mut differences = Vec::new();
            if content_hash(&edition, &attachments) != *signed_hash {
                differences.push(Difference::Content);
            }
            if let Some(files) = files {
                for attachment in &attachments {
                    verified.attachments += 1;
                    if files.bytes(&attachment.file_sha256).await.is_err() {
                        differences.push(Difference::Attachment(attachment.name.clone()));
                    }
                }
            }
            verified.altered.extend(differences.into_iter().map(|what| Altered {
                entry_id: edition.entry_id.clone(),
                title: edition.title.clone(),
                what,
            }));
        }
    }
}
