//! A dossier in words and days.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::letters::{Letter, LetterKind};
use gongkai_disclosure::privacy::Keyring;
use gongkai_disclosure::requests::{
    DeliveryWay, Dossier, Event as RequestEvent, EventRecord, Opinion, RequestState,
};
use gongkai_disclosure::review::ReviewState;
use gongkai_statute::calendar::Calendar;
use gongkai_statute::cite;
use gongkai_statute::deadlines::{ConsultedParty, DeadlineRuling, dues};
use gongkai_typeset::Writing;
use jiff::civil::Date;

use crate::components::{Day, DayKind, DayLedger, Event, Tag, Timeline, Tone};
use crate::errors::PageError;
use crate::paper;
use crate::portal::entries::as_attachment;
use crate::state::App;

/// The ending a sealed copy is asked for by.
const SEALED: &str = "sealed";

/// 2026-03-30（周一）
pub(crate) fn with_weekday(day: Date) -> String {
    let names = ["", "周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    let weekday = names[usize::try_from(day.weekday().to_monday_one_offset()).unwrap_or_default()];
    format!("{day}（{weekday}）")
}

/// Where a request stands.
pub(crate) fn state_tag(state: RequestState) -> Tag {
    let tone = match state {
        RequestState::Submitted | RequestState::SupplementNoticed | RequestState::FeeNoticed => Tone::Warning,
        RequestState::Registered
        | RequestState::InProgress
        | RequestState::Consulting
        | RequestState::Decided => Tone::Info,
        RequestState::Replied => Tone::Success,
        RequestState::Closed | RequestState::Archived => Tone::Neutral,
    };
    Tag::new(tone, state.label())
}

/// How much time is left: 剩 4 个工作日, 今天到期, 逾期 2 个工作日; nothing when no clock runs.
pub(crate) fn due_tag(
    due_on: Option<Date>,
    closed_on: Option<Date>,
    today: Date,
    soon: i64,
    calendar: &Calendar,
) -> Option<Tag> {
    let due_on = due_on.filter(|_| closed_on.is_none())?;
    Some(match dues::days_left(today, due_on, calendar) {
        // A due date that is past is overdue, even when no working day has gone since.
        left if due_on < today => Tag::new(Tone::Overdue, format!("逾期 {} 个工作日", -left)),
        0 => Tag::new(Tone::Warning, "今天到期"),
        left if left <= soon => Tag::new(Tone::Warning, format!("剩 {left} 个工作日")),
        left => Tag::new(Tone::Neutral, format!("剩 {left} 个工作日")),
    })
}

/// The reply period day by day.
pub(crate) fn ledger(dossier: &Dossier, ruling: &DeadlineRuling, title: &str, today: Date) -> DayLedger {
    let calendar = dossier.calendar();
    let due_on = ruling.due_on();
    let mut days = vec![Day {
        date: ruling.received_on.to_string(),
        weekday: weekday(ruling.received_on),
        kind: DayKind::Start,
        number: None,
        word: String::new(),
        why: format!("{}；当日不计，从次日起算", ruling.receipt_reason),
        citation: ruling.receipt_citation.to_string(),
    }];
    days.extend(ruling.days.iter().map(|day| {
        let kind = match (day.counts, due_on == Some(day.date)) {
            // A decision or judgment may name a day that is no working day.
            (_, true) => DayKind::Due,
            (true, false) => DayKind::Counted,
            (false, _) if calendar.is_working_day(day.date) => DayKind::Excluded,
            (false, _) => DayKind::Rest,
        };
        Day {
            date: day.date.to_string(),
            weekday: weekday(day.date),
            kind,
            number: day.number,
            word: word(&day.why, kind),
            why: day.why.clone(),
            citation: day.citation.to_string(),
        }
    }));
    let is_late = due_on.is_some_and(|due| dossier.request.closed_on.unwrap_or(today) > due);
    DayLedger {
        title: title.into(),
        due: due_on.map_or_else(|| "待起算".into(), with_weekday),
        summary: summary(dossier, ruling),
        citation: match dossier.renewal.as_ref().filter(|renewal| renewal.until.is_some()) {
            Some(renewal) => renewal.by.binding().to_string(),
            None => cite!(Ogi, 33, 2).to_string(),
        },
        is_provisional: ruling.provisional,
        tone: if is_late { Tone::Overdue } else { Tone::Neutral },
        days,
    }
}

fn weekday(day: Date) -> u8 {
    u8::try_from(day.weekday().to_monday_one_offset()).unwrap_or(1)
}

/// A word or two for the small calendar.
fn word(why: &str, kind: DayKind) -> String {
    match kind {
        DayKind::Due => "到期".into(),
        DayKind::Excluded => "不计".into(),
        DayKind::Counted if why.contains("调休") => "调休上班".into(),
        DayKind::Rest => why.strip_suffix("放假").unwrap_or_default().into(),
        _ => String::new(),
    }
}

/// How the date was reached, in one or two sentences.
fn summary(dossier: &Dossier, ruling: &DeadlineRuling) -> String {
    let mut text = format!("{}收到（{}），", short(ruling.received_on), ruling.receipt_reason);
    if let Some((renewal, until)) = dossier.renewal.as_ref().and_then(|r| Some((r, r.until?))) {
        return text + &format!("{}规定的期限至{}届满。", renewal.by.label(), short(until));
    }
    let restart =
        dossier.fee.as_ref().and_then(|fee| fee.paid_on.map(|day| (day, "缴费"))).or_else(|| {
            dossier.supplement.as_ref().and_then(|s| s.supplemented_on.map(|day| (day, "收到补正")))
        });
    match (restart, ruling.reply_due_on) {
        (_, None) => text += "现在期限暂停，",
        (Some((day, what)), Some(_)) => text += &format!("{}{what}，次日起重新计算20个工作日，", short(day)),
        (None, Some(_)) => text += "次日起算20个工作日，",
    }
    if !dossier.consultations.is_empty() {
        text += "征求意见所需时间不计算在内，";
    }
    match (ruling.reply_due_on, ruling.extended_reply_due_on) {
        (Some(due), Some(extended)) if dossier.reasons.as_ref().is_some_and(|r| r.delay.is_some()) => {
            text += &format!("至{}；已告知延迟答复，至{}。", short(due), short(extended));
        }
        (Some(due), Some(extended)) => {
            let days = dossier.extension.as_ref().map_or(0, |extension| extension.working_days);
            text += &format!("至{}；延长{days}个工作日，至{}。", short(due), short(extended));
        }
        (Some(due), None) => text += &format!("至{}届满。", short(due)),
        (None, _) => text += &format!("{}。", ruling.notes.join("；")),
    }
    text
}

/// 3月9日
fn short(day: Date) -> String {
    format!("{}月{}日", day.month(), day.day())
}

/// The story, oldest first; `is_inside` for those who may read what is the office's own business.
pub(crate) fn timeline(dossier: &Dossier, is_inside: bool) -> Timeline {
    let events = dossier.events.iter().map(|event| Event {
        at: event.happened_on.to_string(),
        title: event.event.label().into(),
        // What nobody of the office did, the applicant did.
        by: event.by_name.clone().unwrap_or_else(|| "申请人".into()),
        note: note(event, is_inside),
        tone: tone(event.event),
        files: Vec::new(),
    });
    let moved = dossier.moved.iter().map(|moved| Event {
        at: moved.on().map(|day| day.to_string()).unwrap_or_default(),
        title: "期限按放假安排重算".into(),
        by: String::new(),
        note: format!(
            "{}年放假安排（{}）公布，{}由 {} 变为 {}。",
            moved.year,
            moved.notice_number,
            moved.clock_label(),
            moved.due_before,
            moved.due_after
        ),
        tone: Tone::Warning,
        files: Vec::new(),
    });
    let mut events: Vec<Event> = events.chain(moved).collect();
    events.sort_by(|a, b| a.at.cmp(&b.at));
    Timeline { events }
}

fn tone(event: RequestEvent) -> Tone {
    use RequestEvent as E;
    match event {
        E::Submit | E::Archive => Tone::Neutral,
        E::NoticeSupplement
        | E::NoticeReasons
        | E::NoticeDelay
        | E::Consult
        | E::NoticeFee
        | E::ProposeExtension
        | E::DeclineExtension => Tone::Warning,
        E::IssueReply | E::RecordDelivery => Tone::Success,
        _ => Tone::Info,
    }
}

/// What is worth saying about an event besides its name.
fn note(event: &EventRecord, is_inside: bool) -> String {
    use RequestEvent as E;
    let text = |key: &str| event.detail.get(key).and_then(|value| value.as_str()).unwrap_or_default();
    // Nothing was told, or it was destroyed with the request.
    if event.detail.as_object().is_some_and(serde_json::Map::is_empty) {
        return String::new();
    }
    match event.event {
        E::NoticeSupplement => {
            format!("请申请人在 {} 前补正；期限自收到补正之日起重新计算。", text("due_on"))
        }
        E::Submit if is_inside => match event.detail.get("offered").and_then(|offered| offered.as_array()) {
            Some(offered) if !offered.is_empty() => {
                let shown: Vec<&str> = offered.iter().filter_map(|one| one.as_str()).collect();
                let helped = event.detail["helped"].as_array().into_iter().flatten();
                let helped: Vec<&str> = helped.filter_map(|one| one.as_str()).collect();
                let which = match helped.is_empty() {
                    true => "申请人认为不是所要的".to_owned(),
                    false => format!("申请人认为{}有帮助，但不是所要的全部", helped.join("、")),
                };
                format!("提交前已提示公开信息{}，{which}。", shown.join("、"))
            }
            _ => String::new(),
        },
        E::HandOver if is_inside => format!("由{}承办：{}", text("to"), text("why")),
        E::Split => {
            let numbers = event.detail.get("numbers").and_then(|value| value.as_array());
            let numbers: Vec<&str> = numbers.into_iter().flatten().filter_map(|one| one.as_str()).collect();
            format!("按一事一申请，另立{}，查询码与本件相同。", numbers.join("、"))
        }
        E::Renew => format!("重新办理 {}。", text("of")),
        E::Register if !text("split_from").is_empty() => format!("由 {} 拆分。", text("split_from")),
        E::Merge => text("note").into(),
        E::NoticeReasons => format!("请申请人在 {} 前说明理由。", text("due_on")),
        E::NoticeDelay => format!("理由合理，延迟至 {} 前答复。", text("due_on")),
        E::NoticeOverride if is_inside => format!("已告知{}。", text("party")),
        E::ApproveExtension => format!("答复期限延长至 {}。", text("due_on")),
        E::ProposeExtension if is_inside => text("ground").into(),
        E::DeclineExtension if is_inside => text("opinion").into(),
        E::Consult => {
            let party = ConsultedParty::from_code(text("with")).map_or("", ConsultedParty::label);
            format!("征求{party}意见，{} 前答复；所需时间不计算在答复期限内。", text("due_on"))
        }
        E::RecordOpinion if is_inside => {
            let opinion = Opinion::from_code(text("opinion")).map_or("", Opinion::label);
            match text("judgement") {
                "" => opinion.into(),
                judgement => format!("{opinion}。本机关的判断：{judgement}"),
            }
        }
        E::NoticeFee => {
            let yuan =
                event.detail.get("amount_yuan").and_then(serde_json::Value::as_u64).unwrap_or_default();
            format!("信息处理费 {yuan} 元，{} 前缴纳；缴费次日起重新计算期限。", text("due_on"))
        }
        E::Decide if is_inside => gongkai_statute::decisions::Decision::from_code(text("decision"))
            .map_or("", gongkai_statute::decisions::Decision::label)
            .into(),
        E::IssueReply => {
            let way = DeliveryWay::from_code(text("delivery")).map_or("", DeliveryWay::label);
            format!("{}，{way}。", text("letter"))
        }
        E::CorrectReceipt => {
            let day = |at: &str| {
                let known = event.detail[at]["received_on"].as_str();
                known.unwrap_or("待确认").to_owned()
            };
            let why = if is_inside { format!("：{}", text("why")) } else { String::new() };
            format!("收到申请之日由 {} 更正为 {}，期限随之变化{why}。", day("before"), day("after"))
        }
        E::RecordDelivery if is_inside => text("proof").into(),
        E::Confirm if is_inside => text("how").into(),
        E::Withdraw | E::CloseNotSupplemented | E::CloseFeeUnpaid if is_inside => text("note").into(),
        _ => String::new(),
    }
}

/// A letter ready to be shown. `body_html` is our own markup with every typed text escaped.
#[derive(Debug, Clone)]
pub struct LetterView {
    pub id: String,
    pub kind: &'static str,
    pub number: String,
    pub day: String,
    pub state: Tag,
    pub body_html: String,
    /// 盖章件: its name.
    pub sealed: Option<String>,
    /// Where the letter can be had as a file: words and ending.
    pub files: Vec<(&'static str, &'static str)>,
}

impl LetterView {
    /// With its text.
    pub(crate) fn read(letter: &Letter, keys: &Keyring) -> anyhow::Result<LetterView> {
        Ok(LetterView { body_html: letter.body_html(keys)?, ..LetterView::of(letter) })
    }

    /// Without its text, for lists.
    pub(crate) fn of(letter: &Letter) -> LetterView {
        let state = match (letter.kind, letter.issued_on(), letter.review) {
            (kind, None, Some(ReviewState::Open)) if kind.is_reply() => Tag::new(Tone::Info, "审签中"),
            (kind, None, Some(ReviewState::Signed)) if kind.is_reply() => {
                Tag::new(Tone::Warning, "已签发，待发出")
            }
            (kind, None, _) if kind.is_reply() => Tag::new(Tone::Warning, "已退回，待重拟"),
            (LetterKind::ArchiveCover, ..) => Tag::new(Tone::Neutral, "存档"),
            _ => Tag::new(Tone::Success, "已发出"),
        };
        LetterView {
            id: letter.id.clone(),
            kind: letter.kind.label(),
            number: letter.number.clone(),
            day: letter.shown_day(),
            state,
            body_html: String::new(),
            sealed: letter.sealed.as_ref().map(|sealed| sealed.name.clone()),
            files: files_of(letter.sealed.is_some()),
        }
    }

    /// Within its dossier: a reply that was given up for another is no longer to be written.
    pub(crate) fn within(letter: &Letter, dossier: &Dossier) -> LetterView {
        let mut view = LetterView::of(letter);
        let is_current = dossier.reply().is_none_or(|reply| reply.id == letter.id);
        if letter.kind.is_reply() && letter.issued_on().is_none() && !is_current {
            view.state = Tag::new(Tone::Neutral, "已由新的文书代替");
        }
        view
    }

    pub(crate) fn sample() -> LetterView {
        LetterView {
            id: "1".into(),
            kind: LetterKind::Reply.label(),
            number: "松溪政公复〔2026〕12号".into(),
            day: "2026年4月3日".into(),
            state: Tag::new(Tone::Success, "已发出"),
            body_html: "<div class=\"document-head\"><p>松溪镇人民政府</p><h2>政府信息公开申请答复书</h2>\
                        <p>松溪政公复〔2026〕12号</p></div><p class=\"no-indent\">何小舟：</p>\
                        <p>本机关于2026年3月2日收到您的政府信息公开申请，申请公开：农村危房改造补助名单。</p>\
                        <h3>救济途径</h3><p>如不服本决定，可以自收到本决定之日起60日内申请行政复议。</p>\
                        <p class=\"signature\">松溪镇人民政府</p>"
                .into(),
            sealed: Some("盖章答复书.pdf".into()),
            files: files_of(true),
        }
    }
}

/// The sealed copy first: it is the one that counts.
fn files_of(is_sealed: bool) -> Vec<(&'static str, &'static str)> {
    let sealed = is_sealed.then_some(("盖章件", SEALED));
    sealed.into_iter().chain(Writing::formats().map(|format| (format.label(), format.extension()))).collect()
}

/// The letter as a file: the text that was signed, with the day it bears.
pub(crate) async fn letter_file(
    app: &App,
    dossier: &Dossier,
    letter: &Letter,
    extension: &str,
) -> Result<Response, PageError> {
    if extension == SEALED {
        let sealed = letter.sealed.as_ref().ok_or(PageError::NotFound)?;
        let headers = [
            (CONTENT_TYPE, sealed.media_type.clone()),
            (CONTENT_DISPOSITION, as_attachment(&sealed.name)),
            (CACHE_CONTROL, "no-store".to_owned()),
        ];
        return Ok((headers, Body::from_stream(app.files.stream(&sealed.sha256).await?)).into_response());
    }
    let title = format!("{}（{}）", letter.kind.label(), letter.number);
    let html =
        format!("{}<p class=\"signature\">{}</p>", letter.body_html(app.db.keys())?, letter.shown_day());
    let writing = Writing::of_html(&title, &dossier.agency.name, &html);
    let day = letter.issued_on().unwrap_or_else(|| app.today());
    paper::download_writing(app, writing, extension, day).await
}

/// A file of a dossier as a download.
pub(crate) async fn enclosure_file(app: &App, dossier: &Dossier, id: &str) -> Result<Response, PageError> {
    let file = dossier.enclosures.iter().find(|file| file.id == id).ok_or(PageError::NotFound)?;
    let bytes = app.files.stream(&file.sha256).await?;
    let headers = [
        (CONTENT_TYPE, file.media_type.clone()),
        (CONTENT_DISPOSITION, as_attachment(&file.name)),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(bytes)).into_response())
}
