//! Lists the files of the built-in packs, so that adding one needs no code: a table of paths and `include_bytes!`. Thirty
//! lines here instead of a crate with a procedural macro, which also would not see new files.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut files = Vec::new();
    collect(&root, "", &mut files);
    files.sort();
    let mut table = String::from("&[\n");
    for (shown, path) in files {
        let path = path.to_str().expect("the path of the repository is Unicode");
        writeln!(table, "({shown:?}, include_bytes!({path:?})),").expect("a String takes everything");
    }
    table.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("built_in_packs.rs"), table).expect("the output folder can be written");
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).expect("the packs can be read") {
        let path = entry.expect("the packs can be read").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("names of packs are Unicode");
        let shown = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{shown}/"), files);
        } else {
            files.push((shown, path));
        }
    }
}
