//! From the codes of a text to characters and widths.

use std::collections::HashMap;

use encoding_rs::GB18030;
use lopdf::{Dictionary, Document, Object};

use super::content::{Operand, Tokens};
use super::page::Budget;

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
    pub(super) fn of(document: &Document, font: &Dictionary, budget: &mut Budget) -> Self {
        let mut this = Self { scale: 0.001, default_width: 500.0, ..Self::default() };
        let get = |dictionary: &'_ Dictionary, key: &[u8]| -> Option<Object> {
            // Names, numbers and dictionaries of a few entries; streams and arrays are borrowed below.
            match dictionary.get_deref(key, document).ok()? {
                Object::Stream(_) | Object::Array(_) => None,
                other => Some(other.clone()),
            }
        };
        let name =
            |object: &Object| object.as_name().ok().map(|name| String::from_utf8_lossy(name).into_owned());
        if let Ok(Object::Stream(stream)) = font.get_deref(b"ToUnicode", document)
            && let Some(map) = budget.content(stream, LARGEST_MAP)
        {
            this.characters(&map, budget);
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
            let inner = font.get_deref(b"DescendantFonts", document).ok().and_then(|fonts| {
                let first = fonts.as_array().ok()?.first()?;
                document.dereference(first).ok()?.1.as_dict().ok()
            });
            if let Some(inner) = inner {
                this.default_width = number(get(inner, b"DW")).unwrap_or(1000.0);
                if let Ok(Object::Array(widths)) = inner.get_deref(b"W", document) {
                    this.wide_widths(document, widths, budget);
                }
            }
            return this;
        }
        let first = number(get(font, b"FirstChar")).unwrap_or(0.0).clamp(0.0, 255.0) as u32;
        if let Ok(Object::Array(widths)) = font.get_deref(b"Widths", document) {
            for (index, width) in widths.iter().enumerate().take(256) {
                let width = document.dereference(width).ok().and_then(|(_, width)| width.as_float().ok());
                this.widths.insert(first + index as u32, f64::from(width.unwrap_or(0.0)));
            }
        }
        if let Ok(Object::Array(matrix)) = font.get_deref(b"FontMatrix", document)
            && let Some(scale) = matrix.first().and_then(|scale| scale.as_float().ok())
        {
            this.scale = f64::from(scale);
        }
        if let Ok(Object::Dictionary(encoding)) = font.get_deref(b"Encoding", document)
            && let Ok(Object::Array(differences)) = encoding.get_deref(b"Differences", document)
        {
            this.differences(differences);
        }
        this
    }

    fn wide_widths(&mut self, document: &Document, widths: &[Object], budget: &mut Budget) {
        let value = |object: &Object| {
            document.dereference(object).ok().and_then(|(_, object)| object.as_float().ok()).map(f64::from)
        };
        let mut index = 0;
        let mut codes = 0;
        while let Some(first) = widths.get(index).and_then(value) {
            let first = first.max(0.0) as u32;
            let next = widths.get(index + 1).and_then(|next| document.dereference(next).ok());
            let before = codes;
            match next {
                Some((_, Object::Array(list))) => {
                    for (offset, width) in list.iter().enumerate().take(MOST_CODES) {
                        self.widths.insert(first.saturating_add(offset as u32), value(width).unwrap_or(0.0));
                    }
                    codes += list.len();
                    index += 2;
                }
                Some((_, last)) => {
                    let last = last.as_float().unwrap_or(0.0).max(0.0) as u32;
                    let Some(width) = widths.get(index + 2).and_then(value) else { return };
                    for code in first..=last.min(0xffff) {
                        self.widths.insert(code, width);
                    }
                    codes += (last.min(0xffff).saturating_sub(first)) as usize;
                    index += 3;
                }
                None => return,
            }
            budget.steps = budget.steps.saturating_sub(codes - before + 1);
            if codes > MOST_CODES || budget.is_spent() {
                return;
            }
        }
    }

    /// ToUnicode: `<code> <text>` between beginbfchar and endbfchar, `<from> <to> <text or [texts]>` in ranges.
    fn characters(&mut self, map: &[u8], budget: &mut Budget) {
        let mut tokens = Tokens::new(map);
        let mut pending: Vec<Operand> = Vec::new();
        let mut size = 0;
        let mut codes = 0;
        while let Some(token) = tokens.text_or_word() {
            match token {
                Ok(operand @ (Operand::Text(_) | Operand::Array(_))) if size > 0 => {
                    pending.push(operand);
                    if pending.len() == size {
                        let added = self.add(&pending);
                        codes += added;
                        budget.steps = budget.steps.saturating_sub(added);
                        pending.clear();
                    }
                }
                Ok(_) => {}
                Err(b"beginbfchar") => (size, pending) = (2, Vec::new()),
                Err(b"beginbfrange") => (size, pending) = (3, Vec::new()),
                Err(_) => size = 0,
            }
            if codes > MOST_CODES || budget.is_spent() {
                return;
            }
        }
    }

    /// Adds an entry of the map; gives back for how many codes.
    fn add(&mut self, entry: &[Operand]) -> usize {
        let code = |bytes: &[u8]| {
            let code = bytes.iter().take(3).fold(0_u32, |code, byte| code << 8 | u32::from(*byte));
            key(bytes.len().min(3), code)
        };
        match entry {
            [Operand::Text(from), Operand::Text(text)] => {
                self.unicode.insert(code(from), utf16(text));
                1
            }
            [Operand::Text(from), Operand::Text(to), Operand::Text(text)] => {
                let (first, last) = (code(from), code(to));
                let last = last.min(first.saturating_add(0xffff));
                let mut units: Vec<u8> = text[..text.len().min(16)].to_vec();
                for code in first..=last {
                    self.unicode.insert(code, utf16(&units));
                    // The last byte counts up, with carry.
                    for byte in units.iter_mut().rev() {
                        *byte = byte.wrapping_add(1);
                        if *byte != 0 {
                            break;
                        }
                    }
                }
                last.saturating_sub(first) as usize + 1
            }
            [Operand::Text(from), Operand::Text(_), Operand::Array(texts)] => {
                for (offset, text) in texts.iter().enumerate().take(MOST_CODES) {
                    if let Operand::Text(text) = text {
                        self.unicode.insert(code(from).saturating_add(offset as u32), utf16(text));
                    }
                }
                texts.len() + 1
            }
            _ => 1,
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
            // Widths go by glyph. Where codes are characters, the glyphs of ASCII are the first of Adobe-GB1.
            let by_character = matches!(self.encoding, Encoding::Ucs2 | Encoding::Gbk);
            let glyph = if by_character { code.checked_sub(31).filter(|_| code < 0x7f) } else { Some(code) };
            let known = glyph.and_then(|glyph| self.widths.get(&glyph)).copied();
            // Only maps between codes and glyphs would tell; ASCII is half as wide as Chinese.
            let is_told = known.is_some() || !by_character && !self.widths.is_empty();
            let half = self.wide && !is_told && text.is_ascii() && self.default_width >= 1000.0;
            let width = known.unwrap_or(self.default_width);
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
        let mut font = Font::default();
        font.characters(map, &mut Budget::default());
        let of = |code: u32| font.unicode.get(&key(2, code)).map(String::as_str);
        assert_eq!([of(3), of(5), of(0x11), of(0x21)], [Some("一"), Some("ff"), Some("亍"), Some("2")]);
        assert_eq!(of(4), None);
    }
}
