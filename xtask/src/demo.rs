//! `cargo xtask demo`: the main job of the README.

use crate::fonts;
use crate::shell::{self, cargo, command, npm_ci, root};

pub(crate) fn run(args: &[String]) -> anyhow::Result<()> {
    islands()?;
    fonts::fetch_or_tell();
    shell::run(cargo().args(["run", "--release", "-p", "gongkai-cli", "--", "demo"]).args(args))
}

/// Scripts for the console, when the web crate has any: without them every page still works.
pub(crate) fn islands() -> anyhow::Result<()> {
    let web = root().join("crates/web");
    if web.join("package.json").is_file() {
        npm_ci(&web)?;
        shell::run(command("npm").args(["run", "--silent", "build"]).current_dir(&web))?;
    }
    Ok(())
}
