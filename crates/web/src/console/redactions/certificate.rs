//! 遮盖证明 — what was burned out on which ground, by whom and when, and what was looked at in the result.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_disclosure::accounts;
use gongkai_disclosure::redaction::actions::readable;
use gongkai_disclosure::redaction::{Applied, Redaction};
use gongkai_disclosure::time::shown_text;
use gongkai_typeset::Writing;
use gongkai_typeset::writing::{Block, Table, TableCell};

use super::show::percent;
use crate::auth::Signed;
use crate::errors::PageError;
use crate::paper;
use crate::state::App;

pub(crate) async fn download(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((id, extension)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let one = readable(&mut conn, &staff, &id).await?;
    let applied = one.applied.as_ref().ok_or(PageError::NotFound)?;
    let agency = accounts::agency(&mut conn, &one.agency_id).await?.ok_or(PageError::NotFound)?;
    drop(conn);
    let writing = written(&one, applied, &agency.name);
    paper::download_writing(&app, writing, &extension, app.today()).await
}

fn written(one: &Redaction, applied: &Applied, agency: &str) -> Writing {
    let table = |caption: &str, columns: &[u16], heads: &[&str], rows: Vec<Vec<String>>| {
        let head = heads.iter().map(|text| TableCell::header(*text)).collect();
        let rows = rows.into_iter().map(|row| row.into_iter().map(TableCell::new).collect());
        Block::Table(Table {
            caption: caption.into(),
            columns: columns.to_vec(),
            rows: std::iter::once(head).chain(rows).collect(),
        })
    };
    let record = vec![
        vec!["原件".into(), one.name.clone()],
        vec!["原件的校验值（SHA-256）".into(), one.original_sha256.clone()],
        vec!["遮盖后的文件".into(), applied.name.clone()],
        vec!["遮盖后的校验值（SHA-256）".into(), applied.sha256.clone()],
        vec!["页数".into(), one.pages.to_string()],
        vec!["经办人".into(), applied.by_name.clone()],
        vec!["完成时间".into(), shown_text(&applied.at)],
    ];
    let areas = (1..).zip(&one.marked).map(|(at, marked)| {
        let area = &marked.area;
        vec![
            at.to_string(),
            area.page.to_string(),
            format!(
                "左{}　上{}　右{}　下{}",
                percent(area.left),
                percent(area.top),
                percent(area.right),
                percent(area.bottom)
            ),
            marked.ground.label().to_owned(),
            marked.ground.citation().to_string(),
        ]
    });
    let checks = (1..)
        .zip(&applied.checks)
        .map(|(at, check)| vec![at.to_string(), check.kind.label().to_owned(), check.looked_at.to_string()]);
    let heading = |text: &str| Block::Heading { level: 1, text: text.into() };
    Writing {
        title: format!("遮盖证明（{}）", applied.name),
        author: agency.to_owned(),
        blocks: vec![
            Block::Title(format!("{agency}\n遮盖证明")),
            Block::paragraph(
                "根据《中华人民共和国政府信息公开条例》第三十七条，下列文件中不应当公开的内容已经作区分处理。遮盖后的文件由原件各页的图像重新生成，标记的区域已经涂黑，不可恢复；原件封存，未随文件发出。",
            ),
            heading("一、文件"),
            table("文件", &[3, 9], &["项目", "内容"], record),
            heading("二、遮盖的区域和理由"),
            Block::paragraph("位置按页面的宽度和高度计，从左上角起算。"),
            table("区域", &[1, 1, 5, 3, 4], &["序号", "页", "位置", "理由", "依据"], areas.collect()),
            heading("三、核验"),
            Block::paragraph("遮盖后的文件生成后重新读取，逐项核验如下，没有发现残留。"),
            table("核验", &[1, 6, 3], &["序号", "核验的事项", "核验的数量"], checks.collect()),
            Block::Signature(agency.to_owned()),
        ],
    }
}
