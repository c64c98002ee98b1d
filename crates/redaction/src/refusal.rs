use std::fmt;

/// Why a file cannot be redacted here, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It cannot be opened.
    Broken,
    Encrypted,
    NoPages,
    TooManyPages(usize),
    /// A page or a picture of this many pixels or points.
    TooLarge {
        page: u32,
    },
    /// The page would not look as it does elsewhere; why.
    NotFaithful {
        page: u32,
        why: String,
    },
    /// It took longer than it may.
    TooSlow,
    /// An area that does not lie on the page.
    AreaOff {
        page: u32,
    },
    /// What was found in the result that must not be there.
    Residue(Vec<String>),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Broken => f.write_str("文件打不开，可能已损坏。请用办公软件打开后重新导出，再上传。"),
            Refusal::Encrypted => f.write_str("文件有密码或者限制，不能遮盖。请另存一份没有密码的，再上传。"),
            Refusal::NoPages => f.write_str("文件里没有页面，请核对是否选错了文件。"),
            Refusal::TooManyPages(pages) => {
                write!(f, "文件有{pages}页，一次最多遮盖{}页，请拆分后分别上传。", crate::MOST_PAGES)
            }
            Refusal::TooLarge { page } => {
                write!(f, "第{page}页的尺寸太大，不能遮盖。请缩小到常用纸张大小后重新导出，再上传。")
            }
            Refusal::NotFaithful { page, why } => write!(
                f,
                "第{page}页{why}，本程序显示的可能与原件不同，不能在上面遮盖。请在制作软件里用“打印成 PDF”或者扫描的方式重新生成，再上传。"
            ),
            Refusal::TooSlow => f.write_str(
                "文件太复杂，处理超过了时限。请在制作软件里用“打印成 PDF”重新生成或者拆分，再上传。",
            ),
            Refusal::AreaOff { page } => write!(f, "第{page}页的一处标记不在页面上，请删除后重新标记。"),
            Refusal::Residue(found) => write!(
                f,
                "遮盖后的文件重新读取时仍发现残留：{}。文件没有生成，请把这一情况告知系统管理员。",
                found.join("；")
            ),
        }
    }
}
