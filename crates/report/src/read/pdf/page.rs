//! What a page draws: characters with their places, and the lines that frame its tables.

use std::collections::HashMap;
use std::rc::Rc;

use lopdf::{Dictionary, Document, Object, Stream};

use super::content::{Operand, Tokens};
use super::font::Font;

/// Far above any page of a report.
const LARGEST_CONTENT: usize = 8 * 1024 * 1024;
const MOST_GLYPHS: usize = 60_000;
const MOST_RULES: usize = 40_000;
/// Forms within forms.
const DEPTH: usize = 6;
/// A drawn rectangle thinner than this, in points, is a line.
const THIN: f64 = 3.0;
/// The side of a square, in points, in which characters are looked for that were drawn before.
const SQUARE: f64 = 8.0;
/// Characters looked through in one square: tiny print has some fifty.
const CROWD: usize = 200;

#[derive(Debug, Clone)]
pub(super) struct Glyph {
    pub(super) text: String,
    pub(super) left: f64,
    pub(super) right: f64,
    /// The base line, upwards.
    pub(super) base: f64,
    pub(super) size: f64,
}

impl Glyph {
    pub(super) fn centre(&self) -> (f64, f64) {
        ((self.left + self.right) / 2.0, self.base + self.size * 0.35)
    }
}

/// A horizontal or vertical line of a frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub(super) x: (f64, f64),
    pub(super) y: (f64, f64),
}

impl Rule {
    pub(super) fn is_horizontal(&self) -> bool {
        self.x.1 - self.x.0 >= self.y.1 - self.y.0
    }
}

#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rules: Vec<Rule>,
    /// Something is drawn that is no text: on a page without characters, a scan.
    pub(super) has_pictures: bool,
}

/// What a whole document may still cost. A form can be drawn and a map of characters named any number of times, so
/// the work is counted where it is done, not where it is written.
#[derive(Debug)]
pub(super) struct Budget {
    /// Bytes unpacked: the contents of pages and forms, the maps of fonts.
    pub(super) bytes: usize,
    /// Operators, and codes of fonts.
    pub(super) steps: usize,
    pub(super) glyphs: usize,
    pub(super) rules: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: 64 * 1024 * 1024, steps: 4_000_000, glyphs: 1_000_000, rules: 200_000 }
    }
}

impl Budget {
    pub(super) fn is_spent(&self) -> bool {
        [self.bytes, self.steps, self.glyphs, self.rules].contains(&0)
    }

    /// A stream as it was before packing. One that cannot be unpacked is empty; one beyond the budget spends it.
    pub(super) fn content(&mut self, stream: &Stream, most: usize) -> Option<Vec<u8>> {
        let most = most.min(self.bytes);
        match stream.get_plain_content_with_limit(most) {
            Ok(content) => {
                // What cannot be unpacked costs as well.
                self.bytes = self.bytes.saturating_sub(content.len().max(stream.content.len()));
                Some(content)
            }
            Err(_) => {
                self.bytes = self.bytes.saturating_sub(most / 8 + stream.content.len());
                None
            }
        }
    }
}

/// The fonts of a document, and what it has cost so far.
#[derive(Debug, Default)]
pub(super) struct Fonts {
    known: HashMap<lopdf::ObjectId, Rc<Font>>,
    pub(super) budget: Budget,
}

type Matrix = [f64; 6];

fn times(a: &Matrix, b: &Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

fn at(m: &Matrix, x: f64, y: f64) -> (f64, f64) {
    (x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5])
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    character_space: f64,
    word_space: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

struct Painter<'a> {
    document: &'a Document,
    fonts: &'a mut Fonts,
    page: Page,
    /// The characters by the square of the page they stand in.
    squares: HashMap<(i64, i64), Vec<u32>>,
    /// The forms that are being drawn, each within the one before.
    drawing: Vec<lopdf::ObjectId>,
}

pub(super) fn read(document: &Document, id: lopdf::ObjectId, fonts: &mut Fonts) -> Page {
    let mut painter =
        Painter { document, fonts, page: Page::default(), squares: HashMap::new(), drawing: Vec::new() };
    let most = LARGEST_CONTENT.min(painter.fonts.budget.bytes);
    let Ok(content) = document.get_page_content_with_limit(id, most) else {
        painter.fonts.budget.bytes = 0;
        return painter.page;
    };
    painter.fonts.budget.bytes = painter.fonts.budget.bytes.saturating_sub(content.len());
    let resources = inherited(document, id, b"Resources");
    let resources = resources.and_then(|object| object.as_dict().ok().cloned()).unwrap_or_default();
    let turn = inherited(document, id, b"Rotate").and_then(|turn| turn.as_float().ok()).unwrap_or(0.0);
    let matrix = match (turn as i64).rem_euclid(360) {
        90 => [0.0, -1.0, 1.0, 0.0, 0.0, 0.0],
        180 => [-1.0, 0.0, 0.0, -1.0, 0.0, 0.0],
        270 => [0.0, 1.0, -1.0, 0.0, 0.0, 0.0],
        _ => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
    };
    let state = State {
        matrix,
        font: None,
        size: 1.0,
        character_space: 0.0,
        word_space: 0.0,
        stretch: 1.0,
        leading: 0.0,
        rise: 0.0,
    };
    painter.draw(&content, &resources, state);
    painter.page
}

/// An entry of the page or, if it has none, of the nearest node above it.
fn inherited(document: &Document, page: lopdf::ObjectId, key: &[u8]) -> Option<Object> {
    let mut node = document.get_dictionary(page).ok()?;
    for _ in 0..16 {
        if let Ok(found) = node.get_deref(key, document) {
            return Some(found.clone());
        }
        node = node.get_deref(b"Parent", document).ok()?.as_dict().ok()?;
    }
    None
}

impl Painter<'_> {
    fn draw(&mut self, content: &[u8], resources: &Dictionary, mut state: State) {
        let mut tokens = Tokens::new(content);
        let mut operands: Vec<Operand> = Vec::new();
        let mut saved: Vec<State> = Vec::new();
        let identity = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        let (mut text, mut line) = (identity, identity);
        let mut path: Vec<Rule> = Vec::new();
        let mut pen = (0.0, 0.0);
        let mut start = pen;
        let mut named: HashMap<String, Option<Rc<Font>>> = HashMap::new();
        while let Some(operator) = tokens.operator(&mut operands) {
            let budget = &mut self.fonts.budget;
            budget.steps = budget.steps.saturating_sub(1 + operands.len() / 8);
            if budget.is_spent() || self.page.glyphs.len() > MOST_GLYPHS || self.page.rules.len() > MOST_RULES
            {
                return;
            }
            let number = |index: usize| operands.get(index).and_then(Operand::number).unwrap_or(0.0);
            let matrix = || [number(0), number(1), number(2), number(3), number(4), number(5)];
            match operator {
                b"q" if saved.len() < 200 => saved.push(state.clone()),
                b"Q" => {
                    if let Some(before) = saved.pop() {
                        state = before;
                    }
                }
                b"cm" => state.matrix = times(&matrix(), &state.matrix),
                b"BT" => (text, line) = (identity, identity),
                b"Tf" => {
                    if let Some(Operand::Name(name)) = operands.first() {
                        state.font = match named.get(name) {
                            Some(known) => known.clone(),
                            None => named.entry(name.clone()).or_insert(self.font(resources, name)).clone(),
                        };
                    }
                    state.size = number(1);
                }
                b"Tc" => state.character_space = number(0),
                b"Tw" => state.word_space = number(0),
                b"Tz" => state.stretch = number(0) / 100.0,
                b"TL" => state.leading = number(0),
                b"Ts" => state.rise = number(0),
                b"Td" | b"TD" => {
                    if operator == b"TD" {
                        state.leading = -number(1);
                    }
                    line = times(&[1.0, 0.0, 0.0, 1.0, number(0), number(1)], &line);
                    text = line;
                }
                b"Tm" => {
                    line = matrix();
                    text = line;
                }
                b"T*" | b"'" | b"\"" => {
                    if operator == b"\"" {
                        state.word_space = number(0);
                        state.character_space = number(1);
                    }
                    line = times(&[1.0, 0.0, 0.0, 1.0, 0.0, -state.leading], &line);
                    text = line;
                    if let Some(Operand::Text(bytes)) = operands.last() {
                        self.show(bytes, &state, &mut text);
                    }
                }
                b"Tj" => {
                    if let Some(Operand::Text(bytes)) = operands.first() {
                        self.show(bytes, &state, &mut text);
                    }
                }
                b"TJ" => {
                    for item in operands.iter().flat_map(|operand| match operand {
                        Operand::Array(items) => &items[..],
                        _ => &[],
                    }) {
                        match item {
                            Operand::Text(bytes) => self.show(bytes, &state, &mut text),
                            Operand::Number(back) => {
                                let shift = -back / 1000.0 * state.size;
                                let vertical = state.font.as_ref().is_some_and(|font| font.vertical);
                                let by = if vertical { (0.0, shift) } else { (shift * state.stretch, 0.0) };
                                text = times(&[1.0, 0.0, 0.0, 1.0, by.0, by.1], &text);
                            }
                            _ => {}
                        }
                    }
                }
                b"m" => {
                    pen = (number(0), number(1));
                    start = pen;
                }
                b"l" => {
                    let to = (number(0), number(1));
                    path.extend(rule(&state.matrix, pen, to));
                    pen = to;
                }
                b"h" => {
                    path.extend(rule(&state.matrix, pen, start));
                    pen = start;
                }
                b"c" => pen = (number(4), number(5)),
                b"v" | b"y" => pen = (number(2), number(3)),
                b"re" => {
                    let (x, y, w, h) = (number(0), number(1), number(2), number(3));
                    let corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)];
                    for index in 0..4 {
                        path.extend(rule(&state.matrix, corners[index], corners[(index + 1) % 4]));
                    }
                    (pen, start) = ((x, y), (x, y));
                }
                b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*" => {
                    self.fonts.budget.rules = self.fonts.budget.rules.saturating_sub(path.len());
                    self.page.rules.append(&mut path);
                }
                b"f" | b"F" | b"f*" => self.fill(&mut path),
                b"n" => path.clear(),
                b"sh" | b"BI" => self.page.has_pictures = true,
                b"Do" => {
                    if let Some(Operand::Name(name)) = operands.first() {
                        self.form(resources, name, &state);
                    }
                }
                _ => {}
            }
            if path.len() > MOST_RULES {
                self.fonts.budget.rules = 0;
            }
        }
    }

    /// Of filled shapes only thin bars are lines; a shaded cell is not framed by its edges.
    fn fill(&mut self, path: &mut Vec<Rule>) {
        self.fonts.budget.rules = self.fonts.budget.rules.saturating_sub(path.len() / 4);
        for sides in path.chunks(4) {
            let left = sides.iter().map(|side| side.x.0).fold(f64::MAX, f64::min);
            let right = sides.iter().map(|side| side.x.1).fold(f64::MIN, f64::max);
            let bottom = sides.iter().map(|side| side.y.0).fold(f64::MAX, f64::min);
            let top = sides.iter().map(|side| side.y.1).fold(f64::MIN, f64::max);
            let (width, height) = (right - left, top - bottom);
            if height <= THIN && width > height {
                let middle = (bottom + top) / 2.0;
                self.page.rules.push(Rule { x: (left, right), y: (middle, middle) });
            } else if width <= THIN && height > width {
                let middle = (left + right) / 2.0;
                self.page.rules.push(Rule { x: (middle, middle), y: (bottom, top) });
            }
        }
        path.clear();
    }

    fn form(&mut self, resources: &Dictionary, name: &str, state: &State) {
        let objects = resources.get_deref(b"XObject", self.document).and_then(Object::as_dict);
        let named = objects.and_then(|all| all.get(name.as_bytes()));
        let Ok((Some(id), Object::Stream(form))) = named.and_then(|entry| self.document.dereference(entry))
        else {
            return;
        };
        let is_form = form
            .dict
            .get_deref(b"Subtype", self.document)
            .is_ok_and(|kind| kind.as_name().is_ok_and(|kind| kind == b"Form"));
        if !is_form {
            self.page.has_pictures = true;
            return;
        }
        // A form that draws itself many times over would be drawn that many times more at each depth.
        if self.drawing.len() >= DEPTH || self.drawing.contains(&id) {
            return;
        }
        let Some(content) = self.fonts.budget.content(form, LARGEST_CONTENT) else { return };
        let own = form.dict.get_deref(b"Resources", self.document).and_then(Object::as_dict);
        let own = own.unwrap_or(resources).clone();
        let mut inside = state.clone();
        if let Ok(Object::Array(values)) = form.dict.get_deref(b"Matrix", self.document) {
            let values: Vec<f64> =
                values.iter().map(|value| value.as_float().map_or(0.0, f64::from)).collect();
            if let Ok(matrix) = Matrix::try_from(values) {
                inside.matrix = times(&matrix, &inside.matrix);
            }
        }
        self.drawing.push(id);
        self.draw(&content, &own, inside);
        self.drawing.pop();
    }

    fn font(&mut self, resources: &Dictionary, name: &str) -> Option<Rc<Font>> {
        let fonts = resources.get_deref(b"Font", self.document).ok()?.as_dict().ok()?;
        let entry = fonts.get(name.as_bytes()).ok()?;
        let (id, object) = self.document.dereference(entry).ok()?;
        let dictionary = object.as_dict().ok()?;
        match id {
            Some(id) => {
                if let Some(known) = self.fonts.known.get(&id) {
                    return Some(known.clone());
                }
                let font = Rc::new(Font::of(self.document, dictionary, &mut self.fonts.budget));
                self.fonts.known.insert(id, font.clone());
                Some(font)
            }
            None => Some(Rc::new(Font::of(self.document, dictionary, &mut self.fonts.budget))),
        }
    }

    fn show(&mut self, bytes: &[u8], state: &State, text: &mut Matrix) {
        let Some(font) = state.font.clone() else { return };
        for code in font.codes(bytes) {
            let budget = &mut self.fonts.budget;
            budget.glyphs = budget.glyphs.saturating_sub(1);
            if budget.glyphs == 0 {
                return;
            }
            let place = times(text, &state.matrix);
            let size = state.size * place[2].hypot(place[3]);
            let wide = code.width * state.size * state.stretch;
            let (left, right, base) = if font.vertical {
                // The origin is the middle of the top edge.
                let (x, y) = at(&place, 0.0, 0.0);
                (x - size / 2.0, x + size / 2.0, y - size * 0.88)
            } else {
                let (x, y) = at(&place, 0.0, state.rise);
                (x, at(&place, wide, state.rise).0, y)
            };
            if font.vertical {
                let down = -state.size + state.character_space;
                *text = times(&[1.0, 0.0, 0.0, 1.0, 0.0, down], text);
            } else {
                let space = if code.is_space { state.word_space } else { 0.0 };
                let step = wide + (state.character_space + space) * state.stretch;
                *text = times(&[1.0, 0.0, 0.0, 1.0, step, 0.0], text);
            }
            self.glyph(Glyph {
                text: code.text,
                left: left.min(right),
                right: left.max(right),
                base,
                size: size.abs(),
            });
        }
    }

    fn glyph(&mut self, glyph: Glyph) {
        let sound = [glyph.left, glyph.right, glyph.base, glyph.size].iter().all(|value| value.abs() < 1e6);
        if !sound || glyph.text.is_empty() || self.page.glyphs.len() > MOST_GLYPHS {
            return;
        }
        if glyph.text.trim().is_empty() {
            // Blanks are told by the gap they leave.
            return;
        }
        let (x, y) = ((glyph.left / SQUARE) as i64, (glyph.base / SQUARE) as i64);
        if self.is_drawn(&glyph, (x, y)) {
            return;
        }
        let square = self.squares.entry((x, y)).or_default();
        if square.len() < CROWD {
            square.push(self.page.glyphs.len() as u32);
        }
        self.page.glyphs.push(glyph);
    }

    /// Bold by drawing twice, a little apart: once is enough.
    fn is_drawn(&self, glyph: &Glyph, (x, y): (i64, i64)) -> bool {
        let near = (glyph.size * 0.25).min(SQUARE);
        (x - 1..=x + 1).any(|x| {
            (y - 1..=y + 1).any(|y| {
                self.squares.get(&(x, y)).into_iter().flatten().any(|&other| {
                    let other = &self.page.glyphs[other as usize];
                    (other.left - glyph.left).abs() < near
                        && (other.base - glyph.base).abs() < near
                        && other.text == glyph.text
                })
            })
        })
    }
}

/// A level or upright stroke, as it stands on the page.
fn rule(matrix: &Matrix, from: (f64, f64), to: (f64, f64)) -> Option<Rule> {
    let (a, b) = (at(matrix, from.0, from.1), at(matrix, to.0, to.1));
    let x = (a.0.min(b.0), a.0.max(b.0));
    let y = (a.1.min(b.1), a.1.max(b.1));
    let straight = x.1 - x.0 < 1.0 || y.1 - y.0 < 1.0;
    let sound = [x.0, x.1, y.0, y.1].iter().all(|value| value.abs() < 1e6);
    (straight && sound).then_some(Rule { x, y })
}
