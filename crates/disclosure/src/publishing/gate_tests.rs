//! The gate: what the database refuses to every program and every hand. Each attempt is SQL on a database in
//! which one entry is drafted, one is under review, one is half signed, one is released; no action of ours
//! stands in between.

use crate::accounts::AgencyKind;
use crate::db::{Db, Engine, testing};
use crate::files::FileStore;
use crate::publishing::actions::{attach, submit};
use crate::review::actions::sign;
use crate::testing::{
    Office, clean_checklist, complete_draft, drafted, monday, office, signed_by_all, submitted,
};

/// The names an attempt may use in its SQL, as `{name}`.
struct Scene {
    names: Vec<(&'static str, String)>,
}

impl Scene {
    fn fill(&self, sql: &str) -> String {
        self.names.iter().fold(sql.to_owned(), |sql, (name, value)| {
            sql.replace(&format!("{{{name}}}"), &format!("'{value}'"))
        })
    }
}

async fn scene(db: &Db, office: &Office, stranger: &Office) -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let files = FileStore::in_folder(folder.path(), 10_000).unwrap();
    let with_file = async |title: &str| {
        let draft = drafted(db, office, &complete_draft(title)).await;
        let file = files.keep("附件.txt", title.as_bytes()).await.unwrap();
        let file = files.prepare(file).await.unwrap();
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let attachment = attach(&mut tx, &office.officer, &draft.edition_id, &file).await.unwrap();
        tx.commit().await.unwrap();
        (draft, attachment, file.file.sha256)
    };
    let (draft, draft_file, sha) = with_file("draft").await;
    let (open, open_file, _) = with_file("open").await;
    let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
    let open_review = submit(&mut tx, &office.officer, &open.edition_id, 1).await.unwrap();
    tx.commit().await.unwrap();
    let (half, half_review) = submitted(db, office, &complete_draft("half")).await;
    let mut tx = db.begin(&office.section_head.actor(), monday()).await.unwrap();
    sign(&mut tx, &office.section_head, &half_review, None, "").await.unwrap();
    tx.commit().await.unwrap();
    let (released, released_review) = submitted(db, office, &complete_draft("released")).await;
    signed_by_all(db, office, &released_review).await;
    let inner = crate::publishing::Draft {
        disclosure_class: "not_disclosed".into(),
        class_reason: "内部事务信息".into(),
        ..complete_draft("inner")
    };
    let (inner, inner_review) = submitted(db, office, &inner).await;
    signed_by_all(db, office, &inner_review).await;
    let mut conn = db.read().await.unwrap();
    let mut hash = async |id: &str| {
        sqlx::query_scalar::<_, String>("SELECT content_hash FROM editions WHERE id = $1")
            .bind(id)
            .fetch_one(&mut *conn)
            .await
            .unwrap()
    };
    let names = vec![
        ("open.hash", hash(&open.edition_id).await),
        ("half.hash", hash(&half.edition_id).await),
        ("released.hash", hash(&released.edition_id).await),
        ("inner.hash", hash(&inner.edition_id).await),
        ("draft.entry", draft.entry_id),
        ("draft", draft.edition_id),
        ("draft.file", draft_file),
        ("sha", sha),
        ("open.entry", open.entry_id),
        ("open", open.edition_id),
        ("open.file", open_file),
        ("open.review", open_review),
        ("half.entry", half.entry_id),
        ("half", half.edition_id),
        ("half.review", half_review),
        ("released.entry", released.entry_id),
        ("released", released.edition_id),
        ("released.review", released_review),
        ("inner.entry", inner.entry_id),
        ("inner", inner.edition_id),
        ("inner.review", inner_review),
        ("agency", office.agency.id.clone()),
        ("officer", office.officer.user_id.clone()),
        ("colleague", office.other_officer.user_id.clone()),
        ("head", office.section_head.user_id.clone()),
        ("secrets", office.confidentiality_officer.user_id.clone()),
        ("leader", office.leader.user_id.clone()),
        ("stranger", stranger.section_head.user_id.clone()),
        ("now", "2026-11-02T01:00:00.000Z".into()),
        ("later", "2026-11-03T01:00:00.000Z".into()),
    ];
    Scene { names }
}

const RELEASE: &str =
    "INSERT INTO releases (edition_id, entry_id, review_id, content_hash, released_by, released_at) VALUES ";
const SIGN: &str = "INSERT INTO sign_offs (id, review_id, stage, person_id, verdict, checklist, opinion, content_hash, signed_at) VALUES ";

/// What is tried, and the statements; the last one must be refused. `~` stands for the first words of an
/// INSERT above.
const ATTEMPTS: &[(&str, &[&str])] = &[
    // releasing
    (
        "release what was never reviewed",
        &["~R({draft}, {draft.entry}, {open.review}, {open.hash}, 'x', {later})"],
    ),
    (
        "release under a review that does not exist",
        &["~R({draft}, {draft.entry}, 'none', 'h', 'x', {later})"],
    ),
    ("release during the review", &["~R({open}, {open.entry}, {open.review}, {open.hash}, 'x', {later})"]),
    ("release half signed", &["~R({half}, {half.entry}, {half.review}, {half.hash}, 'x', {later})"]),
    (
        "release on the review of other bytes",
        &["~R({open}, {open.entry}, {released.review}, {released.hash}, 'x', {later})"],
    ),
    (
        "release on the review of other bytes under one's own hash",
        &["~R({open}, {open.entry}, {released.review}, {open.hash}, 'x', {later})"],
    ),
    (
        "release under another entry",
        &["~R({inner}, {released.entry}, {inner.review}, {inner.hash}, 'x', {later})"],
    ),
    (
        "release what is not for everyone",
        &["~R({inner}, {inner.entry}, {inner.review}, {inner.hash}, 'x', {later})"],
    ),
    (
        "release before the signatures",
        &[
            "~S('s2', {half.review}, 2, {secrets}, 'signed', '', '', {half.hash}, {later})",
            "~S('s3', {half.review}, 3, {leader}, 'signed', '', '', {half.hash}, {later})",
            "UPDATE reviews SET state = 'signed' WHERE id = {half.review}",
            "~R({half}, {half.entry}, {half.review}, {half.hash}, 'x', {now})",
        ],
    ),
    (
        "declare a half-signed review signed",
        &["UPDATE reviews SET state = 'signed' WHERE id = {half.review}"],
    ),
    ("declare an unsigned review signed", &["UPDATE reviews SET state = 'signed' WHERE id = {open.review}"]),
    (
        "open a review that is signed already",
        &[
            "INSERT INTO reviews (id, agency_id, edition_id, content_hash, state, opened_at) VALUES ('r', {agency}, {inner}, {inner.hash}, 'signed', {now})",
        ],
    ),
    (
        "open a review over another hash",
        &[
            "INSERT INTO reviews (id, agency_id, edition_id, content_hash, state, opened_at) VALUES ('r', {agency}, {inner}, 'h', 'open', {now})",
        ],
    ),
    (
        "open a review without stages and declare it signed",
        &[
            "INSERT INTO reviews (id, agency_id, edition_id, content_hash, state, opened_at) VALUES ('r', {agency}, {inner}, {inner.hash}, 'open', {now})",
            "UPDATE reviews SET state = 'signed' WHERE id = 'r'",
        ],
    ),
    (
        "release on a single stage",
        &[
            "UPDATE editions SET content_hash = 'h' WHERE id = {draft}",
            "INSERT INTO reviews (id, agency_id, edition_id, content_hash, state, opened_at) VALUES ('r', {agency}, {draft}, 'h', 'open', {now})",
            "INSERT INTO review_stages (review_id, stage, kind, title) VALUES ('r', 1, 'leader', '签')",
            "~S('s', 'r', 1, {leader}, 'signed', '', '', 'h', {now})",
            "UPDATE reviews SET state = 'signed' WHERE id = 'r'",
            "~R({draft}, {draft.entry}, 'r', 'h', 'x', {later})",
        ],
    ),
    (
        "make an unreleased edition live",
        &["UPDATE entries SET live_edition_id = {open} WHERE id = {open.entry}"],
    ),
    (
        "make a signed inner edition live",
        &["UPDATE entries SET live_edition_id = {inner} WHERE id = {inner.entry}"],
    ),
    (
        "make another entry's release live",
        &["UPDATE entries SET live_edition_id = {released} WHERE id = {open.entry}"],
    ),
    (
        "start an entry live",
        &[
            "INSERT INTO entries (id, agency_id, catalogue_line_id, live_edition_id, created_by, created_at) SELECT 'e', agency_id, catalogue_line_id, {released}, created_by, created_at FROM entries WHERE id = {open.entry}",
        ],
    ),
    // signing
    (
        "sign before one's turn",
        &["~S('s', {open.review}, 3, {leader}, 'signed', '', '', {open.hash}, {now})"],
    ),
    (
        "sign the second stage first",
        &["~S('s', {open.review}, 2, {secrets}, 'signed', '', '', {open.hash}, {now})"],
    ),
    ("sign without the role", &["~S('s', {open.review}, 1, {leader}, 'signed', '', '', {open.hash}, {now})"]),
    (
        "sign with the role at another agency",
        &["~S('s', {open.review}, 1, {stranger}, 'signed', '', '', {open.hash}, {now})"],
    ),
    (
        "sign one's own draft",
        &[
            "INSERT INTO user_roles (user_id, agency_id, role) VALUES ({officer}, {agency}, 'section_head')",
            "~S('s', {open.review}, 1, {officer}, 'signed', '', '', {open.hash}, {now})",
        ],
    ),
    (
        "sign what one helped to write",
        &[
            "INSERT INTO edition_authors (edition_id, person_id) VALUES ({open}, {head})",
            "~S('s', {open.review}, 1, {head}, 'signed', '', '', {open.hash}, {now})",
        ],
    ),
    ("drop one's authorship", &["DELETE FROM edition_authors WHERE edition_id = {open}"]),
    (
        "give one's authorship away",
        &["UPDATE edition_authors SET person_id = {leader} WHERE edition_id = {open}"],
    ),
    ("name another author", &["UPDATE editions SET author_id = {leader} WHERE id = {open}"]),
    (
        "sign two stages",
        &[
            "INSERT INTO user_roles (user_id, agency_id, role) VALUES ({head}, {agency}, 'confidentiality_officer')",
            "~S('s', {half.review}, 2, {head}, 'signed', '', '', {half.hash}, {now})",
        ],
    ),
    (
        "sign a stage twice",
        &[
            "INSERT INTO user_roles (user_id, agency_id, role) VALUES ({colleague}, {agency}, 'section_head')",
            "~S('s', {half.review}, 1, {colleague}, 'signed', '', '', {half.hash}, {now})",
        ],
    ),
    ("sign other bytes", &["~S('s', {open.review}, 1, {head}, 'signed', '', '', {released.hash}, {now})"]),
    (
        "sign a stage that does not exist",
        &["~S('s', {released.review}, 4, {head}, 'signed', '', '', {released.hash}, {now})"],
    ),
    (
        "sign a closed review",
        &[
            "UPDATE reviews SET state = 'withdrawn' WHERE id = {open.review}",
            "~S('s', {open.review}, 1, {head}, 'signed', '', '', {open.hash}, {now})",
        ],
    ),
    ("alter a signature", &["UPDATE sign_offs SET opinion = '不同意' WHERE review_id = {half.review}"]),
    ("remove a signature", &["DELETE FROM sign_offs WHERE review_id = {half.review}"]),
    // reviews
    ("remove a review", &["DELETE FROM reviews WHERE id = {open.review}"]),
    ("reopen a closed review", &["UPDATE reviews SET state = 'open' WHERE id = {released.review}"]),
    (
        "move a review to another edition",
        &["UPDATE reviews SET edition_id = {draft} WHERE id = {open.review}"],
    ),
    (
        "move a review to another hash",
        &["UPDATE reviews SET content_hash = {released.hash} WHERE id = {open.review}"],
    ),
    (
        "open a second review at once",
        &[
            "INSERT INTO reviews (id, agency_id, edition_id, content_hash, state, opened_at) VALUES ('r', {agency}, {open}, {open.hash}, 'open', {now})",
        ],
    ),
    ("remove a stage", &["DELETE FROM review_stages WHERE review_id = {open.review} AND stage = 3"]),
    (
        "give a stage to another role",
        &["UPDATE review_stages SET kind = 'section_head' WHERE review_id = {open.review}"],
    ),
    (
        "add a stage once signing began",
        &[
            "INSERT INTO review_stages (review_id, stage, kind, title) VALUES ({half.review}, 4, 'leader', 'x')",
        ],
    ),
    // content
    ("alter the body under review", &["UPDATE editions SET body_html = '<p>x</p>' WHERE id = {open}"]),
    ("alter the body after release", &["UPDATE editions SET body_html = '<p>x</p>' WHERE id = {released}"]),
    ("alter the title under review", &["UPDATE editions SET title = 'x' WHERE id = {half}"]),
    (
        "alter the class after it was signed",
        &["UPDATE editions SET disclosure_class = 'proactive' WHERE id = {inner}"],
    ),
    (
        "alter body and hash together",
        &["UPDATE editions SET body_html = 'x', content_hash = 'h' WHERE id = {open}"],
    ),
    ("take the hash off under review", &["UPDATE editions SET content_hash = NULL WHERE id = {open}"]),
    ("take the hash off after release", &["UPDATE editions SET content_hash = NULL WHERE id = {released}"]),
    ("remove a reviewed edition", &["DELETE FROM editions WHERE id = {open}"]),
    ("renumber an edition", &["UPDATE editions SET ordinal = 9 WHERE id = {released}"]),
    ("give an edition another identity", &["UPDATE editions SET id = 'x' WHERE id = {draft}"]),
    (
        "add an attachment under review",
        &[
            "INSERT INTO attachments (id, edition_id, file_sha256, name, position) VALUES ('a', {open}, {sha}, 'b.txt', 2)",
        ],
    ),
    ("rename an attachment under review", &["UPDATE attachments SET name = 'b.txt' WHERE id = {open.file}"]),
    (
        "exchange an attachment under review",
        &["UPDATE attachments SET file_sha256 = {sha} WHERE id = {open.file}"],
    ),
    ("remove an attachment under review", &["DELETE FROM attachments WHERE id = {open.file}"]),
    (
        "move an attachment into an edition under review",
        &["UPDATE attachments SET edition_id = {open} WHERE id = {draft.file}"],
    ),
    (
        "call a stored file something else",
        &["UPDATE files SET media_type = 'text/html' WHERE sha256 = {sha}"],
    ),
    (
        "move a signed entry to another line",
        &[
            "UPDATE entries SET catalogue_line_id = (SELECT id FROM catalogue_lines WHERE code = '02' AND agency_id = {agency}) WHERE id = {open.entry}",
        ],
    ),
    // releases and numbers
    ("alter a release", &["UPDATE releases SET content_hash = 'h' WHERE edition_id = {released}"]),
    ("remove a release", &["DELETE FROM releases WHERE edition_id = {released}"]),
    (
        "change an index number",
        &["UPDATE entries SET index_number = 'SX/2026-00099' WHERE id = {released.entry}"],
    ),
    (
        "go out under a number that was never given",
        &["UPDATE entries SET index_number = 'SX/2026-00099' WHERE id = {draft.entry}"],
    ),
    ("take an index number back", &["UPDATE entries SET index_number = NULL WHERE id = {released.entry}"]),
    (
        "start an entry with a number",
        &[
            "INSERT INTO entries (id, agency_id, catalogue_line_id, index_number, created_by, created_at) SELECT 'e', agency_id, catalogue_line_id, 'SX/2026-00077', created_by, created_at FROM entries WHERE id = {open.entry}",
        ],
    ),
    ("remove a numbered entry", &["DELETE FROM entries WHERE id = {released.entry}"]),
];

/// SQLite's way around DELETE triggers.
const REPLACING: &[(&str, &[&str])] = &[
    (
        "replace a reviewed edition",
        &[
            "INSERT OR REPLACE INTO editions SELECT id, entry_id, ordinal, state, title, summary, '<p>x</p>', document_number, genre, keywords, source, validity, made_on, disclosure_class, class_reason, change_note, co_issuers, theme, subtheme, effective_on, expires_on, contact, author_id, class_opinion_id, content_hash, submitted_at, created_at, updated_at, updated_by, version FROM editions WHERE id = {open}",
        ],
    ),
    (
        "put a draft in the place of a released edition",
        &["UPDATE OR REPLACE editions SET id = {released} WHERE id = {draft}"],
    ),
    (
        "replace a signature",
        &[
            "INSERT OR REPLACE INTO sign_offs SELECT id, review_id, stage, {leader}, verdict, checklist, opinion, content_hash, signed_at, ticked, on_behalf_of FROM sign_offs WHERE review_id = {half.review}",
        ],
    ),
    (
        "replace a release",
        &[
            "INSERT OR REPLACE INTO releases SELECT edition_id, entry_id, review_id, content_hash, 'x', released_at FROM releases WHERE edition_id = {released}",
        ],
    ),
    (
        "replace a review",
        &[
            "INSERT OR REPLACE INTO reviews (id, agency_id, edition_id, content_hash, state, opened_at) VALUES ('r', {agency}, {open}, {open.hash}, 'open', {now})",
        ],
    ),
    (
        "replace a stage",
        &[
            "INSERT OR REPLACE INTO review_stages (review_id, stage, kind, title) VALUES ({open.review}, 1, 'leader', 'x')",
        ],
    ),
    (
        "replace a numbered entry",
        &[
            "INSERT OR REPLACE INTO entries (id, agency_id, catalogue_line_id, created_by, created_at) SELECT id, agency_id, catalogue_line_id, created_by, created_at FROM entries WHERE id = {released.entry}",
        ],
    ),
    (
        "take another entry's number",
        &["UPDATE OR REPLACE entries SET index_number = 'SX/2026-00001' WHERE id = {draft.entry}"],
    ),
    (
        "replace an attachment under review",
        &[
            "INSERT OR REPLACE INTO attachments SELECT {open.file}, edition_id, file_sha256, name, position FROM attachments WHERE id = {draft.file}",
        ],
    ),
    (
        "put an attachment in the place of another",
        &["UPDATE OR REPLACE attachments SET id = {open.file} WHERE id = {draft.file}"],
    ),
];

#[tokio::test]
async fn the_database_itself_refuses() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let stranger = crate::testing::office(db, "BL", AgencyKind::Town).await;
        let scene = scene(db, &office, &stranger).await;
        let replacing = if db.engine() == Engine::Sqlite { REPLACING } else { &[] };
        let mut got_through = Vec::new();
        for (attempt, statements) in ATTEMPTS.iter().chain(replacing) {
            // Each attempt is undone, so the next finds the same scene.
            let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
            let (last, before) = statements.split_last().unwrap();
            let mut run = async |sql: &str| {
                let sql = scene.fill(&sql.replace("~R", RELEASE).replace("~S", SIGN));
                sqlx::query(sqlx::AssertSqlSafe(sql)).execute(tx.conn()).await
            };
            for sql in before {
                run(sql).await.unwrap_or_else(|e| panic!("{attempt}: {sql}: {e}"));
            }
            match run(last).await {
                Ok(done) => got_through.push(format!("{attempt} ({} rows)", done.rows_affected())),
                Err(e) => {
                    let by_rule = crate::db::refused_by_gate(&e).is_some()
                        || crate::db::is_taken(&e)
                        || e.as_database_error().is_some_and(|e| e.is_foreign_key_violation());
                    assert!(by_rule, "{attempt}: failed, but not because it is forbidden: {e}");
                }
            }
        }
        assert!(got_through.is_empty(), "{} let through: {got_through:#?}", db.engine().name());
    }
}

#[tokio::test]
async fn the_same_scene_lets_the_right_people_through() {
    // Without this, a gate that refuses everything would pass the test above.
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "SX", AgencyKind::Town).await;
        let stranger = crate::testing::office(db, "BL", AgencyKind::Town).await;
        let scene = scene(db, &office, &stranger).await;
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        for sql in [
            "~S('s2', {half.review}, 2, {secrets}, 'signed', '{}', '', {half.hash}, {now})",
            "~S('s3', {half.review}, 3, {leader}, 'signed', '{}', '', {half.hash}, {now})",
            "UPDATE reviews SET state = 'signed', closed_at = {now} WHERE id = {half.review}",
            "~R({half}, {half.entry}, {half.review}, {half.hash}, 'x', {now})",
            "INSERT INTO index_numbers (number, scope, serial, agency_id, entry_id, title, reason, given_by, given_at) SELECT 'SX/2026-00002', 'x', 2, agency_id, id, '', '', 'x', {now} FROM entries WHERE id = {half.entry}",
            "UPDATE entries SET live_edition_id = {half}, index_number = 'SX/2026-00002' WHERE id = {half.entry}",
            "UPDATE editions SET title = 'x' WHERE id = {draft}",
            "DELETE FROM attachments WHERE id = {draft.file}",
        ] {
            let sql = scene.fill(&sql.replace("~R", RELEASE).replace("~S", SIGN));
            sqlx::query(sqlx::AssertSqlSafe(sql.clone()))
                .execute(tx.conn())
                .await
                .unwrap_or_else(|e| panic!("{sql}: {e}"));
        }
        assert!(clean_checklist().problems().is_empty());
    }
}
