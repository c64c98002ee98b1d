//! Files that come with a request: hostile ones are refused by what they are, good ones lie sealed and are opened on record.

use super::*;
use crate::accounts::AgencyKind;
use crate::audit::Actor;
use crate::db::testing;
use crate::error::Failure;
use crate::files::{DEFAULT_LIMIT, FileStore};
use crate::privacy::{PrivacyRefusal, Purpose, ViewingFilter, viewings};
use crate::requests::tests::filing;
use crate::requests::{Filing, actions as requests};
use crate::secrets;
use crate::testing::{monday, office};

pub(crate) fn png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend(b"\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00\x3a\x7e\x9b\x55");
    bytes.extend(b"\x00\x00\x00\x0aIDAT\x78\x9c\x63\x60\x00\x00\x00\x02\x00\x01\x48\xaf\xa4\x71");
    bytes.extend(b"\x00\x00\x00\x00IEND\xaeB\x60\x82");
    bytes
}

fn pdf() -> Vec<u8> {
    "%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n何小舟\ntrailer << /Root 1 0 R >>\n%%EOF\n"
        .as_bytes()
        .to_vec()
}

fn jpeg() -> Vec<u8> {
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 not much of a picture \xff\xd9".to_vec()
}

fn zip(members: &[&str]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(b"<x/>").unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn refusal(name: &str, bytes: &[u8]) -> EvidenceRefusal {
    content::examined(name, bytes).expect_err(name)
}

#[test]
fn a_file_is_what_its_content_says_and_nothing_besides() {
    use EvidenceRefusal as R;
    let docx = zip(&["[Content_Types].xml", "word/document.xml"]);
    for (name, bytes, kept) in [
        ("身份证.JPG", jpeg(), "身份证.JPG"),
        ("C:\\Users\\何小舟\\桌面\\证件.png", png(), "证件.png"),
        ("../../etc/passwd.pdf", pdf(), "passwd.pdf"),
        ("a.exe.pdf", pdf(), "a_exe.pdf"),
        ("说明\u{202e}fdp.docx", docx.clone(), "说明fdp.docx"),
        (".pdf.pdf", pdf(), "pdf.pdf"),
    ] {
        assert_eq!(content::examined(name, &bytes).unwrap().1, kept, "{name}");
    }
    for name in ["身份证.pdf.exe", "a.pdf.js", "a.html", "a.svg", "a.zip", "a.txt", "无扩展名"] {
        let refused = refusal(name, &pdf());
        assert!(matches!(refused, R::FormatNotAccepted { .. } | R::NameMissing), "{name}: {refused:?}");
    }
    assert!(matches!(refusal("a.png", &pdf()), R::NotWhatItSays { .. }));
    assert!(matches!(refusal("a.jpg", b"<script>alert(1)</script>"), R::NotWhatItSays { .. }));
    assert!(matches!(refusal("a.pdf", b"MZ\x90\x00 %PDF-1.4 %%EOF"), R::NotWhatItSays { .. }));
    assert!(matches!(refusal("a.docx", &zip(&["x.exe"])), R::NotWhatItSays { .. }));
    let macros = zip(&["word/document.xml", "word/vbaProject.bin"]);
    assert!(matches!(refusal("a.docx", &macros), R::HasMacros { .. }));
    assert!(matches!(refusal("a.pdf", b""), R::Empty { .. }));
    assert!(matches!(refusal("a.pdf", &vec![b'%'; LARGEST + 1]), R::TooLarge { .. }));
    assert!(matches!(refusal("...", &pdf()), R::NameMissing));
    let cut = &png()[..40];
    assert!(matches!(refusal("a.png", cut), R::Damaged { .. }));
    assert!(matches!(refusal("a.jpg", &jpeg()[..20]), R::Damaged { .. }));
}

#[test]
fn two_files_in_one_are_refused() {
    let carried = |name: &str, bytes: Vec<u8>| {
        assert!(matches!(refusal(name, &bytes), EvidenceRefusal::Carries { .. }), "{name}");
    };
    let archive = zip(&["evil.jar"]);
    carried("a.jpg", [jpeg(), archive.clone()].concat());
    carried("a.png", [png(), archive.clone()].concat());
    carried("a.pdf", [pdf(), archive.clone()].concat());
    carried("a.png", [png(), b"<html><script>".to_vec()].concat());
    carried("a.pdf", [pdf(), vec![b'<'; 5000]].concat());
    // An archive of the right kind in front of which something else stands.
    let docx = zip(&["word/document.xml"]);
    let hidden = [b"MZ".to_vec(), docx].concat();
    assert!(matches!(refusal("a.docx", &hidden), EvidenceRefusal::NotWhatItSays { .. }));
}

#[tokio::test]
async fn files_wait_for_their_form_lie_sealed_and_are_opened_on_record() {
    for test in testing::databases().await {
        let office = office(&test.db, "QH", AgencyKind::Town).await;
        let folder = test.folder.path().join("files");
        let files = FileStore::in_folder(&folder, DEFAULT_LIMIT).unwrap();
        let token = secrets::token();
        let put = |kind, name: &'static str, bytes: Vec<u8>| {
            let (db, files, token) = (&test.db, &files, &token);
            async move { stage(db, files, monday(), token, kind, name, &bytes).await }
        };
        put(EvidenceKind::Identity, "何小舟身份证.pdf", pdf()).await.unwrap();
        put(EvidenceKind::Attachment, "地图.png", png()).await.unwrap();
        let waits = staged(&mut test.db.read().await.unwrap(), &token).await.unwrap();
        assert_eq!(waits.len(), 2);
        let map = waits.iter().find(|one| one.kind == EvidenceKind::Attachment).unwrap();
        forget(&test.db, &files, monday(), &secrets::token(), &map.id).await.unwrap();
        assert_eq!(staged(&mut test.db.read().await.unwrap(), &token).await.unwrap().len(), 2, "not theirs");
        forget(&test.db, &files, monday(), &token, &map.id).await.unwrap();

        // An agent needs the authorisation; with it the request takes what waits.
        let with_agent = Filing { agent_name: "沈望山".into(), stage: token.clone(), ..filing() };
        let mut tx = test.db.begin(&Actor::Public, monday()).await.unwrap();
        let Err(Failure::Refused(faults)) = requests::submit(&mut tx, "QH", &with_agent).await else {
            panic!("an agent without authorisation");
        };
        assert_eq!(crate::error::Refusal::field(&faults[0]), Some("file_authorisation"));
        drop(tx);
        put(EvidenceKind::Authorisation, "委托书.jpg", jpeg()).await.unwrap();
        let mut tx = test.db.begin(&Actor::Public, monday()).await.unwrap();
        let number = requests::submit(&mut tx, "QH", &with_agent).await.unwrap().number;
        tx.commit().await.unwrap();
        let mut conn = test.db.read().await.unwrap();
        assert_eq!(staged(&mut conn, &token).await.unwrap(), []);
        let dossier = crate::requests::by_number(&mut conn, &number).await.unwrap().unwrap();
        let mut kept = of_request(&mut conn, &dossier.request.id).await.unwrap();
        // Within one millisecond they come in any order.
        kept.sort_by_key(|one| one.kind != EvidenceKind::Identity);
        drop(conn);
        assert_eq!(
            kept.iter().map(|one| one.kind).collect::<Vec<_>>(),
            [EvidenceKind::Identity, EvidenceKind::Authorisation]
        );
        assert_eq!(dossier.events[0].detail["files"], 2);

        // Neither content nor name stands in the open, on disk or in the database.
        let mut found = 0;
        let mut folders = vec![test.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let bytes = std::fs::read(&path).unwrap();
                found += usize::from(path.to_string_lossy().contains("/sealed/"));
                for open in ["%PDF-1.4", "何小舟身份证", "JFIF"] {
                    let stands = bytes.windows(open.len()).any(|window| window == open.as_bytes());
                    assert!(!stands, "{open} stands in {}", path.display());
                }
            }
        }
        assert_eq!(found, 2);

        let open_as = |staff: crate::accounts::Staff, purpose| {
            let (db, files, number, id) = (&test.db, &files, &number, &kept[0].id);
            async move {
                let mut tx = db.begin(&staff.actor(), monday()).await.unwrap();
                match open(&mut tx, files, &staff, number, id, purpose, "").await {
                    Ok(opened) => {
                        tx.commit().await.unwrap();
                        Ok(opened)
                    }
                    Err(Failure::Refused(reasons)) => Err(reasons),
                    Err(Failure::Unexpected(error)) => panic!("{error:#}"),
                }
            }
        };
        let check = Some(Purpose::CheckIdentity);
        let refused = open_as(office.leader.clone(), check).await.err();
        assert_eq!(refused, Some(vec![PrivacyRefusal::Forbidden]));
        assert!(open_as(office.officer.clone(), None).await.is_err());
        let opened = open_as(office.officer.clone(), check).await.unwrap();
        assert_eq!((opened.name.as_str(), opened.bytes), ("何小舟身份证.pdf", pdf()));
        let filter = ViewingFilter { agencies: vec![office.agency.id.clone()], ..ViewingFilter::default() };
        let (rows, _) = viewings(&mut test.db.read().await.unwrap(), &filter, 1, 10).await.unwrap();
        assert_eq!((rows.len(), rows[0].file_kind.as_str()), (1, "身份证明"));
    }
}

#[tokio::test]
async fn what_is_never_sent_is_swept_and_no_form_holds_too_many() {
    for test in testing::databases().await {
        let files = FileStore::in_folder(&test.folder.path().join("files"), DEFAULT_LIMIT).unwrap();
        let token = secrets::token();
        for _ in 0..MOST {
            let kind = EvidenceKind::Attachment;
            stage(&test.db, &files, monday(), &token, kind, "a.png", &png()).await.unwrap();
        }
        let more = stage(&test.db, &files, monday(), &token, EvidenceKind::Attachment, "a.png", &png()).await;
        assert!(matches!(more, Err(Failure::Refused(reasons)) if reasons == [EvidenceRefusal::TooMany]));
        let waits = staged(&mut test.db.read().await.unwrap(), &token).await.unwrap();
        sweep(&test.db, &files, monday() + KEPT).await.unwrap();
        assert_eq!(staged(&mut test.db.read().await.unwrap(), &token).await.unwrap().len(), MOST, "in time");
        sweep(&test.db, &files, monday() + KEPT + jiff::SignedDuration::from_secs(1)).await.unwrap();
        assert_eq!(staged(&mut test.db.read().await.unwrap(), &token).await.unwrap(), []);
        for one in &waits {
            assert!(!files.has_sealed(&one.id).await.unwrap(), "the bytes are gone too");
        }
    }
}
