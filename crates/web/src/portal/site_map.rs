//! 网站地图 — every part of the portal on one page, with how much stands in it.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use gongkai_disclosure::publishing::public::{self, Filter};

use super::wording::{genre, short_category};
use crate::components::grouped;
use crate::errors::PageError;
use crate::forms::encode;
use crate::html::{PageContext, kept};
use crate::page::{Chrome, Section};
use crate::page_cache::Shows;
use crate::state::App;

/// Pages that are always there, by what one comes for.
const PARTS: [(&str, &[(&str, &str)]); 4] = [
    (
        "政府信息公开",
        &[
            ("政府信息公开指南", "/guide"),
            ("政府信息公开制度", "/rules"),
            ("公开目录", "/catalogue"),
            ("规范性文件库", "/documents"),
            ("政策库", "/policies"),
            ("政府公报", "/gazette"),
            ("年度报告", "/annual-reports"),
            ("年度报告数据", "/annual-reports/figures"),
        ],
    ),
    ("依申请公开", &[("申请政府信息公开", "/requests"), ("查询申请进度", "/requests/track")]),
    (
        "互动交流",
        &[
            ("写信、找错", "/interaction"),
            ("查看来信的答复", "/interaction/track"),
            ("检查年度报告", "/report-check"),
        ],
    ),
    (
        "查找和帮助",
        &[("搜索", "/search"), ("使用帮助", "/help"), ("订阅源", "/feed.xml"), ("开放数据", "/api")],
    ),
];

/// A link with how many entries it leads to.
#[derive(Debug, Clone)]
pub struct MapLink {
    pub label: String,
    pub href: String,
    /// Empty: a page, not a list.
    pub count: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/site_map.html")]
pub struct SiteMapPage {
    pub chrome: Chrome,
    pub parts: Vec<(String, Vec<MapLink>)>,
}

fn fixed() -> Vec<(String, Vec<MapLink>)> {
    let link = |(label, href): &(&str, &str)| MapLink {
        label: (*label).into(),
        href: (*href).into(),
        count: String::new(),
    };
    PARTS.iter().map(|(title, links)| ((*title).to_owned(), links.iter().map(link).collect())).collect()
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    kept(&page, &asked, "/site-map", async {
        let mut conn = app.db.read().await?;
        let agencies = public::agencies(&mut conn).await?;
        let listing = app.listing(&mut conn, &Filter::default()).await?;
        drop(conn);
        let mut parts = fixed();
        let counted = |values: &[public::Facet], label: &dyn Fn(&str) -> String, name: &str| {
            let link = |facet: &public::Facet| MapLink {
                label: label(&facet.value),
                href: format!("/catalogue?{name}={}", encode(&facet.value)),
                count: grouped(facet.hits()),
            };
            values.iter().map(link).collect::<Vec<_>>()
        };
        let of_agency = |code: &str| {
            let found = listing.agencies.iter().find(|facet| facet.value == code);
            grouped(found.map_or(0, public::Facet::hits))
        };
        let agency = |agency: &public::PublicAgency| MapLink {
            label: agency.name.clone(),
            href: format!("/agencies/{}", encode(&agency.code)),
            count: of_agency(&agency.code),
        };
        parts.push(("各机关".to_owned(), agencies.iter().map(agency).collect()));
        parts.push(("法定公开事项".to_owned(), counted(&listing.categories, &short_category, "category")));
        parts.push(("体裁".to_owned(), counted(&listing.genres, &genre, "genre")));
        parts.push(("年度".to_owned(), counted(&listing.years, &|year| format!("{year} 年"), "year")));
        parts.retain(|(_, links)| !links.is_empty());
        let chrome = page.chrome_at(Section::Elsewhere, "/site-map").crumb("首页", "/").here("网站地图");
        Ok((SiteMapPage { chrome, parts }.render()?, Shows::Entries))
    })
    .await
}

impl SiteMapPage {
    pub fn sample() -> Self {
        let mut parts = fixed();
        let link = |label: &str, count: &str| MapLink {
            label: label.into(),
            href: "/agencies/1".into(),
            count: count.into(),
        };
        parts.push(("各机关".into(), vec![link("区人民政府办公室", "412"), link("区财政局", "206")]));
        SiteMapPage {
            chrome: Chrome::sample(Section::Elsewhere).crumb("首页", "/").here("网站地图"), parts
        }
    }
}
