//! The report and the law name the same outcomes and applicants, in the same words.

use gongkai_report::OfficialForm;
use gongkai_report::model::{ApplicantColumn, RequestRow};
use gongkai_statute::applicants;
use gongkai_statute::decisions::Outcome;

#[test]
fn outcomes_are_the_rows_of_both_forms() {
    let rows: Vec<_> = RequestRow::of(OfficialForm::F2021).filter(|row| row.is_outcome()).collect();
    let ours: Vec<_> = rows.iter().map(|row| (row.code(), row.official().to_owned())).collect();
    let law: Vec<_> = Outcome::ALL.iter().map(|outcome| (outcome.code(), outcome.official())).collect();
    assert_eq!(ours, law);

    let rows = RequestRow::of(OfficialForm::F2019).filter(|row| row.is_outcome());
    let ours: Vec<_> = rows.map(|row| (row.code(), row.official().to_owned())).collect();
    let mut law: Vec<_> =
        Outcome::ALL.iter().map(|outcome| (outcome.code_2019(), outcome.official_2019())).collect();
    law.dedup();
    assert_eq!(ours, law);
}

#[test]
fn applicants_are_the_columns() {
    let ours: Vec<_> =
        ApplicantColumn::KINDS.iter().map(|column| (column.code(), column.official())).collect();
    let law: Vec<_> =
        applicants::ApplicantColumn::ALL.iter().map(|kind| (kind.code(), kind.official())).collect();
    assert_eq!(ours, law);
}
