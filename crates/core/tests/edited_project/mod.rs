//! A project of three grammars that somebody edits without a plan: now right, now wrong, now put right again.

use std::collections::BTreeMap;

/// A generator of numbers that look random (xorshift), the same in every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `limit`; 0 if there is none.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % limit.max(1) as u64) as usize
    }

    fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// Files in pieces, each of which is about a declaration.
pub(crate) struct EditedProject {
    files: Vec<Vec<Piece>>,
    /// The files when there was last nothing wrong with them.
    good: Vec<Vec<Piece>>,
}

#[derive(Clone)]
struct Piece {
    text: String,
    /// What it declares; nothing for comments and imports.
    declares: Option<(Sort, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Rule,
    Data,
    Fragment,
    Interface,
    Type,
    Terminal,
}

const NAMES: [&str; 3] = ["main.langium", "middle.langium", "last.langium"];

/// Pieces that stay, so that a project is seldom quite broken.
const BASE: [&[&str]; 3] = [
    &[
        "grammar Main\n",
        "import './middle'\n",
        "entry Model: name=ID (parts+=Part)*;\n",
        "Part: 'part' name=ID;\n",
        "Outer: 'outer' name=ID ({infer Inner.left=current} '!')?;\n",
        "Text returns string: 'w' ID;\n",
        "Uses: 'uses' inner=[Inner:ID]? with=With<q=true, p=false>;\n",
        "With<p, q>: <p> 'p' name=ID | <q & !p> 'q' name=ID;\n",
        "hidden terminal WS: /\\s+/;\n",
        "terminal ID: /[_a-zA-Z][\\w_]*/;\n",
    ],
    &["import './last'\n", "Middle: 'middle' size=INT;\n"],
    &["/* last */\nterminal INT returns number: /[0-9]+/;\n", "Last: 'last' part=Middle2?;\n", "Middle2: 'm' x='x';\n"],
];

/// Declarations. `%` and a letter stand for a name: N a new one, R a parser rule, D one of a data type, F a fragment, I an
/// interface, T a type or interface, K a word, U a terminal.
const TEMPLATES: &[(Sort, &str)] = &[
    (Sort::Rule, "%N: a='%K' b=%R;\n"),
    (Sort::Rule, "%N: %R | %R;\n"),
    (Sort::Rule, "/** about %K */\n%N: '%K' name=ID refs+=[%R:ID]* flag?='%K'?;\n"),
    (Sort::Rule, "%N: '%K' x=INT ({infer %K.left=current} op=('+' | '%K') right=%R)*;\n"),
    (Sort::Rule, "%N infers %K: '%K' %F y=[%R]?;\n"),
    (Sort::Rule, "%N returns %I: 'n' name=ID;\n"),
    (Sort::Data, "%N returns string: '%K' ID | %U;\n"),
    (Sort::Data, "%N returns string: '%K' %D?;\n"),
    (Sort::Rule, "%N: '%K' d=%D e=[%R:%D] (inner=[Inner:ID])?;\n"),
    (Sort::Rule, "%N: '%K' with=With<q=true, p=false> far=[%R];\n"),
    (Sort::Rule, "%N<p>: <p> a=%R | <!p> '%K' b=ID;\n"),
    (Sort::Rule, "%N: ('a' a=ID & 'b' b=INT)? many+=%R (',' many+=%R)*;\n"),
    (Sort::Fragment, "fragment %N: '%K' more+=%R*;\n"),
    (Sort::Interface, "interface %N { name: string; /** %K */ a?: @%T }\n"),
    (Sort::Interface, "interface %N extends %I { %K: (%T | 'ä')[] = []; };\n"),
    (Sort::Type, "type %N = %T | %T;\n"),
    (Sort::Type, "type %N = '%K' | 'b'\n"),
    (Sort::Terminal, "terminal %N: /%K;[\\/{}'\"]/;\n"),
    (Sort::Terminal, "hidden terminal %N: '/*' -> '*/' | '%K'..'z';\r\n"),
    (Sort::Terminal, "terminal fragment %N: !('%K' | 'x');\n"),
];

const WORDS: &[&str] = &["word", "left", "Right", "type", "terminal", "x1", "_", "q"];
const MISTAKES: &[&str] =
    &["'", "\"", "/", "/*", "*/", ";", ":", "{", "}", "(", "\\", "1e", "é", "\u{2028}", "terminal", "=", "//", ">"];
const COMMENTS: &[&str] = &["// line ; 'x\n", "/* block: A: */\n", "/** doc */ ", "\n\r\n", "\t"];

/// What stands in declarations and what may stand there instead: changes that others see, or not, by what the rule does.
const REWRITES: &[(&str, &str)] = &[
    ("name=ID", "name=ID?"),
    ("name=ID", "title=ID"),
    ("name=ID", "ID"),
    ("' ", "' 'more' "),
    ("more", "extra"),
    ("a=", "a+="),
    ("b=", "'b' b="),
    ("b=", "a="),
    ("x=", "y="),
    ("=INT", "=ID"),
    ("' ID", "' x=ID"),
    (")*", ")?"),
    (")?", ")"),
    ("?=", "+="),
    (":ID]", "]"),
    ("<p, q>", "<q, p>"),
    ("<p, q>", "<p>"),
    ("q=true, p=false", "p=true, q=true"),
    ("infer Inner", "Inner"),
    ("Inner.left=", "Inner.rest+="),
    ("/** about", "/** on"),
    ("fragment ", ""),
    ("entry ", ""),
    ("hidden ", ""),
    ("string", "number"),
    (" | ", " "),
];

impl EditedProject {
    pub(crate) fn new() -> EditedProject {
        let piece = |text: &&str| Piece { text: (*text).to_owned(), declares: None };
        let files: Vec<Vec<Piece>> = BASE.iter().map(|pieces| pieces.iter().map(piece).collect()).collect();
        EditedProject { good: files.clone(), files }
    }

    /// The texts of all files.
    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        let text = |pieces: &Vec<Piece>| pieces.iter().map(|piece| piece.text.as_str()).collect::<String>();
        NAMES.iter().zip(&self.files).map(|(name, pieces)| ((*name).to_owned(), text(pieces))).collect()
    }

    /// Changes something, or puts right what earlier changes broke. Returns what.
    pub(crate) fn edit(&mut self, is_good: bool, dice: &mut Dice) -> &'static str {
        if is_good {
            self.good.clone_from(&self.files);
        } else if dice.below(3) == 0 {
            self.files.clone_from(&self.good);
            return "repair";
        }
        let file = dice.below(self.files.len());
        let at = dice.below(self.files[file].len() + 1);
        let removable: Vec<usize> = (BASE[file].len()..self.files[file].len()).collect();
        let any = if removable.is_empty() { None } else { Some(dice.one_of(&removable)) };
        match dice.below(26) {
            // Files stay small: the more there is, the more goes.
            _ if self.pieces().count() > 45 => self.prune(),
            0..=4 => self.insert(file, dice),
            5 | 6 => match any {
                Some(any) => {
                    self.files[file].remove(any);
                    "delete a declaration"
                }
                None => self.insert(file, dice),
            },
            7 => match any {
                Some(any) => {
                    let piece = self.files[file].remove(any);
                    let to = dice.below(self.files.len());
                    self.files[to].push(piece);
                    "move a declaration to the end of a file"
                }
                None => self.insert(file, dice),
            },
            8 => match any {
                Some(any) => {
                    let other = dice.one_of(&removable);
                    self.files[file].swap(any, other);
                    "swap two declarations"
                }
                None => self.insert(file, dice),
            },
            9 | 10 => self.rename(dice),
            11 | 12 => {
                let text = dice.one_of(COMMENTS).to_owned();
                self.files[file].insert(at.max(BASE[file].len()), Piece { text, declares: None });
                "comment"
            }
            13 => {
                let text = dice.one_of(&["import './last'\n", "import \"./middle.langium\";\n", "import './nowhere'\n"]);
                let piece = Piece { text: text.to_owned(), declares: None };
                if dice.below(3) == 0 {
                    self.files[file].insert(at, piece);
                    return "import somewhere";
                }
                let place = self.files[file].iter().position(|piece| !piece.text.starts_with("grammar")).unwrap_or(0);
                match self.files[file].iter().rposition(|piece| piece.text == text).filter(|&at| at >= BASE[file].len()) {
                    Some(present) => drop(self.files[file].remove(present)),
                    None => self.files[file].insert(place, piece),
                }
                "import"
            }
            14 | 15 => self.break_something(file, dice),
            _ => self.rewrite(dice),
        }
    }

    fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.files.iter().flatten()
    }

    fn insert(&mut self, file: usize, dice: &mut Dice) -> &'static str {
        let (sort, template) = dice.one_of(TEMPLATES);
        let (text, name) = self.fill(template, dice);
        self.files[file].push(Piece { text, declares: Some((sort, name)) });
        "insert a declaration"
    }

    /// Fills in a template. Most references find something.
    fn fill(&self, template: &str, dice: &mut Dice) -> (String, String) {
        let own = format!("{}{}", dice.one_of(&["N", "Other", "a_rather_long_Name_", "É"]).replace('É', "E"), dice.below(40));
        let mut text = String::new();
        let mut parts = template.split('%');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let name = match part.as_bytes()[0] {
                b'N' => own.clone(),
                b'R' => self.declared(&[Sort::Rule], "Part", dice),
                b'D' => self.declared(&[Sort::Data], "Text", dice),
                b'F' => self.declared(&[Sort::Fragment], "Part", dice),
                b'I' => self.declared(&[Sort::Interface], "Part", dice),
                b'T' => self.declared(&[Sort::Interface, Sort::Type], "Part", dice),
                b'U' => self.declared(&[Sort::Terminal], "INT", dice),
                _ => dice.one_of(WORDS).to_owned(),
            };
            text.push_str(&name);
            text.push_str(&part[1..]);
        }
        (text, own)
    }

    fn declared(&self, sorts: &[Sort], otherwise: &str, dice: &mut Dice) -> String {
        let of_sort = self.pieces().filter_map(|piece| piece.declares.as_ref()).filter(|(sort, _)| sorts.contains(sort));
        let names: Vec<&str> = of_sort.map(|(_, name)| name.as_str()).chain([otherwise]).collect();
        dice.one_of(&names).to_owned()
    }

    /// Renames what a piece declares, there or everywhere.
    fn rename(&mut self, dice: &mut Dice) -> &'static str {
        let names: Vec<String> = self.pieces().filter_map(|piece| Some(piece.declares.as_ref()?.1.clone())).collect();
        let Some(old) = names.get(dice.below(names.len())) else { return "rename nothing" };
        let new = format!("Renamed{}", dice.below(60));
        let everywhere = dice.below(3) > 0;
        for piece in self.files.iter_mut().flatten() {
            if let Some((_, name)) = piece.declares.as_mut().filter(|(_, name)| name == old) {
                *name = new.clone();
                piece.text = piece.text.replace(old, &new);
            } else if everywhere {
                piece.text = piece.text.replace(old, &new);
            }
        }
        if everywhere { "rename" } else { "rename a declaration alone" }
    }

    /// Writes a part of a declaration in another way, or back.
    fn rewrite(&mut self, dice: &mut Dice) -> &'static str {
        for _ in 0..20 {
            let file = dice.below(self.files.len());
            let index = dice.below(self.files[file].len());
            let text = &mut self.files[file][index].text;
            let (one, other) = dice.one_of(REWRITES);
            let (old, new) = if dice.below(2) == 0 { (one, other) } else { (other, one) };
            if !old.is_empty() && text.contains(old) {
                *text = text.replacen(old, new, 1);
                return "rewrite a part of a declaration";
            }
        }
        "rewrite nothing"
    }

    fn break_something(&mut self, file: usize, dice: &mut Dice) -> &'static str {
        let pieces = &mut self.files[file];
        let index = dice.below(pieces.len());
        let piece = &mut pieces[index];
        let mut boundary = || piece.text.floor_char_boundary(dice.below(piece.text.len() + 1));
        let (one, other) = (boundary(), boundary());
        if dice.below(2) == 0 {
            piece.text.insert_str(one, dice.one_of(MISTAKES));
            "mistake"
        } else {
            piece.text.replace_range(one.min(other)..one.max(other), "");
            "cut something out"
        }
    }

    /// Throws away all but the base.
    fn prune(&mut self) -> &'static str {
        *self = EditedProject::new();
        "start anew"
    }
}
