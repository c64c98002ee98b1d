use jiff::civil::date;

use super::{Line, actions, category_provision, gaps, lines, public_lines, starting, starting_names};
use crate::accounts::AgencyKind;
use crate::db::testing;
use crate::error::Failure;
use crate::testing::{monday, office};

#[test]
fn starting_catalogues_rest_on_the_regulations() {
    let common = starting("common").unwrap();
    for name in starting_names() {
        let catalogue = starting(name).unwrap();
        assert!(!catalogue.lines.is_empty() && !catalogue.title.is_empty(), "{name}");
        let mut codes: Vec<_> = catalogue.lines.iter().map(|l| l.code.clone()).collect();
        if name != "common" {
            codes.extend(common.lines.iter().map(|l| l.code.clone()));
        }
        let count = codes.len();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), count, "{name}: a code twice");
        for line in catalogue.lines {
            assert!(category_provision(&line.category).is_some(), "{name}: {}", line.category);
            for text in [&line.title, &line.elements, &line.basis, &line.time_limit, &line.office] {
                assert!(!text.is_empty(), "{name} {}", line.code);
            }
        }
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
