//! A number of named things against the list of their names.

use std::ops::Range;

use super::numerals::number;
use super::prose::{Passage, at_phrase};
use super::{Context, Finding, Severity, contents_basis};

/// Things that are named one by one.
const THINGS: [&str; 26] = [
    "平台",
    "渠道",
    "方面",
    "栏目",
    "账号",
    "专栏",
    "专题",
    "环节",
    "板块",
    "版块",
    "领域",
    "部分",
    "阶段",
    "载体",
    "媒体",
    "公众号",
    "网站",
    "部门",
    "单位",
    "科室",
    "社区",
    "专区",
    "站所",
    "类别",
    "新媒体",
    "街道",
];

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for passage in &context.prose().passages {
        findings.extend(lists_behind(passage));
        findings.extend(lists_before(passage));
        findings.extend(ordinals(passage));
    }
    findings
}

fn tell(passage: &Passage, range: Range<usize>, said: u32, named: usize) -> Finding {
    let message = format!("“{}”说的是{said}，列出的是{named}", passage.quote(range.clone()));
    Finding {
        found: Some(i64::from(said).into()),
        expected: i64::try_from(named).ok().map(Into::into),
        ..at_phrase("prose-count", Severity::Warning, passage.at(range), message, contents_basis())
    }
}

/// “3个平台（网站、微博、公众号）”, “账号3个，分别为……”.
fn lists_behind(passage: &Passage) -> Vec<Finding> {
    let text = &passage.text;
    let mut findings = Vec::new();
    for (at, unit) in text.match_indices('个').chain(text.match_indices('家')) {
        let Some((start, said)) = number_before(text, at) else { continue };
        let behind = &text[at + unit.len()..];
        // The list begins behind the noun.
        let near = &behind[..behind.floor_char_boundary(24 + "，分别为".len())];
        let opens = ["（", "，分别为", "，分别是"]
            .iter()
            .filter_map(|open| Some((near.find(open)?, *open)))
            .min_by_key(|(offset, _)| *offset);
        let Some((offset, open)) = opens.filter(|(offset, _)| *offset <= 24) else { continue };
        let noun = &behind[..offset];
        let before = &text[..start];
        let counted =
            THINGS.iter().any(|thing| noun.ends_with(thing) || noun.is_empty() && before.ends_with(thing));
        let close = if open == "（" { "）" } else { "。" };
        let list = &behind[offset + open.len()..];
        let Some(end) = list.find(if close == "）" { ['）', '\n'] } else { ['。', '；'] }) else {
            continue;
        };
        let list = &list[..end];
        // 10个部门（单位、乡镇） explains the word.
        let explains = list
            .split(['、', '，'])
            .any(|name| THINGS.contains(&name) || ["乡镇", "镇", "村", "机构"].contains(&name));
        if !counted || said < 2 || noun.contains(['，', '、']) || !is_plain(list) || explains {
            continue;
        }
        let (fewest, most) = names(list);
        let said_size = usize::try_from(said).unwrap_or(usize::MAX);
        // Further off, the list may only name some.
        let near = fewest.saturating_sub(2)..=most + 2;
        if fewest >= 2 && !(fewest..=most).contains(&said_size) && near.contains(&said_size) {
            let named = if said_size < fewest { fewest } else { most };
            let list_end = at + unit.len() + offset + open.len() + end;
            findings.push(tell(passage, start..list_end, said, named));
        }
    }
    findings
}

/// “网站、微博、公众号四个平台”: fewer names than said. More may belong to the words before the list.
fn lists_before(passage: &Passage) -> Vec<Finding> {
    let text = &passage.text;
    let mut findings = Vec::new();
    for (at, unit) in text.match_indices('个').chain(text.match_indices('大')) {
        let Some((start, said)) = number_before(text, at) else { continue };
        let noun = &text[at + unit.len()..];
        let Some(thing) = THINGS.iter().find(|thing| noun.starts_with(**thing)) else { continue };
        let clause = text[..start]
            .rfind(['，', '；', '：', '。', '（', '）', '\n'])
            .map_or(0, |found| found + text[found..].chars().next().map_or(1, char::len_utf8));
        let list = &text[clause..start];
        // “在微博、抖音开设三个账号” counts something else than the list.
        const OTHERWISE: [&str; 37] = [
            "共", "的", "有", "计", "设", "建", "这", "开设", "设立", "设置", "建立", "新增", "公开", "发布",
            "覆盖", "打造", "运营", "选取", "确定", "整合", "下设", "开通", "完成", "梳理", "编制", "推进",
            "优化", "更新", "围绕", "聚焦", "成立", "关停", "关闭", "检查", "抽查", "开展", "分",
        ];
        if !list.contains('、')
            || !is_plain(list)
            || list.contains(|c: char| "两三四五六七八九十".contains(c))
            || OTHERWISE.iter().any(|word| list.ends_with(word))
        {
            continue;
        }
        let (_, most) = names(list);
        // Names in quotation marks may follow one another without a comma.
        let quoted = list.matches('“').count().max(list.matches('《').count());
        let most = most.max(quoted);
        // Further off, the list may only name some.
        if usize::try_from(said) == Ok(most + 1) {
            let end = at + unit.len() + thing.len();
            findings.push(tell(passage, clause..end, said, most));
        }
    }
    findings
}

/// “存在三个方面的问题：一是……；二是……。”
fn ordinals(passage: &Passage) -> Vec<Finding> {
    const WHAT: [&str; 10] =
        ["方面", "问题", "不足", "短板", "困难", "措施", "举措", "重点工作", "薄弱环节", "方面工作"];
    const ORDINALS: [&str; 10] =
        ["一是", "二是", "三是", "四是", "五是", "六是", "七是", "八是", "九是", "十是"];
    let text = &passage.text;
    let mut findings = Vec::new();
    let mut last = 0;
    for (at, opening) in text.match_indices("：一是") {
        let before = &text[last..at];
        let from = before
            .rfind(['。', '；', '\n'])
            .map_or(last, |found| last + found + before[found..].chars().next().map_or(1, char::len_utf8));
        last = at + opening.len();
        let clause = &text[from..at];
        // The last number of the clause, with what it counts.
        let said =
            clause.match_indices('个').chain(clause.match_indices("方面")).filter_map(|(unit, word)| {
                let (start, said) = number_before(text, from + unit)?;
                let noun = if word == "个" { &clause[unit + word.len()..] } else { &clause[unit..] };
                let counted = WHAT.iter().any(|what| noun.starts_with(what)) && noun.chars().count() <= 10;
                counted.then_some((start, said))
            });
        let Some((start, said)) = said.last().filter(|(_, said)| (2..=10).contains(said)) else { continue };
        let mut place = at + '：'.len_utf8();
        // Up to where the ordinals begin anew.
        let limit = text[place + ORDINALS[0].len()..]
            .find("一是")
            .map_or(text.len(), |next| place + ORDINALS[0].len() + next);
        let mut named = 0;
        for ordinal in ORDINALS {
            let Some(found) = text[place..limit].find(ordinal) else { break };
            place += found + ordinal.len();
            named += 1;
        }
        if named >= 2 && named != usize::try_from(said).unwrap_or(0) {
            findings.push(tell(passage, start..at, said, named));
        }
    }
    findings
}

/// The number that ends at `end`, and where it begins.
fn number_before(text: &str, end: usize) -> Option<(usize, u32)> {
    let is_numeral = |c: char| c.is_ascii_digit() || "一二两三四五六七八九十".contains(c);
    let head = &text[..end];
    let start =
        head.len() - head.chars().rev().take_while(|c| is_numeral(*c)).map(char::len_utf8).sum::<usize>();
    // 第三个, 近十个, 1.5个 are no counts.
    let no_count = head[..start]
        .ends_with(['第', '近', '约', '.', '余', '超', '过', '数', '几', '这', '每', '各', '等']);
    (start < end && !no_count).then_some(())?;
    Some((start, number(&head[start..])?))
}

/// Names only: no numbers, no 等, no explanations.
fn is_plain(list: &str) -> bool {
    const NOT_PLAIN: [&str; 12] =
        ["等", "其中", "如", "包括", "含", "其他", "以及各", "各", "及其", "涉及", "例", "所属"];
    !list.contains(|c: char| c.is_ascii_digit() || matches!(c, '（' | '）' | '：' | '；' | '\n'))
        && !NOT_PLAIN.iter().any(|word| list.contains(word))
}

/// How many names a list has: at least, and at most if every 和 joins two.
fn names(list: &str) -> (usize, usize) {
    let list = list.replace('，', "、");
    let parts = list.split('、').filter(|part| !part.is_empty()).count();
    let joined = ["和", "及", "与", "暨"].iter().map(|word| list.matches(word).count()).sum::<usize>();
    (parts, parts + joined)
}
