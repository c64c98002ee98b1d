//! A text that ends too early is told once, wherever it was cut; and no number before the cut is read wrong.
#![allow(clippy::unwrap_used)]

mod layouts;

use gongkai_report::{Content, OfficialForm, Section, Severity, read};
use layouts::{Layout, Loose, dense, print, print_loose};

const OVERVIEW: &str = "2031年，本机关认真贯彻落实《条例》，扎实推进政府信息公开各项工作，取得了新的进展，现将有关情况报告如下。\n\
     （一）主动公开。全年通过门户网站主动公开政府信息64条，其中文件12条、动态52条。\n\
     （二）依申请公开。政府信息公开申请的办理情况见第三部分的表格，均在法定期限内答复。\n\
     （三）政府信息管理。严格执行信息发布审核制度，动态调整公开目录。\n\
     （四）平台建设。加强门户网站和政务新媒体建设，优化专栏设置。\n\
     （五）监督保障。将政务公开纳入年度工作考核，接受社会评议，未发生责任追究情形。";

#[test]
fn every_cut_is_told_once() {
    for form in OfficialForm::ALL {
        let mut right = dense(form, 3);
        right.set_section(Section::Overview, OVERVIEW);
        for text in [
            print(&right, Layout::RaggedTabs),
            print(&right, Layout::Pipes),
            print(&right, Layout::Markdown),
            print_loose(&right, Loose::CellPipes),
            print_loose(&right, Loose::Paragraphs),
        ] {
            let end = text.find("五、存在").unwrap();
            let from = text.find("一、总体情况").unwrap() + 700;
            let cuts = (from..end).filter(|cut| text.is_char_boundary(*cut));
            for cut in cuts.step_by(61) {
                let reading = read(&text.as_bytes()[..cut], "x.txt").unwrap();
                let tail: String =
                    text[..cut].chars().rev().take(40).collect::<Vec<_>>().iter().rev().collect();
                let findings: Vec<_> =
                    reading.check(None).into_iter().filter(|f| f.severity != Severity::Info).collect();
                // The row that was cut may have several readings left, which are named.
                let rules: Vec<_> = findings
                    .iter()
                    .map(|finding| finding.rule)
                    .filter(|rule| !["row-shape", "row-jammed"].contains(rule))
                    .collect();
                // The table of part 四 may be whole; then only parts 五 and 六 are missing.
                let last_table_is_whole = rules == ["section-missing"; 2] && cut + 80 > end;
                assert!(rules == ["text-truncated"] || last_table_is_whole, "{tail}\n{findings:#?}");
                for view in right.cells() {
                    let found = &reading.report.get(view.address).unwrap().content;
                    let kept = *found == view.cell.content || matches!(found, Content::Lost | Content::Blank);
                    assert!(kept, "{}: {found:?}\n{tail}", view.address);
                }
            }
        }
    }
}
