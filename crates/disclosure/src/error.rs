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

/// Several things asked for in one change: all are done, or none, and then each has its own reasons.
pub type Together<T, R> = anyhow::Result<std::result::Result<Vec<T>, Vec<(String, Vec<R>)>>>;

/// Gathers what became of each.
pub(crate) struct Gathered<T, R> {
    done: Vec<T>,
    refused: Vec<(String, Vec<R>)>,
}

impl<T, R> Gathered<T, R> {
    pub(crate) fn new() -> Self {
        Gathered { done: Vec::new(), refused: Vec::new() }
    }

    /// Takes the answer for the thing of this id; what no one expected ends the whole.
    pub(crate) fn take(&mut self, id: &str, answer: Result<T, R>) -> anyhow::Result<()> {
        match answer {
            Ok(done) => self.done.push(done),
            Err(Failure::Refused(reasons)) => self.refused.push((id.to_owned(), reasons)),
            Err(Failure::Unexpected(error)) => return Err(error),
        }
        Ok(())
    }

    /// The caller commits only what came back as done.
    pub(crate) fn end(self) -> Together<T, R> {
        Ok(if self.refused.is_empty() { Ok(self.done) } else { Err(self.refused) })
    }
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
