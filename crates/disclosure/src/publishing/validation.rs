//! What a draft must be to be saved, and what more to be submitted.

use jiff::civil::Date;

use super::{
    DisclosureClass, Draft, Edition, Genre, PublishingRefusal as R, Theme, Validity, body, document_number,
};

/// A draft with its values read; still incomplete perhaps.
pub(super) struct Content {
    pub title: String,
    pub summary: String,
    pub body_html: String,
    pub document_number: Option<String>,
    pub genre: String,
    pub keywords: String,
    pub source: String,
    pub validity: Option<String>,
    pub made_on: String,
    pub disclosure_class: String,
    pub class_reason: String,
    pub change_note: String,
    pub co_issuers: String,
    pub theme: String,
    pub subtheme: String,
    pub effective_on: String,
    pub expires_on: String,
    pub contact: String,
}

fn optional(text: &str) -> Option<String> {
    Some(text.trim()).filter(|t| !t.is_empty()).map(ToOwned::to_owned)
}

/// Reads a draft for saving: blanks are allowed except the title, nonsense is not.
pub(super) fn read(draft: &Draft) -> Result<Content, Vec<R>> {
    let mut reasons = Vec::new();
    if draft.title.trim().is_empty() {
        reasons.push(R::Blank { field: "title", label: "标题" });
    }
    for (field, label, value, most) in [
        ("title", "标题", &draft.title, 200),
        ("summary", "内容概述", &draft.summary, 500),
        ("document_number", "文号", &draft.document_number, 60),
        ("keywords", "主题词", &draft.keywords, 200),
        ("source", "信息来源", &draft.source, 100),
        ("class_reason", "公开属性的理由", &draft.class_reason, 500),
        ("change_note", "修订说明", &draft.change_note, 500),
        ("co_issuers", "联合发文机关", &draft.co_issuers, 300),
        ("subtheme", "主题的第二级", &draft.subtheme, 40),
        ("contact", "咨询渠道", &draft.contact, 200),
        ("body", "正文", &draft.body, 200_000),
    ] {
        if value.chars().count() > most {
            reasons.push(R::TooLong { field, label, most });
        }
    }
    if !draft.genre.is_empty() && Genre::from_code(&draft.genre).is_none() {
        reasons.push(R::NotInList { field: "genre", label: "体裁" });
    }
    if !draft.validity.is_empty() && Validity::from_code(&draft.validity).is_none() {
        reasons.push(R::NotInList { field: "validity", label: "有效性" });
    }
    if !draft.disclosure_class.is_empty() && DisclosureClass::from_code(&draft.disclosure_class).is_none() {
        reasons.push(R::NotInList { field: "disclosure_class", label: "公开属性" });
    }
    let made_on = draft.made_on.trim();
    if !made_on.is_empty() && made_on.parse::<Date>().is_err() {
        reasons.push(R::DateUnreadable);
    }
    if !draft.theme.is_empty() && Theme::from_code(&draft.theme).is_none() {
        reasons.push(R::NotInList { field: "theme", label: "主题分类" });
    }
    let (effective_on, expires_on) = (draft.effective_on.trim(), draft.expires_on.trim());
    for (field, label, day) in
        [("effective_on", "施行日期", effective_on), ("expires_on", "有效期至", expires_on)]
    {
        if !day.is_empty() && day.parse::<Date>().is_err() {
            reasons.push(R::DayUnreadable { field, label });
        }
    }
    if let (Ok(from), Ok(until)) = (effective_on.parse::<Date>(), expires_on.parse::<Date>())
        && until < from
    {
        reasons.push(R::TermReversed);
    }
    if !reasons.is_empty() {
        return Err(reasons);
    }
    Ok(Content {
        title: draft.title.trim().to_owned(),
        summary: draft.summary.trim().to_owned(),
        body_html: body::cleaned(&draft.body),
        document_number: optional(&document_number::kept(&draft.document_number)),
        genre: draft.genre.clone(),
        keywords: draft.keywords.trim().to_owned(),
        source: draft.source.trim().to_owned(),
        validity: optional(&draft.validity),
        made_on: made_on.to_owned(),
        disclosure_class: draft.disclosure_class.clone(),
        class_reason: draft.class_reason.trim().to_owned(),
        change_note: draft.change_note.trim().to_owned(),
        co_issuers: draft.co_issuers.trim().to_owned(),
        theme: draft.theme.clone(),
        subtheme: draft.subtheme.trim().to_owned(),
        effective_on: effective_on.to_owned(),
        expires_on: expires_on.to_owned(),
        contact: draft.contact.trim().to_owned(),
    })
}

/// All that is missing before an edition can be reviewed.
pub fn before_submission(edition: &Edition, attachments: usize, today: Date) -> Vec<R> {
    lacking(&edition.draft(), edition.ordinal, attachments, today)
}

/// All that what was typed still lacks before it can be reviewed, as edition number `ordinal` of its entry.
pub fn lacking(draft: &Draft, ordinal: i64, attachments: usize, today: Date) -> Vec<R> {
    let mut reasons = Vec::new();
    let genre = Genre::from_code(&draft.genre);
    let class = DisclosureClass::from_code(&draft.disclosure_class);
    let is_blank = |text: &str| text.trim().is_empty();
    for (field, label, value) in [
        ("title", "标题", &draft.title),
        ("summary", "内容概述", &draft.summary),
        ("source", "信息来源", &draft.source),
    ] {
        if is_blank(value) {
            reasons.push(R::Blank { field, label });
        }
    }
    if body::cleaned(&draft.body).is_empty() && attachments == 0 {
        reasons.push(R::BodyEmpty);
    }
    if genre.is_none() {
        reasons.push(R::NotInList { field: "genre", label: "体裁" });
    }
    match class {
        None => reasons.push(R::NotInList { field: "disclosure_class", label: "公开属性" }),
        Some(DisclosureClass::Proactive) => {}
        Some(_) if is_blank(&draft.class_reason) => reasons.push(R::ClassReasonMissing),
        Some(_) => {}
    }
    if is_blank(&draft.made_on) {
        reasons.push(R::Blank { field: "made_on", label: "生成日期" });
    } else {
        match draft.made_on.trim().parse::<Date>() {
            Err(_) => reasons.push(R::DateUnreadable),
            Ok(day) if day > today => reasons.push(R::DateInFuture),
            Ok(_) => {}
        }
    }
    match genre {
        Some(genre) if genre.has_validity() => {
            if is_blank(&draft.validity) {
                reasons.push(R::NeededForGenre { field: "validity", label: "有效性", genre });
            }
            if is_blank(&draft.document_number) {
                reasons.push(R::NeededForGenre { field: "document_number", label: "文号", genre });
            }
        }
        Some(_) if !is_blank(&draft.validity) => reasons.push(R::ValidityNotForGenre),
        _ => {}
    }
    if ordinal > 1 && is_blank(&draft.change_note) {
        reasons.push(R::Blank { field: "change_note", label: "修订说明" });
    }
    reasons
}
