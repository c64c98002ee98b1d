use super::block::is_space;
use crate::model::Content;

/// Reads a cell that should hold a whole number.
pub(super) fn count(text: &str) -> Content {
    // The usual case, without a copy.
    if is_plain(text)
        && let Ok(count) = text.parse()
    {
        return Content::Count(count);
    }
    if let Some(content) = without_value(text) {
        return content;
    }
    let text = text.trim_matches(is_space);
    let text = text.strip_suffix(['件', '项', '个', '次', '条']).unwrap_or(text);
    if let Some((sign, number)) = signed_in_words(text) {
        return match count(number) {
            Content::Count(count) if count >= 0 => Content::Count(sign * count),
            _ => Content::Lost,
        };
    }
    // Most texts that are no numbers have other Chinese characters, which begin with these bytes.
    if text.bytes().any(|byte| (0xe4..=0xe9).contains(&byte)) {
        return Content::Lost;
    }
    let digits = plain_number(text);
    let digits = digits.strip_prefix('+').unwrap_or(&digits);
    match ungrouped(digits).parse() {
        Ok(count) => Content::Count(count),
        Err(_) => Content::Lost,
    }
}

/// 减4, 增加2 — the sign and the number behind it.
fn signed_in_words(text: &str) -> Option<(i64, &str)> {
    let (sign, rest) = match text.strip_prefix('减') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('增')?),
    };
    let rest = rest.strip_prefix(['少', '加']).unwrap_or(rest).trim_start_matches(is_space);
    rest.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c)).then_some((sign, rest))
}

/// Reads 行政事业性收费, whose unit is 万元: a decimal, kept as text so that nothing is rounded.
pub(super) fn amount_10k(text: &str) -> Content {
    if let Some(content) = without_value(text) {
        return content;
    }
    let plain = plain_number(text);
    let digits = ungrouped(plain.strip_suffix("万元").unwrap_or(&plain));
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if all_digits(whole.strip_prefix('-').unwrap_or(whole)) && all_digits(fraction) {
        Content::Amount(digits)
    } else {
        Content::Lost
    }
}

/// Reads 采购总金额, which has no unit in the form: the printed text with whatever unit it has.
pub(super) fn amount_as_printed(text: &str) -> Content {
    without_value(text).unwrap_or_else(|| Content::Amount(plain_number(text)))
}

/// True when the text can stand for a value of a table: a number, or a mark that there is none.
pub(super) fn is_value(text: &str) -> bool {
    is_plain(text) || !matches!(count(text), Content::Lost | Content::Blank) || text == crate::write::LOST
}

/// Digits and nothing else, few enough for any count.
fn is_plain(text: &str) -> bool {
    (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A decimal, with or without 元 or 万元.
pub(super) fn is_amount(text: &str) -> bool {
    let plain = text.strip_suffix('元').unwrap_or(text);
    matches!(amount_10k(plain.strip_suffix('万').unwrap_or(plain)), Content::Amount(_))
}

fn without_value(text: &str) -> Option<Content> {
    match text.trim_matches(is_space) {
        "" => Some(Content::Blank),
        "-" | "－" | "—" | "——" | "–" | "―" | "/" | "／" | "无" | "N/A" | "n/a" => {
            Some(Content::ExplicitNone)
        }
        text if text == crate::write::LOST => Some(Content::Lost),
        _ => None,
    }
}

/// Half-width digits and signs, without white space at the ends.
fn plain_number(text: &str) -> String {
    let half_width = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        '－' | '−' | '–' => '-',
        '＋' => '+',
        '．' => '.',
        '，' => ',',
        c => c,
    };
    text.trim_matches(is_space).chars().map(half_width).collect()
}

/// 1,203 → 1203; a comma that does not separate thousands stays and makes the text unreadable.
fn ungrouped(digits: &str) -> String {
    let mut groups = digits.split(',');
    let first = groups.next().unwrap_or_default().trim_start_matches('-');
    let mut grouped = (1..=3).contains(&first.len());
    for group in groups {
        let whole = group.split('.').next().unwrap_or_default();
        grouped &= whole.len() == 3;
    }
    if grouped { digits.replace(',', "") } else { digits.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_blank_none_and_lost_are_four_values() {
        assert_eq!(count("0"), Content::Count(0));
        assert_eq!(count(" \u{a0}"), Content::Blank);
        for none in ["-", "—", "/", "无"] {
            assert_eq!(count(none), Content::ExplicitNone);
        }
        for unreadable in ["?", "1.5", "3 4", "三", "1,2", "99999999999999999999", "--", "减-4", "减"] {
            assert_eq!(count(unreadable), Content::Lost, "{unreadable}");
        }
    }

    #[test]
    fn numbers_in_their_many_dresses() {
        for (text, number) in [
            ("１２", 12),
            ("1,203", 1203),
            ("3件", 3),
            ("-9", -9),
            ("－9", -9),
            ("+6", 6),
            ("\u{a0}4 ", 4),
            ("减4", -4),
            ("减少 4项", -4),
            ("增2", 2),
            ("增加12", 12),
        ] {
            assert_eq!(count(text), Content::Count(number), "{text}");
        }
        for (text, amount) in [("0", "0"), ("95.25万元", "95.25"), ("2,718.28", "2718.28")] {
            assert_eq!(amount_10k(text), Content::Amount(amount.to_owned()), "{text}");
        }
        assert_eq!(amount_10k("3000元"), Content::Lost);
        for printed in ["27.5万元", "２７．５万元"] {
            assert_eq!(amount_as_printed(printed), Content::Amount("27.5万元".to_owned()));
        }
    }
}
