//! Tree to program: names and paths.

use super::ast;
use super::compile::{BYTES_OF_STEP, Compiler};
use super::parser::name_of;
use super::program::{Base, Name, Path, Quick, Variable, Way};
use super::value::Key;

impl<'s> Compiler<'_, 's> {
    /// A path; a literal in its place is the name of a property.
    pub(super) fn path(&mut self, expression: &ast::Expression<'s>) -> u32 {
        let first = self.template.segments.len() as u32;
        let (base, anywhere) = match expression {
            ast::Expression::Path(path) => {
                let mut names = path.segments.iter();
                let base = self.base(path);
                if matches!(base, Base::Param(..)) {
                    names.next();
                }
                for name in names {
                    let name = self.name(name);
                    self.template.segments.push(name);
                }
                let is_plain = !path.scoped && base == Base::Context(0) && !path.segments.is_empty();
                (base, self.dialect.compat && is_plain)
            }
            literal => {
                let name = self.name(&name_of(literal));
                self.template.segments.push(name);
                (Base::Context(0), self.dialect.compat)
            }
        };
        let segments = (first, self.template.segments.len() as u32);
        self.size += (segments.1 - segments.0) as usize * BYTES_OF_STEP;
        let quick = if anywhere { Quick::NONE } else { self.quick(base, &self.template.segments[first as usize..]) };
        self.template.paths.push(Path { quick, base, segments, anywhere, span: expression.span() });
        self.template.paths.len() as u32 - 1
    }

    /// The short way to where a path leads.
    fn quick(&self, base: Base, segments: &[u32]) -> Quick {
        let known = |name: u32, way: Way, other: Way| {
            let id = self.template.key(name).id;
            Quick { way: if id == Key::OTHER { other } else { way }, id, name }
        };
        let deep = |first: u32, then: u32| match (known(first, Way::Deep, Way::None), self.template.key(then).id) {
            (_, Key::OTHER) => Quick::NONE,
            (first, then) => Quick { name: u32::from(then), ..first },
        };
        let near = |way: Way| Quick { way, ..Quick::NONE };
        match (base, segments) {
            (Base::Context(0), []) => near(Way::This),
            (Base::Context(0), [name]) => known(*name, Way::Property, Way::Named),
            (Base::Context(0), [first, then]) => deep(*first, *then),
            (Base::Context(1), [name]) => known(*name, Way::Outer, Way::None),
            (Base::Data(Variable::Root, 0), [_, name]) => known(*name, Way::Root, Way::None),
            (Base::Data(Variable::Key, 0), [_]) => near(Way::Key),
            (Base::Data(Variable::Index, 0), [_]) => near(Way::Index),
            (Base::Data(Variable::First, 0), [_]) => near(Way::First),
            (Base::Data(Variable::Last, 0), [_]) => near(Way::Last),
            (Base::Context(_) | Base::Data(..) | Base::Param(..), _) => Quick::NONE,
        }
    }

    fn base(&self, path: &ast::Path<'s>) -> Base {
        let first = path.segments.first();
        if path.data {
            let variable = match first.map(|name| &**name) {
                Some("root") => Variable::Root,
                Some("key") => Variable::Key,
                Some("index") => Variable::Index,
                Some("first") => Variable::First,
                Some("last") => Variable::Last,
                Some("partial-block") => Variable::PartialBlock,
                Some(_) | None => Variable::Other,
            };
            return Base::Data(variable, path.depth);
        }
        let param = first.filter(|_| path.depth == 0 && !path.scoped).and_then(|name| self.param(name));
        param.map_or(Base::Context(path.depth), |(depth, index)| Base::Param(depth, index))
    }

    /// How many blocks with parameters up, and which of its parameters, `name` is.
    pub(super) fn param(&self, name: &str) -> Option<(u32, u32)> {
        self.params.iter().rev().enumerate().find_map(|(depth, params)| {
            let index = params.iter().position(|param| *param == name)?;
            Some((depth as u32, index as u32))
        })
    }

    pub(super) fn name(&mut self, text: &str) -> u32 {
        if let Some(id) = self.name_ids.get(text) {
            return *id;
        }
        let names = &mut self.template.names;
        let index = names.len() as u32;
        let known = self.dialect.vocabulary.iter().position(|known| *known == text);
        names.push(Name { text: text.into(), id: known.map_or(Key::OTHER, |id| id as u16) });
        self.name_ids.insert(text.to_owned(), index);
        index
    }
}
