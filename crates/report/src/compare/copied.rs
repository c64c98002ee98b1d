//! What a report took over from another: equal passages of its counted characters, found by fingerprints.
//!
//! Every run of [`GRAM`] characters has a hash; of each [`WINDOW`] neighbouring hashes the smallest is kept
//! (winnowing), so that a common run of `GRAM + WINDOW - 1` characters is always found. A hit is compared
//! character by character and extended as far as it goes: hashes only point, they never prove.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::prose::Prose;
use crate::model::Section;

const GRAM: usize = 12;
const WINDOW: usize = 8;
/// Shorter passages are how everybody speaks.
const SHORTEST: usize = 24;

/// A passage that stands in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Characters that count.
    pub length: usize,
    /// As this report prints it, and where.
    pub text: String,
    pub section: Section,
    pub line: Option<usize>,
    /// As the other prints it, and where.
    pub other_text: String,
    pub other_section: Section,
    pub other_line: Option<usize>,
}

/// How much of a report stands in another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Copied {
    /// Characters of this report that count.
    pub counted: usize,
    pub copied: usize,
    /// The longest first.
    pub passages: Vec<Passage>,
}

impl Copied {
    /// In thousandths; `None` when the report has no prose to speak of.
    pub fn share(&self) -> Option<usize> {
        (self.counted >= SHORTEST).then(|| self.copied * 1000 / self.counted)
    }
}

fn hash(gram: &[char]) -> u64 {
    // FNV-1a, with a last mix so that the smallest of a window is no matter of the alphabet.
    let hash = gram.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &c| {
        (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0000_0100_0000_01b3)
    });
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The kept fingerprints and where they stand.
fn fingerprints(chars: &[char]) -> Vec<(u64, usize)> {
    let hashes: Vec<u64> = chars.windows(GRAM).map(hash).collect();
    let mut kept: Vec<(u64, usize)> = Vec::new();
    for (start, window) in hashes.windows(WINDOW.min(hashes.len().max(1))).enumerate() {
        // Of equal ones the last, so that neighbouring windows agree.
        let Some((offset, &smallest)) = window.iter().enumerate().rev().min_by_key(|(_, hash)| **hash) else {
            continue;
        };
        if kept.last().is_none_or(|(_, at)| *at != start + offset) {
            kept.push((smallest, start + offset));
        }
    }
    kept
}

/// What `of` took over from `from`.
pub fn copied(of: &Prose, from: &Prose) -> Copied {
    copied_without(of, from, &HashSet::new())
}

/// The same; runs in `common` are everybody's and point to nothing.
fn copied_without(of: &Prose, from: &Prose, common: &HashSet<u64>) -> Copied {
    let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
    for (hash, at) in fingerprints(&from.chars) {
        if !common.contains(&hash) {
            places.entry(hash).or_default().push(at);
        }
    }
    let (own, other) = (&of.chars, &from.chars);
    let mut copied = Copied { counted: own.len(), ..Copied::default() };
    let mut covered = 0;
    let mut at = 0;
    while at + GRAM <= own.len() {
        let hit = places.get(&hash(&own[at..at + GRAM])).into_iter().flatten();
        let longest = hit
            .filter(|&&there| other[there..there + GRAM] == own[at..at + GRAM])
            .map(|&there| {
                let after = own[at..].iter().zip(&other[there..]).take_while(|(a, b)| a == b).count();
                let before = own[covered..at].iter().rev().zip(other[..there].iter().rev());
                let before = before.take_while(|(a, b)| a == b).count();
                (before + after, at - before, there - before)
            })
            .max_by_key(|(length, ..)| *length);
        let Some((length, start, there)) = longest else {
            at += 1;
            continue;
        };
        at = start + length;
        if length < SHORTEST || is_common(&own[start..at], common) {
            continue;
        }
        covered = at;
        copied.copied += length;
        copied.passages.push(Passage {
            length,
            text: of.printed(start, at),
            section: of.source(start).section,
            line: of.source(start).line,
            other_text: from.printed(there, there + length),
            other_section: from.source(there).section,
            other_line: from.source(there).line,
        });
    }
    copied.passages.sort_by_key(|passage| std::cmp::Reverse(passage.length));
    copied
}

/// Whether most of a passage is what everybody writes.
fn is_common(passage: &[char], common: &HashSet<u64>) -> bool {
    if common.is_empty() {
        return false;
    }
    let kept = fingerprints(passage);
    kept.iter().filter(|(hash, _)| common.contains(hash)).count() * 2 > kept.len()
}

/// Many reports, each to be held against all others without comparing every pair.
#[derive(Debug, Clone)]
pub struct Library {
    proses: Vec<Prose>,
    readers: HashMap<u64, Vec<u32>>,
    common: HashSet<u64>,
}

/// From so many reports on, what a third of them says is nobody's.
const ENOUGH_TO_BE_COMMON: usize = 6;
/// Fewer common fingerprints cannot make a passage worth telling.
const SHARED: usize = 2;

impl Library {
    pub fn new(proses: Vec<Prose>) -> Self {
        let mut readers: HashMap<u64, Vec<u32>> = HashMap::new();
        for (number, prose) in (0..).zip(&proses) {
            for (hash, _) in fingerprints(&prose.chars) {
                let list = readers.entry(hash).or_default();
                if list.last() != Some(&number) {
                    list.push(number);
                }
            }
        }
        let third = proses.len().div_ceil(3).max(3);
        let is_common = |list: &Vec<u32>| proses.len() >= ENOUGH_TO_BE_COMMON && list.len() >= third;
        let common = readers.iter().filter(|(_, list)| is_common(list)).map(|(hash, _)| *hash).collect();
        Self { proses, readers, common }
    }

    /// What the report took over from each other one, the largest share first; only where there is anything.
    pub fn neighbours(&self, of: usize) -> Vec<(usize, Copied)> {
        let mut shared: HashMap<u32, usize> = HashMap::new();
        for (hash, _) in fingerprints(&self.proses[of].chars) {
            if self.common.contains(&hash) {
                continue;
            }
            for &other in self.readers.get(&hash).into_iter().flatten().filter(|other| **other as usize != of)
            {
                *shared.entry(other).or_default() += 1;
            }
        }
        let mut found: Vec<(usize, Copied)> = shared
            .into_iter()
            .filter(|(_, count)| *count >= SHARED)
            .map(|(other, _)| {
                let other = other as usize;
                (other, copied_without(&self.proses[of], &self.proses[other], &self.common))
            })
            .filter(|(_, copied)| copied.copied > 0)
            .collect();
        found.sort_by_key(|(other, copied)| (std::cmp::Reverse(copied.copied), *other));
        found
    }

    /// Every pair that has anything in common once, from the side with the larger share; the largest share first.
    pub fn pairs(&self) -> Vec<(usize, usize, Copied)> {
        let mut pairs: BTreeMap<(usize, usize), (usize, usize, Copied)> = BTreeMap::new();
        for of in 0..self.proses.len() {
            for (from, copied) in self.neighbours(of) {
                let pair = (of.min(from), of.max(from));
                if pairs.get(&pair).is_none_or(|(_, _, known)| known.share() < copied.share()) {
                    pairs.insert(pair, (of, from, copied));
                }
            }
        }
        let mut pairs: Vec<(usize, usize, Copied)> = pairs.into_values().collect();
        pairs.sort_by_key(|(of, from, copied)| (std::cmp::Reverse(copied.share()), *of, *from));
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Report, Section};
    use proptest::prelude::*;

    fn prose(agency: &str, paragraphs: &[&str]) -> Prose {
        let mut report = Report::new(agency, 2031);
        report.set_section(Section::ProblemsAndImprovements, &paragraphs.join("\n"));
        Prose::of(&report)
    }

    const PROBLEMS: &str = "一是主动公开的时效性有待增强，个别站所报送信息不及时，存在年底集中补报的情况；\
        二是政策解读形式较为单一，图解和视频解读偏少，群众的获得感还不够明显。";

    #[test]
    fn the_same_words_with_other_numbers_and_names_are_copied() {
        let last = prose("青禾区白露镇人民政府", &[&format!("2030年白露镇发布12条。{PROBLEMS}")]);
        let this = prose(
            "青禾区松溪镇人民政府",
            &[
                "今年我镇新建了政务公开专区，并请村民评议员按月打分。",
                &format!("2031年松溪镇发布96条。{PROBLEMS}"),
            ],
        );
        let found = copied(&this, &last);
        assert_eq!(found.passages.len(), 1, "{found:?}");
        let passage = &found.passages[0];
        assert!(passage.text.ends_with("还不够明显") && passage.text.contains("一是主动公开"), "{passage:?}");
        assert_eq!(passage.section, Section::ProblemsAndImprovements);
        let share = found.share().unwrap();
        assert!((600..900).contains(&share), "{share}");
        assert_eq!(copied(&last, &last).share(), Some(1000));
    }

    #[test]
    fn own_words_are_not_copied() {
        let one = prose("青禾区白露镇", &[PROBLEMS]);
        let other = prose(
            "青禾区松溪镇",
            &[
                "三个村的公开栏没有及时更新，我们已同村委会约定每月五日前张贴；申请答复的说理还不充分，法律顾问将逐件把关。",
            ],
        );
        assert_eq!(copied(&one, &other).copied, 0);
        assert_eq!(copied(&prose("甲镇", &["无"]), &one).share(), None);
    }

    #[test]
    fn what_everybody_writes_is_nobodys() {
        let common = "坚持以人民为中心的发展思想持续推进决策执行管理服务和结果公开不断提升公开的质量和实效";
        let own: Vec<String> = (0..8)
            .map(|n| {
                (0..60).map(|i| char::from_u32(0x4e00 + (n * 977 + i * 131) % 20_000).unwrap()).collect()
            })
            .collect();
        let mut proses: Vec<Prose> = own.iter().map(|own| prose("甲镇", &[common, own])).collect();
        assert!(Library::new(proses.clone()).neighbours(0).is_empty());
        proses.push(prose("乙镇", &[common, &own[3]]));
        let library = Library::new(proses);
        let found = library.neighbours(8);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, 3);
        assert!(library.neighbours(0).is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        /// A passage long enough is found wherever it stands in both.
        #[test]
        fn a_long_common_run_is_always_found(
            before in "[甲乙丙丁戊]{0,60}", after in "[己庚辛壬癸]{0,60}",
            there in "[子丑寅卯辰]{0,60}", rest in "[巳午未申酉]{0,60}",
            run in "[天地玄黄宇宙洪荒日月盈昃辰宿列张]{24,80}",
        ) {
            let one = prose("某镇", &[&format!("{before}{run}{after}")]);
            let other = prose("某镇", &[&format!("{there}{run}{rest}")]);
            let found = copied(&one, &other);
            prop_assert!(found.copied >= run.chars().count(), "{found:?}");
            prop_assert!(found.copied <= found.counted);
        }

        /// The copied share never exceeds the whole, whatever is compared, and equal texts are copied whole.
        #[test]
        fn shares_stay_within_the_whole(a in "[一二三四五，。0-9]{0,200}", b in "[一二三四五，。0-9]{0,200}") {
            let (a, b) = (prose("某镇", &[&a]), prose("某镇", &[&b]));
            let found = copied(&a, &b);
            prop_assert!(found.copied <= found.counted);
            if a.len() >= SHORTEST {
                prop_assert_eq!(copied(&a, &a).copied, a.len());
            }
        }
    }
}
