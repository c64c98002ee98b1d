//! Findings as a SARIF 2.1.0 log, for tools that show them beside the source.

use serde_json::{Value, json};

use super::{Finding, Severity, rules};

/// A SARIF log written file by file, so that a folder of any size needs no more memory than one report.
///
/// `head`, then `file` for each report, then `tail`; together they are one JSON document.
#[derive(Debug, Default)]
pub struct SarifLog {
    results: usize,
}

impl SarifLog {
    pub fn new() -> Self {
        Self::default()
    }

    /// The log of a few files at once.
    pub fn of(files: &[(&str, &[Finding])]) -> String {
        let mut log = Self::new();
        let mut out = log.head();
        for (file, findings) in files {
            out.push_str(&log.file(file, findings));
        }
        out.push_str(&log.tail(&[]));
        out
    }

    /// Tool and rules.
    pub fn head(&self) -> String {
        let known: Vec<Value> = rules()
            .iter()
            .map(|rule| {
                json!({
                    "id": rule.id,
                    "shortDescription": {"text": rule.title()},
                    "help": {"text": rule.page, "markdown": rule.page},
                    "defaultConfiguration": {"level": level(rule.severity)},
                })
            })
            .collect();
        let tool = json!({
            "driver": {"name": "gongkai", "version": env!("CARGO_PKG_VERSION"), "rules": known}
        });
        format!(
            "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{{\
             \"tool\":{tool},\n\"columnKind\":\"unicodeCodePoints\",\"results\":["
        )
    }

    /// The results of one file, each on a line of its own.
    pub fn file(&mut self, file: &str, findings: &[Finding]) -> String {
        let mut out = String::new();
        for finding in findings {
            out.push_str(if self.results == 0 { "\n" } else { ",\n" });
            out.push_str(&result(file, finding).to_string());
            self.results += 1;
        }
        out
    }

    /// The end: what could not be read, as file and reason, so that a log without results is not taken for a
    /// clean folder.
    pub fn tail(self, unreadable: &[(String, String)]) -> String {
        let notes: Vec<Value> = unreadable
            .iter()
            .map(|(file, reason)| {
                json!({
                    "level": "error",
                    "message": {"text": reason},
                    "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(file)}}}],
                })
            })
            .collect();
        let invocation = json!({
            "executionSuccessful": unreadable.is_empty(),
            "toolExecutionNotifications": notes,
        });
        format!("\n],\n\"invocations\":[{invocation}]}}]}}\n")
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(file: &str, finding: &Finding) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(file)}});
    if let Some(position) = finding.at.in_lines() {
        physical["region"] = json!({"startLine": position.line, "startColumn": position.column});
    }
    let mut location = json!({"physicalLocation": physical});
    if let Some(address) = finding.at.address() {
        location["logicalLocations"] = json!([{"fullyQualifiedName": address.to_string()}]);
    }
    json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": {"text": format!("{}（依据：{}）", finding.message, finding.basis)},
        "locations": [location],
    })
}

/// A file name as a URI reference: everything but plain characters and slashes percent-encoded.
fn uri(file: &str) -> String {
    let mut uri = String::new();
    for byte in file.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            b'\\' => uri.push('/'),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
