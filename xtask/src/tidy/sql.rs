use super::Source;

/// Words with which a statement begins inside a string.
const STATEMENTS: [&str; 5] = ["\"SELECT ", "\"INSERT INTO ", "\"UPDATE ", "\"DELETE FROM ", "sqlx::query"];

/// SQL stands in `store.rs`, `public.rs` and `db/`, so that one who looks for a statement knows where.
pub(super) fn stands_in_its_place(sources: &[Source]) -> Vec<String> {
    let is_its_place = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        matches!(name, "store.rs" | "public.rs")
            || ["/db/", "/store/", "/public/"].iter().any(|p| path.contains(p))
    };
    let elsewhere = sources
        .iter()
        .filter(|s| s.is_rust() && s.path.starts_with("crates/") && !s.is_test() && !is_its_place(&s.path));
    let mut breaches = Vec::new();
    for source in elsewhere {
        for (number, line) in source.program() {
            if let Some(found) = STATEMENTS.iter().find(|statement| line.contains(**statement)) {
                breaches.push(
                    source.breach(number, format!("{} outside a store", found.trim_matches('"').trim())),
                );
            }
        }
    }
    breaches
}

/// What `public.rs` reads is a view `public_…`: an unpublished row is not in it.
pub(super) fn public_reads_views(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources.iter().filter(|s| s.path.ends_with("/public.rs") && s.path.contains("/disclosure/"))
    {
        // Names given by WITH … AS ( are the statement's own.
        let own: Vec<&str> =
            source.text.split(" AS (").filter_map(|before| before.split_whitespace().last()).collect();
        for (number, line) in source.program().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            let words: Vec<&str> = line.split_whitespace().collect();
            for two in
                words.windows(2).filter(|two| matches!(two[0].trim_start_matches('"'), "FROM" | "JOIN"))
            {
                let table = two[1].trim_matches(|c: char| !c.is_alphanumeric() && c != '_' && c != '(');
                let is_open = table.starts_with("public_") || table.starts_with('(') || own.contains(&table);
                if !is_open {
                    breaches.push(source.breach(number, format!("reads {table}, which is no public view")));
                }
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    #[test]
    fn a_statement_in_an_action_is_seen_and_one_in_a_store_is_right() {
        let text = "fn f() {\n    sqlx::query(\"SELECT 1\");\n}\n";
        assert_eq!(stands_in_its_place(&source("crates/disclosure/src/review/actions.rs", text)).len(), 1);
        assert_eq!(stands_in_its_place(&source("crates/disclosure/src/review/store.rs", text)).len(), 0);
        let test = format!("#[cfg(test)]\nmod tests {{\n{text}}}\n");
        assert_eq!(stands_in_its_place(&source("crates/disclosure/src/review/mod.rs", &test)).len(), 0);
    }

    #[test]
    fn a_table_read_by_the_public_is_seen() {
        let at = "crates/disclosure/src/publishing/public.rs";
        let read = |sql: &str| public_reads_views(&source(at, sql)).len();
        assert_eq!(read("\"SELECT * FROM public_entries e JOIN public_editions d ON d.id = e.id\""), 0);
        assert_eq!(read("\"SELECT * FROM public_entries JOIN users u ON 1 = 1\""), 1);
        assert_eq!(read("\"SELECT * FROM entries\""), 1);
        assert_eq!(read("\"WITH newest AS (SELECT 1 FROM public_entries) SELECT * FROM newest\""), 0);
    }
}
