//! 政府信息公开目录 — everything disclosed, by agency, statutory item and year. 《条例》第十二条.

use askama::Template;

use super::entries::EntryLine;
use crate::components::{Facet, FacetOption, Link, Pager};
use crate::page::{Chrome, Section};

#[derive(Debug, Clone, Template)]
#[template(path = "portal/catalogue.html")]
pub struct CataloguePage {
    pub chrome: Chrome,
    /// 公开目录, or the one thing it was narrowed to.
    pub heading: String,
    /// What the narrowing means, or what the catalogue is.
    pub explanation: String,
    /// What the list was narrowed by; each link takes it away.
    pub chosen: Vec<Link>,
    pub facets: Vec<Facet>,
    pub entries: Vec<EntryLine>,
    pub pager: Pager,
}

impl CataloguePage {
    pub fn sample() -> Self {
        let option = |label: &str, count, is_chosen| FacetOption {
            label: label.into(),
            count,
            href: "/catalogue".into(),
            is_chosen,
        };
        CataloguePage {
            chrome: Chrome::sample(Section::Catalogue).crumb("首页", "/").here("公开目录"),
            heading: "公开目录".into(),
            explanation: "本区各机关主动公开的全部政府信息，按公开日期排列。".into(),
            chosen: vec![Link::new("2025 年", "/catalogue")],
            facets: vec![
                Facet {
                    title: "发文机关".into(),
                    shown: 6,
                    options: vec![
                        option("区人民政府办公室", 412, false),
                        option("区财政局", 206, false),
                        option("区卫生健康局", 161, false),
                        option("云溪镇", 133, false),
                        option("柳湾镇", 127, false),
                        option("石桥镇", 124, false),
                        option("城东街道", 123, false),
                    ],
                },
                Facet {
                    title: "法定公开事项".into(),
                    shown: 8,
                    options: vec![
                        option("规章和规范性文件", 61, false),
                        option("机关职能", 22, false),
                        option("规划", 9, false),
                        option("统计信息", 74, false),
                        option("行政许可和管理服务", 188, false),
                        option("行政处罚、行政强制", 91, false),
                        option("财政预算、决算", 98, false),
                        option("行政事业性收费", 14, false),
                        option("政府集中采购", 46, false),
                        option("重大建设项目", 83, false),
                        option("民生政策", 271, false),
                    ],
                },
                Facet {
                    title: "公开年度".into(),
                    shown: 4,
                    options: vec![option("2025", 1286, true), option("2024", 1928, false)],
                },
            ],
            entries: EntryLine::samples(),
            pager: Pager { page: 1, per_page: 20, total: 1286, href: "/catalogue?year=2025&page=".into() },
        }
    }

    /// A narrowing that leaves nothing.
    pub fn sample_empty() -> Self {
        let mut page = Self::sample();
        page.chosen.push(Link::new("行政事业性收费", "/catalogue?year=2025"));
        page.entries.clear();
        page.pager.total = 0;
        page
    }
}
