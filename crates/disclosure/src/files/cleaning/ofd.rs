use super::package::Package;
use super::xml::Rewriting;
use super::{HiddenKind, Outcome, Removed};

/// Who made it and with what. A sealed document is left as it is: its seal is over every byte.
pub(super) fn strip(bytes: &[u8]) -> Outcome {
    let mut package = Package::open(bytes)?;
    let has_seal = package.parts.iter().any(|(name, _)| name.ends_with("Signatures.xml"));
    if has_seal {
        return Ok(None);
    }
    let (mut authors, mut comments) = (0, 0);
    package.rewrite(
        |name| name == "OFD.xml",
        |tag| match tag.local() {
            "Author" | "Creator" | "CreatorVersion" | "CustomDatas" if tag.parent.ends_with("DocInfo") => {
                authors += 1;
                Rewriting::Drop
            }
            _ => Rewriting::Keep,
        },
    )?;
    package.rewrite(
        |name| name.ends_with("/Document.xml"),
        |tag| match tag.local() {
            "Annotations" | "Attachments" => {
                comments += 1;
                Rewriting::Drop
            }
            _ => Rewriting::Keep,
        },
    )?;
    if comments > 0 {
        package.remove(|name| {
            name.contains("/Annots/") || name.ends_with("Annotations.xml") || name.contains("/Attachs/")
        })?;
    }
    let mut removed = Removed::default();
    removed.note(HiddenKind::Author, authors);
    removed.note(HiddenKind::Comment, comments);
    if removed.0.is_empty() { Ok(None) } else { Ok(Some((package.write()?, removed))) }
}
