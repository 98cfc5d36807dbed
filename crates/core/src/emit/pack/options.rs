//! What a pack and the shell decide about templates: how they are read, and how far a rendering may go.

use super::value::Field;
use crate::text::Position;

/// How templates are read. The options are those of Handlebars' `compile`.
#[derive(Clone, Copy, Debug)]
pub struct Dialect<'v> {
    /// Replace `& < > " ' \` =` of `{{value}}` by HTML entities. `{{{value}}}` never does.
    pub escape: bool,
    /// A path that leads nowhere is an error; `if`, `unless`, `with`, `default`, … may ask for one all the same.
    pub strict: bool,
    /// Mustaches that stand alone on a line leave their line behind.
    pub ignore_standalone: bool,
    /// A partial that stands alone on a line does not indent all of its lines.
    pub prevent_indent: bool,
    /// A partial without a context sees nothing of its caller's.
    pub explicit_partial_context: bool,
    /// A property of nothing is an error, though a property that does not exist is none.
    pub assume_objects: bool,
    /// A name that the context does not have is looked up in the contexts around it, as in Mustache.
    pub compat: bool,
    /// Names of properties that the view knows by number ([`Key::id`](super::Key)): [`View::vocabulary`](super::View::vocabulary)
    /// of the view that all templates of a rendering are for, or nothing in all of them.
    pub vocabulary: &'v [&'v str],
}

impl Dialect<'static> {
    /// For generating code: nothing is escaped, unknown paths are errors.
    pub const CODE: Dialect<'static> = Dialect {
        escape: false,
        strict: true,
        ignore_standalone: false,
        prevent_indent: false,
        explicit_partial_context: false,
        assume_objects: false,
        compat: false,
        vocabulary: &[],
    };

    /// As handlebars.js reads templates if it is told nothing: escaping, and unknown paths print nothing.
    pub const HANDLEBARS: Dialect<'static> = Dialect { escape: true, strict: false, ..Dialect::CODE };
}

/// How far a rendering may go. Beyond, it ends in an error.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Partials within partials.
    pub partials: u32,
    /// Blocks and partials within each other: what bounds the stack.
    pub depth: u32,
    /// Bytes of text.
    pub output: usize,
    /// Bytes that values take which are made up while rendering.
    pub memory: usize,
    /// Instructions of the program, iterations, items looked at by helpers and the like.
    pub steps: u64,
}

impl Limits {
    /// `factor` times the text, the memory and the steps. Depths stay: the stack does not grow with a project.
    pub fn times(self, factor: f64) -> Limits {
        let scaled = |limit: usize| (limit as f64 * factor) as usize;
        Limits { output: scaled(self.output), memory: scaled(self.memory), steps: (self.steps as f64 * factor) as u64, ..self }
    }

    /// What all renderings for the files of a pack may take together, so that many that stay below their limits take no quarter of
    /// an hour either: twenty times the limits, and for each file a thousandth more, far beyond what one takes that is not alone.
    pub fn of_files(self, files: usize) -> Spent {
        let all = |limit: u64| limit.saturating_mul(20).saturating_add((limit / 1_000).saturating_mul(files as u64));
        Spent { steps: all(self.steps), output: all(self.output as u64) }
    }

    /// Those of the short templates in `pack.toml`, which run for whatever there may be a file for: a hundredth.
    pub(super) fn of_pattern(self) -> Limits {
        Limits { output: self.output / 100, memory: self.memory / 100, steps: self.steps / 100, ..self }
    }

    /// Far beyond what generators do, and all reached within two seconds.
    pub const DEFAULT: Limits = Limits { partials: 128, depth: 1_000, output: 64 << 20, memory: 256 << 20, steps: 100_000_000 };
}

/// What the caller of [`render`](super::render) decides.
#[derive(Clone, Copy)]
pub struct Options<'o> {
    /// How far it may go.
    pub limits: Limits,
    /// Variables besides `@root`: `{{@name}}`.
    pub data: &'o [Field<'o>],
    /// Who is told what happens.
    pub watch: &'o dyn Watch,
}

impl Options<'static> {
    /// The default limits and nothing else.
    pub const DEFAULT: Options<'static> = Options { limits: Limits::DEFAULT, data: &[], watch: &Unwatched };
}

/// Somebody who waits for a rendering.
pub trait Watch {
    /// Asked every few thousand steps whether to stop, and why: for a clock, which core has none of.
    fn must_stop(&self) -> Option<String> {
        None
    }

    /// Whether lines of `{{log}}` of this level are wanted.
    fn wants_log(&self, _: LogLevel) -> bool {
        false
    }

    /// Gets what `{{log}}` says, if it wants it.
    fn log(&self, _: &LogLine<'_>) {}

    /// Gets what a rendering took, when it ends.
    fn spent(&self, _: Spent) {}
}

/// Nobody.
#[derive(Clone, Copy, Debug)]
pub struct Unwatched;

impl Watch for Unwatched {}

/// What a rendering took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Of [`Limits::steps`].
    pub steps: u64,
    /// Of [`Limits::output`].
    pub output: u64,
}

/// How much a line of `{{log}}` matters: `level=` of handlebars.js, which may be a number from 0 on there, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// `debug`
    Debug,
    /// `info`: that of a line that says nothing about it
    Info,
    /// `warn`
    Warn,
    /// `error`
    Error,
}

impl LogLevel {
    const NAMES: [(&'static str, LogLevel); 4] =
        [("debug", LogLevel::Debug), ("info", LogLevel::Info), ("warn", LogLevel::Warn), ("error", LogLevel::Error)];

    /// `Logger.lookupLevel` of Handlebars: any case, or a number.
    pub(super) fn of(text: &str) -> Option<LogLevel> {
        let is_it = |(at, (name, _)): &(usize, &(&str, LogLevel))| text.eq_ignore_ascii_case(name) || text.parse() == Ok(*at);
        LogLevel::NAMES.iter().enumerate().find(is_it).map(|(_, (_, level))| *level)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        LogLevel::NAMES[self as usize].0
    }
}

/// A line of `{{log}}`.
#[derive(Clone, Copy, Debug)]
pub struct LogLine<'l> {
    /// How much it matters.
    pub level: LogLevel,
    /// The name of the template that says it.
    pub template: &'l str,
    /// Where it stands there.
    pub position: Position,
    /// The values.
    pub text: &'l str,
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Options").field("limits", &self.limits).field("data", &self.data).finish_non_exhaustive()
    }
}
