//! Agency and year, from the words of a title.

/// Agency and year of “某某镇2031年政府信息公开工作年度报告”; a report is named when the words are there.
pub(super) fn named_report(folded: &str) -> Option<(Option<String>, Option<i16>)> {
    const NAMES: [&str; 12] = [
        "政府信息公开工作年度报告",
        "政府信息公开年度报告",
        "政府信息公开年度工作报告",
        "政府信息公开工作年报",
        "政府信息公开年报",
        "政府信息公开工作情况的报告",
        "政府信息公开工作情况报告",
        "政府信息公开工作报告",
        "政务公开工作年度报告",
        "信息公开工作年度报告",
        "信息公开年度报告",
        "信息公开工作年报",
    ];
    let mut from = 0;
    let mut named = None;
    while let Some((at, name)) =
        NAMES.iter().filter_map(|name| Some((from + folded[from..].find(name)?, *name))).min()
    {
        let before = folded[..at].rsplit(['《', '“', '>', '，', '。', '、', ':', ']', '|', '】', ';', '；']);
        let before = before.into_iter().next().unwrap_or_default();
        from = at + name.len();
        // 《……年度报告格式》 names the form, not this report.
        if folded[from..].starts_with("格式") {
            continue;
        }
        let (agency, year) = year_at_end(before);
        let agency = agency.rsplit("报告").next().unwrap_or_default();
        let (agency, year) = match year {
            Some(year) => (agency, Some(year)),
            None => year_at_start(agency),
        };
        let year = year.or_else(|| year_at_start(folded[from..].trim_start_matches(['(', '〔', '['])).1);
        let agency =
            agency.trim_start_matches("关于").trim_end_matches("关于").trim_matches(['(', ')', '-', '—']);
        // 某某镇人民政府信息公开……: the two words share a character.
        let shared = agency.ends_with("人民") && name.starts_with("政府");
        let agency = if shared { format!("{agency}政府") } else { agency.to_owned() };
        // A printed page begins with the time: 2:18PM青禾区……
        let agency = agency.trim_start_matches(|c: char| c.is_ascii()).to_owned();
        let plausible = (2..=40).contains(&agency.chars().count());
        let agency = plausible.then_some(agency);
        if year.is_some() {
            return Some((agency, year));
        }
        named.get_or_insert((agency, year));
    }
    named
}

/// Splits a trailing “2031年” or “2031年度” off, in figures or in Chinese numerals.
fn year_at_end(text: &str) -> (&str, Option<i16>) {
    let bare = text.trim_end_matches("工作").trim_end_matches(')');
    let bare = bare.strip_suffix('度').unwrap_or(bare);
    let bare = bare.strip_suffix('年').unwrap_or(bare);
    let digits = bare.chars().rev().take_while(|c| numeral(*c).is_some()).count();
    let start = bare.char_indices().rev().nth(3).map(|(index, _)| index);
    match start {
        Some(start) if digits == 4 => match year_of(&bare[start..]) {
            Some(year) => (bare[..start].trim_end_matches(['(', '〔', '[']), Some(year)),
            None => (text, None),
        },
        _ => (text, None),
    }
}

/// Splits a leading “2031年” or “2031年度” off.
fn year_at_start(text: &str) -> (&str, Option<i16>) {
    let text_after = text.strip_prefix("关于").unwrap_or(text);
    let end = text_after.char_indices().nth(4).map(|(index, _)| index);
    let split = end.map(|end| text_after.split_at(end));
    match split.and_then(|(number, rest)| Some((year_of(number)?, rest.strip_prefix('年')?))) {
        Some((year, rest)) => (rest.strip_prefix('度').unwrap_or(rest), Some(year)),
        None => (text, None),
    }
}

fn year_of(four: &str) -> Option<i16> {
    let year = four.chars().try_fold(0_i16, |year, c| year.checked_mul(10)?.checked_add(numeral(c)?))?;
    (2008..=2200).contains(&year).then_some(year)
}

fn numeral(c: char) -> Option<i16> {
    let place = |numerals: &str| numerals.chars().position(|numeral| numeral == c);
    let digit = c.to_digit(10).map(|digit| digit as usize);
    let value =
        digit.or_else(|| place("〇一二三四五六七八九")).or_else(|| "○零Ｏ".contains(c).then_some(0))?;
    i16::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agency_and_year_of_a_title() {
        let named = |text| named_report(text).map(|(agency, year)| (agency.unwrap_or_default(), year));
        let qinghe = Some(("青禾区白露镇".to_owned(), Some(2031)));
        assert_eq!(named("青禾区白露镇2031年政府信息公开工作年度报告"), qinghe);
        assert_eq!(named("青禾区白露镇2031年度政府信息公开工作年度报告"), qinghe);
        assert_eq!(
            named(
                "根据《政府信息公开工作年度报告格式》，现发布《青禾区白露镇2031年政府信息公开工作年度报告》"
            ),
            qinghe
        );
        for title in [
            "2031年青禾区白露镇政府信息公开工作年度报告",
            "2031年度青禾区白露镇政府信息公开工作年度报告",
            "青禾区白露镇政府信息公开工作年度报告(2031年度)",
            "青禾区白露镇二〇三一年政府信息公开工作年度报告",
            "青禾区白露镇2031年度政府信息公开年报",
            "青禾区白露镇关于2031年度政府信息公开工作情况的报告",
            "1/20/32,2:18PM青禾区白露镇2031年政府信息公开工作年度报告",
        ] {
            assert_eq!(named(title), qinghe, "{title}");
        }
        let government = Some(("白露镇人民政府".to_owned(), Some(2031)));
        assert_eq!(named("白露镇人民政府信息公开工作年度报告(2031年)"), government);
        assert_eq!(named("白露镇人民政府2031年政府信息公开工作年度报告"), government);
        assert_eq!(named("2031年政府信息公开工作年度报告"), Some((String::new(), Some(2031))));
        assert_eq!(named("白露镇购物清单"), None);
    }
}
