//! `gongkai demo`: an invented district with two years of work, through the same actions that officers use.
//!
//! Each part is a file with `fill(db, district, progress)`; `progress(n)` says that n more records are done.
//! Work is told from [`District::beginning`] up to [`District::now`], oldest first, as the audit chain is.

pub(crate) mod dice;
pub(crate) mod district;

#[allow(unused_imports)]
pub(crate) use dice::Dice;
#[allow(unused_imports)]
pub(crate) use district::District;
