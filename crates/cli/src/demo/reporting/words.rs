//! What stands in the registers, letters and reports of the demo. All invented.

use gongkai_disclosure::oversight::Concern;
use gongkai_disclosure::reporting::TextPart;

/// A document of the register.
pub(super) struct Document {
    pub(super) title: &'static str,
    pub(super) number: &'static str,
    pub(super) issued_on: &'static str,
    /// How and when it ended.
    pub(super) ended: Option<(&'static str, &'static str)>,
}

const fn document(title: &'static str, number: &'static str, issued_on: &'static str) -> Document {
    Document { title, number, issued_on, ended: None }
}

const fn ended(document: Document, how: &'static str, on: &'static str) -> Document {
    Document { ended: Some((how, on)), ..document }
}

const DOCUMENTS_OF_OFFICE: &[Document] = &[
    document("青禾区政务公开工作规定", "青禾政办规〔2020〕2号", "2020-06-18"),
    ended(
        document("青禾区政府网站和政务新媒体管理暂行办法", "青禾政办规〔2019〕4号", "2019-09-02"),
        "repealed",
        "2025-04-10",
    ),
    document("青禾区行政规范性文件制定和监督管理办法", "青禾政办规〔2021〕1号", "2021-03-11"),
    ended(
        document("青禾区促进服务业恢复发展若干措施", "青禾政办规〔2022〕3号", "2022-07-01"),
        "lapsed",
        "2023-12-31",
    ),
    document("青禾区政府网站和政务新媒体管理办法", "青禾政办规〔2025〕1号", "2025-04-10"),
    document("青禾区重大行政决策目录管理办法", "青禾政办规〔2025〕2号", "2025-09-15"),
    document("青禾区政府信息公开审查办法", "青禾政办规〔2026〕1号", "2026-05-20"),
];

const DOCUMENTS_OF_FINANCE: &[Document] = &[
    document("青禾区区级财政专项资金管理办法", "青禾财规〔2021〕1号", "2021-08-05"),
    ended(
        document("青禾区会议费和培训费管理办法", "青禾财规〔2018〕2号", "2018-05-14"),
        "repealed",
        "2025-01-20",
    ),
    document("青禾区会议费和培训费管理办法（修订）", "青禾财规〔2025〕1号", "2025-01-20"),
    document("青禾区政府采购履约验收管理办法", "青禾财规〔2026〕1号", "2026-03-30"),
];

const DOCUMENTS_OF_CIVIL_AFFAIRS: &[Document] = &[
    document("青禾区特困人员救助供养实施细则", "青禾民规〔2020〕1号", "2020-11-09"),
    ended(document("青禾区临时救助实施办法", "青禾民规〔2017〕3号", "2017-10-26"), "repealed", "2025-06-12"),
    document("青禾区养老服务补贴管理办法", "青禾民规〔2022〕1号", "2022-04-21"),
    document("青禾区临时救助实施办法", "青禾民规〔2025〕1号", "2025-06-12"),
];

const DOCUMENTS_OF_SONGXI: &[Document] = &[
    document("松溪镇村民住宅建设管理办法", "松溪政规〔2022〕1号", "2022-05-16"),
    ended(
        document("松溪镇农村道路养护管理办法", "松溪政规〔2019〕1号", "2019-04-08"),
        "repealed",
        "2025-03-27",
    ),
    document("松溪镇农村公路和村道养护办法", "松溪政规〔2025〕1号", "2025-03-27"),
];

const DOCUMENTS_OF_BAILU: &[Document] =
    &[document("白鹭镇湖岸环境管理办法", "白鹭政规〔2023〕1号", "2023-02-22")];

const DOCUMENTS_OF_LIUAN: &[Document] =
    &[document("柳岸街道物业服务协调办法", "柳岸办规〔2024〕1号", "2024-12-19")];

pub(super) fn documents_of(agency: &str) -> &'static [Document] {
    match agency {
        "office" => DOCUMENTS_OF_OFFICE,
        "finance" => DOCUMENTS_OF_FINANCE,
        "civil-affairs" => DOCUMENTS_OF_CIVIL_AFFAIRS,
        "songxi" => DOCUMENTS_OF_SONGXI,
        "bailu" => DOCUMENTS_OF_BAILU,
        "liuan" => DOCUMENTS_OF_LIUAN,
        _ => &[],
    }
}

/// A kind of decision an agency makes: the word of its numbers, how many a month, about what.
pub(super) struct Matter {
    pub(super) kind: &'static str,
    pub(super) word: &'static str,
    pub(super) in_a_month: (i64, i64),
    pub(super) subjects: &'static [&'static str],
}

const BUILDING: &[&str] =
    &["乡村建设规划许可（住宅翻建）", "乡村建设规划许可（住宅新建）", "临时占用乡村道路许可"];
const STREET: &[&str] = &["占道经营", "未按规定堆放建筑垃圾", "擅自张贴广告", "未按规定分类投放生活垃圾"];
const REMOVAL: &[&str] = &["责令限期拆除后的强制拆除", "代为清理违法堆放物"];

pub(super) fn matters_of(agency: &str) -> &'static [Matter] {
    match agency {
        "finance" => &[
            Matter {
                kind: "license",
                word: "青禾财许",
                in_a_month: (3, 7),
                subjects: &["中介机构从事代理记账业务审批", "代理记账机构变更登记"],
            },
            Matter {
                kind: "penalty",
                word: "青禾财罚",
                in_a_month: (0, 2),
                subjects: &["未按规定设置会计账簿", "政府采购供应商提供虚假材料"],
            },
        ],
        "civil-affairs" => &[
            Matter {
                kind: "license",
                word: "青禾民许",
                in_a_month: (9, 15),
                subjects: &[
                    "社会团体成立登记",
                    "民办非企业单位变更登记",
                    "公益性公墓建设审批",
                    "社会团体注销登记",
                ],
            },
            Matter {
                kind: "penalty",
                word: "青禾民罚",
                in_a_month: (0, 2),
                subjects: &["社会组织未按规定接受年度检查", "违规建造坟墓"],
            },
        ],
        "songxi" => &[
            Matter { kind: "license", word: "松溪许", in_a_month: (1, 4), subjects: BUILDING },
            Matter { kind: "penalty", word: "松溪罚", in_a_month: (0, 3), subjects: STREET },
            Matter { kind: "compulsion", word: "松溪强", in_a_month: (0, 1), subjects: REMOVAL },
        ],
        "bailu" => &[
            Matter { kind: "license", word: "白鹭许", in_a_month: (0, 3), subjects: BUILDING },
            Matter { kind: "penalty", word: "白鹭罚", in_a_month: (0, 2), subjects: STREET },
        ],
        "yunqi" => &[Matter { kind: "license", word: "云栖许", in_a_month: (0, 2), subjects: BUILDING }],
        "liuan" => &[Matter { kind: "penalty", word: "柳岸罚", in_a_month: (2, 6), subjects: STREET }],
        _ => &[],
    }
}

/// The fee an agency collects every month, between so many 角.
pub(super) fn fee_of(agency: &str) -> Option<(&'static str, (i64, i64))> {
    match agency {
        "finance" => Some(("会计专业技术资格考试报名费", (12_000, 64_000))),
        "civil-affairs" => Some(("殡葬基本服务收费", (180_000, 420_000))),
        _ => None,
    }
}

/// A letter and what was answered.
pub(super) struct Letter {
    pub(super) kind: &'static str,
    pub(super) subject: &'static str,
    pub(super) body: &'static str,
    pub(super) reply: &'static str,
}

const fn letter(
    kind: &'static str,
    subject: &'static str,
    body: &'static str,
    reply: &'static str,
) -> Letter {
    Letter { kind, subject, body, reply }
}

pub(super) const LETTERS: [Letter; 19] = [
    letter(
        "mailbox",
        "路灯夜里不亮",
        "村口到卫生院的路灯有四盏不亮，晚上走路不安全。",
        "已联系养护单位，四盏路灯全部修好。",
    ),
    letter(
        "mailbox",
        "养老服务补贴怎么申请",
        "我父亲今年八十岁，想问养老服务补贴需要哪些材料。",
        "请带身份证、户口簿到户籍地便民服务中心办理，材料清单已在公开目录“养老服务”中公布。",
    ),
    letter(
        "hotline",
        "自来水水压低",
        "来电人反映三楼以上早晚没有水。",
        "供水单位已调整加压时段，并向小区住户说明。",
    ),
    letter(
        "error_report",
        "页面链接打不开",
        "公开指南页面里“查阅场所”的链接打不开。",
        "链接已改正，谢谢您的提醒。",
    ),
    letter(
        "mailbox",
        "公交班次太少",
        "早上七点以后要等四十分钟，上学的孩子赶不上。",
        "已与公交公司协商，工作日早高峰加开一班，时刻表在站牌公布。",
    ),
    letter(
        "hotline",
        "楼道堆放杂物",
        "来电人反映二单元楼道长期堆放旧家具，有火灾隐患。",
        "已组织清理，物业服务企业每周巡查。",
    ),
    letter(
        "mailbox",
        "施工噪声",
        "学校旁边的工地晚上十一点还在施工。",
        "执法人员已到场制止，该工地夜间不再施工。",
    ),
    letter(
        "mailbox",
        "临时救助发放时间",
        "上个月批准的临时救助还没有到账。",
        "因银行账号有误退回，核对后已重新发放。",
    ),
    letter(
        "error_report",
        "日期写错",
        "通知标题写的是三月，正文写的是五月。",
        "正文日期有误，已更正并重新公开，感谢指出。",
    ),
    letter("hotline", "垃圾清运不及时", "来电人反映周末垃圾桶满溢。", "已增加周末清运一次。"),
    letter("mailbox", "村道积水", "下雨后村小学门口积水没过脚踝。", "排水沟已疏通，下半年安排改造。"),
    letter(
        "mailbox",
        "代理记账许可办理",
        "新成立的公司想办代理记账，网上申请一直显示审核中。",
        "材料中缺少一份从业人员证明，已电话告知，补齐后三个工作日办结。",
    ),
    letter("hotline", "流浪狗", "来电人反映菜市场附近有几条流浪狗。", "已由专业人员收容，并张贴提醒。"),
    letter(
        "mailbox",
        "建议增设座椅",
        "湖边步道很长，建议每隔一段放几张座椅。",
        "建议已采纳，列入今年的步道维护计划。",
    ),
    letter(
        "mailbox",
        "低保复核",
        "家里情况有变化，低保复核要找谁。",
        "请与村（社区）民政协理员联系，电话在公开目录“社会救助”中公布。",
    ),
    letter("error_report", "电话号码错误", "便民服务中心的电话打不通，号码好像少一位。", "号码已更正。"),
    letter(
        "hotline",
        "农田灌溉用水",
        "来电人咨询今年灌溉放水的时间。",
        "四月十日起放水，轮灌表已张贴在村务公开栏。",
    ),
    letter("mailbox", "感谢信", "感谢窗口工作人员帮我母亲填表。", "谢谢您的来信，已转告本人。"),
    letter(
        "mailbox",
        "小区充电桩",
        "小区想装电动自行车充电桩，需要什么手续。",
        "由业主大会同意后向社区提出，社区协助联系供电单位踏勘。",
    ),
];

pub(super) const WRITERS: [&str; 12] = [
    "苏向阳",
    "钱多福",
    "叶知秋",
    "罗一帆",
    "韩小雨",
    "冯大路",
    "邹明月",
    "施晓晨",
    "毛春生",
    "薛青山",
    "贺平安",
    "杜若水",
];

/// What oversight demanded of an agency, and how it went.
pub(super) struct Demand {
    pub(super) agency: &'static str,
    pub(super) concern: Concern,
    pub(super) demand: &'static str,
    pub(super) days_ago: i64,
    pub(super) days_given: i32,
    pub(super) answer: Option<&'static str>,
    pub(super) is_closed: bool,
}

pub(super) const DEMANDS: [Demand; 7] = [
    Demand {
        agency: "yunqi",
        concern: Concern::OverdueLines,
        demand: "公开目录中财政信息超过更新周期，请补充公开上年度决算。",
        days_ago: 430,
        days_given: 10,
        answer: Some("上年度决算已公开，今后在批复后二十个工作日内公开。"),
        is_closed: true,
    },
    Demand {
        agency: "liuan",
        concern: Concern::OverdueCases,
        demand: "两封来信超过三十天没有答复，请答复并说明原因。",
        days_ago: 310,
        days_given: 7,
        answer: Some("已答复，原因是经办人调岗后没有交接，现已明确专人。"),
        is_closed: true,
    },
    Demand {
        agency: "bailu",
        concern: Concern::SlowReviews,
        demand: "三条信息送审后超过五个工作日没有审结，请尽快办理。",
        days_ago: 220,
        days_given: 5,
        answer: Some("已审结并公开，分管领导出差期间改由代理人审签。"),
        is_closed: true,
    },
    Demand {
        agency: "finance",
        concern: Concern::OverdueLines,
        demand: "政府采购栏目超过一个月没有更新，请核查。",
        days_ago: 120,
        days_given: 10,
        answer: Some("该月没有采购项目，已在栏目中说明。"),
        is_closed: true,
    },
    Demand {
        agency: "civil-affairs",
        concern: Concern::OverdueLines,
        demand: "社会救助对象名单应按月更新，请补充公开上月名单。",
        days_ago: 12,
        days_given: 10,
        answer: Some("上月名单已补充公开，公示期满后撤下。"),
        is_closed: false,
    },
    Demand {
        agency: "liuan",
        concern: Concern::OverdueRequests,
        demand: "逾期未答复的申请请在期限内答复，并书面说明原因。",
        days_ago: 3,
        days_given: 7,
        answer: None,
        is_closed: false,
    },
    Demand {
        agency: "yunqi",
        concern: Concern::OverdueLines,
        demand: "乡村振兴项目安排情况超过更新周期，请更新。",
        days_ago: 20,
        days_given: 10,
        answer: None,
        is_closed: false,
    },
];

/// What was written for a report.
pub(super) fn text(part: TextPart, agency: &str, year: i16) -> String {
    let is_town = matches!(agency, "songxi" | "bailu" | "yunqi" | "liuan");
    match part {
        TextPart::Supervision if is_town => format!(
            "一是工作考核：政务公开纳入{year}年度绩效考核，接受区政府办公室考核。二是社会评议：在便民服务中心设置意见簿，未收到不满意评价。三是责任追究：{year}年没有因政府信息公开工作被追究责任的情况。"
        ),
        TextPart::Supervision => format!(
            "一是工作考核：政务公开纳入{year}年度绩效考核。二是社会评议：通过门户网站征集意见。三是责任追究：{year}年没有因政府信息公开工作被追究责任的情况。"
        ),
        TextPart::ProblemsAndImprovements => {
            let (problem, measure) = match (agency, year % 2) {
                ("office", 0) => ("对各镇、街道的日常指导还不够细", "按季度抽查公开目录，逐条反馈"),
                ("office", _) => ("政策解读形式较为单一", "与起草科室同步准备问答和图解"),
                ("finance", 0) => ("预算公开说明专业用语较多", "增加名词解释和同比说明"),
                ("finance", _) => ("专项资金信息分散在多个栏目", "按资金项目汇总，统一入口"),
                ("civil-affairs", 0) => ("救助名单公示期满后撤下不够及时", "在目录中设定公示期限，到期提醒"),
                ("civil-affairs", _) => ("政策更新后办事指南没有同步修改", "文件公开时一并核对办事指南"),
                (_, 0) => ("部分目录事项更新不够及时", "明确每一事项的责任科室和更新周期"),
                (_, _) => ("专干变动后业务不够熟悉", "组织两次培训，编写常见问题"),
            };
            format!("存在的主要问题：{problem}。\n改进情况：{measure}，已列入{}年工作安排。", year + 1)
        }
        TextPart::OtherMatters => {
            format!(
                "落实上级年度政务公开工作要点情况：{year}年按照任务分工推进重点领域信息公开，任务均已完成。"
            )
        }
        // These come from the ledger.
        TextPart::ProactiveOverview
        | TextPart::RequestsOverview
        | TextPart::Management
        | TextPart::Platform => String::new(),
    }
}

/// 工作记录 of every office, by month and day: form, matter, note.
pub(super) const ACTIVITIES: &[(i8, i8, &str, &str, &str)] = &[
    (3, 18, "interpreted_in_text", "年度重点工作任务问答", "门户网站政策解读栏目"),
    (4, 22, "training", "政务公开业务培训", "半天，各科室信息员参加"),
    (6, 11, "interpreted_in_charts", "一图读懂办事流程", "门户网站和公告栏同步"),
    (7, 3, "meeting", "上半年政务公开工作会议", ""),
    (9, 16, "notice_board", "张贴社会救助公示名单", "便民服务大厅公告栏，7日"),
    (10, 20, "new_media", "转发政策问答", "政务新媒体"),
];
