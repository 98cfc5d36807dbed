//! "Did you mean …?"

/// A hint at the name in `known` that `name` was probably meant to be; or, if none is near, at all of them while they
/// are few.
pub(super) fn did_you_mean<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<String> {
    let known: Vec<&str> = known.collect();
    let distances = known.iter().map(|candidate| (strsim::damerau_levenshtein(name, candidate), *candidate));
    let nearest = distances.min_by_key(|(distance, _)| *distance);
    match nearest {
        Some((distance, nearest)) if distance <= name.chars().count().div_ceil(3) => Some(format!("did you mean `{nearest}`?")),
        Some(_) if known.len() <= 24 => Some(format!("there are `{}`", known.join("`, `"))),
        Some(_) | None => None,
    }
}
