use jiff::Timestamp;
use proptest::prelude::*;

use super::index::{FileWords, Index};
use super::lexicon::Lexicon;
use super::reader::{Raw, Reader};
use super::store::Row;
use super::text::{self, Placed};
use super::{By, Order, Query, Search, typed};
use crate::accounts::AgencyKind;
use crate::audit::{Act, Actor};
use crate::db::testing;
use crate::files::Passage;
use crate::publishing::actions::{revise, save_draft, submit, withdraw};
use crate::testing::{complete_draft, monday, office, signed_by_all, submitted};

fn row(id: &str, title: &str, body: &str) -> Row {
    Row {
        id: id.into(),
        index_number: format!("sx/2026-{id}"),
        agency_code: "sx".into(),
        category: "ogi20.1".into(),
        title: title.into(),
        body_html: body.into(),
        document_number: Some("青政办发〔2026〕12号".into()),
        made_on: "2026-03-01".into(),
        theme: "agriculture".into(),
        ..Row::default()
    }
}

fn reader_of(rows: &[Row]) -> (Index, Reader) {
    let mut index = Index::in_memory().unwrap();
    for row in rows {
        index.put(row, &[]).unwrap();
    }
    index.commit(1, "one").unwrap();
    let reader = index.reader().unwrap();
    (index, reader)
}

fn asked(reader: &Reader, query: &Query) -> Raw {
    let lexicon = Lexicon::new(&["青禾区财政局".into()], &["农村危房改造".into()]);
    reader.find(query, None, &typed::terms(&query.text), &lexicon).unwrap()
}

fn words(typed: &str) -> Query {
    Query { text: typed.into(), limit: 20, ..Query::default() }
}

fn found(rows: &[Row], typed: &str) -> Vec<String> {
    asked(&reader_of(rows).1, &words(typed)).ids
}

#[test]
fn any_two_characters_that_stand_together_are_found() {
    let rows = [row("00001", "农村危房改造补助资金管理办法", "<p>补助标准按照房屋<b>危险</b>等级确定。</p>")];
    let (_index, reader) = reader_of(&rows);
    for typed in [
        "危房",
        "房改",
        "造补",
        "危险等级",
        "屋危险",
        "助标",
        "法",
        "。",
        "确定。",
        "危房 标准",
        "“危险等级”",
        "农村危房改造标准",
        "〔2026〕",
        "[2026]12号",
        "（2026）12",
        "青政办发【２０２６】第１２号",
        "青政办发〔二〇二六〕十二号",
        "SX/2026",
        "sx/2026-1",
        "ＳＸ／２０２６－００００１",
        "nongcunweifang",
        "nong cun wei fang",
        "ncwf",
        "wfgz",
        "危改",
    ] {
        assert_eq!(asked(&reader, &words(typed)).ids, ["00001"], "{typed}");
    }
    for typed in [
        "房危",
        "标准 没有",
        "<p>",
        "确定没",
        "“危房改造标准”",
        "青政办发〔2026〕1号",
        "sx/2026-2",
        "beijing",
    ] {
        assert!(asked(&reader, &words(typed)).ids.is_empty(), "{typed}");
    }
}

#[test]
fn a_title_ranks_above_a_text_and_the_whole_above_its_words() {
    let rows = [
        row("00001", "关于印发安全生产要点的通知", "<p>落实养老服务登记。</p>"),
        row("00002", "养老服务登记发放办法", "<p>自发布之日起施行。</p>"),
        row("00003", "养老机构名单", "<p>服务单位已经登记。</p>"),
    ];
    assert_eq!(found(&rows, "养老服务登记"), ["00002", "00001", "00003"]);
    assert_eq!(found(&rows, "“养老服务登记”"), ["00002", "00001"]);
    assert_eq!(found(&rows, "养老").last().unwrap(), "00001", "titles first");
}

#[test]
fn the_first_of_a_narrowed_list_are_the_best_of_what_it_is_narrowed_to() {
    let mut rows: Vec<Row> = (0..10)
        .map(|number| Row {
            agency_code: "cz".into(),
            ..row(&format!("{number:05}"), "养老服务", "<p>略。</p>")
        })
        .collect();
    rows.extend((10..20).map(|number| {
        let body = "养老".repeat(1 + number * 7 % 10);
        Row {
            made_on: format!("2026-03-{number}"),
            ..row(&number.to_string(), "通知", &format!("<p>{body}</p>"))
        }
    }));
    let (_index, reader) = reader_of(&rows);
    let all = words("养老");
    for narrowed in [
        all.clone().narrowed(By::Agency, Some("sx".into())),
        Query { from: Some("2026-03-10".into()), ..all },
    ] {
        let every = asked(&reader, &Query { limit: 100, ..narrowed.clone() });
        assert_eq!((every.total, every.ids.len()), (10, 10));
        assert_eq!(every.ids[0], "17", "it says the word ten times");
        let first = asked(&reader, &Query { limit: 3, ..narrowed });
        assert_eq!((first.total, &first.ids[..]), (10, &every.ids[..3]));
    }
}

#[test]
fn facets_count_under_the_other_restrictions_and_days_narrow() {
    let mut rows = Vec::new();
    for (number, agency, made, validity) in [
        (1, "sx", "2025-03-01", Some("in_force")),
        (2, "sx", "2026-01-31", Some("repealed")),
        (3, "cz", "2026-02-01", Some("in_force")),
        (4, "cz", "2026-12-31", None),
    ] {
        let row = row(&format!("{number:05}"), "养老服务", "");
        rows.push(Row {
            agency_code: agency.into(),
            made_on: made.into(),
            validity: validity.map(Into::into),
            ..row
        });
    }
    let (_index, reader) = reader_of(&rows);
    let counts = |raw: &Raw, by: By| -> Vec<(String, u64)> {
        raw.facets[by as usize].iter().map(|count| (count.code.clone(), count.hits)).collect()
    };
    let pair = |code: &str, hits| (code.to_owned(), hits);
    for order in [Order::Relevance, Order::Newest, Order::Oldest] {
        for text in ["养老", "养老服务", "养", ""] {
            let query = Query { text: text.into(), order, limit: 10, ..Query::default() };
            let raw = asked(&reader, &query.clone().narrowed(By::Agency, Some("cz".into())));
            assert_eq!(raw.total, 2, "{text}");
            assert_eq!(counts(&raw, By::Agency), [pair("cz", 2), pair("sx", 2)]);
            assert_eq!(counts(&raw, By::Year), [pair("2026", 2)]);
            assert_eq!(counts(&raw, By::Theme), [pair("agriculture", 2)]);
            assert_eq!(counts(&raw, By::Validity), [pair("in_force", 1)]);
            assert_eq!(raw.ids.len(), 2);
            let raw = asked(&reader, &query.clone().narrowed(By::Agency, Some("nobody".into())));
            assert_eq!((raw.total, raw.ids.len()), (0, 0));
            let days =
                Query { from: Some("2026-01-31".into()), until: Some("2026-02-01".into()), ..query.clone() };
            let raw = asked(&reader, &days);
            assert_eq!(raw.total, 2);
            match order {
                Order::Newest => assert_eq!(raw.ids, ["00003", "00002"]),
                Order::Oldest => assert_eq!(raw.ids, ["00002", "00003"]),
                Order::Relevance => {}
            }
        }
    }
}

#[test]
fn pages_of_a_list_hold_each_hit_once() {
    let rows: Vec<Row> = (0..95)
        .map(|n| Row {
            made_on: format!("2026-01-{:02}", n % 28 + 1),
            ..row(&format!("{n:05}"), if n % 3 == 0 { "养老服务" } else { "通知" }, "<p>养老服务补贴</p>")
        })
        .collect();
    let (_index, reader) = reader_of(&rows);
    for text in ["养", "养老", "养老服务", "服务 补贴"] {
        for order in [Order::Relevance, Order::Newest] {
            let mut seen = Vec::new();
            for page in 0..10 {
                let query =
                    Query { text: text.into(), order, offset: page * 10, limit: 10, ..Query::default() };
                let raw = asked(&reader, &query);
                assert_eq!(raw.total, 95);
                seen.extend(raw.ids);
            }
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), 95, "{text} {order:?}");
        }
    }
}

#[test]
fn an_index_remembers_its_position_and_a_removed_row_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("search");
    {
        let (mut index, position) = Index::open(Some(&folder)).unwrap();
        assert_eq!(position, 0);
        index.put(&row("00001", "养老服务", ""), &[]).unwrap();
        index.put(&row("00002", "养老保险", ""), &[]).unwrap();
        index.commit(7, "seven").unwrap();
        index.remove("00001");
        index.commit(9, "nine").unwrap();
        // Another process takes the folder beside it, and finds there what it left there.
        let (beside, position) = Index::open(Some(&folder)).unwrap();
        assert_eq!((position, beside.mark), (0, None));
        assert!(folder.with_file_name("search-2").is_dir());
    }
    let (index, position) = Index::open(Some(&folder)).unwrap();
    assert_eq!(position, 9);
    assert_eq!(index.mark, Some((9, "nine".to_owned())));
    let raw = asked(&index.reader().unwrap(), &words("养老"));
    assert_eq!((raw.total, raw.ids), (1, vec!["00002".to_owned()]));
}

#[test]
fn what_an_attachment_says_is_found_and_never_across_two_passages() {
    let passage = |page: u32, text: &str| Passage { place: format!("第 {page} 页"), text: text.into() };
    let file = FileWords {
        name: "补助对象名单.pdf".into(),
        passages: vec![passage(1, "改造进度"), passage(2, "石桥村二组")],
    };
    let mut index = Index::in_memory().unwrap();
    index.put(&row("00001", "公示", ""), &[file]).unwrap();
    index.commit(1, "one").unwrap();
    let reader = index.reader().unwrap();
    for (typed, hits) in [
        ("石桥村", 1),
        ("二组", 1),
        ("对象名单", 1),
        ("进度石桥", 1),
        ("“进度石桥”", 0),
        ("度石", 0),
        ("组", 1),
    ] {
        assert_eq!(asked(&reader, &words(typed)).total, hits, "{typed}");
    }
}

#[test]
fn an_extract_stands_around_the_words_that_stand_together() {
    let long = format!("{}养老{}服 务补贴和养老服务{}", "前".repeat(200), "中".repeat(200), "后".repeat(200));
    let terms: Vec<Vec<char>> =
        ["养老服务", "养老", "服务"].iter().map(|term| term.chars().collect()).collect();
    let pieces = Placed::new(&long).extract(&terms);
    let hits: Vec<&str> = pieces.iter().filter(|p| p.is_hit).map(|p| p.text.as_str()).collect();
    assert_eq!(hits, ["服 务", "养老服务"]);
    assert!(pieces[0].text.starts_with('…') && pieces.last().unwrap().text.ends_with('…'));
    assert_eq!(Placed::new("没有").extract(&terms), [text::Piece { text: "没有".into(), is_hit: false }]);
}

proptest! {
    #[test]
    fn html_is_placed_as_the_text_it_shows(html in "([一二Ａ1a]|[ \u{3000}\n]|<p>|</?b>|<br/>|<|>|&|&amp;|&nbsp;|lt;){0,30}") {
        prop_assert_eq!(Placed::of_html(&html), Placed::new(&text::plain(&html)));
        prop_assert!(!text::plain(&html).contains("  "));
    }
}

#[test]
fn hostile_text_is_only_text() {
    assert_eq!(text::plain("a<script>alert(1)</script>&lt;b&gt; &amp;amp;"), "a alert(1) <b> &amp;");
    assert_eq!(text::plain("<"), "");
    assert_eq!(text::plain(" <p>一  二\u{3000}</p><p>三&nbsp;四<b>五</b>&六&lt</p> "), "一 二 三 四五&六&lt");
    let (_index, reader) =
        reader_of(&[row("00001", "标题 AND 正文", "正文：a OR b，title:标题，c* .* [a-z]")]);
    for typed in [
        "(", "[a-", "\\", "*", "....", "\"", "\"\"\"", "'", "%", "_", "\u{0}", "\u{202e}", "🀄", "e\u{301}",
        "〔〕", "^$", "标题~2", "+标题",
    ] {
        let _ = asked(&reader, &words(typed));
    }
    for (typed, hits) in [
        ("标题 NOT 正文", 0),
        ("标题 AND 正文", 1),
        ("没有 OR 标题", 0),
        ("title:标题", 1),
        ("body:标题", 0),
        ("标*", 0),
        ("c*", 1),
        (".*", 1),
        ("[a-z]", 1),
        ("/标题/", 1),
        ("“/标题/”", 0),
        ("-标题", 1),
        (" \u{200b}\u{feff} ", 1),
    ] {
        assert_eq!(asked(&reader, &words(typed)).total, hits, "{typed:?}");
    }
    for long in ["长".repeat(1_000_000), "长 ".repeat(500_000), "\"".repeat(1_000_000), "an".repeat(500_000)]
    {
        let start = std::time::Instant::now();
        assert_eq!(asked(&reader, &words(&long)).total, 0);
        assert!(start.elapsed() < std::time::Duration::from_secs(5), "{:?}", start.elapsed());
    }
}

/// Chinese, Latin, digits, punctuation and blanks of both widths, as they stand in documents.
fn mixed() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "农村",
        "危房",
        "改造",
        "补助",
        "资金",
        "的",
        "办法",
        "人民政府",
        "区",
        "镇",
        "养老",
        "公示",
        "2026",
        "年",
        "第",
        "3",
        "号",
        "12",
        "１２",
        "〔",
        "〕",
        "（",
        "）",
        "[",
        "]",
        "，",
        "。",
        "、",
        "：",
        "“",
        "”",
        "\"",
        "-",
        "—",
        "/",
        "%",
        "GDP",
        "pm",
        "Ｐ",
        "é",
        "㎡",
        "①",
        "㈠",
        "\u{2f00}",
        "🀄",
        "〇",
        "·",
        "'",
        "*",
    ]);
    let any = prop::char::range('\u{4e00}', '\u{9fa5}').prop_map(String::from);
    let piece = prop_oneof![6 => pieces.prop_map(String::from), 3 => any, 1 => Just(" ".to_owned()), 1 => Just("\u{3000}".to_owned())];
    prop::collection::vec(piece, 1..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Every substring of two or more characters that stands in a text finds it; single characters, too.
    #[test]
    fn whatever_stands_in_a_text_finds_it(title in mixed(), body in mixed(), file in mixed(), cuts in prop::collection::vec((any::<prop::sample::Index>(), 1..30_usize, 0..3_u8), 12)) {
        let mut index = Index::in_memory().unwrap();
        let escaped = body.replace('&', "&amp;").replace('<', "&lt;");
        let passages = vec![Passage { place: "第 1 页".into(), text: file.clone() }];
        index.put(&row("00001", &title, &format!("<p>{escaped}</p>")), &[FileWords { name: "附件.pdf".into(), passages }]).unwrap();
        index.put(&row("00002", "另一件", "<p>别的内容</p>"), &[]).unwrap();
        index.commit(1, "one").unwrap();
        let reader = index.reader().unwrap();
        for (at, length, which) in cuts {
            let text: Vec<char> = [&title, &body, &file][which as usize].chars().collect();
            let from = at.index(text.len());
            let typed: String = text[from..].iter().take(length).collect();
            if text::compact(&typed).is_empty() {
                continue;
            }
            // As it stands, and as another keyboard writes it.
            let wide: String = typed.chars().map(|c| match c {
                '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap(),
                other => other,
            }).collect();
            for typed in [typed.clone(), wide, typed.to_uppercase()] {
                if typed.chars().count() != length.min(text.len() - from) {
                    continue;
                }
                let raw = asked(&reader, &words(&typed));
                prop_assert!(raw.ids.contains(&"00001".to_owned()), "{:?} in {:?}", typed, text.iter().collect::<String>());
            }
        }
    }

    /// What was typed in no order and no language: an answer, quickly.
    #[test]
    fn found_is_where_it_stands_and_nowhere_else_whether_or_not_it_was_cut_as_a_word(
        texts in prop::collection::vec(prop::collection::vec(0..10_usize, 1..12), 1..8),
        typed in prop::collection::vec(0..5_usize, 1..4),
    ) {
        const PIECES: [&str; 10] =
            ["年度报告", "年度", "报告", "工作", "度报", "年", "告", "，", " ", "<b>年度</b>报<i>告</i>"];
        let together = |pieces: &[usize]| pieces.iter().map(|n| PIECES[*n]).collect::<String>();
        let body = |pieces: &[usize]| format!("<p>{}</p>", together(pieces));
        let all: Vec<Row> =
            texts.iter().enumerate().map(|(n, text)| row(&format!("{n:05}"), "通知", &body(text))).collect();
        let typed = together(&typed);
        let holds = |row: &&Row| {
            text::compact(&text::plain(&row.body_html)).iter().collect::<String>().contains(&typed)
        };
        let expected: Vec<String> = all.iter().filter(holds).map(|row| row.id.clone()).collect();
        let mut found = found(&all, &format!("“{typed}”"));
        found.sort_unstable();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn anything_can_be_typed(typed in any::<String>()) {
        let (_index, reader) = reader_of(&[row("00001", "农村危房改造", "<p>2026年第3号</p>")]);
        prop_assert!(asked(&reader, &words(&typed)).total <= 1);
    }
}

/// A ledger of three links that say nothing of entries.
async fn ledger(name: &'static str) -> testing::TestDb {
    let test = testing::sqlite().await;
    let mut tx = test.db.begin(&Actor::Program(name), Timestamp::UNIX_EPOCH).await.unwrap();
    for n in 1..=3 {
        tx.record(Act::new("accounts", "test", "", &n.to_string(), serde_json::json!({})));
    }
    tx.commit().await.unwrap();
    test
}

#[tokio::test]
async fn a_look_that_breaks_off_breaks_nothing_else() {
    let search = Search::open(None).unwrap();
    for _ in 0..10 {
        let broken = search.in_turn(|_| -> anyhow::Result<()> { panic!("a fault in the index") }).await;
        assert!(broken.unwrap_err().to_string().contains("请重试"));
    }
    assert_eq!(search.in_turn(|reader| Ok(reader.prints()?.len())).await.unwrap(), 0);
}

#[tokio::test]
async fn an_index_of_another_ledger_is_built_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (own, other) = (ledger("own").await, ledger("other").await);
    let hash = super::hash_at(&mut own.db.read().await.unwrap(), 2).await.unwrap();
    let (mut index, _) = Index::open(Some(folder.path())).unwrap();
    index.put(&row("00001", "养老服务", ""), &[]).unwrap();
    index.commit(2, &hash).unwrap();
    drop(index);
    for (test, expected) in [(&own, 1), (&other, 0)] {
        let search = Search::open(Some(folder.path())).unwrap();
        assert_eq!(search.follow(&test.db).await.unwrap(), 3);
        assert_eq!(asked(&search.reader(), &words("养老")).total, expected);
    }
}

/// Two processes on one database: what one withdraws or replaces, the other neither shows nor counts from that moment on,
/// though it has not looked at the log since.
#[tokio::test]
async fn what_is_gone_is_neither_shown_nor_counted_anywhere() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "songxi", AgencyKind::Town).await;
        let mut ids = Vec::new();
        for title in ["农村危房改造补助名单", "农村危房改造管理办法"] {
            let (drafted, review) = submitted(db, &office, &complete_draft(title)).await;
            signed_by_all(db, &office, &review).await;
            ids.push(drafted.entry_id);
        }
        let searches = [Search::open(None).unwrap(), Search::open(None).unwrap()];
        for search in &searches {
            search.follow(db).await.unwrap();
            assert_eq!(search.find(db, &words("危房改造")).await.unwrap().total, 2);
            let suggested = search.find(db, &words("农村威房改造")).await.unwrap();
            assert_eq!((suggested.total, suggested.suggestions), (0, vec!["农村危房改造".to_owned()]));
        }
        // A draft is nowhere.
        let _ = submitted(db, &office, &complete_draft("机密的草稿标题")).await;
        for search in &searches {
            assert_eq!(search.find(db, &words("机密的草稿")).await.unwrap().total, 0);
        }
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        withdraw(&mut tx, &office.officer, &ids[0], "mistaken", "内容有误，正在更正").await.unwrap();
        tx.commit().await.unwrap();
        for search in &searches {
            let found = search.find(db, &words("危房改造")).await.unwrap();
            assert_eq!((found.total, found.hits.len()), (1, 1));
            assert_eq!(found.facets[By::Agency as usize][0].hits, 1);
            assert_eq!(search.find(db, &words("补助名单")).await.unwrap().suggestions, Vec::<String>::new());
        }
        // A new edition: the words of the old one are gone at once.
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let edition = revise(&mut tx, &office.officer, &ids[1]).await.unwrap().edition_id;
        tx.commit().await.unwrap();
        let mut draft = complete_draft("住房保障管理办法");
        draft.change_note = "改了名称".into();
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        save_draft(&mut tx, &office.officer, &edition, 1, &draft).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
        let review = submit(&mut tx, &office.officer, &edition, 2).await.unwrap();
        tx.commit().await.unwrap();
        for search in &searches {
            assert_eq!(
                search.find(db, &words("农村危房改造管理")).await.unwrap().total,
                1,
                "still the old one"
            );
        }
        signed_by_all(db, &office, &review).await;
        for search in &searches {
            assert_eq!(search.find(db, &words("农村危房改造管理")).await.unwrap().total, 0);
            assert_eq!(search.find(db, &words("住房保障")).await.unwrap().total, 1);
        }
    }
}

/// Whoever asks for it, every process builds its index anew; until then the old one answers, and what the new one is
/// compared with is what is public.
#[tokio::test]
async fn a_rebuild_puts_right_what_went_wrong_while_the_old_index_answers() {
    for test in testing::databases().await {
        let db = &test.db;
        let office = office(db, "songxi", AgencyKind::Town).await;
        let mut ids = Vec::new();
        for title in ["农村危房改造补助名单", "农村危房改造管理办法", "养老服务补贴办法"]
        {
            let (drafted, review) = submitted(db, &office, &complete_draft(title)).await;
            signed_by_all(db, &office, &review).await;
            ids.push(drafted.entry_id);
        }
        let folder = test.folder.path().join("search");
        let searches = [Search::open(Some(&folder)).unwrap(), Search::open(Some(&folder)).unwrap()];
        for search in &searches {
            search.follow(db).await.unwrap();
            assert!(!search.is_rebuild_asked());
        }
        // One index has lost an entry, and holds another that nobody published.
        {
            let mut index = searches[0].index.lock().await;
            index.remove(&ids[0]);
            index.put(&row("00009", "谁也没有公开的危房改造", ""), &[]).unwrap();
            let head = crate::audit::position(&mut db.read().await.unwrap()).await.unwrap();
            let hash = super::hash_at(&mut db.read().await.unwrap(), head).await.unwrap();
            index.commit(head, &hash).unwrap();
            searches[0].reader().reload().unwrap();
        }
        let before = super::ask_rebuild(db, &Actor::Program("test"), monday()).await.unwrap();
        for (search, was_equal) in searches.iter().zip([false, true]) {
            search.follow(db).await.unwrap();
            assert!(search.is_rebuild_asked());
            let asking = async {
                for _ in 0..20 {
                    assert!(
                        search.find(db, &words("养老服务")).await.unwrap().total == 1,
                        "an answer at any time"
                    );
                    tokio::task::yield_now().await;
                }
            };
            let (rebuilt, ()) = tokio::join!(search.rebuild(db), asking);
            let rebuilt = rebuilt.unwrap();
            assert_eq!((rebuilt.entries, rebuilt.was_equal), (3, was_equal));
            super::note_rebuilt(db, rebuilt, monday()).await.unwrap();
            assert_eq!(search.find(db, &words("危房改造")).await.unwrap().total, 2);
            assert!(!search.is_rebuild_asked());
            // It goes on from where it stands.
            let (_, review) = submitted(db, &office, &complete_draft("又一件学前教育的通知")).await;
            signed_by_all(db, &office, &review).await;
            search.follow(db).await.unwrap();
            assert!(search.find(db, &words("学前教育")).await.unwrap().total >= 1);
            let (_, review) = submitted(db, &office, &complete_draft("还有一件")).await;
            signed_by_all(db, &office, &review).await;
            for id in
                crate::search::store::public_after(&mut db.read().await.unwrap(), "", 100).await.unwrap()
            {
                if !ids.contains(&id.id) {
                    let mut tx = db.begin(&office.officer.actor(), monday()).await.unwrap();
                    withdraw(&mut tx, &office.officer, &id.id, "mistaken", "内容有误").await.unwrap();
                    tx.commit().await.unwrap();
                }
            }
            search.follow(db).await.unwrap();
        }
        assert_eq!(super::rebuilt_since(db, before).await.unwrap().len(), 2);
        drop(searches);
        let again = Search::open(Some(&folder)).unwrap();
        assert!(again.position() > before, "what was built anew is what is opened next time");
        again.follow(db).await.unwrap();
        assert!(!again.is_rebuild_asked());
        assert_eq!(again.find(db, &words("危房改造")).await.unwrap().total, 2);
    }
}
