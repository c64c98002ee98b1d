//! 附件存储 — bytes kept once, under their SHA-256, in a folder or an object store (OpenDAL).
//!
//! A file comes in as a stream, is hashed on the way, and is kept only when its content is what its name
//! says. What is kept is never changed; rows of `files` and attachments refer to it by hash.

pub mod cleaning;
mod kind;
mod name;
mod refusal;
mod sealed;
mod store;
#[cfg(test)]
mod tests;
mod text;

use opendal::services::Fs;
use opendal::{FuturesBytesStream, Operator, Writer};
use sha2::{Digest, Sha256};

pub use cleaning::{Hidden, HiddenKind};
pub use kind::FileKind;
pub(crate) use name::sanitised;
pub use refusal::FileRefusal;
pub use store::removed_from;
pub(crate) use store::{note, note_prepared};
pub use text::{FileText, Passage, text_of};

use crate::error::{Failure, Result, refuse};
use cleaning::Cleaned;
use kind::TextCheck;

/// Files up to this size, unless configured otherwise.
pub const DEFAULT_LIMIT: u64 = 50 * 1024 * 1024;

/// Enough to know a file by its first bytes.
const HEAD: usize = 16;

/// Where the bytes are; cheap to clone.
#[derive(Clone, Debug)]
pub struct FileStore {
    operator: Operator,
    limit: u64,
}

/// A file that is kept, and the name it came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    pub sha256: String,
    pub size: i64,
    pub media_type: String,
    /// Safe to offer for download.
    pub name: String,
}

impl FileStore {
    /// Keeps files under a folder, made when missing. `limit` is the largest size in bytes.
    pub fn in_folder(folder: &std::path::Path, limit: u64) -> anyhow::Result<FileStore> {
        let operator = Operator::new(Fs::default().root(&folder.to_string_lossy()))?;
        Ok(FileStore { operator, limit })
    }

    /// The largest size in bytes.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Begins to take a file in; write its bytes, then finish.
    pub async fn receive(&self, name: &str) -> Result<Incoming, FileRefusal> {
        let Some(name) = name::sanitised(name) else { return refuse(FileRefusal::NameMissing) };
        let path = format!("incoming/{}", crate::secrets::session_token());
        let writer = self.operator.writer(&path).await.map_err(anyhow::Error::from)?;
        Ok(Incoming {
            store: self.clone(),
            name,
            path,
            writer,
            hash: Sha256::new(),
            size: 0,
            head: Vec::with_capacity(HEAD),
            text: TextCheck::default(),
        })
    }

    /// Keeps bytes that are at hand.
    pub async fn keep(&self, name: &str, bytes: &[u8]) -> Result<StoredFile, FileRefusal> {
        let mut incoming = self.receive(name).await?;
        if let Err(failure) = incoming.write(bytes.to_vec()).await {
            incoming.discard().await;
            return Err(failure);
        }
        incoming.finish().await
    }

    /// The bytes of a kept file, as a stream.
    pub async fn stream(&self, sha256: &str) -> anyhow::Result<FuturesBytesStream> {
        let reader = self.operator.reader(&path_of(sha256)?).await?;
        Ok(reader.into_bytes_stream(..).await?)
    }

    /// Removes the bytes of a kept file; that they are gone already is fine.
    pub(crate) async fn remove(&self, sha256: &str) -> anyhow::Result<()> {
        self.operator.delete(&path_of(sha256)?).await?;
        Ok(())
    }

    /// Whether there are bytes under this hash.
    pub(crate) async fn has(&self, sha256: &str) -> anyhow::Result<bool> {
        Ok(self.operator.exists(&path_of(sha256)?).await?)
    }

    /// All bytes of a kept file, proved to be the ones that were kept.
    pub async fn bytes(&self, sha256: &str) -> anyhow::Result<Vec<u8>> {
        let bytes = self.operator.read(&path_of(sha256)?).await?.to_vec();
        let found = hex::encode(Sha256::digest(&bytes));
        anyhow::ensure!(found == sha256, "file {sha256} now has the bytes of {found}");
        Ok(bytes)
    }
}

impl FileStore {
    /// Makes a kept file ready to go out: what is hidden in it is removed and its text read. The original stays where
    /// it is, and no address leads to it.
    ///
    /// # Errors
    /// Something is hidden in it that cannot be removed here.
    pub async fn prepare(&self, file: StoredFile) -> Result<Prepared, FileRefusal> {
        let Some(kind) = FileKind::of_media_type(&file.media_type) else {
            return Ok(Prepared { file, text: FileText::default(), sealed: None });
        };
        let bytes = self.bytes(&file.sha256).await?;
        let (cleaned, bytes) = tokio::task::spawn_blocking(move || (cleaning::clean(kind, &bytes), bytes))
            .await
            .map_err(anyhow::Error::from)?;
        let (file, bytes, sealed) = match cleaned {
            Cleaned::Untouched => (file, bytes, None),
            Cleaned::Refused(words) => return refuse(FileRefusal::Hides { name: file.name, words }),
            Cleaned::Changed { bytes, removed } => {
                let clean = self.keep(&file.name, &bytes).await?;
                (clean, bytes, Some(Sealed { original: file, removed }))
            }
        };
        let text =
            tokio::task::spawn_blocking(move || text_of(kind, &bytes)).await.map_err(anyhow::Error::from)?;
        Ok(Prepared { file, text, sealed })
    }
}

/// A file that is ready to go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    pub file: StoredFile,
    pub text: FileText,
    /// When something was removed from it.
    pub sealed: Option<Sealed>,
}

/// 原件 — the file as it came, and what it hid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub original: StoredFile,
    pub removed: Vec<Hidden>,
}

fn path_of(sha256: &str) -> anyhow::Result<String> {
    anyhow::ensure!(
        sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit()),
        "no hash: {sha256:?}"
    );
    Ok(format!("{}/{sha256}", &sha256[..2]))
}

/// A file on its way in. When it is neither finished nor discarded, its bytes stay under `incoming/` and no
/// row knows them.
pub struct Incoming {
    store: FileStore,
    name: String,
    path: String,
    writer: Writer,
    hash: Sha256,
    size: u64,
    head: Vec<u8>,
    text: TextCheck,
}

impl Incoming {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// The file is larger than allowed.
    pub async fn write(&mut self, chunk: impl Into<Vec<u8>>) -> Result<(), FileRefusal> {
        let chunk = chunk.into();
        self.size += chunk.len() as u64;
        if self.size > self.store.limit {
            return refuse(FileRefusal::TooLarge { limit: self.store.limit });
        }
        self.hash.update(&chunk);
        let missing = HEAD.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(&chunk[..missing]);
        self.text.look_at(&chunk);
        self.writer.write(chunk).await.map_err(anyhow::Error::from)?;
        Ok(())
    }

    /// Keeps the file when its content is what its name says.
    pub async fn finish(mut self) -> Result<StoredFile, FileRefusal> {
        self.writer.close().await.map_err(anyhow::Error::from)?;
        match self.examined().await {
            Ok(kind) => {
                let sha256 = hex::encode(self.hash.finalize());
                let operator = &self.store.operator;
                let path = path_of(&sha256)?;
                if operator.exists(&path).await.map_err(anyhow::Error::from)? {
                    operator.delete(&self.path).await.map_err(anyhow::Error::from)?;
                } else {
                    operator.rename(&self.path, &path).await.map_err(anyhow::Error::from)?;
                }
                let size = i64::try_from(self.size).map_err(anyhow::Error::from)?;
                Ok(StoredFile { sha256, size, media_type: kind.media_type().to_owned(), name: self.name })
            }
            Err(failure) => {
                self.discard_closed().await;
                Err(failure)
            }
        }
    }

    /// Forgets what came in so far.
    pub async fn discard(mut self) {
        let _ = self.writer.abort().await;
        let _ = self.writer.close().await;
        self.discard_closed().await;
    }

    async fn discard_closed(&self) {
        if let Err(error) = self.store.operator.delete(&self.path).await {
            tracing::warn!(%error, path = self.path, "an unfinished upload could not be removed");
        }
    }

    async fn examined(&self) -> std::result::Result<FileKind, Failure<FileRefusal>> {
        if self.size == 0 {
            return refuse(FileRefusal::Empty);
        }
        let Some(named) = FileKind::of_name(&self.name) else {
            return refuse(FileRefusal::KindNotAllowed { name: self.name.clone() });
        };
        let found = if kind::is_zip(&self.head) {
            let operator = &self.store.operator;
            let members = kind::zip_members(operator, &self.path, self.size).await?;
            let Some(members) = members else {
                return refuse(FileRefusal::Damaged { name: self.name.clone() });
            };
            if members.iter().any(|member| member.ends_with("vbaProject.bin")) {
                return refuse(FileRefusal::HasMacros);
            }
            Some(FileKind::of_zip(&members))
        } else {
            FileKind::of_head(&self.head).or_else(|| self.text.is_text().then_some(FileKind::Text))
        };
        // A document is also an archive; offering it as one is honest.
        let fits =
            found == Some(named) || (named == FileKind::Zip && found.is_some_and(FileKind::is_archive));
        match found {
            Some(_) if fits => Ok(named),
            found => refuse(FileRefusal::NotWhatItSays { name: self.name.clone(), named, found }),
        }
    }
}
