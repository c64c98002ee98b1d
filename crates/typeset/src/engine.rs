//! Typst in our hands: no packages, no network, no clock, no files but the template and its data.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{LazyLock, OnceLock};

use serde_json::Value;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::layout::{Frame, FrameItem};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Features, Library, LibraryExt, World};
use typst_layout::PagedDocument;

use crate::document::Document;
use crate::fonts::Fonts;
use crate::{NotLaidOut, Template};

/// What all templates share: page, typefaces and tables by GB/T 9704.
const OFFICIAL: &str = include_str!("../templates/official.typ");

/// How many documents long a piece of layout is remembered that no document has used again.
const REMEMBERED: usize = 4;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    // Scopes of header cells in the tags.
    let features: Features = [Feature::A11yExtras].into_iter().collect();
    LazyHash::new(Library::builder().with_features(features).build())
});

static MAIN: LazyLock<FileId> = LazyLock::new(|| file("main.typ"));
static SHARED: LazyLock<FileId> = LazyLock::new(|| file("official.typ"));
static DATA: LazyLock<FileId> = LazyLock::new(|| file("data.json"));
static FACES: LazyLock<FileId> = LazyLock::new(|| file("faces.json"));

fn file(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the names above are paths");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// Lays out documents. The typefaces are found when the first one is, and what was laid out once is faster the next
/// time: keep one engine for the whole program.
#[derive(Debug)]
pub struct Engine {
    folders: Vec<PathBuf>,
    fonts: OnceLock<Fonts>,
}

impl Engine {
    /// With the built-in typeface and those of the folders and all folders below.
    pub fn new(folders: Vec<PathBuf>) -> Engine {
        Engine { folders, fonts: OnceLock::new() }
    }

    /// The template filled with the data. The same of both give the same pages.
    pub fn lay_out(&self, template: Template, data: &Value) -> Result<Document<'_>, NotLaidOut> {
        let fonts = self.fonts.get_or_init(|| Fonts::find(&self.folders));
        if fonts.is_empty() {
            return Err(NotLaidOut::NoTypeface);
        }
        let task = Task {
            fonts,
            main: Source::new(*MAIN, template.source.to_owned()),
            shared: Source::new(*SHARED, OFFICIAL.to_owned()),
            data: Bytes::from_string(data.to_string()),
            faces: Bytes::from_string(fonts.cast().to_string()),
        };
        let done = typst::compile::<PagedDocument>(&task);
        typst::comemo::evict(REMEMBERED);
        let paged = done.output.map_err(|errors| NotLaidOut::Defect(in_one_line(&errors)))?;
        let mut missing = BTreeSet::new();
        for page in paged.pages() {
            find_missing(&page.frame, &mut missing);
        }
        if !missing.is_empty() {
            return Err(NotLaidOut::MissingGlyphs(missing.into_iter().collect()));
        }
        Ok(Document::new(paged, fonts))
    }
}

pub(crate) fn in_one_line(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}

/// The characters that are shown as an empty box, wherever they stand.
fn find_missing(frame: &Frame, missing: &mut BTreeSet<char>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => find_missing(&group.frame, missing),
            FrameItem::Text(text) => {
                let boxes = text.glyphs.iter().filter(|glyph| glyph.id == 0);
                missing.extend(boxes.flat_map(|glyph| text.text[glyph.range()].chars()));
            }
            _ => {}
        }
    }
}

/// One document being laid out.
struct Task<'a> {
    fonts: &'a Fonts,
    main: Source,
    shared: Source,
    data: Bytes,
    faces: Bytes,
}

impl World for Task<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        *MAIN
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == *MAIN {
            Ok(self.main.clone())
        } else if id == *SHARED {
            Ok(self.shared.clone())
        } else {
            Err(FileError::NotSource)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == *DATA {
            Ok(self.data.clone())
        } else if id == *FACES {
            Ok(self.faces.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        // A date on paper is data.
        None
    }
}
