//! The office's work and the ledger it leaves. One folder per room: `mod.rs` holds the types, `actions.rs`
//! what changes, `store.rs` the SQL. No HTTP and no pages here, and no clock: the moment comes with the
//! change ([`db::Tx`]).

pub mod accounts;
pub mod audit;
pub mod catalogue;
pub mod db;
pub mod disclosure_log;
pub mod error;
pub mod exchange;
pub mod files;
pub mod gazette;
pub mod grievances;
pub mod interaction;
pub mod jobs;
pub mod letters;
pub mod mail;
pub mod oversight;
pub mod privacy;
pub mod publicity;
pub mod publishing;
pub mod reassessment;
pub mod records;
pub mod redaction;
pub mod registers;
pub mod remedies;
pub mod reporting;
pub mod requests;
pub mod review;
pub mod search;
pub mod secrets;
pub mod sheets;
pub mod subscriptions;
#[cfg(feature = "testing")]
pub mod testing;
pub mod time;
pub mod word_check;
