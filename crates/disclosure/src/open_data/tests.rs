use super::public::{entries, entries_in_order, feed, sitemap_parts};
use super::{After, EntryFilter};
use crate::accounts::AgencyKind;
use crate::db::testing::databases;
use crate::testing::{complete_draft, drafted, office, signed_by_all, submitted};

#[tokio::test]
async fn pages_and_parts_hold_every_public_entry_once() {
    for test in databases().await {
        let (town, bureau) = (
            office(&test.db, "songxi", AgencyKind::Town).await,
            office(&test.db, "QHCZ", AgencyKind::Bureau).await,
        );
        for office in [&town, &bureau, &town, &town, &bureau] {
            let (_, review) = submitted(&test.db, office, &complete_draft("一件公开的信息")).await;
            signed_by_all(&test.db, office, &review).await;
        }
        drafted(&test.db, &town, &complete_draft("一件草稿")).await;
        let mut conn = test.db.read().await.unwrap();

        let mut seen = Vec::new();
        let mut after: Option<After> = None;
        loop {
            let page = entries(&mut conn, &EntryFilter::default(), after.as_ref(), 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(After {
                released_on: last.first_released_on.clone(),
                index_number: last.index_number.clone(),
            });
            seen.extend(page.into_iter().map(|entry| entry.index_number));
        }
        assert_eq!(seen.len(), 5, "{seen:?}");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 5, "each once");

        let all = entries_in_order(&mut conn, "", "", 100).await.unwrap();
        assert_eq!(all.len(), 5);
        assert!(all[0].1.contains("集中缴费"), "with their text");
        assert_eq!(entries_in_order(&mut conn, "2025", "", 100).await.unwrap(), []);
        let of_town = EntryFilter { agency: "songxi".into(), ..EntryFilter::default() };
        assert_eq!(entries(&mut conn, &of_town, None, 100).await.unwrap().len(), 3);
        let later =
            EntryFilter { changed_since: "2026-11-03T00:00:00.000Z".into(), ..EntryFilter::default() };
        assert_eq!(entries(&mut conn, &later, None, 100).await.unwrap(), []);

        assert_eq!(feed(&mut conn, "QHCZ", "", 50).await.unwrap().len(), 2);
        let line = all[0].0.line_code.clone();
        assert_eq!(feed(&mut conn, "songxi", &line, 50).await.unwrap().len(), 3);
        assert_eq!(feed(&mut conn, "songxi", "no-such-line", 50).await.unwrap(), []);

        let parts = sitemap_parts(&mut conn, 2).await.unwrap();
        assert_eq!(parts.len(), 3, "two, two and one: {parts:?}");
        assert_eq!(parts[0].0, "", "the first part begins at the beginning");
        assert_eq!(
            sitemap_parts(&mut conn, 5).await.unwrap().len(),
            1,
            "a full part is not followed by an empty one"
        );
    }
}
