//! The list: what is being written, what is under review, what is out.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use gongkai_disclosure::accounts::Permission as P;
use gongkai_disclosure::catalogue::{self, Line};
use gongkai_disclosure::publishing::desk::{self, DeskFilter, DeskLine, DeskPage, Sort, Tab as DeskTab};
use gongkai_disclosure::publishing::{EditionState, Genre};
use gongkai_disclosure::time::shown_text;
use serde::Deserialize;

use super::{address, class_label, line_field, standing_of};
use crate::auth::Signed;
use crate::components::{Field, Pager, Tab, Tag};
use crate::console::records::choose_agency;
use crate::errors::PageError;
use crate::forms::{encode, query};
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::portal::wording::genre;
use crate::state::App;

const PER_PAGE: i64 = 20;

/// How many years back the list can be narrowed to.
const YEARS: i16 = 6;

/// An entry on the list.
#[derive(Debug, Clone)]
pub struct EntryRow {
    /// The entry, where this person may submit it.
    pub choose: Option<String>,
    pub title: String,
    pub href: String,
    pub line: String,
    pub genre: String,
    /// Named only when it is not for everyone.
    pub class: &'static str,
    pub author: String,
    pub made_on: String,
    pub index_number: String,
    pub published_on: String,
    pub states: Vec<Tag>,
    pub touched: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/entries/list.html")]
pub struct EntryListPage {
    pub chrome: Chrome,
    pub agency: String,
    pub tabs: Vec<Tab>,
    pub fields: Vec<Field>,
    pub tab: &'static str,
    pub is_narrowed: bool,
    /// Where to start a new entry; under the chosen line when there is one.
    pub new_href: Option<String>,
    pub catalogue_href: String,
    pub clear_href: String,
    pub rows: Vec<EntryRow>,
    pub pager: Pager,
}

/// What stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    tab: String,
    agency: String,
    line: String,
    genre: String,
    year: String,
    mine: String,
    sort: String,
    q: String,
    page: i64,
}

impl Chosen {
    /// The address without the page; `tab` replaced.
    fn href(&self, tab: &str) -> String {
        let pairs = [
            ("tab", tab),
            ("agency", self.agency.as_str()),
            ("line", &self.line),
            ("genre", &self.genre),
            ("year", &self.year),
            ("mine", &self.mine),
            ("sort", &self.sort),
            ("q", &self.q),
        ];
        format!("/console/entries?{}", query(pairs))
    }

    fn tab(&self) -> DeskTab {
        DeskTab::from_code(&self.tab).unwrap_or_default()
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, &staff, &chosen.agency, P::ReadDrafts).await?;
    let agency = &choice.chosen;
    let lines = catalogue::lines(&mut conn, &agency.id).await?;
    let may_draft = staff.may(P::DraftEntries, &agency.id);
    let filter = DeskFilter {
        agency_id: agency.id.clone(),
        tab: chosen.tab(),
        genre: chosen.genre.clone(),
        line_id: chosen.line.clone(),
        text: chosen.q.clone(),
        author_id: if chosen.mine.is_empty() { String::new() } else { staff.user_id.clone() },
        year: chosen.year.clone(),
        sort: Sort::from_code(&chosen.sort).unwrap_or_default(),
    };
    let found = desk::list(&mut conn, &staff, &filter, DeskPage::new(chosen.page, PER_PAGE)).await?;
    let mut shown = EntryListPage::of(
        page.chrome(Section::Entries).crumb("工作台", "/console").here("信息"),
        &chosen,
        &lines,
        app.today().year(),
    );
    if let Some(field) = choice.field() {
        shown.fields.insert(0, field);
    }
    if !may_draft {
        // Someone who never drafts has nothing of their own here.
        shown.fields.retain(|field| field.name != "mine");
    }
    for (tab, kind) in shown.tabs.iter_mut().zip(DeskTab::ALL) {
        tab.count = Some(found.count(kind).unsigned_abs());
    }
    shown.agency.clone_from(&agency.name);
    shown.new_href = may_draft.then(|| match chosen.line.as_str() {
        "" => format!("/console/entries/new?agency={}", encode(&agency.code)),
        line => format!("/console/entries/new?line={}", encode(line)),
    });
    shown.catalogue_href = format!("/console/catalogue?agency={}", encode(&agency.code));
    shown.clear_href = format!("/console/entries?agency={}", encode(&agency.code));
    shown.pager.total = found.total.unsigned_abs();
    shown.rows = found.lines.into_iter().map(row).collect();
    if !may_draft {
        shown.rows.iter_mut().for_each(|row| row.choose = None);
    }
    html(&shown)
}

fn row(line: DeskLine) -> EntryRow {
    let is_open = EditionState::from_code(&line.state).is_some_and(EditionState::is_open);
    EntryRow {
        choose: is_open.then(|| line.entry_id.clone()),
        href: address(&line.entry_id),
        states: standing_of(&line),
        class: match line.disclosure_class.as_str() {
            "proactive" => "",
            other => class_label(other),
        },
        genre: genre(&line.genre),
        title: line.title,
        line: line.line_title,
        author: line.author_name,
        made_on: line.made_on,
        index_number: line.index_number.unwrap_or_default(),
        published_on: line.first_released_on.unwrap_or_default(),
        touched: shown_text(&line.updated_at),
    }
}

impl EntryListPage {
    fn of(chrome: Chrome, chosen: &Chosen, lines: &[Line], this_year: i16) -> EntryListPage {
        let current = chosen.tab();
        let tabs = DeskTab::ALL
            .into_iter()
            .map(|tab| Tab {
                label: tab.label().into(),
                href: chosen.href(tab.code()),
                is_current: tab == current,
                count: None,
            })
            .collect();
        let any = || (String::new(), "不限".to_owned());
        let genres = Genre::ALL.iter().map(|genre| (genre.code().to_owned(), genre.label().to_owned()));
        let years = (0..YEARS).map(|back| {
            let year = (this_year - back).to_string();
            (year.clone(), format!("{year} 年"))
        });
        let fields = vec![
            line_field("目录事项", "不限", lines).value(&chosen.line),
            Field::select("genre", "体裁", std::iter::once(any()).chain(genres)).value(&chosen.genre),
            Field::select("year", "生成年份", std::iter::once(any()).chain(years)).value(&chosen.year),
            Field::select("mine", "起草人", [("", "不限"), ("1", "我起草的")]).value(&chosen.mine),
            Field::select("sort", "排序", Sort::ALL.map(|sort| (sort.code(), sort.label())))
                .value(&chosen.sort),
            Field::line_of("search", "q", "标题、文号、索引号").value(&chosen.q),
        ];
        let is_narrowed = fields.iter().any(|field| !field.value.is_empty() && field.name != "sort");
        EntryListPage {
            chrome,
            agency: String::new(),
            tabs,
            fields,
            tab: current.code(),
            is_narrowed,
            new_href: None,
            catalogue_href: "/console/catalogue".into(),
            clear_href: "/console/entries".into(),
            rows: Vec::new(),
            pager: Pager {
                page: chosen.page.max(1).unsigned_abs(),
                per_page: PER_PAGE.unsigned_abs(),
                total: 0,
                href: format!("{}&page=", chosen.href(current.code())),
            },
        }
    }

    /// Whether several of these can be submitted together.
    fn may_choose(&self) -> bool {
        self.rows.iter().any(|row| row.choose.is_some())
    }

    /// What an empty tab means.
    fn why_empty(&self) -> &'static str {
        match DeskTab::from_code(self.tab).unwrap_or_default() {
            DeskTab::All => "还没有起草过信息。从目录事项开始拟稿，送审签发后自动公开。",
            DeskTab::Drafting => "保存了还没有送审的稿件会出现在这里。",
            DeskTab::InReview => "送审后、签发前的稿件会出现在这里，可以看到签到了哪一步。",
            DeskTab::Returned => "审核人退回的稿件会出现在这里，附退回理由。",
            DeskTab::Signed => "签发为依申请公开、不予公开的信息会出现在这里，不在门户显示。",
            DeskTab::Public => "签发后的主动公开信息会出现在这里。",
            DeskTab::Withdrawn => "撤回的信息会出现在这里，门户上保留网址和撤回说明。",
        }
    }

    pub fn sample() -> EntryListPage {
        let chrome = Chrome::console_sample(Section::Entries).crumb("工作台", "/console").here("信息");
        let mut page = EntryListPage::of(chrome, &Chosen::default(), &[], 2026);
        let line = |title: &str, state: &str, live: bool, class: &str| DeskLine {
            entry_id: "1".into(),
            edition_id: "edition-2".into(),
            ordinal: 2,
            title: title.into(),
            state: state.into(),
            genre: "notice".into(),
            disclosure_class: class.into(),
            line_title: "农村危房改造".into(),
            author_name: "田小满".into(),
            index_number: live.then(|| "songxi/2026-00017".into()),
            live_edition_id: live.then(|| "edition-1".into()),
            withdrawn_at: None,
            made_on: "2026-10-28".into(),
            first_released_on: live.then(|| "2026-11-01".into()),
            updated_at: "2026-11-02T01:00:00.000Z".into(),
        };
        page.agency = "松溪镇人民政府".into();
        page.new_href = Some("/console/entries/new".into());
        page.rows = [
            line("松溪镇2026年农村危房改造补助名单", "drafting", true, "proactive"),
            line("松溪镇2026年第三季度财政收支情况", "in_review", false, "proactive"),
            line("松溪镇信访事项处理意见汇总", "signed", false, "on_request"),
        ]
        .map(row)
        .into();
        page.pager.total = 3;
        page
    }

    pub fn sample_empty() -> EntryListPage {
        EntryListPage { rows: Vec::new(), ..EntryListPage::sample() }
    }
}
