//! What every handler can reach.

use std::sync::Arc;

use gongkai_disclosure::db::Db;
use gongkai_disclosure::secrets;
use jiff::Timestamp;

use crate::page::Contact;

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

/// Where the time comes from: the system in service, a fixed moment in tests.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(now))
    }
}

/// The running program, shared by all handlers; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// Parts of the running program, reached through [`App`].
pub struct Inner {
    pub db: Db,
    pub site: Site,
    clock: Clock,
    session_cookie: String,
}

impl App {
    /// `installation` tells two installations on one host apart, so that their cookies do not collide.
    pub fn new(db: Db, site: Site, clock: Clock, installation: &str) -> App {
        let session_cookie = format!("gongkai_{}", &secrets::digest(installation)[..8]);
        App(Arc::new(Inner { db, site, clock, session_cookie }))
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
