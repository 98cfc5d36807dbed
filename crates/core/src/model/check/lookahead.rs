//! What Chevrotain sees when it looks some tokens ahead, path by path (`possiblePathsFrom` in its `interpreter.ts`,
//! `lookAheadSequenceFromAlternatives` in its `lookahead.ts`).
//!
//! The number of paths may grow with a power of the number of tokens. So there is an end to it: whoever asks for more than
//! can be answered in a moment is told so, and finds no fault.

use rustc_hash::FxHashSet;

use super::productions::{ProductionId, Productions, Shape};
use crate::text::Name;

/// A keyword or terminal; none for the end of the file.
type Token = Option<Name>;

/// Tokens that may follow each other.
type Path = Vec<Token>;

/// Why a search found no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It went around in a repetition of what may match nothing.
    Endless(ProductionId),
    /// It took too long.
    TooMuch,
}

/// Steps in all, and nesting, of the searches of one language: some 50 ms. Picked so that every grammar of the corpus takes
/// less than a hundredth of it.
const MOST_STEPS: u32 = 2_000_000;
const DEEPEST: u32 = 500;

/// Productions that follow each other, as a list in [`Explorer::cells`].
type Definition = u32;
const END: Definition = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Cell {
    production: ProductionId,
    /// It is a further turn of a repetition, which may be left out.
    again: bool,
    rest: Definition,
}

pub(super) struct Explorer<'a> {
    productions: &'a Productions,
    skippable: &'a [bool],
    cells: Vec<Cell>,
    steps: u32,
}

/// A path with what may follow it.
type Open = (Path, Definition);

impl<'a> Explorer<'a> {
    /// For `productions`, of which those that are `skippable` can be looked past.
    pub(super) fn new(productions: &'a Productions, skippable: &'a [bool]) -> Explorer<'a> {
        Explorer { productions, skippable, cells: Vec::new(), steps: 0 }
    }

    /// For each of some alternatives, the shortest paths of at most `tokens` tokens that tell it from the others.
    pub(super) fn alternatives(&mut self, alternatives: &[ProductionId], tokens: usize) -> Result<Vec<Vec<Path>>, Stop> {
        self.cells.clear();
        let productions = self.productions;
        let definitions: Vec<Definition> =
            alternatives.iter().map(|&alternative| self.define(productions.parts(alternative), None, END)).collect();
        self.tell_apart(&definitions, tokens)
    }

    /// Looks at what is in and behind an optional or repeated production as far as it takes to decide whether to enter it.
    pub(super) fn around(&mut self, id: ProductionId, tokens: usize) -> Result<(), Stop> {
        self.cells.clear();
        let inside = self.define(self.productions.parts(id), None, END);
        let behind = self.behind(id);
        self.tell_apart(&[inside, behind], tokens).map(drop)
    }

    /// What follows a production to the end of its rule.
    fn behind(&mut self, id: ProductionId) -> Definition {
        let mut levels = Vec::new();
        let mut at = id;
        while let Some((whole, position)) = self.productions.whole(at) {
            if self.productions.shape(whole) != Shape::Choice {
                levels.push(&self.productions.parts(whole)[position + 1..]);
            }
            at = whole;
        }
        levels.into_iter().rev().fold(END, |rest, parts| self.define(parts, None, rest))
    }

    /// The definition of `parts`, then perhaps a further turn of `again`, then `rest`.
    fn define(&mut self, parts: &[ProductionId], again: Option<ProductionId>, rest: Definition) -> Definition {
        let mut definition = rest;
        if let Some(production) = again {
            self.cells.push(Cell { production, again: true, rest: definition });
            definition = self.cells.len() as u32 - 1;
        }
        for &production in parts.iter().rev() {
            self.cells.push(Cell { production, again: false, rest: definition });
            definition = self.cells.len() as u32 - 1;
        }
        definition
    }

    /// `possiblePathsFrom`
    fn explore(
        &mut self,
        mut definition: Definition,
        tokens: usize,
        path: &[Token],
        depth: u32,
        found: &mut Vec<Open>,
    ) -> Result<(), Stop> {
        let mut path = path.to_vec();
        let productions = self.productions;
        while path.len() < tokens && definition != END {
            self.steps += 1;
            if self.steps > MOST_STEPS || depth > DEEPEST {
                return Err(Stop::TooMuch);
            }
            let Cell { production: id, again, rest } = self.cells[definition as usize];
            let parts = productions.parts(id);
            match productions.shape(id) {
                Shape::Terminal(token) => path.push(token),
                Shape::Sequence => {
                    let inside = self.define(parts, None, rest);
                    return self.explore(inside, tokens, &path, depth + 1, found);
                }
                Shape::Call(rule) => {
                    let root = productions.rules[rule as usize].root;
                    let inside = self.define(productions.parts(root), None, rest);
                    return self.explore(inside, tokens, &path, depth + 1, found);
                }
                Shape::Choice => {
                    for &alternative in parts {
                        let parts = productions.parts(alternative);
                        if !parts.is_empty() {
                            let inside = self.define(parts, None, rest);
                            self.explore(inside, tokens, &path, depth + 1, found)?;
                        }
                    }
                    return Ok(());
                }
                Shape::Optional => {
                    let inside = self.define(parts, None, rest);
                    self.explore(inside, tokens, &path, depth + 1, found)?;
                }
                Shape::Many | Shape::AtLeastOne => {
                    if parts.iter().all(|&part| self.skippable[part as usize]) {
                        return Err(Stop::Endless(id));
                    }
                    let inside = self.define(parts, Some(id), rest);
                    self.explore(inside, tokens, &path, depth + 1, found)?;
                    if productions.shape(id) == Shape::AtLeastOne && !again {
                        return Ok(());
                    }
                }
            }
            definition = rest;
        }
        found.push((path, definition));
        Ok(())
    }

    /// `lookAheadSequenceFromAlternatives`
    fn tell_apart(&mut self, definitions: &[Definition], tokens: usize) -> Result<Vec<Vec<Path>>, Stop> {
        let mut open: Vec<Vec<Open>> = Vec::new();
        for &definition in definitions {
            let mut found = Vec::new();
            self.explore(definition, 1, &[], 0, &mut found)?;
            open.push(found);
        }
        let mut known: Vec<FxHashSet<Path>> =
            open.iter().map(|paths| paths.iter().map(|(path, _)| path.clone()).collect()).collect();
        let mut complete: Vec<Vec<Path>> = vec![Vec::new(); definitions.len()];
        let mut is_complete: Vec<FxHashSet<Path>> = vec![FxHashSet::default(); definitions.len()];
        for length in 1..=tokens {
            for alternative in 0..definitions.len() {
                let mut longer = Vec::new();
                for (path, rest) in std::mem::take(&mut open[alternative]) {
                    self.steps += definitions.len() as u32;
                    let is_unique = known.iter().enumerate().all(|(other, known)| other == alternative || !known.contains(&path));
                    if is_unique || rest == END || path.len() == tokens {
                        if is_complete[alternative].insert(path.clone()) {
                            complete[alternative].push(path);
                        }
                    } else {
                        self.explore(rest, length + 1, &path, 0, &mut longer)?;
                    }
                }
                known[alternative].extend(longer.iter().map(|(path, _)| path.clone()));
                open[alternative] = longer;
            }
        }
        Ok(complete)
    }
}

/// Two alternatives that cannot be told apart, by position, and what both begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ambiguity {
    pub(super) one: usize,
    pub(super) other: usize,
    pub(super) path: Path,
}

/// The first ambiguity of a choice whose alternatives have these paths (`checkAlternativesAmbiguities`,
/// `checkPrefixAlternativesAmbiguities`). Alternatives behind a guard count as different.
pub(super) fn ambiguity(productions: &Productions, choice: ProductionId, paths: &[Vec<Path>]) -> Option<Ambiguity> {
    let mut first: rustc_hash::FxHashMap<&[Token], usize> = rustc_hash::FxHashMap::default();
    let open = |position: usize| !productions.is_gated(productions.parts(choice)[position]);
    for (other, paths) in paths.iter().enumerate().filter(|&(position, _)| open(position)) {
        for path in paths {
            // A path of an earlier alternative that this one continues would always be taken.
            for length in 0..=path.len() {
                if let Some(&one) = first.get(&path[..length])
                    && one != other
                {
                    return Some(Ambiguity { one, other, path: path[..length].to_vec() });
                }
            }
        }
        paths.iter().for_each(|path| {
            first.entry(path).or_insert(other);
        });
    }
    None
}
