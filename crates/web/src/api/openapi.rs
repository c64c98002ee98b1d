//! The OpenAPI document, made from the table of operations.

use serde_json::{Map, Value, json};

use super::operations::{Form, Operation, Parameter, Place, operations};
use super::schemas;

/// The document.
pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations() {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.to_ascii_lowercase()] = described(operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "公开：政府信息公开数据接口",
            "version": "1.0.0",
            "summary": "本站已经公开的信息都可以作为数据读取，不需要账号。",
            "description": "所有时间都是 RFC 3339 的世界时，日期是中国的日期。答复中的地址都是相对于本站的。\
                            同一个大版本（/api/v1）只增加、不改变、不删除。",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": "阅读", "description": "已经公开的信息。"},
            {"name": "下载", "description": "整份数据。"},
            {"name": "报送", "description": "业务系统送来草稿，进入同样的审核；需要令牌。"},
        ],
        "paths": paths,
        "components": {
            "schemas": {"Problem": schemas::problem()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer",
                "description": "工作台“系统对接”中建立的令牌。"}},
        },
    })
}

/// The document as it is kept in the repository.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
}

/// From which operation, under which name, to which, with what of the answer.
type Way = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Where an answer leads.
const LINKS: [Way; 8] = [
    ("listEntries", "下一页", "listEntries", &[("cursor", "/next")]),
    ("listDocuments", "下一页", "listDocuments", &[("cursor", "/next")]),
    ("listAgencies", "机关", "getAgency", &[("agency", "/items/0/code")]),
    ("listAgencies", "公开目录", "getCatalogue", &[("agency", "/items/0/code")]),
    ("listAgencies", "信息", "listEntries", &[("agency", "/items/0/code")]),
    (
        "listAnnualReports",
        "年度报告",
        "getAnnualReport",
        &[("agency", "/items/0/agency/code"), ("year", "/items/0/year")],
    ),
    (
        "listGazetteIssues",
        "公报",
        "getGazetteIssue",
        &[("agency", "/items/0/agency/code"), ("year", "/items/0/year"), ("number", "/items/0/number")],
    ),
    ("createDraft", "草稿", "getDraft", &[("id", "/id")]),
];

fn links(operation: &str) -> Map<String, Value> {
    let own = LINKS.iter().filter(|(from, ..)| *from == operation);
    own.map(|(_, words, to, parameters)| {
        let taken =
            parameters.iter().map(|(name, at)| (name.to_string(), json!(format!("$response.body#{at}"))));
        let link =
            json!({"operationId": to, "description": words, "parameters": taken.collect::<Map<_, _>>()});
        (format!("{to}{}", if *to == operation { "Next" } else { "" }), link)
    })
    .collect()
}

fn described(operation: &Operation) -> Value {
    let parameters: Vec<Value> = operation.parameters.iter().map(parameter).collect();
    let (status, media_type, schema) = &operation.success;
    let mut content = json!({});
    content[*media_type] = match schema {
        Some(schema) => json!({"schema": schema()}),
        None => json!({}),
    };
    let mut responses = Map::new();
    let mut success = json!({"description": operation.summary, "content": content});
    let links = links(operation.id);
    if !links.is_empty() {
        success["links"] = Value::Object(links);
    }
    responses.insert(status.to_string(), success);
    if operation.method == "GET" {
        responses.insert("304".into(), json!({"description": "与您手中的相同（If-None-Match）。"}));
    }
    for status in operation.failures.iter().chain(&[500, 503]) {
        let problem = json!({"schema": {"$ref": "#/components/schemas/Problem"}});
        responses.insert(
            status.to_string(),
            json!({"description": failure(*status), "content": {"application/problem+json": problem}}),
        );
    }
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.group],
        "summary": operation.summary,
        "description": operation.words,
        "parameters": parameters,
        "responses": responses,
    });
    if let Some(body) = operation.body {
        described["requestBody"] =
            json!({"required": true, "content": {"application/json": {"schema": body()}}});
    }
    if let Some(scope) = operation.scope {
        described["security"] = json!([{"token": [scope]}]);
    }
    described
}

fn failure(status: u16) -> &'static str {
    match status {
        400 => "参数或者请求的写法有误。",
        401 => "没有令牌，或者令牌无效、过期、已撤销。",
        403 => "令牌没有这个权限。",
        404 => "没有找到，或者还没有公开。",
        409 => "这个幂等键已经用于另一份内容。",
        410 => "已撤回，说明原因。",
        413 => "内容过大。",
        415 => "请求的内容不是 application/json。",
        422 => "内容不合要求，errors 逐项说明。",
        503 => "暂时不能办理，请稍后再试。",
        _ => "系统出了问题。",
    }
}

fn parameter(parameter: &Parameter) -> Value {
    let place = match parameter.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
    };
    json!({
        "name": parameter.name,
        "in": place,
        "required": parameter.is_required,
        "description": parameter.words,
        "schema": form(&parameter.form),
    })
}

fn form(form: &Form) -> Value {
    match form {
        Form::Text { most } => {
            json!({"type": "string", "minLength": 1, "maxLength": most, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"})
        }
        Form::Code => {
            json!({"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9._-]+$"})
        }
        Form::Number { least, most } => json!({"type": "integer", "minimum": least, "maximum": most}),
        Form::Choice(codes) => json!({"type": "string", "enum": codes()}),
        Form::Day => json!({"type": "string", "format": "date"}),
        Form::Moment => json!({"type": "string", "format": "date-time"}),
        Form::Cursor => {
            json!({"type": "string", "minLength": 2, "maxLength": 400, "pattern": "^([0-9a-f]{2})+$"})
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_from_what_is_answered_to_what_can_be_asked() {
        let find = |id: &str| operations().iter().find(|operation| operation.id == id).unwrap();
        for (from, _, to, parameters) in LINKS {
            let answer = find(from).success.2.unwrap()();
            for (name, at) in parameters {
                assert!(find(to).parameters.iter().any(|own| own.name == *name), "{to} takes no {name}");
                let schema = at.split('/').skip(1).try_fold(&answer, |schema, step| match step {
                    "0" => schema.get("items"),
                    step => schema.get("properties")?.get(step),
                });
                assert!(schema.is_some(), "{from} answers no {at}");
            }
        }
        assert_eq!(
            document()["paths"]["/api/v1/entries"]["get"]["responses"]["200"]["links"]["listEntriesNext"]["parameters"]
                ["cursor"],
            "$response.body#/next"
        );
    }
}
