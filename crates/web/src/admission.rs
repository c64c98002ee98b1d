//! 防止刷量 — who may file now. A form carries a signed token that is good once; one network address may file so many in a
//! while. Beyond that nobody is turned away: the form comes back as it was filled in, and passes after a short wait. A
//! person loses seconds, a program its speed; there is no picture to solve. Addresses are held in memory alone. What a
//! flood gets through is measured in `tests/measure.rs`.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gongkai_disclosure::privacy::Keyring;
use gongkai_disclosure::secrets;
use jiff::{SignedDuration, Timestamp};
use moka::sync::Cache;

/// The hidden field that carries the token.
pub(crate) const TOKEN: &str = "form_token";
/// A form may stay open this long.
const LIFE: SignedDuration = SignedDuration::from_hours(24);
/// Nobody fills the form in faster.
const FASTEST: SignedDuration = SignedDuration::from_secs(3);
/// How long the form waits once its address has filed too many.
pub(crate) const WAIT: SignedDuration = SignedDuration::from_secs(20);

/// A bucket: so many at once, then one in so many seconds.
#[derive(Clone, Copy)]
struct Rate {
    at_once: f64,
    seconds_for_one: f64,
}

/// An office behind one address files this much without noticing anything.
const AT_ONCE: Rate = Rate { at_once: 6.0, seconds_for_one: 60.0 };
/// All addresses together: more than any site is sent in a busy hour. Beyond it everybody waits once.
const EVERYBODY: Rate = Rate { at_once: 120.0, seconds_for_one: 5.0 };
/// Of those who waited.
const WAITED: Rate = Rate { at_once: 10.0, seconds_for_one: 6.0 };
/// A form sent twice within this is one: a double click, a page loaded again.
const TWICE: Duration = Duration::from_secs(120);
/// More addresses than this are not kept.
const MOST: usize = 20_000;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Lane {
    AtOnce,
    Waited,
}

impl Lane {
    fn rate(self) -> Rate {
        match self {
            Lane::AtOnce => AT_ONCE,
            Lane::Waited => WAITED,
        }
    }
}

/// What becomes of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Admitted,
    /// To be sent again, with a new token; the words say why.
    Again {
        words: &'static str,
        token: String,
    },
    /// To be sent again after a while; the token that comes with it is good then.
    Wait {
        token: String,
    },
}

pub(crate) struct Admission {
    keys: Keyring,
    used: Cache<String, ()>,
    /// What was filed with a token, for the browser that sends it twice.
    receipts: Cache<String, (String, String)>,
    buckets: Mutex<HashMap<(IpAddr, Lane), Bucket>>,
    /// Of all addresses together; apart, so that no number of addresses pushes it out.
    everybody: Mutex<Option<Bucket>>,
}

/// What is left, and when it was counted.
type Bucket = (f64, Timestamp);

impl Rate {
    /// Takes one out, if there is one.
    fn take(self, (left, at): &mut Bucket, now: Timestamp) -> bool {
        let passed = now.duration_since(*at).as_secs_f64().max(0.0);
        *left = (*left + passed / self.seconds_for_one).min(self.at_once);
        *at = now;
        let is_free = *left >= 1.0;
        if is_free {
            *left -= 1.0;
        }
        is_free
    }
}

impl Admission {
    pub(crate) fn new(keys: Keyring) -> Admission {
        let life = Duration::from_secs(LIFE.as_secs().unsigned_abs());
        Admission {
            keys,
            used: Cache::builder().max_capacity(200_000).time_to_live(life).build(),
            receipts: Cache::builder().max_capacity(10_000).time_to_live(TWICE).build(),
            buckets: Mutex::default(),
            everybody: Mutex::default(),
        }
    }

    /// A token for a form that is shown now.
    pub(crate) fn token(&self, now: Timestamp) -> String {
        self.signed(now, "f")
    }

    fn signed(&self, now: Timestamp, kind: &str) -> String {
        let text = format!("{}.{}.{kind}", now.as_millisecond(), &secrets::token()[..16]);
        let mac = self.mac(&text);
        format!("{text}.{mac}")
    }

    fn mac(&self, text: &str) -> String {
        // Without keys nothing can be filed anyway.
        let hash = self.keys.hash("form token", text.as_bytes()).unwrap_or_default();
        hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// When it was made, its own text, and whether it stands for a wait.
    fn read<'a>(&self, token: &'a str) -> Option<(Timestamp, &'a str, bool)> {
        let (text, mac) = token.rsplit_once('.')?;
        if !secrets::are_equal(mac, &self.mac(text)) {
            return None;
        }
        let mut parts = text.split('.');
        let made = Timestamp::from_millisecond(parts.next()?.parse().ok()?).ok()?;
        let waited = parts.nth(1)? == "w";
        Some((made, text, waited))
    }

    /// Notes what came of a form.
    pub(crate) fn filed(&self, token: &str, number: &str, query_code: &str) {
        self.receipts.insert(token.to_owned(), (number.to_owned(), query_code.to_owned()));
    }

    /// What came of the same form a moment ago: number and query code. Waits a little for one that is being taken in.
    pub(crate) async fn filed_before(&self, token: &str) -> Option<(String, String)> {
        let (_, text, _) = self.read(token)?;
        if !self.used.contains_key(text) {
            return None;
        }
        for _ in 0..20 {
            if let Some(filed) = self.receipts.get(token) {
                return Some(filed);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        None
    }

    /// A token for a form that comes back because something in it is wrong: nobody waits twice.
    pub(crate) fn token_again(&self, now: Timestamp) -> String {
        self.token(now - FASTEST)
    }

    /// Decides over a form from an address. A program on this machine itself is not counted.
    pub(crate) fn admit(&self, from: Option<IpAddr>, token: &str, now: Timestamp) -> Verdict {
        let again = |words| Verdict::Again { words, token: self.token(now) };
        let Some((made, text, waited)) = self.read(token) else {
            return again("页面已经过期。填写的内容都还在，请核对后再点一次“提交申请”。");
        };
        if now > made + LIFE {
            return again("页面打开超过一天。填写的内容都还在，请核对后再点一次“提交申请”。");
        }
        if self.used.contains_key(text) {
            return again("这份申请表已经提交过。确实要再提交一件的，请核对后再点一次“提交申请”。");
        }
        let Some(from) = from.map(network) else { return self.use_up(text) };
        let wait = if waited { WAIT } else { FASTEST };
        if now < made + wait {
            return match waited {
                // Not used up: the same form passes a little later.
                true => Verdict::Wait { token: token.to_owned() },
                false => Verdict::Again {
                    words: "提交得太快了。请核对填写的内容，再点一次“提交申请”。",
                    token: token.to_owned(),
                },
            };
        }
        let at_once = self.take(from, Lane::AtOnce, now) && self.takes_of_everybody(now);
        let is_free = at_once || (waited && self.take(from, Lane::Waited, now));
        if is_free { self.use_up(text) } else { Verdict::Wait { token: self.signed(now, "w") } }
    }

    /// Two forms with one token, sent at once, are one.
    fn use_up(&self, text: &str) -> Verdict {
        let entry = self.used.entry(text.to_owned()).or_insert(());
        if entry.is_fresh() {
            Verdict::Admitted
        } else {
            Verdict::Again {
                words: "这份申请表正在提交。请稍等，再点一次“提交申请”。", token: String::new()
            }
        }
    }

    fn take(&self, from: IpAddr, lane: Lane, now: Timestamp) -> bool {
        let rate = lane.rate();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST {
            let full = SignedDuration::from_mins(15);
            buckets.retain(|_, (_, at)| now < *at + full);
        }
        if buckets.len() >= MOST {
            buckets.clear();
        }
        rate.take(buckets.entry((from, lane)).or_insert((rate.at_once, now)), now)
    }

    fn takes_of_everybody(&self, now: Timestamp) -> bool {
        let mut everybody = self.everybody.lock().unwrap_or_else(PoisonError::into_inner);
        EVERYBODY.take(everybody.get_or_insert((EVERYBODY.at_once, now)), now)
    }
}

/// One household or office: of a long address only the part its provider gives out.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(long) => match long.to_ipv4_mapped() {
            Some(short) => IpAddr::V4(short),
            None => {
                let [a, b, c, d, ..] = long.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(n: i64) -> Timestamp {
        Timestamp::from_second(1_793_581_200 + n).unwrap()
    }

    const OFFICE: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9)));

    #[test]
    fn a_token_is_ours_in_time_and_good_once() {
        let admission = Admission::new(Keyring::in_memory());
        let token = admission.token(seconds(0));
        let words = |verdict| match verdict {
            Verdict::Again { words, .. } => words,
            other => panic!("{other:?}"),
        };
        assert!(words(admission.admit(OFFICE, "", seconds(60))).contains("过期"));
        let other = Admission::new(Keyring::in_memory()).token(seconds(0));
        assert!(
            words(admission.admit(OFFICE, &other, seconds(60))).contains("过期"),
            "signed by another key"
        );
        let forged = token.replacen(".f.", ".w.", 1);
        assert!(words(admission.admit(OFFICE, &forged, seconds(60))).contains("过期"));
        assert!(words(admission.admit(OFFICE, &token, seconds(25 * 3600))).contains("一天"));
        assert!(words(admission.admit(OFFICE, &token, seconds(1))).contains("太快"));
        assert_eq!(admission.admit(OFFICE, &token, seconds(60)), Verdict::Admitted);
        assert!(words(admission.admit(OFFICE, &token, seconds(61))).contains("已经提交过"));
    }

    #[test]
    fn an_honest_applicant_behind_a_flooding_address_waits_and_passes() {
        let admission = Admission::new(Keyring::in_memory());
        let mut through = 0;
        // A program that takes a new form for each request and sends ten a second for a minute.
        for at in 0..600 {
            let token = admission.token(seconds(at / 10 - 5));
            through += i32::from(admission.admit(OFFICE, &token, seconds(at / 10)) == Verdict::Admitted);
        }
        assert!(through <= 7, "{through} of 600");
        let token = admission.token(seconds(-120));
        let Verdict::Wait { token } = admission.admit(OFFICE, &token, seconds(59)) else {
            panic!("the address has used up what it has")
        };
        assert_eq!(admission.admit(OFFICE, &token, seconds(61)), Verdict::Wait { token: token.clone() });
        assert_eq!(admission.admit(OFFICE, &token, seconds(80)), Verdict::Admitted);
        let elsewhere = Some(IpAddr::from([198, 51, 100, 7]));
        assert_eq!(admission.admit(elsewhere, &admission.token(seconds(0)), seconds(60)), Verdict::Admitted);
    }

    #[test]
    fn a_flood_from_many_addresses_is_held_and_an_honest_applicant_elsewhere_waits_once() {
        let admission = Admission::new(Keyring::in_memory());
        let mut through = 0;
        // Five thousand addresses, each with one form, within a minute.
        for n in 0..5_000_u32 {
            let at = i64::from(n) * 60 / 5_000;
            let from = Some(IpAddr::V4(std::net::Ipv4Addr::from(0x0a00_0000 + n)));
            let token = admission.token(seconds(at - 5));
            through += i32::from(admission.admit(from, &token, seconds(at)) == Verdict::Admitted);
        }
        assert!((120..=133).contains(&through), "{through} of 5000");
        let Verdict::Wait { token } = admission.admit(OFFICE, &admission.token(seconds(0)), seconds(59))
        else {
            panic!("everybody waits")
        };
        assert_eq!(admission.admit(OFFICE, &token, seconds(80)), Verdict::Admitted);
    }

    #[test]
    fn long_addresses_count_by_their_network() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:aaaa::1"), of("2001:db8:1:2:bbbb::2"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:203.0.113.9"), of("203.0.113.9"));
    }
}
