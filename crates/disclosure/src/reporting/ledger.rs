use std::collections::{BTreeMap, BTreeSet};

use gongkai_report::CellAddress;
use gongkai_report::model::{ApplicantColumn, RemedyColumn, RemedyRow, RequestRow};
use gongkai_statute::decisions::Decision;
use jiff::Timestamp;
use jiff::civil::Date;

use super::activity::ActivityForm;
use super::adjustment::Adjustment;
use super::figures::{Fact, Figure, FigureAddress, Period, counted_in};
use super::snapshot::{Opening, SnapshotHead};
use super::{DocumentKind, EndKind, EnforcementKind, TextPart, store};
use crate::accounts::Agency;
use crate::db::Conn;
use crate::interaction::CaseKind;
use crate::publishing::postings::{self, PostingChannel};
use crate::records::{Record, Register};
use crate::registers::{self, InterpretationForm};
use crate::time::{date, day_in_china, optional_date};

/// A record of the ledger that cannot be true as it stands; counted as if unfinished, and shown to the officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    pub record: Record,
    pub words: String,
}

/// A request as its records have it.
pub(crate) struct KnownRequest {
    pub number: String,
    pub applicant: ApplicantColumn,
    pub received_on: Option<Date>,
    /// When and in which row it was closed; a request without both is open.
    pub closed: Option<(Date, RequestRow)>,
}

/// A figure of the ledger: its value and the places of the records that give it.
#[derive(Clone, Debug)]
pub(crate) struct Behind {
    pub figure: Figure,
    pub records: Vec<usize>,
}

/// All records of one agency that have to do with one year, and the figures each of them counts in.
#[derive(Clone, Debug)]
pub struct YearLedger {
    pub agency: Agency,
    pub period: Period,
    /// What people wrote for this year's report.
    /// As typed, linked figures among the words.
    pub texts: BTreeMap<TextPart, String>,
    /// The templates that hold for this year.
    pub templates: BTreeMap<TextPart, String>,
    pub doubts: Vec<Doubt>,
    /// Requests without a day of receipt yet: they count in no year.
    pub awaiting_receipt: i64,
    /// The snapshot the figures come from; `None` while the year is not frozen.
    pub frozen: Option<SnapshotHead>,
    /// 调整 that are open or in force.
    pub adjustments: Vec<Adjustment>,
    /// Figures that are reported otherwise than counted, by adjustments in force.
    pub(super) adjusted: BTreeMap<FigureAddress, Figure>,
    pub(crate) records: Vec<Record>,
    pub(crate) behind: BTreeMap<FigureAddress, Behind>,
}

impl YearLedger {
    pub(crate) fn new(agency: Agency, period: Period) -> YearLedger {
        YearLedger {
            agency,
            period,
            texts: BTreeMap::new(),
            templates: BTreeMap::new(),
            doubts: Vec::new(),
            awaiting_receipt: 0,
            frozen: None,
            adjustments: Vec::new(),
            adjusted: BTreeMap::new(),
            records: Vec::new(),
            behind: BTreeMap::new(),
        }
    }

    pub(crate) fn add(&mut self, fact: Fact, record: Record) {
        let index = self.records.len();
        for address in counted_in(&fact, &self.period) {
            let weight = fact.weight(&address);
            let behind = self
                .behind
                .entry(address)
                .or_insert_with(|| Behind { figure: weight.zero(), records: Vec::new() });
            behind.figure = behind.figure.plus(weight);
            behind.records.push(index);
        }
        self.records.push(record);
    }

    /// One report's number in a sum, with the report behind it.
    pub(crate) fn add_part(&mut self, address: FigureAddress, part: Figure, record: Record) {
        let index = self.records.len();
        let nothing = Behind { figure: part.zero(), records: Vec::new() };
        let behind = self.behind.entry(address).or_insert(nothing);
        behind.figure = behind.figure.plus(part);
        if part != part.zero() {
            behind.records.push(index);
            self.records.push(record);
        }
    }

    /// Puts a request where the year before left it. What was carried on comes in as carried over, in the
    /// column in which it was reported, and leaves in this year at the earliest; what was reported as
    /// concluded stays there; what the year before did not know comes in as received this year. So last
    /// year's last row and this year's second row are the same requests, whatever changed in between.
    pub(crate) fn add_request(&mut self, request: KnownRequest, record: Record, opening: Option<&Opening>) {
        let KnownRequest { number, applicant, received_on, closed } = request;
        let (from, before) = (self.period.from, self.period.from.yesterday().unwrap_or(self.period.from));
        let (mut applicant, mut received) = (applicant, received_on);
        let mut closed = closed;
        if let Some(opening) = opening {
            if let Some((reported_as, _)) = opening.carried.get(&number) {
                if *reported_as != applicant {
                    self.doubt(&record, "申请人类型在上年冻结以后改过，结转申请仍按上年报告的类型统计。");
                }
                if received.is_none_or(|on| on >= from) {
                    self.doubt(&record, "上年年终快照已把它列为结转，但收到日期后来改过，仍按上年结转统计。");
                }
                if closed.is_some_and(|(on, _)| on < from) {
                    self.doubt(
                        &record,
                        "上年年终快照已把它列为结转，但办结日期后来登记在上年，按本年办结统计。",
                    );
                }
                applicant = *reported_as;
                received = Some(received.map_or(before, |on| on.min(before)));
                closed = closed.map(|(on, row)| (on.max(from), row));
            } else if opening.concluded.contains(&number) {
                if received.is_some_and(|on| on < from) {
                    return;
                }
                self.doubt(&record, "上年年终快照已把它列为办结，但收到日期后来改到本年，本年不重复统计。");
                return;
            } else if received.is_some_and(|on| on < from) && closed.is_none_or(|(on, _)| on >= from) {
                self.doubt(
                    &record,
                    "收到日期在上年，但上年冻结以后才登记，按本年新收统计；上年报告如需更正请另行办理。",
                );
                received = Some(from);
            }
        }
        let Some(received_on) = received else { return };
        self.add(Fact::Request { applicant, received_on, closed }, record);
    }

    fn doubt(&mut self, record: &Record, words: &str) {
        self.doubts.push(Doubt { record: record.clone(), words: words.to_owned() });
    }

    fn indexes(&self, figure: &FigureAddress) -> &[usize] {
        self.behind.get(figure).map_or(&[], |behind| behind.records.as_slice())
    }

    /// The records behind a figure, oldest first.
    pub fn records(&self, figure: &FigureAddress) -> Vec<&Record> {
        let mut records: Vec<&Record> = self.indexes(figure).iter().map(|i| &self.records[*i]).collect();
        records.sort_by(|a, b| a.date.cmp(&b.date).then_with(|| a.title.cmp(&b.title)));
        records
    }

    /// The figure as its records give it: how many they are, or what they sum to.
    pub fn counted(&self, figure: &FigureAddress) -> Figure {
        let zero = if super::words::is_money(figure) { Figure::Fen(0) } else { Figure::Count(0) };
        self.behind.get(figure).map_or(zero, |behind| behind.figure)
    }

    /// The figure as it is reported: as counted, unless an adjustment in force says otherwise.
    pub fn figure(&self, figure: &FigureAddress) -> Figure {
        self.adjusted.get(figure).copied().unwrap_or_else(|| self.counted(figure))
    }

    pub(crate) fn count(&self, figure: &FigureAddress) -> i64 {
        match self.figure(figure) {
            Figure::Count(count) => count,
            Figure::Fen(fen) => fen,
        }
    }

    /// The question a figure answers, in words: this is what a zero shows.
    pub fn question(&self, figure: &FigureAddress) -> String {
        let question = super::words::question(figure, &self.agency.name, &self.period);
        if self.agency.is_government() {
            return format!("{question}由本级和所属各机关已通过的年度报告相加，下面是各机关的数。");
        }
        question
    }

    /// The registers a figure is drawn from, and how many of their records have to do with this year.
    pub fn looked_at(&self, figure: &FigureAddress) -> Vec<(Register, usize)> {
        let of = |register| self.records.iter().filter(|record| record.register == register).count();
        if self.agency.is_government() {
            let reports: BTreeSet<&str> = self.records.iter().map(|record| record.id.as_str()).collect();
            return vec![(Register::Reports, reports.len())];
        }
        super::words::registers(figure).into_iter().map(|register| (register, of(register))).collect()
    }

    /// The genres of this year's entries with their numbers, largest first.
    pub fn releases_by_genre(&self) -> Vec<(String, i64)> {
        let mut genres: Vec<(String, i64)> = self
            .behind
            .keys()
            .filter_map(|figure| match figure {
                FigureAddress::Prose(super::ProseFigure::ReleasesOf(genre)) => {
                    Some((genre.clone(), self.count(figure)))
                }
                _ => None,
            })
            .collect();
        genres.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        genres
    }

    /// The duties of the catalogue with the number of this year's entries under each, largest first.
    pub fn releases_by_duty(&self) -> Vec<(String, i64)> {
        let of = |figure: &FigureAddress| match figure {
            FigureAddress::Prose(super::ProseFigure::ReleasesUnder(duty)) => Some(duty.clone()),
            _ => None,
        };
        let mut duties: Vec<(String, i64)> =
            self.behind.keys().filter_map(|figure| Some((of(figure)?, self.count(figure)))).collect();
        duties.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        duties
    }

    /// Parts of the report that a person still has to write.
    pub fn unwritten(&self) -> Vec<TextPart> {
        let needed = TextPart::ALL.iter().copied().filter(|part| part.is_needed());
        needed.filter(|part| !self.texts.contains_key(part)).collect()
    }
}

/// The ledger of an agency for a year: from its snapshot once the year is frozen, else from the records as
/// they stand. `None` for a year that is not compiled here.
pub async fn gather(
    conn: &mut Conn,
    agency: &Agency,
    year: i16,
    today: Date,
) -> anyhow::Result<Option<YearLedger>> {
    let Some(period) = Period::of(year, today) else { return Ok(None) };
    let Some(snapshot) = store::snapshot(conn, &agency.id, year).await? else {
        return gather_now(conn, agency, year, today).await;
    };
    let mut ledger = snapshot.ledger(agency, period)?;
    ledger.awaiting_receipt = store::requests_without_receipt(conn, &agency.id).await?;
    written(conn, &mut ledger).await?;
    ledger.adjust(store::adjustments(conn, &agency.id, year).await?);
    Ok(Some(ledger))
}

/// The same from the records as they stand today, frozen or not. The year begins with what the snapshot of
/// the year before carried on, when there is one.
pub async fn gather_now(
    conn: &mut Conn,
    agency: &Agency,
    year: i16,
    today: Date,
) -> anyhow::Result<Option<YearLedger>> {
    let Some(period) = Period::of(year, today) else { return Ok(None) };
    if agency.is_government() {
        let mut ledger = super::government::sum(conn, agency, period, today).await?;
        written(conn, &mut ledger).await?;
        return Ok(Some(ledger));
    }
    let opening = opening(conn, agency, year, today).await?;
    let mut ledger = YearLedger::new(agency.clone(), period);
    registers(conn, &mut ledger).await?;
    requests(conn, &mut ledger, opening.as_ref(), today).await?;
    remedies(conn, &mut ledger).await?;
    for row in store::releases_between(conn, &agency.id, &period).await? {
        let released_on = date(&row.released_on)?;
        let record = Record {
            register: Register::Entries,
            id: row.entry_id,
            title: row.title,
            detail: row.index_number.unwrap_or_default(),
            date: released_on.to_string(),
        };
        ledger.add(Fact::Release { genre: row.genre, duty: row.duty, released_on }, record);
    }
    for row in store::cases_between(conn, &agency.id, &period).await? {
        let kind = CaseKind::from_code(&row.kind)
            .ok_or_else(|| anyhow::anyhow!("stored kind of letter {:?}", row.kind))?;
        let received_on = day(&row.received_at)?;
        let replied_on = row.replied_at.as_deref().map(day).transpose()?;
        let state = replied_on.map_or_else(|| "尚未答复".to_owned(), |on| format!("{on} 答复"));
        let record = Record {
            register: Register::InteractionCases,
            id: row.id,
            title: format!("{} {}", row.number, row.subject),
            detail: format!("{}，{state}", kind.label()),
            date: received_on.to_string(),
        };
        ledger.add(Fact::Case { kind, received_on, replied_on }, record);
    }
    activities(conn, &mut ledger).await?;
    written(conn, &mut ledger).await?;
    Ok(Some(ledger))
}

/// 解读、渠道发布、培训 — what is known from pairs of documents and from postings, and what was noted by hand. The same thing
/// noted by hand as well is counted once; the record that counts says so.
async fn activities(conn: &mut Conn, ledger: &mut YearLedger) -> anyhow::Result<()> {
    let (agency_id, period) = (ledger.agency.id.clone(), ledger.period);
    let (from, until) = (period.from.to_string(), period.until.to_string());
    let mut known: Vec<(ActivityForm, Record)> = Vec::new();
    for one in registers::interpreted_between(conn, &agency_id, &from, &until).await? {
        let form = InterpretationForm::from_code(&one.form)
            .ok_or_else(|| anyhow::anyhow!("stored form of an interpretation {:?}", one.form))?;
        let record = Record {
            register: Register::Entries,
            id: one.id,
            title: one.title,
            detail: format!("{}：解读《{}》", form.label(), one.document_title),
            date: one.published_on,
        };
        known.push((form.counted_as(), record));
    }
    // However many boards one thing hung on, it is one in its kind of channel.
    let mut shown = std::collections::HashSet::new();
    for item in postings::items_between(conn, &agency_id, &from, &until).await? {
        let channel = PostingChannel::from_code(&item.channel)
            .ok_or_else(|| anyhow::anyhow!("stored channel of a posting {:?}", item.channel))?;
        let Some(form) = channel.form() else { continue };
        if !shown.insert((form, item.item.clone())) {
            continue;
        }
        let record = Record {
            register: Register::Postings,
            id: item.id,
            title: item.title,
            detail: format!("{}　{} 处", channel.label(), item.postings),
            date: item.first_on,
        };
        known.push((form, record));
    }
    for row in store::activities_between(conn, &agency_id, &period).await? {
        let form = ActivityForm::from_code(&row.form)
            .ok_or_else(|| anyhow::anyhow!("stored form of an activity {:?}", row.form))?;
        let is_same = |(of, record): &&mut (ActivityForm, Record)| {
            *of == form && bare(&record.title) == bare(&row.title)
        };
        if let Some((_, record)) = known.iter_mut().find(is_same) {
            record.detail.push_str(&format!("；{} 的工作记录是同一件，只计一次", row.done_on));
            continue;
        }
        let record = Record {
            register: Register::Activities,
            id: row.id,
            title: row.title,
            detail: format!("{}　{}", form.figure_name(), row.note).trim().to_owned(),
            date: row.done_on.clone(),
        };
        ledger.add(Fact::Activity { form, done_on: date(&row.done_on)? }, record);
    }
    for (form, record) in known {
        ledger.add(Fact::Activity { form, done_on: date(&record.date)? }, record);
    }
    Ok(())
}

/// A title without what people write differently: spaces, brackets, quotation marks.
fn bare(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What people wrote for the year, and the templates their texts begin with.
async fn written(conn: &mut Conn, ledger: &mut YearLedger) -> anyhow::Result<()> {
    let year = ledger.period.year;
    ledger.texts = store::texts(conn, &ledger.agency.id, year).await?;
    // The agency's own template comes before that of the agency above.
    let above = ledger.agency.parent_id.clone();
    for agency_id in above.iter().chain([&ledger.agency.id]) {
        ledger.templates.extend(store::templates(conn, agency_id, year).await?);
    }
    Ok(())
}

/// The records behind one figure.
pub async fn records_behind(
    conn: &mut Conn,
    agency: &Agency,
    year: i16,
    today: Date,
    cell: CellAddress,
) -> anyhow::Result<Vec<Record>> {
    let ledger = gather(conn, agency, year, today).await?;
    Ok(ledger.map_or_else(Vec::new, |l| l.records(&cell.into()).into_iter().cloned().collect()))
}

/// The report of an agency for a year, compiled from the ledger.
pub async fn compile(
    conn: &mut Conn,
    agency: &Agency,
    year: i16,
    today: Date,
) -> anyhow::Result<Option<gongkai_report::Report>> {
    Ok(gather(conn, agency, year, today).await?.map(|ledger| ledger.report()))
}

async fn registers(conn: &mut Conn, ledger: &mut YearLedger) -> anyhow::Result<()> {
    let (agency_id, period) = (ledger.agency.id.clone(), ledger.period);
    for row in store::documents_alive_in(conn, &agency_id, &period).await? {
        let kind = DocumentKind::from_code(&row.kind)
            .ok_or_else(|| anyhow::anyhow!("stored kind of document {:?}", row.kind))?;
        let ended_on = optional_date(row.ended_on.as_deref())?;
        let end_kind = row.end_kind.as_deref().and_then(EndKind::from_code).unwrap_or(EndKind::Lapsed);
        let state = ended_on.map_or_else(|| "现行有效".to_owned(), |on| format!("{on} {}", end_kind.label()));
        let record = Record {
            register: Register::Documents,
            id: row.id,
            title: row.title,
            detail: format!("{}，{state}", row.document_number),
            date: row.issued_on.clone(),
        };
        let ended = ended_on.map(|on| (end_kind, on));
        ledger.add(Fact::Document { kind, issued_on: date(&row.issued_on)?, ended }, record);
    }
    for row in store::decisions_between(conn, &agency_id, &period).await? {
        let kind = EnforcementKind::from_code(&row.kind)
            .ok_or_else(|| anyhow::anyhow!("stored kind of decision {:?}", row.kind))?;
        let record = Record {
            register: Register::EnforcementDecisions,
            id: row.id,
            title: row.subject,
            detail: format!("{}，{}", kind.label(), row.reference),
            date: row.decided_on.clone(),
        };
        ledger.add(Fact::Enforcement { kind, decided_on: date(&row.decided_on)? }, record);
    }
    for row in store::fees_between(conn, &agency_id, &period).await? {
        let record = Record {
            register: Register::FeeCollections,
            id: row.id,
            title: row.item,
            detail: format!("{} 元", Figure::in_yuan(row.amount_fen)),
            date: row.collected_on.clone(),
        };
        let fact = Fact::FeeCollection { fen: row.amount_fen, collected_on: date(&row.collected_on)? };
        ledger.add(fact, record);
    }
    Ok(())
}

/// What the year before carried on, when it is frozen.
async fn opening(
    conn: &mut Conn,
    agency: &Agency,
    year: i16,
    today: Date,
) -> anyhow::Result<Option<Opening>> {
    let Some(before) = Period::of(year - 1, today) else { return Ok(None) };
    let Some(snapshot) = store::snapshot(conn, &agency.id, before.year).await? else { return Ok(None) };
    Ok(Some(Opening::of(&snapshot.ledger(agency, before)?)))
}

async fn requests(
    conn: &mut Conn,
    ledger: &mut YearLedger,
    opening: Option<&Opening>,
    today: Date,
) -> anyhow::Result<()> {
    let (agency_id, period) = (ledger.agency.id.clone(), ledger.period);
    ledger.awaiting_receipt = store::requests_without_receipt(conn, &agency_id).await?;
    let mut rows = store::requests_open_in(conn, &agency_id, &period).await?;
    // What was carried on is looked up even where the records no longer say so.
    let found: BTreeSet<String> = rows.iter().map(|row| row.number.clone()).collect();
    for number in opening.iter().flat_map(|opening| opening.carried.keys()).filter(|n| !found.contains(*n)) {
        rows.extend(store::request(conn, &agency_id, number).await?);
    }
    let mut carried_on: BTreeSet<String> =
        opening.iter().flat_map(|opening| opening.carried.keys().cloned()).collect();
    for row in rows {
        let applicant = ApplicantColumn::from_code(&row.applicant_kind)
            .ok_or_else(|| anyhow::anyhow!("stored kind of applicant {:?}", row.applicant_kind))?;
        let received_on = optional_date(row.received_on.as_deref())?;
        let closed_on = optional_date(row.closed_on.as_deref())?;
        let decision = row.decision.as_deref().map(decided).transpose()?;
        let state = match (closed_on.filter(|on| *on <= today), decision) {
            (Some(on), Some((_, words))) => format!("{on} 办结，{words}"),
            (Some(on), None) => format!("{on} 办结"),
            (None, _) => "尚未办结".to_owned(),
        };
        let received = received_on.map_or_else(|| "收到日期未定".to_owned(), |on| format!("{on} 收到"));
        let record = Record {
            register: Register::Requests,
            id: row.number.clone(),
            title: format!("{} {}", row.number, shortened(&row.description)),
            detail: format!("{}，{received}，{state}", applicant.official()),
            date: row.received_on.unwrap_or_default(),
        };
        if closed_on.is_some() && decision.is_none() {
            ledger.doubt(&record, "已有办结日期，但没有登记办理结果，暂按尚未办结统计。请补登办理结果。");
        }
        carried_on.remove(&row.number);
        let known = KnownRequest {
            number: row.number,
            applicant,
            received_on,
            closed: closed_on.zip(decision.map(|(outcome, _)| outcome)),
        };
        ledger.add_request(known, record, opening);
    }
    // Whatever became of the record: it was reported as carried on, so it is still there.
    for number in carried_on {
        let Some((applicant, record)) = opening.and_then(|opening| opening.carried.get(&number)) else {
            continue;
        };
        ledger.doubt(record, "上年年终快照已把它列为结转，但台账里找不到这件申请，暂按尚未办结统计。");
        let lost = KnownRequest {
            number,
            applicant: *applicant,
            received_on: period.from.yesterday().ok(),
            closed: None,
        };
        ledger.add_request(lost, record.clone(), opening);
    }
    for row in store::fee_notices_in(conn, &agency_id, &period).await? {
        let paid_on = optional_date(row.paid_on.as_deref())?;
        let state = paid_on.map_or_else(|| "尚未缴纳".to_owned(), |on| format!("{on} 缴纳"));
        let record = Record {
            register: Register::FeeNotices,
            id: row.number.clone(),
            title: format!("{} 的收费通知", row.number),
            detail: format!("{} 元，{state}", row.amount_yuan),
            date: row.noticed_on.clone(),
        };
        let fact = Fact::FeeNotice { yuan: row.amount_yuan, noticed_on: date(&row.noticed_on)?, paid_on };
        ledger.add(fact, record);
    }
    Ok(())
}

async fn remedies(conn: &mut Conn, ledger: &mut YearLedger) -> anyhow::Result<()> {
    let (agency_id, period) = (ledger.agency.id.clone(), ledger.period);
    for row in store::remedies_open_in(conn, &agency_id, &period).await? {
        let kind = RemedyRow::from_code(&row.kind)
            .ok_or_else(|| anyhow::anyhow!("stored kind of remedy {:?}", row.kind))?;
        let result = RemedyColumn::from_code(&row.result)
            .ok_or_else(|| anyhow::anyhow!("stored result of a remedy {:?}", row.result))?;
        let concluded_on = optional_date(row.concluded_on.as_deref())?;
        let record = Record {
            register: Register::Remedies,
            id: row.id,
            title: format!("{} {}", row.body, row.case_number),
            detail: format!("{}，{} 受理，{}", kind.official(), row.accepted_on, result.official()),
            date: row.accepted_on.clone(),
        };
        let is_concluded = result != RemedyColumn::Pending;
        if is_concluded != concluded_on.is_some() {
            ledger.doubt(&record, "审理结果和审结日期只登记了一项，暂按尚未审结统计。请补登另一项。");
        }
        let concluded = concluded_on.filter(|_| is_concluded).map(|on| (on, result));
        ledger.add(Fact::Remedy { row: kind, accepted_on: date(&row.accepted_on)?, concluded }, record);
    }
    Ok(())
}

/// The row of the form and the words of a stored decision.
fn decided(code: &str) -> anyhow::Result<(RequestRow, &'static str)> {
    let decision = Decision::from_code(code).ok_or_else(|| anyhow::anyhow!("stored decision {code:?}"))?;
    let outcome = decision.outcome();
    let row = RequestRow::from_code(outcome.code())
        .ok_or_else(|| anyhow::anyhow!("outcome {:?} has no row in the report", outcome.code()))?;
    Ok((row, outcome.label()))
}

fn day(stored: &str) -> anyhow::Result<Date> {
    let at: Timestamp = stored.parse().map_err(|e| anyhow::anyhow!("stored instant {stored:?}: {e}"))?;
    Ok(day_in_china(at))
}

/// The beginning of a description, enough to know it again in a list.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 40;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}……", &line[..end]),
        None => line,
    }
}
