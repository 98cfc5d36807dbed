//! Grammars to measure with, made up from a seed: the same shape, size and seed give the same bytes on every machine.
//!
//! Each is a grammar that langium-cli 4.4.0 accepts (a test asks it) and looks like one that a person wrote: rules of
//! five to eight lines, 36 to 48 bytes a line, a tree of rules that all hang together.

mod alternatives;
mod comments;
mod definition;
mod grammar;
mod imports;
mod languages;
pub(crate) mod random;
mod references;
mod rules;
mod small;
mod types;
pub(crate) mod words;

use random::Random;

/// A kind of grammar.
pub(crate) struct Shape {
    /// Its name on the command line and in reports.
    pub(crate) name: &'static str,
    /// What it stresses.
    pub(crate) about: &'static str,
    /// The projects of about so many lines in all.
    generate: fn(&mut Random, usize) -> Vec<Project>,
}

/// All kinds, the default first.
pub(crate) const SHAPES: &[Shape] = &[
    Shape { name: "rules", about: "what grammars mostly are: rules of every kind", generate: rules::generate },
    Shape { name: "types", about: "declared interfaces and types, and rules that return them", generate: types::generate },
    Shape {
        name: "alternatives",
        about: "hundreds of alternatives in a rule, and deep groups",
        generate: alternatives::generate,
    },
    Shape { name: "references", about: "cross-references everywhere", generate: references::generate },
    Shape { name: "comments", about: "more documentation than rules", generate: comments::generate },
    Shape { name: "imports", about: "a language in many files that import each other", generate: imports::generate },
    Shape { name: "small", about: "many languages of 35 lines, each a project", generate: small::generate },
    Shape { name: "languages", about: "many languages of 35 lines in one project", generate: languages::generate },
];

impl Shape {
    /// The shape of that name.
    pub(crate) fn named(name: &str) -> Option<&'static Shape> {
        SHAPES.iter().find(|shape| shape.name == name)
    }

    /// The projects of this shape that have about `lines` lines in all.
    pub(crate) fn generate(&self, lines: usize, seed: u64) -> Vec<Project> {
        (self.generate)(&mut Random::new(seed), lines)
    }
}

/// A configuration's worth of grammars.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Project {
    /// The folder that it gets among the others; empty for the only one.
    pub(crate) folder: String,
    /// `projectName` in its configuration.
    pub(crate) name: String,
    /// File names and texts, the entry grammars first.
    pub(crate) files: Vec<(String, String)>,
    /// How many entry grammars there are: each is a language.
    pub(crate) entries: usize,
}

impl Project {
    /// A project of one file.
    fn single(name: &str, text: String) -> Project {
        let files = vec![(format!("{}.langium", name.to_lowercase()), text)];
        Project { folder: String::new(), name: name.to_owned(), files, entries: 1 }
    }

    /// Bytes of grammar.
    pub(crate) fn bytes(&self) -> usize {
        self.files.iter().map(|(_, text)| text.len()).sum()
    }

    /// Lines of grammar.
    pub(crate) fn lines(&self) -> usize {
        self.files.iter().map(|(_, text)| text.lines().count()).sum()
    }

    /// The names of its entry grammars, each with the id of its language and what its files begin with.
    pub(crate) fn languages(&self) -> impl Iterator<Item = (&str, String, &str)> {
        let only = self.name.to_lowercase();
        self.files[..self.entries].iter().map(move |(entry, _)| {
            let stem = entry.strip_suffix(".langium").unwrap_or(entry);
            if self.entries == 1 { (&**entry, only.clone(), "language") } else { (&**entry, stem.to_owned(), stem) }
        })
    }

    /// Its `langium-config.json`.
    pub(crate) fn config(&self, outputs: Outputs) -> String {
        let languages: Vec<String> = self.languages().map(|(entry, id, files)| language(entry, &id, files, outputs)).collect();
        format!(
            "{{\n  \"projectName\": \"{}\",\n  \"languages\": [\n{}\n  ],\n  \"out\": \"generated\"\n}}\n",
            self.name,
            languages.join(",\n")
        )
    }
}

/// A language in a configuration.
fn language(entry: &str, id: &str, files: &str, outputs: Outputs) -> String {
    let (others, railroad) = match outputs {
        Outputs::Core => (false, false),
        Outputs::Most => (true, false),
        Outputs::All => (true, true),
    };
    let mut text = format!("    {{\n      \"id\": \"{id}\", \"grammar\": \"{entry}\", \"fileExtensions\": [\".{id}\"]");
    if others {
        text += &format!(
            ",\n      \"textMate\": {{ \"out\": \"more/{files}.json\" }}, \"monarch\": {{ \"out\": \"more/{files}.ts\" }},\n      \
             \"prism\": {{ \"out\": \"more/{files}.js\" }}, \"bnf\": {{ \"out\": \"more/{files}.gbnf\" }}"
        );
    }
    if railroad {
        text += &format!(", \"railroad\": {{ \"out\": \"more/{files}.html\" }}");
    }
    text + "\n    }"
}

/// What a configuration asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Outputs {
    /// `ast.ts`, `grammar.ts` and `module.ts`, into the folder `generated`
    Core,
    /// Those, and all but the railroad diagrams into `more`: langium-cli fails to draw 10,000 lines
    Most,
    /// Everything
    All,
}

impl Outputs {
    /// The folders, below that of the configuration, that everything is generated into.
    pub(crate) const FOLDERS: &[&str] = &["generated", "more"];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Outputs::Core => "core",
            Outputs::Most => "most",
            Outputs::All => "all",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        for shape in SHAPES {
            assert_eq!(shape.generate(300, 1), shape.generate(300, 1), "{}", shape.name);
            assert_ne!(shape.generate(300, 1), shape.generate(300, 2), "{}", shape.name);
        }
    }

    #[test]
    fn grammars_have_the_size_asked_for() {
        for shape in SHAPES {
            for asked in [500, 1_000, 10_000] {
                let lines: usize = shape.generate(asked, 1).iter().map(Project::lines).sum();
                assert!(lines.abs_diff(asked) <= asked / 20 + 20, "{}: {lines} lines for {asked}", shape.name);
            }
        }
    }

    #[test]
    fn lines_are_as_long_as_in_real_grammars() {
        for shape in SHAPES {
            let projects = shape.generate(10_000, 1);
            let bytes: usize = projects.iter().map(Project::bytes).sum();
            let lines: usize = projects.iter().map(Project::lines).sum();
            let density = bytes as f64 / lines as f64;
            let expected = match shape.name {
                "comments" => 36.0..80.0,
                "types" | "small" | "languages" => 30.0..48.0,
                "alternatives" => 40.0..56.0,
                _ => 34.0..48.0,
            };
            assert!(expected.contains(&density), "{}: {density:.1} bytes a line", shape.name);
        }
    }
}
