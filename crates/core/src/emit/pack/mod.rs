//! The template engine: Handlebars 4.7, compiled.
//!
//! [`compile`] turns a template into a [`Template`], a flat program; [`render`] runs it against a [`View`] and appends to
//! a [`Sink`](super::Sink). Both are pure, and neither can be made to run away: what a template nests, writes and does is
//! counted against [`Limits`].
//!
//! ```text
//! source --parse--> ast --whitespace--> ast --compile--> Template --render(View, root)--> text
//! ```

mod ast;
mod budget;
mod compile;
mod evaluate;
mod few;
mod helpers;
mod lexer;
mod options;
mod parser;
mod partial;
mod problem;
mod program;
mod reader;
mod render;
mod scope;
mod suggest;
mod value;
mod whitespace;
mod writer;

pub use compile::compile;
pub use helpers::{Example, Group, HELPERS, Helper, helpers};
pub use options::{Dialect, Interrupt, Limits, Log, Options};
pub use problem::{Call, Problem};
pub use program::{Template, Templates};
pub use render::render;
pub use value::{Arena, Field, Handle, Key, Layered, NoView, Value, View};
