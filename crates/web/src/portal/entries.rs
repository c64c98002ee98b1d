//! 信息条目 — one disclosed document: its record, its text, its files, its editions, and who signed it off.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::publishing::public::{self, Found, PublicEntry, WithdrawnEntry, theme_words};
use gongkai_disclosure::publishing::{Validity, WithdrawalClass};
use gongkai_disclosure::registers::InterpretationForm;
use gongkai_disclosure::registers::public::{explained_by, explains, publicity_of};
use gongkai_disclosure::time::shown_text;

use super::wording::{
    category_with_provision, entry_address, file_row, genre, short_category, validity as validity_of,
};
use crate::components::{FileRow, KeyValue, Link, Tag, Tone};
use crate::errors::PageError;
use crate::forms::encode;
use crate::html::{PageContext, kept};
use crate::page::{Article, Chrome, Section};
use crate::page_cache::Shows;
use crate::state::App;

/// An entry as one line of a list: home, catalogue, related documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryLine {
    pub title: String,
    pub href: String,
    /// 索引号
    pub index_number: String,
    /// 文号; empty when there is none.
    pub document_number: String,
    pub agency: String,
    /// 成文日期
    pub made_on: String,
    /// 公开日期
    pub published_on: String,
    /// Set when a reader must know it before opening: 废止, 失效.
    pub validity: Option<Tag>,
}

impl EntryLine {
    pub fn samples() -> Vec<Self> {
        let line = |serial: u32,
                    title: &str,
                    document_number: &str,
                    agency: &str,
                    made_on: &str,
                    published_on: &str| EntryLine {
            title: title.into(),
            href: format!("/entries/{serial}"),
            index_number: format!("QH001-2025-{serial:06}"),
            document_number: document_number.into(),
            agency: agency.into(),
            made_on: made_on.into(),
            published_on: published_on.into(),
            validity: None,
        };
        let mut lines = vec![
            line(
                1286,
                "青禾区人民政府办公室关于印发《青禾区农村危房改造补助资金管理办法》的通知",
                "青政办发〔2025〕18 号",
                "青禾区人民政府办公室",
                "2025-09-19",
                "2025-09-26",
            ),
            line(
                1285,
                "青禾区 2025 年 1—8 月财政预算执行情况",
                "",
                "青禾区财政局",
                "2025-09-18",
                "2025-09-25",
            ),
            line(
                1284,
                "云溪镇 2025 年第三季度农村最低生活保障对象公示",
                "",
                "云溪镇人民政府",
                "2025-09-22",
                "2025-09-24",
            ),
            line(
                1283,
                "青禾区 2025 年秋季义务教育阶段学校招生入学工作实施方案",
                "青教发〔2025〕9 号",
                "青禾区教育局",
                "2025-08-30",
                "2025-09-05",
            ),
            line(
                1282,
                "关于柳湾镇污水管网改造工程可行性研究报告的批复",
                "青发改投〔2025〕31 号",
                "青禾区发展和改革局",
                "2025-08-21",
                "2025-09-02",
            ),
            line(
                1281,
                "青禾区突发公共卫生事件应急预案（2025 年修订）",
                "青政办发〔2025〕15 号",
                "青禾区人民政府办公室",
                "2025-08-12",
                "2025-08-27",
            ),
        ];
        lines[4].validity = Some(Tag::new(Tone::Neutral, "已废止"));
        lines
    }
}

/// 版本 — one edition in the history of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionLine {
    /// 第 2 版
    pub label: String,
    pub published_on: String,
    /// What changed, in the office's words.
    pub note: String,
    /// The edition on this page.
    pub is_shown: bool,
}

/// 审核记录 — what the portal says about the review of the edition shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReviewStatement {
    /// (stage, when): 初审 2025-09-24
    pub stages: Vec<(String, String)>,
    /// The fingerprint the sign-off was given over.
    pub content_hash: String,
}

/// A warning above the text: the document is repealed, or a newer edition exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingNotice {
    pub title: String,
    pub text: String,
    pub link: Option<Link>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/entries.html")]
pub struct EntryPage {
    pub chrome: Chrome,
    pub title: String,
    pub document_number: String,
    /// The record of 《条例》第十二条第三款 and what the catalogue adds to it.
    pub record: Vec<KeyValue>,
    pub validity: Option<Tag>,
    pub standing: Option<StandingNotice>,
    /// 引用格式 — how this is cited, to be copied.
    pub citation: String,
    /// 紧急发布: what the public is told; empty otherwise.
    pub emergency: String,
    /// Already cleaned HTML; the page puts it out as it is.
    pub body_html: String,
    /// 此件公开发布
    pub release_mark: String,
    pub attachments: Vec<FileRow>,
    pub editions: Vec<EditionLine>,
    pub review: ReviewStatement,
    /// 政策解读: what explains this document, or what this explains, with the form.
    pub pairs: Vec<(Link, String)>,
    pub related: Vec<Link>,
    /// Who answers questions about it, with telephone; may be empty.
    pub contact: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Path((agency, serial)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let address = format!("/entries/{agency}/{serial}");
    kept(&page, &asked, &address, entry_page(&app, &page, &agency, &serial)).await
}

async fn entry_page(
    app: &App,
    page: &PageContext,
    agency: &str,
    serial: &str,
) -> Result<(String, Shows), PageError> {
    let entry = found(public::find(&mut *app.db.read().await?, agency, serial).await?)?;
    let chrome = page
        .chrome_at(Section::Catalogue, &entry_address(&entry.index_number))
        .crumb("首页", "/")
        .crumb("公开目录", "/catalogue")
        .crumb(short_category(&entry.category), format!("/catalogue?category={}", encode(&entry.category)))
        .here("正文");
    let id = entry.id.clone();
    let page = EntryPage::of(app, chrome, entry).await?;
    // What is shown beside a text goes when that is withdrawn, so such a page lives only as long as a list does.
    let shows = if page.pairs.is_empty() { Shows::Entry(id) } else { Shows::Entries };
    Ok((page.render()?, shows))
}

/// The entry that stands at an address, or why there is none.
fn found(found: Option<Found>) -> Result<PublicEntry, PageError> {
    match found {
        Some(Found::Entry(entry)) => Ok(*entry),
        Some(Found::Withdrawn(entry)) => Err(PageError::Gone(tombstone(&entry))),
        None => Err(PageError::NotFound),
    }
}

/// What the public reads in the place of a withdrawn entry.
fn tombstone(entry: &WithdrawnEntry) -> String {
    let class = WithdrawalClass::from_code(&entry.withdrawal_class).map_or("", WithdrawalClass::label);
    format!(
        "{}于 {} 撤回了索引号为 {} 的信息。撤回原因：{class}。{}",
        entry.agency_name,
        day(&entry.withdrawn_at),
        entry.index_number,
        entry.withdrawal_reason
    )
}

/// The day in China of a stored instant.
pub(crate) fn day(instant: &str) -> String {
    shown_text(instant).chars().take(10).collect()
}

/// A file of the live edition, for keeping.
pub(crate) async fn download(
    State(app): State<App>,
    Path((agency, serial, id)): Path<(String, String, String)>,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let entry = found(public::find(&mut conn, &agency, &serial).await?)?;
    let file = public::attachment(&mut conn, &id).await?;
    let file = file.filter(|file| file.entry_id == entry.id).ok_or(PageError::NotFound)?;
    drop(conn);
    let tag = format!("\"{}\"", file.file_sha256);
    if asked.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let bytes = app.files.stream(&file.file_sha256).await?;
    let headers = [
        (CONTENT_TYPE, file.media_type),
        (CONTENT_DISPOSITION, as_attachment(&file.name)),
        (CONTENT_LENGTH, file.size.to_string()),
        (CACHE_CONTROL, "no-cache".to_owned()),
        (ETAG, tag),
    ];
    Ok((headers, Body::from_stream(bytes)).into_response())
}

/// The name in both spellings of RFC 6266: plain letters for the oldest programs, the true one (RFC 5987) for all
/// others.
pub(crate) fn as_attachment(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", encode(name))
}

/// 双向关联 — the other halves of every pair.
async fn pairs(conn: &mut Conn, entry_id: &str) -> Result<Vec<(Link, String)>, PageError> {
    let form = |code: &str| InterpretationForm::from_code(code).map_or("", InterpretationForm::label);
    let mut pairs = Vec::new();
    for one in explained_by(conn, entry_id).await? {
        let words = format!("解读本文件：{}", form(&one.form));
        pairs.push((Link::new(one.title, entry_address(&one.index_number)), words));
    }
    for one in explains(conn, entry_id).await? {
        pairs.push((Link::new(one.title, entry_address(&one.index_number)), "本文解读的文件".into()));
    }
    Ok(pairs)
}

/// Said on what is shown for a period only.
async fn publicity_notice(conn: &mut Conn, entry_id: &str) -> Result<Option<StandingNotice>, PageError> {
    let period = publicity_of(conn, entry_id).await?;
    Ok(period.map(|period| StandingNotice {
        title: format!("公示期至 {}", period.last_day),
        text: format!(
            "公示 {}，公开当天不计算在内。对公示内容有异议的，请在公示期内向发布机关反映。",
            period.length
        ),
        link: None,
    }))
}

/// What the head of the page says about its text.
pub(crate) fn article(entry: &PublicEntry) -> Article {
    let source = Some(&entry.source).filter(|source| !source.is_empty()).unwrap_or(&entry.agency_name);
    Article {
        title: entry.title.clone(),
        published_at: shown_text(&entry.first_released_at),
        source: source.clone(),
        keywords: entry.keywords.split_whitespace().collect::<Vec<_>>().join(","),
        description: entry.summary.clone(),
        author: entry.agency_name.clone(),
    }
}

/// 引用格式, after GB/T 7714: who, what, when it went online, and the number under which it is found for good.
fn citation(entry: &PublicEntry, chrome: &Chrome) -> String {
    let number = entry.document_number.as_deref().map(|number| format!("：{number}")).unwrap_or_default();
    let url = match chrome.url() {
        url if url.is_empty() => String::new(),
        url => format!("{url}．"),
    };
    format!(
        "{}．{}{number}［EB/OL］．（{}）．索引号 {}．{url}",
        entry.agency_name, entry.title, entry.first_released_on, entry.index_number
    )
}

impl EntryPage {
    /// The page of an entry with all that belongs to it.
    pub(crate) async fn of(app: &App, chrome: Chrome, entry: PublicEntry) -> Result<EntryPage, PageError> {
        let mut conn = app.db.read().await?;
        let attachments = public::attachments(&mut conn, &entry.id).await?;
        let editions = public::editions(&mut conn, &entry.id).await?;
        let sign_offs = public::sign_offs(&mut conn, &entry.edition_id).await?;
        let agency = public::agency(&mut conn, &entry.agency_code).await?;
        let pairs = pairs(&mut conn, &entry.id).await?;
        let period = publicity_notice(&mut conn, &entry.id).await?;
        let emergency = match public::emergency(&mut conn, &entry.edition_id).await? {
            Some(told) if told.outcome.is_none() => {
                format!("{}审查将于 {} 前办结。", told.public_note, told.review_due_on)
            }
            Some(told) => format!(
                "{}审查已于 {} 办结，内容有效。",
                told.public_note,
                told.concluded_at.as_deref().map(shown_text).unwrap_or_default()
            ),
            None => String::new(),
        };
        drop(conn);
        let validity = validity_of(entry.validity.as_deref());
        let standing = match validity {
            Some((Validity::Repealed, _)) => Some("本文件已废止"),
            Some((Validity::Lapsed, _)) => Some("本文件已失效"),
            _ => None,
        };
        let narrowed = format!("/catalogue?agency={}", encode(&entry.agency_code));
        Ok(EntryPage {
            record: record(&entry, validity.as_ref().map(|(_, tag)| tag)),
            validity: validity.map(|(_, tag)| tag),
            emergency,
            pairs,
            standing: period.or(standing.map(|title| StandingNotice {
                title: title.into(),
                text: "这里保留原文供查阅，办理事项请以现行有效的文件为准。".into(),
                link: Some(Link::new(
                    "查看本机关现行的规范性文件",
                    format!("{narrowed}&genre=normative_document"),
                )),
            })),
            attachments: attachments.iter().map(|file| file_row(&entry.index_number, file)).collect(),
            editions: editions
                .into_iter()
                .map(|edition| EditionLine {
                    label: format!("第 {} 版", edition.ordinal),
                    published_on: day(&edition.released_at),
                    is_shown: edition.edition_id == entry.edition_id,
                    note: match edition.change_note {
                        note if !note.is_empty() => note,
                        _ if edition.ordinal == 1 => "首次公开。".into(),
                        _ => String::new(),
                    },
                })
                .collect(),
            review: ReviewStatement {
                stages: sign_offs.into_iter().map(|s| (s.title, day(&s.signed_at))).collect(),
                content_hash: in_groups(&entry.content_hash),
            },
            related: vec![
                Link::new(
                    format!("{}公开的“{}”", entry.agency_name, short_category(&entry.category)),
                    format!("{narrowed}&category={}", encode(&entry.category)),
                ),
                Link::new(
                    format!("公开目录中的“{}”", entry.line_title),
                    format!("{narrowed}&line={}", encode(&entry.line_id)),
                ),
            ],
            contact: match entry.contact.as_str() {
                "" => agency.map_or_else(String::new, |agency| format!("{}，{}", agency.name, agency.phone)),
                own => own.to_owned(),
            },
            release_mark: if entry.document_number.is_some() {
                "此件公开发布".into()
            } else {
                String::new()
            },
            citation: citation(&entry, &chrome),
            chrome: Chrome { article: Some(article(&entry)), ..chrome },
            title: entry.title,
            document_number: entry.document_number.unwrap_or_default(),
            body_html: laid_out(entry.body_html),
        })
    }

    pub fn sample() -> Self {
        let mut chrome = Chrome::sample(Section::Catalogue)
            .crumb("首页", "/")
            .crumb("公开目录", "/catalogue")
            .crumb("规范性文件", "/catalogue?item=1")
            .here("正文");
        chrome.path = "/entries/1286".into();
        EntryPage {
            chrome,
            title: "青禾区人民政府办公室关于印发《青禾区农村危房改造补助资金管理办法》的通知".into(),
            document_number: "青政办发〔2025〕18 号".into(),
            record: vec![
                KeyValue::new("索引号", "QH001-2025-001286"),
                KeyValue::new("主题分类", "城乡建设、环境保护"),
                KeyValue::new("发文机关", "青禾区人民政府办公室"),
                KeyValue::new("文号", "青政办发〔2025〕18 号"),
                KeyValue::new("成文日期", "2025-09-19"),
                KeyValue::new("公开日期", "2025-09-26"),
                KeyValue::new("公开类别", "主动公开"),
                KeyValue::new("法定事项", "规章和规范性文件（《条例》第二十条第一项）"),
                KeyValue::new(
                    "名称",
                    "青禾区人民政府办公室关于印发《青禾区农村危房改造补助资金管理办法》的通知",
                )
                .wide(),
                KeyValue::new("内容概述", "规定农村危房改造补助资金的补助对象、标准、申请程序、拨付与监督。")
                    .wide(),
            ],
            validity: Some(Tag::new(Tone::Success, "现行有效")),
            standing: None,
            citation: "青禾区人民政府办公室．青禾区人民政府办公室关于印发《青禾区农村危房改造补助资金管理办法》的通知：青政办发〔2025〕18 号［EB/OL］．（2025-09-26）．索引号 QH001-2025-001286．"
                .into(),
            emergency: "情况紧急，先行发布。审查将于 2026-11-05 前办结。".into(),
            body_html: SAMPLE_BODY.into(),
            release_mark: "此件公开发布".into(),
            attachments: vec![
                FileRow {
                    name: "青禾区农村危房改造补助资金管理办法.pdf".into(),
                    href: "/files/1".into(),
                    kind: "PDF".into(),
                    size: "286 KB".into(),
                },
                FileRow {
                    name: "农村危房改造补助申请表.docx".into(),
                    href: "/files/2".into(),
                    kind: "DOCX".into(),
                    size: "24 KB".into(),
                },
            ],
            editions: vec![
                EditionLine {
                    label: "第 2 版".into(),
                    published_on: "2025-10-09".into(),
                    note: "更正第六条中的联系电话。".into(),
                    is_shown: true,
                },
                EditionLine {
                    label: "第 1 版".into(),
                    published_on: "2025-09-26".into(),
                    note: "首次公开。".into(),
                    is_shown: false,
                },
            ],
            review: ReviewStatement {
                stages: vec![
                    ("初审".into(), "2025-09-24".into()),
                    ("保密审查".into(), "2025-09-25".into()),
                    ("签发".into(), "2025-09-26".into()),
                ],
                content_hash: "9f2c 41d0 77ab 5e13 71ae".into(),
            },
            pairs: vec![(
                Link::new("一图读懂补助资金管理办法", "/entries/1287"),
                "解读本文件：图片图解".into(),
            )],
            related: vec![
                Link::new("《青禾区农村危房改造补助资金管理办法》政策解读", "/entries/1287"),
                Link::new("青禾区 2025 年农村危房改造补助名单（第一批）", "/entries/1102"),
            ],
            contact: "青禾区住房和城乡建设局村镇建设科，0000-8800 2266".into(),
        }
    }
}

/// 《条例》第十二条第三款: 索引、名称、内容概述、生成日期, and what the office adds.
pub(crate) fn record(entry: &PublicEntry, validity: Option<&Tag>) -> Vec<KeyValue> {
    let mut record = vec![
        KeyValue::new("索引号", &entry.index_number),
        KeyValue::new("公开事项", &entry.line_title),
        KeyValue::new("发布机关", &entry.agency_name),
        KeyValue::new("体裁", genre(&entry.genre)),
        KeyValue::new("生成日期", &entry.made_on),
        KeyValue::new("公开日期", &entry.first_released_on),
    ];
    let theme = theme_words(&entry.theme, &entry.subtheme);
    let optional = [
        ("文号", entry.document_number.as_deref().unwrap_or_default()),
        ("有效性", validity.map_or("", |tag| tag.label.as_str())),
        ("联合发文机关", entry.co_issuers.as_str()),
        ("主题分类", theme.as_str()),
        ("施行日期", entry.effective_on.as_str()),
        ("有效期至", entry.expires_on.as_str()),
        ("主题词", entry.keywords.as_str()),
        ("信息来源", entry.source.as_str()),
    ];
    record.extend(optional.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| KeyValue::new(*k, *v)));
    record.push(KeyValue::new("法定事项", category_with_provision(&entry.category)).wide());
    record.push(KeyValue::new("名称", &entry.title).wide());
    if !entry.summary.is_empty() {
        record.push(KeyValue::new("内容概述", &entry.summary).wide());
    }
    record
}

/// 版式: the addressee stands without indent, the signature and its date to the right. Only the look is added; the
/// words stay as they were signed.
pub(crate) fn laid_out(body_html: String) -> String {
    let mut body = body_html;
    let is_short = |text: &str, most: usize| text.chars().count() <= most && !text.contains('<');
    if let Some(first) = body.strip_prefix("<p>").and_then(|rest| rest.split_once("</p>")).map(|(p, _)| p)
        && is_short(first, 60)
        && first.ends_with(['：', ':'])
    {
        body.insert_str(2, " class=\"no-indent\"");
    }
    let starts: Vec<usize> = body.match_indices("<p>").map(|(at, _)| at).collect();
    let [.., by, on] = starts[..] else { return body };
    let paragraph = |from: usize| body[from + 3..].split_once("</p>");
    if let (Some((by_text, between)), Some((on_text, rest))) = (paragraph(by), paragraph(on))
        && rest.trim().is_empty()
        && between.trim_start().starts_with("<p>")
        && is_date(on_text)
        && is_short(by_text, 40)
        && !by_text.ends_with(['。', '；', '：', '！', '？'])
    {
        for at in [on, by] {
            body.insert_str(at + 2, " class=\"signature\"");
        }
    }
    body
}

/// 2026年9月19日
fn is_date(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let Some(rest) = text.strip_suffix('日') else { return false };
    let parts: Vec<&str> = rest.split(['年', '月']).collect();
    let is_number = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    parts.len() == 3 && rest.contains('年') && rest.contains('月') && parts.iter().all(is_number)
}

/// A fingerprint in groups of four, so that a person can compare it.
fn in_groups(hash: &str) -> String {
    let digits: Vec<char> = hash.chars().collect();
    digits.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

const SAMPLE_BODY: &str = "\
<p class=\"no-indent\">各镇人民政府、街道办事处，区政府各部门：</p>\
<p>《青禾区农村危房改造补助资金管理办法》已经区人民政府同意，现印发给你们，请认真贯彻执行。</p>\
<p class=\"signature\">青禾区人民政府办公室</p><p class=\"signature\">2025 年 9 月 19 日</p>\
<h2>第一章　总则</h2>\
<p><strong>第一条</strong>　为规范农村危房改造补助资金管理，提高资金使用效益，根据国家和省有关规定，结合本区实际，制定本办法。</p>\
<p><strong>第二条</strong>　本办法所称补助资金，是指各级财政安排的、用于支持符合条件的农村低收入群体等重点对象开展住房安全保障的资金。</p>\
<p><strong>第三条</strong>　补助资金按照“公开透明、突出重点、注重绩效、强化监督”的原则分配和使用，补助对象名单、补助标准和拨付结果依法主动公开。</p>\
<h2>第二章　补助对象和标准</h2>\
<p><strong>第四条</strong>　补助标准按照房屋危险等级和改造方式确定：</p>\
<table><thead><tr><th>危险等级</th><th>改造方式</th><th>每户补助（元）</th></tr></thead><tbody>\
<tr><td>C 级</td><td>修缮加固</td><td>12,000</td></tr><tr><td>D 级</td><td>拆除重建</td><td>32,000</td></tr></tbody></table>\
<p><strong>第五条</strong>　申请人向户籍所在地村民委员会提出书面申请，经村民代表会议评议、公示 7 日无异议后，报镇人民政府审核。镇人民政府应当自收到材料之日起 15 个工作日内完成入户核查。</p>";

#[cfg(test)]
mod tests {
    use super::{as_attachment, laid_out};

    #[test]
    fn addressee_and_signature_find_their_place() {
        let letter = "<p>各镇人民政府：</p><p>现印发给你们。</p>\n<p>青禾区财政局</p>\n<p>2026年9月19日</p>";
        assert_eq!(
            laid_out(letter.into()),
            "<p class=\"no-indent\">各镇人民政府：</p><p>现印发给你们。</p>\n\
             <p class=\"signature\">青禾区财政局</p>\n<p class=\"signature\">2026年9月19日</p>"
        );
        for plain in [
            "",
            "<p>一</p>",
            "<p>日</p><p>2026年9月19日</p><table></table>",
            "<p>自发布之日起施行。</p><p>2026年9月19日</p>",
            "<p>青禾区财政局</p><ul></ul><p>2026年9月19日</p>",
            "<p>青禾区财政局</p><p>本办法自2026年9月19日</p>",
            "<h2>通知：</h2><p>正文",
        ] {
            assert_eq!(laid_out(plain.into()), plain);
        }
    }

    #[test]
    fn a_file_name_cannot_leave_its_header() {
        let header = as_attachment("a\"\r\nSet-Cookie: x\\名.pdf");
        assert!(header.is_ascii() && !header.contains(['\r', '\n', '\\']), "{header}");
        assert_eq!(header.matches('"').count(), 2, "{header}");
    }
}
