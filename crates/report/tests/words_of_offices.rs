//! What offices write of requests, cases and documents in words of their own is held against the tables: the right
//! sentence is silent, and each number between ⟨ ⟩ told wrong is told once.
#![allow(clippy::unwrap_used)]

use gongkai_report::model::{
    ApplicantColumn, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow, RequestRow, Section,
};
use gongkai_report::{At, CellAddress, Finding, Report, check};

fn report() -> Report {
    use ApplicantColumn::{CommercialEnterprise, LegalServiceInstitution, NaturalPerson};
    use RequestRow as Row;
    let mut report = Report::new("青禾区民政局", 2031);
    let mut put = |address, count| report.set_count(address, count).unwrap();
    for (row, column, count) in [
        (Row::Received, NaturalPerson, 9),
        (Row::Received, CommercialEnterprise, 3),
        (Row::Received, LegalServiceInstitution, 1),
        (Row::CarriedFromLastYear, NaturalPerson, 2),
        (Row::Disclosed, NaturalPerson, 4),
        (Row::PartlyDisclosed, NaturalPerson, 2),
        (Row::ThirdPartyRights, CommercialEnterprise, 3),
        (Row::NotHeld, NaturalPerson, 3),
        (Row::NeedsCreation, NaturalPerson, 1),
        (Row::PetitionOrComplaint, NaturalPerson, 1),
        (Row::CarriedToNextYear, LegalServiceInstitution, 1),
    ] {
        put(CellAddress::Requests(row, column), count);
    }
    for (row, column, count) in [
        (RemedyRow::Reconsideration, RemedyColumn::Upheld, 2),
        (RemedyRow::Reconsideration, RemedyColumn::Corrected, 1),
        (RemedyRow::Reconsideration, RemedyColumn::Pending, 1),
        (RemedyRow::DirectLitigation, RemedyColumn::Upheld, 1),
        (RemedyRow::LitigationAfterReconsideration, RemedyColumn::Upheld, 1),
        (RemedyRow::LitigationAfterReconsideration, RemedyColumn::Pending, 1),
    ] {
        put(CellAddress::Remedies(row, column), count);
    }
    use ProactiveColumn::{Decisions, InForce, Issued, Repealed};
    use ProactiveRow::{Licenses, NormativeDocuments, Penalties};
    for (row, column, count) in [
        (NormativeDocuments, Issued, 3),
        (NormativeDocuments, Repealed, 5),
        (NormativeDocuments, InForce, 21),
        (Licenses, Decisions, 37),
        (Penalties, Decisions, 19),
    ] {
        put(CellAddress::Proactive(row, column), count);
    }
    report.derive_totals();
    report
}

/// What the prose rules say where the text stands in that part.
fn told(section: Section, text: &str) -> Vec<Finding> {
    let mut report = report();
    let heading = if section == Section::Overview { "（二）依申请公开。" } else { "" };
    report.set_section(section, &format!("{heading}{text}"));
    check(&report, None).into_iter().filter(|finding| finding.rule.starts_with("prose-")).collect()
}

/// The text as it is, or with the number between the `nth` ⟨ ⟩ raised by seven.
fn with(marked: &str, nth: Option<usize>) -> (String, Option<String>) {
    let mut text = String::new();
    let mut wrong = None;
    for (at, piece) in marked.split(['⟨', '⟩']).enumerate() {
        if at % 2 == 1 && nth == Some(at / 2) {
            let raised = (piece.parse::<i64>().unwrap() + 7).to_string();
            text += &raised;
            wrong = Some(raised);
        } else {
            text += piece;
        }
    }
    (text, wrong)
}

fn each_number_is_told(section: Section, sentences: &[&str]) {
    let mut failures = Vec::new();
    for marked in sentences {
        let (right, _) = with(marked, None);
        let findings = told(section, &right);
        if !findings.is_empty() {
            failures.push(format!("false: {right}: {findings:#?}"));
        }
        for nth in 0..marked.matches('⟨').count() {
            let (text, wrong) = with(marked, Some(nth));
            let findings = told(section, &text);
            let [one] = &findings[..] else {
                failures.push(format!("{}: {text}: {findings:#?}", findings.len()));
                continue;
            };
            let At::Text { quote: Some(quote), .. } = &one.at else { panic!("{text}: {one:#?}") };
            // The wrong number is named, be it where the whole is told or the part.
            let named = quote.contains(&wrong.clone().unwrap()) || one.message.contains(&wrong.unwrap());
            if !named || !text.contains(quote) {
                failures.push(format!("elsewhere: {text}: {one:#?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn requests_that_came_were_answered_and_carried_over() {
    each_number_is_told(
        Section::Overview,
        &[
            "2031年共收到政府信息公开申请⟨13⟩件，其中⟨11⟩件为网络申请，⟨2⟩件为信函申请。",
            "2031年共收到申请⟨13⟩件，上年结转⟨2⟩件，全年答复完毕⟨14⟩件，顺延至下一年答复⟨1⟩件。",
            "2031年共收到公开政府信息申请⟨13⟩件，⟨1⟩件结转下年办理，依法依规办理并答复⟨14⟩件。",
            "2031年共收到⟨13⟩件依申请公开请求，2030年结转政府信息公开申请⟨2⟩件，共办结⟨14⟩件，结转⟨1⟩件至下年度。",
            "2031年受理申请⟨13⟩件，结转上年度继续办理⟨2⟩件，上年结转政府信息公开办理数量⟨2⟩件。",
            "答复政府信息公开申请⟨14⟩件（含上年度结转申请⟨2⟩件，另有⟨1⟩件申请按照规定顺延到下年度答复）。",
            "2031年我局共办理政府信息公开申请⟨15⟩件，其中新收⟨13⟩件，上年结转⟨2⟩件，已办结⟨14⟩件。",
            "收到依申请公开⟨13⟩件，依法依规答复⟨14⟩件，⟨1⟩件结转下年办理，答复率100%。",
            "2031年收到申请⟨13⟩件，其中通过平台收到⟨9⟩件，现场收到⟨1⟩件，信函收到⟨3⟩件。",
            "2031年依申请公开⟨13⟩件。收到申请⟨13⟩件，⟨9⟩件为自然人申请。",
        ],
    );
}

#[test]
fn outcomes_in_the_words_of_offices() {
    each_number_is_told(
        Section::Overview,
        &[
            "2031年收到申请13件，同意公开⟨4⟩件、部分公开⟨2⟩件、不予公开⟨3⟩件、信息不存在⟨3⟩件、需要另行制作⟨1⟩件、不予处理⟨1⟩件。",
            "2031年受理申请13件，公开⟨4⟩件，部分公开⟨2⟩件，不予公开⟨3⟩件，无法提供⟨4⟩件，信访类⟨1⟩件。",
            "受理申请13件，作出予以公开决定⟨4⟩件，部分公开决定⟨2⟩件，不予公开决定⟨3⟩件。",
            "受理申请13件，予以公开及部分公开的有⟨6⟩件，因不掌握等原因无法提供⟨4⟩件。",
            "受理申请13件，⟨4⟩件予以公开，⟨2⟩件部分公开，不予公开（⟨3⟩件）。",
            // The rows follow the table, which counts what was carried over too.
            "2031年共收到申请⟨13⟩件，其中予以公开⟨4⟩件、部分公开⟨2⟩件、不予公开⟨3⟩件、无法提供⟨4⟩件、不予处理⟨1⟩件。",
        ],
    );
    for right in [
        // One row of the form holds both.
        "答复申请14件，其中已主动公开1件、予以公开3件。",
        "收到申请13件，信息不存在2件，不属于本机关公开2件，已告知申请人。",
        "2031年，受理12345热线工单325件，办结325件，办结率100%。",
        "2031年，全市民政系统共收到政府信息公开申请45件。",
    ] {
        assert_eq!(told(Section::Overview, right), [], "{right}");
    }
}

#[test]
fn cases_and_how_they_ended() {
    each_number_is_told(
        Section::Overview,
        &[
            "2031年，因政府信息公开被行政复议⟨4⟩件，被提起行政诉讼⟨3⟩件。",
            "政府信息公开行政复议⟨4⟩件，行政诉讼⟨3⟩件。",
            "全局发生政府信息公开行政复议案件⟨4⟩起、行政诉讼案件⟨3⟩起。",
            "收到政府信息公开申请13件，涉及行政复议⟨4⟩件，其中维持⟨2⟩件、纠正⟨1⟩件、尚未审结⟨1⟩件；行政诉讼⟨3⟩件。",
        ],
    );
    each_number_is_told(
        Section::Remedies,
        &[
            "本机关因政府信息公开被申请行政复议⟨4⟩件，其中结果维持⟨2⟩件，结果纠正⟨1⟩件，尚未审结⟨1⟩件；被提起行政诉讼⟨3⟩件。",
            "本机关被行政复议⟨4⟩件，被提起行政诉讼⟨3⟩件，其中未经复议直接起诉⟨1⟩件，复议后起诉⟨2⟩件。",
            "行政复议⟨4⟩件，结果维持⟨2⟩件；行政诉讼⟨3⟩件，结果维持⟨2⟩件，尚未审结⟨1⟩件。",
        ],
    );
    for right in
        ["本机关办理行政复议案件15件，审结12件，维持9件，纠正1件。", "新发生行政复议3件，上年结转1件。"]
    {
        assert_eq!(told(Section::Remedies, right), [], "{right}");
    }
}

#[test]
fn documents_and_decisions() {
    each_number_is_told(
        Section::Overview,
        &[
            "全年制发行政规范性文件⟨3⟩件，废止⟨5⟩件，现行有效⟨21⟩件。",
            "2031年，新制定规范性文件⟨3⟩件，废止规范性文件⟨5⟩件，目前现行有效规范性文件⟨21⟩件。",
            "现行有效行政规范性文件⟨21⟩件，今年新制发⟨3⟩件，清理后废止⟨5⟩件。",
            "作出行政许可⟨37⟩件、行政处罚⟨19⟩件。",
            "全年共办理行政许可⟨37⟩件，行政处罚⟨19⟩件。",
            "2031年办理行政许可⟨37⟩件，实施行政处罚⟨19⟩件，行政强制⟨0⟩件。",
            "本年度行政许可处理决定⟨37⟩件，行政处罚处理决定⟨19⟩件。",
            "2031年，我局制发规范性文件⟨3⟩件，废止⟨5⟩件，现行有效规范性文件共⟨21⟩件。",
            "截至2031年底，现行有效行政规范性文件⟨21⟩件。",
            "共制定行政规范性文件⟨3⟩份。",
            "行政许可处理决定数量⟨37⟩宗；行政处罚处理决定数量⟨19⟩宗、行政强制处理决定数量⟨0⟩宗；行政事业性收费金额⟨0⟩万元。",
            "制定发布规范性文件⟨3⟩件，清理废止规范性文件⟨5⟩件，现行有效规范性文件⟨21⟩件。",
        ],
    );
    for right in [
        "公开规范性文件6件，政策解读6篇，废止文件8件。",
        "办理行政处罚案件25件。",
        "开展规范性文件清理，废止3件，宣布失效2件，继续有效21件。",
        "全年共办理行政许可事项52件，公示行政许可40件。",
    ] {
        assert_eq!(told(Section::Overview, right), [], "{right}");
    }
}

#[test]
fn requests_in_more_words() {
    each_number_is_told(
        Section::Overview,
        &[
            "2031年，我局共收到⟨13⟩份政府信息公开申请。",
            "2031年新受理依申请政府信息公开⟨13⟩件，已依规及时完成回复。",
            "全年依法规范办结信息公开申请⟨14⟩件。",
            "2031年共收到政府信息公开申请⟨13⟩件，同比增长103%。其中予以公开或部分公开⟨6⟩件、占42.86%；不予公开⟨3⟩件、占21.43%；无法提供⟨4⟩件、占28.57%；不予处理⟨1⟩件、占7.14%。",
            "2031年共收到政府信息申请公开件⟨13⟩件，因政府信息公开引起的行政复议⟨4⟩件、行政诉讼案件⟨3⟩件。",
            "2031年共答复依申请信息公开⟨14⟩件，其中同意公开⟨4⟩件，部分公开⟨2⟩件。",
            "2031年累计办理公民、法人或其他组织通过门户网站、邮寄等途径依申请公开信息合计⟨14⟩件，已全部按期限答复办结。",
            "全年新收政府信息公开申请数量⟨13⟩件，上年结转政府信息公开申请数量⟨2⟩件。",
            "我局共收到信息公开申请⟨13⟩件，上年度结转⟨2⟩件；予以公开⟨4⟩件，无法提供⟨4⟩件，结转下年继续办理⟨1⟩件。",
            "收到公民、法人或其他组织提交政府信息公开申请⟨13⟩条。",
            "对受理的⟨13⟩项依申请公开事项逐一登记、办理。",
            "2031年书面答复依申请公开⟨14⟩件。",
            "2031年，我局收到政府信息依申请公开办理事项⟨13⟩件，已在规定时间内办结答复。",
            "2031年共办理政府信息公开申请⟨14⟩件。其中，网络申请⟨10⟩件，书面申请⟨4⟩件。",
            "2031年，收到依申请公开申请⟨13⟩件（其中自然人申请⟨9⟩件，法人或其他组织申请⟨4⟩件）。",
            "本年度新收申请⟨13⟩件，结转上年申请⟨2⟩件，本年度办结⟨14⟩件，结转下年度⟨1⟩件。",
            "收到政府信息公开申请⟨13⟩件，较2030年的34件减少⟨21⟩件。",
            "收到政府信息公开申请⟨13⟩件，比上年（⟨10⟩件）增加⟨3⟩件，增长30%。",
            "2031年受理政府信息公开申请⟨13⟩宗，其中自然人申请⟨9⟩宗，占69.2%。",
            "2031年我局共受理依申请政府信息公开事项⟨13⟩例，其中通过网络收到申请⟨9⟩件，占比69%，通过来信收到申请件⟨4⟩件，占比31%，全部按时答复。",
            "2031年共收到政府信息公开申请⟨13⟩件。其中，通过官方网站提交申请表的⟨9⟩件，占比69.2%；通过信函提交申请的⟨4⟩件，占比30.8%。",
            "收到政府信息公开申请⟨13⟩件（其中：网上申请⟨11⟩件，现场申请0件，邮寄⟨2⟩件），上年度结转⟨2⟩件，本年度办结⟨14⟩件。",
            "全年共受理依申请公开件⟨13⟩件，全部按期答复。",
            "2031年度本机关收到的政府信息公开申请数为⟨13⟩件，结转至2032年办理⟨1⟩件。",
        ],
    );
    for right in [
        "截至2031年底，历年累计收到政府信息公开申请320件。",
        "截至2031年12月31日，我局累计收到政府信息公开申请13件。",
        "自条例施行以来，累计受理申请320件。",
        "全年制作政府信息105条，其中主动公开信息90条，依申请公开信息12条，不予公开信息3条。",
        "全年制作政府信息102件，其中主动公开信息90件，依申请公开信息12件。",
    ] {
        assert_eq!(told(Section::Overview, right), [], "{right}");
    }
}

#[test]
fn no_rate_is_above_everything() {
    let findings = told(Section::Overview, "全部按时答复，按期答复率113%。");
    let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["prose-rate"], "{findings:#?}");
}

#[test]
fn requests_counted_by_items_and_by_who_asked() {
    each_number_is_told(
        Section::Overview,
        &[
            "2031年共收到⟨13⟩条政府信息公开申请，其中公民个人申请⟨9⟩条，法人或其他组织申请⟨4⟩条。",
            "2031年共收到⟨13⟩条依申请公开申请，办结⟨14⟩条，结转下年度⟨1⟩条。",
            "受理政府信息公开申请⟨13⟩条，其中自然人⟨9⟩条、商业企业⟨3⟩条、法律服务机构⟨1⟩条。",
            "全年收到依申请公开信息申请⟨13⟩条，其中予以公开⟨4⟩条，部分公开⟨2⟩条，不予公开⟨3⟩条。",
            "收到政府信息公开申请⟨13⟩件，其中公民个人⟨9⟩件，法人⟨4⟩件。",
            "收到政府信息公开申请⟨13⟩件，⟨9⟩件为公民个人申请，⟨4⟩件为法人申请。",
            "收到政府信息公开申请⟨13⟩例，其中个人申请⟨9⟩例、单位申请⟨4⟩例。",
            "受理申请⟨13⟩份，其中由公民提出的⟨9⟩份，由法人和其他组织提出的⟨4⟩份。",
            "收到政府信息公开申请⟨13⟩件，其中来自个人⟨9⟩件，来自企业⟨3⟩件，来自律师事务所⟨1⟩件。",
            "2031年收到公民申请⟨9⟩件，法人或其他组织申请⟨4⟩件。",
            "2031年新收公民个人申请⟨9⟩件、商业企业申请⟨3⟩件、法律服务机构申请⟨1⟩件。",
            "全年接到政府信息公开申请⟨13⟩起，其中公民（自然人）⟨9⟩起。",
            "全年收到申请⟨13⟩份，申请人为自然人的⟨9⟩份，申请人为法人及其他组织的⟨4⟩份。",
        ],
    );
    for right in [
        "收到公民、法人或其他组织申请13件。",
        "受理政府信息公开申请13人次。",
        "受理政府信息公开申请15人次。",
        "接待申请咨询5人次，收到申请13件。",
        "收到公民、法人和其他组织提出的申请13件，均已按期答复。",
        "收到申请13件，均为公民、法人和其他组织提出。",
        "收到申请13条，公开各类信息500条，答复网民留言20条。",
        "收到申请13件，其中企业3件、律师事务所1件、个人9件。",
        "收到申请13件，其中企业2件、单位2件、个人9件。",
        "收到申请13件，其中法人3件、其他组织1件、公民9件。",
        "收到申请13件，征求第三方意见，涉及个人5件，涉及企业2件。",
        "全年公开信息500条，收到群众来信5条、申请低保20条。",
        "收到建议15条，其中公民5条、单位10条。",
        "收到公民申请13件，其中个人9件、单位4件。",
        "收到公民申请13件，其中法人4件。",
        "收到个人和单位申请13件。",
        "收到建议15件，其中公民5件、单位10件。",
        "收到申请13件，接到咨询15件，其中个人5件、企业10件。",
        "收到群众来信15件，其中个人5件、企业10件。",
    ] {
        assert_eq!(told(Section::Overview, right), [], "{right}");
    }
    for wrong in ["受理政府信息公开申请6人次。", "全年收到政府信息公开申请0人次。"]
    {
        let rules: Vec<_> = told(Section::Overview, wrong).iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["prose-requests"], "{wrong}");
    }
}
