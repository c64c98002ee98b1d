//! Correct prose in many phrasings is silent; one wrong number is told once, and where it stands.
#![allow(clippy::unwrap_used)]

use gongkai_report::model::{ApplicantColumn, RequestRow, Section};
use gongkai_report::{CellAddress, Finding, Report, Severity, check};
use proptest::prelude::*;

/// A sentence with numbers: each number in the text between ⟨ ⟩, with what may be broken marked by its place.
#[derive(Debug, Clone)]
struct Told {
    /// The whole text with ⟨n⟩ marks.
    marked: String,
}

impl Told {
    /// The text with the `broken`th number raised by `by`, and the sentence in which that number stands.
    fn with(&self, broken: Option<usize>, by: i64) -> (String, Option<String>) {
        let mut text = String::new();
        let mut nth = 0;
        let mut around = None;
        for sentence in self.marked.split_inclusive('。') {
            let mut plain = String::new();
            let mut hit = false;
            let mut rest = sentence;
            while let Some((before, after)) = rest.split_once('⟨') {
                let (number, behind) = after.split_once('⟩').unwrap();
                plain += before;
                let value: i64 = number.parse().unwrap();
                if broken == Some(nth) {
                    plain += &(value + by).to_string();
                    hit = true;
                } else {
                    plain += number;
                }
                nth += 1;
                rest = behind;
            }
            plain += rest;
            if hit {
                around = Some(plain.clone());
            }
            text += &plain;
        }
        (text, around)
    }

    fn numbers(&self) -> usize {
        self.marked.matches('⟨').count()
    }
}

const KINDS: [&str; 8] = [
    "公示公告",
    "镇街动态",
    "部门决算",
    "建议提案办理",
    "乡村振兴",
    "社会救助与福利",
    "工作计划及工作总结",
    "阳光村（居）务",
];

fn share(part: i64, whole: i64) -> String {
    // Two places, halves up.
    let digits = (part * 20_000 + whole) / (whole * 2);
    format!("{}.{:02}%", digits / 100, digits % 100)
}

/// Published items: a whole and its parts in one of many phrasings.
fn releases(parts: &[i64], phrasing: usize) -> Told {
    let total: i64 = parts.iter().sum();
    let named = |joint: &str| {
        let all: Vec<String> =
            parts.iter().zip(KINDS).map(|(part, kind)| format!("{kind}⟨{part}⟩条")).collect();
        all.join(joint)
    };
    let marked = match phrasing {
        0 => format!("2031年，通过网站公开各类信息⟨{total}⟩条，其中{}。", named("、")),
        1 => format!("截至12月底，共主动公开信息 ⟨{total}⟩ 条，其中{}。", named("，")),
        2 => format!("全年公开信息⟨{total}⟩条（其中：{}），较上年增加23条。", named("，")),
        3 => format!("全年公开信息⟨{total}⟩条：{}；回应群众投诉25条，转发信息361条。", named("、")),
        4 => format!("公开{}，共计⟨{total}⟩条。", named("、")),
        5 => format!("公开信息⟨{total}⟩条，较上年增加10条，其中{}，浏览量约3000次。", named("、")),
        6 => {
            let (last, first) = parts.split_last().unwrap();
            let listed: Vec<String> =
                first.iter().zip(KINDS).map(|(part, kind)| format!("{kind}⟨{part}⟩条")).collect();
            format!("公开信息⟨{total}⟩条，其中{}和其他信息⟨{last}⟩条。", listed.join("、"))
        }
        _ => {
            let nested = parts[0];
            let rest: Vec<String> =
                parts[1..].iter().zip(KINDS).map(|(part, kind)| format!("{kind}⟨{part}⟩条")).collect();
            format!(
                "公开信息⟨{total}⟩条，其中网站⟨{nested}⟩条（其中动态⟨{}⟩条、公告⟨{}⟩条）、{}。",
                nested / 2,
                nested - nested / 2,
                rest.join("、")
            )
        }
    };
    Told { marked }
}

/// Requests as the tables have them.
#[derive(Debug, Clone)]
struct Requests {
    report: Report,
    received: i64,
    carried: i64,
    closed: i64,
    next: i64,
    disclosed: i64,
    partly: i64,
    not_held: i64,
}

fn requests(carried: i64, disclosed: i64, partly: i64, not_held: i64, next: i64) -> Requests {
    let closed = disclosed + partly + not_held;
    let received = (closed + next - carried).max(0);
    let carried = closed + next - received;
    let mut report = Report::new("青禾区白露镇民政局", 2031);
    for (row, count) in [
        (RequestRow::Received, received),
        (RequestRow::CarriedFromLastYear, carried),
        (RequestRow::Disclosed, disclosed),
        (RequestRow::PartlyDisclosed, partly),
        (RequestRow::NotHeld, not_held),
        (RequestRow::CarriedToNextYear, next),
    ] {
        report.set_count(CellAddress::Requests(row, ApplicantColumn::NaturalPerson), count).unwrap();
    }
    report.derive_totals();
    Requests { report, received, carried, closed, next, disclosed, partly, not_held }
}

fn told_requests(of: &Requests, online: i64, phrasing: usize) -> Told {
    let Requests { received, carried, closed, next, disclosed, partly, not_held, .. } = of;
    let online = online.min(*received);
    let letters = received - online;
    let marked = match phrasing {
        0 => format!(
            "（二）依申请公开情况。2031年，共收到政府信息公开申请⟨{received}⟩件（其中：信函申请⟨{letters}⟩件，网上申请⟨{online}⟩件，当面申请⟨0⟩件），上年结转⟨{carried}⟩件，办结⟨{closed}⟩件（其中：予以公开⟨{disclosed}⟩件、部分公开⟨{partly}⟩件、本机关不掌握相关政府信息⟨{not_held}⟩件），⟨{next}⟩件结转下年度办理。"
        ),
        1 => format!(
            "（二）依申请公开。全年新收政府信息公开申请⟨{received}⟩件，上年结转⟨{carried}⟩件；答复⟨{closed}⟩件，其中予以公开⟨{disclosed}⟩件、部分公开⟨{partly}⟩件、无法提供⟨{not_held}⟩件；结转下年度继续办理⟨{next}⟩件。"
        ),
        2 => format!(
            "全年新收依申请公开⟨{received}⟩件，其中网络渠道⟨{online}⟩件，邮寄⟨{letters}⟩件。上年度结转政府信息公开申请⟨{carried}⟩件。共办结政府信息公开申请⟨{closed}⟩件。结转下一年度政府信息公开申请⟨{next}⟩件。"
        ),
        _ => format!(
            "（二）依申请公开情况。收到公民、法人和其他组织提出的政府信息公开申请⟨{received}⟩件，网上⟨{online}⟩件、信函⟨{letters}⟩件，已办结⟨{closed}⟩件，予以公开⟨{disclosed}⟩件，部分公开⟨{partly}⟩件。"
        ),
    };
    Told { marked }
}

fn of_prose(report: &Report, text: &str) -> Vec<Finding> {
    let mut report = report.clone();
    report.set_section(Section::Overview, text);
    check(&report, None)
        .into_iter()
        .filter(|f| f.severity != Severity::Info && f.rule.starts_with("prose-"))
        .collect()
}

/// One finding, and its quotation is a part of the sentence that was broken.
fn told_once(findings: &[Finding], sentence: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(findings.len(), 1, "{}\n{:#?}", sentence, findings);
    let gongkai_report::At::Text { quote: Some(quote), .. } = &findings[0].at else {
        return Err(TestCaseError::fail(format!("{findings:?}")));
    };
    prop_assert!(sentence.contains(quote.as_str()), "{} in {}", quote, sentence);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sums(
        // From ten on: two fewer of less is more than a fifth of a nested list, which 其中 may leave out unsaid.
        parts in prop::collection::vec(10_i64..400, 3..8),
        phrasing in 0_usize..8,
        nth in 0_usize..9,
        by in prop_oneof![-2_i64..0, 1_i64..3],
    ) {
        let told = releases(&parts, phrasing);
        let report = Report::new("青禾区白露镇民政局", 2031);
        let (text, _) = told.with(None, 0);
        prop_assert_eq!(of_prose(&report, &text), vec![], "{}", text);
        let (text, sentence) = told.with(Some(nth % told.numbers()), by);
        told_once(&of_prose(&report, &text), &sentence.unwrap())?;
    }

    #[test]
    fn requests_in_prose_and_table(
        (carried, disclosed, partly, not_held, next) in (0_i64..20, 2_i64..40, 0_i64..9, 1_i64..9, 0_i64..6),
        online in 0_i64..40,
        phrasing in 0_usize..4,
        nth in 0_usize..12,
        by in 1_i64..4,
    ) {
        let of = requests(carried, disclosed, partly, not_held, next);
        let told = told_requests(&of, online, phrasing);
        let (text, _) = told.with(None, 0);
        prop_assert_eq!(of_prose(&of.report, &text), vec![], "{}", text);
        let (text, sentence) = told.with(Some(nth % told.numbers()), by);
        told_once(&of_prose(&of.report, &text), &sentence.unwrap())?;
    }

    #[test]
    fn shares_and_rates(part in 3_i64..500, rest in 3_i64..500, by in 1_i64..4, wrong in 0_usize..4) {
        let report = Report::new("青禾区白露镇民政局", 2031);
        // Then the wrong part is the whole, and only its share is wrong.
        prop_assume!(wrong != 2 || by != rest);
        let total = part + rest;
        let say = |total: i64, part: i64, rest: i64, percent: &str, done: i64| format!(
            "（二）平台建设。通过热线受理诉求{total}件，其中网络{part}件，占{percent}，电话{rest}件。接到微博投诉{total}条，回复{done}条，回复率100%。"
        );
        let text = say(total, part, rest, &share(part, total), total);
        prop_assert_eq!(of_prose(&report, &text), vec![], "{}", text);
        let (text, sentence) = match wrong {
            0 => (say(total, part, rest, &share(part + 1, total), total), "占"),
            1 => (say(total, part, rest, &share(part, total), total - by.min(total)), "回复"),
            2 => (say(total, part + by, rest, &share(part, total), total), "网络"),
            _ => (say(total, part, rest + by, &share(part, total), total), "件"),
        };
        let findings = of_prose(&report, &text);
        prop_assert_eq!(findings.len(), 1, "{}\n{:#?}", text, findings);
        let gongkai_report::At::Text { quote: Some(quote), .. } = &findings[0].at else { panic!("{findings:?}") };
        // Where another total would heal sum and share alike, the total is told.
        prop_assert!(quote.contains(sentence) || wrong == 2 && quote.contains("受理"), "{} in {}", quote, text);
    }
}
