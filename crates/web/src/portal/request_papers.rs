//! 申请表和办理流程图 — to be printed, filled in by hand, and sent or brought.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::requests::DeliveryForm;
use gongkai_statute::applicants::ApplicantColumn;
use gongkai_statute::parameters::Parameter;
use gongkai_typeset::Writing;
use gongkai_typeset::writing::{Block, Table, TableCell};
use jiff::civil::Date;

use crate::errors::PageError;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::paper;
use crate::state::App;

/// One step of the procedure.
#[derive(Debug, Clone)]
pub struct Step {
    pub title: &'static str,
    pub text: String,
    pub time: String,
    pub provision: &'static str,
    /// What may happen besides.
    pub branches: Vec<(&'static str, String)>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/requests/procedure.html")]
pub struct ProcedurePage {
    pub chrome: Chrome,
    pub steps: Vec<Step>,
    /// Words and ending of the printed form.
    pub files: Vec<(&'static str, &'static str)>,
}

pub(crate) async fn procedure(
    State(app): State<App>,
    page: PageContext,
) -> Result<impl IntoResponse, PageError> {
    let chrome = page.chrome(Section::Requests).crumb("首页", "/").crumb("依申请公开", "/requests");
    html(&ProcedurePage::of(chrome, app.today()))
}

impl ProcedurePage {
    fn of(chrome: Chrome, today: Date) -> ProcedurePage {
        ProcedurePage { chrome: chrome.here("办理流程"), steps: steps(today), files: files() }
    }

    pub fn sample() -> ProcedurePage {
        let chrome = Chrome::sample(Section::Requests).crumb("首页", "/").crumb("依申请公开", "/requests");
        ProcedurePage::of(chrome, jiff::civil::date(2026, 3, 2))
    }
}

pub(crate) fn files() -> Vec<(&'static str, &'static str)> {
    Writing::formats().map(|format| (format.label(), format.extension())).collect()
}

/// The form or the chart as a file, by the ending its address has.
pub(crate) async fn download(
    State(app): State<App>,
    Path((which, extension)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let writing = match which.as_str() {
        "form" => form(&app.site.organisation),
        "procedure" => chart(&app.site.organisation, app.today()),
        _ => return Err(PageError::NotFound),
    };
    paper::download_writing(&app, writing, &extension, app.today()).await
}

fn days(parameter: Parameter, today: Date) -> u32 {
    parameter.on(today).unwrap_or(parameter.current()).value
}

/// 流程, with the periods of today's law.
fn steps(today: Date) -> Vec<Step> {
    let reply = days(Parameter::ReplyWorkingDays, today);
    let extension = days(Parameter::ExtensionWorkingDaysMax, today);
    let supplement = days(Parameter::SupplementNoticeWorkingDays, today);
    vec![
        Step {
            title: "提出申请",
            text: "网上、当面、邮寄、传真或者电子邮件；书写有困难的可以口头提出，由工作人员代填。写明姓名或者名称、身份证明、联系方式，所需信息的名称、文号或者特征，以及形式要求。".into(),
            time: "随时".into(),
            provision: "《条例》第二十九条",
            branches: Vec::new(),
        },
        Step {
            title: "收到、登记",
            text: "当面提交的，提交之日；邮寄的，签收之日；平常信函、网上、传真的，双方确认之日为收到申请之日。".into(),
            time: "当日".into(),
            provision: "《条例》第三十一条",
            branches: vec![(
                "内容不明确",
                format!("{supplement} 个工作日内一次性告知补正；收到补正之日起期限重新计算。无正当理由逾期不补正的，视为放弃申请。"),
            )],
        },
        Step {
            title: "检索、审查",
            text: "查找信息，审查能不能公开。能够当场答复的，当场答复。".into(),
            time: format!("收到之日起 {reply} 个工作日内答复"),
            provision: "《条例》第十七条、第三十三条",
            branches: vec![
                ("涉及第三方", "书面征求第三方意见，第三方十五个工作日内提出意见；所需时间不计算在期限内。".into()),
                ("共同制作的信息", "征求相关机关意见，十五个工作日内提出；逾期不提出的视为同意公开。".into()),
                ("需要延长", format!("经负责人同意并告知申请人，最多延长 {extension} 个工作日。")),
                ("数量、频次明显过多", "可以要求说明理由；可以收取信息处理费。".into()),
            ],
        },
        Step {
            title: "答复",
            text: "予以公开、部分公开、不予公开、无法提供或者不予处理，写明理由、依据和救济途径，按申请人要求的形式提供。".into(),
            time: "期限届满之前".into(),
            provision: "《条例》第三十六条至第四十条",
            branches: Vec::new(),
        },
        Step {
            title: "不服的",
            text: "可以申请行政复议或者提起行政诉讼；对不予公开的决定，先申请行政复议。认为没有依法公开的，可以投诉、举报。".into(),
            time: "复议六十日内，诉讼六个月内".into(),
            provision: "《条例》第五十一条，《行政复议法》第二十条、第二十三条",
            branches: Vec::new(),
        },
    ]
}

/// 政府信息公开申请表.
fn form(organisation: &str) -> Writing {
    let head = |text: &str| TableCell::header(text);
    let empty = || TableCell::new("\u{3000}");
    let box_of = |text: &str| format!("□ {text}");
    let kinds: Vec<String> = ApplicantColumn::ALL
        .iter()
        .filter(|kind| kind.is_organization())
        .map(|kind| box_of(kind.label()))
        .collect();
    let deliveries: Vec<String> = DeliveryForm::ALL.iter().map(|form| box_of(form.label())).collect();
    let tall = |text: &str, lines: usize| TableCell::new(format!("{text}{}", "\n\u{3000}".repeat(lines)));
    let rows = vec![
        vec![head("向哪个机关申请"), empty().across(3)],
        vec![head("公民\n姓名"), empty(), head("证件名称\n和号码"), empty()],
        vec![head("法人或者其他组织\n名称"), empty(), head("统一社会\n信用代码"), empty()],
        vec![head("组织的类别"), TableCell::new(kinds.join("　")).across(3)],
        vec![head("联系人或者\n代理人"), empty(), head("联系电话"), empty()],
        vec![head("电子邮箱"), empty(), head("邮政编码"), empty()],
        vec![head("通信地址"), empty().across(3)],
        vec![
            head("所需政府信息"),
            tall("（名称、文号，或者便于查询的其他特征：时间、事项、地点、制作机关）", 3).across(3),
        ],
        vec![head("获取信息的\n形式和途径"), TableCell::new(deliveries.join("\n")).across(3)],
        vec![
            head("需要的帮助"),
            TableCell::new("□ 有阅读困难或者视听障碍，需要：　　　　　　　　").across(3),
        ],
        vec![
            head("随附材料"),
            TableCell::new("□ 身份证明　□ 授权委托书和代理人身份证明　□ 其他：").across(3),
        ],
        vec![head("申请人签名\n或者盖章"), empty(), head("申请日期"), TableCell::new("　　年　　月　　日")],
        vec![
            head("以下由受理机关填写"),
            TableCell::new("收到方式：　　　　　收到申请之日：　　　　　编号：　　　　　经办人：").across(3),
        ],
    ];
    Writing {
        title: "政府信息公开申请表".into(),
        author: organisation.into(),
        blocks: vec![
            Block::Title("政府信息公开申请表".into()),
            Block::Table(Table { caption: String::new(), columns: vec![22, 34, 16, 28], rows }),
            Block::paragraph(
                "说明：一、依照《中华人民共和国政府信息公开条例》第二十九条填写，不需要说明用途。二、一件申请请只写一个事项。\
                 三、当面提交的，提交之日为收到之日；邮寄的请在信封上注明“政府信息公开申请”。四、书写有困难的，可以口头提出，由工作人员代为填写。",
            ),
        ],
    }
}

/// 办理流程图 as a table from top to bottom.
fn chart(organisation: &str, today: Date) -> Writing {
    let mut rows = vec![["环节", "做什么", "时间", "依据"].map(TableCell::header).to_vec()];
    for (number, step) in (1..).zip(steps(today)) {
        let mut text = step.text;
        for (when, what) in step.branches {
            text += &format!("\n◇ {when}：{what}");
        }
        rows.push(vec![
            TableCell::header(format!("{number}. {}", step.title)),
            TableCell::new(text),
            TableCell::new(step.time),
            TableCell::new(step.provision),
        ]);
    }
    Writing {
        title: "政府信息公开申请办理流程图".into(),
        author: organisation.into(),
        blocks: vec![
            Block::Title("政府信息公开申请办理流程图".into()),
            Block::Table(Table { caption: String::new(), columns: vec![16, 50, 16, 18], rows }),
        ],
    }
}
