//! The names that mean something somewhere in a pack: what is left to check where nothing is known of a context.

use std::collections::BTreeSet;

use super::super::assembly::{PARTIALS, Pack, TEMPLATES};
use super::super::trouble::nearest;
use super::super::view::{KINDS, SCOPE};
use super::super::{Dialect, compile};

pub(super) struct Names {
    known: BTreeSet<String>,
    inline: BTreeSet<String>,
}

impl Names {
    pub(super) fn of(pack: &Pack) -> Names {
        let fields = KINDS.iter().flat_map(|kind| kind.fields).map(|field| field.name);
        let top = SCOPE.iter().map(|(name, ..)| *name);
        let made = ["path", "text", "length", "key", "items", "version"];
        let mut known: BTreeSet<String> = fields.chain(top).chain(made).map(str::to_owned).collect();
        known.extend(pack.options().into_iter().map(|option| option.name.clone()));
        known.extend(pack.outputs().into_iter().map(|(_, output)| output.name.clone()));
        let mut inline = BTreeSet::new();
        for layer in pack.layers() {
            for path in [TEMPLATES, PARTIALS].into_iter().flat_map(|folder| layer.files.list(folder)) {
                if let Ok(Some(bytes)) = layer.files.read(&path)
                    && let Ok(template) = compile(&path, &String::from_utf8_lossy(&bytes), &Dialect::CODE)
                {
                    // What texts give to values themselves: `{{> partial name=value}}`.
                    known.extend(template.hash_names().map(str::to_owned));
                    inline.extend(template.inline_partials().map(str::to_owned));
                }
            }
        }
        Names { known, inline }
    }

    /// Whether anything has a property of this name. Items of lists do.
    pub(super) fn is_known(&self, name: &str) -> bool {
        self.known.contains(name) || name.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Whether some text declares a partial of this name.
    pub(super) fn is_inline(&self, name: &str) -> bool {
        self.inline.contains(name)
    }

    /// What may have been meant by `name`.
    pub(super) fn hint(&self, name: &str) -> String {
        let near = nearest(name, self.known.iter().map(String::as_str));
        near.map_or_else(|| "docs/packs.md lists what there is".to_owned(), |near| format!("did you mean `{near}`?"))
    }
}
