//! The kinds of errors that are not about grammars: those of the configuration and of what is done with it.

/// A kind of errors, as `langloom explain` tells of it.
#[derive(Debug)]
pub(crate) struct Kind {
    /// As printed behind messages.
    pub(crate) name: &'static str,
    pub(crate) explanation: &'static str,
}

pub(crate) static KINDS: &[Kind] = &[
    Kind {
        name: "unknown-key",
        explanation: "The configuration has a key that means nothing there. Mistyped keys would otherwise go unnoticed.",
    },
    Kind { name: "missing-key", explanation: "The configuration lacks a key that cannot be done without." },
    Kind {
        name: "wrong-value",
        explanation: "A value of the configuration is of the wrong type, or not one of those that are allowed.",
    },
    Kind {
        name: "missing-grammar",
        explanation: "The grammar of a language does not exist. Its path starts at the folder of the configuration.",
    },
    Kind {
        name: "missing-css",
        explanation: "The style sheet for railroad diagrams cannot be read. Its path starts at the folder of the configuration.",
    },
    Kind { name: "same-path", explanation: "Two outputs would be the same file, or an output would replace a grammar." },
    Kind {
        name: "edited-output",
        explanation: "Somebody changed a generated file since it was generated, and the change would be lost. Move it elsewhere, \
                      or overwrite the file with --force, which keeps a copy.",
    },
];
