//! 审计 — who changed what and when, the story of one record, and whether the chain is whole.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use gongkai_disclosure::accounts::{self, Agency, Permission as P, Staff};
use gongkai_disclosure::audit::{self, Link as ChainLink, Verdict};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::time::shown_text;
use serde::Deserialize;

use crate::auth::Signed;
use crate::components::Field;
use crate::errors::PageError;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::state::App;

const PER_PAGE: i64 = 50;

/// One change.
#[derive(Debug, Clone)]
pub struct ChangeRow {
    pub seq: i64,
    pub at: String,
    pub by: String,
    pub agency: String,
    pub act: String,
    /// The story of the record that was changed; none for changes of the whole.
    pub history: Option<String>,
    pub detail: String,
    pub hash: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/audit/changes.html")]
pub struct ChangesPage {
    pub chrome: Chrome,
    pub agency_field: Field,
    pub rows: Vec<ChangeRow>,
    pub older: Option<String>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/audit/record.html")]
pub struct RecordPage {
    pub chrome: Chrome,
    pub rows: Vec<ChangeRow>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/audit/chain.html")]
pub struct ChainPage {
    pub chrome: Chrome,
    pub is_whole: bool,
    pub verdict: String,
    pub head: String,
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    agency: String,
    before: Option<i64>,
}

/// Whether this person reads the changes of the agency: at the agency itself or at the one above it.
pub(super) fn may_read(staff: &Staff, agency: &Agency) -> bool {
    let above = agency.parent_id.as_deref();
    [Some(agency.id.as_str()), above].into_iter().flatten().any(|at| staff.may(P::ReadAudit, at))
}

pub(crate) async fn changes(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let agencies = accounts::agencies(&mut conn).await?;
    let readable: Vec<&Agency> = agencies.iter().filter(|agency| may_read(&staff, agency)).collect();
    // Changes of no agency at all are shown to those only who read those of every agency.
    let reads_all = readable.len() == agencies.len();
    let agency = match chosen.agency.as_str() {
        "" if reads_all => None,
        "" => Some(*readable.first().ok_or(PageError::Forbidden)?),
        code => Some(*readable.iter().find(|agency| agency.code == code).ok_or(PageError::NotFound)?),
    };
    let links =
        audit::newest(&mut conn, agency.map(|agency| agency.id.as_str()), chosen.before, PER_PAGE).await?;
    let code = agency.map_or("", |agency| agency.code.as_str());
    let older = links
        .last()
        .filter(|link| link.seq > 1 && links.len() as i64 == PER_PAGE)
        .map(|link| format!("/console/audit?agency={code}&before={}", link.seq));
    let mut choices = Vec::new();
    if reads_all {
        choices.push((String::new(), "全部机关".to_owned()));
    }
    choices.extend(readable.iter().map(|agency| (agency.code.clone(), agency.name.clone())));
    html(&ChangesPage {
        chrome: page.chrome(Section::Audit).crumb("工作台", "/console").here("审计"),
        agency_field: Field::select("agency", "机关", choices).value(code).width("w-m"),
        rows: links.iter().map(|link| row(link, &agencies)).collect(),
        older,
    })
}

fn row(link: &ChainLink, agencies: &[Agency]) -> ChangeRow {
    let agency = agencies.iter().find(|agency| agency.id == link.agency_id);
    ChangeRow {
        seq: link.seq,
        at: shown_text(&link.at),
        by: link.actor_name.clone(),
        agency: agency.map(|agency| agency.name.clone()).unwrap_or_default(),
        act: act_in_words(&link.room, &link.act),
        history: (!link.subject_id.is_empty()).then(|| format!("/console/audit/records/{}", link.subject_id)),
        detail: if link.detail == "{}" { String::new() } else { link.detail.clone() },
        hash: link.hash.chars().take(12).collect(),
    }
}

pub(crate) async fn record(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(subject): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let agencies = accounts::agencies(&mut conn).await?;
    let links = history(&mut conn, &staff, &agencies, &subject).await?;
    html(&RecordPage {
        chrome: page
            .chrome(Section::Audit)
            .crumb("工作台", "/console")
            .crumb("审计", "/console/audit")
            .here("一条记录的经过"),
        rows: links.iter().map(|link| row(link, &agencies)).collect(),
    })
}

async fn history(
    conn: &mut Conn,
    staff: &Staff,
    agencies: &[Agency],
    subject: &str,
) -> Result<Vec<ChainLink>, PageError> {
    let mut links = audit::history(conn, subject).await?;
    links.retain(|link| {
        let agency = agencies.iter().find(|agency| agency.id == link.agency_id);
        agency.is_none_or(|agency| may_read(staff, agency))
    });
    if links.is_empty() { Err(PageError::NotFound) } else { Ok(links) }
}

pub(crate) async fn chain(
    State(app): State<App>,
    page: PageContext,
    _: Signed,
) -> Result<impl IntoResponse, PageError> {
    let verdict = audit::verify(&mut *app.db.read().await?).await?;
    let chrome =
        page.chrome(Section::Audit).crumb("工作台", "/console").crumb("审计", "/console/audit").here("校验");
    html(&match verdict {
        Verdict::Whole { links, head } => ChainPage {
            chrome,
            is_whole: true,
            verdict: format!("{links} 条改动记录逐条相连，没有一条被改动、删除或者替换。"),
            head,
        },
        Verdict::Broken { seq, fault } => ChainPage {
            chrome,
            is_whole: false,
            verdict: format!(
                "从第 {seq} 条起不可信：{fault}。请保留数据库现状，从备份中核对该条之后的记录。"
            ),
            head: String::new(),
        },
    })
}

/// What was done, in words. A test holds this list against the acts the rooms record.
pub fn act_in_words(room: &str, act: &str) -> String {
    known_act(room, act).map_or_else(|| format!("{room}.{act}"), str::to_owned)
}

/// The words of an act that is known.
pub fn known_act(room: &str, act: &str) -> Option<&'static str> {
    Some(match (room, act) {
        ("accounts", "agency_added") => "新增机关",
        ("accounts", "user_added") => "开设账号",
        ("accounts", "password_set") => "重设密码",
        ("accounts", "user_stopped") => "停用账号",
        ("accounts", "user_restored") => "恢复账号",
        ("accounts", "login_failed") => "登录失败",
        ("accounts", "logged_in") => "登录",
        ("accounts", "logged_out") => "退出",
        ("reporting", "document_added") => "登记规范性文件",
        ("reporting", "document_ended") => "登记废止或者失效",
        ("reporting", "decision_added") => "登记行政决定",
        ("reporting", "fee_added") => "登记收费",
        ("reporting", "text_saved") => "撰写年度报告文字",
        ("reporting", "text_followed") => "年度报告文字跟随台账",
        ("reporting", "template_saved") => "保存年度报告模板",
        ("reporting", "activity_added") => "登记工作记录",
        ("reporting", "report_drafted") => "起草年度报告",
        ("reporting", "adjustment_proposed") => "提出年报数字调整",
        ("reporting", "adjustment_confirmed") => "确认年报数字调整",
        ("reporting", "adjustment_ended") => "撤销年报数字调整",
        ("reporting", "finding_judged") => "处理年报自查意见",
        ("reporting", "submission_prepared") => "年报送审",
        ("reporting", "submission_sent") => "年报审核报送",
        ("reporting", "submission_declined") => "年报本机关退回",
        ("reporting", "submission_returned") => "年报上级退回",
        ("reporting", "submission_accepted") => "年报上级通过",
        ("reporting", "correction_drafted") => "起草年报更正",
        ("reporting", "year_frozen") => "冻结年终数据",
        ("gazette", "begun") => "编辑新一期公报",
        ("gazette", "item_added") => "文件编入公报",
        ("gazette", "item_removed") => "文件移出公报",
        ("gazette", "published") => "公报出刊",
        ("registers", "document_term_set") => "设定文件有效期",
        ("registers", "document_amended") => "登记文件修改",
        ("registers", "document_linked") => "关联文件公开页面",
        ("registers", "document_lapsed") => "有效期届满，文件失效",
        ("registers", "document_imported") => "导入更新规范性文件",
        ("registers", "decision_imported") => "导入更新行政决定",
        ("registers", "proposal_imported") => "导入更新建议提案",
        ("registers", "budget_added") => "登记预算决算",
        ("registers", "budget_linked") => "关联预算决算公开页面",
        ("registers", "proposal_added") => "登记建议提案",
        ("registers", "proposal_linked") => "关联建议提案答复",
        ("privacy", "viewed") => "查看申请人个人信息",
        ("privacy", "listed") => "导出申请人联系方式",
        ("privacy", "evidence_added") => "补充申请材料",
        ("privacy", "file_opened") => "打开申请材料",
        ("privacy", "sealed_again") => "更换密钥重新加密",
        ("retention", "packed") => "生成档案移交包",
        ("retention", "accepted") => "登记档案接收",
        ("retention", "term_set") => "设定保管期限",
        ("retention", "destruction_proposed") => "提出销毁清册",
        ("retention", "destruction_approved") => "批准销毁",
        ("retention", "destroyed") => "销毁个人信息",
        ("publishing", "period_set") => "设定公示期",
        ("publicity", "list_imported") => "导入公示名单",
        ("calendars", "proposed") => "录入放假安排",
        ("calendars", "adopted") => "启用放假安排",
        ("calendars", "dismissed") => "不采用放假安排",
        ("requests", "escalation_set") => "设置到期提醒",
        ("requests", "recounted") => "按放假安排重算期限",
        ("reassessment", "assessed") => "定期评估审查",
        ("publishing", "paired") => "配对政策解读",
        ("publishing", "partner_changed") => "配对的信息有变动",
        ("publishing", "unpaired") => "取消解读配对",
        ("connections", "token_made") => "建立接口令牌",
        ("connections", "token_revoked") => "撤销接口令牌",
        ("connections", "draft_received") => "业务系统报送草稿",
        ("connections", "webhook_added") => "建立通知",
        ("connections", "webhook_stopped") => "停用通知",
        ("connections", "webhook_replayed") => "重新发送通知",
        ("interaction", "submitted") => "收到来信",
        ("interaction", "call_recorded") => "登记来电",
        ("interaction", "replied") => "答复来信",
        ("oversight", "rectification_demanded") => "发出整改要求",
        ("oversight", "rectification_answered") => "反馈整改情况",
        ("oversight", "rectification_closed") => "整改办结",
        ("oversight", "rectification_sent_back") => "退回继续整改",
        ("review", "opened") => "送审",
        ("review", "signed") => "审核签字",
        ("review", "returned") => "退回修改",
        ("review", "withdrawn") => "撤回送审",
        ("review", "chain_set") => "设置审核程序",
        ("review", "important_genres_set") => "设置重要信息的体裁",
        ("review", "deputy_appointed") => "设置代理审核",
        ("review", "deputy_ended") => "结束代理审核",
        ("requests", event) => gongkai_disclosure::requests::Event::from_code(event)?.label(),
        ("letters", "drafted") => "起草文书",
        ("letters", "redrafted") => "重新起草文书",
        ("letters", "issued") => "发出文书",
        ("letters", "template_set") => "设置文书模板",
        ("letters", "sealed") => "上传盖章件",
        ("grievances", "submitted") => "收到投诉举报或者更正申请",
        ("grievances", "registered") => "登记投诉举报或者更正申请",
        ("grievances", "concluded") => "办结投诉举报或者更正申请",
        ("disclosure_log", "proposed") => "起草转为主动公开的信息",
        ("enclosures", "added") => "添加随答复提供的文件",
        ("enclosures", "removed") => "移除随答复提供的文件",
        ("redaction", "begun") => "开始遮盖",
        ("redaction", "marked") => "保存遮盖标记",
        ("redaction", "discarded") => "放弃遮盖",
        ("redaction", "applied") => "完成遮盖",
        ("remedies", "registered") => "登记复议诉讼案件",
        ("remedies", "concluded") => "登记审理结果",
        ("remedies", "carried_out") => "登记履行情况",
        ("publishing", "drafted") => "起草信息",
        ("publishing", "revision_started") => "开始修订",
        ("publishing", "moved") => "更换目录事项",
        ("publishing", "saved") => "保存草稿",
        ("publishing", "draft_deleted") => "删除草稿",
        ("publishing", "posted") => "登记渠道发布",
        ("publishing", "posting_voided") => "作废渠道发布记录",
        ("publishing", "release_time_set") => "定时发布",
        ("publishing", "release_time_cleared") => "取消定时发布",
        ("publishing", "release_refused") => "定时发布未通过",
        ("publishing", "class_opinion_rule_set") => "设置意见表要求",
        ("publishing", "class_proposed") => "提出公开属性意见",
        ("publishing", "class_decided") => "签署公开属性意见",
        ("publishing", "account_post_asked") => "提出发布到政务新媒体",
        ("publishing", "account_post_failed") => "政务新媒体没有发布",
        ("publishing", "copy_removal_asked") => "要求撤下副本",
        ("publishing", "copy_removed") => "平台已删除副本",
        ("publishing", "copy_removal_refused") => "副本改为人工撤下",
        ("publishing", "copy_removal_confirmed") => "确认副本已撤下",
        ("publishing", "index_rule_set") => "设置编号规则",
        ("publishing", "index_numbers_reserved") => "预留索引号",
        ("publishing", "index_number_given") => "预先编号",
        ("publishing", "emergency_asked") => "申请紧急发布",
        ("publishing", "emergency_signed") => "签署紧急发布",
        ("publishing", "emergency_concluded") => "紧急发布的审查办结",
        ("publishing", "attached") => "添加附件",
        ("publishing", "detached") => "移除附件",
        ("publishing", "submitted") => "提交审核",
        ("publishing", "released") => "公开发布",
        ("publishing", "withdrawn") => "撤下信息",
        ("search", "rebuild_asked") => "要求重建检索索引",
        ("search", "rebuilt") => "重建检索索引",
        ("subscriptions", "asked") => "订阅检索（待确认）",
        ("subscriptions", "confirmed") => "确认订阅检索",
        ("subscriptions", "ended") => "退订检索",
        ("catalogue", "installed") => "设置公开目录",
        ("catalogue", "added") => "添加目录事项",
        ("catalogue", "changed") => "修改目录事项",
        ("catalogue", "retired") => "停用目录事项",
        ("catalogue", "restored") => "恢复目录事项",
        ("word_check", "exception_asked") => "申请检查例外",
        ("word_check", "exception_agreed") => "同意检查例外",
        ("word_check", "exception_ended") => "取消检查例外",
        ("word_check", "words_put") => "更新错敏字名单",
        ("word_check", "word_removed") => "移除错敏字词条",
        ("accounts", "email_set") => "修改电子邮箱",
        ("mail", "posted") => "寄出邮件",
        ("mail", "sent") => "邮件已发出",
        ("demo", _) => "准备演示数据",
        _ => return None,
    })
}

fn sample_chrome() -> Chrome {
    Chrome::console_sample(Section::Audit).crumb("工作台", "/console").here("审计")
}

fn sample_rows() -> Vec<ChangeRow> {
    vec![ChangeRow {
        seq: 1042,
        at: "2026-11-02 09:12".into(),
        by: "林晓禾".into(),
        agency: "云溪镇人民政府".into(),
        act: act_in_words("reporting", "fee_added"),
        history: Some("/console/audit/records/1".into()),
        detail: "{\"item\":\"占道费\"}".into(),
        hash: "9f2c71ae03bd".into(),
    }]
}

impl ChangesPage {
    pub fn sample() -> ChangesPage {
        ChangesPage {
            chrome: sample_chrome(),
            agency_field: Field::select("agency", "机关", [("", "全部机关")]).value(""),
            rows: sample_rows(),
            older: Some("/console/audit?before=1042".into()),
        }
    }
}

impl RecordPage {
    pub fn sample() -> RecordPage {
        RecordPage { chrome: sample_chrome(), rows: sample_rows() }
    }
}

impl ChainPage {
    pub fn sample() -> ChainPage {
        ChainPage {
            chrome: sample_chrome(),
            is_whole: true,
            verdict: "1042 条改动记录逐条相连，没有一条被改动、删除或者替换。".into(),
            head: "9f2c71ae03bd".into(),
        }
    }

    pub fn sample_broken() -> ChainPage {
        let verdict = format!("从第 17 条起不可信：{}。", audit::Fault::Altered);
        ChainPage { is_whole: false, verdict, ..ChainPage::sample() }
    }
}
