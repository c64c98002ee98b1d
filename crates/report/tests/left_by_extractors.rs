//! What programs that take the text out of a page leave of a report: blanks, runs of pipes, lost characters, no title.
#![allow(clippy::unwrap_used)]

use gongkai_report::model::{
    ApplicantColumn, CellAddress, Content, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow, RequestRow,
};
use gongkai_report::{Reading, read};

fn reading(text: &str) -> Reading {
    read(text.as_bytes(), "x.txt").unwrap()
}

fn proactive(reading: &Reading, row: ProactiveRow) -> Vec<Content> {
    reading.report.proactive.row(row).map(|(_, cell)| cell.content.clone()).collect()
}

fn requests(reading: &Reading, row: RequestRow) -> Vec<Content> {
    reading.report.requests.row(row).map(|(_, cell)| cell.content.clone()).collect()
}

fn counts<const N: usize>(counts: [i64; N]) -> Vec<Content> {
    counts.map(Content::Count).to_vec()
}

fn rules(reading: &Reading) -> Vec<&'static str> {
    reading.check(None).iter().map(|finding| finding.rule).collect()
}

const OLD_TABLE: &str = "青禾区民政局2020年政府信息公开工作年度报告
一、总体情况
二、主动公开政府信息情况
第二十条第(一)项 |
|||
信息内容 |
本年新制作数量 |
本年新公开数量 |
对外公开总数量 |
规章 |
|||
规范性文件 |
|||
第二十条第(五)项 |
|||
信息内容 |
上一年项目数量 |
本年增/减 |
处理决定数量 |
行政许可 |
8 |
减3 |
7 |
其他对外管理服务事项 |
|||
第二十条第(六)项 |
|||
信息内容 |
上一年项目数量 |
本年增/减 |
处理决定数量 |
行政处罚 |
|
+12 |
9 |
行政强制 |
|||
三、收到和处理政府信息公开申请情况
四、政府信息公开行政复议、行政诉讼情况
五、存在的主要问题及改进情况
六、其他需要报告的事项
无。
";

/// The extractor leaves nothing of cells that are empty but their pipes.
#[test]
fn a_run_of_pipes_behind_a_label_is_a_row_of_blanks() {
    let reading = reading(OLD_TABLE);
    let [licenses, penalties] =
        [ProactiveRow::Licenses, ProactiveRow::Penalties].map(|row| proactive(&reading, row));
    assert_eq!(licenses, counts([8, -3, 7]));
    assert_eq!(penalties, [Content::Blank, Content::Count(12), Content::Count(9)]);
    for row in [ProactiveRow::Rules, ProactiveRow::NormativeDocuments, ProactiveRow::Compulsions] {
        assert_eq!(proactive(&reading, row), vec![Content::Blank; 3], "{row:?}");
    }
    assert!(!rules(&reading).contains(&"table-values-lost"));
}

#[test]
fn blanks_between_pipes_keep_their_columns_where_every_row_has_seven_cells() {
    let blanks = " |".repeat(6);
    let text = format!(
        "青禾区民政局2031年政府信息公开工作年度报告
一、总体情况
三、收到和处理政府信息公开申请情况
商业 | 科研 | 社会公益组织 | 法律服务机构 | 其他 |
企业 | 机构 |
一、本年新收政府信息公开申请数量 | 3 | | | | | | 3 |
二、上年结转政府信息公开申请数量 |{blanks} 0 |
三、本年度办理结果 | (一)予以公开 |{blanks} 2 |
| (二)部分公开 | | 1 | | | | | 1 |
| (三)不予公开 | 1.属于国家秘密 |{blanks} 0 |
| | 2.其他法律行政法规禁止公开 |{blanks} 0 |
| | 3.危及“三安
"
    );
    let reading = reading(&text);
    let total = |row| reading.report.requests.count(row, ApplicantColumn::Total);
    assert_eq!(total(RequestRow::CarriedFromLastYear), Some(0));
    assert_eq!(total(RequestRow::Disclosed), Some(2));
    let mut partly = vec![Content::Blank; 7];
    (partly[1], partly[6]) = (Content::Count(1), Content::Count(1));
    assert_eq!(requests(&reading, RequestRow::PartlyDisclosed), partly);
}

/// 规章 is lost: its three values stand before the first label, and shift nothing.
#[test]
fn values_whose_label_is_lost_do_not_take_the_table_with_them() {
    let reading = reading(
        "青禾区白露镇2031年政府信息公开工作年度报告
一、总体情况
二、主动公开政府信息情况
信息内容
本年制发件数
本年废止件数
现行有效件数
1
2
3
行政规范性文件
4
5
6
信息内容
本年处理决定数量
政许可
7
信息内容
本年处理决定数量
行政处罚
8
行政强制
9
信息内容
本年收费金额单位:万元
行政事业性收费
0
、行政机关收到和处理政府信息公开申请情况
、本年新收政府信息公开申请数量
3
0
0
0
0
0
3
、上年结转政府信息公开申请数量
0
0
0
0
0
0
0
",
    );
    assert_eq!(proactive(&reading, ProactiveRow::Rules), vec![Content::Lost; 3]);
    assert_eq!(proactive(&reading, ProactiveRow::NormativeDocuments), counts([4, 5, 6]));
    for (row, decisions) in
        [(ProactiveRow::Licenses, 7), (ProactiveRow::Penalties, 8), (ProactiveRow::Compulsions, 9)]
    {
        let cell = CellAddress::Proactive(row, ProactiveColumn::Decisions);
        assert_eq!(reading.report.get(cell).unwrap().count(), Some(decisions));
    }
    assert_eq!(requests(&reading, RequestRow::Received), counts([3, 0, 0, 0, 0, 0, 3]));
    assert!(rules(&reading).contains(&"row-missing"));
}

/// One page of a report: what stands below the heading of a later part belongs to no earlier table.
#[test]
fn a_table_without_a_heading_takes_nothing_from_a_later_part() {
    let reading = reading(
        "青禾区审计局2031年政府信息公开工作年度报告
四、政府信息公开行政复议、行政诉讼情况
行政复议 行政诉讼
未经复议直接起诉 复议后起诉
结 结 其 尚
结 结 其 尚 结 结 其 尚
果 果 他 未
总计 果 果 他 未 总 果 果 他 未 总
维 纠 结 审
维 纠 结 审 计 维 纠 结 审 计
持 正 果 结
持 正 果 结 持 正 果 结
1 0 0 0 1 0 0 0 0 0 0 0 0 0 0
五、存在的主要问题及改进情况
",
    );
    let upheld = CellAddress::Remedies(RemedyRow::Reconsideration, RemedyColumn::Upheld);
    assert_eq!(reading.report.get(upheld).unwrap().count(), Some(1));
    assert!(!rules(&reading).contains(&"row-shape"));
}

#[test]
fn agency_and_year_where_the_page_has_no_title() {
    for (text, agency, year) in [
        ("一、总体情况\n现公布柳林街道2031年度政府信息公开工作年度报告。", Some("柳林街道"), Some(2031)),
        (
            "本报告所列数据的统计期限自2031年1月1日起至2031年12月31日止。\n一、总体情况\n我镇公开信息3条。",
            None,
            Some(2031),
        ),
        ("一、总体情况\n2031年,我镇公开信息3条。", None, Some(2031)),
        (
            "发布机构: | 青禾区民政局 | 发文日期: | 2032-01-08 |\n一、总体情况\n2031年公开信息3条。",
            Some("青禾区民政局"),
            Some(2031),
        ),
        ("一、总体情况\n公开信息3条，其中2030年信息公开年报1条。", None, None),
    ] {
        let text = format!("{text}\n二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n");
        let report = reading(&text).report;
        assert_eq!((report.agency.as_deref(), report.year), (agency, year), "{text}");
    }
}

/// A mirror site: traditional characters, everything in one line.
#[test]
fn headings_in_traditional_characters_within_one_line() {
    let reading = reading(
        "一、總體情況 特向社會公布2031年青禾區民政局政府信息公開工作年度報告。 二、主動公開政府信息情況 三、收到和處理政府信息公開申請情況 四、政府信息公開行政復議、行政訴訟情況 五、存在的主要問題及改進情況 公開不夠及時。 六、其他需要報告的事項 無。",
    );
    assert_eq!(reading.report.year, Some(2031));
    for section in gongkai_report::Section::ALL {
        assert!(reading.report.sections.paragraphs(section).is_some(), "{section:?}");
    }
}

/// The old table in one run, one value lost: the unit behind the last value is the table's, not prose.
#[test]
fn the_unit_of_the_last_value_stays_with_it_where_another_is_lost() {
    for (printed, amount) in [("251000元", "251000元"), ("27.5万元", "27.5万元"), ("251000", "251000")]
    {
        let text = format!(
            "青禾区白露镇人民政府2019年政府信息公开工作年度报告\n一、总体情况\n二、主动公开政府信息情况\n\
             第二十条第（一）项 信息内容 本年新制作数量 本年新公开数量 对外公开总数量 规章 27 41 〔缺〕 规范性文件 29 8 0 \
             第二十条第（五）项 信息内容 上一年项目数量 本年增/减 处理决定数量 行政许可 0 7 29 其他对外管理服务事项 15 -13 31 \
             第二十条第（六）项 信息内容 上一年项目数量 本年增/减 处理决定数量 行政处罚 47 4 46 行政强制 31 13 11 \
             第二十条第（八）项 信息内容 上一年项目数量 本年增/减 行政事业性收费 0 32 \
             第二十条第（九）项 信息内容 采购项目数量 采购总金额 政府集中采购 33 {printed} \n\
             三、收到和处理政府信息公开申请情况\n"
        );
        let read = proactive(&reading(&text), ProactiveRow::Procurement);
        assert_eq!(read, [Content::Count(33), Content::Amount(amount.into())], "{printed}");
    }
}

/// -90 may be -9 and 0: with a value too few it stands for neither.
#[test]
fn a_change_of_two_digits_beside_a_missing_space_is_not_taken_as_one() {
    let text = "青禾区白露镇人民政府2019年政府信息公开工作年度报告\n一、总体情况\n二、主动公开政府信息情况\n\
                信息内容 上一年项目数量 本年增/减 处理决定数量\n行政许可 4 2 6\n其他对外管理服务事项 3 1 4\n\
                行政处罚 / -90\n行政强制 5 0 5\n";
    let reading = reading(text);
    let change = CellAddress::Proactive(ProactiveRow::Penalties, ProactiveColumn::Change);
    assert_ne!(reading.report.get(change).map(|cell| cell.content.clone()), Some(Content::Count(-90)));
    assert!(!reading.problems.is_empty(), "and that is told");
}

#[test]
fn a_table_without_the_labels_below_its_headings_is_told_once_and_is_of_the_form_of_its_year() {
    let zeros = "\t0".repeat(7);
    let group = |heading: &str, rows: usize| {
        format!("{heading}\t{zeros}\n{}", format!("\t{zeros}\n").repeat(rows - 1))
    };
    let with = |rows: usize| {
        let text = format!(
            "青禾区民政局2031年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n\
             一、本年新收政府信息公开申请数量\t3\t0\t0\t0\t0\t0\t3\n二、上年结转政府信息公开申请数量{zeros}\n\
             三、本年度办理结果\t（一）予以公开\t3\t0\t0\t0\t0\t0\t3\n（二）部分公开{zeros}\n{}{}{}{}\
             （七）总计\t3\t0\t0\t0\t0\t0\t3\n四、结转下年度继续办理{zeros}\n",
            group("（三）不予公开", rows),
            group("（四）无法提供", 3),
            group("（五）不予处理", 5),
            group("（六）其他处理", 3),
        );
        let reading = reading(&text);
        assert_eq!(reading.report.requests.form, Some(gongkai_report::OfficialForm::F2021));
        assert_eq!(requests(&reading, RequestRow::Disclosed), counts([3, 0, 0, 0, 0, 0, 3]));
        assert!(!rules(&reading).contains(&"form-year"));
        reading
    };
    let of_rows = |reading: &Reading| -> Vec<_> {
        let told = rules(reading).into_iter();
        told.filter(|rule| rule.starts_with("row-") || rule.starts_with("values-")).collect()
    };
    // A row is gone, no one knows which.
    let short = with(7);
    assert_eq!(requests(&short, RequestRow::StateSecret), vec![Content::Lost; 7]);
    assert_eq!(requests(&short, RequestRow::Other), vec![Content::Lost; 7]);
    assert_eq!(of_rows(&short), ["row-missing"]);
    // As many rows as the form has, and every sum holds.
    let whole = with(8);
    assert_eq!(requests(&whole, RequestRow::StateSecret), counts([0; 7]));
    assert_eq!(of_rows(&whole), ["values-reconstructed"]);
}

#[test]
fn a_report_older_than_the_forms_is_not_held_against_them() {
    let text = |year: i16| {
        format!(
            "青禾县信访局{year}年政府信息公开工作年度报告\n本报告中所列数据的统计期限是{year}年1月1日至{year}年12月31日。\n\
             一、概述\n按照统一部署，健全组织，明确分工，扎实做好政府信息公开工作。\n二、政府信息主动公开情况\n全年主动公开政府信息62条，其中动态40条、公告22条。\n\
             三、政府信息依申请公开和不予公开情况\n全年未收到政府信息公开申请。\n四、政府信息公开的收费及减免情况\n未收取检索、复印、邮寄等费用。\n\
             五、申请行政复议情况\n全年未发生复议、诉讼和申诉。\n六、存在的主要问题和下步工作措施\n信息公开的内容还需进一步规范。\n"
        )
    };
    assert_eq!(rules(&reading(&text(2015))), ["table-missing"]);
    assert_eq!(reading(&text(2015)).check(None)[0].severity, gongkai_report::Severity::Info);
    let wrong = text(2015).replace("公告22条", "公告32条");
    assert_eq!(rules(&reading(&wrong)), ["table-missing", "prose-sum"]);
    // From 2019 on the form has three tables.
    assert!(reading(&text(2031)).check(None).iter().any(|f| f.severity < gongkai_report::Severity::Info));
}
