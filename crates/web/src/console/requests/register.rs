//! 登记 — what came on paper, by fax or e-mail, at the counter or by word of mouth.

use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::requests::Arrival;
use gongkai_disclosure::requests::actions::{self, Filed};
use gongkai_disclosure::requests::evidence::EvidenceKind;
use gongkai_statute::channels::Channel;
use jiff::civil::Date;

use super::chrome;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field};
use crate::console::records::choose_agency;
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html};
use crate::page::{Chrome, Section};
use crate::requests::form::{FormSection, filing, sections, with_typed};
use crate::requests::upload::{StagedLine, file_fields, received, waiting, with_csrf};
use crate::state::App;

#[derive(Debug, Clone, Template)]
#[template(path = "console/requests/register.html")]
pub struct RegisterPage {
    pub chrome: Chrome,
    pub sections: Vec<FormSection>,
    pub errors: ErrorSummary,
    /// The request just registered: number and query code, to be told to the applicant.
    pub filed: Option<(String, String)>,
    pub action: String,
    pub stage: String,
    pub staged: Vec<StagedLine>,
    pub file_fields: Vec<Field>,
}

pub(crate) async fn form(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    html(&register_page(&mut conn, &page, &staff, app.today(), None).await?)
}

pub(crate) async fn register(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    request: Request,
) -> Result<Response, PageError> {
    let sent = received(&app, request).await?;
    let form = &sent.fields;
    let mut conn = app.db.read().await?;
    let agency =
        choose_agency(&mut conn, &staff, form.text("agency"), Permission::HandleRequests).await?.chosen;
    let arrival = Arrival {
        channel: Channel::from_code(form.text("channel")),
        submitted_on: form.date("submitted_on"),
        signed_on: form.date("signed_on"),
        confirmed_on: form.date("confirmed_on"),
    };
    let mut filing = filing(form);
    filing.stage.clone_from(&sent.stage);
    if !sent.errors.is_empty() {
        let mut again =
            register_page(&mut conn, &page, &staff, app.today(), Some((form, &sent.errors))).await?;
        again.stage.clone_from(&sent.stage);
        again.staged = waiting(&app, &sent.stage).await?;
        return form_again(&again);
    }
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match actions::register(&mut tx, &staff, &agency.id, &filing, &arrival).await {
        Ok(Filed { number, query_code }) => {
            tx.commit().await?;
            let mut again = register_page(&mut conn, &page, &staff, app.today(), None).await?;
            again.filed = Some((number, query_code));
            Ok(html(&again)?.into_response())
        }
        Err(Failure::Refused(reasons)) => {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            let typed = Some((form, &errors));
            let mut again = register_page(&mut conn, &page, &staff, app.today(), typed).await?;
            again.stage.clone_from(&sent.stage);
            again.staged = waiting(&app, &sent.stage).await?;
            form_again(&again)
        }
        Err(other) => Err(other.into()),
    }
}

async fn register_page(
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    today: Date,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<RegisterPage, PageError> {
    let wanted = typed.map_or("", |(form, _)| form.text("agency"));
    let choice = choose_agency(conn, staff, wanted, Permission::HandleRequests).await?;
    let mut shown = RegisterPage::of(chrome(page).here("登记申请"), choice.field(), today, typed);
    shown.action = with_csrf("/console/requests", page);
    Ok(shown)
}

impl RegisterPage {
    fn of(
        chrome: Chrome,
        agency: Option<Field>,
        today: Date,
        typed: Option<(&Fields, &FormErrors)>,
    ) -> RegisterPage {
        let channels = Channel::ALL.iter().map(|channel| match channel {
            Channel::Online => (channel.code(), "电子邮件等互联网渠道"),
            other => (other.code(), other.label()),
        });
        let channel = Channel::ALL
            .iter()
            .fold(Field::radio("channel", "申请渠道", channels).required(), |field, channel| {
                field.choice_hint(channel.code(), channel.citation().to_string())
            });
        let arrival = FormSection {
            heading: "收件情况",
            intro: "渠道决定哪一天是收到申请之日（《条例》第三十一条）。尚未确认的先登记，确认后再补。"
                .into(),
            fields: agency
                .into_iter()
                .chain([
                    channel,
                    Field::date("submitted_on", "提交或者寄到之日").required().value(today.to_string()),
                    Field::date("signed_on", "签收之日").hint("需签收的邮件填写。"),
                    Field::date("confirmed_on", "双方确认之日")
                        .hint("平常信函、传真、电子邮件：已经与申请人确认的填写。"),
                ])
                .collect(),
        };
        let all: Vec<FormSection> = std::iter::once(arrival).chain(sections()).collect();
        let mut file_fields = file_fields(EvidenceKind::ALL);
        file_fields.rotate_right(1);
        let (sections, errors) = match typed {
            Some((form, errors)) => {
                file_fields = form.typed_into(file_fields, errors);
                let (sections, summary) = with_typed(all, form, errors);
                (sections, file_fields.iter().fold(summary, ErrorSummary::and_of))
            }
            None => (all, ErrorSummary::default()),
        };
        RegisterPage {
            chrome,
            sections,
            errors,
            filed: None,
            action: "/console/requests".into(),
            stage: String::new(),
            staged: Vec::new(),
            file_fields,
        }
    }

    pub fn sample() -> RegisterPage {
        let chrome = Chrome::console_sample(Section::ConsoleRequests).here("登记申请");
        let mut page = RegisterPage::of(chrome, None, jiff::civil::date(2026, 3, 2), None);
        page.filed = Some(("SONGXI-SQ-2026-0013".into(), "7KQ2MXHD4PBW".into()));
        page
    }
}
