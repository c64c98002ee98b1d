//! 移交包 — the dossiers of a year as the archive takes them: a folder each with cover, the request as filed, the record
//! of what happened, letters and papers; a catalogue, and a list of SHA-256 over every file.

use std::io::{Cursor, Write};

use gongkai_disclosure::accounts::Agency;
use gongkai_disclosure::letters::{Letter, LetterKind};
use gongkai_disclosure::privacy::Keyring;
use gongkai_disclosure::retention::Term;
use gongkai_disclosure::retention::actions::Papers;
use gongkai_disclosure::sheets;
use gongkai_typeset::Writing;
use gongkai_typeset::writing::{Block, Table, TableCell};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::requests::view::timeline;

/// A package and what it is known by.
pub(crate) struct Package {
    pub(crate) bytes: Vec<u8>,
    pub(crate) sha256: String,
}

struct Packing {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    sums: String,
}

impl Packing {
    fn put(&mut self, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
        self.zip.start_file(path, SimpleFileOptions::default())?;
        self.zip.write_all(bytes)?;
        self.sums += &format!("{}  {path}\n", hex::encode(Sha256::digest(bytes)));
        Ok(())
    }
}

pub(crate) fn package(
    agency: &Agency,
    year: i64,
    papers: &[Papers],
    term: &Term,
    (keys, today): (&Keyring, Date),
) -> anyhow::Result<Package> {
    let mut packing = Packing { zip: ZipWriter::new(Cursor::new(Vec::new())), sums: String::new() };
    let mut catalogue = Vec::new();
    for (serial, one) in (1..).zip(papers) {
        let request = &one.dossier.request;
        let folder = &request.number;
        let mut pieces = 0;
        let mut put = |packing: &mut Packing, name: String, bytes: &[u8]| {
            pieces += 1;
            packing.put(&format!("{folder}/{pieces:02}-{}", file_name(&name)), bytes)
        };
        put(&mut packing, "申请书.docx".into(), &application(one).docx()?)?;
        put(&mut packing, "办理记录.docx".into(), &record(one).docx()?)?;
        let of_archive = |letter: &&Letter| letter.kind == LetterKind::ArchiveCover;
        for letter in one.dossier.letters.iter().filter(|letter| !of_archive(letter)) {
            let title = format!("{}（{}）", letter.kind.label(), letter.number);
            put(&mut packing, format!("{title}.docx"), &letter_writing(agency, keys, letter)?.docx()?)?;
        }
        for (kind, file) in &one.files {
            put(&mut packing, format!("{}-{}", kind.label(), file.name), &file.bytes)?;
        }
        // The cover that was written when the dossier was archived; its number is that of the series.
        let covered = one.dossier.letters.iter().rfind(of_archive);
        let cover = match covered {
            Some(letter) => letter_writing(agency, keys, letter)?,
            None => cover(one, pieces, term),
        };
        packing.put(&format!("{folder}/00-案卷封面.docx"), &cover.docx()?)?;
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        catalogue.push(vec![
            serial.to_string(),
            request.number.clone(),
            format!("{}关于“{}”的政府信息公开申请案卷", one.applicant, request.description),
            day(request.received_on),
            day(request.closed_on),
            pieces.to_string(),
            words_of(term),
            one.dossier.reply().map(|letter| letter.number.clone()).unwrap_or_default(),
        ]);
    }
    let heads = [
        ("顺序号", 8.0),
        ("案卷号", 24.0),
        ("题名", 60.0),
        ("起始日期", 14.0),
        ("终止日期", 14.0),
        ("件数", 8.0),
        ("保管期限", 12.0),
        ("文号", 28.0),
    ];
    packing.put("案卷目录.xlsx", &sheets::xlsx("案卷目录", &heads, &catalogue)?)?;
    packing.put("案卷目录.csv", &sheets::csv(&heads.map(|(head, _)| head), &catalogue))?;
    packing.put("移交说明.docx", &note(agency, year, papers.len(), today).docx()?)?;
    // Last, and not among itself.
    let sums = std::mem::take(&mut packing.sums);
    packing.zip.start_file("校验清单.sha256", SimpleFileOptions::default())?;
    packing.zip.write_all(sums.as_bytes())?;
    let bytes = packing.zip.finish()?.into_inner();
    Ok(Package { sha256: hex::encode(Sha256::digest(&bytes)), bytes })
}

fn words_of(term: &Term) -> String {
    format!("{}年", term.years)
}

/// A name that every file system takes.
fn file_name(name: &str) -> String {
    name.chars()
        .map(|c| if matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c })
        .collect()
}

fn rows_of(rows: Vec<(&str, String)>) -> Table {
    Table {
        caption: String::new(),
        columns: vec![24, 76],
        rows: rows
            .into_iter()
            .map(|(head, text)| vec![TableCell::header(head), TableCell::new(text)])
            .collect(),
    }
}

fn writing(title: &str, one: &Papers, table: Table) -> Writing {
    Writing {
        title: format!("{title}（{}）", one.dossier.request.number),
        author: one.dossier.agency.name.clone(),
        blocks: vec![Block::Title(title.into()), Block::Table(table)],
    }
}

fn letter_writing(agency: &Agency, keys: &Keyring, letter: &Letter) -> anyhow::Result<Writing> {
    let title = format!("{}（{}）", letter.kind.label(), letter.number);
    let html = format!("{}<p class=\"signature\">{}</p>", letter.body_html(keys)?, letter.shown_day());
    Ok(Writing::of_html(&title, &agency.name, &html))
}

/// 案卷封面 of a dossier that was archived without one.
fn cover(one: &Papers, pieces: usize, term: &Term) -> Writing {
    let request = &one.dossier.request;
    let day = |day: Option<Date>| day.map_or_else(|| "—".into(), |day| day.to_string());
    let decision = request.answer.as_ref().map_or_else(|| "—".to_owned(), |a| a.decision.label().to_owned());
    let rows = vec![
        ("立档单位", one.dossier.agency.name.clone()),
        ("案卷号", request.number.clone()),
        ("题名", format!("{}关于“{}”的政府信息公开申请案卷", one.applicant, request.description)),
        ("收到申请之日", day(request.received_on)),
        ("办结之日", day(request.closed_on)),
        ("处理决定", decision),
        ("卷内件数", pieces.to_string()),
        ("保管期限", words_of(term)),
    ];
    writing("政府信息公开申请案卷", one, rows_of(rows))
}

/// 申请书, as it was filed or registered.
fn application(one: &Papers) -> Writing {
    let request = &one.dossier.request;
    let mut rows = vec![
        ("申请人", format!("{}（{}）", one.applicant, request.applicant.kind.label())),
        ("代理人", one.agent.clone().unwrap_or_else(|| "无".into())),
    ];
    match &one.particulars {
        Some(p) => rows.extend([
            ("证件号码", p.identity_number.clone()),
            ("联系电话", p.phone.clone()),
            ("电子邮箱", p.email.clone()),
            ("通信地址", p.address.clone()),
        ]),
        None => rows.push(("个人信息", "已经按规定销毁".into())),
    }
    rows.extend([
        ("渠道", request.channel.label().to_owned()),
        ("提交或寄到", request.submitted_on.to_string()),
        ("所需政府信息", request.description.clone()),
        ("获取信息的形式和途径", request.delivery.label().to_owned()),
        ("需要的帮助", request.help_wanted.clone()),
    ]);
    rows.retain(|(_, text)| !text.is_empty());
    writing("政府信息公开申请书", one, rows_of(rows))
}

/// 办理记录.
fn record(one: &Papers) -> Writing {
    let mut rows = vec![["日期", "事项", "经办", "说明"].map(TableCell::header).to_vec()];
    for event in timeline(&one.dossier, true).events {
        rows.push([event.at, event.title, event.by, event.note].map(TableCell::new).to_vec());
    }
    let table = Table { caption: String::new(), columns: vec![18, 22, 16, 44], rows };
    writing("办理记录", one, table)
}

fn note(agency: &Agency, year: i64, count: usize, today: Date) -> Writing {
    let paragraphs = [
        format!("{}将{year}年办结归档的政府信息公开申请案卷{count}卷移交档案馆。", agency.name),
        "每卷一个文件夹，以案卷号为名：案卷封面、申请书、办理记录、各种文书和申请人提交的材料。案卷目录有 xlsx、csv 两种。".into(),
        "校验清单.sha256 列出每个文件的 SHA-256，可以用 sha256sum -c 校验清单.sha256 核对。包内含有个人信息，请按档案保密的要求保管。".into(),
    ];
    let mut blocks = vec![Block::Title("档案移交说明".into())];
    blocks.extend(paragraphs.into_iter().map(Block::paragraph));
    blocks.push(Block::Signature(format!("{}\n{today}", agency.name)));
    Writing { title: "档案移交说明".into(), author: agency.name.clone(), blocks }
}
