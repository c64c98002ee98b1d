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
    let mut named = year_within(folded);
    if named.as_ref().is_some_and(|(agency, _)| agency.is_some()) {
        return named;
    }
    while let Some((at, name)) =
        NAMES.iter().filter_map(|name| Some((from + folded[from..].find(name)?, *name))).min()
    {
        let before =
            folded[..at].rsplit(['《', '“', '>', '，', ',', '。', '、', ':', ']', '|', '】', ';', '；']);
        let before = before.into_iter().next().unwrap_or_default();
        from = at + name.len();
        // 《……年度报告格式》 names the form, not this report.
        if folded[from..].starts_with("格式") {
            continue;
        }
        let (agency, year) = year_at_end(before);
        let agency = announced(agency.rsplit("报告").next().unwrap_or_default());
        let (agency, year) = match year {
            Some(year) => (agency, Some(year)),
            None => year_at_start(agency),
        };
        let year = year.or_else(|| year_at_start(folded[from..].trim_start_matches(['(', '〔', '['])).1);
        let agency = agency.trim_matches(['(', ')', '-', '—']);
        // 某某镇人民政府信息公开……: the two words share a character.
        let shared = agency.ends_with("人民") && name.starts_with("政府");
        let agency = if shared { format!("{agency}政府") } else { agency.to_owned() };
        // A printed page begins with the time: 2:18PM青禾区……
        let agency = agency.trim_start_matches(|c: char| c.is_ascii()).to_owned();
        // 关于做好2031年……年度报告编制工作的通知 names no report.
        let of_notice =
            ["编制", "有关", "的通知", "的要求"].iter().any(|word| folded[from..].starts_with(word));
        let plausible = (2..=40).contains(&agency.chars().count()) && !is_no_name(&agency) && !of_notice;
        let agency = plausible.then_some(agency);
        if year.is_some() && !of_notice {
            return Some((agency, year));
        }
        named.get_or_insert((agency, year));
    }
    named
}

/// “某某镇政府信息公开工作2031年度报告”.
fn year_within(folded: &str) -> Option<(Option<String>, Option<i16>)> {
    let words = ["政府信息公开工作", "政府信息公开", "政务公开工作"];
    words.into_iter().find_map(|words| {
        let at = folded.find(words)?;
        let (rest, year) = year_at_start(&folded[at + words.len()..]);
        let is_report = ["报告", "年报", "工作报告", "工作年度报告"].contains(&rest);
        let agency = folded[..at].trim_start_matches(|c: char| c.is_ascii());
        let plausible = (2..=40).contains(&agency.chars().count());
        (is_report && year.is_some()).then(|| (plausible.then(|| agency.to_owned()), year))
    })
}

/// The name without the words that announce the report: 现公布青禾区统计局, 由青禾区教育局编制的.
fn announced(agency: &str) -> &str {
    const WORDS: [&str; 8] =
        ["现公布", "现发布", "社会公布", "现将", "特编制", "现编制", "予以公布", "年度报告由"];
    let behind = |word: &&str| agency.rfind(*word).map(|at| at + word.len());
    let agency = &agency[WORDS.iter().filter_map(behind).max().unwrap_or(0)..];
    let agency = agency.trim_start_matches("关于").trim_end_matches("关于");
    let made = ["编制并发布的", "编制的", "编制"].iter().find_map(|word| agency.strip_suffix(word));
    made.map_or(agency, |made| made.strip_prefix('由').unwrap_or(made))
}

/// 我局, 本机关, 做好: what stands before the report is no name.
fn is_no_name(agency: &str) -> bool {
    const WORDS: [&str; 22] = [
        "我",
        "本局",
        "本机关",
        "本部门",
        "本单位",
        "本级",
        "本行政机关",
        "本委",
        "本办",
        "本街道",
        "本镇",
        "本乡",
        "本县",
        "本市",
        "本区",
        "本年",
        "做好",
        "开展",
        "编制",
        "印发",
        "按照",
        "根据",
    ];
    WORDS.iter().any(|word| agency.starts_with(word))
}

/// The year of “统计期限自2031年1月1日起至2031年12月31日止”.
pub(super) fn year_of_period(folded: &str) -> Option<i16> {
    folded.match_indices("年1月1日").find_map(|(at, _)| {
        let start = folded[..at].char_indices().rev().nth(3)?.0;
        let rest: String = folded[at..].chars().take(40).collect();
        rest.contains("12月31").then(|| year_of(&folded[start..at])).flatten()
    })
}

/// The one year whose “2031年政府信息公开工作” the text speaks of, or with which its sentences begin.
pub(super) fn year_spoken_of<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> Option<i16> {
    let of_work = texts.clone().flat_map(|text| {
        let named =
            text.match_indices("年政府信息公开工作").chain(text.match_indices("年度政府信息公开工作"));
        named.filter_map(|(at, _)| year_of(&text[text[..at].char_indices().rev().nth(3)?.0..at]))
    });
    let begun = texts
        .clone()
        .flat_map(|text| text.split(['。', '；', ')', '.']))
        .filter_map(|text| year_at_start(text).1);
    let one = |years: Vec<i16>| {
        let first = *years.first()?;
        years.iter().all(|year| *year == first).then_some((first, years.len()))
    };
    one(of_work.collect()).map(|(year, _)| year).or_else(|| {
        let (year, times) = one(begun.collect())?;
        let named = texts.flat_map(|text| text.match_indices('年').map(move |(at, _)| &text[..at]));
        let mut others = named.filter_map(|before| year_of(&before[before.char_indices().rev().nth(3)?.0..]));
        (times > 1 || others.all(|other| other == year)).then_some(year)
    })
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
            "青禾区白露镇政府信息公开工作2031年度报告",
            "青禾区白露镇政府信息公开2031年度工作报告",
            "青禾区白露镇二〇三一年政府信息公开工作年度报告",
            "青禾区白露镇2031年度政府信息公开年报",
            "青禾区白露镇关于2031年度政府信息公开工作情况的报告",
            "1/20/32,2:18PM青禾区白露镇2031年政府信息公开工作年度报告",
            "根据《政府信息公开条例》规定,现公布青禾区白露镇2031年政府信息公开工作年度报告",
            "特向社会公布2031年青禾区白露镇政府信息公开工作年度报告",
            "根据条例要求,由青禾区白露镇编制的2031年度政府信息公开工作年度报告",
            "按照《关于做好2031年政府信息公开工作年度报告编制工作的通知》,形成《青禾区白露镇2031年政府信息公开工作年度报告》",
        ] {
            assert_eq!(named(title), qinghe, "{title}");
        }
        let government = Some(("白露镇人民政府".to_owned(), Some(2031)));
        assert_eq!(named("白露镇人民政府信息公开工作年度报告(2031年)"), government);
        assert_eq!(named("白露镇人民政府2031年政府信息公开工作年度报告"), government);
        assert_eq!(named("2031年政府信息公开工作年度报告"), Some((String::new(), Some(2031))));
        assert_eq!(named("白露镇购物清单"), None);
        let nameless = Some((String::new(), Some(2031)));
        assert_eq!(named("关于做好2031年政府信息公开工作年度报告编制工作的通知"), nameless);
        assert_eq!(named("现将我局2031年政府信息公开工作年度报告公布如下"), nameless);
    }

    #[test]
    fn the_year_where_no_title_tells_it() {
        for text in [
            "本报告所列数据的统计期限自2031年1月1日起至2031年12月31日止。",
            "统计期限为2031年1月1日—12月31日",
        ] {
            assert_eq!(year_of_period(text), Some(2031), "{text}");
        }
        assert_eq!(year_of_period("2031年1月1日起施行的办法"), None);
        let spoken = |texts: &[&str]| year_spoken_of(texts.iter().copied());
        assert_eq!(spoken(&["现汇报我镇2031年政府信息公开工作。", "2030年年报1条"]), Some(2031));
        assert_eq!(spoken(&["2031年,我镇公开信息。2031年未收到申请"]), Some(2031));
        assert_eq!(spoken(&["2031年,我镇公开信息。"]), Some(2031));
        assert_eq!(spoken(&["2031年,我镇公开信息。2030年年报1条"]), None);
    }
}
