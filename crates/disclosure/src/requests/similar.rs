//! 相近的申请 — other requests for the same, found by comparing what was asked. They are shown, never acted on: whether it is
//! 重复申请 (《条例》第三十六条第六项) or worth publishing for all (第四十四条) is the officer's judgement.

use std::collections::{BTreeSet, HashSet};

use gongkai_statute::decisions::Decision;
use jiff::ToSpan;
use jiff::civil::Date;

use super::{Request, RequestState, store};
use crate::db::Conn;

/// How alike two descriptions are at least, in hundredths, to be shown.
const ALIKE: usize = 65;
/// How much of a text, in hundredths, stands in another that says it.
const SAID: usize = 75;
/// Pairs of characters below which a text says too little to be compared.
const FEWEST: usize = 5;
/// How far back is looked.
const YEARS: i64 = 3;
/// How many are shown.
const MOST: usize = 6;
/// Words in nearly every request; they make no two alike.
const EVERYDAY: [&str; 8] = ["政府信息", "申请公开", "公开", "申请", "关于", "请求", "提供", "有关"];

/// 相近的申请.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Similar {
    pub number: String,
    pub description: String,
    pub is_same_applicant: bool,
    pub submitted_on: Date,
    pub state: RequestState,
    pub decision: Option<Decision>,
    /// 答复书 that left the house: number and day.
    pub reply: Option<(String, Date)>,
    /// In hundredths.
    pub likeness: usize,
}

/// Requests to the same agency for the same, those of the same applicant first, then the most alike.
pub async fn similar(conn: &mut Conn, request: &Request) -> anyhow::Result<Vec<Similar>> {
    let since = request.submitted_on.saturating_sub(YEARS.years());
    let asked = Asked::of(&request.description);
    let mut found = store::others(conn, request, since).await?;
    for one in &mut found {
        one.likeness = asked.likeness(&Asked::of(&one.description));
    }
    found.retain(|one| one.likeness >= ALIKE);
    found.sort_by(|a, b| {
        (b.is_same_applicant, b.likeness, b.submitted_on).cmp(&(
            a.is_same_applicant,
            a.likeness,
            a.submitted_on,
        ))
    });
    found.truncate(MOST);
    Ok(found)
}

/// 已经公开的信息 — what is public already and may be what someone is about to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub title: String,
    pub index_number: String,
    pub published_on: Date,
    /// An earlier request was answered with it. 《条例》第四十四条.
    pub is_reply: bool,
}

/// What the agency has published under a title that says what the description asks for, or the other way round; the
/// newest first.
pub async fn already_public(
    conn: &mut Conn,
    agency_code: &str,
    description: &str,
) -> anyhow::Result<Vec<Offer>> {
    let asked = Asked::of(description);
    let mut offers = store::published(conn, agency_code).await?;
    offers.retain(|offer| {
        let title = Asked::of(&offer.title);
        title.is_said_by(&asked) || asked.is_said_by(&title)
    });
    offers.truncate(MOST);
    Ok(offers)
}

/// What is asked, ready to be compared.
struct Asked {
    pairs: HashSet<(char, char)>,
    numbers: BTreeSet<String>,
}

impl Asked {
    fn of(description: &str) -> Asked {
        let mut text: String = description.chars().filter(|c| c.is_alphanumeric()).map(half_width).collect();
        for word in EVERYDAY {
            text = text.replace(word, "");
        }
        let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
        let characters: Vec<char> = text.chars().collect();
        Asked {
            numbers: runs.map(str::to_owned).collect(),
            pairs: characters.windows(2).map(|pair| (pair[0], pair[1])).collect(),
        }
    }

    /// Whether nearly all of this stands in the other, every number of it too.
    fn is_said_by(&self, other: &Asked) -> bool {
        self.pairs.len() >= FEWEST
            && self.numbers.is_subset(&other.numbers)
            && 100 * self.pairs.intersection(&other.pairs).count() >= SAID * self.pairs.len()
    }

    /// Twice the pairs of characters both have, out of all (Dice), in hundredths. Another year or another document
    /// number asks for something else, however alike the words.
    fn likeness(&self, other: &Asked) -> usize {
        let all = self.pairs.len() + other.pairs.len();
        if all == 0 || self.numbers != other.numbers {
            return 0;
        }
        200 * self.pairs.intersection(&other.pairs).count() / all
    }
}

/// ２０２５ is 2025.
fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(one: &str, other: &str) -> usize {
        Asked::of(one).likeness(&Asked::of(other))
    }

    #[test]
    fn the_same_in_other_words_is_alike() {
        assert_eq!(likeness("2024年农村危房改造名单", "申请公开：２０２４年农村危房改造名单。"), 100);
        assert!(
            likeness("松溪镇2024年农村危房改造对象审批名单", "2024年松溪镇农村危房改造审批名单") >= ALIKE
        );
    }

    #[test]
    fn another_year_or_number_is_something_else() {
        assert_eq!(likeness("2024年农村危房改造名单", "2025年农村危房改造名单"), 0);
        assert_eq!(likeness("松政发〔2025〕8号文件", "松政发〔2025〕9号文件"), 0);
    }

    #[test]
    fn a_title_says_what_a_sentence_asks_for() {
        let says = |title: &str, asked: &str| {
            let (title, asked) = (Asked::of(title), Asked::of(asked));
            title.is_said_by(&asked) || asked.is_said_by(&title)
        };
        assert!(says("松溪镇2025年部门预算", "我想看松溪镇2025年部门预算，请发给我"));
        assert!(says("松溪镇2025年农村低保对象名单（第三季度）公示", "农村低保对象名单"));
        assert!(!says("松溪镇2025年部门预算", "我想看松溪镇2024年部门预算，请发给我"));
        assert!(!says("公告", "松溪镇2025年部门预算的公告"), "too short to say anything");
    }

    #[test]
    fn the_words_of_every_request_make_none_alike() {
        assert!(likeness("申请公开有关道路的政府信息", "申请公开有关学校的政府信息") < ALIKE);
        assert_eq!(likeness("申请公开政府信息", "申请公开政府信息"), 0, "nothing is left to compare");
    }
}
