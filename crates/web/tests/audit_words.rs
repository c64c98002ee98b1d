//! Every act a room records has words on the audit page.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use gongkai_web::console::audit::known_act;

/// Acts whose code is not written beside `Act::new`: (room, act).
const NAMED_ELSEWHERE: [(&str, &str); 13] = [
    ("grievances", "submitted"),
    ("grievances", "registered"),
    ("accounts", "user_stopped"),
    ("accounts", "user_restored"),
    ("interaction", "submitted"),
    ("interaction", "call_recorded"),
    ("oversight", "rectification_answered"),
    ("reporting", "adjustment_confirmed"),
    ("reporting", "adjustment_ended"),
    ("reporting", "submission_sent"),
    ("reporting", "submission_declined"),
    ("reporting", "submission_returned"),
    ("reporting", "submission_accepted"),
];

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            sources(&path, found);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            found.push(std::fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_act_has_words() {
    let mut texts = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../disclosure/src"), &mut texts);
    let mut acts: Vec<(String, String)> =
        NAMED_ELSEWHERE.iter().map(|(room, act)| ((*room).into(), (*act).into())).collect();
    for text in &texts {
        for call in text.split("Act::new(").skip(1) {
            let mut arguments = call.splitn(3, ',').map(str::trim);
            let literal = |argument: Option<&str>| {
                argument.and_then(|a| a.strip_prefix('"')?.strip_suffix('"')).map(str::to_owned)
            };
            let (room, act) = (literal(arguments.next()), literal(arguments.next()));
            acts.extend(room.zip(act).filter(|(room, _)| room != "test"));
        }
    }
    assert!(acts.len() > 20, "the rooms record acts: {acts:?}");
    let wordless: Vec<_> = acts.iter().filter(|(room, act)| known_act(room, act).is_none()).collect();
    assert!(wordless.is_empty(), "add words in console/audit.rs for {wordless:?}");
}
