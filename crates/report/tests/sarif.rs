//! What `SarifLog` writes, held against the official schema of SARIF 2.1.0 (OASIS, copied unchanged).
#![allow(clippy::unwrap_used)]

use gongkai_report::lint::{SarifLog, rules};
use gongkai_report::{At, Finding, Report, Section, Severity, check};
use serde_json::{Value, json};

/// The part of JSON Schema (draft 7) that the schema uses. A keyword that is not known here fails the test.
struct Schema(Value);

impl Schema {
    fn official() -> Schema {
        Schema(serde_json::from_str(include_str!("data/sarif-2.1.0.schema.json")).unwrap())
    }

    fn breaches(&self, document: &Value) -> Vec<String> {
        let mut breaches = Vec::new();
        self.check(&self.0, document, "", &mut breaches);
        breaches
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, out: &mut Vec<String>) {
        let Some(keywords) = schema.as_object() else { return };
        for (keyword, wanted) in keywords {
            let mut breach = |what: &str| out.push(format!("{at}: {what} ({keyword}: {wanted})"));
            match (keyword.as_str(), value) {
                ("$ref", _) => {
                    let path = wanted.as_str().unwrap().trim_start_matches('#');
                    self.check(self.0.pointer(path).unwrap(), value, at, out);
                }
                ("type", _) => {
                    let is = match wanted.as_str().unwrap() {
                        "object" => value.is_object(),
                        "array" => value.is_array(),
                        "string" => value.is_string(),
                        "integer" => value.is_i64() || value.is_u64(),
                        "number" => value.is_number(),
                        "boolean" => value.is_boolean(),
                        other => panic!("type {other}"),
                    };
                    if !is {
                        breach(&format!("is {value}"));
                    }
                }
                ("enum", _) if !wanted.as_array().unwrap().contains(value) => breach(&format!("is {value}")),
                ("minimum", Value::Number(n)) if n.as_f64() < wanted.as_f64() => breach(&format!("is {n}")),
                ("maximum", Value::Number(n)) if n.as_f64() > wanted.as_f64() => breach(&format!("is {n}")),
                ("minItems", Value::Array(items)) if (items.len() as u64) < wanted.as_u64().unwrap() => {
                    breach("has too few");
                }
                ("uniqueItems", Value::Array(items)) if wanted == true => {
                    if (1..items.len()).any(|i| items[..i].contains(&items[i])) {
                        breach("repeats itself");
                    }
                }
                ("items", Value::Array(items)) => {
                    for (index, item) in items.iter().enumerate() {
                        self.check(wanted, item, &format!("{at}/{index}"), out);
                    }
                }
                ("required", Value::Object(object)) => {
                    for name in wanted.as_array().unwrap() {
                        if !object.contains_key(name.as_str().unwrap()) {
                            breach(&format!("lacks {name}"));
                        }
                    }
                }
                ("properties", Value::Object(object)) => {
                    for (name, property) in object {
                        if let Some(schema) = wanted.get(name) {
                            self.check(schema, property, &format!("{at}/{name}"), out);
                        }
                    }
                }
                ("additionalProperties", Value::Object(object)) => {
                    for (name, property) in object {
                        if schema["properties"].get(name).is_some() {
                            continue;
                        }
                        if wanted == false {
                            out.push(format!("{at}: has {name}"));
                        }
                        self.check(wanted, property, &format!("{at}/{name}"), out);
                    }
                }
                ("anyOf" | "oneOf", _) => {
                    let fits = |one: &&Value| {
                        let mut breaches = Vec::new();
                        self.check(one, value, at, &mut breaches);
                        breaches.is_empty()
                    };
                    let fitting = wanted.as_array().unwrap().iter().filter(fits).count();
                    if fitting == 0 || (keyword == "oneOf" && fitting > 1) {
                        breach(&format!("fits {fitting}"));
                    }
                }
                ("format", Value::String(text)) => {
                    // A URI, or a reference: no blanks, nothing that is not ASCII.
                    if text.chars().any(|c| !c.is_ascii_graphic()) {
                        breach(&format!("is {text}"));
                    }
                }
                // None of the properties with a pattern is written by us; one that is must be looked at.
                ("pattern", Value::String(text)) => breach(&format!("is {text}")),
                (
                    "enum"
                    | "minimum"
                    | "maximum"
                    | "minItems"
                    | "uniqueItems"
                    | "items"
                    | "required"
                    | "properties"
                    | "additionalProperties"
                    | "format"
                    | "pattern"
                    | "$schema"
                    | "$id"
                    | "title"
                    | "description"
                    | "default"
                    | "definitions",
                    _,
                ) => {}
                (unknown, _) => panic!("the schema uses {unknown}"),
            }
        }
    }
}

fn findings() -> Vec<Finding> {
    let mut report = Report::new("青禾区白露镇人民政府", 2031);
    for (row, count) in [("received", 3), ("disclosed", 5)] {
        report.set_count(format!("requests/{row}/other").parse().unwrap(), count).unwrap();
    }
    let mut findings = check(&report, None);
    assert!(!findings.is_empty());
    findings.push(Finding {
        rule: "section-missing",
        severity: Severity::Info,
        message: "引号\"、反斜线\\和\n换行".to_owned(),
        at: At::Text {
            section: Some(Section::Overview),
            position: Some(gongkai_report::Position::new(3, 7)),
            quote: Some("全年".to_owned()),
        },
        found: None,
        expected: None,
        basis: "《条例》第五十条".to_owned(),
    });
    findings
}

#[test]
fn the_log_fits_the_official_schema() {
    let schema = Schema::official();
    let findings = findings();
    let empty: &[Finding] = &[];
    let whole = SarifLog::of(&[("年报/白露镇 2031.txt", &findings), ("b.txt", empty), ("c.txt", &findings)]);
    let log: Value = serde_json::from_str(&whole).unwrap();
    assert_eq!(schema.breaches(&log), Vec::<String>::new());
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 2 * findings.len());
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().len(), rules().len());
    let result = log["runs"][0]["results"].as_array().unwrap().last().unwrap();
    assert_eq!(
        result["locations"][0]["physicalLocation"]["region"],
        json!({"startLine": 3, "startColumn": 7})
    );

    let log = SarifLog::new();
    let text = log.head() + &log.tail(&[("坏 文件.pdf".to_owned(), "读不出".to_owned())]);
    let log: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(schema.breaches(&log), Vec::<String>::new());
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn the_schema_refuses_what_is_no_log() {
    let schema = Schema::official();
    let good: Value = serde_json::from_str(&SarifLog::of(&[("a.txt", &findings())])).unwrap();
    let broken = |pointer: &str, value: Value| {
        let mut log = good.clone();
        *log.pointer_mut(pointer).unwrap() = value;
        schema.breaches(&log)
    };
    assert!(!broken("/version", json!("2.0")).is_empty());
    assert!(!broken("/runs/0/results/0/level", json!("info")).is_empty());
    assert!(!broken("/runs/0/results/0/message", json!("text")).is_empty());
    assert!(!broken("/runs/0/tool", json!({})).is_empty());
    let place = "/runs/0/results/0/locations/0/physicalLocation";
    assert!(!broken(place, json!({"artifactLocation": {"uri": "a b"}})).is_empty());
    assert!(!broken(place, json!({"region": {"startLine": 0}})).is_empty());
    assert!(!broken("/runs/0/columnKind", json!("characters")).is_empty());
}
