//! Puts the default typeface into the program when `cargo xtask fonts` has fetched it. The network is never touched here.

use std::path::Path;
use std::{env, fs, io};

const FACES: [&str; 2] = ["NotoSerifSC_400Regular.ttf", "NotoSerifSC_700Bold.ttf"];

fn main() -> io::Result<()> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("fonts");
    println!("cargo:rerun-if-changed={}", folder.display());
    let faces = FACES.map(|face| folder.join(face));
    let is_fetched = faces.iter().all(|face| face.is_file());
    let is_debug = env::var("PROFILE").is_ok_and(|profile| profile == "debug");
    let faces: Vec<String> = match (is_fetched, is_debug) {
        (true, false) => faces.iter().map(|face| format!("Bytes::new(include_bytes!({face:?}))")).collect(),
        // Each of many test programs would be 30 MB larger: while developing, the files are read when needed.
        (true, true) => faces
            .iter()
            .map(|face| format!("Bytes::new(std::fs::read({face:?}).unwrap_or_default())"))
            .collect(),
        (false, _) => {
            println!(
                "cargo:warning=no typeface is built in, PDF will need --font-dir; cargo xtask fonts fetches one"
            );
            Vec::new()
        }
    };
    let code = format!("fn built_in() -> Vec<Bytes> {{\n    vec![{}]\n}}\n", faces.join(", "));
    fs::write(Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("built_in.rs"), code)
}
