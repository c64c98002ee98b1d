use super::grid::Grid;
use super::outline::{parts, title};
use crate::model::Report;

/// The report as plain text with tab-separated tables, the layout agencies publish and [`crate::read`] reads.
pub fn text(report: &Report) -> String {
    let mut out = title(report);
    out.push('\n');
    for paragraph in &report.lead {
        out.push_str(&format!("\n{}\n", paragraph.text));
    }
    for part in parts(report) {
        out.push_str(&format!("\n{}\n", part.heading()));
        for paragraph in part.paragraphs {
            out.push_str(&format!("\n{}\n", paragraph.text));
        }
        if let Some(grid) = &part.grid {
            out.push('\n');
            lay_out(&mut out, grid);
        }
    }
    out
}

/// Writes every row over the full width; a place covered by a span is an empty cell.
fn lay_out(out: &mut String, grid: &Grid) {
    for row in grid.placed() {
        for place in row {
            if place.column > 0 {
                out.push('\t');
            }
            out.push_str(place.cell.map_or("", |cell| &cell.text));
            out.extend(std::iter::repeat_n('\t', place.colspan - 1));
        }
        out.push('\n');
    }
}
