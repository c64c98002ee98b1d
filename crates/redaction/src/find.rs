//! Words looked up on the pages, and what stands below the areas.

use crate::page::{Glyph, PageText};
use crate::{Area, WHOLE};

/// A little more than the character itself, so that no stroke stands out.
const MARGIN: f64 = 0.06;
/// Shorter runs of covered text say nothing: they stand everywhere.
const SHORTEST: usize = 2;

/// Characters of a page without blanks, each with the glyph it is of. Full-width forms are the same as the plain ones.
fn characters(page: &PageText) -> Vec<(char, usize)> {
    let glyphs = page.glyphs.iter().enumerate();
    glyphs.flat_map(|(at, glyph)| folded(&glyph.text).map(move |one| (one, at))).collect()
}

fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| {
        let plain = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            _ => c,
        };
        plain.to_ascii_uppercase()
    })
}

/// The places where the words stand, one area for each line they are on.
pub fn find(pages: &[PageText], words: &str) -> Vec<Area> {
    let wanted: Vec<char> = folded(words).collect();
    let mut areas = Vec::new();
    if wanted.is_empty() {
        return areas;
    }
    for (index, page) in pages.iter().enumerate() {
        let text = characters(page);
        let mut at = 0;
        while at + wanted.len() <= text.len() {
            let here = &text[at..at + wanted.len()];
            if here.iter().map(|(one, _)| one).ne(&wanted) {
                at += 1;
                continue;
            }
            let glyphs = here.iter().map(|(_, glyph)| &page.glyphs[*glyph]);
            areas.extend(lines(glyphs).into_iter().map(|around| area(index as u32 + 1, around)));
            at += wanted.len();
        }
    }
    areas
}

/// Left, top, right, bottom of the glyphs, line by line.
fn lines<'a>(glyphs: impl Iterator<Item = &'a Glyph>) -> Vec<[f64; 4]> {
    let mut all: Vec<[f64; 4]> = Vec::new();
    for glyph in glyphs {
        let one = [glyph.left, glyph.top, glyph.right, glyph.bottom];
        match all.last_mut() {
            Some(line) if goes_on(line, &one) => {
                *line = [line[0].min(one[0]), line[1].min(one[1]), line[2].max(one[2]), line[3].max(one[3])];
            }
            _ => all.push(one),
        }
    }
    all
}

/// The next character stands beside the last one, or below it where lines run downwards.
fn goes_on(line: &[f64; 4], one: &[f64; 4]) -> bool {
    let overlap = |a0: f64, a1: f64, b0: f64, b1: f64| (a1.min(b1) - a0.max(b0)) / (b1 - b0).max(1e-9);
    let size = (one[3] - one[1]).max(one[2] - one[0]);
    let beside =
        overlap(line[1], line[3], one[1], one[3]) > 0.5 && one[0] - line[2] < 3.0 * size && one[0] >= line[0];
    let below = overlap(line[0], line[2], one[0], one[2]) > 0.8
        && line[2] - line[0] < 2.0 * (one[2] - one[0])
        && (one[1] - line[3]).abs() < 0.5 * size;
    beside || below
}

fn area(page: u32, [left, top, right, bottom]: [f64; 4]) -> Area {
    let margin = (bottom - top).min(right - left) * MARGIN;
    let part = |value: f64| (value.clamp(0.0, 1.0) * f64::from(WHOLE)) as u32;
    Area {
        page,
        left: part(left - margin),
        top: part(top - margin),
        right: (part(right + margin) + 1).min(WHOLE),
        bottom: (part(bottom + margin) + 1).min(WHOLE),
    }
}

/// How much of a glyph the areas cover.
fn share(glyph: &Glyph, page: u32, areas: &[Area]) -> f64 {
    let whole = (glyph.right - glyph.left) * (glyph.bottom - glyph.top);
    let part = |value: u32| f64::from(value) / f64::from(WHOLE);
    let most = areas.iter().filter(|area| area.page == page).map(|area| {
        let across = glyph.right.min(part(area.right)) - glyph.left.max(part(area.left));
        let down = glyph.bottom.min(part(area.bottom)) - glyph.top.max(part(area.top));
        across.max(0.0) * down.max(0.0) / whole.max(1e-12)
    });
    most.fold(0.0, f64::max)
}

/// Covered well enough that nobody reads it.
fn is_covered(glyph: &Glyph, page: u32, areas: &[Area]) -> bool {
    share(glyph, page, areas) > 0.55
}

/// 被遮盖的文字 — runs of covered characters, page by page, without blanks.
pub fn covered(pages: &[PageText], areas: &[Area]) -> Vec<(u32, String)> {
    let mut runs = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let number = index as u32 + 1;
        let mut run = String::new();
        let mut last: Option<&Glyph> = None;
        for glyph in &page.glyphs {
            if is_covered(glyph, number, areas) {
                // Another line is another run.
                if last.is_some_and(|last| last.bottom < glyph.top || glyph.bottom < last.top)
                    && !run.is_empty()
                {
                    runs.push((number, std::mem::take(&mut run)));
                }
                run.extend(folded(&glyph.text));
                last = Some(glyph);
            } else if !glyph.text.trim().is_empty() && !run.is_empty() {
                runs.push((number, std::mem::take(&mut run)));
            }
        }
        if !run.is_empty() {
            runs.push((number, run));
        }
    }
    runs
}

/// 未遮盖的相同文字 — where words that are covered in one place still stand in another.
pub fn elsewhere(pages: &[PageText], areas: &[Area]) -> Vec<(String, Area)> {
    let mut words: Vec<String> = covered(pages, areas)
        .into_iter()
        .map(|(_, run)| run)
        .filter(|run| run.chars().count() >= SHORTEST && run.chars().any(char::is_alphanumeric))
        .collect();
    // The longer says more about a place than a part of it.
    words.sort_by_key(|run| std::cmp::Reverse(run.chars().count()));
    words.dedup();
    let mut open: Vec<(String, Area)> = Vec::new();
    for run in words {
        for place in find(pages, &run) {
            let is_covered = areas.iter().any(|area| holds(area, &place));
            let is_known = open.iter().any(|(_, known)| holds(known, &place));
            if !is_covered && !is_known {
                open.push((run.clone(), place));
            }
        }
    }
    open
}

/// Whether most of a place lies within an area.
fn holds(area: &Area, place: &Area) -> bool {
    let across = area.right.min(place.right).saturating_sub(area.left.max(place.left));
    let down = area.bottom.min(place.bottom).saturating_sub(area.top.max(place.top));
    let whole = u64::from(place.right - place.left) * u64::from(place.bottom - place.top);
    area.page == place.page && u64::from(across) * u64::from(down) * 2 > whole
}

/// A character of which a part shows beside the black.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partly {
    pub page: u32,
    pub text: String,
}

/// 只遮住一部分的字.
pub fn partly_covered(pages: &[PageText], areas: &[Area]) -> Vec<Partly> {
    let mut all = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let number = index as u32 + 1;
        let cut = page.glyphs.iter().filter(|glyph| {
            let share = share(glyph, number, areas);
            !glyph.text.trim().is_empty() && (0.12..0.8).contains(&share)
        });
        let text: String = cut.map(|glyph| glyph.text.as_str()).collect();
        if !text.is_empty() {
            all.push(Partly { page: number, text });
        }
    }
    all
}
