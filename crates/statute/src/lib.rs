//! The law of government information disclosure (政府信息公开) as pure functions: no IO, no clock.
//!
//! Everything an office owes to a citizen has a date, a reason and a provision. This crate computes the
//! three together, so that the portal, the console, the letters and the command line cannot disagree.
//!
//! | Question | Module |
//! |---|---|
//! | Does this day count? | [`calendar`] |
//! | When was the request received? | [`receipt`], by [`channels`] |
//! | When is the reply due, and why? | [`deadlines`] |
//! | What can the answer be, and in which row of the report does it count? | [`outcome_tree`], [`decisions`], [`grounds`] |
//! | What can the applicant do against it? | [`remedies`], [`agencies`] |
//! | What does it cost? | [`fees`] |
//! | What must be published without being asked? | [`duties`] |
//! | Where does the law say so? | [`citation`], [`parameters`] |
//!
//! **Law is data.** `law/` holds one file per instrument, with the provisions relied on in our own words and
//! how we know them; `law/parameters.toml` every number with its day and source; `law/calendar/` the holiday
//! notices. A [`citation::Citation`] in the code must resolve against them, and a test proves that all do.
//! `examples/` holds worked examples, one file per article, that a legal officer can read, correct and add to.
//!
//! A request handed in on the Friday before a long holiday:
//!
//! ```
//! use gongkai_statute::{deadlines::{Facts, rule}, decisions::Decision, remedies};
//!
//! let facts = Facts::from_json(r#"{"channel": "in_person", "submitted_on": "2024-09-27"}"#)?;
//! let ruling = rule(&facts, &facts.calendar())?;
//! let due = ruling.reply_due_on.unwrap();
//! assert_eq!(due.to_string(), "2024-10-30");
//! assert_eq!(ruling.days[0].why, "周六");
//! assert_eq!(ruling.days[1].why, "工作日（调休上班）");
//!
//! let notice = remedies::notice(Decision::ProcessInformation, due, "青禾区人民政府", "青禾区人民法院");
//! assert!(notice.text.contains("60日内先向青禾区人民政府申请行政复议"));
//! # Ok::<(), gongkai_statute::deadlines::FactError>(())
//! ```
//!
//! Mistakes in facts are [`deadlines::FactError`], naming the field. What the facts show but the law does
//! not allow — an extension approved too late — is a refusal inside the ruling.

pub mod agencies;
pub mod applicants;
pub mod calendar;
pub mod channels;
pub mod citation;
pub mod deadlines;
pub mod decisions;
pub mod duties;
pub mod fees;
pub mod grounds;
mod index;
mod lists;
pub mod outcome_tree;
pub mod parameters;
pub mod receipt;
pub mod remedies;
pub mod severance;

pub use index::index_markdown;
