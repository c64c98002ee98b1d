//! 补贴、救助名单 — a spreadsheet of people made fit to be shown. Only the masked list is kept; the file that was uploaded
//! is not.

use gongkai_statute::closed_list;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::mask::{Held, Shown, identifies, is_child, is_sound_identity, masked_address, masked_name};
use crate::sheets::{Sheet, Wrong, letters, xlsx};

closed_list! {
    /// 名单种类.
    pub enum ListKind {
        /// 惠农惠民补贴.
        Subsidy = "subsidy", "惠农惠民补贴";
        /// 社会救助.
        Relief = "relief", "社会救助";
        /// 其他公示名单.
        Other = "other", "其他公示名单";
    }
}

/// A column of the file, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListColumn {
    pub head: String,
    /// Code of [`Held`].
    pub held: String,
    /// Code of [`Shown`].
    pub shown: String,
}

/// A list as it may be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaskedList {
    pub columns: Vec<ListColumn>,
    /// Of the columns that are shown.
    pub heads: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// In 分, of the first column of amounts whose every cell is a number; otherwise not added up.
    pub total_fen: Option<i64>,
    #[serde(skip)]
    pub wrong: Vec<Wrong>,
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// As many rows stand in the text; more are in the file alone.
const IN_TEXT: usize = 500;

/// Reads the first sheet that is a list: a row of heads with one for names, and people below it.
///
/// # Errors
/// No sheet is one; what is needed.
pub fn read(sheets: &[Sheet], masks_names: bool, today: Date) -> Result<MaskedList, String> {
    let found = sheets.iter().find_map(|sheet| {
        let head = sheet.rows.iter().take(15).position(|(_, cells)| {
            let is_name = |cell: &String| Held::of(cell, &[]) == Held::Name;
            cells.iter().filter(|cell| !cell.is_empty()).count() >= 2 && cells.iter().any(is_name)
        })?;
        Some((sheet, head))
    });
    let Some((sheet, head)) = found else {
        return Err("没有找到名单的表头。第一行（或者标题下面一行）要有“姓名”或者“户主”，以及金额、村组等栏；请核对后重新上传。".into());
    };
    let heads = &sheet.rows[head].1;
    let body = &sheet.rows[head + 1..];
    let cell = |cells: &[String], at: usize| cells.get(at).cloned().unwrap_or_default();
    let mut columns = Vec::new();
    for (at, name) in heads.iter().enumerate() {
        let below: Vec<&str> =
            body.iter().take(200).map(|(_, cells)| cells.get(at).map_or("", String::as_str)).collect();
        if name.is_empty() && below.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        let held = Held::of(name, &below);
        columns.push((at, held, held.shown(masks_names), name.clone()));
    }
    let mut list = MaskedList {
        columns: columns
            .iter()
            .map(|(_, held, shown, head)| ListColumn {
                head: head.clone(),
                held: held.code().into(),
                shown: shown.code().into(),
            })
            .collect(),
        heads: columns
            .iter()
            .filter(|(_, _, shown, _)| *shown != Shown::Dropped)
            .map(|(.., head)| head.clone())
            .collect(),
        ..MaskedList::default()
    };
    let place = |number: usize, at: usize, head: &str| {
        let sheet =
            if sheet.name.is_empty() { String::new() } else { format!("工作表“{}”", sheet.name) };
        format!("{sheet}第 {number} 行 {} 列（{head}）", letters(at))
    };
    let at_of = |wanted: Held| columns.iter().find(|(_, held, ..)| *held == wanted);
    let (name_at, identity_at) = (at_of(Held::Name), at_of(Held::Identity));
    let amount_at = at_of(Held::Amount).map(|(at, ..)| *at);
    let mut total = amount_at.map(|_| 0_i64);
    let mut seen: Vec<(String, usize)> = Vec::new();
    let (mut children, mut unsound) = (0, Vec::new());
    for (number, cells) in body {
        let first = cells.iter().find(|cell| !cell.is_empty()).map_or("", String::as_str);
        let plain: String = first.chars().filter(|c| !c.is_whitespace()).collect();
        // Sums and remarks below the list.
        if plain.is_empty()
            || ["合计", "总计", "小计", "注：", "备注：", "说明：", "填表", "制表", "审核"]
                .iter()
                .any(|start| plain.starts_with(start))
        {
            continue;
        }
        if let Some((at, _, _, head)) = name_at
            && cell(cells, *at).is_empty()
        {
            list.wrong.push(Wrong {
                place: place(*number, *at, head),
                reason: "没有姓名，请补上或者删去这一行。".into(),
            });
        }
        let mut is_minor = false;
        if let Some((at, _, _, head)) = identity_at {
            let identity = cell(cells, *at);
            if !identity.is_empty() {
                if let Some((_, earlier)) = seen.iter().find(|(known, _)| *known == identity) {
                    list.wrong.push(Wrong {
                        place: place(*number, *at, head),
                        reason: format!("与第 {earlier} 行是同一个人，请核对后合并或者删去一行。"),
                    });
                }
                if !is_sound_identity(&identity) {
                    unsound.push(number.to_string());
                }
                is_minor = is_child(&identity, today);
                seen.push((identity, *number));
            }
        }
        children += usize::from(is_minor);
        if let (Some(at), Some(sum)) = (amount_at, total) {
            total = fen(&cell(cells, at)).and_then(|fen| sum.checked_add(fen));
        }
        let mut row = Vec::new();
        for (at, held, shown, head) in &columns {
            let text = cell(cells, *at);
            let text = match (shown, held) {
                (Shown::Dropped, _) => continue,
                (_, Held::Name) if is_minor || *shown == Shown::Masked => masked_name(&text),
                (Shown::Masked, Held::Address) => masked_address(&text),
                _ => text,
            };
            if identifies(&text) {
                list.wrong.push(Wrong {
                    place: place(*number, *at, head),
                    reason: "这一栏里有身份证号、电话或者银行卡号，不能公开。请把号码移到单独的一栏，那一栏不会公开。"
                        .into(),
                });
            }
            row.push(text);
        }
        list.rows.push(row);
    }
    if list.rows.is_empty() {
        return Err("表头下面没有人员。请核对是不是选错了文件或者工作表。".into());
    }
    list.total_fen = total;
    if children > 0 {
        list.notes.push(format!("{children} 人不满十四周岁，姓名已自动隐去。"));
    }
    if !unsound.is_empty() {
        list.notes.push(format!(
            "第 {} 行的身份证号校验不对（号码本身不会公开），请核对人员是否准确。",
            unsound.iter().take(20).cloned().collect::<Vec<_>>().join("、")
        ));
    }
    Ok(list)
}

fn fen(text: &str) -> Option<i64> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '，' | '元' | ' ')).collect();
    let (yuan, cents) = plain.split_once('.').unwrap_or((&plain, ""));
    let cents = cents.get(..2).unwrap_or(cents);
    if yuan.is_empty() || !yuan.bytes().chain(cents.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(format!("{cents:0<2}").parse().ok()?)
}

impl MaskedList {
    /// 内容概述 of the entry.
    pub fn summary(&self) -> String {
        match self.total_fen {
            Some(fen) => {
                let yuan = format!("{}.{:02}", fen / 100, fen % 100);
                format!(
                    "名单共 {} 人（户），金额合计 {} 元。",
                    self.rows.len(),
                    yuan.trim_end_matches('0').trim_end_matches('.')
                )
            }
            None => format!("名单共 {} 人（户）。", self.rows.len()),
        }
    }

    /// The text of the entry: the table, as far as it can be read on a page.
    pub fn html(&self) -> String {
        let escaped = |text: &str| {
            text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
        };
        let mut html = format!("<p>{}</p>\n<table><thead><tr>", escaped(&self.summary()));
        for head in &self.heads {
            html.push_str(&format!("<th scope=\"col\">{}</th>", escaped(head)));
        }
        html.push_str("</tr></thead><tbody>");
        for row in self.rows.iter().take(IN_TEXT) {
            html.push_str("<tr>");
            for cell in row {
                html.push_str(&format!("<td>{}</td>", escaped(cell)));
            }
            html.push_str("</tr>");
        }
        html.push_str("</tbody></table>\n");
        if self.rows.len() > IN_TEXT {
            html.push_str(&format!("<p>这里列出前 {IN_TEXT} 行，全部名单见附件。</p>\n"));
        }
        html
    }

    /// The whole list as a file.
    pub fn file(&self) -> anyhow::Result<Vec<u8>> {
        let heads: Vec<(&str, f64)> = self.heads.iter().map(|head| (head.as_str(), 16.0)).collect();
        Ok(xlsx("名单", &heads, &self.rows)?)
    }
}
