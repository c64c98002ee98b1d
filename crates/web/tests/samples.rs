//! Every page is rendered with its sample. The pages are left in `target/samples/` to be looked at
//! (serve that folder: it holds the assets too), and each is held to what the security policy and the law of
//! accessible pages ask of markup: no inline script or style, one h1, labels for inputs, no doubled ids.

use std::collections::HashSet;
use std::path::Path;

use askama::Template;
use gongkai_disclosure::publishing::EditionState;
use gongkai_web::console::accounts::{AccountsPage, PersonPage};
use gongkai_web::console::annual_reports::{
    CellPage, ClocksPage, PrintPage, ReportListPage, ReportPage, SubmissionPage, TextPage,
};
use gongkai_web::console::audit::{ChainPage, ChangesPage, RecordPage};
use gongkai_web::console::batch::BatchPage;
use gongkai_web::console::calendar::{CalendarPage, NoticePage};
use gongkai_web::console::catalogue::{LineListPage, LinePage, NewLinePage, StartingLinesPage, StartingPage};
use gongkai_web::console::class_opinions::OpinionListPage;
use gongkai_web::console::components::ComponentsPage;
use gongkai_web::console::connections::{ConnectionsPage, WebhookPage};
use gongkai_web::console::disclosure_log::TellingPage;
use gongkai_web::console::district_reports::DistrictReportsPage;
use gongkai_web::console::due::DuePage;
use gongkai_web::console::emergencies::EmergencyListPage;
use gongkai_web::console::entries::{EntryFormPage, EntryListPage, EntryPage as DeskEntryPage};
use gongkai_web::console::error_reports::ErrorReportsPage;
use gongkai_web::console::gazette::{IssueEditPage, IssueListPage};
use gongkai_web::console::grievances as desk_grievances;
use gongkai_web::console::import::ImportPage;
use gongkai_web::console::index_numbers::IndexNumbersPage;
use gongkai_web::console::interaction::{CallPage, CaseListPage, CasePage};
use gongkai_web::console::oversight::{FigurePage, OversightPage, RectificationPage, RectificationsPage};
use gongkai_web::console::postings::{PostingFormPage, PostingListPage, PostingPage};
use gongkai_web::console::privacy::{ContactsPage, ViewingsPage};
use gongkai_web::console::publicity::{ListImportPage, PeriodListPage, PeriodPage};
use gongkai_web::console::reassessments::{AssessmentPage, WithheldListPage};
use gongkai_web::console::redactions::RedactionPage;
use gongkai_web::console::registers::{DocumentPage, RegisterPage};
use gongkai_web::console::remedies::{RemedyFormPage, RemedyListPage};
use gongkai_web::console::removals::RemovalsPage;
use gongkai_web::console::report_sums::ReportSumsPage;
use gongkai_web::console::requests as desk;
use gongkai_web::console::review_chains::{ChainFormPage, ChainListPage, DeputiesPage};
use gongkai_web::console::reviews::{ReviewListPage, ReviewPage};
use gongkai_web::console::search::SearchPage as ConsoleSearchPage;
use gongkai_web::console::word_check::WordListPage;
use gongkai_web::page::Theme;
use gongkai_web::portal::agencies::AgencyPage;
use gongkai_web::portal::annual_reports::{AnnualReportPage, AnnualReportsPage};
use gongkai_web::portal::catalogue::CataloguePage;
use gongkai_web::portal::data::DataPage;
use gongkai_web::portal::disclosure_log::DisclosureLogPage;
use gongkai_web::portal::documents::DocumentsPage;
use gongkai_web::portal::entries::EntryPage;
use gongkai_web::portal::gazette::{GazettePage, IssuePage};
use gongkai_web::portal::grievances::{GrievanceFormPage, GrievanceReceiptPage, GrievanceTrackPage};
use gongkai_web::portal::help::HelpPage;
use gongkai_web::portal::home::HomePage;
use gongkai_web::portal::interaction::{InteractionPage, LetterPage, ReceiptPage, TrackPage};
use gongkai_web::portal::policies::PoliciesPage;
use gongkai_web::portal::report_check::{FormPage, ResultPage, RulePage, RulesPage};
use gongkai_web::portal::report_figures::ReportFiguresPage;
use gongkai_web::portal::requests::{
    FoundPage, RequestFormPage, RequestReceiptPage, RequestsPage, TrackRequestPage,
};
use gongkai_web::portal::rules;
use gongkai_web::portal::search::SearchPage;
use gongkai_web::portal::site_map::SiteMapPage;
use gongkai_web::portal::static_copy::StaticCopyPage;
use gongkai_web::portal::subscriptions::{SubscribePage, SubscriptionPage};

/// (file name, page). A new page adds a line.
fn pages() -> Vec<(&'static str, String)> {
    fn render(page: impl Template) -> String {
        page.render().expect("the sample renders")
    }
    let mut large = HomePage::sample();
    large.chrome.large_print = true;
    let mut dark = EntryPage::sample();
    dark.chrome.theme = Theme::Dark;
    vec![
        ("console-home", render(gongkai_web::console::home::HomePage::sample())),
        ("console-home-empty", render(gongkai_web::console::home::HomePage::sample_empty())),
        ("request-procedure", render(gongkai_web::portal::request_papers::ProcedurePage::sample())),
        ("retention", render(gongkai_web::console::retention::RetentionPage::sample())),
        ("destruction", render(gongkai_web::console::retention::DestructionPage::sample())),
        ("privacy", render(ViewingsPage::sample())),
        ("privacy-empty", render(ViewingsPage::sample_empty())),
        ("privacy-contacts", render(ContactsPage::sample())),
        ("reviews", render(ReviewListPage::sample())),
        ("console-search", render(ConsoleSearchPage::sample())),
        ("console-search-empty", render(ConsoleSearchPage::sample_empty())),
        ("reviews-empty", render(ReviewListPage::sample_empty())),
        ("review", render(ReviewPage::sample())),
        ("index-numbers", render(IndexNumbersPage::sample())),
        ("index-numbers-empty", render(IndexNumbersPage::sample_empty())),
        ("class-opinions", render(OpinionListPage::sample())),
        ("class-opinions-empty", render(OpinionListPage::sample_empty())),
        ("batch", render(BatchPage::sample())),
        ("batch-empty", render(BatchPage::sample_empty())),
        ("console-components", render(ComponentsPage::sample())),
        ("home", render(HomePage::sample())),
        ("home-large", render(large)),
        ("entry-dark", render(dark)),
        ("report-figures", render(ReportFiguresPage::sample())),
        ("error-report", render(LetterPage::sample_error_report())),
        ("error-reports", render(ErrorReportsPage::sample())),
        ("site-map", render(SiteMapPage::sample())),
        ("catalogue", render(CataloguePage::sample())),
        ("catalogue-empty", render(CataloguePage::sample_empty())),
        ("entry", render(EntryPage::sample())),
        ("search", render(SearchPage::sample())),
        ("disclosure-rules", render(rules::RulesPage::sample())),
        ("disclosure-rules-empty", render(rules::RulesPage::sample_empty())),
        ("subscribe", render(SubscribePage::sample())),
        ("subscribe-without-mail", render(SubscribePage::sample_without_mail())),
        ("subscribe-asked", render(SubscribePage::sample_asked())),
        ("subscription", render(SubscriptionPage::sample())),
        ("subscription-confirmed", render(SubscriptionPage::sample_confirmed())),
        ("policies", render(PoliciesPage::sample())),
        ("policies-empty", render(PoliciesPage::sample_empty())),
        ("connections", render(ConnectionsPage::sample())),
        ("webhook", render(WebhookPage::sample())),
        ("data", render(DataPage::sample())),
        ("documents", render(DocumentsPage::sample())),
        ("documents-empty", render(DocumentsPage::sample_empty())),
        ("console-due", render(DuePage::sample())),
        ("console-due-empty", render(DuePage::sample_empty())),
        ("console-publicity", render(PeriodListPage::sample())),
        ("console-publicity-empty", render(PeriodListPage::sample_empty())),
        ("console-publicity-period", render(PeriodPage::sample())),
        ("console-publicity-import", render(ListImportPage::sample())),
        ("console-publicity-preview", render(ListImportPage::sample_preview())),
        ("console-calendar", render(CalendarPage::sample())),
        ("console-calendar-notice", render(NoticePage::sample())),
        ("console-reassessments", render(WithheldListPage::sample())),
        ("console-reassessments-empty", render(WithheldListPage::sample_empty())),
        ("console-reassessment", render(AssessmentPage::sample())),
        ("console-entries-import", render(ImportPage::sample_entries())),
        ("gazette", render(GazettePage::sample())),
        ("gazette-empty", render(GazettePage::sample_empty())),
        ("gazette-issue", render(IssuePage::sample())),
        ("console-gazette", render(IssueListPage::sample())),
        ("console-gazette-empty", render(IssueListPage::sample_empty())),
        ("console-gazette-issue", render(IssueEditPage::sample())),
        ("static-copy", render(StaticCopyPage::sample())),
        ("search-empty", render(SearchPage::sample_empty())),
        ("annual-reports", render(AnnualReportsPage::sample())),
        ("annual-report", render(AnnualReportPage::sample())),
        ("report-check", render(FormPage::sample())),
        ("report-check-refused", render(FormPage::sample_refused())),
        ("report-check-result", render(ResultPage::sample())),
        ("report-check-clean", render(ResultPage::sample_clean())),
        ("report-check-rules", render(RulesPage::sample())),
        ("report-check-rule", render(RulePage::sample())),
        ("agency", render(AgencyPage::sample())),
        ("guide", render(HelpPage::sample())),
        ("help", render(HelpPage::sample_help())),
        ("interaction", render(InteractionPage::sample())),
        ("interaction-letter", render(LetterPage::sample())),
        ("interaction-receipt", render(ReceiptPage::sample())),
        ("interaction-track", render(TrackPage::sample())),
        ("console-report-list", render(ReportListPage::sample())),
        ("console-report", render(ReportPage::sample())),
        ("console-report-text", render(TextPage::sample())),
        ("console-report-clocks", render(ClocksPage::sample())),
        ("console-report-submission", render(SubmissionPage::sample())),
        ("console-report-cell", render(CellPage::sample())),
        ("console-report-zero", render(CellPage::sample_zero())),
        ("console-report-print", render(PrintPage::sample())),
        ("console-register", render(RegisterPage::sample())),
        ("console-register-document", render(DocumentPage::sample())),
        ("console-interaction", render(CaseListPage::sample())),
        ("console-interaction-empty", render(CaseListPage::sample_empty())),
        ("console-interaction-letter", render(CasePage::sample())),
        ("console-interaction-call", render(CallPage::sample())),
        ("console-oversight", render(OversightPage::sample())),
        ("console-oversight-annual-reports", render(DistrictReportsPage::sample())),
        ("console-oversight-report-sums", render(ReportSumsPage::sample())),
        ("console-oversight-figure", render(FigurePage::sample())),
        ("console-rectifications", render(RectificationsPage::sample())),
        ("console-rectification", render(RectificationPage::sample())),
        ("console-audit", render(ChangesPage::sample())),
        ("console-audit-record", render(RecordPage::sample())),
        ("console-audit-chain", render(ChainPage::sample())),
        ("console-audit-broken", render(ChainPage::sample_broken())),
        ("console-accounts", render(AccountsPage::sample())),
        ("console-account", render(PersonPage::sample())),
        ("console-disclosure-log", render(TellingPage::sample())),
        ("disclosure-log", render(DisclosureLogPage::sample())),
        ("disclosure-log-empty", render(DisclosureLogPage::sample_empty())),
        ("console-grievances", render(desk_grievances::GrievanceListPage::sample())),
        ("console-grievances-empty", render(desk_grievances::GrievanceListPage::sample_empty())),
        ("console-grievance", render(desk_grievances::GrievancePage::sample())),
        ("console-grievance-new", render(desk_grievances::GrievanceFormPage::sample())),
        ("grievances", render(GrievanceFormPage::sample())),
        ("grievance-receipt", render(GrievanceReceiptPage::sample())),
        ("grievance-track", render(GrievanceTrackPage::sample())),
        ("console-redaction", render(RedactionPage::sample())),
        ("console-redaction-done", render(RedactionPage::sample_done())),
        ("requests", render(RequestsPage::sample())),
        ("request-form", render(RequestFormPage::sample())),
        ("request-form-offers", render(RequestFormPage::sample_with_offers())),
        ("request-found", render(FoundPage::sample())),
        ("request-form-errors", render(RequestFormPage::sample_with_errors())),
        ("request-receipt", render(RequestReceiptPage::sample())),
        ("request-track", render(TrackRequestPage::sample())),
        ("request-track-form", render(TrackRequestPage::sample_form())),
        ("console-requests", render(desk::RequestListPage::sample())),
        ("console-requests-empty", render(desk::RequestListPage::sample_empty())),
        ("console-request", render(desk::RequestPage::sample())),
        ("console-request-letter", render(desk::LetterPage::sample())),
        ("console-request-register", render(desk::RegisterPage::sample())),
        ("console-request-decisions", render(desk::DecisionListPage::sample())),
        ("console-request-offers", render(desk::OffersPage::sample())),
        ("console-request-question", render(desk::QuestionPage::sample())),
        ("console-request-question-ended", render(desk::QuestionPage::sample_ended())),
        ("console-request-decision", render(desk::DecisionFormPage::sample())),
        ("console-escalation", render(gongkai_web::console::escalation::EscalationPage::sample())),
        (
            "console-letter-templates",
            render(gongkai_web::console::letter_templates::TemplateListPage::sample()),
        ),
        (
            "console-letter-template",
            render(gongkai_web::console::letter_templates::TemplateFormPage::sample()),
        ),
        ("console-request-portions", render(desk::PortionsPage::sample())),
        ("console-entries", render(EntryListPage::sample())),
        ("console-entries-empty", render(EntryListPage::sample_empty())),
        ("console-entry-new", render(EntryFormPage::sample())),
        ("console-entry-errors", render(EntryFormPage::sample_with_errors())),
        ("console-entry-preview", render(EntryFormPage::sample_preview())),
        ("console-review-chains", render(ChainListPage::sample())),
        ("console-review-chain", render(ChainFormPage::sample())),
        ("console-deputies", render(DeputiesPage::sample())),
        ("console-emergencies", render(EmergencyListPage::sample())),
        ("console-postings", render(PostingListPage::sample())),
        ("console-postings-empty", render(PostingListPage::sample_empty())),
        ("console-removals", render(RemovalsPage::sample())),
        ("console-removals-empty", render(RemovalsPage::sample_empty())),
        ("console-posting-new", render(PostingFormPage::sample())),
        ("console-posting-errors", render(PostingFormPage::sample_with_errors())),
        ("console-posting", render(PostingPage::sample())),
        ("console-entry-kept", render(EntryFormPage::sample_kept())),
        ("console-entry-returned", render(DeskEntryPage::sample())),
        ("console-entry-in-review", render(DeskEntryPage::sample_in(EditionState::InReview))),
        ("console-entry-released", render(DeskEntryPage::sample_in(EditionState::Released))),
        ("console-word-check", render(WordListPage::sample())),
        ("console-word-check-empty", render(WordListPage::sample_empty())),
        ("console-catalogue-starting", render(StartingPage::sample())),
        ("console-catalogue-starting-lines", render(StartingLinesPage::sample())),
        ("console-catalogue-starting-whole", render(StartingLinesPage::sample_whole())),
        ("console-catalogue-line", render(LinePage::sample())),
        ("console-catalogue-line-retired", render(LinePage::sample_retired())),
        ("console-catalogue-new-line", render(NewLinePage::sample())),
        ("console-catalogue-import", render(ImportPage::sample())),
        ("console-catalogue-import-rehearsed", render(ImportPage::sample_rehearsed())),
        ("console-catalogue", render(LineListPage::sample())),
        ("console-catalogue-no-gaps", render(LineListPage::sample_no_gaps())),
        ("console-remedies", render(RemedyListPage::sample())),
        ("console-remedy", render(RemedyFormPage::sample())),
    ]
}

#[test]
fn every_sample_keeps_the_rules_of_markup() {
    let mut problems = Vec::new();
    for (name, html) in pages() {
        for (what, is_wrong) in [
            ("an inline style", html.contains(" style=")),
            ("an inline script", html.replace("<script src=\"/assets/", "").contains("<script")),
            // 长辈模式 reads aloud, 年报检查 says how far a file has got; nothing else on a page of the public runs.
            ("a script on a page of the public", {
                let own = match name {
                    "report-check" | "report-check-refused" => "report-check.js",
                    name if name.ends_with("-large") => "read-aloud.js",
                    _ => "none",
                };
                let quiet = html.replace(&format!("<script src=\"/assets/{own}\" defer></script>"), "");
                quiet.contains("<script") && !name.starts_with("console-")
            }),
            ("an event attribute", html.contains(" onclick=") || html.contains(" onchange=")),
            ("not exactly one h1", html.matches("<h1").count() != 1),
            ("no language", !html.contains("<html lang=\"zh-CN\"")),
            ("an escaped component", html.contains("&#60;div") || html.contains("&lt;div")),
            ("an empty link", html.contains("href=\"\"")),
        ] {
            if is_wrong {
                problems.push(format!("{name}: {what}"));
            }
        }
        let ids: Vec<&str> = values_of(&html, " id=\"");
        let unique: HashSet<&str> = ids.iter().copied().collect();
        for id in &unique {
            if ids.iter().filter(|other| other == &id).count() > 1 {
                problems.push(format!("{name}: id {id} twice"));
            }
        }
        let targets = values_of(&html, " for=\"").into_iter().chain(
            values_of(&html, " aria-describedby=\"")
                .into_iter()
                .flat_map(|ids| ids.split(' ').collect::<Vec<_>>()),
        );
        for target in targets {
            if !unique.contains(target) {
                problems.push(format!("{name}: nothing has the id {target}"));
            }
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn samples_are_written_for_looking_at() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = manifest.join("../../target/samples");
    std::fs::create_dir_all(out.join("assets")).expect("the target folder is writable");
    for asset in std::fs::read_dir(manifest.join("assets")).expect("assets") {
        let asset = asset.expect("asset").path();
        if let Some(name) = asset.file_name().filter(|_| asset.is_file()) {
            std::fs::copy(&asset, out.join("assets").join(name)).expect("copied");
        }
    }
    for (name, html) in pages() {
        std::fs::write(out.join(format!("{name}.html")), html).expect("written");
    }
}

/// The values of an attribute, in order.
fn values_of<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    html.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}
