//! Office files as archives of parts.

use std::collections::HashSet;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::xml::{self, Rewriting};
use super::{BROKEN, Stuck};

/// All parts unpacked; a small archive can unpack to a giant.
const UNPACKED: u64 = 256 * 1024 * 1024;

/// The parts in the order of the archive.
pub(super) struct Package {
    pub(super) parts: Vec<(String, Vec<u8>)>,
}

impl Package {
    pub(super) fn open(bytes: &[u8]) -> Result<Package, Stuck> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
        let mut left = UNPACKED;
        let mut parts = Vec::with_capacity(archive.len());
        for index in 0..archive.len() {
            let mut part = archive.by_index(index).map_err(|_| BROKEN)?;
            if part.is_dir() {
                continue;
            }
            let name = part.name().map_err(|_| BROKEN)?.replace('\\', "/");
            let mut content = Vec::new();
            let read = part.by_ref().take(left + 1).read_to_end(&mut content).map_err(|_| BROKEN)?;
            left = left
                .checked_sub(read as u64)
                .ok_or(Stuck("文件解压后过大，无法去除隐藏信息。请拆分后再上传"))?;
            parts.push((name, content));
        }
        Ok(Package { parts })
    }

    /// The archive again: the same parts give the same bytes.
    pub(super) fn write(&self) -> Result<Vec<u8>, Stuck> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default());
        for (name, content) in &self.parts {
            writer.start_file(name.as_str(), options).map_err(|_| BROKEN)?;
            writer.write_all(content).map_err(|_| BROKEN)?;
        }
        Ok(writer.finish().map_err(|_| BROKEN)?.into_inner())
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let (_, content) = self.parts.iter().find(|(known, _)| known == name)?;
        std::str::from_utf8(content).ok()
    }

    /// Puts other text into a part.
    pub(super) fn put(&mut self, name: &str, text: String) {
        if let Some((_, content)) = self.parts.iter_mut().find(|(known, _)| known == name) {
            *content = text.into_bytes();
        }
    }

    /// Rewrites every part of these names.
    pub(super) fn rewrite(
        &mut self,
        is_wanted: impl Fn(&str) -> bool,
        mut rule: impl FnMut(&xml::Tag<'_>) -> Rewriting,
    ) -> Result<(), Stuck> {
        for (name, content) in &mut self.parts {
            if is_wanted(name) {
                let text = std::str::from_utf8(content).map_err(|_| BROKEN)?;
                *content = xml::rewrite(text, &mut rule)?.into_bytes();
            }
        }
        Ok(())
    }

    /// Takes parts out, with the relations that lead to them and their entries in the list of contents. Says how
    /// many there were.
    pub(super) fn remove(&mut self, is_gone: impl Fn(&str) -> bool) -> Result<usize, Stuck> {
        let gone: HashSet<String> =
            self.parts.iter().map(|(name, _)| name).filter(|name| is_gone(name)).cloned().collect();
        if gone.is_empty() {
            return Ok(0);
        }
        let relations_of = |name: &str| match name.rsplit_once('/') {
            Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
            None => format!("_rels/{name}.rels"),
        };
        let with_relations: HashSet<String> = gone.iter().map(|name| relations_of(name)).collect();
        self.parts.retain(|(name, _)| !gone.contains(name) && !with_relations.contains(name));
        for (name, content) in &mut self.parts {
            if name == "[Content_Types].xml" {
                let text = std::str::from_utf8(content).map_err(|_| BROKEN)?;
                *content = xml::rewrite(text, &mut |tag: &xml::Tag<'_>| {
                    let part = tag.attribute("PartName").unwrap_or_default();
                    match tag.name == "Override" && gone.contains(part.trim_start_matches('/')) {
                        true => Rewriting::Drop,
                        false => Rewriting::Keep,
                    }
                })?
                .into_bytes();
            } else if name.ends_with(".rels") {
                let base = name.rsplit_once("_rels/").map_or("", |(base, _)| base).to_owned();
                let text = std::str::from_utf8(content).map_err(|_| BROKEN)?;
                *content = xml::rewrite(text, &mut |tag: &xml::Tag<'_>| {
                    let target = tag.attribute("Target").unwrap_or_default();
                    match tag.name == "Relationship" && gone.contains(&resolved(&base, &target)) {
                        true => Rewriting::Drop,
                        false => Rewriting::Keep,
                    }
                })?
                .into_bytes();
            }
        }
        Ok(gone.len())
    }
}

/// Where a relation of a part in the folder `base` leads.
pub(super) fn resolved(base: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => {
                path.pop();
            }
            "." | "" => {}
            part => path.push(part),
        }
    }
    path.join("/")
}
