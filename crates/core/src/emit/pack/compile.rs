//! Tree to program.

use rustc_hash::FxHashMap;

use super::ast::{self, Statement};
use super::helpers::{self, Group, Helper, Run};
use super::options::Dialect;
use super::parser::{SyntaxError, name_of, parse};
use super::problem::Problem;
use super::program::{
    Action, Block, BlockKind, Call, Callee, Content, Expression, Inline, Op, Partial, PartialName, Piece, Program, Quick,
    Template, Test,
};
use super::suggest::did_you_mean;
use super::value::Key;
use super::whitespace;
use crate::text::Span;

/// Compiles a template. `name` is what it is called by as a partial, and in messages.
///
/// # Errors
/// The first thing in `source` that is no Handlebars; and calls of helpers that do not exist or do not take what they are
/// given, which are all found.
pub fn compile(name: &str, source: &str, dialect: &Dialect<'_>) -> Result<Template, Vec<Problem>> {
    let problem = |error: SyntaxError| Problem::new(name, source, error.span, error.message, error.hint);
    if u32::try_from(source.len()).is_err() {
        let error = SyntaxError { span: Span::new(0, 0), message: "the template has more than 4 GB".to_owned(), hint: None };
        return Err(vec![problem(error)]);
    }
    let mut program = parse(source).map_err(|error| vec![problem(error)])?;
    whitespace::control(&mut program, dialect.ignore_standalone);
    let template = Template {
        name: name.to_owned(),
        source: String::new(),
        main: Program::default(),
        ops: Vec::new(),
        contents: vec![Content::new(Span::new(0, 0))],
        names: Vec::new(),
        segments: Vec::new(),
        paths: Vec::new(),
        expressions: Vec::new(),
        pairs: Vec::new(),
        calls: Vec::new(),
        conditions: Vec::new(),
        blocks: Vec::new(),
        partials: Vec::new(),
        inlines: Vec::new(),
        strict: dialect.strict,
        compat: dialect.compat,
        assume_objects: dialect.assume_objects,
    };
    let mut compiler = Compiler {
        dialect,
        source,
        template,
        name_ids: FxHashMap::default(),
        params: Vec::new(),
        text: None,
        choice: None,
        size: 0,
        errors: Vec::new(),
    };
    let main = compiler.program(&program);
    let Compiler { mut template, errors, .. } = compiler;
    if !errors.is_empty() {
        return Err(errors.into_iter().map(problem).collect());
    }
    template.main = main;
    source.clone_into(&mut template.source);
    Ok(template)
}

/// What entering a body counts for: with a step only, the 100 million that are allowed took 3 seconds.
const STEPS_OF_BODY: u32 = 3;
/// Parameters of a block: two ever have a value, and each name is looked for among all of them.
const MOST_PARAMS: usize = 100;
/// Values that a partial is given by name: properties of its context are looked for among all of them.
const MOST_PAIRS: usize = 100;
/// So much text counts for a step.
pub(super) const BYTES_OF_STEP: usize = 64;

pub(super) struct Compiler<'c, 's> {
    pub(super) dialect: &'c Dialect<'c>,
    source: &'s str,
    pub(super) template: Template,
    pub(super) name_ids: FxHashMap<String, u32>,
    /// The parameters of the blocks around, the innermost ones last; blocks without are left out.
    pub(super) params: Vec<&'c [&'s str]>,
    /// The text that the next instruction begins with.
    text: Option<Content>,
    /// The condition of the last instruction if it is a choice and nothing goes on behind it but the choice itself: the text
    /// that follows it can be a part of it.
    pub(super) choice: Option<usize>,
    /// How much there is to do so far: bytes to write, and as many as a step writes for each name and value.
    pub(super) size: usize,
    errors: Vec<SyntaxError>,
}

impl<'c, 's> Compiler<'c, 's> {
    /// Appends the instructions of a body. Those of its inline partials come before them.
    pub(super) fn program(&mut self, program: &'c ast::Program<'s>) -> Program {
        self.program_with_end(program, |_| {})
    }

    /// The same, `end` adding the last instruction.
    pub(super) fn program_with_end(&mut self, program: &'c ast::Program<'s>, end: impl FnOnce(&mut Self)) -> Program {
        let mut inlines = Vec::new();
        for statement in &program.body {
            if let Statement::Inline(inline) = statement {
                let body = self.program(&inline.program);
                inlines.push(Inline { name: self.name(&inline.name), body });
            }
        }
        let first = self.template.inlines.len() as u32;
        self.template.inlines.extend(inlines);
        let inlines = (first, self.template.inlines.len() as u32);
        let start = self.here();
        let size_before = self.size;
        for statement in &program.body {
            self.statement(statement);
        }
        end(self);
        let end = self.here();
        let steps = STEPS_OF_BODY + (end - start) + ((self.size - size_before) / BYTES_OF_STEP) as u32;
        Program { start, end, inlines, steps }
    }

    /// The body of a block that gives its parameters.
    fn program_with_params(&mut self, program: &'c ast::Program<'s>) -> Program {
        if program.params.is_empty() {
            return self.program(program);
        }
        if program.params.len() > MOST_PARAMS {
            let span = Span::new(0, 0);
            self.error(span, format!("a block declares more than {MOST_PARAMS} parameters"), None);
            return Program::default();
        }
        self.params.push(&program.params);
        let compiled = self.program(program);
        self.params.pop();
        compiled
    }

    /// The short way to the value of an expression.
    fn quick_of(&self, value: Expression) -> Quick {
        match value {
            Expression::Path(path) => self.template.paths[path as usize].quick,
            Expression::Call(_)
            | Expression::Text(_)
            | Expression::Number(_)
            | Expression::Bool(_)
            | Expression::Undefined
            | Expression::Null => Quick::NONE,
        }
    }

    /// Appends an instruction that is about `value`.
    pub(super) fn push(&mut self, value: Expression, action: Action) {
        let value = self.quick_of(value);
        let mut piece = self.text.take().map_or(Piece::NONE, |content| self.add_content(content));
        if let Some(choice) = self.choice.take()
            && let pieces = &mut self.template.conditions[choice].pieces
            && let [Some(if_false), Some(if_true)] = [pieces[0].with(&piece), pieces[1].with(&piece)]
        {
            (*pieces, piece) = ([if_false, if_true], Piece::NONE);
        }
        if !(piece.is_none() && matches!(action, Action::Nothing)) {
            self.template.ops.push(Op { piece, value, action });
        }
    }

    fn add_content(&mut self, content: Content) -> Piece {
        let piece = Piece::new(self.template.contents.len() as u32, &content);
        self.template.contents.push(content);
        piece
    }

    /// The next instruction, as one to go to: the text so far comes before it.
    pub(super) fn here(&mut self) -> u32 {
        if self.text.is_some() {
            self.push(Expression::Undefined, Action::Nothing);
        }
        self.choice = None;
        self.template.ops.len() as u32
    }

    fn statement(&mut self, statement: &'c Statement<'s>) {
        match statement {
            Statement::Content(content) => {
                let start = content.offset + content.start as u32;
                self.content(Span::new(start, content.offset + content.end as u32));
            }
            Statement::Mustache(mustache) => self.mustache(mustache),
            Statement::Block(block) => self.block(block),
            Statement::Partial(partial) => self.partial(partial),
            Statement::Inline(_) | Statement::Comment(_) => {}
        }
    }

    fn content(&mut self, span: Span) {
        if span.start == span.end {
            return;
        }
        let text = span.of(self.source);
        self.size += text.len();
        self.text.get_or_insert_with(|| Content::new(span)).text.push_str(text);
    }

    fn mustache(&mut self, mustache: &'c ast::Mustache<'s>) {
        let escape = mustache.escaped && self.dialect.escape;
        let call = &mustache.call;
        if self.is_call(call) {
            let call = self.call(call, false);
            let about = if escape { Expression::Undefined } else { self.only_value(call) };
            let action = match self.template.calls[call as usize].helper {
                Callee::Helper(Helper { run: Run::Rewrite(run), .. }) if !escape => Action::Rewrite { call, run: *run },
                Callee::Helper(_) | Callee::Missing(_) => Action::Call { call, escape },
            };
            self.push(about, action);
        } else {
            let path = self.path(&call.callee);
            self.push(Expression::Path(path), Action::Path { path, escape });
        }
    }

    /// Whether a mustache or block calls a helper. Without values, a name is a property; only Handlebars' own helpers are
    /// called all the same, which is a mistake.
    fn is_call(&self, call: &ast::Call<'s>) -> bool {
        if !call.params.is_empty() || !call.hash.is_empty() {
            return true;
        }
        let helper = self.helper(&call.callee);
        helper.is_some_and(|helper| helper.group == Group::Builtin && helper.name != "default")
    }

    /// The helper that a callee names, if it can name one.
    fn helper(&self, callee: &ast::Expression<'s>) -> Option<&'static Helper> {
        match callee {
            ast::Expression::Path(path) if !path.is_simple() => None,
            callee => {
                let name = name_of(callee);
                if self.param(&name).is_some() { None } else { helpers::find(&name) }
            }
        }
    }

    /// A call; `block`: with the text of a block before its values.
    fn call(&mut self, call: &'c ast::Call<'s>, block: bool) -> u32 {
        let helper = match self.helper(&call.callee) {
            Some(helper) => {
                self.check_values(helper, call, block);
                Callee::Helper(helper)
            }
            None => {
                if self.dialect.strict {
                    self.no_such_helper(call);
                }
                Callee::Missing(self.path(&call.callee))
            }
        };
        let params: Vec<Expression> = call.params.iter().map(|param| self.expression(param)).collect();
        let hash = self.hash(&call.hash);
        self.size += params.len() * BYTES_OF_STEP;
        let first = self.template.expressions.len() as u32;
        self.template.expressions.extend(params);
        let params = (first, self.template.expressions.len() as u32);
        self.template.calls.push(Call { helper, params, hash, span: call.span });
        self.template.calls.len() as u32 - 1
    }

    /// What a call that writes text is about: the only value that it is given.
    fn only_value(&self, call: u32) -> Expression {
        let call = &self.template.calls[call as usize];
        let is_text = matches!(call.helper, Callee::Helper(Helper { run: Run::Text(_) | Run::Rewrite(_), .. }));
        match self.template.expressions[call.params.0 as usize..call.params.1 as usize] {
            [only] if is_text && call.hash.0 == call.hash.1 => only,
            _ => Expression::Undefined,
        }
    }

    fn hash(&mut self, hash: &'c [ast::Pair<'s>]) -> (u32, u32) {
        let pairs: Vec<(u32, Expression)> =
            hash.iter().map(|pair| (self.name(&pair.key), self.expression(&pair.value))).collect();
        self.size += pairs.len() * BYTES_OF_STEP;
        let first = self.template.pairs.len() as u32;
        self.template.pairs.extend(pairs);
        (first, self.template.pairs.len() as u32)
    }

    fn check_values(&mut self, helper: &Helper, call: &ast::Call<'s>, block: bool) {
        let (least, most) = helper.values;
        let count = call.params.len() + usize::from(block);
        if count < least || count > most {
            let values = |count: usize| if count == 1 { "1 value".to_owned() } else { format!("{count} values") };
            let wanted = match most {
                most if most == least => values(least),
                usize::MAX => format!("at least {}", values(least)),
                most => format!("{least} to {}", values(most)),
            };
            let message = format!("`{}` takes {wanted}, but gets {count}", helper.name);
            self.error(call.span, message, Some(format!("{{{{{} {}}}}}", helper.name, helper.usage)));
        }
        if !self.dialect.strict {
            return;
        }
        for pair in &call.hash {
            if !helper.keys.contains(&&*pair.key) {
                let message = format!("`{}` takes no `{}`", helper.name, pair.key);
                self.error(pair.value.span(), message, did_you_mean(&pair.key, helper.keys.iter().copied()));
            }
        }
    }

    fn no_such_helper(&mut self, call: &ast::Call<'s>) {
        let name = name_of(&call.callee);
        let hint = did_you_mean(&name, helpers::helpers().map(|helper| helper.name));
        self.error(call.callee.span(), format!("there is no helper `{name}`"), hint);
    }

    fn error(&mut self, span: Span, message: String, hint: Option<String>) {
        self.errors.push(SyntaxError { span, message, hint });
    }

    fn block(&mut self, block: &'c ast::Block<'s>) {
        let call = &block.call;
        let has_values = !call.params.is_empty() || !call.hash.is_empty();
        match self.helper(&call.callee) {
            Some(helper) => match helper.run {
                Run::If { negated } => {
                    self.check_values(helper, call, false);
                    let test = match call.hash.iter().find(|pair| pair.key == "includeZero").map(|pair| &pair.value) {
                        None | Some(ast::Expression::Bool(false, _)) => Test::True,
                        Some(ast::Expression::Bool(true, _)) => Test::TrueOrZero,
                        Some(value) => Test::TrueOrZeroIf(self.expression(value)),
                    };
                    let value = call.params.first().map_or(Expression::Undefined, |value| self.expression(value));
                    self.condition(block, helper, value, negated, test);
                }
                Run::Test(_) if has_values => {
                    let value = Expression::Call(self.call(call, false));
                    self.condition(block, helper, value, false, Test::True);
                }
                Run::Each | Run::With => {
                    self.check_values(helper, call, false);
                    let value = call.params.first().map_or(Expression::Undefined, |value| self.expression(value));
                    let is_each = matches!(helper.run, Run::Each);
                    self.scoped(block, value, if is_each { BlockKind::Each } else { BlockKind::With });
                }
                Run::Text(_) | Run::Rewrite(_) => {
                    let value = Expression::Call(self.call(call, true));
                    self.refuse_params(block, helper);
                    if block.inverse.is_some() {
                        self.error(call.span, format!("`{}` has no `{{{{else}}}}`", helper.name), None);
                    }
                    self.nested(block, value, 0, BlockKind::Wrap);
                }
                Run::Value(_) if has_values => {
                    let value = Expression::Call(self.call(call, false));
                    self.scoped(block, value, BlockKind::Section);
                }
                Run::Log => self.error(call.span, "`log` is no block".to_owned(), None),
                Run::Test(_) | Run::Value(_) => self.section(block),
            },
            None if has_values => {
                let call = self.call(call, false);
                self.push(Expression::Undefined, Action::Call { call, escape: false });
            }
            None => self.section(block),
        }
    }

    /// `{{#value}}`
    fn section(&mut self, block: &'c ast::Block<'s>) {
        let value = Expression::Path(self.path(&block.call.callee));
        self.scoped(block, value, BlockKind::Section);
    }

    /// A block that gives its body another context, and parameters if it wants some.
    fn scoped(&mut self, block: &'c ast::Block<'s>, value: Expression, kind: BlockKind) {
        let params = block.program.as_ref().map_or(0, |program| program.params.len());
        self.nested(block, value, params as u32, kind);
    }

    pub(super) fn refuse_params(&mut self, block: &'c ast::Block<'s>, helper: &Helper) {
        let has_params = |program: &Option<ast::Program<'s>>| program.as_ref().is_some_and(|it| !it.params.is_empty());
        if self.dialect.strict && (has_params(&block.program) || has_params(&block.inverse)) {
            self.error(block.call.span, format!("`{}` gives its block no parameters", helper.name), None);
        }
    }

    fn nested(&mut self, block: &'c ast::Block<'s>, value: Expression, params: u32, kind: BlockKind) {
        let index = self.template.blocks.len();
        let about = self.quick_of(value);
        self.template.blocks.push(Block { kind, value, about, body: None, inverse: None, params, after: 0 });
        self.push(Expression::Undefined, Action::Block { block: index as u32 });
        let body = block.program.as_ref().map(
            |program| {
                if params > 0 { self.program_with_params(program) } else { self.program(program) }
            },
        );
        let inverse = block.inverse.as_ref().map(|program| self.program(program));
        let after = self.here();
        self.template.blocks[index] = Block { kind, value, about, body, inverse, params, after };
    }

    fn partial(&mut self, partial: &'c ast::Partial<'s>) {
        let name = match &partial.name {
            ast::PartialName::Static(name) => PartialName::Static(self.name(name)),
            ast::PartialName::Block => PartialName::Block,
            ast::PartialName::Dynamic(value) => PartialName::Dynamic(self.expression(value)),
        };
        let mut context = partial.params.first().map(|context| self.expression(context));
        if context.is_none() && self.dialect.explicit_partial_context {
            context = Some(Expression::Undefined);
        }
        if partial.hash.len() > MOST_PAIRS {
            self.error(partial.span, format!("a partial is given more than {MOST_PAIRS} values by name"), None);
        }
        let hash = self.hash(&partial.hash);
        let indent = partial.indent;
        let indent = if self.dialect.prevent_indent {
            self.content(indent);
            Piece::NONE
        } else if indent.start < indent.end {
            let mut content = Content::new(indent);
            content.text.push_str(indent.of(self.source));
            self.add_content(content)
        } else {
            Piece::NONE
        };
        let index = self.template.partials.len();
        let pairs = &self.template.pairs[hash.0 as usize..hash.1 as usize];
        let hides_known = pairs.iter().any(|(name, _)| self.template.key(*name).id != Key::OTHER);
        let about = self.quick_of(match (context, pairs) {
            (Some(context), _) => context,
            (None, [(_, value)]) => *value,
            (None, _) => Expression::Undefined,
        });
        let span = partial.span;
        let mut compiled = Partial { name, about, context, hash, hides_known, block: None, indent, after: 0, span };
        self.template.partials.push(compiled);
        self.push(Expression::Undefined, Action::Partial { partial: index as u32 });
        compiled.block = partial.block.as_ref().map(|program| self.program(program));
        compiled.after = self.here();
        self.template.partials[index] = compiled;
    }

    fn expression(&mut self, expression: &'c ast::Expression<'s>) -> Expression {
        match expression {
            ast::Expression::Path(_) => Expression::Path(self.path(expression)),
            ast::Expression::Text(text, _) => Expression::Text(self.name(text)),
            ast::Expression::Number(number, _) => Expression::Number(*number),
            ast::Expression::Bool(value, _) => Expression::Bool(*value),
            ast::Expression::Undefined(_) => Expression::Undefined,
            ast::Expression::Null(_) => Expression::Null,
            ast::Expression::Call(call) => {
                if let Some(helper) = self.helper(&call.callee)
                    && matches!(helper.run, Run::If { .. } | Run::Each | Run::With | Run::Log)
                {
                    self.error(call.span, format!("`{}` gives no value", helper.name), None);
                }
                Expression::Call(self.call(call, false))
            }
        }
    }
}
