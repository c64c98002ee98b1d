//! What people ask for and what they are told. Nothing here is about anyone real.

use gongkai_disclosure::requests::DeliveryWay;
use gongkai_statute::applicants::ApplicantColumn;
use gongkai_statute::decisions::{Decision, Part};

/// What is asked for when it ends in this decision. `{place}` and `{year}` are filled in.
pub(super) fn descriptions(decision: Decision) -> &'static [&'static str] {
    use Decision as D;
    match decision {
        D::AlreadyPublic => &[
            "{place}{year}年部门预算和“三公”经费预算表",
            "{place}关于{year}年城乡居民基本医疗保险缴费标准的通知",
            "{year}年{place}义务教育阶段招生划片范围图",
            "{place}{year}年度惠民惠农财政补贴资金发放明细",
        ],
        D::Provided => &[
            "{place}{year}年高标准农田建设项目的中标通知书和施工合同",
            "{place}溪口至山前村道改造工程{year}年竣工验收报告",
            "{place}{year}年农村危房改造对象审批名单（第二批）",
            "{place}{year}年老旧小区加装电梯补助的审核标准和已补助项目清单",
            "{place}集镇污水管网工程的环境影响报告表及批复文件",
            "{place}{year}年公益性岗位招聘公告、录用人员数量和资金来源",
            "{place}湖滨绿道二期工程的立项批复文件和总投资",
            "{place}{year}年村级小微工程招投标的实施办法",
            "关于调整{place}集镇公交线路的会议决定和公示文本",
            "{place}{year}年春季义务植树点位和养护责任单位一览表",
            "{place}敬老院{year}年度食品安全检查记录",
            "{place}山塘水库除险加固工程{year}年的资金拨付文件",
        ],
        D::PartlyWithheld => &[
            "{place}{year}年智慧停车项目的投标文件和评标报告",
            "{place}{year}年企业技术改造补助的申报材料和评审结论",
        ],
        D::PartlyUnavailable => &[
            "{place}{year}年道路保洁服务的合同、考核记录和每日作业照片",
            "{place}{year}年租赁住房补贴的发放名单和各户家庭情况分析",
        ],
        D::StateSecret => &["{place}{year}年人民防空工程的布点图和结构设计图"],
        D::OtherLaw => &["{place}{year}年经济普查中各企业填报的原始调查表"],
        D::SecurityOrStability => &["{place}自来水厂取水口的安防方案和管线坐标图"],
        D::TradeSecret => &[
            "禾风建材有限公司{year}年申请技改补助时提交的工艺流程和成本核算表",
            "{place}农贸市场改造项目各投标人的报价明细",
        ],
        D::PersonalPrivacy => &[
            "{place}{year}年最低生活保障对象的身份证号码、病历和家庭住址",
            "{place}{year}年征收补偿协议中邻户的签字页和银行账号",
        ],
        D::OtherThirdPartyInterest => &["{place}{year}年古树名木认养人的联系方式和认养合同"],
        D::InternalAffairs => &["{place}{year}年中层干部轮岗的内部方案和谈话安排"],
        D::ProcessInformation => &[
            "{place}集镇规划调整{year}年各次讨论的会议记录和修改过程稿",
            "{place}关于停车收费标准的请示及往来磋商信函",
        ],
        D::EnforcementFile => &[
            "{place}{year}年对某餐饮店作出处罚的全部案卷材料",
            "{place}{year}年违法建设查处案件的询问笔录和现场检查记录",
        ],
        D::OwnInquiryProcedure => &["柳堤路66号房屋的不动产登记资料"],
        D::NotHeld => &[
            "{place}{year}年聘请法律顾问的招标文件",
            "{place}{year}年撤并村小学的听证会笔录",
            "{place}{year}年以前林权流转的台账",
            "{place}{year}年与外省结对帮扶的协议文本",
        ],
        D::NotResponsible => &[
            "{year}年国道绕城段的用地预审意见",
            "全市{year}年住房公积金缴存基数的测算材料",
            "{year}年高速公路青禾出口改造的设计文件",
        ],
        D::NeedsCreation => {
            &["{place}近十年各村人均水费的对比分析和排名", "{place}{year}年信访事项按原因分类的统计分析"]
        }
        D::StillUnclear => &["{place}与我家有关的全部文件", "{place}{year}年前后的有关材料"],
        D::PetitionOrComplaint => &[
            "请公开为什么不处理楼下餐馆油烟扰民，并责令其停业",
            "请公开某村干部占用集体土地的查处情况并追究责任",
        ],
        D::Repeated => &["{place}{year}年度财政决算报告（第二次申请）"],
        D::PublicPublication => &["《青禾年鉴》{year}卷全文"],
        D::Excessive => &["{place}{year}年全部公文的标题、文号和正文"],
        D::ConfirmOrReissue => &["请确认此前提供的征地批复复印件真实有效并重新盖章"],
        D::NotSupplementedInTime => &["关于路的文件", "{place}的补助材料"],
        D::FeeNotPaidInTime => &["{place}{year}年全部会议纪要的复印件"],
        D::Withdrawn => &["{place}{year}年村道亮化工程的监理合同", "{place}{year}年养老服务站点的运营协议"],
        D::Other => &["已故父亲生前向{place}申请的宅基地审批材料（由继承人继续）"],
    }
}

/// What the office writes for a part of the reply.
pub(super) fn part(decision: Decision, part: Part) -> &'static str {
    use Decision as D;
    match (decision, part) {
        (D::OwnInquiryProcedure, Part::AccessPath) => {
            "请持身份证明和与该不动产有利害关系的证明，到区政务服务中心不动产登记窗口申请查询。"
        }
        (D::PublicPublication, Part::AccessPath) => {
            "该书已经公开出版发行，可以向出版社购买，也可以到区图书馆地方文献室借阅。"
        }
        (_, Part::AccessPath) => {
            "该信息已在本网站“公开目录”栏目公布，可以按标题检索；也可以到区政务服务中心二楼政府信息查阅点查阅。"
        }
        (_, Part::InformationOrAccess) => "所申请的信息随本答复书一并提供，共1份，见附件。",
        (_, Part::FormOfProvision) => "按照您要求的形式提供。",
        (D::PartlyUnavailable, Part::InformationGiven) => "合同文本和考核记录随本答复书一并提供，见附件。",
        (_, Part::InformationGiven) => "评审报告、评审结论和资金安排文件随本答复书一并提供，见附件。",
        (D::PartlyUnavailable, Part::WithheldContent) => "每日作业照片和各户情况分析未予提供。",
        (_, Part::WithheldContent) => {
            "各投标人（申报单位）的技术方案、报价构成和成本测算部分未予公开，已作遮盖。"
        }
        (_, Part::ClassificationBasis) => "该信息已经依照保守国家秘密法律法规确定密级，在保密期限内。",
        (_, Part::ProhibitingProvision) => {
            "《中华人民共和国统计法》规定，统计调查中获得的能够识别或者推断单个统计调查对象身份的资料，任何单位和个人不得对外提供。"
        }
        (D::TradeSecret, Part::ThirdPartyOpinion) => {
            "本机关书面征求了第三方意见。第三方答复不同意公开，理由是该内容涉及生产工艺和成本，公开将影响其竞争地位。经审查，理由成立。"
        }
        (_, Part::ThirdPartyOpinion) => {
            "本机关书面征求了第三方意见，第三方不同意公开。经审查，其理由成立，且不公开不会对公共利益造成重大影响。"
        }
        (D::InternalAffairs, Part::ClassOfInformation) => {
            "属于人事管理方面的内部事务信息；经核对，没有法律、法规、规章规定应当公开。"
        }
        (D::EnforcementFile, Part::ClassOfInformation) => {
            "属于行政执法案卷信息；处罚决定本身已经依法公示，其他案卷材料没有应当公开的规定。"
        }
        (_, Part::ClassOfInformation) => {
            "属于讨论记录、过程稿、磋商信函、请示报告等过程性信息；经核对，没有法律、法规、规章规定应当公开。"
        }
        (_, Part::SpecialRule) => "不动产登记资料的查询，依照《不动产登记暂行条例》及其实施细则办理。",
        (_, Part::SearchMade) => {
            "本机关以申请所列名称、年度和关键词检索了公文系统、档案室目录和业务科室台账，并询问了承办人员，没有查到所申请的信息，该信息不存在。"
        }
        (_, Part::ResponsibleAgency) => {
            "该信息由上级主管部门制作并负责公开，请向其提出申请；联系方式可以拨打0000-12345查询。"
        }
        (_, Part::NoReadyInformation) => {
            "本机关只有各村、各年度分散的原始登记表，没有现成的对比、分类或者分析，提供所申请的信息需要另行加工、分析。"
        }
        (_, Part::UnclearPoints) => "经补正，仍不能确定所指的事项、年度和文件，无法检索。",
        (D::PetitionOrComplaint, Part::ProperChannel) | (_, Part::ProperChannel) => {
            "所反映的事项可以通过信访、投诉举报渠道提出：区信访局来访接待室，或者拨打0000-12345。"
        }
        (D::ConfirmOrReissue, Part::EarlierReply) => "所述材料本机关已于此前的答复中提供，您已经获取。",
        (_, Part::EarlierReply) => "本机关已于上月就相同内容作出答复，文号和日期见前次答复书。",
        (_, Part::StatementOfReasonsNotice) => {
            "本机关书面要求您说明理由；您未说明与所申请信息的关系和用途，亦未缩小范围。"
        }
        _ => "详见本机关登记材料。",
    }
}

/// The statement of reasons.
pub(super) fn reason(decision: Decision) -> &'static str {
    use Decision as D;
    match decision {
        D::PartlyWithheld => {
            "未公开部分涉及第三方的商业秘密，第三方不同意公开，其余部分可以区分处理，予以公开。"
        }
        D::PartlyUnavailable => "本机关未制作、保存逐日照片，也没有现成的情况分析。",
        D::StateSecret => "依法确定为国家秘密的政府信息，不予公开。",
        D::OtherLaw => "法律明确禁止对外提供，不予公开。",
        D::SecurityOrStability => "公开取水口安防方案和管线坐标，可能被用于破坏供水设施，危及公共安全。",
        D::TradeSecret => {
            "该内容不为公众所知悉，具有商业价值，权利人采取了保密措施，公开会对其合法权益造成损害。"
        }
        D::PersonalPrivacy => "身份证号码、病历、银行账号属于个人隐私，公开会对当事人的合法权益造成损害。",
        D::OtherThirdPartyInterest => {
            "认养人未同意公开其联系方式和合同约定的私人事项，公开会损害其合法权益。"
        }
        D::InternalAffairs => "该方案只在本机关内部执行，不对外产生影响。",
        D::ProcessInformation => "该材料形成于决定作出之前，内容不确定，公开可能影响正常的讨论和决策。",
        D::EnforcementFile => "案卷材料记录执法过程，当事人和利害关系人可以依法申请查阅。",
        D::NotResponsible => "该信息不由本机关制作或者最初获取。",
        D::Excessive => "申请的数量明显超过合理范围，所说理由不合理。",
        D::Withdrawn => "申请人来电说明已通过其他途径了解情况，不再需要。",
        D::Other => "原申请人去世，继承人另行提出申请，本件与后件合并办理，不再单独答复内容。",
        D::NotSupplementedInTime => "补正期限届满未收到补正，电话联系未说明正当理由。",
        D::FeeNotPaidInTime => "缴费期限届满未缴费，已电话提醒。",
        _ => "",
    }
}

pub(super) const SURNAMES: [&str; 24] = [
    "何", "程", "苏", "沈", "顾", "陆", "叶", "梁", "宋", "唐", "许", "傅", "曾", "彭", "蒋", "贺", "龚",
    "邱", "夏", "廖", "汤", "万", "易", "常",
];
pub(super) const GIVEN: [&str; 24] = [
    "小舟", "知夏", "远帆", "念一", "守拙", "青岚", "望川", "语桐", "景行", "思源", "一苇", "南乔", "子墨",
    "若水", "怀谷", "清欢", "长庚", "映雪", "野渡", "问渠", "牧之", "晚晴", "鹤鸣", "星野",
];

/// Organisations that ask, by column of the form.
pub(super) fn organizations(kind: ApplicantColumn) -> &'static [&'static str] {
    match kind {
        ApplicantColumn::NaturalPerson => &[],
        ApplicantColumn::CommercialEnterprise => {
            &["禾风建材有限公司", "青禾云栈物流有限公司", "松溪山泉饮品有限公司", "白鹭湖文化旅游有限公司"]
        }
        ApplicantColumn::ResearchInstitution => &["云水环境研究所", "青禾区域发展研究院"],
        ApplicantColumn::PublicWelfareOrganization => &["青禾绿芽环保志愿者协会", "青禾区助学会"],
        ApplicantColumn::LegalServiceInstitution => &["青禾正言律师事务所", "青禾衡和法律服务所"],
        ApplicantColumn::Other => &["柳岸街道柳堤小区业主委员会", "云栖镇山前村村民小组"],
    }
}

/// Parties that are consulted.
pub(super) const THIRD_PARTIES: [&str; 3] = ["禾风建材有限公司", "青禾云栈物流有限公司", "邻户业主"];

/// 送达的凭据.
pub(super) const fn proof(way: DeliveryWay) -> &'static str {
    match way {
        DeliveryWay::InPerson => "本人当面领取，在送达回证上签名。",
        DeliveryWay::ByPost => "挂号信回执，收件人签收。",
        DeliveryWay::ByEmail => "邮件已送达，申请人回复收到。",
        DeliveryWay::Online => "申请人在查询页查看，电话确认收到。",
    }
}

pub(super) const SUPPLEMENT_ITEMS: &str =
    "一、请写明所需文件的名称、文号或者大致形成时间；\n二、请说明“有关材料”所指的具体事项。";
pub(super) const FREQUENCY: &str =
    "近三个月向本机关提出政府信息公开申请46件，内容均为全部公文的目录，相互重复。";
pub(super) const STATED_REASONS: &str = "想多了解镇里的情况。";
pub(super) const EXTENSION_GROUNDS: [&str; 3] = [
    "所申请的信息分散在多个科室，数量较多，检索和区分处理需要时间",
    "该信息形成较早，需要调阅已移交的档案",
    "涉及多个机关共同制作的文件，需要逐一核对",
];
