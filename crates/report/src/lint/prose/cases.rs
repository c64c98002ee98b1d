//! Documents and decisions of part 二, cases of reconsideration and litigation of part 四.

use super::Sentence;
use super::outcomes::{TableFigures, only};
use crate::model::{OfficialForm, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow, Section};

impl TableFigures<'_> {
    /// Documents and decisions by the words of part 二.
    pub(super) fn proactive(&self, sentence: &Sentence, index: usize) -> Option<(&'static str, Vec<i64>)> {
        const MANNER: [&str; 23] = [
            "全年",
            "本年度",
            "本年",
            "今年",
            "年度内",
            "累计",
            "共",
            "共计",
            "其中",
            "依法",
            "年",
            "现有",
            "目前",
            "截至目前",
            "我局",
            "我镇",
            "我县",
            "我区",
            "我市",
            "我街道",
            "本机关",
            "本级",
            "清理后",
        ];
        let label = sentence.label(index).trim_end_matches(['共', '计', '为', '数', '量', '有']);
        let label = label.trim_start_matches(|c: char| c.is_ascii_digit());
        let documents = self.documents(sentence, index, label, &MANNER);
        documents.or_else(|| self.decisions(sentence, index, label, &MANNER))
    }

    /// “制发行政规范性文件3件，废止1件，现行有效21件”.
    fn documents(
        &self,
        sentence: &Sentence,
        index: usize,
        label: &str,
        manner: &[&str],
    ) -> Option<(&'static str, Vec<i64>)> {
        use ProactiveColumn::{Created, InForce, Issued, Repealed};
        const ISSUED: [&str; 9] =
            ["制发", "新制发", "制定", "新制定", "制定出台", "出台", "印发", "制定印发", "制定发布"];
        const REPEALED: [&str; 3] = ["废止", "宣布废止", "清理废止"];
        const IN_FORCE: [&str; 5] = ["现行有效", "现行有效的", "继续有效", "继续有效的", "保留"];
        const NAMES: [&str; 2] = ["行政规范性文件", "规范性文件"];
        let named = NAMES.iter().find_map(|name| label.split_once(name));
        // Behind documents named in the sentence their verb alone is enough, except for the first.
        let before = sentence.before(sentence.quantities[index].range.start);
        let told_before = before.rfind(NAMES[1]).is_some_and(|at| {
            let since = &before[at..];
            !["规章", "政策", "文件汇编", "法规"].iter().any(|word| since.contains(word))
        });
        let (front, behind) = match named {
            Some(parts) => parts,
            None if told_before => (label, ""),
            None => return None,
        };
        let verb = |verbs: &[&str]| {
            let ends = |verb: &&&str| front.strip_suffix(**verb).is_some_and(|rest| only(rest, manner));
            let follows = |verb: &&&str| **verb == behind && only(front, manner);
            let last = |verb: &&&str| if behind.is_empty() { ends(verb) } else { follows(verb) };
            verbs.iter().any(|verb| last(&verb))
        };
        let count = |column| self.report.proactive.count(ProactiveRow::NormativeDocuments, column);
        if verb(&REPEALED) {
            let count = count(Repealed)?;
            // Some count what lapsed among what was repealed.
            let lapsed =
                (0..sentence.quantities.len()).filter(|&other| sentence.label(other).ends_with("失效"));
            let lapsed = lapsed.filter_map(|other| sentence.quantities[other].exact());
            let less = lapsed.map(|(lapsed, _)| count - lapsed);
            let allowed = std::iter::once(count).chain(less).collect();
            return Some(("第二部分行政规范性文件的“本年废止件数”", allowed));
        }
        if verb(&IN_FORCE) {
            return Some(("第二部分行政规范性文件的“现行有效件数”", vec![count(InForce)?]));
        }
        if !verb(if named.is_some() { &ISSUED } else { &ISSUED[..2] }) {
            return None;
        }
        if self.report.proactive.form == Some(OfficialForm::F2019) {
            return Some(("第二部分规范性文件的“本年新制作数量”", vec![count(Created)?]));
        }
        Some(("第二部分行政规范性文件的“本年制发件数”", vec![count(Issued)?]))
    }

    /// “作出行政许可决定37件、行政处罚决定19件”.
    fn decisions(
        &self,
        sentence: &Sentence,
        index: usize,
        label: &str,
        manner: &[&str],
    ) -> Option<(&'static str, Vec<i64>)> {
        use ProactiveRow::{Compulsions, Licenses, Penalties};
        const KINDS: [(&str, &str, ProactiveRow); 4] = [
            ("行政许可", "第二部分行政许可的“本年处理决定数量”", Licenses),
            ("行政处罚", "第二部分行政处罚的“本年处理决定数量”", Penalties),
            ("行政强制", "第二部分行政强制的“本年处理决定数量”", Compulsions),
            ("行政强制执行", "第二部分行政强制的“本年处理决定数量”", Compulsions),
        ];
        const MADE: [&str; 6] = ["作出", "做出", "办理", "办结", "实施", "下达"];
        let decision = label.strip_suffix("决定");
        let bare = decision.unwrap_or(label).trim_end_matches("处理");
        let (kind, cell, row) = KINDS.into_iter().find(|(kind, ..)| bare.ends_with(kind))?;
        let front = bare.strip_suffix(kind)?;
        let made = MADE.iter().find_map(|made| front.strip_suffix(made));
        // “作出行政许可37件、行政处罚19件”: the verb holds for the whole list.
        let goes_on = |at: usize| {
            let of = sentence.label(at);
            KINDS.iter().any(|(kind, ..)| of.contains(kind)) && MADE.iter().any(|made| of.contains(made))
        };
        let joined = front.is_empty() && (0..index).rev().any(goes_on);
        if decision.is_none() && made.is_none() && !joined {
            return None;
        }
        let count = self.report.proactive.count(row, ProactiveColumn::Decisions)?;
        only(made.unwrap_or(front), manner).then(|| (cell, vec![count]))
    }

    /// Cases of reconsideration and litigation on disclosure, and how they ended.
    pub(super) fn remedy(&self, sentence: &Sentence, index: usize) -> Option<(String, i64)> {
        use RemedyRow::{DirectLitigation, LitigationAfterReconsideration, Reconsideration};
        const LITIGATION: [RemedyRow; 2] = [DirectLitigation, LitigationAfterReconsideration];
        const MANNER: [&str; 23] = [
            "全年",
            "本年度",
            "本年",
            "年度内",
            "共",
            "共计",
            "其中",
            "发生",
            "引发",
            "引起",
            "产生",
            "涉及",
            "涉",
            "被申请",
            "被提起",
            "被提",
            "申请",
            "提起",
            "被",
            "新增",
            "引起的",
            "引发的",
            "的",
        ];
        let label = sentence.label(index);
        let before = sentence.before(sentence.quantities[index].range.start);
        let in_part_four = sentence.passage.section == Some(Section::Remedies);
        // What the agency decides on others is another number.
        const OTHERS: [&str; 10] =
            ["受理", "审理", "办理", "审结", "化解", "应诉", "败诉", "胜诉", "驳回", "占"];
        if OTHERS.iter().any(|word| label.replace("尚未审结", "").contains(word)) {
            return None;
        }
        if let Some((rows, of, column)) = result(label, before) {
            let told_of = in_part_four || before.contains("信息公开") || sentence.on_requests;
            let own = !["受理", "审理", "办理行政"].iter().any(|word| before.contains(word));
            let cell = format!("第四部分“{of}”的“{}”", column.official());
            return (told_of && own).then(|| self.ended(rows, column)).flatten().map(|count| (cell, count));
        }
        // 新发生3件，上年结转1件: not all that the table counts.
        if label.contains('新') && sentence.text().contains("结转") {
            return None;
        }
        if ["维持", "纠正", "纠错", "撤", "结转"].iter().any(|word| label.contains(word)) {
            return None;
        }
        let bare = label.trim_end_matches(['共', '计', '为', '有', '数', '量', '的']);
        let bare = bare.trim_end_matches("案件").trim_end_matches("案").trim_end_matches("申请");
        let ends = |words: &[&'static str]| words.iter().find_map(|word| bare.strip_suffix(word));
        let (front, cell, rows) = if let Some(front) = ends(&["直接起诉", "直接提起行政诉讼"]) {
            let front = front.trim_end_matches("未经复议").trim_end_matches("未经行政复议");
            (front, "第四部分“未经复议直接起诉”的总计", &[DirectLitigation][..])
        } else if let Some(front) = ends(&["复议后起诉", "复议后提起行政诉讼"]) {
            (front, "第四部分“复议后起诉”的总计", &[LitigationAfterReconsideration][..])
        } else if let Some(front) = ends(&["行政复议"]).filter(|_| !label.contains("诉讼")) {
            (front, "第四部分“行政复议”的总计", &[Reconsideration][..])
        } else {
            let front = ends(&["行政诉讼"]).filter(|_| !label.contains("复议"))?;
            (front, "第四部分“行政诉讼”两项总计之和", &LITIGATION[..])
        };
        // By its own words, by those of the sentence, or among the requests and in no other words.
        let plain = (sentence.on_requests || before.contains("信息公开")) && only(front, &MANNER);
        let on_disclosure = in_part_four
            || label.contains("信息公开")
            || ["因政府信息公开", "因信息公开"].iter().any(|word| before.contains(word))
            || plain;
        on_disclosure.then(|| self.remedies(rows)).flatten().map(|count| (cell.to_owned(), count))
    }

    /// How many cases ended so, of blocks whose total is that of their results.
    fn ended(&self, rows: &[RemedyRow], column: RemedyColumn) -> Option<i64> {
        self.remedies(rows)?;
        rows.iter().map(|&row| self.report.remedies.count(row, column)).sum()
    }
}

type Ended = (&'static [RemedyRow], &'static str, RemedyColumn);

/// “行政复议4件，其中结果维持2件”: the result, and the cases that the words before it speak of.
fn result(label: &str, before: &str) -> Option<Ended> {
    use RemedyColumn::{Corrected, OtherResult, Pending, Upheld};
    use RemedyRow::{DirectLitigation, LitigationAfterReconsideration, Reconsideration};
    const RESULTS: [(&str, RemedyColumn); 9] = [
        ("维持", Upheld),
        ("结果维持", Upheld),
        ("纠正", Corrected),
        ("被纠正", Corrected),
        ("结果纠正", Corrected),
        ("其他结果", OtherResult),
        ("其它结果", OtherResult),
        ("尚未审结", Pending),
        ("未审结", Pending),
    ];
    let (_, column) = RESULTS.into_iter().find(|(words, _)| *words == label)?;
    let last = |words: &[&str]| words.iter().filter_map(|word| before.rfind(word)).max();
    let (reconsidered, sued) = (last(&["行政复议"]), last(&["诉讼", "起诉"]));
    reconsidered.or(sued)?;
    if reconsidered > sued {
        return Some((&[Reconsideration], "行政复议", column));
    }
    let block = before.rfind("行政诉讼").map_or(before, |at| &before[at..]);
    Some(match (block.rfind("直接起诉"), block.rfind("复议后起诉")) {
        (None, None) => (&[DirectLitigation, LitigationAfterReconsideration], "行政诉讼", column),
        (direct, after) if direct > after => (&[DirectLitigation], "未经复议直接起诉", column),
        _ => (&[LitigationAfterReconsideration], "复议后起诉", column),
    })
}
