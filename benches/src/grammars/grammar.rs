//! A grammar being written: its text so far, and the rules that later ones may call or refer to.

use super::random::Random;
use super::words::{NOUNS, PROPERTIES, PROSE};

/// The terminals that all grammars share.
const TERMINALS: &str = r#"QualifiedName returns string: ID ('.' ID)*;

hidden terminal WS: /\s+/;
terminal ID: /[_a-zA-Z][\w_]*/;
terminal INT returns number: /[0-9]+/;
terminal STRING: /"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/;
hidden terminal ML_COMMENT: /\/\*[\s\S]*?\*\//;
hidden terminal SL_COMMENT: /\/\/[^\n\r]*/;
"#;

/// Names are chosen among the last so many of their kind: grammars refer to what stands near, and a choice among all
/// would make the cost of a line depend on the size of the grammar.
const NEAR: usize = 200;

/// A grammar being written.
#[derive(Debug)]
pub(super) struct Grammar<'r> {
    pub(super) random: &'r mut Random,
    text: String,
    lines: usize,
    /// The number in the next rule's name.
    next: usize,
    /// Rules that make objects and start with a keyword of their own.
    pub(super) objects: Vec<String>,
    /// Rules that make objects of several kinds, told apart by terminals.
    pub(super) values: Vec<String>,
    /// Data type rules with a few keywords.
    pub(super) choices: Vec<String>,
    /// Data type rules that stand for names.
    pub(super) paths: Vec<String>,
    /// Fragments that assign `name`.
    pub(super) fragments: Vec<String>,
    /// Those of `objects` that no rule offers as an alternative yet.
    loose: Vec<String>,
    /// The rules that offer them, and are not offered themselves.
    groups: Vec<String>,
    /// The number of the group to come: its members may call it.
    group: usize,
    /// How many members it will have.
    group_size: usize,
}

impl<'r> Grammar<'r> {
    /// An empty grammar whose rules are numbered from `first` on.
    pub(super) fn new(random: &'r mut Random, first: usize) -> Grammar<'r> {
        let group_size = random.between(6, 16);
        Grammar {
            random,
            text: String::new(),
            lines: 0,
            next: first + 1,
            objects: Vec::new(),
            values: Vec::new(),
            choices: Vec::new(),
            paths: vec!["ID".to_owned(), "QualifiedName".to_owned()],
            fragments: Vec::new(),
            loose: Vec::new(),
            groups: Vec::new(),
            group: first,
            group_size,
        }
    }

    /// How many lines it will have when it is finished.
    pub(super) fn lines(&self) -> usize {
        self.lines + TERMINALS.lines().count() + 5 + self.groups.len().min(GROUPS_IN_ENTRY) / NAMES_IN_LINE
    }

    /// The number for the next rule.
    pub(super) fn number(&mut self) -> usize {
        let number = self.next;
        self.next += 1;
        number
    }

    /// A noun for the next rule, its name, and the keyword that it starts with.
    pub(super) fn name(&mut self) -> (String, String) {
        let noun = self.random.pick(NOUNS);
        let number = self.number();
        (format!("{noun}{number}"), format!("'{}{number}'", noun.to_lowercase()))
    }

    /// Appends a line.
    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.lines += 1 + line.matches('\n').count();
    }

    /// Says that `name` makes objects and starts with a keyword of its own, and that it has to be offered somewhere.
    pub(super) fn add_object(&mut self, name: &str) {
        self.objects.push(name.to_owned());
        self.loose.push(name.to_owned());
    }

    /// Says that `name` has to be offered somewhere.
    pub(super) fn add_group(&mut self, name: &str) {
        self.groups.push(name.to_owned());
    }

    /// The rule that will offer the objects added now.
    pub(super) fn group_to_come(&self) -> String {
        format!("Element{}", self.group)
    }

    /// One of `objects`.
    pub(super) fn object(&mut self) -> String {
        near(self.random, &self.objects)
    }

    /// One of `paths`: the terminal of a cross-reference.
    pub(super) fn path(&mut self) -> String {
        if self.random.chance(60) { "ID".to_owned() } else { near(self.random, &self.paths) }
    }

    /// Properties that differ from each other.
    pub(super) fn properties(&mut self) -> Properties {
        Properties { at: self.random.below(PROPERTIES.len()) }
    }

    /// Words without meaning that look like a sentence of `words` words.
    pub(super) fn sentence(&mut self, words: usize) -> String {
        let mut text = String::new();
        for index in 0..words {
            let word = if index % 3 == 2 { self.random.pick(PROPERTIES) } else { self.random.pick(PROSE) };
            match index {
                0 => text.push_str(&capitalised(word)),
                _ => {
                    text.push(' ');
                    text.push_str(word);
                }
            }
        }
        text.push('.');
        text
    }

    /// A doc comment for the declaration that follows, of as many lines as it takes.
    pub(super) fn comment(&mut self, lines: usize) {
        if lines == 1 {
            let sentence = self.sentence(7);
            return self.line(&format!("/** {sentence} */"));
        }
        self.line("/**");
        for _ in 2..lines {
            let words = self.random.between(8, 13);
            let sentence = self.sentence(words);
            self.line(&format!(" * {sentence}"));
        }
        self.line(" */");
    }

    /// Writes the group of the loose objects, if there are enough.
    pub(super) fn group_loose(&mut self) {
        if self.loose.len() >= self.group_size {
            self.write_group();
        }
    }

    fn write_group(&mut self) {
        let members = std::mem::take(&mut self.loose);
        let name = self.group_to_come();
        self.alternatives(&name, &members);
        self.groups.push(name);
        self.group = self.number();
        self.group_size = self.random.between(6, 16);
    }

    /// `NAME: A | B | C;`
    fn alternatives(&mut self, name: &str, members: &[String]) {
        self.line(&format!("{name}:"));
        self.line(&format!("    {};\n", names_in_lines(members)));
    }

    /// Groups groups until there are few. Returns them.
    fn top(&mut self) -> Vec<String> {
        if !self.loose.is_empty() {
            self.write_group();
        }
        let mut groups = std::mem::take(&mut self.groups);
        while groups.len() > GROUPS_IN_ENTRY {
            let parts: Vec<Vec<String>> = groups.chunks(GROUPS_IN_ENTRY).map(<[String]>::to_vec).collect();
            groups.clear();
            for part in parts {
                let name = format!("Section{}", self.number());
                self.alternatives(&name, &part);
                groups.push(name);
            }
        }
        groups
    }

    /// The whole grammar, called `name`, with an entry rule and terminals.
    pub(super) fn finish(mut self, name: &str) -> String {
        let top = self.top();
        format!("grammar {name}\n\n{}\n\n{}{TERMINALS}", entry(&top), self.text)
    }

    /// The grammar as a file of a language, with an entry rule: `imports` are the lines to start with.
    pub(super) fn finish_entry(mut self, name: &str, imports: &str) -> (String, usize) {
        let top = self.top();
        (format!("grammar {name}\n{imports}\n{}\n\n{}", entry(&top), self.text), self.next)
    }

    /// The grammar as a file to be imported, the rule that offers all of it, and the number for the next rule elsewhere.
    pub(super) fn finish_part(mut self, imports: &str) -> (String, String, usize) {
        let top = self.top();
        let name = format!("Part{}", self.number());
        self.alternatives(&name, &top);
        (format!("{imports}\n{}", self.text), name, self.next)
    }
}

/// How many groups the entry rule offers at most.
const GROUPS_IN_ENTRY: usize = 14;

const NAMES_IN_LINE: usize = 4;

/// The terminals on their own, as a file to be imported.
pub(super) fn terminals() -> String {
    TERMINALS.to_owned()
}

/// The entry rule.
fn entry(groups: &[String]) -> String {
    format!("entry Model:\n    ('model' name=QualifiedName)? elements+=({})*;", names_in_lines(groups))
}

/// `A | B`, a few in a line.
fn names_in_lines(names: &[String]) -> String {
    names.chunks(NAMES_IN_LINE).map(|names| names.join(" | ")).collect::<Vec<_>>().join("\n    | ")
}

/// One of the last few `names`, which are not none.
pub(super) fn near(random: &mut Random, names: &[String]) -> String {
    let last = &names[names.len().saturating_sub(NEAR)..];
    last[random.below(last.len())].clone()
}

/// The properties of a rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Properties {
    at: usize,
}

/// Steps through all of [`PROPERTIES`] before it comes back.
const STEP: usize = 31;
const _: () = assert!(!PROPERTIES.len().is_multiple_of(STEP));

impl Properties {
    /// A property that was not given yet.
    pub(super) fn next(&mut self) -> &'static str {
        self.at = (self.at + STEP) % PROPERTIES.len();
        PROPERTIES[self.at]
    }
}

fn capitalised(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}
