//! 猜码 — guesses of query codes. The answer to a wrong code is always the same; what changes is how long it takes, and
//! after many an address has to rest. A person who mistypes never notices. Kept in memory alone, without the codes.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::admission::network;

/// Failures that cost nothing.
const FREE: u32 = 5;
/// After so many from one address it rests.
const RESTS_AFTER: u32 = 40;
/// The longest delay.
const LONGEST: Duration = Duration::from_secs(16);
/// Failures are forgotten after this, and a rest lasts as long.
const WHILE: SignedDuration = SignedDuration::from_mins(15);
/// More keys than this are not kept.
const MOST: usize = 20_000;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    Number(String),
}

#[derive(Default)]
pub(crate) struct Throttle(Mutex<HashMap<Key, (u32, Timestamp)>>);

/// What the next try from here has to do first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// Look, after this delay.
    Look(Duration),
    Rest,
}

impl Throttle {
    /// Whichever is worse: what was guessed from the address, or at the number from anywhere. A number never rests: its
    /// owner must get in, and a code cannot be guessed in any number of tries a delay allows.
    pub(crate) fn before(&self, from: IpAddr, number: &str, now: Timestamp) -> Before {
        let from_there = self.failures(&Key::Address(network(from)), now);
        if from_there >= RESTS_AFTER {
            return Before::Rest;
        }
        let worst = from_there.max(self.failures(&Key::Number(key_of(number)), now));
        Before::Look(delay(worst))
    }

    fn failures(&self, key: &Key, now: Timestamp) -> u32 {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(key).filter(|(_, since)| now < *since + WHILE).map_or(0, |(failures, _)| *failures)
    }

    /// Notes a wrong code; returns how many came from the address lately.
    pub(crate) fn failed(&self, from: IpAddr, number: &str, now: Timestamp) -> u32 {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST {
            counts.retain(|_, (_, since)| now < *since + WHILE);
        }
        if counts.len() >= MOST {
            counts.clear();
        }
        let mut count = |key: Key| {
            let count = counts.entry(key).or_insert((0, now));
            if now >= count.1 + WHILE {
                *count = (0, now);
            }
            count.0 += 1;
            count.0
        };
        count(Key::Number(key_of(number)));
        count(Key::Address(network(from)))
    }
}

/// As the applicant may type it; no longer than a number is.
fn key_of(number: &str) -> String {
    number.chars().filter(|c| !c.is_whitespace()).take(40).collect::<String>().to_ascii_uppercase()
}

/// Nothing at first, then a second, then twice as long each time.
fn delay(failures: u32) -> Duration {
    match failures.checked_sub(FREE) {
        None => Duration::ZERO,
        Some(over) => Duration::from_secs(1 << over.min(10)).min(LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_gets_slower_and_an_address_rests_but_a_number_never_does() {
        let throttle = Throttle::default();
        let now = Timestamp::UNIX_EPOCH;
        let guesser = IpAddr::from([203, 0, 113, 9]);
        let owner = IpAddr::from([198, 51, 100, 7]);
        let mut delays = Vec::new();
        let mut tries = 0;
        while let Before::Look(delay) = throttle.before(guesser, "QH-SQ-2026-0001", now) {
            delays.push(delay.as_secs());
            throttle.failed(guesser, " qh-sq-2026-0001", now);
            tries += 1;
        }
        assert_eq!(delays[..10], [0, 0, 0, 0, 0, 1, 2, 4, 8, 16]);
        assert_eq!(tries, RESTS_AFTER);
        assert_eq!(throttle.before(owner, "QH-SQ-2026-0001", now), Before::Look(LONGEST));
        assert_eq!(throttle.before(owner, "QH-SQ-2026-0002", now), Before::Look(Duration::ZERO));
        assert_eq!(throttle.before(guesser, "QH-SQ-2026-0001", now + WHILE), Before::Look(Duration::ZERO));
    }
}
