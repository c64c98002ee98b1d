use super::Source;

/// Parts of the office that are no room: every surface uses them.
const SHARED: [&str; 5] = ["error", "time", "db", "secrets", "files"];

/// Rooms in which a citizen acts, by what the citizen does there.
const CITIZENS_ACT: [&str; 5] = ["accounts", "requests", "interaction", "subscriptions", "grievances"];

/// Citizens' pages read through `ROOM::public` alone, so that no filter can be forgotten there.
pub(super) fn uses_public_functions(sources: &[Source]) -> Vec<String> {
    let portal = sources
        .iter()
        .filter(|s| s.is_rust() && s.path.starts_with("crates/web/src/portal/") && !s.is_test());
    let mut breaches = Vec::new();
    for source in portal {
        let uses: Vec<(usize, String)> = uses(source);
        let bare: Vec<&str> =
            uses.iter().map(|(_, path)| path.as_str()).filter(|p| !p.contains("::")).collect();
        for (number, path) in &uses {
            if path.contains("::") && !is_open(path) {
                breaches.push(source.breach(*number, format!("uses {path}, which is not the public's")));
            }
        }
        for (number, line) in source.program().filter(|(_, line)| !line.trim_start().starts_with("use ")) {
            for room in &bare {
                for (at, _) in line.match_indices(&format!("{room}::")) {
                    let starts_word =
                        !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
                    let path: String = line[at..]
                        .chars()
                        .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ':')
                        .collect();
                    if starts_word && !is_open(&path) {
                        breaches
                            .push(source.breach(number, format!("uses {path}, which is not the public's")));
                    }
                }
            }
        }
    }
    breaches
}

/// Functions outside `public` that are open all the same: who the agencies are stands on every page, words
/// for codes, the year in a title and the length of the change log tell of no record, and `tracked` gives a
/// case only to one who has its number and code, `by_token` a subscription to one who has its letter.
const OPEN: [&str; 10] = [
    "accounts::agencies",
    "accounts::agency",
    "accounts::agency_by_code",
    "audit::position",
    "catalogue::category_label",
    "catalogue::category_provision",
    "interaction::tracked",
    "reporting::year_in_title",
    "requests::tracked",
    "subscriptions::by_token",
];

/// Whether a citizen's page may use this path of the office: shared parts, types, what is public, what
/// citizens do.
fn is_open(path: &str) -> bool {
    let mut parts = path.split("::");
    let room = parts.next().unwrap_or_default();
    let next = parts.next().unwrap_or_default();
    SHARED.contains(&room)
        || OPEN.contains(&path)
        || next == "public"
        || next.starts_with("public_")
        || next.starts_with(|c: char| c.is_ascii_uppercase())
        || (next == "actions" && CITIZENS_ACT.contains(&room))
}

/// The paths below `gongkai_disclosure::` that a file imports, with their lines; braces are spread out.
fn uses(source: &Source) -> Vec<(usize, String)> {
    const START: &str = "use gongkai_disclosure::";
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, line) in source.program() {
        if let Some(rest) = line.trim_start().strip_prefix(START) {
            open = Some((number, String::from(rest)));
        } else if let Some((_, text)) = &mut open {
            text.push_str(line.trim());
        }
        if let Some((start, text)) = open.take_if(|(_, text)| text.contains(';')) {
            let tree: String = text.split(';').next().unwrap_or_default().split_whitespace().collect();
            found.extend(spread(&tree).into_iter().map(|path| (start, path)));
        }
    }
    found
}

/// `a::{b, c::d}` is `a::b` and `a::c::d`.
fn spread(tree: &str) -> Vec<String> {
    let Some((prefix, rest)) = tree.split_once('{') else {
        return vec![tree.trim_end_matches("::self").to_owned()];
    };
    let inner = rest.strip_suffix('}').unwrap_or(rest);
    let mut branches = vec![String::new()];
    let mut depth = 0;
    for c in inner.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                branches.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = branches.last_mut() {
            last.push(c);
        }
    }
    let paths = branches.iter().filter(|branch| !branch.is_empty()).flat_map(|branch| spread(branch));
    paths
        .map(|path| {
            if path == "self" { prefix.trim_end_matches("::").to_owned() } else { format!("{prefix}{path}") }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    fn breaches(text: &str) -> Vec<String> {
        uses_public_functions(&source("crates/web/src/portal/x.rs", text))
    }

    #[test]
    fn braces_are_spread_out() {
        assert_eq!(spread("a::{self,b::{c,D},e}"), ["a", "a::b::c", "a::b::D", "a::e"]);
    }

    #[test]
    fn what_is_public_may_be_used() {
        let text = "use gongkai_disclosure::publishing::{PublicEntry, public};\n\
                    use gongkai_disclosure::requests::actions;\nuse gongkai_disclosure::catalogue;\n\
                    fn f() { catalogue::public::lines(); public::entry(); actions::submit(); }";
        assert_eq!(breaches(text), Vec::<String>::new());
    }

    #[test]
    fn what_is_for_officers_is_seen_however_it_is_imported() {
        assert_eq!(breaches("use gongkai_disclosure::publishing::drafts;").len(), 1);
        assert_eq!(breaches("use gongkai_disclosure::{\n    time,\n    review::actions,\n};").len(), 1);
        assert_eq!(breaches("use gongkai_disclosure::requests;\nfn f() { requests::open(); }").len(), 1);
    }
}
