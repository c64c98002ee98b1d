//! 信息处理费 — the information processing fee, tier by tier. 《信息处理费管理办法》第四条、第五条.

use std::fmt::Write;

use jiff::civil::Date;
use serde::Serialize;

use crate::citation::Citation;
use crate::deadlines::FactError;
use crate::lists::closed_list;
use crate::parameters::{Beyond, FeeSchedule, fee_schedule};

closed_list! {
    /// 计收标准 — one request is charged by one of them, never both. 《信息处理费管理办法》第三条.
    pub enum FeeBasis {
        /// 按件计收 — all requests of one applicant in one calendar month. 第四条.
        ByItem = "by_item", "按件计收";
        /// 按量计收 — the pages given on one request. 第五条.
        ByPage = "by_page", "按量计收";
    }
}

impl FeeBasis {
    /// 件 or 页.
    pub const fn unit(self) -> &'static str {
        match self {
            FeeBasis::ByItem => "件",
            FeeBasis::ByPage => "页",
        }
    }
}

/// 收费计算 — the fee with the tiers it is the sum of; serialises as the contract prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeeRuling {
    pub basis: FeeBasis,
    pub count: u64,
    pub yuan: u64,
    /// The tiers reached, from the first.
    pub tiers: Vec<FeeTier>,
    pub citation: Citation,
}

/// 收费档 — `units` of the count lie between `from` and `to` (null: no upper end) at `yuan_each`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeeTier {
    pub from: u64,
    pub to: Option<u64>,
    pub units: u64,
    pub yuan_each: u64,
    pub yuan: u64,
}

/// The most units a fee is computed for; more is a slip of the keyboard.
const MOST: u64 = 1_000_000;

/// 信息处理费 — the fee for `count` items or pages under the tariff in force on `on`.
///
/// ```
/// use gongkai_statute::fees::{FeeBasis, fee};
/// use jiff::civil::date;
/// assert_eq!(fee(FeeBasis::ByItem, 35, date(2024, 3, 1)).unwrap().yuan, 3000);
/// assert_eq!(fee(FeeBasis::ByPage, 250, date(2024, 3, 1)).unwrap().yuan, 4700);
/// ```
pub fn fee(basis: FeeBasis, count: u64, on: Date) -> Result<FeeRuling, FactError> {
    if count > MOST {
        return Err(FactError::new("count", format!("{count}过大，最多可以计算{MOST}")));
    }
    let Some(tariff) = fee_schedule(basis.code(), on) else {
        let message = format!("信息处理费管理办法自2021-01-01起施行，{on}不能收费");
        return Err(FactError::new("on", message));
    };
    let mut tiers = Vec::new();
    let mut from = 1;
    for (to, yuan_each) in rates(&tariff.value) {
        if from > count {
            break;
        }
        let units = count.min(to.unwrap_or(count)) - from + 1;
        tiers.push(FeeTier { from, to, units, yuan_each, yuan: units * yuan_each });
        from = to.unwrap_or(count) + 1;
    }
    let yuan = tiers.iter().map(|tier| tier.yuan).sum();
    Ok(FeeRuling { basis, count, yuan, tiers, citation: tariff.citation })
}

/// The upper end and the price of each tier, without end.
fn rates(schedule: &FeeSchedule) -> impl Iterator<Item = (Option<u64>, u64)> {
    let bounded = schedule.tiers.iter().map(|(to, yuan)| (Some(*to), *yuan));
    let (last_to, last_yuan) = schedule.tiers.last().copied().unwrap_or((0, 0));
    let beyond = (1..).map(move |n| match schedule.beyond {
        Beyond::Step { units, rise } => (Some(last_to + n * units), last_yuan + n * rise),
        Beyond::Flat(yuan) => (None, yuan),
    });
    bounded.chain(beyond)
}

impl FeeRuling {
    /// The calculation in Chinese, for a terminal or a fee notice.
    pub fn human(&self) -> String {
        let unit = self.basis.unit();
        let mut text = String::new();
        let _ = writeln!(
            text,
            "{}{}{unit}，应收信息处理费{}元（{}）",
            self.basis.label(),
            self.count,
            self.yuan,
            self.citation
        );
        for tier in &self.tiers {
            let range = match tier.to {
                Some(to) => format!("第{}至{to}{unit}", tier.from),
                None => format!("第{}{unit}以上", tier.from),
            };
            let _ =
                writeln!(text, "  {range}：{}{unit} × {}元 = {}元", tier.units, tier.yuan_each, tier.yuan);
        }
        text
    }
}
