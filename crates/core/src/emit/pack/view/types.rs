//! Types, their properties, and what properties can be.

use rustc_hash::FxHashSet;

use super::doc_comment::{self, DocComment};
use super::kinds::{Kind, Place};
use super::lists::{List, list};
use super::rules::arena_items;
use super::{ProjectView, object, type_object};
use crate::emit::pack::value::{Arena, Value};
use crate::model::TypeTarget;
use crate::model::types::{CommentId, Interface, OrderedSet, Property, PropertyType, PropertyTypeId, TypeId, Union};
use crate::text::Name;
use crate::text::js;
use crate::tree::{self, NodeId};

impl ProjectView<'_> {
    pub(super) fn interface(&self, [set, id, _]: Place) -> Option<&Interface> {
        self.type_set(set).interface(TypeId(id))
    }

    pub(super) fn union(&self, [set, id, _]: Place) -> Option<&Union> {
        self.type_set(set).union(TypeId(id))
    }

    pub(super) fn type_name(&self, [set, id, _]: Place) -> Name {
        self.type_set(set).name(TypeId(id))
    }

    pub(super) fn is_declared(&self, at: Place) -> bool {
        let union = self.union(at).is_some_and(|union| union.declared);
        union || self.interface(at).is_some_and(|interface| interface.declared)
    }

    pub(super) fn type_doc(&self, at: Place) -> DocComment {
        let union = self.union(at).and_then(|union| union.comment);
        let comment = union.or_else(|| self.interface(at)?.comment);
        self.doc(at[0], comment).or_else(|| self.doc_of_declaration(self.type_name(at))).unwrap_or_default()
    }

    fn doc(&self, set: u32, comment: Option<CommentId>) -> Option<DocComment> {
        Some(doc_comment::read(self.type_set(set).comment(comment?, self.input.sources)))
    }

    /// What stands before the declaration of the type called `name`: Langium's types lose that of imported ones.
    fn doc_of_declaration(&self, name: Name) -> Option<DocComment> {
        let element = self.input.model.languages.iter().find_map(|language| match language.type_target(name)? {
            TypeTarget::Rule(rule) => Some(language.rules[rule as usize]),
            TypeTarget::Interface(index) => Some(language.interfaces[index as usize]),
            TypeTarget::Type(index) => Some(language.types[index as usize]),
            TypeTarget::Inferred(..) => None,
        })?;
        let item = element.item(self.input.sources);
        let span = item.comment_at(item.declaration.first_token)?;
        Some(doc_comment::read(span.of(element.text(self.input.sources))))
    }

    /// The own properties of an interface: a list that knows the place of the first one.
    pub(super) fn properties(&self, [set, id, _]: Place) -> Value<'static> {
        let places = self.type_set(set).interface(TypeId(id)).map_or(0..0, |interface| interface.property_places());
        list(List::Properties, [set, id, places.start as u32])
    }

    pub(super) fn all_properties<'a>(&'a self, [set, id, _]: Place, arena: &'a Arena) -> Value<'a> {
        let types = self.type_set(set);
        if types.interface(TypeId(id)).is_none() {
            return Value::Items(&[]);
        }
        let mut found = Vec::new();
        let mut seen = OrderedSet::default();
        for owner in self.with_super_interfaces(set, TypeId(id)) {
            for index in types.interfaces[owner.index()].property_places() {
                if seen.insert(types.property(index).name) {
                    found.push(object(Kind::Property, [set, owner.0, index as u32]));
                }
            }
        }
        arena_items(arena, found.into_iter())
    }

    /// An interface and all that it extends, depth first.
    fn with_super_interfaces(&self, set: u32, id: TypeId) -> Vec<TypeId> {
        let types = self.type_set(set);
        let mut found = OrderedSet::default();
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            if let Some(interface) = types.interface(id)
                && found.insert(id)
            {
                pending.extend(interface.super_types.as_slice().iter().rev());
            }
        }
        found.as_slice().to_vec()
    }

    pub(super) fn all_super_types<'a>(&'a self, [set, id, _]: Place, arena: &'a Arena) -> Value<'a> {
        let supers = self.with_super_interfaces(set, TypeId(id));
        arena_items(arena, supers.into_iter().skip(1).map(|id| type_object(set, id)))
    }

    pub(super) fn super_types(&self, at: Place) -> &[TypeId] {
        self.interface(at).map_or(&[], |interface| interface.super_types.as_slice())
    }

    pub(super) fn sub_types(&self, at: Place) -> &[TypeId] {
        let types = self.interface(at).map(|interface| &interface.sub_types);
        types.or_else(|| Some(&self.union(at)?.sub_types)).map_or(&[], OrderedSet::as_slice)
    }

    pub(super) fn containers(&self, at: Place) -> &[TypeId] {
        self.interface(at).map_or(&[], |_| self.type_set(at[0]).containers(at[1] as usize).as_slice())
    }

    /// The names that `$type` can have: of an interface its own and those of its sub types, of a union those of its members.
    fn type_names(&self, at: Place) -> Vec<Name> {
        let types = self.type_set(at[0]);
        let mut names = OrderedSet::default();
        let mut seen = OrderedSet::default();
        let mut pending = vec![TypeId(at[1])];
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            if types.interface(id).is_some() {
                for name in types.type_names(id.index()).iter() {
                    names.insert(name);
                }
            } else if let Some(union) = types.union(id) {
                let first = pending.len();
                types.arena.for_each_value(union.ty, &mut |name| pending.extend(types.find(name)));
                pending[first..].reverse();
            }
        }
        names.as_slice().to_vec()
    }

    pub(super) fn type_names_list<'a>(&'a self, at: Place, arena: &'a Arena) -> Value<'a> {
        let mut names: Vec<&str> = self.type_names(at).into_iter().map(|name| self.text(name)).collect();
        names.sort_unstable();
        arena_items(arena, names.into_iter().map(Value::Text))
    }

    /// The interfaces that a node of the type can be, sorted by name: those that no rule makes are left out.
    pub(super) fn concrete_types<'a>(&'a self, at: Place, arena: &'a Arena) -> Value<'a> {
        let types = self.type_set(at[0]);
        let ids = self.type_names(at).into_iter().filter_map(|name| types.find(name));
        let mut ids: Vec<TypeId> = ids.filter(|&id| types.interface(id).is_some_and(|found| !found.is_abstract)).collect();
        ids.sort_unstable();
        ids.dedup();
        arena_items(arena, ids.into_iter().map(|id| type_object(at[0], id)))
    }

    pub(super) fn type_rules(&self, at: Place) -> Value<'static> {
        let makers = self.makers.range(self.type_name(at), at[0].checked_sub(1));
        list(List::Makers, [makers.start as u32, makers.end as u32, 0])
    }

    #[inline]
    pub(super) fn property(&self, [set, _, index]: Place) -> &Property {
        self.type_set(set).property(index as usize)
    }

    pub(super) fn property_doc(&self, at: Place) -> DocComment {
        self.doc(at[0], self.property(at).comment).unwrap_or_default()
    }

    #[inline(always)]
    pub(super) fn is_mandatory(&self, at: Place) -> bool {
        self.type_set(at[0]).arena.is_mandatory(self.property(at).ty)
    }

    pub(super) fn default_value<'a>(&'a self, at: Place, arena: &'a Arena) -> Value<'a> {
        let default = self.type_set(at[0]).arena.default_of(self.property(at), self.input.sources);
        default.map_or(Value::Null, |(item, node)| self.literal(item, node, arena))
    }

    fn literal<'a>(&'a self, item: tree::Item<'a>, node: NodeId, arena: &'a Arena) -> Value<'a> {
        match item.node(node).kind {
            tree::Kind::StringLiteral { value } => Value::Text(self.text(value)),
            tree::Kind::NumberLiteral { text } => Value::Number(js::parse_number(self.text(text))),
            tree::Kind::BooleanLiteral { value } => Value::Bool(value),
            tree::Kind::ArrayLiteral { elements } => {
                arena_items(arena, item.ids(elements).map(|id| self.literal(item, id, arena)))
            }
            _ => Value::Null,
        }
    }

    // Type expressions

    #[inline(always)]
    fn property_type(&self, [set, id, _]: Place) -> PropertyType {
        self.type_set(set).arena.get(PropertyTypeId::from_raw(id))
    }

    /// Whether a property is a list.
    #[inline(always)]
    pub(super) fn is_array(&self, at: Place) -> bool {
        matches!(self.type_set(at[0]).arena.get(self.property(at).ty), PropertyType::Array(_))
    }

    pub(super) fn expression_kind(&self, at: Place) -> &'static str {
        match self.property_type(at) {
            PropertyType::Value(_) => "type",
            PropertyType::Primitive(_) | PropertyType::Terminal(..) => "primitive",
            PropertyType::Text(_) => "text",
            PropertyType::Array(_) => "array",
            PropertyType::Reference { .. } => "reference",
            PropertyType::Union(_) => "union",
        }
    }

    #[inline(always)]
    pub(super) fn expression_name(&self, at: Place) -> Option<&str> {
        match self.property_type(at) {
            PropertyType::Value(name) | PropertyType::Primitive(name) | PropertyType::Terminal(name, _) => Some(self.text(name)),
            PropertyType::Text(_) | PropertyType::Array(_) | PropertyType::Reference { .. } | PropertyType::Union(_) => None,
        }
    }

    pub(super) fn expression_type(&self, at: Place) -> Value<'static> {
        match self.property_type(at) {
            PropertyType::Value(name) => self.type_named(at[0], name),
            _ => Value::Null,
        }
    }

    pub(super) fn expression_text(&self, at: Place) -> Option<&str> {
        match self.property_type(at) {
            PropertyType::Text(value) => Some(self.text(value)),
            _ => None,
        }
    }

    pub(super) fn expression_element(&self, at: Place) -> Value<'static> {
        match self.property_type(at) {
            PropertyType::Array(inner) | PropertyType::Reference { referenced: inner, .. } => expression(at[0], inner),
            _ => Value::Null,
        }
    }

    pub(super) fn is_multi(&self, at: Place) -> bool {
        matches!(self.property_type(at), PropertyType::Reference { multi: true, .. })
    }

    /// The members of a union, those of unions in it among them, each once by how it is written.
    pub(super) fn members<'a>(&'a self, at: Place, arena: &'a Arena) -> Value<'a> {
        let PropertyType::Union(_) = self.property_type(at) else { return Value::Items(&[]) };
        let types = &self.type_set(at[0]).arena;
        let (mut members, mut seen) = (Vec::new(), FxHashSet::default());
        types.for_each_member(PropertyTypeId::from_raw(at[1]), &mut |id, _| {
            if seen.insert(self.notation([at[0], id.raw(), 0], arena)) {
                members.push(expression(at[0], id));
            }
        });
        arena_items(arena, members.into_iter())
    }

    pub(super) fn expression_terminal(&self, at: Place) -> Value<'static> {
        let PropertyType::Terminal(_, element) = self.property_type(at) else { return Value::Null };
        let languages = (0..).zip(&self.input.model.languages);
        let found = languages.filter_map(|(grammar, language)| {
            let name = element.item(self.input.sources).declaration.kind.name()?;
            let rule = language.terminal(name)?;
            (language.rules[rule as usize] == element).then_some((grammar, rule))
        });
        found.into_iter().next().map_or(Value::Null, |(grammar, rule)| object(Kind::Terminal, [grammar, rule, 0]))
    }

    /// A type as it is written in a grammar: `@Person[]`.
    pub(super) fn notation<'a>(&'a self, at: Place, arena: &'a Arena) -> &'a str {
        match self.property_type(at) {
            PropertyType::Value(name) | PropertyType::Primitive(name) | PropertyType::Terminal(name, _) => self.text(name),
            PropertyType::Text(_) | PropertyType::Array(_) | PropertyType::Reference { .. } | PropertyType::Union(_) => {
                let mut text = String::with_capacity(64);
                self.push_notation(at[0], PropertyTypeId::from_raw(at[1]), false, &mut text);
                arena.text(&text)
            }
        }
    }

    fn push_notation(&self, set: u32, id: PropertyTypeId, is_operand: bool, text: &mut String) {
        let types = &self.type_set(set).arena;
        match types.get(id) {
            PropertyType::Value(name) | PropertyType::Primitive(name) | PropertyType::Terminal(name, _) => {
                text.push_str(self.text(name));
            }
            PropertyType::Text(value) => {
                text.push('\'');
                for char in self.text(value).chars() {
                    text.push_str(if matches!(char, '\\' | '\'') { "\\" } else { "" });
                    text.push(char);
                }
                text.push('\'');
            }
            PropertyType::Array(element) => {
                self.push_notation(set, element, true, text);
                text.push_str("[]");
            }
            PropertyType::Reference { referenced, multi, .. } => {
                text.push('@');
                self.push_notation(set, referenced, true, text);
                text.push_str(if multi { "+" } else { "" });
            }
            PropertyType::Union(list) => {
                text.push_str(if is_operand { "(" } else { "" });
                for (index, &member) in types.members(list).iter().enumerate() {
                    text.push_str(if index > 0 { " | " } else { "" });
                    self.push_notation(set, member, true, text);
                }
                text.push_str(if is_operand { ")" } else { "" });
            }
        }
    }
}

pub(super) fn expression(set: u32, id: PropertyTypeId) -> Value<'static> {
    object(Kind::TypeExpression, [set, id.raw(), 0])
}
