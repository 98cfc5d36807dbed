//! Regions of a generated file that belong to the user: `write = "regions"`.
//!
//! A region is everything between a line with `langloom:begin NAME` and the next one with `langloom:end NAME`; whatever else
//! is on those lines (`//`, `#`, `<!-- -->`) makes them comments of the language at hand. Rendering again keeps the lines
//! between them. A region that has no place any more is an error, never a loss.

use super::trouble::Trouble;
use crate::text::Span;

const BEGIN: &str = "langloom:begin";
const END: &str = "langloom:end";

/// A region of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Region<'t> {
    name: &'t str,
    /// The line that begins it.
    head: Span,
    /// What belongs to the user: whole lines.
    start: usize,
    end: usize,
}

/// What is to be done with regions whose place is gone.
#[derive(Clone, Debug, PartialEq)]
pub enum Lost {
    /// The old text is not one that can be read: unbalanced or repeated regions.
    Unreadable(Trouble),
    /// Regions with text in them that the new text has no place for.
    NoPlace(Vec<Trouble>),
}

/// The new text of a file, `rendered`, with what the user wrote into the regions of `old`, the file as it is.
pub fn merge(rendered: &str, old: &str) -> Result<String, Lost> {
    let theirs = regions(old).map_err(Lost::Unreadable)?;
    let Ok(ours) = regions(rendered) else { return Ok(rendered.to_owned()) };
    let has_place = |region: &&Region<'_>| ours.iter().any(|other| other.name == region.name);
    let lost = theirs.iter().filter(|region| !has_place(region) && !old[region.start..region.end].trim().is_empty());
    let lost: Vec<Trouble> = lost
        .map(|region| {
            let message = format!("the region `{}` has no place in the new file, and there is text in it", region.name);
            let hint = "move the text elsewhere, or empty the region".to_owned();
            Trouble::new(region.head, message, Some(hint))
        })
        .collect();
    if !lost.is_empty() {
        return Err(Lost::NoPlace(lost));
    }
    let mut merged = String::with_capacity(rendered.len() + old.len());
    let mut at = 0;
    for region in ours {
        merged.push_str(&rendered[at..region.start]);
        let own = theirs.iter().find(|other| other.name == region.name).map(|other| &old[other.start..other.end]);
        merged.push_str(own.unwrap_or(&rendered[region.start..region.end]));
        at = region.end;
    }
    merged.push_str(&rendered[at..]);
    Ok(merged)
}

/// What is left of `text` without what is in its regions: equal for texts that differ in what the user wrote only. The text
/// itself, if it has no regions that can be read.
pub fn without_regions(text: &str) -> String {
    let Ok(regions) = regions(text) else { return text.to_owned() };
    let mut rest = String::with_capacity(text.len());
    let mut at = 0;
    for region in regions {
        rest.push_str(&text[at..region.start]);
        at = region.end;
    }
    rest.push_str(&text[at..]);
    rest
}

/// Checks the regions of what a template wrote.
pub(super) fn check(rendered: &str) -> Result<(), Trouble> {
    regions(rendered).map(|_| ())
}

fn regions(text: &str) -> Result<Vec<Region<'_>>, Trouble> {
    let mut regions: Vec<Region<'_>> = Vec::new();
    let mut open: Option<(&str, Span, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        let span = Span::new(start as u32, (start + line.trim_end().len()) as u32);
        let fail = |message: String, hint: String| Err(Trouble::new(span, message, Some(hint)));
        if let Some(name) = marked(line, BEGIN) {
            if let Some((outer, ..)) = open {
                return fail(
                    format!("the region `{name}` begins inside the region `{outer}`"),
                    format!("end `{outer}` before it"),
                );
            }
            if regions.iter().any(|region| region.name == name) {
                return fail(format!("the region `{name}` is there twice"), "give it another name".to_owned());
            }
            open = Some((name, span, end));
        } else if let Some(name) = marked(line, END) {
            match open.take() {
                Some((begun, head, first)) if begun == name => regions.push(Region { name, head, start: first, end: start }),
                Some((begun, ..)) => {
                    return fail(
                        format!("the region `{begun}` is open where `{name}` ends"),
                        format!("write `{END} {begun}` here"),
                    );
                }
                None => {
                    return fail(
                        format!("the region `{name}` ends and has not begun"),
                        format!("write `{BEGIN} {name}` before it"),
                    );
                }
            }
        }
    }
    match open {
        None => Ok(regions),
        Some((name, head, _)) => {
            let hint = format!("write a line with `{END} {name}` behind it");
            Err(Trouble::new(head, format!("the region `{name}` does not end"), Some(hint)))
        }
    }
}

/// The name behind `marker`, if the line has it.
fn marked<'t>(line: &'t str, marker: &str) -> Option<&'t str> {
    let rest = &line[line.find(marker)? + marker.len()..];
    let name = rest.strip_prefix(' ')?.split_whitespace().next()?;
    let is_part = |char: char| char.is_alphanumeric() || "-_.:/".contains(char);
    let name = &name[..name.find(|char| !is_part(char)).unwrap_or(name.len())];
    // In HTML, the end of the comment may follow at once: `y-->`.
    Some(name.trim_end_matches('-')).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RENDERED: &str =
        "a2\n// langloom:begin x\nnew x\n// langloom:end x\nb2\n<!-- langloom:begin y-->\n<!-- langloom:end y-->\nc2\n";

    #[test]
    fn regions_stay() {
        for (old, expected) in [
            // Nothing of the user's there.
            ("", RENDERED.to_owned()),
            ("no regions", RENDERED.to_owned()),
            // Their text in place of the template's, byte by byte.
            ("a1\n#langloom:begin x\n  mine\r\n\tü \n#langloom:end x\n", RENDERED.replace("new x\n", "  mine\r\n\tü \n")),
            ("langloom:begin x\nlangloom:end x", RENDERED.replace("new x\n", "")),
            // In another order.
            (
                "langloom:begin y\nY\nlangloom:end y\nlangloom:begin x\nX\nlangloom:end x",
                RENDERED.replace("new x\n", "X\n").replace("y-->\n<", "y-->\nY\n<"),
            ),
            // An empty one may go.
            ("langloom:begin z\n \nlangloom:end z\n", RENDERED.to_owned()),
        ] {
            assert_eq!(merge(RENDERED, old).unwrap(), expected, "{old:?}");
        }
    }

    #[test]
    fn nothing_is_lost() {
        for (old, message) in [
            ("langloom:begin z\nmine\nlangloom:end z\n", "no place"),
            ("langloom:begin x\nmine\n", "does not end"),
            ("mine\nlangloom:end x\n", "has not begun"),
            ("langloom:begin x\nlangloom:begin y\nlangloom:end y\nlangloom:end x\n", "inside"),
            ("langloom:begin x\nlangloom:end y\n", "is open where"),
            ("langloom:begin x\nlangloom:end x\nlangloom:begin x\nlangloom:end x\n", "twice"),
        ] {
            let found = match merge(RENDERED, old).unwrap_err() {
                Lost::Unreadable(trouble) => trouble.message,
                Lost::NoPlace(troubles) => troubles[0].message.clone(),
            };
            assert!(found.contains(message), "{old:?}: {found}");
        }
    }

    #[test]
    fn what_is_outside() {
        let filled = RENDERED.replace("new x", "mine\nand more");
        assert_eq!(without_regions(RENDERED), without_regions(&filled));
        assert_ne!(without_regions(RENDERED), without_regions(&filled.replace("b2", "b3")));
        assert!(check(RENDERED).is_ok() && check("langloom:begin x").is_err());
    }
}
