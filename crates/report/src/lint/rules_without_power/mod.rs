use gongkai_statute::cite;

use super::{At, Context, Finding, Severity};
use crate::model::{CellAddress, ProactiveRow};

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let report = context.report;
    let Some(agency) = report.agency.as_deref().filter(|agency| is_county_or_below(agency)) else {
        return Vec::new();
    };
    // The first number above zero is enough: the row as a whole is the mistake.
    let mut cells = report.proactive.row(ProactiveRow::Rules);
    let Some((column, count)) =
        cells.find_map(|(column, cell)| Some((column, cell.count().filter(|&count| count > 0)?)))
    else {
        return Vec::new();
    };
    vec![Finding {
        rule: "rules-without-power",
        severity: Severity::Error,
        message: format!(
            "“规章”的“{}”填 {count}；{agency}没有规章制定权，县级和乡镇机关的规章各栏应为 0（规范性文件填在下一行）",
            column.official()
        ),
        at: At::cell(report, CellAddress::Proactive(ProactiveRow::Rules, column)),
        found: Some(count.into()),
        expected: Some(0.into()),
        basis: format!("{}、{}", cite!(LegislationLaw, 91), cite!(LegislationLaw, 93).place()),
    }]
}

/// Whether the name is that of a county, district, town, township or subdistrict, or of an office of one.
/// A name that does not tell is not accused.
fn is_county_or_below(agency: &str) -> bool {
    let chars: Vec<char> = agency.chars().collect();
    chars.iter().enumerate().skip(1).any(|(index, c)| {
        let (before, after) = (chars[index - 1], chars.get(index + 1).copied().unwrap_or_default());
        // 景德镇市, 新乡市 are cities; 城乡, 乡村, 社区, 自治区 are no counties.
        let is_place = !"村域建划志".contains(after) && !"城社辖".contains(before);
        match c {
            '县' | '旗' => is_place,
            '区' => is_place && !"治地".contains(before),
            '镇' => is_place && before != '乡' && after != '市',
            '乡' => is_place && !"镇市".contains(after),
            '街' => after == '道',
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_level_by_the_name() {
        for agency in [
            "青禾区白露镇",
            "白露镇人民政府",
            "云栖市青禾区民政局",
            "松影县人民政府",
            "青禾区市场监督管理局",
            "青禾区城市管理局",
            "云栖市松影县交岭乡",
            "青禾区人民政府柳林街道办事处",
            "宁海自治区云栖市青禾区财政局",
        ] {
            assert!(is_county_or_below(agency), "{agency}");
        }
        for agency in [
            "云栖市人民政府",
            "云栖市住房和城乡建设局",
            "云栖市乡村振兴局",
            "宁海自治区人民政府",
            "江东省人民政府",
            "江东省社区建设厅",
            "镇海市人民政府",
            "新乡市乡镇企业局",
            "国家档案局",
        ] {
            assert!(!is_county_or_below(agency), "{agency}");
        }
    }
}
