use std::fmt;

/// Why a document was not laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotLaidOut {
    /// The program was built without the part that lays out.
    NotBuilt,
    /// There is no typeface that could print Chinese.
    NoTypeface,
    /// No typeface there is has these characters.
    MissingGlyphs(Vec<char>),
    /// A template is wrong, or a standard cannot be met: nothing that a user did.
    Defect(String),
}

impl fmt::Display for NotLaidOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBuilt => f.write_str("这个程序没有编入排版部分，不能生成 PDF 和 OFD。请换一种格式，或者使用完整的程序。"),
            Self::NoTypeface => f.write_str(
                "没有可用的中文字体，不能生成 PDF 和 OFD。请用 --font-dir（或设置 fonts.folders）指定放有中文字体的文件夹，\
                 例如 /usr/share/fonts、C:\\Windows\\Fonts。",
            ),
            Self::MissingGlyphs(characters) => {
                let named: Vec<String> =
                    characters.iter().map(|c| format!("“{c}”（U+{:04X}）", u32::from(*c))).collect();
                write!(
                    f,
                    "现有字体里没有这些字：{}。请把含有它们的字体放进 --font-dir（或设置 fonts.folders）指定的文件夹，\
                     或者改用 docx 等其他格式。",
                    named.join("、")
                )
            }
            Self::Defect(what) => write!(f, "文件没有生成，请换一种格式，并把这条消息报告给维护人员：{what}"),
        }
    }
}

impl std::error::Error for NotLaidOut {}
