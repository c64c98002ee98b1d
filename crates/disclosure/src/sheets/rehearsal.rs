/// A row that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Sheet, row and column.
    pub place: String,
    pub reason: String,
}

/// A record that an import changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub what: String,
    /// Label, old, new.
    pub fields: Vec<(String, String, String)>,
}

/// 差异报告 — what a file does to what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rehearsal {
    pub added: Vec<String>,
    pub changed: Vec<Change>,
    pub unchanged: usize,
    /// What the file does not name; it stays.
    pub absent: Vec<String>,
    pub wrong: Vec<Wrong>,
    /// What was left out, and why: columns that are not taken in, sheets without a table.
    pub notes: Vec<String>,
}

impl Rehearsal {
    /// Whether there is something to import, and nothing in its way.
    pub fn can_go(&self) -> bool {
        self.wrong.is_empty() && !(self.added.is_empty() && self.changed.is_empty())
    }

    /// The reasons of a refused row, each with its place.
    pub fn refuse<R: crate::error::Refusal>(&mut self, row: &super::Row, reasons: &[R]) {
        for reason in reasons {
            self.wrong.push(Wrong { place: row.place(reason.field()), reason: reason.to_string() });
        }
    }

    /// Says what of the file was left out.
    pub fn noting(mut self, table: &super::Table) -> Rehearsal {
        if !table.unread.is_empty() {
            self.notes.push(format!("没有用到的栏：{}。", table.unread.join("、")));
        }
        let without: Vec<&str> =
            table.without.iter().filter(|name| !name.is_empty()).map(String::as_str).collect();
        if !without.is_empty() {
            self.notes.push(format!("没有可导入内容的工作表：{}。", without.join("、")));
        }
        self
    }
}
