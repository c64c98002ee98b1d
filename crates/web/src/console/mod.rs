//! The officers' side: one file per room.

pub mod accounts;
pub mod annual_reports;
pub mod audit;
pub mod catalogue;
pub mod components;
pub mod district_reports;
pub mod due;
pub mod entries;
pub mod exchange;
pub mod files;
pub mod gazette;
pub mod home;
pub mod import;
pub mod interaction;
pub mod oversight;
pub mod postings;
pub mod publicity;
pub mod reassessments;
pub mod records;
pub mod registers;
pub mod remedies;
pub mod report_sums;
pub mod requests;
pub mod reviews;
pub mod search;
pub mod word_check;
