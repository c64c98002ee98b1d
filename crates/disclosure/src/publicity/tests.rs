use super::actions::{ListDraft, draft_list, end_expired, set_period};
use super::lists::read;
use super::mask::{is_child, is_sound_identity, masked_address, masked_name};
use super::{PeriodUnit, Shown, last_day, period};
use crate::accounts::AgencyKind;
use crate::audit::Actor;
use crate::db::testing::databases;
use crate::files::FileStore;
use crate::publishing::actions::submit;
use crate::publishing::public::{self, Found};
use crate::sheets::{Sheet, csv};
use crate::testing::{catalogue_line, complete_draft, monday, office, signed_by_all, submitted};
use gongkai_statute::calendar::Calendar;
use jiff::SignedDuration;
use jiff::civil::date;

fn sheet(rows: &[&[&str]]) -> Vec<Sheet> {
    let heads: Vec<&str> = rows[0].to_vec();
    let rows: Vec<Vec<String>> =
        rows[1..].iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
    crate::sheets::read(&csv(&heads, &rows)).unwrap()
}

#[test]
fn a_period_leaves_the_day_of_release_out() {
    let calendar = Calendar::national();
    let released = date(2026, 11, 2);
    assert_eq!(last_day(released, 5, PeriodUnit::Days, calendar).unwrap(), date(2026, 11, 7));
    assert_eq!(last_day(released, 5, PeriodUnit::WorkingDays, calendar).unwrap(), date(2026, 11, 9));
}

#[test]
fn people_are_masked_by_rule() {
    assert_eq!(["张三", "欧阳小明", "司马", "李"].map(masked_name), ["张某", "欧阳某", "司某", "李某"]);
    assert_eq!(masked_address("青禾区松溪镇柳湾村三组12号"), "青禾区松溪镇柳湾村");
    assert_eq!(masked_address("青禾路1号"), "青禾路");
    // Invented numbers with and without a sound check digit.
    assert!(is_sound_identity("990101199003071237") && !is_sound_identity("990101199003071236"));
    assert!(is_child("990101201501010000", date(2026, 11, 2)));
    assert!(!is_child("990101201211010000", date(2026, 11, 2)), "fourteen since yesterday");
    assert!(is_child("990101201211030000", date(2026, 11, 2)), "fourteen tomorrow");
}

#[test]
fn a_list_shows_what_may_be_shown_and_no_more() {
    let rows = sheet(&[
        &["序号", "户主姓名", "身份证号", "住址", "联系电话", "一卡通账号", "致残原因", "补贴金额（元）"],
        &[
            "1",
            "何小禾",
            "990101199003071237",
            "松溪镇柳湾村三组5号",
            "13800000001",
            "6222000000000000001",
            "工伤",
            "1,200.50",
        ],
        &[
            "2",
            "陆苗苗",
            "990101201803071235",
            "松溪镇石桥村一组",
            "13800000002",
            "6222000000000000002",
            "先天",
            "800",
        ],
        &["", "合计", "", "", "", "", "", "2000.5"],
    ]);
    let list = read(&rows, false, date(2026, 11, 2)).unwrap();
    assert_eq!(list.heads, ["序号", "户主姓名", "住址", "补贴金额（元）"]);
    assert_eq!(list.rows[0], ["1", "何小禾", "松溪镇柳湾村", "1,200.50"]);
    assert_eq!(list.rows[1][1], "陆某", "a child's name is masked");
    assert_eq!(list.rows.len(), 2);
    assert_eq!(list.total_fen, Some(200_050));
    assert!(list.wrong.is_empty(), "{:?}", list.wrong);
    let dropped = list.columns.iter().filter(|column| column.shown == Shown::Dropped.code()).count();
    assert_eq!(dropped, 4);
    for secret in ["9901011990", "13800000001", "6222", "工伤", "三组5号"] {
        assert!(!list.html().contains(secret), "{secret}");
    }
    assert_eq!(read(&rows, true, date(2026, 11, 2)).unwrap().rows[0][1], "何某");

    let wrong = sheet(&[
        &["姓名", "证件号码", "批次"],
        &["何小禾", "990101199003071237", "电话13800000001"],
        &["", "990101199003071237", ""],
    ]);
    let list = read(&wrong, false, date(2026, 11, 2)).unwrap();
    let places: Vec<&str> = list.wrong.iter().map(|wrong| wrong.place.as_str()).collect();
    assert_eq!(places, ["第 2 行 C 列（批次）", "第 3 行 A 列（姓名）", "第 3 行 B 列（证件号码）"]);
    assert!(read(&sheet(&[&["项目", "金额"], &["a", "1"]]), false, date(2026, 11, 2)).is_err());

    // What is written down beside a name by hand does not go out, nor a column with one diagnosis in it.
    let told = sheet(&[
        &["姓名", "金额", "备注", "致困原因", "类别"],
        &["何小禾", "480", "独居", "车祸", "一般"],
        &["陆小满", "520", "", "", "重病户"],
    ]);
    let list = read(&told, false, date(2026, 11, 2)).unwrap();
    assert_eq!(list.heads, ["姓名", "金额"]);
}

#[tokio::test]
async fn a_list_goes_the_way_of_every_draft_and_comes_down_by_itself() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let staff = &office.officer;
        let files = FileStore::in_folder(&test.folder.path().join("files"), 1_000_000).unwrap();
        let rows = sheet(&[&["姓名", "身份证号", "金额"], &["何小禾", "990101199003071237", "800"]]);
        let list = read(&rows, false, date(2026, 11, 2)).unwrap();
        let kept = files.keep("名单.xlsx", &list.file().unwrap()).await.unwrap();
        let prepared = files.prepare(kept).await.unwrap();
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        let typed = ListDraft {
            line_id: catalogue_line(&mut tx, &office.agency.id).await,
            title: "松溪镇2026年高龄津贴发放名单公示".into(),
            kind: "subsidy".into(),
            days: "5".into(),
            unit: "working_days".into(),
            source: "松溪镇人民政府".into(),
        };
        let drafted = draft_list(&mut tx, staff, &typed, &list, &prepared).await.unwrap();
        let review = submit(&mut tx, staff, &drafted.edition_id, 1).await.unwrap();
        tx.commit().await.unwrap();
        signed_by_all(&test.db, &office, &review).await;
        let mut conn = test.db.read().await.unwrap();
        let entry = public::by_id(&mut conn, &drafted.entry_id).await.unwrap().unwrap();
        assert!(entry.body_html.contains("何小禾") && !entry.body_html.contains("990101"));
        let set = period(&mut conn, &drafted.entry_id).await.unwrap().unwrap();
        assert_eq!(set.last_day(Calendar::national()).unwrap().unwrap().to_string(), "2026-11-09");
        drop(conn);

        for (days, ended) in [(7, 0), (8, 1), (9, 0)] {
            let now = monday() + SignedDuration::from_hours(24 * days);
            let mut tx = test.db.begin(&Actor::Program("test"), now).await.unwrap();
            assert_eq!(end_expired(&mut tx).await.unwrap(), ended, "after {days} days");
            if ended > 0 {
                tx.commit().await.unwrap();
            }
        }
        let mut conn = test.db.read().await.unwrap();
        let (code, serial) = entry.index_number.split_once('/').unwrap();
        let Some(Found::Withdrawn(gone)) = public::find(&mut conn, code, serial).await.unwrap() else {
            panic!("the address stays")
        };
        assert_eq!(gone.withdrawal_class, "publicity_ended");
        assert!(gone.withdrawal_reason.contains("2026-11-09"), "{}", gone.withdrawal_reason);
    }
}

#[tokio::test]
async fn a_period_is_changed_with_a_reason_and_not_into_the_past() {
    let test = &databases().await[0];
    let office = office(&test.db, "songxi", AgencyKind::Town).await;
    let staff = &office.officer;
    let (drafted, review) = submitted(&test.db, &office, &complete_draft("低保对象公示")).await;
    signed_by_all(&test.db, &office, &review).await;
    let id = &drafted.entry_id;
    let mut tx = test.db.begin(&staff.actor(), monday() + SignedDuration::from_hours(240)).await.unwrap();
    assert!(set_period(&mut tx, staff, id, "7", "days", "").await.is_err(), "over three days ago");
    assert!(set_period(&mut tx, staff, id, "0", "weeks", "").await.is_err());
    set_period(&mut tx, staff, id, "30", "days", "").await.unwrap();
    assert!(set_period(&mut tx, staff, id, "40", "days", "").await.is_err(), "a change needs its reason");
    set_period(&mut tx, staff, id, "40", "days", "收到异议，延长公示。").await.unwrap();
    assert!(set_period(&mut tx, &office.leader, id, "40", "days", "x").await.is_err());
    tx.commit().await.unwrap();
}
