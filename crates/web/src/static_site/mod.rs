//! 静态副本 — the whole portal as files, for a machine without a database.
//!
//! Pages come out of the same router that answers the public; only addresses are made to fit files ([`links`]). What
//! was written is remembered in a list beside the files ([`record`]), so that the next run renders what the change log
//! names and removes what was withdrawn. Every file is put in its place whole, and before the pages that lead to it: a
//! run that is cut off leaves no page half and no link to nothing.

mod links;
mod place;
mod proof;
mod record;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use gongkai_disclosure::audit;
use gongkai_disclosure::publishing::copies;
use gongkai_disclosure::publishing::public::{self, PublicAttachment};
use sha2::{Digest, Sha256};
use tower::ServiceExt;

pub use proof::{Asked, Copy, Finding, Proof, prove};

use crate::html::Straight;
use crate::portal::wording::entry_address;
use crate::state::App;
use links::{Links, ListKey};
use place::Folder;
use record::{Known, Record};

/// Pages of the portal that stand alone. What depends on the public's own typing stays on the site.
const FIXED: [&str; 11] = [
    "/",
    "/guide",
    "/help",
    "/requests",
    "/interaction",
    "/annual-reports",
    "/documents",
    "/gazette",
    "/rules",
    "/report-check/rules",
    links::NOT_HERE,
];

/// The largest page or file.
const MOST_BYTES: usize = 600 * 1024 * 1024;

/// Where the copy goes and what its links lead to.
#[derive(Clone, Debug, Default)]
pub struct Order {
    pub folder: PathBuf,
    /// The site that takes searches, requests and letters; links to them lead there. Without one they lead to a page
    /// that says how to reach the office.
    pub online: String,
    /// How the copy is called from outside, `https://…`; with it the site map and the feed are written.
    pub address: String,
    /// Render everything, whatever is there.
    pub anew: bool,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Exported {
    /// Whether everything was rendered, or only what has changed.
    pub is_whole: bool,
    /// Pages that were rendered.
    pub rendered: usize,
    /// Files that were written, attachments among them.
    pub written: usize,
    /// Files that are no longer there.
    pub removed: usize,
    /// Files of the copy after the run.
    pub files: usize,
    pub tombstones: usize,
    pub took: Duration,
}

/// One file to make.
#[derive(Clone, Debug)]
struct Item {
    address: String,
    file: String,
    /// The hash of a file that is copied as it is; when the copy has it already, nothing is read.
    sha256: Option<String>,
    /// The page of a withdrawn entry answers 410.
    is_tombstone: bool,
}

/// Writes the portal into a folder, or brings the copy there up to date.
pub async fn export(app: &App, order: &Order) -> anyhow::Result<Exported> {
    let started = Instant::now();
    let folder = Folder::take(&order.folder)?;
    let position = app.follow_pages().await?;
    let mut program = format!("{} {}", env!("CARGO_PKG_VERSION"), crate::assets::mark());
    if let Some(agency) = app.db.agency() {
        // The folder of one portal is not brought up to date as that of another.
        program.push_str(&format!(" {} {agency}", app.site.contact.domain));
    }
    let mut conn = app.db.read().await?;
    let head = hash_at(&mut conn, position).await?;
    let places = copies::places(&mut conn).await?;
    let attachments = copies::all_attachments(&mut conn).await?;
    let withdrawn = copies::withdrawn(&mut conn, "").await?;
    let agencies = public::agencies(&mut conn).await?;

    let before = if order.anew { None } else { folder.record()? };
    // A copy of another ledger, by another program or with other links is made anew.
    let mut basis = None;
    if let Some(record) = before {
        let is_same = record.program == program
            && record.online == order.online
            && record.address == order.address
            && record.position <= position
            && hash_at(&mut conn, record.position).await? == record.head;
        basis = is_same.then_some(record);
    }
    let changes = match &basis {
        Some(record) => changed_since(&mut conn, record).await?,
        None => Changes { everything: true, ..Changes::default() },
    };
    drop(conn);

    let lists = lists(&places);
    let links = Arc::new(Links::new(order, &lists, &places, &attachments));
    let entries: Vec<Known> = places.iter().map(Known::of).collect();

    // First what leads on is rendered: reports and their files are found on pages. It is put in its place last.
    let mut leading: Vec<(String, Vec<u8>)> = Vec::new();
    let site = crate::site(app.clone());
    let mut made = Made { folder: &folder, known: basis.as_ref(), exported: Exported::default() };
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut queue: Vec<String> = FIXED.map(String::from).to_vec();
    queue.extend(agencies.iter().map(|agency| format!("/agencies/{}", crate::forms::encode(&agency.code))));
    queue.extend(crate::assets::names().map(|name| format!("/assets/{name}")));
    if !order.address.is_empty() {
        queue.extend(["/sitemap.xml", "/feed.xml", "/robots.txt"].map(String::from));
    }
    let mut seen: HashSet<String> = queue.iter().cloned().collect();
    let mut at = 0;
    while let Some(address) = queue.get(at).cloned() {
        at += 1;
        let Some(file) = links.file_of(&address) else { continue };
        // Two addresses of one page.
        if files.contains_key(&file) {
            continue;
        }
        // What is laid out on pages takes long to make, and changes only when its documents do.
        let is_download = address.contains("/download/");
        let is_as_before = (address.starts_with("/annual-reports/") && !changes.concerns_reports())
            || (address.starts_with("/gazette/") && !changes.concerns_gazette());
        if is_download
            && is_as_before
            && let Some(hash) = basis.as_ref().and_then(|record| record.files.get(&file))
        {
            files.insert(file, hash.clone());
            continue;
        }
        let item = Item { address, file, sha256: None, is_tombstone: false };
        let Some((bytes, found)) = render(&site, &links, &item).await? else { continue };
        made.exported.rendered += 1;
        let leads_on = item.file.ends_with(".html") || item.file.ends_with(".xml");
        if leads_on {
            files.insert(item.file.clone(), digest(&bytes));
            leading.push((item.file, bytes));
        } else {
            let hash = made.put(&item.file, &bytes)?;
            files.insert(item.file, hash);
        }
        queue.extend(found.into_iter().filter(|found| seen.insert(found.clone())));
    }

    // Then the many: entries, lists, attachments.
    let mut items = Vec::new();
    let keep = |file: String, files: &mut BTreeMap<String, String>| -> bool {
        match basis.as_ref().and_then(|record| record.files.get(&file)) {
            Some(hash) => {
                files.insert(file, hash.clone());
                true
            }
            None => false,
        }
    };
    for place in &places {
        let address = entry_address(&place.index_number);
        let Some(file) = links.file_of(&address) else { continue };
        let is_as_before = !changes.everything && !changes.entries.contains(&place.id);
        if !(is_as_before && keep(file.clone(), &mut files)) {
            items.push(Item { address, file, sha256: None, is_tombstone: false });
        }
    }
    for gone in &withdrawn {
        let address = entry_address(&gone.index_number);
        let Some(file) = links.file_of(&address) else { continue };
        let is_as_before = !changes.everything && !changes.entries.contains(&gone.id);
        if !(is_as_before && keep(file.clone(), &mut files)) {
            items.push(Item { address, file, sha256: None, is_tombstone: true });
        }
    }
    let mut list_pages = Vec::new();
    let touched = touched(&changes, basis.as_ref(), &entries);
    for (key, total) in &lists {
        let may_differ = changes.everything || touched.iter().any(|entry| key.concerns(entry));
        for page in 1..=links::pages(*total) {
            let address = key.address(page);
            let Some(file) = links.file_of(&address) else { continue };
            if may_differ || !keep(file.clone(), &mut files) {
                list_pages.push(Item { address, file, sha256: None, is_tombstone: false });
            }
        }
    }
    let mut copied = Vec::new();
    let index_numbers: HashMap<&str, &str> =
        places.iter().map(|place| (place.id.as_str(), place.index_number.as_str())).collect();
    for file in &attachments {
        let Some(index_number) = index_numbers.get(file.entry_id.as_str()) else { continue };
        let download = format!("{}/files/{}", entry_address(index_number), file.id);
        // A picture stands in the text under its hash, too; many texts may share it.
        let picture = links::picture_end(&file.media_type).map(|_| format!("/pictures/{}", file.file_sha256));
        for address in std::iter::once(download).chain(picture) {
            let Some(path) = links.file_of(&address) else { continue };
            let sha256 = &file.file_sha256;
            if files.contains_key(&path) {
                continue;
            }
            files.insert(path.clone(), sha256.clone());
            if basis.as_ref().and_then(|record| record.files.get(&path)) != Some(sha256) {
                copied.push(Item { address, file: path, sha256: Some(sha256.clone()), is_tombstone: false });
            }
        }
    }
    // What nothing leads to yet comes first, then what leads to it; the way in comes last.
    let (fresh, replaced): (Vec<Item>, Vec<Item>) =
        copied.into_iter().chain(items).chain(list_pages).partition(|item| !folder.has(&item.file));
    let (fresh_leading, replaced_leading): (Vec<_>, Vec<_>) =
        leading.into_iter().rev().partition(|(file, _)| !folder.has(file));
    for (items, leading) in [(fresh, fresh_leading), (replaced, replaced_leading)] {
        let done = many(app, &site, &links, &folder, basis.as_ref(), items).await?;
        made.exported.rendered += done.rendered;
        made.exported.written += done.written;
        files.extend(done.files);
        for (file, bytes) in leading {
            made.put(&file, &bytes)?;
        }
    }

    // What is not among the files of this run is no longer public.
    let kept: BTreeSet<&str> = files.keys().map(String::as_str).collect();
    let mut exported = made.exported;
    exported.removed = folder.sweep(&kept)?;
    exported.is_whole = changes.everything;
    exported.tombstones = withdrawn.len();
    exported.files = files.len();
    folder.keep(&Record {
        program,
        online: order.online.clone(),
        address: order.address.clone(),
        position,
        head,
        files,
        entries,
    })?;
    exported.took = started.elapsed();
    Ok(exported)
}

/// What the change log names since the last run.
#[derive(Default)]
struct Changes {
    everything: bool,
    entries: HashSet<String>,
    reports: bool,
    gazette: bool,
}

impl Changes {
    /// Any document may stand in an issue.
    fn concerns_gazette(&self) -> bool {
        self.everything || self.gazette || !self.entries.is_empty()
    }

    fn concerns_reports(&self) -> bool {
        self.everything || self.reports
    }
}

async fn changed_since(conn: &mut gongkai_disclosure::db::Conn, record: &Record) -> anyhow::Result<Changes> {
    let mut changes = Changes::default();
    let mut position = record.position;
    loop {
        let links = audit::changes_after(conn, position, 2_000).await?;
        let Some(last) = links.last() else { break };
        position = last.seq;
        for link in &links {
            match (link.room.as_str(), link.act.as_str()) {
                ("publishing", act) if public::concerns(act) => {
                    changes.entries.insert(link.subject_id.clone());
                }
                ("gazette", _) => changes.gazette = true,
                // Names of agencies and of lines stand on every page.
                ("catalogue", _) => changes.everything = true,
                ("accounts", act) if act.starts_with("agency_") => changes.everything = true,
                _ => {}
            }
        }
    }
    for id in &changes.entries {
        let entry = public::by_id(conn, id).await?;
        let was_report = record.entries.iter().any(|known| known.id == *id && known.genre == "annual_report");
        changes.reports |= was_report || entry.is_some_and(|entry| entry.genre == "annual_report");
    }
    Ok(changes)
}

/// Where the entries that have changed stood and stand, each place once.
fn touched(changes: &Changes, before: Option<&Record>, now: &[Known]) -> Vec<Known> {
    let known = before.map(|record| record.entries.as_slice()).unwrap_or_default();
    let mut touched: Vec<Known> = Vec::new();
    for entry in known.iter().chain(now).filter(|entry| changes.entries.contains(&entry.id)) {
        let place = Known { id: String::new(), ..entry.clone() };
        if !touched.contains(&place) {
            touched.push(place);
        }
    }
    touched
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Every list the copy holds, with how many entries stand in it.
fn lists(places: &[copies::Place]) -> BTreeMap<ListKey, u64> {
    let mut lists = BTreeMap::from([(ListKey::default(), 0)]);
    for place in places {
        for key in ListKey::of(place) {
            *lists.entry(key).or_default() += 1;
        }
    }
    lists
}

/// Asks the router for an address as a visitor would; a page has its links made to fit. `None`: there is no such page.
async fn render(site: &Router, links: &Links, item: &Item) -> anyhow::Result<Option<(Vec<u8>, Vec<String>)>> {
    let mut request = Request::get(&item.address).header("host", links.host()).body(Body::empty())?;
    request.extensions_mut().insert(Straight);
    let answer = site.clone().oneshot(request).await.context("the router does not fail")?;
    let expected = if item.is_tombstone { StatusCode::GONE } else { StatusCode::OK };
    if answer.status() != expected {
        // Withdrawn or released between the list and the page: the next run follows the change log.
        ensure!(
            matches!(answer.status(), StatusCode::OK | StatusCode::GONE | StatusCode::NOT_FOUND),
            "{} 没有生成：服务返回 {}",
            item.address,
            answer.status()
        );
        return Ok(None);
    }
    let is_html = answer
        .headers()
        .get("content-type")
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html"));
    let bytes = to_bytes(answer.into_body(), MOST_BYTES).await?;
    if is_html {
        let (page, found) = links.fit(std::str::from_utf8(&bytes)?);
        return Ok(Some((page.into_bytes(), found)));
    }
    if matches!(&*item.address, "/sitemap.xml" | "/feed.xml" | "/robots.txt") {
        return Ok(Some((links.outside(std::str::from_utf8(&bytes)?).into_bytes(), Vec::new())));
    }
    Ok(Some((bytes.to_vec(), Vec::new())))
}

/// Puts files into the folder and counts.
struct Made<'a> {
    folder: &'a Folder,
    known: Option<&'a Record>,
    exported: Exported,
}

impl Made<'_> {
    fn put(&mut self, file: &str, bytes: &[u8]) -> anyhow::Result<String> {
        let hash = digest(bytes);
        let is_there = self.known.is_some_and(|record| record.files.get(file) == Some(&hash));
        if !is_there {
            self.folder.put(file, bytes)?;
            self.exported.written += 1;
        }
        Ok(hash)
    }
}

#[derive(Default)]
struct Done {
    rendered: usize,
    written: usize,
    files: Vec<(String, String)>,
}

/// Makes many files with every core.
async fn many(
    app: &App,
    site: &Router,
    links: &Arc<Links>,
    folder: &Folder,
    known: Option<&Record>,
    items: Vec<Item>,
) -> anyhow::Result<Done> {
    let known: HashMap<String, String> = match known {
        Some(record) => items
            .iter()
            .filter_map(|item| Some((item.file.clone(), record.files.get(&item.file)?.clone())))
            .collect(),
        None => HashMap::new(),
    };
    let (items, known, next) = (Arc::new(items), Arc::new(known), Arc::new(AtomicUsize::new(0)));
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..workers {
        let (app, site, links, folder) = (app.clone(), site.clone(), links.clone(), folder.clone());
        let (items, known, next) = (items.clone(), known.clone(), next.clone());
        tasks.spawn(async move {
            let mut done = Done::default();
            while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                if let Some(sha256) = &item.sha256 {
                    // The store checks the bytes against the hash they are kept under.
                    let bytes = app.files.bytes(sha256).await.with_context(|| item.address.clone())?;
                    folder.put(&item.file, &bytes)?;
                    done.written += 1;
                    done.files.push((item.file.clone(), sha256.clone()));
                    continue;
                }
                let Some((bytes, _)) = render(&site, &links, item).await? else { continue };
                done.rendered += 1;
                let hash = digest(&bytes);
                if known.get(&item.file) != Some(&hash) {
                    folder.put(&item.file, &bytes)?;
                    done.written += 1;
                }
                done.files.push((item.file.clone(), hash));
            }
            anyhow::Ok(done)
        });
    }
    let mut all = Done::default();
    while let Some(done) = tasks.join_next().await {
        let done = done??;
        all.rendered += done.rendered;
        all.written += done.written;
        all.files.extend(done.files);
    }
    Ok(all)
}

/// The hash of a link of the audit chain; empty when there is none.
async fn hash_at(conn: &mut gongkai_disclosure::db::Conn, position: i64) -> anyhow::Result<String> {
    let links = audit::changes_after(conn, position - 1, 1).await?;
    Ok(links.into_iter().find(|link| link.seq == position).map_or_else(String::new, |link| link.hash))
}

/// A folder that is not ours is left alone.
fn refuse_foreign(folder: &Path) -> anyhow::Result<()> {
    bail!("{} 里有别的文件，不是静态副本。请换一个空目录，以免误删。", folder.display())
}

/// The name an attachment has in the copy.
fn file_name(file: &PublicAttachment) -> String {
    let safe: String =
        file.name.chars().map(|c| if c == '/' || c == '\\' || c.is_control() { '_' } else { c }).collect();
    match safe.trim_start_matches('.') {
        "" => "file".into(),
        name => name.into(),
    }
}
