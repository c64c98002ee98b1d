//! Generated reports of both forms, with every state a cell can be in.
#![allow(clippy::unwrap_used, dead_code, unreachable_pub)]

use gongkai_report::model::{Cell, Paragraph, ProactiveColumn, TableName};
use gongkai_report::{CellAddress, Content, OfficialForm, Report, Section};
use proptest::prelude::*;
use proptest::sample::select;

/// Reports as somebody may have written them: prose in any part, totals that may be wrong, cells that are blank, an
/// explicit none or lost.
pub fn reports() -> impl Strategy<Value = Report> {
    let years = prop_oneof![2019_i16..=2020, 2021_i16..=2034];
    let agency = select(vec!["青禾区白露镇人民政府", "青禾区财政局", "青禾区卫生健康和人口发展委员会"]);
    (years, agency, prose(3), prop::collection::vec(prose(5), 6), any::<bool>()).prop_flat_map(
        |(year, agency, lead, sections, is_whole)| {
            let mut report = Report::new(agency, year);
            report.lead = paragraphs(&lead);
            for (section, prose) in Section::ALL.into_iter().zip(&sections) {
                report.set_section(section, &prose.join("\n"));
            }
            let addresses: Vec<CellAddress> = report.cells().map(|view| view.address).collect();
            let contents: Vec<_> = addresses.iter().map(|address| content(*address, is_whole)).collect();
            (Just(report), Just(addresses), contents, any::<bool>()).prop_map(
                |(mut report, addresses, contents, has_totals)| {
                    for (address, content) in addresses.into_iter().zip(contents) {
                        report.put(address, Cell::new(content));
                    }
                    if has_totals {
                        report.derive_totals();
                    }
                    report
                },
            )
        },
    )
}

/// A report in which every state of a cell stands in every table.
pub fn with_all_states(form: OfficialForm) -> Report {
    let mut report = super::layouts::dense(form, 11);
    for table in TableName::ALL {
        let cells: Vec<_> =
            report.cells().map(|view| view.address).filter(|cell| cell.table() == *table).collect();
        let states = [Content::Blank, Content::ExplicitNone, Content::Lost, Content::Count(0)];
        for (address, state) in cells.into_iter().zip(states) {
            report.put(address, Cell::new(state));
        }
    }
    report
}

fn content(address: CellAddress, is_whole: bool) -> BoxedStrategy<Content> {
    let value = match address {
        CellAddress::Proactive(_, ProactiveColumn::Amount10kCny) => {
            select(vec!["0", "12", "3.5", "1203.07", "0.10"])
                .prop_map(|a| Content::Amount(a.to_owned()))
                .boxed()
        }
        CellAddress::Proactive(_, ProactiveColumn::Amount) => {
            select(vec!["251000元", "27.5万元", "0"]).prop_map(|a| Content::Amount(a.to_owned())).boxed()
        }
        CellAddress::Proactive(_, ProactiveColumn::Change) => (-40_i64..40).prop_map(Content::Count).boxed(),
        _ => prop_oneof![3 => Just(0_i64), 6 => 0_i64..50, 1 => 0_i64..2_000_000]
            .prop_map(Content::Count)
            .boxed(),
    };
    if is_whole {
        return value;
    }
    let without = select(vec![Content::Blank, Content::ExplicitNone, Content::Lost]);
    prop_oneof![12 => value, 1 => without].boxed()
}

/// Paragraphs that no reader can take for a heading, a title or a row of a table.
fn prose(most: usize) -> impl Strategy<Value = Vec<String>> {
    let start = select(vec![
        "（一）主动公开。",
        "一是压实责任，",
        "2. 全年",
        "本机关",
        "“十四五”以来，",
        "<b>加粗</b>与&amp;，",
    ]);
    let middle = select(vec![
        "主动公开政府信息六十四条",
        "a < b && b > c",
        "对“\"引号'\"”和𠮷、㎡、①",
        "访问https://www.example.cn/?a=1&b=2",
        "]]><!-- x -->",
        "办理“三类内部事务信息”以外的申请",
    ]);
    let sentence = (start, prop::collection::vec(middle, 1..4))
        .prop_map(|(start, middle)| format!("{start}{}。", middle.join("，")));
    prop::collection::vec(sentence, 0..=most)
}

fn paragraphs(texts: &[String]) -> Vec<Paragraph> {
    texts.iter().map(|text| Paragraph { text: text.clone(), at: None }).collect()
}

/// Where two reports differ, in few words: a whole report is too long to look at.
pub fn differences(written: &Report, read: &Report) -> Vec<String> {
    let mut found = Vec::new();
    let mut tell = |place: &str, one: String, other: String| {
        if one != other {
            found.push(format!("{place}: {one} became {other}"));
        }
    };
    let words = |paragraphs: Option<&[Paragraph]>| {
        format!("{:?}", paragraphs.map(|all| all.iter().map(|p| p.text.clone()).collect::<Vec<_>>()))
    };
    tell("agency", format!("{:?}", written.agency), format!("{:?}", read.agency));
    tell("year", format!("{:?}", written.year), format!("{:?}", read.year));
    tell("lead", words(Some(&written.lead)), words(Some(&read.lead)));
    for section in Section::ALL {
        let of = |report: &Report| words(report.sections.paragraphs(section));
        tell(section.code(), of(written), of(read));
    }
    for table in TableName::ALL {
        tell(table.code(), format!("{:?}", written.form(*table)), format!("{:?}", read.form(*table)));
    }
    for view in written.cells() {
        let of = |report: &Report| format!("{:?}", report.get(view.address).map(|cell| cell.content.clone()));
        tell(&view.address.to_string(), of(written), of(read));
    }
    if found.is_empty() && written != read {
        found.push("something else differs".to_owned());
    }
    found
}
