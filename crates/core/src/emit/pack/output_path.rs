//! Where outputs may go: below a folder, on every operating system, and never two of them to one file.
//!
//! A project is checked out on Linux, macOS and Windows, so a path is refused if any of them would take it for something
//! else: names of devices, drives, streams, names that end with a dot, names that differ in case or normal form only.
//! Sources: "Naming Files, Paths, and Namespaces" (Windows), and the case and normalisation rules of APFS.

use std::collections::BTreeMap;
use std::fmt::Write;

use icu_normalizer::DecomposingNormalizerBorrowed;

/// Bytes of a name: ext4 and APFS take 255, and temporary names are longer than the names themselves.
const LONGEST_NAME: usize = 200;
/// Bytes of a path below the folder: Windows takes 260 characters for all of it unless told otherwise.
const LONGEST_PATH: usize = 1000;

/// Names that are devices in every folder of Windows, whatever follows the first dot.
const DEVICES: &[&str] = &[
    "con", "prn", "aux", "nul", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "com¹", "com²",
    "com³", "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "lpt¹", "lpt²", "lpt³", "conin$",
    "conout$", "clock$",
];

/// Checks a relative path with `/` between folders. What is wrong with it ends the sentence "it cannot be used: …".
pub fn check_path(path: &str) -> Result<(), String> {
    if path.is_empty() {
        return Err("it is empty".to_owned());
    }
    if path.len() > LONGEST_PATH {
        return Err(format!("it is longer than {LONGEST_PATH} bytes"));
    }
    if path.contains('\\') {
        return Err("it has a `\\` in it, which separates folders on Windows".to_owned());
    }
    if path.starts_with('/') {
        return Err("it is absolute".to_owned());
    }
    path.split('/').try_for_each(check_name)
}

fn check_name(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("it has a folder without a name".to_owned());
    }
    if name == "." || name == ".." {
        return Err(format!("it has the part `{name}`, and must stay in its folder"));
    }
    if name.len() > LONGEST_NAME {
        return Err(format!("one of its names is longer than {LONGEST_NAME} bytes"));
    }
    if let Some(odd) = name.chars().find(|&char| is_forbidden(char)) {
        let mut shown = String::new();
        let _ = match odd {
            '!'..='~' => write!(shown, "`{odd}`"), // a String takes everything
            _ => write!(shown, "the character U+{:04X}", odd as u32),
        };
        return Err(format!("it has {shown} in it, which not every system allows"));
    }
    if name.ends_with(['.', ' ']) || name.starts_with(' ') {
        return Err(format!("the name {name:?} begins or ends with a space or ends with a dot, which Windows removes"));
    }
    let stem = name.split('.').next().unwrap_or(name).trim_end_matches(' ').to_lowercase();
    if DEVICES.contains(&&*stem) {
        return Err(format!("{name:?} is the name of a device on Windows"));
    }
    // 8.3 names of Windows: `GIT~1` is `.git`.
    if key(name) == ".git" || stem == "git~1" {
        return Err(format!("{name:?} belongs to git"));
    }
    Ok(())
}

/// Control characters, what Windows reserves, and what cannot be seen or turns the text around.
fn is_forbidden(char: char) -> bool {
    matches!(char,
        '\0'..='\x1F' | '\x7F'..='\u{9F}' | '<' | '>' | ':' | '"' | '|' | '?' | '*'
        | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF0}'..='\u{FFFF}')
}

/// Equal for paths that are the same file on some system: letters in one case, characters taken apart.
fn key(path: &str) -> String {
    let fold = |char: char| {
        let mut upper = char.to_uppercase();
        let upper = if upper.len() == 1 { upper.next().unwrap_or(char) } else { char };
        let mut lower = upper.to_lowercase();
        if lower.len() == 1 { lower.next().unwrap_or(upper) } else { upper }
    };
    let normalizer = DecomposingNormalizerBorrowed::new_nfd();
    let folded: String = normalizer.normalize(path).chars().map(fold).collect();
    normalizer.normalize(&folded).into_owned()
}

/// Paths that are taken, below one folder.
#[derive(Clone, Debug, Default)]
pub struct TakenPaths {
    files: BTreeMap<String, String>,
}

impl TakenPaths {
    /// Takes `path`, which [`check_path`] found to be in order. The error is a path that is taken and that is the same
    /// file, or a file where one of the two needs a folder.
    pub fn take(&mut self, path: &str) -> Result<(), String> {
        let key = key(path);
        if let Some(other) = self.files.get(&key) {
            return Err(other.clone());
        }
        for (at, _) in key.match_indices('/') {
            if let Some(other) = self.files.get(&key[..at]) {
                return Err(other.clone());
            }
        }
        // `/` is followed by `0` in the order of bytes, so what lies in the folder `key` is next to it.
        let inside = format!("{key}/");
        if let Some((_, other)) = self.files.range(inside.clone()..).next().filter(|(other, _)| other.starts_with(&inside)) {
            return Err(other.clone());
        }
        self.files.insert(key, path.to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let long_name = "a".repeat(201);
        let long_path = vec!["abcdefgh"; 120].join("/");
        for (path, reason) in [
            ("a", ""),
            ("a/b.ts", ""),
            (".vscode/settings.json", ""),
            ("Grüße/日本.md", ""),
            ("a b.txt", ""),
            ("console.ts", ""),
            ("com10.txt", ""),
            ("~/x", ""),
            ("...a", ""),
            (&long_name[..200], ""),
            ("", "empty"),
            ("/", "absolute"),
            ("/etc/passwd", "absolute"),
            ("//server/share", "absolute"),
            ("..", "`..`"),
            ("../x", "`..`"),
            ("a/../../x", "`..`"),
            ("a/..", "`..`"),
            ("./a", "`.`"),
            ("a//b", "without a name"),
            ("a/", "without a name"),
            ("a\\b", "`\\`"),
            ("..\\x", "`\\`"),
            ("\\\\server\\share\\x", "`\\`"),
            ("\\\\?\\C:\\x", "`\\`"),
            ("C:", "`:`"),
            ("C:/x", "`:`"),
            ("c:x", "`:`"),
            ("a.txt:stream", "`:`"),
            ("a.txt::$DATA", "`:`"),
            ("a\0b", "U+0000"),
            ("a\nb", "U+000A"),
            ("a\u{7f}", "U+007F"),
            ("a\u{202e}txt.ts", "U+202E"),
            ("a\u{200b}", "U+200B"),
            ("a?b", "`?`"),
            ("a*b", "`*`"),
            ("a|b", "`|`"),
            ("<a>", "`<`"),
            ("\"a\"", "`\"`"),
            ("con", "device"),
            ("CON", "device"),
            ("a/Nul.txt", "device"),
            ("aux.tar.gz", "device"),
            ("com1", "device"),
            ("LPT9.md", "device"),
            ("com\u{b9}.ts", "device"),
            ("nul .txt", "device"),
            ("CONOUT$", "device"),
            ("a.", "dot"),
            ("a./b", "dot"),
            ("a ", "space"),
            (" a", "space"),
            ("a /b", "space"),
            ("...", "dot"),
            (".git/config", "git"),
            (".GIT/hooks/x", "git"),
            ("git~1/config", "git"),
            (&long_name, "longer than 200"),
            (&long_path, "longer than 1000"),
        ] {
            let found = check_path(path).err().unwrap_or_default();
            assert_eq!(found.is_empty(), reason.is_empty(), "{path:?}: {found}");
            assert!(found.contains(reason), "{path:?}: {found}");
        }
    }

    #[test]
    fn collisions() {
        for (one, other, collide) in [
            ("a", "a", true),
            ("a.ts", "A.ts", true),
            ("Dir/x", "dir/X", true),
            ("\u{e9}.md", "e\u{301}.md", true),
            ("\u{c9}.md", "e\u{301}.md", true),
            ("\u{212a}.md", "k.md", true),
            ("\u{17f}.md", "S.md", true),
            ("\u{3c3}.md", "\u{3c2}.md", true),
            ("\u{212b}.md", "\u{e5}.md", true),
            ("a", "a/b", true),
            ("A/b/c", "a", true),
            ("a", "ab", false),
            ("a-/x", "a", false),
            ("a/b", "a/c", false),
            ("ß.md", "ss.md", false),
        ] {
            for (one, other) in [(one, other), (other, one)] {
                let mut taken = TakenPaths::default();
                taken.take(one).unwrap();
                let result = taken.take(other);
                assert_eq!(result.err().as_deref(), collide.then_some(one), "{one:?} {other:?}");
            }
        }
    }
}
