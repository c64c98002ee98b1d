//! The shape of what is answered, as JSON Schema. Objects are closed: what is not written here is not answered.

use serde_json::{Map, Value, json};

/// A closed object, all fields always there.
fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let properties: Map<String, Value> =
        fields.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties})
}

fn list(of: Value) -> Value {
    json!({"type": "array", "items": of})
}

fn text() -> Value {
    json!({"type": "string"})
}

fn maybe(schema: Value) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}

fn number() -> Value {
    json!({"type": "integer"})
}

fn day() -> Value {
    json!({"type": "string", "format": "date"})
}

fn moment() -> Value {
    json!({"type": "string", "format": "date-time"})
}

fn coded() -> Value {
    object([("code", text()), ("label", text())])
}

fn agency_name() -> Value {
    object([("code", text()), ("name", text())])
}

/// A page of a list with the address of the next one.
fn page(of: Value) -> Value {
    object([("items", list(of)), ("next", maybe(text()))])
}

pub(crate) fn anything() -> Value {
    json!({"type": "object"})
}

pub(crate) fn problem() -> Value {
    object([
        ("type", text()),
        ("title", text()),
        ("status", number()),
        ("detail", text()),
        ("code", text()),
        ("errors", list(object([("field", text()), ("message", text())]))),
    ])
}

fn entry_fields() -> Vec<(&'static str, Value)> {
    vec![
        ("index_number", text()),
        ("title", text()),
        ("summary", text()),
        ("agency", agency_name()),
        ("line", object([("code", text()), ("title", text())])),
        ("category", coded()),
        ("theme", maybe(coded())),
        ("genre", coded()),
        ("document_number", maybe(text())),
        ("keywords", text()),
        ("source", text()),
        ("validity", maybe(coded())),
        ("made_on", day()),
        ("released_on", day()),
        ("released_at", moment()),
        ("changed_at", moment()),
        ("content_hash", text()),
        ("page", text()),
        ("self", text()),
    ]
}

fn open_object(fields: Vec<(&'static str, Value)>) -> Value {
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let properties: Map<String, Value> =
        fields.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties})
}

pub(crate) fn entry_list() -> Value {
    page(open_object(entry_fields()))
}

pub(crate) fn entry() -> Value {
    let mut fields = entry_fields();
    let counterpart =
        || object([("index_number", text()), ("title", text()), ("form", coded()), ("self", text())]);
    fields.extend([
        ("edition", number()),
        ("body_html", text()),
        ("body_text", text()),
        (
            "attachments",
            list(object([
                ("name", text()),
                ("size", number()),
                ("media_type", text()),
                ("sha256", text()),
                ("href", text()),
            ])),
        ),
        (
            "editions",
            list(object([
                ("edition", number()),
                ("title", text()),
                ("change_note", text()),
                ("released_at", moment()),
                ("content_hash", text()),
            ])),
        ),
        ("explained_by", list(counterpart())),
        ("explains", list(counterpart())),
    ]);
    open_object(fields)
}

fn agency_item() -> Value {
    object([
        ("code", text()),
        ("name", text()),
        ("kind", coded()),
        ("address", text()),
        ("office_hours", text()),
        ("phone", text()),
        ("email", text()),
        ("page", text()),
        ("self", text()),
        ("catalogue", text()),
        ("feed", text()),
    ])
}

pub(crate) fn agency_list() -> Value {
    page(agency_item())
}

pub(crate) fn agency() -> Value {
    agency_item()
}

pub(crate) fn catalogue() -> Value {
    page(object([
        ("code", text()),
        ("category", coded()),
        ("title", text()),
        ("elements", text()),
        ("basis", text()),
        ("time_limit", text()),
        ("channels", text()),
        ("entries", number()),
        ("newest_on", maybe(day())),
        ("feed", text()),
    ]))
}

pub(crate) fn document_list() -> Value {
    page(object([
        ("agency", agency_name()),
        ("kind", text()),
        ("title", text()),
        ("document_number", text()),
        ("issued_on", day()),
        ("valid_until", maybe(day())),
        ("amended_on", maybe(day())),
        ("amendment", text()),
        ("standing", json!({"type": "string", "enum": ["in_force", "ended"]})),
        ("ended_on", maybe(day())),
        ("end_kind", maybe(text())),
        ("entry", maybe(text())),
        ("end_notice", maybe(text())),
    ]))
}

fn report_head() -> Vec<(&'static str, Value)> {
    vec![
        ("agency", agency_name()),
        ("year", number()),
        ("edition", number()),
        ("released_at", moment()),
        ("sha256", text()),
        ("page", text()),
        ("self", text()),
    ]
}

pub(crate) fn report_list() -> Value {
    page(open_object(report_head()))
}

pub(crate) fn report() -> Value {
    let mut fields = report_head();
    fields.extend([
        (
            "figures",
            list(object([
                ("cell", text()),
                ("table", text()),
                ("row", text()),
                ("column", text()),
                ("value", maybe(text())),
                (
                    "state",
                    json!({"type": "string", "enum": ["count", "amount", "blank", "explicit_none", "lost"]}),
                ),
                ("is_total", json!({"type": "boolean"})),
            ])),
        ),
        ("sections", list(object([("code", text()), ("title", text()), ("text", maybe(text()))]))),
    ]);
    open_object(fields)
}

fn issue_item() -> Vec<(&'static str, Value)> {
    vec![
        ("agency", agency_name()),
        ("year", number()),
        ("number", number()),
        ("published_on", day()),
        ("page", text()),
        ("self", text()),
    ]
}

pub(crate) fn issue_list() -> Value {
    page(open_object(issue_item()))
}

pub(crate) fn issue() -> Value {
    let mut fields = issue_item();
    let item = object([
        ("index_number", text()),
        ("title", text()),
        ("document_number", maybe(text())),
        ("agency_name", text()),
        ("made_on", day()),
        ("self", text()),
    ]);
    fields.push(("items", list(item)));
    open_object(fields)
}

pub(crate) fn search() -> Value {
    object([
        ("total", number()),
        ("page", number()),
        (
            "items",
            list(object([
                ("index_number", text()),
                ("title", text()),
                ("extract", text()),
                ("agency_name", text()),
                ("document_number", maybe(text())),
                ("made_on", day()),
                ("page", text()),
                ("self", text()),
            ])),
        ),
    ])
}

pub(crate) fn download_list() -> Value {
    page(object([
        ("name", text()),
        ("title", text()),
        ("media_type", text()),
        ("rows", maybe(number())),
        ("href", text()),
        ("checksum", text()),
    ]))
}

/// What a system sends. Blank is the same as left out; the review asks for what is missing.
pub(crate) fn new_draft() -> Value {
    let most = |most: usize, words: &str| json!({"type": "string", "maxLength": most, "description": words});
    let properties = json!({
        "line": most(64, "公开目录中的事项代码。"),
        "title": json!({"type": "string", "minLength": 1, "maxLength": 200, "description": "标题。"}),
        "summary": most(500, "内容概述。"),
        "body": most(200_000, "正文：纯文本，或者简单的 HTML；脚本和样式会去掉。"),
        "document_number": most(60, "文号。"),
        "theme": most(64, "主题分类（第一级）的代码。"),
        "genre": most(64, "体裁的代码，与阅读接口相同。"),
        "keywords": most(200, "主题词，用空格分开。"),
        "source": most(100, "信息来源。"),
        "validity": most(64, "有效性的代码，只有规范性文件有。"),
        "made_on": most(10, "生成日期，2026-11-02。"),
        "disclosure_class": most(64, "公开属性的代码：proactive、on_request、not_disclosed。"),
        "class_reason": most(500, "公开属性的理由。"),
    });
    json!({"type": "object", "additionalProperties": false, "required": ["line", "title"], "properties": properties})
}

pub(crate) fn draft() -> Value {
    object([
        ("id", text()),
        ("entry_id", text()),
        ("state", coded()),
        ("index_number", maybe(text())),
        ("self", text()),
        ("console", text()),
    ])
}
