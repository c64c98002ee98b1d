use askama::Template;

use super::Tone;

/// A row of a key-value list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyValue {
    pub key: String,
    pub value: String,
    /// Takes the whole width in an entry's metadata table.
    pub is_wide: bool,
}

impl KeyValue {
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        KeyValue { key: key.into(), value: value.into(), is_wide: false }
    }
    pub fn wide(mut self) -> Self {
        self.is_wide = true;
        self
    }
}

/// A number that leads to the records behind it.
#[derive(Debug, Clone)]
pub struct StatTile {
    pub label: String,
    pub value: String,
    pub unit: String,
    pub hint: String,
    pub href: String,
    pub tone: Tone,
}

/// One of several views of the same thing.
#[derive(Debug, Clone)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub is_current: bool,
    pub count: Option<u64>,
}

/// A value of a facet with how many entries it would leave.
#[derive(Debug, Clone)]
pub struct FacetOption {
    pub label: String,
    pub count: u64,
    /// Where choosing it (or, if it is chosen, giving it up) leads.
    pub href: String,
    pub is_chosen: bool,
}

impl FacetOption {
    fn grouped(&self) -> String {
        grouped(self.count)
    }
}

/// One way to narrow a list: by agency, by category, by year.
#[derive(Debug, Clone, Template)]
#[template(path = "shared/parts/facet.html")]
pub struct Facet {
    pub title: String,
    pub options: Vec<FacetOption>,
    /// So many stand open; the rest fold away behind 更多. A chosen one is never folded.
    pub shown: usize,
}

impl Facet {
    fn first(&self) -> &[FacetOption] {
        self.options.split_at_checked(self.fold_at()).map_or(&self.options[..], |(first, _)| first)
    }
    fn rest(&self) -> &[FacetOption] {
        self.options.split_at_checked(self.fold_at()).map_or(&[], |(_, rest)| rest)
    }
    /// Folding one single option away saves nothing.
    fn fold_at(&self) -> usize {
        let chosen = self.options.iter().rposition(|o| o.is_chosen).map_or(0, |i| i + 1);
        let at = self.shown.max(chosen);
        if at + 1 >= self.options.len() { self.options.len() } else { at }
    }
}

/// Pages of a list.
#[derive(Debug, Clone, Template)]
#[template(path = "shared/parts/pager.html")]
pub struct Pager {
    /// From 1.
    pub page: u64,
    pub per_page: u64,
    pub total: u64,
    /// The address up to the page number: `/catalogue?year=2025&page=`.
    pub href: String,
}

/// A number as read: 3,214.
pub fn grouped(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

impl Pager {
    /// How many there are, as read.
    pub fn count(&self) -> String {
        grouped(self.total)
    }
    pub fn pages(&self) -> u64 {
        self.total.div_ceil(self.per_page.max(1)).max(1)
    }
    fn from(&self) -> u64 {
        if self.total == 0 { 0 } else { (self.page.max(1) - 1) * self.per_page + 1 }
    }
    fn to(&self) -> u64 {
        (self.page.max(1) * self.per_page).min(self.total)
    }
    /// The page numbers shown; `None` is a gap.
    fn numbers(&self) -> Vec<Option<u64>> {
        let last = self.pages();
        let mut shown: Vec<u64> =
            [1, last].into_iter().chain(self.page.saturating_sub(1)..=self.page + 1).collect();
        shown.retain(|n| (1..=last).contains(n));
        shown.sort_unstable();
        shown.dedup();
        let mut numbers = Vec::new();
        let mut before = 0;
        for n in shown {
            match n - before {
                1 => {}
                2 => numbers.push(Some(n - 1)),
                _ => numbers.push(None),
            }
            numbers.push(Some(n));
            before = n;
        }
        numbers
    }
}

/// A file to download, already named, typed and weighed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    pub name: String,
    pub href: String,
    /// PDF, DOCX, XLSX…
    pub kind: String,
    /// 312 KB
    pub size: String,
}

/// A piece of text; a hit of a search is marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub text: String,
    pub is_hit: bool,
}

/// Cuts a text into segments at `[[` and `]]`, a shorthand for samples and tests.
pub fn segments(text: &str) -> Vec<Segment> {
    text.split("[[")
        .enumerate()
        .flat_map(|(i, part)| match part.split_once("]]") {
            Some((hit, rest)) if i > 0 => vec![(hit, true), (rest, false)],
            _ => vec![(part, false)],
        })
        .filter(|(text, _)| !text.is_empty())
        .map(|(text, is_hit)| Segment { text: text.to_owned(), is_hit })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(page: u64, total: u64) -> String {
        let pager = Pager { page, per_page: 10, total, href: String::new() };
        let words = pager.numbers().into_iter().map(|n| n.map_or("…".to_owned(), |n| n.to_string()));
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn pager_shows_ends_and_neighbours() {
        assert_eq!(numbers(1, 0), "1");
        assert_eq!(numbers(1, 100), "1 2 … 10");
        assert_eq!(numbers(3, 100), "1 2 3 4 … 10");
        assert_eq!(numbers(4, 100), "1 2 3 4 5 … 10", "a gap of one page is that page");
        assert_eq!(numbers(6, 100), "1 … 5 6 7 … 10");
        assert_eq!(numbers(10, 100), "1 … 9 10");
        assert_eq!(numbers(99, 100), "1 … 10", "a page past the end");
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(
            [0u32, 999, 1_000, 3_214, 1_234_567].map(grouped),
            ["0", "999", "1,000", "3,214", "1,234,567"]
        );
    }

    #[test]
    fn facet_never_folds_what_is_chosen() {
        let option =
            |n: usize| FacetOption { label: n.to_string(), count: 1, href: String::new(), is_chosen: n == 6 };
        let facet = Facet { title: String::new(), options: (0..9).map(option).collect(), shown: 3 };
        assert_eq!((facet.first().len(), facet.rest().len()), (7, 2));
        let facet = Facet { title: String::new(), options: (0..4).map(option).collect(), shown: 3 };
        assert_eq!((facet.first().len(), facet.rest().len()), (4, 0));
    }

    #[test]
    fn segments_alternate() {
        let cut = segments("一[[二]]三[[四]]");
        let hits: Vec<_> = cut.iter().filter(|s| s.is_hit).map(|s| s.text.as_str()).collect();
        assert_eq!((cut.len(), hits), (4, vec!["二", "四"]));
    }
}
