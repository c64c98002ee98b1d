//! 我为政府网站找错 — what readers found on the site, as those see it who oversee the agencies: how many, how quickly
//! answered, which wait.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use gongkai_disclosure::interaction::{self, InteractionCase, ReplyClock};
use gongkai_disclosure::oversight::oversees;
use gongkai_disclosure::time::{day_in_china, shown_text, stored};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

use crate::auth::Signed;
use crate::components::{Tab, Tag, Tone};
use crate::errors::PageError;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::state::App;

const MOST: i64 = 200;

/// An error somebody found.
#[derive(Debug, Clone)]
pub struct ReportRow {
    pub number: String,
    pub agency: String,
    pub page: String,
    pub text: String,
    pub received: String,
    pub state: Tag,
}

/// The last twelve months of one agency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgencyFigures {
    pub agency: String,
    pub received: usize,
    pub answered: usize,
    /// Days from report to answer, the middle one; `None`: nothing was answered.
    pub median_days: Option<i64>,
    /// Waiting longer than the inspection allows.
    pub overdue: usize,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/oversight/error_reports.html")]
pub struct ErrorReportsPage {
    pub chrome: Chrome,
    /// The rule in words, with its source.
    pub rule: String,
    pub figures: Vec<AgencyFigures>,
    pub tabs: Vec<Tab>,
    pub rows: Vec<ReportRow>,
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    state: String,
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let mut agencies = gongkai_disclosure::accounts::agencies(&mut conn).await?;
    agencies.retain(|agency| oversees(&staff, agency));
    let is_open = chosen.state != "answered";
    let mut cases = interaction::error_reports(&mut conn, is_open, MOST, 0).await?;
    cases.retain(|case| agencies.iter().any(|agency| agency.id == case.agency_id));
    let today = app.today();
    let year_ago = app.now() - jiff::SignedDuration::from_hours(24 * 365);
    let times = interaction::error_report_times(&mut conn, &stored(year_ago)).await?;
    drop(conn);
    let figures = agencies.iter().map(|agency| {
        let own: Vec<_> = times
            .iter()
            .filter(|(id, _, _)| *id == agency.id)
            .map(|(_, received, replied)| (received.as_str(), replied.as_deref()))
            .collect();
        AgencyFigures::of(&agency.name, &own, today)
    });
    let tab = |label: &str, state: &str, is_current| Tab {
        label: label.into(),
        href: format!("/console/oversight/error-reports?state={state}"),
        is_current,
        count: None,
    };
    html(&ErrorReportsPage {
        chrome: page
            .chrome(Section::Oversight)
            .crumb("工作台", "/console")
            .crumb("监督", "/console/oversight")
            .here("网站找错"),
        rule: rule(today),
        figures: figures.filter(|figures| figures.received > 0).collect(),
        tabs: vec![tab("待答复", "open", is_open), tab("已答复", "answered", !is_open)],
        rows: cases.into_iter().map(|case| row(case, today)).collect(),
    })
}

fn rule(today: Date) -> String {
    ReplyClock::on(today).map_or_else(String::new, |clock| {
        format!("有效留言超过 {} 个月未回应的，网站检查单项否决。{}", clock.months, clock.source)
    })
}

fn row(case: InteractionCase, today: Date) -> ReportRow {
    let state = match (&case.replied_at, case.last_day()) {
        (Some(_), _) => Tag::new(Tone::Success, "已答复"),
        (None, Some(day)) if day < today => Tag::new(Tone::Overdue, format!("应在 {day} 前答复")),
        (None, Some(day)) if day.checked_sub(30.days()).is_ok_and(|soon| soon <= today) => {
            Tag::new(Tone::Warning, format!("{day} 前答复"))
        }
        (None, _) => Tag::new(Tone::Info, "待答复"),
    };
    ReportRow {
        number: case.number,
        agency: case.agency_name,
        page: case.page,
        text: case.body.chars().take(120).collect(),
        received: shown_text(&case.received_at),
        state,
    }
}

impl AgencyFigures {
    /// From when each came and was answered.
    fn of(agency: &str, times: &[(&str, Option<&str>)], today: Date) -> AgencyFigures {
        let day = |text: &str| text.parse::<Timestamp>().ok().map(day_in_china);
        let mut waited: Vec<i64> = times
            .iter()
            .filter_map(|(received, replied)| {
                Some(i64::from((day((*replied)?)? - day(received)?).get_days()))
            })
            .collect();
        waited.sort_unstable();
        let overdue = times.iter().filter(|(received, replied)| {
            let last = day(received).and_then(|day| ReplyClock::on(day)?.last_day(day));
            replied.is_none() && last.is_some_and(|last| last < today)
        });
        AgencyFigures {
            agency: agency.to_owned(),
            received: times.len(),
            answered: waited.len(),
            median_days: waited.get(waited.len().saturating_sub(1) / 2).copied(),
            overdue: overdue.count(),
        }
    }
}

impl ErrorReportsPage {
    pub fn sample() -> Self {
        ErrorReportsPage {
            chrome: Chrome::console_sample(Section::Oversight)
                .crumb("工作台", "/console")
                .crumb("监督", "/console/oversight")
                .here("网站找错"),
            rule: rule(jiff::civil::date(2026, 11, 2)),
            figures: vec![AgencyFigures {
                agency: "云溪镇人民政府".into(),
                received: 3,
                answered: 2,
                median_days: Some(2),
                overdue: 1,
            }],
            tabs: vec![Tab {
                label: "待答复".into(),
                href: "/console/oversight/error-reports?state=open".into(),
                is_current: true,
                count: None,
            }],
            rows: vec![ReportRow {
                number: "M2026-00042".into(),
                agency: "云溪镇人民政府".into(),
                page: "/entries/yunxi/2026-00017".into(),
                text: "第三段“公示期”写成了“公式期”。".into(),
                received: "2026-10-30 10:20".into(),
                state: Tag::new(Tone::Info, "待答复"),
            }],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_say_how_long_answers_took() {
        let times = [
            ("2026-07-01T01:00:00Z", Some("2026-07-02T01:00:00Z")),
            ("2026-07-01T01:00:00Z", Some("2026-07-11T01:00:00Z")),
            ("2026-07-01T01:00:00Z", Some("2026-07-04T01:00:00Z")),
            ("2026-07-30T01:00:00Z", None),
            ("2026-10-30T01:00:00Z", None),
        ];
        let figures = AgencyFigures::of("镇", &times, jiff::civil::date(2026, 11, 2));
        assert_eq!(
            (figures.received, figures.answered, figures.median_days, figures.overdue),
            (5, 3, Some(3), 1)
        );
        assert_eq!(AgencyFigures::of("镇", &[], jiff::civil::date(2026, 11, 2)).median_days, None);
    }
}
