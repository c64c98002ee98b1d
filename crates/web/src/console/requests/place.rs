//! 办到哪一步 — the place of a request on its way, as a line of steps. What is possible now the machine decides; this only
//! shows where it stands.

use gongkai_disclosure::requests::{Dossier, Event, RequestState};

use crate::components::{Step, StepState, Stepper};

/// 提交、收到、办理、拟定答复、答复、归档.
pub(super) fn steps(dossier: &Dossier) -> Stepper {
    let request = &dossier.request;
    let on = |event: Event| dossier.events.iter().rfind(|one| one.event == event).map(|one| one.happened_on);
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let state = request.state;
    let is_closed =
        state == RequestState::Closed || (state == RequestState::Archived && dossier.reply().is_none());
    let current = match state {
        RequestState::Submitted => 1,
        RequestState::Registered
        | RequestState::SupplementNoticed
        | RequestState::InProgress
        | RequestState::Consulting
        | RequestState::FeeNoticed => 2,
        RequestState::Decided => 3,
        // Waits for the archive.
        RequestState::Replied | RequestState::Closed => 5,
        RequestState::Archived => 6,
    };
    let handling = if current == 2 { state.label() } else { "" };
    let all = [
        ("提交", request.submitted_on.to_string()),
        ("收到申请", day(request.received_on)),
        ("办理", handling.to_owned()),
        ("拟定答复、审签", day(on(Event::Decide).filter(|_| current >= 3))),
        (if is_closed { "终止办理" } else { "发出答复" }, day(request.closed_on)),
        ("归档", day(on(Event::Archive))),
    ];
    let step = |(at, (label, note)): (usize, (&str, String))| {
        let is_skipped = is_closed && at == 3;
        (!is_skipped).then(|| Step {
            label: label.to_owned(),
            state: match at.cmp(&current) {
                std::cmp::Ordering::Less => StepState::Done,
                std::cmp::Ordering::Equal => StepState::Current,
                std::cmp::Ordering::Greater => StepState::Waiting,
            },
            note,
        })
    };
    Stepper { steps: all.into_iter().enumerate().filter_map(step).collect() }
}
