//! What a sum over fifty thousand agencies and five years costs, beside the table that one would make for it in SQL: a row
//! for each report, a column for each cell. Both sums must be the same. docs/operating/benchmarks.md tells how to run it.
#![allow(clippy::unwrap_used)]

use std::collections::HashSet;
use std::time::Instant;

use gongkai_disclosure::db::Conn;
use gongkai_disclosure::db::testing::{TestDb, databases};
use gongkai_disclosure::reporting::totals;
use gongkai_disclosure::testing::keep_figures;
use gongkai_report::aggregate::Figures;
use gongkai_report::{CellAddress, OfficialForm, Report};
use sqlx::{AssertSqlSafe, Connection, Row};

/// Agencies whose figures are different ones; the others have them again.
const KINDS: usize = 500;
const YEARS: std::ops::RangeInclusive<i16> = 2021..=2025;

fn report(agency: usize, year: i16) -> Report {
    let mut report = Report::new("青禾区松溪镇", year);
    for (number, address) in CellAddress::all(OfficialForm::F2021).into_iter().enumerate() {
        // Totals follow from the others, and an amount is no count.
        let is_amount = address.to_string().ends_with("cny");
        if !address.is_derived() && !is_amount {
            report.set_count(address, (agency * 7 + number * 13 + year as usize) as i64 % 97).unwrap();
        }
    }
    report.derive_totals();
    report
}

async fn execute(conn: &mut Conn, sql: String) {
    sqlx::query(AssertSqlSafe(sql)).execute(conn).await.unwrap();
}

/// Both tables with the same figures.
async fn fill(test: &TestDb, agencies: usize, cells: &[CellAddress]) {
    // Past the gate: what is measured is only read.
    let mut conn = Conn::connect(&test.url).await.unwrap();
    execute(&mut conn, "BEGIN".to_owned()).await;
    let numbers = |from: usize| {
        format!(
            "WITH RECURSIVE n (i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {agencies})"
        )
    };
    execute(
        &mut conn,
        format!(
            "INSERT INTO agencies (id, code, name, kind, region, address, office_hours, phone, email, \
             reconsideration_body, court, document_word) {} \
             SELECT 'm' || i, 'm' || i, '第' || i || '镇', 'town', '000000', '', '', '', '', '', '', '' FROM n",
            numbers(0)
        ),
    )
    .await;
    let columns: String = (0..cells.len()).map(|at| format!(", c{at} BIGINT")).collect();
    execute(&mut conn, format!("CREATE TABLE plain (agency_id TEXT, year BIGINT{columns})")).await;
    let different = KINDS.min(agencies);
    for agency in 0..different {
        let mut rows = Vec::new();
        for year in YEARS {
            let figures = Figures::of(&report(agency, year));
            keep_figures(&mut conn, &format!("m{agency}"), year, &figures).await;
            let values: String =
                cells.iter().map(|&cell| format!(", {}", figures.get(cell).unwrap())).collect();
            rows.push(format!("('m{agency}', {year}{values})"));
        }
        execute(&mut conn, format!("INSERT INTO plain VALUES {}", rows.join(", "))).await;
    }
    if agencies > different {
        let names: String = (0..cells.len()).map(|at| format!(", p.c{at}")).collect();
        for (table, values) in [("report_figures", "p.years".to_owned()), ("plain", format!("p.year{names}"))]
        {
            execute(
                &mut conn,
                format!(
                    "INSERT INTO {table} {} SELECT 'm' || i, {values} FROM n \
                     JOIN {table} p ON p.agency_id = 'm' || (i % {different})",
                    numbers(different)
                ),
            )
            .await;
        }
    }
    execute(&mut conn, "CREATE TABLE wanted (agency_id TEXT PRIMARY KEY)".to_owned()).await;
    execute(&mut conn, "COMMIT".to_owned()).await;
}

/// Seconds of processor time of this process; a PostgreSQL server has its own.
fn processor() -> f64 {
    let told = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = told.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

async fn compared(agencies: usize) {
    let cells = CellAddress::all(OfficialForm::F2021);
    for test in databases().await {
        fill(&test, agencies, &cells).await;
        println!("{:?}: {agencies} agencies × {} years", test.db.engine(), YEARS.count());
        for step in [1, 3, 100] {
            let wanted: HashSet<String> = (0..agencies).step_by(step).map(|i| format!("m{i}")).collect();
            let mut conn = Conn::connect(&test.url).await.unwrap();
            execute(&mut conn, "BEGIN".to_owned()).await;
            execute(&mut conn, "DELETE FROM wanted".to_owned()).await;
            for some in wanted.iter().collect::<Vec<_>>().chunks(1_000) {
                let values: Vec<String> = some.iter().map(|id| format!("('{id}')")).collect();
                execute(&mut conn, format!("INSERT INTO wanted VALUES {}", values.join(", "))).await;
            }
            execute(&mut conn, "COMMIT".to_owned()).await;
            let sums: String = (0..cells.len()).map(|at| format!(", CAST(SUM(c{at}) AS BIGINT)")).collect();
            let plain = format!(
                "SELECT year{sums} FROM plain JOIN wanted USING (agency_id) GROUP BY year ORDER BY year"
            );
            let mut conn = test.db.read().await.unwrap();
            // The second time everything lies in the memory of the system, for both.
            for round in ["first", "again"] {
                let (begin, before) = (Instant::now(), processor());
                let ours = totals(&mut conn, |id| wanted.contains(id), YEARS).await.unwrap();
                let (our_clock, our_time) = (begin.elapsed().as_secs_f64(), processor() - before);
                let (begin, before) = (Instant::now(), processor());
                let rows = sqlx::query(AssertSqlSafe(plain.clone())).fetch_all(&mut *conn).await.unwrap();
                let (their_clock, their_time) = (begin.elapsed().as_secs_f64(), processor() - before);
                println!(
                    "  {} agencies, {round}: {our_clock:.3} s, processor {our_time:.2} s; table of cells \
                     {their_clock:.3} s, processor {their_time:.2} s; {:.1} × on the clock",
                    wanted.len(),
                    their_clock / our_clock
                );
                assert_eq!(rows.len(), YEARS.count());
                for row in rows {
                    let year = i16::try_from(row.get::<i64, _>(0)).unwrap();
                    for (at, &cell) in cells.iter().enumerate() {
                        let sum = row.get::<i64, _>(at + 1);
                        assert_eq!(ours[&year].total(cell).exact(), Some(i128::from(sum)), "{year} {cell}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn the_sums_are_those_of_a_table_of_cells() {
    compared(230).await;
}

#[tokio::test]
#[ignore = "a measurement"]
async fn sums_over_fifty_thousand_agencies() {
    compared(50_000).await;
}
