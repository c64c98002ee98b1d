//! So many failures in a while, then a rest. Kept in memory: each process counts for itself.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

const FAILURES: u32 = 10;
const WHILE: SignedDuration = SignedDuration::from_mins(15);
/// More keys than this are not kept.
const MOST: usize = 10_000;

#[derive(Default)]
pub(crate) struct Throttle(Mutex<HashMap<String, (u32, Timestamp)>>);

impl Throttle {
    /// Whether this key has failed too often lately.
    pub(crate) fn is_resting(&self, key: &str, now: Timestamp) -> bool {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(key).is_some_and(|(failures, since)| *failures >= FAILURES && now < *since + WHILE)
    }

    pub(crate) fn failed(&self, key: &str, now: Timestamp) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST {
            counts.retain(|_, (_, since)| now < *since + WHILE);
        }
        if counts.len() >= MOST {
            counts.clear();
        }
        let count = counts.entry(key.to_owned()).or_insert((0, now));
        if now >= count.1 + WHILE {
            *count = (0, now);
        }
        count.0 += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_failures_rest_a_quarter_of_an_hour() {
        let throttle = Throttle::default();
        let start = Timestamp::UNIX_EPOCH;
        for _ in 0..FAILURES {
            assert!(!throttle.is_resting("a", start));
            throttle.failed("a", start);
        }
        assert!(throttle.is_resting("a", start) && !throttle.is_resting("b", start));
        assert!(!throttle.is_resting("a", start + WHILE));
    }
}
