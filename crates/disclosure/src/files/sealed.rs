//! Sealed files: ciphertext under an id. What is in them and who may open them is the business of the room that sealed
//! them.

use super::FileStore;

impl FileStore {
    /// Keeps sealed bytes; on disk when this returns.
    pub(crate) async fn put_sealed(&self, id: &str, bytes: Vec<u8>) -> anyhow::Result<()> {
        self.operator.write(&path_of(id)?, bytes).await?;
        Ok(())
    }

    pub(crate) async fn sealed(&self, id: &str) -> anyhow::Result<Vec<u8>> {
        Ok(self.operator.read(&path_of(id)?).await?.to_vec())
    }

    /// Removes sealed bytes; that they are gone already is fine.
    pub(crate) async fn remove_sealed(&self, id: &str) -> anyhow::Result<()> {
        self.operator.delete(&path_of(id)?).await?;
        Ok(())
    }

    /// Whether there is anything under this id.
    pub(crate) async fn has_sealed(&self, id: &str) -> anyhow::Result<bool> {
        Ok(self.operator.exists(&path_of(id)?).await?)
    }
}

/// Ids sort by time; their ends spread them over folders.
fn path_of(id: &str) -> anyhow::Result<String> {
    let is_id = id.len() == 36 && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    anyhow::ensure!(is_id, "no id: {id:?}");
    Ok(format!("sealed/{}/{id}", &id[34..]))
}
