//! Who asked: the kinds of applicants in the words of the form and of offices.

use super::Sentence;
use super::outcomes::TableFigures;
use crate::model::{ApplicantColumn, RequestRow};

/// A kind of applicants, or several together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    One(ApplicantColumn),
    /// 法人或其他组织: all columns but that of natural persons.
    Organizations,
    /// 企业、法人 in a loose sense: commercial enterprises or all organizations.
    Loose,
}

const NAMES: [(&str, Kind); 33] = {
    use ApplicantColumn as C;
    [
        ("自然人", Kind::One(C::NaturalPerson)),
        ("公民", Kind::One(C::NaturalPerson)),
        ("个人", Kind::One(C::NaturalPerson)),
        ("公民个人", Kind::One(C::NaturalPerson)),
        ("公民自然人", Kind::One(C::NaturalPerson)),
        ("自然人个人", Kind::One(C::NaturalPerson)),
        ("个人（自然人）", Kind::One(C::NaturalPerson)),
        ("公民（自然人）", Kind::One(C::NaturalPerson)),
        ("自然人（公民）", Kind::One(C::NaturalPerson)),
        ("法人或其他组织", Kind::Organizations),
        ("法人和其他组织", Kind::Organizations),
        ("法人及其他组织", Kind::Organizations),
        ("法人或者其他组织", Kind::Organizations),
        ("法人与其他组织", Kind::Organizations),
        ("法人或组织", Kind::Organizations),
        ("法人和组织", Kind::Organizations),
        ("法人及组织", Kind::Organizations),
        ("法人和非法人组织", Kind::Organizations),
        ("法人或非法人组织", Kind::Organizations),
        ("法人单位", Kind::Loose),
        ("法人组织", Kind::Loose),
        ("法人", Kind::Loose),
        ("单位", Kind::Loose),
        ("企业", Kind::Loose),
        ("企业法人", Kind::Loose),
        ("企业单位", Kind::Loose),
        ("商业企业", Kind::One(C::CommercialEnterprise)),
        ("科研机构", Kind::One(C::ResearchInstitution)),
        ("科研院所", Kind::One(C::ResearchInstitution)),
        ("社会公益组织", Kind::One(C::PublicWelfareOrganization)),
        ("公益组织", Kind::One(C::PublicWelfareOrganization)),
        ("法律服务机构", Kind::One(C::LegalServiceInstitution)),
        ("律师事务所", Kind::One(C::LegalServiceInstitution)),
    ]
};

/// What else comes from people and offices.
const ELSE: [&str; 10] = ["建议", "提案", "信访", "举报", "投诉", "来信", "留言", "诉求", "咨询", "热线"];

const CAME: [&str; 5] = ["收到", "新收", "受理", "接收", "接到"];

impl TableFigures<'_> {
    /// Kinds of applicants, where the sentence speaks of what was received and of nothing else before.
    pub(super) fn applicants(&self, sentence: &Sentence, index: usize) -> Option<(&'static str, Vec<i64>)> {
        let text = sentence.before(sentence.quantities[index].range.start);
        if !CAME.iter().any(|word| text.contains(word))
            || ["办结", "答复", "结转", "办理", "公开的"].iter().any(|word| text.contains(word))
            || !text.contains("申请")
            || ELSE.iter().any(|word| text.contains(word))
            || self.doubtful.contains(&RequestRow::Received)
        {
            return None;
        }
        let count = |column| self.report.requests.count(RequestRow::Received, column);
        let organizations =
            || ApplicantColumn::KINDS[1..].iter().map(|&column| count(column)).sum::<Option<i64>>();
        match kind(sentence, index)? {
            Kind::One(column) => {
                let name = match column {
                    ApplicantColumn::NaturalPerson => "第三部分“本年新收”自然人一列",
                    ApplicantColumn::CommercialEnterprise => "第三部分“本年新收”商业企业一列",
                    ApplicantColumn::ResearchInstitution => "第三部分“本年新收”科研机构一列",
                    ApplicantColumn::PublicWelfareOrganization => "第三部分“本年新收”社会公益组织一列",
                    ApplicantColumn::LegalServiceInstitution => "第三部分“本年新收”法律服务机构一列",
                    ApplicantColumn::Other | ApplicantColumn::Total => return None,
                };
                Some((name, vec![count(column)?]))
            }
            Kind::Organizations => Some(("第三部分“本年新收”法人或其他组织各列之和", vec![organizations()?])),
            // 企业3件、单位1件: what is called so beside another that is no natural person is not told.
            Kind::Loose => {
                let all = (0..sentence.quantities.len()).filter(|&other| other != index);
                let mut others = all.filter_map(|other| kind(sentence, other));
                if others.any(|other| other != Kind::One(ApplicantColumn::NaturalPerson)) {
                    return None;
                }
                let enterprises = count(ApplicantColumn::CommercialEnterprise)?;
                Some(("第三部分“本年新收”法人或其他组织各列之和", vec![organizations()?, enterprises]))
            }
        }
    }
}

/// Whether one kind of applicants is counted here and another beside it; what 其中 follows is all that came.
pub(super) fn is_one_kind(sentence: &Sentence, index: usize) -> bool {
    let Some(own) = kind(sentence, index) else { return false };
    let behind = index + 1..sentence.quantities.len();
    let mut kinds = behind.filter_map(|other| Some((other, kind(sentence, other)?))).peekable();
    let Some((next, _)) = kinds.peek() else { return false };
    let between = sentence.quantities[index].range.end..sentence.quantities[*next].range.start;
    !sentence.passage.text[between].contains("其中") && kinds.all(|(_, kind)| kind != own)
}

/// Which applicants the number counts: 公民个人申请9件、9件为自然人申请、法人提出的4件.
fn kind(sentence: &Sentence, index: usize) -> Option<Kind> {
    // 公民、法人和其他组织: all there are.
    let label = &sentence.quantities[index].label;
    let before = sentence.before(label.start);
    if ["公民、", "自然人、", "个人、", "公民和", "公民及", "公民或"]
        .iter()
        .any(|word| before.ends_with(word))
    {
        return None;
    }
    let name = sentence.name(index);
    // 2031年收到公民申请9件
    let mut bare =
        CAME.iter().filter_map(|verb| name.rsplit_once(verb)).map(|(_, who)| who).next().unwrap_or(name);
    loop {
        if let Some((_, kind)) = NAMES.iter().find(|(name, _)| *name == bare) {
            return Some(*kind);
        }
        let front = ["来自", "申请人为", "均为", "全部为", "为", "由", "其中", "有", "共"];
        let behind = [
            "的",
            "共",
            "为",
            "有",
            "申请",
            "提出",
            "提交",
            "申请人",
            "政府信息公开",
            "信息公开",
            "依申请公开",
            "类",
        ];
        let shorter = front.iter().find_map(|word| bare.strip_prefix(word));
        bare = shorter.or_else(|| behind.iter().find_map(|word| bare.strip_suffix(word)))?;
    }
}
