//! Stored codes and numbers in the words of the portal.

use gongkai_disclosure::catalogue::{category_label, category_provision};
use gongkai_disclosure::publishing::{Genre, Theme, Validity, public};
use gongkai_statute::duties::Category;
use gongkai_statute::parameters::Parameter;
use jiff::civil::Date;

use super::entries::EntryLine;
use crate::components::{FileRow, Tag, Tone};
use crate::forms::encode;

/// A duty in few words, for lists; the words of the provision stand on the entry.
pub(crate) fn short_category(code: &str) -> String {
    let Some(category) = Category::from_code(code) else { return category_label(code) };
    match category {
        Category::RulesAndNormativeDocuments => "规章和规范性文件",
        Category::Organization => "机关职能和机构设置",
        Category::Plans => "规划和相关政策",
        Category::Statistics => "统计信息",
        Category::Licenses => "行政许可和对外管理服务",
        Category::PenaltiesAndCompulsions => "行政处罚、行政强制",
        Category::Budgets => "财政预算、决算",
        Category::AdministrativeFees => "行政事业性收费",
        Category::Procurement => "政府集中采购",
        Category::MajorProjects => "重大建设项目",
        Category::SocialPolicies => "扶贫、教育、医疗、社保、就业",
        Category::Emergencies => "突发公共事件应对",
        Category::Inspections => "环保、卫生、安全监督检查",
        Category::CivilServiceRecruitment => "公务员招考",
        Category::OtherRequired => "其他法定公开内容",
    }
    .to_owned()
}

/// A duty in the words of the provision, with the provision.
pub(crate) fn category_with_provision(code: &str) -> String {
    match category_provision(code) {
        Some(provision) => format!("{}（{provision}）", category_label(code)),
        None => category_label(code),
    }
}

/// 主题分类, first level.
pub(crate) fn theme(code: &str) -> String {
    Theme::from_code(code).map(Theme::label).unwrap_or(code).to_owned()
}

pub(crate) fn genre(code: &str) -> String {
    Genre::from_code(code).map(Genre::label).unwrap_or(code).to_owned()
}

/// 有效性 as a tag; a document in force is marked as such only where its record is shown.
pub(crate) fn validity(code: Option<&str>) -> Option<(Validity, Tag)> {
    let validity = Validity::from_code(code?)?;
    let tag = match validity {
        Validity::InForce => Tag::new(Tone::Success, "现行有效"),
        Validity::Repealed => Tag::new(Tone::Neutral, "已废止"),
        Validity::Lapsed => Tag::new(Tone::Neutral, "已失效"),
    };
    Some((validity, tag))
}

/// What a reader must know before opening a document: that it no longer holds.
pub(crate) fn validity_to_know(code: Option<&str>) -> Option<Tag> {
    validity(code).filter(|(validity, _)| *validity != Validity::InForce).map(|(_, tag)| tag)
}

/// The address of an entry: `/entries/` and its index number.
pub(crate) fn entry_address(index_number: &str) -> String {
    let parts: Vec<String> = index_number.split('/').map(encode).collect();
    format!("/entries/{}", parts.join("/"))
}

/// A line of a list.
pub(crate) fn entry_line(line: public::EntryLine) -> EntryLine {
    EntryLine {
        href: entry_address(&line.index_number),
        title: line.title,
        index_number: line.index_number,
        document_number: line.document_number.unwrap_or_default(),
        agency: line.agency_name,
        made_on: line.made_on,
        published_on: line.first_released_on,
        validity: validity_to_know(line.validity.as_deref()),
    }
}

/// An attachment as a row to download.
pub(crate) fn file_row(index_number: &str, file: &public::PublicAttachment) -> FileRow {
    FileRow {
        name: file.name.clone(),
        href: format!("{}/files/{}", entry_address(index_number), file.id),
        kind: file_kind(&file.name),
        size: file_size(file.size),
    }
}

/// PDF, DOCX …
pub(crate) fn file_kind(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, end)) if (1..=5).contains(&end.len()) && end.chars().all(|c| c.is_ascii_alphanumeric()) => {
            end.to_ascii_uppercase()
        }
        _ => "文件".to_owned(),
    }
}

pub(crate) fn file_size(bytes: i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", (bytes + 512) / 1024),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

/// The number of law in force on that day; the newest known before any.
pub(crate) fn number(parameter: Parameter, on: Date) -> u32 {
    parameter.on(on).unwrap_or_else(|| parameter.current()).value
}

/// 1 月 31 日, from a parameter that is a day of the year.
pub(crate) fn day_of_year(parameter: Parameter, on: Date) -> String {
    let day = number(parameter, on);
    format!("{} 月 {} 日", day / 100, day % 100)
}

/// 第三十三条第二款 — where a parameter stands in the Regulations.
pub(crate) fn place(parameter: Parameter, on: Date) -> String {
    parameter.on(on).unwrap_or_else(|| parameter.current()).citation.place()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_and_weighed() {
        assert_eq!(file_kind("申请表.docx"), "DOCX");
        assert_eq!(file_kind("无后缀"), "文件");
        assert_eq!(file_kind("名单.二〇二五"), "文件");
        assert_eq!(file_size(0), "0 B");
        assert_eq!(file_size(293_000), "286 KB");
        assert_eq!(file_size(2_621_440), "2.5 MB");
    }

    #[test]
    fn every_duty_has_words() {
        for category in Category::ALL {
            assert!(short_category(category.code()).chars().count() <= 14, "{category:?}");
            assert!(category_with_provision(category.code()).contains("第二十条第"), "{category:?}");
        }
        assert_eq!(category_with_provision("irrigation"), "农田水利工程建设运营（《条例》第二十一条）");
        assert_eq!(short_category("unheard-of"), "unheard-of");
    }

    #[test]
    fn days_of_the_year_are_read_out() {
        let today = jiff::civil::date(2026, 11, 2);
        assert_eq!(day_of_year(Parameter::DepartmentReportDay, today), "1 月 31 日");
    }
}
