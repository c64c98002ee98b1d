//! 案卷密钥 — a key of each request's own, which itself stands sealed with the keys of the installation. The letters of the
//! request are sealed with it: changing the keys of the installation leaves a letter under review as it is, and
//! destroying this one key destroys every letter of the request.

use chacha20poly1305::aead::KeyInit;
use chacha20poly1305::{Key, XChaCha20Poly1305};

use super::keyring::{KeyError, Keyring, decrypted, encrypted};
use crate::secrets;

pub(crate) struct RequestKey(XChaCha20Poly1305);

fn place(request_id: &str) -> String {
    format!("requests.request_key/{request_id}")
}

impl RequestKey {
    /// A new key, sealed.
    pub(crate) fn sealed(keys: &Keyring, request_id: &str) -> anyhow::Result<String> {
        Ok(keys.seal_text(&place(request_id), &secrets::session_token())?)
    }

    /// The same key under the keys now in use.
    pub(super) fn sealed_again(keys: &Keyring, request_id: &str, sealed: &str) -> Result<String, KeyError> {
        keys.seal_text(&place(request_id), &keys.open_text(&place(request_id), sealed)?)
    }

    /// `None` once it was destroyed.
    pub(crate) fn opened(
        keys: &Keyring,
        request_id: &str,
        sealed: &str,
    ) -> Result<Option<RequestKey>, KeyError> {
        if sealed.is_empty() {
            return Ok(None);
        }
        let key = hex::decode(keys.open_text(&place(request_id), sealed)?).map_err(|_| KeyError::Forged)?;
        let key: [u8; 32] = key.try_into().map_err(|_| KeyError::Forged)?;
        Ok(Some(RequestKey(XChaCha20Poly1305::new(&Key::from(key)))))
    }

    /// Seals a text for one place; opened elsewhere it is refused.
    pub(crate) fn seal(&self, place: &str, text: &str) -> Result<String, KeyError> {
        Ok(hex::encode(encrypted(&self.0, place, text.as_bytes())?))
    }

    pub(crate) fn open(&self, place: &str, sealed: &str) -> Result<String, KeyError> {
        let bytes = hex::decode(sealed).map_err(|_| KeyError::Forged)?;
        String::from_utf8(decrypted(&self.0, place, &bytes)?).map_err(|_| KeyError::Forged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_key_outlives_a_change_of_keys_and_opens_only_its_own() {
        let keys = Keyring::in_memory();
        let sealed = RequestKey::sealed(&keys, "1").unwrap();
        let key = RequestKey::opened(&keys, "1", &sealed).unwrap().unwrap();
        let letter = key.seal("letters/1", "何小舟：").unwrap();
        assert_eq!(key.open("letters/1", &letter).unwrap(), "何小舟：");
        assert_eq!(key.open("letters/2", &letter), Err(KeyError::Forged), "another letter's text");

        keys.add_key().unwrap();
        let again = RequestKey::sealed_again(&keys, "1", &sealed).unwrap();
        keys.forget_key(sealed.split(':').next().unwrap()).unwrap();
        assert!(RequestKey::opened(&keys, "1", &sealed).is_err());
        let key = RequestKey::opened(&keys, "1", &again).unwrap().unwrap();
        assert_eq!(key.open("letters/1", &letter).unwrap(), "何小舟：");
        assert!(RequestKey::opened(&keys, "2", &again).is_err(), "moved to another request");
        assert!(RequestKey::opened(&keys, "1", "").unwrap().is_none(), "destroyed");
    }
}
