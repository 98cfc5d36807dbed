//! The templates and partials that a pack uses, each walked with everything that it is given anywhere.

use std::collections::{BTreeMap, BTreeSet};

use super::super::assembly::{Pack, PackText};
use super::super::parser::parse;
use super::super::plan::{PackProblem, find_partial};
use super::super::trouble::{Trouble, nearest};
use super::super::{Dialect, compile};
use super::known::Known;
use super::names::Names;
use super::walk::{Called, Followed, Given, Nowhere, Reach, walk};
use crate::text::{LineIndex, Position, Span};

/// Different contexts that a text is walked with. What is called with more is only checked for names that nothing has.
const MOST_CONTEXTS: usize = 500;

pub(super) struct Texts<'p> {
    pack: &'p Pack,
    names: &'p Names,
    /// By path.
    texts: BTreeMap<String, Text>,
    pending: Vec<(PackText, Given, Calls)>,
    problems: Vec<PackProblem>,
    has_dynamic: bool,
}

/// Where a text was called from, the last place first.
type Calls = Vec<(String, Position)>;

/// Why a path leads nowhere, if so, and who called its text.
type Became = Option<(Nowhere, Calls)>;

struct Text {
    text: PackText,
    compiles: bool,
    /// What it was walked with.
    given: Vec<Given>,
    /// What became of its paths each time, by place.
    paths: BTreeMap<(u32, u32), Vec<Became>>,
}

impl<'p> Texts<'p> {
    pub(super) fn new(pack: &'p Pack, names: &'p Names) -> Texts<'p> {
        let (texts, pending, problems) = (BTreeMap::new(), Vec::new(), Vec::new());
        Texts { pack, names, texts, pending, problems, has_dynamic: false }
    }

    /// An output has this template.
    pub(super) fn use_template(&mut self, text: PackText, given: Given) {
        self.pending.push((text, given, Vec::new()));
    }

    /// The paths of all texts that are used, whether any name of a partial is found while rendering, and what is wrong.
    pub(super) fn finish(mut self) -> (BTreeSet<String>, bool, Vec<PackProblem>) {
        while let Some((text, given, calls)) = self.pending.pop() {
            self.visit(text, given, calls);
        }
        let mut problems = self.problems;
        problems.extend(self.texts.values().flat_map(Text::problems));
        (self.texts.into_keys().collect(), self.has_dynamic, problems)
    }

    fn visit(&mut self, text: PackText, mut given: Given, calls: Calls) {
        let shown = text.shown.clone();
        let compiles = self.texts.get(&shown).map(|known| known.compiles);
        let compiles = compiles.unwrap_or_else(|| self.compiles(&text));
        let known =
            self.texts.entry(shown.clone()).or_insert_with(|| Text { text, compiles, given: Vec::new(), paths: BTreeMap::new() });
        if known.given.len() >= MOST_CONTEXTS {
            given = Given { context: Known::Unknown, root: Known::Unknown, reach: Reach::Maybe };
        }
        if !known.compiles || known.given.contains(&given) {
            return;
        }
        known.given.push(given.clone());
        let PackText { layer, text, .. } = known.text.clone();
        let Ok(program) = parse(&text) else { unreachable!("what compiles was parsed") };
        let (followed, called) = walk(&program, &given, self.names);
        for Followed { span, nowhere } in followed {
            let became = nowhere.map(|nowhere| (nowhere, calls.clone()));
            known.paths.entry((span.start, span.end)).or_default().push(became);
        }
        let lines = LineIndex::new(&text);
        for called in called {
            let mut place = vec![(shown.clone(), lines.position(called.span.start))];
            place.extend(calls.iter().take(7).cloned());
            self.call(called, layer, &shown, &text, &place);
        }
    }

    fn call(&mut self, called: Called, layer: usize, shown: &str, text: &str, calls: &Calls) {
        let Some(name) = called.name else {
            self.has_dynamic = true;
            for name in self.pack.partial_names() {
                if let Ok(Some(found)) = find_partial(self.pack, layer, &name) {
                    self.pending.push((found, called.given.clone(), calls.clone()));
                }
            }
            return;
        };
        let (message, hint) = match find_partial(self.pack, layer, &name) {
            Ok(Some(found)) => return self.pending.push((found, called.given, calls.clone())),
            Ok(None) if called.is_block || self.names.is_inline(&name) => return,
            Ok(None) => {
                let known = self.pack.partial_names();
                let hint = nearest(&name, known.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
                (format!("there is no partial `{name}`"), hint)
            }
            Err(error) => (error, None),
        };
        let problem = problem(shown, text, called.span, message, hint, Vec::new());
        let is_told = |known: &PackProblem| known.path == problem.path && known.trouble == problem.trouble;
        if !self.problems.iter().any(is_told) {
            self.problems.push(problem);
        }
    }

    /// Whether a text compiles; what is wrong is noted.
    fn compiles(&mut self, text: &PackText) -> bool {
        let escape = self.pack.layers()[text.layer].manifest.escapes_html;
        match compile(&text.shown, &text.text, &Dialect { escape, ..Dialect::CODE }) {
            Ok(_) => true,
            Err(found) => {
                let found = found.into_iter();
                let tell = |found: super::super::Problem| {
                    problem(&text.shown, &text.text, found.span, found.message, found.hint, Vec::new())
                };
                self.problems.extend(found.map(tell));
                false
            }
        }
    }
}

impl Text {
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
