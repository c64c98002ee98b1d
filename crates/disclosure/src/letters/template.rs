//! 文书模板 — how an agency words a kind of letter, from a day on.
//!
//! A template is the agency's own text with blocks in it: 【补正期限和后果】. What the law asks a letter to say is written by
//! the program into these blocks, from the dossier; every block of its kind has to stand in the template once, so no wording
//! can leave a required part out. Title, order, the words around the blocks and the line of the signature are the agency's.

use std::fmt;

use gongkai_statute::closed_list;
use jiff::civil::Date;

use super::LetterKind;
use super::paper::Paper;
use crate::error::Refusal;

closed_list! {
    /// 内容块 — what the program writes into a letter.
    pub enum Block {
        /// 收到了谁的什么申请, within a sentence.
        Received = "received", "收到申请";
        /// 登记、收到之日、答复期限. 《条例》第三十一条、第三十三条.
        Registered = "registered", "登记和期限";
        Asked = "asked", "申请内容";
        /// 所依据的条文, within a sentence.
        Basis = "basis", "依据";
        SupplementItems = "supplement_items", "补正事项";
        /// 《条例》第三十条.
        SupplementTerm = "supplement_term", "补正期限和后果";
        /// Within a sentence.
        ExtensionGround = "extension_ground", "延长理由";
        /// 《条例》第三十三条第二款.
        ExtensionTerm = "extension_term", "延长后的期限";
        ConsultationSubject = "consultation_subject", "征求意见的内容";
        /// 《条例》第三十二条、第三十四条.
        ConsultationTerm = "consultation_term", "意见期限和后果";
        ConsultationHeld = "consultation_held", "征求意见情况";
        /// 《条例》第三十三条第三款.
        ConsultationPause = "consultation_pause", "征求意见和期限";
        /// 《条例》第三十二条.
        OverrideDecision = "override_decision", "决定公开的内容和理由";
        ReasonsFrequency = "reasons_frequency", "申请数量和频次";
        /// 《条例》第三十五条.
        ReasonsTerm = "reasons_term", "说明理由的期限";
        ReasonsEffect = "reasons_effect", "说明理由的后果";
        /// 《条例》第三十五条.
        DelayTerm = "delay_term", "延迟答复的理由和期限";
        /// 《条例》第四十二条、《信息处理费管理办法》.
        FeeBasis = "fee_basis", "收费依据和标准";
        FeeAmount = "fee_amount", "应缴金额";
        /// 《信息处理费管理办法》第六条.
        FeeTerm = "fee_term", "缴费期限和后果";
        Course = "course", "办理过程";
        /// 《条例》第三十六条.
        Outcome = "outcome", "办理结果";
        Enclosures = "enclosures", "随附文件";
        /// 《行政复议法》第二十三条第二款.
        Remedy = "remedy", "救济途径";
        /// 《条例》第十二条, within a sentence.
        Contact = "contact", "联系方式";
        /// 《条例》第四十五条.
        ArchiveFile = "archive_file", "案卷情况";
        ArchiveContents = "archive_contents", "卷内目录";
    }
}

impl Block {
    /// Whether it stands within a sentence; the others are paragraphs of their own.
    pub const fn is_inline(self) -> bool {
        matches!(self, Block::Received | Block::Basis | Block::ExtensionGround | Block::Contact)
    }

    /// 【补正事项】, as it stands in a template.
    pub fn mark(self) -> String {
        format!("【{}】", self.label())
    }

    fn from_label(label: &str) -> Option<Block> {
        Block::ALL.iter().copied().find(|block| block.label() == label)
    }
}

impl LetterKind {
    /// What a letter of this kind cannot be without.
    pub const fn blocks(self) -> &'static [Block] {
        use Block as B;
        match self {
            LetterKind::Receipt => &[B::Registered, B::Asked, B::Contact],
            LetterKind::SupplementNotice => {
                &[B::Received, B::Basis, B::SupplementItems, B::SupplementTerm, B::Contact]
            }
            LetterKind::ExtensionNotice => &[B::Received, B::ExtensionGround, B::ExtensionTerm, B::Contact],
            LetterKind::Consultation | LetterKind::AgencyConsultation => {
                &[B::ConsultationSubject, B::ConsultationTerm, B::Contact]
            }
            LetterKind::OverrideNotice => &[B::ConsultationHeld, B::OverrideDecision, B::Remedy, B::Contact],
            LetterKind::ReasonsNotice => {
                &[B::Received, B::ReasonsFrequency, B::ReasonsTerm, B::ReasonsEffect, B::Contact]
            }
            LetterKind::DelayNotice => &[B::Received, B::DelayTerm, B::Contact],
            LetterKind::FeeNotice => &[B::FeeBasis, B::FeeAmount, B::FeeTerm, B::Contact],
            LetterKind::ConsultationNotice => &[B::Received, B::ConsultationPause, B::Contact],
            LetterKind::Reply | LetterKind::TransferAdvice => {
                &[B::Received, B::Course, B::Outcome, B::Enclosures, B::Remedy, B::Contact]
            }
            LetterKind::ArchiveCover => &[B::ArchiveFile, B::ArchiveContents],
        }
    }

    /// The wording of the program, for agencies that have none of their own.
    const fn usual_text(self) -> &'static str {
        match self {
            LetterKind::Receipt => "【登记和期限】\n【申请内容】\n【联系方式】",
            LetterKind::SupplementNotice => {
                "【收到申请】。经审查，申请内容不明确或者材料不全，根据【依据】，请补正以下事项：\n【补正事项】\n\
                 【补正期限和后果】\n如需指导，可以与本机关联系。\n【联系方式】"
            }
            LetterKind::ExtensionNotice => {
                "【收到申请】。\n因【延长理由】，不能在答复期限内答复。\n【延长后的期限】\n特此告知。\n【联系方式】"
            }
            LetterKind::Consultation => {
                "本机关收到一件政府信息公开申请，所申请公开的信息与你（单位）有关：\n【征求意见的内容】\n\
                 【意见期限和后果】\n【联系方式】"
            }
            LetterKind::AgencyConsultation => {
                "本机关收到一件政府信息公开申请，所申请公开的信息由本机关和你单位共同制作：\n【征求意见的内容】\n\
                 【意见期限和后果】\n【联系方式】"
            }
            LetterKind::OverrideNotice => {
                "【征求意见情况】\n【决定公开的内容和理由】\n【救济途径】\n【联系方式】"
            }
            LetterKind::ReasonsNotice => {
                "【收到申请】。\n【申请数量和频次】\n【说明理由的期限】\n【说明理由的后果】\n【联系方式】"
            }
            LetterKind::DelayNotice => "【收到申请】。\n【延迟答复的理由和期限】\n特此告知。\n【联系方式】",
            LetterKind::FeeNotice => "【收费依据和标准】\n【应缴金额】\n【缴费期限和后果】\n【联系方式】",
            LetterKind::ConsultationNotice => "【收到申请】。\n【征求意见和期限】\n特此告知。\n【联系方式】",
            LetterKind::ArchiveCover => "【案卷情况】\n【卷内目录】",
            LetterKind::Reply | LetterKind::TransferAdvice => {
                "【收到申请】\n【办理过程】\n【办理结果】\n【随附文件】\n【救济途径】\n【联系方式】"
            }
        }
    }
}

/// 文书模板 — title, text with blocks, and signature, as they hold from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Blank for the wording of the program.
    pub id: String,
    pub kind: LetterKind,
    pub heading: String,
    /// A paragraph to a line.
    pub text: String,
    /// 落款; blank for the name of the agency.
    pub signature: String,
    /// `None` for the wording of the program.
    pub since: Option<Date>,
    pub set_by_name: String,
    pub set_at: String,
}

/// What a piece of a line is.
enum Piece<'a> {
    Words(&'a str),
    Mark(&'a str),
}

fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('【') {
        let Some((label, after)) = after.split_once('】') else { break };
        found.push(Piece::Words(before));
        found.push(Piece::Mark(label.trim()));
        rest = after;
    }
    found.push(Piece::Words(rest));
    found.retain(|piece| !matches!(piece, Piece::Words("")));
    found
}

/// What the program writes into a block.
pub(super) enum Filling {
    Words(String),
    Paragraphs(Paper),
}

impl Template {
    /// The wording of the program.
    pub fn usual(kind: LetterKind) -> Template {
        Template {
            id: String::new(),
            kind,
            heading: kind.label().to_owned(),
            text: kind.usual_text().to_owned(),
            signature: String::new(),
            since: None,
            set_by_name: String::new(),
            set_at: String::new(),
        }
    }

    fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines().map(str::trim).filter(|line| !line.is_empty())
    }

    /// Everything that is wrong with it.
    pub fn faults(&self) -> Vec<TemplateRefusal> {
        use TemplateRefusal as R;
        let mut faults = Vec::new();
        if !(4..=40).contains(&self.heading.trim().chars().count()) {
            faults.push(R::Heading);
        }
        if self.signature.trim().chars().count() > 60 {
            faults.push(R::Signature);
        }
        if self.text.chars().count() > 4000 {
            faults.push(R::TooLong);
        }
        let needed = self.kind.blocks();
        let mut stands: Vec<Block> = Vec::new();
        for line in self.lines() {
            let pieces = pieces(line);
            for piece in &pieces {
                let Piece::Mark(label) = piece else { continue };
                match Block::from_label(label).filter(|block| needed.contains(block)) {
                    None => faults.push(R::Unknown((*label).to_owned())),
                    Some(block) => {
                        if stands.contains(&block) {
                            faults.push(R::Twice(block));
                        }
                        if self.is_alone(block) && pieces.len() > 1 {
                            faults.push(R::NotAlone(block));
                        }
                        stands.push(block);
                    }
                }
            }
        }
        let missing = needed.iter().filter(|block| !stands.contains(block));
        faults.extend(missing.map(|block| R::Missing(*block)));
        faults
    }

    /// Whether the block has a line of its own. What a reply says of the request is a paragraph.
    pub fn is_alone(&self, block: Block) -> bool {
        !block.is_inline() || (self.kind.is_reply() && block == Block::Received)
    }

    /// The letter: the template with its blocks filled in.
    pub(super) fn filled(
        &self,
        agency: &str,
        number: &str,
        addressee: &str,
        filling: impl Fn(Block) -> Option<Filling>,
    ) -> Option<String> {
        let mut paper = Paper::new(agency, self.heading.trim(), number, addressee);
        for line in self.lines() {
            let mut words = String::new();
            for piece in pieces(line) {
                match piece {
                    Piece::Words(text) => words += text,
                    Piece::Mark(label) => match filling(Block::from_label(label)?)? {
                        Filling::Words(text) => words += &text,
                        Filling::Paragraphs(own) => paper = paper.with(own),
                    },
                }
            }
            paper = paper.paragraph(&words);
        }
        let signature = if self.signature.trim().is_empty() { agency } else { self.signature.trim() };
        Some(paper.signed(signature))
    }
}

/// Why a template is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateRefusal {
    Forbidden,
    NoSuchKind,
    Heading,
    Signature,
    TooLong,
    /// The day it is to hold from.
    Since,
    Missing(Block),
    Twice(Block),
    NotAlone(Block),
    Unknown(String),
}

impl fmt::Display for TemplateRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden => f.write_str("您没有设置文书模板的权限，请找本机关负责审核程序的人员。"),
            Self::NoSuchKind => f.write_str("没有这种文书，请从列表进入。"),
            Self::Heading => f.write_str("标题请写4至40字。"),
            Self::Signature => f.write_str("落款不超过60字；不填的用机关名称。"),
            Self::TooLong => f.write_str("正文不超过4000字，请精简。"),
            Self::Since => f.write_str("请填写启用日期，今天或者以后。"),
            Self::Missing(block) => {
                write!(f, "缺少“{}”。这是依法必须写明的内容，不能删去，请放回。", block.mark())
            }
            Self::Twice(block) => write!(f, "“{}”出现了不止一次，请只留一处。", block.mark()),
            Self::NotAlone(block) => write!(f, "“{}”是完整的段落，请单独占一行。", block.mark()),
            Self::Unknown(label) => {
                write!(f, "这种文书没有“【{label}】”，请核对名称；不是内容块的，请不要用【】。")
            }
        }
    }
}

impl Refusal for TemplateRefusal {
    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::Forbidden | Self::NoSuchKind => return None,
            Self::Heading => "heading",
            Self::Signature => "signature",
            Self::Since => "since",
            _ => "text",
        })
    }

    fn is_missing(&self) -> bool {
        *self == Self::NoSuchKind
    }

    fn is_forbidden(&self) -> bool {
        *self == Self::Forbidden
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wording_of_the_program_lacks_nothing() {
        for kind in LetterKind::ALL {
            assert_eq!(Template::usual(*kind).faults(), [], "{kind:?}");
        }
    }

    /// Whatever block is taken out, doubled or crowded, the template is refused for it.
    #[test]
    fn no_required_part_can_be_removed() {
        for kind in LetterKind::ALL {
            for block in kind.blocks() {
                let usual = Template::usual(*kind);
                let without = Template { text: usual.text.replace(&block.mark(), ""), ..usual.clone() };
                assert_eq!(without.faults(), [TemplateRefusal::Missing(*block)], "{kind:?}");
                let twice = Template { text: format!("{}\n{}", usual.text, block.mark()), ..usual.clone() };
                assert_eq!(twice.faults(), [TemplateRefusal::Twice(*block)], "{kind:?}");
                let mark = block.mark();
                let crowded =
                    Template { text: usual.text.replace(&mark, &format!("另外{mark}")), ..usual.clone() };
                let expected = match usual.is_alone(*block) {
                    true => vec![TemplateRefusal::NotAlone(*block)],
                    false => vec![],
                };
                assert_eq!(crowded.faults(), expected, "{kind:?}");
            }
        }
        let strange = Template::usual(LetterKind::FeeNotice);
        let strange = Template { text: strange.text + "\n【免责】【救济途径】", ..strange };
        let unknown = |label: &str| TemplateRefusal::Unknown(label.into());
        assert_eq!(strange.faults(), [unknown("免责"), unknown("救济途径")]);
    }
}
