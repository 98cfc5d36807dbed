//! The text of the template, written by Rust.
//!
//! Once as people write it, with `write!`; and once with no thought but speed: pieces pushed one after the other, flags where
//! the template compares names of kinds, and no look at what is in a name. A template's engine asks a view for each value and
//! has to expect line breaks in all of them.

use std::fmt::{self, Write};

use langloom_core::emit::Sink;

use super::{Interface, Property, Types};

/// Appends what the template makes of `types`, with `write!`.
pub(super) fn write(types: &Types, out: &mut Sink<'_>) -> fmt::Result {
    let grammar = &types.grammar;
    writeln!(out, "// Generated from {grammar}.")?;
    for (index, interface) in types.types.iter().enumerate() {
        write_interface(interface, out)?;
        write_constant(interface, index, grammar, out)?;
        out.cut();
    }
    Ok(())
}

fn write_interface(interface: &Interface, out: &mut String) -> fmt::Result {
    let Interface { name, doc, supers, properties } = interface;
    writeln!(out)?;
    if let Some(doc) = doc {
        writeln!(out, "/** {doc} */")?;
    }
    write!(out, "export interface {name}")?;
    for (at, name) in supers.iter().enumerate() {
        write!(out, "{}{name}", if at == 0 { " extends " } else { ", " })?;
    }
    writeln!(out, " {{\n    readonly $type: '{name}';")?;
    for Property { name: property, ty, is_reference, is_array, is_optional } in properties {
        let (mark, brackets) = (if *is_optional { "?" } else { "" }, if *is_array { "[]" } else { "" });
        writeln!(out, "    /** Property of {name}. */")?;
        match is_reference {
            true => writeln!(out, "    {property}{mark}: Reference<{ty}>{brackets};")?,
            false => {
                write!(out, "    {property}{mark}: ")?;
                push_capitalized(ty, out);
                writeln!(out, "{brackets};")?;
            }
        }
    }
    writeln!(out, "}}")
}

fn write_constant(interface: &Interface, index: usize, grammar: &str, out: &mut String) -> fmt::Result {
    let Interface { name, properties, .. } = interface;
    writeln!(out, "\nexport const {name} = {{\n    $type: '{name}',\n    $grammar: '{grammar}',")?;
    writeln!(out, "    $index: {index}{}", if properties.is_empty() { "" } else { "," })?;
    for (at, Property { name: property, .. }) in properties.iter().enumerate() {
        writeln!(out, "    {property}: '{name}.{property}'{}", if at + 1 == properties.len() { "" } else { "," })?;
    }
    writeln!(out, "}};")
}

fn push_capitalized(word: &str, out: &mut String) {
    let mut chars = word.chars();
    out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
    out.push_str(chars.as_str());
}

/// Appends the same, piece by piece.
pub(super) fn push(types: &Types, out: &mut Sink<'_>) {
    out.push_str("// Generated from ");
    out.push_str(&types.grammar);
    out.push_str(".\n");
    for (index, interface) in types.types.iter().enumerate() {
        push_interface(interface, out);
        push_constant(interface, index, &types.grammar, out);
        out.cut();
    }
}

fn push_interface(interface: &Interface, out: &mut String) {
    out.push('\n');
    if let Some(doc) = &interface.doc {
        out.push_str("/** ");
        out.push_str(doc);
        out.push_str(" */\n");
    }
    out.push_str("export interface ");
    out.push_str(&interface.name);
    for (at, name) in interface.supers.iter().enumerate() {
        out.push_str(if at == 0 { " extends " } else { ", " });
        out.push_str(name);
    }
    out.push_str(" {\n    readonly $type: '");
    out.push_str(&interface.name);
    out.push_str("';\n");
    for property in &interface.properties {
        out.push_str("    /** Property of ");
        out.push_str(&interface.name);
        out.push_str(". */\n    ");
        out.push_str(&property.name);
        out.push_str(if property.is_optional { "?: " } else { ": " });
        if property.is_reference {
            out.push_str("Reference<");
            out.push_str(&property.ty);
            out.push('>');
        } else {
            push_capitalized(&property.ty, out);
        }
        out.push_str(if property.is_array { "[];\n" } else { ";\n" });
    }
    out.push_str("}\n");
}

fn push_constant(interface: &Interface, index: usize, grammar: &str, out: &mut String) {
    out.push_str("\nexport const ");
    out.push_str(&interface.name);
    out.push_str(" = {\n    $type: '");
    out.push_str(&interface.name);
    out.push_str("',\n    $grammar: '");
    out.push_str(grammar);
    out.push_str("',\n    $index: ");
    langloom_core::text::js::push_integer(out, index as u32);
    out.push_str(if interface.properties.is_empty() { "\n" } else { ",\n" });
    for (at, property) in interface.properties.iter().enumerate() {
        out.push_str("    ");
        out.push_str(&property.name);
        out.push_str(": '");
        out.push_str(&interface.name);
        out.push('.');
        out.push_str(&property.name);
        out.push_str(if at + 1 == interface.properties.len() { "'\n" } else { "',\n" });
    }
    out.push_str("};\n");
}
