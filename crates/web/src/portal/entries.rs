//! 信息条目 — one disclosed document: its record, its text, its files, its editions, and who signed it off.

use askama::Template;

use crate::components::{FileRow, KeyValue, Link, Tag, Tone};
use crate::page::{Chrome, Section};

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
    pub href: String,
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
    /// Already cleaned HTML; the page puts it out as it is.
    pub body_html: String,
    /// 此件公开发布
    pub release_mark: String,
    pub attachments: Vec<FileRow>,
    pub editions: Vec<EditionLine>,
    pub review: ReviewStatement,
    pub related: Vec<Link>,
    /// Who answers questions about it, with telephone; may be empty.
    pub contact: String,
}

impl EntryPage {
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
                    href: "/entries/1286".into(),
                    is_shown: true,
                },
                EditionLine {
                    label: "第 1 版".into(),
                    published_on: "2025-09-26".into(),
                    note: "首次公开。".into(),
                    href: "/entries/1286/editions/1".into(),
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
            related: vec![
                Link::new("《青禾区农村危房改造补助资金管理办法》政策解读", "/entries/1287"),
                Link::new("青禾区 2025 年农村危房改造补助名单（第一批）", "/entries/1102"),
            ],
            contact: "青禾区住房和城乡建设局村镇建设科，0000-8800 2266".into(),
        }
    }
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
