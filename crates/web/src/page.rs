//! What every page carries besides its own content: the name over the door, who is looking, where they are.
//!
//! A page struct embeds a [`Chrome`] as its field `chrome`; `templates/shared/portal_base.html` and
//! `console_base.html` read nothing else.

use crate::components::Tone;
use crate::palette::Palette;

/// Where in the site a page stands; decides which navigation entry is marked as the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// 首页
    Home,
    /// 公开指南
    Guide,
    /// 公开制度
    Rules,
    /// 公开目录
    Catalogue,
    /// 依申请公开
    Requests,
    /// 互动交流
    Interaction,
    /// 年度报告
    AnnualReports,
    /// 待办
    Tasks,
    /// 信息
    Entries,
    /// 目录 (the officers' side)
    Duties,
    /// 审核
    Reviews,
    /// 申请 (the officers' side)
    ConsoleRequests,
    /// 复议诉讼
    Remedies,
    /// 来信 (the officers' side)
    ConsoleInteraction,
    /// 期限: what has a day, and what ends with one
    Terms,
    /// 台账
    Registers,
    /// 年度报告 (the officers' side)
    Reporting,
    /// 监督
    Oversight,
    /// 审计
    Audit,
    /// 系统对接
    Connections,
    /// 账号
    Accounts,
    /// Pages outside the navigation: search, help, sign-in, errors.
    Elsewhere,
}

/// The portal's navigation, in the order shown. Its fixed parts are those of 国办公开办函〔2019〕61号.
pub const PORTAL_SECTIONS: [Section; 7] = [
    Section::Home,
    Section::Guide,
    Section::Rules,
    Section::Catalogue,
    Section::Requests,
    Section::AnnualReports,
    Section::Interaction,
];

/// The console's navigation, in the order shown.
pub const CONSOLE_SECTIONS: [Section; 14] = [
    Section::Tasks,
    Section::Entries,
    Section::Duties,
    Section::Reviews,
    Section::ConsoleRequests,
    Section::Remedies,
    Section::ConsoleInteraction,
    Section::Terms,
    Section::Registers,
    Section::Reporting,
    Section::Oversight,
    Section::Audit,
    Section::Connections,
    Section::Accounts,
];

impl Section {
    /// The words of the navigation entry.
    pub fn label(self) -> &'static str {
        match self {
            Section::Home => "首页",
            Section::Guide => "公开指南",
            Section::Rules => "公开制度",
            Section::Catalogue => "公开目录",
            Section::Requests => "依申请公开",
            Section::Interaction => "互动交流",
            Section::AnnualReports => "年度报告",
            Section::Tasks => "待办",
            Section::Entries => "信息",
            Section::Duties => "目录",
            Section::Reviews => "审核",
            Section::ConsoleRequests => "申请",
            Section::Remedies => "复议诉讼",
            Section::ConsoleInteraction => "来信",
            Section::Terms => "期限",
            Section::Registers => "台账",
            Section::Reporting => "年度报告",
            Section::Oversight => "监督",
            Section::Audit => "审计",
            Section::Connections => "系统对接",
            Section::Accounts => "账号",
            Section::Elsewhere => "",
        }
    }

    /// The address the navigation entry leads to.
    pub fn href(self) -> &'static str {
        match self {
            Section::Home | Section::Elsewhere => "/",
            Section::Guide => "/guide",
            Section::Rules => "/rules",
            Section::Catalogue => "/catalogue",
            Section::Requests => "/requests",
            Section::Interaction => "/interaction",
            Section::AnnualReports => "/annual-reports",
            Section::Tasks => "/console",
            Section::Entries => "/console/entries",
            Section::Duties => "/console/catalogue",
            Section::Reviews => "/console/reviews",
            Section::ConsoleRequests => "/console/requests",
            Section::Remedies => "/console/remedies",
            Section::ConsoleInteraction => "/console/interaction",
            Section::Terms => "/console/due",
            Section::Registers => "/console/registers",
            Section::Reporting => "/console/annual-reports",
            Section::Oversight => "/console/oversight",
            Section::Audit => "/console/audit",
            Section::Connections => "/console/connections",
            Section::Accounts => "/console/accounts",
        }
    }

    /// The drawing beside the entry in the console; a name of `shared/parts/icon.html`.
    pub fn icon(self) -> &'static str {
        match self {
            Section::Tasks => "check",
            Section::Entries => "file",
            Section::Duties => "menu",
            Section::Reviews => "stamp",
            Section::ConsoleRequests => "inbox",
            Section::Remedies => "scale",
            Section::ConsoleInteraction => "mail",
            Section::Terms => "clock",
            Section::Registers => "book",
            Section::Reporting => "chart",
            Section::Oversight => "eye",
            Section::Audit => "link",
            Section::Connections => "link",
            Section::Accounts => "user",
            _ => "arrow",
        }
    }
}

/// One entry of a navigation, ready for the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    pub label: &'static str,
    pub href: &'static str,
    pub icon: &'static str,
    pub is_current: bool,
    /// How many things wait behind it, if any.
    pub badge: Option<Badge>,
}

/// A number beside a navigation entry; red only when something behind it is overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Badge {
    pub count: u32,
    pub is_overdue: bool,
}

/// Who is signed in.
#[derive(Debug, Clone, Default)]
pub struct ViewerBadge {
    pub name: String,
    pub agency: String,
    /// In words: 经办人、科室负责人…
    pub roles: Vec<String>,
    /// The token every form of a signed-in person carries.
    pub csrf: String,
    /// The console sections this person may open; the navigation shows no others.
    pub sections: Vec<Section>,
    /// Numbers beside the entries.
    pub badges: Vec<(Section, Badge)>,
}

/// A message that outlives one redirect.
#[derive(Debug, Clone)]
pub struct Flash {
    pub tone: Tone,
    pub text: String,
}

/// One step of the path to a page; the last one has no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    pub href: Option<String>,
}

/// What the foot of every public page says about the office. 《条例》第十二条第二款.
#[derive(Debug, Clone, Default)]
pub struct Contact {
    pub phone: String,
    pub address: String,
    pub office_hours: String,
    /// Registration marks of the site (网站标识码、备案号), one a line; may be empty.
    pub registrations: Vec<String>,
    /// 网站域名, `www.qinghe.gov.cn`; may be empty.
    pub domain: String,
    /// 网站标识码, ten digits; may be empty.
    pub site_code: String,
}

/// What the head of a page with one text says about it (ArticleTitle, PubDate …), as government sites must.
/// 国办发〔2017〕47号.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Article {
    pub title: String,
    /// `2026-11-02 09:00`
    pub published_at: String,
    /// 信息来源
    pub source: String,
    pub keywords: String,
    pub description: String,
    pub author: String,
}

/// The portal of the whole installation, as one agency's portal leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MainPortal {
    /// 青禾区政府信息公开
    pub name: String,
    /// `https://www.qinghe.gov.cn`
    pub origin: String,
}

/// 日间、夜间 — chosen by cookie, or as the system wishes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub fn code(self) -> &'static str {
        match self {
            Theme::System => "",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    pub fn from_code(code: &str) -> Theme {
        [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.code() == code).unwrap_or_default()
    }

    /// What the switch turns to next, and the words on it.
    pub fn next(self) -> (&'static str, &'static str) {
        match self {
            Theme::System => ("dark", "夜间模式"),
            Theme::Dark => ("light", "日间模式"),
            Theme::Light => ("system", "跟随系统"),
        }
    }
}

/// The frame around a page.
#[derive(Debug, Clone)]
pub struct Chrome {
    /// 青禾区政府信息公开
    pub site_name: String,
    /// 主办单位
    pub organisation: String,
    pub contact: Contact,
    pub section: Section,
    /// Path and query of this page, so that the display switch can come back to it.
    pub path: String,
    pub viewer: Option<ViewerBadge>,
    /// 长辈模式 — large print, chosen by cookie.
    pub large_print: bool,
    pub theme: Theme,
    /// The colours of this portal.
    pub palette: Palette,
    /// Set on the portal of one agency.
    pub main: Option<MainPortal>,
    /// How the site is reached under its own name.
    pub scheme: &'static str,
    /// What stands in the head of a page that shows one text.
    pub article: Option<Article>,
    pub flash: Option<Flash>,
    pub crumbs: Vec<Crumb>,
    /// What stands in the search box.
    pub query: String,
}

impl Chrome {
    /// A frame for a public page; the rest is filled with the builder functions below.
    pub fn new(site_name: impl Into<String>, organisation: impl Into<String>, section: Section) -> Self {
        Chrome {
            site_name: site_name.into(),
            organisation: organisation.into(),
            contact: Contact::default(),
            section,
            path: "/".into(),
            viewer: None,
            large_print: false,
            theme: Theme::System,
            palette: Palette::default(),
            main: None,
            scheme: "https",
            article: None,
            flash: None,
            crumbs: Vec::new(),
            query: String::new(),
        }
    }

    /// Adds a step to the path with an address.
    pub fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { label: label.into(), href: Some(href.into()) });
        self
    }

    /// Adds the page itself as the end of the path.
    pub fn here(mut self, label: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { label: label.into(), href: None });
        self
    }

    /// 栏目 — the column this page belongs to: its part of the navigation, else its own name.
    pub fn column(&self) -> &str {
        match self.section.label() {
            "" => self.crumbs.last().map_or("政府信息公开", |crumb| crumb.label.as_str()),
            label => label,
        }
    }

    /// The full address of this page, when the site knows its name.
    pub fn url(&self) -> String {
        match self.contact.domain.as_str() {
            "" => String::new(),
            domain => format!("{}://{domain}{}", self.scheme, self.path),
        }
    }

    /// The same address on the portal of the whole installation.
    pub fn on_main_portal(&self) -> Option<String> {
        self.main.as_ref().map(|main| format!("{}{}", main.origin, self.path))
    }

    /// The portal's navigation.
    pub fn portal_nav(&self) -> Vec<NavItem> {
        PORTAL_SECTIONS.iter().map(|s| self.nav_item(*s, None)).collect()
    }

    /// The entries this viewer may open. Nobody signed in: none.
    pub fn console_nav(&self) -> Vec<NavItem> {
        let Some(viewer) = &self.viewer else { return Vec::new() };
        CONSOLE_SECTIONS
            .iter()
            .filter(|s| viewer.sections.contains(s))
            .map(|s| {
                let badge = viewer.badges.iter().find(|(of, _)| of == s).map(|(_, badge)| *badge);
                self.nav_item(*s, badge)
            })
            .collect()
    }

    fn nav_item(&self, section: Section, badge: Option<Badge>) -> NavItem {
        NavItem {
            label: section.label(),
            href: section.href(),
            icon: section.icon(),
            is_current: section == self.section,
            badge,
        }
    }

    /// An invented district's portal, for samples and tests.
    pub fn sample(section: Section) -> Self {
        let mut chrome = Chrome::new("青禾区政府信息公开", "青禾区人民政府办公室", section);
        chrome.contact = Contact {
            phone: "0000-8800 1234".into(),
            address: "青禾区云水路 1 号政务服务中心 2 楼".into(),
            office_hours: "工作日 9:00—12:00，13:30—17:30".into(),
            registrations: vec!["网站标识码 9900000001".into()],
            domain: "gongkai.qinghe.example".into(),
            site_code: "9900000001".into(),
        };
        chrome
    }

    /// The same district's console with an officer signed in.
    pub fn console_sample(section: Section) -> Self {
        let mut chrome = Chrome::sample(section);
        chrome.viewer = Some(ViewerBadge {
            name: "林晓禾".into(),
            agency: "青禾区人民政府办公室".into(),
            roles: vec!["经办人".into()],
            csrf: "sample".into(),
            sections: CONSOLE_SECTIONS.to_vec(),
            badges: vec![
                (Section::Tasks, Badge { count: 7, is_overdue: true }),
                (Section::Reviews, Badge { count: 3, is_overdue: false }),
            ],
        });
        chrome
    }
}
