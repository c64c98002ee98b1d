//! `cargo xtask bench pages [how many]` and `cargo xtask bench search [how many]`: the portal under load, over invented entries
//! of 2 KB, on SQLite and PostgreSQL.

use crate::postgres::Cluster;
use crate::shell::{self, cargo};

pub(crate) fn run(bench: &str, how_many: &[String]) -> anyhow::Result<()> {
    let mut cargo = cargo();
    cargo.args(["bench", "--quiet", "-p", "gongkai-web", "--bench", bench, "--"]).args(how_many);
    let given = std::env::var_os("GONGKAI_TEST_POSTGRES");
    let cluster = if given.is_some() {
        None
    } else {
        Cluster::start().map_err(|error| eprintln!("no PostgreSQL: {error:#}")).ok()
    };
    if let Some(cluster) = &cluster {
        cargo.env("GONGKAI_TEST_POSTGRES", cluster.url());
    }
    shell::run(&mut cargo)
}
