//! The list: what stands where, what is due when.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use gongkai_disclosure::accounts::{self, Permission};
use gongkai_disclosure::calendars;
use gongkai_disclosure::privacy::Keyring;
use gongkai_disclosure::requests::{
    Counts, Due, Listed, RequestFilter, RequestState as S, SortBy, counts, list as listed, name_match,
};
use gongkai_statute::applicants::ApplicantColumn;
use gongkai_statute::calendar::Calendar;
use gongkai_statute::channels::Channel;
use gongkai_statute::decisions::{Decision, Outcome};
use jiff::civil::Date;
use serde::Deserialize;

use super::SOON;
use crate::auth::Signed;
use crate::components::{Field, Pager, Tab, Tag};
use crate::errors::PageError;
use crate::forms::query;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::requests::view::{due_tag, state_tag};
use crate::state::App;

const PER_PAGE: u64 = 20;

/// The tabs: code, label, states.
const TABS: [(&str, &str, &[S]); 5] = [
    ("unconfirmed", "待确认", &[S::Submitted]),
    ("open", "办理中", &[S::Registered, S::InProgress, S::Consulting]),
    ("waiting", "等待申请人", &[S::SupplementNoticed, S::FeeNoticed]),
    ("signing", "答复审签中", &[S::Decided]),
    ("done", "已办结", &[S::Replied, S::Closed, S::Archived]),
];

/// A request on the list.
#[derive(Debug, Clone)]
pub struct RequestRow {
    pub number: String,
    pub href: String,
    pub agency: String,
    pub applicant: String,
    pub description: String,
    pub channel: &'static str,
    pub received: String,
    pub due: String,
    pub is_provisional: bool,
    pub due_tag: Option<Tag>,
    pub state: Tag,
    pub result: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/requests/list.html")]
pub struct RequestListPage {
    pub chrome: Chrome,
    pub tabs: Vec<Tab>,
    pub overdue: u64,
    pub overdue_href: String,
    pub fields: Vec<Field>,
    /// Filters that stand in the address and in no field: 办结日期 of a year's report.
    pub hidden: Vec<(String, String)>,
    pub is_narrowed: bool,
    pub many_agencies: bool,
    pub can_register: bool,
    /// 导出联系方式 of what the list shows.
    pub contacts_href: String,
    pub rows: Vec<RequestRow>,
    pub pager: Pager,
}

/// What stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    tab: String,
    agency: String,
    channel: String,
    applicant_kind: String,
    outcome: String,
    q: String,
    due: String,
    received_from: String,
    received_to: String,
    closed_from: String,
    closed_to: String,
    sort: String,
    page: u64,
}

impl Chosen {
    /// The address without the page; `tab` replaced.
    fn href(&self, tab: &str) -> String {
        let pairs = [
            ("tab", tab),
            ("agency", self.agency.as_str()),
            ("channel", &self.channel),
            ("applicant_kind", &self.applicant_kind),
            ("outcome", &self.outcome),
            ("q", &self.q),
            ("due", &self.due),
            ("received_from", &self.received_from),
            ("received_to", &self.received_to),
            ("closed_from", &self.closed_from),
            ("closed_to", &self.closed_to),
            ("sort", &self.sort),
        ];
        format!("/console/requests?{}", query(pairs))
    }

    fn day(text: &str) -> Option<Date> {
        text.parse().ok()
    }

    /// The address of the list this was taken from.
    pub(crate) fn address(&self) -> String {
        self.href(&self.tab)
    }

    /// The ids of those agencies among these that were chosen.
    pub(crate) fn of(&self, agencies: impl Iterator<Item = accounts::Agency>) -> Vec<String> {
        let is_chosen = |agency: &accounts::Agency| self.agency.is_empty() || agency.code == self.agency;
        agencies.filter(is_chosen).map(|agency| agency.id).collect()
    }

    pub(crate) fn filter(
        &self,
        agencies: Vec<String>,
        today: Date,
        calendar: &Calendar,
        keys: &Keyring,
    ) -> anyhow::Result<RequestFilter> {
        let states =
            TABS.iter().find(|(code, ..)| *code == self.tab).map_or(&[][..], |(_, _, states)| states);
        let outcome = Outcome::from_code(&self.outcome);
        Ok(RequestFilter {
            name_match: name_match(keys, &self.q)?,
            agencies,
            states: states.to_vec(),
            channel: Channel::from_code(&self.channel),
            applicant_kind: ApplicantColumn::from_code(&self.applicant_kind),
            decisions: match outcome {
                Some(outcome) => {
                    Decision::ALL.iter().copied().filter(|decision| decision.outcome() == outcome).collect()
                }
                None => Vec::new(),
            },
            words: self.q.clone(),
            received_from: Chosen::day(&self.received_from),
            received_to: Chosen::day(&self.received_to),
            closed_from: Chosen::day(&self.closed_from),
            closed_to: Chosen::day(&self.closed_to),
            due: match self.due.as_str() {
                "overdue" => Due::Overdue,
                "soon" => Due::Until(soon_until(today, calendar)),
                _ => Due::Any,
            },
            sort: match self.sort.as_str() {
                "received" => SortBy::ReceivedOn,
                "number" => SortBy::Number,
                _ => SortBy::DueOn,
            },
        })
    }
}

/// The last day that counts as soon.
pub(crate) fn soon_until(today: Date, calendar: &Calendar) -> Date {
    calendar.add_working_days(today, u32::try_from(SOON).unwrap_or_default())
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let today = app.today();
    let calendar = calendars::national(&mut conn).await?;
    let mut agencies = accounts::agencies(&mut conn).await?;
    agencies.retain(|agency| staff.may(Permission::ReadRequests, &agency.id));
    let ids = chosen.of(agencies.iter().cloned());
    let all = counts(&mut conn, &ids, today, soon_until(today, &calendar)).await?;
    let filter = chosen.filter(ids, today, &calendar, app.db.keys())?;
    let (rows, total) = listed(&mut conn, &filter, today, chosen.page.max(1), PER_PAGE).await?;
    let choices = agencies.iter().map(|agency| (agency.code.clone(), agency.name.clone())).collect();
    let mut list = RequestListPage::of(
        page.chrome(Section::ConsoleRequests).crumb("工作台", "/console").here("申请"),
        &chosen,
        &all,
        choices,
    );
    list.can_register = staff.may_anywhere(Permission::HandleRequests);
    list.rows = rows
        .into_iter()
        .map(|row| row_of(row, app.db.keys(), today, &calendar))
        .collect::<anyhow::Result<_>>()?;
    list.pager.total = total;
    html(&list)
}

fn row_of(row: Listed, keys: &Keyring, today: Date, calendar: &Calendar) -> anyhow::Result<RequestRow> {
    let applicant = row.applicant(keys)?;
    Ok(RequestRow {
        href: format!("/console/requests/{}", row.number),
        due_tag: due_tag(row.reply_due_on, row.closed_on, today, SOON, calendar),
        due: row.reply_due_on.map_or_else(|| "—".into(), |day| day.to_string()),
        is_provisional: row.is_due_provisional,
        received: row.received_on.map_or_else(|| format!("{} 提交", row.submitted_on), |day| day.to_string()),
        state: state_tag(row.state),
        result: match (row.decision, row.closed_on) {
            (Some(decision), Some(day)) => format!("{day}　{}", decision.outcome().label()),
            (None, Some(day)) => format!("{day}　收到前撤回"),
            _ => String::new(),
        },
        channel: row.channel.label(),
        applicant: format!("{applicant}（{}）", row.applicant_kind.label()),
        agency: row.agency_name,
        description: row.description,
        number: row.number,
    })
}

impl RequestListPage {
    fn of(chrome: Chrome, chosen: &Chosen, all: &Counts, agencies: Vec<(String, String)>) -> RequestListPage {
        let mut tabs: Vec<Tab> = vec![Tab {
            label: "全部".into(),
            href: chosen.href(""),
            is_current: !TABS.iter().any(|(code, ..)| *code == chosen.tab),
            count: Some(all.of(S::ALL)),
        }];
        tabs.extend(TABS.iter().map(|(code, label, states)| Tab {
            label: (*label).into(),
            href: chosen.href(code),
            is_current: chosen.tab == *code,
            count: Some(all.of(states)),
        }));
        let any = || (String::new(), "不限".to_owned());
        let many_agencies = agencies.len() > 1;
        let mut fields = Vec::new();
        if many_agencies {
            let choices = std::iter::once(any()).chain(agencies);
            fields.push(Field::select("agency", "机关", choices).value(&chosen.agency));
        }
        let due = [("", "不限"), ("overdue", "已逾期"), ("soon", "三个工作日内到期（含逾期）")];
        fields.push(Field::select("due", "期限", due).value(&chosen.due));
        let channels = Channel::ALL.iter().map(|channel| (channel.code().into(), channel.label().into()));
        fields.push(
            Field::select("channel", "渠道", std::iter::once(any()).chain(channels)).value(&chosen.channel),
        );
        let kinds = ApplicantColumn::ALL.iter().map(|kind| (kind.code().into(), kind.label().into()));
        let kinds = std::iter::once(any()).chain(kinds);
        fields.push(Field::select("applicant_kind", "申请人", kinds).value(&chosen.applicant_kind));
        let outcomes = Outcome::ALL.iter().map(|outcome| {
            let (head, label) = (outcome.head().label(), outcome.label());
            let words = if head == label { label.to_owned() } else { format!("{head}：{label}") };
            (outcome.code().to_owned(), words)
        });
        let outcomes = std::iter::once(any()).chain(outcomes);
        fields.push(Field::select("outcome", "办理结果", outcomes).value(&chosen.outcome));
        let sorts = [("", "答复期限"), ("received", "收到日期"), ("number", "登记先后")];
        fields.push(Field::select("sort", "排序", sorts).value(&chosen.sort));
        fields.push(Field::line_of("search", "q", "编号、内容，或者申请人全名").value(&chosen.q));
        let hidden: Vec<(String, String)> = [
            ("tab", &chosen.tab),
            ("received_from", &chosen.received_from),
            ("received_to", &chosen.received_to),
            ("closed_from", &chosen.closed_from),
            ("closed_to", &chosen.closed_to),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .collect();
        let is_narrowed = fields.iter().any(|field| !field.value.is_empty() && field.name != "sort")
            || hidden.iter().any(|(key, _)| key != "tab");
        RequestListPage {
            chrome,
            tabs,
            overdue: all.overdue,
            overdue_href: Chosen { due: "overdue".into(), ..chosen.clone() }.href(""),
            fields,
            hidden,
            is_narrowed,
            many_agencies,
            can_register: true,
            contacts_href: chosen.href(&chosen.tab).replacen(
                "/console/requests?",
                "/console/privacy/contacts?",
                1,
            ),
            rows: Vec::new(),
            pager: Pager {
                page: chosen.page.max(1),
                per_page: PER_PAGE,
                total: 0,
                href: format!("{}&page=", chosen.href(&chosen.tab)),
            },
        }
    }

    pub fn sample() -> RequestListPage {
        let chrome =
            Chrome::console_sample(Section::ConsoleRequests).crumb("工作台", "/console").here("申请");
        let all = Counts { by_state: vec![(S::Registered, 2), (S::Consulting, 1)], overdue: 1, soon: 1 };
        let mut page = RequestListPage::of(chrome, &Chosen::default(), &all, Vec::new());
        let today = jiff::civil::date(2026, 3, 27);
        let row = |serial: i64, due: Option<Date>, state| {
            row_of(
                Listed {
                    id: String::new(),
                    number: format!("SONGXI-SQ-2026-{serial:04}"),
                    agency_name: "松溪镇人民政府".into(),
                    applicant_name: "何小舟".into(),
                    applicant_kind: ApplicantColumn::NaturalPerson,
                    channel: Channel::Online,
                    description: "2025年农村危房改造对象审批名单（第二批）".into(),
                    state,
                    submitted_on: jiff::civil::date(2026, 3, 1),
                    received_on: due.map(|_| jiff::civil::date(2026, 3, 2)),
                    reply_due_on: due,
                    is_due_provisional: serial == 3,
                    closed_on: None,
                    decision: None,
                },
                &Keyring::absent(),
                today,
                Calendar::national(),
            )
            .ok()
        };
        page.rows = [
            row(1, Some(jiff::civil::date(2026, 3, 25)), S::InProgress),
            row(2, Some(jiff::civil::date(2026, 3, 30)), S::Consulting),
            row(3, Some(jiff::civil::date(2026, 4, 20)), S::Registered),
            row(4, None, S::Submitted),
        ]
        .into_iter()
        .flatten()
        .collect();
        page.pager.total = 4;
        page
    }

    pub fn sample_empty() -> RequestListPage {
        RequestListPage { rows: Vec::new(), ..RequestListPage::sample() }
    }
}
