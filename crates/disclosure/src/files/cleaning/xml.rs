//! Rewriting an XML part: every element is kept, dropped with all that is in it, or unwrapped.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};

use super::{BROKEN, Stuck};

/// An element as it opens.
pub(super) struct Tag<'a> {
    /// With its prefix.
    pub(super) name: &'a str,
    /// The name of the element it stands in.
    pub(super) parent: &'a str,
    start: &'a BytesStart<'a>,
    /// Which of the elements of the part it is, from 0.
    pub(super) index: usize,
}

impl Tag<'_> {
    /// Without its prefix.
    pub(super) fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or(self.name)
    }

    /// An attribute by its name without prefix.
    pub(super) fn attribute(&self, wanted: &str) -> Option<String> {
        self.start
            .attributes()
            .filter_map(Result::ok)
            .find(|a| a.key.as_ref().rsplit(':').next() == Some(wanted))
            .map(|a| {
                quick_xml::escape::unescape(&a.value)
                    .map_or_else(|_| a.value.to_string(), std::borrow::Cow::into_owned)
            })
    }

    /// Whether an attribute says yes, as OOXML writes it.
    pub(super) fn is_on(&self, attribute: &str, unless_said: bool) -> bool {
        match self.attribute(attribute).as_deref() {
            None => unless_said,
            Some(value) => !matches!(value, "0" | "false" | "off" | "none"),
        }
    }
}

/// What becomes of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rewriting {
    Keep,
    /// Gone, with everything in it.
    Drop,
    /// Only its content stays.
    Unwrap,
    /// These attributes are gone.
    Without(&'static [&'static str]),
    /// What stands in it is gone.
    Empty,
}

pub(super) fn rewrite(xml: &str, rule: &mut impl FnMut(&Tag<'_>) -> Rewriting) -> Result<String, Stuck> {
    let mut reader = Reader::from_str(xml);
    let mut writer = Writer::new(Vec::with_capacity(xml.len()));
    // The open elements, and whether their end is written.
    let mut open: Vec<(String, bool)> = Vec::new();
    // How deep within something dropped.
    let mut dropped = 0_usize;
    let mut index = 0;
    loop {
        let event = reader.read_event().map_err(|_| BROKEN)?;
        match event {
            Event::Start(ref start) | Event::Empty(ref start) => {
                let is_empty = matches!(event, Event::Empty(_));
                let own = index;
                index += 1;
                if dropped > 0 {
                    dropped += usize::from(!is_empty);
                    continue;
                }
                let name = start.name().as_ref().to_owned();
                let parent = open.last().map_or("", |(name, _)| name.as_str());
                let tag = Tag { name: &name, parent, start, index: own };
                let decided = rule(&tag);
                let out = match decided {
                    Rewriting::Drop => {
                        dropped = usize::from(!is_empty);
                        continue;
                    }
                    Rewriting::Unwrap => None,
                    Rewriting::Without(gone) => Some(without(start, gone)),
                    Rewriting::Keep | Rewriting::Empty => Some(start.clone().into_owned()),
                };
                let is_written = out.is_some();
                if let Some(out) = out {
                    let emptied = decided == Rewriting::Empty;
                    let event = if is_empty || emptied { Event::Empty(out) } else { Event::Start(out) };
                    writer.write_event(event).map_err(|_| BROKEN)?;
                    if emptied {
                        dropped = usize::from(!is_empty);
                        continue;
                    }
                }
                if !is_empty {
                    open.push((name, is_written));
                }
            }
            Event::End(end) => {
                if dropped > 0 {
                    dropped -= 1;
                    continue;
                }
                let (_, is_written) = open.pop().ok_or(BROKEN)?;
                if is_written {
                    writer.write_event(Event::End(end)).map_err(|_| BROKEN)?;
                }
            }
            Event::Eof => break,
            other if dropped == 0 => writer.write_event(other).map_err(|_| BROKEN)?,
            _ => {}
        }
    }
    if !open.is_empty() || dropped > 0 {
        return Err(BROKEN);
    }
    String::from_utf8(writer.into_inner()).map_err(|_| BROKEN)
}

fn without(start: &BytesStart<'_>, gone: &[&str]) -> BytesStart<'static> {
    let mut kept = BytesStart::new(start.name().as_ref().to_owned());
    for attribute in start.attributes().filter_map(Result::ok) {
        if !gone.contains(&attribute.key.as_ref().rsplit(':').next().unwrap_or_default()) {
            kept.push_attribute(attribute);
        }
    }
    kept
}

/// Looks at every element without changing anything.
pub(super) fn look(xml: &str, see: &mut impl FnMut(&Tag<'_>)) -> Result<(), Stuck> {
    rewrite(xml, &mut |tag: &Tag<'_>| {
        see(tag);
        Rewriting::Keep
    })
    .map(|_| ())
}
