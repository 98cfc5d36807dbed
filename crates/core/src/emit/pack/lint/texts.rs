//! The templates and partials that a pack uses, each walked with everything that it is given anywhere.

use std::collections::{BTreeMap, BTreeSet};

use super::super::assembly::{PARTIALS, Pack, PackText, TEMPLATES};
use super::super::ast::Program;
use super::super::parser::parse;
use super::super::plan::{PackProblem, find_partial};
use super::super::trouble::{Trouble, nearest};
use super::super::{Dialect, compile};
use super::known::Known;
use super::names::Names;
use super::scope::{Block, Found, Inlines, Scope};
use super::walk::{Called, Callee, Followed, Nowhere, Reach, Waiting, walk};
use crate::text::{LineIndex, Position, Span};

/// Different contexts that a body is walked with. What is called with more is only checked for names that nothing has.
const MOST_CONTEXTS: usize = 500;

/// A text with what it says, unless it cannot be parsed.
pub(super) type Parsed<'s> = (&'s PackText, Option<Program<'s>>);

/// All texts of all layers of `pack` that can be read.
pub(super) fn sources(pack: &Pack) -> Vec<PackText> {
    let layers = pack.layers().iter().enumerate();
    let paths = layers.flat_map(|(at, layer)| [TEMPLATES, PARTIALS].map(|folder| (at, layer.files.list(folder))));
    let texts = paths.flat_map(|(at, paths)| paths.into_iter().map(move |path| pack.text(&path, at)));
    texts.filter_map(|text| text.ok().flatten()).collect()
}

/// What `sources` say.
pub(super) fn parsed(sources: &[PackText]) -> Vec<Parsed<'_>> {
    sources.iter().map(|source| (source, parse(&source.text).ok())).collect()
}

pub(super) struct Texts<'p> {
    pack: &'p Pack,
    names: &'p Names,
    texts: Vec<Text<'p>>,
    /// The numbers of texts, by path.
    numbers: BTreeMap<&'p str, usize>,
    /// What bodies were walked with, by their addresses. Never gone through: addresses have no order.
    walked: BTreeMap<usize, Vec<(Scope<'p>, Reach)>>,
    pending: Vec<Visit<'p>>,
    /// Bodies that are rendered only if a call leads to them, in the order in which they were found.
    waiting: Vec<Waiting<'p>>,
    /// Texts that a call names which leads to an inline partial of the same name.
    hidden: BTreeSet<usize>,
    /// `@root` where partials are called whose names nobody knows.
    dynamic: Vec<Known>,
    problems: Vec<PackProblem>,
}

/// A body to be walked with the contexts that `scope` has.
struct Visit<'p> {
    program: &'p Program<'p>,
    scope: Scope<'p>,
    reach: Reach,
    calls: Calls,
}

/// Where a text was called from, the last place first.
type Calls = Vec<(String, Position)>;

/// Why a path leads nowhere, if so, and who called its text.
type Became = Option<(Nowhere, Calls)>;

struct Text<'p> {
    text: &'p PackText,
    program: Option<&'p Program<'p>>,
    lines: LineIndex,
    is_used: bool,
    /// What became of its paths each time, by place.
    paths: BTreeMap<(u32, u32), Vec<Became>>,
}

impl<'p> Texts<'p> {
    pub(super) fn new(pack: &'p Pack, names: &'p Names, parsed: &'p [Parsed<'p>]) -> Texts<'p> {
        let texts = parsed.iter().map(|(text, program)| Text {
            text,
            program: program.as_ref(),
            lines: LineIndex::new(&text.text),
            is_used: false,
            paths: BTreeMap::new(),
        });
        Texts {
            pack,
            names,
            texts: texts.collect(),
            numbers: parsed.iter().enumerate().map(|(at, (text, _))| (text.shown.as_str(), at)).collect(),
            walked: BTreeMap::new(),
            pending: Vec::new(),
            waiting: Vec::new(),
            hidden: BTreeSet::new(),
            dynamic: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// An output has this template, which finds `top`.
    pub(super) fn use_template(&mut self, text: &PackText, top: Known) {
        let scope = |at| Scope::of_text(at, top.clone(), top);
        self.visit_text(&text.shown, Reach::Always, Vec::new(), scope);
    }

    /// The paths of all texts that are used, whether any name of a partial is found while rendering, and what is wrong.
    pub(super) fn finish(mut self) -> (BTreeSet<String>, bool, Vec<PackProblem>) {
        self.walk_all();
        while self.walk_one_that_nothing_leads_to() {
            self.walk_all();
        }
        let mut problems = self.problems;
        problems.extend(self.texts.iter().flat_map(Text::problems));
        let used = self.texts.iter().filter(|text| text.is_used).map(|text| text.text.shown.clone());
        (used.collect(), !self.dynamic.is_empty(), problems)
    }

    fn walk_all(&mut self) {
        while let Some(visit) = self.pending.pop() {
            self.visit(visit);
        }
    }

    /// Plans a visit of something that no call leads to for certain, in a context of which nothing is known: a text that may
    /// be meant by a name that nobody knows, or a body that is passed on and not rendered. False if there is nothing left.
    fn walk_one_that_nothing_leads_to(&mut self) -> bool {
        let mut roots = self.dynamic.clone();
        let mut texts: Vec<usize> = self.hidden.iter().copied().collect();
        if !roots.is_empty() {
            let partials = self.pack.partial_names();
            let found = partials.iter().filter_map(|name| find_partial(self.pack, 0, name).ok().flatten());
            texts.extend(found.filter_map(|text| self.numbers.get(&*text.shown).copied()));
        }
        roots.extend(roots.is_empty().then_some(Known::Unknown));
        if let Some(&at) = texts.iter().find(|&&at| !self.texts[at].is_used) {
            for root in roots {
                let unknown =
                    |at| Scope { inlines: Inlines::Unknown, block: Block::Unknown, ..Scope::of_text(at, Known::Unknown, root) };
                self.visit_text(&self.texts[at].text.shown, Reach::Maybe, Vec::new(), unknown);
            }
            return true;
        }
        let is_idle = |waiting: &Waiting<'p>| !self.walked.contains_key(&address(waiting.program));
        let Some(Waiting { program, scope }) = self.waiting.iter().find(|waiting| is_idle(waiting)) else { return false };
        let scope = scope.with(Known::Unknown);
        self.pending.push(Visit { program, scope, reach: Reach::Maybe, calls: Vec::new() });
        true
    }

    /// Plans a visit of a whole text.
    fn visit_text(&mut self, shown: &str, reach: Reach, calls: Calls, scope: impl FnOnce(usize) -> Scope<'p>) {
        // All texts that can be read were read, unless somebody makes files this very moment.
        let Some(&at) = self.numbers.get(shown) else { return };
        if !self.texts[at].is_used {
            self.texts[at].is_used = true;
            self.note_whether_it_compiles(at);
        }
        if let Some(program) = self.texts[at].program {
            self.pending.push(Visit { program, scope: scope(at), reach, calls });
        }
    }

    fn visit(&mut self, Visit { program, mut scope, mut reach, calls }: Visit<'p>) {
        let walked = self.walked.entry(address(program)).or_default();
        if walked.len() >= MOST_CONTEXTS {
            (scope, reach) = (scope.forget(), Reach::Maybe);
        }
        let given = (scope, reach);
        if walked.contains(&given) {
            return;
        }
        walked.push(given.clone());
        let (scope, reach) = given;
        let found = walk(program, &scope, reach, self.names);
        let text = &mut self.texts[scope.text];
        for Followed { span, nowhere } in found.followed {
            let became = nowhere.map(|nowhere| (nowhere, calls.clone()));
            text.paths.entry((span.start, span.end)).or_default().push(became);
        }
        for called in found.called {
            let text = &self.texts[scope.text];
            let mut places = vec![(text.text.shown.clone(), text.lines.position(&text.text.text, called.span.start))];
            places.extend(calls.iter().take(7).cloned());
            self.call(called, &calls, places);
        }
        for waiting in found.waiting {
            match self.waiting.iter_mut().find(|known| std::ptr::eq(known.program, waiting.program)) {
                Some(known) if known.scope != waiting.scope => known.scope = known.scope.forget(),
                Some(_) => {}
                None => self.waiting.push(waiting),
            }
        }
    }

    /// Follows a call. `calls` led to where it stands, and `places` begin with itself.
    fn call(&mut self, called: Called<'p>, calls: &Calls, places: Calls) {
        match &called.callee {
            Callee::Named(names) => {
                let reach = if names.len() == 1 { called.reach } else { called.reach.min(Reach::Maybe) };
                let missing: Vec<&String> = names.iter().filter(|name| !self.call_named(name, reach, &called, &places)).collect();
                if missing.len() == names.len() {
                    self.call_missing(names, &called, reach, places);
                }
            }
            Callee::Unknown => {
                if !self.dynamic.contains(&called.scope.root) {
                    self.dynamic.push(called.scope.root);
                }
            }
            Callee::Block => match &called.scope.block {
                Block::Of(closure) => {
                    let scope = closure.scope.with(called.context);
                    self.pending.push(Visit { program: closure.program, scope, reach: called.reach, calls: places });
                }
                Block::Unknown => {}
                Block::Nothing => self.call_missing_block(called, calls, places),
            },
        }
    }

    /// Follows a call of `name`; false if there is no such partial.
    fn call_named(&mut self, name: &str, reach: Reach, called: &Called<'p>, places: &Calls) -> bool {
        let Called { scope: Scope { text, root, block, .. }, context, inlines, block: own_block, .. } = called;
        let block = own_block.as_ref().unwrap_or(block).clone();
        let layer = self.texts[*text].text.layer;
        let file = find_partial(self.pack, layer, name);
        let found = inlines.find(name);
        if let Found::Inline(declared, program) = found {
            if let Ok(Some(file)) = file {
                self.hidden.extend(self.numbers.get(&*file.shown));
            }
            let scope = Scope::of_inline(&declared, root.clone(), block).with(context.clone());
            self.pending.push(Visit { program, scope, reach, calls: places.clone() });
            return true;
        }
        let may_be_inline = matches!(found, Found::Unknown) && self.names.is_inline(name);
        match file {
            Ok(Some(file)) => {
                let reach = if may_be_inline { reach.min(Reach::Maybe) } else { reach };
                let inlines = inlines.clone();
                let scope = |at| Scope { inlines, block, ..Scope::of_text(at, context.clone(), root.clone()) };
                self.visit_text(&file.shown, reach, places.clone(), scope);
                true
            }
            Ok(None) => may_be_inline,
            Err(error) => {
                self.tell(*text, called.span, error, None);
                true
            }
        }
    }

    /// Follows a call of a partial that does not exist, by any of its names: what it encloses stands in for it.
    fn call_missing(&mut self, names: &[String], called: &Called<'p>, reach: Reach, places: Calls) {
        match &called.block {
            Some(Block::Of(closure)) => {
                let scope = closure.scope.with(called.context.clone());
                self.pending.push(Visit { program: closure.program, scope, reach, calls: places });
            }
            Some(Block::Unknown | Block::Nothing) => {}
            None => {
                let known = self.pack.partial_names();
                let near = names.iter().find_map(|name| nearest(name, known.iter().map(String::as_str)));
                let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                let message = format!("there is no partial {}", quoted.join(" or "));
                self.tell(called.scope.text, called.span, message, near.map(|near| format!("did you mean `{near}`?")));
            }
        }
    }

    /// Follows `{{> @partial-block}}` in a text that is called without a block. Where it is not certain that rendering gets
    /// there, somebody may have asked.
    fn call_missing_block(&mut self, called: Called<'p>, calls: &Calls, places: Calls) {
        if let Some(Block::Of(closure)) = called.block {
            let scope = closure.scope.with(called.context);
            self.pending.push(Visit { program: closure.program, scope, reach: called.reach, calls: places });
        } else if called.block.is_none() && called.reach == Reach::Always {
            let nowhere = Nowhere {
                message: "there is no `@partial-block`: what this stands in is called without a block".to_owned(),
                hint: Some("`{{#if @partial-block}}` asks for one".to_owned()),
                fails: true,
            };
            let paths = &mut self.texts[called.scope.text].paths;
            paths.entry((called.span.start, called.span.end)).or_default().push(Some((nowhere, calls.clone())));
        }
    }

    /// Notes what is wrong at a place, once.
    fn tell(&mut self, text: usize, span: Span, message: String, hint: Option<String>) {
        let PackText { shown, text, .. } = self.texts[text].text;
        let problem = problem(shown, text, span, message, hint, Vec::new());
        let is_told = |known: &PackProblem| known.path == problem.path && known.trouble == problem.trouble;
        if !self.problems.iter().any(is_told) {
            self.problems.push(problem);
        }
    }

    /// Notes what is wrong with a text that does not compile.
    fn note_whether_it_compiles(&mut self, at: usize) {
        let text = self.texts[at].text;
        let escape = self.pack.layers()[text.layer].manifest.escapes_html;
        if let Err(found) = compile(&text.shown, &text.text, &Dialect { escape, ..Dialect::CODE }) {
            let tell = |found: super::super::Problem| {
                problem(&text.shown, &text.text, found.span, found.message, found.hint, Vec::new())
            };
            self.problems.extend(found.into_iter().map(tell));
            self.texts[at].program = None;
        }
    }
}

impl Text<'_> {
    /// The paths that lead nowhere: wherever the text is used; or somewhere, where rendering gets to them for certain. What
    /// stands in an `if` may be meant for another kind of context.
    fn problems(&self) -> Vec<PackProblem> {
        let wrong = self.paths.iter().filter_map(|(&(start, end), became)| {
            let is_wrong_everywhere = became.iter().all(Option::is_some);
            let mut found = became.iter().flatten().filter(|(nowhere, _)| is_wrong_everywhere || nowhere.fails);
            let (Nowhere { message, hint, .. }, calls) = found.next()?.clone();
            Some(problem(&self.text.shown, &self.text.text, Span::new(start, end), message, hint, calls))
        });
        wrong.collect()
    }
}

fn problem(path: &str, text: &str, span: Span, message: String, hint: Option<String>, calls: Calls) -> PackProblem {
    PackProblem { path: path.to_owned(), text: text.to_owned(), trouble: Trouble::new(span, message, hint), calls }
}

/// What tells bodies apart.
fn address(program: &Program<'_>) -> usize {
    std::ptr::from_ref(program).addr()
}
