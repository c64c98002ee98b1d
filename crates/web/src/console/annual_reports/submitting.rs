//! 报送 — the report on its way to the district, the list of who is late, and corrections after publication.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{self, Agency, Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::oversight::oversees;
use gongkai_disclosure::reporting::correction::{self, Change};
use gongkai_disclosure::reporting::{
    self, OwnCheck, Submission, SubmissionState as S, YearLedger, accepts_for, actions, due_of, may_read,
};
use gongkai_disclosure::time::shown_text;
use gongkai_report::write;
use jiff::civil::Date;

use super::{Chosen, agency_by_code, base, ledger};
use crate::auth::Signed;
use crate::components::{Field, KeyValue, Tab, Tag, Tone};
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::{PageContext, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::state::App;

/// The way of a report on its page.
#[derive(Debug, Clone, Default)]
pub struct SubmissionsView {
    /// 2026-01-31 前报送并公开，《条例》第四十九条第一款
    pub due: String,
    pub clock: Option<Tag>,
    pub rows: Vec<SubmissionRow>,
    /// Whether this person gives it to the review in the house now.
    pub may_prepare: bool,
    /// Whether what is sent corrects a published report.
    pub is_correction: bool,
    /// What keeps it in the house, in words; empty when nothing does.
    pub kept_by: String,
    pub errata: Vec<ErratumView>,
    /// What a correction would change now, and the field for its reason.
    pub pending: Vec<Change>,
    pub correct: Option<Field>,
}

#[derive(Debug, Clone)]
pub struct SubmissionRow {
    pub ordinal: i64,
    pub href: String,
    pub state: Tag,
    /// 何小舟 2026-01-12 10:00 送审，林晓禾 2026-01-13 10:00 审核报送
    pub people: String,
    pub receipt: String,
    pub opinion: String,
}

/// 更正 — one corrected edition: what it changed and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErratumView {
    pub on: String,
    pub reason: String,
    pub changes: Vec<Change>,
}

/// A submission as the second person and the district read it.
#[derive(Debug, Clone, Template)]
#[template(path = "console/annual_reports/submission.html")]
pub struct SubmissionPage {
    pub chrome: Chrome,
    pub heading: String,
    pub state: Tag,
    pub record: Vec<KeyValue>,
    /// The address of this submission.
    pub base: String,
    pub report: String,
    pub may_approve: bool,
    pub may_accept: bool,
    pub body: String,
}

/// An agency on the list of a year.
#[derive(Debug, Clone)]
pub struct ClockLine {
    pub agency: String,
    pub report: String,
    pub due_on: String,
    pub why: String,
    pub submitted_on: String,
    pub receipt: String,
    pub clock: Tag,
    pub state: Tag,
    pub href: Option<String>,
    pub published: Option<Tag>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/annual_reports/clocks.html")]
pub struct ClocksPage {
    pub chrome: Chrome,
    pub year: i16,
    pub years: Vec<Tab>,
    pub rule: String,
    pub lines: Vec<ClockLine>,
    pub late: usize,
}

fn tag(state: S) -> Tag {
    let tone = match state {
        S::Accepted => Tone::Success,
        S::Declined | S::Returned => Tone::Warning,
        S::Prepared | S::Submitted => Tone::Info,
    };
    Tag::new(tone, state.label())
}

/// On time, late, or how long is left. Counts by the first time the report reached the district.
fn clock(agency: &Agency, year: i16, submissions: &[Submission], today: Date) -> Tag {
    let due = due_of(agency, year).on;
    let first = submissions.iter().filter_map(|s| s.submitted_on.as_deref()?.parse::<Date>().ok()).min();
    let days = |from: Date, to: Date| from.until(to).map_or(0, |span| span.get_days());
    match first {
        Some(on) if on > due => Tag::new(Tone::Overdue, format!("逾期 {} 天报送", days(due, on))),
        Some(_) => Tag::new(Tone::Success, "按期报送"),
        None if today > due => Tag::new(Tone::Overdue, format!("逾期 {} 天未报送", days(due, today))),
        None if today.year() <= year => Tag::new(Tone::Neutral, "年度未结束"),
        None => Tag::new(Tone::Warning, format!("还有 {} 天", days(today, due))),
    }
}

fn row(submission: &Submission, base: &str) -> SubmissionRow {
    let mut people = format!("{} {} 送审", submission.preparer, shown_text(&submission.prepared_at));
    if let (Some(name), Some(at)) = (&submission.approver, &submission.submitted_at) {
        people.push_str(&format!("，{name} {} 审核报送", shown_text(at)));
    }
    if let (Some(name), Some(at)) = (&submission.decider, &submission.decided_at) {
        people.push_str(&format!("，{name} {} {}", shown_text(at), submission.state().label()));
    }
    SubmissionRow {
        ordinal: submission.ordinal,
        href: format!("{base}/submissions/{}", submission.id),
        state: tag(submission.state()),
        people,
        receipt: submission.receipt_number.clone().unwrap_or_default(),
        opinion: submission.opinion.clone().unwrap_or_default(),
    }
}

pub(super) async fn view(
    conn: &mut Conn,
    staff: &Staff,
    ledger: &YearLedger,
    check: &OwnCheck,
    today: Date,
) -> Result<SubmissionsView, PageError> {
    let (agency, year) = (&ledger.agency, ledger.period.year);
    let base = base(agency, year);
    let submissions = reporting::submissions(conn, &agency.id, year).await?;
    let due = due_of(agency, year);
    let why = due.why.as_ref().map(|why| format!("（{why}）")).unwrap_or_default();
    let newest = submissions.first().map(Submission::state);
    let may_compile = staff.may(P::CompileReport, &agency.id);
    let kept_by = match (check.errors(), check.open_warnings()) {
        (0, 0) => String::new(),
        (0, open) => format!("还有 {open} 处警告没有说明。"),
        (errors, 0) => format!("还有 {errors} 处错误没有改正。"),
        (errors, open) => format!("还有 {errors} 处错误没有改正，{open} 处警告没有说明。"),
    };
    let editions = reporting::report_editions(conn, &agency.id, year).await?;
    let last_out = editions.iter().rev().find(|e| e.state == "released");
    let mut pending = Vec::new();
    if let Some(edition) = last_out {
        pending = correction::changes(&reporting::report_of(&edition.body)?, &ledger.report());
    }
    let is_under_way = editions.last().is_some_and(|e| e.state != "released" && last_out.is_some());
    let field = Field::line("correction", "更正原因").required().hint("写进更正说明，随更正后的报告公开。");
    // A correction goes the way of the report again: the district receives and accepts what is corrected.
    let is_accepted_as_it_is = match submissions.first() {
        Some(newest) if newest.state() == S::Accepted => newest.report()? == ledger.report(),
        _ => false,
    };
    let is_to_correct = may_compile && !pending.is_empty() && !is_under_way;
    let correct = (is_to_correct && is_accepted_as_it_is).then_some(field);
    let may_send_again = is_to_correct && !is_accepted_as_it_is;
    let is_first = last_out.is_none() && newest != Some(S::Accepted);
    let errata = reporting::public::published_editions(conn, &agency.code, year).await?;
    Ok(SubmissionsView {
        due: format!("{} 前报送并公开，{}{why}", due.on, due.citation),
        clock: ledger.period.is_over(today).then(|| clock(agency, year, &submissions, today)),
        may_prepare: may_compile
            && ledger.period.is_over(today)
            && (is_first || may_send_again)
            && !matches!(newest, Some(S::Prepared | S::Submitted)),
        is_correction: may_send_again,
        rows: submissions.iter().map(|submission| row(submission, &base)).collect(),
        kept_by,
        errata: errata_of(&errata)?,
        pending,
        correct,
    })
}

/// The corrections among the released editions, the newest first.
pub(crate) fn errata_of(editions: &[reporting::public::PublishedReport]) -> anyhow::Result<Vec<ErratumView>> {
    let corrections = editions.iter().rev().filter(|edition| !edition.reason.is_empty());
    corrections
        .map(|edition| {
            Ok(ErratumView {
                on: shown_text(&edition.released_at).get(..10).unwrap_or_default().to_owned(),
                reason: edition.reason.clone(),
                changes: correction::stored(&edition.changes)?,
            })
        })
        .collect()
}

/// What stands beside a cell that was corrected after publication.
pub(super) fn mark(errata: &[ErratumView], place: &str) -> Option<String> {
    let changes = errata.iter().flat_map(|erratum| &erratum.changes);
    changes.filter(|change| change.place == place).map(|change| format!("原公布 {}", change.old)).next()
}

pub(crate) async fn prepare(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((code, year)): Path<(String, i16)>,
) -> Result<Response, PageError> {
    let agency = agency_by_code(&mut *app.db.read().await?, &code, |agency| may_read(&staff, agency)).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    actions::prepare_submission(&mut tx, &staff, &agency, year).await?;
    tx.commit().await?;
    Ok(redirect_with(&base(&agency, year), "报告已固定并送审，由科室负责人或者分管领导审核报送。"))
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path((code, year, id)): Path<(String, i16, String)>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let ledger = ledger(&app, &mut conn, &staff, &code, year).await?;
    let agency = &ledger.agency;
    let submission = reporting::submission(&mut conn, &id).await?;
    let is_here = |s: &Submission| s.agency_id == agency.id && s.year == i64::from(year);
    let submission = submission.filter(is_here).ok_or(PageError::NotFound)?;
    let check = reporting::own_check(&mut conn, &ledger, app.today()).await?;
    let report = submission.report()?;
    let base = base(agency, year);
    let line = row(&submission, &base);
    let accepted = check.items.iter().filter(|item| !item.is_open());
    let accepted: Vec<String> = accepted
        .map(|item| {
            let reason = item.verdict.as_ref().map_or("", |verdict| verdict.reason.as_str());
            format!("{}——{reason}", item.message)
        })
        .collect();
    let adjusted: Vec<String> = ledger
        .adjustments
        .iter()
        .filter_map(|a| {
            let cell = a.address()?;
            Some(format!(
                "{}：台账 {}，报告 {}，{}",
                super::name_of(&cell.into()),
                a.ledger_value,
                a.value,
                a.reason
            ))
        })
        .collect();
    let due = due_of(agency, year);
    let mut record = vec![
        KeyValue::new("报送机关", &agency.name),
        KeyValue::new("报送期限", format!("{}，{}", due.on, due.citation)),
        KeyValue::new("经办", &line.people),
        KeyValue::new("SHA-256", &submission.sha256),
    ];
    if !line.receipt.is_empty() {
        record.insert(0, KeyValue::new("回执号", &line.receipt));
    }
    if !line.opinion.is_empty() {
        record.push(KeyValue::new("意见", &line.opinion));
    }
    if !accepted.is_empty() {
        record.push(KeyValue::new("说明后接受的警告", accepted.join("；")));
    }
    if !adjusted.is_empty() {
        record.push(KeyValue::new("与台账不同的数字", adjusted.join("；")));
    }
    let state = submission.state();
    html(&SubmissionPage {
        chrome: page
            .chrome(Section::Reporting)
            .crumb("工作台", "/console")
            .crumb("年度报告", format!("/console/annual-reports?year={year}"))
            .crumb(format!("{} {year} 年度", agency.name), &base)
            .here(format!("第 {} 次报送", submission.ordinal)),
        heading: format!("{}：第 {} 次报送", write::title(&report), submission.ordinal),
        state: tag(state),
        record,
        may_approve: state == S::Prepared
            && staff.may(P::ApproveReport, &agency.id)
            && submission.prepared_by != staff.user_id,
        may_accept: state == S::Submitted
            && accepts_for(&staff, agency)
            && ![Some(&submission.prepared_by), submission.approved_by.as_ref()]
                .contains(&Some(&staff.user_id)),
        base: line.href,
        report: base,
        body: write::body_html(&report),
    })
}

/// What a person decides about a submission, by the last word of the address.
pub(crate) async fn decide(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((code, year, id, what)): Path<(String, i16, String, String)>,
    form: Fields,
) -> Result<Response, PageError> {
    let may = |agency: &Agency| may_read(&staff, agency);
    let agency = agency_by_code(&mut *app.db.read().await?, &code, may).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let opinion = form.text("opinion");
    let words = match what.as_str() {
        "approve" => {
            let receipt = actions::approve_submission(&mut tx, &staff, &id).await?;
            format!("已审核同意并报送，回执号 {receipt}。")
        }
        "decline" => {
            actions::decline_submission(&mut tx, &staff, &id, opinion).await?;
            "已退回专干修改。".into()
        }
        "return" => {
            actions::return_submission(&mut tx, &staff, &id, opinion).await?;
            "已退回该机关修改。".into()
        }
        "accept" => {
            actions::accept_submission(&mut tx, &staff, &id, opinion).await?;
            "已通过，该机关可以起草公开。".to_owned()
        }
        _ => return Err(PageError::NotFound),
    };
    tx.commit().await?;
    Ok(redirect_with(&format!("{}/submissions/{id}", base(&agency, year)), &words))
}

pub(crate) async fn correct(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((code, year)): Path<(String, i16)>,
    form: Fields,
) -> Result<Response, PageError> {
    let agency = agency_by_code(&mut *app.db.read().await?, &code, |agency| may_read(&staff, agency)).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let drafted = actions::correct_report(&mut tx, &staff, &agency, year, form.text("correction")).await?;
    tx.commit().await?;
    let to = format!("/console/entries/{}", drafted.entry_id);
    Ok(redirect_with(&to, "更正版本已起草，原数与更正后的数并列写在更正说明里，请提交审核。"))
}

/// 报送情况 — every agency below with its clock: who is late.
pub(crate) async fn clocks(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let today = app.today();
    let year = chosen.year.unwrap_or(today.year() - 1);
    let mut agencies = accounts::agencies(&mut conn).await?;
    agencies.retain(|agency| oversees(&staff, agency));
    let all = reporting::submissions_of_year(&mut conn, year).await?;
    let mut lines = Vec::new();
    for agency in &agencies {
        let own: Vec<Submission> = all.iter().filter(|s| s.agency_id == agency.id).cloned().collect();
        let base = base(agency, year);
        let due = due_of(agency, year);
        let newest = own.first().map(|submission| row(submission, &base));
        let sent = own.iter().filter_map(|s| s.submitted_on.clone()).min();
        lines.push(ClockLine {
            agency: agency.name.clone(),
            report: base,
            due_on: due.on.to_string(),
            why: due.why.unwrap_or_default(),
            submitted_on: sent.unwrap_or_default(),
            receipt: newest.as_ref().map(|row| row.receipt.clone()).unwrap_or_default(),
            clock: clock(agency, year, &own, today),
            state: newest.as_ref().map_or_else(|| Tag::new(Tone::Neutral, "未送审"), |row| row.state.clone()),
            href: newest.map(|row| row.href),
            published: super::entry_of(&mut conn, agency, year).await?.map(|entry| entry.state),
        });
    }
    // The late ones first.
    lines.sort_by_key(|line| line.clock.tone != Tone::Overdue);
    let rule = agencies.first().map(|agency| due_of(agency, year));
    html(&ClocksPage {
        chrome: page
            .chrome(Section::Reporting)
            .crumb("工作台", "/console")
            .crumb("年度报告", format!("/console/annual-reports?year={year}"))
            .here("报送情况"),
        year,
        years: [today.year() - 1, today.year() - 2]
            .into_iter()
            .map(|y| Tab {
                label: format!("{y} 年度"),
                href: format!("/console/annual-reports/submissions?year={y}"),
                is_current: y == year,
                count: None,
            })
            .collect(),
        rule: rule.map(|due| government_rule(year, &due.citation.to_string())).unwrap_or_default(),
        late: lines.iter().filter(|line| line.clock.tone == Tone::Overdue).count(),
        lines,
    })
}

/// Both clocks in a sentence.
fn government_rule(year: i16, departments: &str) -> String {
    use gongkai_statute::agencies::AgencyKind;
    let government = gongkai_statute::deadlines::dues::report_due(AgencyKind::Government, year);
    let department = gongkai_statute::deadlines::dues::report_due(AgencyKind::Department, year);
    format!(
        "{year} 年度：各部门 {} 前报送并公开（{departments}）；本级政府的年度报告 {} 前公布（{}）。",
        department.on, government.on, government.citation
    )
}

impl SubmissionsView {
    pub fn sample() -> SubmissionsView {
        SubmissionsView {
            due: "2026-01-31 前报送并公开，《中华人民共和国政府信息公开条例》第四十九条第一款".into(),
            clock: Some(Tag::new(Tone::Overdue, "逾期 3 天报送")),
            rows: vec![SubmissionRow {
                ordinal: 1,
                href: "/console/annual-reports/yx/2025/submissions/1".into(),
                state: tag(S::Returned),
                people: "何小舟 2026-02-02 10:00 送审，林晓禾 2026-02-03 10:00 审核报送".into(),
                receipt: "NB-2026-0003".into(),
                opinion: "请补充社会评议情况。".into(),
            }],
            may_prepare: true,
            is_correction: false,
            kept_by: "还有 1 处警告没有说明。".into(),
            errata: vec![ErratumView::sample()],
            pending: ErratumView::sample().changes,
            correct: Some(Field::line("correction", "更正原因").required()),
        }
    }
}

impl ErratumView {
    pub fn sample() -> ErratumView {
        ErratumView {
            on: "2026-03-05".into(),
            reason: "委托执法的1件处罚漏计。".into(),
            changes: vec![Change {
                place: "proactive/penalties/decisions".into(),
                label: "主动公开政府信息情况：行政处罚，本年处理决定数量".into(),
                old: "4".into(),
                new: "5".into(),
            }],
        }
    }
}

impl SubmissionPage {
    pub fn sample() -> SubmissionPage {
        SubmissionPage {
            chrome: Chrome::console_sample(Section::Reporting)
                .crumb("工作台", "/console")
                .here("第 1 次报送"),
            heading: "云溪镇人民政府2025年政府信息公开工作年度报告：第 1 次报送".into(),
            state: tag(S::Submitted),
            record: vec![
                KeyValue::new("回执号", "NB-2026-0003"),
                KeyValue::new("SHA-256", "3f1c".repeat(16)),
            ],
            base: "/console/annual-reports/yx/2025/submissions/1".into(),
            report: "/console/annual-reports/yx/2025".into(),
            may_approve: false,
            may_accept: true,
            body: "<h2>一、总体情况</h2><p>2025年新收政府信息公开申请9件。</p>".into(),
        }
    }
}

impl ClocksPage {
    pub fn sample() -> ClocksPage {
        let line = |agency: &str, clock: Tag, state: Tag| ClockLine {
            agency: agency.into(),
            report: "/console/annual-reports/yx/2025".into(),
            due_on: "2026-01-31".into(),
            why: String::new(),
            submitted_on: "2026-01-14".into(),
            receipt: "NB-2026-0003".into(),
            clock,
            state,
            href: Some("/console/annual-reports/yx/2025/submissions/1".into()),
            published: None,
        };
        ClocksPage {
            chrome: Chrome::console_sample(Section::Reporting).crumb("工作台", "/console").here("报送情况"),
            year: 2025,
            years: Vec::new(),
            rule: government_rule(2025, "《中华人民共和国政府信息公开条例》第四十九条第一款"),
            lines: vec![
                line("柳湾镇人民政府", Tag::new(Tone::Overdue, "逾期 3 天报送"), tag(S::Returned)),
                line("云溪镇人民政府", Tag::new(Tone::Success, "按期报送"), tag(S::Accepted)),
            ],
            late: 1,
        }
    }
}
