use std::collections::{BTreeMap, BTreeSet};

use super::figures::{Figures, Total, Totals, figure_of, lose};
use super::names::{is_same_agency, key};
use super::value;
use crate::lint::{Severity, check};
use crate::model::{Cell, CellAddress, Content, OfficialForm, Report, TableName};

/// A report that may take part in a sum.
#[derive(Debug, Clone)]
pub struct Source {
    /// How it is named in messages: a file, an index number.
    pub file: String,
    /// Which text exactly: a hash or an edition, so that the sum can be repeated.
    pub version: String,
    /// The district's own, not a child's.
    pub own: bool,
    pub report: Report,
}

/// What is to be added up.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The year; when not given, that of most reports.
    pub year: Option<i16>,
    /// The agencies that should all have reported; empty when nobody said.
    pub expected: Vec<String>,
    /// Whose report the sum is: a report of that agency among the sources is its sum, not a part.
    pub whole: Option<String>,
    /// Files that should hold a report and could not be read, each with the reason: no part may be missing unnoticed.
    pub unreadable: Vec<(String, String)>,
}

/// Why a number is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Nothing stands in the cell.
    Blank,
    /// What stood there did not survive, or is no number that can stand there.
    Lost,
    /// The report has no such table.
    NoTable,
    /// The report follows the other form, which has no such cell.
    OtherForm,
    /// Two reports of the agency say different things.
    Conflict,
}

impl Why {
    pub fn code(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Lost => "lost",
            Self::NoTable => "no_table",
            Self::OtherForm => "other_form",
            Self::Conflict => "conflict",
        }
    }

    pub fn official(self) -> &'static str {
        match self {
            Self::Blank => "空白",
            Self::Lost => "缺失或者不是数字",
            Self::NoTable => "没有这张表",
            Self::OtherForm => "格式不同，没有这一格",
            Self::Conflict => "两份报告不一致",
        }
    }
}

/// A report that was added.
#[derive(Debug, Clone)]
pub struct Member {
    /// The agency, or the file when the report does not say.
    pub name: String,
    pub file: String,
    pub version: String,
    pub own: bool,
    /// Contradictions inside the report itself: correct these before adding up.
    pub errors: usize,
    pub figures: Figures,
    /// Every cell of the sum's form that is not known in this report.
    pub unknown: BTreeMap<CellAddress, Why>,
    /// Tables that follow another form than the sum.
    pub other_form: Vec<TableName>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftOutReason {
    /// A report on another year, or on none that could be read.
    OtherYear(Option<i16>),
    /// The same figures as another report of the same agency.
    SameAs(String),
    /// The report of the whole, which the parts are to add up to.
    TheWhole,
    /// Nothing could be read, for this reason.
    Unreadable(String),
}

impl LeftOutReason {
    pub fn in_words(&self) -> String {
        match self {
            Self::OtherYear(Some(year)) => format!("是 {year} 年的报告"),
            Self::OtherYear(None) => "没有写明年份".to_owned(),
            Self::SameAs(file) => format!("与 {file} 是同一机关的同一份数据，只计一次"),
            Self::TheWhole => "是汇总机关自己公布的全区报告，不能计入".to_owned(),
            Self::Unreadable(reason) => format!("读不出：{reason}"),
        }
    }

    /// Whether the sum may lack something because of it.
    fn is_gap(&self) -> bool {
        matches!(self, Self::OtherYear(_) | Self::Unreadable(_))
    }
}

/// A report that was not added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub name: String,
    pub file: String,
    pub reason: LeftOutReason,
}

/// Two or more reports of one agency for one year that differ: what they agree on is added, the rest is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub name: String,
    pub files: Vec<String>,
    pub cells: Vec<CellAddress>,
}

/// The sum, with everything one must know to rely on it.
#[derive(Debug, Clone)]
pub struct Addition {
    /// Nothing could be added when no report says its year.
    pub year: Option<i16>,
    pub form: OfficialForm,
    pub members: Vec<Member>,
    pub totals: Totals,
    pub left_out: Vec<LeftOut>,
    pub conflicts: Vec<Conflict>,
    /// Expected agencies without a report.
    pub missing: Vec<String>,
    /// Agencies with a report that nobody expected, when anybody was expected.
    pub unexpected: Vec<String>,
}

/// Adds up the reports of one year.
pub fn add_up(question: &Question, mut sources: Vec<Source>) -> Addition {
    sources.sort_by(|a, b| (!a.own, &a.file).cmp(&(!b.own, &b.file)));
    let year = question.year.or_else(|| most_common_year(&sources));
    let form = OfficialForm::for_year(year.unwrap_or(2021));
    let mut left_out: Vec<LeftOut> = question
        .unreadable
        .iter()
        .map(|(file, reason)| LeftOut {
            name: file.clone(),
            file: file.clone(),
            reason: LeftOutReason::Unreadable(reason.clone()),
        })
        .collect();
    let mut groups: BTreeMap<(bool, String), Vec<Source>> = BTreeMap::new();
    for source in sources {
        let name = name_of(&source);
        let reason = if source.report.year.is_none() || source.report.year != year {
            Some(LeftOutReason::OtherYear(source.report.year))
        } else if question.whole.as_ref().is_some_and(|whole| key(whole) == key(&name)) {
            Some(LeftOutReason::TheWhole)
        } else {
            None
        };
        match reason {
            Some(reason) => left_out.push(LeftOut { name, file: source.file, reason }),
            // The own report stands first; a copy of it among the children joins its group.
            None => {
                let own = (false, key(&name));
                let group = if source.own || groups.contains_key(&own) { own } else { (true, key(&name)) };
                groups.entry(group).or_default().push(source);
            }
        }
    }

    let mut members = Vec::new();
    let mut conflicts = Vec::new();
    for group in groups.into_values() {
        let (member, conflict) = one_of(group, form, &mut left_out);
        members.push(member);
        conflicts.extend(conflict);
    }
    members.sort_by(|a: &Member, b| (!a.own, &a.file).cmp(&(!b.own, &b.file)));
    left_out.sort_by(|a, b| a.file.cmp(&b.file));

    let mut totals = Totals::default();
    for member in &members {
        totals.add(&member.figures);
    }
    let (missing, unexpected) = held_against(&question.expected, &members);
    Addition { year, form, members, totals, left_out, conflicts, missing, unexpected }
}

impl Addition {
    /// The sum of one cell. That of no report at all is not zero: nobody knows it.
    pub fn total(&self, address: CellAddress) -> Total {
        if self.members.is_empty() { Total::Unknown } else { self.totals.total(address) }
    }

    /// Who keeps a cell from being known, and why.
    pub fn unknown(&self, address: CellAddress) -> impl Iterator<Item = (&Member, Why)> {
        self.members.iter().filter_map(move |member| Some((member, *member.unknown.get(&address)?)))
    }

    /// The cells of the sum, in the order of the form.
    pub fn cells(&self) -> Vec<CellAddress> {
        CellAddress::all(self.form)
    }

    pub fn is_complete(&self) -> bool {
        let is_known = |member: &Member| member.unknown.is_empty();
        self.year.is_some()
            && self.missing.is_empty()
            && self.conflicts.is_empty()
            && !self.left_out.iter().any(|one| one.reason.is_gap())
            && self.members.iter().all(is_known)
    }

    /// The sum as a report of the whole; what is not known exactly is lost in it.
    pub fn report(&self, agency: &str) -> Report {
        let mut report = Report::new(agency, self.year.unwrap_or(2021));
        for address in self.cells() {
            let content = match self.total(address) {
                Total::Exact(number) => value::content(address, number),
                Total::AtLeast(_) | Total::Unknown => Content::Lost,
            };
            report.put(address, Cell::new(content));
        }
        report
    }
}

/// The year of most reports; of two equal ones the later.
fn most_common_year(sources: &[Source]) -> Option<i16> {
    let mut counts: BTreeMap<i16, usize> = BTreeMap::new();
    for source in sources {
        if let Some(year) = source.report.year {
            *counts.entry(year).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(year, count)| (*count, *year)).map(|(year, _)| year)
}

fn name_of(source: &Source) -> String {
    source.report.agency.clone().unwrap_or_else(|| source.file.clone())
}

/// Makes one member of the reports of one agency, the own one first.
fn one_of(
    mut group: Vec<Source>,
    form: OfficialForm,
    left_out: &mut Vec<LeftOut>,
) -> (Member, Option<Conflict>) {
    group.sort_by(|a, b| (!a.own, &a.file).cmp(&(!b.own, &b.file)));
    let mut group = group.into_iter();
    let Some(first) = group.next() else {
        unreachable!("a group is made by its first report");
    };
    let (same, others): (Vec<Source>, Vec<Source>) =
        group.partition(|other| Figures::of(&other.report) == Figures::of(&first.report));
    for copy in same {
        let reason = LeftOutReason::SameAs(first.file.clone());
        left_out.push(LeftOut { name: name_of(&copy), file: copy.file, reason });
    }

    let name = name_of(&first);
    let errors = check(&first.report, None).iter().filter(|f| f.severity == Severity::Error).count();
    let mut report = first.report;
    let mut differing = BTreeSet::new();
    for other in &others {
        for address in CellAddress::all(form) {
            if figure_of(&report, address) != figure_of(&other.report, address) {
                differing.insert(address);
            }
        }
    }
    for &address in &differing {
        lose(&mut report, address);
    }
    let unknown = CellAddress::all(form)
        .into_iter()
        .filter(|&address| figure_of(&report, address).is_none())
        .map(|address| {
            (address, if differing.contains(&address) { Why::Conflict } else { why(&report, address) })
        })
        .collect();
    let other_form = TableName::ALL
        .iter()
        .copied()
        .filter(|&table| report.form(table).is_some_and(|f| f != form))
        .collect();
    let conflict = (!others.is_empty()).then(|| Conflict {
        name: name.clone(),
        files: std::iter::once(first.file.clone())
            .chain(others.iter().map(|other| other.file.clone()))
            .collect(),
        cells: differing.into_iter().collect(),
    });
    let member = Member {
        name,
        file: first.file,
        version: first.version,
        own: first.own,
        errors,
        figures: Figures::of(&report),
        unknown,
        other_form,
    };
    (member, conflict)
}

fn why(report: &Report, address: CellAddress) -> Why {
    match report.get(address) {
        _ if report.form(address.table()).is_none() => Why::NoTable,
        None => Why::OtherForm,
        Some(cell) if cell.content == Content::Blank => Why::Blank,
        Some(_) => Why::Lost,
    }
}

/// Who is missing, and who came unexpected. An exact name is taken before one that lacks its district.
fn held_against(expected: &[String], members: &[Member]) -> (Vec<String>, Vec<String>) {
    if expected.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let mut unmatched: Vec<&Member> = members.iter().filter(|member| !member.own).collect();
    let mut missing = Vec::new();
    let mut loose = Vec::new();
    for name in expected {
        match unmatched.iter().position(|member| key(&member.name) == key(name)) {
            Some(at) => {
                unmatched.remove(at);
            }
            None => loose.push(name),
        }
    }
    for name in loose {
        match unmatched.iter().position(|member| is_same_agency(&member.name, name)) {
            Some(at) => {
                unmatched.remove(at);
            }
            None => missing.push(name.clone()),
        }
    }
    (missing, unmatched.iter().map(|member| member.name.clone()).collect())
}
