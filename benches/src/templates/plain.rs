//! The text of the template, written by hand: what no engine is faster than.
//!
//! It is what somebody writes who needs nothing but this text: loops over the data itself, flags where the template compares
//! names of kinds, indentation within the texts, and no look at what is in a name. A template's engine asks a view for each
//! value and has to expect line breaks in all of them.

use langloom_core::emit::Sink;

use super::{Interface, Types};

/// Appends what the template makes of `types`.
pub(super) fn plain(types: &Types, out: &mut Sink<'_>) {
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
            let mut chars = property.ty.chars();
            out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
            out.push_str(chars.as_str());
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
