//! The one place where the program reads the clock.

use jiff::Timestamp;
use jiff::civil::Date;

#[allow(clippy::disallowed_methods)]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Today in China.
pub(crate) fn today() -> Date {
    gongkai_disclosure::time::day_in_china(now())
}
