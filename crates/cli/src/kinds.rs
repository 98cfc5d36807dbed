//! The kinds of findings that are not about what grammars say: those of the configuration, of packs and of files. One table, and
//! the only names that [`Finding`](crate::report::Finding)s of the shell can have, so that `langloom explain` knows all of them.
//!
//! Names are stable: they are printed, documented and may be matched by tools.

/// Defines [`FindingKind`] from the table.
macro_rules! kinds {
    ($($variant:ident $name:literal $explanation:literal)*) => {
        /// The kinds of findings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum FindingKind {
            $(#[doc = $explanation] $variant,)*
        }

        impl FindingKind {
            /// All kinds, in the order of the table.
            pub(crate) const ALL: &[FindingKind] = &[$(FindingKind::$variant),*];

            /// As printed behind messages.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(FindingKind::$variant => $name,)* }
            }

            /// What it means and what to do, as a paragraph.
            pub(crate) const fn explanation(self) -> &'static str {
                match self { $(FindingKind::$variant => $explanation,)* }
            }
        }
    };
}

kinds! {
    Syntax "syntax"
        "A configuration is not JSON, or langloom.toml is not TOML."
    UnknownKey "unknown-key"
        "The configuration has a key that means nothing there. Mistyped keys would otherwise go unnoticed."
    MissingKey "missing-key"
        "The configuration lacks a key that cannot be done without."
    WrongValue "wrong-value"
        "A value of the configuration is of the wrong type, or not one of those that are allowed."
    Settings "settings"
        "Langloom's own settings stand in two places: in langloom.toml, and under the key `langloom` of package.json. Which of them count would be a guess."
    MissingGrammar "missing-grammar"
        "The grammar of a language does not exist. Its path starts at the folder of the configuration."
    MissingCss "missing-css"
        "The style sheet for railroad diagrams cannot be read. Its path starts at the folder of the configuration."
    SamePath "same-path"
        "Two outputs would be the same file, or an output would replace a grammar."
    MissingOutput "missing-output"
        "An output is not there. `langloom generate` writes it."
    ChangedOutput "changed-output"
        "An output is not what its grammars and its configuration give: they were changed since it was generated, or it was. `langloom generate` writes it."
    EditedOutput "edited-output"
        "Somebody changed a generated file since it was generated, and the change would be lost. Move it elsewhere, or overwrite the file with --force, which keeps a copy."
    ForeignOutput "foreign-output"
        "In the place of a pack's output is a file that Langloom is not known to have generated. Move it elsewhere, give the pack another `out`, or overwrite the file with --force, which keeps a copy."
    ObsoleteOutput "obsolete-output"
        "The last run wrote a file that is no longer generated. `langloom generate` deletes it."
    ExtraOutput "extra-output"
        "A file beside the outputs looks generated, but is no output, and nothing is known of a run that wrote it. It may be left of an earlier configuration: delete it, or move it elsewhere."
    UnreadableOutput "unreadable-output"
        "An output is there and cannot be read, so that nobody can tell whether it is what it should be."
    Pack "pack"
        "A template pack cannot be found or read, or its pack.toml is wrong."
    PackOption "pack-option"
        "An option of a pack is unknown to the pack, or has a value that it does not take. `langloom packs show NAME` lists the options."
    PackTest "pack-test"
        "What a pack makes of its example is not what is recorded. If it is right, `langloom packs test FOLDER --update` records it."
    Template "template"
        "A template of a pack cannot be compiled, or failed while it was rendered."
    Region "region"
        "The marks of regions that are the user's are wrong, in a file of a pack that has them."
    DamagedCache "damaged-cache"
        "A file of what is remembered of earlier runs is not as it was written. Runs notice and do without."
    MemoryLimit "memory-limit"
        "A run needs more memory than --memory-limit allows. No output was changed."
}
