//! The exchange format of TRS content systems for government information: `MetaViewDataS`, one `MetaViewData` an entry
//! with its `PROPERTIES`. Written in full; read as a table, so that what comes in is rehearsed like any other.

use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};

use crate::catalogue::category_label;
use crate::publishing::public::{PublicAttachment, PublicEntry};
use crate::sheets::Sheet;

/// The version that these files say they are of.
const VERSION: &str = "6.0";

/// The head of a file.
pub const BEGIN: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MetaViewDataS>\n";
/// Its end.
pub const END: &str = "</MetaViewDataS>\n";

/// One entry; `site` is how the portal is called from outside, for links and files.
pub fn record(entry: &PublicEntry, files: &[PublicAttachment], site: &str) -> String {
    let mut xml = format!("  <MetaViewData Version=\"{VERSION}\">\n    <PROPERTIES>\n");
    let mut text = |name: &str, value: &str| {
        if value.is_empty() {
            xml.push_str(&format!("      <{name}/>\n"));
        } else {
            xml.push_str(&format!("      <{name}>{}</{name}>\n", cdata(value)));
        }
    };
    let body = entry
        .body_html
        .replace("href=\"/", &format!("href=\"{site}/"))
        .replace("src=\"/", &format!("src=\"{site}/"));
    text("IDXID", &entry.index_number);
    text("TITLE", &entry.title);
    text("DOCTITLE", &entry.title);
    text("FILENUM", entry.document_number.as_deref().unwrap_or_default());
    text("PUBLISHER", if entry.source.is_empty() { &entry.agency_name } else { &entry.source });
    text("DESCRIPTION", &entry.summary);
    text("KEYWORDS", &entry.keywords);
    text("CONTENT", &body);
    text("DOCCONTENT", "");
    text("PUBDATE", &format!("{} 00:00:00", entry.made_on));
    text("EFECTDATE", &midnight(&entry.effective_on));
    text("ABOLIDATE", &midnight(&entry.expires_on));
    text("CRTIME", &format!("{} 00:00:00", entry.first_released_on));
    text("METADATAID", &entry.id);
    let real = |name: &str, label: &str, code: &str| {
        format!("      <{name} RealValue=\"{}\">{}</{name}>\n", attribute(label), cdata(code))
    };
    xml.push_str(&real("SUBCAT", &category_label(&entry.category), &entry.category));
    xml.push_str(&real("ORGANCAT", &entry.agency_name, &entry.agency_code));
    xml.push_str("    </PROPERTIES>\n");
    if files.is_empty() {
        xml.push_str("    <WCMAPPENDIXS/>\n");
    } else {
        xml.push_str("    <WCMAPPENDIXS>\n");
        for file in files {
            let address = format!("{site}/entries/{}/files/{}", entry.index_number, file.id);
            xml.push_str(&format!(
                "      <WCMAPPENDIX><PROPERTIES><APPDESC>{}</APPDESC><APPFILE>{}</APPFILE><SRCFILE>{}</SRCFILE></PROPERTIES></WCMAPPENDIX>\n",
                cdata(&file.name),
                cdata(&file.name),
                cdata(&address)
            ));
        }
        xml.push_str("    </WCMAPPENDIXS>\n");
    }
    xml.push_str("  </MetaViewData>\n");
    xml
}

/// A day as these files write it; none stays none.
fn midnight(day: &str) -> String {
    if day.is_empty() { String::new() } else { format!("{day} 00:00:00") }
}

/// Text as it is; what would end the section is written in two.
fn cdata(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}

fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Whether a file looks like one of these.
pub fn is_one(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]);
    head.trim_start_matches('\u{feff}').trim_start().starts_with('<') && head.contains("<MetaViewData")
}

const BROKEN: &str = "文件不是完好的 TRS 交换文件（MetaViewDataS）。请从原系统重新导出，再上传。";
const TOO_MANY: &str = "文件里的信息超过 50,000 条。请分成几个文件，分别导入。";

/// What the file holds, as a table with our heads; row n is its n-th record. Entities of a document type are not
/// resolved: a file that needs them is refused.
pub fn read(bytes: &[u8]) -> Result<Sheet, &'static str> {
    const HEADS: [&str; 11] = [
        "标题",
        "文号",
        "生成日期",
        "内容概述",
        "正文",
        "主题词",
        "信息来源",
        "目录事项",
        "索引号",
        "施行日期",
        "有效期至",
    ];
    let mut reader = Reader::from_reader(bytes);
    let mut rows: Vec<(usize, Vec<String>)> = vec![(0, HEADS.map(str::to_owned).to_vec())];
    let (mut path, mut record): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut text = String::new();
    let at = |name: &str| match name {
        "TITLE" | "DOCTITLE" => Some(0),
        "FILENUM" => Some(1),
        "PUBDATE" => Some(2),
        "DESCRIPTION" => Some(3),
        "CONTENT" => Some(4),
        "KEYWORDS" => Some(5),
        "PUBLISHER" => Some(6),
        "SUBCAT" => Some(7),
        "IDXID" => Some(8),
        "EFECTDATE" => Some(9),
        "ABOLIDATE" => Some(10),
        _ => None,
    };
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(|_| BROKEN)? {
            Event::DocType(_) => return Err(BROKEN),
            Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                if name == "MetaViewData" {
                    record = vec![String::new(); HEADS.len()];
                }
                if name == "SUBCAT" && path.len() == 3 {
                    let label = start.try_get_attribute("RealValue").ok().flatten();
                    let label = label.and_then(|label| {
                        label.normalized_value(XmlVersion::Implicit1_0).ok().map(|label| label.into_owned())
                    });
                    if let (Some(cell), Some(label)) = (record.get_mut(7), label) {
                        *cell = label;
                    }
                }
                if path.len() > 16 {
                    return Err(BROKEN);
                }
                path.push(name);
                text.clear();
            }
            Event::Text(piece) => text.push_str(&piece.xml10_content()),
            Event::CData(piece) => text.push_str(&piece.xml10_content()),
            Event::End(_) => {
                let name = path.pop().ok_or(BROKEN)?;
                if path.len() == 3
                    && path[2] == "PROPERTIES"
                    && let Some(cell) = at(&name).and_then(|at| record.get_mut(at))
                    && cell.is_empty()
                {
                    *cell = text.trim().to_owned();
                }
                if name == "MetaViewData" {
                    rows.push((rows.len(), std::mem::take(&mut record)));
                    if rows.len() > 50_000 {
                        return Err(TOO_MANY);
                    }
                }
                text.clear();
            }
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    if !path.is_empty() || rows.len() < 2 {
        return Err(BROKEN);
    }
    Ok(Sheet { name: "TRS".into(), rows })
}
