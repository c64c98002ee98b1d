//! 联动数字 — a figure inside a text that a person writes.
//!
//! It is typed as `{新收申请=12}`: the name stands for a figure of the ledger, the value is what the text says.
//! The report prints the value; when the ledger comes to say another, the two are shown side by side, the report
//! stays in the house, and the text follows once a person confirms it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use gongkai_report::CellAddress;
use gongkai_report::model::{ApplicantColumn, OfficialForm, RequestRow};
use gongkai_statute::duties::{Category, CountyDuty, TownshipDuty};

use super::activity::ActivityForm;
use super::figures::{FigureAddress, OutcomeHead, ProseFigure};
use super::ledger::YearLedger;
use crate::interaction::CaseKind;
use crate::publishing::Genre;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Words(String),
    Linked(Linked),
    /// Written like a linked figure, but no figure has this name.
    Unknown(String),
}

/// 联动数字.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    pub figure: FigureAddress,
    /// What the text says; nothing while it was only named.
    pub said: Option<String>,
}

/// A figure of a text that the ledger no longer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub figure: FigureAddress,
    pub said: String,
    pub now: String,
    /// The sentence it stands in, as the report prints it.
    pub sentence: String,
}

/// The figures that a text can name, with their names.
pub fn names() -> &'static [(String, FigureAddress)] {
    static NAMES: LazyLock<Vec<(String, FigureAddress)>> = LazyLock::new(all_names);
    &NAMES
}

fn all_names() -> Vec<(String, FigureAddress)> {
    use ProseFigure as P;
    let total = |row| FigureAddress::from(CellAddress::Requests(row, ApplicantColumn::Total));
    let mut all: Vec<(String, FigureAddress)> = vec![
        ("主动公开信息".into(), P::Releases.into()),
        ("新收申请".into(), total(RequestRow::Received)),
        ("上年结转申请".into(), total(RequestRow::CarriedFromLastYear)),
        ("办结申请".into(), total(RequestRow::Total)),
        ("结转下年申请".into(), total(RequestRow::CarriedToNextYear)),
        ("公众来信".into(), P::Cases.into()),
        ("已答复来信".into(), P::CasesAnswered.into()),
        ("收费通知".into(), P::FeeNotices.into()),
        ("收费通知金额".into(), P::FeesDemanded.into()),
        ("实收信息处理费".into(), P::FeesReceived.into()),
    ];
    let heads = OutcomeHead::ALL.iter().map(|head| (head.label().to_owned(), P::Outcomes(*head).into()));
    all.extend(heads);
    let of = |prefix: &str, label: &str, figure: FigureAddress| (format!("{prefix}·{label}"), figure);
    all.extend(ActivityForm::ALL.iter().map(|form| (form.figure_name(), P::Activities(*form).into())));
    all.extend(CaseKind::ALL.iter().map(|kind| of("来信", kind.label(), P::CasesOf(*kind).into())));
    for genre in Genre::ALL {
        all.push(of("体裁", genre.label(), P::ReleasesOf(genre.code().into()).into()));
    }
    for category in Category::ALL {
        all.push(of("目录", category.label(), P::ReleasesUnder(category.code().into()).into()));
    }
    for duty in CountyDuty::ALL {
        all.push(of("区县目录", duty.label(), P::ReleasesUnder(duty.code().into()).into()));
    }
    for duty in TownshipDuty::ALL {
        all.push(of("镇街目录", duty.label(), P::ReleasesUnder(duty.code().into()).into()));
    }
    for cell in CellAddress::all(OfficialForm::F2021) {
        match cell {
            CellAddress::Requests(row, ApplicantColumn::Total) if row.is_outcome() => {
                let label = row.official().trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
                if row.group().is_some() {
                    all.push(of("办理", label, cell.into()));
                }
            }
            CellAddress::Requests(RequestRow::Received, column) if column != ApplicantColumn::Total => {
                all.push(of("新收", column.official(), cell.into()));
            }
            CellAddress::Requests(..) => {}
            CellAddress::Proactive(row, column) => {
                all.push(of(row.official(), column.official(), cell.into()));
            }
            CellAddress::Remedies(row, column) => {
                all.push(of(row.official(), column.official(), cell.into()));
            }
        }
    }
    all
}

/// The name of a figure; its address where it has none.
pub fn name_of(figure: &FigureAddress) -> String {
    static BY_FIGURE: LazyLock<BTreeMap<FigureAddress, &'static str>> = LazyLock::new(|| {
        names().iter().rev().map(|(name, figure)| (figure.clone(), name.as_str())).collect()
    });
    BY_FIGURE.get(figure).map_or_else(|| figure.to_string(), |name| (*name).to_owned())
}

fn figure_named(name: &str) -> Option<FigureAddress> {
    static BY_NAME: LazyLock<BTreeMap<&'static str, &'static FigureAddress>> =
        LazyLock::new(|| names().iter().map(|(name, figure)| (name.as_str(), figure)).collect());
    BY_NAME.get(name).map(|figure| (*figure).clone()).or_else(|| name.parse().ok())
}

/// Reads a text; braces and equals signs of either width.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut words = String::new();
    while let Some(at) = rest.find(['{', '｛']) {
        let (before, token) = rest.split_at(at);
        words.push_str(before);
        let opening = token.chars().next().map_or(1, char::len_utf8);
        let end = token[opening..].find(['{', '｛', '}', '｝', '\n']).map(|end| end + opening);
        let Some(end) = end.filter(|end| token[*end..].starts_with(['}', '｝'])) else {
            words.push_str(&token[..opening]);
            rest = &token[opening..];
            continue;
        };
        let (name, said) = match token[opening..end].split_once(['=', '＝']) {
            Some((name, said)) => (name.trim(), Some(said.trim()).filter(|said| !said.is_empty())),
            None => (token[opening..end].trim(), None),
        };
        if !words.is_empty() {
            found.push(Piece::Words(std::mem::take(&mut words)));
        }
        found.push(match figure_named(name) {
            Some(figure) => Piece::Linked(Linked { figure, said: said.map(str::to_owned) }),
            None => Piece::Unknown(name.to_owned()),
        });
        rest = &token[end + token[end..].chars().next().map_or(1, char::len_utf8)..];
    }
    words.push_str(rest);
    if !words.is_empty() {
        found.push(Piece::Words(words));
    }
    found
}

fn written(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Unknown(name) => format!("{{{name}}}"),
            Piece::Linked(Linked { figure, said: Some(said) }) => token(figure, said),
            Piece::Linked(Linked { figure, said: None }) => format!("{{{}}}", name_of(figure)),
        })
        .collect()
}

/// A linked figure as it is typed.
pub(super) fn token(figure: &FigureAddress, said: &str) -> String {
    format!("{{{}={said}}}", name_of(figure))
}

/// The text as the report prints it.
pub fn spoken(text: &str) -> String {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(words) => words,
            Piece::Unknown(name) => format!("{{{name}}}"),
            Piece::Linked(linked) => linked.said.unwrap_or_default(),
        })
        .collect()
}

/// The names in a text that no figure has.
pub(super) fn unknown(text: &str) -> Vec<String> {
    pieces(text)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Unknown(name) => Some(name),
            Piece::Words(_) | Piece::Linked(_) => None,
        })
        .collect()
}

/// The text without what its figures say: a template.
pub(super) fn as_template(text: &str) -> String {
    let mut pieces = pieces(text);
    for piece in &mut pieces {
        if let Piece::Linked(linked) = piece {
            linked.said = None;
        }
    }
    written(&pieces)
}

impl YearLedger {
    /// A figure as a sentence says it: 3, 140 (元), 12.5 (万元).
    pub fn said(&self, figure: &FigureAddress) -> String {
        self.figure(figure).said_of(figure)
    }

    /// A linked figure with what the ledger says now.
    pub(super) fn token(&self, figure: impl Into<FigureAddress>) -> String {
        let figure = figure.into();
        token(&figure, &self.said(&figure))
    }

    /// The text with every figure as the ledger has it now.
    pub fn followed(&self, text: &str) -> String {
        self.refilled(text, true)
    }

    /// The text with the figures filled in that were only named.
    pub(super) fn filled(&self, text: &str) -> String {
        self.refilled(text, false)
    }

    fn refilled(&self, text: &str, all: bool) -> String {
        let mut pieces = pieces(text);
        for piece in &mut pieces {
            if let Piece::Linked(linked) = piece
                && (all || linked.said.is_none())
            {
                linked.said = Some(self.said(&linked.figure));
            }
        }
        written(&pieces)
    }

    /// Where a text says something else than the ledger.
    pub fn moved(&self, text: &str) -> Vec<Moved> {
        let mut found = Vec::new();
        for line in text.lines() {
            let mut sentence: Vec<Piece> = Vec::new();
            let mut sentences = Vec::new();
            for piece in pieces(line) {
                let Piece::Words(words) = piece else {
                    sentence.push(piece);
                    continue;
                };
                for part in words.split_inclusive(['。', '；']) {
                    sentence.push(Piece::Words(part.to_owned()));
                    if part.ends_with(['。', '；']) {
                        sentences.push(std::mem::take(&mut sentence));
                    }
                }
            }
            sentences.push(sentence);
            for sentence in sentences {
                let printed = spoken(&written(&sentence));
                for piece in &sentence {
                    let Piece::Linked(Linked { figure, said: Some(said) }) = piece else { continue };
                    let now = self.said(figure);
                    if now != *said {
                        found.push(Moved {
                            figure: figure.clone(),
                            said: said.clone(),
                            now,
                            sentence: printed.trim().to_owned(),
                        });
                    }
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_name_is_one_figure_and_every_figure_finds_its_way_back() {
        let mut seen = BTreeSet::new();
        for (name, figure) in names() {
            assert!(seen.insert(name), "{name} twice");
            assert_eq!(figure_named(name).as_ref(), Some(figure), "{name}");
            assert_eq!(figure.to_string().parse().as_ref(), Ok(figure), "{name}");
            assert!(!name.contains(['{', '}', '=', ' ']), "{name}");
        }
        let cell: FigureAddress = "requests/not_disclosed.state_secret/natural_person".parse().unwrap();
        assert_eq!(
            pieces(&format!("{{{cell}=3}}")),
            [Piece::Linked(Linked { figure: cell, said: Some("3".into()) })]
        );
    }

    #[test]
    fn a_text_is_read_in_either_width_and_says_its_figures() {
        let text = "今年新收申请｛新收申请＝12｝件，{办结申请}件办结；见附件{1}和{未闭合。\n另起一行";
        let read = pieces(text);
        assert!(matches!(&read[1], Piece::Linked(Linked { said: Some(said), .. }) if said == "12"));
        assert!(matches!(&read[3], Piece::Linked(Linked { said: None, .. })));
        assert_eq!(unknown(text), ["1"]);
        assert_eq!(spoken(text), "今年新收申请12件，件办结；见附件{1}和{未闭合。\n另起一行");
        assert_eq!(as_template("{新收申请=12}件"), "{新收申请}件");
        assert_eq!(spoken("没有数字。"), "没有数字。");
    }
}
