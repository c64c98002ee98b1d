//! 撤回核验 — proves of every withdrawn entry that no copy of it is left: page, file, lists, site map, feed, search, the
//! pages that running sites keep, and static copies.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::publishing::copies::{self, Withdrawn, WithdrawnFile};
use gongkai_disclosure::publishing::{public, removals};
use gongkai_disclosure::search::Query;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower::ServiceExt;

use super::MOST_BYTES;
use crate::html::Straight;
use crate::portal::wording::entry_address;
use crate::state::App;

/// What to look at.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// One entry; empty: every withdrawn one.
    pub index_number: String,
    /// Static copies.
    pub folders: Vec<PathBuf>,
    /// Running sites, `http://127.0.0.1:8080`: each process keeps pages of its own.
    pub sites: Vec<String>,
}

/// A kind of place where a copy could be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Copy {
    Page,
    File,
    Lists,
    Feed,
    Search,
    Cache,
    Export,
    /// 微信、微博、公告栏 and wherever else a posting was recorded.
    Channels,
}

impl Copy {
    pub const ALL: [Copy; 8] = [
        Copy::Page,
        Copy::File,
        Copy::Lists,
        Copy::Feed,
        Copy::Search,
        Copy::Cache,
        Copy::Export,
        Copy::Channels,
    ];

    pub const fn label(self) -> &'static str {
        match self {
            Copy::Page => "页面",
            Copy::File => "附件",
            Copy::Lists => "列表",
            Copy::Feed => "网站地图和订阅",
            Copy::Search => "检索",
            Copy::Cache => "运行中的网站",
            Copy::Export => "静态副本",
            Copy::Channels => "微信、微博、公告栏等渠道",
        }
    }
}

/// A copy that is still there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub copy: Copy,
    pub index_number: String,
    pub detail: String,
}

#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// How many withdrawn entries were looked at.
    pub withdrawn: usize,
    /// How often each kind of place was looked at; what was not looked at is not in it.
    pub looked: BTreeMap<Copy, usize>,
    pub findings: Vec<Finding>,
}

impl Proof {
    fn look(&mut self, copy: Copy, gone: &Withdrawn, is_gone: bool, detail: impl FnOnce() -> String) {
        *self.looked.entry(copy).or_default() += 1;
        if !is_gone {
            let index_number = gone.index_number.clone();
            self.findings.push(Finding { copy, index_number, detail: detail() });
        }
    }
}

/// Looks everywhere.
pub async fn prove(app: &App, asked: &Asked) -> anyhow::Result<Proof> {
    app.catch_up().await?;
    let mut conn = app.db.read().await?;
    let withdrawn = copies::withdrawn(&mut conn, &asked.index_number).await?;
    if withdrawn.is_empty() && !asked.index_number.is_empty() {
        bail!("没有索引号为 {} 的撤回信息，请核对索引号。", asked.index_number);
    }
    let files = copies::withdrawn_files(&mut conn).await?;
    let mut files_of: HashMap<&str, Vec<&WithdrawnFile>> = HashMap::new();
    for file in &files {
        files_of.entry(&file.entry_id).or_default().push(file);
    }
    let listed: HashSet<String> =
        copies::places(&mut conn).await?.into_iter().map(|place| place.id).collect();
    let mut proof = Proof { withdrawn: withdrawn.len(), ..Proof::default() };
    for gone in &withdrawn {
        let found = public::by_id(&mut conn, &gone.id).await?;
        proof.look(Copy::Lists, gone, found.is_none() && !listed.contains(&gone.id), || {
            "公开目录里还有这条信息".into()
        });
        elsewhere(app, &mut conn, gone, &mut proof).await?;
    }
    drop(conn);

    let site = crate::site(app.clone());
    let mut maps = Vec::new();
    for address in ["/", "/sitemap.xml", "/feed.xml"] {
        maps.push((address, String::from_utf8_lossy(&get(&site, address).await?.1).into_owned()));
    }
    for gone in &withdrawn {
        let address = entry_address(&gone.index_number);
        let (status, _) = get(&site, &address).await?;
        proof.look(Copy::Page, gone, status == StatusCode::GONE, || format!("{address} 返回 {status}"));
        for file in files_of.get(gone.id.as_str()).into_iter().flatten() {
            let address = format!("{address}/files/{}", file.id);
            let (status, _) = get(&site, &address).await?;
            proof.look(Copy::File, gone, status == StatusCode::GONE, || format!("{address} 返回 {status}"));
            if file.is_public_elsewhere == 0 {
                let address = format!("/pictures/{}", file.file_sha256);
                let (status, _) = get(&site, &address).await?;
                let is_gone = status == StatusCode::NOT_FOUND;
                proof.look(Copy::File, gone, is_gone, || format!("{address} 返回 {status}"));
            }
        }
        for (map, text) in &maps {
            proof.look(Copy::Feed, gone, !names(text, &address), || format!("{map} 里还有它的地址"));
        }
        let query = Query { text: gone.title.clone(), limit: 50, ..Query::default() };
        let found = app.search.find(&app.db, &query).await?;
        proof.look(Copy::Search, gone, found.hits.iter().all(|hit| hit.row.id != gone.id), || {
            "检索还能找到它".into()
        });
        let still_indexed = app.search.holds(&gone.id)?;
        proof.look(Copy::Search, gone, !still_indexed, || "索引里还有它的文字".into());
    }
    for address in &asked.sites {
        running(address, &withdrawn, &files_of, &mut proof).await?;
    }
    for folder in &asked.folders {
        copy(folder, &withdrawn, &files_of, &mut proof)?;
    }
    Ok(proof)
}

/// What was shown on other channels: the platform, or a person, must have said that it is gone.
async fn elsewhere(app: &App, conn: &mut Conn, gone: &Withdrawn, proof: &mut Proof) -> anyhow::Result<()> {
    for copy in removals::of_entry(conn, &gone.id).await? {
        let state = copy.state()?;
        proof.look(Copy::Channels, gone, state.is_done(), || {
            format!("{}：{}，责任人{}", copy.place_in_words(), state.label(), copy.owner)
        });
    }
    for copy in removals::unplanned(conn, &gone.id).await? {
        if removals::still_stands(&copy.channel, copy.until_on.as_deref(), app.today()) {
            proof.look(Copy::Channels, gone, false, || format!("{}{}：没有人去撤下", copy.place, copy.link));
        }
    }
    Ok(())
}

/// Whether a text holds this address and not only one that begins alike.
fn names(text: &str, address: &str) -> bool {
    text.match_indices(address).any(|(at, _)| {
        text[at + address.len()..].chars().next().is_none_or(|c| !(c.is_ascii_alphanumeric() || c == '-'))
    })
}

async fn get(site: &Router, address: &str) -> anyhow::Result<(StatusCode, Vec<u8>)> {
    let mut request = Request::get(address).header("host", "localhost").body(Body::empty())?;
    request.extensions_mut().insert(Straight);
    let answer = site.clone().oneshot(request).await.context("the router does not fail")?;
    let status = answer.status();
    Ok((status, to_bytes(answer.into_body(), MOST_BYTES).await?.to_vec()))
}

/// Asks a running site as a browser would: it keeps pages, plain and compressed.
async fn running(
    site: &str,
    withdrawn: &[Withdrawn],
    files: &HashMap<&str, Vec<&WithdrawnFile>>,
    proof: &mut Proof,
) -> anyhow::Result<()> {
    let Some(host) = site.trim_end_matches('/').strip_prefix("http://") else {
        bail!("网站地址 {site} 请写成 http://主机:端口，直接指向运行 gongkai serve 的机器。");
    };
    let mut maps = Vec::new();
    for path in ["/", "/sitemap.xml", "/feed.xml", "/catalogue"] {
        maps.push((path, ask(host, path, false).await?.1));
    }
    for gone in withdrawn {
        let address = entry_address(&gone.index_number);
        for compressed in [false, true] {
            let (status, _) = ask(host, &address, compressed).await?;
            proof.look(Copy::Cache, gone, status == 410, || format!("{site}{address} 返回 {status}"));
        }
        for file in files.get(gone.id.as_str()).into_iter().flatten() {
            let address = format!("{address}/files/{}", file.id);
            let (status, _) = ask(host, &address, false).await?;
            proof.look(Copy::Cache, gone, status == 410, || format!("{site}{address} 返回 {status}"));
        }
        for (map, text) in &maps {
            proof.look(Copy::Cache, gone, !names(text, &address), || format!("{site}{map} 里还有它的地址"));
        }
    }
    Ok(())
}

async fn ask(host: &str, path: &str, compressed: bool) -> anyhow::Result<(u16, String)> {
    let to = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
    let mut stream =
        TcpStream::connect(&to).await.with_context(|| format!("连不上网站 http://{host}，请核对地址"))?;
    let encoding = if compressed { "Accept-Encoding: gzip\r\n" } else { "" };
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{encoding}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|code| code.parse().ok());
    Ok((status.with_context(|| format!("http://{host} 的回答不是网页"))?, text))
}

/// Goes through every file of a static copy.
fn copy(
    folder: &Path,
    withdrawn: &[Withdrawn],
    files: &HashMap<&str, Vec<&WithdrawnFile>>,
    proof: &mut Proof,
) -> anyhow::Result<()> {
    let mut paths = Vec::new();
    walk(folder, &mut paths).with_context(|| format!("读不了目录 {}", folder.display()))?;
    let addresses: HashMap<String, &Withdrawn> =
        withdrawn.iter().map(|gone| (entry_address(&gone.index_number), gone)).collect();
    // What an address can begin with, so that a page is gone through once for all of them.
    let mut bytes_of: HashMap<&str, &Withdrawn> = HashMap::new();
    for gone in withdrawn {
        for file in files.get(gone.id.as_str()).into_iter().flatten() {
            if file.is_public_elsewhere == 0 {
                bytes_of.insert(&file.file_sha256, gone);
            }
        }
    }
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    for path in &paths {
        let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
        let bytes = std::fs::read(path)?;
        if let Some(gone) = bytes_of.get(hex::encode(Sha256::digest(&bytes)).as_str()) {
            found.insert((gone.index_number.clone(), format!("{} 是它的附件", path.display())));
        }
        let own = name.strip_suffix("/index.html").map(|page| format!("/{page}"));
        if name.ends_with(".html") || name.ends_with(".xml") {
            let text = String::from_utf8_lossy(&bytes);
            for address in mentioned(&text) {
                if let Some(gone) = addresses.get(address)
                    && own.as_deref() != Some(address)
                {
                    found.insert((gone.index_number.clone(), format!("{} 里还有它的地址", path.display())));
                }
            }
            let tombstone = own.as_deref().and_then(|own| addresses.get(own));
            if let Some(gone) = tombstone
                && !text.contains("已撤回")
            {
                found.insert((gone.index_number.clone(), format!("{} 还是原来的页面", path.display())));
            }
        }
    }
    for gone in withdrawn {
        let own: Vec<&str> = found
            .iter()
            .filter(|(number, _)| *number == gone.index_number)
            .map(|(_, what)| &**what)
            .collect();
        proof.look(Copy::Export, gone, own.is_empty(), || own.join("；"));
    }
    Ok(())
}

/// Every `/entries/…/…` that stands in a text.
fn mentioned(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("/entries/").filter_map(|(at, start)| {
        let rest = &text[at + start.len()..];
        let second = rest.find('/')? + 1;
        let end = rest[second..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '%'));
        Some(&text[at..at + start.len() + second + end.unwrap_or(rest.len() - second)])
    })
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), paths)?;
        } else if !entry.file_name().to_string_lossy().starts_with(".gongkai-") {
            paths.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_from_one_that_begins_alike() {
        let text = "<a href=\"/entries/QH/2026-00012/\">x</a> /entries/QH/2026-00013\"";
        assert!(names(text, "/entries/QH/2026-00012"));
        assert!(!names(text, "/entries/QH/2026-0001"));
        assert_eq!(mentioned(text).collect::<Vec<_>>(), ["/entries/QH/2026-00012", "/entries/QH/2026-00013"]);
    }
}
