//! Setting a catalogue up, and keeping it.

use serde_json::json;

use super::sheet::{SheetRow, next_code, rehearse};
use super::{
    CatalogueRefusal, Line, LineContent, Starting, TypedLine, category_provision, find_starting, store,
};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::{Tx, is_taken};
use crate::error::{Failure, Result, refuse, unless_refused};

/// Gives an agency the lines of a starting catalogue; may be called again with another to add its lines.
/// Returns how many lines were added.
pub async fn install(tx: &mut Tx, agency_id: &str, catalogue: &Starting) -> Result<usize, CatalogueRefusal> {
    let unknown = catalogue
        .lines
        .iter()
        .filter(|line| category_provision(&line.category).is_none())
        .map(|line| CatalogueRefusal::CategoryUnknown(line.category.clone()))
        .collect();
    unless_refused(unknown)?;
    let mut position = store::last_position(tx.conn(), agency_id).await?;
    for line in &catalogue.lines {
        position += 1;
        let id = tx.new_id();
        match store::insert_line(tx.conn(), &id, agency_id, &line.content(), position).await {
            Err(e) if is_taken(&e) => return refuse(CatalogueRefusal::CodeTaken(line.code.clone())),
            other => other?,
        }
    }
    tx.record(Act::new(
        "catalogue",
        "installed",
        agency_id,
        agency_id,
        json!({"catalogue": catalogue.name, "lines": catalogue.lines.len()}),
    ));
    Ok(catalogue.lines.len())
}

/// 从起始目录加入 — the chosen lines of a starting catalogue that are not there yet, by whoever keeps the catalogue. Returns
/// how many lines were added.
pub async fn adopt(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    name: &str,
    codes: &[&str],
) -> Result<usize, CatalogueRefusal> {
    may_keep(staff, agency_id)?;
    let Some(mut catalogue) = find_starting(name)? else { return refuse(CatalogueRefusal::StartingUnknown) };
    catalogue.lines.retain(|line| codes.contains(&line.code.as_str()));
    if catalogue.lines.is_empty() {
        return refuse(CatalogueRefusal::NothingChosen);
    }
    let there = store::all_lines(tx.conn(), agency_id).await?;
    catalogue.lines.retain(|line| there.iter().all(|known| known.code != line.code));
    if catalogue.lines.is_empty() {
        return refuse(CatalogueRefusal::AllThere);
    }
    install(tx, agency_id, &catalogue).await
}

/// Adds a line at the end of the catalogue. Returns its id.
pub async fn add(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    typed: &TypedLine,
) -> Result<String, CatalogueRefusal> {
    may_keep(staff, agency_id)?;
    let content = typed.read().map_err(Failure::Refused)?;
    insert(tx, agency_id, content).await
}

async fn insert(tx: &mut Tx, agency_id: &str, mut content: LineContent) -> Result<String, CatalogueRefusal> {
    if content.code.is_empty() {
        let taken: Vec<String> =
            store::all_lines(tx.conn(), agency_id).await?.into_iter().map(|line| line.code).collect();
        content.code = next_code(&taken);
    }
    let position = store::last_position(tx.conn(), agency_id).await? + 1;
    let id = tx.new_id();
    match store::insert_line(tx.conn(), &id, agency_id, &content, position).await {
        Err(e) if is_taken(&e) => return refuse(CatalogueRefusal::CodeTaken(content.code)),
        other => other?,
    }
    tx.record(Act::new(
        "catalogue",
        "added",
        agency_id,
        &id,
        json!({"code": content.code, "title": content.title}),
    ));
    Ok(id)
}

/// Changes a line; what it was before stays in its history with the reason.
pub async fn change(
    tx: &mut Tx,
    staff: &Staff,
    line_id: &str,
    version: i64,
    typed: &TypedLine,
    note: &str,
) -> Result<(), CatalogueRefusal> {
    let line = to_keep(tx, staff, line_id).await?;
    let mut reasons = Vec::new();
    if line.version != version {
        reasons.push(CatalogueRefusal::ChangedMeanwhile);
    }
    let content = match typed.read() {
        Ok(content) => content,
        Err(more) => {
            reasons.extend(more);
            return Err(Failure::Refused(reasons));
        }
    };
    let content = LineContent {
        code: if content.code.is_empty() { line.code.clone() } else { content.code },
        ..content
    };
    if line.content() == content {
        reasons.push(CatalogueRefusal::Unchanged);
    }
    if note.trim().is_empty() {
        reasons.push(CatalogueRefusal::Blank { field: "note", label: "修改原因" });
    }
    unless_refused(reasons)?;
    put(tx, staff, &line, &content, note.trim()).await
}

async fn put(
    tx: &mut Tx,
    staff: &Staff,
    line: &Line,
    content: &LineContent,
    note: &str,
) -> Result<(), CatalogueRefusal> {
    keep_version(tx, staff, line, note).await?;
    match store::update_content(tx.conn(), &line.id, line.version, content).await {
        Err(e) if is_taken(&e) => return refuse(CatalogueRefusal::CodeTaken(content.code.clone())),
        Ok(false) => return refuse(CatalogueRefusal::ChangedMeanwhile),
        other => other?,
    };
    let fields: Vec<&str> = line.content().changes(content).into_iter().map(|(field, ..)| field).collect();
    tx.record(Act::new(
        "catalogue",
        "changed",
        &line.agency_id,
        &line.id,
        json!({"code": content.code, "fields": fields, "note": note}),
    ));
    Ok(())
}

async fn keep_version(tx: &mut Tx, staff: &Staff, line: &Line, note: &str) -> Result<(), CatalogueRefusal> {
    let body = serde_json::to_string(&line.content()).map_err(anyhow::Error::from)?;
    let now = tx.now_text();
    store::insert_version(tx.conn(), &line.id, line.version, (&body, note), &staff.user_id, &now).await?;
    Ok(())
}

/// 停用 — nothing new is drafted under the line; what is public stays under it.
pub async fn retire(tx: &mut Tx, staff: &Staff, line_id: &str, reason: &str) -> Result<(), CatalogueRefusal> {
    let line = to_keep(tx, staff, line_id).await?;
    let mut reasons = Vec::new();
    if line.retired_on.is_some() {
        reasons.push(CatalogueRefusal::AlreadyRetired);
    }
    let reason = reason.trim();
    if reason.is_empty() {
        reasons.push(CatalogueRefusal::Blank { field: "reason", label: "停用原因" });
    }
    if reason.chars().count() > 200 {
        reasons.push(CatalogueRefusal::TooLong { field: "reason", label: "停用原因", most: 200 });
    }
    unless_refused(reasons)?;
    keep_version(tx, staff, &line, &format!("停用：{reason}")).await?;
    let today = tx.today().to_string();
    store::set_retired(tx.conn(), line_id, Some((&today, reason))).await?;
    tx.record(Act::new(
        "catalogue",
        "retired",
        &line.agency_id,
        line_id,
        json!({"code": line.code, "reason": reason}),
    ));
    Ok(())
}

/// Takes a retired line into use again.
pub async fn restore(tx: &mut Tx, staff: &Staff, line_id: &str) -> Result<(), CatalogueRefusal> {
    let line = to_keep(tx, staff, line_id).await?;
    if line.retired_on.is_none() {
        return refuse(CatalogueRefusal::NotRetired);
    }
    keep_version(tx, staff, &line, "恢复使用").await?;
    store::set_retired(tx.conn(), line_id, None).await?;
    tx.record(Act::new("catalogue", "restored", &line.agency_id, line_id, json!({"code": line.code})));
    Ok(())
}

/// Takes the rows of a spreadsheet in: all of them or none. Lines the file does not name stay. Says how many were
/// added and changed.
pub async fn import(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    rows: &[SheetRow],
) -> Result<(usize, usize), CatalogueRefusal> {
    may_keep(staff, agency_id)?;
    let lines = store::all_lines(tx.conn(), agency_id).await?;
    let existing: Vec<(String, LineContent)> =
        lines.iter().map(|line| (line.id.clone(), line.content())).collect();
    let rehearsal = rehearse(rows, &existing);
    unless_refused(rehearsal.wrong.into_iter().map(CatalogueRefusal::Row).collect())?;
    let (added, changed) = (rehearsal.added.len(), rehearsal.changed.len());
    if added + changed == 0 {
        return refuse(CatalogueRefusal::Unchanged);
    }
    for content in rehearsal.added {
        insert(tx, agency_id, content).await?;
    }
    for (id, _, content) in rehearsal.changed {
        if let Some(line) = lines.iter().find(|line| line.id == id) {
            put(tx, staff, line, &content, "从表格导入").await?;
        }
    }
    Ok((added, changed))
}

fn may_keep(staff: &Staff, agency_id: &str) -> Result<(), CatalogueRefusal> {
    match staff.may(Permission::KeepCatalogue, agency_id) {
        true => Ok(()),
        false => refuse(CatalogueRefusal::Forbidden),
    }
}

async fn to_keep(tx: &mut Tx, staff: &Staff, line_id: &str) -> Result<Line, CatalogueRefusal> {
    let Some(line) = store::line(tx.conn(), line_id).await? else {
        return refuse(CatalogueRefusal::Missing);
    };
    may_keep(staff, &line.agency_id)?;
    Ok(line)
}
