//! The machine drawn, for `docs/request-states.md`: asked line by line, so that it cannot say anything but the `match`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::{Event, ExtensionStanding, LetterStanding, RequestState, Standing, lines, next};

/// Every standing the machine can meet.
fn standings() -> Vec<Standing> {
    let mut all = Vec::new();
    let extensions = [ExtensionStanding::None, ExtensionStanding::Proposed, ExtensionStanding::Approved];
    let letters =
        [LetterStanding::None, LetterStanding::InReview, LetterStanding::Returned, LetterStanding::Signed];
    for bits in 0..1024_u16 {
        for extension in extensions {
            for letter in letters {
                for open_consultations in 0..3 {
                    all.push(Standing {
                        is_received: bits & 1 > 0,
                        is_supplement_noticed: bits & 2 > 0,
                        is_supplement_overdue: bits & 4 > 0,
                        is_reasons_noticed: bits & 32 > 0,
                        is_reasons_stated: bits & 64 > 0,
                        is_delayed: bits & 128 > 0,
                        extension,
                        open_consultations,
                        unanswered_objections: open_consultations,
                        is_fee_noticed: bits & 8 > 0,
                        is_fee_overdue: bits & 16 > 0,
                        letter,
                        is_delivered: bits & 256 > 0,
                        is_renewal: bits & 512 > 0,
                    });
                }
            }
        }
    }
    all
}

/// The states after a line, under any standing.
pub(super) fn after(from: Option<RequestState>, event: Event) -> BTreeSet<RequestState> {
    standings().iter().filter_map(|now| next(from, event, now).ok()).collect()
}

/// 办理状态 as a page: drawn, and with what can happen in each state.
pub fn page_markdown() -> String {
    let mut moves: BTreeMap<(Option<RequestState>, RequestState), Vec<&str>> = BTreeMap::new();
    let mut stays: BTreeMap<RequestState, Vec<&str>> = BTreeMap::new();
    for (from, event) in lines() {
        for to in after(from, event) {
            match from {
                Some(state) if state == to => stays.entry(to).or_default().push(event.label()),
                _ => moves.entry((from, to)).or_default().push(event.label()),
            }
        }
    }
    let mut page = String::from(
        "# 申请的办理状态\n\n本页由 `crates/disclosure/src/requests/machine.rs` 生成，不要手改。图中的线是使状态变化的环节；\
         不改变状态的环节列在后面。一个环节此刻能不能办，还要看期限和案情（例如已经告知过补正的不能再次告知），由程序当时判断。\n\n\
         ```mermaid\nstateDiagram-v2\n",
    );
    for state in RequestState::ALL {
        let _ = writeln!(page, "    state \"{}\" as {}", state.label(), state.code());
    }
    for ((from, to), events) in &moves {
        let from = from.map_or("[*]", RequestState::code);
        let _ = writeln!(page, "    {from} --> {} : {}", to.code(), events.join("、"));
    }
    let _ = writeln!(page, "    {} --> [*]\n```\n", RequestState::Archived.code());
    page.push_str("| 状态 | 不改变状态的环节 | 接着可以到 |\n|---|---|---|\n");
    for state in RequestState::ALL {
        let staying = stays.get(state).map(|events| events.join("、")).unwrap_or_default();
        let onwards: Vec<&str> =
            moves.keys().filter(|(from, _)| *from == Some(*state)).map(|(_, to)| to.label()).collect();
        let _ = writeln!(page, "| {} | {staying} | {} |", state.label(), onwards.join("、"));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawing_has_every_state_and_every_event() {
        let page = page_markdown();
        for state in RequestState::ALL {
            assert!(page.contains(&format!("state \"{}\" as {}", state.label(), state.code())));
        }
        for event in Event::ALL {
            assert!(page.contains(event.label()), "{event:?}");
        }
        assert!(page.contains("submitted --> registered : 确认收到申请"));
        assert!(page.contains("[*] --> submitted : 提交申请、登记申请"));
    }
}
