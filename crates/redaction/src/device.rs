//! Reads a page the way it is drawn: which character stands where, and whether all of it can be shown.

use std::time::{Duration, Instant};

use hayro::hayro_interpret::font::Glyph as Drawn;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::pattern::Pattern;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, GlyphDrawMode, Image, Paint, PathDrawMode, SoftMask,
};
use hayro::vello_cpu::kurbo::{Affine, BezPath, Rect, Shape};

use crate::page::Glyph;

/// How much one page may draw; a usual one has some thousand strokes and glyphs.
const MOST_STEPS: usize = 3_000_000;
/// How much text of a page is kept.
const MOST_GLYPHS: usize = 200_000;

/// A page of drawings within drawings takes long for each of its steps.
const TIME: Duration = Duration::from_secs(10);
/// How deep patterns lie within patterns.
const DEEPEST: u32 = 6;

/// Where a character begins and ends around its baseline when its outline does not say.
const ASCENT: f64 = 880.0;
const DESCENT: f64 = -120.0;

pub(crate) struct Reader {
    /// Points across and down.
    size: (f64, f64),
    pub(crate) glyphs: Vec<Glyph>,
    steps: usize,
    began: Instant,
    /// Characters that are drawn as an empty box.
    pub(crate) missing: usize,
    /// The strokes of a glyph that is itself a drawing.
    drawing: Option<Option<Rect>>,
    /// How many patterns and masks deep this is: what they show is no text of the page.
    inside: u32,
}

/// Thrown when a page draws more than it may: nothing else stops the one who reads it aloud.
pub(crate) struct TooMuch;

impl Reader {
    pub(crate) fn new(size: (f64, f64)) -> Reader {
        Reader {
            size,
            glyphs: Vec::new(),
            steps: 0,
            began: Instant::now(),
            missing: 0,
            drawing: None,
            inside: 0,
        }
    }

    fn step(&mut self) {
        self.steps += 1;
        if self.steps > MOST_STEPS || self.began.elapsed() > TIME {
            std::panic::resume_unwind(Box::new(TooMuch));
        }
    }

    /// Patterns and masks are drawn again each time they are used: they count like the page itself.
    fn within(&mut self, look: impl FnOnce(&mut Reader)) {
        if self.inside > DEEPEST {
            self.steps = MOST_STEPS;
        }
        self.step();
        self.inside += 1;
        look(self);
        self.inside -= 1;
    }

    fn paint(&mut self, paint: &Paint<'_>) {
        if let Paint::Pattern(pattern) = paint
            && let Pattern::Tiling(tile) = pattern.as_ref()
        {
            self.within(|reader| {
                tile.interpret(reader, Affine::IDENTITY, false);
            });
        }
    }

    fn mask(&mut self, mask: Option<SoftMask<'_>>) {
        if let Some(mask) = mask {
            self.within(|reader| mask.interpret(reader));
        }
    }

    fn put(&mut self, text: String, bounds: Rect, is_visible: bool) {
        let (width, height) = self.size;
        let page = Rect::new(0.0, 0.0, width, height);
        let bounds = bounds.intersect(page);
        if self.glyphs.len() >= MOST_GLYPHS || bounds.is_zero_area() {
            return;
        }
        let glyph = Glyph {
            text,
            left: bounds.x0 / width,
            top: bounds.y0 / height,
            right: bounds.x1 / width,
            bottom: bounds.y1 / height,
            is_visible,
        };
        // Bold by drawing twice is one character.
        if self.glyphs.last().is_some_and(|last| last.text == glyph.text && last.is_at(&glyph)) {
            return;
        }
        self.glyphs.push(glyph);
    }
}

impl<'a> Device<'a> for Reader {
    fn set_soft_mask(&mut self, mask: Option<SoftMask<'a>>) {
        self.mask(mask);
    }

    fn set_blend_mode(&mut self, _: BlendMode) {}

    fn draw_path(&mut self, path: &BezPath, transform: Affine, paint: &Paint<'a>, _: &PathDrawMode) {
        self.step();
        self.paint(paint);
        if let Some(bounds) = &mut self.drawing {
            let one = (transform * path.clone()).bounding_box();
            *bounds = Some(bounds.map_or(one, |all| all.union(one)));
        }
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.step();
    }

    fn push_transparency_group(&mut self, _: f32, mask: Option<SoftMask<'a>>, _: BlendMode) {
        self.step();
        self.mask(mask);
    }

    fn draw_glyph(
        &mut self,
        glyph: &Drawn<'a>,
        transform: Affine,
        glyph_transform: Affine,
        paint: &Paint<'a>,
        mode: &GlyphDrawMode,
    ) {
        self.step();
        self.paint(paint);
        if self.inside > 0 {
            return;
        }
        let text = match glyph.as_unicode() {
            Some(BfString::Char(one)) => one.to_string(),
            Some(BfString::String(more)) => more,
            None => String::new(),
        };
        let is_visible = !matches!(mode, GlyphDrawMode::Invisible);
        let bounds = match glyph {
            Drawn::Outline(outline) => {
                let drawn = outline.outline().bounding_box();
                let is_blank = text.chars().all(char::is_whitespace);
                if is_visible && outline.glyph_id().to_u32() == 0 && !is_blank {
                    self.missing += 1;
                }
                let width = outline.advance_width().map_or(drawn.x1, f64::from).max(1.0);
                let cell = Rect::new(0.0, DESCENT, width, ASCENT);
                let whole = if drawn.is_zero_area() { cell } else { cell.union(drawn) };
                (transform * glyph_transform).transform_rect_bbox(whole)
            }
            Drawn::Type3(drawing) => {
                self.drawing = Some(None);
                drawing.interpret(self, transform, glyph_transform, paint);
                match self.drawing.take().flatten() {
                    Some(bounds) => bounds,
                    None => return,
                }
            }
        };
        self.put(text, bounds, is_visible);
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: Affine) {
        self.step();
    }

    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
