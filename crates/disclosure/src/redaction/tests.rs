//! From a file of a request to what goes out with the reply, on every engine.

use gongkai_statute::decisions::Decision;
use gongkai_statute::grounds::Ground;
use jiff::civil::date;

use super::actions::{apply, begin, discard, save, target};
use super::*;
use crate::db::{refused_by_gate, testing};
use crate::error::Failure;
use crate::files::{FileStore, Prepared};
use crate::requests::enclosures;
use crate::requests::tests::{World, answer};

const OFFICE: &[u8] = include_bytes!("../../../redaction/tests/samples/office.pdf");

async fn prepared(files: &FileStore, name: &str, bytes: &[u8]) -> Prepared {
    let kept = files.keep(name, bytes).await.unwrap();
    files.prepare(kept).await.unwrap()
}

fn mark(page: u32, top: u32) -> Marked {
    let area = Area { page, left: 1_000, top, right: 3_000, bottom: top + 300 };
    Marked { area, ground: Ground::PersonalPrivacy }
}

#[tokio::test]
async fn only_the_burned_file_goes_out_with_the_reply() {
    let day = date(2026, 3, 9);
    let folder = tempfile::tempdir().unwrap();
    let files = FileStore::in_folder(folder.path(), 10_000_000).unwrap();
    let workshop = Workshop::new(|| None);
    for test in testing::databases().await {
        let world = World::new(&test.db).await;
        let (officer, other) = (&world.office.officer, &world.office.other_officer);
        let number = world.received(day, day).await;
        let original = prepared(&files, "审批表.pdf", OFFICE).await;
        let mut tx = world.tx(officer, day).await;
        let id = enclosures::add(&mut tx, officer, &number, &original).await.unwrap();
        tx.commit().await.unwrap();

        // A draft, saved by two people.
        let mut tx = world.tx(officer, day).await;
        let found = target(tx.conn(), officer, Subject::Enclosure, &id).await.unwrap();
        let bytes = files.bytes(&found.sha256).await.unwrap();
        let pages = workshop.count(Kind::Pdf, bytes.clone()).await.unwrap();
        assert_eq!(pages, 2);
        let draft = begin(&mut tx, officer, &found, pages).await.unwrap();
        assert_eq!(begin(&mut tx, officer, &found, pages).await.unwrap(), draft, "one at a time");
        let off = save(&mut tx, officer, &draft, 1, &[mark(3, 0)]).await;
        assert!(matches!(off, Err(Failure::Refused(_))));
        let marked = save(&mut tx, officer, &draft, 1, &[mark(2, 900), mark(1, 500), mark(1, 500)]).await;
        assert_eq!(marked.unwrap(), [mark(1, 500), mark(2, 900)]);
        let late = save(&mut tx, other, &draft, 1, &[]).await;
        assert!(
            matches!(&late, Err(Failure::Refused(why)) if why[0].to_string().contains(&officer.name)),
            "{late:?}"
        );
        tx.commit().await.unwrap();

        // Burned, proved, put in its place.
        let mut conn = test.db.read().await.unwrap();
        let now = by_id(&mut conn, &draft).await.unwrap().unwrap();
        drop(conn);
        let done = workshop.burn(Kind::Pdf, bytes, now.areas()).await.unwrap();
        let result = prepared(&files, &now.usual_name(), &done.bytes).await;
        assert_eq!(result.sealed, None, "nothing was hidden in what was burned");
        let mut tx = world.tx(officer, day).await;
        let applied =
            apply(&mut tx, officer, &draft, now.version, &result, done.checks.clone()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(applied.applied.unwrap().checks, done.checks);
        let dossier = world.dossier(&number).await;
        assert_eq!(dossier.enclosures.len(), 1);
        assert_eq!(dossier.enclosures[0].sha256, result.file.sha256);
        assert_eq!(dossier.enclosures[0].name, "审批表（已遮盖）.pdf");

        // The original does not come back by another door, and what was done stays.
        let mut tx = world.tx(officer, day).await;
        let renamed = prepared(&files, "另一个名字.pdf", OFFICE).await;
        let again = enclosures::add(&mut tx, officer, &number, &renamed).await;
        assert!(
            matches!(&again, Err(Failure::Refused(why)) if why[0].to_string().contains("封存")),
            "{again:?}"
        );
        assert!(matches!(discard(&mut tx, officer, &draft).await, Err(Failure::Refused(_))));
        let by_hand =
            sqlx::query("DELETE FROM redactions WHERE id = $1").bind(&draft).execute(tx.conn()).await;
        assert!(refused_by_gate(&by_hand.unwrap_err()).unwrap().contains("is kept"));
        drop(tx);

        // An answer that gives nothing out has nothing with it; the letter names the file with its hash.
        let nothing = world.decide(&number, day, &answer(Decision::NotHeld)).await;
        assert!(matches!(nothing, Err(Failure::Refused(_))));
        let decided = world.decide(&number, day, &answer(Decision::PartlyWithheld)).await.unwrap();
        let body = &world.text(decided.reply().unwrap());
        assert!(body.contains("审批表（已遮盖）.pdf") && body.contains(&result.file.sha256[..16]), "{body}");
        let mut tx = world.tx(officer, day).await;
        let while_signed = enclosures::remove(&mut tx, officer, &number, &id).await;
        assert!(matches!(while_signed, Err(Failure::Refused(_))), "under the signature");
        drop(tx);
        world.sign(&number, day).await;
        world.issue(&number, day).await.unwrap();
        let mut tx = world.tx(officer, day).await;
        let by_hand =
            sqlx::query("UPDATE enclosures SET name = 'x' WHERE id = $1").bind(&id).execute(tx.conn()).await;
        assert!(refused_by_gate(&by_hand.unwrap_err()).unwrap().contains("went out with a reply"));
    }
}
