//! Numbers of the prose that a table has too: requests received, closed and carried over, outcomes by name,
//! kinds of applicants, cases of reconsideration and litigation.

use super::super::balance::{Contradiction, Relation as TableRelation, contradictions};
use super::super::form_basis;
use super::{Relation, Sentence, volumes};
use crate::model::{ApplicantColumn, RemedyColumn, RemedyRow, Report, RequestRow, TableName};

/// Units in which requests and cases are counted.
const CASES: [&str; 7] = ["件", "份", "宗", "起", "项", "个", "例"];

/// So many whole numbers are listed where any up to a bound may be meant.
const MOST_ALLOWED: i64 = 10_000;

/// 第三部分（一）至（六）: the words of the form and of offices, the codes of the rows, the official name.
const HEADS: [(&str, &str, &str); 15] = [
    ("予以公开", "disclosed", "（一）予以公开"),
    ("同意公开", "disclosed", "（一）予以公开"),
    ("全部公开", "disclosed", "（一）予以公开"),
    ("准予公开", "disclosed", "（一）予以公开"),
    ("部分公开", "partly_disclosed", "（二）部分公开"),
    ("予以部分公开", "partly_disclosed", "（二）部分公开"),
    ("同意部分公开", "partly_disclosed", "（二）部分公开"),
    ("不予公开", "not_disclosed", "（三）不予公开"),
    ("不公开", "not_disclosed", "（三）不予公开"),
    ("不同意公开", "not_disclosed", "（三）不予公开"),
    ("无法提供", "unable_to_provide", "（四）无法提供"),
    ("不予处理", "not_processed", "（五）不予处理"),
    ("其他处理", "other_handling", "（六）其他处理"),
    ("作其他处理", "other_handling", "（六）其他处理"),
    ("其它处理", "other_handling", "（六）其他处理"),
];

const ROWS: [(&str, RequestRow); 35] = [
    ("国家秘密", RequestRow::StateSecret),
    ("涉及国家秘密", RequestRow::StateSecret),
    ("其他法律行政法规禁止公开", RequestRow::OtherLaw),
    ("法律行政法规禁止公开", RequestRow::OtherLaw),
    ("危及“三安全一稳定", RequestRow::SecurityOrStability),
    ("保护第三方合法权益", RequestRow::ThirdPartyRights),
    ("三类内部事务信息", RequestRow::InternalAffairs),
    ("内部事务信息", RequestRow::InternalAffairs),
    ("四类过程性信息", RequestRow::ProcessInformation),
    ("过程性信息", RequestRow::ProcessInformation),
    ("行政执法案卷", RequestRow::EnforcementFile),
    ("行政查询事项", RequestRow::OwnInquiryProcedure),
    ("本机关不掌握相关政府信息", RequestRow::NotHeld),
    ("本机关不掌握", RequestRow::NotHeld),
    ("不掌握相关政府信息", RequestRow::NotHeld),
    ("没有现成信息需要另行制作", RequestRow::NeedsCreation),
    ("没有现成信息", RequestRow::NeedsCreation),
    ("需要另行制作", RequestRow::NeedsCreation),
    ("需另行制作", RequestRow::NeedsCreation),
    ("补正后申请内容仍不明确", RequestRow::StillUnclear),
    ("补正后仍不明确", RequestRow::StillUnclear),
    ("信访举报投诉类申请", RequestRow::PetitionOrComplaint),
    ("信访举报投诉类", RequestRow::PetitionOrComplaint),
    ("信访举报投诉", RequestRow::PetitionOrComplaint),
    ("信访类", RequestRow::PetitionOrComplaint),
    ("信访投诉", RequestRow::PetitionOrComplaint),
    ("重复申请", RequestRow::Repeated),
    ("要求提供公开出版物", RequestRow::PublicPublication),
    ("无正当理由大量反复申请", RequestRow::Excessive),
    ("大量反复申请", RequestRow::Excessive),
    ("要求行政机关确认或重新出具已获取信息", RequestRow::ConfirmOrReissue),
    ("申请人无正当理由逾期不补正", RequestRow::NotSupplementedInTime),
    ("无正当理由逾期不补正", RequestRow::NotSupplementedInTime),
    ("逾期不补正", RequestRow::NotSupplementedInTime),
    ("逾期未补正", RequestRow::NotSupplementedInTime),
];

/// 公开 alone is an outcome only beside another one.
fn head(sentence: &Sentence, bare: &str) -> Option<(&'static str, &'static str)> {
    let known = HEADS.iter().find(|(words, _, _)| *words == bare);
    let beside = ["部分公开", "不予公开", "不公开", "不存在", "不掌握", "无法提供"];
    let alone = bare == "公开" && beside.iter().any(|word| sentence.text().contains(word));
    known.or(HEADS.first().filter(|_| alone)).map(|(_, head, official)| (*head, *official))
}

/// The figures of the tables that can be held against the prose. A row that contradicts itself proves nothing.
#[derive(Debug)]
pub(in crate::lint) struct TableFigures<'a> {
    pub(super) report: &'a Report,
    pub(super) doubtful: Vec<RequestRow>,
}

impl<'a> TableFigures<'a> {
    pub(in crate::lint) fn of(report: &'a Report) -> Self {
        Self::without(report, &contradictions(report))
    }

    /// When the contradictions of part 三 are known already.
    pub(in crate::lint) fn without(report: &'a Report, contradictions: &[Contradiction]) -> Self {
        // A row known by its place alone may have changed places with another.
        let by_position = |row: &RequestRow| report.requests.row(*row).any(|(_, cell)| cell.by_position);
        let mut doubtful: Vec<RequestRow> = report.requests.rows().filter(by_position).collect();
        for one in contradictions {
            doubtful.push(one.row);
            for relation in one.consequences.iter().chain([&one.relation]) {
                match relation {
                    TableRelation::Row(row) => doubtful.push(*row),
                    TableRelation::Column(_) => doubtful.push(RequestRow::Total),
                    TableRelation::Cross(_) => doubtful.extend([
                        RequestRow::Received,
                        RequestRow::CarriedFromLastYear,
                        RequestRow::Total,
                        RequestRow::CarriedToNextYear,
                    ]),
                }
            }
        }
        Self { report, doubtful }
    }

    /// The total of a row of part 三; a lost total is the sum of its kinds.
    pub(in crate::lint) fn row(&self, row: RequestRow) -> Option<i64> {
        if self.doubtful.contains(&row) {
            return None;
        }
        let table = &self.report.requests;
        let kinds: Option<i64> = ApplicantColumn::KINDS.iter().map(|&column| table.count(row, column)).sum();
        table.count(row, ApplicantColumn::Total).or(kinds)
    }

    /// The sum of the rows whose code begins so: `not_disclosed`.
    pub(super) fn rows(&self, head: &str) -> Option<i64> {
        let rows = self.report.requests.rows().filter(|row| {
            let code = row.code();
            code == head || code.strip_prefix(head).is_some_and(|rest| rest.starts_with('.'))
        });
        let values: Vec<Option<i64>> = rows.map(|row| self.row(row)).collect();
        if values.is_empty() { None } else { values.into_iter().sum() }
    }

    pub(in crate::lint) fn remedies(&self, rows: &[RemedyRow]) -> Option<i64> {
        let table = &self.report.remedies;
        let block = |&row: &RemedyRow| {
            let parts: Option<i64> =
                RemedyColumn::RESULTS.iter().map(|&column| table.count(row, column)).sum();
            let total = table.count(row, RemedyColumn::Total);
            match (parts, total) {
                (Some(parts), Some(total)) => (parts == total).then_some(total),
                (parts, total) => total.or(parts),
            }
        };
        rows.iter().map(block).sum()
    }

    pub(in crate::lint) fn requests_basis(&self) -> String {
        form_basis(self.report.requests.form, TableName::Requests)
    }

    pub(in crate::lint) fn remedies_basis(&self) -> String {
        form_basis(self.report.remedies.form, TableName::Remedies)
    }

    /// The numbers of the sentence that stand in a table too.
    pub(super) fn relations(&self, sentence: &Sentence) -> Vec<Relation> {
        (0..sentence.quantities.len()).filter_map(|index| self.relation(sentence, index)).collect()
    }

    fn relation(&self, sentence: &Sentence, index: usize) -> Option<Relation> {
        let (_, unit) = sentence.quantities[index].exact()?;
        let by_items = unit == "条" && sentence.on_requests && counts_requests(sentence, index);
        if unit == "人次" && sentence.on_requests && sentence.clause(index).contains("申请") {
            return self.by_people(sentence, index);
        }
        if !CASES.contains(&unit) && !by_items {
            return None;
        }
        let table = |rule, cell: &str, allowed: Vec<i64>, basis| {
            Some(Relation::Table { quantity: index, allowed, cell: cell.to_owned(), rule, basis })
        };
        if let Some((cell, count)) = self.remedy(sentence, index).filter(|_| !by_items) {
            return table("prose-remedies", &cell, vec![count], self.remedies_basis());
        }
        if let Some((cell, counts)) = self.proactive(sentence, index).filter(|_| !by_items) {
            let basis = form_basis(self.report.proactive.form, TableName::Proactive);
            return table("prose-proactive", cell, counts, basis);
        }
        if !sentence.on_requests {
            return None;
        }
        if let Some((cell, counts)) = self.volume(sentence, index) {
            return table("prose-requests", cell, counts, self.requests_basis());
        }
        if let Some((cell, counts)) = self.outcome(sentence, index) {
            return table("prose-outcomes", &cell, counts, self.requests_basis());
        }
        let (column, counts) = self.applicants(sentence, index)?;
        table("prose-requests", column, counts, self.requests_basis())
    }

    /// 收到政府信息公开申请13人次: several may ask together, so that people may be more than requests, but not fewer.
    fn by_people(&self, sentence: &Sentence, index: usize) -> Option<Relation> {
        let (value, _) = sentence.quantities[index].exact()?;
        let (cell, counts) = self.volume(sentence, index)?;
        let fewest = counts.iter().min().copied()?;
        (value < fewest).then(|| Relation::Table {
            quantity: index,
            allowed: counts,
            cell: cell.to_owned(),
            rule: "prose-requests",
            basis: self.requests_basis(),
        })
    }

    /// An outcome by the name that the form gives it, or by one that offices use in its place.
    fn outcome(&self, sentence: &Sentence, index: usize) -> Option<(String, Vec<i64>)> {
        let name = sentence.name(index);
        let mut bare = name.trim_end_matches(['的', '”', '共', '为', '有']);
        // 因不掌握等原因无法提供: the reasons are examples.
        bare = bare.rsplit_once("等原因").map_or(bare, |(_, outcome)| outcome);
        loop {
            if let Some(found) = self.named_outcome(sentence, bare) {
                return Some(found);
            }
            let front =
                ["决定", "依法", "属于", "其中", "因", "：", "有", "“", "作出", "做出", "答复", "告知"];
            let behind = ["决定", "答复", "类", "情形", "情况", "的", "”", "信息"];
            let shorter = front.iter().find_map(|word| bare.strip_prefix(word));
            bare = shorter.or_else(|| behind.iter().find_map(|word| bare.strip_suffix(word)))?;
        }
    }

    fn named_outcome(&self, sentence: &Sentence, bare: &str) -> Option<(String, Vec<i64>)> {
        if let Some((head, official)) = head(sentence, bare) {
            let count = self.rows(head)?;
            let mut allowed = vec![count];
            if head == "disclosed" {
                // 已主动公开1件 beside it: one row of the form holds both.
                let quantities =
                    (0..sentence.quantities.len()).filter(|&other| sentence.name(other).contains("主动公开"));
                let public = quantities.filter_map(|other| sentence.quantities[other].exact());
                allowed.extend(public.map(|(public, _)| count - public));
            }
            return Some((format!("第三部分“{official}”的总计"), allowed));
        }
        // 予以公开及部分公开
        let both = ["及", "和", "与", "或"].into_iter().find_map(|joint| bare.split_once(joint));
        if let Some((one, other)) = both
            && let (Some((one, of)), Some((other, with))) = (head(sentence, one), head(sentence, other))
        {
            let sum = self.rows(one)? + self.rows(other)?;
            return Some((format!("第三部分“{of}”“{with}”的总计之和"), vec![sum]));
        }
        if let Some((_, row)) = ROWS.iter().find(|(words, _)| *words == bare) {
            self.report.requests.rows().find(|has| has == row)?;
            return Some((format!("第三部分“{}”的总计", row.official()), vec![self.row(*row)?]));
        }
        self.not_there(sentence, bare)
    }

    /// 信息不存在、不属于本机关: the form has no row of this name. Most count it under 不掌握, some under another row
    /// of 无法提供 or 其他处理, so that only what no row can hold is a contradiction.
    fn not_there(&self, sentence: &Sentence, bare: &str) -> Option<(String, Vec<i64>)> {
        const NOT_THERE: [&str; 4] = ["不存在", "不属于本", "不属本", "非本"];
        let begins = bare.trim_start_matches("所").trim_start_matches("申请").trim_start_matches("公开的");
        let begins = begins.trim_start_matches("政府").trim_start_matches("信息");
        if !NOT_THERE.iter().any(|word| begins.starts_with(word)) || bare.chars().count() > 16 {
            return None;
        }
        let not_held = self.row(RequestRow::NotHeld)?;
        let (unable, others) = (self.rows("unable_to_provide")?, self.rows("other_handling")?);
        let named = (0..sentence.quantities.len())
            .filter(|&other| NOT_THERE.iter().any(|word| sentence.name(other).contains(word)));
        let needs_creation = self.row(RequestRow::NeedsCreation)?;
        let mut allowed = vec![not_held];
        if named.count() == 1 {
            allowed.extend([unable, needs_creation, not_held + needs_creation, not_held + others]);
        } else {
            allowed.extend(0..=(unable + others).min(MOST_ALLOWED));
        }
        Some((format!("第三部分“{}”的总计", RequestRow::NotHeld.official()), allowed))
    }

    /// What these tables have for a number that the tables of `now` confirm.
    pub(super) fn same_figure(&self, now: &TableFigures, sentence: &Sentence, index: usize) -> Option<i64> {
        let (value, _) = sentence.quantities[index].exact()?;
        let Relation::Table { allowed, .. } = now.relation(sentence, index)? else { return None };
        let Relation::Table { allowed: these, .. } = self.relation(sentence, index)? else { return None };
        (allowed.first() == Some(&value)).then(|| these.first().copied())?
    }
}

/// Whether 条 counts requests here: 收到政府信息公开申请13条、收到13条公开申请, and what the same sentence says of them.
/// Of themselves 条 are pieces of what was published.
fn counts_requests(sentence: &Sentence, index: usize) -> bool {
    const ELSE: [&str; 13] = [
        "主动公开",
        "发布",
        "热线",
        "工单",
        "留言",
        "诉求",
        "信箱",
        "提案",
        "来信",
        "投诉",
        "建议",
        "咨询",
        "意见",
    ];
    let came = |of: usize| {
        let Some((_, "条")) = sentence.quantities[of].exact() else { return false };
        let clause = sentence.clause(of);
        ["收到", "受理", "接收", "接到", "新收"].iter().any(|verb| clause.contains(verb))
            && (clause.contains("申请") || volumes::are_requests(sentence, of))
    };
    came(index) || (0..index).any(came) && !ELSE.iter().any(|word| sentence.text().contains(word))
}

/// Whether the text is made of these words alone.
pub(super) fn only(text: &str, words: &[&str]) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let longest = words.iter().filter(|word| rest.starts_with(**word)).max_by_key(|word| word.len());
        match longest {
            Some(word) => rest = &rest[word.len()..],
            None => return false,
        }
    }
    true
}
