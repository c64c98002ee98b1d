//! From the codes of a text to characters and widths.

use std::collections::HashMap;

use encoding_rs::GB18030;
use lopdf::{Dictionary, Document, Object};

use super::content::{Operand, Tokens};

/// A map of characters is a few kilobytes; a far larger one is hostile.
const LARGEST_MAP: usize = 4 * 1024 * 1024;
const MOST_CODES: usize = 70_000;

#[derive(Debug, Default)]
pub(super) struct Font {
    /// By ToUnicode, by the length of the code in bytes and the code.
    unicode: HashMap<u32, String>,
    /// Two bytes a code.
    wide: bool,
    encoding: Encoding,
    widths: HashMap<u32, f64>,
    default_width: f64,
    /// From the units of the widths to text space.
    scale: f64,
    pub(super) vertical: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq)]
enum Encoding {
    #[default]
    Latin,
    /// Codes say nothing without a map.
    Glyphs,
    Ucs2,
    Gbk,
}

/// One code of a text.
pub(super) struct Code {
    pub(super) text: String,
    /// In text space for a font of size 1.
    pub(super) width: f64,
    /// A single byte 32, to which word spacing applies.
    pub(super) is_space: bool,
}

impl Font {
    pub(super) fn of(document: &Document, font: &Dictionary) -> Self {
        let mut this = Self { scale: 0.001, default_width: 500.0, ..Self::default() };
        let get = |dictionary: &Dictionary, key: &[u8]| dictionary.get_deref(key, document).ok().cloned();
        let name =
            |object: &Object| object.as_name().ok().map(|name| String::from_utf8_lossy(name).into_owned());
        if let Some(Object::Stream(stream)) = get(font, b"ToUnicode")
            && let Ok(map) = stream.get_plain_content_with_limit(LARGEST_MAP)
        {
            this.unicode = characters(&map);
        }
        let encoding = get(font, b"Encoding");
        let encoding_name = encoding.as_ref().and_then(name).unwrap_or_default();
        if name(&get(font, b"Subtype").unwrap_or(Object::Null)).as_deref() == Some("Type0") {
            this.wide = true;
            this.default_width = 1000.0;
            this.vertical = encoding_name.ends_with("-V");
            this.encoding = if encoding_name.contains("UCS2") || encoding_name.contains("UTF16") {
                Encoding::Ucs2
            } else if encoding_name.starts_with("GB") {
                Encoding::Gbk
            } else {
                Encoding::Glyphs
            };
            let inner = get(font, b"DescendantFonts").and_then(|fonts| {
                let first = fonts.as_array().ok()?.first()?.clone();
                document.dereference(&first).ok()?.1.as_dict().ok().cloned()
            });
            if let Some(inner) = inner {
                this.default_width = number(get(&inner, b"DW")).unwrap_or(1000.0);
                if let Some(Object::Array(widths)) = get(&inner, b"W") {
                    this.wide_widths(document, &widths);
                }
            }
            return this;
        }
        let first = number(get(font, b"FirstChar")).unwrap_or(0.0).clamp(0.0, 255.0) as u32;
        if let Some(Object::Array(widths)) = get(font, b"Widths") {
            for (index, width) in widths.iter().enumerate().take(256) {
                let width = document.dereference(width).ok().and_then(|(_, width)| width.as_float().ok());
                this.widths.insert(first + index as u32, f64::from(width.unwrap_or(0.0)));
            }
        }
        if let Some(Object::Array(matrix)) = get(font, b"FontMatrix")
            && let Some(scale) = matrix.first().and_then(|scale| scale.as_float().ok())
        {
            this.scale = f64::from(scale);
        }
        if let Some(Object::Dictionary(encoding)) = &encoding
            && let Some(Object::Array(differences)) = get(encoding, b"Differences")
        {
            this.differences(&differences);
        }
        this
    }

    fn wide_widths(&mut self, document: &Document, widths: &[Object]) {
        let value = |object: &Object| {
            document.dereference(object).ok().and_then(|(_, object)| object.as_float().ok()).map(f64::from)
        };
        let mut index = 0;
        while let Some(first) = widths.get(index).and_then(value) {
            let first = first.max(0.0) as u32;
            let next = widths.get(index + 1).and_then(|next| document.dereference(next).ok());
            match next {
                Some((_, Object::Array(list))) => {
                    for (offset, width) in list.iter().enumerate().take(MOST_CODES) {
                        self.widths.insert(first.saturating_add(offset as u32), value(width).unwrap_or(0.0));
                    }
                    index += 2;
                }
                Some((_, last)) => {
                    let last = last.as_float().unwrap_or(0.0).max(0.0) as u32;
                    let Some(width) = widths.get(index + 2).and_then(value) else { return };
                    for code in first..=last.min(first.saturating_add(MOST_CODES as u32)).min(0xffff) {
                        self.widths.insert(code, width);
                    }
                    index += 3;
                }
                None => return,
            }
            if self.widths.len() > MOST_CODES {
                return;
            }
        }
    }

    /// Names of glyphs stand in for characters where no map does.
    fn differences(&mut self, differences: &[Object]) {
        let mut code = 0_u32;
        for item in differences.iter().take(600) {
            match item {
                Object::Name(name) => {
                    if let Some(c) = named(&String::from_utf8_lossy(name)) {
                        self.unicode.entry(key(1, code)).or_insert_with(|| c.to_string());
                    }
                    code = code.saturating_add(1);
                }
                other => code = other.as_float().unwrap_or(0.0).max(0.0) as u32,
            }
        }
    }

    pub(super) fn codes(&self, bytes: &[u8]) -> Vec<Code> {
        let mut codes = Vec::with_capacity(bytes.len());
        let mut at = 0;
        while at < bytes.len() {
            let single = !self.wide || self.encoding == Encoding::Gbk && bytes[at] < 0x81;
            let length = if single { 1 } else { 2.min(bytes.len() - at) };
            let piece = &bytes[at..at + length];
            at += length;
            let code = piece.iter().fold(0_u32, |code, byte| code << 8 | u32::from(*byte));
            let mapped = self.unicode.get(&key(length, code)).cloned();
            let text = mapped.unwrap_or_else(|| match self.encoding {
                Encoding::Latin => latin(piece[0]).to_string(),
                Encoding::Ucs2 => char::from_u32(code).unwrap_or('\u{fffd}').to_string(),
                Encoding::Gbk => GB18030.decode_without_bom_handling(piece).0.into_owned(),
                Encoding::Glyphs => '\u{fffd}'.to_string(),
            });
            let width = self.widths.get(&code).copied().unwrap_or(self.default_width);
            // Only maps between codes and glyphs would tell; ASCII is half as wide as Chinese.
            let half = self.wide && self.widths.is_empty() && text.is_ascii() && self.default_width >= 1000.0;
            let width = if half { width / 2.0 } else { width };
            codes.push(Code { text, width: width * self.scale, is_space: single && code == 32 });
        }
        codes
    }
}

fn number(object: Option<Object>) -> Option<f64> {
    object.and_then(|object| object.as_float().ok()).map(f64::from)
}

fn key(length: usize, code: u32) -> u32 {
    code | (length as u32) << 24
}

fn latin(byte: u8) -> char {
    match byte {
        0x91 => '‘',
        0x92 => '’',
        0x93 => '“',
        0x94 => '”',
        0x96 => '–',
        0x97 => '—',
        0xb7 => '·',
        byte => char::from(byte),
    }
}

fn named(name: &str) -> Option<char> {
    const NAMES: [(&str, char); 26] = [
        ("space", ' '),
        ("zero", '0'),
        ("one", '1'),
        ("two", '2'),
        ("three", '3'),
        ("four", '4'),
        ("five", '5'),
        ("six", '6'),
        ("seven", '7'),
        ("eight", '8'),
        ("nine", '9'),
        ("period", '.'),
        ("comma", ','),
        ("hyphen", '-'),
        ("minus", '-'),
        ("plus", '+'),
        ("slash", '/'),
        ("colon", ':'),
        ("semicolon", ';'),
        ("parenleft", '('),
        ("parenright", ')'),
        ("percent", '%'),
        ("at", '@'),
        ("emdash", '—'),
        ("quotedblleft", '“'),
        ("quotedblright", '”'),
    ];
    let mut chars = name.chars();
    if let (Some(only), None) = (chars.next(), chars.next()) {
        return Some(only);
    }
    let hex = name.strip_prefix("uni").or_else(|| name.strip_prefix('u'));
    let from_hex = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
    from_hex.or_else(|| NAMES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c))
}

/// ToUnicode: `<code> <text>` between beginbfchar and endbfchar, `<from> <to> <text or [texts]>` in ranges.
fn characters(map: &[u8]) -> HashMap<u32, String> {
    let mut found = HashMap::new();
    let mut tokens = Tokens::new(map);
    let mut pending: Vec<Operand> = Vec::new();
    let mut size = 0;
    while let Some(token) = tokens.text_or_word() {
        match token {
            Ok(operand @ (Operand::Text(_) | Operand::Array(_))) if size > 0 => {
                pending.push(operand);
                if pending.len() == size {
                    add(&mut found, &pending);
                    pending.clear();
                }
            }
            Ok(_) => {}
            Err(b"beginbfchar") => (size, pending) = (2, Vec::new()),
            Err(b"beginbfrange") => (size, pending) = (3, Vec::new()),
            Err(_) => size = 0,
        }
        if found.len() > MOST_CODES {
            break;
        }
    }
    found
}

fn add(found: &mut HashMap<u32, String>, entry: &[Operand]) {
    let code = |bytes: &[u8]| {
        let code = bytes.iter().take(3).fold(0_u32, |code, byte| code << 8 | u32::from(*byte));
        key(bytes.len().min(3), code)
    };
    match entry {
        [Operand::Text(from), Operand::Text(text)] => {
            found.insert(code(from), utf16(text));
        }
        [Operand::Text(from), Operand::Text(to), Operand::Text(text)] => {
            let (first, last) = (code(from), code(to));
            let mut units: Vec<u8> = text.clone();
            for code in first..=last.min(first.saturating_add(0xffff)) {
                found.insert(code, utf16(&units));
                // The last byte counts up, with carry.
                for byte in units.iter_mut().rev() {
                    *byte = byte.wrapping_add(1);
                    if *byte != 0 {
                        break;
                    }
                }
            }
        }
        [Operand::Text(from), Operand::Text(_), Operand::Array(texts)] => {
            for (offset, text) in texts.iter().enumerate() {
                if let Operand::Text(text) = text {
                    found.insert(code(from).saturating_add(offset as u32), utf16(text));
                }
            }
        }
        _ => {}
    }
}

fn utf16(bytes: &[u8]) -> String {
    if let [byte] = bytes {
        return char::from(*byte).to_string();
    }
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    // Ligatures of more than a few characters are not text.
    String::from_utf16_lossy(&units[..units.len().min(8)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_of_characters() {
        let map = b"1 begincodespacerange <0000> <FFFF> endcodespacerange
2 beginbfchar <0003> <4E00> <0005> <00660066> endbfchar
2 beginbfrange <0010> <0012> <4E8C> <0020> <0021> [<0031> <0032>] endbfrange";
        let map = characters(map);
        let of = |code: u32| map.get(&key(2, code)).map(String::as_str);
        assert_eq!([of(3), of(5), of(0x11), of(0x21)], [Some("一"), Some("ff"), Some("亍"), Some("2")]);
        assert_eq!(of(4), None);
    }
}
