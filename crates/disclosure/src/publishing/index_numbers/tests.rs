use super::actions::{number_draft, reserve, set_rule};
use super::{IndexRefusal, Pattern, Place, Standing, USUAL, gaps, given};
use crate::accounts::AgencyKind;
use crate::db::testing;
use crate::error::Failure;
use crate::publishing::actions::withdraw;
use crate::publishing::{drafts, public};
use crate::review::Signed;
use crate::testing::{complete_draft, drafted, monday, office, signed_by_all, submitted};
use jiff::civil::date;

fn wrong(text: &str) -> Vec<IndexRefusal> {
    Pattern::read(text).unwrap_err()
}

#[test]
fn a_rule_is_read_and_followed() {
    let place = Place { agency_code: "SX".into(), region: "990101".into(), line_code: "T-03".into() };
    let day = date(2026, 11, 2);
    let number = |text: &str, serial| Pattern::read(text).unwrap().number(&place, day, serial);
    assert_eq!(number(USUAL, 7), "SX/2026-00007");
    assert_eq!(number("113417020032563511/{年月}-{序号:5}", 57), "113417020032563511/202611-00057");
    assert_eq!(
        number("{行政区划}{机关代码}/{事项编号}.{年}.{序号：4}", 123_456),
        "990101SX/T-03.2026.123456"
    );
    let scope = |text: &str| Pattern::read(text).unwrap().scope(&place, day);
    assert_eq!(scope(USUAL), "index/SX/2026-#");
    assert_ne!(scope("SX/{年月}-{序号:5}"), scope(USUAL));

    use IndexRefusal as R;
    assert_eq!(wrong("{机关代码}-{序号:5}"), [R::SlashOnce]);
    assert_eq!(wrong("{机关代码}/{年}"), [R::SerialOnce]);
    assert_eq!(wrong("{机关代码}/{序号:2}"), [R::SerialWidth]);
    assert_eq!(wrong("{机关代码}/{序号:5}/"), [R::SlashOnce]);
    assert_eq!(wrong("松溪/{序号:5}"), [R::Character('松')]);
    assert_eq!(wrong("{机关代码}/{序号:5"), [R::BraceOpen, R::SerialOnce, R::SlashOnce]);
    assert_eq!(wrong("{机关}/{序号:5}").first(), Some(&R::PartUnknown("机关".into())));
    assert_eq!(wrong(&format!("{}/{{序号:5}}", "x".repeat(80))), [R::TooLong { most: 60 }]);
}

#[tokio::test]
async fn numbers_follow_the_rule_are_never_given_twice_and_every_gap_is_explained() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let (first, review) = submitted(db, &office, &complete_draft("第一条")).await;
        signed_by_all(db, &office, &review).await;
        let deleted = drafted(db, &office, &complete_draft("预先编号后删除")).await;
        let (awaited, awaited_review) = submitted(db, &office, &complete_draft("预先编号")).await;

        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let agency = &office.agency.id;
        assert_eq!(number_draft(&mut tx, &office.officer, &deleted.entry_id).await.unwrap(), "SX/2026-00002");
        assert_eq!(number_draft(&mut tx, &office.officer, &awaited.entry_id).await.unwrap(), "SX/2026-00003");
        let twice = number_draft(&mut tx, &office.officer, &awaited.entry_id).await;
        assert!(
            matches!(twice, Err(Failure::Refused(r)) if r == [IndexRefusal::Numbered("SX/2026-00003".into())])
        );
        let kept = reserve(&mut tx, &office.officer, agency, Some(2), "纸质文件补登").await.unwrap();
        assert_eq!(kept, ["SX/2026-00004", "SX/2026-00005"]);
        let both = reserve(&mut tx, &office.officer, agency, Some(0), " ").await;
        assert!(matches!(both, Err(Failure::Refused(r)) if r.len() == 2));
        drafts::delete(&mut tx, &office.officer, &deleted.edition_id, 1).await.unwrap();
        withdraw(&mut tx, &office.officer, &first.entry_id, "mistaken", "金额有误").await.unwrap();
        // From today on by month, under the office's credit code.
        let rule = "113417020032563511/{年月}-{序号:4}";
        set_rule(&mut tx, &office.officer, agency, rule, "2026-11-02").await.unwrap();
        let past = set_rule(&mut tx, &office.officer, agency, "坏", "2026-11-01").await;
        assert!(
            matches!(past, Err(Failure::Refused(r)) if r.contains(&IndexRefusal::SincePast) && r.len() > 2)
        );
        tx.commit().await.unwrap();

        let Signed::Released(out) = signed_by_all(db, &office, &awaited_review).await else { panic!() };
        assert_eq!(out.index_number, "SX/2026-00003", "the number it was given before");
        let (_, review) = submitted(db, &office, &complete_draft("按新规则")).await;
        let Signed::Released(out) = signed_by_all(db, &office, &review).await else { panic!() };
        assert_eq!(out.index_number, "113417020032563511/202611-0001");
        let mut conn = db.read().await.unwrap();
        let found = public::find(&mut conn, "113417020032563511", "202611-0001").await.unwrap();
        assert!(found.is_some(), "its address follows the number");

        let all = given(&mut conn, agency).await.unwrap();
        assert_eq!(all.len(), 6);
        let gaps = gaps(&all);
        let standing: Vec<(&str, &Standing)> =
            gaps.iter().map(|gap| (gap.number.as_str(), &gap.standing)).collect();
        assert_eq!(standing.len(), 4, "{standing:?}");
        assert!(
            matches!(standing[0], ("SX/2026-00001", Standing::Withdrawn { reason, .. }) if reason == "金额有误")
        );
        assert_eq!(standing[1], ("SX/2026-00002", &Standing::DraftDeleted));
        assert_eq!(gaps[1].title, "预先编号后删除");
        assert_eq!(standing[2], ("SX/2026-00004", &Standing::Reserved));
        assert_eq!(gaps[3].reason, "纸质文件补登");
        // A serial nobody gave is not passed over.
        let hole: Vec<_> = all.iter().filter(|one| one.serial != 2).cloned().collect();
        assert!(super::gaps(&hole).iter().any(|gap| gap.standing == Standing::Unexplained));
        drop(conn);

        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let error = sqlx::query("UPDATE index_numbers SET serial = 99").execute(tx.conn()).await.unwrap_err();
        assert!(crate::db::refused_by_gate(&error).is_some(), "{error}");
    }
}
