//! Typefaces: the one that is built in, and those of the office's own folders.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Value, json};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo, FontWeight};
use typst::utils::LazyHash;

/// A part that a typeface plays in an official document, by GB/T 9704-2012.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// 方正小标宋 for titles.
    Title,
    /// 黑体 for headings of the first level.
    Heading,
    /// 楷体 for headings of the second level.
    Subheading,
    /// 仿宋 for the text.
    Body,
    /// 宋体 for tables and page numbers.
    Table,
}

impl Role {
    const ALL: [Role; 5] = [Role::Title, Role::Heading, Role::Subheading, Role::Body, Role::Table];

    /// The name templates use.
    fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Heading => "heading",
            Self::Subheading => "subheading",
            Self::Body => "body",
            Self::Table => "table",
        }
    }

    /// The families that play it, the best first: the name within the file, and the name people and OFD readers
    /// know it by.
    fn families(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Title => &[
                ("FZXiaoBiaoSong-B05S", "方正小标宋简体"),
                ("方正小标宋简体", "方正小标宋简体"),
                ("FZXiaoBiaoSong-B05", "方正小标宋_GBK"),
                ("方正小标宋_GBK", "方正小标宋_GBK"),
            ],
            Self::Heading => &[
                ("SimHei", "黑体"),
                ("黑体", "黑体"),
                ("STHeiti", "华文黑体"),
                ("FandolHei", "FandolHei"),
                ("Noto Sans SC", "Noto Sans SC"),
                ("Noto Sans CJK SC", "Noto Sans CJK SC"),
            ],
            Self::Subheading => &[
                ("KaiTi_GB2312", "楷体_GB2312"),
                ("楷体_GB2312", "楷体_GB2312"),
                ("KaiTi", "楷体"),
                ("楷体", "楷体"),
                ("STKaiti", "华文楷体"),
                ("FandolKai", "FandolKai"),
                ("LXGW WenKai", "LXGW WenKai"),
            ],
            Self::Body => &[
                ("FangSong_GB2312", "仿宋_GB2312"),
                ("仿宋_GB2312", "仿宋_GB2312"),
                ("FangSong", "仿宋"),
                ("仿宋", "仿宋"),
                ("STFangsong", "华文仿宋"),
                ("FandolFang R", "FandolFang"),
                ("FandolFang", "FandolFang"),
            ],
            Self::Table => {
                &[("SimSun", "宋体"), ("宋体", "宋体"), ("STSong", "华文宋体"), ("FandolSong", "FandolSong")]
            }
        }
    }

    /// Titles and headings stand out by weight where their typeface is missing.
    fn is_bold_when_stood_in_for(self) -> bool {
        matches!(self, Self::Title | Self::Heading)
    }
}

/// Any Chinese typeface can print these.
const COMMON: &str = "政府信息公开〔〕、0";

/// What stands in where a typeface is missing: the built-in one, and what resembles it.
const STAND_INS: [&str; 4] = ["Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun"];

/// Files that are no typeface, whatever they are called, are not read into memory.
const LARGEST: u64 = 256 * 1024 * 1024;

/// All faces there are, in an order that does not depend on the disk.
#[derive(Debug)]
pub(crate) struct Fonts {
    book: LazyHash<FontBook>,
    faces: Vec<Face>,
    /// Which families play which part, for templates.
    cast: Value,
    /// The family that stands in where one is missing.
    stand_in: Option<String>,
}

#[derive(Debug)]
struct Face {
    source: Source,
    font: OnceLock<Option<Font>>,
}

#[derive(Debug)]
enum Source {
    BuiltIn(Bytes),
    File(PathBuf, u32),
}

impl Fonts {
    /// The built-in faces and those of the folders and all folders below.
    pub(crate) fn find(folders: &[PathBuf]) -> Fonts {
        let mut fonts = Found::default();
        for data in built_in() {
            for info in FontInfo::iter(&data) {
                fonts.add(Source::BuiltIn(data.clone()), info);
            }
        }
        for folder in folders {
            fonts.add_folder(folder);
        }
        let book = FontBook::from_infos(fonts.infos);
        let stand_in = stand_in(&book);
        Fonts {
            cast: cast(&book, stand_in.as_deref()),
            book: LazyHash::new(book),
            faces: fonts.faces,
            stand_in,
        }
    }

    /// Whether there is any face for Chinese text.
    pub(crate) fn is_empty(&self) -> bool {
        self.stand_in.is_none()
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    /// Loaded when it is first used.
    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        let face = self.faces.get(index)?;
        let load = || match &face.source {
            Source::BuiltIn(data) => Font::new(data.clone(), 0),
            Source::File(path, index) => Font::new(Bytes::new(std::fs::read(path).ok()?), *index),
        };
        face.font.get_or_init(load).clone()
    }

    /// For templates: `{"body": {"families": […], "bold": false}, …}`.
    pub(crate) fn cast(&self) -> &Value {
        &self.cast
    }

    /// What an OFD reader is told to use for a face, and whether in bold. What stands in here is called by the name of what it
    /// resembles, since every office has that.
    pub(crate) fn known_as(&self, info: &FontInfo) -> (String, bool) {
        let is_bold = info.variant.weight >= FontWeight::BOLD;
        if self.stand_in.as_deref() == Some(&info.family) {
            return if is_bold { ("黑体".to_owned(), false) } else { ("宋体".to_owned(), false) };
        }
        let mut known = Role::ALL.into_iter().flat_map(Role::families);
        let name =
            known.find(|(family, _)| *family == info.family).map_or(info.family.as_str(), |(_, name)| name);
        (name.to_owned(), is_bold)
    }
}

pub(crate) fn built_in_typeface() -> Option<Vec<u8>> {
    built_in().into_iter().next().map(|data| data.to_vec()).filter(|data| !data.is_empty())
}

// `fn built_in() -> Vec<Bytes>`, as the build found them.
include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

#[derive(Default)]
struct Found {
    faces: Vec<Face>,
    infos: Vec<FontInfo>,
}

impl Found {
    fn add(&mut self, source: Source, info: FontInfo) {
        self.faces.push(Face { source, font: OnceLock::new() });
        self.infos.push(info);
    }

    fn add_folder(&mut self, folder: &Path) {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for path in entries {
            let Ok(file) = std::fs::symlink_metadata(&path) else { continue };
            if file.is_dir() {
                self.add_folder(&path);
            } else if is_typeface(&path) && std::fs::metadata(&path).is_ok_and(|file| file.len() <= LARGEST) {
                let Ok(data) = std::fs::read(&path) else { continue };
                for (index, info) in (0..).zip(FontInfo::iter(&data)) {
                    self.add(Source::File(path.clone(), index), info);
                }
            }
        }
    }
}

fn is_typeface(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| ["ttf", "otf", "ttc", "otc"].contains(&ending.as_str()))
}

/// The built-in family or its like when it is there; else the first one by name that can print Chinese.
fn stand_in(book: &FontBook) -> Option<String> {
    let prints = |family: &&str| {
        let mut faces = book.select_family(&family.to_lowercase()).filter_map(|index| book.info(index));
        faces.any(|face| COMMON.chars().all(|c| face.coverage.contains(c.into())))
    };
    let others = book.families().map(|(family, _)| family);
    STAND_INS.into_iter().chain(others).find(prints).map(str::to_owned)
}

fn cast(book: &FontBook, stand_in: Option<&str>) -> Value {
    let part = |role: Role| {
        let known = role.families().iter().map(|(family, _)| *family);
        let own = known.into_iter().find(|family| book.contains_family(&family.to_lowercase()));
        let families: Vec<&str> = own.into_iter().chain(stand_in).collect();
        let bold = own.is_none() && role.is_bold_when_stood_in_for();
        (role.name().to_owned(), json!({ "families": families, "bold": bold }))
    };
    Value::Object(Role::ALL.into_iter().map(part).collect())
}
