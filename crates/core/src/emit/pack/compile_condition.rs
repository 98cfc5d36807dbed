//! Tree to program: blocks that decide between their two bodies.

use super::ast;
use super::compile::{BYTES_OF_STEP, Compiler};
use super::helpers::Helper;
use super::program::{Action, Callee, Condition, Expression, Op, Piece, Program, Test, Way};

impl<'c, 's> Compiler<'c, 's> {
    /// A block that decides between its two bodies.
    pub(super) fn condition(&mut self, block: &'c ast::Block<'s>, helper: &Helper, value: Expression, negated: bool, test: Test) {
        self.refuse_params(block, helper);
        let index = self.template.conditions.len();
        let (about, test) = match (self.equality(value), test) {
            (Some((path, literal)), Test::True) => (path, Test::Equal(literal)),
            (None, Test::True) => (value, test),
            (_, test) => (Expression::Undefined, test),
        };
        let (branches, pieces) = ([Program::default(); 2], [Piece::NONE; 2]);
        self.template.conditions.push(Condition { value, test, branches, pieces, after: 0 });
        let at = self.template.ops.len();
        self.push(about, Action::If { condition: index as u32 });
        let mut jump = None;
        let body = block.program.as_ref().map(|program| {
            self.program_with_end(program, |compiler| {
                if block.inverse.is_some() {
                    compiler.push(Expression::Undefined, Action::Jump { to: 0 });
                    jump = Some(compiler.template.ops.len() - 1);
                }
            })
        });
        let inverse = block.inverse.as_ref().map(|program| self.program(program));
        let after = self.here();
        if let Some(jump) = jump {
            self.template.ops[jump].action = Action::Jump { to: after };
        }
        let none = Program { start: after, end: after, ..Program::default() };
        let branches = [inverse.unwrap_or(none), body.unwrap_or(none)];
        let branches = if negated { [branches[1], branches[0]] } else { branches };
        branches.iter().for_each(|branch| self.share_value(at, branch));
        let pieces = branches.map(|branch| self.only_text(branch));
        let condition = &mut self.template.conditions[index];
        (condition.branches, condition.after) = (branches, after);
        if let [Some(if_false), Some(if_true)] = pieces {
            condition.pieces = [if_false, if_true];
            self.template.ops.truncate(at + 1);
            let op = &mut self.template.ops[at];
            op.action = Action::Choose { condition: index as u32 };
            if let [Some(if_false), Some(if_true)] = [op.piece.with(&if_false), op.piece.with(&if_true)] {
                (condition.pieces, op.piece) = ([if_false, if_true], Piece::NONE);
            }
            self.choice = Some(index);
        }
    }

    /// Has a branch of the condition at `at` that begins with the same value take it from there.
    fn share_value(&mut self, at: usize, branch: &Program) {
        let value = self.template.ops[at].value;
        if let Some(first) = self.template.ops[..branch.end as usize].get_mut(branch.start as usize)
            && first.value == value
            && value.way != Way::None
        {
            first.value.way = Way::Same;
        }
    }

    /// The text that a body is, if it is nothing else.
    fn only_text(&self, program: Program) -> Option<Piece> {
        match &self.template.ops[program.start as usize..program.end as usize] {
            [] => Some(Piece::NONE),
            [Op { piece, action: Action::Nothing | Action::Jump { .. }, .. }] if !program.has_inlines() => Some(*piece),
            _ => None,
        }
    }

    /// The path and the literal of `(eq path literal)`.
    fn equality(&self, value: Expression) -> Option<(Expression, Expression)> {
        let Expression::Call(call) = value else { return None };
        let call = &self.template.calls[call as usize];
        let is_eq = matches!(call.helper, Callee::Helper(helper) if helper.name == "eq") && call.hash.0 == call.hash.1;
        match self.template.expressions[call.params.0 as usize..call.params.1 as usize] {
            // Comparing long texts takes time that only the helper counts.
            [Expression::Path(_), Expression::Text(name)] if self.template.names[name as usize].text.len() > BYTES_OF_STEP => {
                None
            }
            [path @ Expression::Path(_), literal @ (Expression::Text(_) | Expression::Number(_) | Expression::Bool(_))] => {
                is_eq.then_some((path, literal))
            }
            _ => None,
        }
    }
}
