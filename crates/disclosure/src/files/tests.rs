use super::{FileKind, FileRefusal, FileStore};
use crate::error::Failure;

/// A zip of stored members, written by hand.
pub(crate) fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let offset = u32::try_from(bytes.len()).unwrap();
        let common = |out: &mut Vec<u8>| {
            out.extend([20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            out.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
            out.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
            out.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            out.extend([0, 0]);
        };
        bytes.extend(b"PK\x03\x04");
        common(&mut bytes);
        bytes.extend(name.as_bytes());
        bytes.extend(*content);
        directory.extend(b"PK\x01\x02");
        directory.extend([20, 0]);
        common(&mut directory);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, length) = (u32::try_from(bytes.len()).unwrap(), u32::try_from(directory.len()).unwrap());
    let count = u16::try_from(members.len()).unwrap().to_le_bytes();
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count, count].concat());
    bytes.extend(length.to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn store(folder: &tempfile::TempDir) -> FileStore {
    FileStore::in_folder(folder.path(), 100_000).unwrap()
}

async fn refused(store: &FileStore, name: &str, bytes: &[u8]) -> FileRefusal {
    match store.keep(name, bytes).await {
        Err(Failure::Refused(mut reasons)) => reasons.remove(0),
        other => panic!("{name}: {other:?}"),
    }
}

fn left_behind(folder: &tempfile::TempDir) -> usize {
    std::fs::read_dir(folder.path().join("incoming")).map_or(0, Iterator::count)
}

#[tokio::test]
async fn every_kind_is_known_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let docx = zip_of(&[("[Content_Types].xml", b"x"), ("word/document.xml", b"<w/>")]);
    let xlsx = zip_of(&[("xl/workbook.xml", b"<x/>")]);
    let ofd = zip_of(&[("OFD.xml", b"<o/>"), ("Doc_0/Document.xml", b"")]);
    let zip = zip_of(&[("资料/说明.txt", b"x")]);
    let cases: Vec<(&str, &[u8], FileKind)> = vec![
        ("a.pdf", b"%PDF-1.7\n...", FileKind::Pdf),
        ("a.PNG", b"\x89PNG\r\n\x1a\n....", FileKind::Png),
        ("a.jpeg", b"\xff\xd8\xff\xe0....", FileKind::Jpeg),
        ("a.txt", "青禾区\r\n".as_bytes(), FileKind::Text),
        ("a.docx", &docx, FileKind::Docx),
        ("a.xlsx", &xlsx, FileKind::Xlsx),
        ("a.ofd", &ofd, FileKind::Ofd),
        ("a.zip", &zip, FileKind::Zip),
        ("b.zip", &docx, FileKind::Zip),
    ];
    for (name, bytes, kind) in cases {
        let kept = store.keep(name, bytes).await.unwrap();
        assert_eq!((kept.media_type.as_str(), kept.size), (kind.media_type(), bytes.len() as i64), "{name}");
        assert_eq!(store.bytes(&kept.sha256).await.unwrap(), bytes);
    }
    assert_eq!(left_behind(&folder), 0);
}

#[tokio::test]
async fn what_its_name_denies_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let zip = zip_of(&[("a.txt", b"x")]);
    let macros = zip_of(&[("word/document.xml", b""), ("word/vbaProject.bin", b"")]);
    assert!(matches!(
        refused(&store, "a.docx", &zip).await,
        FileRefusal::NotWhatItSays { found: Some(FileKind::Zip), .. }
    ));
    assert!(matches!(refused(&store, "a.pdf", b"<html><script>").await, FileRefusal::NotWhatItSays { .. }));
    assert!(matches!(refused(&store, "a.png", b"%PDF-1.4").await, FileRefusal::NotWhatItSays { .. }));
    // GB 18030 text, and bytes that are no text at all.
    assert!(matches!(
        refused(&store, "a.txt", &[0xc7, 0xe0, 0xba, 0xcc]).await,
        FileRefusal::NotWhatItSays { .. }
    ));
    assert!(matches!(refused(&store, "a.txt", b"a\0b").await, FileRefusal::NotWhatItSays { .. }));
    assert!(matches!(refused(&store, "a.html", b"<p>").await, FileRefusal::KindNotAllowed { .. }));
    assert!(matches!(refused(&store, "无扩展名", b"x").await, FileRefusal::KindNotAllowed { .. }));
    assert!(matches!(refused(&store, "a.docx", &zip[..zip.len() - 30]).await, FileRefusal::Damaged { .. }));
    assert_eq!(refused(&store, "a.docx", &macros).await, FileRefusal::HasMacros);
    assert_eq!(refused(&store, "a.txt", b"").await, FileRefusal::Empty);
    assert_eq!(
        refused(&store, "a.txt", &vec![b'x'; 100_001]).await,
        FileRefusal::TooLarge { limit: 100_000 }
    );
    assert_eq!(left_behind(&folder), 0);
}

#[tokio::test]
async fn altered_bytes_are_noticed_and_the_same_bytes_are_kept_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let first = store.keep("a.txt", b"same").await.unwrap();
    let second = store.keep("b.txt", b"same").await.unwrap();
    assert_eq!((first.sha256.clone(), "b.txt"), (second.sha256, second.name.as_str()));
    let path = folder.path().join(&first.sha256[..2]).join(&first.sha256);
    std::fs::write(path, b"other").unwrap();
    assert!(store.bytes(&first.sha256).await.is_err());
    assert!(store.stream("../../etc/passwd").await.is_err());
}

#[tokio::test]
async fn a_character_cut_between_two_chunks_is_still_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut incoming = store(&folder).receive("a.txt").await.unwrap();
    for byte in "青禾区".bytes() {
        incoming.write(vec![byte]).await.unwrap();
    }
    assert_eq!(incoming.finish().await.unwrap().size, 9);
}
