//! The objects of a file, without those that would take memory without end.

use std::cell::Cell;

use lopdf::{Document, LoadOptions, Object, ObjectId, Stream};

/// Of one stream that holds objects, unpacked; most have some ten kilobytes. Objects take fifty times as much.
const LARGEST_STREAM: usize = 1024 * 1024;
/// Of all of them.
const LARGEST: usize = 8 * 1024 * 1024;

thread_local! {
    /// What the streams of the file that is being loaded may still hold. The loader calls a plain function on the
    /// thread that loads, so this is where it can count.
    static LEFT: Cell<usize> = const { Cell::new(0) };
}

pub(super) fn load(bytes: &[u8]) -> Option<Document> {
    LEFT.set(LARGEST);
    if has_lengths_elsewhere(bytes) && !streams_of_objects_are_sound(bytes) {
        return None;
    }
    let load = |force_reconstruct| {
        LEFT.set(LARGEST);
        let options = LoadOptions {
            filter: Some(bounded),
            max_decompressed_size: Some(LARGEST_STREAM),
            force_reconstruct,
            ..LoadOptions::default()
        };
        Document::load_mem_with_options(bytes, options).ok()
    };
    let loaded = load(false)?;
    // Of a file whose table of objects leads astray, the loader only looks for the pages itself when it loads all.
    if loaded.is_encrypted() || loaded.page_iter().next().is_some() {
        return Some(loaded);
    }
    load(true).filter(|rebuilt| rebuilt.page_iter().next().is_some()).or(Some(loaded))
}

/// Whether some stream keeps its length in another object. Where that one stands in a stream of objects, the loader
/// reads the whole of it without asking `bounded`.
fn has_lengths_elsewhere(bytes: &[u8]) -> bool {
    found(bytes, b"/ObjStm").next().is_some()
        && found(bytes, b"/Length").any(|at| {
            let after = &bytes[at + b"/Length".len()..];
            let words = String::from_utf8_lossy(&after[..after.len().min(48)]).into_owned();
            let mut words = words.split(|c: char| c.is_whitespace() || matches!(c, '/' | '>' | '<'));
            let mut next = || words.by_ref().find(|word| !word.is_empty());
            let numbers = [next().map(str::to_owned), next().map(str::to_owned)];
            let are_numbers =
                numbers.iter().flatten().filter(|word| word.bytes().all(|b| b.is_ascii_digit())).count() == 2;
            are_numbers && next().is_some_and(|word| word.starts_with('R'))
        })
}

/// Looks at every stream of objects as it stands in the file, before anything is loaded.
fn streams_of_objects_are_sound(bytes: &[u8]) -> bool {
    // How far a dictionary reaches around its type, and how often the file may be gone through.
    const DICTIONARY: usize = 1024;
    let mut looked_at = 8 * bytes.len() + LARGEST_STREAM;
    for at in found(bytes, b"/ObjStm") {
        let before = &bytes[at.saturating_sub(DICTIONARY)..at];
        let start = at - found(before, b"obj").last().map_or(0, |begin| before.len() - begin);
        let after = &bytes[at..bytes.len().min(at + DICTIONARY)];
        let Some(keyword) = found(after, b"stream").next() else { continue };
        let mut from = at + keyword + b"stream".len();
        from += bytes[from..].iter().take(2).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let length = found(&bytes[from..], b"endstream").next().unwrap_or(bytes.len() - from);
        match looked_at.checked_sub(length) {
            Some(left) => looked_at = left,
            None => return false,
        }
        let said = String::from_utf8_lossy(&bytes[start..at + keyword]).into_owned();
        let first = said.split("/First").nth(1).unwrap_or_default().trim_start();
        let first: String = first.chars().take_while(char::is_ascii_digit).collect();
        let mut dictionary = lopdf::Dictionary::new();
        dictionary.set("First", Object::Integer(first.parse().unwrap_or(0)));
        if said.contains("FlateDecode") {
            dictionary.set("Filter", Object::Name(b"FlateDecode".to_vec()));
        }
        if !is_sound(&Stream::new(dictionary, bytes[from..from + length].to_vec())) {
            return false;
        }
    }
    true
}

fn found<'b>(bytes: &'b [u8], word: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
    let windows = bytes.windows(word.len()).enumerate();
    windows.filter(move |(_, window)| *window == word).map(|(at, _)| at)
}

/// Leaves out a stream of objects that share their places: each would be read anew for every name it has.
fn bounded(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    let is_kept = match object {
        Object::Stream(stream) if stream.dict.has_type(b"ObjStm") => is_sound(stream),
        _ => true,
    };
    // Of an object of the file only counts whether there is an answer; one out of a stream, which is no stream itself,
    // is taken from the answer.
    let answer = || if object.as_stream().is_ok() { Object::Null } else { object.clone() };
    is_kept.then(|| (id, answer()))
}

fn is_sound(stream: &Stream) -> bool {
    let Ok(content) = stream.get_plain_content_with_limit(LARGEST_STREAM) else { return false };
    let Some(left) = LEFT.get().checked_sub(content.len()) else { return false };
    LEFT.set(left);
    let first = stream.dict.get(b"First").and_then(Object::as_i64).ok();
    let Some(first) = first.and_then(|first| usize::try_from(first).ok()) else { return false };
    let Some(head) = content.get(..first).and_then(|head| std::str::from_utf8(head).ok()) else {
        return false;
    };
    let numbers: Vec<Option<usize>> = head
        .split(['\r', '\n'])
        .flat_map(|line| line.split('%').next().unwrap_or_default().split_whitespace())
        .map(|number| number.parse().ok())
        .collect();
    let places = numbers.chunks_exact(2).filter_map(|pair| first.checked_add(pair[1]?));
    let mut left = 2 * content.len();
    for object in places.filter_map(|place| content.get(place..)) {
        match left.checked_sub(extent(object)) {
            Some(after) => left = after,
            None => return false,
        }
    }
    true
}

/// How far an object reaches, by its brackets alone; never less than the reader of objects looks at.
fn extent(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    let mut begun = false;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'(' => {
                let mut open = 1_usize;
                while open > 0 {
                    match bytes.get(at) {
                        Some(b'\\') => at += 1,
                        Some(b'(') => open += 1,
                        Some(b')') => open -= 1,
                        Some(_) => {}
                        None => return bytes.len(),
                    }
                    at += 1;
                }
                begun = true;
            }
            b'[' | b'<' => {
                depth += 1;
                begun = true;
            }
            b']' | b'>' => depth = depth.saturating_sub(1),
            b'%' => {
                at += bytes[at..]
                    .iter()
                    .position(|byte| matches!(byte, b'\r' | b'\n'))
                    .unwrap_or(bytes.len() - at)
            }
            byte if byte.is_ascii_whitespace() || byte == 0 => {
                // `1 0 R` is looked at as a whole.
                if depth == 0 && begun && at > 32 {
                    return at;
                }
                continue;
            }
            _ => begun = true,
        }
        if depth == 0 && begun && matches!(byte, b')' | b']' | b'>' | b'(') {
            return at;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream of objects, and a page whose length is one of them.
    fn with_length_in_a_stream(head: &str, content: &str) -> Vec<u8> {
        format!(
            "%PDF-1.5\n5 0 obj<</Type/ObjStm/N 2/First {}/Length {}>>stream\n{head}{content}\nendstream endobj\n\
             4 0 obj<</Length 10 0 R>>stream\nBT ET\nendstream endobj\n",
            head.len(),
            head.len() + content.len()
        )
        .into_bytes()
    }

    #[test]
    fn a_length_in_a_stream_of_giants_is_not_looked_up() {
        let head: String = (10..2010).map(|number| format!("{number} 0 ")).collect();
        let giant = with_length_in_a_stream(&head, &format!("[{}]", "1 ".repeat(100_000)));
        assert!(has_lengths_elsewhere(&giant) && !streams_of_objects_are_sound(&giant));
        assert!(load(&giant).is_none());
        LEFT.set(LARGEST);
        let sound = with_length_in_a_stream("10 0 11 2 ", "5 [1 2]");
        assert!(has_lengths_elsewhere(&sound) && streams_of_objects_are_sound(&sound));
        let direct = String::from_utf8(giant).unwrap().replace("/Length 10 0 R", "/Length 5");
        assert!(!has_lengths_elsewhere(direct.as_bytes()));
    }

    #[test]
    fn objects_end_where_their_brackets_close() {
        for (text, end) in [
            ("[1 [2] (]) ] 9", 12),
            ("<</A<<>>/B(\\))>> 9", 16),
            ("(a(b)c) 9", 7),
            ("<4e00> 9", 6),
            ("[[[", 3),
            ("(((", 3),
            ("% ]\n[1] 9", 7),
        ] {
            assert_eq!(extent(text.as_bytes()), end, "{text}");
        }
        assert!(extent(b"/Name 1 0 R and a long row of other words that never ends 1 0 R") < 40);
    }
}
