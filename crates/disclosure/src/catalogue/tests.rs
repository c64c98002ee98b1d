use jiff::civil::date;

use super::{CatalogueRefusal, Line, actions, gaps, lines, public_lines, starting};
use crate::accounts::AgencyKind;
use crate::db::testing;
use crate::error::Failure;
use crate::testing::{monday, office};

#[tokio::test]
async fn a_starting_catalogue_is_taken_over_by_whoever_keeps_it_and_only_what_is_new() {
    for test in testing::databases().await {
        let office = office(&test.db, "SX", AgencyKind::Town).await;
        let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
        let agency = &office.agency.id;
        let adopt = async |tx: &mut _, staff: &_, name: &str, codes: &[&str]| match actions::adopt(
            tx, staff, agency, name, codes,
        )
        .await
        {
            Ok(added) => Ok(added),
            Err(Failure::Refused(reasons)) => Err(reasons),
            other => panic!("{other:?}"),
        };
        let (officer, field) = (&office.officer, "field_17");
        let refused = adopt(&mut tx, &office.leader, "town", &["T01"]).await;
        assert_eq!(refused, Err(vec![CatalogueRefusal::Forbidden]));
        let refused = adopt(&mut tx, officer, "county", &["T01"]).await;
        assert_eq!(refused, Err(vec![CatalogueRefusal::StartingUnknown]));
        let town = starting("town").unwrap();
        let every: Vec<&str> = town.lines.iter().map(|line| line.code.as_str()).collect();
        assert_eq!(adopt(&mut tx, officer, "town", &every).await, Ok(every.len()));
        // Lines of another catalogue cannot be named.
        for nothing in [&[][..], &["T01", "L18-1"]] {
            let refused = adopt(&mut tx, officer, field, nothing).await;
            assert_eq!(refused, Err(vec![CatalogueRefusal::NothingChosen]));
        }
        assert_eq!(adopt(&mut tx, officer, field, &["L17-1", "L17-7"]).await, Ok(2));
        assert_eq!(adopt(&mut tx, officer, field, &["L17-7", "L17-9"]).await, Ok(1), "only what is new");
        let refused = adopt(&mut tx, officer, field, &["L17-1", "L17-9"]).await;
        assert_eq!(refused, Err(vec![CatalogueRefusal::AllThere]));
        let all = lines(tx.conn(), agency).await.unwrap();
        let relief = all.iter().find(|line| line.code == "L17-1").unwrap();
        assert_eq!((relief.topic.as_str(), relief.levels.as_str()), ("最低生活保障", "县级、乡级、村级"));
        tx.commit().await.unwrap();
    }
}

fn line(code: &str, period_days: Option<i64>, newest_on: Option<&str>) -> Line {
    Line {
        id: code.into(),
        agency_id: "a".into(),
        code: code.into(),
        category: "budgets".into(),
        title: "事项".into(),
        elements: String::new(),
        basis: String::new(),
        time_limit: String::new(),
        period_days,
        channels: String::new(),
        responsible_office: String::new(),
        position: 1,
        topic: String::new(),
        audience: String::new(),
        method: "proactive".into(),
        levels: String::new(),
        retired_on: None,
        retired_reason: String::new(),
        version: 1,
        entries: 0,
        newest_on: newest_on.map(Into::into),
    }
}

#[test]
fn a_gap_is_a_period_without_an_entry() {
    let lines = [
        line("on-occasion", None, None),
        line("fresh", Some(30), Some("2026-11-01")),
        line("due-today", Some(30), Some("2026-10-03")),
        line("one-day-late", Some(30), Some("2026-10-02")),
        line("years-late", Some(90), Some("2024-01-01")),
        line("never", Some(365), None),
    ];
    let found = gaps(&lines, date(2026, 11, 2));
    let codes: Vec<_> = found.iter().map(|gap| (gap.code.as_str(), gap.days_late)).collect();
    assert_eq!(codes, [("never", 0), ("years-late", 946), ("one-day-late", 1)]);
    assert_eq!(found[2].due_on, Some(date(2026, 11, 1)));
}

#[tokio::test]
async fn an_agency_starts_with_the_common_lines_and_those_of_its_kind() {
    for test in testing::databases().await {
        let office = office(&test.db, "SX", AgencyKind::Town).await;
        let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
        let (common, town) = (starting("common").unwrap(), starting("town").unwrap());
        actions::install(&mut tx, &office.agency.id, &common).await.unwrap();
        actions::install(&mut tx, &office.agency.id, &town).await.unwrap();
        tx.commit().await.unwrap();

        let mut conn = test.db.read().await.unwrap();
        let lines = lines(&mut conn, &office.agency.id).await.unwrap();
        assert_eq!(lines.len(), common.lines.len() + town.lines.len());
        assert!(lines.is_sorted_by_key(|l| l.position) && lines.iter().all(|l| l.entries == 0));
        assert_eq!(public_lines(&mut conn, "SX").await.unwrap().len(), lines.len());

        let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
        let again = actions::install(&mut tx, &office.agency.id, &town).await;
        assert!(matches!(again, Err(Failure::Refused(_))), "{again:?}");
    }
}

fn typed() -> super::TypedLine {
    super::TypedLine {
        category: "社会救助".into(),
        topic: "社会救助".into(),
        title: "临时救助".into(),
        elements: "救助对象、标准、金额".into(),
        basis: "《条例》第二十一条".into(),
        time_limit: "每季度公开一次".into(),
        period: "92".into(),
        office: "民政办".into(),
        ..super::TypedLine::default()
    }
}

#[tokio::test]
async fn a_line_is_added_changed_with_its_history_and_retired() {
    use super::{CatalogueRefusal as R, LineContent, TypedLine, all_lines, line, versions};
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let agency = office.agency.id.clone();
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        match actions::add(&mut tx, &office.officer, &agency, &TypedLine::default()).await {
            Err(Failure::Refused(reasons)) => assert_eq!(reasons.len(), 6, "{reasons:?}"),
            other => panic!("{other:?}"),
        }
        match actions::add(&mut tx, &office.leader, &agency, &typed()).await {
            Err(Failure::Refused(reasons)) => assert_eq!(reasons, [R::Forbidden]),
            other => panic!("{other:?}"),
        }
        let id = actions::add(&mut tx, &office.officer, &agency, &typed()).await.unwrap();
        let added = line(tx.conn(), &id).await.unwrap().unwrap();
        assert_eq!(
            (added.code.as_str(), added.category.as_str(), added.version),
            ("Z01", "social_assistance", 1)
        );

        let other = TypedLine { office: "社会事务办".into(), ..added.content().typed() };
        match actions::change(&mut tx, &office.officer, &id, 1, &added.content().typed(), "").await {
            Err(Failure::Refused(reasons)) => assert_eq!(reasons.len(), 2, "nothing changed, and no reason"),
            other => panic!("{other:?}"),
        }
        actions::change(&mut tx, &office.officer, &id, 1, &other, "机构调整").await.unwrap();
        match actions::change(&mut tx, &office.officer, &id, 1, &typed(), "旧页面").await {
            Err(Failure::Refused(reasons)) => assert_eq!(reasons, [R::ChangedMeanwhile]),
            other => panic!("{other:?}"),
        }
        let history = versions(tx.conn(), &id).await.unwrap();
        let was: LineContent = serde_json::from_str(&history[0].body).unwrap();
        assert_eq!((history.len(), was.office.as_str(), history[0].note.as_str()), (1, "民政办", "机构调整"));

        actions::retire(&mut tx, &office.officer, &id, "并入低保").await.unwrap();
        assert!(lines(tx.conn(), &agency).await.unwrap().iter().all(|line| line.id != id));
        assert!(all_lines(tx.conn(), &agency).await.unwrap().iter().any(|line| line.id == id));
        actions::restore(&mut tx, &office.officer, &id).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn the_catalogue_goes_out_as_a_sheet_and_comes_back_the_same() {
    use super::sheet::{read, rehearse, write};
    let test = testing::sqlite().await;
    let office = office(&test.db, "SX", AgencyKind::Town).await;
    let agency = office.agency.id.clone();
    let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
    for name in ["common", "town"] {
        actions::install(&mut tx, &agency, &starting(name).unwrap()).await.unwrap();
    }
    let existing: Vec<_> = lines(tx.conn(), &agency)
        .await
        .unwrap()
        .iter()
        .map(|line| (line.id.clone(), line.content()))
        .collect();
    let contents: Vec<_> = existing.iter().map(|(_, content)| content.clone()).collect();
    let bytes = write("青禾区松溪镇人民政府", &contents).unwrap();
    let rows = read(&bytes, "").unwrap();
    let rehearsal = rehearse(&rows, &existing);
    assert_eq!((rehearsal.unchanged, rehearsal.wrong.len()), (existing.len(), 0), "{rehearsal:?}");

    let mut rows = rows;
    rows[0].line.office = "党政办".into();
    rows[1].line.category = "没有的类别".into();
    rows.pop();
    let rehearsal = rehearse(&rows, &existing);
    assert_eq!((rehearsal.changed.len(), rehearsal.absent.len()), (1, 2));
    assert!(rehearsal.wrong[0].starts_with("工作表“公开目录”第 4 行"), "{:?}", rehearsal.wrong);
    match actions::import(&mut tx, &office.officer, &agency, &rows).await {
        Err(Failure::Refused(reasons)) => assert_eq!(reasons.len(), 1),
        other => panic!("{other:?}"),
    }
    rows.remove(1);
    assert_eq!(actions::import(&mut tx, &office.officer, &agency, &rows).await.unwrap(), (0, 1));
    tx.commit().await.unwrap();
}

#[test]
fn a_customary_table_with_boxes_ticks_and_merged_cells_is_read() {
    use rust_xlsxwriter::{Format, Workbook};
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 13, "青禾区社会救助领域基层政务公开标准目录", &plain).unwrap();
    for (at, head) in [
        (0, "序号"),
        (3, "公开内容\n（要素）"),
        (4, "公开依据"),
        (5, "公开时限"),
        (6, "公开主体"),
        (7, "公开渠道和载体"),
    ] {
        sheet.merge_range(1, at, 2, at, head, &plain).unwrap();
    }
    sheet.merge_range(1, 1, 1, 2, "公开事项", &plain).unwrap();
    sheet.merge_range(1, 8, 1, 9, "公开对象", &plain).unwrap();
    sheet.merge_range(1, 10, 1, 11, "公开方式", &plain).unwrap();
    sheet.merge_range(1, 12, 1, 13, "公开层级", &plain).unwrap();
    for (at, head) in (1..).zip(["一级事项", "二级事项"]) {
        sheet.write(2, at, head).unwrap();
    }
    for (at, head) in (8..).zip(["全社会", "特定群体", "主动", "依申请", "县级", "乡级"]) {
        sheet.write(2, at, head).unwrap();
    }
    sheet.merge_range(3, 1, 4, 1, "最低生活保障", &plain).unwrap();
    for (row, title, limit, marks) in [
        (3, "政策法规文件", "信息形成之日起20个工作日内", ["√", "", "√", "", "√", "√"]),
        (4, "审批信息", "每季度公开", ["", "√", "", "√", "", "√"]),
    ] {
        sheet.write(row, 0, row - 2).unwrap();
        sheet.write(row, 2, title).unwrap();
        sheet.write(row, 3, "内容").unwrap();
        sheet.write(row, 4, "《社会救助暂行办法》").unwrap();
        sheet.write(row, 5, limit).unwrap();
        sheet.write(row, 6, "民政办").unwrap();
        sheet.write(row, 7, "■政府网站 □政府公报\n■村公示栏（电子屏） □其他").unwrap();
        for (at, mark) in (8..).zip(marks) {
            sheet.write(row, at, mark).unwrap();
        }
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let rows = super::sheet::read(&bytes, "social_assistance").unwrap();
    assert_eq!(rows.len(), 2, "{rows:?}");
    let line = &rows[1].line;
    assert_eq!((rows[1].row, line.topic.as_str(), line.title.as_str()), (5, "最低生活保障", "审批信息"));
    assert_eq!((line.channels.as_str(), line.period.as_str()), ("政府网站、村公示栏（电子屏）", "92"));
    assert_eq!(
        (line.audience.as_str(), line.method.as_str(), line.levels.as_str()),
        ("特定群体", "on_request", "乡级")
    );
    assert_eq!((rows[0].line.audience.as_str(), rows[0].line.levels.as_str()), ("", "县级、乡级"));
    assert!(line.read().is_ok());
    assert!(super::sheet::read(b"PK", "").is_err());
}
