//! From characters and lines on a page to paragraphs and table rows.

use super::page::{Glyph, Page, Rule};

/// What stands on a page, from top to bottom.
pub(super) enum Item {
    Line(Line),
    /// The cells of a row; a merged cell's text stands at its top left, the other cells of it are empty.
    Row(Vec<String>),
}

#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) size: f64,
    base: f64,
}

/// Lines closer than this, in points, are one.
const SNAP: f64 = 3.0;
const MOST_LINES: usize = 120;

/// What stands on each page. A table that goes on over pages has the same columns on all of them.
pub(super) fn items(pages: &[Page]) -> Vec<Vec<Item>> {
    let mut tables: Vec<Vec<Table>> = pages.iter().map(|page| tables(&page.rules)).collect();
    join_over_pages(&mut tables);
    pages.iter().zip(&tables).map(|(page, tables)| items_of(page, tables)).collect()
}

fn items_of(page: &Page, tables: &[Table]) -> Vec<Item> {
    let mut inside: Vec<Vec<&Glyph>> = tables.iter().map(|_| Vec::new()).collect();
    let mut outside: Vec<&Glyph> = Vec::new();
    for glyph in page.glyphs.iter().filter(|glyph| !glyph.text.trim().is_empty()) {
        match tables.iter().position(|table| table.holds(glyph.centre())) {
            Some(index) => inside[index].push(glyph),
            None => outside.push(glyph),
        }
    }
    let mut placed: Vec<(f64, Vec<Item>)> = Vec::new();
    for (table, glyphs) in tables.iter().zip(inside) {
        placed.push((table.top(), table.rows(&glyphs)));
    }
    for line in lines(outside) {
        placed.push((line.base + line.size * 0.35, vec![Item::Line(line)]));
    }
    placed.sort_by(|one, other| other.0.total_cmp(&one.0));
    placed.into_iter().flat_map(|(_, items)| items).collect()
}

/// The lines of text, from the top; wide gaps stay as spaces.
fn lines(mut glyphs: Vec<&Glyph>) -> Vec<Line> {
    glyphs.sort_by(|one, other| other.base.total_cmp(&one.base));
    let mut lines: Vec<Vec<&Glyph>> = Vec::new();
    // The lowest base in the line so far, and how far down its characters reach; from the top, bases only sink.
    let (mut lowest, mut reach) = (f64::MAX, f64::MAX);
    for glyph in glyphs {
        let is_same = glyph.base > reach || lowest - glyph.base < 0.4 * glyph.size;
        let own_reach = glyph.base - 0.4 * glyph.size;
        match lines.last_mut().filter(|_| is_same) {
            Some(line) => {
                line.push(glyph);
                reach = reach.min(own_reach);
            }
            None => {
                lines.push(vec![glyph]);
                reach = own_reach;
            }
        }
        lowest = glyph.base;
    }
    lines.into_iter().filter_map(line).collect()
}

fn line(mut glyphs: Vec<&Glyph>) -> Option<Line> {
    glyphs.sort_by(|one, other| one.left.total_cmp(&other.left));
    let (first, last) = (glyphs.first()?, glyphs.last()?);
    let mut line = Line {
        text: String::new(),
        left: first.left,
        right: last.right,
        size: glyphs.iter().map(|glyph| glyph.size).fold(0.0, f64::max),
        base: first.base,
    };
    let mut end = first.left;
    for glyph in glyphs {
        let gap = glyph.left - end;
        // Justified text is stretched a little; columns stand further apart.
        if gap > 0.9 * glyph.size {
            line.text.push_str("  ");
        } else if gap > 0.2 * glyph.size && gap > 0.0 && is_latin(&line.text) && glyph.text.is_ascii() {
            line.text.push(' ');
        }
        line.text.push_str(&glyph.text);
        end = glyph.right.max(end);
    }
    Some(line)
}

fn is_latin(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// A grid of lines that touch each other.
struct Table {
    /// Left to right.
    xs: Vec<f64>,
    /// Bottom to top.
    ys: Vec<f64>,
    /// Of each upright of the grid, from where to where it is drawn.
    uprights: Vec<Vec<(f64, f64)>>,
    /// Of each level of the grid.
    levels: Vec<Vec<(f64, f64)>>,
}

fn tables(rules: &[Rule]) -> Vec<Table> {
    // Rules that touch belong to one table.
    let long: Vec<Rule> = rules
        .iter()
        .copied()
        .filter(|rule| (rule.x.1 - rule.x.0).max(rule.y.1 - rule.y.0) > SNAP)
        .take(6000)
        .collect();
    let mut order: Vec<usize> = (0..long.len()).collect();
    order.sort_by(|&one, &other| long[other].y.1.total_cmp(&long[one].y.1));
    let mut group: Vec<usize> = (0..long.len()).collect();
    fn root(group: &mut [usize], mut index: usize) -> usize {
        while group[index] != index {
            group[index] = group[group[index]];
            index = group[index];
        }
        index
    }
    for (position, &one) in order.iter().enumerate() {
        for &other in &order[position + 1..] {
            // Sorted from the top: what begins below the end of this one cannot touch it, nor can any after it.
            if long[other].y.1 < long[one].y.0 - SNAP {
                break;
            }
            if touch(&long[one], &long[other]) {
                let (a, b) = (root(&mut group, one), root(&mut group, other));
                group[a] = b;
            }
        }
    }
    let mut roots: Vec<usize> = (0..long.len()).map(|index| root(&mut group, index)).collect();
    let members = roots.clone();
    roots.sort_unstable();
    roots.dedup();
    let mut tables = Vec::new();
    for root in roots {
        let rules: Vec<Rule> =
            members.iter().zip(&long).filter(|(of, _)| **of == root).map(|(_, rule)| *rule).collect();
        let xs = snapped(rules.iter().filter(|rule| !rule.is_horizontal()).map(|rule| rule.x.0));
        // A table that goes on over the page may have no line where it is cut: its upright lines end there.
        let uprights = || rules.iter().filter(|rule| !rule.is_horizontal());
        let bottom = uprights().map(|rule| rule.y.0).reduce(f64::min);
        let top = uprights().map(|rule| rule.y.1).reduce(f64::max);
        let levels = rules.iter().filter(|rule| rule.is_horizontal()).map(|rule| rule.y.0);
        let ys = snapped(levels.chain(bottom).chain(top));
        // A frame around one cell is a box, not a table.
        if xs.len() >= 3 && ys.len() >= 2 && xs.len() <= MOST_LINES && ys.len() <= 2 * MOST_LINES {
            tables.push(Table::of(xs, ys, &rules));
        }
    }
    tables
}

/// The last table of a page and the first of the next are one where their edges agree: each gets the columns of both.
fn join_over_pages(pages: &mut [Vec<Table>]) {
    let mut run: Vec<(usize, usize)> = Vec::new();
    for page in 0..pages.len() {
        let by_top = |one: &&Table, other: &&Table| one.top().total_cmp(&other.top());
        let index = |found: Option<&Table>| {
            found.and_then(|found| pages[page].iter().position(|table| std::ptr::eq(table, found)))
        };
        let (first, last) =
            (index(pages[page].iter().max_by(by_top)), index(pages[page].iter().min_by(by_top)));
        if let (Some(&(before, table)), Some(first)) = (run.last(), first) {
            match joined(&pages[before][table].xs, &pages[page][first].xs).filter(|_| before + 1 == page) {
                Some(xs) => {
                    run.push((page, first));
                    for &(page, table) in &run {
                        pages[page][table].spread(&xs);
                    }
                }
                None => run.clear(),
            }
        }
        // A table between others on its page ends there.
        if first != last || run.is_empty() {
            run = last.map(|last| (page, last)).into_iter().collect();
        }
    }
}

/// The edges of two tables together, if both may be parts of one: as wide, and one has all edges of the other, or
/// both have the same columns of figures.
fn joined(one: &[f64], other: &[f64]) -> Option<Vec<f64>> {
    const FIGURES: usize = 7;
    let near = |a: f64, b: f64| (a - b).abs() <= SNAP;
    let has = |edges: &[f64], at: f64| edges.iter().any(|edge| near(*edge, at));
    let within = |few: &[f64], many: &[f64]| few.iter().all(|edge| has(many, *edge));
    let ends = |edges: &[f64]| edges.first().copied().zip(edges.last().copied());
    let ((left, right), (other_left, other_right)) = (ends(one)?, ends(other)?);
    let same_figures = one.len() > FIGURES
        && other.len() > FIGURES
        && one.iter().rev().zip(other.iter().rev()).take(FIGURES + 1).all(|(a, b)| near(*a, *b));
    let is_one = near(left, other_left) && near(right, other_right);
    if !is_one || !(same_figures || within(one, other) || within(other, one)) {
        return None;
    }
    let mut all = one.to_vec();
    all.extend(other.iter().copied().filter(|edge| !has(one, *edge)));
    all.sort_by(f64::total_cmp);
    (all.len() <= MOST_LINES).then_some(all)
}

fn touch(one: &Rule, other: &Rule) -> bool {
    one.x.0 <= other.x.1 + SNAP
        && other.x.0 <= one.x.1 + SNAP
        && one.y.0 <= other.y.1 + SNAP
        && other.y.0 <= one.y.1 + SNAP
}

fn snapped(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut all: Vec<f64> = values.collect();
    all.sort_by(f64::total_cmp);
    let mut kept: Vec<f64> = Vec::new();
    for value in all {
        if kept.last().is_none_or(|last| value - last > SNAP) {
            kept.push(value);
        }
    }
    kept
}

impl Table {
    fn of(xs: Vec<f64>, ys: Vec<f64>, rules: &[Rule]) -> Self {
        let mut table =
            Self { uprights: vec![Vec::new(); xs.len()], levels: vec![Vec::new(); ys.len()], xs, ys };
        // Edges are further apart than this, so that a line belongs to two of them at most.
        let near = |edges: &[f64], at: f64| {
            edges.partition_point(|edge| *edge < at - SNAP)..edges.partition_point(|edge| *edge <= at + SNAP)
        };
        for rule in rules {
            let (lines, range, span) = if rule.is_horizontal() {
                (&mut table.levels, near(&table.ys, rule.y.0), rule.x)
            } else {
                (&mut table.uprights, near(&table.xs, rule.x.0), rule.y)
            };
            lines[range].iter_mut().for_each(|line| line.push(span));
        }
        table
    }

    /// Gives the table these columns; where it draws no upright, the cells are one.
    fn spread(&mut self, xs: &[f64]) {
        let drawn = |x: &f64| {
            let near = self.xs.iter().position(|own| (own - x).abs() <= SNAP);
            near.map(|own| self.uprights[own].clone()).unwrap_or_default()
        };
        self.uprights = xs.iter().map(drawn).collect();
        self.xs = xs.to_vec();
    }

    fn top(&self) -> f64 {
        self.ys.last().copied().unwrap_or_default()
    }

    fn holds(&self, (x, y): (f64, f64)) -> bool {
        let within = |values: &[f64], value: f64| {
            values.first().is_some_and(|first| *first <= value)
                && values.last().is_some_and(|last| value <= *last)
        };
        within(&self.xs, x) && within(&self.ys, y)
    }

    /// Whether a line parts the cells left and right of the upright number `x`, at the height of row `y`.
    fn parted_by_upright(&self, x: usize, y: usize) -> bool {
        reaches(&self.uprights[x], (self.ys[y] + self.ys[y + 1]) / 2.0)
    }

    fn parted_by_level(&self, x: usize, y: usize) -> bool {
        reaches(&self.levels[y], (self.xs[x] + self.xs[x + 1]) / 2.0)
    }

    /// The rows from the top.
    fn rows(&self, glyphs: &[&Glyph]) -> Vec<Item> {
        let (columns, rows) = (self.xs.len() - 1, self.ys.len() - 1);
        // Cells without a line between them are one: each cell knows the first of its cells, counted from the top.
        let mut origin: Vec<usize> = (0..rows * columns).collect();
        fn root(origin: &[usize], mut index: usize) -> usize {
            while origin[index] != index {
                index = origin[index];
            }
            index
        }
        for row in 0..rows {
            let y = rows - 1 - row;
            for column in 0..columns {
                let here = row * columns + column;
                let mut join = |other: usize| {
                    let (a, b) = (root(&origin, here), root(&origin, other));
                    origin[a.max(b)] = a.min(b);
                };
                if column > 0 && !self.parted_by_upright(column, y) {
                    join(here - 1);
                }
                if row > 0 && !self.parted_by_level(column, y + 1) {
                    join(here - columns);
                }
            }
        }
        let origin: Vec<usize> = (0..origin.len()).map(|index| root(&origin, index)).collect();
        let mut inside: Vec<Vec<&Glyph>> = vec![Vec::new(); rows * columns];
        let place = |values: &[f64], value: f64| {
            values.partition_point(|edge| *edge <= value).saturating_sub(1).min(values.len() - 2)
        };
        for glyph in glyphs {
            let (x, y) = glyph.centre();
            let (column, row) = (place(&self.xs, x), rows - 1 - place(&self.ys, y));
            inside[origin[row * columns + column]].push(glyph);
        }
        let texts: Vec<String> = inside.into_iter().map(cell_text).collect();
        texts.chunks(columns).map(|row| Item::Row(row.to_vec())).collect()
    }
}

/// Whether one of the lines is drawn at this place.
fn reaches(lines: &[(f64, f64)], at: f64) -> bool {
    lines.iter().any(|(from, to)| *from <= at && at <= *to)
}

/// The text of a cell; its lines follow each other without a space, as Chinese is set.
fn cell_text(glyphs: Vec<&Glyph>) -> String {
    lines(glyphs).iter().map(|line| line.text.as_str()).collect()
}
