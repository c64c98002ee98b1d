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
