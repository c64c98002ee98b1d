//! The fuzz targets with the committed corpus and a fixed number of mutations of it: the same functions that the fuzzer
//! calls without end (`fuzz/README.md`). The mutations are always the same ones, so a failure comes again.
#![allow(clippy::unwrap_used, unreachable_pub, dead_code)]

#[path = "../../../fuzz/src/lib.rs"]
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Of each target.
const MUTATIONS: u64 = 120;
/// Far above what any input takes without optimisation.
const LONGEST: Duration = Duration::from_secs(20);

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    if target == "html" {
        // A whole page, which other tests read too.
        files.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/qinghe.html"));
    }
    files.sort();
    files.into_iter().map(|file| (file.clone(), std::fs::read(file).unwrap())).collect()
}

/// Time on a processor of this thread; a loaded machine takes longer on the clock.
fn processor_time() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0))
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// What readers look for: put into an input it leads further than any byte by chance.
const WORDS: [&str; 40] = [
    "一、总体情况",
    "三、收到和处理政府信息公开申请情况",
    "一、本年新收政府信息公开申请数量",
    "（七）总计",
    "规章",
    "自然人",
    "其中",
    "共计",
    "余件",
    "同比增长",
    "％",
    "－1",
    "99999999999999999999",
    "0000",
    "\t",
    "|",
    "\r\n",
    "（",
    "2031年",
    "\u{2f00}",
    "<table>",
    "</td>",
    "<tr><td rowspan=0>",
    "<p hidden>",
    "<!--",
    "]]>",
    "&#x110000;",
    "<w:tbl>",
    "</w:tc>",
    "<w:vMerge/>",
    "<row r=\"1048577\">",
    "<c r=\"XFE1\" t=\"s\">",
    "<v>4294967296</v>",
    "{\"a\":[",
    "null",
    "1e999",
    "endstream",
    "0 0 R",
    "/Length -1",
    "[<0000> <ffff>]",
];

fn mutated(seed: u64, one: &[u8], other: &[u8]) -> Vec<u8> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut bytes = one.to_vec();
    for _ in 0..1 + dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        let end = (at + 1 + dice.below(64)).min(bytes.len());
        match dice.below(8) {
            0 if at < bytes.len() => bytes[at] = dice.below(256) as u8,
            1 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let part = bytes[at..end].to_vec();
                let to = dice.below(bytes.len() + 1);
                (0..1 + dice.below(20)).for_each(|_| drop(bytes.splice(to..to, part.clone())));
            }
            4 => bytes.truncate(at),
            5 => {
                let from = dice.below(other.len() + 1);
                let to = (from + dice.below(400)).min(other.len());
                drop(bytes.splice(at..at, other[from..to].iter().copied()));
            }
            6 if end - at >= 4 => {
                let number = [0, 1, 0x7fff_ffff, u32::MAX, bytes.len() as u32][dice.below(5)];
                bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
            }
            _ => drop(bytes.splice(at..at, WORDS[dice.below(WORDS.len())].bytes())),
        }
    }
    bytes
}

/// Runs the target; on a panic the input is told.
fn tried(name: &str, target: fn(&[u8]), bytes: &[u8], context: &str) {
    let begin = processor_time();
    let done = catch_unwind(AssertUnwindSafe(|| target(bytes)));
    assert!(done.is_ok(), "{name}: {context} does not hold, see above");
    assert!((processor_time() - begin) < LONGEST, "{name}: {context} took {:?}", (processor_time() - begin));
}

fn run(targets: &[targets::Target]) {
    for &(name, target) in targets {
        let corpus = corpus(name);
        assert!(!corpus.is_empty(), "{name} has no corpus");
        for (file, bytes) in &corpus {
            tried(name, target, bytes, &file.display().to_string());
        }
        for seed in 0..MUTATIONS {
            let pick = |n: u64| &corpus[(n % corpus.len() as u64) as usize];
            let ((file, one), (_, other)) = (pick(seed), pick(seed / 3));
            let context = format!("{} with mutation {seed}", file.display());
            tried(name, target, &mutated(seed, one, other), &context);
        }
    }
}

// Two halves, which run at the same time.

#[test]
fn readers_of_text_and_office_files_hold() {
    run(&targets::TARGETS[..7]);
}

#[test]
fn readers_of_word_97_and_pdf_and_the_rules_of_prose_hold() {
    run(&targets::TARGETS[7..]);
}
