//! What a new edition changes: for the person who signs it.

use super::body::plain_text;
use super::{Attachment, DisclosureClass, Edition, Genre, Validity, theme_words};

/// A field whose value differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    pub label: &'static str,
    pub before: String,
    pub after: String,
}

/// A stretch of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    Same(String),
    Removed(String),
    Added(String),
}

/// A paragraph of the new text beside the old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paragraph {
    Same(String),
    Removed(String),
    Added(String),
    /// One paragraph rewritten in places.
    Changed(Vec<Span>),
}

/// The fields that differ, attachments last.
pub fn field_changes(
    (before, files_before): (&Edition, &[Attachment]),
    (after, files_after): (&Edition, &[Attachment]),
) -> Vec<FieldChange> {
    let genre = |e: &Edition| Genre::from_code(&e.genre).map_or("", Genre::label).to_owned();
    let class = |e: &Edition| {
        DisclosureClass::from_code(&e.disclosure_class).map_or("", DisclosureClass::label).to_owned()
    };
    let validity = |e: &Edition| {
        e.validity.as_deref().and_then(Validity::from_code).map_or("", Validity::label).to_owned()
    };
    let theme = |e: &Edition| theme_words(&e.theme, &e.subtheme);
    let number = |e: &Edition| e.document_number.clone().unwrap_or_default();
    let files = |list: &[Attachment]| {
        let lines: Vec<String> = list
            .iter()
            .map(|a| format!("{}（{}…）", a.name, a.file_sha256.get(..8).unwrap_or_default()))
            .collect();
        lines.join("\n")
    };
    let rows = [
        ("标题", before.title.clone(), after.title.clone()),
        ("内容概述", before.summary.clone(), after.summary.clone()),
        ("文号", number(before), number(after)),
        ("体裁", genre(before), genre(after)),
        ("主题词", before.keywords.clone(), after.keywords.clone()),
        ("信息来源", before.source.clone(), after.source.clone()),
        ("有效性", validity(before), validity(after)),
        ("生成日期", before.made_on.clone(), after.made_on.clone()),
        ("联合发文机关", before.co_issuers.clone(), after.co_issuers.clone()),
        ("主题分类", theme(before), theme(after)),
        ("施行日期", before.effective_on.clone(), after.effective_on.clone()),
        ("有效期至", before.expires_on.clone(), after.expires_on.clone()),
        ("咨询渠道", before.contact.clone(), after.contact.clone()),
        ("公开属性", class(before), class(after)),
        ("公开属性的理由", before.class_reason.clone(), after.class_reason.clone()),
        ("附件", files(files_before), files(files_after)),
    ];
    rows.into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(label, before, after)| FieldChange { label, before, after })
        .collect()
}

/// The body, paragraph by paragraph; a removed paragraph followed by an added one that shares most of its
/// words is shown as one that changed.
pub fn body_changes(before_html: &str, after_html: &str) -> Vec<Paragraph> {
    let (before, after) = (plain_text(&named_pictures(before_html)), plain_text(&named_pictures(after_html)));
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let mut paragraphs = Vec::new();
    for step in steps(&before, &after) {
        match step {
            Step::Same(text) => paragraphs.push(Paragraph::Same((*text).to_owned())),
            Step::Removed(text) => paragraphs.push(Paragraph::Removed((*text).to_owned())),
            Step::Added(text) => paragraphs.push(Paragraph::Added((*text).to_owned())),
        }
    }
    pair_up(paragraphs)
}

/// Pictures as words, so that one put in the place of another is seen.
fn named_pictures(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<img ") {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        let hash = super::body::pictures(&rest[at..end]).pop().unwrap_or_default();
        out.push_str(&rest[..at]);
        out.push_str(&format!("〔图片 {}〕", hash.get(..8).unwrap_or_default()));
        rest = &rest[end..];
    }
    out + rest
}

/// In each run of removals and additions, pairs the nth removed with the nth added when they resemble.
fn pair_up(paragraphs: Vec<Paragraph>) -> Vec<Paragraph> {
    let mut out = Vec::new();
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    for paragraph in paragraphs {
        match paragraph {
            Paragraph::Removed(text) => removed.push(text),
            Paragraph::Added(text) => added.push(text),
            other => {
                flush(&mut out, &mut removed, &mut added);
                out.push(other);
            }
        }
    }
    flush(&mut out, &mut removed, &mut added);
    out
}

fn flush(out: &mut Vec<Paragraph>, removed: &mut Vec<String>, added: &mut Vec<String>) {
    let mut added = std::mem::take(added).into_iter().peekable();
    for old in std::mem::take(removed) {
        match added.peek().and_then(|new| spans(&old, new)) {
            Some(spans) => {
                added.next();
                out.push(Paragraph::Changed(spans));
            }
            None => out.push(Paragraph::Removed(old)),
        }
    }
    out.extend(added.map(Paragraph::Added));
}

/// The stretches of a changed paragraph, word by word; `None` when less than a third is shared, or it is too long to
/// compare.
fn spans(before: &str, after: &str) -> Option<Vec<Span>> {
    const LONGEST: usize = 3_000;
    if before.chars().count() > LONGEST || after.chars().count() > LONGEST {
        return None;
    }
    let (old, new) = (words(before), words(after));
    let mut spans: Vec<Span> = Vec::new();
    let mut shared = 0;
    for step in steps(&old, &new) {
        match (&step, spans.last_mut()) {
            (Step::Same(word), Some(Span::Same(text))) => text.push_str(word),
            (Step::Removed(word), Some(Span::Removed(text))) => text.push_str(word),
            (Step::Added(word), Some(Span::Added(text))) => text.push_str(word),
            (Step::Same(word), _) => spans.push(Span::Same((*word).clone())),
            (Step::Removed(word), _) => spans.push(Span::Removed((*word).clone())),
            (Step::Added(word), _) => spans.push(Span::Added((*word).clone())),
        }
        if let Step::Same(word) = step {
            shared += word.chars().count();
        }
    }
    let longer = before.chars().count().max(after.chars().count());
    (shared * 3 >= longer).then_some(spans)
}

/// The words of a dictionary; a figure with its point and sign is one word, so that `120.5` beside `150.5` is seen whole.
fn words(text: &str) -> Vec<String> {
    let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '%' | ',' | '-');
    let mut words: Vec<String> = Vec::new();
    for word in crate::search::cut(text) {
        let joined = words.last_mut().filter(|last| last.ends_with(joins) && word.starts_with(joins));
        match joined {
            Some(last) => last.push_str(&word),
            None => words.push(word),
        }
    }
    words
}

#[derive(Clone, Copy)]
enum Step<'a, T> {
    Same(&'a T),
    Removed(&'a T),
    Added(&'a T),
}

/// The longest common subsequence, told as steps from the old to the new.
fn steps<'a, T: PartialEq>(before: &'a [T], after: &'a [T]) -> Vec<Step<'a, T>> {
    let head = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let tail =
        before[head..].iter().rev().zip(after[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&before[head..before.len() - tail], &after[head..after.len() - tail]);

    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if old[i] == new[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let mut steps: Vec<Step<'a, T>> = before[..head].iter().map(Step::Same).collect();
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            steps.push(Step::Same(&new[j]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len()
            || (i < old.len() && longest[(i + 1) * width + j] >= longest[i * width + j + 1])
        {
            steps.push(Step::Removed(&old[i]));
            i += 1;
        } else {
            steps.push(Step::Added(&new[j]));
            j += 1;
        }
    }
    steps.extend(before[before.len() - tail..].iter().map(Step::Same));
    steps
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_changed_amount_is_shown_in_its_sentence() {
        let before = "<p>各镇：</p><p>补贴标准为每亩120元。</p><p>完</p>";
        let after = "<p>各镇：</p><p>补贴标准为每亩150元。</p><p>新增一段</p><p>完</p>";
        assert_eq!(
            body_changes(before, after),
            [
                Paragraph::Same("各镇：".into()),
                Paragraph::Changed(vec![
                    Span::Same("补贴标准为每亩".into()),
                    Span::Removed("120".into()),
                    Span::Added("150".into()),
                    Span::Same("元。".into()),
                ]),
                Paragraph::Added("新增一段".into()),
                Paragraph::Same("完".into()),
            ]
        );
    }

    #[test]
    fn changed_fields_are_named() {
        let before = Edition::sample();
        let after = Edition { title: "新题".into(), ..before.clone() };
        let changes = field_changes((&before, &[]), (&after, &[Attachment::sample()]));
        assert_eq!(changes.iter().map(|c| c.label).collect::<Vec<_>>(), ["标题", "附件"]);
    }

    proptest! {
        #[test]
        fn steps_give_both_texts_back(before in "[一二三]{0,12}", after in "[一二三]{0,12}") {
            let (old, new): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
            let (mut left, mut right) = (String::new(), String::new());
            for step in steps(&old, &new) {
                match step {
                    Step::Same(c) => { left.push(*c); right.push(*c); }
                    Step::Removed(c) => left.push(*c),
                    Step::Added(c) => right.push(*c),
                }
            }
            prop_assert_eq!((left, right), (before, after));
        }
    }
}
