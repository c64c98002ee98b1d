//! 公示 — what is shown for a period and then comes down by itself; lists of people, masked before they become a draft.

use askama::Template;
use axum::extract::{Multipart, Path, Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Agency, Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::publicity::actions::{self, ListDraft};
use gongkai_disclosure::publicity::lists::{ListKind, MaskedList, read};
use gongkai_disclosure::publicity::{self, Held, Period, PeriodUnit, Shown};
use gongkai_disclosure::{calendars, catalogue};
use gongkai_statute::calendar::Calendar;
use jiff::civil::Date;

use super::due::{Chosen, tabs};
use super::import::{Upload, keep, kept};
use super::records::choose_agency;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, Pager, Tab, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors, encode};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::state::App;

const PER_PAGE: i64 = 50;

/// An entry with its period.
#[derive(Debug, Clone)]
pub struct PeriodRow {
    pub title: String,
    pub href: String,
    pub set_href: String,
    pub length: String,
    pub released_on: String,
    pub state: Tag,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/publicity/list.html")]
pub struct PeriodListPage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_field: Option<Field>,
    pub tabs: Vec<Tab>,
    pub rows: Vec<PeriodRow>,
    pub pager: Pager,
    pub import_href: Option<String>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/publicity/show.html")]
pub struct PeriodPage {
    pub chrome: Chrome,
    pub title: String,
    pub entry_href: String,
    pub state: Tag,
    pub action: String,
    /// Empty for those who only read, and when the entry is gone.
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
}

/// How a list would be shown.
#[derive(Debug, Clone)]
pub struct Preview {
    pub file_name: String,
    /// Head, what it holds, how it is shown.
    pub columns: Vec<(String, &'static str, Tag)>,
    pub heads: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub total: usize,
    pub summary: String,
    pub wrong: Vec<(String, String)>,
    pub notes: Vec<String>,
    pub carried: Vec<(&'static str, String)>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/publicity/import.html")]
pub struct ListImportPage {
    pub chrome: Chrome,
    pub agency: String,
    pub action: String,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    pub preview: Option<Preview>,
}

fn state(period: Option<&Period>, today: Date, national: &Calendar) -> Result<Tag, PageError> {
    let Some(period) = period else { return Ok(Tag::new(Tone::Neutral, "没有设公示期")) };
    if period.ended_at.is_some() {
        return Ok(Tag::new(Tone::Neutral, "公示期满，已撤下"));
    }
    if period.withdrawn_at.is_some() {
        return Ok(Tag::new(Tone::Neutral, "公示期内已撤回"));
    }
    Ok(match period.last_day(national)? {
        None => Tag::new(Tone::Neutral, format!("公开后开始计算，共 {}", period.length())),
        Some(last) => {
            let left = today.until(last).map(|span| span.get_days()).unwrap_or_default();
            match left {
                ..0 => Tag::new(Tone::Warning, "公示期满，正在撤下"),
                0 => Tag::new(Tone::Warning, "公示到今天为止"),
                _ => Tag::new(Tone::Success, format!("公示到 {last}，还有 {left} 天")),
            }
        }
    })
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, &staff, &chosen.agency, P::ReadDrafts).await?;
    let number = chosen.page.max(1);
    let offset = (number - 1) * PER_PAGE;
    let (periods, total) = publicity::periods(&mut conn, &choice.chosen.id, PER_PAGE, offset).await?;
    let national = calendars::national(&mut conn).await?;
    let mut rows = Vec::new();
    for period in &periods {
        rows.push(PeriodRow {
            title: period.title.clone(),
            href: format!("/console/entries/{}", period.entry_id),
            set_href: format!("/console/publicity/{}", period.entry_id),
            length: period.length(),
            released_on: period.first_released_on.clone().unwrap_or_else(|| "还没有公开".into()),
            state: state(Some(period), app.today(), &national)?,
        });
    }
    let code = encode(&choice.chosen.code);
    html(&PeriodListPage {
        chrome: page.chrome(Section::Terms).crumb("工作台", "/console").here("公示期"),
        agency: choice.chosen.name.clone(),
        agency_field: choice.field(),
        tabs: tabs("publicity", &choice.chosen.code),
        rows,
        pager: Pager {
            page: number.unsigned_abs(),
            per_page: PER_PAGE.unsigned_abs(),
            total: total.unsigned_abs(),
            href: format!("/console/publicity?agency={code}&page="),
        },
        import_href: staff
            .may(P::DraftEntries, &choice.chosen.id)
            .then(|| format!("/console/publicity/lists/import?agency={code}")),
    })
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    html(&PeriodPage::read(&mut *app.db.read().await?, &page, &staff, &id, app.today(), None).await?)
}

pub(crate) async fn set(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let (days, unit, reason) = (form.text("days"), form.text("unit"), form.text("period_reason"));
    let set = actions::set_period(&mut tx, &staff, &id, days, unit, reason).await;
    match settle(tx, set).await? {
        Ok(()) => Ok(redirect_with(&format!("/console/publicity/{id}"), "公示期已设定，期满次日自动撤下。")),
        Err(errors) => {
            let mut conn = app.db.read().await?;
            let typed = Some((&form, &errors));
            form_again(&PeriodPage::read(&mut conn, &page, &staff, &id, app.today(), typed).await?)
        }
    }
}

fn unit_field() -> Field {
    Field::radio("unit", "计算方法", PeriodUnit::ALL.iter().map(|unit| (unit.code(), unit.label())))
        .inline()
        .required()
        .value(PeriodUnit::WorkingDays.code())
}

impl PeriodPage {
    async fn read(
        conn: &mut Conn,
        page: &PageContext,
        staff: &Staff,
        id: &str,
        today: Date,
        typed: Option<(&Fields, &FormErrors)>,
    ) -> Result<PeriodPage, PageError> {
        let entry = publicity::candidate(conn, id).await?;
        let entry =
            entry.filter(|entry| staff.may(P::ReadDrafts, &entry.agency_id)).ok_or(PageError::NotFound)?;
        let period = publicity::period(conn, id).await?;
        let national = calendars::national(conn).await?;
        let may_set = staff.may(P::DraftEntries, &entry.agency_id) && entry.withdrawn_at.is_none();
        let mut fields = Vec::new();
        if may_set {
            let (days, unit) = match &period {
                Some(period) => (period.days.to_string(), period.unit.clone()),
                None => (String::new(), PeriodUnit::WorkingDays.code().into()),
            };
            fields.push(
                Field::line("days", "公示多少天")
                    .required()
                    .width("w-s")
                    .value(days)
                    .hint("公开当天不计算在内。"),
            );
            fields.push(unit_field().value(unit));
            if period.is_some() {
                fields.push(Field::line("period_reason", "改变的理由").required());
            }
        }
        let fields = match typed {
            Some((form, errors)) => form.typed_into(fields, errors),
            None => fields,
        };
        let mut errors = ErrorSummary::of(&fields);
        if let Some((_, refused)) = typed {
            errors = refused.general.iter().fold(errors, |errors, words| errors.and(words.clone()));
        }
        Ok(PeriodPage {
            chrome: page
                .chrome(Section::Terms)
                .crumb("工作台", "/console")
                .crumb("公示期", "/console/publicity")
                .here("设定"),
            title: entry.title,
            entry_href: format!("/console/entries/{id}"),
            state: state(period.as_ref(), today, &national)?,
            action: format!("/console/publicity/{id}"),
            fields,
            errors,
        })
    }

    pub fn sample() -> PeriodPage {
        let fields = vec![Field::line("days", "公示多少天").required(), unit_field()];
        PeriodPage {
            chrome: Chrome::console_sample(Section::Terms).crumb("工作台", "/console").here("设定"),
            title: "云溪镇2026年低保对象公示".into(),
            entry_href: "/console/entries/1".into(),
            state: Tag::new(Tone::Success, "公示到 2026-11-09，还有 5 天"),
            action: "/console/publicity/1".into(),
            errors: ErrorSummary::of(&fields),
            fields,
        }
    }
}

impl PeriodListPage {
    pub fn sample() -> PeriodListPage {
        PeriodListPage {
            chrome: Chrome::console_sample(Section::Terms).crumb("工作台", "/console").here("公示期"),
            agency: "云溪镇人民政府".into(),
            agency_field: None,
            tabs: tabs("publicity", "yx"),
            rows: vec![PeriodRow {
                title: "云溪镇2026年低保对象公示".into(),
                href: "/console/entries/1".into(),
                set_href: "/console/publicity/1".into(),
                length: "5 个工作日".into(),
                released_on: "2026-11-02".into(),
                state: Tag::new(Tone::Success, "公示到 2026-11-09，还有 5 天"),
            }],
            pager: Pager { page: 1, per_page: 50, total: 1, href: "?page=".into() },
            import_href: Some("/console/publicity/lists/import".into()),
        }
    }

    pub fn sample_empty() -> PeriodListPage {
        let mut page = PeriodListPage::sample();
        page.rows.clear();
        page.pager.total = 0;
        page
    }
}

// Lists -------------------------------------------------------------------------------------------

async fn import_page(
    conn: &mut Conn,
    page: &PageContext,
    agency: &Agency,
    csrf: &str,
    typed: impl Fn(&str) -> String,
) -> Result<ListImportPage, PageError> {
    let lines = catalogue::lines(conn, &agency.id).await?;
    let lines = lines.into_iter().map(|line| (line.id.clone(), line.title.clone()));
    let chrome = page
        .chrome(Section::Terms)
        .crumb("工作台", "/console")
        .crumb("公示期", format!("/console/publicity?agency={}", encode(&agency.code)))
        .here("导入名单");
    Ok(ListImportPage::of(chrome, agency, csrf, lines.collect(), typed))
}

impl ListImportPage {
    fn of(
        chrome: Chrome,
        agency: &Agency,
        csrf: &str,
        lines: Vec<(String, String)>,
        typed: impl Fn(&str) -> String,
    ) -> ListImportPage {
        let or = |name: &str, usual: &str| match typed(name) {
            empty if empty.is_empty() => usual.to_owned(),
            value => value,
        };
        let lines = std::iter::once((String::new(), "请选择".to_owned())).chain(lines);
        ListImportPage {
            chrome,
            agency: agency.name.clone(),
            action: format!(
                "/console/publicity/lists/import?agency={}&csrf={}",
                encode(&agency.code),
                encode(csrf)
            ),
            fields: vec![
                Field::file("file", "名单表格", ".xlsx,.csv").single().required().hint(
                    "xlsx 或 csv，要有“姓名”或者“户主”一栏。身份证号、电话、银行账号、健康情况和出生日期不会公开，住址只公开到村或者社区；上传的原表不保存。",
                ),
                Field::line("title", "名单标题")
                    .required()
                    .value(typed("title"))
                    .hint("例如：松溪镇2026年第三季度农村低保对象公示。"),
                Field::select("line", "归入目录事项", lines).required().value(typed("line")),
                Field::radio("kind", "名单种类", ListKind::ALL.iter().map(|kind| (kind.code(), kind.label())))
                    .inline()
                    .required()
                    .value(or("kind", ListKind::Relief.code())),
                Field::radio("names", "姓名", [("full", "公开全名"), ("masked", "只公开姓氏")])
                    .inline()
                    .required()
                    .choice_hint("full", "规定要求公示姓名的；不满十四周岁的仍只公开姓氏")
                    .value(or("names", "full")),
                Field::line("days", "公示多少天")
                    .required()
                    .width("w-s")
                    .value(or("days", "7"))
                    .hint("公开当天不计算在内，期满次日自动撤下。"),
                unit_field().value(or("unit", PeriodUnit::WorkingDays.code())),
            ],
            errors: ErrorSummary::default(),
            preview: None,
        }
    }

    pub fn sample() -> ListImportPage {
        let agency = super::entries::samples::officer().agency;
        let chrome = Chrome::console_sample(Section::Terms).crumb("公示期", "/console/publicity");
        ListImportPage::of(chrome, &agency, "sample", Vec::new(), |_| String::new())
    }

    pub fn sample_preview() -> ListImportPage {
        ListImportPage {
            preview: Some(Preview {
                file_name: "低保名单.xlsx".into(),
                columns: vec![
                    ("户主姓名".into(), Held::Name.label(), shown_tag(Shown::AsIs)),
                    ("身份证号".into(), Held::Identity.label(), shown_tag(Shown::Dropped)),
                ],
                heads: vec!["户主姓名".into()],
                rows: vec![vec!["何小禾".into()]],
                total: 1,
                summary: "名单共 1 人（户）。".into(),
                wrong: Vec::new(),
                notes: Vec::new(),
                carried: vec![("file", "9b".repeat(32))],
            }),
            ..ListImportPage::sample()
        }
    }
}

fn shown_tag(shown: Shown) -> Tag {
    let tone = match shown {
        Shown::AsIs => Tone::Neutral,
        Shown::Masked => Tone::Info,
        Shown::Dropped => Tone::Success,
    };
    Tag::new(tone, shown.label())
}

async fn drafts_for(app: &App, signed: &Signed, code: &str) -> Result<Agency, PageError> {
    Ok(choose_agency(&mut *app.db.read().await?, &signed.staff, code, P::DraftEntries).await?.chosen)
}

pub(crate) async fn import_form(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let agency = drafts_for(&app, &signed, &chosen.agency).await?;
    let mut conn = app.db.read().await?;
    html(&import_page(&mut conn, &page, &agency, &signed.csrf, |_| String::new()).await?)
}

/// Says how every column would be shown. What is kept until the confirmation is the masked list alone.
pub(crate) async fn rehearsal(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Query(chosen): Query<Chosen>,
    form: Multipart,
) -> Result<Response, PageError> {
    let agency = drafts_for(&app, &signed, &chosen.agency).await?;
    let upload = Upload::take(form).await?;
    let mut conn = app.db.read().await?;
    let typed = |name: &str| upload.text(name).to_owned();
    let mut shown = import_page(&mut conn, &page, &agency, &signed.csrf, typed).await?;
    drop(conn);
    let list = match upload.sheets().await? {
        Ok(sheets) => read(&sheets, upload.text("names") == "masked", app.today()),
        Err(words) => Err(words),
    };
    let list = match list {
        Ok(list) => list,
        Err(words) => {
            shown.errors = shown.errors.and(words);
            return form_again(&shown);
        }
    };
    for (name, words) in [("title", "请填写名单标题。"), ("line", "请选择名单归入的目录事项。")]
    {
        if upload.text(name).trim().is_empty() {
            shown.errors = shown.errors.and(words);
        }
    }
    if !shown.errors.errors.is_empty() {
        shown.errors = shown.errors.and("改好后请重新选择名单表格：浏览器不保留已选的文件。");
        return form_again(&shown);
    }
    let mut carried = Vec::new();
    if list.wrong.is_empty() {
        carried.push(("file", keep(&app, &list).await?));
        carried.push(("agency", agency.code.clone()));
        for name in ["title", "line", "kind", "days", "unit"] {
            carried.push((name, typed(name)));
        }
    }
    shown.preview = Some(Preview {
        file_name: upload.name.clone(),
        columns: list
            .columns
            .iter()
            .map(|column| {
                let shown = Shown::from_code(&column.shown).unwrap_or(Shown::Dropped);
                let held = Held::from_code(&column.held).map_or("", Held::label);
                (column.head.clone(), held, shown_tag(shown))
            })
            .collect(),
        heads: list.heads.clone(),
        rows: list.rows.iter().take(20).cloned().collect(),
        total: list.rows.len(),
        summary: list.summary(),
        wrong: list.wrong.iter().map(|wrong| (wrong.place.clone(), wrong.reason.clone())).collect(),
        notes: list.notes.clone(),
        carried,
    });
    Ok(html(&shown)?.into_response())
}

pub(crate) async fn confirm(
    State(app): State<App>,
    signed: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let agency = drafts_for(&app, &signed, form.text("agency")).await?;
    let list: MaskedList = kept(&app, form.text("file")).await?;
    let bytes = list.file()?;
    let name = format!("{}.xlsx", form.text("title").chars().take(60).collect::<String>());
    let stored = app.files.keep(&name, &bytes).await?;
    let prepared = app.files.prepare(stored).await?;
    let text = |name: &str| form.text(name).to_owned();
    let typed = ListDraft {
        line_id: text("line"),
        title: text("title"),
        kind: text("kind"),
        days: text("days"),
        unit: text("unit"),
        source: agency.name.clone(),
    };
    let mut tx = app.db.begin(&signed.staff.actor(), app.now()).await?;
    let drafted = actions::draft_list(&mut tx, &signed.staff, &typed, &list, &prepared).await?;
    tx.commit().await?;
    let to = format!("/console/entries/{}", drafted.entry_id);
    Ok(redirect_with(&to, "名单已成为草稿，公示期已设定。请核对后送审。"))
}
