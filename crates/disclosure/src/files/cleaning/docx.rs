use std::collections::HashSet;

use super::package::Package;
use super::xml::{self, Rewriting, Tag};
use super::{BROKEN, HiddenKind, Outcome, Removed, Stuck, picture};

/// Elements that hold what a tracked change took away, or how something was before.
const BEFORE: [&str; 9] = [
    "w:del",
    "w:moveFrom",
    "w:rPrChange",
    "w:pPrChange",
    "w:tblPrChange",
    "w:trPrChange",
    "w:tcPrChange",
    "w:sectPrChange",
    "w:tblGridChange",
];

/// Marks of changes and comments that hold nothing themselves.
const MARKS: [&str; 12] = [
    "w:commentRangeStart",
    "w:commentRangeEnd",
    "w:commentReference",
    "w:annotationRef",
    "w:moveFromRangeStart",
    "w:moveFromRangeEnd",
    "w:moveToRangeStart",
    "w:moveToRangeEnd",
    "w:cellIns",
    "w:cellDel",
    "w:cellMerge",
    "w:numberingChange",
];

pub(super) fn strip(bytes: &[u8]) -> Outcome {
    let mut package = Package::open(bytes)?;
    let mut removed = Removed::default();
    let is_body = |name: &str| {
        name.strip_prefix("word/").is_some_and(|part| {
            part.ends_with(".xml")
                && !part.contains('/')
                && ["document", "header", "footer", "footnotes", "endnotes", "glossary"]
                    .iter()
                    .any(|known| part.starts_with(known))
        })
    };
    for (name, content) in &mut package.parts {
        if is_body(name) {
            let text = std::str::from_utf8(content).map_err(|_| BROKEN)?;
            *content = body(text, &mut removed)?.into_bytes();
        }
    }
    package.rewrite(
        |name| name == "word/styles.xml",
        |tag| if tag.name == "w:vanish" { Rewriting::Drop } else { Rewriting::Keep },
    )?;
    settings(&mut package, &mut removed)?;
    removed.note(
        HiddenKind::Comment,
        package.remove(|name| {
            name.starts_with("word/comments")
                || name.starts_with("word/people")
                || name.starts_with("word/person")
        })?,
    );
    charts(&mut package, &mut removed)?;
    properties(&mut package, &mut removed)?;
    pictures(&mut package, "word/media/", &mut removed)?;
    if removed.0.is_empty() { Ok(None) } else { Ok(Some((package.write()?, removed))) }
}

fn body(text: &str, removed: &mut Removed) -> Result<String, Stuck> {
    let hidden = hidden_runs(text)?;
    let (mut changes, mut comments, mut runs) = (0, 0, 0);
    let mut is_row_deleted = false;
    let done = xml::rewrite(text, &mut |tag: &Tag<'_>| {
        let is_property = matches!(tag.parent, "w:rPr" | "w:trPr");
        match tag.name {
            "w:del" | "w:ins" if is_property => {
                is_row_deleted |= tag.parent == "w:trPr" && tag.name == "w:del";
                changes += 1;
                Rewriting::Drop
            }
            name if BEFORE.contains(&name) => {
                changes += 1;
                Rewriting::Drop
            }
            "w:ins" | "w:moveTo" => {
                changes += 1;
                Rewriting::Unwrap
            }
            "w:commentReference" => {
                comments += 1;
                Rewriting::Drop
            }
            name if MARKS.contains(&name) => Rewriting::Drop,
            "w:r" if hidden.contains(&tag.index) => {
                runs += 1;
                Rewriting::Drop
            }
            _ => Rewriting::Keep,
        }
    })?;
    if is_row_deleted {
        return Err(Stuck("表格里有还没有接受的删行修订。请在 Word 或 WPS 里“接受所有修订”后再上传"));
    }
    removed.note(HiddenKind::Revision, changes);
    removed.note(HiddenKind::Comment, comments);
    removed.note(HiddenKind::Text, runs);
    Ok(done)
}

/// The runs whose own properties hide them, by their place among the elements.
fn hidden_runs(text: &str) -> Result<HashSet<usize>, Stuck> {
    let mut hidden = HashSet::new();
    // The runs opened last come first; a text box holds runs within a run, after the properties of the outer one.
    let mut run = None;
    let mut in_properties_of_run = false;
    xml::look(text, &mut |tag: &Tag<'_>| match tag.name {
        "w:r" => run = Some(tag.index),
        "w:rPr" => in_properties_of_run = tag.parent == "w:r",
        "w:vanish" if in_properties_of_run && tag.parent == "w:rPr" && tag.is_on("val", true) => {
            hidden.extend(run);
        }
        _ => {}
    })?;
    Ok(hidden)
}

/// 跟踪修订 stays off, variables and the template's path on someone's machine go.
fn settings(package: &mut Package, removed: &mut Removed) -> Result<(), Stuck> {
    let mut found = 0;
    package.rewrite(
        |name| name == "word/settings.xml",
        |tag| match tag.name {
            "w:docVars" | "w:attachedTemplate" | "w:mailMerge" => {
                found += 1;
                Rewriting::Drop
            }
            "w:trackRevisions" | "w:rsids" => Rewriting::Drop,
            _ => Rewriting::Keep,
        },
    )?;
    package.rewrite(
        |name| name == "word/_rels/settings.xml.rels",
        |tag| match tag.attribute("Type") {
            Some(kind) if kind.ends_with("/attachedTemplate") || kind.ends_with("/mailMergeSource") => {
                Rewriting::Drop
            }
            _ => Rewriting::Keep,
        },
    )?;
    removed.note(HiddenKind::Author, found);
    Ok(())
}

/// A chart shows what it keeps itself; the whole workbook behind it goes.
pub(super) fn charts(package: &mut Package, removed: &mut Removed) -> Result<(), Stuck> {
    let is_workbook = |name: &str| {
        name.contains("/embeddings/")
            && [".xlsx", ".xlsm", ".xlsb", ".xls", ".docx", ".pptx"]
                .iter()
                .any(|ending| name.ends_with(ending))
    };
    package.rewrite(
        |name| name.contains("/charts/") && name.ends_with(".xml"),
        |tag| if tag.name == "c:externalData" { Rewriting::Drop } else { Rewriting::Keep },
    )?;
    removed.note(HiddenKind::Data, package.remove(is_workbook)?);
    Ok(())
}

/// Who wrote it, for whom, with what: the properties of the file.
pub(super) fn properties(package: &mut Package, removed: &mut Removed) -> Result<(), Stuck> {
    let mut found = 0;
    package.rewrite(
        |name| matches!(name, "docProps/core.xml" | "docProps/app.xml"),
        |tag| match tag.local() {
            "creator" | "lastModifiedBy" | "lastPrinted" | "contentStatus" | "category" | "description"
            | "keywords" | "subject" | "revision" | "Company" | "Manager" | "HyperlinkBase" | "Template"
            | "TotalTime" => {
                found +=
                    usize::from(matches!(tag.local(), "creator" | "lastModifiedBy" | "Company" | "Manager"));
                Rewriting::Drop
            }
            _ => Rewriting::Keep,
        },
    )?;
    found += package.remove(|name| {
        name == "docProps/custom.xml"
            || name.starts_with("docProps/thumbnail")
            || name.starts_with("customXml/")
    })?;
    removed.note(HiddenKind::Author, found);
    Ok(())
}

/// Photographs within the file.
pub(super) fn pictures(package: &mut Package, folder: &str, removed: &mut Removed) -> Result<(), Stuck> {
    for (name, content) in &mut package.parts {
        if !name.starts_with(folder) {
            continue;
        }
        let stripped = match content.as_slice() {
            [0xff, 0xd8, ..] => picture::strip_jpeg(content),
            [0x89, b'P', b'N', b'G', ..] => picture::strip_png(content),
            _ => Ok(None),
        };
        // A picture that is no picture is shown by no program; its bytes stay as they are.
        if let Ok(Some((clean, _))) = stripped {
            *content = clean;
            removed.note(HiddenKind::Photograph, 1);
        }
    }
    Ok(())
}
