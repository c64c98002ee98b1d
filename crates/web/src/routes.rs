//! Every address of the site, in one table: method, path, who may, and where it is answered.

use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::MethodFilter;
use axum::routing::{MethodRouter, on};
use gongkai_disclosure::accounts::{Permission as P, Staff};

use crate::auth::{Access, guard};
use crate::page::Section;
use crate::state::App;
use crate::{assets, console, portal};

/// One line of the table.
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub access: Access,
    handler: MethodRouter<App>,
}

fn get<H, T>(path: &'static str, access: Access, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route { method: "GET", path, access, handler: on(MethodFilter::GET, handler) }
}

fn post<H, T>(path: &'static str, access: Access, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route { method: "POST", path, access, handler: on(MethodFilter::POST, handler) }
}

use Access::{AnyStaff, Public, Staff as For};

/// The table. The public's part first.
pub fn table() -> Vec<Route> {
    vec![
        get("/assets/{*path}", Public, assets::serve),
        get("/display", Public, portal::display::switch),
        get("/sign-in", Public, portal::sign_in::show),
        post("/sign-in", Public, portal::sign_in::submit),
        // console
        get("/console", AnyStaff, console::home::show),
        post("/sign-out", AnyStaff, portal::sign_in::sign_out),
        get("/console/components", For(P::ManageAccounts), console::components::show),
    ]
}

/// The sections of the console a person can enter.
pub(crate) fn sections_of(staff: &Staff) -> Vec<Section> {
    use Section as S;
    let table = [
        (S::Tasks, None),
        (S::Entries, Some(P::ReadDrafts)),
        (S::Reviews, Some(P::SignOff)),
        (S::ConsoleRequests, Some(P::ReadRequests)),
        (S::Remedies, Some(P::ReadRequests)),
        (S::Letters, Some(P::AnswerCases)),
        (S::Ledger, Some(P::ReadReport)),
        (S::Reporting, Some(P::ReadReport)),
        (S::Oversight, Some(P::Oversee)),
        (S::Audit, Some(P::ReadAudit)),
    ];
    table
        .into_iter()
        .filter(|(_, permission)| permission.is_none_or(|p| staff.may_anywhere(p)))
        .map(|(section, _)| section)
        .collect()
}

/// The router of all routes, each behind its own guard.
pub(crate) fn router(app: &App) -> Router<App> {
    table().into_iter().fold(Router::new(), |router, route| {
        let guarded = route.handler.layer(from_fn_with_state((app.clone(), route.access), guard));
        router.route(route.path, guarded)
    })
}
