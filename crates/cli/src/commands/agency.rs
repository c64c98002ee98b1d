//! `gongkai agency`: the agencies of an installation.

use std::process::ExitCode;

use gongkai_disclosure::accounts::{self, Agency, AgencyKind, actions};
use gongkai_disclosure::audit::Actor;

use crate::installation::{Installation, Options};
use crate::words::say;
use crate::{clock, words};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// 添加机关
    Add(Box<Add>),
    /// 列出机关
    List(List),
}

#[derive(clap::Args)]
pub(crate) struct Add {
    #[command(flatten)]
    options: Options,
    /// 代码：用于索引号和网址，例如 songxi
    #[arg(value_name = "代码")]
    code: String,
    /// 名称
    #[arg(long, value_name = "名称")]
    name: String,
    /// 类别：district_office、government（本级政府，上级写本级政府办公室）、bureau、town、subdistrict
    #[arg(long, value_name = "类别")]
    kind: String,
    /// 上级机关的代码
    #[arg(long, value_name = "代码")]
    parent: Option<String>,
    /// 六位行政区划代码
    #[arg(long, value_name = "代码")]
    region: String,
    /// 发文代字，文书编号由它开头，例如 松溪政公复
    #[arg(long, value_name = "代字")]
    document_word: String,
    /// 行政复议机关，写入每份救济途径告知
    #[arg(long, value_name = "名称")]
    reconsideration_body: String,
    /// 有管辖权的人民法院
    #[arg(long, value_name = "名称")]
    court: String,
    /// 办公地址
    #[arg(long, value_name = "地址", default_value = "", hide_default_value = true)]
    address: String,
    /// 办公时间
    #[arg(long, value_name = "时间", default_value = "", hide_default_value = true)]
    office_hours: String,
    /// 电话
    #[arg(long, value_name = "电话", default_value = "", hide_default_value = true)]
    phone: String,
    /// 电子邮箱
    #[arg(long, value_name = "邮箱", default_value = "", hide_default_value = true)]
    email: String,
}

#[derive(clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    options: Options,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add(add) => self::add(*add).await?,
        Command::List(list) => self::list(list).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(add: Add) -> anyhow::Result<()> {
    if AgencyKind::from_code(&add.kind).is_none() {
        let known = AgencyKind::ALL.map(|k| format!("{}（{}）", k.code(), k.label())).join("、");
        anyhow::bail!("没有类别“{}”，可以是 {known}。", add.kind);
    }
    if add.region.len() != 6 || !add.region.bytes().all(|b| b.is_ascii_digit()) {
        anyhow::bail!("行政区划代码“{}”应当是六位数字。", add.region);
    }
    let db = Installation::open(&add.options, None)?.connect_ready().await?;
    let agencies = accounts::agencies(&mut *db.read().await?).await?;
    let parent_id = match &add.parent {
        Some(code) => {
            let parent = agencies.iter().find(|a| a.code == *code);
            Some(
                parent
                    .ok_or_else(|| anyhow::anyhow!("没有代码为“{code}”的上级机关，请先添加它。"))?
                    .id
                    .clone(),
            )
        }
        None => None,
    };
    let agency = Agency {
        id: String::new(),
        code: add.code,
        name: add.name,
        kind: add.kind,
        parent_id,
        region: add.region,
        address: add.address,
        office_hours: add.office_hours,
        phone: add.phone,
        email: add.email,
        reconsideration_body: add.reconsideration_body,
        court: add.court,
        document_word: add.document_word,
        position: agencies.len() as i64 + 1,
    };
    let mut tx = db.begin(&Actor::Program("command_line"), clock::now()).await?;
    let agency = actions::add_agency(&mut tx, agency).await?;
    tx.commit().await?;
    say(&format!("已添加机关 {}（{}）。", agency.name, agency.code));
    Ok(())
}

async fn list(list: List) -> anyhow::Result<()> {
    let db = Installation::open(&list.options, None)?.connect_ready().await?;
    let mut rows = vec![["代码", "名称", "类别", "行政区划"].map(String::from)];
    for agency in accounts::agencies(&mut *db.read().await?).await? {
        let kind = AgencyKind::from_code(&agency.kind).map_or(agency.kind.clone(), |k| k.label().to_owned());
        rows.push([agency.code, agency.name, kind, agency.region]);
    }
    say(&words::table(&rows));
    Ok(())
}
