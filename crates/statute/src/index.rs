//! The index of the law relied on, for `docs/statute-index.md`.

use std::fmt::Write;

use crate::citation::{InstrumentRecord, Provision, all_instruments};
use crate::parameters::Parameter;

/// 依据索引 — every instrument, provision and number the crate relies on, as a Markdown page.
pub fn index_markdown() -> String {
    let mut page = String::from(
        "# 依据索引\n\n本页由 `crates/statute/law/` 生成，不要手改。要旨是自己的话，不是原文；以公布的文本为准。\n\
         “可靠程度”说明我们怎样知道：已读全文、见到摘录，或者只凭记忆、尚待核对。\n\n## 法定数字\n\n\
         | 名称 | 数值 | 自 | 依据 | 可靠程度 |\n|---|---|---|---|---|\n",
    );
    for parameter in Parameter::ALL {
        for sourced in parameter.history() {
            let _ = writeln!(
                page,
                "| {} | {} | {} | {} | {} |",
                parameter.label(),
                shown(*parameter, sourced.value),
                sourced.since,
                sourced.citation,
                sourced.evidence.label()
            );
        }
    }
    for record in all_instruments() {
        instrument(&mut page, record);
    }
    page
}

/// A number as a person reads it: the days of the year are stored as MMDD.
fn shown(parameter: Parameter, value: u32) -> String {
    match parameter {
        Parameter::DepartmentReportDay | Parameter::GovernmentReportDay => {
            format!("{}月{}日", value / 100, value % 100)
        }
        _ => value.to_string(),
    }
}

fn instrument(page: &mut String, record: &InstrumentRecord) {
    let InstrumentRecord { title, number, issued, since, source, evidence, .. } = record;
    let _ = writeln!(
        page,
        "\n## {title}\n\n{number}，{issued}发布，{since}起施行。{}：{source}。\n",
        evidence.label()
    );
    let (whole, places): (Vec<_>, Vec<_>) =
        record.provisions.iter().partition(|provision| provision.citation.locator().is_empty());
    for Provision { gist, .. } in whole {
        let _ = writeln!(page, "{gist}");
    }
    if places.is_empty() {
        return;
    }
    page.push_str("\n| 条款 | 要旨 | 可靠程度 |\n|---|---|---|\n");
    for provision in places {
        let printed = provision.citation.to_string();
        let place = printed.strip_prefix(&record.instrument.to_string()).unwrap_or(&printed).trim();
        let _ = writeln!(page, "| {place} | {} | {} |", provision.gist, provision.evidence.label());
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_index_names_every_instrument_and_marks_what_is_from_memory() {
        let page = super::index_markdown();
        for record in crate::citation::all_instruments() {
            assert!(page.contains(&record.title), "{}", record.title);
        }
        assert!(page.contains("| 第三十三条第二款 |"));
        assert!(page.contains("| 附表二 |"));
        let fee_notice = page.lines().find(|line| line.starts_with("| 第六条 | 在办理期限内发出收费通知"));
        assert!(fee_notice.unwrap().ends_with("| 凭记忆，待核 |"));
    }
}
