//! Numbers of the prose that a table has too: requests received, closed and carried over, outcomes by name,
//! kinds of applicants, cases of reconsideration and litigation.

use super::super::balance::{Contradiction, Relation as TableRelation, contradictions};
use super::super::form_basis;
use super::quantity::Number;
use super::{Relation, Sentence, Strength, is_channel};
use crate::model::{
    ApplicantColumn, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow, Report, RequestRow, Section,
    TableName,
};

/// Units in which requests and cases are counted.
const CASES: [&str; 7] = ["件", "份", "宗", "起", "项", "个", "例"];

/// The figures of the tables that can be held against the prose. A row that contradicts itself proves nothing.
#[derive(Debug)]
pub(in crate::lint) struct TableFigures<'a> {
    report: &'a Report,
    doubtful: Vec<RequestRow>,
}

impl<'a> TableFigures<'a> {
    pub(in crate::lint) fn of(report: &'a Report) -> Self {
        Self::without(report, &contradictions(report))
    }

    /// When the contradictions of part 三 are known already.
    pub(in crate::lint) fn without(report: &'a Report, contradictions: &[Contradiction]) -> Self {
        let mut doubtful = Vec::new();
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
    fn rows(&self, head: &str) -> Option<i64> {
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
        if !CASES.contains(&unit) {
            return None;
        }
        let table = |rule, cell: &str, allowed: Vec<i64>, basis| {
            Some(Relation::Table { quantity: index, allowed, cell: cell.to_owned(), rule, basis })
        };
        if let Some((cell, count)) = self.remedy(sentence, index) {
            return table("prose-remedies", cell, vec![count], self.remedies_basis());
        }
        if let Some((cell, count)) = self.proactive(sentence, index) {
            let basis = form_basis(self.report.proactive.form, TableName::Proactive);
            return table("prose-proactive", cell, vec![count], basis);
        }
        if !sentence.on_requests {
            return None;
        }
        if let Some((cell, counts)) = self.volume(sentence, index) {
            return table("prose-requests", cell, counts, self.requests_basis());
        }
        if let Some((cell, count)) = self.outcome(sentence, index) {
            return table("prose-outcomes", &cell, vec![count], self.requests_basis());
        }
        let (column, count) = self.applicants(sentence, index)?;
        table("prose-requests", column, vec![count], self.requests_basis())
    }

    /// 新收、上年结转、办结、结转下年度.
    fn volume(&self, sentence: &Sentence, index: usize) -> Option<(&'static str, Vec<i64>)> {
        let label = sentence.clause(index);
        let behind = sentence.rest(sentence.quantities[index].range.end);
        let has = |words: &[&str]| words.iter().any(|word| label.contains(word));
        if has(&[
            "投诉", "举报", "诉求", "信访", "咨询", "补正", "意见", "复议", "诉讼", "热线", "12345", "留言",
            "不予", "提案", "建议", "转办", "上级", "延期", "延长", "征求", "收费", "撤回", "超期", "逾期",
            "占",
        ]) {
            return None;
        }
        let last_year = ["上年结转", "上年度结转", "上一年度结转", "上一年结转", "去年结转"];
        let named = self.report.year.map_or("下年".to_owned(), |year| format!("{}年", year + 1));
        let next_year = ["下年", "下一年", "次年", &named];
        if has(&last_year) && !has(&["收到", "新收", "办结", "办理", "和", "及", "包括"]) {
            let count = self.row(RequestRow::CarriedFromLastYear)?;
            return Some(("第三部分“上年结转政府信息公开申请数量”的总计", vec![count]));
        }
        let bare_before = matches!(label, "" | "共" | "有" | "另有" | "剩余" | "其余" | "尚有");
        let carried = label.contains("结转") && has(&next_year) && !label.contains("上年")
            || bare_before
                && behind.starts_with("结转")
                && next_year.iter().any(|word| first(behind, 8).contains(word));
        if carried {
            let count = self.row(RequestRow::CarriedToNextYear)?;
            return Some(("第三部分“结转下年度继续办理”的总计", vec![count]));
        }
        let behind_of = |verbs: &[&str]| {
            verbs
                .iter()
                .filter_map(|verb| label.rfind(verb).map(|at| &label[at + verb.len()..]))
                .min_by_key(|s| s.len())
        };
        const THINGS: [&str; 33] = [
            "公开申请",
            "件",
            "、",
            "法人",
            "和",
            "或",
            "或者",
            "其他组织",
            "社会",
            "到",
            "的",
            "公民",
            "群众",
            "申请人",
            "提出",
            "提交",
            "政府信息公开",
            "信息公开",
            "依申请公开",
            "政府信息",
            "申请",
            "共计",
            "合计",
            "总计",
            "总数",
            "数量",
            "共",
            "为",
            "有",
            "政务公开",
            "件数",
            "事项",
            "有效",
        ];
        if let Some(object) = behind_of(&["收到", "新收", "受理", "接收", "接到"]) {
            if !only(object, &THINGS) || has(&["结转"]) || has(&["办结", "答复"]) {
                return None;
            }
            let head = label.find(object).map_or(label, |_| &label[..label.len() - object.len()]);
            if self.is_another(head) {
                return None;
            }
            // A bare 收到 only right where the requests are introduced.
            if object.is_empty() && !sentence.text().contains("申请") {
                return None;
            }
            let received = self.row(RequestRow::Received)?;
            let mut allowed = vec![received];
            let both = self.row(RequestRow::CarriedFromLastYear).map(|carried| received + carried);
            // “收到4件，其中上年结转1件”: what was carried over is counted in.
            let counts_both = sentence.text().match_indices("结转").any(|(at, _)| {
                let before: String = sentence.text()[..at].chars().rev().take(6).collect();
                before.contains(['含', '括', '（']) || before.contains("中其")
            }) || sentence.text().contains("新收");
            if has(&["受理"]) || counts_both && !has(&["新收"]) {
                allowed.extend(both);
            }
            return Some(("第三部分“本年新收政府信息公开申请数量”的总计", allowed));
        }
        const MANNER: [&str; 16] = [
            "已",
            "共",
            "均",
            "全部",
            "全年",
            "本年度",
            "本年",
            "年度内",
            "年内",
            "累计",
            "当年",
            "其中",
            "目前",
            "共计",
            "现",
            "并",
        ];
        const DONE: [&str; 6] = ["办理完毕", "办结", "答复", "办复", "回复", "已办理"];
        if let Some(object) = behind_of(&DONE) {
            let verb = DONE.into_iter().find(|verb| label.contains(verb))?;
            let manner = &label[..label.find(verb)?];
            let manner = manner.trim_start_matches(|c: char| c.is_ascii_digit() || c == '年');
            if !only(object, &THINGS) || !only(manner, &MANNER) {
                return None;
            }
            let total = self.row(RequestRow::Total)?;
            let mut allowed = vec![total];
            // Some count as done only what was received this year, or what was answered.
            let carried = self.row(RequestRow::CarriedFromLastYear).filter(|&carried| carried > 0);
            allowed.extend(carried.map(|carried| total - carried));
            let unanswered = ["不再处理", "撤", "放弃", "终止", "其他处理"];
            if unanswered.iter().any(|word| sentence.text().contains(word)) {
                let others = self.rows("other_handling").filter(|&others| others > 0);
                allowed.extend(others.map(|others| total - others));
                allowed.extend(self.row(RequestRow::NotSupplementedInTime).map(|others| total - others));
            }
            return Some(("第三部分“（七）总计”的总计", allowed));
        }
        None
    }

    /// Whether the words name another office than the one that reports: 区政府办公室 in the report of the district.
    fn is_another(&self, words: &str) -> bool {
        const OFFICES: [&str; 11] =
            ["办公室", "部门", "局", "委", "街道", "镇", "乡", "中心", "单位", "科室", "政府办"];
        if !OFFICES.iter().any(|office| words.contains(office))
            || ["我", "本", "全局", "全镇", "全乡"].iter().any(|own| words.contains(own))
        {
            return false;
        }
        let own = self.report.agency.as_deref().unwrap_or_default();
        let own = own.trim_end_matches("人民政府").trim_end_matches("办事处");
        // 民政局 of 青禾区民政局 is enough: the last two characters of the name.
        let tail: String = own.chars().skip(own.chars().count().saturating_sub(2)).collect();
        tail.is_empty() || !words.contains(&tail)
    }

    /// An outcome by the name that the form gives it.
    fn outcome(&self, sentence: &Sentence, index: usize) -> Option<(String, i64)> {
        let label = sentence.label(index);
        let mut bare = label;
        loop {
            let shorter = ["决定", "依法", "属于", "其中", "因", "：", "有", "“"]
                .iter()
                .find_map(|word| bare.strip_prefix(word));
            match shorter {
                Some(shorter) => bare = shorter,
                None => break,
            }
        }
        let bare = bare.trim_end_matches(['的', '”', '共', '为']);
        const HEADS: [(&str, &str, &str); 7] = [
            ("予以公开", "disclosed", "（一）予以公开"),
            ("部分公开", "partly_disclosed", "（二）部分公开"),
            ("予以部分公开", "partly_disclosed", "（二）部分公开"),
            ("不予公开", "not_disclosed", "（三）不予公开"),
            ("无法提供", "unable_to_provide", "（四）无法提供"),
            ("不予处理", "not_processed", "（五）不予处理"),
            ("其他处理", "other_handling", "（六）其他处理"),
        ];
        if let Some((_, head, official)) = HEADS.iter().find(|(words, _, _)| *words == bare) {
            return Some((format!("第三部分“{official}”的总计"), self.rows(head)?));
        }
        const ROWS: [(&str, RequestRow); 22] = [
            ("国家秘密", RequestRow::StateSecret),
            ("其他法律行政法规禁止公开", RequestRow::OtherLaw),
            ("危及“三安全一稳定", RequestRow::SecurityOrStability),
            ("保护第三方合法权益", RequestRow::ThirdPartyRights),
            ("三类内部事务信息", RequestRow::InternalAffairs),
            ("四类过程性信息", RequestRow::ProcessInformation),
            ("行政执法案卷", RequestRow::EnforcementFile),
            ("行政查询事项", RequestRow::OwnInquiryProcedure),
            ("本机关不掌握相关政府信息", RequestRow::NotHeld),
            ("本机关不掌握", RequestRow::NotHeld),
            ("不掌握相关政府信息", RequestRow::NotHeld),
            ("没有现成信息需要另行制作", RequestRow::NeedsCreation),
            ("没有现成信息", RequestRow::NeedsCreation),
            ("补正后申请内容仍不明确", RequestRow::StillUnclear),
            ("信访举报投诉类申请", RequestRow::PetitionOrComplaint),
            ("信访举报投诉类", RequestRow::PetitionOrComplaint),
            ("重复申请", RequestRow::Repeated),
            ("要求提供公开出版物", RequestRow::PublicPublication),
            ("无正当理由大量反复申请", RequestRow::Excessive),
            ("要求行政机关确认或重新出具已获取信息", RequestRow::ConfirmOrReissue),
            ("申请人无正当理由逾期不补正", RequestRow::NotSupplementedInTime),
            ("逾期不补正", RequestRow::NotSupplementedInTime),
        ];
        let (_, row) = ROWS.iter().find(|(words, _)| *words == bare)?;
        self.report.requests.rows().find(|has| has == row)?;
        Some((format!("第三部分“{}”的总计", row.official()), self.row(*row)?))
    }

    /// Kinds of applicants, where the sentence speaks of what was received and of nothing else before.
    fn applicants(&self, sentence: &Sentence, index: usize) -> Option<(&'static str, i64)> {
        let text = sentence.before(sentence.quantities[index].range.start);
        if !["收到", "新收"].iter().any(|word| text.contains(word))
            || ["办结", "答复", "结转", "办理", "公开的"].iter().any(|word| text.contains(word))
            || self.doubtful.contains(&RequestRow::Received)
        {
            return None;
        }
        let bare = sentence
            .label(index)
            .trim_end_matches(['的', '共', '为'])
            .trim_end_matches("申请")
            .trim_end_matches("提出")
            .trim_start_matches("申请人为");
        let count = |column| self.report.requests.count(RequestRow::Received, column);
        match bare {
            "自然人" => Some(("第三部分“本年新收”自然人一列", count(ApplicantColumn::NaturalPerson)?)),
            "法人或其他组织" | "法人和其他组织" | "法人及其他组织" | "法人或者其他组织" =>
            {
                let organizations: Option<i64> =
                    ApplicantColumn::KINDS[1..].iter().map(|&column| count(column)).sum();
                Some(("第三部分“本年新收”法人或其他组织各列之和", organizations?))
            }
            "商业企业" => {
                Some(("第三部分“本年新收”商业企业一列", count(ApplicantColumn::CommercialEnterprise)?))
            }
            "科研机构" => {
                Some(("第三部分“本年新收”科研机构一列", count(ApplicantColumn::ResearchInstitution)?))
            }
            "社会公益组织" => Some((
                "第三部分“本年新收”社会公益组织一列",
                count(ApplicantColumn::PublicWelfareOrganization)?,
            )),
            "法律服务机构" => {
                Some(("第三部分“本年新收”法律服务机构一列", count(ApplicantColumn::LegalServiceInstitution)?))
            }
            _ => None,
        }
    }

    /// Documents and decisions by the words of part 二.
    fn proactive(&self, sentence: &Sentence, index: usize) -> Option<(&'static str, i64)> {
        use ProactiveColumn::{Decisions, InForce, Issued, Repealed};
        use ProactiveRow::{Compulsions, Licenses, NormativeDocuments, Penalties};
        const FIGURES: [(&str, &str, ProactiveRow, ProactiveColumn); 8] = [
            ("制发行政规范性文件", "第二部分行政规范性文件的“本年制发件数”", NormativeDocuments, Issued),
            ("废止行政规范性文件", "第二部分行政规范性文件的“本年废止件数”", NormativeDocuments, Repealed),
            ("现行有效行政规范性文件", "第二部分行政规范性文件的“现行有效件数”", NormativeDocuments, InForce),
            (
                "现行有效的行政规范性文件",
                "第二部分行政规范性文件的“现行有效件数”",
                NormativeDocuments,
                InForce,
            ),
            ("行政许可决定", "第二部分行政许可的“本年处理决定数量”", Licenses, Decisions),
            ("行政处罚决定", "第二部分行政处罚的“本年处理决定数量”", Penalties, Decisions),
            ("行政强制决定", "第二部分行政强制的“本年处理决定数量”", Compulsions, Decisions),
            ("行政强制执行决定", "第二部分行政强制的“本年处理决定数量”", Compulsions, Decisions),
        ];
        const MANNER: [&str; 13] = [
            "全年",
            "本年度",
            "本年",
            "年度内",
            "累计",
            "共",
            "共计",
            "其中",
            "依法",
            "作出",
            "做出",
            "年",
            "现有",
        ];
        let label = sentence.label(index).trim_end_matches(['共', '计', '为', '数', '量', '有']);
        let label = label.trim_start_matches(|c: char| c.is_ascii_digit());
        let (words, cell, row, column) = FIGURES.into_iter().find(|(words, ..)| label.ends_with(words))?;
        let count = self.report.proactive.count(row, column)?;
        only(label.strip_suffix(words)?, &MANNER).then_some((cell, count))
    }

    /// What these tables have for a number that the tables of `now` confirm.
    pub(super) fn same_figure(&self, now: &TableFigures, sentence: &Sentence, index: usize) -> Option<i64> {
        let (value, _) = sentence.quantities[index].exact()?;
        let Relation::Table { allowed, .. } = now.relation(sentence, index)? else { return None };
        let Relation::Table { allowed: these, .. } = self.relation(sentence, index)? else { return None };
        (allowed.first() == Some(&value)).then(|| these.first().copied())?
    }

    /// Cases of reconsideration and litigation on disclosure.
    fn remedy(&self, sentence: &Sentence, index: usize) -> Option<(&'static str, i64)> {
        let label = sentence.label(index);
        let in_part_four = sentence.passage.section == Some(Section::Remedies);
        let before = sentence.before(sentence.quantities[index].range.start);
        let on_disclosure = label.contains("信息公开")
            || ["因政府信息公开", "因信息公开"].iter().any(|word| before.contains(word))
            || sentence.on_requests && label.starts_with("发生");
        if !in_part_four && !on_disclosure {
            return None;
        }
        // What the agency decides on others, and results of single cases, are other numbers.
        let other = [
            "受理", "审理", "办理", "审结", "化解", "应诉", "维持", "纠正", "纠错", "败诉", "胜诉", "撤",
            "驳回", "结转", "占",
        ];
        if other.iter().any(|word| label.contains(word)) {
            return None;
        }
        let ends = |words: &[&str]| words.iter().any(|word| label.ends_with(word));
        use RemedyRow::{DirectLitigation, LitigationAfterReconsideration, Reconsideration};
        if ends(&["行政复议", "行政复议案件", "行政复议申请", "行政复议共"]) && !label.contains("诉讼")
        {
            return Some(("第四部分“行政复议”的总计", self.remedies(&[Reconsideration])?));
        }
        if ends(&["行政诉讼", "行政诉讼案件", "行政诉讼共"]) && !label.contains("复议") {
            let count = self.remedies(&[DirectLitigation, LitigationAfterReconsideration])?;
            return Some(("第四部分“行政诉讼”两项总计之和", count));
        }
        None
    }
}

/// Whether the text is made of these words alone.
fn only(text: &str, words: &[&str]) -> bool {
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

fn first(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

/// “收到申请10件，网上6件、信函4件”: the ways they came in add up, also where no 其中 says so.
pub(super) fn channels(sentence: &Sentence, sums: &[Relation]) -> Option<Relation> {
    if !sentence.on_requests {
        return None;
    }
    let all = &sentence.quantities;
    let first =
        (0..all.len()).find(|&index| is_channel(sentence.label(index)) && sentence.label(index) != "其他")?;
    let told = sums.iter().any(|sum| matches!(sum, Relation::Sum { parts, .. } if parts.contains(&first)));
    let total = first.checked_sub(1)?;
    let label = sentence.clause(total);
    if told || !["收到", "新收", "受理"].iter().any(|word| label.contains(word)) {
        return None;
    }
    let (_, unit) = all[total].exact()?;
    let mut parts = Vec::new();
    for (index, quantity) in all.iter().enumerate().skip(first) {
        if matches!(quantity.number, Number::Percent { .. }) {
            continue;
        }
        match quantity.exact() {
            Some((_, of)) if of == unit && is_channel(sentence.label(index)) => parts.push(index),
            // A number that is not certain may be one more of them.
            None if is_channel(sentence.label(index)) => return None,
            _ => break,
        }
    }
    let last = all[*parts.last()?].range.end;
    let whole = parts.len() >= 2 && !sentence.rest(last).starts_with('等');
    whole.then_some(Relation::Sum { total, parts, strength: Strength::Certain })
}
