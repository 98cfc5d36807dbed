//! Monarch: syntax highlighting for the Monaco editor (`monarch-generator.ts`, langium-cli 4.0.0 to 4.4.0).

use super::tokens::{self, Role, Terminal};
use crate::emit::{Input, Part, Sink};
use crate::text::js;
use crate::text::regex::{Ends, Regex};

/// Appends the file of the language `part` to `text`.
pub(crate) fn render(input: Input<'_>, part: Part, text: &mut Sink<'_>) {
    let (language, config) = input.language(part);
    let version = &input.config.version;
    let (words, symbols): (Vec<&str>, Vec<&str>) =
        tokens::keywords(input, language).into_iter().partition(|keyword| tokens::is_word(keyword));
    let operators: Vec<&str> =
        symbols.iter().copied().filter(|symbol| !symbol.contains(['{', '}', '[', ']', '(', ')'])).collect();
    let terminals = tokens::terminals(input, language);
    let comments: Vec<Option<Ends>> = terminals
        .iter()
        .map(|terminal| {
            let ends = if terminal.role == Role::Comment { terminal.ends(version).into_iter().next() } else { None };
            ends.filter(|ends| !ends.start.is_empty() && !ends.end.is_empty())
        })
        .collect();

    text.extend(["// Monarch syntax highlighting for the ", &config.id, " language.\nexport default {\n"]);
    let is_escaped = version.minor >= 4;
    push_strings("keywords", &words, is_escaped, text);
    push_strings("operators", &operators, is_escaped, text);
    if version.minor >= 4 {
        text.extend(["    ignoreCase: ", if config.case_insensitive { "true" } else { "false" }, ",\n"]);
    }
    text.push_str("    symbols: ");
    let symbols: Vec<_> = symbols.into_iter().map(js::escape_regexp).collect();
    js::push_regexp(text, &symbols.join("|"), "");
    text.push_str(",\n\n    tokenizer: {\n        initial: [\n");
    push_initial_rules(&terminals, &words, text);
    text.push_str("        ],\n        whitespace: [\n");
    push_white_space_rules(&terminals, &comments, text);
    text.push_str("        ],\n        comment: [\n");
    comments.iter().flatten().for_each(|ends| push_comment_rules(ends, text));
    text.push_str("        ],\n    }\n};\n");
}

/// Versions before 4.4 write the values as they are.
fn push_strings(name: &str, values: &[&str], is_escaped: bool, text: &mut String) {
    text.extend(["    ", name, ": [\n        "]);
    for (index, value) in values.iter().enumerate() {
        text.push_str(if index > 0 { ",'" } else { "'" });
        for part in value.split_inclusive(['\\', '\'']) {
            match part.as_bytes() {
                [rest @ .., last @ (b'\\' | b'\'')] if is_escaped => {
                    text.extend([&part[..rest.len()], "\\", if *last == b'\'' { "'" } else { "\\" }]);
                }
                _ => text.push_str(part),
            }
        }
        text.push('\'');
    }
    text.push_str("\n    ],\n");
}

/// Everything but white space and comments, which have states of their own so that none of them is taken for a symbol.
fn push_initial_rules(terminals: &[Terminal<'_>], words: &[&str], text: &mut String) {
    let words: Vec<Vec<u16>> = words.iter().map(|word| word.encode_utf16().collect()).collect();
    for terminal in terminals.iter().filter(|terminal| terminal.role == Role::Token) {
        let token = if terminal.is_string() { "string" } else { terminal.ty.unwrap_or(terminal.name) };
        let action = ["{\"token\":\"", token, "\"}"].concat();
        if words.iter().any(|word| terminal.matches(word)) {
            let cases = ["{ cases: { '@keywords': {\"token\":\"keyword\"}, '@default': ", &action, " }}"].concat();
            push_rule(terminal.regex, &cases, text);
        } else {
            push_rule(terminal.regex, &action, text);
        }
    }
    text.push_str("            { include: '@whitespace' },\n");
    let cases = r#"{ cases: { '@operators': {"token":"operator"}, '@default': {"token":""} }}"#;
    push_rule("/@symbols/", cases, text);
}

/// White space, and comments: those with two ends have a state of their own that their start leads to.
fn push_white_space_rules(terminals: &[Terminal<'_>], comments: &[Option<Ends>], text: &mut String) {
    for (terminal, ends) in terminals.iter().zip(comments) {
        match (terminal.role, ends) {
            (Role::Comment, Some(ends)) => {
                push_rule(&regex(&String::from_utf16_lossy(&ends.start)), r#"{"token":"comment","next":"@comment"}"#, text);
            }
            (Role::Comment, None) => push_rule(terminal.regex, r#"{"token":"comment"}"#, text),
            (Role::WhiteSpace, _) => push_rule(terminal.regex, r#"{"token":"white"}"#, text),
            (Role::Token, _) => {}
        }
    }
}

/// What can stand in a comment: anything that is no character of its start, its end, characters of its start.
fn push_comment_rules(ends: &Ends, text: &mut String) {
    let start = inside_of_class(String::from_utf16_lossy(&ends.start));
    push_rule(&regex(&["[^", &start, "]+"].concat()), r#"{"token":"comment"}"#, text);
    push_rule(&regex(&String::from_utf16_lossy(&ends.end)), r#"{"token":"comment","next":"@pop"}"#, text);
    push_rule(&regex(&["[", &start, "]"].concat()), r#"{"token":"comment"}"#, text);
}

/// langium-cli puts the start of a comment into a class as it is. Where that makes a range out of order, as in `[^b-a]`,
/// it stops with a stack trace; here hyphens are escaped then.
fn inside_of_class(start: String) -> String {
    match Regex::new(&["[", &start, "]"].concat(), "") {
        Some(_) => start,
        None => start.replace('-', r"\-"),
    }
}

fn regex(source: &str) -> String {
    let mut regex = String::with_capacity(source.len() + 8);
    js::push_regexp(&mut regex, source, "");
    regex
}

fn push_rule(regex: &str, action: &str, text: &mut String) {
    text.extend(["            { regex: ", regex, ", action: ", action, " },\n"]);
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::render;
    use crate::model::config::{Config, Version};

    /// The rules of the state `comment` for a language whose comments are `terminal`.
    fn comment_state(terminal: &str) -> String {
        let grammar = format!("grammar A entry R: 'r' name=ID; terminal ID: /[a-z]+/; hidden terminal C: {terminal};");
        let text = testing::render(render, &[&grammar], &testing::config(1));
        let state = text.split_once("comment: [\n").map_or("", |(_, rest)| rest);
        state.lines().take_while(|line| line.contains("regex")).map(str::trim).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn ends_of_comments() {
        let recorded = r#"{ regex: /[^--]+/, action: {"token":"comment"} },
{ regex: /\]\/-/, action: {"token":"comment","next":"@pop"} },
{ regex: /[--]/, action: {"token":"comment"} },"#;
        assert_eq!(comment_state(r"/--[^\]]*\]\/\x2d/"), recorded);
        assert_eq!(comment_state("/--[^x]*/"), "");
        // The reference has a stack trace for this one.
        let ours = r#"{ regex: /[^b\-a]+/, action: {"token":"comment"} },
{ regex: /z/, action: {"token":"comment","next":"@pop"} },
{ regex: /[b\-a]/, action: {"token":"comment"} },"#;
        assert_eq!(comment_state("'b-a' -> 'z'"), ours);
    }

    #[test]
    fn versions() {
        let grammar = r"grammar A entry R: ('ab' | 'a' | 'B' | 'it\'s' | 'a\\' | '\\') name=ID; terminal ID: /#/;";
        let strings = |minor| {
            let version = Version { minor, text: String::new() };
            let text = testing::render(render, &[grammar], &Config { version, ..testing::config(1) });
            text.lines().skip(2).take_while(|line| !line.contains("symbols")).map(str::trim).collect::<Vec<_>>().join(" ")
        };
        // Recorded from langium-cli 4.3.0 and 4.4.0.
        assert_eq!(strings(3), r"keywords: [ 'B','a','a\','ab','it's' ], operators: [ '\' ],");
        assert_eq!(strings(4), r"keywords: [ 'it\'s','a\\','ab','a','B' ], operators: [ '\\' ], ignoreCase: false,");
    }
}
