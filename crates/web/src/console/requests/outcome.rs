//! 逐题判断 — the outcome tree walked on one page: each answer is a step in the address, so that it can be gone back on.

use askama::Template;
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::requests::actions::{MOST_PORTIONS, is_chosen};
use gongkai_disclosure::requests::public::already_public;
use gongkai_disclosure::requests::{Answer, Dossier, Opinion, item_of_month, similar};
use gongkai_statute::decisions::Decision;
use gongkai_statute::outcome_tree::{Choice, Question, Scope, Step, Walked, walk};
use jiff::civil::Date;

use crate::components::{KeyValue, Link};
use crate::errors::PageError;
use crate::forms::{Fields, query};
use crate::html::html;
use crate::page::{Chrome, Section};

/// One question that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredLine {
    pub question: &'static str,
    pub citation: String,
    pub answer: &'static str,
    /// Where it can be answered anew; empty once it is decided.
    pub href: String,
}

/// 判断过程 of a decision: of the whole, or of each part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub heading: String,
    /// Empty: chosen from the list.
    pub answered: Vec<AnsweredLine>,
}

impl Judged {
    pub(crate) fn samples() -> Vec<Judged> {
        let walked = walk(Scope::Whole, ["goes_on.yes", "clear.yes", "kind.petition"]);
        let heading = row_of(Decision::PetitionOrComplaint);
        vec![Judged {
            heading,
            answered: walked.map(|w| answered(&w, |_| String::new())).unwrap_or_default(),
        }]
    }
}

/// An answer that can be given.
#[derive(Debug, Clone)]
pub struct ChoiceLine {
    pub label: &'static str,
    /// 年报计入 and the decision, where the answer ends the walk.
    pub ends: String,
    pub href: String,
}

/// The question that stands.
#[derive(Debug, Clone)]
pub struct AskedQuestion {
    pub label: &'static str,
    pub citation: String,
    pub hint: &'static str,
    pub choices: Vec<ChoiceLine>,
}

/// The end of a walk that is not a form: a part, or what another act closes.
#[derive(Debug, Clone)]
pub struct Ended {
    pub label: &'static str,
    pub facts: Vec<KeyValue>,
    pub words: String,
    pub links: Vec<Link>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/requests/question.html")]
pub struct QuestionPage {
    pub chrome: Chrome,
    pub number: String,
    pub description: String,
    pub heading: String,
    /// Parts that are judged already, each with its row.
    pub parts: Vec<KeyValue>,
    pub answered: Vec<AnsweredLine>,
    pub question: Option<AskedQuestion>,
    pub ended: Option<Ended>,
    /// What the dossier knows about the question.
    pub known: Vec<KeyValue>,
    pub list_href: String,
    /// 分项判断, or back to the whole.
    pub other: Link,
}

/// 不予公开：属于国家秘密.
pub(super) fn row_of(decision: Decision) -> String {
    let row = decision.outcome();
    if row.head().label() == row.label() {
        return row.label().to_owned();
    }
    format!("{}：{}", row.head().label(), row.label())
}

/// How far the officer has come, as the address says it.
pub(super) struct Way {
    /// Counted from 1; `None` for the whole request.
    part: Option<usize>,
    /// The paths of the parts judged before.
    done: Vec<String>,
    walked: Walked,
}

impl Way {
    /// `None` when an answer is none to its question: the address is from somewhere else.
    pub(super) fn read(sent: &Fields) -> Option<Way> {
        let part = sent.number::<usize>("part").filter(|part| (1..=MOST_PORTIONS).contains(part));
        let scope = if part.is_some() { Scope::Part } else { Scope::Whole };
        let done: Vec<String> = sent.all("done").map(str::to_owned).collect();
        if part.is_some_and(|part| part != done.len() + 1) || (part.is_none() && !done.is_empty()) {
            return None;
        }
        let ends = |path: &String| {
            walk(Scope::Part, path.split_whitespace()).is_some_and(|w| w.decision().is_some())
        };
        if !done.iter().all(ends) {
            return None;
        }
        Some(Way { part, done, walked: walk(scope, sent.text("path").split_whitespace())? })
    }

    fn scope(&self) -> Scope {
        if self.part.is_some() { Scope::Part } else { Scope::Whole }
    }

    /// The decision of the whole, when its form comes next.
    pub(super) fn to_form(&self) -> Option<Decision> {
        self.walked.decision().filter(|decision| self.part.is_none() && is_chosen(*decision))
    }

    /// The address with these answers.
    fn href(&self, base: &str, codes: &[&str]) -> String {
        let path = codes.join(" ");
        let part = self.part.map(|part| part.to_string()).unwrap_or_default();
        let mut pairs: Vec<(&str, &str)> = vec![("path", &path)];
        if self.part.is_some() {
            pairs.push(("part", &part));
        }
        pairs.extend(self.done.iter().map(|done| ("done", done.as_str())));
        format!("{base}?{}", query(pairs))
    }

    /// The next part, or the form of all parts.
    fn onwards(&self, base: &str) -> Vec<Link> {
        let own = self.walked.codes().join(" ");
        let mut done = self.done.clone();
        done.push(own);
        let pairs = |key: &'static str| done.iter().map(move |path| (key, path.as_str()));
        let mut links = Vec::new();
        if done.len() >= 2 {
            let of_parts: Vec<(String, &str)> =
                (1..).zip(&done).map(|(at, path)| (format!("path-{at}"), path.as_str())).collect();
            let all = query(of_parts.iter().map(|(key, path)| (key.as_str(), *path)));
            links.push(Link::new("填写各部分的答复", format!("{base}/portions?{all}")));
        }
        if done.len() < MOST_PORTIONS {
            let next = (done.len() + 1).to_string();
            let all = query(std::iter::once(("part", next.as_str())).chain(pairs("done")));
            links.push(Link::new(format!("接着判断第{next}部分"), format!("{base}?{all}")));
        }
        links
    }
}

/// The answers with their provisions, each a way back.
pub(super) fn answered(walked: &Walked, href: impl Fn(&[&str]) -> String) -> Vec<AnsweredLine> {
    let codes = walked.codes();
    let line = |(at, (question, choice)): (usize, &(Question, &'static Choice))| AnsweredLine {
        question: question.label(),
        citation: question.branch().citation.to_string(),
        answer: choice.label,
        href: href(&codes[..at]),
    };
    walked.answered.iter().enumerate().map(line).collect()
}

/// 判断过程, as a reviewer reads it.
pub(crate) fn judged(answer: &Answer) -> Vec<Judged> {
    let lines = |walked: Option<Walked>| walked.map(|w| answered(&w, |_| String::new())).unwrap_or_default();
    if answer.portions.is_empty() {
        return vec![Judged { heading: row_of(answer.decision), answered: lines(answer.walked()) }];
    }
    let portion = |(at, portion): (usize, &gongkai_disclosure::requests::Portion)| Judged {
        heading: format!("第{at}部分：{}", portion.decision.label()),
        answered: lines(portion.walked()),
    };
    (1..).zip(&answer.portions).map(portion).collect()
}

/// The question that stands, or how the walk ended.
pub(super) async fn page(
    conn: &mut Conn,
    chrome: Chrome,
    dossier: &Dossier,
    way: &Way,
    today: Date,
) -> Result<Response, PageError> {
    let known = match way.walked.at {
        Step::Ask(question) => known(conn, dossier, question, today).await?,
        Step::Decided(_) => Vec::new(),
    };
    Ok(html(&QuestionPage::of(chrome, dossier, way, known, today))?.into_response())
}

impl QuestionPage {
    fn of(chrome: Chrome, dossier: &Dossier, way: &Way, known: Vec<KeyValue>, today: Date) -> QuestionPage {
        let number = dossier.request.number.clone();
        let base = format!("/console/requests/{number}/decision");
        let codes = way.walked.codes();
        let done = (1..).zip(&way.done).filter_map(|(at, path)| {
            let decision = walk(Scope::Part, path.split_whitespace())?.decision()?;
            Some(KeyValue::new(
                format!("第{at}部分"),
                format!("{}（{}）", decision.label(), row_of(decision)),
            ))
        });
        let (mut question, mut ended) = (None, None);
        match way.walked.at {
            Step::Ask(at) => {
                let branch = at.branch();
                let line = |choice: &'static Choice| ChoiceLine {
                    label: choice.label,
                    ends: match choice.then {
                        Step::Decided(decision) => row_of(decision),
                        Step::Ask(_) => String::new(),
                    },
                    href: way.href(&base, &[codes.as_slice(), &[choice.code]].concat()),
                };
                question = Some(AskedQuestion {
                    label: at.label(),
                    citation: branch.citation.to_string(),
                    hint: branch.hint,
                    choices: branch.choices(way.scope()).into_iter().map(line).collect(),
                });
            }
            Step::Decided(decision) => {
                let (words, links) = match way.part {
                    Some(_) => (String::new(), way.onwards(&base)),
                    None => (
                        "这种情形不写答复书，由终止办理的环节登记。".to_owned(),
                        vec![Link::new("去办理", format!("/console/requests/{number}#acts"))],
                    ),
                };
                let facts = vec![
                    KeyValue::new("年报计入", row_of(decision)),
                    KeyValue::new("依据", decision.citation().to_string()),
                    KeyValue::new("救济途径", decision.remedy(today).label()),
                ];
                ended = Some(Ended { label: decision.label(), facts, words, links });
            }
        }
        QuestionPage {
            chrome: chrome
                .crumb(&number, format!("/console/requests/{number}"))
                .here(if way.part.is_some() { "分项判断" } else { "拟定答复" }),
            heading: way.part.map_or_else(|| "拟定答复".into(), |part| format!("第{part}部分的答复")),
            description: dossier.request.description.clone(),
            number,
            parts: done.collect(),
            answered: answered(&way.walked, |codes| way.href(&base, codes)),
            question,
            ended,
            known,
            list_href: format!("{base}?list=1"),
            other: match way.part {
                Some(_) => Link::new("不分项，整件判断", base),
                None => Link::new("内容可以分开、各部分结果不同的，分项判断", format!("{base}?part=1")),
            },
        }
    }

    pub fn sample() -> QuestionPage {
        let walked = walk(Scope::Whole, ["goes_on.yes", "clear.yes", "kind.information"]);
        let branch = Question::Earlier.branch();
        let choices = branch.choices.iter().map(|choice| ChoiceLine {
            label: choice.label,
            ends: match choice.then {
                Step::Decided(decision) => row_of(decision),
                Step::Ask(_) => String::new(),
            },
            href: "/console/requests/x/decision?path=x".into(),
        });
        QuestionPage {
            chrome: Chrome::console_sample(Section::ConsoleRequests).here("拟定答复"),
            number: "SONGXI-SQ-2026-0012".into(),
            description: "危房改造名单".into(),
            heading: "拟定答复".into(),
            parts: vec![KeyValue::new("第1部分", "信息可以公开，予以提供（予以公开）")],
            answered: walked.map(|w| answered(&w, |_| "/console".into())).unwrap_or_default(),
            question: Some(AskedQuestion {
                label: Question::Earlier.label(),
                citation: branch.citation.to_string(),
                hint: branch.hint,
                choices: choices.collect(),
            }),
            ended: None,
            known: vec![KeyValue::new("同一申请人", "没有相近的申请")],
            list_href: "/console/requests/x/decision?list=1".into(),
            other: Link::new("分项判断", "/console/requests/x/decision?part=1"),
        }
    }

    pub fn sample_ended() -> QuestionPage {
        let decision = Decision::NotHeld;
        QuestionPage {
            question: None,
            ended: Some(Ended {
                label: decision.label(),
                facts: vec![KeyValue::new("年报计入", row_of(decision))],
                words: "这种情形不写答复书，由终止办理的环节登记。".into(),
                links: vec![Link::new("接着判断第2部分", "/console/requests/x/decision?part=2")],
            }),
            known: Vec::new(),
            ..QuestionPage::sample()
        }
    }
}

/// What the dossier and the books know about a question. They show it; the officer answers.
async fn known(
    conn: &mut Conn,
    dossier: &Dossier,
    question: Question,
    today: Date,
) -> Result<Vec<KeyValue>, PageError> {
    let request = &dossier.request;
    let rows = match question {
        Question::GoesOn | Question::Clear => waiting(dossier, today),
        Question::Earlier => {
            let found = similar(conn, request).await?;
            let own = found.iter().filter(|one| one.is_same_applicant);
            let rows: Vec<KeyValue> = own
                .map(|one| {
                    let reply = one.reply.as_ref().map(|(letter, day)| format!("{day} {letter}"));
                    let words =
                        format!("{}　{}", one.description, reply.unwrap_or_else(|| one.state.label().into()));
                    KeyValue::new(&one.number, words)
                })
                .collect();
            match rows.is_empty() {
                true => vec![KeyValue::new("同一申请人", "近三年没有相近的申请")],
                false => rows,
            }
        }
        Question::Frequency => {
            let item = item_of_month(conn, request).await?;
            let mut rows: Vec<KeyValue> = item
                .map(|item| KeyValue::new("本自然月", format!("同一申请人向本机关提出的第 {item} 件")))
                .into_iter()
                .collect();
            rows.push(KeyValue::new(
                "说明理由",
                match &dossier.reasons {
                    None => "没有要求申请人说明理由".to_owned(),
                    Some(reasons) => match &reasons.statement {
                        Some(statement) => statement.clone(),
                        None => format!("已要求在 {} 前说明，还没有收到", reasons.due_on),
                    },
                },
            ));
            rows
        }
        Question::AlreadyPublic => {
            let offers = already_public(conn, &dossier.agency.code, &request.description).await?;
            match offers.is_empty() {
                true => vec![KeyValue::new("本机关公开的信息", "没有标题相近的")],
                false => offers
                    .iter()
                    .map(|offer| {
                        KeyValue::new(
                            &offer.index_number,
                            format!("{}（{}公开）", offer.title, offer.published_on),
                        )
                    })
                    .collect(),
            }
        }
        Question::Withheld | Question::Severable | Question::Ground | Question::ThirdParty => dossier
            .consultations
            .iter()
            .map(|asked| {
                let opinion = asked.opinion.map_or("尚未答复", Opinion::label);
                let answer = asked.answer.as_ref().map(|words| format!("：{words}")).unwrap_or_default();
                KeyValue::new(format!("{}意见", asked.party), format!("{opinion}{answer}"))
            })
            .chain(dossier.events.iter().filter_map(|event| {
                let judgement = event.detail["judgement"].as_str().filter(|words| !words.is_empty())?;
                Some(KeyValue::new(format!("{} 本机关的判断", event.happened_on), judgement))
            }))
            .collect(),
        _ => Vec::new(),
    };
    Ok(rows)
}

/// 补正 and 收费, as far as they went.
fn waiting(dossier: &Dossier, today: Date) -> Vec<KeyValue> {
    let mut rows = Vec::new();
    let over = |due: Date| if today > due { "，已过" } else { "" };
    if let Some(supplement) = &dossier.supplement {
        let words = match (supplement.supplemented_on, &supplement.answer) {
            (Some(day), Some(answer)) => format!("{day} 收到：{answer}"),
            _ => format!("期限至 {}{}", supplement.due_on, over(supplement.due_on)),
        };
        rows.push(KeyValue::new("补正", words));
    } else {
        rows.push(KeyValue::new("补正", "没有告知过"));
    }
    if let Some(fee) = &dossier.fee {
        let words = match fee.paid_on {
            Some(day) => format!("{day} 缴清"),
            None => format!("期限至 {}{}", fee.due_on, over(fee.due_on)),
        };
        rows.push(KeyValue::new("信息处理费", words));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Option<Way> {
        Way::read(&Fields::parse(query.as_bytes()))
    }

    #[test]
    fn an_address_leads_where_its_answers_lead_or_nowhere() {
        let whole = read("path=goes_on.yes+clear.yes+kind.petition").unwrap();
        assert_eq!(whole.to_form(), Some(Decision::PetitionOrComplaint));
        let by_act = read("path=goes_on.withdrawn").unwrap();
        assert_eq!((by_act.to_form(), by_act.walked.decision()), (None, Some(Decision::Withdrawn)));
        assert!(read("path=held.no").is_none(), "not asked yet");
        assert!(read("part=1").is_some());
        assert!(read("part=2").is_none(), "the first part comes first");
        assert!(read("part=2&done=held.no").is_none(), "a path that ends nowhere");
        assert!(read("done=x").is_none());
    }

    #[test]
    fn two_parts_lead_to_their_form() {
        let first = "goes_on.yes+clear.no";
        let way = read(&format!("part=2&done={first}&path={first}")).unwrap();
        assert_eq!(way.walked.decision(), Some(Decision::StillUnclear));
        let links = way.onwards("/d");
        assert!(links[0].href.starts_with("/d/portions?path-1=goes_on.yes"), "{}", links[0].href);
        assert!(links[1].href.contains("part=3"));
        let way = read(&format!("part=1&path={first}")).unwrap();
        assert_eq!(way.onwards("/d").len(), 1, "one part is no parts");
    }
}
