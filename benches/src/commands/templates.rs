//! `langloom-bench templates`

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::disk::{self, Scratch};
use crate::measure::repeat;
use crate::programs;
use crate::record::{Ratio, Templates};
use crate::table::{Table, bytes, count, seconds, three_digits};
use crate::templates::{self, PARTIALS, PROPERTIES, Pack, TEMPLATE, Types};

/// Run Langloom's template engine and handlebars.js in turn on the same templates and data
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many types of five properties the data has
    #[arg(long, value_name = "NUMBER", default_value_t = 2_000)]
    types: usize,

    /// How often each takes its turn
    #[arg(long, value_name = "NUMBER", default_value_t = 3)]
    rounds: usize,

    /// Write the figures to a file too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let figures = measure(args.types, args.rounds)?;
    print(&figures);
    if let Some(path) = &args.json {
        disk::write_json(path, &figures)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What the script prints.
#[derive(Debug, Deserialize)]
struct Theirs {
    compile: f64,
    render: f64,
}

/// Langloom, handlebars.js and the floor, so many times.
pub(super) fn measure(types: usize, rounds: usize) -> Result<Templates, String> {
    let scratch = Scratch::new("templates")?;
    let data = Types::new(types, PROPERTIES);
    let budget = Duration::from_millis(500);
    let cpu = |work: &mut dyn FnMut() -> Box<dyn std::any::Any>| repeat::best(budget, work).cpu.as_secs_f64();
    let compiled = templates::compiled();
    let text = templates::rendered(&compiled, &data);
    if [templates::written_plainly(&data), templates::pushed_by_hand(&data)].iter().any(|other| *other != text) {
        return Err("Langloom and plain Rust write different texts".to_owned());
    }
    let script = handlebars(&scratch, &data)?;
    let pack = Pack::read()?;
    let mut figures = Templates { types, output_bytes: text.len(), pack_lines: pack.lines(), ..Templates::default() };
    for _ in 0..rounds.max(1) {
        figures.compile.push(cpu(&mut || Box::new(templates::compiled())));
        figures.render.push(cpu(&mut || Box::new(templates::rendered(&compiled, &data))));
        figures.written.push(cpu(&mut || Box::new(templates::written_plainly(&data))));
        figures.pushed.push(cpu(&mut || Box::new(templates::pushed_by_hand(&data))));
        figures.floor.push(cpu(&mut || Box::new(text.clone())));
        figures.pack_compile.push(cpu(&mut || Box::new(pack.compiled())));
        let Some((command, output)) = &script else { continue };
        let theirs = run_script(command)?;
        figures.their_compile.push(theirs.compile);
        figures.their_render.push(theirs.render);
        if disk::read(output)? != text {
            return Err(format!(
                "Langloom and handlebars.js render different texts; theirs has {} bytes",
                disk::read(output)?.len()
            ));
        }
    }
    Ok(figures)
}

/// The arguments of node that run handlebars.js, and where it writes; nothing if it is not installed.
fn handlebars(scratch: &Scratch, data: &Types) -> Result<Option<(Vec<PathBuf>, PathBuf)>, String> {
    let Some((node, library)) = programs::handlebars() else { return Ok(None) };
    let write = |name: &str, text: &str| {
        let path = scratch.path().join(name);
        disk::write(&path, text).map(|()| path)
    };
    let output = scratch.path().join("output.ts");
    let partials: Value = PARTIALS.iter().map(|(name, source)| ((*name).to_owned(), Value::from(*source))).collect();
    let command = vec![
        node,
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src/templates/handlebars.mjs"),
        library,
        write("templates.json", &json!({ "template": TEMPLATE, "partials": partials }).to_string())?,
        write("data.json", &data.to_json().to_string())?,
        output.clone(),
    ];
    Ok(Some((command, output)))
}

fn run_script(command: &[PathBuf]) -> Result<Theirs, String> {
    let output = Command::new(&command[0]).args(&command[1..]).output();
    let output = output.map_err(|error| format!("cannot run {}: {error}", command[0].display()))?;
    let parsed = serde_json::from_slice(&output.stdout);
    parsed.map_err(|_| format!("handlebars.js: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

/// Says what it came to.
pub(super) fn print(figures: &Templates) {
    let best = |values: &[f64]| values.iter().copied().fold(f64::MAX, f64::min);
    println!("templates: {} types, {} out", count(figures.types as u64), bytes(figures.output_bytes as u64));
    let mut table = Table::new(&["", "compile", "render", "MB/s", "times the floor"]);
    let floor = best(&figures.floor);
    let rows = [
        ("Langloom", &figures.compile, &figures.render),
        ("handlebars.js", &figures.their_compile, &figures.their_render),
        ("Rust, write!", &Vec::new(), &figures.written),
        ("Rust, push_str", &Vec::new(), &figures.pushed),
        ("floor: a copy", &Vec::new(), &figures.floor),
    ];
    for (name, compile, render) in rows.into_iter().filter(|(_, _, render)| !render.is_empty()) {
        table.row([
            name.to_owned(),
            if compile.is_empty() { String::new() } else { seconds(best(compile)) },
            seconds(best(render)),
            three_digits(figures.output_bytes as f64 / best(render) / 1e6),
            three_digits(best(render) / floor),
        ]);
    }
    print!("{table}");
    if let Some(compile) = figures.pack_compile() {
        println!("compiling a pack of {} lines: {}", count(figures.pack_lines as u64), seconds(compile));
    }
    let show = |what: &str, ratio: Option<Ratio>| {
        if let Some(ratio) = ratio {
            let [best, low, high] = [ratio.best, ratio.low, ratio.high].map(three_digits);
            println!("{what}: {best} times fewer CPU seconds than handlebars.js (rounds from {low} to {high})");
        }
    };
    show("compiling", figures.compile_ratio());
    show("rendering", figures.render_ratio());
    match figures.their_render.is_empty() {
        true => println!("handlebars.js is not installed, so Langloom runs alone (npm ci --prefix conformance)\n"),
        false => println!("the texts are the same, byte for byte\n"),
    }
}
