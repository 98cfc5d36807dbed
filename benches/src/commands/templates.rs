//! `langloom-bench templates`

use std::io::Write as _;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use langloom_core::emit::Sink;
use langloom_core::emit::pack::{Dialect, Options, Template, Templates, compile, render};
use serde_json::{Value, json};

use crate::measure::allocations::counted;
use crate::measure::repeat;
use crate::table::{Table, bytes, count, seconds, three_digits};
use crate::templates::{PARTIALS, TEMPLATE, Types, VOCABULARY, View, plain};

/// Measure the template engine against plain Rust and handlebars.js
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many interfaces the data has
    #[arg(long, value_name = "COUNT", default_value_t = 2_000)]
    interfaces: usize,

    /// How many properties each of them has
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    properties: usize,

    /// How long to repeat each
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    budget: f64,

    /// The Node to run handlebars.js with
    #[arg(long, value_name = "PROGRAM", default_value = "node")]
    node: String,
}

/// Lines of the pack whose compilation is measured.
const PACK_LINES: usize = 1_000;

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let budget = Duration::try_from_secs_f64(args.budget).map_err(|_| "the budget must be a number of seconds".to_owned())?;
    let types = Types::new(args.interfaces, args.properties);
    let pack = TEMPLATE.repeat(PACK_LINES.div_ceil(TEMPLATE.lines().count()));
    let (template, partials) = compiled()?;

    let text = rendered(&template, &partials, &types)?;
    let mut written = String::new();
    plain(&types, &mut written);
    let (reference, reference_cpu) = handlebars_js(args, &types)?;
    for (name, other) in [("plain Rust", &written), ("handlebars.js", &reference)] {
        if *other != text {
            return Err(format!("{name} writes something else than Langloom"));
        }
    }

    let compile_time = repeat::best(budget, || Box::new(compile("pack", &pack, &dialect())));
    let render_time = repeat::best(budget, || Box::new(rendered(&template, &partials, &types)));
    let (_, allocations) = counted(|| rendered(&template, &partials, &types));
    let plain_time = repeat::best(budget, || {
        let mut out = String::with_capacity(1 << 16);
        plain(&types, &mut out);
        Box::new(out)
    });

    let length = text.len() as f64;
    let mut table = Table::new(&["", "cpu", "MB/s", "times Langloom"]);
    let own = render_time.cpu.as_secs_f64();
    for (name, cpu) in [("Langloom", own), ("plain Rust", plain_time.cpu.as_secs_f64()), ("handlebars.js", reference_cpu)] {
        table.row([name.to_owned(), seconds(cpu), three_digits(length / cpu / 1e6), three_digits(cpu / own)]);
    }
    println!(
        "{} interfaces of {} properties, {} of text, {} allocations",
        count(args.interfaces as u64),
        args.properties,
        bytes(text.len() as u64),
        count(allocations.count)
    );
    print!("{table}");
    println!(
        "compiling {} lines of templates: {}, {} MB/s",
        count(pack.lines().count() as u64),
        seconds(compile_time.cpu.as_secs_f64()),
        three_digits(pack.len() as f64 / compile_time.cpu.as_secs_f64() / 1e6)
    );
    Ok(ExitCode::SUCCESS)
}

fn dialect() -> Dialect<'static> {
    Dialect { vocabulary: VOCABULARY, ..Dialect::CODE }
}

fn compiled() -> Result<(Template, Templates), String> {
    let compiled = |name: &str, source: &str| compile(name, source, &dialect()).map_err(|problems| problems[0].to_string());
    let mut partials = Templates::new();
    for (name, source) in PARTIALS {
        partials.insert(compiled(name, source)?);
    }
    Ok((compiled("types", TEMPLATE)?, partials))
}

fn rendered(template: &Template, partials: &Templates, types: &Types) -> Result<String, String> {
    let view = View(types);
    let mut text = String::new();
    let mut drain = |chunk: &str| text.push_str(chunk);
    let mut sink = Sink::new(1 << 16, &mut drain);
    render(template, partials, &view, view.root(), &Options::DEFAULT, &mut sink).map_err(|problem| problem.to_string())?;
    sink.finish();
    Ok(text)
}

/// What handlebars.js writes, and the CPU seconds of its best run.
fn handlebars_js(args: &Args, types: &Types) -> Result<(String, f64), String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance/handlebars/speed.mjs");
    let partials: Value = PARTIALS.iter().map(|(name, source)| ((*name).to_owned(), Value::from(*source))).collect();
    let task = json!({ "template": TEMPLATE, "partials": partials, "data": types.to_json(), "seconds": args.budget });
    let failed = |error: &dyn std::fmt::Display| format!("cannot run handlebars.js with {}: {error}", args.node);
    let mut child = Command::new(&args.node)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&error))?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(task.to_string().as_bytes()).map_err(|error| failed(&error))?;
    }
    let output = child.wait_with_output().map_err(|error| failed(&error))?;
    let answer: Value = serde_json::from_slice(&output.stdout).map_err(|error| failed(&error))?;
    match (answer["text"].as_str(), answer["seconds"].as_f64()) {
        (Some(text), Some(seconds)) => Ok((text.to_owned(), seconds)),
        _ => Err(failed(&"it did not answer")),
    }
}
