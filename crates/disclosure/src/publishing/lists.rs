//! Closed lists of the room.

use gongkai_statute::closed_list;

closed_list! {
    /// 公开属性 — disclosure class, one and only one per entry. 《条例》第十三条至第十六条.
    pub enum DisclosureClass {
        /// 主动公开.
        Proactive = "proactive", "主动公开";
        /// 依申请公开.
        OnRequest = "on_request", "依申请公开";
        /// 不予公开.
        NotDisclosed = "not_disclosed", "不予公开";
    }
}

closed_list! {
    /// 有效性 — whether a normative document still holds.
    pub enum Validity {
        /// 现行有效.
        InForce = "in_force", "现行有效";
        /// 废止.
        Repealed = "repealed", "废止";
        /// 失效.
        Lapsed = "lapsed", "失效";
    }
}

closed_list! {
    /// 体裁 — what kind of document an entry is.
    pub enum Genre {
        /// 行政规范性文件.
        NormativeDocument = "normative_document", "行政规范性文件";
        /// 政策文件.
        Policy = "policy", "政策文件";
        /// 政策解读.
        Interpretation = "interpretation", "政策解读";
        /// 规划计划.
        Plan = "plan", "规划计划";
        /// 财政预决算.
        Budget = "budget", "财政预决算";
        /// 统计信息.
        Statistics = "statistics", "统计信息";
        /// 机构职能.
        Organization = "organization", "机构职能";
        /// 人事信息.
        Personnel = "personnel", "人事信息";
        /// 通知公告.
        Notice = "notice", "通知公告";
        /// 办事指南.
        Guide = "guide", "办事指南";
        /// 行政执法公示.
        Enforcement = "enforcement", "行政执法公示";
        /// 行政事业性收费.
        Fees = "fees", "行政事业性收费";
        /// 政府采购.
        Procurement = "procurement", "政府采购";
        /// 重大建设项目.
        Project = "project", "重大建设项目";
        /// 社会救助与民生保障.
        Assistance = "assistance", "社会救助与民生保障";
        /// 应急管理.
        Emergency = "emergency", "应急管理";
        /// 监督检查.
        Inspection = "inspection", "监督检查";
        /// 土地与房屋征收.
        Expropriation = "expropriation", "土地与房屋征收";
        /// 政府信息公开指南、目录.
        Catalogue = "catalogue", "公开指南和目录";
        /// 政府信息公开制度.
        DisclosureRules = "disclosure_rules", "公开制度";
        /// 政府信息公开工作年度报告.
        AnnualReport = "annual_report", "年度报告";
        /// 工作动态.
        Dynamic = "dynamic", "工作动态";
    }
}

impl Genre {
    /// Whether the document's validity and number belong to its record.
    pub const fn has_validity(self) -> bool {
        matches!(self, Genre::NormativeDocument)
    }
}

closed_list! {
    /// 主题分类 — the first level, as the documents of the central government are sorted.
    pub enum Theme {
        /// 国务院组织机构.
        CentralBodies = "central_bodies", "国务院组织机构";
        /// 综合政务.
        GeneralAffairs = "general_affairs", "综合政务";
        /// 国民经济管理、国有资产监管.
        Economy = "economy", "国民经济管理、国有资产监管";
        /// 财政、金融、审计.
        Finance = "finance", "财政、金融、审计";
        /// 国土资源、能源.
        Land = "land", "国土资源、能源";
        /// 农业、林业、水利.
        Agriculture = "agriculture", "农业、林业、水利";
        /// 工业、交通.
        Industry = "industry", "工业、交通";
        /// 商贸、海关、旅游.
        Commerce = "commerce", "商贸、海关、旅游";
        /// 市场监管、安全生产监管.
        Market = "market", "市场监管、安全生产监管";
        /// 城乡建设、环境保护.
        Construction = "construction", "城乡建设、环境保护";
        /// 科技、教育.
        Education = "education", "科技、教育";
        /// 文化、广电、新闻出版.
        Culture = "culture", "文化、广电、新闻出版";
        /// 卫生、体育.
        Health = "health", "卫生、体育";
        /// 人口与计划生育、妇女儿童工作.
        Population = "population", "人口与计划生育、妇女儿童工作";
        /// 劳动、人事、监察.
        Labor = "labor", "劳动、人事、监察";
        /// 公安、安全、司法.
        Justice = "justice", "公安、安全、司法";
        /// 民政、扶贫、救灾.
        CivilAffairs = "civil_affairs", "民政、扶贫、救灾";
        /// 民族、宗教.
        Ethnic = "ethnic", "民族、宗教";
        /// 对外事务.
        Foreign = "foreign", "对外事务";
        /// 港澳台侨工作.
        HongKong = "hong_kong", "港澳台侨工作";
        /// 国防.
        Defense = "defense", "国防";
        /// 其他.
        Other = "other", "其他";
    }
}

/// 主题分类 in words: both levels, as they are printed.
pub fn theme_words(theme: &str, subtheme: &str) -> String {
    let first = Theme::from_code(theme).map_or("", Theme::label);
    match (first.is_empty(), subtheme.is_empty()) {
        (_, true) => first.to_owned(),
        (true, false) => subtheme.to_owned(),
        (false, false) => format!("{first}\\{subtheme}"),
    }
}

closed_list! {
    /// 撤回原因 — why an entry was taken off the site.
    pub enum WithdrawalClass {
        /// 内容有误.
        Mistaken = "mistaken", "内容有误";
        /// 已失去时效.
        OutOfDate = "out_of_date", "已失去时效";
        /// 重复发布.
        Duplicate = "duplicate", "重复发布";
        /// 第三方权益. 《条例》第十五条.
        ThirdPartyRights = "third_party_rights", "涉及商业秘密或者个人隐私";
        /// 不得公开. 《条例》第十四条.
        NotToBeDisclosed = "not_to_be_disclosed", "依法不予公开";
        /// 原决定变更或者撤销.
        DecisionEnded = "decision_ended", "原决定已变更、撤销或者确认违法、无效";
        /// 紧急发布后审查未通过.
        ReviewFailed = "review_failed", "紧急发布后审查未通过";
        /// 公示期满.
        PublicityEnded = "publicity_ended", "公示期满";
    }
}

closed_list! {
    /// 版本状态 — where an edition is on its way out.
    pub enum EditionState {
        /// 起草中.
        Drafting = "drafting", "起草中";
        /// 审查中.
        InReview = "in_review", "审查中";
        /// 已退回.
        Returned = "returned", "已退回";
        /// 已签发.
        Signed = "signed", "已签发";
        /// 已发布.
        Released = "released", "已发布";
        /// 已被新版本取代.
        Superseded = "superseded", "已被取代";
    }
}

/// What can happen to an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditionEvent {
    /// Content or attachments are changed.
    Write,
    Submit,
    /// A stage sends it back.
    Return,
    /// The office takes its submission back.
    TakeBack,
    /// The last stage signs.
    Sign,
    Release,
    /// A newer edition is released.
    Supersede,
}

impl EditionEvent {
    pub const ALL: [EditionEvent; 7] = [
        EditionEvent::Write,
        EditionEvent::Submit,
        EditionEvent::Return,
        EditionEvent::TakeBack,
        EditionEvent::Sign,
        EditionEvent::Release,
        EditionEvent::Supersede,
    ];

    const fn label(self) -> &'static str {
        match self {
            EditionEvent::Write => "修改",
            EditionEvent::Submit => "送审",
            EditionEvent::Return => "退回",
            EditionEvent::TakeBack => "撤回送审",
            EditionEvent::Sign => "签发",
            EditionEvent::Release => "发布",
            EditionEvent::Supersede => "取代",
        }
    }
}

impl EditionState {
    /// The state machine: where an event leads, or why it cannot happen here.
    pub fn after(self, event: EditionEvent) -> Result<EditionState, super::PublishingRefusal> {
        use EditionEvent as E;
        use EditionState as S;
        match (self, event) {
            (state @ (S::Drafting | S::Returned), E::Write) => Ok(state),
            (S::Drafting | S::Returned, E::Submit) => Ok(S::InReview),
            (S::InReview, E::Return) => Ok(S::Returned),
            (S::InReview, E::TakeBack) => Ok(S::Drafting),
            (S::InReview, E::Sign) => Ok(S::Signed),
            (S::Signed, E::Release) => Ok(S::Released),
            (S::Released, E::Supersede) => Ok(S::Superseded),
            (state, event) => Err(super::PublishingRefusal::NotInThisState { state, wanted: event.label() }),
        }
    }

    /// Whether the content may still be written at.
    pub fn is_open(self) -> bool {
        self.after(EditionEvent::Write).is_ok()
    }
}
