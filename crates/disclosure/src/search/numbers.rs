//! 文号、索引号 — as keys that are the same however the number is written.

use super::text::{compact, folded};
use crate::publishing::document_number::{self, DocumentNumber};

/// As many characters before a bracket may be letters of the issuing office.
const LONGEST_OFFICE: usize = 10;
/// So many numbers are noted of one text.
const MOST: usize = 400;

fn key(word: &str, number: &DocumentNumber) -> String {
    format!("d:{word}/{}/{}", number.year, number.serial)
}

/// The keys a document number is looked for under; none when nothing like one was typed.
pub(super) fn typed(text: &str) -> Vec<String> {
    let plain: String = compact(text).into_iter().collect();
    let mut keys = Vec::new();
    if let Some(number) = document_number::read(&plain) {
        keys.push(key(&word_of(&number.word), &number));
    } else if let Some(number) = document_number::read(&format!("某{plain}")) {
        keys.push(key("", &number));
    }
    keys.extend(index_key(&plain));
    keys
}

fn word_of(word: &str) -> String {
    word.chars().map(folded).collect()
}

/// `qhcz/2026-17` of QHCZ/2026-00017, ＱＨＣＺ／２０２６－１７, qhcz2026-00017, 2026-00017.
fn index_key(compared: &str) -> Option<String> {
    let (head, serial) = compared.rsplit_once('-')?;
    let is_serial = (1..=8).contains(&serial.len()) && serial.bytes().all(|b| b.is_ascii_digit());
    let at = head.len().checked_sub(4).filter(|at| head.is_char_boundary(*at))?;
    let (agency, year) = head.split_at(at);
    let is_year = year.bytes().all(|b| b.is_ascii_digit());
    let agency = agency.trim_end_matches(['/', '\\', '-']);
    let is_agency = agency.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let serial: u32 = serial.parse().ok()?;
    (is_serial && is_year && is_agency).then(|| format!("i:{agency}/{year}/{serial}"))
}

/// The keys of an entry's own numbers.
pub(super) fn own(document_number: &str, index_number: &str, keys: &mut Vec<String>) {
    mentioned(document_number, keys);
    if let Some(key) = index_key(&compact(index_number).into_iter().collect::<String>()) {
        if let Some((_, rest)) = key.split_once('/') {
            keys.push(format!("i:/{rest}"));
        }
        keys.push(key);
    }
}

/// The keys of all document numbers that stand in a text. Where the letters of the office begin cannot be told, so every
/// beginning is noted.
pub(super) fn mentioned(text: &str, keys: &mut Vec<String>) {
    let chars = compact(text);
    for (at, c) in chars.iter().enumerate() {
        if keys.len() > MOST * LONGEST_OFFICE {
            return;
        }
        let is_bracketed = *c == '(' && chars.get(at + 5).is_some_and(|c| matches!(c, ')' | '年'));
        let is_order = *c == '年' && chars.get(at + 1) == Some(&'第') && at >= 4;
        let from = match (is_bracketed, is_order) {
            (true, _) => at,
            (_, true) => at - 4,
            _ => continue,
        };
        // 〔2026〕字第12号 has its word after the bracket, too.
        let tail: Vec<char> = chars[from..].iter().take(24).copied().collect();
        let Some(end) = tail.iter().position(|c| *c == '号') else { continue };
        let number: String = std::iter::once('某').chain(tail[..=end].iter().copied()).collect();
        let Some(number) = document_number::read(&number) else { continue };
        let after = number.word.strip_prefix('某').unwrap_or_default();
        for length in 0..=LONGEST_OFFICE.min(from) {
            let word = &chars[from - length..from];
            if word
                .first()
                .is_some_and(|c| !(c.is_alphanumeric() || matches!(c, '(' | ')' | '、' | '·' | '-')))
            {
                break;
            }
            let word: String = word.iter().copied().chain(after.chars()).collect();
            keys.push(key(&word, &number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys_of(text: &str) -> Vec<String> {
        let mut keys = Vec::new();
        mentioned(text, &mut keys);
        keys
    }

    #[test]
    fn a_number_is_found_in_any_spelling_in_any_sentence() {
        for written in [
            "根据青禾政办发〔2026〕12号执行",
            "（青禾政办发[2026]12号）",
            "青禾政办发【２０２６】第１２号",
            "青禾政办发〔二〇二六〕十二号",
            "见青禾政办发（2026年）012 号文",
        ] {
            let keys = keys_of(written);
            for asked in [
                "青禾政办发〔2026〕12号",
                "青禾政办发[2026]第12号",
                "青禾政办发（２０２６）十二号",
                "〔2026〕12号",
            ] {
                assert!(typed(asked).iter().any(|key| keys.contains(key)), "{asked} in {written}: {keys:?}");
            }
            assert!(!typed("青禾政办发〔2026〕1号").iter().any(|key| keys.contains(key)));
            assert!(!typed("青禾财发〔2026〕12号").iter().any(|key| keys.contains(key)));
        }
        let keys = keys_of("青禾区人民政府公告2026年第3号");
        for asked in ["公告2026年第3号", "公告２０２６年第三号", "2026年第3号"] {
            assert!(typed(asked).iter().any(|key| keys.contains(key)), "{asked}: {keys:?}");
        }
    }

    #[test]
    fn an_index_number_with_and_without_its_zeros() {
        let mut keys = Vec::new();
        own("", "QHCZ/2026-00017", &mut keys);
        for asked in
            ["QHCZ/2026-00017", "qhcz/2026-17", "ＱＨＣＺ／２０２６－０００１７", "QHCZ2026-17", "2026—00017"]
        {
            assert!(typed(asked).iter().any(|key| keys.contains(key)), "{asked}: {keys:?}");
        }
        assert!(typed("2026-3月-5").is_empty() && typed("预算").is_empty() && typed("-").is_empty());
    }
}
