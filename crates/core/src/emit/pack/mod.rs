//! The template engine: Handlebars 4.7, compiled.
//!
//! [`compile`] turns a template into a [`Template`], a flat program; [`render`] runs it against a [`View`] and appends to
//! a [`Sink`](super::Sink). Both are pure, and neither can be made to run away: what a template nests, writes and does is
//! counted against [`Limits`].
//!
//! ```text
//! source --parse--> Ast --whitespace--> Ast --compile--> Template --render(View, root)--> text
//! ```

mod options;
mod problem;
mod value;

pub use options::{Dialect, Interrupt, Limits, Log, Options};
pub use problem::{Call, Problem};
pub use value::{Arena, Field, Handle, Key, Layered, NoView, Value, View};
