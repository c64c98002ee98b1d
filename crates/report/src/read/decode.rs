//! From bytes to text, and whether the text is sound.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// By byte order mark, then as UTF-8, then by the label in the markup, then by guess.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let encoding = labelled(bytes).filter(|encoding| *encoding != UTF_8).unwrap_or_else(|| guessed(bytes));
    encoding.decode_without_bom_handling(bytes).0
}

/// `charset=` in the first kilobytes; gb2312 means all of GBK.
fn labelled(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let after = &head[head.find("charset=")? + "charset=".len()..];
    let label: String = after
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_')
        .collect();
    Encoding::for_label(label.as_bytes())
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(64 * 1024)];
    // UTF-16 without a mark: every other byte of digits, tags and line ends is zero.
    for (encoding, offset) in [(UTF_16LE, 1), (UTF_16BE, 0)] {
        let zeros = sample.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
        if zeros * 20 > sample.len() {
            return encoding;
        }
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(Some(b"cn"), Utf8Detection::Allow);
    // A valid report is in Chinese: what looks Western is damaged GBK or damaged UTF-8.
    if guess.is_single_byte() { if sample.len() < 8 { GB18030 } else { mostly_utf8(sample) } } else { guess }
}

fn mostly_utf8(sample: &[u8]) -> &'static Encoding {
    let lossy = String::from_utf8_lossy(sample);
    let bad = lossy.chars().filter(|c| *c == '\u{fffd}').count();
    if bad * 10 < lossy.chars().count() { UTF_8 } else { GB18030 }
}

/// How a text is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Damage {
    /// Chinese characters became question marks or replacement characters.
    Lost,
    /// UTF-8 was read as GBK or as a Western encoding.
    WrongEncoding,
}

impl Damage {
    pub(super) fn told(self) -> &'static str {
        match self {
            Self::Lost => {
                "文字已损坏：汉字变成了问号或方块，数字无从对应，没有取用任何数；请用原件或另一种导出方式再读"
            }
            Self::WrongEncoding => {
                "文字是乱码：UTF-8 的文字曾被当作另一种编码保存，没有取用任何数；请从原件重新复制或另存为 UTF-8 编码再读"
            }
        }
    }
}

/// Whether the text as a whole is beyond reading.
pub(super) fn damage(text: &str) -> Option<Damage> {
    let (mut chinese, mut lost, mut wrong) = (0_usize, 0_usize, 0_usize);
    for c in text.chars() {
        // What the commonest characters and marks of a report become when UTF-8 is taken for GBK, or Latin.
        match c {
            '\u{4e00}'..='\u{9fff}' => match c {
                '銆' | '锛' | '涓' | '鏀' | '鍏' | '淇' | '鐢' | '璇' | '鎯' | '鍐' | '殑' => {
                    wrong += 1
                }
                _ => chinese += 1,
            },
            '€' | 'ä' | 'å' | 'æ' | 'ç' | 'è' | 'é' | 'ï' => wrong += 1,
            '?' | '\u{fffd}' | '□' => lost += 1,
            _ => {}
        }
    }
    if lost >= 20 && lost > chinese {
        Some(Damage::Lost)
    } else if wrong >= 10 && wrong * 8 > chinese + wrong {
        Some(Damage::WrongEncoding)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encodings_of_government_sites() {
        let text = "青禾区白露镇2031年政府信息公开工作年度报告，一、总体情况。本年收到申请0件。";
        assert_eq!(decode(text.as_bytes()), text);
        assert_eq!(decode(&GB18030.encode(text).0), text);
        let page = format!("<meta charset=\"gb2312\"><p>{text}镕喆</p>");
        assert_eq!(decode(&GB18030.encode(&page).0), page);
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&[&[0xff, 0xfe], &utf16[..]].concat()), text);
        assert_eq!(decode(&utf16), text);
    }

    #[test]
    fn damaged_text_is_known() {
        let text = "一、总体情况。2031年，白露镇政府信息公开工作取得进展，主动公开信息64条，依申请公开3件。"
            .repeat(3);
        assert_eq!(damage(&text), None);
        let questions: String = text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
        assert_eq!(damage(&questions), Some(Damage::Lost));
        let misread = GB18030.decode_without_bom_handling(text.as_bytes()).0;
        assert_eq!(damage(&misread), Some(Damage::WrongEncoding), "{misread}");
        let latin: String = text.bytes().map(char::from).collect();
        assert_eq!(damage(&latin), Some(Damage::WrongEncoding), "{latin}");
    }
}
