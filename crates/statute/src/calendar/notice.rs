//! 放假安排的通知 — the yearly notice as published, read into days.
//!
//! “二、春节：2月5日（农历腊月二十九、周五）至13日（周六）放假调休，共9天。2月20日（周六）上班。” says its dates more
//! than once: with weekdays and with a count. What it says twice must agree, which finds the wrong year and the slip.

use std::fmt;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::{data, days_after};

/// 一个节日的放假和调休 — the days off from the first to the last, and the weekends worked in exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    pub name: String,
    pub first: Date,
    pub last: Date,
    pub work: Vec<Date>,
}

impl Holiday {
    pub fn days_off(&self) -> impl Iterator<Item = Date> {
        let last = self.last;
        std::iter::once(self.first).chain(days_after(self.first)).take_while(move |day| *day <= last)
    }
}

/// 某年的放假安排.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrangement {
    pub year: i16,
    pub holidays: Vec<Holiday>,
}

/// 通知的差错 — what is wrong with the text of a notice, and in which line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeFault {
    /// Counting from 1; 0 for the notice as a whole.
    pub line: usize,
    pub message: String,
}

impl fmt::Display for NoticeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.message),
            line => write!(f, "第{line}行：{}", self.message),
        }
    }
}

/// The festivals a notice arranges, by the words it calls them.
const FESTIVALS: [&str; 7] = ["元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆"];

impl Arrangement {
    /// Reads the text of the notice for `year`. Lines that arrange nothing are passed over.
    ///
    /// # Errors
    /// Every contradiction and every festival that is missing, all at once.
    pub fn parse(year: i16, text: &str) -> Result<Arrangement, Vec<NoticeFault>> {
        let mut faults = Vec::new();
        let mut holidays = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line: String = line.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
            let Some((head, body)) = line.split_once('：') else { continue };
            let head = head.trim_start_matches(|c: char| "一二三四五六七八九十（）().0123456789".contains(c));
            let name = head.trim_start_matches('、');
            if !body.contains("放假") || !FESTIVALS.iter().any(|festival| name.contains(festival)) {
                continue;
            }
            let mut told = |message: String| faults.push(NoticeFault { line: index + 1, message });
            if let Some(holiday) = holiday(year, name, body, &mut told) {
                holidays.push(holiday);
            }
        }
        if holidays.is_empty() && faults.is_empty() {
            let message = format!(
                "没有读到放假安排。请粘贴通知原文，每个节日一行，如“一、元旦：1月1日（{}）放假，共1天。”",
                weekday_name(Date::constant(year.clamp(1, 9999), 1, 1).weekday())
            );
            return Err(vec![NoticeFault { line: 0, message }]);
        }
        let arrangement = Arrangement { year, holidays };
        faults
            .extend(arrangement.contradictions().into_iter().map(|message| NoticeFault { line: 0, message }));
        if faults.is_empty() { Ok(arrangement) } else { Err(faults) }
    }

    /// What the days of one notice say against each other.
    fn contradictions(&self) -> Vec<String> {
        let mut found = Vec::new();
        let missing: Vec<&str> = FESTIVALS
            .into_iter()
            .filter(|festival| !self.holidays.iter().any(|holiday| holiday.name.contains(festival)))
            .collect();
        if !missing.is_empty() {
            found.push(format!("通知里没有读到{}的安排，请核对是否粘贴完整。", missing.join("、")));
        }
        let off: Vec<Date> = self.holidays.iter().flat_map(Holiday::days_off).collect();
        for (at, day) in off.iter().enumerate() {
            if off[..at].contains(day) {
                found.push(format!("{day}在两个节日里都放假，请核对。"));
            }
        }
        for day in self.holidays.iter().flat_map(|holiday| &holiday.work) {
            if off.contains(day) {
                found.push(format!("{day}既放假又上班，请核对。"));
            }
        }
        // The law itself gives these days off; no notice takes one away.
        let year = self.year;
        let first = Date::constant(year.clamp(1, 9998), 1, 1);
        let statutory = std::iter::once(first).chain(days_after(first)).take_while(|day| day.year() == year);
        for day in statutory {
            if let Some(festival) = data::statutory_festival(day).filter(|_| !off.contains(&day)) {
                found.push(format!("{day}是{festival}的法定节日，通知里却没有放假，请核对年份。"));
            }
        }
        found
    }
}

fn holiday(year: i16, name: &str, body: &str, told: &mut impl FnMut(String)) -> Option<Holiday> {
    let mut off: Option<(Date, Date)> = None;
    let mut work: Vec<Date> = Vec::new();
    for sentence in body.split(['。', '；']) {
        let is_off = sentence.contains("放假") && off.is_none();
        if !is_off && !sentence.contains("上班") {
            continue;
        }
        let days = days(year, name, sentence, told)?;
        match (is_off, days.as_slice()) {
            (true, [only]) => off = Some((*only, *only)),
            (true, [first, last]) if first <= last => off = Some((*first, *last)),
            (true, [first, last]) => {
                told(format!("放假的末日{last}早于首日{first}，请核对。"));
                return None;
            }
            (true, _) => {
                told("没有读出放假的首日和末日，请写成“1月1日（周五）至3日（周日）放假”的样子。".into());
                return None;
            }
            (false, days) => work.extend(days),
        }
        let (first, last) = off?;
        let length = i64::from((last - first).get_days()) + 1;
        if is_off && let Some(stated) = stated_days(sentence).filter(|stated| *stated != length) {
            told(format!("{first}至{last}是{length}天，通知写的是{stated}天，请核对。"));
        }
    }
    for day in &work {
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            told(format!("调休上班的{day}是{}，不是周末，请核对。", weekday_name(day.weekday())));
        }
    }
    let (first, last) = off?;
    Some(Holiday { name: name.to_owned(), first, last, work })
}

/// The days that a sentence names, each held against the weekday named behind it. None when one cannot be.
fn days(year: i16, name: &str, sentence: &str, told: &mut impl FnMut(String)) -> Option<Vec<Date>> {
    let mut days: Vec<Date> = Vec::new();
    let mut rest = sentence;
    while let Some(at) = rest.find('日') {
        let (before, behind) = rest.split_at(at);
        rest = &behind['日'.len_utf8()..];
        // 周日 and 星期日 are no days of a month.
        let (before, Some(day)) = number_at_end(before) else { continue };
        let named = before.strip_suffix('月').map(number_at_end);
        let month = match (named, days.last()) {
            (Some((_, Some(month))), _) => month,
            // “至3日” goes on in the same month.
            (None, Some(last)) => i64::from(last.month()),
            _ => continue,
        };
        let stated = named.and_then(|(before, _)| before.strip_suffix('年')).and_then(|y| number_at_end(y).1);
        // The new year's holiday may begin in December.
        let of_year = match stated.and_then(|stated| i16::try_from(stated).ok()) {
            Some(stated) => stated,
            None if month == 12 && name.contains("元旦") => year - 1,
            None => year,
        };
        let small = |number: i64| i8::try_from(number).unwrap_or(0);
        let Ok(date) = Date::new(of_year, small(month), small(day)) else {
            told(format!("没有{of_year}年{month}月{day}日这一天，请核对。"));
            return None;
        };
        if let Some(weekday) = weekday_behind(rest).filter(|weekday| *weekday != date.weekday()) {
            told(format!(
                "{date}是{}，通知写的是{}，请核对年份和日期。",
                weekday_name(date.weekday()),
                weekday_name(weekday)
            ));
        }
        days.push(date);
    }
    Some(days)
}

/// “共9天”, “放假1天”.
fn stated_days(sentence: &str) -> Option<i64> {
    sentence.match_indices('天').find_map(|(at, _)| {
        let (before, number) = number_at_end(&sentence[..at]);
        number.filter(|_| before.ends_with(['共', '假']))
    })
}

/// The digits at the end of a text, and what stands before them.
fn number_at_end(text: &str) -> (&str, Option<i64>) {
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &text[before.len()..];
    (before, digits.parse().ok().filter(|_| digits.len() <= 4))
}

/// “（农历除夕、周二）” right behind a date.
fn weekday_behind(rest: &str) -> Option<Weekday> {
    let inside = rest.strip_prefix('（')?.split_once('）')?.0;
    let named = inside.find("周").or_else(|| inside.find("星期"))?;
    Some(match inside[named..].chars().next_back()? {
        '一' => Weekday::Monday,
        '二' => Weekday::Tuesday,
        '三' => Weekday::Wednesday,
        '四' => Weekday::Thursday,
        '五' => Weekday::Friday,
        '六' => Weekday::Saturday,
        '日' | '天' => Weekday::Sunday,
        _ => return None,
    })
}

/// 周一 … 周日.
pub fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    }
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        ':' => '：',
        '(' => '（',
        ')' => '）',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::Calendar;
    use super::*;

    /// Made up for the test: nobody has announced 2027 here.
    const TEXT: &str = "各省、自治区、直辖市人民政府：
经批准，现将2027年放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月20日（星期六）上班。
三、清明节:4月3日(周六)至5日(周一)放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
五、端午节：６月９日（周三）放假１天，不调休。
六、中秋节：9月15日（周三）放假1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
节假日期间，各地要妥善安排好值班。";

    #[test]
    fn the_words_of_a_notice_become_days() {
        let read = Arrangement::parse(2027, TEXT).unwrap();
        assert_eq!(read.holidays.len(), 7);
        let spring = &read.holidays[1];
        assert_eq!(
            (spring.name.as_str(), spring.first, spring.last),
            ("春节", date(2027, 2, 5), date(2027, 2, 11))
        );
        assert_eq!(spring.work, [date(2027, 1, 31), date(2027, 2, 20)]);
        assert_eq!(read.holidays[4].first, date(2027, 6, 9));

        let calendar = Calendar::national().with(&read);
        assert_eq!(calendar.known_years(), 2019..=2027);
        let day = |m, d| calendar.day(date(2027, m, d));
        assert_eq!(
            (day(2, 8).counts, day(2, 8).why.as_str(), day(2, 8).provisional),
            (false, "春节放假", false)
        );
        assert_eq!((day(1, 31).counts, day(1, 31).provisional), (true, false));
        assert!(day(3, 1).counts && !day(3, 1).provisional);
        assert!(
            Calendar::national().day(date(2027, 3, 1)).provisional,
            "the one it was made from stays as it was"
        );
    }

    #[test]
    fn a_notice_replaces_an_earlier_one_of_its_year() {
        let first = Calendar::national().with(&Arrangement::parse(2027, TEXT).unwrap());
        let longer = TEXT.replace(
            "2月5日（农历除夕、周五）至11日（周四）放假调休，共7天",
            "2月5日（周五）至13日（周六）放假，共9天",
        );
        let second = first.with(&Arrangement::parse(2027, &longer).unwrap());
        assert!(first.is_working_day(date(2027, 2, 12)) && !second.is_working_day(date(2027, 2, 12)));
        // The new year's holiday of the year before is not touched.
        assert!(!second.is_working_day(date(2026, 10, 1)));
    }

    #[test]
    fn what_a_notice_says_twice_must_agree() {
        for (right, wrong, told) in [
            (
                "2月5日（农历除夕、周五）",
                "2月5日（农历除夕、周四）",
                "第4行：2027-02-05是周五，通知写的是周四",
            ),
            ("共7天。1月31日", "共8天。1月31日", "第4行：2027-02-05至2027-02-11是7天，通知写的是8天"),
            ("5月8日（周六）上班", "5月10日上班", "第6行：调休上班的2027-05-10是周一，不是周末"),
            ("6月9日", "2月30日", "没有2027年2月30日这一天"),
            ("三、清明节", "三、植树节", "没有读到清明的安排"),
            (
                "9月15日（周三）放假1天",
                "9月16日（周四）放假1天",
                "2027-09-15是中秋节的法定节日，通知里却没有放假",
            ),
            ("1月31日（周日）、", "2月6日（周六）、", "2027-02-06既放假又上班"),
        ] {
            let text = TEXT.replace("６月９日", "6月9日");
            assert!(text.contains(right), "{right}");
            let faults = Arrangement::parse(2027, &text.replace(right, wrong)).unwrap_err();
            let words: Vec<String> = faults.iter().map(NoticeFault::to_string).collect();
            assert!(words.iter().any(|words| words.contains(told)), "{told}: {words:?}");
        }
        // Another year's notice: nearly every weekday is wrong.
        assert!(Arrangement::parse(2028, TEXT).unwrap_err().len() > 5);
        assert_eq!(Arrangement::parse(2027, "没有安排").unwrap_err()[0].line, 0);
    }

    #[test]
    fn the_holiday_of_the_new_year_may_begin_in_december() {
        let text = TEXT.replace(
            "1月1日（周五）至3日（周日）放假，共3天",
            "12月31日（周四）至1月2日（周六）放假调休，共3天",
        );
        let read = Arrangement::parse(2027, &text).unwrap();
        assert_eq!((read.holidays[0].first, read.holidays[0].last), (date(2026, 12, 31), date(2027, 1, 2)));
        assert!(!Calendar::national().with(&read).is_working_day(date(2026, 12, 31)));
    }
}
