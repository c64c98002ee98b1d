//! Words of law that were no longer, or not yet, in force when the report was made.

use std::borrow::Cow;
use std::ops::Range;

use gongkai_statute::citation::Citation;
use gongkai_statute::cite;

use super::prose::{Passage, at_phrase};
use super::{Context, Finding, Severity, words};
use crate::model::OfficialForm;

/// Something that is no longer said or cited since reports on a year.
struct Outdated {
    phrases: &'static [&'static str],
    since_reports_on: i16,
    /// What stands in its place.
    now: &'static str,
    basis: Citation,
}

/// The Regulation was revised on 2019-04-03, in force since 2019-05-15; 法释〔2025〕8号 since 2025-06-01.
const OUTDATED: [Outdated; 3] = [
    Outdated {
        phrases: &[
            "公开为原则、不公开为例外",
            "公开为原则，不公开为例外",
            "公开是原则、不公开是例外",
            "公开是原则，不公开是例外",
            "公开为原则不公开为例外",
            "公开是原则不公开是例外",
        ],
        since_reports_on: 2019,
        now: "2019年修订后的提法是“以公开为常态、不公开为例外”",
        basis: cite!(Ogi, 5),
    },
    Outdated {
        phrases: &["国务院令第492号", "国务院第492号令", "国务院492号令", "中华人民共和国国务院令第492号"],
        since_reports_on: 2019,
        now: "2019年修订后的文号是国务院令第711号",
        basis: cite!(Ogi),
    },
    Outdated {
        phrases: &["法释〔2011〕17号"],
        since_reports_on: 2025,
        now: "自2025年6月1日起由法释〔2025〕8号代替",
        basis: cite!(LitigationInterpretation),
    },
];

/// The decree that revised the Regulation in 2019.
const DECREE: u32 = 711;

/// Articles of the Regulation: 56 since 2019.
const ARTICLES: u32 = 56;

pub(super) fn check(context: &Context) -> Vec<Finding> {
    let Some(year) = context.report.year else { return Vec::new() };
    let passages = &context.prose().passages;
    let plains: Vec<Cow<str>> = passages.iter().map(|passage| plain(&passage.text)).collect();
    let cited: Vec<(&Passage, &str)> = passages.iter().zip(plains.iter().map(AsRef::as_ref)).collect();
    let mut findings = Vec::new();
    for outdated in OUTDATED.iter().filter(|outdated| year >= outdated.since_reports_on) {
        // Told once: the same habit of speech elsewhere is the same mistake.
        let place =
            cited.iter().find_map(|(passage, text)| Some((*passage, find_any(text, outdated.phrases)?)));
        if let Some((passage, range)) = place {
            let message = format!("“{}”已经过时：{}", passage.quote(range.clone()), outdated.now);
            findings.push(warning(passage, range, message, outdated.basis.to_string()));
        }
    }
    findings.extend(form_notice(&cited, year));
    for (passage, text) in &cited {
        findings.extend(decree(passage, text));
        findings.extend(articles(passage));
        findings.extend(numbers_from_later(passage, text, year));
    }
    findings
}

fn warning(passage: &Passage, range: Range<usize>, message: String, basis: String) -> Finding {
    at_phrase("citation-outdated", Severity::Warning, passage.at(range), message, basis)
}

fn find_any(text: &str, phrases: &[&str]) -> Option<Range<usize>> {
    let (at, phrase) = words::find_any(text, phrases)?;
    Some(at..at + phrase.len())
}

/// Brackets of document numbers in one shape; every replacement has the length of what it replaces.
fn plain(text: &str) -> Cow<'_, str> {
    // No number of a document, nothing to bring into one shape.
    if !text.contains("号") {
        return Cow::Borrowed(text);
    }
    let bracket = |c: char| match c {
        '﹝' | '【' | '［' | '（' => '〔',
        '﹞' | '】' | '］' | '）' => '〕',
        c => c,
    };
    let mut plain = String::with_capacity(text.len());
    plain.extend(text.chars().map(bracket));
    Cow::Owned(plain)
}

/// The notice that lays down the form: the one for the year of the report must be cited, if any.
fn form_notice<'p>(passages: &[(&'p Passage, &str)], year: i16) -> Option<Finding> {
    let right = OfficialForm::for_year(year);
    let cited = |form: OfficialForm| {
        // 国办公开办函〔2019〕60号, also with square brackets.
        let number = form.official().trim_start_matches("国办公开办函");
        let squared = number.replace('〔', "[").replace('〕', "]");
        let notices = [number, &squared].map(|number| format!("公开办函{number}"));
        passages.iter().find_map(|(passage, text)| {
            notices.iter().find_map(|notice| {
                let at = words::find(text, notice)?;
                let start = if text[..at].ends_with("国办") { at - "国办".len() } else { at };
                Some::<(&'p Passage, _)>((*passage, start..at + notice.len()))
            })
        })
    };
    if cited(right).is_some() {
        return None;
    }
    let wrong = OfficialForm::ALL.into_iter().find(|&form| form != right)?;
    let (passage, range) = cited(wrong)?;
    let message =
        format!("“{}”不是{year}年度报告的格式文件，应为{}", passage.quote(range.clone()), right.official());
    Some(Finding {
        found: Some(wrong.official().into()),
        expected: Some(right.official().into()),
        ..warning(passage, range, message, right.official().to_owned())
    })
}

/// 《条例》（国务院令第771号）: a number that neither version of the Regulation has.
fn decree(passage: &Passage, text: &str) -> Option<Finding> {
    let book = "政府信息公开条例》";
    let (at, number) = text.match_indices(book).find_map(|(at, _)| {
        let behind = text[at + book.len()..].trim_start_matches(['〔', '(', ' ']);
        let behind = behind.strip_prefix("中华人民共和国").unwrap_or(behind);
        let behind = behind.strip_prefix("国务院令").or_else(|| behind.strip_prefix("国令"))?;
        let digits = behind.strip_prefix('第')?.split('号').next()?;
        let number: u32 = digits.parse().ok()?;
        let end = text.len() - behind.len() + '第'.len_utf8() + digits.len() + '号'.len_utf8();
        (![DECREE, 492].contains(&number) && digits.len() <= 4).then_some((at + book.len()..end, number))
    })?;
    // 实施办法 and the like have numbers of their own.
    let title = &text[text[..at.start].rfind('《')?..at.start];
    if title.contains(['<', '〈', '省', '市', '区']) {
        return None;
    }
    let message = format!("《政府信息公开条例》是国务院令第{DECREE}号，不是“{}”", passage.quote(at.clone()));
    Some(Finding {
        found: Some(i64::from(number).into()),
        expected: Some(i64::from(DECREE).into()),
        ..warning(passage, at, message, cite!(Ogi).to_string())
    })
}

/// 《条例》第三十一条 for the annual report is the numbering of 2007; beyond 第五十六条 there is nothing.
fn articles(passage: &Passage) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in ["政府信息公开条例》第", "《条例》第", "《条例》）第"] {
        if words::find(&passage.text, name).is_none() {
            continue;
        }
        for (at, _) in passage.text.match_indices(name) {
            // 实施〈条例〉办法 is another text.
            let book = passage.text[..at].rfind('《').map_or("", |open| &passage.text[open..at]);
            if name.starts_with('政') && book.contains(['<', '〈', '施', '省', '市', '区']) {
                continue;
            }
            let from = at + name.len() - '第'.len_utf8();
            let Some((article, to)) = article(&passage.text, from) else { continue };
            let clause = &passage.text[passage.clause_around(at)];
            let on_report = clause.contains("年度报告")
                && ["编制", "公布", "发布", "制定"].iter().any(|word| clause.contains(word));
            let now = match article {
                31 | 32 if on_report => "2019年修订后，年度报告的规定在第四十九条和第五十条".to_owned(),
                article if article > ARTICLES => format!("条例共{ARTICLES}条，没有这一条"),
                _ => continue,
            };
            let range = at..to;
            let message = format!("“{}”引用的条文不对：{now}", passage.quote(range.clone()));
            findings.push(warning(passage, range, message, cite!(Ogi, 50).to_string()));
        }
    }
    findings
}

/// 第三十一条, 第31条: the number, and where it ends.
fn article(text: &str, from: usize) -> Option<(u32, usize)> {
    let rest = text[from..].strip_prefix('第')?;
    let end = rest.find('条').filter(|&end| end <= 12)?;
    let number = super::numerals::number(&rest[..end])?;
    Some((number, from + '第'.len_utf8() + end + '条'.len_utf8()))
}

/// A document number of a year in which the report was long published.
fn numbers_from_later(passage: &Passage, text: &str, year: i16) -> Vec<Finding> {
    if !text.contains("号") || text.contains(['[', ']']) {
        return Vec::new();
    }
    let numbers = text.match_indices('〔').filter_map(|(at, open)| {
        let digits = text.get(at + open.len()..at + open.len() + 4)?;
        let of: i16 = digits.parse().ok().filter(|of| (year + 2..2200).contains(of))?;
        let behind = text[at + open.len() + 4..].strip_prefix('〕')?;
        let length = behind.bytes().take_while(u8::is_ascii_digit).count();
        behind[length..].starts_with('号').then_some(())?;
        let end = text.len() - behind.len() + length + '号'.len_utf8();
        (length > 0).then_some((of, at..end))
    });
    numbers
        .map(|(of, range)| {
            let message = format!(
                "文号“{}”是{of}年的，{year}年度报告公布时还没有这份文件",
                passage.quote(range.clone())
            );
            warning(passage, range, message, super::contents_basis())
        })
        .collect()
}
