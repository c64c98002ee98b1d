//! 自查 — what stands against a report before it leaves the house, and what people decided about it.
//!
//! Errors stay until they are put right. A warning is put right or accepted with a written reason; the reason
//! belongs to the finding's fingerprint, so it survives every run until what the finding rests on changes.

use std::collections::BTreeMap;

use gongkai_report::compare::{Prose, copied};
use gongkai_report::{CellAddress, Finding, Report, Section, Severity};
use gongkai_statute::cite;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::figures::{Figure, FigureAddress};
use super::ledger::{YearLedger, gather, gather_now};
use super::parts::TO_FILL;
use super::{AdjustmentState, TextPart, differences, government, linked, sha256, store};
use crate::accounts::Agency;
use crate::db::Conn;
use crate::records::Record;

/// What was decided about a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerdictKind {
    /// 确认属实待改 — it is right, and the report waits until it is put right.
    ToFix,
    /// 说明后接受 — the report is right as it is, and the reason says why.
    Accepted,
}

impl VerdictKind {
    pub const ALL: [VerdictKind; 2] = [VerdictKind::Accepted, VerdictKind::ToFix];

    pub const fn code(self) -> &'static str {
        match self {
            VerdictKind::ToFix => "to_fix",
            VerdictKind::Accepted => "accepted",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            VerdictKind::ToFix => "确认属实待改",
            VerdictKind::Accepted => "说明后接受",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A decision about a finding.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Verdict {
    pub fingerprint: String,
    /// Code of [`VerdictKind`].
    pub verdict: String,
    pub reason: String,
    pub decided_by: String,
    pub decided_at: String,
}

/// One thing the own check says.
#[derive(Clone, Debug)]
pub struct CheckItem {
    /// What the finding rests on, as a hash.
    pub fingerprint: String,
    pub rule: String,
    pub severity: Severity,
    pub message: String,
    pub basis: String,
    pub cell: Option<CellAddress>,
    pub record: Option<Record>,
    /// The text a person writes or reads again.
    pub part: Option<TextPart>,
    pub verdict: Option<Verdict>,
}

impl CheckItem {
    pub(super) fn new(rule: &str, severity: Severity, message: String, rests_on: Value) -> CheckItem {
        CheckItem {
            fingerprint: sha256(&json!([rule, rests_on]).to_string()),
            rule: rule.to_owned(),
            severity,
            message,
            basis: String::new(),
            cell: None,
            record: None,
            part: None,
            verdict: None,
        }
    }

    /// Whether it keeps the report in the house.
    pub fn is_open(&self) -> bool {
        let accepted = self.verdict.as_ref().is_some_and(|v| v.verdict == VerdictKind::Accepted.code());
        self.severity == Severity::Error || !accepted
    }
}

/// 自查结果.
#[derive(Clone, Debug, Default)]
pub struct OwnCheck {
    pub items: Vec<CheckItem>,
}

impl OwnCheck {
    pub fn errors(&self) -> usize {
        self.items.iter().filter(|item| item.severity == Severity::Error).count()
    }

    /// Warnings without an accepted reason.
    pub fn open_warnings(&self) -> usize {
        self.items.iter().filter(|item| item.severity != Severity::Error && item.is_open()).count()
    }

    pub fn accepted(&self) -> usize {
        self.items.iter().filter(|item| !item.is_open()).count()
    }
}

/// Runs the check over a year's report, last year's beside it, and puts what was decided to each finding.
pub async fn own_check(conn: &mut Conn, ledger: &YearLedger, today: Date) -> anyhow::Result<OwnCheck> {
    let (agency, year) = (&ledger.agency, ledger.period.year);
    let before = last_year(conn, agency, year, today).await?;
    let mut items: Vec<CheckItem> = gongkai_report::check(&ledger.report(), before.as_ref())
        .iter()
        .filter(|finding| finding.severity != Severity::Info)
        .map(of_finding)
        .collect();
    items.extend(ledger.unwritten().into_iter().map(|part| CheckItem {
        part: Some(part),
        basis: cite!(Ogi, 50, 1).to_string(),
        ..CheckItem::new(
            "part-unwritten",
            Severity::Error,
            format!("{}还没有写。", part.label()),
            json!(part.code()),
        )
    }));
    items.extend(ledger.doubts.iter().map(|doubt| CheckItem {
        record: Some(doubt.record.clone()),
        ..CheckItem::new(
            "ledger-doubt",
            Severity::Warning,
            format!("{}：{}", doubt.record.title, doubt.words),
            json!([doubt.record.register.code(), doubt.record.id, doubt.record.detail, doubt.words]),
        )
    }));
    items.extend(adjustments(ledger));
    items.extend(texts(ledger));
    items.extend(copied_over(ledger, before.as_ref()));
    if agency.is_government() {
        items.extend(government::against(conn, ledger).await?);
    }
    if ledger.frozen.is_some() {
        if let Some(now) = gather_now(conn, agency, year, today).await? {
            items.extend(moved_on(ledger, &now));
        }
    } else if ledger.period.is_over(today) {
        items.push(CheckItem::new(
            "year-not-frozen",
            Severity::Error,
            "年终数据还没有冻结，请先冻结。".into(),
            json!(year),
        ));
    }
    let verdicts: BTreeMap<String, Verdict> = store::verdicts(conn, &agency.id, year)
        .await?
        .into_iter()
        .map(|verdict| (verdict.fingerprint.clone(), verdict))
        .collect();
    for item in &mut items {
        item.verdict = verdicts.get(&item.fingerprint).cloned();
    }
    items.sort_by_key(|item| (item.severity, !item.is_open()));
    Ok(OwnCheck { items })
}

/// The report of the year before; `None` where there is nothing to hold this year's against.
pub async fn last_year(
    conn: &mut Conn,
    agency: &Agency,
    year: i16,
    today: Date,
) -> anyhow::Result<Option<Report>> {
    let before = if agency.is_government() {
        government::year_before(conn, agency, year, today).await?
    } else {
        gather(conn, agency, year - 1, today).await?
    };
    Ok(before.map(|ledger| ledger.report()))
}

/// Linked figures that the ledger no longer says, and what a template left for a person to fill in.
fn texts(ledger: &YearLedger) -> Vec<CheckItem> {
    let mut items = Vec::new();
    for (part, text) in &ledger.texts {
        items.extend(ledger.moved(text).into_iter().map(|moved| CheckItem {
            part: Some(*part),
            ..CheckItem::new(
                "text-figure-moved",
                Severity::Error,
                format!(
                    "{}：“{}”里的{}写 {}，台账现在是 {}。请确认跟随，或者改写这一句。",
                    part.label(),
                    moved.sentence,
                    linked::name_of(&moved.figure),
                    moved.said,
                    moved.now
                ),
                json!([part.code(), moved.figure.to_string(), moved.said, moved.now]),
            )
        }));
        if text.contains(TO_FILL) {
            items.push(CheckItem {
                part: Some(*part),
                ..CheckItem::new(
                    "text-to-fill",
                    Severity::Error,
                    format!("{}里还有模板留下的“（请填写……）”，请写好。", part.label()),
                    json!(part.code()),
                )
            });
        }
    }
    items
}

/// From so many thousandths on, the problems of this year are those of last year.
const COPIED: usize = 600;

/// 与上年雷同 — part five, numbers and names left out.
fn copied_over(ledger: &YearLedger, before: Option<&Report>) -> Option<CheckItem> {
    let part = TextPart::ProblemsAndImprovements;
    let text = ledger.text(part)?;
    let share = copied_share(&text, before?)?;
    (share >= COPIED).then(|| CheckItem {
        part: Some(part),
        ..CheckItem::new(
            "copied-from-last-year",
            Severity::Warning,
            format!(
                "{}与上一年度相同的文字占 {}.{}%（数字、机关名称和格式用语不计）。请写本年度的实际问题，或者说明原因。",
                part.label(),
                share / 10,
                share % 10
            ),
            json!([part.code(), sha256(&text)]),
        )
    })
}

/// How much of a text on problems and improvements stands in last year's report, in thousandths.
pub fn copied_share(text: &str, before: &Report) -> Option<usize> {
    let only = |text: &str| {
        let mut report = Report::new(before.agency.clone().unwrap_or_default(), 2021);
        report.set_section(Section::ProblemsAndImprovements, text);
        Prose::of(&report)
    };
    let old = before.sections.text(Section::ProblemsAndImprovements)?;
    copied(&only(text), &only(&old)).share()
}

fn of_finding(finding: &Finding) -> CheckItem {
    CheckItem {
        basis: finding.basis.clone(),
        cell: finding.at.address(),
        ..CheckItem::new(finding.rule, finding.severity, finding.message.clone(), rests_on(finding))
    }
}

/// Place, what was found and expected, and the numbers of the sum told; not the wording, and not the line.
fn rests_on(finding: &Finding) -> Value {
    let mut told = finding.to_json();
    if let Some(at) = told.get_mut("at").and_then(Value::as_object_mut) {
        at.remove("line");
        if at.get("column").is_some_and(Value::is_number) {
            at.remove("column");
        }
    }
    let numbers: Vec<&str> =
        finding.message.split(|c: char| !c.is_ascii_digit() && c != '.').filter(|n| !n.is_empty()).collect();
    json!([told["at"], told["found"], told["expected"], numbers])
}

fn adjustments(ledger: &YearLedger) -> Vec<CheckItem> {
    let mut items = Vec::new();
    for adjustment in &ledger.adjustments {
        let words = match ledger.state_of(adjustment) {
            AdjustmentState::Proposed => "有一项调整还没有第二人确认，请确认或者撤销。",
            AdjustmentState::Lapsed => "有一项调整所依据的台账数字已经改变，调整失效，请撤销后重新提出。",
            AdjustmentState::InForce | AdjustmentState::Ended => continue,
        };
        items.push(CheckItem {
            cell: adjustment.address(),
            ..CheckItem::new("adjustment-open", Severity::Error, words.into(), json!(adjustment.id))
        });
    }
    items
}

/// One warning for all that changed behind the snapshot.
fn moved_on(frozen: &YearLedger, now: &YearLedger) -> Option<CheckItem> {
    let moved = differences(frozen, now);
    if moved.is_empty() {
        return None;
    }
    let text = |figure: Figure| match figure {
        Figure::Count(n) | Figure::Fen(n) => n,
    };
    let rests_on: Vec<Value> = moved
        .iter()
        .map(|d| json!([d.figure.to_string(), text(d.frozen), text(d.now), d.come.len(), d.gone.len()]))
        .collect();
    let cell = moved.iter().find_map(|d| match &d.figure {
        FigureAddress::Cell(cell) => Some(*cell),
        FigureAddress::Prose(_) => None,
    });
    let words = format!(
        "冻结以后台账有 {} 处变动，报告仍用冻结的数字。请重新冻结，或者说明为什么不改。",
        moved.len()
    );
    Some(CheckItem {
        cell,
        ..CheckItem::new("changed-after-freeze", Severity::Warning, words, json!(rests_on))
    })
}
