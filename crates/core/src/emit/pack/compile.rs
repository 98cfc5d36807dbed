//! Tree to program.

use rustc_hash::FxHashMap;

use super::ast::{self, Statement};
use super::helpers::{self, Group, Helper, Run};
use super::options::Dialect;
use super::parser::{SyntaxError, name_of, parse};
use super::problem::Problem;
use super::program::{
    Base, Block, Call, Callee, Content, Expression, Inline, Name, Op, Partial, PartialName, Path, Program, Quick, Template,
    Variable, Zero,
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
        contents: Vec::new(),
        names: Vec::new(),
        segments: Vec::new(),
        paths: Vec::new(),
        expressions: Vec::new(),
        pairs: Vec::new(),
        calls: Vec::new(),
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
        label: 0,
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
/// So much text counts for a step.
const BYTES_OF_STEP: usize = 64;

struct Compiler<'c, 's> {
    dialect: &'c Dialect<'c>,
    source: &'s str,
    template: Template,
    name_ids: FxHashMap<String, u32>,
    /// The parameters of the blocks around, the innermost ones last; blocks without are left out.
    params: Vec<&'c [&'s str]>,
    /// The last instruction that others go to: it is not merged with the one before.
    label: u32,
    /// How much there is to do so far: bytes to write, and as many as a step writes for each name and value.
    size: usize,
    errors: Vec<SyntaxError>,
}

impl<'c, 's> Compiler<'c, 's> {
    /// Appends the instructions of a body. Those of its inline partials come before them.
    fn program(&mut self, program: &'c ast::Program<'s>) -> Program {
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

    /// The next instruction, as one to go to.
    fn here(&mut self) -> u32 {
        self.label = self.template.ops.len() as u32;
        self.label
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
        let Template { ops, contents, .. } = &mut self.template;
        // A comment stood between them.
        if let Some(Op::Content { content }) = ops.last()
            && ops.len() > self.label as usize
        {
            contents[*content as usize].extend(text);
            return;
        }
        let mut content = Content::new(span);
        content.extend(text);
        ops.push(Op::Content { content: contents.len() as u32 });
        contents.push(content);
    }

    fn mustache(&mut self, mustache: &'c ast::Mustache<'s>) {
        let escape = mustache.escaped && self.dialect.escape;
        let call = &mustache.call;
        let op = if self.is_call(call) {
            Op::Call { call: self.call(call, false), escape }
        } else {
            let path = self.path(&call.callee);
            Op::Path { path, escape }
        };
        self.template.ops.push(op);
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
                    let zero = match call.hash.iter().find(|pair| pair.key == "includeZero").map(|pair| &pair.value) {
                        None | Some(ast::Expression::Bool(false, _)) => Zero::False,
                        Some(ast::Expression::Bool(true, _)) => Zero::True,
                        Some(value) => Zero::If(self.expression(value)),
                    };
                    let value = call.params.first().map_or(Expression::Undefined, |value| self.expression(value));
                    self.condition(block, helper, value, negated, zero);
                }
                Run::Test(_) if has_values => {
                    let value = Expression::Call(self.call(call, false));
                    self.condition(block, helper, value, false, Zero::False);
                }
                Run::Each | Run::With => {
                    self.check_values(helper, call, false);
                    let value = call.params.first().map_or(Expression::Undefined, |value| self.expression(value));
                    let is_each = matches!(helper.run, Run::Each);
                    self.scoped(block, value, |block| if is_each { Op::Each { block } } else { Op::With { block } });
                }
                Run::Text(_) => {
                    let value = Expression::Call(self.call(call, true));
                    self.refuse_params(block, helper);
                    if block.inverse.is_some() {
                        self.error(call.span, format!("`{}` has no `{{{{else}}}}`", helper.name), None);
                    }
                    self.nested(block, value, 0, |block| Op::Wrap { block });
                }
                Run::Value(_) if has_values => {
                    let value = Expression::Call(self.call(call, false));
                    self.scoped(block, value, |block| Op::Section { block });
                }
                Run::Log => self.error(call.span, "`log` is no block".to_owned(), None),
                Run::Test(_) | Run::Value(_) => self.section(block),
            },
            None if has_values => {
                let call = self.call(call, false);
                self.template.ops.push(Op::Call { call, escape: false });
            }
            None => self.section(block),
        }
    }

    /// `{{#value}}`
    fn section(&mut self, block: &'c ast::Block<'s>) {
        let value = Expression::Path(self.path(&block.call.callee));
        self.scoped(block, value, |block| Op::Section { block });
    }

    /// A block that decides between its two bodies.
    fn condition(&mut self, block: &'c ast::Block<'s>, helper: &Helper, value: Expression, negated: bool, zero: Zero) {
        self.refuse_params(block, helper);
        let index = self.template.blocks.len();
        self.nested(block, value, 0, |block| Op::If { block, negated });
        self.template.blocks[index].zero = zero;
    }

    /// A block that gives its body another context, and parameters if it wants some.
    fn scoped(&mut self, block: &'c ast::Block<'s>, value: Expression, op: impl FnOnce(u32) -> Op) {
        let params = block.program.as_ref().map_or(0, |program| program.params.len());
        self.nested(block, value, params as u32, op);
    }

    fn refuse_params(&mut self, block: &'c ast::Block<'s>, helper: &Helper) {
        let has_params = |program: &Option<ast::Program<'s>>| program.as_ref().is_some_and(|it| !it.params.is_empty());
        if self.dialect.strict && (has_params(&block.program) || has_params(&block.inverse)) {
            self.error(block.call.span, format!("`{}` gives its block no parameters", helper.name), None);
        }
    }

    fn nested(&mut self, block: &'c ast::Block<'s>, value: Expression, params: u32, op: impl FnOnce(u32) -> Op) {
        let index = self.template.blocks.len();
        self.template.blocks.push(Block { value, body: None, inverse: None, params, zero: Zero::False, after: 0 });
        self.template.ops.push(op(index as u32));
        let body = block.program.as_ref().map(
            |program| {
                if params > 0 { self.program_with_params(program) } else { self.program(program) }
            },
        );
        let jump = block.inverse.is_some().then(|| {
            self.template.ops.push(Op::Jump { to: 0 });
            self.template.ops.len() - 1
        });
        let inverse = block.inverse.as_ref().map(|program| self.program(program));
        let after = self.here();
        if let Some(jump) = jump {
            self.template.ops[jump] = Op::Jump { to: after };
        }
        self.template.blocks[index] = Block { value, body, inverse, params, zero: Zero::False, after };
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
        let hash = self.hash(&partial.hash);
        let mut indent = partial.indent;
        if self.dialect.prevent_indent {
            self.content(indent);
            indent = Span::new(0, 0);
        }
        let index = self.template.partials.len();
        let mut compiled = Partial { name, context, hash, block: None, indent, after: 0, span: partial.span };
        self.template.partials.push(compiled);
        self.template.ops.push(Op::Partial { partial: index as u32 });
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

    /// A path; a literal in its place is the name of a property.
    fn path(&mut self, expression: &ast::Expression<'s>) -> u32 {
        let first = self.template.segments.len() as u32;
        let (base, anywhere) = match expression {
            ast::Expression::Path(path) => {
                let mut names = path.segments.iter();
                let base = self.base(path);
                if matches!(base, Base::Param(..)) {
                    names.next();
                }
                for name in names {
                    let name = self.name(name);
                    self.template.segments.push(name);
                }
                let is_plain = !path.scoped && base == Base::Context(0) && !path.segments.is_empty();
                (base, self.dialect.compat && is_plain)
            }
            literal => {
                let name = self.name(&name_of(literal));
                self.template.segments.push(name);
                (Base::Context(0), self.dialect.compat)
            }
        };
        let segments = (first, self.template.segments.len() as u32);
        self.size += (segments.1 - segments.0) as usize * BYTES_OF_STEP;
        let quick = match (base, &self.template.segments[first as usize..]) {
            _ if anywhere => Quick::No,
            (Base::Context(0), []) => Quick::This,
            (Base::Context(0), [name]) => Quick::Property(*name),
            (Base::Context(1), [name]) => Quick::Outer(*name),
            (Base::Data(Variable::Root, 0), [_, name]) => Quick::Root(*name),
            (Base::Data(variable, 0), [_]) => Quick::Loop(variable),
            (Base::Context(_) | Base::Data(..) | Base::Param(..), _) => Quick::No,
        };
        self.template.paths.push(Path { quick, base, segments, anywhere, span: expression.span() });
        self.template.paths.len() as u32 - 1
    }

    fn base(&self, path: &ast::Path<'s>) -> Base {
        let first = path.segments.first();
        if path.data {
            let variable = match first.map(|name| &**name) {
                Some("root") => Variable::Root,
                Some("key") => Variable::Key,
                Some("index") => Variable::Index,
                Some("first") => Variable::First,
                Some("last") => Variable::Last,
                Some("partial-block") => Variable::PartialBlock,
                Some(_) | None => Variable::Other,
            };
            return Base::Data(variable, path.depth);
        }
        let param = first.filter(|_| path.depth == 0 && !path.scoped).and_then(|name| self.param(name));
        param.map_or(Base::Context(path.depth), |(depth, index)| Base::Param(depth, index))
    }

    /// How many blocks with parameters up, and which of its parameters, `name` is.
    fn param(&self, name: &str) -> Option<(u32, u32)> {
        self.params.iter().rev().enumerate().find_map(|(depth, params)| {
            let index = params.iter().position(|param| *param == name)?;
            Some((depth as u32, index as u32))
        })
    }

    fn name(&mut self, text: &str) -> u32 {
        if let Some(id) = self.name_ids.get(text) {
            return *id;
        }
        let names = &mut self.template.names;
        let index = names.len() as u32;
        let known = self.dialect.vocabulary.iter().position(|known| *known == text);
        names.push(Name { text: text.into(), id: known.map_or(Key::OTHER, |id| id as u16) });
        self.name_ids.insert(text.to_owned(), index);
        index
    }
}
