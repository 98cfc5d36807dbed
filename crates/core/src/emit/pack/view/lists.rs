//! The lists that templates go through item by item without their being made up first.

use super::kinds::{Kind, Place};
use super::{ProjectView, object, type_object};
use crate::emit::pack::value::{Handle, Value};
use crate::model::types::TypeId;

/// A list, and what the numbers of its handle mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub(super) enum List {
    Grammars,
    /// A set of types: interfaces, then unions.
    Types,
    Interfaces,
    Unions,
    /// A grammar.
    Rules,
    Terminals,
    Keywords,
    /// A set, a type and the place of its first property.
    Properties,
    /// A set and a type.
    SuperTypes,
    SubTypes,
    Containers,
    /// The first maker and the one behind the last.
    Makers,
    /// A grammar and a rule.
    Calls,
    CalledTerminals,
    Callers,
    /// A grammar and a keyword.
    KeywordRules,
}

/// All of them, by number.
const LISTS: [List; 16] = [
    List::Grammars,
    List::Types,
    List::Interfaces,
    List::Unions,
    List::Rules,
    List::Terminals,
    List::Keywords,
    List::Properties,
    List::SuperTypes,
    List::SubTypes,
    List::Containers,
    List::Makers,
    List::Calls,
    List::CalledTerminals,
    List::Callers,
    List::KeywordRules,
];

/// Handles of lists have kinds from here on.
const FIRST_LIST: u16 = 100;

pub(super) fn list(list: List, ids: Place) -> Value<'static> {
    Value::List(Handle { kind: FIRST_LIST + list as u16, ids })
}

fn list_of(handle: Handle) -> Option<List> {
    LISTS.get(usize::from(handle.kind.checked_sub(FIRST_LIST)?)).copied()
}

impl ProjectView<'_> {
    /// How many items a list has.
    pub(super) fn list_len(&self, handle: Handle) -> usize {
        let at @ [of, item, _] = handle.ids;
        let grammar = || &self.grammars[of as usize];
        match list_of(handle) {
            None => 0,
            Some(List::Grammars) => self.input.model.languages.len(),
            Some(List::Types) => self.type_set(of).interfaces.len() + self.type_set(of).unions.len(),
            Some(List::Interfaces) => self.type_set(of).interfaces.len(),
            Some(List::Unions) => self.type_set(of).unions.len(),
            Some(List::Rules) => grammar().rules.len(),
            Some(List::Terminals) => grammar().terminals.len(),
            Some(List::Keywords) => grammar().keywords.len(),
            Some(List::Properties) => self.interface(at).map_or(0, |interface| interface.property_places().len()),
            Some(List::SuperTypes) => self.super_types(at).len(),
            Some(List::SubTypes) => self.sub_types(at).len(),
            Some(List::Containers) => self.containers(at).len(),
            Some(List::Makers) => (item - of) as usize,
            Some(List::Calls) => grammar().calls.of(item).len(),
            Some(List::CalledTerminals) => grammar().called_terminals.of(item).len(),
            Some(List::Callers) => grammar().callers.of(item).len(),
            Some(List::KeywordRules) => self.keyword_rules(at).len(),
        }
    }

    /// An item of a list.
    #[inline(always)]
    pub(super) fn list_item(&self, handle: Handle, index: usize) -> Value<'static> {
        let at @ [of, item, _] = handle.ids;
        let grammar = || &self.grammars[of as usize];
        let rule = |rule: u32| object(Kind::Rule, [of, rule, 0]);
        let terminal = |rule: u32| object(Kind::Terminal, [of, rule, 0]);
        match list_of(handle) {
            None => Value::Undefined,
            Some(List::Grammars) => object(Kind::Grammar, [index as u32, 0, 0]),
            Some(List::Types | List::Interfaces) => type_object(of, TypeId(index as u32)),
            Some(List::Unions) => type_object(of, self.type_set(of).union_id(index)),
            Some(List::Rules) => rule(grammar().rules[index]),
            Some(List::Terminals) => terminal(grammar().terminals[index]),
            Some(List::Keywords) => object(Kind::Keyword, [of, index as u32, 0]),
            Some(List::Properties) => object(Kind::Property, [of, item, handle.ids[2] + index as u32]),
            Some(List::SuperTypes) => type_object(of, self.super_types(at)[index]),
            Some(List::SubTypes) => type_object(of, self.sub_types(at)[index]),
            Some(List::Containers) => type_object(of, self.containers(at)[index]),
            Some(List::Makers) => {
                let (grammar, rule) = self.makers.at(of as usize + index);
                object(Kind::Rule, [grammar, rule, 0])
            }
            Some(List::Calls) => rule(grammar().calls.of(item)[index]),
            Some(List::CalledTerminals) => terminal(grammar().called_terminals.of(item)[index]),
            Some(List::Callers) => rule(grammar().callers.of(item)[index]),
            Some(List::KeywordRules) => rule(self.keyword_rules(at)[index]),
        }
    }
}
