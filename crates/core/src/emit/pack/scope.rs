//! What a piece of a template sees: its context, the contexts around it, variables, block parameters, inline partials.
//!
//! All of these are chains of frames that lie on the stack of the renderer, each pointing to the one around it.

use super::program::{Program, Template, Variable};
use super::reader::field;
use super::value::{Field, Value};

/// What instructions see.
#[derive(Clone, Copy)]
pub(super) struct Scope<'f, 'a> {
    pub(super) template: &'a Template,
    /// The context.
    pub(super) this: Value<'a>,
    /// The context and those around it. `..` counts here; a block whose context is that of the block around it, as that
    /// of `if`, adds none.
    pub(super) contexts: Option<&'f Contexts<'f, 'a>>,
    pub(super) data: &'f Data<'f, 'a>,
    pub(super) params: Option<&'f Params<'f, 'a>>,
    pub(super) inlines: Option<&'f Inlines<'f, 'a>>,
}

/// A context and those around it.
pub(super) struct Contexts<'f, 'a> {
    pub(super) value: Value<'a>,
    pub(super) outer: Option<&'f Contexts<'f, 'a>>,
}

impl<'f, 'a> Contexts<'f, 'a> {
    /// All of them, from the inside.
    pub(super) fn chain(this: Option<&'f Contexts<'f, 'a>>) -> impl Iterator<Item = Value<'a>> {
        std::iter::successors(this, |contexts| contexts.outer).map(|contexts| contexts.value)
    }
}

/// A frame of `@` variables. What it does not have, those around it may; `@../` leaves it out.
pub(super) struct Data<'f, 'a> {
    pub(super) frame: Frame<'f, 'a>,
    pub(super) outer: Option<&'f Data<'f, 'a>>,
}

pub(super) enum Frame<'f, 'a> {
    /// Those of the caller, and `@root`.
    Root { root: Value<'a>, data: &'a [Field<'a>] },
    /// Those of an iteration.
    Each { key: Value<'a>, index: usize, is_last: bool },
    /// `@partial-block`
    Block(Option<&'f Closure<'f, 'a>>),
}

impl<'f, 'a> Data<'f, 'a> {
    fn chain(&'f self) -> impl Iterator<Item = &'f Data<'f, 'a>> {
        std::iter::successors(Some(self), |data| data.outer)
    }

    /// The value of a variable, seen from `up` frames around.
    pub(super) fn get(&'f self, variable: Variable, name: &str, up: u32) -> Value<'a> {
        let find = |data: &'f Data<'f, 'a>| match (variable, &data.frame) {
            (Variable::Root, Frame::Root { root, data }) => Some(field(data, name).unwrap_or(*root)),
            (Variable::Key, Frame::Each { key, .. }) => Some(*key),
            (Variable::Index, Frame::Each { index, .. }) => Some(Value::Number(*index as f64)),
            (Variable::First, Frame::Each { index, .. }) => Some(Value::Bool(*index == 0)),
            (Variable::Last, Frame::Each { is_last, .. }) => Some(Value::Bool(*is_last)),
            (Variable::PartialBlock, Frame::Block(block)) => {
                Some(if block.is_some() { Value::Bool(true) } else { Value::Undefined })
            }
            (_, Frame::Root { data, .. }) => field(data, name),
            (_, Frame::Each { .. } | Frame::Block(_)) => None,
        };
        self.chain().skip(up as usize).find_map(find).unwrap_or(Value::Undefined)
    }

    /// What `{{> @partial-block}}` calls.
    pub(super) fn block(&'f self) -> Option<&'f Closure<'f, 'a>> {
        self.chain().find_map(|data| match data.frame {
            Frame::Block(block) => Some(block),
            Frame::Root { .. } | Frame::Each { .. } => None,
        })?
    }
}

/// The parameters of a block.
pub(super) struct Params<'f, 'a> {
    pub(super) values: [Value<'a>; 2],
    pub(super) outer: Option<&'f Params<'f, 'a>>,
}

/// What a partial block encloses, with what it sees.
pub(super) struct Closure<'f, 'a> {
    pub(super) program: Program,
    pub(super) scope: Scope<'f, 'a>,
    /// What `@partial-block` is in it.
    pub(super) block: Option<&'f Closure<'f, 'a>>,
}

/// The inline partials of a body.
pub(super) struct Inlines<'f, 'a> {
    pub(super) template: &'a Template,
    /// Range of [`Template::inlines`].
    pub(super) range: (u32, u32),
    /// The contexts around the body.
    pub(super) contexts: Option<&'f Contexts<'f, 'a>>,
    pub(super) params: Option<&'f Params<'f, 'a>>,
    /// The body is that of a partial block: its partials are for whom it is given to, they do not see each other.
    pub(super) is_passed: bool,
    pub(super) outer: Option<&'f Inlines<'f, 'a>>,
}

impl<'f, 'a> Inlines<'f, 'a> {
    /// The innermost inline partial of this name, and where it was declared.
    pub(super) fn find(inlines: Option<&'f Inlines<'f, 'a>>, name: &str) -> Option<(&'f Inlines<'f, 'a>, Program)> {
        std::iter::successors(inlines, |inlines| inlines.outer).find_map(|inlines| {
            let (start, end) = inlines.range;
            let declared = &inlines.template.inlines[start as usize..end as usize];
            // Of two with the same name, the last one counts.
            let found = declared.iter().rev().find(|inline| &*inlines.template.names[inline.name as usize].text == name)?;
            Some((inlines, found.body))
        })
    }
}
