//! `cargo xtask bench search [how many]`: search through HTTP with eight clients over invented entries of 2 KB.

use crate::postgres::Cluster;
use crate::shell::{self, cargo};

pub(crate) fn run(how_many: &[String]) -> anyhow::Result<()> {
    let mut bench = cargo();
    bench.args(["bench", "--quiet", "-p", "gongkai-web", "--bench", "search", "--"]).args(how_many);
    let given = std::env::var_os("GONGKAI_TEST_POSTGRES");
    let cluster = if given.is_some() {
        None
    } else {
        Cluster::start().map_err(|error| eprintln!("no PostgreSQL: {error:#}")).ok()
    };
    if let Some(cluster) = &cluster {
        bench.env("GONGKAI_TEST_POSTGRES", cluster.url());
    }
    shell::run(&mut bench)
}
