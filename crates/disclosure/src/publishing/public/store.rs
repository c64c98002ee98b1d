use super::{
    Counts, EntryLine, Filter, Found, Listing, Page, PublicAgency, PublicAttachment, PublicEdition,
    PublicEmergency, PublicEntry, PublicSignOff, Sort, WithdrawnEntry,
};
use crate::db::Conn;

macro_rules! matching {
    ($head:literal, $($tail:literal),+) => {
        concat!(
            $head,
            " WHERE ($1 = '' OR agency_code = $1) AND ($2 = '' OR category = $2) \
              AND ($3 = '' OR SUBSTR(first_released_on, 1, 4) = $3) AND ($4 = '' OR genre = $4) \
              AND ($5 = '' OR line_id = $5) AND ($6 = '' OR COALESCE(validity, '') = $6) AND ($7 = '' OR theme = $7) ",
            $($tail),+
        )
    };
}

/// What [`matching`] asks for, in its order.
macro_rules! narrowed {
    ($query:expr, $filter:expr) => {
        $query
            .bind(&$filter.agency_code)
            .bind(&$filter.category)
            .bind(&$filter.year)
            .bind(&$filter.genre)
            .bind(&$filter.line_id)
            .bind(&$filter.validity)
            .bind(&$filter.theme)
    };
}

/// Where SQLite begins to look for a page of a list. It is led there by a condition that says nothing new: left to itself
/// it reads every edition there is. PostgreSQL goes by what it knows of the tables, and loses nothing.
enum Begin {
    Line,
    Agency,
    Year,
    /// At the first in the order of the list, until the page is full.
    First,
    Genre,
    Category,
    Anywhere,
}

impl Begin {
    fn of(filter: &Filter, page: Page, listing: Option<&Listing>) -> Begin {
        let others = [&filter.genre, &filter.category, &filter.validity, &filter.theme];
        // Going through them in their order meets one of the list in so many.
        let is_common = listing.map_or(others.iter().all(|word| word.is_empty()), |listing| {
            let passed = page.offset().saturating_add(page.size).saturating_mul(listing.all);
            passed <= listing.total.saturating_mul(listing.total)
        });
        match filter {
            filter if !filter.line_id.is_empty() => Begin::Line,
            filter if !filter.agency_code.is_empty() => Begin::Agency,
            filter if !filter.year.is_empty() => Begin::Year,
            _ if is_common => Begin::First,
            filter if !filter.genre.is_empty() => Begin::Genre,
            filter if !filter.category.is_empty() => Begin::Category,
            _ => Begin::Anywhere,
        }
    }
}

/// No day is later: what is asked for up to here is asked for to the end.
pub(crate) const LAST_DAY: &str = "9999-12-31";

/// The day to begin at when everything is gone through from the newest, and how many of the list to pass from there:
/// whole years before the page are passed without a look, for it is known how many entries they have.
fn place(page: Page, listing: Option<&Listing>) -> (String, i64) {
    let (mut day, mut offset) = (LAST_DAY.to_owned(), page.offset());
    let mut years = listing.map_or(&[][..], |listing| &listing.years).iter().peekable();
    while let Some(year) = years.next()
        && let Some(older) = years.peek()
        && offset >= year.count
    {
        (day, offset) = (format!("{}-12-31", older.value), offset - year.count);
    }
    (day, offset)
}

/// The entries on one page of a list; `listing` is what is known of the list, if it was counted.
pub async fn lines(
    conn: &mut Conn,
    filter: &Filter,
    page: Page,
    listing: Option<&Listing>,
) -> sqlx::Result<Vec<EntryLine>> {
    let begin = Begin::of(filter, page, listing);
    let (day, offset) = match (filter.sort, &begin) {
        (Sort::Released, Begin::First) => place(page, listing),
        _ => (LAST_DAY.to_owned(), page.offset()),
    };
    macro_rules! begun {
        ($begin:literal, $by:literal) => {
            matching!(
                "SELECT id, index_number, agency_code, agency_name, line_title, category, title, summary, \
                 document_number, genre, validity, made_on, first_released_on FROM public_entries",
                // Of use where everything is gone through; given to all, for PostgreSQL wants each parameter used.
                "AND $10 <> '' ",
                $begin,
                " ORDER BY ",
                $by,
                " DESC, index_number DESC LIMIT $8 OFFSET $9"
            )
        };
    }
    macro_rules! ordered {
        ($by:literal, $first:literal, $by_itself:literal) => {
            match begin {
                Begin::Line => begun!("AND line_id = $5", $by),
                Begin::Agency => begun!("AND agency_code = $1", $by),
                Begin::Year => {
                    begun!("AND first_released_on >= $3 AND first_released_on <= $3 || '-12-31'", $by)
                }
                Begin::First => begun!($first, $by),
                Begin::Genre => begun!("AND genre = $4", $by),
                Begin::Category => {
                    begun!("AND line_id IN (SELECT id FROM public_catalogue_lines WHERE category = $2)", $by)
                }
                Begin::Anywhere => begun!("", $by_itself),
            }
        };
    }
    let query = sqlx::query_as(match filter.sort {
        Sort::Released => ordered!("first_released_on", "AND first_released_on <= $10", "first_released_on"),
        // Not by the index: of few entries everything would be passed.
        Sort::Made => ordered!("made_on", "AND made_on > ''", "made_on || ''"),
    });
    // Planned for what is asked: a plan for whatever may be asked reads everything, and PostgreSQL takes it from the sixth
    // time on.
    let query = narrowed!(query, filter).bind(page.size).bind(offset).bind(day);
    query.persistent(false).fetch_all(conn).await
}

/// The newest entries of all agencies.
pub async fn newest(conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<EntryLine>> {
    lines(conn, &Filter::default(), Page::new(1, limit), None).await
}

/// What stands under an agency's code and a serial: `QHCZ` and `2026-00017`.
pub async fn find(conn: &mut Conn, agency_code: &str, serial: &str) -> sqlx::Result<Option<Found>> {
    let index_number = format!("{agency_code}/{serial}");
    let entry: Option<PublicEntry> = sqlx::query_as("SELECT * FROM public_entries WHERE index_number = $1")
        .bind(&index_number)
        .fetch_optional(&mut *conn)
        .await?;
    if let Some(entry) = entry {
        return Ok(Some(Found::Entry(Box::new(entry))));
    }
    let withdrawn: Option<WithdrawnEntry> = sqlx::query_as(
        "SELECT index_number, agency_code, agency_name, withdrawn_at, withdrawal_class, withdrawal_reason \
         FROM public_withdrawn_entries WHERE index_number = $1",
    )
    .bind(&index_number)
    .fetch_optional(conn)
    .await?;
    Ok(withdrawn.map(Found::Withdrawn))
}

/// An entry by its id, for those who follow the change log.
pub async fn by_id(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Option<PublicEntry>> {
    sqlx::query_as("SELECT * FROM public_entries WHERE id = $1").bind(entry_id).fetch_optional(conn).await
}

/// The attachments of the live edition of an entry.
pub async fn attachments(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Vec<PublicAttachment>> {
    sqlx::query_as(
        "SELECT id, entry_id, edition_id, name, file_sha256, size, media_type FROM public_attachments \
         WHERE entry_id = $1 ORDER BY position, id",
    )
    .bind(entry_id)
    .fetch_all(conn)
    .await
}

/// One attachment, while its edition is live.
pub async fn attachment(conn: &mut Conn, id: &str) -> sqlx::Result<Option<PublicAttachment>> {
    sqlx::query_as(
        "SELECT id, entry_id, edition_id, name, file_sha256, size, media_type FROM public_attachments WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

/// What the public is told of an emergency release.
pub async fn emergency(conn: &mut Conn, edition_id: &str) -> sqlx::Result<Option<PublicEmergency>> {
    sqlx::query_as(
        "SELECT public_note, review_due_on, concluded_at, outcome FROM public_emergencies WHERE edition_id = $1",
    )
    .bind(edition_id)
    .fetch_optional(conn)
    .await
}

/// 正文图片 — a picture of any text the public reads, by its SHA-256.
pub async fn picture(conn: &mut Conn, sha256: &str) -> sqlx::Result<Option<PublicAttachment>> {
    sqlx::query_as(
        "SELECT id, entry_id, edition_id, name, file_sha256, size, media_type FROM public_attachments \
         WHERE file_sha256 = $1 AND media_type IN ('image/png', 'image/jpeg') LIMIT 1",
    )
    .bind(sha256)
    .fetch_optional(conn)
    .await
}

/// The released editions of an entry, newest first.
pub async fn editions(conn: &mut Conn, entry_id: &str) -> sqlx::Result<Vec<PublicEdition>> {
    sqlx::query_as(
        "SELECT edition_id, ordinal, title, change_note, released_at, content_hash, sign_offs, signed_at \
         FROM public_editions WHERE entry_id = $1 ORDER BY ordinal DESC",
    )
    .bind(entry_id)
    .fetch_all(conn)
    .await
}

/// How much is public, in all, this year, and per agency.
pub async fn counts(conn: &mut Conn, year: i16) -> sqlx::Result<Counts> {
    let (entries, this_year): (i64, i64) = sqlx::query_as(
        "SELECT COUNT(*), COALESCE(CAST(SUM(CASE WHEN SUBSTR(first_released_on, 1, 4) = $1 THEN 1 ELSE 0 END) \
         AS BIGINT), 0) FROM public_entries",
    )
    .bind(year.to_string())
    .fetch_one(&mut *conn)
    .await?;
    let by_agency = sqlx::query_as(
        "SELECT agency_code AS value, COUNT(*) AS count FROM public_entries GROUP BY agency_code ORDER BY 2 DESC, 1",
    )
    .fetch_all(conn)
    .await?;
    Ok(Counts { entries, this_year, by_agency })
}

/// The stages that signed an edition that is live, in their order.
pub async fn sign_offs(conn: &mut Conn, edition_id: &str) -> sqlx::Result<Vec<PublicSignOff>> {
    sqlx::query_as("SELECT title, signed_at FROM public_sign_offs WHERE edition_id = $1 ORDER BY stage")
        .bind(edition_id)
        .fetch_all(conn)
        .await
}

/// All agencies in the order of the house.
pub async fn agencies(conn: &mut Conn) -> sqlx::Result<Vec<PublicAgency>> {
    sqlx::query_as(
        "SELECT id, code, name, kind, address, office_hours, phone, email FROM public_agencies \
         ORDER BY position, code",
    )
    .fetch_all(conn)
    .await
}

/// The agency with this code.
pub async fn agency(conn: &mut Conn, code: &str) -> sqlx::Result<Option<PublicAgency>> {
    sqlx::query_as(
        "SELECT id, code, name, kind, address, office_hours, phone, email FROM public_agencies WHERE code = $1",
    )
    .bind(code)
    .fetch_optional(conn)
    .await
}

/// The agency of an entry, whether or not it is public now.
pub(super) async fn agency_of(conn: &mut Conn, entry: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT a.code FROM entries e JOIN agencies a ON a.id = e.agency_id WHERE e.id = $1")
        .bind(entry)
        .fetch_optional(conn)
        .await
}

/// Agency, category, year, genre, validity, theme and line of public entries, and how many stand there; of this agency,
/// or of all.
pub(super) async fn shelf(conn: &mut Conn, agency: &str) -> sqlx::Result<Vec<([String; 7], i64)>> {
    type Row = (String, String, String, String, String, String, String, i64);
    macro_rules! counted {
        ($of:literal) => {
            concat!(
                "SELECT agency_code, category, SUBSTR(first_released_on, 1, 4), genre, COALESCE(validity, ''), theme, \
                 line_id, COUNT(*) FROM public_entries ",
                $of,
                " GROUP BY 1, 2, 3, 4, 5, 6, 7"
            )
        };
    }
    let rows: Vec<Row> = match agency {
        "" => sqlx::query_as(counted!("")).fetch_all(conn).await?,
        code => sqlx::query_as(counted!("WHERE agency_code = $1")).bind(code).fetch_all(conn).await?,
    };
    Ok(rows.into_iter().map(|(a, b, c, d, e, f, g, count)| ([a, b, c, d, e, f, g], count)).collect())
}

#[cfg(test)]
pub use by_the_database::list;

/// The same counted by the database: what [`super::Shelf`] must agree with.
#[cfg(test)]
mod by_the_database {
    use super::super::Facet;
    use super::*;

    /// A page of entries with its total and facets, counted by the database: what [`super::Shelf`] must agree with.
    pub async fn list(conn: &mut Conn, filter: &Filter, page: Page) -> sqlx::Result<Listing> {
        let facets = facets(conn, filter).await?;
        Ok(Listing { lines: lines(conn, filter, page, Some(&facets)).await?, ..facets })
    }

    /// What is the same for every page of a list: how many entries it has and what it could be narrowed to. The lines are
    /// empty.
    async fn facets(conn: &mut Conn, filter: &Filter) -> sqlx::Result<Listing> {
        let total = sqlx::query_scalar(matching!("SELECT COUNT(*) FROM public_entries", ""));
        let total = narrowed!(total, filter).fetch_one(&mut *conn).await?;
        let without = |clear: fn(&mut Filter)| {
            let mut other = filter.clone();
            clear(&mut other);
            other
        };
        let all = sqlx::query_scalar("SELECT COUNT(*) FROM public_entries").fetch_one(&mut *conn).await?;
        Ok(Listing {
            lines: Vec::new(),
            total,
            all,
            agencies: facet(
                conn,
                matching!(
                    "SELECT agency_code AS value, COUNT(*) AS count FROM public_entries",
                    "GROUP BY agency_code ORDER BY 2 DESC, 1"
                ),
                &without(|f| f.agency_code.clear()),
            )
            .await?,
            categories: facet(
                conn,
                matching!(
                    "SELECT category AS value, COUNT(*) AS count FROM public_entries",
                    "GROUP BY category ORDER BY 2 DESC, 1"
                ),
                &without(|f| f.category.clear()),
            )
            .await?,
            years: facet(
                conn,
                matching!(
                    "SELECT SUBSTR(first_released_on, 1, 4) AS value, COUNT(*) AS count FROM public_entries",
                    "GROUP BY SUBSTR(first_released_on, 1, 4) ORDER BY 1 DESC"
                ),
                &without(|f| f.year.clear()),
            )
            .await?,
            genres: facet(
                conn,
                matching!(
                    "SELECT genre AS value, COUNT(*) AS count FROM public_entries",
                    "GROUP BY genre ORDER BY 2 DESC, 1"
                ),
                &without(|f| f.genre.clear()),
            )
            .await?,
            validities: facet(
                conn,
                matching!(
                    "SELECT validity AS value, COUNT(*) AS count FROM public_entries",
                    "AND validity IS NOT NULL GROUP BY validity ORDER BY 2 DESC, 1"
                ),
                &without(|f| f.validity.clear()),
            )
            .await?,
            themes: facet(
                conn,
                matching!(
                    "SELECT theme AS value, COUNT(*) AS count FROM public_entries",
                    "AND theme <> '' GROUP BY theme ORDER BY 2 DESC, 1"
                ),
                &without(|f| f.theme.clear()),
            )
            .await?,
        })
    }

    async fn facet(conn: &mut Conn, sql: &'static str, filter: &Filter) -> sqlx::Result<Vec<Facet>> {
        narrowed!(sqlx::query_as(sql), filter).fetch_all(conn).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::AgencyKind;
    use crate::db::testing::databases;
    use crate::testing::{complete_draft, office, signed_by_all, submitted};

    #[tokio::test]
    async fn a_list_is_the_same_wherever_the_database_begins() {
        for test in databases().await {
            let town = office(&test.db, "songxi", AgencyKind::Town).await;
            let bureau = office(&test.db, "caizheng", AgencyKind::Bureau).await;
            for n in 0..12 {
                let office = if n % 3 == 0 { &bureau } else { &town };
                let mut draft = complete_draft(&format!("第{n}件公开的信息"));
                draft.genre = ["notice", "plan"][n / 2 % 2].into();
                draft.theme = ["agriculture", ""][n % 2].into();
                draft.made_on = format!("2026-0{}-11", 1 + n * 5 % 9);
                let (_, review) = submitted(&test.db, office, &draft).await;
                signed_by_all(&test.db, office, &review).await;
            }
            let mut tx = test.db.begin(&town.officer.actor(), crate::testing::monday()).await.unwrap();
            for (year, serial) in [("2022", 1), ("2022", 5), ("2024", 2), ("2025", 3), ("2025", 4)] {
                sqlx::query("UPDATE entries SET first_released_on = $1 WHERE index_number = $2")
                    .bind(format!("{year}-05-0{serial}"))
                    .bind(format!("songxi/2026-0000{serial}"))
                    .execute(tx.conn())
                    .await
                    .unwrap();
            }
            tx.commit_bookkeeping().await.unwrap();
            let mut conn = test.db.read().await.unwrap();
            let shelf = super::super::Shelf::read(&mut conn).await.unwrap();
            assert_eq!(shelf.listing(&Filter::default()).years.len(), 4);
            let rest: Vec<(String, String, String)> =
                sqlx::query_as("SELECT id, line_id, theme FROM public_entries")
                    .fetch_all(&mut *conn)
                    .await
                    .unwrap();
            let all = newest(&mut conn, 100).await.unwrap();
            assert_eq!(all.len(), 12);
            let (line, category) = (&rest[0].1, &all[0].category);
            let counted = |total| Listing { total, all: 1_000_000, ..Listing::default() };
            let mut begun = std::collections::HashSet::new();
            for mask in 0..128 {
                for (missing, sort) in [(false, Sort::Released), (false, Sort::Made), (true, Sort::Made)] {
                    let word = |bit: usize, word: &str| match (mask >> bit & 1, missing) {
                        (0, _) => String::new(),
                        (_, false) => word.to_owned(),
                        (_, true) => "2".to_owned(),
                    };
                    let filter = Filter {
                        agency_code: word(0, "songxi"),
                        category: word(1, category),
                        year: word(2, "2026"),
                        genre: word(3, "plan"),
                        line_id: word(4, line),
                        validity: word(5, "in_force"),
                        theme: word(6, "agriculture"),
                        sort,
                    };
                    let is = |wanted: &str, own: &str| wanted.is_empty() || wanted == own;
                    let mut expected: Vec<&EntryLine> = all
                        .iter()
                        .filter(|entry| {
                            let (_, line, theme) = rest.iter().find(|(id, ..)| *id == entry.id).unwrap();
                            is(&filter.agency_code, &entry.agency_code)
                                && is(&filter.category, &entry.category)
                                && is(&filter.year, &entry.first_released_on[..4])
                                && is(&filter.genre, &entry.genre)
                                && is(&filter.line_id, line)
                                && is(&filter.validity, entry.validity.as_deref().unwrap_or(""))
                                && is(&filter.theme, theme)
                        })
                        .collect();
                    expected.sort_by_key(|entry| {
                        let day = match sort {
                            Sort::Released => &entry.first_released_on,
                            Sort::Made => &entry.made_on,
                        };
                        std::cmp::Reverse((day, &entry.index_number))
                    });
                    let known = Some(Listing { total: 1_000_000, ..shelf.listing(&filter) });
                    for listing in [None, Some(counted(0)), Some(counted(1_000_000)), known] {
                        for number in 1..=4 {
                            let page = Page::new(number, 4);
                            begun.insert(std::mem::discriminant(&Begin::of(&filter, page, listing.as_ref())));
                            let told = lines(&mut conn, &filter, page, listing.as_ref()).await.unwrap();
                            let expected: Vec<&EntryLine> =
                                expected.iter().copied().skip(page.offset() as usize).take(4).collect();
                            assert_eq!(told.iter().collect::<Vec<_>>(), expected, "{filter:?} {page:?}");
                        }
                    }
                }
            }
            assert_eq!(begun.len(), 7, "every way was gone");
        }
    }
}
