//! 您是不是要找 — what stands in a public title and is nearly what was typed.

use super::pinyin;
use super::text::compact;

/// So many titles are looked at.
pub(super) const TITLES: usize = 20;
/// So many where some of them are another portal's.
pub(super) const TITLES_OF_ALL: usize = 200;

/// The stretch of a title that is nearest to what was typed: it sounds alike, or differs in one character (two, when
/// six or more were typed).
pub(super) fn nearest(typed: &[char], title: &str) -> Option<(usize, String)> {
    let title = compact(title);
    let allowed = if typed.len() >= 6 { 2 } else { 1 };
    let mut best: Option<(usize, String)> = None;
    for length in typed.len().saturating_sub(1).max(2)..=typed.len() + 1 {
        for window in title.windows(length) {
            let distance = match pinyin::sound_alike(typed, window) {
                true => 0,
                false => distance(typed, window) * 2 + usize::from(length != typed.len()),
            };
            let is_near = distance <= allowed * 2 + 1 && window != typed;
            let is_text = window.iter().all(|c| c.is_alphanumeric());
            if is_near && is_text && best.as_ref().is_none_or(|(known, _)| distance < *known) {
                best = Some((distance, window.iter().collect()));
            }
        }
    }
    best
}

/// How many characters must be put in, taken out, replaced or swapped.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let same = usize::from(a[i - 1] != b[j - 1]);
                let mut least = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + same);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_put_right() {
        let title = "青禾区农村危房改造补助资金管理办法";
        for (typed, meant) in [
            ("农村威房改造", "农村危房改造"),
            ("农村危房改早", "农村危房改造"),
            ("农村危改房造", "农村危房改造"),
            ("补助资今", "补助资金"),
            ("资金管里办法", "资金管理办法"),
        ] {
            let typed: Vec<char> = typed.chars().collect();
            assert_eq!(nearest(&typed, title).map(|(_, text)| text).as_deref(), Some(meant), "{typed:?}");
        }
        for typed in ["完全两样东西", "农村危房改造"] {
            let typed: Vec<char> = typed.chars().collect();
            assert_eq!(
                nearest(&typed, title).filter(|(_, text)| text.chars().eq(typed.iter().copied())),
                None
            );
        }
        assert_eq!(nearest(&"学前教育".chars().collect::<Vec<_>>(), title), None);
    }
}
