//! 文号 — the number a document bears, in one form however it was typed. 《党政机关公文处理工作条例》第九条: the letters
//! of the issuing office, the year in hexagonal brackets, and the serial without leading zeros.

/// A number that was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentNumber {
    /// 发文机关代字, `青禾政办发`.
    pub word: String,
    pub year: u16,
    /// `12`, or `12-1` where a number was divided.
    pub serial: String,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// 青禾政办发〔2026〕12号.
    Letter,
    /// 公告2026年第12号: orders and announcements count within the year.
    Order,
}

impl std::fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let DocumentNumber { word, year, serial, form } = self;
        match form {
            Form::Letter => write!(f, "{word}〔{year}〕{serial}号"),
            Form::Order => write!(f, "{word}{year}年第{serial}号"),
        }
    }
}

/// How a number is kept: in the one form when it is recognised, as typed when it is not.
pub fn kept(typed: &str) -> String {
    read(typed).map_or_else(|| typed.trim().to_owned(), |number| number.to_string())
}

/// Reads a number in any of the brackets, widths and spellings it is typed in.
pub fn read(typed: &str) -> Option<DocumentNumber> {
    let text: Vec<char> = typed.chars().filter(|c| !is_blank(*c)).map(plain).collect();
    bracketed(&text).or_else(|| order(&text))
}

/// 代字〔年份〕序号号.
fn bracketed(text: &[char]) -> Option<DocumentNumber> {
    let open = text.iter().rposition(|c| *c == '(')?;
    let close = open + text[open..].iter().position(|c| *c == ')')?;
    let year = year(text[open + 1..close].strip_suffix(&['年']).unwrap_or(&text[open + 1..close]))?;
    // 〔2026〕字第12号 says no more than 字〔2026〕12号.
    let mut word: String = text[..open].iter().collect();
    let mut rest = &text[close + 1..];
    if let Some(after) = rest.strip_prefix(&['字']) {
        word.push('字');
        rest = after;
    }
    Some(DocumentNumber { word: office(&word)?, year, serial: serial(rest)?, form: Form::Letter })
}

/// 代字2026年第12号.
fn order(text: &[char]) -> Option<DocumentNumber> {
    let sign = text.windows(2).position(|pair| pair == ['年', '第'])?;
    let digits = text[..sign].iter().rev().take(4).filter(|c| digit(**c).is_some()).count();
    let at = sign - digits;
    let word: String = text[..at].iter().collect();
    let (year, serial) = (year(&text[at..sign])?, serial(&text[sign + 1..])?);
    Some(DocumentNumber { word: office(&word)?, year, serial, form: Form::Order })
}

fn office(word: &str) -> Option<String> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '、' | '(' | ')' | '-' | '·');
    let length = word.chars().count();
    // Digits alone are no office; a whole sentence is none either.
    let is_office = (1..=20).contains(&length)
        && word.chars().all(is_word)
        && word.chars().any(|c| c.is_alphabetic() && digit(c).is_none());
    is_office.then(|| word.to_owned())
}

fn year(text: &[char]) -> Option<u16> {
    let [_, _, _, _] = text else { return None };
    let value = text.iter().try_fold(0, |value, c| Some(value * 10 + digit(*c)?))?;
    (1949..=2999).contains(&value).then_some(value as u16)
}

/// 第12号, 12號, 012, 十二号, 12-1号.
fn serial(text: &[char]) -> Option<String> {
    let text = text.strip_prefix(&['第']).unwrap_or(text);
    let text = text.strip_suffix(&['号']).unwrap_or(text);
    let parts: Vec<String> =
        text.split(|c| *c == '-').map(|part| number(part).map(|n| n.to_string())).collect::<Option<_>>()?;
    (parts.len() <= 2).then(|| parts.join("-"))
}

/// A count in Arabic or in Chinese figures, up to 99999.
pub(super) fn number(text: &[char]) -> Option<u32> {
    if text.is_empty() || text.len() > 7 {
        return None;
    }
    let value = if text.iter().any(|c| matches!(c, '十' | '百' | '千')) {
        counted(text)?
    } else {
        text.iter().try_fold(0_u32, |value, c| Some(value * 10 + digit(*c)?))?
    };
    (1..100_000).contains(&value).then_some(value)
}

/// 一百二十三.
fn counted(text: &[char]) -> Option<u32> {
    let (mut total, mut pending) = (0, None);
    for c in text {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            other => {
                pending = Some(digit(*other)?);
                continue;
            }
        };
        total += pending.take().unwrap_or(1) * unit;
    }
    Some(total + pending.unwrap_or(0))
}

fn digit(c: char) -> Option<u32> {
    let zero = matches!(c, '○' | '零' | '◯').then_some(0);
    c.to_digit(10).or(zero).or_else(|| {
        "〇一二三四五六七八九".chars().position(|one| one == c).and_then(|at| u32::try_from(at).ok())
    })
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{3000}' | '\u{200b}' | '\u{feff}')
}

/// All brackets, widths and spellings of a character as one.
fn plain(c: char) -> char {
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    };
    match c {
        '〔' | '[' | '【' | '﹝' | '《' | '<' | '〈' | '「' | '『' | '{' | '〖' | '﹙' | '⟦' => {
            '('
        }
        '〕' | ']' | '】' | '﹞' | '》' | '>' | '〉' | '」' | '』' | '}' | '〗' | '﹚' | '⟧' => {
            ')'
        }
        '號' => '号',
        '—' | '–' | '－' | '‐' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BRACKETS: [&str; 14] = [
        "〔〕", "[]", "［］", "（）", "()", "【】", "《》", "<>", "＜＞", "〈〉", "「」", "『』", "〖〗",
        "﹝﹞",
    ];

    #[test]
    fn every_bracket_and_width_gives_one_form() {
        for brackets in BRACKETS {
            let (open, close) = brackets.split_at(brackets.chars().next().unwrap().len_utf8());
            for year in ["2026", "２０２６", "2０2６", "二〇二六", "二○二六", "二零二六"] {
                for serial in
                    ["12号", "１２号", "12號", "第12号", "012号", "十二号", "一二号", " 12 号", "12"]
                {
                    for gap in ["", " ", "\u{3000}"] {
                        let typed = format!("青禾政办发{gap}{open}{gap}{year}{gap}{close}{gap}{serial}");
                        assert_eq!(kept(&typed), "青禾政办发〔2026〕12号", "{typed}");
                    }
                }
            }
        }
    }

    #[test]
    fn offices_are_kept_as_they_are() {
        for (typed, canonical) in [
            ("青禾政字[2026]第8号", "青禾政字〔2026〕8号"),
            ("青禾政[2026]字第8号", "青禾政字〔2026〕8号"),
            ("国办发（２０１９）６１号", "国办发〔2019〕61号"),
            ("ＱＨ规〔2026〕1号", "QH规〔2026〕1号"),
            ("青政（办）发[2026]3号", "青政(办)发〔2026〕3号"),
            ("青禾政发〔2026〕12－1号", "青禾政发〔2026〕12-1号"),
            ("青禾政发〔2026〕一百零三号", "青禾政发〔2026〕103号"),
            ("青禾区人民政府公告 2026年 第 3 号", "青禾区人民政府公告2026年第3号"),
            ("公告二〇二六年第十号", "公告2026年第10号"),
            ("青禾政发【2026年】5号", "青禾政发〔2026〕5号"),
        ] {
            assert_eq!(kept(typed), canonical);
            assert_eq!(kept(canonical), canonical);
        }
    }

    #[test]
    fn what_is_no_number_stays_as_typed() {
        for typed in [
            "",
            "〔2026〕12号",
            "青禾政发〔26〕12号",
            "青禾政发〔2026〕号",
            "青禾政发〔2026〕0号",
            "青禾政发2026 12号",
            "第12号",
            "青禾政发〔2026〕12号及附件",
            "2026〔2026〕12号",
        ] {
            assert_eq!(read(typed), None, "{typed}");
            assert_eq!(kept(typed), typed.trim());
        }
    }

    proptest! {
        #[test]
        fn keeping_twice_changes_nothing(typed in "[青禾政字第号年〔〕()\\[\\]0-9０-９一十〇 -]{0,16}") {
            let once = kept(&typed);
            prop_assert_eq!(&kept(&once), &once);
        }
    }
}
