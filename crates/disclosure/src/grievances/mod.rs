//! 投诉举报和更正 — complaints and reports of wrongdoing about the work of disclosure (《条例》第五十一条), and requests to correct
//! records about oneself (《条例》第四十一条). Neither is a request for information: each has its own register, its own
//! number and the day its agency has promised, since the Regulations set none.

pub mod actions;
pub mod public;
mod refusal;
mod store;
#[cfg(test)]
mod tests;

pub use refusal::GrievanceRefusal;
pub use store::{by_id, list};

use gongkai_statute::citation::Citation;
use gongkai_statute::{cite, closed_list};
use jiff::civil::Date;

closed_list! {
    /// 事项种类.
    pub enum GrievanceKind {
        /// 投诉. 《条例》第五十一条.
        Complaint = "complaint", "投诉";
        /// 举报. 《条例》第五十一条.
        WrongdoingReport = "wrongdoing_report", "举报";
        /// 更正与自身相关的信息. 《条例》第四十一条.
        RecordCorrection = "record_correction", "更正申请";
    }
}

closed_list! {
    /// 处理结果.
    pub enum GrievanceOutcome {
        /// 属实，责令改正. 《条例》第四十七条.
        Upheld = "upheld", "反映的情况属实，已责令改正";
        /// 部分属实.
        PartlyUpheld = "partly_upheld", "反映的情况部分属实，已责令改正";
        /// 不属实.
        NotUpheld = "not_upheld", "反映的情况不属实";
        /// 予以更正. 《条例》第四十一条.
        Corrected = "corrected", "经核实，记录已经更正";
        /// 不予更正.
        Accurate = "accurate", "经核实，记录准确，不予更正";
        /// 转送有权更正的机关. 《条例》第四十一条.
        Forwarded = "forwarded", "已转送有权处理的行政机关";
        /// 告知向有权机关提出. 《条例》第四十一条.
        Referred = "referred", "不属于本机关职权，已告知向有权处理的机关提出";
        /// 撤回.
        Withdrawn = "withdrawn", "本人撤回";
    }
}

impl GrievanceKind {
    pub const fn citation(self) -> Citation {
        match self {
            GrievanceKind::Complaint | GrievanceKind::WrongdoingReport => cite!(Ogi, 51),
            GrievanceKind::RecordCorrection => cite!(Ogi, 41),
        }
    }

    /// 松溪投〔2026〕3号: what stands between the agency's word and the year.
    pub const fn series(self) -> &'static str {
        match self {
            GrievanceKind::Complaint => "投",
            GrievanceKind::WrongdoingReport => "举",
            GrievanceKind::RecordCorrection => "更",
        }
    }

    /// How it may end.
    pub fn outcomes(self) -> Vec<GrievanceOutcome> {
        use GrievanceOutcome as O;
        match self {
            GrievanceKind::RecordCorrection => {
                vec![O::Corrected, O::Accurate, O::Forwarded, O::Referred, O::Withdrawn]
            }
            _ => vec![O::Upheld, O::PartlyUpheld, O::NotUpheld, O::Forwarded, O::Referred, O::Withdrawn],
        }
    }
}

impl GrievanceOutcome {
    /// Whether another agency is named in the answer.
    pub const fn names_an_agency(self) -> bool {
        matches!(self, GrievanceOutcome::Forwarded | GrievanceOutcome::Referred)
    }
}

/// 一件事项.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grievance {
    pub id: String,
    pub agency_id: String,
    pub agency_name: String,
    pub number: String,
    pub kind: GrievanceKind,
    /// The agency complained about; for a correction, the record.
    pub about: String,
    /// 所涉申请的编号; empty when there is none.
    pub request_number: String,
    pub person_name: String,
    /// Sealed; see [`Grievance::contact`].
    pub contact: String,
    pub statement: String,
    /// 证据: what shows it; for a correction it is asked for by law.
    pub evidence: String,
    pub received_on: Date,
    pub due_on: Date,
    pub concluded: Option<Conclusion>,
}

/// 处理结果告知.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclusion {
    pub outcome: GrievanceOutcome,
    pub words: String,
    /// 有权处理的机关; empty where none is named.
    pub referred_to: String,
    /// 松溪投〔2026〕3号.
    pub letter_number: String,
    pub on: Date,
    pub by_name: String,
}

impl Grievance {
    /// The way to reach the person.
    pub fn contact(&self, keys: &crate::privacy::Keyring) -> anyhow::Result<String> {
        if self.contact.is_empty() {
            return Ok("（已按规定销毁）".to_owned());
        }
        Ok(keys.open_text(&place(&self.id), &self.contact)?)
    }

    pub fn is_overdue(&self, today: Date) -> bool {
        match &self.concluded {
            Some(conclusion) => conclusion.on > self.due_on,
            None => today > self.due_on,
        }
    }

    /// The letter that tells how it ended, in parts: heading and text.
    pub fn letter(&self) -> Option<Vec<(&'static str, String)>> {
        let done = self.concluded.as_ref()?;
        let mut parts = vec![
            (
                "收到的事项",
                format!(
                    "本机关于{}收到您提出的{}（编号{}），反映：{}",
                    self.received_on,
                    self.kind.label(),
                    self.number,
                    self.statement
                ),
            ),
            ("处理结果", format!("根据{}，{}。", self.kind.citation(), done.outcome.label())),
            ("理由和依据", done.words.clone()),
        ];
        if !done.referred_to.is_empty() {
            parts.push(("有权处理的机关", done.referred_to.clone()));
        }
        if done.outcome != GrievanceOutcome::Withdrawn {
            parts.push(("救济途径", "对处理结果不服的，可以依法申请行政复议或者提起行政诉讼。".to_owned()));
        }
        Some(parts)
    }
}

fn place(id: &str) -> String {
    format!("grievances.contact/{id}")
}
