//! `cargo xtask test`: every check there is. All of them run, whatever fails first; the summary says which did.

use std::time::{Duration, Instant};

use anyhow::bail;

use crate::postgres::Cluster;
use crate::shell::{self, cargo, command, npm_ci, root};
use crate::{demo, fonts, generate, tidy};

/// Names the server the tests use; when it is set already, none is started.
const SERVER: &str = "GONGKAI_TEST_POSTGRES";

struct Step {
    name: &'static str,
    took: Duration,
    error: Option<String>,
}

pub(crate) fn run() -> anyhow::Result<()> {
    let cluster = match std::env::var_os(SERVER) {
        Some(_) => None,
        None => Some(Cluster::start()?),
    };
    let server = cluster.as_ref().map_or_else(|| std::env::var(SERVER).unwrap_or_default(), Cluster::url);
    let mut steps = Vec::new();
    let mut step = |name, check: &dyn Fn() -> anyhow::Result<()>| {
        eprintln!("\n== {name}");
        let start = Instant::now();
        let error = check().err().map(|error| format!("{error:#}"));
        if let Some(error) = &error {
            eprintln!("{error}");
        }
        steps.push(Step { name, took: start.elapsed(), error });
    };

    step("format", &|| shell::run(cargo().args(["fmt", "--all", "--check"])));
    step("tidy", &tidy::run);
    step("islands", &demo::islands);
    step("typeface", &fonts::fetch);
    step("clippy", &|| {
        shell::run(cargo().args([
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    });
    step("tests", &|| {
        let run = ["test", "--quiet", "--workspace", "--no-fail-fast"];
        shell::run(cargo().args(run).env(SERVER, &server))
    });
    // From here on with the program the tests have just run: another build of it would take minutes and a gigabyte.
    step("generated files", &|| generate::with(&shell::debug_program()?, true));
    step("browser", &|| browser(&server, cluster.as_ref()));
    drop(cluster);

    eprintln!("\n== summary");
    for step in &steps {
        let verdict = if step.error.is_none() { "ok" } else { "FAILED" };
        eprintln!("{:>7.1} s  {:<16} {verdict}", step.took.as_secs_f64(), step.name);
    }
    let failed: Vec<&str> = steps.iter().filter(|s| s.error.is_some()).map(|s| s.name).collect();
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    eprintln!("all checks passed");
    Ok(())
}

/// Journeys through the real program in a real Chromium.
fn browser(server: &str, cluster: Option<&Cluster>) -> anyhow::Result<()> {
    let folder = root().join("browser-tests");
    npm_ci(&folder)?;
    let mut path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(cluster) = cluster {
        path.push(":");
        path.push(cluster.programs());
    }
    let mut journeys = command("npm");
    journeys.args(["test", "--silent"]).current_dir(folder);
    shell::run(journeys.env(SERVER, server).env("JOURNEY_BINARY", shell::debug_program()?).env("PATH", path))
}
