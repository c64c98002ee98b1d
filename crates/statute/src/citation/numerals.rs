//! Chinese numerals as provisions use them: 第三十三条, 第一百零二条.

const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// 汉字数字 — the numeral of `n` (up to 9999) as used in article numbers: 10 → 十, 33 → 三十三, 202 → 二百零二.
pub fn chinese_numeral(n: u16) -> String {
    if n == 0 {
        return DIGITS[0].to_owned();
    }
    let mut text = String::new();
    let mut skipped_zero = false;
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = n / unit % 10;
        if digit == 0 {
            skipped_zero = !text.is_empty();
            continue;
        }
        if skipped_zero {
            text.push('零');
            skipped_zero = false;
        }
        // 十 to 十九 are written without a leading 一; 一百一十 keeps it.
        if !(text.is_empty() && unit == 10 && digit == 1) {
            text.push_str(DIGITS[usize::from(digit)]);
        }
        text.push_str(name);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::chinese_numeral;

    #[test]
    fn reads_like_the_law() {
        let cases = [
            (0, "零"),
            (1, "一"),
            (10, "十"),
            (11, "十一"),
            (20, "二十"),
            (33, "三十三"),
            (100, "一百"),
            (102, "一百零二"),
            (110, "一百一十"),
            (202, "二百零二"),
            (1260, "一千二百六十"),
            (2001, "二千零一"),
        ];
        for (n, text) in cases {
            assert_eq!(chinese_numeral(n), text);
        }
    }
}
