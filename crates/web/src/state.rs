//! What every handler can reach.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gongkai_disclosure::connections::Outgoing;
use gongkai_disclosure::db::{Conn, Db};
use gongkai_disclosure::files::FileStore;
use gongkai_disclosure::publishing::official_accounts::Accounts;
use gongkai_disclosure::publishing::public::{Filter, Listing, Shelf};
use gongkai_disclosure::redaction::Workshop;
use gongkai_disclosure::search::Search;
use gongkai_disclosure::secrets;
use jiff::Timestamp;
use moka::sync::Cache;

use crate::admission::Admission;
use crate::page::Contact;
use crate::page_cache::{PAUSE, PageCache};
use crate::paper::Paper;
use crate::portal::report_check::Desk;
use crate::throttle::Throttle;

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
pub struct Inner {
    pub db: Db,
    pub files: FileStore,
    pub search: Search,
    pub site: Site,
    pub(crate) outgoing: Outgoing,
    pub(crate) pages: PageCache,
    /// What lists can be narrowed to, by the position of the change log they were counted at.
    listings: Cache<(i64, Filter), Arc<Listing>>,
    shelves: Cache<i64, Arc<Shelf>>,
    /// SHA-256 of the files of data, by the position of the change log they were counted at.
    pub(crate) checksums: Cache<(i64, String), String>,
    /// Held while one is counted.
    pub(crate) checksum_turn: tokio::sync::Mutex<()>,
    pub(crate) paper: Paper,
    pub(crate) accounts: Option<Arc<Accounts>>,
    pub(crate) workshop: Workshop,
    clock: Clock,
    session_cookie: String,
    /// Wrong query codes, by address and by number.
    pub(crate) wrong_codes: Throttle,
    /// Who may file a request now.
    pub(crate) admission: Admission,
    /// Reports tried without an account.
    pub(crate) report_desk: Desk,
}

impl App {
    /// `installation` tells two installations on one host apart, so that their cookies do not collide.
    pub fn new(db: Db, stores: Stores, site: Site, clock: Clock, installation: &str) -> App {
        let session_cookie = format!("gongkai_{}", &secrets::digest(installation)[..8]);
        let admission = Admission::new(db.keys().clone());
        let Stores { files, search, font_folders, accounts, outgoing, pages } = stores;
        App(Arc::new(Inner {
            db,
            files,
            search,
            site,
            outgoing,
            pages: PageCache::new(pages),
            listings: Cache::new(2_000),
            shelves: Cache::new(2),
            checksums: Cache::new(500),
            checksum_turn: tokio::sync::Mutex::new(()),
            paper: Paper::new(font_folders),
            accounts,
            workshop: Workshop::new(gongkai_typeset::built_in_typeface),
            clock,
            session_cookie,
            wrong_codes: Throttle::default(),
            admission,
            report_desk: Desk::new(),
        }))
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

    /// How many entries a list has and what it could be narrowed to: counted once for all its pages.
    pub(crate) async fn listing(&self, conn: &mut Conn, filter: &Filter) -> anyhow::Result<Arc<Listing>> {
        let key = (self.pages.position(), filter.clone());
        if let Some(known) = self.listings.get(&key) {
            return Ok(known);
        }
        let shelf = match self.shelves.get(&key.0).filter(|_| key.0 > 0) {
            Some(known) => known,
            None => Arc::new(Shelf::read(conn).await?),
        };
        let counted = Arc::new(shelf.listing(filter));
        // Before the log was looked at for the first time there is no position to keep it under.
        if key.0 > 0 {
            self.shelves.insert(key.0, shelf);
            self.listings.insert(key, counted.clone());
        }
        Ok(counted)
    }

    /// Takes the change log in for what pages are rendered from; returns the position reached.
    pub(crate) async fn follow_pages(&self) -> anyhow::Result<i64> {
        self.pages.follow(&self.db).await
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

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
