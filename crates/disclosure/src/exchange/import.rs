//! Entries from a table. Each row becomes a draft under a line of the catalogue; a wrong row stops all.

use std::collections::HashSet;

use super::store;
use crate::accounts::{Permission, Staff};
use crate::catalogue;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};
use crate::publishing::actions::draft_entry;
use crate::publishing::{DisclosureClass, Draft, Genre, PublishingRefusal as R, Theme, Validity};
use crate::sheets::{Column, Rehearsal, Row, Table, Wrong};

/// The columns of a table of entries.
pub const COLUMNS: [Column; 18] = [
    Column::text("title", "标题", &["题名", "信息名称", "名称", "公文名称"]).required(),
    Column::text("line", "目录事项", &["公开事项", "栏目", "信息分类", "组配分类"]),
    Column::text("document_number", "文号", &["发文字号", "文件编号"]),
    Column::day("made_on", "生成日期", &["成文日期", "形成日期", "发文日期"]),
    Column::text("summary", "内容概述", &["摘要", "内容摘要"]),
    Column::text("body", "正文", &["内容", "信息内容"]),
    Column::text("genre", "体裁", &["文种"]),
    Column::text("keywords", "主题词", &["关键词"]),
    Column::text("source", "信息来源", &["来源", "发布机构", "发文机关"]),
    Column::text("validity", "有效性", &["效力"]),
    Column::text("disclosure_class", "公开属性", &["公开方式"]),
    Column::text("class_reason", "理由", &["公开属性的理由", "不公开理由"]),
    Column::text("co_issuers", "联合发文机关", &["联合发文单位", "会签机关"]),
    Column::text("theme", "主题分类", &["主题"]),
    Column::day("effective_on", "施行日期", &["实施日期", "生效日期"]),
    Column::day("expires_on", "有效期至", &["失效日期", "废止日期", "有效期"]),
    Column::text("contact", "咨询渠道", &["咨询电话", "联系方式", "联系电话"]),
    Column::text("index_number", "索引号", &["索引码"]),
];

/// Does the import; nothing may be committed when a row is wrong. `usual_line`: where rows go that name no line.
pub async fn rehearse(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    usual_line: &str,
    table: &Table,
) -> Result<Rehearsal, R> {
    if !staff.may(Permission::DraftEntries, agency_id) {
        return refuse(R::Forbidden);
    }
    let lines = catalogue::lines(tx.conn(), agency_id).await?;
    let known: HashSet<(String, String)> = store::known(tx.conn(), agency_id).await?.into_iter().collect();
    let mut named = HashSet::new();
    let mut done = Rehearsal::default();
    for row in &table.rows {
        let draft = draft_of(row);
        let key = (draft.title.trim().to_owned(), draft.made_on.clone());
        if known.contains(&key) {
            done.unchanged += 1;
            continue;
        }
        let wrong = |field: &str, reason: String| Wrong { place: row.place(Some(field)), reason };
        if !named.insert(key) {
            done.wrong.push(wrong("title", "与文件中前面的一行标题和生成日期都相同，请删去一行。".into()));
            continue;
        }
        let wanted = row.text("line");
        let line = lines
            .iter()
            .find(|line| line.title == wanted || line.code == wanted)
            .or_else(|| lines.iter().find(|line| wanted.is_empty() && line.id == usual_line))
            // Another system calls its categories as the Regulations do.
            .or_else(|| {
                let is_same = |line: &&catalogue::Line| catalogue::category_label(&line.category) == wanted;
                lines.iter().find(is_same).filter(|_| !wanted.is_empty())
            });
        let Some(line) = line else {
            done.wrong.push(wrong(
                "line",
                match wanted {
                    "" => "没有写目录事项。请在表里补上，或者在上传时选择归入哪一项。".into(),
                    _ => format!("目录里没有“{wanted}”。请改成目录中事项的名称或者编号。"),
                },
            ));
            continue;
        };
        match draft_entry(tx, staff, &line.id, &draft).await {
            Ok(_) => done.added.push(format!("{}　{}", line.title, draft.title.trim())),
            Err(Failure::Refused(reasons)) => done.refuse(row, &reasons),
            Err(Failure::Unexpected(error)) => return Err(error.into()),
        }
    }
    Ok(done.noting(table))
}

/// The same, to be committed. Returns how many drafts were made.
pub async fn import(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    usual_line: &str,
    table: &Table,
) -> std::result::Result<usize, Failure<ImportRefusal>> {
    let done = rehearse(tx, staff, agency_id, usual_line, table).await.map_err(|failure| match failure {
        Failure::Refused(reasons) => {
            Failure::Refused(reasons.iter().map(|reason| ImportRefusal(reason.to_string())).collect())
        }
        Failure::Unexpected(error) => Failure::Unexpected(error),
    })?;
    if !done.wrong.is_empty() {
        let words = |wrong: &Wrong| ImportRefusal(format!("{}：{}", wrong.place, wrong.reason));
        return Err(Failure::Refused(done.wrong.iter().map(words).collect()));
    }
    Ok(done.added.len())
}

/// Place and reason of a row, or why nothing was imported at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRefusal(String);

impl std::fmt::Display for ImportRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl crate::error::Refusal for ImportRefusal {}

/// A row as it would be typed into the form; words of closed lists become their codes.
pub(super) fn draft_of(row: &Row) -> Draft {
    let code = |field: &str, list: &[(&'static str, &'static str)]| {
        let word = row.text(field);
        list.iter().find(|(_, label)| *label == word).map_or(word, |(code, _)| code).to_owned()
    };
    let genres: Vec<_> = Genre::ALL.iter().map(|one| (one.code(), one.label())).collect();
    let validities: Vec<_> = Validity::ALL.iter().map(|one| (one.code(), one.label())).collect();
    let classes: Vec<_> = DisclosureClass::ALL.iter().map(|one| (one.code(), one.label())).collect();
    let themes: Vec<_> = Theme::ALL.iter().map(|one| (one.code(), one.label())).collect();
    // 综合政务\\政务公开: both levels in one cell.
    let (first, second) = row.text("theme").split_once(['\\', '/', '＼']).unwrap_or((row.text("theme"), ""));
    let theme =
        themes.iter().find(|(_, label)| *label == first.trim()).map_or(first.trim(), |(code, _)| code);
    Draft {
        co_issuers: row.owned("co_issuers"),
        theme: theme.to_owned(),
        subtheme: second.trim().to_owned(),
        effective_on: row.owned("effective_on"),
        expires_on: row.owned("expires_on"),
        contact: row.owned("contact"),
        title: row.owned("title"),
        summary: row.owned("summary"),
        body: row.owned("body"),
        document_number: row.owned("document_number"),
        genre: code("genre", &genres),
        keywords: row.owned("keywords"),
        source: row.owned("source"),
        validity: code("validity", &validities),
        made_on: row.owned("made_on"),
        disclosure_class: code("disclosure_class", &classes),
        class_reason: row.owned("class_reason"),
        change_note: String::new(),
    }
}
