//! Doc comments: `/** … */` as description and tags, without the stars.

/// What a doc comment says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct DocComment {
    /// The text before the first tag.
    pub(super) text: String,
    /// `@name text`, in order.
    pub(super) tags: Vec<(String, String)>,
}

/// Reads a comment with its delimiters.
pub(super) fn read(comment: &str) -> DocComment {
    let inner = comment.trim().trim_start_matches('/').trim_start_matches('*');
    let inner = inner.strip_suffix('/').unwrap_or(inner).trim_end_matches('*');
    let mut doc = DocComment::default();
    let mut is_code = false;
    for line in inner.lines() {
        let line = line.trim_start();
        let line = line.strip_prefix('*').map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest)).trim_end();
        is_code ^= line.trim_start().starts_with("```");
        if let Some(tag) = line.trim_start().strip_prefix('@').filter(|_| !is_code)
            && tag.starts_with(|first: char| first.is_alphabetic())
        {
            let (name, text) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            doc.tags.push((name.to_owned(), text.trim().to_owned()));
            continue;
        }
        let text = doc.tags.last_mut().map_or(&mut doc.text, |(_, text)| text);
        text.push_str(if text.is_empty() { "" } else { "\n" });
        text.push_str(line);
    }
    doc.text = doc.text.trim().to_owned();
    doc.tags.iter_mut().for_each(|(_, text)| text.truncate(text.trim_end().len()));
    doc
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn comments() {
        for (comment, text, tags) in [
            ("/** One. */", "One.", &[][..]),
            ("/* plain */", "plain", &[]),
            ("/***/", "", &[]),
            ("/** */", "", &[]),
            ("/**/", "", &[]),
            ("/**\n * One\n *  two.\n *\n * Three.\n */", "One\n two.\n\nThree.", &[]),
            ("/**\r\n * One\r\n * @see Two\r\n */", "One", &[("see", "Two")]),
            ("/** @deprecated */", "", &[("deprecated", "")]),
            ("/**\n * A.\n * @example\n *   x = 1\n *   y\n * @b c d\n */", "A.", &[("example", "  x = 1\n  y"), ("b", "c d")]),
            ("/**\n * ```\n * @not a tag\n * ```\n */", "```\n@not a tag\n```", &[]),
            ("/** mail me@home, @ home */", "mail me@home, @ home", &[]),
        ] {
            let doc = read(comment);
            let found: Vec<(&str, &str)> = doc.tags.iter().map(|(name, text)| (&**name, &**text)).collect();
            assert_eq!((&*doc.text, &found[..]), (text, tags), "{comment:?}");
        }
    }
}
