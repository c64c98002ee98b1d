//! 救济途径 — what an applicant can do against a decision, and the paragraph that says so.

use jiff::civil::Date;

use crate::citation::Citation;
use crate::cite;
use crate::decisions::{Decision, Head, Outcome};
use crate::lists::closed_list;
use crate::parameters::{Parameter, ReconsiderationFirstScope, Sourced, reconsideration_first};

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
    let terms = Terms { on, reconsideration_body, court };
    match decision.remedy(on) {
        Route::ReconsiderationFirst => {
            let against = match decision.outcome() {
                Outcome::PartlyDisclosed => "本决定中不予公开的内容",
                _ => "本决定",
            };
            terms.reconsideration_first(&format!("如不服{against}"))
        }
        Route::FreeChoice => terms.free_choice("如不服本决定"),
        Route::None => Notice { route: Route::None, text: String::new(), citations: Vec::new() },
    }
}

/// 救济途径告知 where the parts of a request are answered each for itself: which part goes which way. Parts that all go
/// the same way are told of as one decision.
pub fn notice_of_parts(parts: &[Decision], on: Date, reconsideration_body: &str, court: &str) -> Notice {
    let terms = Terms { on, reconsideration_body, court };
    let of = |route: Route| -> Vec<String> {
        let numbered = (1..).zip(parts);
        numbered.filter(|(_, part)| part.remedy(on) == route).map(|(at, _)| at.to_string()).collect()
    };
    let (first, free) = (of(Route::ReconsiderationFirst), of(Route::FreeChoice));
    match (first.is_empty(), free.is_empty()) {
        (true, true) => Notice { route: Route::None, text: String::new(), citations: Vec::new() },
        (true, false) => terms.free_choice("如不服本决定"),
        (false, true) => terms.reconsideration_first("如不服本决定"),
        (false, false) => {
            let against = |parts: &[String]| format!("如不服本决定第{}部分", parts.join("、"));
            let mut notice = terms.reconsideration_first(&against(&first));
            let other = terms.free_choice(&against(&free));
            notice.text += &other.text;
            for law in other.citations {
                if !notice.citations.contains(&law) {
                    notice.citations.push(law);
                }
            }
            notice
        }
    }
}

/// Whom to turn to, and the periods of the day.
struct Terms<'a> {
    on: Date,
    reconsideration_body: &'a str,
    court: &'a str,
}

impl Terms<'_> {
    fn number(&self, parameter: Parameter) -> &'static Sourced<u32> {
        parameter.on(self.on).unwrap_or(parameter.current())
    }

    /// 复议前置.
    fn reconsideration_first(&self, against: &str) -> Notice {
        let days = self.number(Parameter::ReconsiderationDays);
        let after = self.number(Parameter::LitigationAfterReconsiderationDays);
        let text = format!(
            "{against}，应当自收到本决定之日起{}日内先向{}申请行政复议；\
             对行政复议决定不服的，可以自收到行政复议决定书之日起{}日内向{}提起行政诉讼。",
            days.value, self.reconsideration_body, after.value, self.court
        );
        let law = reconsideration_first(self.on).map(|sourced| sourced.citation);
        let mut citations = vec![cite!(ReconsiderationLaw, 23, 1, (4)), cite!(ReconsiderationLaw, 23, 2)];
        citations.extend(law.filter(|law| *law != citations[0]));
        citations.extend([days.citation, after.citation]);
        Notice { route: Route::ReconsiderationFirst, text, citations }
    }

    /// 复议或者诉讼.
    fn free_choice(&self, against: &str) -> Notice {
        let days = self.number(Parameter::ReconsiderationDays);
        let months = self.number(Parameter::DirectLitigationMonths);
        let text = format!(
            "{against}，可以自收到本决定之日起{}日内向{}申请行政复议，\
             或者自收到本决定之日起{}个月内向{}提起行政诉讼。",
            days.value, self.reconsideration_body, months.value, self.court
        );
        let citations = vec![cite!(Ogi, 51), days.citation, cite!(LitigationLaw, 44, 1), months.citation];
        Notice { route: Route::FreeChoice, text, citations }
    }
}
