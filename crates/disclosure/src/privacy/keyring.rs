//! 密钥 — what personal data is sealed with, kept in a file of its own beside the settings.
//!
//! The file holds any number of sealing keys, one of them in use, and one key for matching. Every sealed value begins
//! with the id of its key, so that keys can be changed while old values are still readable. Losing the file loses the
//! values: it belongs into the backup, apart from the database.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::secrets;

const NONCE: usize = 24;
/// Before the ciphertext of a file: a mark, then the id of the key.
const MARK: &[u8] = b"GKS1";
const ID: usize = 9;

/// Why a value could not be sealed or opened, in words an operator can act on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error(
        "没有密钥文件，个人信息不能加密保存也不能打开。请核对设置 privacy.key_file，或从备份恢复密钥文件。"
    )]
    Absent,
    #[error("密钥文件 {path} 读不出（{cause}）。请核对路径和权限，或从备份恢复。")]
    Unreadable { path: String, cause: String },
    #[error("密钥文件 {0} 的内容有误，请从备份恢复。")]
    Malformed(String),
    #[error("密钥文件 {path} 写不了（{cause}）。请核对目录的权限和磁盘空间。")]
    Unwritable { path: String, cause: String },
    #[error("密钥文件里没有密钥 {0}，用它加密的个人信息打不开。请从备份恢复那时的密钥文件。")]
    Unknown(String),
    #[error("个人信息的密文与记录不符，可能被改动或者移动过。请用备份比对。")]
    Forged,
}

/// The keys of an installation; cheap to clone.
#[derive(Clone)]
pub struct Keyring(Arc<Inner>);

struct Inner {
    /// `None`: in memory only.
    path: Option<PathBuf>,
    held: RwLock<Option<Held>>,
}

/// The keys, and how old the file was that they were read from.
#[derive(Clone)]
struct Held {
    ring: Ring,
    file_mark: Option<(SystemTime, u64)>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ring {
    /// The key new values are sealed with.
    active: String,
    /// For keyed hashes; it stays when sealing keys change.
    matching: String,
    keys: BTreeMap<String, String>,
}

impl Ring {
    fn new() -> Ring {
        let id = new_id();
        let keys = BTreeMap::from([(id.clone(), secrets::session_token())]);
        Ring { active: id, matching: secrets::session_token(), keys }
    }

    fn parsed(text: &str) -> Option<Ring> {
        let ring: Ring = toml::from_str(text).ok()?;
        let is_key = |text: &str| hex::decode(text).is_ok_and(|bytes| bytes.len() == 32);
        let is_good = ring.keys.contains_key(&ring.active)
            && is_key(&ring.matching)
            && ring.keys.iter().all(|(id, key)| id.len() == ID && id.is_ascii() && is_key(key));
        is_good.then_some(ring)
    }
}

/// Whether this is how a key is called.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == ID && text.starts_with('k') && text.bytes().skip(1).all(|byte| byte.is_ascii_alphanumeric())
}

/// `k` and eight digits: told apart at a glance, and never the same in two installations.
fn new_id() -> String {
    format!("k{}", &secrets::session_token()[..8])
}

impl Keyring {
    /// No keys at all: nothing can be sealed or opened.
    pub fn absent() -> Keyring {
        Keyring(Arc::new(Inner { path: None, held: RwLock::new(None) }))
    }

    /// New keys that are kept nowhere.
    pub fn in_memory() -> Keyring {
        let held = Held { ring: Ring::new(), file_mark: None };
        Keyring(Arc::new(Inner { path: None, held: RwLock::new(Some(held)) }))
    }

    /// The keys in a file.
    ///
    /// # Errors
    /// The file cannot be read, or holds something else.
    pub fn load(path: &Path) -> Result<Keyring, KeyError> {
        let held = read(path)?;
        Ok(Keyring(Arc::new(Inner { path: Some(path.to_owned()), held: RwLock::new(Some(held)) })))
    }

    /// New keys in a new file that only its owner reads. When another process has just made it, its keys are taken.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn create(path: &Path) -> Result<Keyring, KeyError> {
        match write_new(path, &Ring::new()) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unwritable(path, &error)),
        }
        Keyring::load(path)
    }

    fn with<T>(&self, act: impl FnOnce(&Ring) -> Result<T, KeyError>) -> Result<T, KeyError> {
        let held = self.0.held.read().unwrap_or_else(PoisonError::into_inner);
        act(&held.as_ref().ok_or(KeyError::Absent)?.ring)
    }

    /// The id of the key in use, then those of all keys.
    pub fn ids(&self) -> Result<(String, Vec<String>), KeyError> {
        self.with(|ring| Ok((ring.active.clone(), ring.keys.keys().cloned().collect())))
    }

    /// Adds a key and puts it to use; values sealed before stay readable.
    pub fn add_key(&self) -> Result<String, KeyError> {
        let id = new_id();
        self.change(|ring| {
            ring.keys.insert(id.clone(), secrets::session_token());
            ring.active.clone_from(&id);
        })?;
        Ok(id)
    }

    /// Forgets a key no value is sealed with any more; the one in use stays.
    pub fn forget_key(&self, id: &str) -> Result<(), KeyError> {
        self.change(|ring| {
            if ring.active != id {
                ring.keys.remove(id);
            }
        })
    }

    /// Changes the keys, on disk first.
    fn change(&self, act: impl FnOnce(&mut Ring)) -> Result<(), KeyError> {
        let mut held = self.0.held.write().unwrap_or_else(PoisonError::into_inner);
        let mut ring = held.clone().ok_or(KeyError::Absent)?.ring;
        act(&mut ring);
        let mut file_mark = None;
        if let Some(path) = &self.0.path {
            replace(path, &ring).map_err(|error| unwritable(path, &error))?;
            file_mark = mark_of(path);
        }
        *held = Some(Held { ring, file_mark });
        Ok(())
    }

    /// Seals a text for one place; opened elsewhere it is refused.
    pub fn seal_text(&self, place: &str, text: &str) -> Result<String, KeyError> {
        let (id, sealed) = self.sealed(place, text.as_bytes())?;
        Ok(format!("{id}:{}", hex::encode(sealed)))
    }

    pub fn open_text(&self, place: &str, sealed: &str) -> Result<String, KeyError> {
        let (id, sealed) = sealed.split_once(':').ok_or(KeyError::Forged)?;
        let bytes = self.opened(place, id, &hex::decode(sealed).map_err(|_| KeyError::Forged)?)?;
        String::from_utf8(bytes).map_err(|_| KeyError::Forged)
    }

    /// Seals the bytes of a file for one place.
    pub fn seal_bytes(&self, place: &str, bytes: &[u8]) -> Result<Vec<u8>, KeyError> {
        let (id, sealed) = self.sealed(place, bytes)?;
        Ok([MARK, id.as_bytes(), &sealed].concat())
    }

    pub fn open_bytes(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
        let rest = sealed.strip_prefix(MARK).filter(|rest| rest.len() > ID).ok_or(KeyError::Forged)?;
        let (id, sealed) = rest.split_at(ID);
        self.opened(place, std::str::from_utf8(id).map_err(|_| KeyError::Forged)?, sealed)
    }

    fn sealed(&self, place: &str, plain: &[u8]) -> Result<(String, Vec<u8>), KeyError> {
        // Nothing is sealed with a key that another process has replaced.
        if let Some(path) = &self.0.path {
            let known = {
                let held = self.0.held.read().unwrap_or_else(PoisonError::into_inner);
                held.as_ref().and_then(|held| held.file_mark)
            };
            if known.is_none() || known != mark_of(path) {
                self.read_again()?;
            }
        }
        self.with(|ring| Ok((ring.active.clone(), encrypted(&cipher(ring, &ring.active)?, place, plain)?)))
    }

    fn opened(&self, place: &str, id: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
        if self.with(|ring| Ok(!ring.keys.contains_key(id)))? {
            self.read_again()?;
        }
        self.with(|ring| decrypted(&cipher(ring, id)?, place, sealed))
    }

    /// Another process may have changed the keys meanwhile.
    fn read_again(&self) -> Result<(), KeyError> {
        if let Some(path) = &self.0.path {
            let read = read(path)?;
            *self.0.held.write().unwrap_or_else(PoisonError::into_inner) = Some(read);
        }
        Ok(())
    }

    /// A keyed hash: the same for the same value, and of no use to anyone without the key. Blanks and case do not count.
    pub fn matching(&self, what: &str, value: &str) -> Result<String, KeyError> {
        let plain: String = value.chars().filter(|c| !c.is_whitespace()).collect();
        Ok(hex::encode(self.hash(what, plain.to_uppercase().as_bytes())?))
    }

    /// A keyed hash of bytes, for what must be recognised later and cannot be guessed.
    pub fn hash(&self, what: &str, bytes: &[u8]) -> Result<[u8; 32], KeyError> {
        self.with(|ring| {
            let key = hex::decode(&ring.matching).map_err(|_| KeyError::Absent)?;
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| KeyError::Absent)?;
            mac.update(&(what.len() as u64).to_be_bytes());
            mac.update(what.as_bytes());
            mac.update(bytes);
            Ok(mac.finalize().into_bytes().into())
        })
    }
}

fn cipher(ring: &Ring, id: &str) -> Result<XChaCha20Poly1305, KeyError> {
    let key = ring.keys.get(id).ok_or_else(|| KeyError::Unknown(id.to_owned()))?;
    let key: [u8; 32] = hex::decode(key).ok().and_then(|key| key.try_into().ok()).ok_or(KeyError::Forged)?;
    Ok(XChaCha20Poly1305::new(&Key::from(key)))
}

/// A nonce of its own, then the ciphertext, bound to one place.
pub(super) fn encrypted(cipher: &XChaCha20Poly1305, place: &str, plain: &[u8]) -> Result<Vec<u8>, KeyError> {
    let nonce = secrets::random::<NONCE>();
    let payload = Payload { msg: plain, aad: place.as_bytes() };
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| KeyError::Forged)?;
    Ok([&nonce[..], &sealed].concat())
}

pub(super) fn decrypted(cipher: &XChaCha20Poly1305, place: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(KeyError::Forged)?;
    let payload = Payload { msg: sealed, aad: place.as_bytes() };
    cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| KeyError::Forged)
}

/// When the file was written, and its length: two writes may fall into one tick of the clock.
fn mark_of(path: &Path) -> Option<(SystemTime, u64)> {
    let file = std::fs::metadata(path).ok()?;
    Some((file.modified().ok()?, file.len()))
}

fn read(path: &Path) -> Result<Held, KeyError> {
    // The time first: a change after it is seen the next time.
    let file_mark = mark_of(path);
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| KeyError::Unreadable { path: shown.clone(), cause: error.to_string() })?;
    let ring = Ring::parsed(&text).ok_or(KeyError::Malformed(shown))?;
    Ok(Held { ring, file_mark })
}

fn unwritable(path: &Path, error: &std::io::Error) -> KeyError {
    KeyError::Unwritable { path: path.display().to_string(), cause: error.to_string() }
}

fn write_new(path: &Path, ring: &Ring) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let text = toml::to_string(ring).map_err(std::io::Error::other)?;
    file.write_all(HEAD.as_bytes())?;
    file.write_all(text.as_bytes())?;
    // Values sealed with a key that did not reach the disk would be lost.
    file.sync_all()
}

/// Puts the whole file in place at once.
fn replace(path: &Path, ring: &Ring) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    match std::fs::remove_file(&beside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    write_new(&beside, ring)?;
    std::fs::rename(&beside, path)?;
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

const HEAD: &str = "\
# 公开（Gongkai）加密个人信息的密钥。丢失后，申请人的证件号码、联系方式、证件材料和发出的文书再也打不开。
# 请与数据库分开备份，只让运行程序的用户读取，不要修改。更换密钥：gongkai keys rotate。
";

impl fmt::Debug for Keyring {
    /// Keys stand in no log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("path", &self.0.path).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_in_its_place_and_nowhere_else() {
        let keys = Keyring::in_memory();
        let sealed = keys.seal_text("requests/1", "990102199001011237").unwrap();
        assert!(!sealed.contains("990102"));
        assert_ne!(
            sealed,
            keys.seal_text("requests/1", "990102199001011237").unwrap(),
            "never twice the same"
        );
        assert_eq!(keys.open_text("requests/1", &sealed).unwrap(), "990102199001011237");
        assert_eq!(keys.open_text("requests/2", &sealed), Err(KeyError::Forged), "moved to another row");
        let mut altered = sealed.clone();
        altered.replace_range(altered.len() - 1.., if sealed.ends_with('0') { "1" } else { "0" });
        assert_eq!(keys.open_text("requests/1", &altered), Err(KeyError::Forged));
        let other = Keyring::in_memory();
        assert!(matches!(other.open_text("requests/1", &sealed), Err(KeyError::Unknown(_))));
        assert_eq!(Keyring::absent().seal_text("x", "y"), Err(KeyError::Absent));

        let file = keys.seal_bytes("file/1", b"\xff\xd8photo").unwrap();
        assert_eq!(keys.open_bytes("file/1", &file).unwrap(), b"\xff\xd8photo");
        assert_eq!(keys.open_bytes("file/1", b"GKS1"), Err(KeyError::Forged));
    }

    #[test]
    fn the_same_number_matches_however_it_is_typed() {
        let keys = Keyring::in_memory();
        let hash = keys.matching("identity", "99010219900101123X").unwrap();
        assert_eq!(hash, keys.matching("identity", " 990102 19900101123x").unwrap());
        assert_ne!(hash, keys.matching("phone", "99010219900101123X").unwrap());
        assert_ne!(hash, Keyring::in_memory().matching("identity", "99010219900101123X").unwrap());
    }

    #[test]
    fn keys_are_kept_in_a_file_only_its_owner_reads_and_can_be_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.toml");
        assert!(matches!(Keyring::load(&path), Err(KeyError::Unreadable { .. })));
        let keys = Keyring::create(&path).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let old = keys.seal_text("a", "旧").unwrap();
        let running = Keyring::create(&path).unwrap();
        assert_eq!(running.open_text("a", &old).unwrap(), "旧", "a file that is there is taken as it is");

        keys.add_key().unwrap();
        let new = keys.seal_text("a", "新").unwrap();
        assert_ne!(new.split(':').next(), old.split(':').next());
        let later = running.seal_text("a", "后").unwrap();
        assert_eq!(
            later.split(':').next(),
            new.split(':').next(),
            "a running process seals with the new key"
        );
        assert_eq!(running.open_text("a", &new).unwrap(), "新", "and opens what it sealed");
        keys.forget_key(old.split(':').next().unwrap()).unwrap();
        assert!(matches!(Keyring::load(&path).unwrap().open_text("a", &old), Err(KeyError::Unknown(_))));
        assert!(format!("{keys:?}").len() < 200 && !format!("{keys:?}").contains("matching"));

        std::fs::write(&path, "active = 'k1'").unwrap();
        assert!(matches!(Keyring::load(&path), Err(KeyError::Malformed(_))));
    }
}
