use super::cell::Position;

/// The six parts of the report, in the order of the form. 《条例》第五十条.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// 一、总体情况.
    Overview,
    /// 二、主动公开政府信息情况.
    Proactive,
    /// 三、收到和处理政府信息公开申请情况.
    Requests,
    /// 四、政府信息公开行政复议、行政诉讼情况.
    Remedies,
    /// 五、存在的主要问题及改进情况.
    ProblemsAndImprovements,
    /// 六、其他需要报告的事项.
    OtherMatters,
}

impl Section {
    pub const ALL: [Section; 6] = [
        Self::Overview,
        Self::Proactive,
        Self::Requests,
        Self::Remedies,
        Self::ProblemsAndImprovements,
        Self::OtherMatters,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Proactive => "proactive",
            Self::Requests => "requests",
            Self::Remedies => "remedies",
            Self::ProblemsAndImprovements => "problems_and_improvements",
            Self::OtherMatters => "other_matters",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.code() == code)
    }

    /// The heading of the official form.
    pub fn official(self) -> &'static str {
        match self {
            Self::Overview => "一、总体情况",
            Self::Proactive => "二、主动公开政府信息情况",
            Self::Requests => "三、收到和处理政府信息公开申请情况",
            Self::Remedies => "四、政府信息公开行政复议、行政诉讼情况",
            Self::ProblemsAndImprovements => "五、存在的主要问题及改进情况",
            Self::OtherMatters => "六、其他需要报告的事项",
        }
    }

    pub(crate) fn index(self) -> usize {
        self as usize
    }
}

/// A paragraph as printed, and where it begins.
#[derive(Debug, Clone)]
pub struct Paragraph {
    pub text: String,
    pub at: Option<Position>,
}

impl PartialEq for Paragraph {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Paragraph {}

/// The prose of the six parts, without their tables. `None`: the part's heading was not found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sections {
    parts: [Option<Vec<Paragraph>>; 6],
}

impl Sections {
    pub fn paragraphs(&self, section: Section) -> Option<&[Paragraph]> {
        self.parts[section.index()].as_deref()
    }

    /// The prose of a part, one paragraph a line; empty when the part holds only its table.
    pub fn text(&self, section: Section) -> Option<String> {
        let paragraphs = self.paragraphs(section)?;
        Some(paragraphs.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n"))
    }

    /// Sets the prose of a part; each line is a paragraph, empty lines are dropped.
    pub fn set_text(&mut self, section: Section, text: &str) {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        self.parts[section.index()] =
            Some(lines.map(|line| Paragraph { text: line.to_owned(), at: None }).collect());
    }

    /// Keeps only the first paragraphs of a part.
    pub(crate) fn truncate(&mut self, section: Section, length: usize) {
        if let Some(paragraphs) = &mut self.parts[section.index()] {
            paragraphs.truncate(length);
        }
    }

    pub(crate) fn open(&mut self, section: Section) {
        self.parts[section.index()].get_or_insert_default();
    }

    pub(crate) fn push(&mut self, section: Section, paragraph: Paragraph) {
        self.parts[section.index()].get_or_insert_default().push(paragraph);
    }
}
