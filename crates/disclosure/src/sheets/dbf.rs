use encoding_rs::GB18030;
use jiff::civil::Date;

/// A column of a DBF table: a name of at most ten letters, and the bytes it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DbfField {
    pub name: &'static str,
    pub width: u8,
}

/// A dBASE III table, character fields only, in GBK: what archive systems take. Text that is too long is cut between two
/// characters; how many cells were cut is returned beside the table.
pub fn dbf(fields: &[DbfField], rows: &[Vec<String>], written_on: Date) -> (Vec<u8>, usize) {
    let record: usize = 1 + fields.iter().map(|field| usize::from(field.width)).sum::<usize>();
    let head = 32 + 32 * fields.len() + 1;
    let mut out = Vec::with_capacity(head + record * rows.len() + 1);
    out.push(0x03);
    let small = |number: i16| u8::try_from(number).unwrap_or(0);
    out.extend([
        small(written_on.year() - 1900),
        written_on.month().unsigned_abs(),
        written_on.day().unsigned_abs(),
    ]);
    out.extend(u32::try_from(rows.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(u16::try_from(head).unwrap_or(u16::MAX).to_le_bytes());
    out.extend(u16::try_from(record).unwrap_or(u16::MAX).to_le_bytes());
    out.extend([0; 17]);
    out.push(0x4d); // code page 936
    out.extend([0; 2]);
    for field in fields {
        let mut name = [0; 11];
        for (to, from) in name.iter_mut().take(10).zip(field.name.bytes()) {
            *to = from;
        }
        out.extend(name);
        out.push(b'C');
        out.extend([0; 4]);
        out.extend([field.width, 0]);
        out.extend([0; 14]);
    }
    out.push(0x0d);
    let mut cut = 0;
    for row in rows {
        out.push(b' ');
        for (at, field) in fields.iter().enumerate() {
            let text = row.get(at).map(String::as_str).unwrap_or_default();
            let (bytes, was_cut) = fitted(text, usize::from(field.width));
            cut += usize::from(was_cut);
            out.extend(&bytes);
            out.extend(std::iter::repeat_n(b' ', usize::from(field.width) - bytes.len()));
        }
    }
    out.push(0x1a);
    (out, cut)
}

fn fitted(text: &str, width: usize) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    for c in text.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        let mut letter = [0; 4];
        let (encoded, _, _) = GB18030.encode(c.encode_utf8(&mut letter));
        if bytes.len() + encoded.len() > width {
            return (bytes, true);
        }
        bytes.extend(encoded.iter());
    }
    (bytes, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_the_sizes_it_says() {
        let fields = [DbfField { name: "TITLE", width: 7 }, DbfField { name: "MADE_ON", width: 8 }];
        let rows = vec![vec!["医保缴费".into(), "20261030".into()]];
        let (table, cut) = dbf(&fields, &rows, jiff::civil::date(2026, 11, 2));
        assert_eq!(cut, 1, "four characters take eight bytes");
        assert_eq!(&table[..4], [3, 126, 11, 2]);
        assert_eq!(u32::from_le_bytes(table[4..8].try_into().unwrap()), 1);
        let head = usize::from(u16::from_le_bytes(table[8..10].try_into().unwrap()));
        let record = usize::from(u16::from_le_bytes(table[10..12].try_into().unwrap()));
        assert_eq!((head, record), (97, 16));
        assert_eq!(table.len(), head + record + 1);
        let (title, _, _) = GB18030.decode(&table[head + 1..head + 8]);
        assert_eq!(title, "医保缴 ");
        assert_eq!(&table[head + 8..head + 16], b"20261030");
    }
}
