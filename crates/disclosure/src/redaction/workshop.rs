//! Where pages are drawn: few at once, each within a time, none able to take the program with it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use gongkai_redaction::{self as pages, Area, Check, Faces, Kind, PageText, Refusal};
use tokio::sync::{Semaphore, oneshot};

use super::RedactionRefusal as R;
use crate::error::{Result, refuse};

/// Files at once: one takes a core and some hundred megabytes.
const AT_ONCE: usize = 2;
/// One page to look at, or the text of all.
const LOOK: Duration = Duration::from_secs(40);
/// All pages burned and read again.
const BURN: Duration = Duration::from_secs(300);
/// Nested drawings go deep.
const STACK: usize = 64 * 1024 * 1024;

/// Draws, reads and burns; keep one for the whole program.
pub struct Workshop {
    typeface: Box<dyn Fn() -> Option<Vec<u8>> + Send + Sync>,
    faces: OnceLock<Faces>,
    turns: Arc<Semaphore>,
}

/// A file burned and proved.
#[derive(Clone, Debug)]
pub struct Done {
    pub bytes: Vec<u8>,
    pub pages: u32,
    pub checks: Vec<Check>,
}

impl Workshop {
    /// `typeface` gives the one that stands in for those a file does not bring along; asked once.
    pub fn new(typeface: impl Fn() -> Option<Vec<u8>> + Send + Sync + 'static) -> Workshop {
        Workshop {
            typeface: Box::new(typeface),
            faces: OnceLock::new(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    fn faces(&self) -> Faces {
        self.faces.get_or_init(|| Faces((self.typeface)().map(Arc::new).into_iter().collect())).clone()
    }

    /// How many pages it has.
    pub async fn count(&self, kind: Kind, bytes: Vec<u8>) -> Result<u32, R> {
        let opened = self.run(LOOK, move |_| pages::open(kind, &bytes)).await?;
        u32::try_from(opened.sizes.len()).map_err(|error| anyhow::Error::from(error).into())
    }

    /// One page as PNG.
    pub async fn picture(&self, kind: Kind, bytes: Vec<u8>, page: u32, width: u32) -> Result<Vec<u8>, R> {
        self.run(LOOK, move |faces| pages::picture_of(kind, &bytes, page, width, faces)).await
    }

    pub async fn text(&self, kind: Kind, bytes: Vec<u8>) -> Result<Vec<PageText>, R> {
        self.run(LOOK, move |faces| pages::text_of(kind, &bytes, faces)).await
    }

    /// 烧录并核验.
    ///
    /// # Errors
    /// A page that cannot be drawn faithfully; something that is left in the result.
    pub async fn burn(&self, kind: Kind, bytes: Vec<u8>, areas: Vec<Area>) -> Result<Done, R> {
        self.run(BURN, move |faces| {
            let texts = pages::text_of(kind, &bytes, faces)?;
            let burned = pages::burn(kind, &bytes, &areas, faces)?;
            let checks = pages::prove(kind, &bytes, &burned.bytes, &areas, &texts)?;
            Ok(Done { bytes: burned.bytes, pages: burned.pages, checks })
        })
        .await
    }

    /// In a thread of its own, so that neither a panic nor a deep nesting reaches the program. A job that is out of time
    /// keeps its turn until it ends: at most [`AT_ONCE`] cores are ever lost to bad files.
    async fn run<T: Send + 'static>(
        &self,
        time: Duration,
        job: impl FnOnce(&Faces) -> std::result::Result<T, Refusal> + Send + 'static,
    ) -> Result<T, R> {
        let faces = self.faces();
        let Ok(Ok(turn)) = tokio::time::timeout(time, self.turns.clone().acquire_owned()).await else {
            return refuse(R::File(Refusal::TooSlow));
        };
        let (tell, told) = oneshot::channel();
        let work = move || {
            let done = job(&faces);
            drop(turn);
            let _ = tell.send(done);
        };
        std::thread::Builder::new()
            .name("redaction".into())
            .stack_size(STACK)
            .spawn(work)
            .map_err(anyhow::Error::from)?;
        match tokio::time::timeout(time, told).await {
            Ok(Ok(Ok(done))) => Ok(done),
            Ok(Ok(Err(why))) => refuse(R::File(why)),
            // The thread ended without a word.
            Ok(Err(_)) => refuse(R::File(Refusal::Broken)),
            Err(_) => refuse(R::File(Refusal::TooSlow)),
        }
    }
}

impl std::fmt::Debug for Workshop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workshop").finish_non_exhaustive()
    }
}
