//! Which langium-cli to be like: what Langloom's settings say, else the version that the project has installed, else the
//! newest known one.

use std::path::Path;

use langloom_core::model::config::Version;

use crate::disk;
use crate::json::{self, Node};
use crate::kinds::FindingKind;
use crate::report::{Document, Exit, Failure, Finding};
use crate::settings::Settings;

/// The newest minor version whose output is known.
const NEWEST_MINOR: u32 = 4;

/// The version to be like for the configuration in the absolute folder `folder`, and a warning if the installed one is
/// not what it will be like.
pub(crate) fn version(folder: &Path, settings: &Settings) -> Result<(Version, Option<String>), Failure> {
    if let (Some(compat), Some(document)) = (&settings.compat, &settings.document) {
        return chosen(compat, document).map(|version| (version, None));
    }
    match installed(folder) {
        Some(installed) => Ok(like_installed(&installed)),
        None => Ok((Version::default(), None)),
    }
}

/// The version that the settings ask for.
fn chosen(compat: &Node, document: &Document) -> Result<Version, Failure> {
    let version = compat.text().and_then(parse).filter(|version| version.minor <= NEWEST_MINOR);
    version.ok_or_else(|| {
        let message = "`compat` must be a version of langium-cli from \"4.0\" to \"4.4\"".to_owned();
        let hint = "for example compat = \"4.2\" or compat = \"4.2.1\"".to_owned();
        let finding = Finding::error(Some(FindingKind::WrongValue), Some(compat.span), message, Some(hint));
        Failure::about(Exit::Invalid, document.clone(), vec![finding])
    })
}

/// The version of the langium-cli that Node would find from `folder`. One that cannot be read is not there.
fn installed(folder: &Path) -> Option<String> {
    let text = folder
        .ancestors()
        .find_map(|folder| disk::read_text_if_exists(&folder.join("node_modules/langium-cli/package.json")).ok().flatten())?;
    json::parse(&text).ok()?.get("version").and_then(Node::text).map(str::to_owned)
}

/// What to be like if `installed` is installed.
fn like_installed(installed: &str) -> (Version, Option<String>) {
    let newest = Version::default();
    match parse(installed) {
        Some(version) if version.minor <= NEWEST_MINOR => (version, None),
        Some(version) => {
            let warning = format!(
                "langium-cli {installed} is installed, which is newer than Langloom knows: its output may differ from \
                 what {} writes",
                newest.text
            );
            (version, Some(warning))
        }
        None => {
            let warning = format!(
                "langium-cli {installed} is installed, but Langloom can only be like 4.0 and later: writing what {} \
                 writes",
                newest.text
            );
            (newest, Some(warning))
        }
    }
}

/// Reads `4.2`, `4.2.1` or `4.2.1-next.3`: nothing but major version 4.
fn parse(text: &str) -> Option<Version> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.len() < 9 && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { text.parse::<u32>().ok() } else { None }
    };
    let (release, tagged) = match text.split_once(['-', '+']) {
        Some((release, _)) => (release, true),
        None => (text, false),
    };
    let mut parts = release.split('.');
    let (major, minor, patch, rest) = (parts.next()?, parts.next()?, parts.next(), parts.next());
    let minor = number(minor)?;
    if major != "4" || rest.is_some() || (tagged && patch.is_none()) {
        return None;
    }
    let text = match patch {
        Some(patch) => {
            number(patch)?;
            text.to_owned()
        }
        None => format!("{text}.0"),
    };
    Some(Version { minor, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for (text, expected) in [
            ("4.0", Some((0, "4.0.0"))),
            ("4.2.1", Some((2, "4.2.1"))),
            ("4.4.0-next.1", Some((4, "4.4.0-next.1"))),
            ("4.12.0", Some((12, "4.12.0"))),
            ("4", None),
            ("4.", None),
            ("4.x", None),
            ("4.2.1.0", None),
            ("4.2-next", None),
            ("3.5.0", None),
            ("5.0.0", None),
            ("04.1", None),
            ("^4.1.0", None),
            ("", None),
        ] {
            let expected = expected.map(|(minor, text)| Version { minor, text: text.to_owned() });
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
