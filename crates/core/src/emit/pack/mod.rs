//! Template packs: what they are, what their templates see, what they write, and the engine that does it: Handlebars 4.7,
//! compiled.
//!
//! [`compile`] turns a template into a [`Template`], a flat program; [`render`] runs it against a [`View`] and appends to
//! a [`Sink`](super::Sink). Both are pure, and neither can be made to run away: what a template nests, writes and does is
//! counted against [`Limits`].
//!
//! ```text
//! source --parse--> ast --whitespace--> ast --compile--> Template --render(View, root)--> text
//! ```

mod assembly;
mod ast;
mod blocks;
mod budget;
mod buffer;
mod compile;
mod compile_condition;
mod compile_path;
mod compiled;
mod ending;
mod evaluate;
mod few;
mod fields;
mod helpers;
mod lexer;
mod lint;
mod manifest;
mod option;
mod options;
mod output;
mod output_path;
mod parser;
mod partial;
mod patterns;
mod plan;
mod problem;
mod program;
mod reader;
mod regions;
mod render;
mod scope;
mod subject;
mod suggest;
mod trouble;
mod value;
pub mod view;
mod whitespace;
mod writer;

pub use assembly::{Files, Layer, Pack, PackText};
pub use compile::compile;
pub use compiled::CompiledTemplates;
pub use helpers::{Example, Group, HELPERS, Helper, helpers};
pub use lint::lint;
pub use manifest::{
    ForEach, Manifest, OUTPUT_KEYS, OutputSpec, PACK_KEYS, Pattern, STATIC_KEYS, StaticSpec, VIEW_VERSION, WriteMode,
    parse_manifest,
};
pub use option::{OptionSpec, OptionType, OptionValue};
pub use options::{Dialect, Limits, LogLevel, LogLine, Options, Spent, Unwatched, Watch};
pub use output_path::{TakenPaths, check_path};
pub use plan::{FileContent, PackProblem, Plan, PlannedFile, ResultFile, Results, plan};
pub use problem::{Call, Problem};
pub use program::{Template, Templates};
pub use regions::{Lost, merge as merge_regions, without_regions};
pub use render::render;
pub use trouble::{Trouble, nearest};
pub use value::{Arena, Field, Handle, Key, Layered, NoView, Value, View};
pub use view::ProjectView;
