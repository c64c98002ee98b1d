//! 救济途径 — what an applicant can do against a decision, and the paragraph that says so.

use jiff::civil::Date;

use crate::citation::Citation;
use crate::cite;
use crate::decisions::{Decision, Head, Outcome};
use crate::lists::closed_list;
use crate::parameters::{Parameter, ReconsiderationFirstScope, reconsideration_first};

closed_list! {
    /// 救济途径 — the route against a decision.
    pub enum Route {
        /// 复议前置 — reconsideration first, litigation only after it. 《行政复议法》第二十三条第一款第四项.
        ReconsiderationFirst = "reconsideration_first", "先申请行政复议";
        /// 可以选择 — reconsideration or litigation, as the applicant likes. 《行政诉讼法》第四十四条第一款.
        FreeChoice = "free_choice", "申请行政复议或者提起行政诉讼";
        /// 没有可救济的决定 — nothing was decided against the applicant.
        None = "none", "不涉及";
    }
}

impl Decision {
    /// 救济途径 — the route against this decision when made on `on`.
    ///
    /// 复议前置 began on 2024-01-01 for 不予公开; since 2025-06-01 it is limited to refusals under articles
    /// 14 to 16. Between the two dates the head 不予公开 is taken as a whole, which is our reading.
    ///
    /// ```
    /// use gongkai_statute::{decisions::Decision, remedies::Route};
    /// use jiff::civil::date;
    /// assert_eq!(Decision::TradeSecret.remedy(date(2023, 12, 31)), Route::FreeChoice);
    /// assert_eq!(Decision::TradeSecret.remedy(date(2024, 1, 1)), Route::ReconsiderationFirst);
    /// assert_eq!(Decision::NotHeld.remedy(date(2024, 1, 1)), Route::FreeChoice);
    /// ```
    pub fn remedy(self, on: Date) -> Route {
        if self == Decision::Withdrawn {
            return Route::None;
        }
        let rests_on_articles_14_to_16 = self.ground().is_some() || self == Decision::PartlyWithheld;
        let first = match reconsideration_first(on).map(|sourced| sourced.value) {
            None => false,
            Some(ReconsiderationFirstScope::NotDisclosed) => {
                rests_on_articles_14_to_16 || self.outcome().head() == Head::NotDisclosed
            }
            Some(ReconsiderationFirstScope::Articles14To16) => rests_on_articles_14_to_16,
        };
        if first { Route::ReconsiderationFirst } else { Route::FreeChoice }
    }
}

/// 救济途径告知 — the paragraph for a letter, with the provisions it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub route: Route,
    /// Empty when there is nothing to tell.
    pub text: String,
    pub citations: Vec<Citation>,
}

/// 救济途径告知 — what the letter of a decision made on `on` must tell. `reconsideration_body` and `court`
/// are names: 青禾区人民政府, 青禾区人民法院.
pub fn notice(decision: Decision, on: Date, reconsideration_body: &str, court: &str) -> Notice {
    let number = |parameter: Parameter| parameter.on(on).unwrap_or(parameter.current());
    let days = number(Parameter::ReconsiderationDays);
    let months = number(Parameter::DirectLitigationMonths);
    let after = number(Parameter::LitigationAfterReconsiderationDays);
    let route = decision.remedy(on);
    let (text, citations) = match route {
        Route::ReconsiderationFirst => {
            let against = match decision.outcome() {
                Outcome::PartlyDisclosed => "本决定中不予公开的内容",
                _ => "本决定",
            };
            let text = format!(
                "如不服{against}，应当自收到本决定之日起{}日内先向{reconsideration_body}申请行政复议；\
                 对行政复议决定不服的，可以自收到行政复议决定书之日起{}日内向{court}提起行政诉讼。",
                days.value, after.value
            );
            let law = reconsideration_first(on).map(|sourced| sourced.citation);
            let mut citations = vec![cite!(ReconsiderationLaw, 23, 1, (4)), cite!(ReconsiderationLaw, 23, 2)];
            citations.extend(law.filter(|law| *law != citations[0]));
            citations.extend([days.citation, after.citation]);
            (text, citations)
        }
        Route::FreeChoice => {
            let text = format!(
                "如不服本决定，可以自收到本决定之日起{}日内向{reconsideration_body}申请行政复议，\
                 或者自收到本决定之日起{}个月内向{court}提起行政诉讼。",
                days.value, months.value
            );
            (text, vec![cite!(Ogi, 51), days.citation, cite!(LitigationLaw, 44, 1), months.citation])
        }
        Route::None => (String::new(), Vec::new()),
    };
    Notice { route, text, citations }
}
