//! 使用帮助 and 政府信息公开指南 — how to find, how to ask, whom to call. 《条例》第十二条第二款.

use askama::Template;

use crate::components::KeyValue;
use crate::page::{Chrome, Section};

/// A titled part of a page of guidance, with an anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// ASCII, for the address: how-to-request
    pub id: String,
    pub title: String,
    pub paragraphs: Vec<String>,
    /// 《条例》第二十九条; may be empty.
    pub citation: String,
}

/// Guidance in chapters: the help page and the statutory guide share it.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/help.html")]
pub struct HelpPage {
    pub chrome: Chrome,
    pub title: String,
    pub lede: String,
    pub chapters: Vec<Chapter>,
    /// 工作机构 — name, address, hours, telephone, fax, e-mail.
    pub office: Vec<KeyValue>,
}

impl HelpPage {
    pub fn sample() -> Self {
        let chapter = |id: &str, title: &str, citation: &str, paragraphs: &[&str]| Chapter {
            id: id.into(),
            title: title.into(),
            paragraphs: paragraphs.iter().map(|p| (*p).to_owned()).collect(),
            citation: citation.into(),
        };
        HelpPage {
            chrome: Chrome::sample(Section::Elsewhere).crumb("首页", "/").here("使用帮助"),
            title: "使用帮助".into(),
            lede: "怎样查找已经公开的信息，怎样申请公开，怎样跟踪进度。".into(),
            chapters: vec![
                chapter(
                    "find",
                    "怎样查找信息",
                    "《条例》第二十四条",
                    &[
                        "在页面上方的搜索框里输入标题、文号、索引号或正文里的词，附件内容也能搜到。",
                        "也可以从公开目录按发文机关、法定公开事项和年度逐级查找。",
                    ],
                ),
                chapter(
                    "request",
                    "怎样申请公开",
                    "《条例》第二十七条、第二十九条",
                    &[
                        "公民、法人和其他组织都可以申请，不需要说明用途。写明姓名或名称、身份证明、联系方式，所需信息的名称、文号或者便于查询的其他特征，以及希望的提供形式。",
                        "网上提交后会得到申请编号和查询码；也可以当面提交或者邮寄。书写确有困难的，可以口头提出，由工作人员代为填写。",
                    ],
                ),
                chapter(
                    "time",
                    "多久答复",
                    "《条例》第三十条、第三十三条",
                    &[
                        "能当场答复的当场答复；不能的，自收到申请之日起 20 个工作日内答复。需要延长的，最多再延 20 个工作日并告知申请人。",
                        "申请内容不明确的，自收到之日起 7 个工作日内一次性告知补正，答复期限从收到补正后的申请之日起重新计算。征求第三方和其他机关意见的时间不计算在内。",
                    ],
                ),
                chapter(
                    "large-print",
                    "看不清字怎么办",
                    "",
                    &[
                        "点页面最上方的“长辈模式”，全站文字和按钮都会变大；再点一次恢复。全部页面都可以只用键盘操作。",
                    ],
                ),
            ],
            office: vec![
                KeyValue::new("工作机构", "青禾区人民政府办公室政府信息公开科"),
                KeyValue::new("办公地址", "青禾区云水路 1 号政务服务中心 2 楼"),
                KeyValue::new("办公时间", "工作日 9:00—12:00，13:30—17:30"),
                KeyValue::new("联系电话", "0000-8800 1234"),
                KeyValue::new("电子邮箱", "gongkai@qinghe.example"),
            ],
        }
    }
}
