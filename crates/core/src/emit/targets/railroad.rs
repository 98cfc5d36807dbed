//! Railroad diagrams: one HTML file for all parser rules, or one SVG file for each (`createGrammarDiagramHtml` and
//! `createGrammarDiagramSvg` in `grammar-railroad.ts`, langium-railroad 4.4.0).
//!
//! That package spreads the lines of the HTML file over a call's arguments, which ends grammars of 10,000 lines with a
//! stack overflow. Here every line is written once, where it belongs.

mod diagram;

use std::fmt::Write;

use crate::emit::{Input, Part, Sink};
use crate::model::config::RailroadConfig;
use crate::model::{Language, Sources, name_assignment};
use crate::text::{Name, js};
use crate::tree::{Cardinality, DeclarationKind, Item, Kind, List, NodeId};
use diagram::{BoxId, Canvas, Diagram};

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
            if let DeclarationKind::ParserRule { name, .. } = language.rule_item(input.sources, rule).declaration.kind {
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
            let canvas = Canvas { attributes, style: &style, push_text: push_escaped, link: None };
            push_rule(input.sources, language, rule, &canvas, text);
        }
        Part::Language(_) | Part::Project => push_html(input.sources, language, &style, text),
    }
}

fn push_html(sources: &Sources, language: &Language, style: &str, text: &mut Sink<'_>) {
    text.extend(["<!DOCTYPE HTML>\n<html>\n<head>\n", style, "\n</head>\n<body>\n"]);
    let canvas = Canvas { attributes: "", style: "", push_text: push_escaped_lines, link: None };
    for rule in 0..language.rules.len() as u32 {
        if let DeclarationKind::ParserRule { name, .. } = language.rule_item(sources, rule).declaration.kind {
            text.extend(["<h2 class=\"non-terminal-name\">", sources.names.get(name), "</h2>\n"]);
            push_rule(sources, language, rule, &canvas, text);
            text.cut();
        }
    }
    text.push_str("\n</body>\n</html>\n");
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

/// Appends the diagram of a parser rule, in which the names of rules are links to `#rule-NAME`; nothing for other rules.
pub(in crate::emit) fn push_linked(sources: &Sources, language: &Language, rule: u32, text: &mut String) {
    let canvas = Canvas { attributes: "", style: "", push_text: push_escaped, link: Some("#rule-") };
    push_rule(sources, language, rule, &canvas, text);
}

/// Appends the diagram of a parser rule.
fn push_rule(sources: &Sources, language: &Language, rule: u32, canvas: &Canvas<'_>, text: &mut String) {
    let item = language.rule_item(sources, rule);
    let DeclarationKind::ParserRule { definition, .. } = item.declaration.kind else { return };
    let mut builder = Builder { sources, language, diagram: Diagram::default() };
    let mut items = Vec::new();
    builder.element(item, definition, &mut items);
    builder.diagram.draw(&items, canvas, text);
}

/// Makes a diagram of a rule.
struct Builder<'a> {
    sources: &'a Sources,
    language: &'a Language,
    diagram: Diagram<'a>,
}

impl<'a> Builder<'a> {
    /// Adds what the element `id` looks like to `items` (`toRailroad`).
    fn element(&mut self, item: Item<'a>, id: NodeId, items: &mut Vec<BoxId>) {
        let node = item.node(id);
        let first = items.len();
        match node.kind {
            Kind::Assignment { terminal, .. } => self.element(item, terminal, items),
            Kind::Alternatives { elements } => {
                let choices = self.elements(item, elements);
                items.push(self.diagram.choice(&choices));
            }
            Kind::UnorderedGroup { elements } => {
                let choices = self.elements(item, elements);
                let choice = self.diagram.choice(&choices);
                items.push(self.diagram.zero_or_more(choice));
            }
            Kind::Group { elements, .. } => {
                let sequence = self.elements(item, elements);
                items.push(self.diagram.sequence(&sequence));
            }
            Kind::Keyword { value, .. } => items.push(self.diagram.terminal(self.sources.names.get(value))),
            Kind::RuleCall { rule, .. } => items.push(self.diagram.non_terminal(self.sources.names.get(rule))),
            Kind::CrossReference { terminal: Some(terminal), .. } => self.element(item, terminal, items),
            Kind::CrossReference { ty, terminal: None, .. } => match self.name_assignment(ty) {
                Some((item, assignment)) => self.element(item, assignment, items),
                None => items.push(self.diagram.non_terminal("UNKNOWN")),
            },
            _ => return,
        }
        self.repeat(node.cardinality, first, items);
    }

    fn elements(&mut self, item: Item<'a>, elements: List) -> Vec<BoxId> {
        let mut boxes = Vec::with_capacity(item.ids(elements).len());
        item.ids(elements).for_each(|element| self.element(item, element, &mut boxes));
        boxes
    }

    /// What is written for a reference to the type: a keyword or the call of a rule, assigned to its name. (Langium
    /// can make no parser of anything else.)
    fn name_assignment(&self, ty: Name) -> Option<(Item<'a>, NodeId)> {
        let (item, id) = name_assignment(self.sources, self.language, ty)?;
        let Kind::Assignment { terminal, .. } = item.node(id).kind else { return None };
        let is_drawable = matches!(item.node(terminal).kind, Kind::Keyword { .. } | Kind::RuleCall { .. });
        if is_drawable { Some((item, id)) } else { None }
    }

    /// Makes `items` from `first` on occur as often as `cardinality` says (`wrapCardinality`).
    fn repeat(&mut self, cardinality: Cardinality, first: usize, items: &mut Vec<BoxId>) {
        let wrap = match cardinality {
            Cardinality::One => return,
            Cardinality::Optional => Diagram::optional,
            Cardinality::Many => Diagram::zero_or_more,
            Cardinality::OneOrMore => Diagram::one_or_more,
        };
        let sequence = self.diagram.sequence(&items[first..]);
        items.truncate(first);
        items.push(wrap(&mut self.diagram, sequence));
    }
}

/// Appends a text with Markdown and HTML characters escaped.
fn push_escaped(label: &str, text: &mut String) {
    let mut rest = label;
    while let Some(at) = rest.find(['*', '_', '`', '[', ']', '<', '&']) {
        text.push_str(&rest[..at]);
        let _ = write!(text, "&#{};", rest.as_bytes()[at]); // a String takes everything
        rest = &rest[at + 1..];
    }
    text.push_str(rest);
}

/// [`push_escaped`], without white space at the end of lines, which Langium's templates remove from the whole file.
fn push_escaped_lines(label: &str, text: &mut String) {
    let mut lines = label.split('\n').peekable();
    while let Some(line) = lines.next() {
        if lines.peek().is_some() {
            push_escaped(line.trim_end_matches(js::is_white_space), text);
            text.push('\n');
        } else {
            push_escaped(line, text);
        }
    }
}
