//! How much one visitor may have checked in a while: so many reports and so many bytes from one network address.
//! Addresses are held in memory for that while and nowhere else.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};
use jiff::{SignedDuration, Timestamp};

/// The length of the while.
pub(super) const WHILE: SignedDuration = SignedDuration::from_mins(10);
/// Reports in it.
pub(super) const REPORTS: u32 = 60;
/// Bytes in it.
pub(super) const BYTES: u64 = 100 * 1024 * 1024;
/// More addresses than this are not kept.
const MOST: usize = 10_000;

#[derive(Clone, Copy)]
struct Used {
    reports: u32,
    bytes: u64,
    since: Timestamp,
}

#[derive(Default)]
pub(super) struct Allowance(Mutex<HashMap<IpAddr, Used>>);

impl Allowance {
    /// Takes one report of so many bytes; else how long to wait.
    pub(super) fn take(&self, visitor: IpAddr, bytes: u64, now: Timestamp) -> Result<(), SignedDuration> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, used| now < used.since + WHILE);
        }
        if all.len() >= MOST {
            all.clear();
        }
        let used = all.entry(visitor).or_insert(Used { reports: 0, bytes: 0, since: now });
        if now >= used.since + WHILE {
            *used = Used { reports: 0, bytes: 0, since: now };
        }
        if used.reports >= REPORTS || used.bytes.saturating_add(bytes) > BYTES {
            return Err(now.duration_until(used.since + WHILE));
        }
        used.reports += 1;
        used.bytes += bytes;
        Ok(())
    }
}

/// The network address of the visitor. What a header says is believed only of a proxy on this machine.
pub(crate) fn visitor(extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let forwarded = || {
        let said = headers.get_all("x-forwarded-for").iter().next_back()?;
        said.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
    };
    match peer {
        Some(peer) if peer.is_loopback() => forwarded().unwrap_or(peer),
        Some(peer) => peer,
        None => IpAddr::from([127, 0, 0, 1]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_reports_and_bytes_in_a_while_from_one_address() {
        let allowance = Allowance::default();
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let start = Timestamp::UNIX_EPOCH;
        for _ in 0..REPORTS {
            assert!(allowance.take(one, 1000, start).is_ok());
        }
        let wait = allowance.take(one, 1000, start + SignedDuration::from_mins(4)).unwrap_err();
        assert_eq!(wait, SignedDuration::from_mins(6));
        assert!(allowance.take(other, BYTES, start).is_ok(), "others are not held up");
        assert!(allowance.take(other, 1, start).is_err(), "by size as well");
        assert!(allowance.take(one, 1000, start + WHILE).is_ok());
    }

    #[test]
    fn a_header_is_believed_of_a_proxy_on_this_machine_alone() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "198.51.100.7, 203.0.113.9".parse().unwrap());
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 4000))));
        assert_eq!(visitor(&extensions, &headers), IpAddr::from([192, 0, 2, 1]));
        extensions.insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4000))));
        assert_eq!(visitor(&extensions, &headers), IpAddr::from([203, 0, 113, 9]));
    }
}
