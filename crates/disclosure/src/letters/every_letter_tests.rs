//! Every kind of letter says what the law asks it to say, in the wording of the program and in an agency's own.

use gongkai_statute::decisions::{Decision, Head};
use jiff::civil::date;

use super::templates::{self, NewTemplate};
use super::{Block, LetterKind, Template, TemplateRefusal, preview, seals};
use crate::accounts::Agency;
use crate::db::testing;
use crate::error::Failure;
use crate::requests::tests::{World, answer};
use crate::requests::{Dossier, RequestRefusal};

/// What no letter of a kind may lack, in words a reader looks for.
fn required(kind: LetterKind) -> &'static [&'static str] {
    match kind {
        LetterKind::Receipt => &[
            "收到申请之日为2026年3月2日",
            "第三十一条",
            "答复期限至",
            "第三十三条第二款",
            "申请公开的内容：",
            "获取信息的形式：",
        ],
        LetterKind::SupplementNotice => &[
            "收到您",
            "第三十条",
            "请写明所需名单的年度和批次",
            "请于2026年3月25日前",
            "重新计算",
            "逾期不补正的，视为放弃申请",
        ],
        LetterKind::ExtensionNotice => &[
            "所申请的信息需要向多个机关核对",
            "第三十三条第二款",
            "工作机构负责人同意",
            "延长20个工作日",
            "延长后的答复期限至2026年5月7日届满",
        ],
        LetterKind::Consultation => &[
            "审批名单所附的施工报价",
            "第三十二条",
            "15个工作日",
            "2026年3月31日前",
            "请说明理由",
            "逾期未提出意见的，由本机关",
            "书面告知",
        ],
        LetterKind::AgencyConsultation => &[
            "共同制作",
            "审批名单所附的施工报价",
            "第三十四条",
            "15个工作日",
            "2026年3月31日前",
            "视为同意公开",
        ],
        LetterKind::OverrideNotice => &[
            "不同意公开",
            "第三十二条",
            "公共利益造成重大影响",
            "各户补助金额",
            "补助金额关系群众监督",
            "行政复议",
            "行政诉讼",
        ],
        LetterKind::ReasonsNotice => &[
            "46件",
            "明显超过合理范围",
            "第三十五条",
            "于2026年3月24日前书面说明理由",
            "不予处理",
            "延迟答复",
        ],
        LetterKind::DelayNotice => &["理由合理", "需要逐册核对", "第三十五条", "延迟至2026年5月29日前答复"],
        LetterKind::FeeNotice => &[
            "第四十二条第一款",
            "计收标准：",
            "共101页",
            "应缴金额：720元",
            "2026年4月8日前",
            "视为放弃申请",
            "重新计算",
        ],
        LetterKind::ConsultationNotice => &[
            "收到您",
            "书面征求第三方的意见",
            "第三十二条",
            "不计算在答复您的期限内",
            "第三十三条第三款",
            "2026年3月31日前",
            "届满",
        ],
        LetterKind::TransferAdvice => &[
            "收到您",
            "申请公开：",
            "第三十六条第五项",
            "不属于本机关负责公开",
            "理由",
            "没有参与制作",
            "负责公开的机关",
            "青禾区示例局，联系电话：0000-6600200",
            "行政复议",
            "行政诉讼",
        ],
        LetterKind::ArchiveCover => &[
            "立档单位：",
            "申请编号：QH-SQ-2026-0000",
            "题名：申请人甲关于“2025年农村危房改造补助对象审批名单”",
            "起止日期：2026年3月2日",
            "处理决定：",
            "卷内件数：4件",
            "保管期限：10年",
            "第四十五条",
            "卷内目录",
            "4．政府信息公开申请答复书",
        ],
        LetterKind::Reply => &[
            "收到您",
            "申请公开：",
            "补正：2025年第二批",
            "延长答复期限",
            "第1部分：审批名单",
            "第三十六条第二项",
            "第2部分：各施工单位报价",
            "第十五条",
            "理由：",
            "审批名单（已遮盖）.pdf",
            "校验值 9f2c71ae03bd4410",
            "如不服本决定第2部分",
            "先向青禾区人民政府申请行政复议",
            "如不服本决定第1部分",
            "行政诉讼法",
        ],
    }
}

fn lacks(kind: LetterKind, html: &str, agency: &Agency) -> Vec<String> {
    let common =
        [agency.name.as_str(), agency.phone.as_str(), agency.address.as_str(), "class=\"signature\""];
    if kind == LetterKind::ArchiveCover {
        let all = required(kind).iter().copied().chain([agency.name.as_str(), "class=\"signature\""]);
        return all.filter(|words| !html.contains(*words)).map(str::to_owned).collect();
    }
    let addressee = match kind {
        LetterKind::AgencyConsultation => "青禾区示例局：",
        LetterKind::Consultation | LetterKind::OverrideNotice => "青禾区示例建材有限公司：",
        _ => "申请人甲：",
    };
    let all = required(kind).iter().copied().chain(common).chain([addressee]);
    all.filter(|words| !html.contains(*words)).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_kind_of_letter_has_its_required_parts_in_any_wording() {
    let test = testing::sqlite().await;
    let world = World::new(&test.db).await;
    let agency = &world.office.agency;
    for kind in LetterKind::ALL {
        let usual = Template::usual(*kind);
        // The same blocks from the last to the first, between words of the agency's own.
        let turned: Vec<String> = kind
            .blocks()
            .iter()
            .rev()
            .map(|block| match block.is_inline() && !(kind.is_reply() && *block == Block::Received) {
                true => format!("本机关说明：{}，特此写明。", block.mark()),
                false => block.mark(),
            })
            .collect();
        let own = Template {
            heading: "青禾区文书".into(),
            text: format!("尊敬的收件人：<您好>\n{}\n监督电话见公告栏。", turned.join("\n")),
            signature: "青禾区测试机关政府信息公开专用章".into(),
            ..usual.clone()
        };
        assert_eq!(own.faults(), [], "{kind:?}");
        for template in [usual, own] {
            let (number, html, _) = preview(&template, agency).unwrap();
            // The consultation with the other agency does not say who makes it in an own wording.
            let mut missing = lacks(*kind, &html, agency);
            missing.retain(|words| words != "共同制作" || template.heading == kind.label());
            assert_eq!(missing, Vec::<String>::new(), "{kind:?}: {html}");
            assert!(html.contains(&number) && html.contains(template.heading.as_str()), "{kind:?}");
            assert!(!html.contains('【'), "every block was filled: {html}");
            assert!(!html.contains("<您好>"), "what was typed is escaped");
        }
    }
}

/// No two series of an agency can give the same number.
#[test]
fn every_kind_of_letter_and_every_head_has_its_own_series() {
    let mut series: Vec<&str> = LetterKind::ALL
        .iter()
        .filter(|kind| **kind != LetterKind::Reply)
        .map(|kind| kind.series(Head::Disclosed))
        .collect();
    series.extend(Head::ALL.iter().map(|head| LetterKind::Reply.series(*head)));
    let count = series.len();
    series.sort_unstable();
    series.dedup();
    assert_eq!(series.len(), count, "{series:?}");
    assert_eq!(count, LetterKind::ALL.len() - 1 + Head::ALL.len());
}

async fn set(
    world: &World<'_>,
    day: jiff::civil::Date,
    text: &str,
    since: jiff::civil::Date,
) -> Vec<TemplateRefusal> {
    let template = Template { text: text.into(), ..Template::usual(LetterKind::Reply) };
    let leader = &world.office.leader;
    let mut tx = world.tx(leader, day).await;
    let new = NewTemplate { agency_id: world.office.agency.id.clone(), template, since: Some(since) };
    match templates::set(&mut tx, leader, &new).await {
        Ok(_) => {
            tx.commit().await.unwrap();
            Vec::new()
        }
        Err(Failure::Refused(faults)) => faults,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_wording_holds_from_its_day_and_a_letter_keeps_the_one_it_was_written_with() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let usual = Template::usual(LetterKind::Reply).text;
        let day = |d: i8| date(2026, 3, d);
        let without = usual.replace("【救济途径】", "");
        assert_eq!(set(&world, day(2), &without, day(2)).await, [TemplateRefusal::Missing(Block::Remedy)]);
        assert_eq!(set(&world, day(2), &usual, day(1)).await, [TemplateRefusal::Since]);
        assert_eq!(set(&world, day(2), &format!("{usual}\n三月的写法。"), day(9)).await, []);

        let reply = |dossier: &Dossier| world.text(dossier.reply().unwrap());
        let before = world.received(day(2), day(2)).await;
        let after = world.received(day(2), day(2)).await;
        let decided = world.decide(&before, day(6), &answer(Decision::NotHeld)).await.unwrap();
        assert!(!reply(&decided).contains("三月的写法"));
        world.sign(&before, day(6)).await;
        let decided = world.decide(&after, day(9), &answer(Decision::NotHeld)).await.unwrap();
        assert!(reply(&decided).contains("三月的写法"));
        // Signed under the old wording, it leaves under the new one as it was signed.
        world.issue(&before, day(10)).await.unwrap();
        assert!(!reply(&world.dossier(&before).await).contains("三月的写法"));
        let mut conn = test.db.read().await.unwrap();
        let kept = templates::history(&mut conn, &world.office.agency.id, LetterKind::Reply).await.unwrap();
        assert_eq!(kept.len(), 1);
    }
}

#[tokio::test]
async fn a_sealed_copy_is_of_the_signed_letter_and_stays_once_it_left() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let day = date(2026, 3, 2);
        let number = world.received(day, day).await;
        let decided = world.decide(&number, day, &answer(Decision::NotHeld)).await.unwrap();
        let letter = decided.reply().unwrap().id.clone();
        let png = [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R'];
        let sealed = test.files().keep("答复书（盖章）.png", &png).await.unwrap();
        let text = test.files().keep("答复书.txt", "没有盖章".as_bytes()).await.unwrap();
        let attempt = |file: &crate::files::StoredFile| {
            let (file, world, number, letter) = (file.clone(), &world, number.clone(), letter.clone());
            async move {
                let officer = &world.office.officer;
                let mut tx = world.tx(officer, day).await;
                let done = seals::add(&mut tx, officer, &number, &letter, &file).await;
                if done.is_ok() {
                    tx.commit().await.unwrap();
                }
                done.map_err(|failure| match failure {
                    Failure::Refused(reasons) => reasons,
                    Failure::Unexpected(error) => panic!("{error:#}"),
                })
            }
        };
        let words = |result: Result<(), Vec<RequestRefusal>>| result.unwrap_err()[0].to_string();
        assert!(words(attempt(&sealed).await).contains("还没有签发"));
        world.sign(&number, day).await;
        assert!(words(attempt(&text).await).contains("PDF"));
        attempt(&sealed).await.unwrap();
        attempt(&sealed).await.unwrap();
        world.issue(&number, day).await.unwrap();
        let kept = world.dossier(&number).await.reply().unwrap().sealed.clone().unwrap();
        assert_eq!((kept.name, kept.sha256), (sealed.name.clone(), sealed.sha256.clone()));
        assert!(words(attempt(&sealed).await).contains("不能再换"));
    }
}

/// How many letters are written in a second: `cargo test --release -- --ignored --nocapture many_letters`.
#[tokio::test]
#[ignore = "measures"]
async fn many_letters() {
    let test = testing::sqlite().await;
    let world = World::new(&test.db).await;
    let begin = std::time::Instant::now();
    let mut written = 0_u32;
    while begin.elapsed().as_secs() < 3 {
        for kind in LetterKind::ALL {
            written += u32::from(preview(&Template::usual(*kind), &world.office.agency).is_some());
        }
    }
    println!("{} letters in a second", f64::from(written) / begin.elapsed().as_secs_f64());
}
