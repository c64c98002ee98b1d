use super::prose::{Passage, at_phrase};
use super::words::find;
use super::{Context, Finding, Severity, contents_basis};
use crate::model::Section;

/// “现公布青禾区民政局2031年政府信息公开工作年度报告” in the report of another agency.
pub(super) fn check(context: &Context) -> Vec<Finding> {
    let Some(agency) = context.report.agency.as_deref() else { return Vec::new() };
    let passages = context.prose().passages.iter();
    let first_parts = passages.filter(|passage| passage.section.is_none_or(|of| of == Section::Overview));
    first_parts.filter_map(|passage| told(passage, agency)).take(1).collect()
}

fn told(passage: &Passage, agency: &str) -> Option<Finding> {
    const ANNOUNCED: [&str; 5] = ["现公布", "现发布", "社会公布", "现编制", "特编制"];
    let announced =
        ANNOUNCED.iter().filter_map(|word| Some(find(&passage.text, word)? + word.len())).min()?;
    let clause = passage.clause_around(announced);
    let said = &passage.text[announced..clause.end];
    let title = find(said, "政府信息公开工作年度报告").or_else(|| find(said, "政府信息公开年度报告"))?;
    let head = said[..title].trim_end_matches("年度").trim_end_matches('年');
    let name = head.trim_end_matches(|c: char| c.is_ascii_digit());
    let bare = name.trim_start_matches(['了', '发', '布', '的', '《', '“', '：']);
    if name.len() == head.len() || name.contains(['，', '》', '、']) || is_same(bare, agency)? {
        return None;
    }
    let from = announced + name.len() - bare.len();
    let range = from..from + bare.len();
    let message = format!(
        "“{}”与标题的“{agency}”不是同一个机关，像是沿用了别的机关的报告，请核对",
        passage.quote(range.clone())
    );
    Some(Finding {
        found: Some(bare.into()),
        expected: Some(agency.into()),
        ..at_phrase("agency-mismatch", Severity::Warning, passage.at(range), message, contents_basis())
    })
}

/// Whether two names may be those of one agency: one is short for the other, or their ends have a character in
/// common. None where a name does not end as the name of an agency.
fn is_same(one: &str, other: &str) -> Option<bool> {
    let (one, other) = (core(one)?, core(other)?);
    let end = |name: &str| name.chars().rev().take(2).collect::<Vec<char>>();
    let common = end(&one).iter().any(|c| other.contains(*c)) || end(&other).iter().any(|c| one.contains(*c));
    Some(common || is_short_for(&one, &other) || is_short_for(&other, &one))
}

/// The name without what kind of body it is.
fn core(name: &str) -> Option<String> {
    const KINDS: [&str; 15] = [
        "人民政府",
        "街道办事处",
        "街道办",
        "街道",
        "管理委员会",
        "管委会",
        "委员会",
        "办公室",
        "分局",
        "局",
        "镇",
        "乡",
        "厅",
        "委",
        "政府",
    ];
    let kind = |name: &str| KINDS.iter().find_map(|kind| name.strip_suffix(kind).map(str::to_owned));
    let core = kind(name)?;
    let is_whole = |core: &String| core.chars().count() >= 2;
    let core = kind(&core).filter(is_whole).unwrap_or(core);
    is_whole(&core).then_some(core)
}

/// 卫健 is short for 卫生健康.
fn is_short_for(short: &str, long: &str) -> bool {
    let mut chars = long.chars();
    short.chars().all(|c| chars.any(|other| other == c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_agency() {
        for (one, other) in [
            ("青禾区民政局", "民政局"),
            ("区卫健委", "青禾区卫生健康委员会"),
            ("区市场监管局", "青禾区市场监督管理局"),
            ("白露镇", "青禾区白露镇人民政府"),
            ("柳林街道办", "青禾区柳林街道办事处"),
            ("经开区管委会", "青禾经济技术开发区管理委员会"),
            ("区政府办公室", "青禾区人民政府办公室"),
        ] {
            assert_eq!(is_same(one, other), Some(true), "{one} {other}");
        }
        assert_eq!(is_same("青禾区民政局", "青禾区白露镇"), Some(false));
        assert_eq!(is_same("青禾区教育局", "青禾区民政局"), Some(false));
        assert_eq!(is_same("本单位", "青禾区民政局"), None);
    }
}
