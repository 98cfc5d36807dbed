//! Railroad diagrams: one HTML file for all parser rules, or one SVG file for each (`createGrammarDiagramHtml` and
//! `createGrammarDiagramSvg` in `grammar-railroad.ts`, langium-railroad 4.4.0).
//!
//! That package spreads the lines of the HTML file over a call's arguments, which ends grammars of 10,000 lines with a
//! stack overflow. Here every line is written once, where it belongs.

mod diagram;
mod drawing;
mod pen;

use rustc_hash::FxHashMap;

use crate::emit::{Input, Part, Sink};
use crate::model::config::RailroadConfig;
use crate::model::{Language, Sources, name_assignment};
use crate::text::{Name, js};
use crate::tree::{Cardinality, DeclarationKind, Item, Kind, List, NodeId};
use diagram::Diagram;
use drawing::{Canvas, Drawing};
use pen::{Labels, Pen};

/// The files of all languages that are to have diagrams.
pub(crate) fn outputs(input: Input<'_>) -> Vec<(String, Part)> {
    let mut outputs = Vec::new();
    for (index, language) in input.model.languages.iter().enumerate() {
        let Some(config) = &input.config.languages[language.config].railroad else { continue };
        if !config.svg {
            outputs.push((config.out.clone(), Part::Language(index)));
            continue;
        }
        let folder = if config.out.is_empty() { "." } else { &config.out };
        for rule in 0..language.rules.len() as u32 {
            if let DeclarationKind::ParserRule { name, .. } = language.rule_kind(input.sources, rule) {
                let path = format!("{folder}/{}.svg", input.sources.names.get(name));
                outputs.push((path, Part::Rule(index, rule)));
            }
        }
    }
    outputs
}

/// Appends a file to `text`.
pub(crate) fn render(input: Input<'_>, part: Part, text: &mut Sink<'_>) {
    let (Part::Language(index) | Part::Rule(index, _)) = part else { return };
    let language = &input.model.languages[index];
    let Some(config) = &input.config.languages[language.config].railroad else { return };
    let style = style(config);
    match part {
        Part::Rule(_, rule) => {
            let attributes = " xmlns=\"http://www.w3.org/2000/svg\"";
            let canvas = Canvas { attributes, style: &style, link: None };
            draw_rule(input.sources, language, rule, &canvas, &mut |piece| push_piece(text, piece));
        }
        Part::Language(_) | Part::Project => push_html(input.sources, language, &style, text),
    }
}

fn push_html(sources: &Sources, language: &Language, style: &str, text: &mut Sink<'_>) {
    text.extend(["<!DOCTYPE HTML>\n<html>\n<head>\n", style, "\n</head>\n<body>\n"]);
    let canvas = Canvas { attributes: "", style: "", link: None };
    let mut drain = |piece: &str| push_piece(text, piece);
    let mut drawing = Drawing::new(Pen::new(Labels::Trimmed, &mut drain), &canvas);
    let mut builder = Builder::new(sources, language);
    for rule in 0..language.rules.len() as u32 {
        if let DeclarationKind::ParserRule { name, .. } = language.rule_kind(sources, rule) {
            ["<h2 class=\"non-terminal-name\">", sources.names.get(name), "</h2>\n"]
                .into_iter()
                .for_each(|piece| drawing.push(piece));
            builder.draw(rule, &mut drawing);
        }
    }
    drawing.finish();
    text.push_str("\n</body>\n</html>\n");
}

fn push_piece(text: &mut Sink<'_>, piece: &str) {
    text.push_str(piece);
    text.cut();
}

/// Looks as langium-railroad gives them (`defaultCss`).
const DEFAULT_STYLE: &str = "\
<style>
    svg.railroad-diagram {
        background-color: hsl(30,20%,95%);
    }
    svg.railroad-diagram path {
        stroke-width: 3;
        stroke: black;
        fill: rgba(0,0,0,0);
    }
    svg.railroad-diagram text {
        font: bold 14px monospace;
        text-anchor: middle;
    }
    svg.railroad-diagram text.label {
        text-anchor: start;
    }
    svg.railroad-diagram text.comment {
        font: italic 12px monospace;
    }
    svg.railroad-diagram rect {
        stroke-width: 3;
        stroke: black;
        fill: hsl(120,100%,90%);
    }
</style>
";

/// The default style and that of the configuration, the latter line by line indented and without white space at the end
/// of lines (what Langium's `expandToStringLF` makes of it).
fn style(config: &RailroadConfig) -> String {
    let mut style = DEFAULT_STYLE.to_owned();
    if let Some(own) = config.styles.as_deref().filter(|own| !own.is_empty()) {
        style.push_str("<style>\n");
        for line in own.trim_matches(js::is_white_space).split('\n') {
            let line = line.trim_end_matches(js::is_white_space);
            style.extend([if line.is_empty() { "" } else { "    " }, line, "\n"]);
        }
        style.push_str("</style>");
    }
    style
}

/// Appends the diagram of a parser or infix rule, in which the names of rules are links to `#rule-NAME`; nothing for
/// terminals.
pub(in crate::emit) fn push_linked(sources: &Sources, language: &Language, rule: u32, text: &mut String) {
    let canvas = Canvas { attributes: "", style: "", link: Some("#rule-") };
    if let DeclarationKind::InfixRule { .. } = language.rule_kind(sources, rule) {
        let mut drain = |piece: &str| text.push_str(piece);
        let mut drawing = Drawing::new(Pen::new(Labels::Escaped, &mut drain), &canvas);
        Builder::new(sources, language).draw_infix(rule, &mut drawing);
        return drawing.finish();
    }
    draw_rule(sources, language, rule, &canvas, &mut |piece| text.push_str(piece));
}

/// Hands the diagram of a parser rule to `drain`, piece by piece.
fn draw_rule(sources: &Sources, language: &Language, rule: u32, canvas: &Canvas<'_>, drain: &mut dyn FnMut(&str)) {
    let mut drawing = Drawing::new(Pen::new(Labels::Escaped, drain), canvas);
    Builder::new(sources, language).draw(rule, &mut drawing);
    drawing.finish();
}

/// Makes diagrams of rules.
struct Builder<'a> {
    sources: &'a Sources,
    language: &'a Language,
    /// That of the rule at hand.
    diagram: Diagram<'a>,
    /// What [`Builder::name_assignment`] found.
    name_assignments: FxHashMap<Name, Option<(Item<'a>, NodeId)>>,
}

impl<'a> Builder<'a> {
    fn new(sources: &'a Sources, language: &'a Language) -> Builder<'a> {
        Builder { sources, language, diagram: Diagram::default(), name_assignments: FxHashMap::default() }
    }

    /// Draws a parser rule; of other rules, nothing.
    fn draw(&mut self, rule: u32, drawing: &mut Drawing<'_>) {
        let item = self.language.rule_item(self.sources, rule);
        let DeclarationKind::ParserRule { definition, .. } = item.declaration.kind else { return };
        self.diagram.clear();
        self.element(item, definition);
        drawing.draw(&self.diagram);
    }

    /// Draws an infix rule, which Langium does not: its operand, and as often as one likes one of its operators and another
    /// operand. What binds first is not to be seen.
    fn draw_infix(&mut self, rule: u32, drawing: &mut Drawing<'_>) {
        let item = self.language.rule_item(self.sources, rule);
        let DeclarationKind::InfixRule { call, operators, .. } = item.declaration.kind else { return };
        let Kind::InfixOperators { precedences } = item.node(operators).kind else { return };
        self.diagram.clear();
        self.element(item, call);
        let rest = self.diagram.open();
        for precedence in item.ids(precedences) {
            if let Kind::InfixPrecedence { operators, .. } = item.node(precedence).kind {
                self.elements(item, operators);
            }
        }
        self.diagram.choice(rest);
        self.element(item, call);
        self.diagram.sequence(rest);
        self.diagram.zero_or_more();
        self.diagram.sequence(0);
        drawing.draw(&self.diagram);
    }

    /// Adds what the element `id` looks like to the diagram (`toRailroad`).
    fn element(&mut self, item: Item<'a>, id: NodeId) {
        let node = item.node(id);
        let first = self.diagram.open();
        match node.kind {
            Kind::Assignment { terminal, .. } => self.element(item, terminal),
            Kind::Alternatives { elements } => {
                self.elements(item, elements);
                self.diagram.choice(first);
            }
            Kind::UnorderedGroup { elements } => {
                self.elements(item, elements);
                self.diagram.choice(first);
                self.diagram.zero_or_more();
            }
            Kind::Group { elements, .. } => {
                self.elements(item, elements);
                self.diagram.sequence(first);
            }
            Kind::Keyword { value, .. } => self.diagram.terminal(self.sources.names.get(value)),
            Kind::RuleCall { rule, .. } => self.diagram.non_terminal(self.sources.names.get(rule)),
            Kind::CrossReference { terminal: Some(terminal), .. } => self.element(item, terminal),
            Kind::CrossReference { ty, terminal: None, .. } => match self.name_assignment(ty) {
                Some((item, assignment)) => self.element(item, assignment),
                None => self.diagram.non_terminal("UNKNOWN"),
            },
            _ => return,
        }
        self.repeat(node.cardinality(), first);
    }

    fn elements(&mut self, item: Item<'a>, elements: List) {
        item.ids(elements).for_each(|element| self.element(item, element));
    }

    /// What is written for a reference to the type: a keyword or the call of a rule, assigned to its name. (Langium
    /// can make no parser of anything else.)
    fn name_assignment(&mut self, ty: Name) -> Option<(Item<'a>, NodeId)> {
        *self.name_assignments.entry(ty).or_insert_with(|| {
            let (item, id) = name_assignment(self.sources, self.language, ty)?;
            let Kind::Assignment { terminal, .. } = item.node(id).kind else { return None };
            let is_drawable = matches!(item.node(terminal).kind, Kind::Keyword { .. } | Kind::RuleCall { .. });
            if is_drawable { Some((item, id)) } else { None }
        })
    }

    /// Makes what was added from `first` on occur as often as `cardinality` says (`wrapCardinality`).
    fn repeat(&mut self, cardinality: Cardinality, first: usize) {
        let wrap = match cardinality {
            Cardinality::One => return,
            Cardinality::Optional => Diagram::optional,
            Cardinality::Many => Diagram::zero_or_more,
            Cardinality::OneOrMore => Diagram::one_or_more,
        };
        self.diagram.sequence(first);
        wrap(&mut self.diagram);
    }
}
