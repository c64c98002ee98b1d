//! 提醒和升级 — how many working days before its end the handler of a request is reminded, and from when a named deputy is
//! told as well: the handler may be away. Each agency has its own rule; the newest holds, the earlier ones stay on record.

mod store;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;

use serde_json::json;

pub use store::{Rule, history};

use crate::accounts::{Permission, Staff, staff_list};
use crate::audit::Act;
use crate::db::{Conn, Tx};
use crate::error::{Refusal, Result, refuse, unless_refused};

/// Working days left at which an agency without a rule of its own reminds.
pub const USUAL_LEFT: i64 = 3;
/// The furthest a reminder reaches.
pub const MOST_LEFT: i64 = 10;

/// What is typed about a rule.
#[derive(Clone, Debug, Default)]
pub struct NewRule {
    pub agency_id: String,
    pub remind_left: Option<i64>,
    /// Zero: on the last day, and while it is overdue.
    pub escalate_left: Option<i64>,
    pub deputy_id: String,
}

/// Why a rule is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EscalationRefusal {
    Forbidden,
    RemindLeft,
    EscalateLeft,
    Deputy,
}

impl fmt::Display for EscalationRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden => f.write_str("您没有设置提醒的权限，请找本机关负责人或者系统管理员。"),
            Self::RemindLeft => write!(f, "提醒从剩几个工作日开始，请填1至{MOST_LEFT}。"),
            Self::EscalateLeft => {
                f.write_str("升级的工作日数不能多于提醒的工作日数；填0为到期当天和逾期以后。")
            }
            Self::Deputy => f.write_str("请选择本机关能够查看申请的一位在职人员。"),
        }
    }
}

impl Refusal for EscalationRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Forbidden => None,
            Self::RemindLeft => Some("remind_left"),
            Self::EscalateLeft => Some("escalate_left"),
            Self::Deputy => Some("deputy"),
        }
    }

    fn is_forbidden(&self) -> bool {
        *self == Self::Forbidden
    }
}

/// The rule of every agency that has one, by the id of the agency.
pub async fn in_force(conn: &mut Conn) -> sqlx::Result<HashMap<String, Rule>> {
    // Oldest first, so the newest stands in the end.
    let all = store::all(conn).await?;
    Ok(all.into_iter().map(|rule| (rule.agency_id.clone(), rule)).collect())
}

/// Sets the rule of an agency.
pub async fn set(tx: &mut Tx, staff: &Staff, new: &NewRule) -> Result<(), EscalationRefusal> {
    use EscalationRefusal as R;
    if !staff.may(Permission::SetChains, &new.agency_id) {
        return refuse(R::Forbidden);
    }
    let mut faults = Vec::new();
    let remind_left = new.remind_left.filter(|left| (1..=MOST_LEFT).contains(left));
    if remind_left.is_none() {
        faults.push(R::RemindLeft);
    }
    let most = remind_left.unwrap_or(MOST_LEFT);
    let escalate_left = new.escalate_left.filter(|left| (0..=most).contains(left));
    if escalate_left.is_none() {
        faults.push(R::EscalateLeft);
    }
    let people = staff_list(tx.conn(), Some(&new.agency_id)).await?;
    let deputy = people.iter().find(|person| person.user_id == new.deputy_id && may_watch(person));
    if deputy.is_none() {
        faults.push(R::Deputy);
    }
    unless_refused(faults)?;
    let (Some(remind_left), Some(escalate_left)) = (remind_left, escalate_left) else {
        return refuse(R::RemindLeft);
    };
    let (id, now) = (tx.new_id(), tx.now_text());
    store::insert(tx.conn(), &id, new, (remind_left, escalate_left), &staff.user_id, &now).await?;
    let detail = json!({"remind_left": remind_left, "escalate_left": escalate_left, "deputy": new.deputy_id});
    tx.record(Act::new("requests", "escalation_set", &new.agency_id, &id, detail));
    Ok(())
}

/// Whether a person can be told of requests.
pub fn may_watch(person: &crate::accounts::StaffSummary) -> bool {
    person.is_active && person.roles.iter().any(|role| role.permissions().contains(&Permission::ReadRequests))
}
