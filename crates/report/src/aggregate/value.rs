//! Cells as whole numbers that add without rounding: counts as they are, money in 分.

use crate::model::{Cell, CellAddress, Content, ProactiveColumn};

/// What the whole number of a cell counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Count,
    /// 万元 in the form.
    TenThousandYuan,
    /// Printed with its own unit.
    Yuan,
}

const FEN_IN_YUAN: i64 = 100;
const FEN_IN_10K: i64 = 1_000_000;

fn unit(address: CellAddress) -> Unit {
    match address {
        CellAddress::Proactive(_, ProactiveColumn::Amount10kCny) => Unit::TenThousandYuan,
        CellAddress::Proactive(_, ProactiveColumn::Amount) => Unit::Yuan,
        _ => Unit::Count,
    }
}

/// Whether a negative number can stand in the cell: 本年增/减 alone.
pub(super) fn is_signed(address: CellAddress) -> bool {
    matches!(address, CellAddress::Proactive(_, ProactiveColumn::Change))
}

/// The number the cell adds with: a count, or 分 where the cell holds money. `None` is not known, never zero;
/// an explicit 无 is known to be none. A number that cannot stand in the cell is not known either.
pub fn figure(address: CellAddress, cell: &Cell) -> Option<i64> {
    let number = match &cell.content {
        Content::Count(count) => match unit(address) {
            Unit::Count => *count,
            Unit::TenThousandYuan => count.checked_mul(FEN_IN_10K)?,
            Unit::Yuan => count.checked_mul(FEN_IN_YUAN)?,
        },
        Content::Amount(text) => fen(text, unit(address))?,
        Content::ExplicitNone => 0,
        Content::Blank | Content::Lost => return None,
    };
    (number >= 0 || is_signed(address)).then_some(number)
}

/// A printed amount in 分; finer than a 分 there is no money.
fn fen(text: &str, unit: Unit) -> Option<i64> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，')).collect();
    let units = [("亿元", 10_000 * FEN_IN_10K), ("万元", FEN_IN_10K), ("元", FEN_IN_YUAN)];
    let printed = units.iter().find_map(|(name, fen)| Some((plain.strip_suffix(name)?, *fen)));
    let (digits, factor) = printed.unwrap_or_else(|| {
        (plain.as_str(), if unit == Unit::TenThousandYuan { FEN_IN_10K } else { FEN_IN_YUAN })
    });
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let mut sum = whole.parse::<i64>().ok()?.checked_mul(factor)?;
    let mut place = factor;
    for digit in fraction.trim_end_matches('0').bytes() {
        if place % 10 != 0 {
            return None;
        }
        place /= 10;
        sum = sum.checked_add(i64::from(digit - b'0') * place)?;
    }
    Some(sum)
}

/// The number as the cell prints it: `12`, `12.75` (万元), `251000元`.
pub fn in_words(address: CellAddress, number: i128) -> String {
    match unit(address) {
        Unit::Count => number.to_string(),
        Unit::TenThousandYuan => decimal(number, FEN_IN_10K, 6),
        Unit::Yuan => decimal(number, FEN_IN_YUAN, 2) + "元",
    }
}

/// What stands in the cell of a report that holds this number.
pub(super) fn content(address: CellAddress, number: i128) -> Content {
    match unit(address) {
        Unit::Count => i64::try_from(number).map_or(Content::Lost, Content::Count),
        Unit::TenThousandYuan | Unit::Yuan => Content::Amount(in_words(address, number)),
    }
}

fn decimal(number: i128, one: i64, places: usize) -> String {
    let one = i128::from(one).unsigned_abs();
    let sign = if number < 0 { "-" } else { "" };
    let (whole, rest) = (number.unsigned_abs() / one, number.unsigned_abs() % one);
    let fraction = format!("{rest:0places$}");
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str, content: Content) -> Option<i64> {
        figure(address.parse().unwrap(), &Cell::new(content))
    }

    #[test]
    fn money_is_exact_and_comes_back_as_printed() {
        let fees = "proactive/administrative_fees/amount_10k_cny";
        let amount = |text: &str| Content::Amount(text.to_owned());
        for (text, fen) in [("0", 0), ("12.75", 12_750_000), ("0.000001", 1), ("95.250万元", 95_250_000)] {
            assert_eq!(of(fees, amount(text)), Some(fen), "{text}");
        }
        assert_eq!(of(fees, amount("0.0000001")), None, "less than a fen");
        let bought = "proactive/procurement/amount";
        for (text, fen) in
            [("251000元", 25_100_000), ("27.5万元", 27_500_000), ("3", 300), ("1.2亿元", 12_000_000_000)]
        {
            assert_eq!(of(bought, amount(text)), Some(fen), "{text}");
        }
        assert_eq!(of(bought, amount("约三万元")), None);
        assert_eq!(in_words(fees.parse().unwrap(), 12_750_000), "12.75");
        assert_eq!(in_words(bought.parse().unwrap(), 27_500_001), "275000.01元");
        assert_eq!(in_words(bought.parse().unwrap(), -50), "-0.5元");
    }

    #[test]
    fn four_contents_are_three_answers() {
        let cell = "requests/received/other";
        assert_eq!(of(cell, Content::Count(0)), Some(0));
        assert_eq!(of(cell, Content::ExplicitNone), Some(0));
        assert_eq!((of(cell, Content::Blank), of(cell, Content::Lost)), (None, None));
        assert_eq!(of(cell, Content::Count(-3)), None, "nobody receives minus three requests");
        assert_eq!(of("proactive/licenses/change", Content::Count(-3)), Some(-3));
    }
}
