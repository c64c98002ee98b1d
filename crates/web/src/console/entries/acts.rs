//! What can be done with an entry now, as forms on its page; a refused one comes back with what was typed.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_disclosure::error::{Failure, Refusal};
use gongkai_disclosure::publishing::desk::{DeskEdition, DeskEntry};
use gongkai_disclosure::publishing::schedule::{self, PublishTime};
use gongkai_disclosure::publishing::{DisclosureClass, EditionState, WithdrawalClass, actions};
use gongkai_disclosure::reporting;
use gongkai_disclosure::review::{self, ReviewState};

use super::address;
use super::show::{Asking, entry_page};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field};
use crate::console::requests::ActForm;
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, redirect_with};
use crate::state::App;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Submit,
    TakeBack,
    Revise,
    Withdraw,
    Attach,
    Check,
    Delete,
    SetTime,
    ClearTime,
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
        let summary = ErrorSummary::of(&form.fields);
        form.errors = refused.errors.general.iter().fold(summary, |s, words| s.and(words.clone()));
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
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let staff = &signed.staff;
    let version = form.number("version").unwrap_or_default();
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    reporting::typed::read_attached(&mut tx, &app.files, form.text("edition")).await?;
    match actions::submit(&mut tx, staff, form.text("edition"), version).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(redirect_with(&address(&id), "已送审，内容在审查期间不能修改。"))
        }
        Err(failure) => {
            drop(tx);
            again(&app, &page, &signed, &id, Act::Submit, form, failure).await
        }
    }
}

pub(crate) async fn take_back(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let staff = &signed.staff;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match review::actions::withdraw_from_review(&mut tx, staff, form.text("review")).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(redirect_with(&address(&id), "已撤回送审，可以继续修改。"))
        }
        Err(failure) => {
            drop(tx);
            again(&app, &page, &signed, &id, Act::TakeBack, form, failure).await
        }
    }
}

pub(crate) async fn revise(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let staff = &signed.staff;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match actions::revise(&mut tx, staff, &id).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(redirect_with(&format!("{}/edit", address(&id)), "已起草新版本，内容和附件取自原版本。"))
        }
        Err(failure) => {
            drop(tx);
            again(&app, &page, &signed, &id, Act::Revise, form, failure).await
        }
    }
}

pub(crate) async fn withdraw(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let staff = &signed.staff;
    let (class, reason) = (form.text("withdrawal_class"), form.text("withdrawal_reason"));
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match actions::withdraw(&mut tx, staff, &id, class, reason).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(redirect_with(&address(&id), "已撤回公开，门户上只保留撤回说明。"))
        }
        Err(failure) => {
            drop(tx);
            again(&app, &page, &signed, &id, Act::Withdraw, form, failure).await
        }
    }
}

pub(crate) async fn set_time(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let staff = &signed.staff;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match schedule::set(&mut tx, staff, form.text("edition"), form.text("release_at")).await {
        Ok(()) => {
            tx.commit().await?;
            let at = form.text("release_at").replace('T', " ");
            Ok(redirect_with(&address(&id), &format!("已定时，{at} 发布。")))
        }
        Err(failure) => {
            drop(tx);
            again(&app, &page, &signed, &id, Act::SetTime, form, failure).await
        }
    }
}

pub(crate) async fn clear_time(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let staff = &signed.staff;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match schedule::clear(&mut tx, staff, form.text("edition")).await {
        Ok(released) => {
            tx.commit().await?;
            let words = match released {
                Some(out) => format!("已公开，索引号 {}。", out.index_number),
                None => "已取消定时。".to_owned(),
            };
            Ok(redirect_with(&address(&id), &words))
        }
        Err(failure) => {
            drop(tx);
            again(&app, &page, &signed, &id, Act::ClearTime, form, failure).await
        }
    }
}

/// The page of the entry with the form as it was sent and why it was not done.
pub(super) async fn again<R: Refusal>(
    app: &App,
    page: &PageContext,
    signed: &Signed,
    id: &str,
    act: Act,
    form: Fields,
    failure: Failure<R>,
) -> Result<Response, PageError> {
    match failure {
        Failure::Refused(reasons) if !reasons.iter().any(|r| r.is_missing() || r.is_forbidden()) => {
            let refused = Refused { act, form, errors: FormErrors::of(&reasons) };
            refused_page(app, page, signed, id, &refused).await
        }
        other => Err(other.into()),
    }
}

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
