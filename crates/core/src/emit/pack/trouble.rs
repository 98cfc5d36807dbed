//! What can be wrong with the texts of a pack, and what may have been meant.

use crate::text::Span;

/// Something wrong in one text of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Where, in bytes of the text.
    pub span: Span,
    /// What.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Trouble {
    pub(super) fn new(span: Span, message: String, hint: Option<String>) -> Trouble {
        Trouble { span, message, hint }
    }
}

/// The one of `candidates` that somebody who wrote `word` may have meant: at most a third of its letters are other ones.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    if word.len() > 40 {
        return None;
    }
    let word = word.to_lowercase();
    let distances =
        candidates.into_iter().map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate));
    let (distance, best) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= best.chars().count().div_ceil(3)).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_misses() {
        for (word, expected) in
            [("foreach", Some("for_each")), ("tempalte", Some("template")), ("Path", Some("path")), ("zzz", None), ("", None)]
        {
            assert_eq!(nearest(word, ["template", "path", "for_each"]), expected, "{word}");
        }
    }
}
