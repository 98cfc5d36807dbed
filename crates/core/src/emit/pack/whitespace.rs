//! White space control: `~`, and mustaches that stand alone on a line.
//!
//! The same steps in the same order as Handlebars' `whitespace-control.js`, because what one step takes away changes what
//! the next one sees. Each content remembers its text as written: whether a line is otherwise empty is asked of that.

use super::ast::{Block, Content, Inline, Partial, Program, Statement, Strip};
use crate::text::Span;
use crate::text::js::is_white_space;

/// Takes white space away from the contents of a whole template. `ignore_standalone`: only where there is a `~`.
pub(super) fn control(program: &mut Program<'_>, ignore_standalone: bool) {
    control_program(program, ignore_standalone, true);
}

/// What a statement does to what stands beside it.
#[derive(Default)]
struct Effect {
    strip: Strip,
    open_standalone: bool,
    close_standalone: bool,
    inline_standalone: bool,
}

fn control_program(program: &mut Program<'_>, ignore_standalone: bool, is_root: bool) {
    let body = &mut program.body;
    for index in 0..body.len() {
        let Some(effect) = control_statement(&mut body[index], ignore_standalone) else {
            continue;
        };
        let before = is_blank_before(body, index, is_root);
        let after = is_blank_after(body, index + 1, is_root);
        if effect.strip.close {
            omit_right(body.get_mut(index + 1), true);
        }
        if effect.strip.open {
            omit_left(index.checked_sub(1).and_then(|index| body.get_mut(index)), true);
        }
        if ignore_standalone {
            continue;
        }
        if effect.inline_standalone && before && after {
            omit_right(body.get_mut(index + 1), false);
            let stripped = omit_left(index.checked_sub(1).and_then(|index| body.get_mut(index)), false);
            if stripped {
                set_indent(body, index);
            }
        }
        if effect.open_standalone && before {
            omit_right(first_program(&mut body[index]).and_then(|program| program.body.first_mut()), false);
            omit_left(index.checked_sub(1).and_then(|index| body.get_mut(index)), false);
        }
        if effect.close_standalone && after {
            omit_right(body.get_mut(index + 1), false);
            omit_left(last_program(&mut body[index]).and_then(|program| program.body.last_mut()), false);
        }
    }
}

/// A partial that is alone on its line indents all of its lines by what stands before it.
fn set_indent(body: &mut [Statement<'_>], index: usize) {
    let (before, at) = body.split_at_mut(index);
    if let (Some(Statement::Content(content)), Statement::Partial(partial)) = (before.last(), &mut at[0])
        && partial.block.is_none()
    {
        let text = content.original.trim_end_matches([' ', '\t']);
        partial.indent = Span::new(text.len() as u32, content.original.len() as u32).shifted(content.offset);
    }
}

fn control_statement(statement: &mut Statement<'_>, ignore_standalone: bool) -> Option<Effect> {
    Some(match statement {
        Statement::Content(_) => return None,
        Statement::Mustache(mustache) => Effect { strip: mustache.strip, ..Effect::default() },
        Statement::Comment(strip) => Effect { strip: *strip, inline_standalone: true, ..Effect::default() },
        Statement::Block(block) => {
            let Block { program, inverse, open_strip, inverse_strip, close_strip, .. } = &mut **block;
            control_block(program.as_mut(), inverse.as_mut(), [*open_strip, *inverse_strip, *close_strip], ignore_standalone)
        }
        Statement::Partial(partial) => {
            let Partial { block, open_strip, close_strip, .. } = &mut **partial;
            match block {
                Some(program) => {
                    control_block(Some(program), None, [*open_strip, Strip::default(), *close_strip], ignore_standalone)
                }
                None => Effect { strip: *open_strip, inline_standalone: true, ..Effect::default() },
            }
        }
        Statement::Inline(inline) => {
            let Inline { program, open_strip, close_strip, .. } = &mut **inline;
            control_block(Some(program), None, [*open_strip, Strip::default(), *close_strip], ignore_standalone)
        }
    })
}

fn control_block<'s>(
    program: Option<&mut Program<'s>>,
    inverse: Option<&mut Program<'s>>,
    [open, middle, close]: [Strip; 3],
    ignore_standalone: bool,
) -> Effect {
    let (program, mut inverse) = match (program, inverse) {
        (Some(program), inverse) => (program, inverse),
        (None, Some(inverse)) => (inverse, None),
        (None, None) => return Effect::default(),
    };
    control_program(program, ignore_standalone, false);
    if let Some(inverse) = inverse.as_deref_mut() {
        control_program(inverse, ignore_standalone, false);
    }
    let last = inverse.as_deref().map_or(&program.body, |inverse| first_inverse_body(inverse));
    let effect = Effect {
        strip: Strip { open: open.open, close: close.close },
        open_standalone: is_blank_after(&program.body, 0, false),
        close_standalone: is_blank_before(last, last.len(), false),
        inline_standalone: false,
    };
    if open.close {
        omit_right(program.body.first_mut(), true);
    }
    let Some(inverse) = inverse else {
        if close.open {
            omit_left(program.body.last_mut(), true);
        }
        return effect;
    };
    if middle.open {
        omit_left(program.body.last_mut(), true);
    }
    if middle.close {
        omit_right(first_inverse_body_mut(inverse).first_mut(), true);
    }
    if close.open {
        omit_left(last_inverse_body_mut(inverse).last_mut(), true);
    }
    // An `{{else}}` that is alone on its line.
    if !ignore_standalone
        && is_blank_before(&program.body, program.body.len(), false)
        && is_blank_after(first_inverse_body(inverse), 0, false)
    {
        omit_left(program.body.last_mut(), false);
        omit_right(first_inverse_body_mut(inverse).first_mut(), false);
    }
    effect
}

/// The body that follows the first `{{else …}}`: of the block that it opens, if it opens one.
fn first_inverse_body<'p, 's>(inverse: &'p Program<'s>) -> &'p Vec<Statement<'s>> {
    match inverse.body.first() {
        Some(Statement::Block(block)) if inverse.chained => block.program.as_ref().map_or(&inverse.body, |it| &it.body),
        _ => &inverse.body,
    }
}

fn first_inverse_body_mut<'p, 's>(inverse: &'p mut Program<'s>) -> &'p mut Vec<Statement<'s>> {
    if inverse.chained && matches!(inverse.body.first(), Some(Statement::Block(block)) if block.program.is_some()) {
        match inverse.body.first_mut() {
            Some(Statement::Block(block)) => match &mut block.program {
                Some(program) => &mut program.body,
                None => unreachable!("asked before"),
            },
            _ => unreachable!("asked before"),
        }
    } else {
        &mut inverse.body
    }
}

/// The body of the last block of a chain of `{{else name}}`.
fn last_inverse_body_mut<'p, 's>(inverse: &'p mut Program<'s>) -> &'p mut Vec<Statement<'s>> {
    let mut program = inverse;
    while program.chained && matches!(program.body.last(), Some(Statement::Block(block)) if block.program.is_some()) {
        program = match program.body.last_mut() {
            Some(Statement::Block(block)) => match &mut block.program {
                Some(program) => program,
                None => unreachable!("asked before"),
            },
            _ => unreachable!("asked before"),
        };
    }
    &mut program.body
}

/// `program || inverse`
fn first_program<'p, 's>(statement: &'p mut Statement<'s>) -> Option<&'p mut Program<'s>> {
    match statement {
        Statement::Block(block) => block.program.as_mut().or(block.inverse.as_mut()),
        Statement::Partial(partial) => partial.block.as_mut(),
        Statement::Inline(inline) => Some(&mut inline.program),
        Statement::Content(_) | Statement::Mustache(_) | Statement::Comment(_) => None,
    }
}

/// `inverse || program`
fn last_program<'p, 's>(statement: &'p mut Statement<'s>) -> Option<&'p mut Program<'s>> {
    match statement {
        Statement::Block(block) => block.inverse.as_mut().or(block.program.as_mut()),
        Statement::Partial(_) | Statement::Inline(_) | Statement::Content(_) | Statement::Mustache(_) | Statement::Comment(_) => {
            first_program(statement)
        }
    }
}

/// Whether only white space stands between `body[index]` and the line before it.
fn is_blank_before(body: &[Statement<'_>], index: usize, is_root: bool) -> bool {
    let Some(before) = index.checked_sub(1) else {
        return is_root;
    };
    let Statement::Content(content) = &body[before] else {
        return false;
    };
    let text = content.original.trim_end_matches(is_white_space);
    content.original[text.len()..].contains('\n') || is_root && before == 0 && text.is_empty()
}

/// Whether only white space stands between where `body[index]` starts and the next line.
fn is_blank_after(body: &[Statement<'_>], index: usize, is_root: bool) -> bool {
    let Some(next) = body.get(index) else {
        return is_root;
    };
    let Statement::Content(content) = next else {
        return false;
    };
    let text = content.original.trim_start_matches(is_white_space);
    let space = &content.original[..content.original.len() - text.len()];
    space.contains('\n') || is_root && index + 1 == body.len() && text.is_empty()
}

/// Takes away white space after a mustache: all of it, or the rest of the line.
fn omit_right(statement: Option<&mut Statement<'_>>, all: bool) {
    let Some(Statement::Content(content)) = statement else {
        return;
    };
    if !all && content.right_stripped {
        return;
    }
    let value = value(content);
    let rest = if all {
        value.trim_start_matches(is_white_space)
    } else {
        let rest = value.trim_start_matches([' ', '\t']);
        let rest = rest.strip_prefix('\r').unwrap_or(rest);
        rest.strip_prefix('\n').unwrap_or(rest)
    };
    let stripped = value.len() - rest.len();
    content.start += stripped;
    content.right_stripped = stripped > 0;
}

/// Takes away white space before a mustache: all of it, or what indents it. Says whether there was any.
fn omit_left(statement: Option<&mut Statement<'_>>, all: bool) -> bool {
    let Some(Statement::Content(content)) = statement else {
        return false;
    };
    if !all && content.left_stripped {
        return false;
    }
    let value = value(content);
    let rest = if all { value.trim_end_matches(is_white_space) } else { value.trim_end_matches([' ', '\t']) };
    let stripped = value.len() - rest.len();
    content.end -= stripped;
    content.left_stripped = stripped > 0;
    content.left_stripped
}

fn value<'s>(content: &Content<'s>) -> &'s str {
    &content.original[content.start..content.end]
}
