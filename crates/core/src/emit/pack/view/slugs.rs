//! What files about grammars can be called: each another name, on systems that do not tell upper from lower case, too.

use crate::emit::Input;
use crate::emit::pack::helpers::kebab;

/// One for each language: the name of its grammar, with its `id` behind it where another grammar has the same one, and a
/// number where that is not enough.
pub(super) fn of(input: Input<'_>) -> Vec<String> {
    let languages = input.model.languages.iter();
    let names = languages.map(|language| (kebab(input.sources.names.get(language.name)), language.config));
    let names: Vec<(String, usize)> = names.collect();
    let is_shared = |name: &str| names.iter().filter(|(other, _)| other == name).count() > 1;
    // The name of another grammar may be what a name and an `id` make.
    let mut taken: Vec<String> = names.iter().map(|(name, _)| name.clone()).filter(|name| !is_shared(name)).collect();
    let mut slug = |(name, config): &(String, usize)| {
        if !is_shared(name) {
            return name.clone();
        }
        let id = kebab(&input.config.languages[*config].id);
        let with_id = if id.is_empty() { name.clone() } else { format!("{name}-{id}") };
        let numbered = (2..).map(|number| format!("{with_id}-{number}"));
        let free = [with_id.clone()].into_iter().chain(numbered).find(|slug| !taken.contains(slug)).unwrap_or(with_id);
        taken.push(free.clone());
        free
    };
    names.iter().map(&mut slug).collect()
}
