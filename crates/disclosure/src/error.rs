//! What an action answers when it does not do what was asked.

use std::fmt::Display;

/// A room's own refusal: words an officer can act on, and the field of the form it is about.
pub trait Refusal: Display + std::fmt::Debug + Send + Sync + 'static {
    /// The form field at fault, when there is one.
    fn field(&self) -> Option<&'static str> {
        None
    }

    /// Whether the thing asked for does not exist, or not for this person: the two look alike outside.
    fn is_missing(&self) -> bool {
        false
    }

    /// Whether this person's roles do not allow it.
    fn is_forbidden(&self) -> bool {
        false
    }
}

/// Either reasons to refuse, all of them at once, or something no one expected.
#[derive(Debug)]
pub enum Failure<R> {
    Refused(Vec<R>),
    Unexpected(anyhow::Error),
}

pub type Result<T, R> = std::result::Result<T, Failure<R>>;

/// Refuses for one reason.
pub fn refuse<T, R: Refusal>(reason: R) -> Result<T, R> {
    Err(Failure::Refused(vec![reason]))
}

/// Goes on only when there is nothing to refuse.
pub fn unless_refused<R: Refusal>(reasons: Vec<R>) -> Result<(), R> {
    if reasons.is_empty() { Ok(()) } else { Err(Failure::Refused(reasons)) }
}

impl<R> From<anyhow::Error> for Failure<R> {
    fn from(error: anyhow::Error) -> Self {
        Failure::Unexpected(error)
    }
}

impl<R> From<sqlx::Error> for Failure<R> {
    fn from(error: sqlx::Error) -> Self {
        Failure::Unexpected(error.into())
    }
}

impl<R: Refusal> Display for Failure<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Refused(reasons) => {
                let words: Vec<String> = reasons.iter().map(ToString::to_string).collect();
                f.write_str(&words.join("；"))
            }
            Failure::Unexpected(error) => write!(f, "{error:#}"),
        }
    }
}

impl<R: Refusal> std::error::Error for Failure<R> {}
