//! 依申请公开转主动公开 — an answered request of public interest, told without the person who asked, as an entry that goes
//! through the gate like any other. 《条例》第四十四条.

pub mod actions;
pub mod public;
mod refusal;
mod store;
#[cfg(test)]
mod tests;

pub use refusal::LogRefusal;
pub use store::entry_of;

use gongkai_statute::decisions::Part;

use crate::privacy::{Keyring, Particulars};
use crate::requests::Dossier;

/// What is told of a request; prefilled by the program, edited by the officer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Telling {
    pub title: String,
    /// 申请公开的内容.
    pub asked: String,
    /// 答复的内容.
    pub answered: String,
}

/// 申请人和代理人的姓名, opened.
pub fn names_of(dossier: &Dossier, keys: &Keyring) -> anyhow::Result<Vec<String>> {
    let request = &dossier.request;
    Ok(std::iter::once(request.applicant_name(keys)?).chain(request.agent_name(keys)?).collect())
}

/// The telling as the program would write it: subject, answer, and nobody.
pub fn prefilled(dossier: &Dossier, known: &Particulars, names: &[String]) -> Telling {
    let person = Person::of(dossier, known, names);
    let subject = dossier.request.description.lines().next().unwrap_or_default().trim();
    let mut answered = String::new();
    if let Some(answer) = &dossier.request.answer {
        answered.push_str(answer.decision.label());
        answered.push('。');
        let told =
            [Part::InformationOrAccess, Part::InformationGiven, Part::AccessPath, Part::NoReadyInformation];
        let mut tell = |parts: &[(Part, String)]| {
            for (_, text) in parts.iter().filter(|(part, _)| told.contains(part)) {
                answered.push('\n');
                answered.push_str(text);
            }
        };
        tell(&answer.parts);
        for portion in &answer.portions {
            tell(&portion.parts);
        }
        if !answer.reason.is_empty() {
            answered.push('\n');
            answered.push_str(&answer.reason);
        }
    }
    let short: String = subject.chars().take(60).collect();
    Telling {
        title: format!("关于“{}”的答复", person.taken_out(&short)),
        asked: person.taken_out(&dossier.request.description),
        answered: person.taken_out(&answered),
    }
}

/// What tells who asked.
struct Person(Vec<String>);

impl Person {
    fn of(dossier: &Dossier, known: &Particulars, names: &[String]) -> Person {
        let mut words = vec![dossier.request.number.clone()];
        words.extend(names.iter().cloned());
        words.extend([&known.identity_number, &known.phone, &known.email, &known.address].map(Clone::clone));
        words.retain(|word| word.trim().chars().count() > 1);
        // The longer first: an address may hold a name.
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        Person(words)
    }

    fn taken_out(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, word| text.replace(word.as_str(), "申请人"))
    }

    /// What of the person stands in a text, blanks between the characters or not.
    fn found_in(&self, text: &str) -> Option<&str> {
        let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let text = plain(text);
        self.0.iter().find(|word| text.contains(&plain(word))).map(String::as_str)
    }
}
