//! Style sheets, drawings and bundled scripts, built into the binary.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use rust_embed::{Embed, EmbeddedFile};
use sha2::{Digest, Sha256};

use crate::errors::PageError;
use crate::page_cache::Page;

#[derive(Embed)]
#[folder = "assets/"]
struct Assets;

/// Each asset with its compressed twin, by its content: a debug build reads the folder anew each time.
static KEPT: LazyLock<Mutex<HashMap<[u8; 32], Arc<Page>>>> = LazyLock::new(Mutex::default);

pub(crate) async fn serve(Path(path): Path<String>, asked: HeaderMap) -> Result<Response, PageError> {
    let file = Assets::get(&path).ok_or(PageError::NotFound)?;
    let mut response = kept(file).answer(&asked);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=600"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

fn kept(file: EmbeddedFile) -> Arc<Page> {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let page = kept.entry(file.metadata.sha256_hash()).or_insert_with(|| {
        let kind = file.metadata.mimetype();
        let kind = if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind.to_owned() };
        let kind =
            HeaderValue::try_from(kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
        Page::asset(file.data.into_owned().into(), kind)
    });
    page.clone()
}

/// All of them.
pub(crate) fn names() -> impl Iterator<Item = String> {
    Assets::iter().map(|name| name.into_owned())
}

/// Tells the assets of this program from those of another.
pub(crate) fn mark() -> String {
    let hashes: Vec<[u8; 32]> = Assets::iter()
        .filter_map(|name| Assets::get(&name))
        .map(|file| file.metadata.sha256_hash())
        .collect();
    hex::encode(&Sha256::digest(hashes.concat())[..8])
}
