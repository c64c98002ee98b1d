//! The table of what can be asked.

use std::sync::OnceLock;

use gongkai_disclosure::catalogue::category_codes;
use gongkai_disclosure::publishing::{Genre, Theme, Validity};
use serde_json::Value;

use super::schemas;

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
    Header,
}

/// What a value must look like.
#[derive(Clone, Copy)]
pub enum Form {
    Text {
        most: usize,
    },
    /// Letters, digits, dots and dashes.
    Code,
    Number {
        least: i64,
        most: i64,
    },
    Choice(fn() -> Vec<&'static str>),
    Day,
    Moment,
    /// Given out by us, sent back as it was.
    Cursor,
}

#[derive(Clone, Copy)]
pub struct Parameter {
    pub name: &'static str,
    pub place: Place,
    pub is_required: bool,
    pub form: Form,
    pub words: &'static str,
}

/// What JSON looks like, as a JSON Schema.
pub type Schema = fn() -> Value;

/// One way to ask, with everything it may answer.
pub struct Operation {
    pub id: &'static str,
    pub method: &'static str,
    pub path: &'static str,
    /// 阅读、下载、报送
    pub group: &'static str,
    pub summary: &'static str,
    pub words: &'static str,
    pub parameters: Vec<Parameter>,
    /// The JSON that is sent.
    pub body: Option<Schema>,
    /// Status of success, media type, and the schema of the answer (`None`: no JSON).
    pub success: (u16, &'static str, Option<Schema>),
    /// What may go wrong, besides 500.
    pub failures: &'static [u16],
    /// The scope a token needs; `None`: open to all.
    pub scope: Option<&'static str>,
}

const fn path(name: &'static str, form: Form, words: &'static str) -> Parameter {
    Parameter { name, place: Place::Path, is_required: true, form, words }
}

const fn query(name: &'static str, form: Form, words: &'static str) -> Parameter {
    Parameter { name, place: Place::Query, is_required: false, form, words }
}

fn genres() -> Vec<&'static str> {
    Genre::ALL.iter().map(|genre| genre.code()).collect()
}

fn categories() -> Vec<&'static str> {
    category_codes().collect()
}

fn themes() -> Vec<&'static str> {
    Theme::ALL.iter().map(|theme| theme.code()).collect()
}

fn validities() -> Vec<&'static str> {
    Validity::ALL.iter().map(|validity| validity.code()).collect()
}

fn standings() -> Vec<&'static str> {
    vec!["in_force", "ended"]
}

const AGENCY: Parameter = path("agency", Form::Code, "这个机关");
const YEAR: Form = Form::Number { least: 2000, most: 2999 };
const BY_AGENCY: Parameter = query("agency", Form::Code, "机关代码。");
const CURSOR: Parameter = query("cursor", Form::Cursor, "从哪里接着读：原样使用上一页答复中的 next。");
const LIMIT: Parameter =
    query("limit", Form::Number { least: 1, most: 200 }, "一页最多几条，1 到 200，默认 50。");

const IDEMPOTENCY_KEY: Parameter = Parameter {
    name: "Idempotency-Key",
    place: Place::Header,
    is_required: true,
    form: Form::Code,
    words: "幂等键：业务系统为这份草稿取的唯一编号，例如它自己的稿件号；最多 64 个字母、数字、点和横线。",
};

const JSON: &str = "application/json";

macro_rules! reading {
    ($id:literal, $path:literal, $group:literal, $summary:literal, $words:literal, $parameters:expr, $schema:expr, $failures:expr) => {
        Operation {
            id: $id,
            method: "GET",
            path: $path,
            group: $group,
            summary: $summary,
            words: $words,
            parameters: $parameters,
            body: None,
            success: (200, JSON, Some($schema)),
            failures: $failures,
            scope: None,
        }
    };
}

/// All of them, in the order of the document.
pub fn operations() -> &'static [Operation] {
    static TABLE: OnceLock<Vec<Operation>> = OnceLock::new();
    TABLE.get_or_init(table)
}

/// The operation behind a route.
pub(crate) fn find(method: &str, path: &str) -> Option<&'static Operation> {
    operations().iter().find(|operation| operation.method == method && operation.path == path)
}

fn table() -> Vec<Operation> {
    vec![
        reading!(
            "listEntries",
            "/api/v1/entries",
            "阅读",
            "公开的信息，最新的在前",
            "可以按机关、法定事项、体裁、目录事项、有效性、公开日期和最近变动时间筛选。翻页用答复中的 next，翻到哪一页都一样快。",
            vec![
                BY_AGENCY,
                query(
                    "category",
                    Form::Choice(categories),
                    "法定事项的代码（《条例》第二十条、第二十一条）。"
                ),
                query("theme", Form::Choice(themes), "主题分类（第一级）的代码。"),
                query("genre", Form::Choice(genres), "体裁的代码。"),
                query("line", Form::Code, "目录事项的代码。"),
                query("validity", Form::Choice(validities), "有效性的代码，只有规范性文件有。"),
                query("from", Form::Day, "公开日期从这一天起。"),
                query("to", Form::Day, "公开日期到这一天止。"),
                query("changed_since", Form::Moment, "在这个时刻以后公开或者更新过的。"),
                LIMIT,
                CURSOR,
            ],
            schemas::entry_list,
            &[400]
        ),
        reading!(
            "getEntry",
            "/api/v1/entries/{agency}/{serial}",
            "阅读",
            "一条信息的全部内容",
            "元数据、正文、附件、各个版本、解读与被解读的文件。已撤回的答复 410，说明撤回原因。",
            vec![AGENCY, path("serial", Form::Code, "这条信息")],
            schemas::entry,
            &[400, 404, 410]
        ),
        reading!(
            "listAgencies",
            "/api/v1/agencies",
            "阅读",
            "公开机关",
            "本站的全部公开机关和联系方式。",
            vec![],
            schemas::agency_list,
            &[400]
        ),
        reading!(
            "getAgency",
            "/api/v1/agencies/{agency}",
            "阅读",
            "一个公开机关",
            "名称、联系方式和已公开的条数。",
            vec![AGENCY],
            schemas::agency,
            &[400, 404]
        ),
        reading!(
            "getCatalogue",
            "/api/v1/agencies/{agency}/catalogue",
            "阅读",
            "一个机关的公开目录",
            "每个公开事项的内容、依据、时限、渠道，已公开的条数和最近公开的日期。",
            vec![AGENCY],
            schemas::catalogue,
            &[400, 404]
        ),
        reading!(
            "listDocuments",
            "/api/v1/documents",
            "阅读",
            "规章和行政规范性文件",
            "文件库，最新的在前；现行有效的和已经废止、失效的都在，用 standing 筛选。",
            vec![
                BY_AGENCY,
                query("standing", Form::Choice(standings), "现行有效，或者已经废止、失效。"),
                LIMIT,
                CURSOR
            ],
            schemas::document_list,
            &[400]
        ),
        reading!(
            "listAnnualReports",
            "/api/v1/annual-reports",
            "阅读",
            "政府信息公开工作年度报告",
            "各机关、各年度已公布的报告，最新的年度在前。",
            vec![BY_AGENCY, query("year", YEAR, "年度。")],
            schemas::report_list,
            &[400]
        ),
        reading!(
            "getAnnualReport",
            "/api/v1/annual-reports/{agency}/{year}",
            "阅读",
            "一份年度报告和它的全部数据",
            "figures 是三张表的每一格：零、空白、斜杠和看不清是四种不同的 state，不会混为零。",
            vec![AGENCY, path("year", YEAR, "这个年度")],
            schemas::report,
            &[400, 404]
        ),
        reading!(
            "listGazetteIssues",
            "/api/v1/gazette",
            "阅读",
            "政府公报各期",
            "已出版的各期，最新的在前。",
            vec![],
            schemas::issue_list,
            &[400]
        ),
        reading!(
            "getGazetteIssue",
            "/api/v1/gazette/{agency}/{year}/{number}",
            "阅读",
            "一期政府公报的目次",
            "刊登的各篇文件，按刊登次序。撤回的文件不在其中。",
            vec![
                AGENCY,
                path("year", YEAR, "这一年"),
                path("number", Form::Number { least: 1, most: 999 }, "这一期")
            ],
            schemas::issue,
            &[400, 404]
        ),
        reading!(
            "search",
            "/api/v1/search",
            "阅读",
            "全文检索",
            "与网页检索相同，标题和附件都在内，最相关的在前。",
            vec![
                Parameter {
                    is_required: true,
                    ..query("q", Form::Text { most: 200 }, "要找的词、文号或者索引号。")
                },
                BY_AGENCY,
                query("category", Form::Choice(categories), "法定事项的代码。"),
                query("theme", Form::Choice(themes), "主题分类（第一级）的代码。"),
                query("genre", Form::Choice(genres), "体裁的代码。"),
                query("validity", Form::Choice(validities), "有效性的代码。"),
                query("year", YEAR, "生成的年份。"),
                query("limit", Form::Number { least: 1, most: 50 }, "一页最多几条，1 到 50，默认 20。"),
                query("page", Form::Number { least: 1, most: 50 }, "第几页，1 到 50。"),
            ],
            schemas::search,
            &[400]
        ),
        reading!(
            "listDownloads",
            "/api/v1/downloads",
            "下载",
            "可以整份下载的数据",
            "CSV 供表格软件打开，JSON Lines（每行一个 JSON）供程序读取；分年度的和全部的都有，每份都有 SHA-256 校验值。",
            vec![],
            schemas::download_list,
            &[400]
        ),
        Operation {
            success: (200, "*/*", None),
            ..reading!(
                "getDownload",
                "/api/v1/downloads/{name}",
                "下载",
                "下载一份数据",
                "名称见 listDownloads。名称后面加 .sha256 就是它的校验值，格式与 sha256sum 相同。",
                vec![path("name", Form::Code, "这份数据")],
                schemas::download_list,
                &[400, 404]
            )
        },
        reading!(
            "getOpenApi",
            "/api/v1/openapi.json",
            "阅读",
            "本接口的说明（OpenAPI 3.1）",
            "供程序生成客户端、检查请求和答复。",
            vec![],
            schemas::anything,
            &[400]
        ),
        Operation {
            id: "createDraft",
            method: "POST",
            path: "/api/v1/drafts",
            group: "报送",
            summary: "报送一份草稿",
            words: "草稿记在令牌的负责人名下，由他在工作台核对、送审；经过与手工起草同样的审核才会公开，接口不能直接公开任何内容。\
                    同一个 Idempotency-Key 再次送来同样的内容，答复与第一次相同，不会重复建立。",
            parameters: vec![IDEMPOTENCY_KEY],
            body: Some(schemas::new_draft),
            success: (201, JSON, Some(schemas::draft)),
            failures: &[400, 401, 403, 409, 413, 415, 422],
            scope: Some("drafts:write"),
        },
        Operation {
            scope: Some("drafts:read"),
            ..reading!(
                "getDraft",
                "/api/v1/drafts/{id}",
                "报送",
                "一份草稿办到哪一步",
                "只能查询令牌所属机关的草稿。公开以后 index_number 是它的索引号。",
                vec![path("id", Form::Code, "这份草稿")],
                schemas::draft,
                &[400, 401, 403, 404]
            )
        },
    ]
}
