//! 分项答复 — the parts of one request answered each for itself: which answers, then what each has to say.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use gongkai_disclosure::accounts::Permission;
use gongkai_disclosure::requests::actions::{MOST_PORTIONS, is_chosen};
use gongkai_disclosure::requests::{Answer, Dossier, Portion, RequestRefusal, similar};
use gongkai_statute::decisions::{Decision, Head, Part};
use gongkai_statute::outcome_tree::{Scope, path_to, walk};
use gongkai_statute::severance;
use jiff::civil::Date;

use super::acts::PREVIEW;
use super::decision::{Written, on_record, write_down};
use super::outcome::{AnsweredLine, answered, row_of};
use super::{chrome, readable};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html};
use crate::page::{Chrome, Section};
use crate::requests::view::LetterView;
use crate::state::App;

/// One part of the request.
#[derive(Debug, Clone)]
pub struct PortionSection {
    pub heading: String,
    pub note: String,
    /// Counted from 1.
    pub at: usize,
    /// The code of its decision.
    pub decision: &'static str,
    /// 判断过程: the answers that led to it, and their codes.
    pub answered: Vec<AnsweredLine>,
    pub path: String,
    pub fields: Vec<Field>,
}

/// One part as it was chosen: from the list, or by answering the questions.
#[derive(Clone)]
struct ChosenPart {
    decision: Decision,
    path: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/requests/portions.html")]
pub struct PortionsPage {
    pub chrome: Chrome,
    pub number: String,
    pub description: String,
    pub action: String,
    pub back: String,
    pub sections: Vec<PortionSection>,
    /// 预览: the letter as it would be.
    pub preview: Vec<LetterView>,
    /// What is about the whole.
    pub fields: Vec<Field>,
    pub facts: Vec<KeyValue>,
    pub remedy: String,
    pub errors: ErrorSummary,
}

/// A choice for each part, under the heads of the form.
pub(super) fn choices() -> Vec<Field> {
    (1..=MOST_PORTIONS)
        .map(|at| {
            let groups = Head::ALL.iter().map(|head| {
                let able = Decision::ALL.iter().filter(|decision| {
                    decision.outcome().head() == *head
                        && is_chosen(**decision)
                        && severance::can_answer_a_part(**decision)
                });
                (head.label().to_owned(), able.map(|d| (d.code(), d.label())).collect::<Vec<_>>())
            });
            let groups = groups.filter(|(_, able)| !able.is_empty());
            Field::groups(format!("portion-{at}"), format!("第{at}部分"), "没有这一部分", groups)
        })
        .collect()
}

/// The decisions chosen, in their order. A path that ends says its decision itself.
fn chosen(form: &Fields) -> Vec<ChosenPart> {
    let part = |at: usize| {
        let path = form.text(&format!("path-{at}")).to_owned();
        let by_path = walk(Scope::Part, path.split_whitespace()).and_then(|walked| walked.decision());
        let listed = Decision::from_code(form.text(&format!("portion-{at}")));
        let decision = by_path.or(listed)?;
        Some(ChosenPart { decision, path: if by_path.is_some() { path } else { String::new() } })
    };
    (1..=MOST_PORTIONS).filter_map(part).collect()
}

fn decisions_of(parts: &[ChosenPart]) -> Vec<Decision> {
    parts.iter().map(|part| part.decision).collect()
}

pub(crate) async fn form(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let dossier = readable(&mut conn, &staff, &number).await?;
    if !staff.may(Permission::HandleRequests, &dossier.request.agency_id) {
        return Err(PageError::Forbidden);
    }
    let mut parts = chosen(&Fields::parse(query.unwrap_or_default().as_bytes()));
    let earlier = dossier.request.answer.clone().filter(|answer| !answer.portions.is_empty());
    if let (true, Some(earlier)) = (parts.is_empty(), &earlier) {
        let part = |p: &Portion| ChosenPart { decision: p.decision, path: p.path.join(" ") };
        parts = earlier.portions.iter().map(part).collect();
    }
    if parts.len() < 2 {
        return Ok(Redirect::to(&format!("/console/requests/{number}/decision")).into_response());
    }
    // Written before and sent back: what it said is where the new one starts.
    let known = on_record(&dossier, &similar(&mut conn, &dossier.request).await?, app.today());
    let earlier = earlier.filter(|answer| answer.decisions() == decisions_of(&parts));
    let page = PortionsPage::of(chrome(&page), &dossier, &parts, earlier.as_ref(), &known, app.today());
    Ok(html(&page)?.into_response())
}

pub(crate) async fn decide(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(number): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let dossier = readable(&mut *app.db.read().await?, &staff, &number).await?;
    let parts = chosen(&form);
    let decisions = decisions_of(&parts);
    let Some(first) = decisions.first().copied() else {
        return Err(PageError::Refused(vec!["请先为每一部分选择一项办理结果。".into()]));
    };
    let portion = |(at, part): (usize, &ChosenPart)| {
        let own = form.under(&format!("p{at}"));
        Portion {
            asked: own.text("asked").into(),
            decision: part.decision,
            path: part.path.split_whitespace().map(str::to_owned).collect(),
            reason: own.text("reason").into(),
            parts: part
                .decision
                .required_parts()
                .iter()
                .map(|part| (*part, own.text(part.code()).to_owned()))
                .collect(),
        }
    };
    // 撤回 is never the answer to a part: it stands for a main part that was not named.
    let none = if severance::needs_main_part(&decisions) { Decision::Withdrawn } else { first };
    let answer = Answer {
        decision: Decision::from_code(form.text("main")).unwrap_or(none),
        ground: None,
        reason: form.text("reason").into(),
        parts: Vec::new(),
        portions: parts.iter().enumerate().map(portion).collect(),
        path: Vec::new(),
    };
    let is_preview = form.is_ticked(PREVIEW);
    let again = || PortionsPage::of(chrome(&page), &dossier, &parts, None, &[], app.today());
    match write_down(&app, &staff, &number, &answer, is_preview).await? {
        Written::Sent(done) => Ok(done),
        Written::Previewed(letter) => {
            let again = PortionsPage { preview: vec![letter], ..again().refused(&form, &[]) };
            Ok(html(&again)?.into_response())
        }
        Written::Refused(reasons) => form_again(&again().refused(&form, &reasons)),
    }
}

impl PortionSection {
    fn of(
        at: usize,
        part: &ChosenPart,
        earlier: Option<&Portion>,
        known: &[(Part, String)],
    ) -> PortionSection {
        let ChosenPart { decision, path } = part;
        let walked = walk(Scope::Part, path.split_whitespace()).filter(|_| !path.is_empty());
        PortionSection {
            heading: format!("第{}部分：{}", at + 1, decision.label()),
            note: decision.citation().to_string(),
            at: at + 1,
            decision: decision.code(),
            answered: walked.map(|walked| answered(&walked, |_| String::new())).unwrap_or_default(),
            path: path.clone(),
            fields: fields(at, *decision, earlier, known),
        }
    }
}

impl PortionsPage {
    fn of(
        chrome: Chrome,
        dossier: &Dossier,
        parts: &[ChosenPart],
        earlier: Option<&Answer>,
        known: &[(Part, String)],
        today: Date,
    ) -> PortionsPage {
        let number = dossier.request.number.clone();
        let back = format!("/console/requests/{number}/decision");
        let decisions = &decisions_of(parts);
        let sections = parts.iter().enumerate().map(|(at, part)| {
            PortionSection::of(at, part, earlier.and_then(|answer| answer.portions.get(at)), known)
        });
        let mut whole = Vec::new();
        let mut facts = Vec::new();
        if severance::needs_main_part(decisions) {
            let mut rows: Vec<(&str, String)> = Vec::new();
            for decision in decisions {
                if rows.iter().all(|(code, _)| *code != decision.code()) {
                    rows.push((decision.code(), row_of(*decision)));
                }
            }
            let main = earlier.map_or("", |answer| answer.decision.code());
            whole.push(
                Field::radio("main", "年度报告计入哪一行", rows)
                    .required()
                    .value(main)
                    .hint("各部分都不提供信息，按主要的一项计入。"),
            );
        } else if let Some(decision) = severance::whole(decisions, 0) {
            facts.push(KeyValue::new("年报计入", row_of(decision)));
        }
        let note = earlier.map_or("", |answer| answer.reason.as_str());
        whole.push(Field::text("reason", "补充说明", 3).hint("没有可以不填。").value(note));
        let answer = Answer {
            decision: decisions.first().copied().unwrap_or(Decision::Other),
            ground: None,
            reason: String::new(),
            parts: Vec::new(),
            portions: decisions
                .iter()
                .map(|decision| Portion {
                    asked: String::new(),
                    decision: *decision,
                    reason: String::new(),
                    parts: Vec::new(),
                    path: Vec::new(),
                })
                .collect(),
            path: Vec::new(),
        };
        let notice = answer.remedy(today, &dossier.agency);
        facts.push(KeyValue::new("救济途径", notice.route.label()));
        PortionsPage {
            chrome: chrome
                .crumb(&number, format!("/console/requests/{number}"))
                .crumb("拟定答复", &back)
                .here("分项答复"),
            action: format!("{back}/portions"),
            description: dossier.request.description.clone(),
            number,
            back,
            sections: sections.collect(),
            preview: Vec::new(),
            fields: whole,
            facts,
            remedy: notice.text,
            errors: ErrorSummary::default(),
        }
    }

    /// As it was sent, with every reason at its field.
    fn refused(mut self, form: &Fields, reasons: &[RequestRefusal]) -> PortionsPage {
        let errors = FormErrors::of(reasons);
        let none = FormErrors::default();
        for section in &mut self.sections {
            section.fields = form.typed_into(std::mem::take(&mut section.fields), &none);
        }
        self.fields = form.typed_into(self.fields, &errors);
        let mut elsewhere: Vec<String> = errors.get("decision").into_iter().collect();
        for reason in reasons {
            let RequestRefusal::Portion { at, field, words } = reason else {
                if gongkai_disclosure::error::Refusal::field(reason).is_none() {
                    elsewhere.push(reason.to_string());
                }
                continue;
            };
            let name = format!("p{at}-{field}");
            let fields = self.sections.get_mut(*at).map(|section| &mut section.fields);
            match fields.and_then(|fields| fields.iter_mut().find(|field| field.name == name)) {
                Some(field) => field.error = Some(words.clone()),
                None => elsewhere.push(reason.to_string()),
            }
        }
        let all: Vec<Field> =
            self.sections.iter().flat_map(|section| &section.fields).chain(&self.fields).cloned().collect();
        self.errors = elsewhere.iter().fold(ErrorSummary::of(&all), |summary, words| summary.and(words));
        self
    }

    pub fn sample() -> PortionsPage {
        let sections = [Decision::Provided, Decision::TradeSecret];
        let sections = sections.iter().enumerate().map(|(at, decision)| {
            let codes: Vec<&str> =
                path_to(*decision, Scope::Part).into_iter().map(|choice| choice.code).collect();
            PortionSection::of(at, &ChosenPart { decision: *decision, path: codes.join(" ") }, None, &[])
        });
        PortionsPage {
            chrome: Chrome::console_sample(Section::ConsoleRequests).here("分项答复"),
            number: "SONGXI-SQ-2026-0012".into(),
            description: "危房改造名单".into(),
            action: "/console/requests/SONGXI-SQ-2026-0012/decision/portions".into(),
            back: "/console/requests/SONGXI-SQ-2026-0012/decision".into(),
            sections: sections.collect(),
            preview: Vec::new(),
            fields: vec![Field::text("reason", "补充说明", 3)],
            facts: vec![KeyValue::new("年报计入", "部分公开")],
            remedy: "如不服本决定第2部分，应当先申请行政复议。".into(),
            errors: ErrorSummary::default(),
        }
    }
}

/// What one part has to say; the names carry its place.
fn fields(at: usize, decision: Decision, earlier: Option<&Portion>, known: &[(Part, String)]) -> Vec<Field> {
    let asked = earlier.map_or("", |portion| portion.asked.as_str());
    let mut fields = vec![
        Field::text(format!("p{at}-asked"), "这一部分申请公开的内容", 2)
            .required()
            .hint("写入答复书，例如：2025年危房改造补助对象名单。")
            .value(asked),
    ];
    let parts = earlier.map_or(known, |portion| &portion.parts);
    for part in decision.required_parts().iter().filter(|part| **part != Part::Reasons) {
        let text = parts.iter().find(|(of, _)| of == part).map_or("", |(_, text)| text.as_str());
        fields.push(Field::text(format!("p{at}-{}", part.code()), part.label(), 3).required().value(text));
    }
    let reason = Field::text(format!("p{at}-reason"), "理由", 3);
    let reason = if decision.required_parts().contains(&Part::Reasons) {
        reason.required().hint("写明事实和为什么适用这一条；不写出不予公开的内容本身。")
    } else {
        reason.hint("没有可以不填。")
    };
    fields.push(reason.value(earlier.map_or("", |portion| portion.reason.as_str())));
    fields
}
