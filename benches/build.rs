//! Hands the compiler's name to the program: instruction counts of different compilers cannot be compared.

use std::env;
use std::process::Command;

fn main() {
    let compiler = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let output = Command::new(compiler).arg("--version").output();
    let version =
        output.map_or_else(|_| "unknown".to_owned(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    println!("cargo:rustc-env=BENCH_COMPILER={version}");
    for name in ["TARGET", "OPT_LEVEL"] {
        println!("cargo:rustc-env=BENCH_{name}={}", env::var(name).unwrap_or_default());
    }
    println!("cargo:rerun-if-changed=build.rs");
}
