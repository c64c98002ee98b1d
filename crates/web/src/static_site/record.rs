//! What a copy holds, as a text file beside it: one line a file, one line an entry.

use std::collections::BTreeMap;

use gongkai_disclosure::publishing::copies::Place;

const KIND: &str = "gongkai-static-copy 2";

/// A public entry at the time of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub id: String,
    pub agency: String,
    pub category: String,
    pub genre: String,
    pub line: String,
}

impl Known {
    pub(super) fn of(place: &Place) -> Known {
        Known {
            id: place.id.clone(),
            agency: place.agency_code.clone(),
            category: place.category.clone(),
            genre: place.genre.clone(),
            line: place.line_id.clone(),
        }
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
            let Known { id, agency, category, genre, line } = entry;
            text.push_str(&format!("E\t{id}\t{agency}\t{category}\t{genre}\t{line}\n"));
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
            match line.split('\t').collect::<Vec<_>>()[..] {
                ["F", hash, file] => drop(record.files.insert(file.into(), hash.into())),
                ["E", id, agency, category, genre, line] => record.entries.push(Known {
                    id: id.into(),
                    agency: agency.into(),
                    category: category.into(),
                    genre: genre.into(),
                    line: line.into(),
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
        let known = Known { id: "e".into(), agency: "QH".into(), genre: "plan".into(), ..Known::default() };
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
