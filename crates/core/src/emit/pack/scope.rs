//! What a piece of a template sees: its context, the contexts around it, variables, block parameters, inline partials.
//!
//! All of these are chains of frames that lie on the stack of the renderer, each pointing to the one around it.

use super::program::{Program, Template, Variable};
use super::reader::field;
use super::value::{Field, Handle, Value};

/// What instructions see.
#[derive(Clone, Copy)]
pub(super) struct Scope<'f> {
    pub(super) template: &'f Template,
    /// The context.
    pub(super) this: This<'f>,
    /// The context and those around it. `..` counts here; a block whose context is that of the block around it, as that
    /// of `if`, adds none.
    pub(super) contexts: Option<&'f Contexts<'f>>,
    pub(super) data: &'f Data<'f>,
    pub(super) params: Option<&'f Params<'f>>,
    pub(super) inlines: Option<&'f Inlines<'f>>,
}

/// A context. By reference: values were just written in pieces, and copying one as a whole would wait for that, which took a
/// tenth of the time of a rendering.
#[derive(Clone, Copy)]
pub(super) struct This<'f> {
    pub(super) value: &'f Value<'f>,
    /// What has those of its properties that the view knows by number, if it is so simple.
    pub(super) owner: Option<&'f Handle>,
}

impl<'f> This<'f> {
    #[inline(always)]
    pub(super) fn new(value: &'f Value<'f>) -> This<'f> {
        let mut object = value;
        while let Value::Layered(layered) = object
            && !layered.hides_known
        {
            object = layered.base;
        }
        This { value, owner: if let Value::Object(object) = object { Some(object) } else { None } }
    }
}

/// A context and those around it.
pub(super) struct Contexts<'f> {
    pub(super) this: This<'f>,
    pub(super) outer: Option<&'f Contexts<'f>>,
}

impl<'f> Contexts<'f> {
    /// All of them, from the inside.
    pub(super) fn chain(this: Option<&'f Contexts<'f>>) -> impl Iterator<Item = Value<'f>> {
        std::iter::successors(this, |contexts| contexts.outer).map(|contexts| *contexts.this.value)
    }
}

/// A frame of `@` variables. What it does not have, those around it may; `@../` leaves it out.
pub(super) struct Data<'f> {
    pub(super) frame: Frame<'f>,
    pub(super) outer: Option<&'f Data<'f>>,
}

pub(super) enum Frame<'f> {
    /// Those of the caller, and `@root`.
    Root { root: Value<'f>, data: &'f [Field<'f>] },
    /// Those of an iteration; those over an object have keys.
    Each { index: usize, length: usize, keys: Option<&'f [&'f str]> },
    /// `@partial-block`
    Block(Option<&'f Closure<'f>>),
}

/// The `@key` of an iteration.
#[inline]
fn key<'f>(keys: Option<&'f [&'f str]>, index: usize) -> Value<'f> {
    keys.map_or(Value::Number(index as f64), |keys| Value::Text(keys[index]))
}

impl<'f> Data<'f> {
    fn chain(&'f self) -> impl Iterator<Item = &'f Data<'f>> {
        std::iter::successors(Some(self), |data| data.outer)
    }

    /// How many frames there are.
    pub(super) fn depth(&'f self) -> usize {
        self.chain().count()
    }

    /// The value of a variable of the loop, if it is this frame that has it.
    #[inline]
    pub(super) fn of_loop(&self, variable: Variable) -> Value<'f> {
        match (variable, &self.frame) {
            (Variable::Key, Frame::Each { index, keys, .. }) => key(*keys, *index),
            (Variable::Index, Frame::Each { index, .. }) => Value::Number(*index as f64),
            (Variable::First, Frame::Each { index, .. }) => Value::Bool(*index == 0),
            (Variable::Last, Frame::Each { index, length, .. }) => Value::Bool(index + 1 == *length),
            (_, Frame::Root { .. } | Frame::Each { .. } | Frame::Block(_)) => Value::Undefined,
        }
    }

    /// The value of a variable, seen from `up` frames around.
    pub(super) fn get(&'f self, variable: Variable, name: &str, up: u32) -> Value<'f> {
        let find = |data: &'f Data<'f>| match (variable, &data.frame) {
            (Variable::Root, Frame::Root { root, data }) => Some(field(data, name).unwrap_or(*root)),
            (Variable::Key | Variable::Index | Variable::First | Variable::Last, Frame::Each { .. }) => {
                Some(data.of_loop(variable))
            }
            (Variable::PartialBlock, Frame::Block(block)) => {
                Some(if block.is_some() { Value::Bool(true) } else { Value::Undefined })
            }
            (_, Frame::Root { data, .. }) => field(data, name),
            (_, Frame::Each { .. } | Frame::Block(_)) => None,
        };
        self.chain().skip(up as usize).find_map(find).unwrap_or(Value::Undefined)
    }

    /// What `{{> @partial-block}}` calls.
    pub(super) fn block(&'f self) -> Option<&'f Closure<'f>> {
        self.chain().find_map(|data| match data.frame {
            Frame::Block(block) => Some(block),
            Frame::Root { .. } | Frame::Each { .. } => None,
        })?
    }
}

/// The parameters of a block.
pub(super) struct Params<'f> {
    pub(super) values: [Value<'f>; 2],
    pub(super) outer: Option<&'f Params<'f>>,
}

/// What a partial block encloses, with what it sees.
pub(super) struct Closure<'f> {
    pub(super) program: Program,
    pub(super) scope: Scope<'f>,
    /// What `@partial-block` is in it.
    pub(super) block: Option<&'f Closure<'f>>,
}

/// The inline partials of a body.
pub(super) struct Inlines<'f> {
    pub(super) template: &'f Template,
    /// Range of [`Template::inlines`].
    pub(super) range: (u32, u32),
    /// The contexts around the body.
    pub(super) contexts: Option<&'f Contexts<'f>>,
    pub(super) params: Option<&'f Params<'f>>,
    /// The body is that of a partial block: its partials are for whom it is given to, they do not see each other.
    pub(super) is_passed: bool,
    pub(super) outer: Option<&'f Inlines<'f>>,
}

impl<'f> Inlines<'f> {
    /// How many there are, each of which may have to be looked at to find one.
    pub(super) fn count(inlines: Option<&'f Inlines<'f>>) -> usize {
        std::iter::successors(inlines, |inlines| inlines.outer)
            .map(|inlines| 1 + (inlines.range.1 - inlines.range.0) as usize)
            .sum()
    }

    /// The innermost inline partial of this name, and where it was declared.
    pub(super) fn find(inlines: Option<&'f Inlines<'f>>, name: &str) -> Option<(&'f Inlines<'f>, Program)> {
        std::iter::successors(inlines, |inlines| inlines.outer).find_map(|inlines| {
            let (start, end) = inlines.range;
            let declared = &inlines.template.inlines[start as usize..end as usize];
            // Of two with the same name, the last one counts.
            let found = declared.iter().rev().find(|inline| &*inlines.template.names[inline.name as usize].text == name)?;
            Some((inlines, found.body))
        })
    }
}
