//! What a copy holds, as a text file beside it: one line a file, one line an entry.

use std::collections::BTreeMap;

use gongkai_disclosure::publishing::copies::Place;

const KIND: &str = "gongkai-static-copy 1";

/// A public entry at the time of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub id: String,
    pub index_number: String,
    pub genre: String,
}

impl Known {
    pub(super) fn of(place: &Place) -> Known {
        Known { id: place.id.clone(), index_number: place.index_number.clone(), genre: place.genre.clone() }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    pub program: String,
    pub online: String,
    pub address: String,
    /// How far the change log was followed, and the hash of its last link.
    pub position: i64,
    pub head: String,
    /// File → hash.
    pub files: BTreeMap<String, String>,
    pub entries: Vec<Known>,
}

impl Record {
    pub(super) fn write(&self) -> String {
        let mut text = format!(
            "{KIND}\n{}\n{}\n{}\n{}\n{}\n",
            self.program, self.online, self.address, self.position, self.head
        );
        for (file, hash) in &self.files {
            text.push_str(&format!("F\t{hash}\t{file}\n"));
        }
        for entry in &self.entries {
            text.push_str(&format!("E\t{}\t{}\t{}\n", entry.id, entry.genre, entry.index_number));
        }
        text.push_str("whole\n");
        text
    }

    /// `None` when the file is not one of ours, or not whole: then the copy is made anew.
    pub(super) fn read(text: &str) -> Option<Record> {
        let mut lines = text.strip_suffix("whole\n")?.lines();
        if lines.next()? != KIND {
            return None;
        }
        let mut next = || lines.next().map(str::to_owned);
        let mut record = Record {
            program: next()?,
            online: next()?,
            address: next()?,
            position: next()?.parse().ok()?,
            head: next()?,
            ..Record::default()
        };
        for line in lines {
            let mut parts = line.splitn(4, '\t');
            match (parts.next()?, parts.next()?, parts.next()?, parts.next()) {
                ("F", hash, file, None) => drop(record.files.insert(file.into(), hash.into())),
                ("E", id, genre, Some(index_number)) => record.entries.push(Known {
                    id: id.into(),
                    index_number: index_number.into(),
                    genre: genre.into(),
                }),
                _ => return None,
            }
        }
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_back_and_a_torn_one_does_not() {
        let known = Known { id: "e".into(), index_number: "QH/2026-00001".into(), genre: "plan".into() };
        let record = Record {
            program: "0.1.0 ab".into(),
            position: 12,
            head: "ff".into(),
            files: BTreeMap::from([("entries/附件 一.docx".into(), "00".into())]),
            entries: vec![known],
            ..Record::default()
        };
        let text = record.write();
        assert_eq!(Record::read(&text), Some(record));
        assert_eq!(Record::read(&text[..text.len() - 3]), None);
        assert_eq!(Record::read("something else\n"), None);
    }
}
