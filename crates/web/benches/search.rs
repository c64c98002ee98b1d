//! `cargo xtask bench search [how many]`: entries of 2 KB of invented text, searched by eight clients through HTTP.
//!
//! Every question differs from every other, if only by a date that narrows nothing, so that no answer is one that was kept.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

mod load;

use load::{
    AGENCIES, Dice, Ground, Language, connected, filled, free_port, get, me, memory, processor, serve,
    started,
};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CLIENTS: usize = 8;
/// Questions of each kind, and how many before them are not measured: the system has the files of the index in its memory then.
const ASKED: usize = 400;
const BEFORE: usize = 40;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["fill", url, count] => runtime.block_on(filled(url, count.parse().unwrap())),
        ["serve", url, folder, port] => runtime.block_on(serve(url, Path::new(folder), port, true)),
        [] => measure(10_000),
        [count] => measure(count.parse().unwrap()),
        _ => panic!("cargo xtask bench search [how many]"),
    }
}

fn measure(count: usize) {
    let ground = Ground::new("search");
    for (name, url) in &ground.databases {
        one(name, url, count, &ground.folder.join(name));
    }
}

fn one(name: &str, url: &str, count: usize, folder: &PathBuf) {
    std::fs::create_dir_all(folder).unwrap();
    let begin = Instant::now();
    assert!(me(&["fill", url, &count.to_string()]).status().unwrap().success());
    println!("{name}, {count} entries: written in {:.0} s", begin.elapsed().as_secs_f64());
    let port = free_port();
    let start = |what: &str| {
        let begin = Instant::now();
        let server = started(&mut me(&["serve", url, &folder.display().to_string(), &port]), &port);
        println!("{name}: {what} in {:.1} s", begin.elapsed().as_secs_f64());
        server
    };
    drop(start("index built and served"));
    let server = start("started again");
    let index: u64 = size(&folder.join("search"));
    println!("{name}: index {:.0} MB; memory before the load {}", index as f64 / 1e6, memory(server.0.id()));
    println!(
        "{:<28}{:>8}{:>8}{:>8}{:>10}{:>10}",
        "milliseconds, 8 clients", "p50", "p99", "most", "processor", "a second"
    );
    for (kind, questions) in questions(count) {
        let (first, questions) = questions.split_at(BEFORE);
        ask(&port, first);
        let before = processor(server.0.id());
        let (latencies, took) = ask(&port, questions);
        let each = (processor(server.0.id()) - before) / latencies.len() as f64;
        let at = |share: f64| latencies[((latencies.len() - 1) as f64 * share) as usize];
        println!(
            "{kind:<28}{:>8.1}{:>8.1}{:>8.1}{each:>10.2}{:>10.0}",
            at(0.5),
            at(0.99),
            at(1.0),
            latencies.len() as f64 / took.as_secs_f64()
        );
    }
    println!("{name}: memory under the load {}", memory(server.0.id()));
}

fn size(folder: &Path) -> u64 {
    std::fs::read_dir(folder).map_or(0, |all| all.map(|file| file.unwrap().metadata().unwrap().len()).sum())
}

/// Kinds of questions, each with its own.
fn questions(count: usize) -> Vec<(&'static str, Vec<String>)> {
    let language = Language::new();
    let mut often: HashMap<&str, usize> = HashMap::new();
    for word in &language.words {
        *often.entry(word).or_default() += 1;
    }
    let mut ranked: Vec<(usize, &str)> = often.into_iter().map(|(word, times)| (times, word)).collect();
    ranked.sort_unstable_by(|a, b| b.cmp(a));
    let long = |least: usize| ranked.iter().map(|(_, w)| *w).filter(move |w| w.chars().count() >= least);
    let (single, common): (Vec<&str>, Vec<&str>) = (
        ranked.iter().map(|(_, w)| *w).filter(|w| w.chars().count() == 1).take(40).collect(),
        long(2).take(20).collect(),
    );
    let mut dice = Dice(42);
    let mut from_text = |length: usize| {
        let entry = language.entry(dice.roll(count / AGENCIES * AGENCIES));
        let runs: Vec<Vec<char>> = entry
            .body_html
            .split(|c: char| !('\u{4e00}'..='\u{9fa5}').contains(&c))
            .map(|run| run.chars().collect::<Vec<char>>())
            .filter(|run| run.len() >= length)
            .collect();
        let Some(run) = runs.get(dice.roll(runs.len().max(1))) else { return "通知".to_owned() };
        let at = dice.roll(run.len() - length + 1);
        run[at..at + length].iter().collect()
    };
    let several = |make: &mut dyn FnMut(usize) -> String| (0..BEFORE + ASKED).map(make).collect::<Vec<_>>();
    vec![
        ("one character", several(&mut |n| single[n % single.len()].to_owned())),
        ("two characters", several(&mut |_| from_text(2))),
        ("phrase of four", several(&mut |_| from_text(4))),
        ("phrase of eight", several(&mut |_| from_text(8))),
        ("very common word", several(&mut |n| common[n % common.len()].to_owned())),
        (
            "two common words",
            several(&mut |n| format!("{} {}", common[n % 20], common[(n / 20 + n + 1) % 20])),
        ),
        ("rare: a name", several(&mut |n| language.name((n * 7_919) % count))),
        ("nothing: another name", several(&mut |n| language.name(count + n * 31))),
    ]
}

fn ask(port: &str, questions: &[String]) -> (Vec<f64>, Duration) {
    let next = AtomicUsize::new(0);
    let begin = Instant::now();
    let mut latencies: Vec<f64> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| {
                    let mut stream = connected(port);
                    let mut latencies = Vec::new();
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        let Some(question) = questions.get(n) else { return latencies };
                        let typed: String = question.bytes().map(|byte| format!("%{byte:02X}")).collect();
                        let day = format!("{}-{:02}-{:02}", 1000 + n / 336, n / 28 % 12 + 1, n % 28 + 1);
                        let begin = Instant::now();
                        get(&mut stream, &format!("/search?q={typed}&from={day}"));
                        latencies.push(begin.elapsed().as_secs_f64() * 1e3);
                    }
                })
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    let took = begin.elapsed();
    latencies.sort_by(f64::total_cmp);
    (latencies, took)
}
