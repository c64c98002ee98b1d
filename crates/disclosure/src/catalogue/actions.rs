//! Setting a catalogue up.

use serde_json::json;

use super::{CatalogueRefusal, Starting, category_provision, store};
use crate::audit::Act;
use crate::db::{Tx, is_taken};
use crate::error::{Result, refuse, unless_refused};

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
        match store::insert_line(tx.conn(), &id, agency_id, line, position).await {
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
