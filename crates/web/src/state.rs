//! What every handler can reach.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gongkai_disclosure::connections::Outgoing;
use gongkai_disclosure::db::{Conn, Db};
use gongkai_disclosure::files::FileStore;
use gongkai_disclosure::publishing::official_accounts::Accounts;
use gongkai_disclosure::publishing::public::{self, Filter, Listing, PublicAgency, Shelf};
use gongkai_disclosure::redaction::Workshop;
use gongkai_disclosure::search::Search;
use gongkai_disclosure::secrets;
use jiff::Timestamp;
use moka::sync::Cache;

use crate::admission::Admission;
use crate::page::{Contact, MainPortal};
use crate::page_cache::{PAUSE, PageCache, ROOM};
use crate::palette::Palette;
use crate::paper::Paper;
use crate::portal::report_check::Desk;
use crate::throttle::Throttle;

/// With more entries changed than these, all are counted anew instead of those of their agencies.
const MOST_CHANGED: usize = 200;

/// What an installation says about itself.
#[derive(Clone, Debug)]
pub struct Site {
    /// 青禾区政府信息公开
    pub name: String,
    /// 主办单位
    pub organisation: String,
    pub contact: Contact,
    /// Cookies are sent over HTTPS only.
    pub secure_cookies: bool,
}

impl Site {
    pub(crate) const fn scheme(&self) -> &'static str {
        if self.secure_cookies { "https" } else { "http" }
    }

    /// `https://www.qinghe.gov.cn` as it is set; what a request says of its host is never part of it.
    pub fn origin(&self) -> Option<String> {
        let domain = &self.contact.domain;
        (!domain.is_empty()).then(|| format!("{}://{domain}", self.scheme()))
    }
}

/// 门户 — one agency's own, under a name of its own: it shows what belongs to the agency and those below it, and nothing
/// else.
#[derive(Clone, Debug)]
pub struct Portal {
    /// Its domain is the name under which it is asked for.
    pub site: Site,
    /// Code of the agency.
    pub agency: String,
    pub palette: Palette,
}

/// The portals of an installation: the one that shows everything, and those of single agencies.
#[derive(Clone, Debug)]
pub struct House {
    pub site: Site,
    pub palette: Palette,
    pub portals: Vec<Portal>,
    /// How the main portal is reached when it has no name of its own: `http://127.0.0.1:8080`.
    pub address: String,
}

impl From<Site> for House {
    fn from(site: Site) -> House {
        House { site, palette: Palette::default(), portals: Vec::new(), address: String::new() }
    }
}

/// Where the time comes from: the system in service, a fixed moment in tests.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(now))
    }
}

/// What stands beside the database.
pub struct Stores {
    /// The bytes of attachments.
    pub files: FileStore,
    /// The search of this process; [`crate::follow_changes`] keeps it up to date.
    pub search: Search,
    /// Folders with the office's own typefaces, for PDF and OFD.
    pub font_folders: Vec<PathBuf>,
    /// 政务新媒体; `None`: none is configured.
    pub accounts: Option<Arc<Accounts>>,
    /// Where webhooks may lead.
    pub outgoing: Outgoing,
    /// For rendered pages that memory has no room for; `None`: they are made anew.
    pub pages: Option<PathBuf>,
}

impl Stores {
    /// Everything under one folder: `files/`, shared by the processes of an installation, `search/`, held by
    /// one of them (a second process keeps its search in memory), and `pages/`, where nothing outlives its process.
    pub fn in_folder(folder: &Path, largest_file: u64) -> anyhow::Result<Stores> {
        Ok(Stores {
            files: FileStore::in_folder(&folder.join("files"), largest_file)?,
            search: Search::open(Some(&folder.join("search")))?,
            font_folders: Vec::new(),
            accounts: None,
            outgoing: Outgoing::default(),
            pages: Some(folder.join("pages")),
        })
    }
}

/// The running program, shared by all handlers; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// Parts of the running program, reached through [`App`].
///
/// Each portal has an [`App`] of its own: its database reads what is the portal's, and what is kept of pages, lists and
/// checksums is its own, so that nothing of one can stand on another. What has nothing to do with pages is shared.
pub struct Inner {
    /// A portal's reads its agency and those below it; see [`Db::within`].
    pub db: Db,
    pub files: FileStore,
    pub search: Arc<Search>,
    pub site: Site,
    pub(crate) palette: Palette,
    /// Set on the portal of one agency.
    pub(crate) main: Option<MainPortal>,
    /// The portals of single agencies.
    portals: Vec<App>,
    pub(crate) outgoing: Outgoing,
    pub(crate) pages: PageCache,
    /// What lists can be narrowed to, by the position of the change log they were counted at.
    listings: Cache<(i64, Filter), Arc<Listing>>,
    /// Where all entries stood after the last change up to this position.
    shelf: tokio::sync::Mutex<Option<(i64, Arc<Shelf>)>>,
    /// By the position of the change log that search has reached.
    agencies: Cache<i64, Arc<Vec<PublicAgency>>>,
    /// SHA-256 of the files of data, by the position of the change log they were counted at.
    pub(crate) checksums: Cache<(i64, String), String>,
    /// Held while one is counted.
    pub(crate) checksum_turn: tokio::sync::Mutex<()>,
    pub(crate) paper: Arc<Paper>,
    pub(crate) accounts: Option<Arc<Accounts>>,
    pub(crate) workshop: Arc<Workshop>,
    clock: Clock,
    session_cookie: String,
    /// Wrong query codes, by address and by number.
    pub(crate) wrong_codes: Arc<Throttle>,
    /// Who may file a request now.
    pub(crate) admission: Arc<Admission>,
    /// Reports tried without an account.
    pub(crate) report_desk: Arc<Desk>,
}

impl App {
    /// `installation` tells two installations on one host apart, so that their cookies do not collide.
    pub fn new(db: Db, stores: Stores, house: impl Into<House>, clock: Clock, installation: &str) -> App {
        let House { site, palette, portals, address } = house.into();
        let Stores { files, search, font_folders, accounts, outgoing, pages } = stores;
        // All of them together keep as much as one would; the main portal half of it.
        let room = if portals.is_empty() { ROOM } else { ROOM / 2 };
        let rooms = room / portals.len().max(1) as u64;
        let main = MainPortal { name: site.name.clone(), origin: site.origin().unwrap_or(address) };
        let mut inner = Inner {
            admission: Arc::new(Admission::new(db.keys().clone())),
            db,
            files,
            search: Arc::new(search),
            site,
            palette,
            main: None,
            portals: Vec::new(),
            outgoing,
            pages: PageCache::new(room, pages),
            listings: Cache::new(2_000),
            shelf: Default::default(),
            agencies: Cache::new(2),
            checksums: Cache::new(500),
            checksum_turn: tokio::sync::Mutex::new(()),
            paper: Arc::new(Paper::new(font_folders)),
            accounts,
            workshop: Arc::new(Workshop::new(gongkai_typeset::built_in_typeface)),
            clock,
            session_cookie: format!("gongkai_{}", &secrets::digest(installation)[..8]),
            wrong_codes: Arc::default(),
            report_desk: Arc::new(Desk::new()),
        };
        inner.portals = portals.into_iter().map(|portal| inner.portal(portal, &main, rooms)).collect();
        App(Arc::new(inner))
    }

    /// The portals of single agencies.
    pub fn portals(&self) -> &[App] {
        &self.portals
    }

    /// The portal that is asked for under this name, `songxi.gov.cn` or `songxi.gov.cn:8443`: exactly as it is set, the
    /// port left out or not. `None`: the main portal.
    pub fn portal(&self, host: &str) -> Option<&App> {
        self.portals.get(self.portal_at(host)?)
    }

    pub(crate) fn portal_at(&self, host: &str) -> Option<usize> {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        self.portals.iter().position(|portal| {
            let domain = &portal.site.contact.domain;
            domain.eq_ignore_ascii_case(host) || domain.eq_ignore_ascii_case(name)
        })
    }

    /// The agency that a form names, when it is one of this portal's; else none, which actions refuse.
    pub(crate) async fn own_agency<'a>(&self, code: &'a str) -> anyhow::Result<&'a str> {
        if self.db.agency().is_none() {
            return Ok(code);
        }
        let known = public::agency(&mut *self.db.read().await?, code).await?;
        Ok(if known.is_some() { code } else { "" })
    }

    /// Takes in what has changed, in the kept pages and the search of this process. Done after every form of
    /// an officer, so that they see on the portal what they have just published or withdrawn.
    pub async fn catch_up(&self) -> anyhow::Result<()> {
        self.pages.follow(&self.db).await?;
        self.search.follow(&self.db).await?;
        Ok(())
    }

    /// Done before a change is confirmed to the one who made it. When it concerns the public, it is confirmed only
    /// after every process has had to look at the log again: from then on none shows the page as it was.
    pub async fn acknowledge(&self) -> anyhow::Result<()> {
        let before = self.pages.last_change();
        self.catch_up().await?;
        if self.pages.last_change() > before {
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    /// How many entries a list has and what it could be narrowed to: counted once for all its pages, and after a change
    /// only what the agency has that made it.
    pub(crate) async fn listing(&self, conn: &mut Conn, filter: &Filter) -> anyhow::Result<Arc<Listing>> {
        // What is only office work in the log changes no list.
        let position = self.pages.last_change();
        let key = (position, filter.clone());
        if let Some(known) = self.listings.get(&key) {
            return Ok(known);
        }
        // Before the log was looked at for the first time there is no position to keep it under.
        if position == 0 {
            return Ok(Arc::new(Shelf::read(conn).await?.listing(filter)));
        }
        // One counts and the others wait for it.
        let mut kept = self.shelf.lock().await;
        if kept.as_ref().is_none_or(|(until, _)| *until < position) {
            let changed = kept.as_ref().and_then(|(until, shelf)| {
                let entries = self.pages.changed_since(*until)?;
                (entries.len() <= MOST_CHANGED).then_some((shelf, entries))
            });
            let shelf = match changed {
                Some((shelf, entries)) => shelf.after(conn, &entries).await?,
                None => Shelf::read(conn).await?,
            };
            *kept = Some((position, Arc::new(shelf)));
        }
        let shelf = kept.as_ref().map(|(_, shelf)| shelf.clone()).unwrap_or_default();
        drop(kept);
        let counted = Arc::new(shelf.listing(filter));
        self.listings.insert(key, counted.clone());
        Ok(counted)
    }

    /// The agencies, read once until something changes.
    pub(crate) async fn agencies(&self) -> anyhow::Result<Arc<Vec<PublicAgency>>> {
        let position = self.search.position();
        if let Some(known) = self.agencies.get(&position).filter(|_| position > 0) {
            return Ok(known);
        }
        let agencies = Arc::new(public::agencies(&mut *self.db.read().await?).await?);
        if position > 0 {
            self.agencies.insert(position, agencies.clone());
        }
        Ok(agencies)
    }

    /// Takes the change log in for what pages are rendered from; returns the position reached.
    pub(crate) async fn follow_pages(&self) -> anyhow::Result<i64> {
        self.pages.follow(&self.db).await
    }

    /// The last change in the log that concerns an entry, an agency or the catalogue, as far as it was followed.
    pub(crate) fn last_public_change(&self) -> i64 {
        self.pages.last_change()
    }

    pub fn now(&self) -> Timestamp {
        (self.0.clock.0)()
    }

    /// Today in China.
    pub fn today(&self) -> jiff::civil::Date {
        gongkai_disclosure::time::day_in_china(self.now())
    }

    pub(crate) fn session_cookie(&self) -> &str {
        &self.0.session_cookie
    }
}

impl Inner {
    /// The same program with another face, for one agency and those below it.
    fn portal(&self, portal: Portal, main: &MainPortal, room: u64) -> App {
        let Portal { site, agency, palette } = portal;
        App(Arc::new(Inner {
            db: self.db.within(&agency),
            files: self.files.clone(),
            search: self.search.clone(),
            site: Site { secure_cookies: self.site.secure_cookies, ..site },
            palette,
            main: (!main.origin.is_empty()).then(|| main.clone()),
            portals: Vec::new(),
            outgoing: self.outgoing,
            // A portal of one agency is small; what memory has no room for is made anew.
            pages: PageCache::new(room, None),
            listings: Cache::new(200),
            shelf: Default::default(),
            agencies: Cache::new(2),
            checksums: Cache::new(100),
            checksum_turn: tokio::sync::Mutex::new(()),
            paper: self.paper.clone(),
            accounts: self.accounts.clone(),
            workshop: self.workshop.clone(),
            clock: self.clock.clone(),
            session_cookie: self.session_cookie.clone(),
            wrong_codes: self.wrong_codes.clone(),
            admission: self.admission.clone(),
            report_desk: self.report_desk.clone(),
        }))
    }
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
