//! The figures of one report in two hundred bytes, and the sums over any number of them.

use std::sync::LazyLock;

use super::value;
use crate::model::{
    ApplicantColumn, Cell, CellAddress, Content, OfficialForm, ProactiveColumn, ProactiveRow, RemedyColumn,
    RemedyRow, Report, RequestRow, TableName,
};

const PROACTIVE: usize = ProactiveRow::ALL.len() * ProactiveColumn::ALL.len();
const REQUESTS: usize = RequestRow::ALL.len() * ApplicantColumn::ALL.len();
const REMEDIES: usize = RemedyRow::ALL.len() * RemedyColumn::ALL.len();
/// A place for every cell of either form.
const PLACES: usize = PROACTIVE + REQUESTS + REMEDIES;

fn place(address: CellAddress) -> usize {
    match address {
        CellAddress::Proactive(row, column) => row as usize * ProactiveColumn::ALL.len() + column as usize,
        CellAddress::Requests(row, column) => {
            PROACTIVE + row as usize * ApplicantColumn::ALL.len() + column as usize
        }
        CellAddress::Remedies(row, column) => {
            PROACTIVE + REQUESTS + row as usize * RemedyColumn::ALL.len() + column as usize
        }
    }
}

/// The cells of a table of this form in stored order. The 2021 form splits 其他处理 into three rows; their sum is
/// kept beside them, so that both forms add up in the one row of the 2019 form.
fn layout(table: TableName, form: OfficialForm) -> &'static [CellAddress] {
    type Layouts = [[Vec<CellAddress>; 2]; 3];
    static LAYOUTS: LazyLock<Layouts> = LazyLock::new(|| {
        let of = |table: TableName, form: OfficialForm| {
            let mut cells = CellAddress::all(form);
            cells.retain(|address| address.table() == table);
            if (table, form) == (TableName::Requests, OfficialForm::F2021) {
                let whole = |&column| CellAddress::Requests(RequestRow::OtherHandling, column);
                cells.extend(ApplicantColumn::ALL.iter().map(whole));
            }
            cells
        };
        [TableName::Proactive, TableName::Requests, TableName::Remedies]
            .map(|table| OfficialForm::ALL.map(|form| of(table, form)))
    });
    &LAYOUTS[table as usize][form as usize]
}

/// Where the cells of a table in stored order stand among the sums.
fn places(table: TableName, form: OfficialForm) -> &'static [usize] {
    type Places = [[Vec<usize>; 2]; 3];
    static PLACES: LazyLock<Places> = LazyLock::new(|| {
        [TableName::Proactive, TableName::Requests, TableName::Remedies].map(|table| {
            OfficialForm::ALL.map(|form| layout(table, form).iter().map(|&address| place(address)).collect())
        })
    });
    &PLACES[table as usize][form as usize]
}

const SPLIT: [RequestRow; 3] =
    [RequestRow::NotSupplementedInTime, RequestRow::FeeNotPaidInTime, RequestRow::Other];

/// The number of a cell in a report, whichever form it follows: 其他处理 of a report in the 2021 form is the sum of
/// its three rows.
pub(crate) fn figure_of(report: &Report, address: CellAddress) -> Option<i64> {
    if let Some(cell) = report.get(address) {
        return value::figure(address, cell);
    }
    let CellAddress::Requests(RequestRow::OtherHandling, column) = address else { return None };
    SPLIT.iter().try_fold(0_i64, |sum, &row| {
        let part = CellAddress::Requests(row, column);
        sum.checked_add(value::figure(part, report.get(part)?)?)
    })
}

/// Makes the number of a cell unknown, whichever form the report follows.
pub(super) fn lose(report: &mut Report, address: CellAddress) {
    if report.put(address, Cell::new(Content::Lost)) {
        return;
    }
    if let CellAddress::Requests(RequestRow::OtherHandling, column) = address {
        for row in SPLIT {
            report.put(CellAddress::Requests(row, column), Cell::new(Content::Lost));
        }
    }
}

/// What a cell holds, as it is stored: the four contents stay apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Not known: lost, or no number that can stand there.
    Lost,
    Blank,
    /// An explicit 无.
    None,
    /// Zero and every other number.
    Number(i64),
}

impl Figure {
    fn of(report: &Report, address: CellAddress) -> Self {
        match report.get(address).map(|cell| &cell.content) {
            Some(Content::Blank) => Self::Blank,
            Some(Content::ExplicitNone) => Self::None,
            _ => figure_of(report, address).map_or(Self::Lost, Self::Number),
        }
    }

    /// What it adds with: an explicit none is known to be nothing.
    pub fn number(self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(number),
            Self::None => Some(0),
            Self::Lost | Self::Blank => None,
        }
    }
}

/// The figures of one report, packed: a byte for each small number, for storing and adding many thousands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures(Box<[u8]>);

impl Figures {
    pub fn of(report: &Report) -> Self {
        let mut bytes = Vec::with_capacity(224);
        for &table in TableName::ALL {
            let form = report.form(table);
            bytes.push(form.map_or(0, |form| form as u8 + 1));
            for &address in form.map_or(&[][..], |form| layout(table, form)) {
                pack(&mut bytes, Figure::of(report, address));
            }
        }
        Self(bytes.into())
    }

    /// The stored form.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Figures as they were stored; `None` when the bytes are not whole.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        read(bytes, |_, _| {}).then(|| Self(bytes.into()))
    }

    pub fn get(&self, address: CellAddress) -> Option<i64> {
        self.figure(address)?.number()
    }

    /// `None`: the form of the report has no such cell.
    pub fn figure(&self, address: CellAddress) -> Option<Figure> {
        let mut found = None;
        let wanted = place(address);
        read(&self.0, |place, figure| {
            if place == wanted {
                found = Some(figure);
            }
        });
        found
    }
}

/// Numbers begin here; what is below is a cell without one: 0 lost, 1 blank, 2 an explicit none.
const FIRST_NUMBER: u128 = 3;

/// Zigzag and seven bits a byte.
fn pack(bytes: &mut Vec<u8>, figure: Figure) {
    let mut rest = match figure {
        Figure::Lost => 0,
        Figure::Blank => 1,
        Figure::None => 2,
        Figure::Number(n) => ((n as i128) << 1 ^ (n as i128) >> 127).cast_unsigned() + FIRST_NUMBER,
    };
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

/// Calls `take` with every place the forms have and what stands there; says whether the bytes were whole.
fn read(bytes: &[u8], mut take: impl FnMut(usize, Figure)) -> bool {
    let mut rest = bytes;
    for &table in TableName::ALL {
        let Some((&form, after)) = rest.split_first() else { return false };
        rest = after;
        let form = match form {
            0 => continue,
            1 => OfficialForm::F2019,
            2 => OfficialForm::F2021,
            _ => return false,
        };
        for &place in places(table, form) {
            let Some((&first, after)) = rest.split_first() else { return false };
            rest = after;
            // A byte of an even zigzag: the small numbers that most cells hold.
            if (3..0x80).contains(&first) && first & 1 == 1 {
                take(place, Figure::Number(i64::from((first - 3) >> 1)));
                continue;
            }
            let mut packed = u128::from(first & 0x7f);
            let (mut more, mut shift) = (first >= 0x80, 7);
            while more {
                let Some((&byte, after)) = rest.split_first() else { return false };
                if shift > 63 {
                    return false;
                }
                rest = after;
                packed |= u128::from(byte & 0x7f) << shift;
                (more, shift) = (byte >= 0x80, shift + 7);
            }
            let figure = match packed {
                0 => Figure::Lost,
                1 => Figure::Blank,
                2 => Figure::None,
                packed => {
                    let zigzag = packed - FIRST_NUMBER;
                    let half = (zigzag >> 1).cast_signed();
                    let number = if zigzag & 1 == 0 { half } else { !half };
                    i64::try_from(number).map_or(Figure::Lost, Figure::Number)
                }
            };
            take(place, figure);
        }
    }
    rest.is_empty()
}

/// The sum of one cell: what is known of it, and over how many reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    pub known: i128,
    /// Reports whose number is known.
    pub reports: u32,
    /// Of these, reports that say 无 instead of a number.
    pub none: u32,
    /// Reports that leave the cell blank; where it is neither known nor blank, it is lost.
    pub blank: u32,
}

/// What can be said about the sum of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    Exact(i128),
    /// Some report's number is not known; the others reach this.
    AtLeast(i128),
    /// No report's number is known, or what is unknown can also be negative.
    Unknown,
}

impl Total {
    pub fn exact(self) -> Option<i128> {
        match self {
            Self::Exact(number) => Some(number),
            Self::AtLeast(_) | Self::Unknown => None,
        }
    }
}

/// The sums of every cell over a set of reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    sums: Vec<Sum>,
    reports: u32,
}

impl Default for Totals {
    fn default() -> Self {
        Self { sums: vec![Sum::default(); PLACES], reports: 0 }
    }
}

impl Totals {
    /// How many reports were added.
    pub fn reports(&self) -> u32 {
        self.reports
    }

    pub fn add(&mut self, figures: &Figures) {
        self.add_packed(&figures.0);
    }

    /// Adds figures as they were stored, without a copy; `false` when the bytes are not whole: the sums are then
    /// worth nothing.
    pub fn add_packed(&mut self, bytes: &[u8]) -> bool {
        let sums = &mut self.sums;
        let is_whole = read(bytes, |place, figure| {
            let sum = &mut sums[place];
            match figure {
                Figure::Number(number) => {
                    sum.known += i128::from(number);
                    sum.reports += 1;
                }
                Figure::None => {
                    sum.reports += 1;
                    sum.none += 1;
                }
                Figure::Blank => sum.blank += 1,
                Figure::Lost => {}
            }
        });
        self.reports += u32::from(is_whole);
        is_whole
    }

    /// The sum of two sets of reports that have none in common.
    pub fn merge(&mut self, other: &Totals) {
        self.reports += other.reports;
        for (sum, other) in self.sums.iter_mut().zip(&other.sums) {
            sum.known += other.known;
            sum.reports += other.reports;
            sum.none += other.none;
            sum.blank += other.blank;
        }
    }

    pub fn sum(&self, address: CellAddress) -> Sum {
        self.sums[place(address)]
    }

    pub fn total(&self, address: CellAddress) -> Total {
        let sum = self.sum(address);
        match sum.reports {
            all if all == self.reports => Total::Exact(sum.known),
            0 => Total::Unknown,
            _ if value::is_signed(address) => Total::Unknown,
            _ => Total::AtLeast(sum.known),
        }
    }
}

impl FromIterator<Figures> for Totals {
    fn from_iter<I: IntoIterator<Item = Figures>>(all: I) -> Self {
        let mut totals = Self::default();
        all.into_iter().for_each(|figures| totals.add(&figures));
        totals
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn content() -> impl Strategy<Value = Content> {
        prop_oneof![
            6 => (0..2_000_i64).prop_map(Content::Count),
            1 => (-5..i64::MAX).prop_map(Content::Count),
            1 => Just(Content::Lost),
            1 => Just(Content::Blank),
            1 => Just(Content::ExplicitNone),
            1 => (0..99_999_u32, 0..99_u32).prop_map(|(a, b)| Content::Amount(format!("{a}.{b:02}"))),
        ]
    }

    prop_compose! {
        fn report()(year in 2019..2024_i16, contents in prop::collection::vec(content(), 250)) -> Report {
            let mut report = Report::new("青禾区白露镇", year);
            let cells: Vec<CellAddress> = report.cells().map(|view| view.address).collect();
            for (address, content) in cells.into_iter().zip(contents) {
                report.put(address, Cell::new(content));
            }
            report
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn packing_keeps_every_number(report in report()) {
            let figures = Figures::of(&report);
            for view in report.cells() {
                prop_assert_eq!(figures.get(view.address), value::figure(view.address, view.cell));
                let figure = figures.figure(view.address).unwrap();
                prop_assert_eq!(figure == Figure::Blank, view.cell.content == Content::Blank);
                prop_assert_eq!(figure == Figure::None, view.cell.content == Content::ExplicitNone);
            }
            prop_assert_eq!(Figures::from_bytes(figures.as_bytes()), Some(figures.clone()));
            prop_assert!(Figures::from_bytes(&figures.as_bytes()[1..]).is_none_or(|other| other != figures));
        }

        /// Order does not matter, and the sum of sums is the sum.
        #[test]
        fn adding_is_commutative_and_associative(
            reports in prop::collection::vec(report(), 0..9),
            cut in any::<prop::sample::Index>(),
        ) {
            let all: Vec<Figures> = reports.iter().map(Figures::of).collect();
            let whole: Totals = all.iter().cloned().collect();
            let backwards: Totals = all.iter().rev().cloned().collect();
            prop_assert_eq!(&whole, &backwards);
            let (one, other) = all.split_at(cut.index(all.len() + 1));
            let mut sums: Totals = other.iter().cloned().collect();
            sums.merge(&one.iter().cloned().collect());
            prop_assert_eq!(&whole, &sums);
            for &address in layout(TableName::Requests, OfficialForm::F2021) {
                let numbers: Vec<Option<i64>> = reports.iter().map(|r| figure_of(r, address)).collect();
                let known: i128 = numbers.iter().flatten().map(|n| i128::from(*n)).sum();
                let expected = match numbers.iter().flatten().count() {
                    all if all == numbers.len() => Total::Exact(known),
                    0 => Total::Unknown,
                    _ => Total::AtLeast(known),
                };
                prop_assert_eq!(whole.total(address), expected);
            }
        }

        #[test]
        fn foreign_bytes_are_refused_or_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            if let Some(figures) = Figures::from_bytes(&bytes) {
                let mut totals = Totals::default();
                totals.add(&figures);
            }
        }
    }

    #[test]
    fn a_report_takes_some_two_hundred_bytes() {
        let small = Figures::of(&Report::new("青禾区白露镇", 2025));
        assert_eq!(small.as_bytes().len(), 3 + 10 + 175 + 7 + 15);
    }

    #[test]
    fn both_forms_add_up_in_the_one_row_of_the_older() {
        let mut old = Report::new("青禾区白露镇", 2020);
        old.set_count("requests/other_handling/other".parse().unwrap(), 4).unwrap();
        let mut new = Report::new("青禾区松溪镇", 2021);
        new.set_count("requests/other_handling.other/other".parse().unwrap(), 2).unwrap();
        new.set_count("requests/other_handling.fee_not_paid_in_time/other".parse().unwrap(), 1).unwrap();
        let both: Totals = [&old, &new].map(Figures::of).into_iter().collect();
        assert_eq!(both.total("requests/other_handling/other".parse().unwrap()), Total::Exact(7));
        // What the older form does not tell apart is not told apart in the sum.
        assert_eq!(both.total("requests/other_handling.other/other".parse().unwrap()), Total::AtLeast(2));
        assert_eq!(both.total("proactive/rules/issued".parse().unwrap()), Total::AtLeast(0));
        assert_eq!(both.total("proactive/licenses/decisions".parse().unwrap()), Total::Exact(0));
    }
}
