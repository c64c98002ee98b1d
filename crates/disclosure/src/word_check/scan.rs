//! Personal data and secrecy marks in a text, by their form alone: digits with their check digits, marks with
//! their brackets. No list and no memory, so that the same text always gives the same marks.

use std::ops::Range;

use jiff::civil::Date;

use super::{MarkKind, Weight};

/// What stands at a place of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub kind: MarkKind,
    pub weight: Weight,
    /// In bytes of the text.
    pub range: Range<usize>,
    /// What to write in its place, when that can be said.
    pub instead: Option<String>,
    /// Said with the mark, where the kind alone says too little.
    pub why: String,
}

/// Everything of this kind in the text, in its order.
pub fn scan(text: &str) -> Vec<Mark> {
    let folded = Folded::of(text);
    let mut marks = numbers(&folded);
    marks.extend(secrecy_marks(text, &folded));
    marks.extend(homes(&folded));
    marks.sort_by_key(|mark| (mark.range.start, mark.range.end));
    marks
}

/// The text with full-width letters and digits made plain, one character for one, with the place of each.
struct Folded {
    chars: Vec<char>,
    /// Byte offset of each character, and of the end.
    at: Vec<usize>,
}

impl Folded {
    fn of(text: &str) -> Folded {
        let mut chars = Vec::with_capacity(text.len());
        let mut at = Vec::with_capacity(text.len() + 1);
        for (offset, c) in text.char_indices() {
            at.push(offset);
            chars.push(plain(c));
        }
        at.push(text.len());
        Folded { chars, at }
    }

    fn range(&self, from: usize, to: usize) -> Range<usize> {
        self.at[from]..self.at[to]
    }
}

/// Full-width forms as the plain characters they stand for.
pub(super) fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        c => c,
    }
}

/// A run of digits, with single spaces or dashes between its groups; the last may be the X of an identity number.
struct Run {
    from: usize,
    to: usize,
    digits: String,
    /// Lengths of the groups between separators.
    groups: Vec<usize>,
}

fn runs(folded: &Folded) -> Vec<Run> {
    let chars = &folded.chars;
    let mut runs = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        if !chars[i].is_ascii_digit()
            || i > 0 && (chars[i - 1].is_ascii_alphanumeric() || chars[i - 1] == '.')
        {
            i += 1;
            continue;
        }
        let from = i;
        let (mut digits, mut groups, mut group) = (String::new(), Vec::new(), 0);
        let mut to = i;
        while i < chars.len() {
            match chars[i] {
                c if c.is_ascii_digit() => {
                    digits.push(c);
                    group += 1;
                    to = i + 1;
                }
                ' ' | '-' if chars.get(i + 1).is_some_and(char::is_ascii_digit) => {
                    groups.push(group);
                    group = 0;
                }
                'x' | 'X' if digits.len() == 17 => {
                    digits.push('X');
                    group += 1;
                    to = i + 1;
                    i += 1;
                    break;
                }
                _ => break,
            }
            i += 1;
        }
        groups.push(group);
        // Letters or a decimal point straight after it: a code or an amount, not a number of this kind.
        let is_part = chars.get(to).is_some_and(char::is_ascii_alphanumeric)
            || chars.get(to) == Some(&'.') && chars.get(to + 1).is_some_and(char::is_ascii_digit);
        if !is_part {
            runs.push(Run { from, to, digits, groups });
        }
        i = i.max(to);
    }
    runs
}

fn numbers(folded: &Folded) -> Vec<Mark> {
    let mut marks = Vec::new();
    for run in runs(folded) {
        let range = folded.range(run.from, run.to);
        if let Some((kind, weight, instead, why)) = number(&run.digits, &run.groups) {
            marks.push(Mark { kind, weight, range, instead: Some(instead), why: why.to_owned() });
        } else if run.groups.len() > 1 {
            // Several numbers side by side, in the cells of a table say: each by itself.
            let mut from = run.from;
            let mut digits = run.digits.chars();
            for group in run.groups {
                let part: String = digits.by_ref().take(group).collect();
                if let Some((kind, weight, instead, why)) = number(&part, &[group]) {
                    let range = folded.range(from, from + group);
                    marks.push(Mark { kind, weight, range, instead: Some(instead), why: why.to_owned() });
                }
                from += group + 1;
            }
        }
    }
    marks
}

type Told = (MarkKind, Weight, String, &'static str);

fn number(digits: &str, groups: &[usize]) -> Option<Told> {
    let is_whole = groups.len() == 1;
    match digits.len() {
        11 if is_mobile(digits) && (is_whole || groups == [3, 4, 4]) => {
            let masked = format!("{}****{}", &digits[..3], &digits[7..]);
            Some((MarkKind::MobilePhone, Weight::Must, masked, ""))
        }
        18 if is_birth_date(&digits[6..14]) && is_division(digits) && (is_whole || groups == [6, 8, 4]) => {
            let masked = format!("{}********{}**", &digits[..6], &digits[14..16]);
            Some(if has_identity_check_digit(digits) {
                (MarkKind::IdentityNumber, Weight::Must, masked, "")
            } else {
                // One digit typed wrong still tells who it is.
                (MarkKind::IdentityNumber, Weight::Must, masked, "校验码不对，可能录错了一位")
            })
        }
        15 if is_whole && is_division(digits) && is_birth_date(&format!("19{}", &digits[6..12])) => {
            let masked = format!("{}******{}*", &digits[..6], &digits[12..14]);
            Some((MarkKind::IdentityNumber, Weight::Hint, masked, "像是十五位的旧号码"))
        }
        16..=19 if is_card(digits) && (is_whole || groups[..groups.len() - 1].iter().all(|g| *g == 4)) => {
            let masked = format!("{}{}", "*".repeat(digits.len() - 4), &digits[digits.len() - 4..]);
            Some((MarkKind::BankCard, Weight::Must, masked, ""))
        }
        _ => None,
    }
}

fn is_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1])
}

/// 省级行政区划代码, GB/T 2260.
fn is_division(digits: &str) -> bool {
    let Ok(province) = digits[..2].parse::<u8>() else { return false };
    matches!(province, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
}

fn is_birth_date(digits: &str) -> bool {
    let number = |range: Range<usize>| digits.get(range).and_then(|d| d.parse::<i16>().ok());
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(4..6), number(6..8)) else {
        return false;
    };
    (1900..2100).contains(&year)
        && i8::try_from(month).is_ok_and(|m| i8::try_from(day).is_ok_and(|d| Date::new(year, m, d).is_ok()))
}

/// GB 11643: the last of the eighteen follows from the others.
fn has_identity_check_digit(digits: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.chars().zip(WEIGHTS).filter_map(|(c, w)| Some(c.to_digit(10)? * w)).sum();
    let expected = char::from(b"10X98765432"[(sum % 11) as usize]);
    digits.ends_with(expected)
}

/// Bank cards of China begin with 62, those of other schemes with 4, 5 or 9; all satisfy Luhn's check.
fn is_card(digits: &str) -> bool {
    let begins = digits.starts_with("62") || matches!(digits.as_bytes()[0], b'4' | b'5' | b'9');
    if !begins || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([false, true].into_iter().cycle())
        .map(|(b, doubled)| {
            let digit = u32::from(b - b'0');
            match digit * 2 {
                twice if doubled && twice > 9 => twice - 9,
                twice if doubled => twice,
                _ => digit,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Marks that say of the whole document that it is not for everyone.
const MARKS: [(&str, &str); 15] = [
    ("此件不公开", "公文标明不公开"),
    ("此件不予公开", "公文标明不予公开"),
    ("此件依申请公开", "公文标明依申请公开，不能主动公开"),
    ("依申请公开件", "公文标明依申请公开，不能主动公开"),
    ("内部资料", "标明内部资料"),
    ("内部文件", "标明内部文件"),
    ("内部使用", "标明内部使用"),
    ("仅供内部", "标明仅供内部"),
    ("不得外传", "标明不得外传"),
    ("严禁外传", "标明严禁外传"),
    ("请勿外传", "标明请勿外传"),
    ("不得转载", "标明不得转载"),
    ("注意保密", "标明注意保密"),
    ("保密期限", "写有保密期限"),
    ("工作秘密", "写有工作秘密，请核对是不是标志"),
];

fn secrecy_marks(text: &str, folded: &Folded) -> Vec<Mark> {
    let mark = |range: Range<usize>, why: &str| Mark {
        kind: MarkKind::SecrecyMark,
        weight: Weight::Must,
        range,
        instead: None,
        why: why.to_owned(),
    };
    let mut marks = Vec::new();
    // 密级 with its star: 秘密★5年, 机密 ★, 绝密☆.
    for (index, c) in folded.chars.iter().enumerate().filter(|(_, c)| matches!(c, '★' | '☆')) {
        let before: String =
            folded.chars[..index].iter().rev().filter(|c| **c != ' ').take(2).copied().collect();
        if matches!(before.as_str(), "密秘" | "密机" | "密绝") {
            let start =
                folded.chars[..index].iter().rposition(|c| matches!(c, '秘' | '机' | '绝')).unwrap_or(index);
            let term = 10.min(folded.chars.len() - index - 1);
            let term = folded.chars[index + 1..index + 1 + term]
                .iter()
                .take_while(|c| c.is_ascii_digit() || matches!(c, '年' | '月' | '长' | '期'))
                .count();
            marks.push(mark(folded.range(start, index + 1 + term), &format!("有密级标志“{c}”")));
        }
    }
    for (words, why) in MARKS {
        for (at, _) in text.match_indices(words) {
            // 不属于、不含…的 says the opposite of a mark.
            let before: String =
                text[..at].chars().rev().take(6).collect::<Vec<_>>().into_iter().rev().collect();
            if ["不属于", "不含", "不涉及", "非"].iter().any(|not| before.ends_with(not)) {
                continue;
            }
            let weight = if matches!(words, "工作秘密" | "不得转载" | "保密期限" | "注意保密")
            {
                Weight::Hint
            } else {
                Weight::Must
            };
            marks.push(Mark { weight, ..mark(at..at + words.len(), why) });
        }
    }
    marks
}

/// 住址 — a street number that goes down to the flat: 3号楼2单元501室, 5幢1201室, 二组18号 are homes; 12号 is not.
fn homes(folded: &Folded) -> Vec<Mark> {
    let chars = &folded.chars;
    let mut marks = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        if !chars[i].is_ascii_digit() || i > 0 && chars[i - 1].is_ascii_digit() {
            i += 1;
            continue;
        }
        let (mut at, mut parts, mut last) = (i, 0, ' ');
        let mut end = i;
        loop {
            let digits = chars[at..].iter().take_while(|c| c.is_ascii_digit() || **c == '-').count();
            if digits == 0 || digits > 6 {
                break;
            }
            at += digits;
            let unit = ["号楼", "单元", "幢", "栋", "室", "号院", "户"]
                .iter()
                .find(|unit| chars[at..].iter().copied().take(unit.chars().count()).eq(unit.chars()));
            let Some(unit) = unit else { break };
            at += unit.chars().count();
            last = unit.chars().next_back().unwrap_or(' ');
            parts += 1;
            end = at;
        }
        if parts >= 2 && matches!(last, '室' | '户' | '元') {
            marks.push(Mark {
                kind: MarkKind::HomeAddress,
                weight: Weight::Hint,
                range: folded.range(i, end),
                instead: None,
                why: "像是写到门牌的住址；住址只写到村（社区）或者街道".to_owned(),
            });
        }
        i = end.max(i + 1);
    }
    marks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(text: &str) -> Vec<(MarkKind, &str, Option<String>)> {
        scan(text).into_iter().map(|m| (m.kind, &text[m.range], m.instead)).collect()
    }

    /// An identity number that no one can have: the division 990101 would be none, so 11 with a day of 1900.
    fn identity(seventeen: &str) -> String {
        ('0'..='9')
            .chain(['X'])
            .map(|last| format!("{seventeen}{last}"))
            .find(|number| has_identity_check_digit(number))
            .unwrap()
    }

    #[test]
    fn identity_numbers_in_all_their_shapes() {
        let number = identity("11010119000101001");
        let masked = Some(format!("{}********{}**", &number[..6], &number[14..16]));
        for text in [
            format!("身份证号{number}，"),
            format!("身份证：{number}"),
            format!("（{number}）"),
            format!("{} {} {}", &number[..6], &number[6..14], &number[14..]),
        ] {
            let told = told(&text);
            assert_eq!(told.len(), 1, "{text}");
            assert_eq!((told[0].0, told[0].2.clone()), (MarkKind::IdentityNumber, masked.clone()), "{text}");
        }
        let wide: String = number.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
        assert_eq!(told(&wide), [(MarkKind::IdentityNumber, wide.as_str(), masked)]);
        let with_x = (0..)
            .map(|n| identity(&format!("110101190001010{n:02}")))
            .find(|number| number.ends_with('X'))
            .unwrap();
        assert_eq!(told(&with_x.to_lowercase()).len(), 1, "a small x");
    }

    #[test]
    fn a_mistyped_identity_number_is_still_one() {
        let mut number = identity("11010119000101001");
        let last = number.pop().unwrap();
        number.push(if last == '1' { '2' } else { '1' });
        let marks = scan(&number);
        assert_eq!(marks.len(), 1);
        assert!(marks[0].why.contains("校验码"));
    }

    #[test]
    fn phones_and_cards() {
        assert_eq!(
            told("联系电话13800001234。"),
            [(MarkKind::MobilePhone, "13800001234", Some("138****1234".into()))]
        );
        assert_eq!(told("138 0000 1234")[0].0, MarkKind::MobilePhone);
        assert_eq!(told("138-0000-1234")[0].1, "138-0000-1234");
        assert_eq!(told("6222020000000000000")[0].0, MarkKind::BankCard);
        assert_eq!(told("4111 1111 1111 1111")[0].2.as_deref(), Some("************1111"));
    }

    #[test]
    fn what_only_looks_like_one() {
        for text in [
            "0990-0000001",
            "电话：12345",
            "2026年11月2日",
            "统一社会信用代码 113417020032563511A",
            "113417020032563511/202504-00057",
            "金额13800001234.50元",
            "合同编号HT13800001234",
            "20261102000000000000000123",
            "青禾政办发〔2026〕12号",
            "6222020000000000001",
            "青禾路12号",
            "第3号楼房",
            "索引号 SX/2026-00017",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
    }

    #[test]
    fn numbers_in_neighbouring_cells_are_told_each() {
        let text = "13800001234 13900004321";
        assert_eq!(told(text).len(), 2);
        assert_eq!(told("1\t13800001234\t500").len(), 1);
    }

    #[test]
    fn secrecy_marks_by_star_and_by_words() {
        assert_eq!(told("机密★5年")[0].1, "机密★5年");
        assert_eq!(told("秘密 ★ 长期").len(), 1);
        assert_eq!(told("（此件不公开）")[0].0, MarkKind::SecrecyMark);
        assert_eq!(told("评为四星级★★★★"), []);
        assert_eq!(told("保守国家秘密是公民的义务"), []);
        assert_eq!(told("本件不属于内部资料"), []);
    }

    #[test]
    fn a_home_goes_down_to_the_flat() {
        assert_eq!(told("青禾路8号3号楼2单元501室")[0].1, "3号楼2单元501室");
        assert_eq!(told("5幢1201室").len(), 1);
        assert_eq!(told("政务中心2号楼"), []);
    }

    proptest! {
        #[test]
        fn marks_stand_on_characters_and_never_panic(text in "[0-9０-９xX\\- ★秘机绝密号楼室单元a-z。年]{0,60}") {
            for mark in scan(&text) {
                prop_assert!(!text[mark.range].is_empty());
            }
        }

        #[test]
        fn every_identity_number_is_found_wherever_it_stands(
            serial in 0_u32..1000, day in 1_u32..28, before in "[一-龥：（ ]{0,6}", after in "[一-龥。）]{0,6}"
        ) {
            let number = identity(&format!("110101190001{day:02}{serial:03}"));
            let text = format!("{before}{number}{after}");
            prop_assert!(scan(&text).iter().any(|m| m.kind == MarkKind::IdentityNumber && text[m.range.clone()] == number));
        }
    }
}
