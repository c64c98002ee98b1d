//! 内容哈希 — what a signature is over: every word, every attachment, every field that will be published.

use sha2::{Digest, Sha256};

use super::{Attachment, Edition};

/// Names the serialisation below; a change of it is a new name, so that old hashes stay checkable.
const SERIALISATION: &str = "gongkai.edition.2";

/// SHA-256 over the fields of an edition and its attachments, each preceded by its length, so that no two
/// editions read the same.
pub fn content_hash(edition: &Edition, attachments: &[Attachment]) -> String {
    let mut hash = Sha256::new();
    let mut put = |field: &str| {
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field.as_bytes());
    };
    put(SERIALISATION);
    for field in [
        &edition.entry_id,
        &edition.agency_id,
        &edition.line_id,
        &edition.ordinal.to_string(),
        &edition.title,
        &edition.summary,
        &edition.body_html,
        &edition.genre,
        &edition.keywords,
        &edition.source,
        &edition.made_on,
        &edition.disclosure_class,
        &edition.class_reason,
        &edition.change_note,
        &edition.co_issuers,
        &edition.theme,
        &edition.subtheme,
        &edition.effective_on,
        &edition.expires_on,
        &edition.contact,
    ] {
        put(field);
    }
    for field in [&edition.document_number, &edition.validity] {
        // Blank and none are two values.
        match field {
            Some(value) => {
                put("1");
                put(value);
            }
            None => put("0"),
        }
    }
    put(&attachments.len().to_string());
    for attachment in attachments {
        put(&attachment.name);
        put(&attachment.file_sha256);
        put(&attachment.size.to_string());
        put(&attachment.media_type);
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_counts() {
        let edition = Edition::sample();
        let attachments = vec![Attachment::sample()];
        let base = content_hash(&edition, &attachments);
        type Change = Box<dyn Fn(&mut Edition)>;
        let changes: Vec<Change> = vec![
            Box::new(|e| e.entry_id.push('x')),
            Box::new(|e| e.agency_id.push('x')),
            Box::new(|e| e.line_id.push('x')),
            Box::new(|e| e.ordinal += 1),
            Box::new(|e| e.title.push('x')),
            Box::new(|e| e.summary.push('x')),
            Box::new(|e| e.body_html.push(' ')),
            Box::new(|e| e.genre.push('x')),
            Box::new(|e| e.keywords.push('x')),
            Box::new(|e| e.source.push('x')),
            Box::new(|e| e.made_on.push('x')),
            Box::new(|e| e.disclosure_class.push('x')),
            Box::new(|e| e.class_reason.push('x')),
            Box::new(|e| e.change_note.push('x')),
            Box::new(|e| e.co_issuers.push('x')),
            Box::new(|e| e.theme.push('x')),
            Box::new(|e| e.subtheme.push('x')),
            Box::new(|e| e.effective_on.push('x')),
            Box::new(|e| e.expires_on.push('x')),
            Box::new(|e| e.contact.push('x')),
            Box::new(|e| e.document_number = Some("x".into())),
            Box::new(|e| e.document_number = Some(String::new())),
            Box::new(|e| e.validity = Some("lapsed".into())),
            // A word that moves from one field to the next.
            Box::new(|e| {
                let last = e.title.pop().into_iter().collect::<String>();
                e.summary = last + &e.summary;
            }),
        ];
        let mut seen = vec![base.clone()];
        for change in changes {
            let mut other = edition.clone();
            change(&mut other);
            let hash = content_hash(&other, &attachments);
            assert!(!seen.contains(&hash));
            seen.push(hash);
        }
        let mut renamed = attachments.clone();
        renamed[0].name.push('x');
        let mut other_bytes = attachments.clone();
        other_bytes[0].file_sha256.push('0');
        let twice = [attachments.clone(), attachments.clone()].concat();
        for other in [vec![], renamed, other_bytes, twice] {
            let hash = content_hash(&edition, &other);
            assert!(!seen.contains(&hash));
            seen.push(hash);
        }
        assert_eq!(content_hash(&edition, &attachments), base);
    }
}
