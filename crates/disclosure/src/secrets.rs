//! Randomness: identifiers, session tokens and query codes come from here and nowhere else.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A UUIDv7: unique, and sorted by the moment it was made.
pub(crate) fn new_id(now: Timestamp) -> String {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random::<10>()).into_uuid().to_string()
}

/// A session token, 256 bits.
pub(crate) fn session_token() -> String {
    hex::encode(random::<32>())
}

/// A token nobody guesses, for what has no account.
pub fn token() -> String {
    session_token()
}

/// 查询码 — twelve characters without those that look alike, given to the applicant once.
pub fn query_code() -> String {
    const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    random::<12>().iter().map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect()
}

/// What is stored of a secret with enough randomness of its own.
pub fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Whether two texts are the same, in constant time.
pub fn are_equal(one: &str, other: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(one.as_bytes(), other.as_bytes()).into()
}

/// Whether a secret is the one whose digest is stored, in constant time.
pub fn matches(secret: &str, stored_digest: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(digest(secret).as_bytes(), stored_digest.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_codes_differ_and_have_no_lookalikes() {
        let (a, b) = (query_code(), query_code());
        assert_ne!(a, b);
        assert!(a.len() == 12 && !a.contains(['0', '1', 'O', 'I']));
        assert!(matches(&a, &digest(&a)) && !matches(&b, &digest(&a)));
    }
}
