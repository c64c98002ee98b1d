//! What a list is narrowed by, as it stands in the address.

use crate::components::{Facet, FacetOption, Link};
use crate::forms::{Fields, query};

/// One of the things a list can be narrowed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Agency,
    Category,
    /// 主题分类.
    Theme,
    Genre,
    Year,
    /// 效力.
    Validity,
    /// One line of an agency's catalogue.
    Line,
}

impl By {
    pub(crate) const ALL: [By; 7] =
        [By::Agency, By::Category, By::Theme, By::Genre, By::Year, By::Validity, By::Line];

    fn name(self) -> &'static str {
        match self {
            By::Agency => "agency",
            By::Category => "category",
            By::Theme => "theme",
            By::Genre => "genre",
            By::Year => "year",
            By::Validity => "validity",
            By::Line => "line",
        }
    }

    fn title(self) -> &'static str {
        match self {
            By::Agency => "发布机关",
            By::Category => "法定公开事项",
            By::Theme => "主题分类",
            By::Genre => "体裁",
            By::Year => "公开年度",
            By::Validity => "效力",
            By::Line => "目录栏目",
        }
    }

    /// So many options stand open.
    fn shown(self) -> usize {
        match self {
            By::Agency => 8,
            By::Category => 8,
            By::Theme | By::Genre => 6,
            By::Year | By::Validity | By::Line => 5,
        }
    }
}

/// The query of a list: words, what it is narrowed by, the order, the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Narrowing {
    base: &'static str,
    /// What is searched for.
    pub(crate) text: String,
    agency: String,
    category: String,
    theme: String,
    genre: String,
    year: String,
    validity: String,
    line: String,
    /// 生成日期 from and until; empty when no day.
    pub(crate) from: String,
    pub(crate) until: String,
    /// Empty: the order of the page.
    pub(crate) sort: String,
}

/// A day as browsers send it; anything else narrows nothing.
fn day(query: &Fields, name: &str) -> String {
    query.date(name).map(|day| day.to_string()).unwrap_or_default()
}

/// The highest page anyone is shown; beyond it one narrows.
const LAST_PAGE: u64 = 100_000;
/// So many characters of a value are read.
const LONGEST: usize = 200;

impl Narrowing {
    /// Reads the query of `base`; what it does not know is left out, what is too long is cut.
    pub(crate) fn read(base: &'static str, query: &Fields) -> (Narrowing, u64) {
        let short = |name: &str| query.text(name).chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        let narrowing = Narrowing {
            base,
            text: short("q"),
            agency: short("agency"),
            category: short("category"),
            theme: short("theme"),
            genre: short("genre"),
            year: short("year"),
            validity: short("validity"),
            line: short("line"),
            from: day(query, "from"),
            until: day(query, "until"),
            sort: short("sort"),
        };
        let page = query.text("page").parse().unwrap_or(1).clamp(1, LAST_PAGE);
        (narrowing, page)
    }

    pub(crate) fn get(&self, by: By) -> &str {
        match by {
            By::Agency => &self.agency,
            By::Category => &self.category,
            By::Theme => &self.theme,
            By::Genre => &self.genre,
            By::Year => &self.year,
            By::Validity => &self.validity,
            By::Line => &self.line,
        }
    }

    pub(crate) fn some(&self, by: By) -> Option<String> {
        Some(self.get(by).to_owned()).filter(|value| !value.is_empty())
    }

    pub(crate) fn is_narrowed(&self) -> bool {
        By::ALL.iter().any(|by| !self.get(*by).is_empty()) || !self.from.is_empty() || !self.until.is_empty()
    }

    pub(crate) fn with(&self, by: By, value: &str) -> Narrowing {
        let mut other = self.clone();
        let field = match by {
            By::Agency => &mut other.agency,
            By::Category => &mut other.category,
            By::Theme => &mut other.theme,
            By::Genre => &mut other.genre,
            By::Year => &mut other.year,
            By::Validity => &mut other.validity,
            By::Line => &mut other.line,
        };
        value.clone_into(field);
        other
    }

    /// The same search without what narrows it.
    pub(crate) fn widened(&self) -> Narrowing {
        Narrowing {
            base: self.base,
            text: self.text.clone(),
            sort: self.sort.clone(),
            ..Narrowing::default()
        }
    }

    /// The same list, of everything.
    pub(crate) fn emptied(&self) -> Narrowing {
        Narrowing { base: self.base, ..Narrowing::default() }
    }

    pub(crate) fn searching(&self, text: &str) -> Narrowing {
        Narrowing { text: text.to_owned(), ..self.clone() }
    }

    pub(crate) fn sorted(&self, sort: &str) -> Narrowing {
        Narrowing { sort: sort.to_owned(), ..self.clone() }
    }

    /// The address of this list; the same narrowing always gives the same address.
    pub(crate) fn address(&self) -> String {
        let query = self.query();
        if query.is_empty() { self.base.to_owned() } else { format!("{}?{query}", self.base) }
    }

    /// The address up to the number of the page.
    pub(crate) fn page_address(&self) -> String {
        let query = self.query();
        let joint = if query.is_empty() { "" } else { "&" };
        format!("{}?{query}{joint}page=", self.base)
    }

    /// What a form sends again that asks for other days.
    pub(crate) fn kept(&self) -> Vec<(&'static str, String)> {
        let narrowed = By::ALL.iter().map(|by| (by.name(), self.get(*by).to_owned()));
        let all = [("q", self.text.clone()), ("sort", self.sort.clone())].into_iter().chain(narrowed);
        all.filter(|(_, value)| !value.is_empty()).collect()
    }

    fn query(&self) -> String {
        let narrowed = By::ALL.iter().map(|by| (by.name(), self.get(*by)));
        let rest = [("from", self.from.as_str()), ("until", &self.until), ("sort", &self.sort)];
        query([("q", self.text.as_str())].into_iter().chain(narrowed).chain(rest))
    }

    /// One way to narrow this list: (value, words, how many).
    pub(crate) fn facet(&self, by: By, values: impl IntoIterator<Item = (String, String, u64)>) -> Facet {
        let options = values
            .into_iter()
            .map(|(value, label, count)| {
                let is_chosen = self.get(by) == value;
                let there = self.with(by, if is_chosen { "" } else { &value });
                FacetOption { label, count, href: there.address(), is_chosen }
            })
            .collect();
        // Search goes by the day a document was made.
        let title = if by == By::Year && self.base == "/search" { "生成年度" } else { by.title() };
        Facet { title: title.into(), options, shown: by.shown() }
    }

    /// What is chosen, each leading to the list without it.
    pub(crate) fn chosen(&self, words: impl Fn(By, &str) -> String) -> Vec<Link> {
        let chosen = By::ALL
            .into_iter()
            .filter(|by| !self.get(*by).is_empty())
            .map(|by| Link::new(words(by, self.get(by)), self.with(by, "").address()));
        let from = Narrowing { from: String::new(), ..self.clone() };
        let until = Narrowing { until: String::new(), ..self.clone() };
        let days = [(&self.from, "起", from), (&self.until, "止", until)].into_iter();
        let days = days.filter(|(day, ..)| !day.is_empty());
        chosen
            .chain(days.map(|(day, end, without)| Link::new(format!("{day} {end}"), without.address())))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_chosen_and_reads_back() {
        let (list, page) = Narrowing::read(
            "/search",
            &Fields::parse("page=3&q=%E5%8D%B1%E6%88%BF&year=2025&nonsense=1&agency=".as_bytes()),
        );
        assert_eq!(page, 3);
        assert_eq!(list.address(), "/search?q=%E5%8D%B1%E6%88%BF&year=2025");
        assert_eq!(list.page_address(), "/search?q=%E5%8D%B1%E6%88%BF&year=2025&page=");
        let query = list.address();
        let (again, _) =
            Narrowing::read("/search", &Fields::parse(query.split_once('?').unwrap().1.as_bytes()));
        assert_eq!(again, list);
        let facet =
            list.facet(By::Year, [("2025".into(), "2025".into(), 1), ("2024".into(), "2024".into(), 2)]);
        assert_eq!(facet.options[0].href, "/search?q=%E5%8D%B1%E6%88%BF", "a chosen one is given up");
        assert_eq!(facet.options[1].href, "/search?q=%E5%8D%B1%E6%88%BF&year=2024");
        assert_eq!(list.chosen(|_, value| value.into()), [Link::new("2025", "/search?q=%E5%8D%B1%E6%88%BF")]);
    }

    #[test]
    fn pages_are_numbers_from_one() {
        for typed in ["page=0", "page=-1", "page=x", ""] {
            assert_eq!(Narrowing::read("/catalogue", &Fields::parse(typed.as_bytes())).1, 1, "{typed}");
        }
    }
}
