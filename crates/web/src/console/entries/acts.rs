//! What can be done with an entry now, as forms on its page; a refused one comes back with what was typed.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::Response;
use gongkai_disclosure::accounts::Staff;
use gongkai_disclosure::db::Tx;
use gongkai_disclosure::error::{Refusal, Result as Answer};
use gongkai_disclosure::publishing::desk::{DeskEdition, DeskEntry};
use gongkai_disclosure::publishing::index_numbers;
use gongkai_disclosure::publishing::schedule::{self, PublishTime};
use gongkai_disclosure::publishing::{DisclosureClass, EditionState, Released, WithdrawalClass, actions};
use gongkai_disclosure::reporting;
use gongkai_disclosure::review::{self, ReviewState};

use super::address;
use super::show::{Asking, entry_page};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field};
use crate::console::requests::ActForm;
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, redirect_with, settle};
use crate::state::App;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Submit,
    TakeBack,
    Revise,
    Withdraw,
    Attach,
    Check,
    Delete,
    SetTime,
    ClearTime,
    Number,
    Opinion,
    Account,
}

/// What was sent and refused.
pub(super) struct Refused {
    pub(super) act: Act,
    pub(super) form: Fields,
    pub(super) errors: FormErrors,
}

/// The forms of everything that can be done with the newest edition now. Someone who may draft is asking.
pub(super) fn forms(
    entry: &DeskEntry,
    newest: &DeskEdition,
    is_complete: bool,
    release_at: Option<&PublishTime>,
    refused: Option<&Refused>,
) -> Vec<ActForm> {
    let edition = &newest.edition;
    let is_open = edition.state().is_ok_and(|state| state.is_open());
    let under_review = newest.reviews.iter().find(|case| case.state == ReviewState::Open);
    let is_public = entry.head.live_edition_id.is_some() && entry.head.withdrawn_at.is_none();
    let mut forms = Vec::new();
    if is_open && is_complete {
        let mut submit = form(
            entry,
            Act::Submit,
            "送审",
            "内容在审查期间固定不变，依次由各环节签署；都同意后，主动公开的信息自动在门户公开。",
        );
        submit.hidden =
            vec![("edition".into(), edition.id.clone()), ("version".into(), edition.version.to_string())];
        submit.is_open = true;
        forms.push(submit);
    }
    if let Some(case) = under_review {
        let mut back =
            form(entry, Act::TakeBack, "撤回送审", "撤回后可以修改；再次送审要从第一个环节重新签起。");
        back.hidden = vec![("review".into(), case.id.clone())];
        forms.push(back);
    }
    let is_out = matches!(edition.state(), Ok(EditionState::Released | EditionState::Superseded));
    if !is_out && edition.disclosure_class == DisclosureClass::Proactive.code() {
        let hint =
            "到了设定的时间，再核对一次签署和内容，通过才公开；届时还没签完的，签完最后一个环节时公开。";
        let mut set = form(entry, Act::SetTime, "定时发布", hint);
        let typed = release_at.map(|time| schedule::typed(&time.release_at)).unwrap_or_default();
        set.fields = vec![
            Field::line_of("datetime-local", "release_at", "发布时间").required().width("w-m").value(typed),
        ];
        set.hidden = vec![("edition".into(), edition.id.clone())];
        set.button = if release_at.is_some() { "改为这个时间" } else { "定时发布" };
        forms.push(set);
        if release_at.is_some() {
            let is_signed = matches!(edition.state(), Ok(EditionState::Signed));
            let (heading, hint) = match is_signed {
                true => ("取消定时，立即公开", "各环节都已签署，取消定时后立即公开。"),
                false => ("取消定时", "取消后，签完最后一个环节时立即公开。"),
            };
            let mut clear = form(entry, Act::ClearTime, heading, hint);
            clear.hidden = vec![("edition".into(), edition.id.clone())];
            forms.push(clear);
        }
    }
    let is_timed = matches!(edition.state(), Ok(EditionState::Signed)) && release_at.is_some();
    if !is_open && under_review.is_none() && !is_timed {
        let hint = if is_public {
            "以现行版本为底稿另起一版，审签期间公众看到的仍是现行版本。"
        } else {
            "以这一版为底稿另起一版，重新送审。"
        };
        forms.push(form(entry, Act::Revise, "起草新版本", hint));
    }
    if entry.head.index_number.is_none() && !is_out {
        let hint = "索引号一般在公开时编。要先印在文件上的，可以现在编好；以后删除草稿，这个号不再用。";
        forms.push(form(entry, Act::Number, "预先编号", hint));
    }
    if is_open && edition.submitted_at.is_none() {
        let hint = if edition.ordinal == 1 {
            "删除后不能恢复；标题、附件名和内容指纹留在改动记录里。"
        } else {
            "只删除这一版草稿，已公开的版本不变；内容指纹留在改动记录里。"
        };
        let mut delete = form(entry, Act::Delete, "删除草稿", hint);
        delete.hidden =
            vec![("edition".into(), edition.id.clone()), ("version".into(), edition.version.to_string())];
        delete.is_serious = true;
        forms.push(delete);
    }
    if is_public {
        let mut withdraw = form(
            entry,
            Act::Withdraw,
            "撤回公开",
            "立即从门户、搜索和附件下载中撤下；网址和索引号保留，公众会看到撤回的日期、原因和说明。",
        );
        let classes = WithdrawalClass::ALL.iter().map(|class| (class.code(), class.label()));
        withdraw.fields = vec![
            Field::radio("withdrawal_class", "撤回原因", classes).required(),
            Field::text("withdrawal_reason", "撤回说明", 3)
                .required()
                .hint("公众会看到。写明为什么撤回，更正后的信息在哪里；不要写入不能公开的内容。"),
        ];
        withdraw.is_serious = true;
        forms.push(withdraw);
    }
    if let Some(refused) = refused
        && let Some(form) = forms.iter_mut().find(|form| form.action.ends_with(slug(refused.act)))
    {
        form.fields = refused.form.typed_into(std::mem::take(&mut form.fields), &refused.errors);
        form.errors = refused.errors.above(&form.fields);
        for (field, words) in refused.errors.iter() {
            // A reason about a field of the drafting form, found when it was submitted.
            if !form.fields.iter().any(|known| known.name == field) {
                form.errors.errors.push((String::new(), words.to_owned()));
            }
        }
        form.is_open = true;
    }
    forms
}

const fn slug(act: Act) -> &'static str {
    match act {
        Act::Submit => "/submission",
        Act::TakeBack => "/taking-back",
        Act::Revise => "/revision",
        Act::Withdraw => "/withdrawal",
        Act::Attach => "/files",
        Act::Check => "/check",
        Act::Delete => "/deletion",
        Act::SetTime => "/publish-time",
        Act::ClearTime => "/publish-time/removal",
        Act::Number => "/index-number",
        Act::Opinion => "/class-opinion",
        Act::Account => "/accounts",
    }
}

fn form(entry: &DeskEntry, act: Act, heading: &'static str, hint: &str) -> ActForm {
    ActForm {
        heading: heading.into(),
        hint: hint.into(),
        action: format!("{}{}", address(&entry.head.id), slug(act)),
        fields: Vec::new(),
        hidden: Vec::new(),
        button: heading,
        errors: ErrorSummary::default(),
        is_open: false,
        is_serious: false,
        preview: None,
    }
}

/// A visit to an entry that changes something: who came, from which page, to which entry.
pub(crate) struct Visit {
    pub(super) app: App,
    pub(super) page: PageContext,
    pub(super) signed: Signed,
    pub(super) id: String,
}

impl FromRequestParts<App> for Visit {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let page = match PageContext::from_request_parts(parts, app).await {
            Ok(page) => page,
            Err(never) => match never {},
        };
        let signed = Signed::from_request_parts(parts, app).await?;
        let id = Path::from_request_parts(parts, app).await.map_err(|_| PageError::NotFound)?;
        let Path(id) = id;
        Ok(Visit { app: app.clone(), page, signed, id })
    }
}

impl Visit {
    pub(crate) fn staff(&self) -> &Staff {
        &self.signed.staff
    }

    pub(crate) async fn begin(&self) -> Result<Tx, PageError> {
        Ok(self.app.db.begin(&self.staff().actor(), self.app.now()).await?)
    }

    /// Ends the change: a word about what was done, or the page with the form as it was sent and why it was not.
    pub(crate) async fn end<T, R: Refusal>(
        self,
        tx: Tx,
        act: Act,
        form: Fields,
        answer: Answer<T, R>,
        then: impl FnOnce(&str, T) -> Response,
    ) -> Result<Response, PageError> {
        match settle(tx, answer).await? {
            Ok(done) => Ok(then(&self.id, done)),
            Err(errors) => {
                let refused = Refused { act, form, errors };
                refused_page(&self.app, &self.page, &self.signed, &self.id, &refused).await
            }
        }
    }
}

/// Back to the entry, with a word about what was done.
fn said(id: &str, words: &str) -> Response {
    redirect_with(&address(id), words)
}

pub(crate) async fn submit(visit: Visit, form: Fields) -> Result<Response, PageError> {
    let version = form.number("version").unwrap_or_default();
    let mut tx = visit.begin().await?;
    reporting::typed::read_attached(&mut tx, &visit.app.files, form.text("edition")).await?;
    let answer = actions::submit(&mut tx, visit.staff(), form.text("edition"), version).await;
    visit.end(tx, Act::Submit, form, answer, |id, _| said(id, "已送审，内容在审查期间不能修改。")).await
}

pub(crate) async fn take_back(visit: Visit, form: Fields) -> Result<Response, PageError> {
    let mut tx = visit.begin().await?;
    let answer = review::actions::withdraw_from_review(&mut tx, visit.staff(), form.text("review")).await;
    visit.end(tx, Act::TakeBack, form, answer, |id, ()| said(id, "已撤回送审，可以继续修改。")).await
}

pub(crate) async fn revise(visit: Visit, form: Fields) -> Result<Response, PageError> {
    let mut tx = visit.begin().await?;
    let answer = actions::revise(&mut tx, visit.staff(), &visit.id).await;
    let then =
        |id: &str, _| redirect_with(&format!("{}/edit", address(id)), "已起草新版本，内容和附件取自原版本。");
    visit.end(tx, Act::Revise, form, answer, then).await
}

pub(crate) async fn withdraw(visit: Visit, form: Fields) -> Result<Response, PageError> {
    let (class, reason) = (form.text("withdrawal_class"), form.text("withdrawal_reason"));
    let mut tx = visit.begin().await?;
    let answer = actions::withdraw(&mut tx, visit.staff(), &visit.id, class, reason).await;
    let then = |id: &str, ()| said(id, "已撤回公开，门户上只保留撤回说明。");
    visit.end(tx, Act::Withdraw, form, answer, then).await
}

pub(crate) async fn set_time(visit: Visit, form: Fields) -> Result<Response, PageError> {
    let mut tx = visit.begin().await?;
    let answer = schedule::set(&mut tx, visit.staff(), form.text("edition"), form.text("release_at")).await;
    let words = format!("已定时，{} 发布。", form.text("release_at").replace('T', " "));
    visit.end(tx, Act::SetTime, form, answer, |id, ()| said(id, &words)).await
}

pub(crate) async fn number(visit: Visit, form: Fields) -> Result<Response, PageError> {
    let mut tx = visit.begin().await?;
    let answer = index_numbers::actions::number_draft(&mut tx, visit.staff(), &visit.id).await;
    let then = |id: &str, number: String| said(id, &format!("已编索引号 {number}，公开时就用这个号。"));
    visit.end(tx, Act::Number, form, answer, then).await
}

pub(crate) async fn clear_time(visit: Visit, form: Fields) -> Result<Response, PageError> {
    let mut tx = visit.begin().await?;
    let answer = schedule::clear(&mut tx, visit.staff(), form.text("edition")).await;
    let then = |id: &str, released: Option<Released>| match released {
        Some(out) => said(id, &format!("已公开，索引号 {}。", out.index_number)),
        None => said(id, "已取消定时。"),
    };
    visit.end(tx, Act::ClearTime, form, answer, then).await
}

/// The page of the entry with the form as it was sent and why it was not done.
pub(super) async fn refused_page(
    app: &App,
    page: &PageContext,
    signed: &Signed,
    id: &str,
    refused: &Refused,
) -> Result<Response, PageError> {
    let asking = Asking { refused: Some(refused), ..Asking::of(app, signed) };
    form_again(&entry_page(app, page, &asking, id).await?)
}
