//! What a record counts as: the one definition from which both the figures and their lists are made.

use std::fmt;
use std::str::FromStr;

use gongkai_report::CellAddress;
use gongkai_report::model::{
    ApplicantColumn, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow, RequestRow, UnknownAddress,
};
use gongkai_statute::closed_list;
use jiff::civil::{Date, date};

use super::activity::ActivityForm;
use super::{DocumentKind, EndKind, EnforcementKind};
use crate::interaction::CaseKind;

/// The first year of the form that is compiled here, 国办公开办函〔2021〕30号.
const FIRST_YEAR: i16 = 2021;

/// The year reported on, as far as it has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub year: i16,
    pub from: Date,
    /// 31 December, or today while the year is running.
    pub until: Date,
    pub is_running: bool,
}

impl Period {
    /// `None` for a year that has not begun or that has another form.
    pub fn of(year: i16, today: Date) -> Option<Period> {
        if year < FIRST_YEAR || year > today.year() {
            return None;
        }
        let (from, last) = (date(year, 1, 1), date(year, 12, 31));
        Some(Period { year, from, until: last.min(today), is_running: today < last })
    }

    /// Whether the whole year lies in the past.
    pub fn is_over(&self, today: Date) -> bool {
        today > self.until && !self.is_running
    }

    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }

    /// 2025年1月1日至12月31日, 2026年1月1日至11月21日（截至今日）.
    pub fn in_words(&self) -> String {
        let so_far = if self.is_running { "（截至今日）" } else { "" };
        format!("{}年1月1日至{}月{}日{so_far}", self.year, self.until.month(), self.until.day())
    }

    /// 2025年12月31日.
    pub fn until_in_words(&self) -> String {
        let so_far = if self.is_running { "（今日）" } else { "" };
        format!("{}年{}月{}日{so_far}", self.year, self.until.month(), self.until.day())
    }
}

closed_list! {
    /// 办理结果的六类 — the six heads under which table three sets its outcomes.
    pub enum OutcomeHead {
        /// 予以公开.
        Disclosed = "disclosed", "予以公开";
        /// 部分公开.
        PartlyDisclosed = "partly_disclosed", "部分公开";
        /// 不予公开.
        NotDisclosed = "not_disclosed", "不予公开";
        /// 无法提供.
        UnableToProvide = "unable_to_provide", "无法提供";
        /// 不予处理.
        NotProcessed = "not_processed", "不予处理";
        /// 其他处理.
        OtherHandling = "other_handling", "其他处理";
    }
}

impl OutcomeHead {
    /// The head of an outcome's row.
    pub fn of(row: RequestRow) -> Option<OutcomeHead> {
        let code = row.code();
        OutcomeHead::from_code(code.split_once('.').map_or(code, |(head, _)| head))
            .filter(|_| row.is_outcome())
    }
}

/// A figure of the prose that is counted like a cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProseFigure {
    /// 主动公开信息, all genres.
    Releases,
    /// 主动公开信息 of one genre, by its code.
    ReleasesOf(String),
    /// 主动公开信息 under one duty of the catalogue, by the duty's code.
    ReleasesUnder(String),
    /// 工作记录 of one form: interpretations, outside channels, trainings, meetings.
    Activities(ActivityForm),
    /// 办理结果 under one head of table three.
    Outcomes(OutcomeHead),
    /// 公众来信, all kinds.
    Cases,
    CasesOf(CaseKind),
    /// 已答复 among the letters of the year.
    CasesAnswered,
    /// 收费通知, how many.
    FeeNotices,
    /// 收费通知, 元 demanded.
    FeesDemanded,
    /// 信息处理费, 元 received.
    FeesReceived,
}

impl ProseFigure {
    /// 主动公开信息, 实收信息处理费 — the figure in a few words.
    pub fn label(&self) -> String {
        match self {
            ProseFigure::Releases => "主动公开信息".into(),
            ProseFigure::ReleasesOf(genre) => format!("主动公开信息：{}", super::prose::genre_label(genre)),
            ProseFigure::ReleasesUnder(category) => {
                format!("主动公开信息：{}", crate::catalogue::category_label(category))
            }
            ProseFigure::Activities(form) => form.figure_name(),
            ProseFigure::Outcomes(head) => format!("办理结果：{}", head.label()),
            ProseFigure::Cases => "公众来信".into(),
            ProseFigure::CasesOf(kind) => format!("公众来信：{}", kind.label()),
            ProseFigure::CasesAnswered => "已答复来信".into(),
            ProseFigure::FeeNotices => "收费通知".into(),
            ProseFigure::FeesDemanded => "收费通知金额".into(),
            ProseFigure::FeesReceived => "实收信息处理费".into(),
        }
    }
}

/// Where a figure stands: a cell of a table or a number of the prose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FigureAddress {
    Cell(CellAddress),
    Prose(ProseFigure),
}

impl fmt::Display for FigureAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FigureAddress::Cell(cell) => cell.fmt(f),
            FigureAddress::Prose(figure) => match figure {
                ProseFigure::Releases => f.write_str("prose/releases/all"),
                ProseFigure::ReleasesOf(genre) => write!(f, "prose/releases/{genre}"),
                ProseFigure::ReleasesUnder(category) => write!(f, "prose/columns/{category}"),
                ProseFigure::Activities(form) => write!(f, "prose/activities/{}", form.code()),
                ProseFigure::Outcomes(head) => write!(f, "prose/outcomes/{}", head.code()),
                ProseFigure::Cases => f.write_str("prose/letters/all"),
                ProseFigure::CasesOf(kind) => write!(f, "prose/letters/{}", kind.code()),
                ProseFigure::CasesAnswered => f.write_str("prose/letters/answered"),
                ProseFigure::FeeNotices => f.write_str("prose/fees/notices"),
                ProseFigure::FeesDemanded => f.write_str("prose/fees/demanded"),
                ProseFigure::FeesReceived => f.write_str("prose/fees/received"),
            },
        }
    }
}

impl FromStr for FigureAddress {
    type Err = UnknownAddress;

    fn from_str(text: &str) -> Result<Self, UnknownAddress> {
        let figure = match text.strip_prefix("prose/") {
            None => return text.parse().map(FigureAddress::Cell),
            Some("releases/all") => ProseFigure::Releases,
            Some("letters/all") => ProseFigure::Cases,
            Some("letters/answered") => ProseFigure::CasesAnswered,
            Some("fees/notices") => ProseFigure::FeeNotices,
            Some("fees/demanded") => ProseFigure::FeesDemanded,
            Some("fees/received") => ProseFigure::FeesReceived,
            Some(other) => match other.split_once('/') {
                Some(("releases", genre)) if !genre.is_empty() => ProseFigure::ReleasesOf(genre.into()),
                Some(("columns", duty)) if !duty.is_empty() => ProseFigure::ReleasesUnder(duty.into()),
                Some((kind, code)) => {
                    let known = match kind {
                        "letters" => CaseKind::from_code(code).map(ProseFigure::CasesOf),
                        "activities" => ActivityForm::from_code(code).map(ProseFigure::Activities),
                        "outcomes" => OutcomeHead::from_code(code).map(ProseFigure::Outcomes),
                        _ => None,
                    };
                    known.ok_or_else(|| UnknownAddress(text.to_owned()))?
                }
                None => return Err(UnknownAddress(text.to_owned())),
            },
        };
        Ok(FigureAddress::Prose(figure))
    }
}

impl FigureAddress {
    /// A sum of other figures: it changes only when one of them does.
    pub fn is_total(&self) -> bool {
        match self {
            FigureAddress::Cell(cell) => cell.is_derived(),
            FigureAddress::Prose(figure) => {
                use ProseFigure as P;
                matches!(figure, P::Releases | P::ReleasesUnder(_) | P::Cases | P::Outcomes(_))
            }
        }
    }
}

impl From<ProseFigure> for FigureAddress {
    fn from(figure: ProseFigure) -> Self {
        FigureAddress::Prose(figure)
    }
}

impl From<CellAddress> for FigureAddress {
    fn from(cell: CellAddress) -> Self {
        FigureAddress::Cell(cell)
    }
}

/// How big a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// So many records.
    Count(i64),
    /// Money in 分, the sum over the records.
    Fen(i64),
}

impl Figure {
    /// Nothing of the same kind.
    pub(crate) fn zero(self) -> Figure {
        match self {
            Figure::Count(_) => Figure::Count(0),
            Figure::Fen(_) => Figure::Fen(0),
        }
    }

    /// Both together; money and counts do not mix.
    pub(crate) fn plus(self, other: Figure) -> Figure {
        match (self, other) {
            (Figure::Count(a), Figure::Count(b)) => Figure::Count(a + b),
            (Figure::Fen(a), Figure::Fen(b)) => Figure::Fen(a + b),
            (kept, _) => kept,
        }
    }

    /// As it stands in a cell of the form: 3, 12.345 (万元).
    pub fn in_cell(self) -> String {
        match self {
            Figure::Count(count) => count.to_string(),
            Figure::Fen(fen) => Figure::in_10k_yuan(fen),
        }
    }

    /// As a sentence says it: money of the prose in 元, of a cell in 万元.
    pub fn said_of(self, figure: &FigureAddress) -> String {
        match (self, figure) {
            (Figure::Fen(fen), FigureAddress::Prose(_)) => Figure::in_yuan(fen),
            _ => self.in_cell(),
        }
    }

    /// Reads what stands in a cell of the same kind as `like`.
    pub(crate) fn from_cell(text: &str, like: Figure) -> Option<Figure> {
        let text = text.trim();
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 12 || !digits(whole) || !digits(part) || text.ends_with('.') {
            return None;
        }
        match like {
            Figure::Count(_) => part.is_empty().then(|| whole.parse().ok().map(Figure::Count))?,
            Figure::Fen(_) if part.len() <= 6 => {
                let fen = format!("{part:0<6}").parse::<i64>().ok()?;
                Some(Figure::Fen(whole.parse::<i64>().ok()?.checked_mul(1_000_000)?.checked_add(fen)?))
            }
            Figure::Fen(_) => None,
        }
    }

    /// How much bigger it is than another of its kind.
    pub(crate) fn minus(self, other: Figure) -> i64 {
        let of = |figure| match figure {
            Figure::Count(n) | Figure::Fen(n) => n,
        };
        of(self) - of(other)
    }

    pub(crate) fn moved_by(self, difference: i64) -> Figure {
        match self {
            Figure::Count(count) => Figure::Count(count + difference),
            Figure::Fen(fen) => Figure::Fen(fen + difference),
        }
    }

    /// 万元 as an exact decimal without needless zeros.
    pub fn in_10k_yuan(fen: i64) -> String {
        decimal(fen, 6)
    }

    /// 元 as an exact decimal without needless zeros.
    pub fn in_yuan(fen: i64) -> String {
        decimal(fen, 2)
    }
}

fn decimal(units: i64, places: usize) -> String {
    let scale = 10_i64.pow(u32::try_from(places).unwrap_or(0));
    let text = format!("{}.{:0places$}", units / scale, units % scale);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What a record says that the report counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    Document {
        kind: DocumentKind,
        issued_on: Date,
        ended: Option<(EndKind, Date)>,
    },
    Enforcement {
        kind: EnforcementKind,
        decided_on: Date,
    },
    FeeCollection {
        fen: i64,
        collected_on: Date,
    },
    Request {
        applicant: ApplicantColumn,
        received_on: Date,
        /// When and in which row it was closed; a request without both is open.
        closed: Option<(Date, RequestRow)>,
    },
    Remedy {
        row: RemedyRow,
        accepted_on: Date,
        concluded: Option<(Date, RemedyColumn)>,
    },
    Release {
        genre: String,
        /// Code of the duty its catalogue line belongs to.
        duty: String,
        released_on: Date,
    },
    Activity {
        form: ActivityForm,
        done_on: Date,
    },
    Case {
        kind: CaseKind,
        received_on: Date,
        replied_on: Option<Date>,
    },
    FeeNotice {
        yuan: i64,
        noticed_on: Date,
        paid_on: Option<Date>,
    },
}

impl Fact {
    /// What one record adds to a figure it counts in.
    pub(crate) fn weight(&self, figure: &FigureAddress) -> Figure {
        match (self, figure) {
            (Fact::FeeCollection { fen, .. }, _) => Figure::Fen(*fen),
            (Fact::FeeNotice { .. }, FigureAddress::Prose(ProseFigure::FeeNotices)) => Figure::Count(1),
            (Fact::FeeNotice { yuan, .. }, _) => Figure::Fen(yuan * 100),
            _ => Figure::Count(1),
        }
    }
}

/// 行政事业性收费.
const FEES: CellAddress =
    CellAddress::Proactive(ProactiveRow::AdministrativeFees, ProactiveColumn::Amount10kCny);

/// The figures of the year in which a record counts, totals included.
pub(crate) fn counted_in(fact: &Fact, period: &Period) -> Vec<FigureAddress> {
    match fact {
        Fact::Document { kind, issued_on, ended } => document(*kind, *issued_on, *ended, period),
        Fact::Enforcement { kind, decided_on } => {
            let row = match kind {
                EnforcementKind::License => ProactiveRow::Licenses,
                EnforcementKind::Penalty => ProactiveRow::Penalties,
                EnforcementKind::Compulsion => ProactiveRow::Compulsions,
            };
            when(period.holds(*decided_on), CellAddress::Proactive(row, ProactiveColumn::Decisions))
        }
        Fact::FeeCollection { collected_on, .. } => {
            let cell =
                CellAddress::Proactive(ProactiveRow::AdministrativeFees, ProactiveColumn::Amount10kCny);
            when(period.holds(*collected_on), cell)
        }
        Fact::Request { applicant, received_on, closed } => {
            request(*applicant, *received_on, *closed, period)
        }
        Fact::Remedy { row, accepted_on, concluded } => remedy(*row, *accepted_on, *concluded, period),
        Fact::Release { genre, duty, released_on } => prose(
            period.holds(*released_on),
            [
                ProseFigure::Releases,
                ProseFigure::ReleasesOf(genre.clone()),
                ProseFigure::ReleasesUnder(duty.clone()),
            ],
        ),
        Fact::Activity { form, done_on } => prose(period.holds(*done_on), [ProseFigure::Activities(*form)]),
        Fact::Case { kind, received_on, replied_on } => {
            let mut figures =
                prose(period.holds(*received_on), [ProseFigure::Cases, ProseFigure::CasesOf(*kind)]);
            let is_answered = replied_on.is_some_and(|day| day <= period.until);
            figures.extend(prose(period.holds(*received_on) && is_answered, [ProseFigure::CasesAnswered]));
            figures
        }
        Fact::FeeNotice { noticed_on, paid_on, .. } => {
            let mut figures =
                prose(period.holds(*noticed_on), [ProseFigure::FeeNotices, ProseFigure::FeesDemanded]);
            // 信息处理费 is itself an administrative fee, so what was paid counts in table two as well.
            let is_paid = paid_on.is_some_and(|day| period.holds(day));
            figures.extend(prose(is_paid, [ProseFigure::FeesReceived]));
            figures.extend(when(is_paid, FEES));
            figures
        }
    }
}

fn when(holds: bool, cell: CellAddress) -> Vec<FigureAddress> {
    if holds { vec![cell.into()] } else { Vec::new() }
}

fn prose(holds: bool, figures: impl IntoIterator<Item = ProseFigure>) -> Vec<FigureAddress> {
    if holds { figures.into_iter().map(FigureAddress::Prose).collect() } else { Vec::new() }
}

fn document(
    kind: DocumentKind,
    issued_on: Date,
    ended: Option<(EndKind, Date)>,
    period: &Period,
) -> Vec<FigureAddress> {
    let row = match kind {
        DocumentKind::Rules => ProactiveRow::Rules,
        DocumentKind::NormativeDocument => ProactiveRow::NormativeDocuments,
    };
    let repealed = ended.is_some_and(|(how, on)| how == EndKind::Repealed && period.holds(on));
    let in_force = issued_on <= period.until && ended.is_none_or(|(_, on)| on > period.until);
    [
        (period.holds(issued_on), ProactiveColumn::Issued),
        (repealed, ProactiveColumn::Repealed),
        (in_force, ProactiveColumn::InForce),
    ]
    .into_iter()
    .filter(|(holds, _)| *holds)
    .map(|(_, column)| CellAddress::Proactive(row, column).into())
    .collect()
}

/// A request that is received by the end of the year and not closed before its start counts once as received
/// or carried from last year, and once as an outcome or carried to next year. So the cross-check of the form
/// holds by construction, and what one year carries on is what the next one finds.
fn request(
    applicant: ApplicantColumn,
    received_on: Date,
    closed: Option<(Date, RequestRow)>,
    period: &Period,
) -> Vec<FigureAddress> {
    // A reply dated before the day of receipt counts on the day of receipt, or a year would close a request
    // that it has not received.
    let closed = closed.map(|(on, row)| (on.max(received_on), row));
    if received_on > period.until || closed.is_some_and(|(on, _)| on < period.from) {
        return Vec::new();
    }
    let came = if received_on < period.from { RequestRow::CarriedFromLastYear } else { RequestRow::Received };
    let mut rows = vec![came];
    let mut head = None;
    match closed.filter(|(on, _)| *on <= period.until) {
        Some((_, outcome)) => {
            rows.extend([outcome, RequestRow::Total]);
            head = OutcomeHead::of(outcome);
        }
        None => rows.push(RequestRow::CarriedToNextYear),
    }
    rows.into_iter()
        .flat_map(|row| [applicant, ApplicantColumn::Total].map(|c| CellAddress::Requests(row, c).into()))
        .chain(head.map(|head| ProseFigure::Outcomes(head).into()))
        .collect()
}

/// A case counts in the year in which it was accepted, and in each later year until it is concluded; its
/// result is the one known at the end of the year.
fn remedy(
    row: RemedyRow,
    accepted_on: Date,
    concluded: Option<(Date, RemedyColumn)>,
    period: &Period,
) -> Vec<FigureAddress> {
    let concluded = concluded.map(|(on, result)| (on.max(accepted_on), result));
    if accepted_on > period.until || concluded.is_some_and(|(on, _)| on < period.from) {
        return Vec::new();
    }
    let known = concluded.filter(|(on, _)| *on <= period.until);
    let result = known.map_or(RemedyColumn::Pending, |(_, result)| result);
    [result, RemedyColumn::Total].map(|column| CellAddress::Remedies(row, column).into()).into()
}
