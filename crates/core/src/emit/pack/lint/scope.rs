//! What a piece of a template sees, of what is known: its context and those around it, parameters of blocks, inline
//! partials, the block that a partial is given. As [`scope`](super::super::scope) has it while rendering.

use std::sync::Arc;

use super::super::ast::{Inline, Program, Statement};
use super::known::Known;

/// Blocks and inline partials that are passed on within each other. A partial that calls itself with a block nests them
/// without an end; of deeper ones nothing is known.
const DEEPEST: usize = 4;

/// What a body sees.
#[derive(Clone, PartialEq)]
pub(super) struct Scope<'t> {
    /// The number of the text that it stands in.
    pub(super) text: usize,
    pub(super) contexts: Contexts,
    /// The parameters of the blocks around: names and values.
    pub(super) params: Vec<(&'t [&'t str], [Known; 2])>,
    /// `@root`
    pub(super) root: Known,
    pub(super) inlines: Inlines<'t>,
    /// `@partial-block`
    pub(super) block: Block<'t>,
}

/// A context and those around it.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Contexts {
    /// The innermost one last.
    known: Vec<Known>,
    /// There may be more of them around, of which nothing is known.
    is_open: bool,
}

/// The inline partials that can be called, the innermost first.
#[derive(Clone, PartialEq)]
pub(super) enum Inlines<'t> {
    Nothing,
    /// Any.
    Unknown,
    Of(Arc<Declared<'t>>),
}

/// The inline partials of a body, and what they see there.
pub(super) struct Declared<'t> {
    body: &'t Program<'t>,
    text: usize,
    contexts: Contexts,
    params: Vec<(&'t [&'t str], [Known; 2])>,
    /// The body is that of a partial block: its partials are for whom it is given to, they do not see each other.
    is_passed: bool,
    outer: Inlines<'t>,
    depth: usize,
}

/// What a partial is given to render as `@partial-block`.
#[derive(Clone, PartialEq)]
pub(super) enum Block<'t> {
    Nothing,
    /// Anything, or nothing.
    Unknown,
    Of(Arc<Closure<'t>>),
}

/// The body of a partial block, with what it sees.
pub(super) struct Closure<'t> {
    pub(super) program: &'t Program<'t>,
    pub(super) scope: Scope<'t>,
    depth: usize,
}

/// What the name of an inline partial leads to.
pub(super) enum Found<'t> {
    Nothing,
    /// Perhaps to one.
    Unknown,
    Inline(Arc<Declared<'t>>, &'t Program<'t>),
}

impl<'t> Scope<'t> {
    /// What a text sees that is given `context` and nothing else.
    pub(super) fn of_text(text: usize, context: Known, root: Known) -> Scope<'t> {
        let contexts = Contexts::default().with(context);
        Scope { text, contexts, params: Vec::new(), root, inlines: Inlines::Nothing, block: Block::Nothing }
    }

    /// What is left if nothing may be taken for known.
    pub(super) fn forget(&self) -> Scope<'t> {
        Scope {
            text: self.text,
            contexts: Contexts { known: vec![Known::Unknown], is_open: true },
            params: self.params.iter().map(|(names, _)| (*names, [Known::Unknown, Known::Unknown])).collect(),
            root: Known::Unknown,
            inlines: Inlines::Unknown,
            block: Block::Unknown,
        }
    }

    /// The same in a context of its own.
    pub(super) fn with(&self, context: Known) -> Scope<'t> {
        Scope { contexts: self.contexts.with(context), ..self.clone() }
    }

    /// `body`, which a partial is given, with what it sees here.
    pub(super) fn close(&self, body: &'t Program<'t>) -> Block<'t> {
        let depth = 1 + self.block.depth().max(self.inlines.depth());
        if depth > DEEPEST {
            return Block::Unknown;
        }
        Block::Of(Arc::new(Closure { program: body, scope: self.clone(), depth }))
    }

    /// The inline partials that can be called where those of `body` are declared too; `around` is what is around it.
    pub(super) fn declare(&self, body: &'t Program<'t>, around: &Contexts, is_passed: bool) -> Inlines<'t> {
        let outer = self.inlines.clone();
        if inlines_of(body).next().is_none() {
            return outer;
        }
        let depth = 1 + outer.depth();
        if depth > DEEPEST {
            return Inlines::Unknown;
        }
        let (text, contexts, params) = (self.text, around.clone(), self.params.clone());
        Inlines::Of(Arc::new(Declared { body, text, contexts, params, is_passed, outer, depth }))
    }

    /// What an inline partial sees before it is given a context. `root` and `block` are those of its caller.
    pub(super) fn of_inline(declared: &Arc<Declared<'t>>, root: Known, block: Block<'t>) -> Scope<'t> {
        let inlines = if declared.is_passed { declared.outer.clone() } else { Inlines::Of(declared.clone()) };
        let Declared { text, contexts, params, .. } = &**declared;
        Scope { text: *text, contexts: contexts.clone(), params: params.clone(), root, inlines, block }
    }
}

impl Contexts {
    /// These with one more inside. One that is that of the block around it is not counted by `..`.
    pub(super) fn with(&self, context: Known) -> Contexts {
        let may_be_the_same = self.known.last().is_some_and(|this| this.may_equal(&context));
        let outer = if may_be_the_same { &[][..] } else { &self.known };
        Contexts { known: outer.iter().cloned().chain([context]).collect(), is_open: self.is_open || may_be_the_same }
    }

    /// What is around the innermost one.
    pub(super) fn around(&self) -> Contexts {
        let known = self.known.split_last().map(|(_, around)| around.to_vec()).unwrap_or_default();
        Contexts { known, is_open: self.is_open }
    }

    /// The context `up` levels around the innermost one; none if there cannot be one.
    pub(super) fn up(&self, up: usize) -> Option<Known> {
        match self.known.len().checked_sub(up + 1) {
            Some(at) => Some(self.known[at].clone()),
            None => self.is_open.then_some(Known::Unknown),
        }
    }

    /// Those that are known, the innermost one first.
    pub(super) fn known(&self) -> impl Iterator<Item = &Known> {
        self.known.iter().rev()
    }
}

impl<'t> Inlines<'t> {
    pub(super) fn find(&self, name: &str) -> Found<'t> {
        let mut inlines = self;
        loop {
            match inlines {
                Inlines::Nothing => return Found::Nothing,
                Inlines::Unknown => return Found::Unknown,
                Inlines::Of(declared) => {
                    // Of two with the same name, the last one counts.
                    if let Some(inline) = inlines_of(declared.body).filter(|inline| inline.name == name).last() {
                        return Found::Inline(declared.clone(), &inline.program);
                    }
                    inlines = &declared.outer;
                }
            }
        }
    }

    fn depth(&self) -> usize {
        match self {
            Inlines::Nothing | Inlines::Unknown => 0,
            Inlines::Of(declared) => declared.depth,
        }
    }
}

impl Block<'_> {
    fn depth(&self) -> usize {
        match self {
            Block::Nothing | Block::Unknown => 0,
            Block::Of(closure) => closure.depth,
        }
    }
}

impl PartialEq for Declared<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.body, other.body)
            && self.is_passed == other.is_passed
            && self.contexts == other.contexts
            && self.params == other.params
            && self.outer == other.outer
    }
}

impl PartialEq for Closure<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.program, other.program) && self.scope == other.scope
    }
}

/// The inline partials that `body` declares, without those in its blocks.
pub(super) fn inlines_of<'t>(body: &'t Program<'t>) -> impl Iterator<Item = &'t Inline<'t>> {
    body.body.iter().filter_map(|statement| match statement {
        Statement::Inline(inline) => Some(&**inline),
        Statement::Content(_) | Statement::Mustache(_) | Statement::Block(_) | Statement::Partial(_) | Statement::Comment(_) => {
            None
        }
    })
}
