//! 拟稿表 — the page of the drafting form: its fields, what was typed, what differs from what someone else saved.

use askama::Template;
use gongkai_disclosure::catalogue::Line;
use gongkai_disclosure::publishing::diff::{self, Paragraph, Span};
use gongkai_disclosure::publishing::{
    DisclosureClass, Draft, Edition, Genre, PublishingRefusal, Theme, Validity, body,
};

use super::show::{line_words, record};
use super::{address, for_desk, line_field, samples};
use crate::components::{ErrorSummary, Field, KeyValue};
use crate::console::reviews::Changes;
use crate::forms::{Fields, FormErrors, encode};
use crate::page::{Chrome, Section};
use crate::requests::form::FormSection;

/// The text as it will be read, before anything is saved.
#[derive(Debug, Clone)]
pub struct Preview {
    pub title: String,
    pub meta: Vec<KeyValue>,
    /// Cleaned; shown exactly as it will appear.
    pub body_html: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/entries/form.html")]
pub struct EntryFormPage {
    pub chrome: Chrome,
    pub heading: String,
    pub intro: String,
    /// Chosen first, because the catalogue depends on it; `None` when there is only one.
    pub agency_field: Option<Field>,
    pub action: String,
    pub hidden: Vec<(&'static str, String)>,
    pub sections: Vec<FormSection>,
    pub errors: ErrorSummary,
    /// It was saved, and only the submission was refused.
    pub is_saved: bool,
    /// What someone else saved meanwhile, and how what was typed differs from it.
    pub conflict: Option<Changes>,
    pub preview: Option<Preview>,
    /// The text was just taken out of a docx; what was left out.
    pub taken: Option<String>,
    /// What the line of the catalogue asks for.
    pub line: Option<(String, Vec<KeyValue>)>,
    pub back: String,
    /// The text for the editor to begin with; clean.
    pub body_html: String,
    pub desk: WritingDesk,
}

/// What the script of the form works with, and what else is going on at this draft.
#[derive(Debug, Clone, Default)]
pub struct WritingDesk {
    /// Where to save by itself; empty while there is no draft.
    pub autosave: String,
    pub pictures: String,
    /// The form that takes the text out of a docx.
    pub import: String,
    /// The line of a new draft is chosen with the docx.
    pub import_line: Option<Field>,
    /// 自动保存的内容 that was not saved: when, and the edition.
    pub kept: Option<(String, String)>,
    /// What was kept stands in the form.
    pub is_restored: bool,
    /// Who else is at it.
    pub others: String,
}

/// Which edition a form is for.
pub(super) enum Target {
    New { agency_field: Option<Field> },
    Open(Box<Edition>),
}

/// The draft as typed.
pub(super) fn draft_of(form: &Fields) -> Draft {
    let text = |name: &str| form.text(name).to_owned();
    Draft {
        title: text("title"),
        summary: text("summary"),
        body: text("body"),
        document_number: text("document_number"),
        genre: text("genre"),
        keywords: text("keywords"),
        source: text("source"),
        validity: text("validity"),
        made_on: text("made_on"),
        disclosure_class: text("disclosure_class"),
        class_reason: text("class_reason"),
        change_note: text("change_note"),
        co_issuers: text("co_issuers"),
        theme: text("theme"),
        subtheme: text("subtheme"),
        effective_on: text("effective_on"),
        expires_on: text("expires_on"),
        contact: text("contact"),
    }
}

/// The edition as it would be if the draft were saved over it.
fn with_draft(edition: &Edition, draft: &Draft) -> Edition {
    let optional = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    Edition {
        title: draft.title.clone(),
        summary: draft.summary.clone(),
        body_html: body::cleaned(&draft.body),
        document_number: optional(&draft.document_number),
        genre: draft.genre.clone(),
        keywords: draft.keywords.clone(),
        source: draft.source.clone(),
        validity: optional(&draft.validity),
        made_on: draft.made_on.clone(),
        disclosure_class: draft.disclosure_class.clone(),
        class_reason: draft.class_reason.clone(),
        change_note: draft.change_note.clone(),
        co_issuers: draft.co_issuers.clone(),
        theme: draft.theme.clone(),
        subtheme: draft.subtheme.clone(),
        effective_on: draft.effective_on.clone(),
        expires_on: draft.expires_on.clone(),
        contact: draft.contact.clone(),
        ..edition.clone()
    }
}

/// What was typed against what is stored now.
pub(super) fn against(stored: &Edition, draft: &Draft) -> Changes {
    let typed = with_draft(stored, draft);
    Changes {
        fields: diff::field_changes((stored, &[]), (&typed, &[])),
        paragraphs: diff::body_changes(&stored.body_html, &typed.body_html),
    }
}

impl EntryFormPage {
    pub(super) fn of(
        chrome: Chrome,
        target: &Target,
        lines: &[Line],
        line_id: &str,
        draft: &Draft,
        errors: &FormErrors,
    ) -> EntryFormPage {
        let (edition, agency_field) = match target {
            Target::New { agency_field } => (None, agency_field.clone()),
            Target::Open(edition) => (Some(&**edition), None),
        };
        let is_revision = edition.is_some_and(|edition| edition.ordinal > 1);
        let mut sections = sections(lines, line_id, draft, is_revision);
        for section in &mut sections {
            for field in &mut section.fields {
                field.error = errors.get(&field.name);
            }
        }
        let summary = errors.above(sections.iter().flat_map(|section| &section.fields));
        let (heading, back, action, hidden, chrome) = match edition {
            None => (
                "拟稿".to_owned(),
                "/console/entries".to_owned(),
                "/console/entries".to_owned(),
                Vec::new(),
                chrome.here("拟稿"),
            ),
            Some(edition) => (
                if is_revision {
                    format!("修订：第 {} 版", edition.ordinal)
                } else {
                    "修改稿件".to_owned()
                },
                address(&edition.entry_id),
                format!("{}/edit", address(&edition.entry_id)),
                vec![("edition", edition.id.clone()), ("version", edition.version.to_string())],
                chrome.crumb(edition.title.clone(), address(&edition.entry_id)).here("修改"),
            ),
        };
        let csrf = chrome.viewer.as_ref().map(|viewer| encode(&viewer.csrf)).unwrap_or_default();
        let desk = match edition {
            None => WritingDesk {
                import: format!("/console/entries/import?csrf={csrf}"),
                import_line: Some(
                    Field { name: "import-line".into(), ..line_field("目录事项", "请选择", lines) }
                        .required()
                        .value(line_id),
                ),
                ..WritingDesk::default()
            },
            Some(edition) => {
                let base = address(&edition.entry_id);
                WritingDesk {
                    autosave: format!("{base}/autosave"),
                    pictures: format!("{base}/pictures?csrf={csrf}"),
                    import: format!("{base}/import?csrf={csrf}"),
                    ..WritingDesk::default()
                }
            }
        };
        let intro = match (edition, is_revision) {
            (None, _) => "先保存成草稿，再添加附件、送审。除标题和目录事项外，没想好的可以先空着。",
            (Some(_), true) => "新版本签发前，公众看到的仍是现行版本。请写明改了什么、为什么改。",
            (Some(_), false) => "附件在稿件页添加。改完保存，再送审。",
        };
        EntryFormPage {
            chrome,
            heading,
            intro: intro.into(),
            agency_field,
            action,
            hidden,
            sections,
            errors: summary,
            is_saved: false,
            conflict: None,
            preview: None,
            taken: None,
            body_html: for_desk(&body::cleaned(&draft.body)),
            desk,
            line: lines
                .iter()
                .find(|line| line.id == line_id)
                .map(|line| (line.title.clone(), line_words(line))),
            back,
        }
    }

    pub(super) fn set_hidden(&mut self, name: &str, value: &str) {
        if let Some((_, hidden)) = self.hidden.iter_mut().find(|(known, _)| *known == name) {
            value.clone_into(hidden);
        }
    }

    pub(super) fn previewed(mut self, draft: &Draft, lines: &[Line], line_id: &str) -> EntryFormPage {
        let edition = with_draft(&Edition::sample(), draft);
        let line = lines.iter().find(|line| line.id == line_id).map_or("", |line| &line.title);
        self.preview = Some(Preview {
            title: if draft.title.is_empty() { "（还没有标题）".into() } else { draft.title.clone() },
            meta: record(&edition, line),
            body_html: for_desk(&edition.body_html),
        });
        self
    }

    pub fn sample() -> EntryFormPage {
        let line = samples::line();
        let draft = Draft { source: "松溪镇人民政府".into(), ..Draft::default() };
        let target = Target::New { agency_field: None };
        let id = line.id.clone();
        let chrome = Chrome::console_sample(Section::Entries).crumb("信息", "/console/entries");
        EntryFormPage::of(chrome, &target, &[line], &id, &draft, &FormErrors::default())
    }

    /// Opened again: something was typed and not saved, and a colleague is at it.
    pub fn sample_kept() -> EntryFormPage {
        let stored = Edition::sample();
        let draft = stored.draft();
        let chrome = Chrome::console_sample(Section::Entries).crumb("信息", "/console/entries");
        let target = Target::Open(Box::new(stored));
        let lines = [samples::line()];
        let mut page = EntryFormPage::of(chrome, &target, &lines, "line-1", &draft, &FormErrors::default());
        page.desk.kept = Some(("2026-11-02 10:32".into(), "edition-1".into()));
        page.desk.others = "俞春山也在修改这份稿件。".into();
        page.taken = Some("2 条批注没有带入。".into());
        page
    }

    /// Refused: someone else saved meanwhile, and a date cannot be read.
    pub fn sample_with_errors() -> EntryFormPage {
        let stored = Edition::sample();
        let draft =
            Draft { made_on: "2026-02-30".into(), summary: "另一种概述。".into(), ..stored.draft() };
        let reasons = [
            PublishingRefusal::DateUnreadable,
            PublishingRefusal::ChangedMeanwhile { by: "俞春山".into(), at: "2026-11-02 09:30".into() },
        ];
        let chrome = Chrome::console_sample(Section::Entries).crumb("信息", "/console/entries");
        let conflict = against(&stored, &draft);
        let target = Target::Open(Box::new(stored));
        let errors = FormErrors::of(&reasons);
        let mut page = EntryFormPage::of(chrome, &target, &[samples::line()], "line-1", &draft, &errors);
        page.conflict = Some(conflict);
        page
    }

    pub fn sample_preview() -> EntryFormPage {
        let draft = Edition::sample().draft();
        EntryFormPage::sample().previewed(&draft, &[samples::line()], "line-1")
    }
}

/// The form; a revision keeps its line and says what it changes.
fn sections(lines: &[Line], line_id: &str, draft: &Draft, is_revision: bool) -> Vec<FormSection> {
    let none = || (String::new(), "请选择".to_owned());
    let genres = Genre::ALL.iter().map(|genre| (genre.code().to_owned(), genre.label().to_owned()));
    let validities = Validity::ALL.iter().map(|v| (v.code().to_owned(), v.label().to_owned()));
    let classes = DisclosureClass::ALL.iter().map(|class| (class.code(), class.label()));
    let mut place = Vec::new();
    if !is_revision {
        place.push(
            line_field("目录事项", "请选择", lines)
                .required()
                .hint("决定归入公开目录的哪一项，送审后不能再改。")
                .value(line_id),
        );
    }
    place.push(Field::line("title", "标题").required().value(&draft.title));
    if is_revision {
        place.push(
            Field::text("change_note", "修订说明", 2)
                .required()
                .hint("公众会看到：改了什么，为什么改。")
                .value(&draft.change_note),
        );
    }
    let section = |heading, intro: &str, fields| FormSection { heading, intro: intro.into(), fields };
    vec![
        section("归属和标题", "", place),
        section(
            "内容",
            "",
            vec![
                Field::text("summary", "内容概述", 3)
                    .required()
                    .hint("一两句话说明内容，列在公开目录里，500字以内。《条例》第十二条第三款")
                    .value(&draft.summary),
                Field::text("body", "正文", 16)
                    .hint("每段一行；需要小标题、表格的，可以写 HTML，只保留文字结构。内容全在附件里的可以不填。")
                    .value(&draft.body),
            ],
        ),
        section(
            "文件要素",
            "",
            vec![
                Field::select("genre", "体裁", std::iter::once(none()).chain(genres))
                    .required()
                    .width("w-m")
                    .value(&draft.genre),
                Field::line("document_number", "文号")
                    .hint("例如：松政发〔2026〕12号；方括号、圆括号、全角数字都会改成规范写法。没有文号的不填；规范性文件必须有。")
                    .width("w-m")
                    .value(&draft.document_number),
                Field::date("made_on", "生成日期")
                    .required()
                    .hint("文件成文或者信息形成之日，不晚于今天。")
                    .value(&draft.made_on),
                Field::select(
                    "validity",
                    "有效性",
                    std::iter::once((String::new(), "不适用".to_owned())).chain(validities),
                )
                .hint("只有行政规范性文件填写。")
                .width("w-m")
                .value(&draft.validity),
                Field::line("source", "信息来源")
                    .required()
                    .hint("制作或者获取该信息的机关。《条例》第十条")
                    .value(&draft.source),
                Field::line("co_issuers", "联合发文机关")
                    .hint("联合发文的，写明其他机关，用顿号隔开；由牵头机关公开。《条例》第十条")
                    .value(&draft.co_issuers),
                Field::select(
                    "theme",
                    "主题分类",
                    std::iter::once(none()).chain(
                        Theme::ALL.iter().map(|theme| (theme.code().to_owned(), theme.label().to_owned())),
                    ),
                )
                .width("w-m")
                .value(&draft.theme),
                Field::line("subtheme", "主题的第二级")
                    .hint("例如：政务公开。可以不填。")
                    .width("w-m")
                    .value(&draft.subtheme),
                Field::date("effective_on", "施行日期")
                    .hint("文件写明何时施行的填写。")
                    .value(&draft.effective_on),
                Field::date("expires_on", "有效期至")
                    .hint("文件写明有效期的填写最后一天。")
                    .value(&draft.expires_on),
                Field::line("contact", "咨询渠道")
                    .hint("公众可以向谁问、怎么问，例如：区农业农村局，0990-0000002。请写办公电话。")
                    .value(&draft.contact),
                Field::line("keywords", "主题词").hint("便于查找，用空格隔开。").value(&draft.keywords),
            ],
        ),
        section(
            "公开属性",
            "由起草人在拟稿时提出，随稿审签。",
            vec![
                Field::radio("disclosure_class", "公开属性", classes)
                    .required()
                    .choice_hint("proactive", "签发后立即在门户公开。《条例》第十九条至第二十一条")
                    .choice_hint("on_request", "不在门户显示，有人申请时依法提供。")
                    .choice_hint("not_disclosed", "国家秘密、商业秘密、个人隐私等。《条例》第十四条至第十六条")
                    .value(&draft.disclosure_class),
                Field::text("class_reason", "理由和依据", 3)
                    .hint("依申请公开、不予公开的必须写明；主动公开的可以不填。")
                    .value(&draft.class_reason),
            ],
        ),
    ]
}
