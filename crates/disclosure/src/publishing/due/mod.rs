//! 公开期限 — what is meant for everyone and not out yet: how many working days are left, and who holds it. An entry has
//! the term of its line of the catalogue, or the 20 working days. 《条例》第二十六条.

mod store;

use gongkai_statute::calendar::Calendar;
use gongkai_statute::deadlines::dues;
use jiff::ToSpan;
use jiff::civil::Date;

use super::{EditionState, document_number};
use crate::db::Conn;

/// An entry that waits to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub entry_id: String,
    pub agency_id: String,
    pub title: String,
    /// Code of [`EditionState`].
    pub state: String,
    pub made_on: Date,
    pub due_on: Date,
    /// Working days; negative when the term is over.
    pub left: i64,
    /// The drafter, or the stage whose turn it is.
    pub holder: String,
}

/// The last day for publishing: by the days the line's time limit states, otherwise 20 working days from making. Laws and
/// regulations that say otherwise go first. 《条例》第二十六条.
pub fn last_day(made_on: Date, time_limit: &str, calendar: &Calendar) -> Option<Date> {
    match stated(time_limit) {
        Some((days, true)) => Some(calendar.add_working_days(made_on, days)),
        Some((days, false)) => made_on.checked_add(i64::from(days).days()).ok(),
        None => dues::publish_due(made_on, calendar).map(|due| due.on),
    }
}

/// “作出决定之日起7个工作日内”, “批准后二十日内”, “20个工作日” — how many days from the making, and whether they are working days.
/// A limit that counts from something else or backwards, says how long something is shown, or says no number, states none.
pub(crate) fn stated(time_limit: &str) -> Option<(u32, bool)> {
    let text: String = time_limit.chars().filter(|c| !c.is_whitespace()).collect();
    // From an application, or from the end of a month or year.
    if ["申请", "每", "终了"].iter().any(|word| text.contains(word)) {
        return None;
    }
    for (unit, is_working) in [("个工作日", true), ("工作日", true), ("日内", false), ("天内", false)]
    {
        let Some((before, _)) = text.split_once(unit) else { continue };
        let before: Vec<char> = before.chars().collect();
        let is_figure = |c: &char| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c);
        let figures = before.iter().rev().take_while(|c| is_figure(c)).count();
        let (from, number) = before.split_at(before.len() - figures);
        if let (Some(days), None | Some('起' | '后')) = (document_number::number(number), from.last()) {
            return Some((days, is_working));
        }
    }
    None
}

/// Everything of these agencies that is not out yet, the most urgent first; of all agencies when the list is empty.
pub async fn waiting(
    conn: &mut Conn,
    agencies: &[&str],
    today: Date,
    calendar: &Calendar,
) -> anyhow::Result<Vec<Waiting>> {
    let mut all = Vec::new();
    for row in store::not_out(conn).await? {
        if !agencies.is_empty() && !agencies.contains(&row.agency_id.as_str()) {
            continue;
        }
        // A draft that does not say yet when it was made has no term yet.
        let Ok(made_on) = row.made_on.parse::<Date>() else { continue };
        let Some(due_on) = last_day(made_on, &row.time_limit, calendar) else { continue };
        let holder = match (EditionState::from_code(&row.state), row.stage) {
            (Some(EditionState::InReview), Some(stage)) => format!("{stage}环节"),
            (Some(EditionState::Signed), _) => "已签发，等待发布".into(),
            _ => row.author_name,
        };
        all.push(Waiting {
            entry_id: row.entry_id,
            agency_id: row.agency_id,
            title: row.title,
            state: row.state,
            made_on,
            due_on,
            left: dues::days_left(today, due_on, calendar),
            holder,
        });
    }
    all.sort_by(|a, b| a.due_on.cmp(&b.due_on).then_with(|| a.title.cmp(&b.title)));
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::AgencyKind;
    use crate::db::testing::databases;
    use crate::testing::{complete_draft, drafted, office, signed_by_all, submitted};

    #[test]
    fn the_limit_of_the_line_counts_when_it_states_days() {
        let made_on = jiff::civil::date(2026, 11, 2);
        for (limit, last) in [
            ("信息形成或者变更之日起20个工作日内", "2026-11-30"),
            ("作出决定之日起7个工作日内", "2026-11-11"),
            ("批准后20日内", "2026-11-22"),
            ("公告不少于30日", "2026-11-30"),
            ("每月10日内", "2026-11-30"),
            ("自批复之日起二十日内公开", "2026-11-22"),
            ("7个工作日", "2026-11-11"),
            ("自作出行政决定之日起 7 个工作日内公示", "2026-11-11"),
            ("审批后公示7个工作日", "2026-11-30"),
            ("听证7个工作日前", "2026-11-30"),
            ("收到申请之日起15个工作日内", "2026-11-30"),
            ("及时公开", "2026-11-30"),
        ] {
            let day = last_day(made_on, limit, Calendar::national()).unwrap();
            assert_eq!(day.to_string(), last, "{limit}");
        }
    }

    #[tokio::test]
    async fn what_is_not_out_has_its_days_and_its_holder() {
        for test in databases().await {
            let office = office(&test.db, "songxi", AgencyKind::Town).await;
            let mut old = complete_draft("早该公开的通知");
            old.made_on = "2026-09-01".into();
            drafted(&test.db, &office, &old).await;
            submitted(&test.db, &office, &complete_draft("正在审核的通知")).await;
            let mut inner = complete_draft("不公开的文件");
            inner.disclosure_class = "not_disclosed".into();
            inner.class_reason = "内部事务信息".into();
            drafted(&test.db, &office, &inner).await;
            let (_, review) = submitted(&test.db, &office, &complete_draft("已经公开的通知")).await;
            signed_by_all(&test.db, &office, &review).await;
            let mut conn = test.db.read().await.unwrap();
            let today = jiff::civil::date(2026, 11, 2);
            let all = waiting(&mut conn, &[&office.agency.id], today, Calendar::national()).await.unwrap();
            let told: Vec<_> =
                all.iter().map(|w| (w.title.as_str(), w.left > 0, w.holder.as_str())).collect();
            assert_eq!(
                told,
                [
                    ("早该公开的通知", false, office.officer.name.as_str()),
                    ("正在审核的通知", true, "初审环节")
                ]
            );
            assert!(waiting(&mut conn, &["another"], today, Calendar::national()).await.unwrap().is_empty());
        }
    }
}
