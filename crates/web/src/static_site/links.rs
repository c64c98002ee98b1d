//! Addresses of the portal as places of files, and the links of a page made to fit.

use std::collections::{BTreeMap, HashMap};

use gongkai_disclosure::publishing::copies::Place;
use gongkai_disclosure::publishing::public::PublicAttachment;

use super::record::Known;
use super::{FIXED, Order, file_name};
use crate::forms::{Fields, encode};

/// The page that says what the copy cannot do.
pub(super) const NOT_HERE: &str = "/static-copy";

/// As many entries stand on a page of a list.
const PER_PAGE: u64 = 20;

pub(super) fn pages(total: u64) -> u64 {
    total.div_ceil(PER_PAGE).max(1)
}

/// A list of the catalogue: what it is narrowed by. Only lists that pages lead to at once are in the copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ListKey {
    agency: String,
    category: String,
    genre: String,
    line: String,
}

impl ListKey {
    /// All lists of the copy that an entry stands in.
    pub(super) fn of(place: &Place) -> [ListKey; 6] {
        let (agency, category) = (place.agency_code.clone(), place.category.clone());
        let by_agency = ListKey { agency, ..ListKey::default() };
        let by_category = ListKey { category: category.clone(), ..ListKey::default() };
        [
            ListKey::default(),
            ListKey { category, ..by_agency.clone() },
            ListKey { genre: place.genre.clone(), ..by_agency.clone() },
            ListKey { line: place.line_id.clone(), ..by_agency.clone() },
            by_agency,
            by_category,
        ]
    }

    /// Whether its pages can change with an entry that stood or stands here: it is in the list, or counted beside it as
    /// one that another single choice would show ([`gongkai_disclosure::publishing::public::Shelf`] counts so).
    pub(super) fn concerns(&self, entry: &Known) -> bool {
        let differs = |own: &str, of: &str| !own.is_empty() && own != of;
        let others = [
            differs(&self.agency, &entry.agency),
            differs(&self.category, &entry.category),
            differs(&self.genre, &entry.genre),
        ];
        !differs(&self.line, &entry.line) && others.into_iter().filter(|differs| *differs).count() <= 1
    }

    fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("agency", &*self.agency),
            ("category", &*self.category),
            ("genre", &*self.genre),
            ("line", &*self.line),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
    }

    /// Where the site has this page of it.
    pub(super) fn address(&self, page: u64) -> String {
        let mut pairs: Vec<String> =
            self.pairs().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        if page > 1 {
            pairs.push(format!("page={page}"));
        }
        if pairs.is_empty() { "/catalogue".into() } else { format!("/catalogue?{}", pairs.join("&")) }
    }

    /// Where the copy has it.
    fn there(&self, page: u64) -> String {
        let mut path = String::from("/catalogue/");
        for (name, value) in self.pairs() {
            path.push_str(&format!("{name}-{}/", encode(value)));
        }
        if page > 1 {
            path.push_str(&format!("{page}/"));
        }
        path
    }
}

/// What is where in the copy.
pub(super) struct Links {
    online: String,
    host: String,
    address: String,
    lists: HashMap<ListKey, u64>,
    /// Address of an attachment → its name.
    files: HashMap<String, String>,
    /// Hash of a picture in a text → how its file ends.
    pictures: HashMap<String, &'static str>,
}

impl Links {
    pub(super) fn new(
        order: &Order,
        lists: &BTreeMap<ListKey, u64>,
        places: &[Place],
        attachments: &[PublicAttachment],
    ) -> Links {
        let numbers: HashMap<&str, &str> =
            places.iter().map(|place| (place.id.as_str(), place.index_number.as_str())).collect();
        let files = attachments
            .iter()
            .filter_map(|file| {
                let address = crate::portal::wording::entry_address(numbers.get(file.entry_id.as_str())?);
                Some((format!("{address}/files/{}", file.id), file_name(file)))
            })
            .collect();
        let pictures = attachments
            .iter()
            .filter_map(|file| Some((file.file_sha256.clone(), picture_end(&file.media_type)?)))
            .collect();
        let host = order.address.split_once("://").map_or("localhost", |(_, rest)| rest);
        Links {
            online: order.online.trim_end_matches('/').to_owned(),
            host: host.split('/').next().unwrap_or("localhost").to_owned(),
            address: order.address.trim_end_matches('/').to_owned(),
            lists: lists.iter().map(|(key, total)| (key.clone(), *total)).collect(),
            files,
            pictures,
        }
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// A text whose full addresses begin as the copy is called from outside.
    pub(super) fn outside(&self, text: &str) -> String {
        let host = &self.host;
        let (plain, safe) = (format!("http://{host}"), format!("https://{host}"));
        if text.contains(&safe) {
            text.replace(&safe, &self.address)
        } else {
            text.replace(&plain, &self.address)
        }
    }

    /// Where an address of the site is in the copy; `None`: not in it.
    fn there(&self, address: &str) -> Option<String> {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        if path == "/catalogue" {
            let query = Fields::parse(query.as_bytes());
            let known = ["agency", "category", "genre", "line", "page"];
            if query.names().any(|name| !known.contains(&name)) {
                return None;
            }
            let text = |name: &str| query.text(name).to_owned();
            let key = ListKey {
                agency: text("agency"),
                category: text("category"),
                genre: text("genre"),
                line: text("line"),
            };
            let page = if text("page").is_empty() { 1 } else { text("page").parse().ok()? };
            return (page <= pages(*self.lists.get(&key)?)).then(|| key.there(page));
        }
        if path == "/documents" {
            let query = Fields::parse(query.as_bytes());
            let mut there = String::from("/documents/");
            for name in ["agency", "standing", "page"] {
                let value = query.text(name);
                let is_plain = value.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
                let is_usual = value.is_empty()
                    || (name, value) == ("standing", "in_force")
                    || (name, value) == ("page", "1");
                if !is_plain {
                    return None;
                }
                if !is_usual {
                    there.push_str(&format!("{name}-{}/", encode(value)));
                }
            }
            return Some(there);
        }
        if !query.is_empty() {
            return None;
        }
        if path == "/" {
            return Some("/".into());
        }
        if let Some(name) = self.files.get(path) {
            return Some(format!("{path}/{}", encode(name)));
        }
        if let Some(hash) = path.strip_prefix("/pictures/") {
            return self.pictures.get(hash).map(|end| format!("{path}.{end}"));
        }
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let folder = || Some(format!("{path}/"));
        match parts[..] {
            ["assets", ..] | ["sitemap.xml" | "feed.xml" | "robots.txt"] => Some(path.to_owned()),
            ["entries", _, _] | ["agencies", _] | ["report-check", "rules", _] => folder(),
            ["annual-reports", _, year] if year.parse::<u16>().is_ok() => folder(),
            ["gazette", _, _, _] => folder(),
            ["gazette", _, _, _, "download", format] => Some(format!("{path}/gazette.{format}")),
            ["annual-reports", _, _, "download", format] => Some(format!("{path}/report.{format}")),
            _ if FIXED.contains(&path) => folder(),
            _ => None,
        }
    }

    /// The file an address is kept in, below the folder of the copy.
    pub(super) fn file_of(&self, address: &str) -> Option<String> {
        let there = self.there(address)?;
        let mut file = decoded(there.trim_start_matches('/'));
        if file.is_empty() || file.ends_with('/') {
            file.push_str("index.html");
        }
        // An address is ours, but it becomes a path: nothing may lead out of the folder.
        let is_inside = file.split('/').all(|part| !matches!(part, "" | "." | ".."));
        is_inside.then_some(file)
    }

    /// A page with its links fitted, and the addresses it leads to that are in the copy.
    pub(super) fn fit(&self, page: &str) -> (String, Vec<String>) {
        let mut out = String::with_capacity(page.len() + page.len() / 16);
        let mut found = Vec::new();
        let mut rest = page;
        loop {
            let next = [" href=\"/", " src=\"/", " action=\"/"]
                .iter()
                .filter_map(|start| rest.find(start).map(|at| at + start.len() - 1))
                .min();
            let Some(at) = next else { break };
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let end = rest.find('"').unwrap_or(rest.len());
            let written = &rest[..end];
            rest = &rest[end..];
            let address = written.replace("&amp;", "&").replace("&#38;", "&");
            if address.starts_with("//") {
                out.push_str(written);
                continue;
            }
            let (address, fragment) = match address.split_once('#') {
                Some((address, fragment)) => (address.to_owned(), format!("#{fragment}")),
                None => (address, String::new()),
            };
            match self.there(&address) {
                Some(there) => {
                    out.push_str(&there);
                    out.push_str(&fragment);
                    if leads_on(&address) {
                        found.push(address);
                    }
                }
                None if self.online.is_empty() => {
                    out.push_str(NOT_HERE);
                    out.push('/');
                }
                None => {
                    out.push_str(&self.online);
                    out.push_str(written);
                }
            }
        }
        out.push_str(rest);
        (out, found)
    }
}

/// How the file of a picture ends that may stand in a text.
pub(super) fn picture_end(media_type: &str) -> Option<&'static str> {
    match media_type {
        "image/png" => Some("png"),
        "image/jpeg" => Some("jpg"),
        _ => None,
    }
}

/// What is found by following links alone; all else is listed from the database.
fn leads_on(address: &str) -> bool {
    address.starts_with("/documents?")
        || address.starts_with("/gazette/")
        || address.starts_with("/annual-reports/")
        || address.starts_with("/report-check/rules/")
}

/// `%E5…` as letters, for the name of a file.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut left = path.as_bytes();
    while let [first, rest @ ..] = left {
        let hex = match left {
            [b'%', high, low, ..] => {
                std::str::from_utf8(&[*high, *low]).ok().and_then(|text| u8::from_str_radix(text, 16).ok())
            }
            _ => None,
        };
        bytes.push(hex.unwrap_or(*first));
        left = if hex.is_some() { &left[3..] } else { rest };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(online: &str) -> Links {
        let place = |number: u32| Place {
            id: format!("e{number}"),
            index_number: format!("QH/2026-{number:05}"),
            agency_code: "QH".into(),
            category: "plans".into(),
            line_id: "l1".into(),
            genre: "plan".into(),
        };
        let places: Vec<Place> = (1..=41).map(place).collect();
        let file = PublicAttachment {
            id: "f1".into(),
            entry_id: "e1".into(),
            edition_id: "d1".into(),
            name: "../附件 一.docx".into(),
            file_sha256: "00".repeat(32),
            size: 1,
            media_type: String::new(),
        };
        let order = Order { online: online.into(), ..Order::default() };
        Links::new(&order, &super::super::lists(&places), &places, &[file])
    }

    #[test]
    fn addresses_become_files_and_none_leads_out() {
        let links = links("");
        let attached = links.file_of("/entries/QH/2026-00001/files/f1");
        assert_eq!(attached.as_deref(), Some("entries/QH/2026-00001/files/f1/_附件 一.docx"));
        for (address, file) in [
            ("/", Some("index.html")),
            ("/catalogue", Some("catalogue/index.html")),
            ("/catalogue?page=3", Some("catalogue/3/index.html")),
            ("/catalogue?page=4", None),
            ("/catalogue?agency=QH&line=l1&page=2", Some("catalogue/agency-QH/line-l1/2/index.html")),
            ("/catalogue?agency=QH&year=2026", None),
            ("/entries/QH/2026-00001", Some("entries/QH/2026-00001/index.html")),
            ("/entries/QH/..", None),
            ("/entries/%2e%2e/x", None),
            ("/search?q=1", None),
            ("/console", None),
            (
                "/annual-reports/QH/2025/download/docx",
                Some("annual-reports/QH/2025/download/docx/report.docx"),
            ),
        ] {
            assert_eq!(links.file_of(address).as_deref(), file, "{address}");
        }
    }

    #[test]
    fn links_lead_to_the_copy_or_to_the_site() {
        let page = "<a href=\"/catalogue?agency=QH&#38;page=2\">2</a><a href=\"/requests/new\">x</a>\
                    <form action=\"/search\"><a href=\"https://x.example/\">y</a><a href=\"/guide#request\">z</a>";
        let (alone, _) = links("").fit(page);
        assert!(alone.contains("href=\"/catalogue/agency-QH/2/\""), "{alone}");
        assert!(
            alone.contains("href=\"/static-copy/\"") && alone.contains("action=\"/static-copy/\""),
            "{alone}"
        );
        assert!(alone.contains("https://x.example/") && alone.contains("/guide/#request"), "{alone}");
        let (beside, found) =
            links("https://gk.example/").fit(&format!("{page}<a href=\"/annual-reports/QH/2025\">"));
        assert!(beside.contains("action=\"https://gk.example/search\""), "{beside}");
        assert_eq!(found, ["/annual-reports/QH/2025"]);
    }
}
