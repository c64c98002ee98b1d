//! 错敏字名单 — what the check before publication looks for: ours to start with, the agency's own over it.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Agency, Permission as P};
use gongkai_disclosure::error::{Failure, Refusal};
use gongkai_disclosure::time::shown_text;
use gongkai_disclosure::word_check::actions::{self, TypedWord};
use gongkai_disclosure::word_check::words::{Word, starting};
use gongkai_disclosure::word_check::{self, OwnWord, Weight, WordKind};
use serde::Deserialize;

use super::records::{AgencyChoice, choose_agency};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, Tab, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors, encode};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::state::App;

/// A word of the list.
#[derive(Debug, Clone)]
pub struct WordRow {
    pub word: String,
    pub instead: String,
    pub why: String,
    pub weight: Tag,
    /// 系统自带, or who of the agency changed it and when.
    pub origin: String,
    pub is_own: bool,
    /// Code of the kind, for the forms of the row.
    pub kind: &'static str,
    /// What the buttons of the row would make of it: code and word.
    pub turns: Vec<(&'static str, &'static str)>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/word_check/list.html")]
pub struct WordListPage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_code: String,
    pub agency_field: Option<Field>,
    pub kind: &'static str,
    pub tabs: Vec<Tab>,
    pub rows: Vec<WordRow>,
    pub word_heading: &'static str,
    pub instead_heading: &'static str,
    pub empty: &'static str,
    /// `None`: this person may only read.
    pub form: Option<Vec<Field>>,
    pub errors: ErrorSummary,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
    kind: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    html(&list_page(&app, &page, &signed, &chosen, &Fields::default(), &FormErrors::default()).await?)
}

async fn list_page(
    app: &App,
    page: &PageContext,
    signed: &Signed,
    chosen: &Chosen,
    typed: &Fields,
    errors: &FormErrors,
) -> Result<WordListPage, PageError> {
    let staff = &signed.staff;
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, staff, &chosen.agency, P::ReadDrafts).await?;
    let own = word_check::own_words(&mut conn, &choice.chosen.id).await?;
    let may_write = staff.may(P::DraftEntries, &choice.chosen.id);
    let kind = WordKind::from_code(&chosen.kind).unwrap_or(WordKind::Wrong);
    let chrome = page
        .chrome(Section::Entries)
        .crumb("工作台", "/console")
        .crumb("信息", "/console/entries")
        .here("错敏字名单");
    Ok(WordListPage::of(chrome, &choice, kind, &own, may_write, typed, errors))
}

impl WordListPage {
    fn of(
        chrome: Chrome,
        choice: &AgencyChoice,
        kind: WordKind,
        own: &[OwnWord],
        may_write: bool,
        typed: &Fields,
        errors: &FormErrors,
    ) -> WordListPage {
        let rows = |kind: WordKind| rows(kind, own);
        let base = format!("/console/word-check?agency={}", encode(&choice.chosen.code));
        let tabs = WordKind::ALL.map(|of| Tab {
            label: of.label().into(),
            href: format!("{base}&kind={}", of.code()),
            is_current: of == kind,
            count: u64::try_from(rows(of).len()).ok(),
        });
        let (word_heading, instead_heading, empty) = match kind {
            WordKind::Leader => ("姓名", "职务", "还没有登记领导职务。登记后，正文里写错职务会提示。"),
            WordKind::NonPublicDocument => (
                "文号",
                "改法",
                "还没有另外登记文号。本系统里定为依申请公开、不予公开的文件，文号自动检查，不用登记。",
            ),
            _ => ("词条", "改为", "名单是空的。"),
        };
        let form = may_write.then(|| typed.typed_into(fields(kind, word_heading, instead_heading), errors));
        WordListPage {
            chrome,
            agency: choice.chosen.name.clone(),
            agency_code: choice.chosen.code.clone(),
            agency_field: choice.field(),
            kind: kind.code(),
            tabs: tabs.into(),
            rows: rows(kind),
            word_heading,
            instead_heading,
            empty,
            errors: errors.above(form.iter().flatten()),
            form,
        }
    }

    pub fn sample() -> WordListPage {
        let agency = super::entries::samples::officer().agency;
        let own = OwnWord {
            agency_id: agency.id.clone(),
            kind: "wrong_word".into(),
            word: "松西镇".into(),
            instead: "松溪镇".into(),
            weight: "must".into(),
            why: "镇名写错".into(),
            updated_by_name: "田小满".into(),
            updated_at: "2026-11-02T01:00:00.000Z".into(),
        };
        let off =
            OwnWord { word: "帐户".into(), instead: "账户".into(), weight: "off".into(), ..own.clone() };
        let choice = AgencyChoice { chosen: agency.clone(), all: vec![agency] };
        let chrome = Chrome::console_sample(Section::Entries).here("错敏字名单");
        let (typed, errors) = (Fields::default(), FormErrors::default());
        WordListPage::of(chrome, &choice, WordKind::Wrong, &[own, off], true, &typed, &errors)
    }

    pub fn sample_empty() -> WordListPage {
        let agency = super::entries::samples::officer().agency;
        let choice = AgencyChoice { chosen: agency.clone(), all: vec![agency] };
        let chrome = Chrome::console_sample(Section::Entries).here("错敏字名单");
        let (typed, errors) = (Fields::default(), FormErrors::default());
        WordListPage::of(chrome, &choice, WordKind::Leader, &[], false, &typed, &errors)
    }
}

fn fields(kind: WordKind, word: &str, instead: &str) -> Vec<Field> {
    let (about, example) = match kind {
        WordKind::Leader => {
            ("名字和职务之间用空格或者逗号隔开，兼几个职务用顿号", "例如：俞春山 区委常委、副区长")
        }
        WordKind::NonPublicDocument => ("方括号、全角半角不用区分", "例如：青禾办发〔2026〕3号"),
        _ => ("词条和改法之间用空格或者逗号隔开，没有改法的只写词条", "例如：布署 部署"),
    };
    vec![
        Field::text("words", format!("{word}和{instead}，每行一条"), 4)
            .required()
            .hint(format!("{about}。{example}")),
        Field::radio("weight", "发现以后", [("must", "须改正，或者由另一人同意例外"), ("hint", "只提示")])
            .required()
            .inline()
            .value("must"),
        Field::line("why", "说明").hint("会显示给起草人，可以不填。"),
    ]
}

fn rows(kind: WordKind, own: &[OwnWord]) -> Vec<WordRow> {
    let mut rows: Vec<WordRow> = own
        .iter()
        .filter(|word| word.kind == kind.code())
        .map(|word| WordRow {
            word: word.word.clone(),
            instead: word.instead.clone(),
            why: word.why.clone(),
            weight: weight_tag(Weight::from_code(&word.weight)),
            origin: format!("{}　{}", word.updated_by_name, shown_text(&word.updated_at)),
            is_own: true,
            kind: kind.code(),
            turns: turns(Weight::from_code(&word.weight)),
        })
        .collect();
    let is_overridden = |word: &Word| own.iter().any(|one| one.word == word.word);
    rows.extend(starting().iter().filter(|word| word.kind == kind && !is_overridden(word)).map(|word| {
        WordRow {
            word: word.word.clone(),
            instead: word.instead.clone(),
            why: word.why.clone(),
            weight: weight_tag(word.weight),
            origin: "系统自带".into(),
            is_own: false,
            kind: kind.code(),
            turns: turns(word.weight),
        }
    }));
    rows
}

fn weight_tag(weight: Option<Weight>) -> Tag {
    match weight {
        Some(Weight::Must) => Tag::new(Tone::Warning, "须处理"),
        Some(Weight::Hint) => Tag::new(Tone::Info, "只提示"),
        None => Tag::new(Tone::Neutral, "已停用"),
    }
}

fn turns(weight: Option<Weight>) -> Vec<(&'static str, &'static str)> {
    [
        (Some(Weight::Must), "must", "改为须处理"),
        (Some(Weight::Hint), "hint", "改为只提示"),
        (None, "off", "停用"),
    ]
    .into_iter()
    .filter(|(one, ..)| *one != weight)
    .map(|(_, code, word)| (code, word))
    .collect()
}

/// One line of the field: the word, then what is right, after a space, a comma or a tab.
fn typed_word(line: &str, form: &Fields) -> TypedWord {
    let line = line.trim();
    let (word, instead) = line.split_once([' ', '\u{3000}', '\t', ',', '，']).unwrap_or((line, ""));
    TypedWord {
        kind: form.text("kind").to_owned(),
        word: word.trim().to_owned(),
        instead: instead.trim().to_owned(),
        weight: form.text("weight").to_owned(),
        why: form.text("why").to_owned(),
    }
}

pub(crate) async fn put(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let chosen = Chosen { agency: form.text("agency").into(), kind: form.text("kind").into() };
    let mut words: Vec<TypedWord> = form
        .text("words")
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|l| typed_word(l, &form))
        .collect();
    if let Some(word) = form.optional("word") {
        // One row of the list is turned on, down or off.
        words.push(TypedWord {
            word: word.to_owned(),
            instead: form.text("instead").to_owned(),
            ..typed_word("", &form)
        });
    }
    if words.is_empty() {
        words.push(typed_word("", &form));
    }
    let agency_id = {
        let mut conn = app.db.read().await?;
        let may = |agency: &Agency| signed.staff.may(P::DraftEntries, &agency.id);
        super::records::agency(&mut conn, &chosen.agency, may).await?.id
    };
    let mut tx = app.db.begin(&signed.staff.actor(), app.now()).await?;
    match actions::put_words(&mut tx, &signed.staff, &agency_id, &words).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(redirect_with(&address(&chosen), "名单已更新，从下一次检查起生效。"))
        }
        Err(Failure::Refused(reasons)) if !reasons.iter().any(|r| r.is_missing() || r.is_forbidden()) => {
            drop(tx);
            let errors = FormErrors::about_all(reasons.iter().map(ToString::to_string).collect());
            form_again(&list_page(&app, &page, &signed, &chosen, &form, &errors).await?)
        }
        Err(other) => Err(other.into()),
    }
}

pub(crate) async fn remove(
    State(app): State<App>,
    signed: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let chosen = Chosen { agency: form.text("agency").into(), kind: form.text("kind").into() };
    let agency_id = {
        let mut conn = app.db.read().await?;
        let may = |agency: &Agency| signed.staff.may(P::DraftEntries, &agency.id);
        super::records::agency(&mut conn, &chosen.agency, may).await?.id
    };
    let mut tx = app.db.begin(&signed.staff.actor(), app.now()).await?;
    actions::remove_word(&mut tx, &signed.staff, &agency_id, form.text("word")).await?;
    tx.commit().await?;
    Ok(redirect_with(&address(&chosen), "已从本机关的名单移除；系统自带的词条恢复原样。"))
}

fn address(chosen: &Chosen) -> String {
    format!("/console/word-check?agency={}&kind={}", encode(&chosen.agency), encode(&chosen.kind))
}
