//! PDF files with a text layer: characters are read with their places, tables by the lines around their cells.

mod content;
mod font;
mod layout;
mod objects;
mod page;

use super::block::{self, Block};
use super::docx::row;
use super::glyphs::sound;
use crate::model::PositionKind;
use layout::Item;

const LARGEST_FILE: usize = 60 * 1024 * 1024;
const PAGES: usize = 200;

const BROKEN: &str = "PDF 文件损坏，打不开。请重新下载或从原件另存后再试";
const ENCRYPTED: &str = "PDF 文件有密码，打不开。请用密码打开后另存一份没有密码的再试";

pub(super) enum Pdf {
    Blocks(Vec<Block>),
    /// Pictures of pages without a text layer.
    Scan,
}

/// The pages as blocks; the line of a position counts paragraphs and rows, its column is the cell.
pub(super) fn read(bytes: &[u8]) -> Result<Pdf, &'static str> {
    if bytes.len() > LARGEST_FILE {
        return Err("PDF 文件过大，不像年度报告，没有读取。请确认选对了文件");
    }
    // Not even loaded: what it holds could not be bounded before it is deciphered.
    let is_encrypted = bytes.windows(8).any(|word| word == b"/Encrypt");
    if is_encrypted {
        return Err(ENCRYPTED);
    }
    let document = objects::load(bytes).ok_or(BROKEN)?;
    if document.is_encrypted() {
        return Err(ENCRYPTED);
    }
    let mut fonts = page::Fonts::default();
    let mut pages = Vec::new();
    let (mut characters, mut pictures) = (0, false);
    for (number, id) in document.page_iter().enumerate() {
        if number >= PAGES {
            return Err("PDF 页数过多，不像年度报告，没有读取。请只保留年度报告的各页再试");
        }
        let page = page::read(&document, id, &mut fonts);
        characters += page.glyphs.len();
        pictures |= page.has_pictures;
        pages.push(page);
        if fonts.budget.is_spent() {
            return Err("PDF 的内容过多，不像年度报告，没有读取。请只保留年度报告的各页，或从原件另存后再试");
        }
    }
    if pages.is_empty() {
        return Err(BROKEN);
    }
    if characters < 30 && pictures {
        return Ok(Pdf::Scan);
    }
    Ok(Pdf::Blocks(blocks(layout::items(&pages))))
}

/// The lines and rows of each page, one a line, cells with a tab between them.
pub(super) fn page_texts(bytes: &[u8]) -> Result<Vec<String>, &'static str> {
    if bytes.windows(8).any(|word| word == b"/Encrypt") {
        return Err(ENCRYPTED);
    }
    let document = objects::load(bytes).ok_or(BROKEN)?;
    let mut fonts = page::Fonts::default();
    Ok(document
        .page_iter()
        .map(|id| {
            let page = page::read(&document, id, &mut fonts);
            let lines: Vec<String> = layout::items(&[page])
                .into_iter()
                .flatten()
                .map(|item| match item {
                    Item::Line(line) => line.text,
                    Item::Row(cells) => cells.join("\t"),
                })
                .collect();
            sound(&lines.join("\n")).into_owned()
        })
        .collect())
}

/// Lines become paragraphs again: a line that reaches the margin goes on in the next, unless that one is indented.
fn blocks(pages: Vec<Vec<Item>>) -> Vec<Block> {
    let lines = || {
        pages.iter().flatten().filter_map(|item| match item {
            Item::Line(line) => Some(line),
            Item::Row(_) => None,
        })
    };
    let left = margin(lines().map(|line| line.left), true);
    let right = margin(lines().map(|line| line.right), false);
    let mut blocks = Vec::new();
    // The paragraph that may go on in the next line, whether it does, and the page it began on.
    let mut open: Option<(String, bool, usize)> = None;
    let close = |open: &mut Option<(String, bool, usize)>, blocks: &mut Vec<Block>| {
        if let Some((text, _, page)) = open.take() {
            blocks.extend(on_page(block::lines(&sound(&text), 0), page));
        }
    };
    for (page_number, page) in (1..).zip(&pages) {
        let last = page.len().saturating_sub(1);
        for (index, item) in page.iter().enumerate() {
            match item {
                Item::Line(line) => {
                    let edge = index == 0 || index == last;
                    if block::is_page_number(&line.text) || edge && is_number(&line.text) {
                        continue;
                    }
                    let goes_on = line.right > right - 2.2 * line.size && !line.text.contains("  ");
                    let indented = line.left > left + 1.2 * line.size;
                    match &mut open {
                        Some((text, on, _)) if *on && !indented => {
                            text.push_str(&line.text);
                            *on = goes_on;
                        }
                        _ => {
                            close(&mut open, &mut blocks);
                            open = Some((line.text.clone(), goes_on, page_number));
                        }
                    }
                }
                Item::Row(cells) => {
                    close(&mut open, &mut blocks);
                    let cells: Vec<String> =
                        cells.iter().map(|text| sound(text.trim()).into_owned()).collect();
                    if cells.iter().any(|text| !text.is_empty()) {
                        blocks.extend(on_page(vec![row(cells, 0)], page_number));
                    }
                }
            }
        }
    }
    close(&mut open, &mut blocks);
    for (number, block) in (1..).zip(&mut blocks) {
        block.place(|at| at.line = number);
    }
    blocks
}

fn on_page(mut blocks: Vec<Block>, page: usize) -> Vec<Block> {
    blocks.iter_mut().for_each(|block| block.place(|at| at.kind = PositionKind::Page(page)));
    blocks
}

/// The usual edge of the lines: what most of them reach.
fn margin(edges: impl Iterator<Item = f64>, leftmost: bool) -> f64 {
    let mut edges: Vec<f64> = edges.collect();
    edges.sort_by(f64::total_cmp);
    let at = if leftmost { edges.len() / 20 } else { edges.len().saturating_sub(1) * 19 / 20 };
    edges.get(at).copied().unwrap_or_default()
}

fn is_number(text: &str) -> bool {
    let bare = text.trim();
    !bare.is_empty() && bare.len() <= 3 && bare.bytes().all(|b| b.is_ascii_digit())
}
