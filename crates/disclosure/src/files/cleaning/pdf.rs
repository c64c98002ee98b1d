use lopdf::{Dictionary, Document, LoadOptions, Object, Stream};

use super::{HiddenKind, Outcome, Removed, Stuck};

/// One stream unpacked.
const UNPACKED: usize = 64 * 1024 * 1024;

/// Takes comments, properties, embedded files and scripts out of a PDF, and everything no page shows any more. A signed
/// document is left as it is: its signature is over every byte.
pub(super) fn strip(bytes: &[u8]) -> Outcome {
    const BROKEN: Stuck = Stuck("PDF 文件打不开，无法去除隐藏信息。请重新导出后再上传");
    let options = LoadOptions { max_decompressed_size: Some(UNPACKED), ..LoadOptions::default() };
    let mut document = Document::load_mem_with_options(bytes, options).map_err(|_| BROKEN)?;
    if document.is_encrypted() {
        return Err(Stuck("PDF 文件有密码或者限制，无法去除隐藏信息。请另存一份没有密码的再上传"));
    }
    if document.objects.values().any(is_signature) {
        return Ok(None);
    }
    if has_hidden_layers(&document) {
        return Err(Stuck("PDF 里有隐藏的图层。请在制作软件里合并图层后重新导出，再上传"));
    }
    let mut removed = Removed::default();
    if let Some(Object::Reference(id)) = document.trailer.remove(b"Info") {
        let info = document.objects.remove(&id);
        let says_something = info.as_ref().and_then(|o| o.as_dict().ok()).is_some_and(|d| !d.is_empty());
        removed.note(HiddenKind::Author, usize::from(says_something));
    }
    let metadata =
        document.catalog().ok().and_then(|c| c.get(b"Metadata").ok()).and_then(|o| o.as_reference().ok());
    for (id, object) in &mut document.objects {
        if Some(*id) == metadata {
            removed.note(HiddenKind::Author, usize::from(forget_author(object)));
            continue;
        }
        let is_catalog = object.type_name().is_ok_and(|name| name == b"Catalog");
        if let Some(dictionary) = dictionary_of(object) {
            if !is_catalog {
                removed.note(HiddenKind::Author, usize::from(dictionary.remove(b"Metadata").is_some()));
            }
            removed.note(HiddenKind::Author, usize::from(dictionary.remove(b"PieceInfo").is_some()));
            removed.note(HiddenKind::Script, usize::from(dictionary.remove(b"AA").is_some()));
            removed.note(HiddenKind::EmbeddedFile, usize::from(dictionary.remove(b"AF").is_some()));
            let is_script = dictionary
                .get(b"S")
                .and_then(Object::as_name)
                .is_ok_and(|name| matches!(name, b"JavaScript" | b"Launch"));
            if is_script {
                removed.note(HiddenKind::Script, 1);
                *dictionary = Dictionary::new();
            }
            for key in [&b"EmbeddedFiles"[..], b"JavaScript"] {
                if dictionary.remove(key).is_some() {
                    let kind =
                        if key == b"JavaScript" { HiddenKind::Script } else { HiddenKind::EmbeddedFile };
                    removed.note(kind, 1);
                }
            }
        }
    }
    removed.note(HiddenKind::Comment, drop_comments(&mut document));
    if keeps_earlier_states(bytes) {
        removed.note(HiddenKind::Revision, 1);
    }
    if removed.0.is_empty() {
        return Ok(None);
    }
    document.prune_objects();
    let mut clean = Vec::with_capacity(bytes.len());
    document.save_to(&mut clean).map_err(|_| BROKEN)?;
    Ok(Some((clean, removed)))
}

fn dictionary_of(object: &mut Object) -> Option<&mut Dictionary> {
    match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&mut stream.dict),
        _ => None,
    }
}

fn is_signature(object: &Object) -> bool {
    object.as_dict().is_ok_and(|d| d.has(b"ByteRange") && d.has(b"Contents"))
}

fn has_hidden_layers(document: &Document) -> bool {
    let Ok(layers) = document.catalog().and_then(|c| c.get_deref(b"OCProperties", document)) else {
        return false;
    };
    let Ok(shown) = layers.as_dict().and_then(|d| d.get_deref(b"D", document)).and_then(Object::as_dict)
    else {
        return false;
    };
    let is_off =
        shown.get_deref(b"OFF", document).and_then(Object::as_array).is_ok_and(|off| !off.is_empty());
    is_off || shown.get(b"BaseState").and_then(Object::as_name).is_ok_and(|name| name == b"OFF")
}

/// Everything on the pages that is not a link or a field of a form.
fn drop_comments(document: &mut Document) -> usize {
    let mut found = 0;
    let pages: Vec<_> = document.page_iter().collect();
    for page in pages {
        let Ok(annotations) = document.get_dictionary(page).and_then(|p| p.get_deref(b"Annots", document))
        else {
            continue;
        };
        let Ok(all) = annotations.as_array() else { continue };
        let kept: Vec<Object> = all
            .iter()
            .filter(|one| {
                let annotation = document.dereference(one).and_then(|(_, o)| o.as_dict());
                let kind = annotation.and_then(|a| a.get(b"Subtype")).and_then(Object::as_name);
                kind.is_ok_and(|kind| matches!(kind, b"Link" | b"Widget" | b"PrinterMark" | b"TrapNet"))
            })
            .cloned()
            .collect();
        found += all.len() - kept.len();
        if let Ok(Object::Dictionary(page)) = document.get_object_mut(page) {
            match kept.is_empty() {
                true => drop(page.remove(b"Annots")),
                false => page.set("Annots", kept),
            }
        }
    }
    found
}

/// A file that was changed by appending keeps what it was before.
fn keeps_earlier_states(bytes: &[u8]) -> bool {
    let ends = bytes.windows(9).filter(|nine| *nine == b"startxref").count();
    let head = &bytes[..bytes.len().min(2048)];
    // A file made for fast display over the web has two.
    let is_linearized = head.windows(11).any(|w| w == b"/Linearized");
    ends > if is_linearized { 2 } else { 1 }
}

/// The properties in XML, cut down to what standards of archiving and accessibility need. Says whether there was more.
fn forget_author(object: &mut Object) -> bool {
    let Object::Stream(stream) = object else { return false };
    let content = match stream.dict.has(b"Filter") {
        true => stream.decompressed_content().unwrap_or_default(),
        false => stream.content.clone(),
    };
    let text = String::from_utf8_lossy(&content);
    let needed = needed_metadata(&text);
    if content == needed.as_bytes() {
        return false;
    }
    let mut dictionary = Dictionary::new();
    dictionary.set("Type", Object::Name(b"Metadata".to_vec()));
    dictionary.set("Subtype", Object::Name(b"XML".to_vec()));
    *stream = Stream::new(dictionary, needed.into_bytes()).with_compression(false);
    true
}

fn needed_metadata(xmp: &str) -> String {
    let value = |name: &str| {
        let after = |mark: String| xmp.split_once(&mark).map(|(_, rest)| rest);
        let text = after(format!("<{name}>")).and_then(|rest| rest.split_once('<')).map(|(value, _)| value);
        let quoted =
            after(format!("{name}=\"")).and_then(|rest| rest.split_once('"')).map(|(value, _)| value);
        text.or(quoted)
            .filter(|value| value.len() <= 3 && value.bytes().all(|b| b.is_ascii_alphanumeric()))
            .map(|value| format!("<{name}>{value}</{name}>"))
            .unwrap_or_default()
    };
    let title = xmp
        .split_once("<dc:title>")
        .and_then(|(_, rest)| rest.split_once("</dc:title>"))
        .map(|(title, _)| format!("<dc:title>{title}</dc:title>"))
        .unwrap_or_default();
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
         xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" \
         xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">{title}{}{}{}</rdf:Description></rdf:RDF></x:xmpmeta>\
         <?xpacket end=\"r\"?>",
        value("pdfaid:part"),
        value("pdfaid:conformance"),
        value("pdfuaid:part")
    )
}
