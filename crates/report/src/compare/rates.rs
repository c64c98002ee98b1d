//! Rates that can be compared between agencies, and who may be ranked by them.

use crate::model::{ApplicantColumn as C, RemedyColumn, RemedyRow, Report, RequestRow as R};

/// Nobody is ranked on fewer cases: one decision more or less would move the rate by over three points.
pub const SMALLEST_SAMPLE: i64 = 30;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RateName {
    /// 予以公开和部分公开占办理结果.
    Disclosed,
    /// 不予公开占办理结果.
    NotDisclosed,
    /// 无法提供占办理结果.
    UnableToProvide,
    /// 行政复议、行政诉讼中被纠正的占已审结的.
    Corrected,
}

impl RateName {
    pub const ALL: [RateName; 4] =
        [Self::Disclosed, Self::NotDisclosed, Self::UnableToProvide, Self::Corrected];

    pub fn code(self) -> &'static str {
        match self {
            Self::Disclosed => "disclosed",
            Self::NotDisclosed => "not_disclosed",
            Self::UnableToProvide => "unable_to_provide",
            Self::Corrected => "corrected",
        }
    }

    pub fn official(self) -> &'static str {
        match self {
            Self::Disclosed => "予以公开（含部分公开）占办理结果",
            Self::NotDisclosed => "不予公开占办理结果",
            Self::UnableToProvide => "无法提供占办理结果",
            Self::Corrected => "复议诉讼被纠正占已审结",
        }
    }
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub name: RateName,
    pub part: i64,
    pub whole: i64,
}

impl Rate {
    /// In thousandths; `None` on nothing.
    pub fn thousandths(&self) -> Option<i64> {
        (self.whole > 0).then(|| (self.part * 2000 + self.whole) / (self.whole * 2))
    }

    pub fn may_be_ranked(&self) -> bool {
        self.whole >= SMALLEST_SAMPLE
    }
}

/// The rates of a report whose figures are all known.
pub fn rates(report: &Report) -> Vec<Rate> {
    let row = |row: R| report.requests.count(row, C::Total).filter(|count| *count >= 0);
    let rows = |rows: &[R]| rows.iter().try_fold(0_i64, |sum, &r| sum.checked_add(row(r)?));
    let remedies = |column: RemedyColumn| {
        RemedyRow::ALL.iter().try_fold(0_i64, |sum, &r| sum.checked_add(report.remedies.count(r, column)?))
    };
    let of = |name| -> Option<Rate> {
        let (part, whole) = match name {
            RateName::Disclosed => (rows(&[R::Disclosed, R::PartlyDisclosed])?, row(R::Total)?),
            RateName::NotDisclosed => (
                rows(&[
                    R::StateSecret,
                    R::OtherLaw,
                    R::SecurityOrStability,
                    R::ThirdPartyRights,
                    R::InternalAffairs,
                    R::ProcessInformation,
                    R::EnforcementFile,
                    R::OwnInquiryProcedure,
                ])?,
                row(R::Total)?,
            ),
            RateName::UnableToProvide => {
                (rows(&[R::NotHeld, R::NeedsCreation, R::StillUnclear])?, row(R::Total)?)
            }
            RateName::Corrected => (
                remedies(RemedyColumn::Corrected)?,
                remedies(RemedyColumn::Total)?.checked_sub(remedies(RemedyColumn::Pending)?)?,
            ),
        };
        (part >= 0 && part <= whole && whole < i64::MAX / 4000).then_some(Rate { name, part, whole })
    };
    RateName::ALL.into_iter().filter_map(of).collect()
}

/// A place among the agencies that may be ranked; equal rates share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    pub rate: Rate,
    /// Counted from 1, the highest rate first; `None` on too few cases.
    pub place: Option<usize>,
}

/// Ranks the reports by one rate. `None`: the figures of that report are not known.
pub fn rank(name: RateName, reports: &[&Report]) -> Vec<Option<Rank>> {
    let found: Vec<Option<Rate>> =
        reports.iter().map(|report| rates(report).into_iter().find(|rate| rate.name == name)).collect();
    let ranked: Vec<Rate> = found.iter().flatten().filter(|rate| rate.may_be_ranked()).copied().collect();
    let is_higher = |a: &Rate, b: &Rate| {
        i128::from(a.part) * i128::from(b.whole) > i128::from(b.part) * i128::from(a.whole)
    };
    let place = |rate: Rate| {
        let may = rate.may_be_ranked() && ranked.len() > 1;
        may.then(|| 1 + ranked.iter().filter(|other| is_higher(other, &rate)).count())
    };
    found.into_iter().map(|rate| rate.map(|rate| Rank { rate, place: place(rate) })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cell, Content};

    fn with(disclosed: i64, total: i64) -> Report {
        let mut report = Report::new("青禾区白露镇", 2031);
        report.requests.put(R::Disclosed, C::Total, Cell::new(Content::Count(disclosed)));
        report.requests.put(R::Total, C::Total, Cell::new(Content::Count(total)));
        report
    }

    #[test]
    fn nobody_is_ranked_on_a_handful_of_cases() {
        let mut lost = with(1, 40);
        lost.requests.put(R::PartlyDisclosed, C::Total, Cell::new(Content::Lost));
        let reports = [with(3, 3), with(20, 40), with(30, 60), with(50, 60), lost, with(0, 0)];
        let ranks = rank(RateName::Disclosed, &reports.iter().collect::<Vec<_>>());
        let places: Vec<Option<Option<usize>>> =
            ranks.iter().map(|rank| rank.map(|rank| rank.place)).collect();
        assert_eq!(places, [Some(None), Some(Some(2)), Some(Some(2)), Some(Some(1)), None, Some(None)]);
        assert_eq!(ranks[0].unwrap().rate.thousandths(), Some(1000));
        assert_eq!(ranks[5].unwrap().rate.thousandths(), None);
        // One alone has nobody to be ranked against.
        assert_eq!(rank(RateName::Disclosed, &[&with(20, 40)])[0].unwrap().place, None);
    }
}
