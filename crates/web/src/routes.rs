//! Every address of the site, in one table: method, path, who may, and where it is answered.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::handler::Handler;
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::MethodFilter;
use axum::routing::{MethodRouter, on};
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::requests::evidence;
use tower_http::timeout::TimeoutLayer;

use crate::auth::{Access, LARGEST_FORM, guard};
use crate::errors::PageError;
use crate::page::Section;
use crate::state::App;
use crate::{api, assets, console, portal};

/// One line of the table.
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub access: Access,
    handler: MethodRouter<App>,
    load: Load,
}

/// How much may be sent, and for how long it may take.
#[derive(Clone, Copy)]
enum Load {
    /// A form of some fields.
    Form,
    /// A form with the text of a document.
    Text,
    /// A report to be tried; its own page says when it is too large.
    Report,
    /// A request with what belongs to it.
    Evidence,
    /// Files; the size of each is limited where they are taken in.
    Files,
}

impl Load {
    const fn bytes(self) -> usize {
        const MB: usize = 1024 * 1024;
        match self {
            Load::Form => MB,
            // 200,000 characters, each nine bytes when encoded.
            Load::Text => LARGEST_FORM,
            Load::Report => 12 * MB,
            // As many files as a request may bring, and the form around them.
            Load::Evidence => evidence::MOST * evidence::LARGEST + 2 * MB,
            Load::Files => 500 * MB,
        }
    }

    const fn time(self) -> Duration {
        match self {
            Load::Form | Load::Text | Load::Report => Duration::from_secs(60),
            Load::Evidence => Duration::from_secs(10 * 60),
            Load::Files => Duration::from_secs(15 * 60),
        }
    }
}

impl Route {
    fn with(self, load: Load) -> Route {
        Route { load, ..self }
    }
}

fn get<H, T>(path: &'static str, access: Access, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route { method: "GET", path, access, handler: on(MethodFilter::GET, handler), load: Load::Form }
}

fn post<H, T>(path: &'static str, access: Access, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route { method: "POST", path, access, handler: on(MethodFilter::POST, handler), load: Load::Form }
}

use Access::{AnyStaff, Public, Staff as For, Token};

/// The table. The public's part first.
pub fn table() -> Vec<Route> {
    vec![
        get("/assets/{*path}", Public, assets::serve),
        get("/display", Public, portal::display::switch),
        get("/sign-in", Public, portal::sign_in::show),
        post("/sign-in", Public, portal::sign_in::submit),
        get("/", Public, portal::home::show),
        get("/catalogue", Public, portal::catalogue::show),
        get("/disclosure-log", Public, portal::disclosure_log::show),
        get("/disclosure-log/feed.xml", Public, portal::disclosure_log::feed),
        get("/documents", Public, portal::documents::show),
        get("/rules", Public, portal::rules::show),
        get("/gazette", Public, portal::gazette::list),
        get("/gazette/{agency}/{year}/{number}", Public, portal::gazette::show),
        get("/gazette/{agency}/{year}/{number}/download/{format}", Public, portal::gazette::download),
        get("/agencies/{code}", Public, portal::agencies::show),
        get("/entries/{agency}/{serial}", Public, portal::entries::show),
        get("/entries/{agency}/{serial}/files/{id}", Public, portal::entries::download),
        get("/pictures/{hash}", Public, console::entries::public_picture),
        get("/search", Public, portal::search::show),
        get("/search.atom", Public, portal::subscriptions::feed),
        get("/subscriptions/new", Public, portal::subscriptions::form),
        post("/subscriptions", Public, portal::subscriptions::ask),
        get("/subscriptions/{token}", Public, portal::subscriptions::show),
        post("/subscriptions/{token}/confirmation", Public, portal::subscriptions::confirm),
        get("/subscriptions/{token}/removal", Public, portal::subscriptions::show),
        post("/subscriptions/{token}/removal", Public, portal::subscriptions::end),
        get("/policies", Public, portal::policies::show),
        get("/site-map", Public, portal::site_map::show),
        get("/annual-reports", Public, portal::annual_reports::list),
        get("/annual-reports/figures", Public, portal::report_figures::show),
        get("/annual-reports/{agency}/{year}", Public, portal::annual_reports::show),
        get("/annual-reports/{agency}/{year}/download/{format}", Public, portal::annual_reports::download),
        get("/report-check", Public, portal::report_check::form),
        post("/report-check", Public, portal::report_check::check).with(Load::Report),
        get("/report-check/rules", Public, portal::report_check::rules),
        get("/report-check/rules/{id}", Public, portal::report_check::rule),
        get("/guide", Public, portal::help::guide),
        get("/help", Public, portal::help::help),
        get("/feed.xml", Public, portal::machines::feed),
        get("/agencies/{code}/feed.xml", Public, portal::machines::agency_feed),
        get("/agencies/{code}/lines/{line}/feed.xml", Public, portal::machines::line_feed),
        get("/static-copy", Public, portal::static_copy::show),
        get("/robots.txt", Public, portal::machines::robots),
        get("/sitemap.xml", Public, portal::machines::sitemap),
        get("/sitemaps/{number}", Public, portal::machines::sitemap_part),
        get("/api", Public, portal::data::show),
        get("/api/v1/openapi.json", Public, api::reading::description),
        get("/api/v1/entries", Public, api::reading::entries),
        get("/api/v1/entries/{agency}/{serial}", Public, api::reading::entry),
        get("/api/v1/agencies", Public, api::reading::agencies),
        get("/api/v1/agencies/{agency}", Public, api::reading::agency),
        get("/api/v1/agencies/{agency}/catalogue", Public, api::reading::catalogue),
        get("/api/v1/documents", Public, api::reading::documents),
        get("/api/v1/annual-reports", Public, api::reading::reports),
        get("/api/v1/annual-reports/{agency}/{year}", Public, api::reading::report),
        get("/api/v1/gazette", Public, api::reading::issues),
        get("/api/v1/gazette/{agency}/{year}/{number}", Public, api::reading::issue),
        get("/api/v1/search", Public, api::reading::search),
        get("/api/v1/downloads", Public, api::downloads::list),
        get("/api/v1/downloads/{name}", Public, api::downloads::download),
        post("/api/v1/drafts", Token, api::writing::create_draft).with(Load::Text),
        get("/api/v1/drafts/{id}", Token, api::writing::draft),
        get("/healthz", Public, portal::machines::health),
        get("/interaction", Public, portal::interaction::index),
        get("/interaction/letters", Public, portal::interaction::letter),
        post("/interaction/letters", Public, portal::interaction::send),
        get("/interaction/track", Public, portal::interaction::track_form),
        post("/interaction/track", Public, portal::interaction::track),
        get("/grievances", Public, portal::grievances::form),
        post("/grievances", Public, portal::grievances::submit),
        get("/grievances/track", Public, portal::grievances::track_form),
        post("/grievances/track", Public, portal::grievances::track),
        get("/requests", Public, portal::requests::index),
        get("/requests/new", Public, portal::requests::form),
        post("/requests", Public, portal::requests::submit).with(Load::Evidence),
        get("/requests/procedure", Public, portal::request_papers::procedure),
        get("/requests/papers/{which}/{format}", Public, portal::request_papers::download),
        get("/requests/{number}/receipt", Public, portal::requests::receipt),
        get("/requests/track", Public, portal::requests::track_form),
        post("/requests/track", Public, portal::requests::track_submit),
        post("/requests/track/letter", Public, portal::requests::track_letter),
        post("/requests/track/file", Public, portal::requests::track_file),
        post("/requests/track/withdraw", Public, portal::requests::track_withdraw),
        post("/requests/track/supplement", Public, portal::requests::track_supplement),
        // console
        get("/console", AnyStaff, console::home::show),
        post("/sign-out", AnyStaff, portal::sign_in::sign_out),
        get("/console/interaction", For(P::AnswerCases), console::interaction::list),
        get("/console/interaction/calls", For(P::AnswerCases), console::interaction::call),
        post("/console/interaction/calls", For(P::AnswerCases), console::interaction::record_call),
        get("/console/interaction/{id}", For(P::AnswerCases), console::interaction::show),
        post("/console/interaction/{id}/reply", For(P::AnswerCases), console::interaction::reply),
        get("/console/requests", For(P::ReadRequests), console::requests::list),
        get("/console/requests/offers", For(P::ReadRequests), console::requests::offers),
        get("/console/requests/new", For(P::HandleRequests), console::requests::register_form),
        post("/console/requests", For(P::HandleRequests), console::requests::register).with(Load::Evidence),
        get("/console/requests/{number}", For(P::ReadRequests), console::requests::show),
        post("/console/requests/{number}/particulars", For(P::HandleRequests), console::privacy::view),
        post("/console/requests/{number}/files", For(P::HandleRequests), console::privacy::add_files)
            .with(Load::Evidence),
        post("/console/requests/{number}/files/opened", For(P::HandleRequests), console::privacy::open_file),
        get("/console/retention", For(P::ReadRequests), console::retention::show),
        post("/console/retention/term", For(P::SetChains), console::retention::set_term),
        post("/console/retention/transfers", For(P::HandleRequests), console::retention::pack),
        post(
            "/console/retention/transfers/{id}/accession",
            For(P::HandleRequests),
            console::retention::accession,
        ),
        post("/console/retention/destructions", For(P::HandleRequests), console::retention::propose),
        get(
            "/console/retention/destructions/{id}",
            For(P::ReadRequests),
            console::retention::show_destruction,
        ),
        post("/console/retention/destructions/{id}/approval", For(P::SignOff), console::retention::approve),
        post(
            "/console/retention/destructions/{id}/execution",
            For(P::HandleRequests),
            console::retention::carry_out,
        ),
        get("/console/privacy", For(P::ReadAudit), console::privacy::log),
        get("/console/privacy/contacts", For(P::HandleRequests), console::privacy::contacts_form),
        post("/console/privacy/contacts", For(P::HandleRequests), console::privacy::contacts),
        get("/console/requests/{number}/letters/{id}", For(P::ReadRequests), console::requests::letter),
        post(
            "/console/requests/{number}/letters/{id}/sealed",
            For(P::HandleRequests),
            console::requests::add_seal,
        )
        .with(Load::Files),
        get(
            "/console/requests/{number}/letters/{id}/{format}",
            For(P::ReadRequests),
            console::requests::letter_file,
        ),
        get(
            "/console/requests/{number}/decision",
            For(P::HandleRequests),
            console::requests::choose_decision,
        ),
        post("/console/requests/{number}/decision", For(P::HandleRequests), console::requests::decide),
        get(
            "/console/requests/{number}/decision/portions",
            For(P::HandleRequests),
            console::requests::portions_form,
        ),
        post(
            "/console/requests/{number}/decision/portions",
            For(P::HandleRequests),
            console::requests::decide_portions,
        ),
        post(
            "/console/requests/{number}/extension-approval",
            For(P::SignOff),
            console::requests::approve_extension,
        ),
        post(
            "/console/requests/{number}/extension-refusal",
            For(P::SignOff),
            console::requests::decline_extension,
        ),
        post("/console/requests/{number}/reasons", For(P::HandleRequests), console::requests::notice_reasons),
        post("/console/requests/{number}/delay", For(P::HandleRequests), console::requests::notice_delay),
        post(
            "/console/requests/{number}/reasons-stated",
            For(P::HandleRequests),
            console::requests::record_reasons,
        ),
        post(
            "/console/requests/{number}/override",
            For(P::HandleRequests),
            console::requests::notice_override,
        ),
        post("/console/requests/{number}/confirmation", For(P::HandleRequests), console::requests::confirm),
        post(
            "/console/requests/{number}/receipt-correction",
            For(P::HandleRequests),
            console::requests::correct_receipt,
        ),
        post("/console/requests/{number}/taking-up", For(P::HandleRequests), console::requests::take_up),
        post("/console/requests/{number}/hand-over", For(P::HandleRequests), console::requests::hand_over),
        post("/console/requests/{number}/split", For(P::HandleRequests), console::requests::split),
        post("/console/requests/{number}/merge", For(P::HandleRequests), console::requests::merge),
        post(
            "/console/requests/{number}/supplement",
            For(P::HandleRequests),
            console::requests::notice_supplement,
        ),
        post(
            "/console/requests/{number}/supplemented",
            For(P::HandleRequests),
            console::requests::record_supplement,
        ),
        post(
            "/console/requests/{number}/extension",
            For(P::HandleRequests),
            console::requests::propose_extension,
        ),
        post("/console/requests/{number}/consultation", For(P::HandleRequests), console::requests::consult),
        post("/console/requests/{number}/opinion", For(P::HandleRequests), console::requests::record_opinion),
        post("/console/requests/{number}/fee", For(P::HandleRequests), console::requests::notice_fee),
        post("/console/requests/{number}/payment", For(P::HandleRequests), console::requests::record_payment),
        post("/console/requests/{number}/issue", For(P::HandleRequests), console::requests::issue),
        post("/console/requests/{number}/withdrawal", For(P::HandleRequests), console::requests::withdraw),
        post(
            "/console/requests/{number}/not-supplemented",
            For(P::HandleRequests),
            console::requests::close_not_supplemented,
        ),
        post(
            "/console/requests/{number}/fee-unpaid",
            For(P::HandleRequests),
            console::requests::close_fee_unpaid,
        ),
        post(
            "/console/requests/{number}/delivery",
            For(P::HandleRequests),
            console::requests::record_delivery,
        ),
        post("/console/requests/{number}/archive", For(P::HandleRequests), console::requests::archive),
        post(
            "/console/requests/{number}/enclosures",
            For(P::HandleRequests),
            console::redactions::add_enclosure,
        )
        .with(Load::Files),
        get(
            "/console/requests/{number}/enclosures/{id}",
            For(P::ReadRequests),
            console::redactions::enclosure,
        ),
        post(
            "/console/requests/{number}/enclosures/{id}/removal",
            For(P::HandleRequests),
            console::redactions::remove_enclosure,
        ),
        get(
            "/console/requests/{number}/disclosure-log",
            For(P::HandleRequests),
            console::disclosure_log::form,
        ),
        post(
            "/console/requests/{number}/disclosure-log",
            For(P::HandleRequests),
            console::disclosure_log::submit,
        ),
        post("/console/redactions", For(P::DraftEntries), console::redactions::begin).with(Load::Files),
        get("/console/redactions/{id}", For(P::ReadDrafts), console::redactions::show).with(Load::Files),
        post("/console/redactions/{id}", For(P::DraftEntries), console::redactions::submit).with(Load::Files),
        get("/console/redactions/{id}/pages/{page}", For(P::ReadDrafts), console::redactions::page_picture),
        get(
            "/console/redactions/{id}/certificate/{format}",
            For(P::ReadDrafts),
            console::redactions::certificate,
        ),
        get("/console/remedies", For(P::ReadRequests), console::remedies::list),
        get("/console/remedies/new", For(P::KeepRegisters), console::remedies::form),
        post("/console/remedies", For(P::KeepRegisters), console::remedies::register),
        get("/console/remedies/{id}", For(P::ReadRequests), console::remedies::show),
        post("/console/remedies/{id}", For(P::KeepRegisters), console::remedies::conclude),
        post("/console/remedies/{id}/carried-out", For(P::KeepRegisters), console::remedies::carry_out),
        post("/console/remedies/{id}/renewal", For(P::HandleRequests), console::remedies::renew),
        get("/console/grievances", For(P::ReadRequests), console::grievances::list),
        get("/console/grievances/export", For(P::ReadRequests), console::grievances::export),
        get("/console/grievances/new", For(P::HandleRequests), console::grievances::form),
        post("/console/grievances", For(P::HandleRequests), console::grievances::register),
        get("/console/grievances/{id}", For(P::ReadRequests), console::grievances::show),
        post("/console/grievances/{id}", For(P::HandleRequests), console::grievances::conclude),
        get("/console/grievances/{id}/letter/{format}", For(P::ReadRequests), console::grievances::letter),
        get("/console/gazette", For(P::ReadDrafts), console::gazette::list),
        post("/console/gazette", For(P::DraftEntries), console::gazette::begin),
        get("/console/gazette/{id}", For(P::ReadDrafts), console::gazette::show),
        post("/console/gazette/{id}/{act}", For(P::DraftEntries), console::gazette::act),
        get("/console/due", For(P::ReadDrafts), console::due::show),
        get("/console/publicity", For(P::ReadDrafts), console::publicity::list),
        get("/console/publicity/lists/import", For(P::DraftEntries), console::publicity::import_form),
        post("/console/publicity/lists/import", For(P::DraftEntries), console::publicity::rehearsal)
            .with(Load::Files),
        post(
            "/console/publicity/lists/import/confirmation",
            For(P::DraftEntries),
            console::publicity::confirm,
        ),
        get("/console/publicity/{entry}", For(P::ReadDrafts), console::publicity::show),
        post("/console/publicity/{entry}", For(P::DraftEntries), console::publicity::set),
        get("/console/calendar", For(P::KeepCalendar), console::calendar::list),
        post("/console/calendar", For(P::KeepCalendar), console::calendar::propose),
        get("/console/calendar/{id}", For(P::KeepCalendar), console::calendar::show),
        post("/console/calendar/{id}/adoption", For(P::KeepCalendar), console::calendar::adopt),
        post("/console/calendar/{id}/dismissal", For(P::KeepCalendar), console::calendar::dismiss),
        get("/console/reassessments", For(P::ReadDrafts), console::reassessments::list),
        get("/console/reassessments/{entry}", For(P::ReadDrafts), console::reassessments::show),
        post("/console/reassessments/{entry}", For(P::DraftEntries), console::reassessments::assess),
        get("/console/registers", For(P::ReadReport), console::registers::index),
        get("/console/registers/{register}", For(P::ReadReport), console::registers::list),
        post("/console/registers/{register}", For(P::KeepRegisters), console::registers::add),
        get("/console/registers/export/{register}", For(P::ReadReport), console::registers::export),
        get("/console/registers/import/{register}", For(P::KeepRegisters), console::registers::import_form),
        post("/console/registers/import/{register}", For(P::KeepRegisters), console::registers::rehearsal)
            .with(Load::Files),
        post(
            "/console/registers/import/{register}/confirmation",
            For(P::KeepRegisters),
            console::registers::confirm_import,
        ),
        post("/console/registers/links/{id}", For(P::KeepRegisters), console::registers::link),
        post("/console/registers/pairs/{id}/removal", For(P::KeepRegisters), console::registers::unpair),
        get("/console/registers/documents/{id}", For(P::ReadReport), console::registers::document),
        post(
            "/console/registers/documents/{id}/{act}",
            For(P::KeepRegisters),
            console::registers::act_on_document,
        ),
        get("/console/annual-reports", For(P::ReadReport), console::annual_reports::list),
        get(
            "/console/annual-reports/submissions",
            For(P::Oversee),
            console::annual_reports::submitting::clocks,
        ),
        post(
            "/console/annual-reports/{agency}/{year}/verdicts",
            For(P::CompileReport),
            console::annual_reports::checking::judge,
        ),
        post(
            "/console/annual-reports/{agency}/{year}/submissions",
            For(P::CompileReport),
            console::annual_reports::submitting::prepare,
        ),
        get(
            "/console/annual-reports/{agency}/{year}/submissions/{id}",
            For(P::ReadReport),
            console::annual_reports::submitting::show,
        ),
        post(
            "/console/annual-reports/{agency}/{year}/submissions/{id}/{decision}",
            For(P::ReadReport),
            console::annual_reports::submitting::decide,
        ),
        post(
            "/console/annual-reports/{agency}/{year}/correction",
            For(P::CompileReport),
            console::annual_reports::submitting::correct,
        ),
        get("/console/annual-reports/{agency}/{year}", For(P::ReadReport), console::annual_reports::show),
        get(
            "/console/annual-reports/{agency}/{year}/cells/{*address}",
            For(P::ReadReport),
            console::annual_reports::cell,
        ),
        get(
            "/console/annual-reports/{agency}/{year}/print",
            For(P::ReadReport),
            console::annual_reports::print,
        ),
        get(
            "/console/annual-reports/{agency}/{year}/download/{format}",
            For(P::ReadReport),
            console::annual_reports::download,
        ),
        get(
            "/console/annual-reports/{agency}/{year}/snapshot",
            For(P::ReadReport),
            console::annual_reports::freezing::snapshot,
        ),
        post(
            "/console/annual-reports/{agency}/{year}/freeze",
            For(P::CompileReport),
            console::annual_reports::freezing::freeze,
        ),
        post(
            "/console/annual-reports/{agency}/{year}/adjustments",
            For(P::CompileReport),
            console::annual_reports::adjustments::propose,
        ),
        post(
            "/console/annual-reports/{agency}/{year}/adjustments/{id}/confirm",
            For(P::ApproveReport),
            console::annual_reports::adjustments::confirm,
        ),
        post(
            "/console/annual-reports/{agency}/{year}/adjustments/{id}/end",
            For(P::ReadReport),
            console::annual_reports::adjustments::end,
        ),
        get(
            "/console/annual-reports/{agency}/{year}/texts/{part}",
            For(P::CompileReport),
            console::annual_reports::texts::edit,
        ),
        post(
            "/console/annual-reports/{agency}/{year}/texts/{part}",
            For(P::CompileReport),
            console::annual_reports::texts::save,
        ),
        post(
            "/console/annual-reports/{agency}/{year}/texts/{part}/follow",
            For(P::CompileReport),
            console::annual_reports::texts::follow,
        ),
        post(
            "/console/annual-reports/{agency}/{year}/texts",
            For(P::CompileReport),
            console::annual_reports::save_texts,
        ),
        post(
            "/console/annual-reports/{agency}/{year}/draft",
            For(P::CompileReport),
            console::annual_reports::draft,
        ),
        get("/console/oversight", AnyStaff, console::oversight::index),
        get("/console/oversight/annual-reports", For(P::Oversee), console::district_reports::show),
        get("/console/oversight/annual-reports/sums", For(P::Oversee), console::report_sums::show),
        get(
            "/console/oversight/annual-reports/{year}/download",
            For(P::Oversee),
            console::district_reports::download,
        ),
        get("/console/oversight/rectifications", AnyStaff, console::oversight::rectifications),
        get("/console/oversight/rectifications/{id}", AnyStaff, console::oversight::rectification),
        post(
            "/console/oversight/rectifications/{id}/answer",
            For(P::AnswerRectifications),
            console::oversight::answer,
        ),
        post("/console/oversight/rectifications/{id}/close", For(P::Oversee), console::oversight::close),
        post(
            "/console/oversight/rectifications/{id}/send-back",
            For(P::Oversee),
            console::oversight::send_back,
        ),
        get("/console/oversight/error-reports", For(P::Oversee), console::error_reports::list),
        get("/console/oversight/figures/{agency}/{concern}", For(P::Oversee), console::oversight::figure),
        post("/console/oversight/figures/{agency}/{concern}", For(P::Oversee), console::oversight::demand),
        get("/console/audit", For(P::ReadAudit), console::audit::changes),
        get("/console/audit/chain", For(P::ReadAudit), console::audit::chain),
        get("/console/audit/records/{*subject}", For(P::ReadAudit), console::audit::record),
        get("/console/accounts", For(P::ManageAccounts), console::accounts::list),
        post("/console/accounts", For(P::ManageAccounts), console::accounts::add),
        get("/console/accounts/{username}", For(P::ManageAccounts), console::accounts::person),
        post(
            "/console/accounts/{username}/password",
            For(P::ManageAccounts),
            console::accounts::reset_password,
        ),
        post("/console/accounts/{username}/stop", For(P::ManageAccounts), console::accounts::stop),
        post("/console/accounts/{username}/restore", For(P::ManageAccounts), console::accounts::restore),
        get("/console/entries", For(P::ReadDrafts), console::entries::list),
        get("/console/exchange/export", For(P::ReadDrafts), console::exchange::export),
        get("/console/exchange", For(P::DraftEntries), console::exchange::form),
        post("/console/exchange", For(P::DraftEntries), console::exchange::rehearsal).with(Load::Files),
        post("/console/exchange/confirmation", For(P::DraftEntries), console::exchange::confirm),
        get("/console/class-opinions", For(P::ReadDrafts), console::class_opinions::list),
        post("/console/class-opinions/needed", For(P::SetChains), console::class_opinions::set_needed),
        post("/console/class-opinions/{id}", For(P::SignOff), console::class_opinions::decide),
        get(
            "/console/class-opinions/{id}/form/{format}",
            For(P::ReadDrafts),
            console::class_opinions::download,
        ),
        post("/console/entries/{id}/accounts", For(P::DraftEntries), console::entries::publish),
        get("/console/entries/{id}/article", For(P::ReadDrafts), console::entries::article),
        post("/console/entries/{id}/class-opinion", For(P::DraftEntries), console::class_opinions::propose),
        get("/console/index-numbers", For(P::ReadDrafts), console::index_numbers::show),
        post("/console/index-numbers/rules", For(P::KeepCatalogue), console::index_numbers::set_rule),
        post("/console/index-numbers/reservations", For(P::DraftEntries), console::index_numbers::reserve),
        post("/console/entries/{id}/index-number", For(P::DraftEntries), console::entries::number),
        get("/console/entries/batch", For(P::DraftEntries), console::entries::show_batch),
        post("/console/entries/batch", For(P::DraftEntries), console::entries::submit_batch),
        get("/console/entries/new", For(P::DraftEntries), console::entries::new),
        post("/console/entries", For(P::DraftEntries), console::entries::create).with(Load::Text),
        post("/console/entries/paste", For(P::DraftEntries), console::entries::paste).with(Load::Text),
        post("/console/entries/import", For(P::DraftEntries), console::entries::import_new).with(Load::Files),
        post("/console/entries/{id}/import", For(P::DraftEntries), console::entries::import)
            .with(Load::Files),
        post("/console/entries/{id}/autosave", For(P::DraftEntries), console::entries::autosave)
            .with(Load::Text),
        post(
            "/console/entries/{id}/autosave/discard",
            For(P::DraftEntries),
            console::entries::discard_autosave,
        ),
        post("/console/entries/{id}/pictures", For(P::DraftEntries), console::entries::add_picture)
            .with(Load::Files),
        post("/console/entries/{id}/deletion", For(P::DraftEntries), console::entries::delete),
        post("/console/entries/{id}/publish-time", For(P::DraftEntries), console::entries::set_time),
        post(
            "/console/entries/{id}/publish-time/removal",
            For(P::DraftEntries),
            console::entries::clear_time,
        ),
        get("/console/postings", For(P::ReadDrafts), console::postings::list),
        get("/console/postings/new", For(P::DraftEntries), console::postings::new),
        post("/console/postings", For(P::DraftEntries), console::postings::record).with(Load::Files),
        get("/console/postings/removals", For(P::DraftEntries), console::removals::list),
        post(
            "/console/postings/removals/{id}/confirmation",
            For(P::DraftEntries),
            console::removals::confirm,
        ),
        get("/console/postings/{id}", For(P::ReadDrafts), console::postings::show),
        get("/console/postings/{id}/photo", For(P::ReadDrafts), console::postings::photo),
        post("/console/postings/{id}/voiding", For(P::DraftEntries), console::postings::void),
        get("/console/pictures/{hash}", For(P::ReadDrafts), console::entries::picture),
        get("/console/entries/{id}", For(P::ReadDrafts), console::entries::show),
        get("/console/entries/{id}/edit", For(P::DraftEntries), console::entries::edit),
        post("/console/entries/{id}/edit", For(P::DraftEntries), console::entries::save).with(Load::Text),
        post("/console/entries/{id}/files", For(P::DraftEntries), console::entries::add_files)
            .with(Load::Files),
        post(
            "/console/entries/{id}/files/{file}/removal",
            For(P::DraftEntries),
            console::entries::remove_file,
        ),
        post("/console/entries/{id}/check/replacement", For(P::DraftEntries), console::entries::replace),
        post("/console/entries/{id}/check/exception", For(P::DraftEntries), console::entries::ask),
        post("/console/entries/{id}/check/agreement", For(P::ReadDrafts), console::entries::agree),
        post("/console/entries/{id}/check/ending", For(P::ReadDrafts), console::entries::end_exception),
        get("/console/catalogue/export", For(P::ReadDrafts), console::catalogue::export),
        get("/console/catalogue/import", For(P::KeepCatalogue), console::catalogue::import_form),
        post("/console/catalogue/import", For(P::KeepCatalogue), console::catalogue::rehearsal)
            .with(Load::Files),
        post("/console/catalogue/import/confirmation", For(P::KeepCatalogue), console::catalogue::confirm),
        get("/console/catalogue/starting", For(P::KeepCatalogue), console::catalogue::show_starting),
        get("/console/catalogue/starting/{name}", For(P::KeepCatalogue), console::catalogue::starting_lines),
        post("/console/catalogue/starting/{name}", For(P::KeepCatalogue), console::catalogue::adopt),
        get("/console/catalogue/lines/new", For(P::KeepCatalogue), console::catalogue::new),
        post("/console/catalogue/lines", For(P::KeepCatalogue), console::catalogue::add),
        get("/console/catalogue/lines/{id}", For(P::ReadDrafts), console::catalogue::show_line),
        post("/console/catalogue/lines/{id}", For(P::KeepCatalogue), console::catalogue::change),
        post("/console/catalogue/lines/{id}/retirement", For(P::KeepCatalogue), console::catalogue::retire),
        post("/console/catalogue/lines/{id}/restoration", For(P::KeepCatalogue), console::catalogue::restore),
        get("/console/word-check", For(P::ReadDrafts), console::word_check::show),
        post("/console/word-check", For(P::DraftEntries), console::word_check::put),
        post("/console/word-check/removal", For(P::DraftEntries), console::word_check::remove),
        post("/console/entries/{id}/submission", For(P::DraftEntries), console::entries::submit),
        post("/console/entries/{id}/taking-back", For(P::DraftEntries), console::entries::take_back),
        post("/console/entries/{id}/revision", For(P::DraftEntries), console::entries::revise),
        post("/console/entries/{id}/withdrawal", For(P::DraftEntries), console::entries::withdraw),
        get("/console/catalogue", For(P::ReadDrafts), console::catalogue::show),
        get("/console/files/{id}", For(P::ReadDrafts), console::files::download),
        get("/console/search", AnyStaff, console::search::show),
        get("/console/reviews", For(P::SignOff), console::reviews::list),
        post("/console/reviews/{id}/emergency", AnyStaff, console::emergencies::ask),
        post("/console/reviews/{id}/emergency/signature", For(P::SignOff), console::emergencies::sign),
        get("/console/oversight/emergencies", AnyStaff, console::emergencies::list),
        get("/console/review-chains", For(P::SetChains), console::review_chains::list),
        post("/console/review-chains/important", For(P::SetChains), console::review_chains::set_important),
        get("/console/review-chains/{key}", For(P::SetChains), console::review_chains::edit),
        post("/console/review-chains/{key}", For(P::SetChains), console::review_chains::save),
        get("/console/escalation", For(P::SetChains), console::escalation::show),
        post("/console/escalation", For(P::SetChains), console::escalation::save),
        get("/console/letter-templates", For(P::SetChains), console::letter_templates::list),
        get("/console/letter-templates/{kind}", For(P::SetChains), console::letter_templates::edit),
        post("/console/letter-templates/{kind}", For(P::SetChains), console::letter_templates::save),
        post(
            "/console/letter-templates/{kind}/preview",
            For(P::SetChains),
            console::letter_templates::preview_file,
        ),
        get("/console/deputies", AnyStaff, console::review_chains::deputies),
        post("/console/deputies", AnyStaff, console::review_chains::appoint),
        post("/console/deputies/{id}/end", AnyStaff, console::review_chains::end_deputy),
        get("/console/reviews/batch", For(P::SignOff), console::reviews::show_batch),
        post("/console/reviews/batch", For(P::SignOff), console::reviews::sign_batch),
        get("/console/reviews/{id}/form/{format}", For(P::ReadDrafts), console::reviews::form_file),
        get("/console/reviews/{id}", AnyStaff, console::reviews::show),
        post("/console/reviews/{id}", For(P::SignOff), console::reviews::decide),
        post("/console/reviews/{id}/take-back", AnyStaff, console::reviews::take_back),
        get("/console/connections", For(P::DraftEntries), console::connections::list),
        post("/console/connections/tokens", For(P::DraftEntries), console::connections::make_token),
        post("/console/connections/tokens/{id}/revocation", AnyStaff, console::connections::revoke_token),
        post("/console/connections/webhooks", For(P::DraftEntries), console::connections::add_webhook),
        get("/console/connections/webhooks/{id}", For(P::DraftEntries), console::connections::show_webhook),
        post(
            "/console/connections/webhooks/{id}/stop",
            For(P::DraftEntries),
            console::connections::stop_webhook,
        ),
        post("/console/connections/webhooks/{id}/replay", For(P::DraftEntries), console::connections::replay),
        get("/console/components", For(P::ManageAccounts), console::components::show),
    ]
}

/// The sections of the console a person can enter.
pub(crate) fn sections_of(staff: &Staff) -> Vec<Section> {
    use Section as S;
    let table = [
        (S::Tasks, None),
        (S::Entries, Some(P::ReadDrafts)),
        (S::Duties, Some(P::ReadDrafts)),
        (S::Reviews, Some(P::SignOff)),
        (S::ConsoleRequests, Some(P::ReadRequests)),
        (S::Remedies, Some(P::ReadRequests)),
        (S::ConsoleInteraction, Some(P::AnswerCases)),
        (S::Terms, Some(P::ReadDrafts)),
        (S::Registers, Some(P::ReadReport)),
        (S::Reporting, Some(P::ReadReport)),
        (S::Oversight, Some(P::Oversee)),
        // An agency finds there what is demanded of it.
        (S::Oversight, Some(P::AnswerRectifications)),
        (S::Audit, Some(P::ReadAudit)),
        (S::Connections, Some(P::DraftEntries)),
        (S::Accounts, Some(P::ManageAccounts)),
    ];
    table
        .into_iter()
        .filter(|(_, permission)| permission.is_none_or(|p| staff.may_anywhere(p)))
        .map(|(section, _)| section)
        .collect()
}

/// Where officers sign in and work.
pub(crate) fn is_for_staff(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    matches!(first, "console" | "sign-in" | "sign-out")
}

/// The router of all routes, each behind its own guard. The portal of one agency has the public's alone.
pub(crate) fn router(app: &App) -> Router<App> {
    let is_whole = app.db.agency().is_none();
    let routes = table().into_iter().filter(|route| is_whole || !is_for_staff(route.path));
    routes.fold(Router::new(), |router, route| {
        let load = route.load;
        let guarded: MethodRouter<App> =
            route.handler.layer(from_fn_with_state((app.clone(), route.access), guard));
        let bounded: MethodRouter<App> = guarded
            .layer(DefaultBodyLimit::max(load.bytes()))
            .layer(from_fn_with_state(load.bytes(), not_larger));
        let timed =
            bounded.layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, load.time()));
        router.route(route.path, timed)
    })
}

/// Refuses at once, and unread, what says of itself that it is too large.
async fn not_larger(State(most): State<usize>, request: Request, next: Next) -> Result<Response, PageError> {
    let length = request.headers().get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    match length {
        Some(length) if length > most as u64 => Err(PageError::TooLarge),
        _ => Ok(next.run(request).await),
    }
}
