//! No configuration makes the shell panic: `langium-config.json` and, behind a 0, `langloom.toml`; or both in `package.json`.

#![no_main]
#![allow(dead_code, unused_imports)] // the modules of the shell are here without those that use them

#[path = "../../crates/cli/src/compat.rs"]
mod compat;
#[path = "../../crates/cli/src/config.rs"]
mod config;
#[path = "../../crates/cli/src/report/finding.rs"]
mod finding;
#[path = "../../crates/cli/src/json.rs"]
mod json;
#[path = "../../crates/cli/src/kinds.rs"]
mod kinds;
#[path = "../../crates/cli/src/report/location.rs"]
mod location;
#[path = "../../crates/cli/src/paths.rs"]
mod paths;
#[path = "../../crates/cli/src/schema.rs"]
mod schema;
#[path = "../../crates/cli/src/settings.rs"]
mod settings;

mod report {
    pub(crate) use crate::finding::{Document, Exit, Failure, Finding};
}

/// A disk with the files of one run.
mod disk {
    use std::cell::RefCell;
    use std::io::{self, ErrorKind};
    use std::path::{Path, PathBuf};

    pub(crate) use langloom_disk::{Error, cannot_read, is_absence};

    thread_local! {
        static FILES: RefCell<Vec<(&'static str, String)>> = const { RefCell::new(Vec::new()) };
    }

    pub(crate) fn lay(files: Vec<(&'static str, String)>) {
        FILES.set(files);
    }

    pub(crate) fn read_text(path: &Path) -> io::Result<String> {
        let find =
            |files: &Vec<(&str, String)>| files.iter().find(|(name, _)| Path::new(name) == path).map(|(_, text)| text.clone());
        FILES.with_borrow(find).ok_or_else(|| ErrorKind::NotFound.into())
    }

    pub(crate) fn read_text_if_exists(path: &Path) -> Result<Option<String>, Error> {
        Ok(read_text(path).ok())
    }

    pub(crate) fn exists(path: &Path) -> bool {
        read_text(path).is_ok()
    }

    pub(crate) fn current_folder() -> Result<PathBuf, Error> {
        Ok(PathBuf::from("/"))
    }
}

use std::path::Path;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (first, second) = text.split_once('\0').unwrap_or((text, ""));
    disk::lay(vec![("/langium-config.json", first.to_owned()), ("/langloom.toml", second.to_owned())]);
    load("langium-config.json");
    disk::lay(vec![("/package.json", first.to_owned())]);
    load("package.json");
});

fn load(name: &str) {
    let Ok(found) = config::find(Some(Path::new(name))) else { return };
    let Err(failure) = config::load(&found, None) else { return };
    assert!(!failure.findings.is_empty());
    for finding in failure.findings {
        // Where it is shown, the text is sliced.
        if let (Some(span), Some(document)) = (finding.span, &failure.document) {
            assert!(document.text.get(span.start as usize..span.end as usize).is_some(), "{finding:?}");
        }
    }
}
