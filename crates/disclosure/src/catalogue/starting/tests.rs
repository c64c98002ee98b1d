//! What the starting catalogues must hold: every column, provisions that exist, time limits that are read as meant.

use std::collections::BTreeSet;

use gongkai_statute::duties::{Category, CountyDuty, TownshipDuty};

use super::{Starting, field_catalogues, find_starting, starting, starting_names};
use crate::accounts::AgencyKind;
use crate::catalogue::category_provision;
use crate::catalogue::sheet::{read, rehearse, write};
use crate::publishing::due::stated;

/// Of the kinds of agency and of the fields.
fn all() -> Vec<Starting> {
    let kinds = starting_names().map(|name| starting(name).unwrap());
    kinds.chain(field_catalogues().unwrap().iter().cloned()).collect()
}

#[test]
fn the_catalogues_of_all_26_fields_are_whole() {
    let fields = field_catalogues().unwrap();
    assert_eq!(fields.len(), 26);
    for (n, field) in (1..).zip(fields) {
        assert_eq!(field.name, format!("field_{n:02}"));
        assert_eq!(find_starting(&field.name).unwrap().unwrap().title, field.title);
        // The standard of the smallest field has a dozen matters.
        assert!(field.lines.len() >= 12, "{}", field.title);
        // Codes are in use: they stay, without a gap.
        let codes: Vec<_> = field.lines.iter().map(|line| line.code.clone()).collect();
        let expected: Vec<_> = (1..=codes.len()).map(|k| format!("L{n:02}-{k}")).collect();
        assert_eq!(codes, expected, "{}", field.title);
        let mut titles = BTreeSet::new();
        for line in &field.lines {
            assert!(!line.topic.is_empty(), "{}", line.code);
            assert!(titles.insert((&line.topic, &line.title)), "{} twice", line.title);
        }
        assert!(field.lines.iter().any(|line| line.is_of(Some(AgencyKind::Bureau))), "{}", field.title);
    }
    assert!(find_starting("field_27").unwrap().is_none() && find_starting("county").unwrap().is_none());
}

#[test]
fn every_line_has_its_columns() {
    let common = starting("common").unwrap();
    for catalogue in all() {
        let name = &catalogue.name;
        assert!(!catalogue.lines.is_empty() && !catalogue.title.is_empty(), "{name}");
        let mut codes = BTreeSet::new();
        if name != "common" {
            codes.extend(common.lines.iter().map(|line| line.code.clone()));
        }
        for line in &catalogue.lines {
            assert!(codes.insert(line.code.clone()), "{name}: {} twice", line.code);
            assert!(category_provision(&line.category).is_some(), "{name}: {}", line.category);
            for text in [
                &line.title,
                &line.elements,
                &line.basis,
                &line.time_limit,
                &line.office,
                &line.channels,
                &line.levels,
            ] {
                assert!(!text.trim().is_empty(), "{}", line.code);
            }
            let levels: Vec<&str> = line.levels.split('、').collect();
            let known: Vec<&str> =
                ["县级", "乡级", "村级"].into_iter().filter(|l| levels.contains(l)).collect();
            assert_eq!(levels, known, "{}: levels in their order, none unknown", line.code);
            // As an officer could have typed it.
            assert_eq!(line.content().typed().read().as_ref(), Ok(&line.content()), "{}", line.code);
            let is_on_request = line.method == "on_request";
            assert!(is_on_request || line.method == "proactive", "{}", line.code);
            assert!(!is_on_request || line.period_days.is_none(), "{}: asked for, not updated", line.code);
        }
    }
}

/// 《…》 of a text, with the quotation marks.
fn names(basis: &str) -> Vec<&str> {
    basis.match_indices('《').map(|(at, _)| &basis[at..=basis[at..].find('》').unwrap() + at + 2]).collect()
}

/// “第二十条第九项”, “第四十七条、第四十九条”, or the number of a document in brackets.
fn is_place(text: &str) -> bool {
    if let Some(number) = text.strip_prefix('（') {
        return number.ends_with("号）") && number.contains('〔');
    }
    text.is_empty()
        || text.split('、').all(|part| {
            let numeral = |c: char| "一二三四五六七八九十百零".contains(c);
            let rest = part.strip_prefix('第').unwrap_or("?").trim_start_matches(numeral);
            match rest.strip_prefix(['条', '项', '款']) {
                Some(more) => more.is_empty() || is_place(more),
                None => false,
            }
        })
}

#[test]
fn every_basis_is_a_known_law_in_full() {
    let known: BTreeSet<&str> =
        include_str!("../data/bases.txt").lines().filter(|line| line.starts_with('《')).collect();
    let mut used = BTreeSet::new();
    for catalogue in all() {
        for line in &catalogue.lines {
            for one in line.basis.split('；') {
                let name = names(one)[0].to_owned();
                let place = one.strip_prefix(&name).unwrap_or_else(|| panic!("{}: {one}", line.code));
                assert!(is_place(place), "{}: {one}", line.code);
                assert!(known.contains(name.as_str()), "{}: {name} is not in bases.txt", line.code);
                used.insert(name);
            }
        }
    }
    let unused: Vec<_> = known.iter().filter(|name| !used.contains(**name)).collect();
    assert!(unused.is_empty(), "{unused:?}");
    for gone in ["物权法", "收养法", "执业医师法", "环境噪声污染防治法", "扶贫开发"] {
        assert!(used.iter().all(|name| !name.contains(gone)), "{gone} is repealed");
    }
}

/// Time limits that state days, counted from the making: how many, and whether working days.
const STATED: &[(&str, u32, bool)] = &[
    ("信息形成或者变更之日起20个工作日内", 20, true),
    ("作出决定之日起7个工作日内", 7, true),
    ("作出决定之日起20个工作日内", 20, true),
    ("制定或者获取信息之日起10个工作日内", 10, true),
    ("检查结束之日起20个工作日内", 20, true),
    ("批准后20日内", 20, false),
    ("批复后20日内", 20, false),
    ("批准后20个工作日内", 20, true),
    ("办结后20个工作日内", 20, true),
    ("发放后20个工作日内", 20, true),
    ("分配结果确定后20个工作日内", 20, true),
    ("收到批准文件之日起15个工作日内", 15, true),
    ("收到评标报告之日起3日内", 3, false),
    ("中标、成交供应商确定之日起2个工作日内", 2, true),
    ("合同签订之日起2个工作日内", 2, true),
    ("出让活动结束后10个工作日内", 10, true),
];

/// Time limits that state none: at once, by turns, how long something is shown, before something else, as another law says.
/// The 20 working days of article 26 hold for these.
const SILENT: &[&str] = &[
    "及时公开",
    "及时公布",
    "及时公告",
    "实时公开",
    "与文件同步公开",
    "与文件同步，最迟3个工作日内",
    "会议结束后及时公开",
    "批复后及时公开",
    "受理和审批后及时公开",
    "每月",
    "每季度",
    "按季或者按半年",
    "每学期",
    "每年",
    "每年招生前",
    "每年1月31日前",
    "每年3月31日前",
    "公示期内",
    "公示7日",
    "公示不少于5个工作日",
    "公告不少于20个工作日",
    "公告不少于30日",
    "预公告不少于10个工作日",
    "征求意见不少于30日",
    "征求意见一般不少于30日",
    "报送审批前公告，不少于30日",
    "公告规定的期限内",
    "活动前公开",
    "听证7个工作日前",
    "出让活动开始20日前公告",
    "采购活动开始30日前公开",
    "收到申请之日起20个工作日内",
    "法定公告时限内",
    "按招标投标的法定时限",
    "按政府采购法规定的时限",
    "按法律援助法规定的时限",
];

#[test]
fn every_time_limit_is_read_as_meant() {
    let mut used = BTreeSet::new();
    for catalogue in all() {
        for line in &catalogue.lines {
            let limit = line.time_limit.as_str();
            let known = STATED.iter().find(|(text, ..)| *text == limit);
            assert!(
                known.is_some() || SILENT.contains(&limit),
                "{}: “{limit}” is a new kind of time limit; say in this list what it means",
                line.code
            );
            assert_eq!(stated(limit), known.map(|(_, days, working)| (*days, *working)), "{limit}");
            used.insert(limit.to_owned());
        }
    }
    let of = |text: &&str| !used.contains(*text);
    let unused: Vec<_> = STATED.iter().map(|(text, ..)| text).chain(SILENT).filter(|text| of(text)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn decisions_on_licenses_and_penalties_are_out_in_7_working_days() {
    for field in field_catalogues().unwrap() {
        for line in &field.lines {
            if line.basis.contains("《中华人民共和国行政处罚法》第四十八条") {
                assert_eq!(line.time_limit, "作出决定之日起7个工作日内", "{}", line.code);
            }
            if line.basis.contains("《中华人民共和国预算法》第十四条") && line.category == "budgets"
            {
                let days = stated(&line.time_limit).map(|(days, _)| days);
                assert_eq!(days, Some(20), "{}", line.code);
            }
        }
    }
}

#[test]
fn each_kind_of_agency_has_the_lines_of_articles_20_and_21() {
    let own = |name: &str| -> BTreeSet<String> {
        let lines = ["common", name].into_iter().flat_map(|name| starting(name).unwrap().lines);
        lines.map(|line| line.category).collect()
    };
    // A bureau publishes what its own work brings: these two approve no projects and inspect nothing of item 13.
    let elsewhere: &[(&str, &[Category])] = &[
        ("district_office", &[]),
        ("town", &[]),
        ("subdistrict", &[]),
        ("bureau_finance", &[Category::MajorProjects, Category::Emergencies]),
        ("bureau_civil_affairs", &[Category::MajorProjects, Category::Emergencies, Category::Inspections]),
    ];
    for (name, not) in elsewhere {
        let own = own(name);
        for duty in Category::ALL {
            assert_eq!(own.contains(duty.code()), !not.contains(duty), "{name}: {}", duty.label());
        }
    }
    for name in ["district_office", "subdistrict"] {
        for duty in CountyDuty::ALL {
            assert!(own(name).contains(duty.code()), "{name}: {}", duty.label());
        }
    }
    for duty in TownshipDuty::ALL {
        assert!(own("town").contains(duty.code()), "{}", duty.label());
    }
}

#[test]
fn all_catalogues_go_out_as_a_sheet_and_come_back_the_same() {
    let existing: Vec<_> = all()
        .iter()
        .flat_map(|catalogue| &catalogue.lines)
        .map(|line| (format!("id-{}", line.code), line.content()))
        .collect();
    assert!(existing.len() > 400);
    let contents: Vec<_> = existing.iter().map(|(_, content)| content.clone()).collect();
    let rows = read(&write("青禾区", &contents).unwrap(), "").unwrap();
    let again = rehearse(&rows, &existing);
    assert_eq!((again.unchanged, again.wrong.len(), again.absent.len()), (existing.len(), 0, 0), "{again:?}");
    // Into an empty catalogue every line is new, with its own code.
    let fresh = rehearse(&rows, &[]);
    assert!(fresh.wrong.is_empty(), "{:?}", fresh.wrong);
    assert_eq!(fresh.added, contents);
}
