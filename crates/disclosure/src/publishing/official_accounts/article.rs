//! 图文稿 — an entry as an article for another platform, and as a file for those without an account.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::db::Conn;
use crate::files::FileStore;
use crate::publishing::public;

/// A picture of the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    pub sha256: String,
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

impl Picture {
    /// Under which the text shows it here.
    pub fn address(&self) -> String {
        format!("/pictures/{}", self.sha256)
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} bytes)", self.name, self.bytes.len())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    pub title: String,
    pub agency_code: String,
    pub agency_name: String,
    pub summary: String,
    /// Clean; its pictures stand under [`Picture::address`].
    pub body_html: String,
    /// Where the entry stands on the portal, as the outside calls it; empty when that is not known.
    pub address: String,
    pub pictures: Vec<Picture>,
}

/// What the public reads now, as an article; `None` when it is not public.
pub async fn of_entry(
    conn: &mut Conn,
    files: &FileStore,
    entry_id: &str,
    portal: &str,
) -> anyhow::Result<Option<Article>> {
    let Some(entry) = public::by_id(conn, entry_id).await? else { return Ok(None) };
    let shown = super::super::body::pictures(&entry.body_html);
    let attachments = public::attachments(conn, &entry.id).await?;
    let mut pictures = Vec::new();
    for hash in shown {
        let Some(file) = attachments.iter().find(|file| file.file_sha256 == hash) else { continue };
        pictures.push(Picture {
            bytes: files.bytes(&hash).await?,
            name: format!("{}.{}", &hash[..12.min(hash.len())], ending(&file.media_type)),
            media_type: file.media_type.clone(),
            sha256: hash,
        });
    }
    let address =
        if portal.is_empty() { String::new() } else { format!("{portal}/entries/{}", entry.index_number) };
    let body_html = match portal {
        "" => entry.body_html,
        portal => entry.body_html.replace("href=\"/", &format!("href=\"{portal}/")),
    };
    Ok(Some(Article {
        title: entry.title,
        agency_code: entry.agency_code,
        agency_name: entry.agency_name,
        summary: entry.summary,
        body_html,
        address,
        pictures,
    }))
}

fn ending(media_type: &str) -> &'static str {
    if media_type == "image/png" { "png" } else { "jpg" }
}

/// The article as one file: a page that opens anywhere, its pictures beside it, and the words to paste.
pub fn archive(article: &Article) -> anyhow::Result<Vec<u8>> {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut body = article.body_html.clone();
    for picture in &article.pictures {
        body = body.replace(&picture.address(), &format!("图片/{}", picture.name));
    }
    let title = escaped(&article.title);
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<h1>{title}</h1>\n{body}\n</html>\n"
    );
    let words = format!(
        "标题：{}\n摘要：{}\n作者：{}\n原文：{}\n",
        article.title, article.summary, article.agency_name, article.address
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // The same article gives the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    let mut put = |name: &str, bytes: &[u8]| -> anyhow::Result<()> {
        zip.start_file(name, options)?;
        Ok(zip.write_all(bytes)?)
    };
    put("图文.html", page.as_bytes())?;
    put("说明.txt", words.as_bytes())?;
    for picture in &article.pictures {
        put(&format!("图片/{}", picture.name), &picture.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
