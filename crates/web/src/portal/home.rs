//! 首页 — what is new, what there is, how to ask for more.

use askama::Template;

use super::entries::EntryLine;
use crate::components::Link;
use crate::page::{Chrome, Section};

/// One of the items of 《条例》第二十条 with how many entries it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryLine {
    /// （一）
    pub number: String,
    pub title: String,
    pub count: String,
    pub href: String,
}

/// A link with how many things are behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedLink {
    pub label: String,
    pub count: String,
    pub href: String,
}

/// One step of asking for information: what happens and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    pub title: String,
    pub text: String,
    /// 《条例》第三十三条
    pub citation: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/home.html")]
pub struct HomePage {
    pub chrome: Chrome,
    /// What people look for most; each leads to a search or a category.
    pub popular: Vec<Link>,
    /// The reply period in one sentence.
    pub clock: String,
    pub newest: Vec<EntryLine>,
    /// How many entries are disclosed in all: 3,214
    pub total: String,
    pub categories: Vec<CategoryLine>,
    pub agencies: Vec<CountedLink>,
    pub ways: Vec<Way>,
    pub annual_reports: Vec<CountedLink>,
}

impl HomePage {
    pub fn sample() -> Self {
        let counts = [214, 96, 61, 148, 402, 187, 233, 41, 92, 176, 538, 87, 305, 29, 605];
        let titles = [
            "规章和规范性文件",
            "机关职能、机构设置、联系方式",
            "国民经济和社会发展规划",
            "国民经济和社会发展统计信息",
            "行政许可和其他对外管理服务事项",
            "行政处罚、行政强制",
            "财政预算、决算",
            "行政事业性收费",
            "政府集中采购",
            "重大建设项目",
            "教育、医疗、社会保障、就业等政策",
            "突发公共事件应急预案与预警",
            "环境、卫生、安全、食品药品监督检查",
            "公务员招考",
            "其他依法应当主动公开的信息",
        ];
        let numerals = [
            "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四",
            "十五",
        ];
        let categories = (1..)
            .zip(numerals)
            .zip(titles.into_iter().zip(counts))
            .map(|((item, numeral), (title, count)): ((u32, _), (_, u32))| CategoryLine {
                number: format!("（{numeral}）"),
                title: title.into(),
                count: count.to_string(),
                href: format!("/catalogue?item={item}"),
            })
            .collect();
        let counted = |label: &str, count: &str, href: &str| CountedLink {
            label: label.into(),
            count: count.into(),
            href: href.into(),
        };
        let way = |title: &str, text: &str, citation: &str| Way {
            title: title.into(),
            text: text.into(),
            citation: citation.into(),
        };
        HomePage {
            chrome: Chrome::sample(Section::Home),
            popular: [
                ("财政预算", "/catalogue?item=7"),
                ("规范性文件", "/catalogue?item=1"),
                ("行政许可", "/catalogue?item=5"),
                ("农村危房改造", "/search?q=农村危房改造"),
                ("义务教育", "/search?q=义务教育"),
            ]
            .map(|(label, href)| Link::new(label, href))
            .into(),
            clock: "自收到申请之日起 20 个工作日内答复；需要延长的，最多再延 20 个工作日，并告知您。".into(),
            newest: EntryLine::samples(),
            total: "3,214".into(),
            categories,
            agencies: vec![
                counted("青禾区人民政府办公室", "1,204", "/catalogue?agency=office"),
                counted("青禾区财政局", "611", "/catalogue?agency=finance"),
                counted("青禾区卫生健康局", "413", "/catalogue?agency=health"),
                counted("云溪镇人民政府", "388", "/catalogue?agency=yunxi"),
                counted("柳湾镇人民政府", "301", "/catalogue?agency=liuwan"),
                counted("石桥镇人民政府", "297", "/catalogue?agency=shiqiao"),
            ],
            ways: vec![
                way("先找一找", "多数信息已经公开，用标题、文号或索引号可以直接查到。", ""),
                way(
                    "提出申请",
                    "写明姓名、联系方式和所需信息的名称或特征。可以网上提交，也可以当面或邮寄。",
                    "《条例》第二十九条",
                ),
                way(
                    "收到答复",
                    "20 个工作日内答复；内容不明确的，7 个工作日内一次性告知补正。",
                    "《条例》第三十条、第三十三条",
                ),
                way(
                    "不服可以救济",
                    "对答复不服，可以依法申请行政复议或者提起行政诉讼，答复书会写明途径和期限。",
                    "《条例》第五十一条",
                ),
            ],
            annual_reports: vec![
                counted("2025 年度", "7 个机关", "/annual-reports?year=2025"),
                counted("2024 年度", "7 个机关", "/annual-reports?year=2024"),
            ],
        }
    }
}
