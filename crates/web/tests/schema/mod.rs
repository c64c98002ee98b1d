//! As much of JSON Schema as our document uses; anything else in a schema is a failure, so that nothing goes unchecked.

use serde_json::Value;

const KNOWN: [&str; 15] = [
    "$ref",
    "type",
    "additionalProperties",
    "required",
    "properties",
    "items",
    "anyOf",
    "enum",
    "format",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "description",
];

/// What in a value is not as its schema says.
pub(crate) fn breach(document: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    let rules = schema.as_object()?;
    if let Some(unknown) = rules.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Some(format!("{at}: the schema uses {unknown}, which is not checked"));
    }
    if let Some(target) = schema["$ref"].as_str() {
        let target =
            document.pointer(target.trim_start_matches('#')).expect("the schema that is referred to");
        return breach(document, target, value, at);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let all: Option<Vec<String>> = choices.iter().map(|one| breach(document, one, value, at)).collect();
        return all.map(|wrong| wrong.join(" and "));
    }
    if let Some(choices) = schema["enum"].as_array()
        && !choices.contains(value)
    {
        return Some(format!("{at}: {value} is none of {choices:?}"));
    }
    match schema["type"].as_str()? {
        "object" => {
            let Some(fields) = value.as_object() else { return Some(format!("{at}: no object: {value}")) };
            for name in schema["required"].as_array().into_iter().flatten() {
                if !fields.contains_key(name.as_str()?) {
                    return Some(format!("{at}: {name} is missing"));
                }
            }
            for (name, value) in fields {
                let own = &schema["properties"][name];
                if own.is_null() {
                    if schema["additionalProperties"] == false {
                        return Some(format!("{at}: {name} is not in the schema"));
                    }
                } else if let Some(wrong) = breach(document, own, value, &format!("{at}.{name}")) {
                    return Some(wrong);
                }
            }
            None
        }
        "array" => {
            let Some(items) = value.as_array() else { return Some(format!("{at}: no array: {value}")) };
            items
                .iter()
                .enumerate()
                .find_map(|(n, one)| breach(document, &schema["items"], one, &format!("{at}[{n}]")))
        }
        "string" => {
            let Some(text) = value.as_str() else { return Some(format!("{at}: no text: {value}")) };
            let is_right = match schema["format"].as_str() {
                Some("date") => text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok(),
                Some("date-time") => text.parse::<jiff::Timestamp>().is_ok(),
                _ => true,
            };
            (!is_right).then(|| format!("{at}: {text:?} is no {}", schema["format"]))
        }
        "integer" => value.as_i64().is_none().then(|| format!("{at}: no whole number: {value}")),
        "boolean" => value.as_bool().is_none().then(|| format!("{at}: no truth value: {value}")),
        "null" => (!value.is_null()).then(|| format!("{at}: not null: {value}")),
        other => Some(format!("{at}: the schema has a type {other}, which is not checked")),
    }
}
