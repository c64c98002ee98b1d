//! Requests that came, were answered and were carried over.

use super::outcomes::{TableFigures, only};
use super::{Sentence, applicants};
use crate::model::RequestRow;

/// What requests are called behind a verb.
const THINGS: [&str; 40] = [
    "依申请",
    "公开",
    "数",
    "办理事项",
    "依申请公开信息",
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
    "公开政府信息",
    "完毕",
];

/// Words before a verb that say nothing of which requests are meant.
const MANNER: [&str; 37] = [
    "书面",
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
    "及",
    "办理",
    "依法",
    "依规",
    "按时",
    "按期",
    "及时",
    "已经",
    "规范",
    "作出",
    "总",
    "我局",
    "我镇",
    "我乡",
    "我街道",
    "我办",
    "我县",
    "我区",
    "我市",
    "本机关",
];

impl TableFigures<'_> {
    /// 新收、上年结转、办结、结转下年度.
    pub(super) fn volume(&self, sentence: &Sentence, index: usize) -> Option<(&'static str, Vec<i64>)> {
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
        let carry = ["结转", "转结", "顺延", "延至"];
        let (before, after) = match self.report.year {
            Some(year) => (format!("{}年", year - 1), format!("{}年", year + 1)),
            None => ("上年".to_owned(), "下年".to_owned()),
        };
        let last_year = ["上年", "上一年", "去年", "往年", &before];
        let next_year = ["下年", "下一年", "次年", "明年", &after];
        let is_next = |words: &str| next_year.iter().any(|word| words.contains(word));
        let carries = |words: &str| carry.iter().any(|word| words.contains(word));
        if carries(label) && has(&last_year) && !is_next(label) {
            let handled = label.find("办理").is_some_and(|at| !carries(&label[..at]));
            if handled || has(&["收到", "新收", "办结", "和", "及", "包括"]) {
                return None;
            }
            let count = self.row(RequestRow::CarriedFromLastYear)?;
            return Some(("第三部分“上年结转政府信息公开申请数量”的总计", vec![count]));
        }
        let bare_before =
            ["", "共", "有", "另有", "还有", "尚有", "仍有", "剩余", "其余", "余"].contains(&label);
        // “1件结转下年度”“结转1件至下年度”“另有1件按规定顺延到下年度答复”.
        let clause = &behind[..behind.find(['，', '；', '、', '。', '（', '）']).unwrap_or(behind.len())];
        let carried = carries(label) && is_next(label) && !has(&last_year)
            || bare_before && carries(clause) && is_next(clause)
            || carry.iter().any(|word| label.ends_with(word))
                && clause.starts_with(['至', '到', '入'])
                && is_next(clause);
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
        if let Some(object) = behind_of(&["收到", "新收", "受理", "接收", "接到"]) {
            if !only(object, &THINGS) || has(&["结转"]) || has(&["办结", "答复"]) {
                return None;
            }
            let head = label.find(object).map_or(label, |_| &label[..label.len() - object.len()]);
            // 收到公民申请9件、法人申请4件: one kind of applicants after the other.
            if applicants::is_one_kind(sentence, index) {
                return None;
            }
            if self.is_another(head) || is_one_way(sentence, index, head) {
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
            // 截至2031年底累计收到: since whenever they are counted.
            let before = sentence.before(sentence.quantities[index].range.start);
            let (value, _) = sentence.quantities[index].exact()?;
            let since = ["截至", "截止", "以来", "历年"].iter().any(|word| before.contains(word));
            if since && before.contains("累计") && value > received {
                return None;
            }
            if has(&["受理"]) || counts_both && !has(&["新收"]) {
                allowed.extend(both);
            }
            return Some(("第三部分“本年新收政府信息公开申请数量”的总计", allowed));
        }
        const DONE: [&str; 6] = ["办理完毕", "办结", "答复", "办复", "回复", "已办理"];
        if let Some(object) = behind_of(&DONE) {
            let verb = DONE.into_iter().find(|verb| label.contains(verb))?;
            let manner = &label[..label.find(verb)?];
            let manner = manner.trim_start_matches(|c: char| c.is_ascii_digit() || c == '年');
            if !only(object, &THINGS) || !only(manner, &MANNER) {
                return None;
            }
            // 热线工单325件，办结325件: something else was done.
            const ELSE: [&str; 7] = ["热线", "工单", "留言", "诉求", "信箱", "提案", "来信"];
            let before = sentence.before(sentence.quantities[index].range.start);
            if !before.contains("申请") && ELSE.iter().any(|word| before.contains(word)) {
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
        self.handled(label)
    }

    /// “共办理申请15件”“依申请公开13件”: all that came, or what was done with it.
    fn handled(&self, label: &str) -> Option<(&'static str, Vec<i64>)> {
        let label = label.trim_start_matches(|c: char| c.is_ascii_digit() || c == '年');
        let verb = ["办理", "处理"].into_iter().find_map(|verb| label.rsplit_once(verb));
        let received = self.row(RequestRow::Received)?;
        let total = self.row(RequestRow::Total)?;
        let both = received + self.row(RequestRow::CarriedFromLastYear)?;
        if let Some((manner, object)) = verb {
            // 通过门户网站、邮寄等途径: how they came.
            let by = object.split_once("通过").and_then(|(who, by)| {
                let way = ["途径", "方式", "渠道"].iter().find_map(|way| by.split_once(way))?;
                Some((who, way.1))
            });
            let (who, object) = by.unwrap_or(("", object));
            let plain = only(manner, &MANNER) && only(who, &THINGS) && only(object, &THINGS);
            return plain.then(|| ("第三部分“（七）总计”的总计", vec![total, both, received]));
        }
        // 主动公开信息90件，依申请公开信息12件: how documents are to be treated, not what came of requests.
        if !label.contains("申请") || label.contains("公开信息") || !only(label, &THINGS) {
            return None;
        }
        let disclosed = self.rows("disclosed")?;
        let allowed = vec![received, both, total, disclosed, disclosed + self.rows("partly_disclosed")?];
        Some(("第三部分“本年新收政府信息公开申请数量”的总计", allowed))
    }

    /// Whether the words name another office than the one that reports: 区政府办公室 in the report of the district.
    fn is_another(&self, words: &str) -> bool {
        let agency = self.report.agency.as_deref().unwrap_or_default();
        let one_office =
            ["局", "委", "委员会", "办公室", "厅", "中心"].iter().any(|end| agency.ends_with(end));
        let whole_area = ["全市", "全区", "全县", "全省", "全州", "系统", "各级"];
        if one_office && whole_area.iter().any(|area| words.contains(area)) {
            return true;
        }
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
}

/// Whether requests are named right behind the number: 收到13条政府信息公开申请.
pub(super) fn are_requests(sentence: &Sentence, index: usize) -> bool {
    let behind = sentence.rest(sentence.quantities[index].range.end);
    let clause = &behind[..behind.find(['，', '；', '、', '。', '（', '）', '：']).unwrap_or(behind.len())];
    clause.contains("申请") && only(clause, &THINGS)
}

/// “收到13件，其中通过平台收到9件，现场收到1件”: what came by one way, behind what came in all.
fn is_one_way(sentence: &Sentence, index: usize, head: &str) -> bool {
    const WAYS: [&str; 13] = [
        "通过", "平台", "网站", "网上", "网络", "线上", "线下", "现场", "当面", "窗口", "邮寄", "信函",
        "邮箱",
    ];
    const CAME: [&str; 5] = ["收到", "新收", "受理", "接收", "接到"];
    let came_before = (0..index).any(|before| CAME.iter().any(|word| sentence.clause(before).contains(word)));
    came_before && (head.contains("其中") || WAYS.iter().any(|way| head.contains(way)))
}
