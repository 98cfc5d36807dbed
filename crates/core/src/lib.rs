//! The Langloom compiler: Langium grammars in, generated text out.
//!
//! Data flows one way through five layers, each a module that names only those before it:
//! [`text`] (names, spans, problems) <- [`tree`] (what a parsed grammar is) <- [`syntax`] (text to tree)
//! <- [`model`] (many trees to one analysed project) <- [`emit`] (project to output text). Beside them, [`work`] lets
//! the caller do independent steps at the same time.
//!
//! Nothing here reads a file, starts a thread, asks for the time or prints: values go in, values come out,
//! and the caller owns the world.

#![forbid(unsafe_code)]

pub mod codec;
pub mod emit;
mod hash;
pub mod model;
pub mod syntax;
pub mod text;
pub mod tree;
pub mod work;
