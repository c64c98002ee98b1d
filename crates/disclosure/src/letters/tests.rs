use gongkai_statute::decisions::Decision;
use jiff::civil::date;

use super::LetterKind;
use crate::db::testing;
use crate::requests::tests::World;

#[tokio::test]
async fn numbers_run_per_kind_and_year() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let mut numbers = Vec::new();
        for day in [date(2025, 12, 1), date(2025, 12, 2), date(2026, 3, 2)] {
            let number = world.answered(Decision::NotHeld, day).await;
            let dossier = world.dossier(&number).await;
            numbers.extend(dossier.letters.iter().map(|letter| letter.number.clone()));
        }
        assert_eq!(
            numbers,
            [
                "青禾测公受〔2025〕1号",
                "青禾测公无〔2025〕1号",
                "青禾测公受〔2025〕2号",
                "青禾测公无〔2025〕2号",
                "青禾测公受〔2026〕1号",
                "青禾测公无〔2026〕1号"
            ]
        );
    }
}

#[tokio::test]
async fn a_reply_bears_the_day_it_leaves() {
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let number = world.received(date(2026, 3, 2), date(2026, 3, 2)).await;
        let answer = crate::requests::tests::answer(Decision::TradeSecret);
        let decided = world.decide(&number, date(2026, 3, 4), &answer).await.unwrap();
        assert_eq!(decided.reply().unwrap().shown_day(), "（签发后填写日期）");
        let receipt = decided.letters.iter().find(|letter| letter.kind == LetterKind::Receipt).unwrap();
        assert_eq!(receipt.shown_day(), "2026年3月2日");
        let text = world.text(receipt);
        assert!(text.contains("2026年3月30日届满"), "{text}");
        world.sign(&number, date(2026, 3, 5)).await;
        world.issue(&number, date(2026, 3, 6)).await.unwrap();
        let issued = world.dossier(&number).await;
        assert_eq!(issued.reply().unwrap().shown_day(), "2026年3月6日");
        let text = &world.text(issued.reply().unwrap());
        assert!(text.contains("先向青禾区人民政府申请行政复议"), "复议前置: {text}");
    }
}
