//! Whole files of data: streamed, however large; each with its SHA-256.

use std::collections::VecDeque;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{Stream, TryStreamExt, try_unfold};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::open_data::{self, OpenEntry};
use gongkai_disclosure::publishing::body::plain_text;
use gongkai_disclosure::publishing::public;
use gongkai_disclosure::sheets::csv;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::answers::{self, kept, open_to_all, page};
use super::asked::Asked;
use super::problem::Problem;
use super::reading::{cell, document_answer, genre_words, validity_words};
use crate::page_cache::Shows;
use crate::state::App;

/// Rows read at a time.
const BATCH: i64 = 500;

/// So often a file is read for its checksum while things are published.
const TRIES: usize = 5;

const CSV: &str = "text/csv; charset=utf-8";
const LINES: &str = "application/jsonl";

/// A file that can be taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
struct File {
    table: Table,
    /// Empty: all years.
    year: String,
    is_csv: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Table {
    Entries,
    Agencies,
    Catalogue,
    Documents,
    Figures,
}

impl Table {
    const ALL: [Table; 5] =
        [Table::Entries, Table::Agencies, Table::Catalogue, Table::Documents, Table::Figures];

    const fn name(self) -> &'static str {
        match self {
            Table::Entries => "entries",
            Table::Agencies => "agencies",
            Table::Catalogue => "catalogue",
            Table::Documents => "documents",
            Table::Figures => "annual-reports",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Table::Entries => "公开的信息",
            Table::Agencies => "公开机关",
            Table::Catalogue => "公开目录",
            Table::Documents => "规章和行政规范性文件",
            Table::Figures => "年度报告数据",
        }
    }

    const fn heads(self) -> &'static [&'static str] {
        match self {
            Table::Entries => &[
                "索引号",
                "标题",
                "内容概述",
                "发布机关",
                "公开事项",
                "法定事项",
                "主题分类",
                "体裁",
                "文号",
                "有效性",
                "主题词",
                "信息来源",
                "生成日期",
                "公开日期",
                "最近变动",
                "网址",
                "内容指纹",
            ],
            Table::Agencies => &["代码", "名称", "地址", "办公时间", "电话", "电子邮箱"],
            Table::Catalogue => &[
                "机关代码",
                "事项代码",
                "法定事项",
                "公开事项",
                "公开内容",
                "公开依据",
                "公开时限",
                "公开渠道",
                "已公开条数",
                "最近公开",
            ],
            Table::Documents => &[
                "发布机关",
                "标题",
                "文号",
                "发布日期",
                "有效期至",
                "修改日期",
                "废止失效日期",
                "正文索引号",
            ],
            Table::Figures => &["机关代码", "机关", "年度", "单元格", "行", "列", "数值", "状态"],
        }
    }
}

impl File {
    fn named(name: &str) -> Option<File> {
        let (stem, is_csv) = match name.rsplit_once('.')? {
            (stem, "csv") => (stem, true),
            (stem, "jsonl") => (stem, false),
            _ => return None,
        };
        let whole = Table::ALL.into_iter().find(|table| table.name() == stem);
        let (table, year) = match whole {
            Some(table) => (table, ""),
            None => {
                let year = stem.strip_prefix("entries-")?;
                let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
                (Table::Entries, Some(year).filter(|_| is_year)?)
            }
        };
        Some(File { table, year: year.to_owned(), is_csv })
    }

    fn name(&self) -> String {
        let end = if self.is_csv { "csv" } else { "jsonl" };
        let dash = if self.year.is_empty() { "" } else { "-" };
        format!("{}{dash}{}.{end}", self.table.name(), self.year)
    }

    fn media_type(&self) -> &'static str {
        if self.is_csv { CSV } else { LINES }
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, Problem> {
    kept(&app, &headers, &asked.key, async {
        let years = open_data::public::counts_by_year(&mut *app.db.read().await?).await?;
        let mut items = Vec::new();
        for table in Table::ALL {
            let total: Option<i64> =
                (table == Table::Entries).then(|| years.iter().map(|(_, count)| count).sum());
            let parts = if table == Table::Entries { years.as_slice() } else { &[] };
            let whole = (String::new(), total);
            let parts = parts.iter().map(|(year, count)| (year.clone(), Some(*count)));
            for (year, rows) in std::iter::once(whole).chain(parts) {
                for is_csv in [true, false] {
                    let file = File { table, year: year.clone(), is_csv };
                    let name = file.name();
                    let of = if year.is_empty() { String::new() } else { format!("（{year} 年公开）") };
                    items.push(json!({
                        "title": format!("{}{of}", table.title()),
                        "media_type": file.media_type(),
                        "rows": rows,
                        "href": format!("/api/v1/downloads/{name}"),
                        "checksum": format!("/api/v1/downloads/{name}.sha256"),
                        "name": name,
                    }));
                }
            }
        }
        Ok((page(items, None), Shows::Entries))
    })
    .await
}

pub(crate) async fn download(State(app): State<App>, asked: Asked) -> Result<Response, Problem> {
    let name = asked.text("name");
    let missing = || Problem::not_found("这份数据");
    if let Some(name) = name.strip_suffix(".sha256") {
        let file = File::named(name).ok_or_else(missing)?;
        let text = format!("{}  {}\n", checksum(&app, &file).await?, file.name());
        let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
        return Ok(open_to_all((headers, text).into_response()));
    }
    let file = File::named(name).ok_or_else(missing)?;
    let headers = [
        (CONTENT_TYPE, file.media_type().to_owned()),
        (CACHE_CONTROL, "no-cache".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.name())),
    ];
    Ok(open_to_all((headers, Body::from_stream(pieces(app, file))).into_response()))
}

/// Up to where the log has been gone through that a file is read from: it is the same as long as this is.
async fn state_of(app: &App, file: &File) -> anyhow::Result<i64> {
    let head = app.follow_pages().await?;
    Ok(match file.table {
        Table::Entries | Table::Agencies | Table::Catalogue => app.last_public_change(),
        // Short, and changed by acts of several rooms.
        Table::Documents | Table::Figures => head,
    })
}

/// SHA-256 of a file as it is now; counted once for each state of it.
async fn checksum(app: &App, file: &File) -> Result<String, Problem> {
    let known = |state: i64| app.checksums.get(&(state, file.name()));
    if let Some(known) = known(state_of(app, file).await?) {
        return Ok(known);
    }
    // One at a time: it reads everything.
    let _turn = app.checksum_turn.lock().await;
    let mut state = state_of(app, file).await?;
    for _ in 0..TRIES {
        if let Some(known) = known(state) {
            return Ok(known);
        }
        let hash = pieces(app.clone(), file.clone())
            .try_fold(Sha256::new(), |mut hash, piece| async move {
                hash.update(&piece);
                Ok(hash)
            })
            .await?;
        // Read in pieces while something was published, it would be the sum of a file that never was.
        let then = state_of(app, file).await?;
        if then == state {
            let hash = hex::encode(hash.finalize());
            app.checksums.insert((state, file.name()), hash.clone());
            return Ok(hash);
        }
        state = then;
    }
    Err(Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "changing",
        "数据正在变动",
        "计算校验值时不断有信息公开或者撤回，算不出一个确定的值。请一分钟后再试。",
    ))
}

/// Where the reading of a file stands.
enum Place {
    Head,
    After(String),
    Done,
}

/// The bytes of a file, batch by batch: what is in memory does not grow with it.
fn pieces(app: App, file: File) -> impl Stream<Item = anyhow::Result<Bytes>> + Send {
    try_unfold((app, file, Place::Head), |(app, file, place)| async move {
        let after = match place {
            Place::Done => return Ok(None),
            Place::Head if file.is_csv => {
                let head = Bytes::from(csv(file.table.heads(), &[]));
                return Ok(Some((head, (app, file, Place::After(String::new())))));
            }
            Place::Head => String::new(),
            Place::After(after) => after,
        };
        let mut conn = app.db.read().await?;
        let (rows, next) = read(&mut conn, &file, &after).await?;
        drop(conn);
        let next = next.map_or(Place::Done, Place::After);
        Ok(Some((Bytes::from(written(&file, &rows)), (app, file, next))))
    })
}

/// A row in both spellings.
struct Row {
    cells: Vec<String>,
    value: Value,
}

fn written(file: &File, rows: &VecDeque<Row>) -> Vec<u8> {
    if file.is_csv {
        let cells: Vec<Vec<String>> = rows.iter().map(|row| row.cells.clone()).collect();
        // The head is written once, with its mark, before the first row.
        let whole = csv(&[], &cells);
        return whole.strip_prefix("\u{feff}\r\n".as_bytes()).map(<[u8]>::to_vec).unwrap_or(whole);
    }
    let mut out = String::new();
    for row in rows {
        out.push_str(&row.value.to_string());
        out.push('\n');
    }
    out.into_bytes()
}

async fn read(conn: &mut Conn, file: &File, after: &str) -> anyhow::Result<(VecDeque<Row>, Option<String>)> {
    let offset: i64 = after.parse().unwrap_or(0);
    Ok(match file.table {
        Table::Entries => {
            let found = open_data::public::entries_in_order(conn, &file.year, after, BATCH).await?;
            let next = found.last().filter(|_| found.len() as i64 == BATCH);
            let next = next.map(|(entry, _)| entry.index_number.clone());
            (found.iter().map(|(entry, body)| entry_row(entry, body)).collect(), next)
        }
        Table::Agencies => {
            let row = |a: public::PublicAgency| Row {
                value: json!({"code": a.code, "name": a.name, "address": a.address, "office_hours": a.office_hours,
                              "phone": a.phone, "email": a.email}),
                cells: vec![a.code, a.name, a.address, a.office_hours, a.phone, a.email],
            };
            (public::agencies(conn).await?.into_iter().map(row).collect(), None)
        }
        Table::Catalogue => {
            let row = |l: open_data::OpenLine| Row {
                value: json!({"agency": l.agency_code, "code": l.code, "category": answers::category(&l.category),
                              "title": l.title, "elements": l.elements, "basis": l.basis,
                              "time_limit": l.time_limit, "channels": l.channels, "entries": l.entries,
                              "newest_on": l.newest_on}),
                cells: vec![
                    l.agency_code,
                    l.code,
                    gongkai_disclosure::catalogue::category_label(&l.category),
                    l.title,
                    l.elements,
                    l.basis,
                    l.time_limit,
                    l.channels,
                    l.entries.to_string(),
                    l.newest_on.unwrap_or_default(),
                ],
            };
            (open_data::public::catalogue(conn, "").await?.into_iter().map(row).collect(), None)
        }
        Table::Documents => {
            let found = open_data::public::documents(conn, "", "", BATCH, offset).await?;
            let next = (found.len() as i64 == BATCH).then(|| (offset + BATCH).to_string());
            let row = |d: open_data::OpenDocument| Row {
                value: document_answer(&d),
                cells: vec![
                    d.agency_name,
                    d.title,
                    d.document_number,
                    d.issued_on,
                    d.valid_until.unwrap_or_default(),
                    d.amended_on.unwrap_or_default(),
                    d.ended_on.unwrap_or_default(),
                    d.index_number.unwrap_or_default(),
                ],
            };
            (found.into_iter().map(row).collect(), next)
        }
        Table::Figures => figure_rows(conn, offset).await?,
    })
}

/// The figures of one year's reports; `place` is the year before which to go on, 0 at the beginning.
async fn figure_rows(conn: &mut Conn, place: i64) -> anyhow::Result<(VecDeque<Row>, Option<String>)> {
    let years: Vec<i64> =
        open_data::public::reports(conn, "", 0).await?.into_iter().map(|r| r.year).collect();
    let Some(year) = years.into_iter().find(|year| place == 0 || *year < place) else {
        return Ok((VecDeque::new(), None));
    };
    let mut rows = VecDeque::new();
    for (code, name, year, body) in open_data::public::reports_with_text(conn, "", year).await? {
        let report = gongkai_disclosure::reporting::report_of(&body)?;
        for view in report.cells() {
            let (value, state) = cell(&view.cell.content);
            let address = view.address.to_string();
            let (row, column) = (view.address.row_label(), view.address.column_label());
            rows.push_back(Row {
                value: json!({"agency": code, "agency_name": name, "year": year, "cell": address, "row": row,
                              "column": column, "value": value, "state": state}),
                cells: vec![
                    code.clone(),
                    name.clone(),
                    year.to_string(),
                    address,
                    row.to_owned(),
                    column.to_owned(),
                    value.unwrap_or_default(),
                    state.to_owned(),
                ],
            });
        }
    }
    Ok((rows, Some(year.to_string())))
}

fn entry_row(entry: &OpenEntry, body: &str) -> Row {
    let mut value = answers::entry(entry);
    value["body_text"] = json!(plain_text(body));
    let e = entry.clone();
    Row {
        value,
        cells: vec![
            e.index_number.clone(),
            e.title,
            e.summary,
            e.agency_name,
            e.line_title,
            gongkai_disclosure::catalogue::category_label(&e.category),
            crate::portal::wording::theme(&e.theme),
            genre_words(&e.genre),
            e.document_number.unwrap_or_default(),
            validity_words(e.validity.as_deref()),
            e.keywords,
            e.source,
            e.made_on,
            e.first_released_on,
            e.last_released_at,
            crate::portal::wording::entry_address(&e.index_number),
            e.content_hash,
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_names() {
        for name in ["entries.csv", "entries-2026.jsonl", "annual-reports.csv", "catalogue.jsonl"] {
            assert_eq!(File::named(name).map(|file| file.name()).as_deref(), Some(name));
        }
        for name in ["entries", "entries-26.csv", "entries-2026.xlsx", "catalogue-2026.csv", "x.csv", ".csv"]
        {
            assert_eq!(File::named(name), None, "{name}");
        }
    }
}
