//! What every list can be narrowed to, counted in memory: one scan of the database instead of one for each list and each
//! facet.

use std::collections::HashMap;

use super::{Facet, Filter, Listing, store};
use crate::db::Conn;

/// The places in the order of [`Shelf::rows`]: agency, category, year, genre, validity, theme, line.
const AGENCY: usize = 0;
const CATEGORY: usize = 1;
const YEAR: usize = 2;
const GENRE: usize = 3;
const VALIDITY: usize = 4;
const THEME: usize = 5;
const LINE: usize = 6;

/// Where public entries stand, words as numbers, and how many stand in the same place.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    rows: Vec<([u32; 7], i64)>,
    words: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Shelf {
    pub async fn read(conn: &mut Conn) -> sqlx::Result<Shelf> {
        let mut shelf = Shelf::default();
        shelf.put(store::shelf(conn, "").await?);
        Ok(shelf)
    }

    /// The same after these entries have changed: only what their agencies have is counted anew.
    pub async fn after(&self, conn: &mut Conn, entries: &[String]) -> sqlx::Result<Shelf> {
        let mut agencies = Vec::new();
        for entry in entries {
            agencies.extend(store::agency_of(conn, entry).await?);
        }
        agencies.sort_unstable();
        agencies.dedup();
        let mut shelf = self.clone();
        for agency in agencies {
            if let Some(known) = shelf.numbers.get(&agency).copied() {
                shelf.rows.retain(|(row, _)| row[AGENCY] != known);
            }
            shelf.put(store::shelf(conn, &agency).await?);
        }
        Ok(shelf)
    }

    fn put(&mut self, counted: Vec<([String; 7], i64)>) {
        for (words, count) in counted {
            let row = words.map(|word| self.number(word));
            self.rows.push((row, count));
        }
    }

    fn number(&mut self, word: String) -> u32 {
        if let Some(number) = self.numbers.get(&word) {
            return *number;
        }
        let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(word.clone());
        self.numbers.insert(word, number);
        number
    }

    /// How many entries a list has and what it could be narrowed to; the lines are empty.
    pub fn listing(&self, filter: &Filter) -> Listing {
        // `None`: no restriction; a word that no entry has matches nothing.
        let wanted: [Option<u32>; 7] = [
            &filter.agency_code,
            &filter.category,
            &filter.year,
            &filter.genre,
            &filter.validity,
            &filter.theme,
            &filter.line_id,
        ]
        .map(|word| (!word.is_empty()).then(|| self.numbers.get(word.as_str()).copied().unwrap_or(u32::MAX)));
        let mut total = 0;
        let mut counts = [const { Vec::new() }; 6];
        for by in &mut counts {
            by.resize(self.words.len(), 0_i64);
        }
        for (row, count) in &self.rows {
            let mut differs = 0;
            let mut at = LINE;
            for (place, (own, wanted)) in row.iter().zip(&wanted).enumerate() {
                if wanted.is_some_and(|wanted| wanted != *own) {
                    differs += 1;
                    at = place;
                }
            }
            // A facet counts under the other restrictions, not under its own.
            match differs {
                0 => {
                    total += count;
                    for (by, own) in counts.iter_mut().zip(row) {
                        by[*own as usize] += count;
                    }
                }
                1 if at != LINE => counts[at][row[at] as usize] += count,
                _ => {}
            }
        }
        let facet = |by: usize| {
            let mut facet: Vec<Facet> = counts[by]
                .iter()
                .zip(&self.words)
                .filter(|(count, word)| **count > 0 && !word.is_empty())
                .map(|(count, word)| Facet { value: word.clone(), count: *count })
                .collect();
            facet.sort_by(|a, b| match by {
                YEAR => b.value.cmp(&a.value),
                _ => b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)),
            });
            facet
        };
        Listing {
            lines: Vec::new(),
            total,
            all: self.rows.iter().map(|(_, count)| count).sum(),
            agencies: facet(AGENCY),
            categories: facet(CATEGORY),
            years: facet(YEAR),
            genres: facet(GENRE),
            validities: facet(VALIDITY),
            themes: facet(THEME),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Page, list};
    use super::*;
    use crate::accounts::AgencyKind;
    use crate::db::testing::databases;
    use crate::publishing::actions::withdraw;
    use crate::testing::{complete_draft, monday, office, signed_by_all, submitted};

    #[tokio::test]
    async fn counting_in_memory_says_what_the_database_says() {
        for test in databases().await {
            let town = office(&test.db, "songxi", AgencyKind::Town).await;
            let bureau = office(&test.db, "caizheng", AgencyKind::Bureau).await;
            let mut shelf = Shelf::read(&mut test.db.read().await.unwrap()).await.unwrap();
            let mut released = Vec::new();
            for (office, genre) in [(&town, "notice"), (&town, "plan"), (&bureau, "notice")] {
                let mut draft = complete_draft("一件公开的信息");
                draft.genre = genre.into();
                let (edition, review) = submitted(&test.db, office, &draft).await;
                signed_by_all(&test.db, office, &review).await;
                let mut conn = test.db.read().await.unwrap();
                shelf = shelf.after(&mut conn, std::slice::from_ref(&edition.entry_id)).await.unwrap();
                released.push(edition.entry_id);
            }
            let mut tx = test.db.begin(&town.officer.actor(), monday()).await.unwrap();
            withdraw(&mut tx, &town.officer, &released[1], "mistaken", "金额有误").await.unwrap();
            tx.commit().await.unwrap();
            let mut conn = test.db.read().await.unwrap();
            shelf = shelf.after(&mut conn, &released[1..]).await.unwrap();
            let anew = Shelf::read(&mut conn).await.unwrap();
            assert_eq!(shelf.listing(&Filter::default()), anew.listing(&Filter::default()));
            let by = |agency: &str, genre: &str, year: &str| Filter {
                agency_code: agency.into(),
                genre: genre.into(),
                year: year.into(),
                ..Filter::default()
            };
            for filter in [
                by("", "", ""),
                by("songxi", "", ""),
                by("songxi", "notice", "2026"),
                by("nobody", "plan", ""),
            ] {
                let told = list(&mut conn, &filter, Page::new(1, 20)).await.unwrap();
                assert_eq!(
                    Listing { lines: told.lines.clone(), ..shelf.listing(&filter) },
                    told,
                    "{filter:?}"
                );
            }
        }
    }
}
