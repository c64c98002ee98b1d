//! The operators of a content stream, read without trusting it: what is not understood is passed over.

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    Number(f64),
    Text(Vec<u8>),
    Name(String),
    Array(Vec<Operand>),
}

impl Operand {
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

enum Token<'a> {
    Operand(Operand),
    Operator(&'a [u8]),
    ArrayEnd,
}

pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next operator, its operands in `operands`.
    pub(super) fn operator(&mut self, operands: &mut Vec<Operand>) -> Option<&'a [u8]> {
        const MOST: usize = 64;
        operands.clear();
        loop {
            match self.token(false)? {
                Token::Operand(operand) if operands.len() < MOST => operands.push(operand),
                Token::Operand(_) | Token::ArrayEnd => {}
                Token::Operator(b"ID") => self.skip_image(),
                Token::Operator(name) => return Some(name),
            }
        }
    }

    /// The next text, or none at the next word: what a map of characters is made of.
    pub(super) fn text_or_word(&mut self) -> Option<Result<Operand, &'a [u8]>> {
        loop {
            return match self.token(false)? {
                Token::Operand(operand) => Some(Ok(operand)),
                Token::Operator(name) => Some(Err(name)),
                Token::ArrayEnd => continue,
            };
        }
    }

    /// The next token. Within an array (`inside`), a further array is only its end: it says nothing here.
    fn token(&mut self, inside: bool) -> Option<Token<'a>> {
        loop {
            self.skip_space();
            let first = *self.bytes.get(self.at)?;
            return Some(match first {
                b'(' => Token::Operand(Operand::Text(self.literal())),
                b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => {
                    self.at += 2;
                    continue;
                }
                b'<' => Token::Operand(Operand::Text(self.hex())),
                b'[' => {
                    self.at += 1;
                    Token::Operand(Operand::Array(if inside { Vec::new() } else { self.array() }))
                }
                b']' => {
                    self.at += 1;
                    Token::ArrayEnd
                }
                b'/' => {
                    self.at += 1;
                    Token::Operand(Operand::Name(String::from_utf8_lossy(self.word()).into_owned()))
                }
                b'>' | b'{' | b'}' | b')' => {
                    self.at += 1;
                    continue;
                }
                _ => {
                    let word = self.word();
                    let number = std::str::from_utf8(word).ok().and_then(|word| word.parse::<f64>().ok());
                    match number.filter(|number| number.is_finite()) {
                        Some(number) if !word[0].is_ascii_alphabetic() => {
                            Token::Operand(Operand::Number(number))
                        }
                        _ => Token::Operator(word),
                    }
                }
            });
        }
    }

    fn array(&mut self) -> Vec<Operand> {
        let mut items = Vec::new();
        loop {
            match self.token(true) {
                Some(Token::Operand(item)) => items.push(item),
                Some(Token::Operator(_)) => {}
                Some(Token::ArrayEnd) | None => return items,
            }
        }
    }

    fn skip_space(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte == b'%' {
                let line = self.bytes[self.at..].iter().position(|b| matches!(b, b'\n' | b'\r'));
                self.at += line.unwrap_or(self.bytes.len() - self.at);
            } else if byte.is_ascii_whitespace() || byte == 0 {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    fn word(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        let ends = |b: &u8| b.is_ascii_whitespace() || *b == 0 || b"()<>[]{}/%".contains(b);
        let word = &rest[..rest.iter().position(ends).unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    fn literal(&mut self) -> Vec<u8> {
        let mut text = Vec::new();
        let mut depth = 0;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'(' => {
                    depth += 1;
                    if depth > 1 {
                        text.push(byte);
                    }
                }
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                    text.push(byte);
                }
                b'\\' => self.escaped(&mut text),
                byte => text.push(byte),
            }
        }
        text
    }

    fn escaped(&mut self, text: &mut Vec<u8>) {
        let Some(&byte) = self.bytes.get(self.at) else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\r' => self.at += usize::from(self.bytes.get(self.at) == Some(&b'\n')),
            b'\n' => {}
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    match self.bytes.get(self.at) {
                        Some(digit @ b'0'..=b'7') => {
                            code = code * 8 + u32::from(digit - b'0');
                            self.at += 1;
                        }
                        _ => break,
                    }
                }
                text.push((code & 0xff) as u8);
            }
            byte => text.push(byte),
        }
    }

    fn hex(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut digits: Vec<u8> = Vec::new();
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match (byte as char).to_digit(16) {
                Some(digit) => digits.push(digit as u8),
                None if byte == b'>' => break,
                None => {}
            }
        }
        digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
    }

    /// The data of an image within the stream, up to its EI.
    fn skip_image(&mut self) {
        let rest = &self.bytes[self.at..];
        let end = rest.windows(4).position(|four| {
            four[0].is_ascii_whitespace() && &four[1..3] == b"EI" && four[3].is_ascii_whitespace()
        });
        self.at += end.map_or(rest.len(), |end| end + 3);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_with_their_operands() {
        let mut tokens =
            Tokens::new(b"BT /F1 12 Tf [(a\\)b) -20.5 <4E00>] TJ % note\n BI /W 1 ID \x01(( EI ET");
        let mut operands = Vec::new();
        assert_eq!(tokens.operator(&mut operands), Some(&b"BT"[..]));
        assert_eq!(tokens.operator(&mut operands), Some(&b"Tf"[..]));
        assert_eq!(operands, [Operand::Name("F1".to_owned()), Operand::Number(12.0)]);
        assert_eq!(tokens.operator(&mut operands), Some(&b"TJ"[..]));
        let text = |bytes: &[u8]| Operand::Text(bytes.to_vec());
        assert_eq!(operands, [Operand::Array(vec![text(b"a)b"), Operand::Number(-20.5), text(b"\x4e\x00")])]);
        assert_eq!(tokens.operator(&mut operands), Some(&b"BI"[..]));
        assert_eq!(tokens.operator(&mut operands), Some(&b"ET"[..]));
        assert_eq!(tokens.operator(&mut operands), None);
    }

    #[test]
    fn broken_streams_end() {
        for bytes in [&b"((("[..], b"<<<<", b"[[[[", b"\\", b"BI ID", b"(\\", b"<12", b"]]]] )"] {
            let mut tokens = Tokens::new(bytes);
            let mut operands = Vec::new();
            while tokens.operator(&mut operands).is_some() {}
        }
    }
}
