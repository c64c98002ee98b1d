use std::sync::LazyLock;

use jiff::civil::Date;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::engine::in_one_line;
use crate::fonts::Fonts;
use crate::{NotLaidOut, ofd};

/// For keeping (archives) and for reading aloud (screen readers): what is missing for either is an error.
static STANDARDS: LazyLock<Option<PdfStandards>> =
    LazyLock::new(|| PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]).ok());

/// A laid out document.
pub struct Document<'a> {
    paged: PagedDocument,
    fonts: &'a Fonts,
}

impl<'a> Document<'a> {
    pub(crate) fn new(paged: PagedDocument, fonts: &'a Fonts) -> Document<'a> {
        Document { paged, fonts }
    }

    pub fn pages(&self) -> usize {
        self.paged.pages().len()
    }

    /// As PDF/A-2a and PDF/UA-1. The day stands in the file as the day it was made, which the first standard wants.
    pub fn pdf(&self, made_on: Date) -> Result<Vec<u8>, NotLaidOut> {
        let standards =
            STANDARDS.clone().ok_or_else(|| NotLaidOut::Defect("PDF/A-2a + PDF/UA-1".to_owned()))?;
        let [month, day] = [made_on.month(), made_on.day()].map(i8::unsigned_abs);
        let midnight = Datetime::from_ymd_hms(made_on.year().into(), month, day, 0, 0, 0);
        let options = PdfOptions {
            ident: Smart::Auto,
            creator: Smart::Custom(Some("Gongkai".to_owned())),
            // China, all year.
            timestamp: midnight.and_then(|midnight| Timestamp::new_local(midnight, 8 * 60)),
            standards,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&self.paged, &options).map_err(|errors| NotLaidOut::Defect(in_one_line(&errors)))
    }

    /// As OFD (GB/T 33190-2016). Experimental: tried with one reader, not with those the offices use.
    pub fn ofd(&self, made_on: Date) -> Result<Vec<u8>, NotLaidOut> {
        ofd::write(&self.paged, self.fonts, made_on).map_err(|error| NotLaidOut::Defect(error.to_string()))
    }
}
