//! Runs every worked example of `examples/`; a failure names the file and the example.

use std::fs;
use std::path::Path;

use gongkai_statute::agencies::AgencyKind;
use gongkai_statute::calendar::Calendar;
use gongkai_statute::deadlines::{ConsultedParty, Facts, dues, rule};
use gongkai_statute::decisions::Decision;
use gongkai_statute::fees::{FeeBasis, fee};
use gongkai_statute::remedies::notice;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

/// An example passes, or says what is wrong.
type Checked = Result<(), String>;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct ExampleFile {
    deadline: Vec<DeadlineExample>,
    count: Vec<CountExample>,
    fee: Vec<FeeExample>,
    decision: Vec<DecisionExample>,
    notice: Vec<NoticeExample>,
    due: Vec<DueExample>,
}

#[test]
fn every_worked_example_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut failures = Vec::new();
    let mut run = 0;
    for entry in fs::read_dir(folder).expect("examples/") {
        let path = entry.expect("examples/").path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a readable file");
        let file: ExampleFile = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let checked = (file.deadline.iter().map(|e| (&e.name, e.check())))
            .chain(file.count.iter().map(|e| (&e.name, e.check())))
            .chain(file.fee.iter().map(|e| (&e.name, e.check())))
            .chain(file.decision.iter().map(|e| (&e.name, e.check())))
            .chain(file.notice.iter().map(|e| (&e.name, e.check())))
            .chain(file.due.iter().map(|e| (&e.name, e.check())));
        for (example, result) in checked {
            run += 1;
            if let Err(problem) = result {
                failures.push(format!("{name}：{example}：{problem}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {run} examples fail:\n{}", failures.len(), failures.join("\n"));
    assert!(run >= 100, "only {run} examples found");
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Checked {
    if found == expected { Ok(()) } else { Err(format!("{what} is {found:?}, expected {expected:?}")) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeadlineExample {
    name: String,
    facts: Value,
    expect: serde_json::Map<String, Value>,
}

impl DeadlineExample {
    fn check(&self) -> Checked {
        let ruled = Facts::try_from(self.facts.clone()).and_then(|facts| rule(&facts, &facts.calendar()));
        if let Some(field) = self.expect.get("error") {
            return match ruled {
                Err(error) => same("the field in error", json!(error.field), field.clone()),
                Ok(_) => Err(format!("expected an error at {field}")),
            };
        }
        let ruling = serde_json::to_value(ruled.map_err(|error| error.to_string())?).expect("JSON");
        for (key, expected) in &self.expect {
            let list = match key.as_str() {
                "refusal" => Some(&ruling["refusals"]),
                "note" => Some(&ruling["notes"]),
                _ => None,
            };
            if let Some(list) = list {
                let wanted = expected.as_str().unwrap_or_default();
                let entries = list.as_array().map(Vec::as_slice).unwrap_or_default();
                if !entries.iter().any(|entry| entry.as_str().is_some_and(|text| text.contains(wanted))) {
                    return Err(format!("no {key} with “{wanted}” in {list}"));
                }
                continue;
            }
            // TOML has no null.
            let expected = if expected == "null" { Value::Null } else { expected.clone() };
            let found = ruling.get(key).ok_or_else(|| format!("a ruling has no {key}"))?;
            same(key, found, &expected)?;
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountExample {
    name: String,
    received_on: Date,
    expect: CountExpected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountExpected {
    day_7: Date,
    day_15: Date,
    day_20: Date,
    day_40: Option<Date>,
    #[serde(default)]
    day_40_provisional: bool,
}

impl CountExample {
    fn check(&self) -> Checked {
        let calendar = Calendar::national();
        let day = |n| calendar.add_working_days(self.received_on, n);
        same("day 7", day(7), self.expect.day_7)?;
        same("day 15", day(15), self.expect.day_15)?;
        same("day 20", day(20), self.expect.day_20)?;
        if let Some(day_40) = self.expect.day_40 {
            same("day 40", day(40), day_40)?;
        }
        let provisional = calendar.is_provisional(self.received_on, day(40));
        same("day 40 provisional", provisional, self.expect.day_40_provisional)?;
        // The ruling must agree with the bare calendar.
        let facts = json!({"channel": "in_person", "submitted_on": self.received_on});
        let ruling =
            Facts::try_from(facts).and_then(|facts| rule(&facts, calendar)).map_err(|e| e.to_string())?;
        same("the supplement notice", ruling.supplement_notice_due_on, self.expect.day_7)?;
        same("the reply", ruling.reply_due_on, Some(self.expect.day_20))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeeExample {
    name: String,
    basis: FeeBasis,
    count: u64,
    on: Option<Date>,
    yuan: Option<u64>,
    tiers: Option<Vec<String>>,
    error: Option<String>,
}

impl FeeExample {
    fn check(&self) -> Checked {
        let ruling = match (
            fee(self.basis, self.count, self.on.unwrap_or(jiff::civil::date(2024, 3, 1))),
            &self.error,
        ) {
            (Err(error), Some(field)) => return same("the field in error", &error.field, field),
            (Ok(_), Some(field)) => return Err(format!("expected an error at {field}")),
            (Err(error), None) => return Err(error.to_string()),
            (Ok(ruling), None) => ruling,
        };
        same("the fee", Some(ruling.yuan), self.yuan)?;
        if let Some(tiers) = &self.tiers {
            let found: Vec<_> = ruling.tiers.iter().map(|t| format!("{}×{}", t.units, t.yuan_each)).collect();
            same("tiers", &found, tiers)?;
        }
        Ok(())
    }
}

/// The day of a decision whose example names none.
const DECIDED_ON: Date = jiff::civil::date(2025, 7, 1);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DecisionExample {
    name: String,
    decision: Decision,
    on: Option<Date>,
    row: Option<String>,
    cites: Option<String>,
    remedy: String,
}

impl DecisionExample {
    fn check(&self) -> Checked {
        if let Some(row) = &self.row {
            same("the row", &self.decision.outcome().official(), row)?;
        }
        if let Some(cites) = &self.cites {
            same("the provision", &self.decision.citation().place(), cites)?;
        }
        let on = self.on.unwrap_or(DECIDED_ON);
        same("the remedy", self.decision.remedy(on).code(), self.remedy.as_str())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoticeExample {
    name: String,
    decision: Decision,
    text: String,
}

impl NoticeExample {
    fn check(&self) -> Checked {
        let notice = notice(self.decision, DECIDED_ON, "青禾区人民政府", "青禾区人民法院");
        same("the notice", &notice.text, &self.text)?;
        same("having citations", notice.citations.is_empty(), self.text.is_empty())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DueExample {
    name: String,
    of: String,
    from: Option<Date>,
    kind: Option<AgencyKind>,
    year: Option<i16>,
    on: Option<Date>,
    why: Option<String>,
    #[serde(default)]
    none: bool,
}

impl DueExample {
    fn check(&self) -> Checked {
        let calendar = Calendar::national();
        let from = || self.from.ok_or("from is missing");
        let due = match self.of.as_str() {
            "publication" => dues::publish_due(from()?, calendar),
            "fee_payment" => dues::fee_payment_due(from()?, calendar),
            "third_party" => Some(dues::consultation_due(ConsultedParty::ThirdParty, from()?, calendar)),
            "agency" => Some(dues::consultation_due(ConsultedParty::Agency, from()?, calendar)),
            "reconsideration" => Some(dues::reconsideration_due(from()?, calendar)),
            "direct_litigation" => Some(dues::direct_litigation_due(from()?, calendar)),
            "litigation_after_reconsideration" => {
                Some(dues::litigation_after_reconsideration_due(from()?, calendar))
            }
            "report" => Some(dues::report_due(
                self.kind.ok_or("kind is missing")?,
                self.year.ok_or("year is missing")?,
            )),
            other => return Err(format!("there is no period called {other}")),
        };
        if self.none {
            return same("the period", due, None);
        }
        let due = due.ok_or("no such period on that day")?;
        same("the last day", Some(due.on), self.on)?;
        match (&self.why, &due.why) {
            (Some(wanted), Some(why)) if why.contains(wanted) => Ok(()),
            (None, None) => Ok(()),
            (wanted, why) => Err(format!("the reason is {why:?}, expected {wanted:?}")),
        }
    }
}
