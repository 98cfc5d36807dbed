//! A pack of 1,000 lines, to be compiled: templates of the built-in packs, one after the other and again until there are so
//! many.

use std::path::Path;

use langloom_core::emit::pack::view::KINDS;
use langloom_core::emit::pack::{Dialect, Template, compile};

use crate::disk;

/// How many lines it has at least.
const LINES: usize = 1_000;

/// The texts of a pack's templates.
#[derive(Debug)]
pub(crate) struct Pack {
    templates: Vec<String>,
    /// The names that templates see.
    vocabulary: Vec<&'static str>,
}

impl Pack {
    /// Reads the built-in packs.
    pub(crate) fn read() -> Result<Pack, String> {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs");
        let folders = ["types/templates", "types/partials", "docs/templates", "docs/partials"];
        let mut texts = Vec::new();
        for folder in folders {
            let mut paths = disk::files(&packs.join(folder))?;
            paths.sort();
            for path in paths {
                texts.push(disk::read(&path)?);
            }
        }
        let (mut lines, mut templates) = (0, Vec::new());
        for text in texts.iter().cycle().take_while(|_| !texts.is_empty()) {
            if lines >= LINES {
                break;
            }
            lines += text.lines().count();
            templates.push(text.clone());
        }
        let mut vocabulary: Vec<&str> = KINDS.iter().flat_map(|kind| kind.fields).map(|field| field.name).collect();
        vocabulary.sort_unstable();
        vocabulary.dedup();
        Ok(Pack { templates, vocabulary })
    }

    /// How many lines all templates have together.
    pub(crate) fn lines(&self) -> usize {
        self.templates.iter().map(|text| text.lines().count()).sum()
    }

    /// Compiles all templates.
    ///
    /// # Panics
    /// If one of them is no template, which the first run shows.
    pub(crate) fn compiled(&self) -> Vec<Template> {
        let dialect = Dialect { vocabulary: &self.vocabulary, ..Dialect::CODE };
        let compiled = |text: &String| match compile("template", text, &dialect) {
            Ok(template) => template,
            Err(problems) => panic!("{}", problems[0]),
        };
        self.templates.iter().map(compiled).collect()
    }
}
