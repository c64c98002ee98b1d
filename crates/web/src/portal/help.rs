//! 政府信息公开指南 and 使用帮助 — how to find, how to ask, whom to call. 《条例》第十二条第二款.
//!
//! Every number of law in these pages comes from the statute as it stands today.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use gongkai_disclosure::publishing::public::{self, PublicAgency};
use gongkai_statute::decisions::Decision;
use gongkai_statute::fees::{FeeBasis, FeeTier, fee};
use gongkai_statute::parameters::Parameter as P;
use gongkai_statute::remedies::Route;
use jiff::civil::Date;

use super::wording::{number, place};
use crate::components::KeyValue;
use crate::errors::PageError;
use crate::forms::encode;
use crate::html::{PageContext, kept};
use crate::page::{Chrome, Contact, Section};
use crate::page_cache::Shows;
use crate::state::App;

/// A titled part of a page of guidance, with an anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// ASCII, for the address: how-to-request
    pub id: &'static str,
    pub title: &'static str,
    pub paragraphs: Vec<String>,
    /// Figures under the text; may be empty.
    pub rows: Vec<KeyValue>,
    /// 《条例》第二十九条; may be empty.
    pub citation: String,
}

/// 公开机关 as the guide lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyContact {
    pub name: String,
    pub href: String,
    pub phone: String,
    pub address: String,
    pub office_hours: String,
    pub email: String,
}

/// Guidance in chapters: the help page and the statutory guide share it.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/help.html")]
pub struct HelpPage {
    pub chrome: Chrome,
    pub title: &'static str,
    pub lede: &'static str,
    pub chapters: Vec<Chapter>,
    /// Where each agency is reached; empty on pages that do not list them.
    pub agencies: Vec<AgencyContact>,
    /// 工作机构 — name, address, hours, telephone.
    pub office: Vec<KeyValue>,
}

pub(crate) async fn help(page: PageContext, asked: HeaderMap) -> Result<Response, PageError> {
    kept(&page, &asked, "/help", async {
        let chrome = page.chrome_at(Section::Elsewhere, "/help");
        Ok((HelpPage::help(chrome).render()?, Shows::Entries))
    })
    .await
}

pub(crate) async fn guide(
    State(app): State<App>,
    page: PageContext,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    kept(&page, &asked, "/guide", async {
        let agencies = public::agencies(&mut *app.db.read().await?).await?;
        let chrome = page.chrome_at(Section::Guide, "/guide");
        Ok((HelpPage::guide(chrome, &agencies, app.today()).render()?, Shows::Entries))
    })
    .await
}

fn chapter(
    id: &'static str,
    title: &'static str,
    citation: impl Into<String>,
    paragraphs: Vec<String>,
) -> Chapter {
    Chapter { id, title, citation: citation.into(), paragraphs, rows: Vec::new() }
}

/// 名称、办公地址、办公时间、联系电话 of the office that runs the site.
fn office_of(chrome: &Chrome) -> Vec<KeyValue> {
    let Contact { phone, address, office_hours, .. } = &chrome.contact;
    [
        ("工作机构", &chrome.organisation),
        ("办公地址", address),
        ("办公时间", office_hours),
        ("联系电话", phone),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| KeyValue::new(key, value))
    .collect()
}

impl HelpPage {
    fn help(chrome: Chrome) -> HelpPage {
        let chapters = vec![
            chapter(
                "find",
                "怎样查找信息",
                "《条例》第二十四条",
                vec![
                    "在页面上方的搜索框里输入标题、文号、索引号或正文里的词。多个词之间用空格隔开，表示都要有。结果可以再按机关、法定公开事项和年度缩小范围。".into(),
                    "也可以从公开目录按发布机关、法定公开事项、体裁和年度逐级查找；每个机关的页面列有它的全部公开事项。".into(),
                ],
            ),
            chapter(
                "read",
                "怎样阅读和下载",
                "",
                vec![
                    "每条信息的页面上有索引号、名称、内容概述、生成日期等要素，附件可以直接下载。用浏览器的打印功能会按公文版式输出。".into(),
                    "信息更正后会发布新版本，页面下方的“版本”写明每次改了什么；撤回的信息保留原网址，并说明撤回的原因。".into(),
                ],
            ),
            chapter(
                "request",
                "没有找到怎么办",
                "《条例》第二十七条",
                vec!["可以向制作或者保存该信息的机关申请公开，步骤、期限和费用见政府信息公开指南。提交后凭申请编号和查询码随时查看进度。".into()],
            ),
            chapter(
                "large-print",
                "看不清字怎么办",
                "",
                vec!["点页面最上方的“长辈模式”，全站文字和按钮都会变大；再点一次恢复。全部页面都可以只用键盘操作，不需要启用脚本。".into()],
            ),
            chapter(
                "privacy",
                "本网站记录什么",
                "",
                vec!["查阅信息不需要登录，网页里没有统计和跟踪的程序。浏览器里只保存您选择的字号，和提交之后显示一次的提示。".into()],
            ),
        ];
        HelpPage {
            office: office_of(&chrome),
            chrome: chrome.crumb("首页", "/").here("使用帮助"),
            title: "使用帮助",
            lede: "怎样查找、阅读和下载已经公开的信息。怎样申请公开，见政府信息公开指南。",
            chapters,
            agencies: Vec::new(),
        }
    }

    fn guide(chrome: Chrome, agencies: &[PublicAgency], today: Date) -> HelpPage {
        let days = |parameter| number(parameter, today);
        let first = match Decision::TradeSecret.remedy(today) {
            Route::ReconsiderationFirst => "依据《条例》第十四条至第十六条不予公开的，应当先申请行政复议。",
            _ => "",
        };
        let mut chapters = vec![
            chapter(
                "arrangement",
                "信息的分类和编排",
                "《条例》第十二条、第二十条、第二十一条",
                vec![
                    "主动公开的信息按《条例》第二十条、第二十一条规定的事项分类，各机关再按公开目录列出具体事项。".into(),
                    "每条信息有一个索引号，由机关代码、公开年度和顺序号组成，一经编定不再变动；网址里也是它。列表中写明名称、内容概述和生成日期。".into(),
                ],
            ),
            chapter(
                "obtain",
                "怎样获取已经公开的信息",
                "《条例》第二十三条至第二十五条",
                vec![
                    "本网站提供检索、查阅和下载，不需要登录。".into(),
                    "也可以到国家档案馆、公共图书馆和政务服务场所设置的政府信息查阅场所查阅。".into(),
                    format!(
                        "属于主动公开范围的信息，自形成或者变更之日起 {} 个工作日内公开，法律、法规另有规定的从其规定。",
                        days(P::PublicationWorkingDays)
                    ),
                ],
            ),
            chapter(
                "request",
                "怎样申请公开",
                "《条例》第二十七条、第二十九条",
                vec![
                    "公民、法人和其他组织都可以申请，不需要说明用途。申请应当写明：姓名或者名称、身份证明、联系方式；所需信息的名称、文号或者便于查询的其他特征性描述；希望的提供形式。".into(),
                    "可以在本网站提交，也可以当面或者邮寄提交，地址见下方各机关的联系方式。书写确有困难的，可以口头提出，由工作人员代为填写。".into(),
                    "在本网站提交后会得到申请编号和查询码，凭它们随时查看进度。".into(),
                ],
            ),
            chapter(
                "time",
                "多久答复",
                format!("《条例》{}、{}", place(P::SupplementNoticeWorkingDays, today), place(P::ReplyWorkingDays, today)),
                vec![
                    format!(
                        "能够当场答复的当场答复；不能当场答复的，自收到申请之日起 {} 个工作日内答复。需要延长的，经批准最多再延 {} 个工作日，并告知申请人。",
                        days(P::ReplyWorkingDays),
                        days(P::ExtensionWorkingDaysMax)
                    ),
                    format!(
                        "申请内容不明确的，自收到申请之日起 {} 个工作日内一次性告知补正，答复期限自收到补正的申请之日起计算。征求第三方和其他机关意见所需时间不计算在内。",
                        days(P::SupplementNoticeWorkingDays)
                    ),
                ],
            ),
            fees(today),
            chapter(
                "remedies",
                "对答复不服怎么办",
                "《条例》第五十一条",
                vec![
                    format!(
                        "可以自知道或者应当知道答复之日起 {} 日内申请行政复议，或者 {} 个月内提起行政诉讼；对复议决定不服的，自收到复议决定书之日起 {} 日内起诉。{first}",
                        days(P::ReconsiderationDays),
                        days(P::DirectLitigationMonths),
                        days(P::LitigationAfterReconsiderationDays)
                    ),
                    "每份答复都会写明适用的途径、机关和期限，以答复书为准。认为机关没有依法履行公开义务的，也可以向政府信息公开工作主管部门投诉、举报。".into(),
                ],
            ),
        ];
        if !agencies.is_empty() {
            chapters.push(chapter("agencies", "各机关的联系方式", "《条例》第十二条", Vec::new()));
        }
        HelpPage {
            office: office_of(&chrome),
            chrome: chrome.crumb("首页", "/").here("政府信息公开指南"),
            title: "政府信息公开指南",
            lede: "信息怎样分类和编排，怎样获取，怎样申请，向谁申请。",
            chapters,
            agencies: agencies
                .iter()
                .map(|agency| AgencyContact {
                    name: agency.name.clone(),
                    href: format!("/agencies/{}", encode(&agency.code)),
                    phone: agency.phone.clone(),
                    address: agency.address.clone(),
                    office_hours: agency.office_hours.clone(),
                    email: agency.email.clone(),
                })
                .collect(),
        }
    }

    /// The guide of an invented district.
    pub fn sample() -> Self {
        let agency = |name: &str, code: &str| PublicAgency {
            id: code.into(),
            code: code.into(),
            name: name.into(),
            kind: "bureau".into(),
            address: "青禾区禾丰大道 18 号".into(),
            office_hours: "工作日 9:00—12:00，13:30—17:30".into(),
            phone: "0000-6600200".into(),
            email: "office@qinghe.example".into(),
        };
        let agencies = [agency("青禾区财政局", "finance"), agency("云溪镇人民政府", "yunxi")];
        HelpPage::guide(Chrome::sample(Section::Guide), &agencies, jiff::civil::date(2026, 2, 1))
    }

    pub fn sample_help() -> Self {
        HelpPage::help(Chrome::sample(Section::Elsewhere))
    }
}

/// 信息处理费, tier by tier as the tariff has it today.
fn fees(today: Date) -> Chapter {
    let mut rows = Vec::new();
    let mut citations = vec!["《条例》第四十二条".to_owned()];
    for (basis, reach) in [(FeeBasis::ByItem, 50), (FeeBasis::ByPage, 1_000)] {
        let Ok(ruling) = fee(basis, reach, today) else { continue };
        let whole = ruling.citation.to_string();
        let is_same_law =
            citations.last().is_some_and(|last| last.starts_with('《') && shares_law(last, &whole));
        citations.push(if is_same_law { ruling.citation.place() } else { whole });
        rows.push(KeyValue::new(basis.label(), tariff(basis.unit(), &ruling.tiers)));
    }
    Chapter {
        rows,
        ..chapter(
            "fees",
            "是否收费",
            citations.join("、"),
            vec![
                "依申请提供政府信息不收取费用。申请的数量、频次明显超过合理范围的，可以收取信息处理费；按件或者按量，同一申请只按其中一种。按件计算的是同一申请人一个自然月内的申请件数，按量计算的是一次提供的页数。".into(),
                format!(
                    "收费的，机关会发出收费通知，申请人应当在 {} 个工作日内缴纳；缴费前答复期限不计算。",
                    number(P::FeePaymentWorkingDays, today)
                ),
            ],
        )
    }
}

/// Whether two citations name the same law.
fn shares_law(one: &str, other: &str) -> bool {
    let law = |citation: &str| citation.split_once('》').map(|(law, _)| law.to_owned());
    law(one) == law(other)
}

/// The tiers in words. A tariff that rises without end shows its steps so far and says how it goes on.
fn tariff(unit: &str, tiers: &[FeeTier]) -> String {
    let price = |tier: &FeeTier| match tier.yuan_each {
        0 => "不收费".to_owned(),
        yuan => format!("每{unit} {yuan} 元"),
    };
    let mut words: Vec<String> = tiers
        .iter()
        .map(|tier| match tier.to {
            Some(to) => format!("第 {} 至 {to} {unit}{}", tier.from, price(tier)),
            None => format!("第 {} {unit}起{}", tier.from, price(tier)),
        })
        .collect();
    if let [.., before, FeeTier { from, to: Some(to), yuan_each, .. }] = tiers {
        words.push(format!(
            "以后每 {} {unit}为一档，每档再加 {} 元",
            to - from + 1,
            yuan_each - before.yuan_each
        ));
    }
    format!("{}。", words.join("；"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_are_the_ones_of_the_measure() {
        let chapter = fees(jiff::civil::date(2026, 2, 1));
        let words: Vec<&str> = chapter.rows.iter().map(|row| row.value.as_str()).collect();
        assert_eq!(
            words,
            [
                "第 1 至 10 件不收费；第 11 至 30 件每件 100 元；第 31 至 40 件每件 200 元；\
                 第 41 至 50 件每件 300 元；以后每 10 件为一档，每档再加 100 元。",
                "第 1 至 30 页不收费；第 31 至 100 页每页 10 元；第 101 至 200 页每页 20 元；第 201 页起每页 40 元。",
            ]
        );
        assert!(chapter.citation.contains("第四条"), "{}", chapter.citation);
    }

    #[test]
    fn before_the_measure_nothing_is_charged() {
        assert!(fees(jiff::civil::date(2020, 2, 1)).rows.is_empty());
    }
}
