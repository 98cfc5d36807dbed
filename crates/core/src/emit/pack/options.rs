//! What a pack and the shell decide about templates: how they are read, and how far a rendering may go.

use super::value::Field;

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

    /// Far beyond what generators do, and all reached within two seconds.
    pub const DEFAULT: Limits = Limits { partials: 128, depth: 1_000, output: 256 << 20, memory: 256 << 20, steps: 100_000_000 };
}

/// What the caller of [`render`](super::render) decides.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// How far it may go.
    pub limits: Limits,
    /// Variables besides `@root`: `{{@name}}`.
    pub data: &'o [Field<'o>],
    /// Asked now and then whether to stop: for a deadline, or Ctrl-C.
    pub interrupt: Option<Interrupt<'o>>,
    /// Gets what `{{log}}` says.
    pub log: Option<Log<'o>>,
}

impl Options<'static> {
    /// The default limits and nothing else.
    pub const DEFAULT: Options<'static> = Options { limits: Limits::DEFAULT, data: &[], interrupt: None, log: None };
}

/// Says whether a rendering has to stop.
#[derive(Clone, Copy)]
pub struct Interrupt<'o>(pub &'o dyn Fn() -> bool);

/// Takes a line of `{{log}}`.
#[derive(Clone, Copy)]
pub struct Log<'o>(pub &'o dyn Fn(&str));

impl std::fmt::Debug for Interrupt<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Interrupt")
    }
}

impl std::fmt::Debug for Log<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Log")
    }
}
