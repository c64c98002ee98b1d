//! Registers from spreadsheets. A rehearsal does the import in a transaction that is then let go, so both say the same;
//! an import with one wrong row takes nothing in.

use std::collections::{HashMap, HashSet};

use serde_json::json;

use super::actions::{NewBudget, NewProposal, add_budget, add_proposal, allowed};
use super::{BudgetKind, ProposalKind, ProposalResult, RegisterRefusal as R, store};
use crate::accounts::Staff;
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Refusal, Result};
use crate::reporting::actions::{
    NewActivity, NewDecision, NewDocument, NewFee, add_activity, add_decision, add_document, add_fee,
    end_document,
};
use crate::reporting::{self, ActivityForm, DocumentKind, EndKind, EnforcementKind, Figure};
use crate::sheets::{Change, Column, Rehearsal, Row, Table};

/// More rows than any register has.
const ALL: i64 = 1_000_000;

/// A register that can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Importable {
    Documents,
    Decisions,
    Fees,
    Activities,
    Budgets,
    Proposals,
}

impl Importable {
    /// The columns of its table, which are also those of the sample that is handed out.
    pub fn columns(self) -> &'static [Column] {
        const DOCUMENTS: [Column; 7] = [
            Column::text("document_number", "文号", &["发文字号", "文件编号"]).required(),
            Column::text("title", "文件名称", &["标题", "文件标题", "名称"]).required(),
            Column::day("issued_on", "制发日期", &["发文日期", "成文日期", "印发日期"]).required(),
            Column::text("kind", "类别", &["文件类别"]),
            Column::day("valid_until", "有效期至", &["有效期", "失效日期", "到期日期"]),
            Column::text("end_kind", "废止或失效", &["有效性", "状态", "情形"]),
            Column::day("ended_on", "废止或失效日期", &["废止日期", "终止日期"]),
        ];
        const DECISIONS: [Column; 4] = [
            Column::text(
                "reference",
                "决定文书号",
                &["文书号", "决定书文号", "行政许可决定文书号", "行政处罚决定书文号", "许可编号", "文号"],
            )
            .required(),
            Column::text(
                "subject",
                "事项",
                &["事项名称", "许可内容", "案由", "违法行为类型", "项目名称", "决定内容"],
            )
            .required(),
            Column::day("decided_on", "决定日期", &["许可决定日期", "处罚决定日期", "作出决定日期", "日期"])
                .required(),
            Column::text("kind", "类别", &["决定类别", "执法类别", "种类", "决定种类"]).required(),
        ];
        const FEES: [Column; 3] = [
            Column::text("item", "收费项目", &["项目", "项目名称"]).required(),
            Column::text("amount", "金额", &["收费金额", "收取金额", "总金额"]).required(),
            Column::day("collected_on", "收取日期", &["收费日期", "日期", "入库日期"]).required(),
        ];
        const ACTIVITIES: [Column; 4] = [
            Column::text("form", "种类", &["形式", "类别"]).required(),
            Column::text("title", "事项", &["名称", "标题"]).required(),
            Column::day("done_on", "日期", &["时间", "发布日期"]).required(),
            Column::text("note", "说明", &["备注"]),
        ];
        const BUDGETS: [Column; 5] = [
            Column::text("year", "年度", &["预算年度"]).required(),
            Column::text("kind", "类别", &["种类"]).required(),
            Column::text("title", "名称", &["单位名称", "报告名称", "标题"]).required(),
            Column::day("approved_on", "批准日期", &["批复日期", "批准或批复日期"]).required(),
            Column::text("index_number", "索引号", &["公开索引号"]),
        ];
        const PROPOSALS: [Column; 8] = [
            Column::text("year", "年度", &["年份"]).required(),
            Column::text("kind", "类别", &["种类"]).required(),
            Column::text("number", "编号", &["建议编号", "提案编号", "案号"]).required(),
            Column::text("title", "标题", &["案由", "建议标题", "提案标题", "名称"]).required(),
            Column::day("replied_on", "答复日期", &["办复日期", "办结日期"]),
            Column::text("result", "办理结果", &["结果", "办理类别"]),
            Column::text("withheld_reason", "不公开的理由", &["不予公开理由"]),
            Column::text("index_number", "索引号", &["公开索引号"]),
        ];
        match self {
            Importable::Documents => &DOCUMENTS,
            Importable::Decisions => &DECISIONS,
            Importable::Fees => &FEES,
            Importable::Activities => &ACTIVITIES,
            Importable::Budgets => &BUDGETS,
            Importable::Proposals => &PROPOSALS,
        }
    }

    /// A row as an example for the sample.
    pub fn example(self) -> Vec<String> {
        let row: &[&str] = match self {
            Importable::Documents => &[
                "青禾政规〔2026〕1号",
                "示例：请删去本行后填写",
                "2026-03-01",
                "行政规范性文件",
                "2031-02-28",
                "",
                "",
            ],
            Importable::Decisions => {
                &["青禾许可〔2026〕12号", "示例：请删去本行后填写", "2026-03-01", "行政许可"]
            }
            Importable::Fees => &["示例：请删去本行后填写", "1250.50", "2026-03-01"],
            Importable::Activities => &["文字解读", "示例：请删去本行后填写", "2026-03-01", ""],
            Importable::Budgets => &["2026", "预算", "示例：请删去本行后填写", "2026-03-01", ""],
            Importable::Proposals => &[
                "2026",
                "人大代表建议",
                "12",
                "示例：请删去本行后填写",
                "2026-05-20",
                "已经解决或者采纳",
                "",
                "",
            ],
        };
        row.iter().map(|cell| (*cell).to_owned()).collect()
    }
}

/// Takes a table in. Nothing may be committed when a row is wrong: [`import`] refuses, a rehearsal lets the transaction go.
pub async fn rehearse(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    into: Importable,
    table: &Table,
) -> Result<Rehearsal, R> {
    allowed(staff, agency_id)?;
    let mut done = Rehearsal::default();
    match into {
        Importable::Documents => documents(tx, staff, agency_id, &table.rows, &mut done).await?,
        Importable::Decisions => decisions(tx, staff, agency_id, &table.rows, &mut done).await?,
        Importable::Fees => fees(tx, staff, agency_id, &table.rows, &mut done).await?,
        Importable::Activities => activities(tx, staff, agency_id, &table.rows, &mut done).await?,
        Importable::Budgets => budgets(tx, staff, agency_id, &table.rows, &mut done).await?,
        Importable::Proposals => proposals(tx, staff, agency_id, &table.rows, &mut done).await?,
    }
    Ok(done.noting(table))
}

/// The same, to be committed. Returns how many were added and changed.
pub async fn import(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    into: Importable,
    table: &Table,
) -> Result<(usize, usize), R> {
    let done = rehearse(tx, staff, agency_id, into, table).await?;
    if !done.wrong.is_empty() {
        let reasons =
            done.wrong.iter().map(|wrong| R::Row(format!("{}：{}", wrong.place, wrong.reason))).collect();
        return Err(Failure::Refused(reasons));
    }
    Ok((done.added.len(), done.changed.len()))
}

/// What came of a row: what was added, or its reasons; the unexpected ends the import.
fn settle<T, E: Refusal>(
    done: &mut Rehearsal,
    row: &Row,
    result: Result<T, E>,
    what: impl FnOnce() -> String,
) -> anyhow::Result<()> {
    match result {
        Ok(_) => done.added.push(what()),
        Err(Failure::Refused(reasons)) => done.refuse(row, &reasons),
        Err(Failure::Unexpected(error)) => return Err(error),
    }
    Ok(())
}

/// The code of a word in a closed list; a word that is not in it stays, to be refused with the list.
fn code(word: &str, list: impl IntoIterator<Item = (&'static str, &'static str)>) -> &str {
    let plain: String = word.chars().filter(|c| !c.is_whitespace()).collect();
    list.into_iter().find(|(code, label)| *label == plain || *code == plain).map_or(word, |(code, _)| code)
}

fn differing(pairs: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    pairs
        .iter()
        .filter(|(_, old, new)| old != new)
        .map(|(label, old, new)| ((*label).into(), (*old).into(), (*new).into()))
        .collect()
}

/// A row that names what an earlier row of the file has named.
fn doubled(done: &mut Rehearsal, row: &Row, field: &'static str, what: &str) {
    done.refuse(row, &[R::AlreadyThere { field, what: format!("{what}（与文件中前面的一行重复）") }]);
}

async fn documents(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    rows: &[Row],
    done: &mut Rehearsal,
) -> Result<(), R> {
    let (known, _) = reporting::documents(tx.conn(), agency_id, ALL, 0).await?;
    let terms = store::terms(tx.conn(), agency_id).await?;
    let mut named: Vec<String> = Vec::new();
    for row in rows {
        let number = row.owned("document_number");
        if !number.is_empty() && named.contains(&number) {
            doubled(done, row, "document_number", &number);
            continue;
        }
        named.push(number.clone());
        let kind = match row.text("kind") {
            "" => DocumentKind::NormativeDocument.code(),
            word => code(word, DocumentKind::ALL.map(|kind| (kind.code(), kind.label()))),
        };
        let mut until = row.text("valid_until");
        if matches!(until, "长期" | "长期有效" | "无" | "/" | "-" | "—") {
            until = "";
        }
        let (title, issued_on) = (row.text("title"), row.text("issued_on"));
        let what = || format!("{number}　{title}");
        let Some(old) =
            known.iter().find(|document| !number.is_empty() && document.document_number == number)
        else {
            let new = NewDocument {
                agency_id: agency_id.into(),
                kind: kind.into(),
                title: title.into(),
                document_number: number.clone(),
                issued_on: issued_on.into(),
                entry_id: None,
            };
            let added = add_document(tx, staff, new).await;
            let id = added.as_ref().ok().cloned();
            settle(done, row, added, what)?;
            if let Some(id) = id {
                if is_term(done, row, until, issued_on) && !until.is_empty() {
                    store::update_document(tx.conn(), &id, (title, issued_on, Some(until))).await?;
                }
                end(tx, staff, row, &id, done).await?;
            }
            continue;
        };
        let term = terms.iter().find(|term| term.id == old.id);
        let old_until = term.and_then(|term| term.valid_until.clone()).unwrap_or_default();
        let mut fields = differing(&[
            ("文件名称", &old.title, title),
            ("制发日期", &old.issued_on, issued_on),
            ("有效期至", &old_until, until),
        ]);
        if !is_term(done, row, until, issued_on) {
            continue;
        }
        if title.is_empty() {
            done.refuse(row, &[R::Blank { field: "title", label: "文件名称" }]);
            continue;
        }
        if issued_on.parse::<jiff::civil::Date>().is_err() {
            done.refuse(row, &[R::NotADate { field: "issued_on", label: "制发日期" }]);
            continue;
        }
        if !fields.is_empty() {
            let values = (title, issued_on, Some(until).filter(|until| !until.is_empty()));
            store::update_document(tx.conn(), &old.id, values).await?;
            tx.record(Act::new(
                "registers",
                "document_imported",
                agency_id,
                &old.id,
                json!({"changed": fields}),
            ));
        }
        if old.ended_on.is_none() && !row.text("ended_on").is_empty() {
            fields.push(("废止或失效日期".into(), String::new(), row.owned("ended_on")));
            end(tx, staff, row, &old.id, done).await?;
        }
        if fields.is_empty() {
            done.unchanged += 1;
        } else {
            done.changed.push(Change { what: what(), fields });
        }
    }
    done.absent = known
        .iter()
        .filter(|document| !named.contains(&document.document_number))
        .map(|document| format!("{}　{}", document.document_number, document.title))
        .collect();
    Ok(())
}

/// Whether the term of a row can be one; else its row is refused.
fn is_term(done: &mut Rehearsal, row: &Row, until: &str, issued_on: &str) -> bool {
    if until.is_empty() {
        return true;
    }
    if until.parse::<jiff::civil::Date>().is_err() {
        done.refuse(row, &[R::NotADate { field: "valid_until", label: "有效期至" }]);
        return false;
    }
    if until < issued_on {
        done.refuse(row, &[R::BeforeIssued { field: "valid_until", issued_on: issued_on.into() }]);
        return false;
    }
    true
}

/// 废止、失效 as a row names it.
async fn end(tx: &mut Tx, staff: &Staff, row: &Row, id: &str, done: &mut Rehearsal) -> Result<(), R> {
    let ended_on = row.text("ended_on");
    if ended_on.is_empty() {
        return Ok(());
    }
    let word = row.text("end_kind").trim_start_matches('已');
    let kind = code(word, EndKind::ALL.map(|kind| (kind.code(), kind.label())));
    let kind = if kind.is_empty() { EndKind::Repealed.code() } else { kind };
    match end_document(tx, staff, id, kind, ended_on).await {
        Ok(()) => Ok(()),
        Err(Failure::Refused(reasons)) => {
            done.refuse(row, &reasons);
            Ok(())
        }
        Err(Failure::Unexpected(error)) => Err(error.into()),
    }
}

async fn decisions(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    rows: &[Row],
    done: &mut Rehearsal,
) -> Result<(), R> {
    let (known, _) = reporting::decisions(tx.conn(), agency_id, "", ALL, 0).await?;
    let known: HashMap<(String, String), _> =
        known.into_iter().map(|old| ((old.kind.clone(), old.reference.clone()), old)).collect();
    let mut named = HashSet::new();
    for row in rows {
        let kind = code(row.text("kind"), EnforcementKind::ALL.map(|kind| (kind.code(), kind.label())));
        let kind = code(kind, [("license", "许可"), ("penalty", "处罚"), ("compulsion", "强制")]);
        let (reference, subject, decided_on) =
            (row.text("reference"), row.text("subject"), row.text("decided_on"));
        let key = (kind.to_owned(), reference.to_owned());
        if !reference.is_empty() && !named.insert(key.clone()) {
            doubled(done, row, "reference", reference);
            continue;
        }
        let what = || format!("{reference}　{subject}");
        let Some(old) = known.get(&key) else {
            let new = NewDecision {
                agency_id: agency_id.into(),
                kind: kind.into(),
                reference: reference.into(),
                subject: subject.into(),
                decided_on: decided_on.into(),
            };
            let added = add_decision(tx, staff, new).await;
            settle(done, row, added, what)?;
            continue;
        };
        let fields = differing(&[("事项", &old.subject, subject), ("决定日期", &old.decided_on, decided_on)]);
        if fields.is_empty() {
            done.unchanged += 1;
            continue;
        }
        let mut reasons = Vec::new();
        if subject.is_empty() {
            reasons.push(R::Blank { field: "subject", label: "事项" });
        }
        let today = tx.today();
        super::actions::day(&mut reasons, Some(today), decided_on, "decided_on", "决定日期", true);
        if !reasons.is_empty() {
            done.refuse(row, &reasons);
            continue;
        }
        store::update_decision(tx.conn(), &old.id, subject, decided_on).await?;
        tx.record(Act::new("registers", "decision_imported", agency_id, &old.id, json!({"changed": fields})));
        done.changed.push(Change { what: what(), fields });
    }
    Ok(())
}

/// Fees and activities have no number of their own: as many equal rows as are there count as there already.
fn is_there(known: &mut HashMap<[String; 3], usize>, row: [&str; 3]) -> bool {
    match known.get_mut(&row.map(str::to_owned)) {
        Some(left) if *left > 0 => {
            *left -= 1;
            true
        }
        _ => false,
    }
}

fn counted(rows: impl Iterator<Item = [String; 3]>) -> HashMap<[String; 3], usize> {
    let mut counts = HashMap::new();
    for row in rows {
        *counts.entry(row).or_default() += 1;
    }
    counts
}

async fn fees(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    rows: &[Row],
    done: &mut Rehearsal,
) -> Result<(), R> {
    let (known, _) = reporting::fees(tx.conn(), agency_id, ALL, 0).await?;
    let mut known =
        counted(known.into_iter().map(|fee| [fee.item, Figure::in_yuan(fee.amount_fen), fee.collected_on]));
    for row in rows {
        let (item, amount, on) = (row.text("item"), row.text("amount"), row.text("collected_on"));
        let plain = amount.replace([',', '，', '¥', '￥'], "").replace('元', "");
        // As the register writes it: 12.50 is 12.5.
        let shown = match plain.split_once('.') {
            Some((yuan, cents)) => {
                format!("{yuan}.{cents}").trim_end_matches('0').trim_end_matches('.').to_owned()
            }
            None => plain.clone(),
        };
        if is_there(&mut known, [item, &shown, on]) {
            done.unchanged += 1;
            continue;
        }
        let new = NewFee {
            agency_id: agency_id.into(),
            item: item.into(),
            amount: plain.clone(),
            collected_on: on.into(),
        };
        let added = add_fee(tx, staff, new).await;
        settle(done, row, added, || format!("{on}　{item}　{plain} 元"))?;
    }
    Ok(())
}

async fn activities(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    rows: &[Row],
    done: &mut Rehearsal,
) -> Result<(), R> {
    let (known, _) = reporting::activities(tx.conn(), agency_id, ALL, 0).await?;
    let mut known = counted(known.into_iter().map(|old| [old.form, old.title, old.done_on]));
    for row in rows {
        let form = code(row.text("form"), ActivityForm::ALL.iter().map(|form| (form.code(), form.label())));
        let (title, on) = (row.text("title"), row.text("done_on"));
        if is_there(&mut known, [form, title, on]) {
            done.unchanged += 1;
            continue;
        }
        let new = NewActivity {
            agency_id: agency_id.into(),
            form: form.into(),
            title: title.into(),
            note: row.owned("note"),
            done_on: on.into(),
        };
        let added = add_activity(tx, staff, new).await;
        settle(done, row, added, || format!("{on}　{title}"))?;
    }
    Ok(())
}

async fn budgets(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    rows: &[Row],
    done: &mut Rehearsal,
) -> Result<(), R> {
    let (known, _) = store::budgets(tx.conn(), agency_id, ALL, 0).await?;
    let mut named = HashSet::new();
    for row in rows {
        let kind = code(row.text("kind"), BudgetKind::ALL.iter().map(|kind| (kind.code(), kind.label())));
        let (year, title) = (row.text("year").trim_end_matches('年'), row.text("title"));
        if !named.insert((kind.to_owned(), year.to_owned(), title.to_owned())) {
            doubled(done, row, "title", title);
            continue;
        }
        let is_known =
            known.iter().any(|old| old.kind == kind && old.year.to_string() == year && old.title == title);
        if is_known {
            done.unchanged += 1;
            continue;
        }
        let new = NewBudget {
            agency_id: agency_id.into(),
            kind: kind.into(),
            year: year.into(),
            title: title.into(),
            approved_on: row.owned("approved_on"),
            index_number: row.owned("index_number"),
        };
        let added = add_budget(tx, staff, new).await;
        settle(done, row, added, || format!("{year} 年　{title}"))?;
    }
    Ok(())
}

async fn proposals(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    rows: &[Row],
    done: &mut Rehearsal,
) -> Result<(), R> {
    let (known, _) = store::proposals(tx.conn(), agency_id, ALL, 0).await?;
    let mut named = HashSet::new();
    for row in rows {
        let kind = code(row.text("kind"), ProposalKind::ALL.iter().map(|kind| (kind.code(), kind.label())));
        let kind = code(kind, [("suggestion", "建议"), ("proposal", "提案")]);
        let result = code(
            row.text("result"),
            ProposalResult::ALL.iter().map(|result| (result.code(), result.label())),
        );
        let result = code(result, [("solved", "A"), ("planned", "B"), ("noted", "C")]);
        let result = code(result, [("solved", "A类"), ("planned", "B类"), ("noted", "C类")]);
        let (year, number, title) =
            (row.text("year").trim_end_matches('年'), row.text("number"), row.text("title"));
        if !named.insert((kind.to_owned(), year.to_owned(), number.to_owned())) {
            doubled(done, row, "number", number);
            continue;
        }
        let old =
            known.iter().find(|old| old.kind == kind && old.year.to_string() == year && old.number == number);
        let what = || format!("{year} 年 {number} 号　{title}");
        let Some(old) = old else {
            let new = NewProposal {
                agency_id: agency_id.into(),
                kind: kind.into(),
                year: year.into(),
                number: number.into(),
                title: title.into(),
                replied_on: row.owned("replied_on"),
                result: result.into(),
                withheld_reason: row.owned("withheld_reason"),
                index_number: row.owned("index_number"),
            };
            let added = add_proposal(tx, staff, new).await;
            settle(done, row, added, what)?;
            continue;
        };
        let replied_on = row.text("replied_on");
        let (old_on, old_result) =
            (old.replied_on.clone().unwrap_or_default(), old.result.clone().unwrap_or_default());
        let label = |code: &str| ProposalResult::from_code(code).map_or("", ProposalResult::label).to_owned();
        let fields = differing(&[
            ("标题", &old.title, title),
            ("答复日期", &old_on, replied_on),
            ("办理结果", &label(&old_result), &label(result)),
        ]);
        if fields.is_empty() {
            done.unchanged += 1;
            continue;
        }
        let mut reasons = Vec::new();
        let today = tx.today();
        super::actions::day(&mut reasons, Some(today), replied_on, "replied_on", "答复日期", false);
        if !result.is_empty() && ProposalResult::from_code(result).is_none() {
            let list = "“已经解决或者采纳”、“列入计划逐步解决”、“留作参考”".into();
            reasons.push(R::NotInList { field: "result", label: "办理结果", list });
        }
        if title.is_empty() {
            reasons.push(R::Blank { field: "title", label: "标题" });
        }
        if !reasons.is_empty() {
            done.refuse(row, &reasons);
            continue;
        }
        let some = |text: &'_ str| Some(text.to_owned()).filter(|text| !text.is_empty());
        store::update_proposal(
            tx.conn(),
            &old.id,
            title,
            some(replied_on).as_deref(),
            some(result).as_deref(),
        )
        .await?;
        tx.record(Act::new("registers", "proposal_imported", agency_id, &old.id, json!({"changed": fields})));
        done.changed.push(Change { what: what(), fields });
    }
    Ok(())
}
