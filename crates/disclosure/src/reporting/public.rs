//! What the public may read of the annual reports: released editions, from the public's view alone.

pub use super::submission::{PublishedReport, published, published_editions, report_of};
