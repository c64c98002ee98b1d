//! Style sheets, drawings and bundled scripts, built into the binary.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;
use sha2::{Digest, Sha256};

use crate::errors::PageError;

#[derive(Embed)]
#[folder = "assets/"]
struct Assets;

pub(crate) async fn serve(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, PageError> {
    let file = Assets::get(&path).ok_or(PageError::NotFound)?;
    let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..12]));
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let kind = file.metadata.mimetype().to_owned();
    let kind = if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind };
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=600".into()), (ETAG, etag)];
    Ok((headers, file.data.into_owned()).into_response())
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
