//! `langloom new`

use std::path::{Path, PathBuf};

use crate::disk::{self, Batch};
use crate::paths;
use crate::report::{BOLD, Exit, Failure, Finding, GOOD, Terminal};

/// Start a project: a small language that works
///
/// Makes a folder with a grammar, a configuration, and a TypeScript module that uses what is
/// generated. An existing folder is only used if it is empty.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment, after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder to make; its name becomes that of the language
    #[arg(value_name = "NAME")]
    folder: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  langloom new my-language
      then: cd my-language && langloom generate

Exit codes:
  0  done
  1  the folder is not empty, or could not be written
  2  the name cannot be that of a language";

/// The files of a project by path. `{{Name}}`, `{{package}}` and `{{extension}}` stand in both for [`Names`].
const FILES: &[(&str, &str)] = &[
    (".gitignore", include_str!("../../templates/project/gitignore")),
    ("README.md", include_str!("../../templates/project/README.md")),
    ("example.{{extension}}", include_str!("../../templates/project/example.txt")),
    ("langium-config.json", include_str!("../../templates/project/langium-config.json")),
    ("package.json", include_str!("../../templates/project/package.json")),
    ("src/index.ts", include_str!("../../templates/project/src/index.ts")),
    ("src/{{package}}.langium", include_str!("../../templates/project/src/grammar.langium")),
    ("tsconfig.json", include_str!("../../templates/project/tsconfig.json")),
];

/// The types in the grammar, which the language must not be called like.
const TYPES: &[&str] = &["Plan", "Task"];
/// The packages that the project needs: npm does not install a package into one of the same name.
const PACKAGES: &[&str] = &["langium", "typescript"];

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<(), Failure> {
    let folder = paths::resolve(&disk::current_folder()?, &args.folder);
    let shown = args.folder.display();
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let names = Names::new(&name).map_err(|problem| {
        let hint = Some("for example my-language".to_owned());
        let finding = Finding::error(None, None, format!("a language cannot be called {name:?}: {problem}"), hint);
        Failure { exit: Exit::Invalid, document: None, findings: vec![finding] }
    })?;
    if !disk::is_empty_or_absent(&folder) {
        let hint = Some("choose another name, or delete it first".to_owned());
        return Err(Failure::world(format!("{shown} exists already and is not an empty folder"), hint));
    }
    let batch = Batch::for_user();
    for (path, content) in FILES {
        batch.stage(&folder.join(names.fill_in(path)), names.fill_in(content).as_bytes())?;
    }
    batch.commit()?;
    terminal.line(format_args!("{GOOD}Created{GOOD:#} {BOLD}{shown}{BOLD:#} ({} files). Next:", FILES.len()));
    terminal.line(format_args!("  cd {}", quoted(&args.folder)));
    terminal.line(format_args!("  langloom generate"));
    terminal.line(format_args!("  npm install && npm run build"));
    Ok(())
}

/// What a language is called in different places.
#[derive(Debug, PartialEq, Eq)]
struct Names {
    /// The grammar, and what the names of generated classes start with: `MyLanguage`.
    name: String,
    /// The npm package: `my-language`.
    package: String,
    /// Files of the language: `mylanguage`.
    extension: String,
}

impl Names {
    /// Of `my-language`, `my_language` or `MyLanguage`. The error says what is wrong with the name.
    fn new(name: &str) -> Result<Names, &'static str> {
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return Err("it has to start with a letter");
        }
        if !name.chars().all(|char| char.is_ascii_alphanumeric() || char == '-' || char == '_') {
            return Err("it may contain only letters, digits, - and _");
        }
        if name.len() > 100 {
            return Err("it is too long");
        }
        let words = words(name);
        let capitalised = words.iter().map(|word| word[..1].to_ascii_uppercase() + &word[1..]);
        let mut pascal: String = capitalised.collect();
        if TYPES.contains(&&*pascal) {
            pascal += "Language";
        }
        let package = words.join("-");
        if PACKAGES.contains(&&*package) {
            return Err("it is the name of a package that the project needs");
        }
        Ok(Names { name: pascal, package, extension: words.concat() })
    }

    fn fill_in(&self, text: &str) -> String {
        let text = text.replace("{{Name}}", &self.name).replace("{{package}}", &self.package);
        text.replace("{{extension}}", &self.extension)
    }
}

/// The words of a name in lower case: those between `-` and `_`, and those that start with an upper case letter.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut was_lower = false;
    for char in name.chars() {
        let is_separator = char == '-' || char == '_';
        if is_separator || was_lower && char.is_ascii_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| !is_separator) {
            word.push(char.to_ascii_lowercase());
        }
        was_lower = !char.is_ascii_uppercase() && !is_separator;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A path as a shell reads it.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    if path.chars().any(|char| char.is_whitespace() || "'\"\\$&;()<>|*?`!#".contains(char)) {
        return format!("'{}'", path.replace('\'', "'\\''"));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_names_for_all_places() {
        for (given, name, package, extension) in [
            ("my-language", "MyLanguage", "my-language", "mylanguage"),
            ("MyLanguage", "MyLanguage", "my-language", "mylanguage"),
            ("my_2nd--Language-", "My2ndLanguage", "my-2nd-language", "my2ndlanguage"),
            ("SQL", "Sql", "sql", "sql"),
            ("x", "X", "x", "x"),
            ("plan", "PlanLanguage", "plan", "plan"),
        ] {
            let expected = Names { name: name.to_owned(), package: package.to_owned(), extension: extension.to_owned() };
            assert_eq!(Names::new(given), Ok(expected), "{given}");
        }
        for wrong in ["", "-a", "2a", "a b", "gr\u{fc}n", "a.b", "langium", &"x".repeat(101)] {
            assert!(Names::new(wrong).is_err(), "{wrong}");
        }
    }
}
