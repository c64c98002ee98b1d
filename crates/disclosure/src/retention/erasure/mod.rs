//! 销毁一件申请 — everything that says who asked and what they wrote, and every word that others wrote about it. What stays
//! is what the annual report counts and what proves that the request was handled: numbers, days, decision, hashes, who
//! signed when. Why words are readable until then: `docs/decisions/0009`.

mod store;
#[cfg(test)]
mod tests;

use super::DestructionItem;
use crate::db::Tx;
use crate::files::FileStore;

/// Takes the words out and removes the files, and looks for these again; returns how many files there were.
///
/// Files go before the change is committed: a run that was interrupted is done again.
pub(super) async fn erase(tx: &mut Tx, files: &FileStore, request_id: &str) -> anyhow::Result<usize> {
    // Before the words, for these say which files are meant.
    let (sealed, kept) =
        (store::sealed_files(tx.conn(), request_id).await?, store::own_files(tx.conn(), request_id).await?);
    store::erase_words(tx.conn(), request_id).await?;
    for id in &sealed {
        files.remove_sealed(id).await?;
        anyhow::ensure!(!files.has_sealed(id).await?, "file {id} is still there");
    }
    for sha256 in &kept {
        store::forget_text(tx.conn(), sha256).await?;
        files.remove(sha256).await?;
        anyhow::ensure!(!files.has(sha256).await?, "file {sha256} is still there");
    }
    Ok(sealed.len() + kept.len())
}

/// 销毁一件投诉举报或者来信 — who wrote and what; number, days, kind and outcome stay, as they are counted.
pub(super) async fn erase_letter(tx: &mut Tx, item: &DestructionItem) -> anyhow::Result<usize> {
    store::erase_letter(tx.conn(), item.matter, &item.id).await?;
    Ok(0)
}
