use gongkai_report::write::escaped;
use typst::layout::{Abs, Frame, FrameItem, Point};
use typst::text::TextItem;
use typst::visualize::{CurveItem, Geometry, Paint, Shape};
use typst_layout::Page;

use super::{NAMESPACE, Numbering, XML};

/// Above and below the base line, in parts of the size: as much as any character needs.
const ASCENT: f64 = 1.0;
const DESCENT: f64 = 0.3;

/// The size of a page.
pub(super) fn area(page: &Page) -> String {
    let size = page.frame.size();
    format!("<ofd:PhysicalBox>0 0 {} {}</ofd:PhysicalBox>", mm(size.x), mm(size.y))
}

/// A page with its texts and lines, in the order they are read.
pub(super) fn content(page: &Page, state: &mut Numbering<'_>) -> String {
    let layer = state.next();
    let mut objects = String::with_capacity(32 * 1024);
    frame(&mut objects, &page.frame, Point::zero(), state);
    format!(
        "{XML}<ofd:Page {NAMESPACE}><ofd:Area>{}</ofd:Area><ofd:Content><ofd:Layer ID=\"{layer}\" Type=\"Body\">\
         {objects}</ofd:Layer></ofd:Content></ofd:Page>",
        area(page)
    )
}

fn frame(out: &mut String, frame_: &Frame, at: Point, state: &mut Numbering<'_>) {
    for (position, item) in frame_.items() {
        let at = at + *position;
        match item {
            // Our templates move parts of a page and neither turn nor scale them.
            FrameItem::Group(group) => {
                frame(out, &group.frame, at + Point::new(group.transform.tx, group.transform.ty), state);
            }
            FrameItem::Text(item) => text(out, item, at, state),
            FrameItem::Shape(item, _) => shape(out, item, at, state),
            // No template of ours has pictures; links and tags have no place on paper.
            FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {}
        }
    }
}

/// A run of text; each character stands where the layout has put it, whatever typeface the reader takes.
fn text(out: &mut String, item: &TextItem, at: Point, state: &mut Numbering<'_>) {
    if item.text.trim().is_empty() {
        return;
    }
    let mut places = Vec::with_capacity(item.glyphs.len());
    let mut pen = Abs::zero();
    let mut shown = String::with_capacity(item.text.len());
    for glyph in &item.glyphs {
        let advance = glyph.x_advance.at(item.size);
        let of_glyph: Vec<char> = item.text[glyph.range()].chars().collect();
        // Characters that share a glyph share its width.
        let share = advance / of_glyph.len().max(1) as f64;
        for (index, c) in of_glyph.into_iter().enumerate() {
            places.push(pen + glyph.x_offset.at(item.size) + share * index as f64);
            shown.push(c);
        }
        pen += advance;
    }
    let (Some(first), size) = (places.first().copied(), item.size) else { return };
    let steps: Vec<String> = places.windows(2).map(|two| mm(two[1] - two[0])).collect();
    let deltas = if steps.is_empty() { String::new() } else { format!(" DeltaX=\"{}\"", steps.join(" ")) };
    let top = size * ASCENT;
    out.push_str(&format!(
        "<ofd:TextObject ID=\"{}\" Boundary=\"{} {} {} {}\" Font=\"{}\" Size=\"{}\">{}\
         <ofd:TextCode X=\"{}\" Y=\"{}\"{deltas}>{}</ofd:TextCode></ofd:TextObject>",
        state.next(),
        mm(at.x),
        mm(at.y - top),
        mm(item.width().max(size)),
        mm(size * (ASCENT + DESCENT)),
        state.face(item.font.font()),
        mm(size),
        color("FillColor", &item.fill),
        mm(first),
        mm(top),
        escaped(&shown),
    ));
}

fn shape(out: &mut String, item: &Shape, at: Point, state: &mut Numbering<'_>) {
    let stroke = item.stroke.as_ref();
    let fill = item.fill.as_ref();
    // The box of an object cuts off what is outside: half of a line would be.
    let around = stroke.map_or(Abs::zero(), |stroke| stroke.thickness);
    let bounds = item.geometry.bbox(None);
    let corner = bounds.min - Point::splat(around);
    let size = bounds.max - bounds.min + Point::splat(2.0 * around);
    let mut colors = String::new();
    if let Some(fill) = fill {
        colors.push_str(&color("FillColor", fill));
    }
    if let Some(stroke) = stroke {
        colors.push_str(&color("StrokeColor", &stroke.paint));
    }
    out.push_str(&format!(
        "<ofd:PathObject ID=\"{}\" Boundary=\"{} {} {} {}\" LineWidth=\"{}\" Stroke=\"{}\" Fill=\"{}\">{colors}\
         <ofd:AbbreviatedData>{}</ofd:AbbreviatedData></ofd:PathObject>",
        state.next(),
        mm(at.x + corner.x),
        mm(at.y + corner.y),
        mm(size.x),
        mm(size.y),
        mm(around),
        stroke.is_some(),
        fill.is_some(),
        path(&item.geometry, corner),
    ));
}

/// The outline in the words of the standard, seen from the corner of its box.
fn path(geometry: &Geometry, corner: Point) -> String {
    let point = |p: Point| format!("{} {}", mm(p.x - corner.x), mm(p.y - corner.y));
    match geometry {
        Geometry::Line(to) => format!("M {} L {}", point(Point::zero()), point(*to)),
        Geometry::Rect(size) => format!(
            "M {} L {} L {} L {} C",
            point(Point::zero()),
            point(Point::with_x(size.x)),
            point(size.to_point()),
            point(Point::with_y(size.y))
        ),
        Geometry::Curve(curve) => {
            let piece = |item: &CurveItem| match item {
                CurveItem::Move(to) => format!("M {}", point(*to)),
                CurveItem::Line(to) => format!("L {}", point(*to)),
                CurveItem::Cubic(one, two, to) => format!("B {} {} {}", point(*one), point(*two), point(*to)),
                CurveItem::Close => "C".to_owned(),
            };
            curve.0.iter().map(piece).collect::<Vec<_>>().join(" ")
        }
    }
}

/// Nothing for black, which is what readers take where nothing is said.
fn color(element: &str, paint: &Paint) -> String {
    let Paint::Solid(color) = paint else { return String::new() };
    match color.to_rgb().into_format::<u8, u8>().into_components() {
        (0, 0, 0, _) => String::new(),
        (red, green, blue, _) => format!("<ofd:{element} Value=\"{red} {green} {blue}\"/>"),
    }
}

/// Millimetres, to a thousandth.
fn mm(length: Abs) -> String {
    let rounded = (length.to_mm() * 1000.0).round() / 1000.0;
    // Adding zero turns a negative zero into zero.
    format!("{}", rounded + 0.0)
}
