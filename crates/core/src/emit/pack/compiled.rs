//! Templates that need not be compiled again.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Dialect, PackText, Problem, Template, compile};

/// Compiled templates of packs, for the next plan: of the same project, while it is watched, or of another one with the same
/// pack. A template holds while its text is the same.
///
/// Not kept for other processes: compiling the 30 templates of the benchmark takes 2.4 of the 540 million instructions of a run
/// on 10,000 lines, and reading what was compiled would take some of that.
#[derive(Debug, Default)]
pub struct CompiledTemplates {
    /// By file, as people call it, and by the name that calls it.
    known: BTreeMap<(String, String), Known>,
}

#[derive(Debug)]
struct Known {
    escapes_html: bool,
    template: Arc<Template>,
}

impl CompiledTemplates {
    /// The template `name` of a text. The vocabulary is that of the view of packs, which is always the same.
    pub(super) fn get_or_compile(
        &mut self,
        name: &str,
        text: &PackText,
        escapes_html: bool,
        vocabulary: &[&str],
    ) -> Result<Arc<Template>, Vec<Problem>> {
        let place = (text.shown.clone(), name.to_owned());
        let is_same = |known: &&Known| known.escapes_html == escapes_html && known.template.source() == text.text;
        if let Some(known) = self.known.get(&place).filter(is_same) {
            return Ok(Arc::clone(&known.template));
        }
        let dialect = Dialect { escape: escapes_html, vocabulary, ..Dialect::CODE };
        let template = Arc::new(compile(name, &text.text, &dialect)?);
        self.known.insert(place, Known { escapes_html, template: Arc::clone(&template) });
        Ok(template)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_compiled_again_if_something_about_it_changed() {
        let mut compiled = CompiledTemplates::default();
        let mut get = |name: &str, shown: &str, text: &str, escapes: bool| {
            let text = PackText { layer: 0, shown: shown.to_owned(), text: text.to_owned() };
            compiled.get_or_compile(name, &text, escapes, &[]).unwrap()
        };
        let first = get("a", "p/a.hbs", "{{x}}", false);
        assert!(Arc::ptr_eq(&first, &get("a", "p/a.hbs", "{{x}}", false)));
        let others = [
            get("base/a", "p/a.hbs", "{{x}}", false),
            get("a", "q/a.hbs", "{{x}}", false),
            get("a", "p/a.hbs", "{{x}}", true),
            get("a", "p/a.hbs", "{{y}}", false),
        ];
        assert!(others.iter().all(|other| !Arc::ptr_eq(&first, other)));
        assert_eq!(others.map(|other| (other.name().to_owned(), other.source().to_owned()))[3], ("a".into(), "{{y}}".into()));
    }

    #[test]
    fn what_does_not_compile_leaves_nothing() {
        let mut compiled = CompiledTemplates::default();
        let text = |text: &str| PackText { layer: 0, shown: "p/a.hbs".to_owned(), text: text.to_owned() };
        assert!(compiled.get_or_compile("a", &text("{{#if"), false, &[]).is_err());
        assert!(compiled.known.is_empty());
        assert!(compiled.get_or_compile("a", &text("{{x}}"), false, &[]).is_ok());
    }
}
