//! 文书模板的设置 — which wording holds from when, and the history of it.

use jiff::civil::Date;
use serde_json::json;

use super::LetterKind;
pub use super::store::history;
use super::template::{Template, TemplateRefusal as R};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::{Conn, Tx};
use crate::error::{Result, refuse, unless_refused};

/// What is typed about a template.
#[derive(Clone, Debug)]
pub struct NewTemplate {
    pub agency_id: String,
    pub template: Template,
    pub since: Option<Date>,
}

/// The template an agency writes this kind of letter with on a day; of several for one day, the last set.
pub async fn in_force(
    conn: &mut Conn,
    agency_id: &str,
    kind: LetterKind,
    on: Date,
) -> anyhow::Result<Template> {
    let own = history(conn, agency_id, kind).await?;
    let holds = own.into_iter().find(|template| template.since.is_some_and(|since| since <= on));
    Ok(holds.unwrap_or_else(|| Template::usual(kind)))
}

/// The template a letter was written with.
pub(super) async fn of_letter(
    conn: &mut Conn,
    agency_id: &str,
    kind: LetterKind,
    id: &str,
) -> anyhow::Result<Option<Template>> {
    if id.is_empty() {
        return Ok(Some(Template::usual(kind)));
    }
    Ok(history(conn, agency_id, kind).await?.into_iter().find(|template| template.id == id))
}

/// Sets the wording of a kind of letter from a day on.
///
/// # Errors
/// A required part is missing, doubled or crowded; every fault at once.
pub async fn set(tx: &mut Tx, staff: &Staff, new: &NewTemplate) -> Result<String, R> {
    if !staff.may(Permission::SetChains, &new.agency_id) {
        return refuse(R::Forbidden);
    }
    let mut faults = new.template.faults();
    let since = new.since.filter(|since| *since >= tx.today());
    if since.is_none() {
        faults.push(R::Since);
    }
    unless_refused(faults)?;
    let id = tx.new_id();
    let template = Template {
        id: id.clone(),
        heading: new.template.heading.trim().to_owned(),
        text: new.template.text.trim().to_owned(),
        signature: new.template.signature.trim().to_owned(),
        since,
        set_by_name: staff.name.clone(),
        set_at: tx.now_text(),
        kind: new.template.kind,
    };
    super::store::insert_template(tx.conn(), &new.agency_id, &template, &staff.user_id).await?;
    let detail = json!({
        "kind": template.kind.code(), "since": since.map(|day| day.to_string()), "heading": template.heading,
        "text": template.text, "signature": template.signature,
    });
    tx.record(Act::new("letters", "template_set", &new.agency_id, &id, detail));
    Ok(id)
}
