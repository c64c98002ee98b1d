use std::collections::HashSet;

use super::package::{Package, resolved};
use super::xml::{self, Rewriting, Tag};
use super::{BROKEN, HiddenKind, Outcome, Removed, Stuck, docx};

pub(super) fn strip(bytes: &[u8]) -> Outcome {
    let mut package = Package::open(bytes)?;
    let mut removed = Removed::default();
    hidden_sheets(&mut package, &mut removed)?;
    hidden_cells(&mut package, &mut removed)?;
    removed.note(
        HiddenKind::Comment,
        package.remove(|name| {
            name.starts_with("xl/comments")
                || name.starts_with("xl/threadedComments/")
                || name.starts_with("xl/persons/")
                || name.starts_with("xl/drawings/vmlDrawing")
        })?,
    );
    removed.note(
        HiddenKind::Data,
        package.remove(|name| {
            ["xl/externalLinks/", "xl/pivotCache/", "xl/pivotTables/", "xl/queryTables/", "xl/model/"]
                .iter()
                .any(|folder| name.starts_with(folder))
                || name == "xl/connections.xml"
        })?,
    );
    removed.note(HiddenKind::Revision, package.remove(|name| name.starts_with("xl/revisions/"))?);
    docx::charts(&mut package, &mut removed)?;
    docx::properties(&mut package, &mut removed)?;
    docx::pictures(&mut package, "xl/media/", &mut removed)?;
    if removed.0.is_empty() {
        return Ok(None);
    }
    let has_lost_cells =
        [HiddenKind::Sheet, HiddenKind::Cells, HiddenKind::Data].iter().any(|kind| removed.has(*kind));
    package.rewrite(is_sheet, |tag| match tag.name {
        "legacyDrawing" | "legacyDrawingHF" => Rewriting::Drop,
        // What a formula pointed at may be gone; its last value stays.
        "f" if has_lost_cells => Rewriting::Drop,
        _ => Rewriting::Keep,
    })?;
    if has_lost_cells {
        package.remove(|name| name == "xl/calcChain.xml")?;
        package.rewrite(
            |name| name == "xl/workbook.xml",
            |tag| match tag.name {
                "definedNames" | "externalReferences" | "pivotCaches" => Rewriting::Drop,
                "workbookView" => Rewriting::Without(&["activeTab", "firstSheet"]),
                _ => Rewriting::Keep,
            },
        )?;
        forget_strings(&mut package)?;
    }
    Ok(Some((package.write()?, removed)))
}

fn is_sheet(name: &str) -> bool {
    name.starts_with("xl/worksheets/") && name.ends_with(".xml")
}

fn hidden_sheets(package: &mut Package, removed: &mut Removed) -> Result<(), Stuck> {
    let workbook = package.text("xl/workbook.xml").ok_or(BROKEN)?.to_owned();
    let relations = package.text("xl/_rels/workbook.xml.rels").ok_or(BROKEN)?.to_owned();
    let mut ids = HashSet::new();
    let mut visible = 0;
    xml::look(&workbook, &mut |tag: &Tag<'_>| {
        if tag.name == "sheet" {
            match tag.attribute("state").as_deref() {
                None | Some("visible") => visible += 1,
                _ => ids.extend(tag.attribute("id")),
            }
        }
    })?;
    if ids.is_empty() {
        return Ok(());
    }
    if visible == 0 {
        return Err(Stuck("工作簿里的工作表全是隐藏的。请取消隐藏要公开的工作表后再上传"));
    }
    let mut gone = HashSet::new();
    xml::look(&relations, &mut |tag: &Tag<'_>| {
        if tag.attribute("Id").is_some_and(|id| ids.contains(&id)) {
            gone.extend(tag.attribute("Target").map(|target| resolved("xl/", &target)));
        }
    })?;
    let without = xml::rewrite(&workbook, &mut |tag: &Tag<'_>| {
        let is_hidden = tag.name == "sheet" && tag.attribute("id").is_some_and(|id| ids.contains(&id));
        if is_hidden { Rewriting::Drop } else { Rewriting::Keep }
    })?;
    package.put("xl/workbook.xml", without);
    package.remove(|name| gone.contains(name))?;
    removed.note(HiddenKind::Sheet, ids.len());
    Ok(())
}

/// Rows that are hidden go; of hidden columns the cells go, so that the columns beside them stay where they are.
fn hidden_cells(package: &mut Package, removed: &mut Removed) -> Result<(), Stuck> {
    let mut found = 0;
    for (name, content) in &mut package.parts {
        if !is_sheet(name) {
            continue;
        }
        let text = std::str::from_utf8(content).map_err(|_| BROKEN)?;
        let mut columns: Vec<(u32, u32)> = Vec::new();
        xml::look(text, &mut |tag: &Tag<'_>| {
            let number = |name: &str| tag.attribute(name).and_then(|n| n.parse::<u32>().ok());
            if tag.name == "col"
                && tag.is_on("hidden", false)
                && let (Some(min), Some(max)) = (number("min"), number("max"))
            {
                columns.push((min, max));
            }
        })?;
        let mut here = 0;
        let kept = xml::rewrite(text, &mut |tag: &Tag<'_>| match tag.name {
            "row" if tag.is_on("hidden", false) => {
                here += 1;
                Rewriting::Drop
            }
            "c" => {
                let column = tag.attribute("r").map_or(0, |cell| column(&cell));
                if columns.iter().any(|(min, max)| (*min..=*max).contains(&column)) {
                    here += 1;
                    Rewriting::Drop
                } else {
                    Rewriting::Keep
                }
            }
            _ => Rewriting::Keep,
        })?;
        if here > 0 {
            // The filter that hid the rows has nothing to filter any more.
            *content = xml::rewrite(&kept, &mut |tag: &Tag<'_>| match tag.name {
                "autoFilter" => Rewriting::Drop,
                _ => Rewriting::Keep,
            })?
            .into_bytes();
        }
        found += here;
    }
    removed.note(HiddenKind::Cells, found);
    Ok(())
}

/// The column of a cell by its letters: A is 1, AA is 27.
fn column(cell: &str) -> u32 {
    cell.bytes()
        .take_while(u8::is_ascii_alphabetic)
        .fold(0, |n, b| n.wrapping_mul(26).wrapping_add(u32::from(b.to_ascii_uppercase() - b'A') + 1))
}

/// Texts that no cell shows any more are emptied; their places in the list stay.
fn forget_strings(package: &mut Package) -> Result<(), Stuck> {
    let mut used: HashSet<usize> = HashSet::new();
    for (name, content) in &package.parts {
        if is_sheet(name) {
            used.extend(strings_used(std::str::from_utf8(content).map_err(|_| BROKEN)?)?);
        }
    }
    let mut number = 0;
    package.rewrite(
        |name| name == "xl/sharedStrings.xml",
        |tag| {
            if tag.name != "si" {
                return Rewriting::Keep;
            }
            let own = number;
            number += 1;
            if used.contains(&own) { Rewriting::Keep } else { Rewriting::Empty }
        },
    )
}

/// The texts that the cells of a sheet point at, by their place in the list.
fn strings_used(xml: &str) -> Result<HashSet<usize>, Stuck> {
    use quick_xml::Reader;
    use quick_xml::events::Event;
    let mut reader = Reader::from_str(xml);
    let mut used = HashSet::new();
    let (mut is_shared, mut in_value) = (false, false);
    loop {
        match reader.read_event().map_err(|_| BROKEN)? {
            Event::Start(start) => match start.name().as_ref() {
                "c" => {
                    let kind = start.attributes().filter_map(Result::ok).find(|a| a.key.as_ref() == "t");
                    is_shared = kind.is_some_and(|kind| &*kind.value == "s");
                }
                "v" => in_value = true,
                _ => {}
            },
            Event::Text(text) if in_value && is_shared => used.extend(text.trim().parse::<usize>().ok()),
            Event::End(end) if end.name().as_ref() == "v" => in_value = false,
            Event::Eof => return Ok(used),
            _ => {}
        }
    }
}
