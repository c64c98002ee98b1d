//! Which row of which table a label means. Labels come with every kind of bracket, numbering and space, cut
//! short or with characters lost, so a row is known by the words that only its label has.

use std::sync::LazyLock;

use super::block::is_space;
use super::glyphs::simplified;
use crate::model::{ProactiveRow, RequestRow};

/// The label without white space and with half-width punctuation.
pub(super) fn fold(label: &str) -> String {
    // Most cells are numbers.
    if label.bytes().all(|byte| byte.is_ascii_digit()) {
        return label.to_owned();
    }
    let mut folded = String::with_capacity(label.len());
    folded.extend(label.chars().filter_map(fold_char));
    folded
}

/// One character of [`fold`], none for what is left out.
pub(super) fn fold_char(c: char) -> Option<char> {
    Some(match c {
        '\u{4e00}'..='\u{9fff}' => simplified(c),
        '（' => '(',
        '）' => ')',
        '．' => '.',
        '，' => ',',
        '：' => ':',
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        '*' => return None,
        c if is_space(c) => return None,
        c => c,
    })
}

/// The label without its own number: 3.其他 → 其他, (七)总计 → 总计.
pub(super) fn without_number(folded: &str) -> &str {
    let is_numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let bracketed = folded.strip_prefix('(');
    let start = bracketed.unwrap_or(folded);
    let rest = start.trim_start_matches(is_numeral);
    if rest.len() == start.len() {
        return folded;
    }
    match rest.chars().next() {
        Some(')' | '、' | '.' | ',') => rest.trim_start_matches([')', '、', '.', ',']),
        _ => folded,
    }
}

static OFFICIAL: LazyLock<Vec<(String, RequestRow)>> =
    LazyLock::new(|| RequestRow::ALL.iter().map(|row| (fold(row.official()), *row)).collect());

pub(super) fn request_row(label: &str) -> Option<RequestRow> {
    folded_request_row(&fold(label))
}

/// [`request_row`] of a label that is folded already.
pub(super) fn folded_request_row(folded: &str) -> Option<RequestRow> {
    use RequestRow as R;
    // Most labels are those of the form, to the letter.
    if let Some((_, row)) = OFFICIAL.iter().find(|(label, _)| label == folded) {
        return Some(*row);
    }
    if folded.is_empty() || folded.chars().count() > 60 {
        return None;
    }
    let has = |words: &str| folded.contains(words);
    let row = match () {
        _ if has("新收") => R::Received,
        _ if has("结转下") => R::CarriedToNextYear,
        _ if has("上年结转") || has("上年度结转") || has("上一年结转") => {
            R::CarriedFromLastYear
        }
        _ if has("予以公开") => R::Disclosed,
        _ if has("部分公开") => R::PartlyDisclosed,
        _ if has("国家秘密") => R::StateSecret,
        _ if has("禁止公开") || has("其他法律") => R::OtherLaw,
        _ if has("三安全") || has("一稳定") => R::SecurityOrStability,
        _ if has("第三方") => R::ThirdPartyRights,
        _ if has("内部事务") || has("属于三类") => R::InternalAffairs,
        _ if has("过程性信息") || has("属于四类") => R::ProcessInformation,
        _ if has("执法案卷") => R::EnforcementFile,
        _ if has("行政查询") => R::OwnInquiryProcedure,
        _ if has("不掌握") => R::NotHeld,
        _ if has("没有现成") || has("另行制作") || has("另行加工") => R::NeedsCreation,
        _ if has("仍不明确") => R::StillUnclear,
        _ if has("信访") || has("举报投诉") => R::PetitionOrComplaint,
        _ if has("大量反复") || has("反复申请") => R::Excessive,
        _ if has("重复申请") => R::Repeated,
        _ if has("公开出版物") => R::PublicPublication,
        _ if has("重新出具") || has("机关确认") => R::ConfirmOrReissue,
        _ if has("逾期不补正") || has("申请人无正当") => R::NotSupplementedInTime,
        _ if has("逾期未按收费")
            || has("申请人逾期")
            || has("缴纳费用")
            || has("逾期不缴")
            || has("逾期未缴") =>
        {
            R::FeeNotPaidInTime
        }
        _ if has("其他处理") => R::OtherHandling,
        _ => match without_number(folded) {
            "总计" | "合计" => R::Total,
            "其他" => R::Other,
            _ => return None,
        },
    };
    Some(row)
}

/// 其他 and 总计 also head columns; only with their number are they surely rows.
pub(super) fn is_numbered(label: &str) -> bool {
    let folded = fold(label);
    without_number(&folded).len() < folded.len()
}

pub(super) fn proactive_row(label: &str) -> Option<ProactiveRow> {
    use ProactiveRow as R;
    let folded = fold(label);
    let name = without_number(&folded);
    let starts = |words: &str| name.starts_with(words) && name.chars().count() < words.chars().count() + 60;
    Some(match () {
        _ if name == "规章" || starts("规章(") || starts("规章〔") => R::Rules,
        _ if ["行政规范性文件", "规范性文件", "行政规范性档案", "规范性档案"].into_iter().any(starts) => {
            R::NormativeDocuments
        }
        _ if name == "行政许可" || starts("行政许可(") => R::Licenses,
        _ if starts("其他对外管理") => R::OtherServices,
        _ if name == "行政处罚" || starts("行政处罚(") => R::Penalties,
        _ if name == "行政强制" || starts("行政强制(") => R::Compulsions,
        _ if starts("行政事业性收费") => R::AdministrativeFees,
        _ if starts("政府集中采购") => R::Procurement,
        _ => return None,
    })
}
