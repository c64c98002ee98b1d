//! 手工拟写的年度报告 — a report that was typed or attached as an ordinary entry, not compiled. It is held to the same
//! check on its way to the review: there is no side door.

use gongkai_report::compare::changes;
use gongkai_report::{Report, Severity, read};
use jiff::civil::Date;

use super::check::last_year;
use super::{store, submission, year_in_title};
use crate::accounts;
use crate::db::{Conn, Tx};
use crate::files::FileStore;
use crate::publishing::{Attachment, Edition, Genre, PublishingRefusal};

/// How many errors are told one by one.
const TOLD: usize = 3;

/// Files a report can be read from.
const READABLE: [&str; 9] = ["docx", "doc", "wps", "pdf", "html", "htm", "xlsx", "txt", "md"];

fn is_readable(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|ending| READABLE.contains(&ending.as_str()))
}

/// Whether an edition is an annual report: by its genre, or by a title that says so under another one.
fn is_annual_report(edition: &Edition) -> bool {
    let title: String = edition.title.chars().filter(|c| !c.is_whitespace()).collect();
    edition.genre == Genre::AnnualReport.code()
        || (title.ends_with("政府信息公开工作年度报告") && year_in_title(&title).is_some())
}

/// Reads the attached files of an annual report and keeps what was read, so that the check at submission has it.
/// Nothing is done for other entries, for files already read, and for compiled reports.
pub async fn read_attached(tx: &mut Tx, files: &FileStore, edition_id: &str) -> anyhow::Result<()> {
    let Some(edition) = crate::publishing::store::edition(tx.conn(), edition_id).await? else {
        return Ok(());
    };
    if !is_annual_report(&edition) || store::is_compiled(tx.conn(), edition_id).await? {
        return Ok(());
    }
    for attachment in crate::publishing::store::attachments(tx.conn(), edition_id).await? {
        let is_known = store::file_reading(tx.conn(), &attachment.file_sha256).await?.is_some();
        if is_known || !is_readable(&attachment.name) {
            continue;
        }
        let bytes = files.bytes(&attachment.file_sha256).await?;
        let name = attachment.name.clone();
        let found = tokio::task::spawn_blocking(move || as_report(&bytes, &name)).await?;
        let (body, reason) = match found {
            Ok(report) => (submission::written(&report)?.0, String::new()),
            Err(reason) => (String::new(), reason),
        };
        let now = tx.now_text();
        store::insert_file_reading(tx.conn(), &attachment.file_sha256, &body, &reason, &now).await?;
    }
    Ok(())
}

/// A report with at least one of its tables, or why there is none.
fn as_report(bytes: &[u8], name: &str) -> Result<Report, String> {
    let report = read(bytes, name).map_err(|error| error.reason)?.report;
    if has_tables(&report) { Ok(report) } else { Err("里面没有年度报告的三张表".to_owned()) }
}

fn has_tables(report: &Report) -> bool {
    report.proactive.form.is_some() || report.requests.form.is_some()
}

/// The text of an entry, read like anybody else's page.
pub fn read_entry(title: &str, body_html: &str) -> Option<Report> {
    let mut page = String::from("<!doctype html><html><head><meta charset=\"utf-8\"></head><body><h1>");
    page.push_str(&title.replace('&', "&amp;").replace('<', "&lt;"));
    page.push_str("</h1>");
    page.push_str(body_html);
    page.push_str("</body></html>");
    Some(read(page.as_bytes(), title).ok()?.report)
}

/// What keeps a report that was not compiled from the review; nothing for other entries.
pub(crate) async fn obstacles(
    conn: &mut Conn,
    edition: &Edition,
    attachments: &[Attachment],
    today: Date,
) -> anyhow::Result<Vec<PublishingRefusal>> {
    if !is_annual_report(edition) || store::is_compiled(conn, &edition.id).await? {
        return Ok(Vec::new());
    }
    let mut reasons = Vec::new();
    if edition.genre != Genre::AnnualReport.code() {
        reasons.push(PublishingRefusal::ReportGenre);
    }
    let Some(year) = year_in_title(&edition.title) else {
        reasons.push(PublishingRefusal::ReportYear);
        return Ok(reasons);
    };
    if !store::report_editions(conn, &edition.agency_id, year).await?.is_empty() {
        reasons.push(PublishingRefusal::ReportIsCompiled { year });
        return Ok(reasons);
    }
    let mut reports = Vec::new();
    if let Some(report) = read_entry(&edition.title, &edition.body_html).filter(has_tables) {
        reports.push(("正文".to_owned(), report));
    }
    for attachment in attachments.iter().filter(|attachment| is_readable(&attachment.name)) {
        match store::file_reading(conn, &attachment.file_sha256).await? {
            Some((body, _)) if !body.is_empty() => {
                reports.push((format!("附件“{}”", attachment.name), submission::read(&body)?));
            }
            Some(_) => {}
            None => reasons.push(PublishingRefusal::ReportUnread { name: attachment.name.clone() }),
        }
    }
    if reports.is_empty() {
        reasons.push(PublishingRefusal::ReportNotFound);
        return Ok(reasons);
    }
    let agency = accounts::agency(conn, &edition.agency_id).await?;
    let before = match &agency {
        Some(agency) => last_year(conn, agency, year, today).await?,
        None => None,
    };
    // The registers may be younger than last year: a chain is held only against a year that was frozen.
    let is_known = store::snapshot(conn, &edition.agency_id, year - 1).await?.is_some();
    for (place, report) in &mut reports {
        report.year = report.year.or(Some(year));
        if report.year != Some(year) {
            reasons.push(PublishingRefusal::ReportYear);
        }
        let findings = gongkai_report::check(report, before.as_ref().filter(|_| is_known));
        let errors: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| finding.message.as_str())
            .collect();
        if !errors.is_empty() {
            reasons.push(PublishingRefusal::ReportErrors {
                place: place.clone(),
                count: errors.len(),
                told: errors.iter().take(TOLD).map(|error| (*error).to_owned()).collect(),
            });
        }
    }
    for pair in reports.windows(2) {
        let [(one, first), (other, second)] = pair else { continue };
        let differing = changes(first, second).changed.len();
        if differing > 0 {
            reasons.push(PublishingRefusal::ReportsDiffer {
                one: one.clone(),
                other: other.clone(),
                cells: differing,
            });
        }
    }
    Ok(reasons)
}

/// Notes that a report which was not compiled passed the check with exactly this content.
pub(crate) async fn note_passed(tx: &mut Tx, edition: &Edition, content_hash: &str) -> anyhow::Result<()> {
    if is_annual_report(edition) && !store::is_compiled(tx.conn(), &edition.id).await? {
        let now = tx.now_text();
        store::upsert_entry_check(tx.conn(), &edition.id, content_hash, &now).await?;
    }
    Ok(())
}
