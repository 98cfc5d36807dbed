//! Text of programs: comments, identifiers, strings, imports.

use std::collections::BTreeMap;

use super::{Args, Example, Fault, Group, Helper, Run};
use crate::emit::pack::writer::Writer;
use crate::text::collate;

pub(super) const HELPERS: &[Helper] = &[
    Helper {
        name: "lineComment",
        usage: "text prefix=\"//\"",
        about: "Each line of the text as a comment. Nothing for an empty text.",
        group: Group::Code,
        examples: &[
            Example { template: "{{lineComment text}}", data: r#"{"text": "One.\n\nTwo."}"#, output: "// One.\n//\n// Two." },
            Example { template: "{{#lineComment prefix=\"#\"}}Generated.{{/lineComment}}", data: "{}", output: "# Generated." },
        ],
        values: (1, 1),
        keys: &["prefix"],
        probes: false,
        run: Run::Text(|args, out| {
            let prefix = args.key("prefix")?.unwrap_or("//");
            let text = args.text(0)?;
            push_lines(text, out, prefix, |line, out| out.push(line));
            Ok(())
        }),
    },
    Helper {
        name: "docComment",
        usage: "text",
        about: "The text as a JSDoc comment: on one line if it has one. Nothing for an empty text. What would end the comment is escaped.",
        group: Group::Code,
        examples: &[
            Example { template: "{{docComment text}}", data: r#"{"text": "A state."}"#, output: "/** A state. */" },
            Example {
                template: "{{docComment text}}",
                data: r#"{"text": "A state.\n\nSee */."}"#,
                output: "/**\n * A state.\n *\n * See *\\/.\n */",
            },
        ],
        values: (1, 1),
        keys: &[],
        probes: false,
        run: Run::Text(doc_comment),
    },
    Helper {
        name: "tsIdentifier",
        usage: "text",
        about: "The text as a TypeScript identifier: what cannot stand in one becomes `_`, and reserved words and digits get a `_` before them.",
        group: Group::Code,
        examples: &[Example {
            template: "{{tsIdentifier \"my-rule\"}} {{tsIdentifier \"class\"}} {{tsIdentifier \"2D\"}} {{tsIdentifier \"name\"}}",
            data: "{}",
            output: "my_rule _class _2D name",
        }],
        values: (1, 1),
        keys: &[],
        probes: false,
        run: Run::Text(|args, out| {
            push_identifier(args.text(0)?, out);
            Ok(())
        }),
    },
    Helper {
        name: "tsString",
        usage: "text quote=\"double\"",
        about: "The text as a TypeScript string in single quotes, or double ones.",
        group: Group::Code,
        examples: &[Example {
            template: "{{tsString text}} {{tsString text quote=\"double\"}}",
            data: r#"{"text": "it's \"x\"\n"}"#,
            output: r#"'it\'s "x"\n' "it's \"x\"\n""#,
        }],
        values: (1, 1),
        keys: &["quote"],
        probes: false,
        run: Run::Text(|args, out| {
            let quote = match args.key("quote")? {
                None | Some("single") => '\'',
                Some("double") => '"',
                Some(other) => return Err(format!("`quote` is \"single\" or \"double\", not \"{other}\"").into()),
            };
            push_string(args.text(0)?, quote, out);
            Ok(())
        }),
    },
    Helper {
        name: "tsKey",
        usage: "text",
        about: "The text as a key of an object literal or an interface: as it is if it may stand so, in quotes otherwise.",
        group: Group::Code,
        examples: &[Example { template: "{{tsKey \"name\"}} {{tsKey \"my-rule\"}}", data: "{}", output: "name 'my-rule'" }],
        values: (1, 1),
        keys: &[],
        probes: false,
        run: Run::Text(|args, out| {
            let text = args.text(0)?;
            if is_identifier(text) {
                out.push(text)
            } else {
                push_string(text, '\'', out)
            }
            Ok(())
        }),
    },
    Helper {
        name: "imports",
        usage: "lines",
        about: "Import statements, one for each module, sorted, names without repetition. As a block it collects: each line of its text is `Name from 'module'`, or `type Name from 'module'`, or `Name as Other from 'module'`; `default as Name from 'module'` is what a module exports without a name, `* as Name from 'module'` all of it. A loop may write lines more than once.",
        group: Group::Code,
        examples: &[
            Example {
                template: "{{#imports}}\n{{#each types}}\ntype {{.}} from './ast.js'\n{{/each}}\nURI from 'langium'\ntype AstNode from 'langium'\n{{/imports}}",
                data: r#"{"types": ["State", "Event", "State"]}"#,
                output: "import { type AstNode, URI } from 'langium';\nimport type { Event, State } from './ast.js';\n",
            },
            Example {
                template: "{{#imports}}\n* as fs from 'node:fs'\ntype * as ast from './ast.js'\ndefault as chalk from 'chalk'\n{{/imports}}",
                data: "{}",
                output: "import { default as chalk } from 'chalk';\nimport * as fs from 'node:fs';\nimport type * as ast from './ast.js';\n",
            },
        ],
        values: (1, 1),
        keys: &[],
        probes: false,
        run: Run::Text(imports),
    },
];

/// Writes each line of `text` behind `prefix`, without white space at its end.
fn push_lines(text: &str, out: &mut Writer<'_>, prefix: &str, push: impl Fn(&str, &mut Writer<'_>)) {
    let text = text.trim_end_matches(['\n', '\r']);
    if text.is_empty() {
        return;
    }
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push("\n");
        }
        out.push(prefix);
        let line = line.trim_end();
        if !line.is_empty() {
            out.push(" ");
            push(line, out);
        }
    }
}

fn doc_comment(args: &mut Args<'_, '_>, out: &mut Writer<'_>) -> Result<(), Fault> {
    let text = args.text(0)?.trim_end_matches(['\n', '\r']);
    let escaped = |line: &str, out: &mut Writer<'_>| {
        for (at, piece) in line.split("*/").enumerate() {
            if at > 0 {
                out.push("*\\/");
            }
            out.push(piece);
        }
    };
    if text.is_empty() {
    } else if text.contains('\n') {
        out.push("/**\n");
        push_lines(text, out, " *", escaped);
        out.push("\n */");
    } else {
        out.push("/** ");
        escaped(text.trim(), out);
        out.push(" */");
    }
    Ok(())
}

/// Words that cannot name a variable in a TypeScript module.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do",
    "else", "enum", "eval", "export", "extends", "false", "finally", "for", "function", "if", "implements", "import", "in",
    "instanceof", "interface", "let", "new", "null", "package", "private", "protected", "public", "return", "static",
    "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with", "yield",
];

fn starts_identifier(char: char) -> bool {
    char.is_alphabetic() || matches!(char, '_' | '$')
}

fn continues_identifier(char: char) -> bool {
    starts_identifier(char) || char.is_ascii_digit()
}

/// Whether `text` is an identifier name: what keys may be without quotes, reserved words included.
fn is_identifier(text: &str) -> bool {
    text.starts_with(starts_identifier) && text.chars().all(continues_identifier)
}

fn push_identifier(text: &str, out: &mut Writer<'_>) {
    if RESERVED.contains(&text) || !text.starts_with(|char: char| starts_identifier(char) || !continues_identifier(char)) {
        out.push("_");
    }
    text.chars().for_each(|char| out.push_char(if continues_identifier(char) { char } else { '_' }));
}

fn push_string(text: &str, quote: char, out: &mut Writer<'_>) {
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b'\\' && char::from(byte) != quote;
    if text.bytes().all(is_plain) {
        return out.push_quoted(text, quote as u8);
    }
    out.push_char(quote);
    for char in text.chars() {
        match char {
            '\\' => out.push("\\\\"),
            '\n' => out.push("\\n"),
            '\r' => out.push("\\r"),
            '\t' => out.push("\\t"),
            char if char == quote => {
                out.push("\\");
                out.push_char(char);
            }
            char if char.is_control() || matches!(char, '\u{2028}' | '\u{2029}') => {
                out.push(&format!("\\u{:04x}", u32::from(char)));
            }
            char => out.push_char(char),
        }
    }
    out.push_char(quote);
}

/// A name that is imported, and whether only as a type.
type Imported<'t> = BTreeMap<&'t str, bool>;

fn imports(args: &mut Args<'_, '_>, out: &mut Writer<'_>) -> Result<(), Fault> {
    let mut modules: BTreeMap<&str, Imported<'_>> = BTreeMap::new();
    let text = args.text(0)?;
    // Reading a line and putting its names in order takes up to a microsecond.
    args.spend(text.len() * if text.is_ascii() { 2 } else { 32 })?;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (name, module, is_type) = read_import(line)?;
        // Needed as a value once, it is imported as one.
        modules.entry(module).or_default().entry(name).and_modify(|known| *known &= is_type).or_insert(is_type);
    }
    let mut modules: Vec<(&str, Imported<'_>)> = modules.into_iter().collect();
    modules.sort_by(|(a, _), (b, _)| a.starts_with('.').cmp(&b.starts_with('.')).then_with(|| collate::compare_texts(a, b)));
    for (module, names) in modules {
        let mut names: Vec<(&str, bool)> = names.into_iter().collect();
        names.sort_by(|(a, _), (b, _)| collate::compare_texts(a, b));
        // A statement of its own for each: they cannot stand in braces.
        let (whole, names): (Vec<_>, Vec<_>) = names.into_iter().partition(|(name, _)| name.starts_with('*'));
        for (name, is_type) in whole {
            out.push(if is_type { "import type " } else { "import " });
            out.push(name);
            push_module(module, out);
        }
        if !names.is_empty() {
            push_named(&names, out);
            push_module(module, out);
        }
    }
    Ok(())
}

fn push_named(names: &[(&str, bool)], out: &mut Writer<'_>) {
    let only_types = names.iter().all(|(_, is_type)| *is_type);
    out.push(if only_types { "import type { " } else { "import { " });
    for (at, (name, is_type)) in names.iter().enumerate() {
        out.push(if at > 0 { ", " } else { "" });
        out.push(if *is_type && !only_types { "type " } else { "" });
        out.push(name);
    }
    out.push(" }");
}

fn push_module(module: &str, out: &mut Writer<'_>) {
    out.push(" from ");
    push_string(module, '\'', out);
    out.push(";\n");
}

/// The name, the module and whether it is a type, of `type Name from 'module'`.
fn read_import(line: &str) -> Result<(&str, &str, bool), Fault> {
    let wrong = |hint: &str| Fault::new(format!("`{line}` is no import"), Some(hint.to_owned()));
    const USUAL: &str = "write `Name from 'module'` on a line of its own";
    let (name, module) = line.rsplit_once(" from ").ok_or_else(|| wrong(USUAL))?;
    let module = module.trim().trim_end_matches(';');
    let module = module
        .strip_prefix('\'')
        .and_then(|module| module.strip_suffix('\''))
        .or_else(|| module.strip_prefix('"').and_then(|module| module.strip_suffix('"')))
        .unwrap_or(module);
    let name = name.trim();
    let (name, is_type) = name.strip_prefix("type ").map_or((name, false), |name| (name.trim_start(), true));
    let words: Vec<&str> = name.split_whitespace().take(4).collect();
    let (exported, local) = match words[..] {
        [name] => (name, name),
        [name, "as", other] => (name, other),
        _ => return Err(wrong(USUAL)),
    };
    if module.is_empty() || exported != "*" && !is_identifier(exported) {
        return Err(wrong(USUAL));
    }
    if !is_identifier(local) || RESERVED.contains(&local) {
        return Err(wrong(&format!("give it a name: `{exported} as Name from '{module}'`")));
    }
    Ok((name, module, is_type))
}
