//! Correct sentences, the way offices write them: no rule has an error or a warning to tell.
#![allow(clippy::unwrap_used)]

use gongkai_report::model::{
    ApplicantColumn, Content, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow, RequestRow, Section,
};
use gongkai_report::{CellAddress, Finding, Report, Severity, check};

/// Tables that agree with themselves: 43 + 2 = 41 + 4.
fn report(agency: &str) -> Report {
    let mut report = Report::new(agency, 2031);
    let person = ApplicantColumn::NaturalPerson;
    let requests = [
        (RequestRow::Received, person, 40),
        (RequestRow::Received, ApplicantColumn::CommercialEnterprise, 3),
        (RequestRow::CarriedFromLastYear, person, 2),
        (RequestRow::Disclosed, person, 17),
        (RequestRow::Disclosed, ApplicantColumn::CommercialEnterprise, 3),
        (RequestRow::PartlyDisclosed, person, 5),
        (RequestRow::InternalAffairs, person, 3),
        (RequestRow::NotHeld, person, 6),
        (RequestRow::PetitionOrComplaint, person, 4),
        (RequestRow::Repeated, person, 2),
        (RequestRow::NotSupplementedInTime, person, 1),
        (RequestRow::CarriedToNextYear, person, 4),
    ];
    for (row, column, count) in requests {
        report.set_count(CellAddress::Requests(row, column), count).unwrap();
    }
    let remedies = [
        (RemedyRow::Reconsideration, RemedyColumn::Upheld, 2),
        (RemedyRow::Reconsideration, RemedyColumn::Pending, 4),
        (RemedyRow::DirectLitigation, RemedyColumn::Pending, 1),
    ];
    for (row, column, count) in remedies {
        report.set_count(CellAddress::Remedies(row, column), count).unwrap();
    }
    let documents =
        [(ProactiveColumn::Issued, 2), (ProactiveColumn::Repealed, 1), (ProactiveColumn::InForce, 14)];
    for (column, count) in documents {
        report.set_count(CellAddress::Proactive(ProactiveRow::NormativeDocuments, column), count).unwrap();
    }
    for (row, count) in [(ProactiveRow::Licenses, 278), (ProactiveRow::Penalties, 12)] {
        report.set_count(CellAddress::Proactive(row, ProactiveColumn::Decisions), count).unwrap();
    }
    let fee = CellAddress::Proactive(ProactiveRow::AdministrativeFees, ProactiveColumn::Amount10kCny);
    report.set(fee, Content::Amount("1.2".to_owned())).unwrap();
    report.derive_totals();
    report
}

fn told(report: &Report) -> Vec<Finding> {
    // A sentence alone is no whole overview.
    check(report, None)
        .into_iter()
        .filter(|finding| finding.severity != Severity::Info && finding.rule != "overview-incomplete")
        .collect()
}

fn silent(section: Section, texts: &[&str]) {
    let mut wrong = Vec::new();
    for text in texts {
        let mut report = report("青禾区民政局");
        report.set_section(section, text);
        let findings = told(&report);
        if !findings.is_empty() {
            wrong.push(format!("{text}\n{findings:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn requests_against_the_tables() {
    silent(
        Section::Overview,
        &[
            "（二）依申请公开。2031年，我局收到政府信息公开申请43件，办结40件，逾期未补正不再处理1件，结转下年办理4件。",
            "（二）依申请公开。新收政府信息公开申请43件，其中自然人40件、商业企业3件；上年结转2件，已办结41件，结转下年度继续办理4件。",
            "（二）依申请公开。共受理申请45件（含上年结转2件），办结41件，其余4件结转下年度。",
            "（二）依申请公开。受理政府信息公开申请43件，同比上升16.13%，按期办结率100%。",
            "（二）依申请公开。收到申请43件，其中网上申请30件，占69.77%；信函申请13件，占30.23%。",
            "（二）依申请公开。收到申请43件，其中已答复39件，另有4件正在办理；上年结转的2件已全部办结。",
            "（二）依申请公开。2030年结转申请2件，2031年新收申请43件，其中：20件予以公开，5件部分公开，3件不予公开，6件无法提供，6件不予处理，1件其他处理，4件结转至下年度继续办理。",
            "（二）依申请公开。答复申请41件，包括上年结转2件。其中，予以公开20件，占48.78%；部分公开5件，占12.20%；不予公开3件，占7.32%；无法提供6件，占14.63%；不予处理6件，占14.63%；其他处理1件，占2.44%。",
            "（二）依申请公开。全年收到政府信息公开申请43件，除4件结转下年办理外，均依法依规答复，答复率100%。",
            "（二）依申请公开。本年新收43件，较去年增加9件，增长26.47%。",
            "（二）依申请公开。收到依申请公开43件，主要涉及社会救助、养老服务等方面，申请内容较为集中的有低保审批12件、养老补贴9件。",
            "（二）依申请公开。收到申请43件，通过平台转办申请5件，接待咨询120余人次，接听电话300余个。",
            "（二）依申请公开。未收到要求提供公开出版物的申请，未收取信息处理费。",
            "（二）依申请公开。政府信息公开申请均在法定期限内答复，没有因答复不及时引发行政复议纠错的情况。",
            "（二）依申请公开。因政府信息公开引起的行政复议6件，其中2件维持，另4件尚未审结；行政诉讼1件。",
            "（二）依申请公开。其中区政府办公室收到政府信息公开申请12件，各镇街收到政府信息公开申请9件。",
            "（二）依申请公开。青禾区民政局共收到政府信息公开申请43件。",
            "2031年收到公民、法人和其他组织提出的政府信息公开申请43件，其中公民40件、法人3件。",
            "（二）依申请公开。我局受理依申请公开件43件，已办理41件，结转2032年4件。",
            "（二）依申请公开。收到公开申请43件，比2030年（34件）增长26.47%，答复41件。",
            "（二）依申请公开。收到政府信息公开申请43件，申请人为自然人的40件，法人或者其他组织的3件；发生行政复议6件。",
            "（二）依申请公开。受理申请45件，其中上年结转2件，本年新收43件，较2030年增加9件；因信息公开被提起行政复议6件，行政诉讼1件。",
        ],
    );
}

#[test]
fn lists_and_shares() {
    silent(
        Section::Overview,
        &[
            "全年主动公开政府信息171条：基层政务公开领域信息124条，工作动态34条，预算决算4条，应急预案3条，政策文件2条，其他信息4条。",
            "公开信息63条。其中：政务活动31条，公示公告15条，政策文件3条，政府信息公开含指南、年报、目录等合计14条。",
            "公开政府信息32条，其中领导信息类10条、机构职能类12条、2030年信息公开年报10条。",
            "公开工作信息1261条（其中：网站390条、微信公众号871条），办理10件人大建议和28件政协提案，满意率均为100%。",
            "公开规章13件（含新制定5件，修改4件，废止4件），规范性文件42件，人事任免106件。",
            "公开各类信息275条，互动信息52条。其中公开预算53条，行政许可22条，人大建议19条，政协提案16条。",
            "发布公文57件。其中，规范性文件2件，公开常务会议23次；图解16篇，动漫2篇，政策公开讲8期。",
            "举办191场新闻发布活动，领导出席25人次。其中，专题发布会举行151场。",
            "公开信息218条。其中机构职能4条，财政资金2条，民生保障2条，行政许可2条，街镇动态208条。",
            "官方微博发布120条，其中原创11条，转发109条；收到投诉12条，均已办结。",
            "共接听市民热线84个，已全部回复完毕，办结率为100%，满意率98.5%。",
            "公开预算0.5万字，阅读量1.2万次，比去年提高了3.5个百分点。",
            "县长信箱受理有效信件3件，已办结3件，办结率100%。",
            "新闻发布12场（次），解读文件8件，其中图解3件、视频2件、文字3件，同比分别增长50%、100%、0%。",
            "通过门户网站公开信息35条，通过公众号公开80条，通过公示栏公开12条，全年合计127条。",
            "新增公开政府信息50条。其中机构类信息20条，内有领导成员10条、机构职能4条、机构概况1条、直属单位5条；工作类信息11条，其中动态3条、总结3条、公告5条；政策文件4条；民生事项8条；财政管理7条，其中预决算2条、专项经费5条。",
            "公开信息8769条。其中，市网站2100条，县网站5469条，媒体1600余条、其他600余条。",
            "公开信息86条，其中：组织机构2条；其他文件5条；工作动态73条；预决算2条；办事指南1条；政府工作报告1条；年度报告1条；其他1条。",
            "推送信息三百余条，其中原创一百余条。",
            "公开信息1,203条，其中公告1,000条、动态２０３条。",
            "线上线下共公开500条左右，其中网站320条、公众号200条。",
            "公开双随机检查结果36条，占全部检查结果的100%。",
            "全年公开信息2542件次，其中热线转办463件，网上办理2079件。",
        ],
    );
}

#[test]
fn documents_decisions_and_fees() {
    silent(
        Section::Overview,
        &[
            "制发行政规范性文件2件，废止行政规范性文件1件，现行有效行政规范性文件14件。",
            "公开行政规范性文件5件，其中本机关制发2件，转发3件。",
            "作出行政许可决定278件、行政处罚决定12件，公开行政处罚信息19条。",
            "区政府办公室制发行政规范性文件8件，我局起草2件。",
        ],
    );
    silent(
        Section::OtherMatters,
        &[
            "2031年发出收费通知2件，总金额12000元，实际收取信息处理费12000元。",
            "2031年未发出收费通知，未收取信息处理费。",
            "本年度没有产生信息处理费。",
            "我局严格执行收费办法，2031年依申请公开收费为0元。",
            "收取信息处理费情况：收费通知0件，总金额0元，实际收取0元。",
        ],
    );
}

#[test]
fn counts_of_named_things() {
    silent(
        Section::Overview,
        &[
            "通过门户网站、微信公众号、便民服务中心三个渠道发布。",
            "设有政策文件、政策解读、办事指南等3个栏目。",
            "建成政务公开专区2个（便民服务中心、文化站）。",
            "充分发挥“网站”“微信”“微博”三个平台作用。",
            "规范、高效用好网站、微博、微信三个平台。",
            "在微博、抖音开设3个账号，市、县、乡三级12个平台互联互通。",
            "开设3个专栏（含2个重点领域专栏）。",
            "组织10个部门（单位、乡镇）参加培训。",
            "报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、存在问题及改进情况、其他需要报告的事项等六部分组成。",
            "聚焦教育、医疗、养老26个领域，公开信息100条。",
            "政务新媒体账号3个，分别为微信公众号、微博和视频号。",
            "严格执行三审三校，落实五公开，推进两个平台融合。",
            "围绕决策、执行、管理、服务、结果五公开，打造线上线下两个阵地。",
        ],
    );
    silent(
        Section::ProblemsAndImprovements,
        &[
            "存在三个方面的问题：一是更新不及时；二是解读形式单一；三是队伍不稳定。下一步重点抓好两个方面：一是加强培训；二是优化栏目。",
            "主要存在以下问题：一是更新不及时；二是解读形式单一。",
            "2032年，将重点做好三项工作：一是健全制度，做到两个到位；二是加强培训；三是强化考核。",
        ],
    );
}

#[test]
fn periods_dates_and_citations() {
    for lead in [
        "本报告所列数据的统计期限自2031年1月1日起至12月31日止。",
        "本报告数据统计时间为2031年1月1日-2031年12月31日，联系电话0951-2171813。",
        "统计期限：2031年1月1日至2031年12月31日。根据2032年1月5日印发的通知编制。",
        "根据《青禾区人民政府办公室关于做好2031年政府信息公开工作年度报告编制工作的通知》（青政办发〔2032〕3号）要求，编制本报告。",
        "根据《中华人民共和国政府信息公开条例》（国务院令第711号）第四十九条、第五十条和国办公开办函〔2021〕30号，现将青禾区民政局2031年政府信息公开工作年度报告公布如下。",
        "根据《云栖省实施〈中华人民共和国政府信息公开条例〉办法》第三十二条，编制并公布本年度报告。",
        "根据国办公开办函〔2019〕60号、国办公开办函〔2021〕30号要求，编制本报告。",
        "现发布《青禾区民政局2031年度政府信息公开工作年度报告》。",
    ] {
        let text = format!(
            "青禾区民政局2031年政府信息公开工作年度报告\n{lead}\n一、总体情况\n坚持以公开为常态、不公开为例外，12月31日、2月29日各自查一次。\n六、其他需要报告的事项\n未收取信息处理费。\n青禾区民政局\n2032年1月20日\n"
        );
        let reading = gongkai_report::read(text.as_bytes(), "lead").unwrap();
        let findings: Vec<Finding> = check(&reading.report, None)
            .into_iter()
            .filter(|f| {
                f.severity != Severity::Info
                    && ["report-period", "report-date", "date-impossible", "citation-outdated"]
                        .contains(&f.rule)
            })
            .collect();
        assert_eq!(findings, [], "{lead}");
    }
}

#[test]
fn statements_that_do_not_exclude_each_other() {
    for (claim, admission) in [
        ("凡公开的信息都经审批后才能发布。", "先审核后发布的制度执行不够严格，个别信息审核用时较长。"),
        ("未经审核的信息一律不得发布。", "杜绝先发后审的现象。"),
        ("加强信息发布前的审核。", "个别信息先上传后审核。"),
        ("政府信息公开申请均在法定期限内答复。", "答复的规范性还有待提高，将防止超期答复申请的情况。"),
        ("组织培训2次。", "培训的针对性还不够强。"),
        ("所有信息均经审核后方可发布。", "对公开工作先重视后松懈，审核把关的能力有待提高。"),
    ] {
        let mut report = report("青禾区民政局");
        report.set_section(Section::Overview, claim);
        report.set_section(Section::ProblemsAndImprovements, admission);
        assert_eq!(told(&report), [], "{claim}{admission}");
    }
}

/// The same sentences with one number wrong.
#[test]
fn one_wrong_number_is_told() {
    for text in [
        "（二）依申请公开。全局受理依申请公开件42件，已办理41件，结转2032年4件。",
        "（二）依申请公开。我局受理依申请公开件43件，已办理40件，结转2032年4件。",
        "（二）依申请公开。我局受理依申请公开件43件，已办理41件，结转2032年5件。",
        "（二）依申请公开。收到公开申请43件，比2030年（34件）增长26.47%，答复40件。",
        "（二）依申请公开。收到政府信息公开申请43件，申请人为自然人的39件，法人或者其他组织的3件。",
        "（二）依申请公开。收到政府信息公开申请43件；发生行政复议7件。",
        "（二）依申请公开。受理申请46件，其中上年结转2件，本年新收43件。",
        "（二）依申请公开。较2030年增加9件；因信息公开被提起行政复议6件，行政诉讼2件。",
    ] {
        let mut report = report("青禾区民政局");
        report.set_section(Section::Overview, text);
        assert!(!told(&report).is_empty(), "{text}");
    }
}
