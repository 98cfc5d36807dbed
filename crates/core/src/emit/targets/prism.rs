//! Prism: syntax highlighting for web pages (`prism-generator.ts`, langium-cli 4.4.0).

use super::tokens::{self, Role};
use crate::emit::{Input, Part, Sink};

/// Appends the file of the language `part` to `text`.
pub(crate) fn render(input: Input<'_>, part: Part, text: &mut Sink<'_>) {
    let (language, config) = input.language(part);
    let terminals = tokens::terminals(input, language);
    text.push_str("// This file is generated using a best effort guess for your language.\n");
    text.push_str("// It is not guaranteed contain all expected prism syntax highlighting rules.\n");
    text.push_str("// For more documentation, take a look at https://prismjs.com/extending.html'\n");
    text.extend(["Prism.languages[\"", &config.id, "\"] = {\n"]);
    let comments: Vec<&str> =
        terminals.iter().filter(|terminal| terminal.role == Role::Comment).map(|terminal| terminal.regex).collect();
    match comments[..] {
        [] => {}
        [comment] => {
            text.push_str("    comment: ");
            push_greedy(comment, "    ", text);
            text.push_str(",\n");
        }
        _ => {
            text.push_str("    comment: [\n");
            for (index, comment) in comments.into_iter().enumerate() {
                text.push_str(if index > 0 { ",\n        " } else { "        " });
                push_greedy(comment, "        ", text);
            }
            text.push_str("\n    ],\n");
        }
    }
    if let Some(string) = terminals.iter().find(|terminal| terminal.is_string()) {
        text.push_str("    string: ");
        push_greedy(string.regex, "    ", text);
        text.push_str(",\n");
    }
    let mut keywords = tokens::keywords(input, language);
    keywords.retain(|keyword| keyword.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_') && !keyword.is_empty());
    keywords.sort_by_key(|keyword| std::cmp::Reverse(keyword.len())); // all ASCII
    text.push_str("    keyword: {\n        pattern: /\\b(");
    for (index, keyword) in keywords.into_iter().enumerate() {
        text.extend([if index > 0 { "|" } else { "" }, keyword]);
    }
    text.extend([")\\b/", if config.case_insensitive { "i" } else { "" }, "\n    }\n};\n"]);
}

fn push_greedy(pattern: &str, indent: &str, text: &mut String) {
    text.extend(["{\n", indent, "    pattern: ", pattern, ",\n", indent, "    greedy: true\n", indent, "}"]);
}
