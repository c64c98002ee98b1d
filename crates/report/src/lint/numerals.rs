//! Small Chinese numerals: 三, 十二, 二十, 三十一, 两; also in digits.

/// The number, up to 99.
pub(super) fn number(text: &str) -> Option<u32> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().filter(|number| *number < 100);
    }
    let digit = |text: &str| -> Option<u32> {
        let mut chars = text.chars();
        let digit = match chars.next()? {
            '两' => 2,
            c => u32::try_from("零一二三四五六七八九".chars().position(|d| d == c)?).ok()?,
        };
        chars.next().is_none().then_some(digit)
    };
    match text.split_once('十') {
        None => digit(text),
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { digit(tens)? };
            let ones = if ones.is_empty() { 0 } else { digit(ones)? };
            Some(tens * 10 + ones)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals() {
        for (text, value) in
            [("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("三十一", 31), ("两", 2), ("12", 12)]
        {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for text in ["", "几", "十十", "一二", "数十"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
