//! Who writes what when: every entry's life as moments in working hours, fixed before anything is done.

use gongkai_disclosure::publishing::{Draft, Genre, Theme as Classed, Validity};
use gongkai_statute::calendar::Calendar;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::super::Dice;
use super::super::district::{District, Office};
use super::text::{Filler, Theme};

/// One thing done to one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Draft,
    Attach,
    Submit,
    /// The stage from 1.
    Sign(usize),
    Return,
    SaveAgain,
    Revise,
    SaveRevision,
    Withdraw,
}

/// An entry to be.
pub(super) struct Life {
    pub(super) office: usize,
    pub(super) line: String,
    pub(super) draft: Draft,
    pub(super) attachment: Option<String>,
    /// What the second edition says.
    pub(super) revision: Option<Draft>,
}

/// A step at its moment.
pub(super) struct Event {
    pub(super) at: Timestamp,
    pub(super) life: usize,
    pub(super) step: Step,
}

/// How busy an agency is beside a town.
fn busyness(code: &str) -> i64 {
    match code {
        "office" => 175,
        "finance" | "civil-affairs" => 125,
        _ => 108,
    }
}

/// The lives of all entries and their events in the order of time, up to the moment the demo is made.
pub(super) fn plan(
    district: &District,
    themes: &[Theme],
    lines: &[Vec<String>],
) -> anyhow::Result<(Vec<Life>, Vec<Event>)> {
    let mut planner = Planner {
        dice: Dice::new(0x51_9E),
        calendar: Calendar::national(),
        china: gongkai_disclosure::time::china(),
        lives: Vec::new(),
        events: Vec::new(),
    };
    let (first, last) = (day(district.beginning()), day(district.now));
    // The rules of disclosure come last: what is drawn for everything else does not depend on them.
    let is_rules = |theme: &Theme| theme.genre == Genre::DisclosureRules.code();
    let turns =
        [false, true].into_iter().flat_map(|rules| (0..).zip(&district.offices).map(move |o| (rules, o)));
    for (rules, (index, office)) in turns {
        let mut serial = 0;
        for (number, theme) in themes.iter().enumerate().filter(|(_, theme)| is_rules(theme) == rules) {
            let is_theirs = theme.kinds.is_empty() || theme.kinds.contains(&office.agency.kind);
            if !is_theirs || !lines[index].contains(&theme.line) {
                continue;
            }
            let is_common = theme.line.chars().all(|c| c.is_ascii_digit());
            let factor = if is_common { busyness(&office.agency.code) } else { 108 };
            for made_on in planner.days(&theme.when, first, last, factor)? {
                // A few lines fall asleep, so that the list of gaps has something to say.
                let is_asleep = (index * 7 + number * 3) % 19 == 0
                    && !theme.when.starts_with("yearly")
                    && (last - made_on).get_days() < 100;
                if !is_asleep {
                    serial += 1;
                    planner.live(index, office, theme, made_on, last, serial)?;
                }
            }
        }
    }
    planner.events.retain(|event| event.at <= district.now);
    // Stable: the steps of one entry keep their order.
    planner.events.sort_by_key(|event| event.at);
    Ok((planner.lives, planner.events))
}

fn day(at: Timestamp) -> Date {
    gongkai_disclosure::time::day_in_china(at)
}

struct Planner {
    dice: Dice,
    calendar: &'static Calendar,
    china: TimeZone,
    lives: Vec<Life>,
    events: Vec<Event>,
}

impl Planner {
    /// The working days on which entries of a theme are made.
    fn days(&mut self, when: &str, first: Date, last: Date, factor: i64) -> anyhow::Result<Vec<Date>> {
        let (kind, argument) = when.split_once(':').unwrap_or((when, ""));
        let mut days = Vec::new();
        match kind {
            "often" => {
                let span = i64::from((last - first).get_days());
                let count = argument.parse::<i64>()? * factor * span / 365 / 100;
                for _ in 0..count {
                    days.push(first.checked_add(self.dice.between(0, span).days())?);
                }
            }
            "monthly" | "quarterly" | "yearly" => {
                let month = argument.parse::<i8>().unwrap_or(1);
                let mut at = date(first.year(), first.month(), 1);
                while at <= last {
                    let is_due = match kind {
                        "monthly" => true,
                        "quarterly" => matches!(at.month(), 1 | 4 | 7 | 10),
                        _ => at.month() == month,
                    };
                    if is_due {
                        days.push(at.checked_add(self.dice.between(4, 20).days())?);
                    }
                    at = at.checked_add(1.month())?;
                }
            }
            other => anyhow::bail!("a theme has an unknown rhythm {other:?}"),
        }
        let calendar = self.calendar;
        let on_working_day =
            |day: Date| if calendar.is_working_day(day) { day } else { calendar.next_working_day(day) };
        Ok(days.into_iter().map(on_working_day).filter(|day| *day >= first && *day <= last).collect())
    }

    /// Plans one entry from its draft to where it is now.
    fn live(
        &mut self,
        index: usize,
        office: &Office,
        theme: &Theme,
        made_on: Date,
        last: Date,
        serial: i64,
    ) -> anyhow::Result<()> {
        let draft = self.draft(office, theme, made_on, serial)?;
        let is_recent = (last - made_on).get_days() < 30;
        let is_new = (last - made_on).get_days() < 12;
        let attachment =
            theme.attachment.clone().or_else(|| self.dice.percent(4).then(|| "附件.docx".to_owned()));
        let life = self.lives.len();
        let is_inner = theme.class.is_some();

        // Most within days, a few too late for article 26.
        let wait = if self.dice.percent(3) { self.dice.between(21, 30) } else { self.dice.between(0, 6) };
        let drafted_on = self.calendar.add_working_days(made_on, u32::try_from(wait)?);
        let mut at = self.moment(drafted_on);
        self.event(at, life, Step::Draft);
        if attachment.is_some() {
            at = self.later(at, 2, 15);
            self.event(at, life, Step::Attach);
        }
        let stays_draft = is_recent && self.dice.percent(8);
        let mut revision = None;
        if !stays_draft {
            at = self.later(at, 10, 90);
            self.event(at, life, Step::Submit);
            let is_returned = self.dice.percent(if is_recent { 14 } else { 4 });
            if is_returned {
                at = self.later(at, 30, 500);
                self.event(at, life, Step::Return);
            }
            if !(is_returned && is_recent) {
                if is_returned {
                    at = self.later(at, 60, 600);
                    self.event(at, life, Step::SaveAgain);
                    at = self.later(at, 2, 20);
                    self.event(at, life, Step::Submit);
                }
                // Some of the last days' work still waits for a signature.
                let signatures =
                    if is_new && self.dice.percent(60) { self.dice.between(0, 2) as usize } else { 3 };
                at = self.sign(at, life, signatures);
                if signatures < 3 {
                    // Nothing follows what is not signed.
                } else if !is_inner && self.dice.percent(3) {
                    revision = Some(self.revise(at, life, &draft, made_on)?);
                } else if !is_inner && self.dice.percent(1) {
                    let on =
                        self.calendar.add_working_days(day(at), u32::try_from(self.dice.between(5, 60))?);
                    let at = self.moment(on);
                    self.event(at, life, Step::Withdraw);
                }
            }
        }
        self.lives.push(Life { office: index, line: theme.line.clone(), draft, attachment, revision });
        Ok(())
    }

    /// The first so many of three signatures; returns the moment of the last.
    fn sign(&mut self, mut at: Timestamp, life: usize, signatures: usize) -> Timestamp {
        for (stage, longest) in [(1, 300), (2, 400), (3, 600)].into_iter().take(signatures) {
            at = self.later(at, 20, longest);
            self.event(at, life, Step::Sign(stage));
        }
        at
    }

    fn revise(&mut self, at: Timestamp, life: usize, draft: &Draft, made_on: Date) -> anyhow::Result<Draft> {
        let on = self.calendar.add_working_days(day(at), u32::try_from(self.dice.between(10, 90))?);
        let mut at = self.moment(on);
        self.event(at, life, Step::Revise);
        at = self.later(at, 10, 60);
        self.event(at, life, Step::SaveRevision);
        at = self.later(at, 5, 40);
        self.event(at, life, Step::Submit);
        self.sign(at, life, 3);
        let notes = ["更正正文中的联系电话和时间", "补充办理地点和咨询方式", "根据最新口径更新数据"];
        let note = *self.dice.pick(&notes);
        Ok(Draft {
            body: format!(
                "{}\n补充说明：本文于{}月{}日首次发布，现{note}，其余内容不变。",
                draft.body,
                made_on.month(),
                made_on.day()
            ),
            change_note: format!("{note}。"),
            ..draft.clone()
        })
    }

    fn event(&mut self, at: Timestamp, life: usize, step: Step) {
        self.events.push(Event { at, life, step });
    }

    /// A moment in the morning of a working day.
    fn moment(&mut self, on: Date) -> Timestamp {
        let minutes = self.dice.between(5, 150) * 60 + self.dice.between(0, 59);
        on.at(9, 0, 0, 0)
            .to_zoned(self.china.clone())
            .map_or(Timestamp::MAX, |zoned| zoned.timestamp() + SignedDuration::from_secs(minutes))
    }

    /// So many minutes later, counted in working hours: 9 to 12 and 14 to 17:30.
    fn later(&mut self, at: Timestamp, least: i64, most: i64) -> Timestamp {
        let minutes = self.dice.between(least, most);
        let next = at + SignedDuration::from_secs(minutes * 60 + self.dice.between(0, 59));
        let time = next.to_zoned(self.china.clone());
        let of_day = i64::from(time.hour()) * 60 + i64::from(time.minute());
        let is_same_day = time.date() == day(at);
        if is_same_day && of_day < 12 * 60 {
            return next;
        }
        if is_same_day && of_day < 17 * 60 + 30 {
            // The lunch break moves the afternoon.
            return if of_day < 14 * 60 { next + SignedDuration::from_hours(2) } else { next };
        }
        let on = self.calendar.next_working_day(day(at));
        self.moment(on)
    }

    fn draft(&mut self, office: &Office, theme: &Theme, made_on: Date, serial: i64) -> anyhow::Result<Draft> {
        // What is told monthly or quarterly is about the period before.
        let about = match theme.when.as_str() {
            "monthly" => made_on.checked_sub(1.month())?,
            "quarterly" => made_on.checked_sub(3.months())?,
            _ => made_on,
        };
        let number = if theme.number {
            format!("{}发〔{}〕{}号", office.agency.document_word, made_on.year(), serial % 180 + 1)
        } else {
            String::new()
        };
        let title = self.dice.pick(&theme.titles).clone();
        let mut filler = Filler::new(&mut self.dice, office, theme, made_on, about, &number);
        let mut body = Vec::new();
        for paragraph in &theme.body {
            body.push(filler.fill(paragraph)?);
        }
        let is_html = body.iter().any(|paragraph| paragraph.starts_with('<'));
        let body = if is_html {
            let as_html = |p: &String| if p.starts_with('<') { p.clone() } else { format!("<p>{p}</p>") };
            body.iter().map(as_html).collect::<Vec<_>>().join("\n")
        } else {
            body.join("\n")
        };
        let title = filler.fill(&title)?;
        let summary = filler.fill(&theme.summary)?;
        let validity = Genre::from_code(&theme.genre).is_some_and(Genre::has_validity);
        Ok(Draft {
            title,
            summary,
            body,
            document_number: number,
            genre: theme.genre.clone(),
            keywords: theme
                .words
                .first()
                .map_or_else(String::new, |_| filler.fill("{t}").unwrap_or_default()),
            source: office.agency.name.clone(),
            validity: if validity { Validity::InForce.code().into() } else { String::new() },
            made_on: made_on.to_string(),
            disclosure_class: theme.class.clone().unwrap_or_else(|| "proactive".into()),
            class_reason: theme.reason.clone().unwrap_or_default(),
            change_note: String::new(),
            // A document of rules says from when until when it holds, and whom to ask.
            effective_on: if validity { made_on.checked_add(30.days())?.to_string() } else { String::new() },
            expires_on: if validity { made_on.checked_add(5.years())?.to_string() } else { String::new() },
            contact: if validity {
                format!("{}，{}", office.agency.name, office.agency.phone)
            } else {
                String::new()
            },
            theme: theme_of(&theme.genre).code().into(),
            ..Draft::default()
        })
    }
}

/// 主题分类 of what the demo writes.
fn theme_of(genre: &str) -> Classed {
    match Genre::from_code(genre) {
        Some(Genre::Budget | Genre::Fees | Genre::Procurement) => Classed::Finance,
        Some(Genre::Plan | Genre::Statistics | Genre::Project) => Classed::Economy,
        Some(Genre::Personnel) => Classed::Labor,
        Some(Genre::Assistance | Genre::Emergency) => Classed::CivilAffairs,
        Some(Genre::Inspection | Genre::Enforcement) => Classed::Market,
        Some(Genre::Expropriation) => Classed::Land,
        _ => Classed::GeneralAffairs,
    }
}
