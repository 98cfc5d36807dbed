//! The kinds of problems, each with what it means, a wrong and a right example: one table.
//!
//! Names are stable: they are printed, documented and may be matched by tools.

/// Defines [`Code`] from the table.
macro_rules! codes {
    ($($variant:ident $name:literal $explanation:literal wrong $wrong:literal right $right:literal)*) => {
        /// The kinds of problems.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $(#[doc = $explanation] $variant,)*
        }

        impl Code {
            /// All kinds, in the order of the table.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// The name as printed: lower case, words joined with `-`.
            pub const fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// What it means and why it matters, as a paragraph.
            pub const fn explanation(self) -> &'static str {
                match self { $(Code::$variant => $explanation,)* }
            }

            /// A piece of a grammar that has the problem.
            pub const fn wrong(self) -> &'static str {
                match self { $(Code::$variant => $wrong,)* }
            }

            /// The same piece without it.
            pub const fn right(self) -> &'static str {
                match self { $(Code::$variant => $right,)* }
            }
        }
    };
}

codes! {
    Syntax "syntax"
        "The text is not a grammar. The rest of the declaration was not read, and no other check was made."
        wrong "Model: items+=Item*" right "Model: items+=Item*;"
    UnresolvedReference "unresolved-reference"
        "A name is declared nowhere in sight: neither in this file nor in what it imports. Rules, terminals, types and parameters are separate worlds."
        wrong "Model: item=Itm;\nItem: name=ID;" right "Model: item=Item;\nItem: name=ID;"
    MissingImport "missing-import"
        "An import leads to no file. Paths start at the folder of the importing grammar."
        wrong "import './terminls'" right "import './terminals'"
    ImportExtension "import-extension"
        "The extension of an imported grammar is understood and need not be written."
        wrong "import './terminals.langium'" right "import './terminals'"
    DuplicateImport "duplicate-import"
        "The same grammar is imported twice."
        wrong "import './terminals'\nimport './terminals'" right "import './terminals'"
    OverlappingImports "overlapping-imports"
        "Two imports bring rules of the same name into the grammar; only one of them would ever be used."
        wrong "import './a' // has ID\nimport './b' // has ID too" right "import './a'\nimport './b' // without ID"
    GrammarName "grammar-name"
        "Names of generated classes are made of the grammar's name, and classes start with an upper case letter."
        wrong "grammar states" right "grammar States"
    SameGrammarName "same-grammar-name"
        "A grammar has the same name as one that it imports, directly or not."
        wrong "grammar States\nimport './base' // is called States too" right "grammar States\nimport './base' // is called Base"
    GrammarNameIsType "grammar-name-is-type"
        "A type has the name of a grammar; in the generated code they would be two things of one name."
        wrong "grammar Model\nentry Model: 'model';" right "grammar Models\nentry Model: 'model';"
    NoEntryRule "no-entry-rule"
        "A grammar with a name is a language, and a language needs a parser rule to start with."
        wrong "grammar Greetings\nModel: 'hello';" right "grammar Greetings\nentry Model: 'hello';"
    EntryInFragment "entry-in-unnamed-grammar"
        "A grammar without a name is only there to be imported; entry rules belong to the importing grammar."
        wrong "entry Model: 'hello';" right "grammar Greetings\nentry Model: 'hello';"
    SeveralEntries "several-entry-rules"
        "A language starts with one rule."
        wrong "entry A: 'a';\nentry B: 'b';" right "entry Model: A | B;\nA: 'a';\nB: 'b';"
    EntryIsDataType "entry-is-data-type"
        "The entry rule has to create an object, but this one creates a plain value."
        wrong "entry Model returns string: 'a' | 'b';" right "entry Model: value=('a' | 'b');"
    UndeclaredGrammar "undeclared-grammar"
        "The grammar of a language has to start with its name."
        wrong "entry Model: 'hello';" right "grammar Greetings\nentry Model: 'hello';"
    DuplicateName "duplicate-name"
        "Two rules or two types of a file have the same name; only the first one would ever be used."
        wrong "Item: 'a';\nItem: 'b';" right "A: 'a';\nB: 'b';"
    NameIsImported "name-is-imported"
        "A rule or type of this name comes with an import already."
        wrong "import './terminals' // has ID\nterminal ID: /[a-z]+/;" right "import './terminals'\nterminal NAME: /[a-z]+/;"
    RuleName "rule-name"
        "Rules become types, and types start with an upper case letter."
        wrong "item: 'a';" right "Item: 'a';"
    ReservedName "reserved-name"
        "The generated code could not tell the name from one of JavaScript's own."
        wrong "Map: 'map';" right "GeoMap: 'map';"
    UnusedRule "unused-rule"
        "No way leads from the entry rule to this one."
        wrong "entry Model: 'a';\nItem: 'b';" right "entry Model: 'a' item=Item;\nItem: 'b';"
    RuleOnlyReferenced "rule-only-referenced"
        "The rule is never parsed; it only gives a name to what cross-references may point to. A type declaration says that better."
        wrong "Named: A | B;\nRef: to=[Named:ID];" right "type Named = A | B;\nRef: to=[Named:ID];"
    TypeNotAllowed "inferred-type-in-strict-mode"
        "With `validation.types` set to `strict`, every type has to be declared."
        wrong "Item: name=ID;" right "interface Item { name: string }\nItem returns Item: name=ID;"
    TypeIsDeclared "type-is-declared"
        "A type of this name is declared, so the rule or action cannot make up another one: it can only return the declared one."
        wrong "interface Item { name: string }\nItem: name=ID;" right "interface Item { name: string }\nItem returns Item: name=ID;"
    TypeIsNotDeclared "type-is-not-declared"
        "Only declared types can be returned; others are inferred."
        wrong "Item returns Thing: name=ID;" right "Item infers Thing: name=ID;"
    DataTypeInfers "data-type-infers"
        "A rule without assignments and actions creates a plain value, which is of a primitive type: there is nothing to infer."
        wrong "Name: ID ('.' ID)*;" right "Name returns string: ID ('.' ID)*;"
    NoObject "no-object"
        "A rule without assignments and actions creates a plain value. Say of which type, or begin it with an action to create an object."
        wrong "Nothing: 'nothing';" right "Nothing: {infer Nothing} 'nothing';"
    ObjectReturnsPrimitive "object-returns-primitive"
        "A rule with assignments or actions creates an object, which cannot be a plain value."
        wrong "Item returns string: name=ID;" right "Item: name=ID;"
    FragmentReturns "fragment-returns"
        "The elements of a fragment belong to the rule that uses it: a fragment creates nothing."
        wrong "fragment Named returns Item: name=ID;" right "fragment Named: name=ID;"
    EmptyRule "empty-rule"
        "The rule can match nothing at all. Where it is optional or repeated, that leads to ambiguous or endless parsing."
        wrong "Modifiers: visibility=Visibility?;" right "Modifiers: visibility=Visibility;"
    LeftRecursion "left-recursion"
        "The rule calls itself before it has consumed anything: parsing it would never end. Langium crashes here or in the generated parser."
        wrong "Sum: Sum '+' Number;" right "Sum: Number ('+' Number)*;"
    EmptyRepetition "empty-repetition"
        "What is repeated can match nothing, so the repetition would never end."
        wrong "Model: Item*;\nItem: {infer Item} 'x'?;" right "Model: Item*;\nItem: {infer Item} 'x';"
    TooManyAlternatives "too-many-alternatives"
        "The parser tells at most 255 alternatives at one place apart."
        wrong "A: 'k1' | 'k2' | /* 300 more */ 'k300';" right "A: First | Second; // each with less than 255"
    AmbiguousAlternatives "ambiguous-alternatives"
        "With `maxLookahead` in the configuration, the parser decides by so many tokens which alternative to take, and two alternatives have the same ones. Without it, the parser looks ahead as far as it has to."
        wrong "Item: A | B; // maxLookahead: 1\nA: 'x' 'a' name=ID;\nB: 'x' 'b' name=ID;" right "Item: 'x' (A | B);\nA: 'a' name=ID;\nB: 'b' name=ID;"
    LongRule "long-rule"
        "The parser numbers the parts of a rule, each kind of its own: it can tell 255 keywords and terminals apart, and as many rule calls, choices, optional elements and repetitions."
        wrong "Word: 'a1' | 'a2' | /* 300 more */ 'a302';" right "Word: First | Second; // each with less than 255"
    UnparsableReference "unparsable-reference"
        "A reference without a terminal is written like the names of what it refers to, so these have to be one terminal, data type rule or keyword that the parser knows from some rule that it gets to."
        wrong "Ref: to=[Item];\nItem: name=(ID | STRING);" right "Ref: to=[Item:ID];\nItem: name=(ID | STRING);"
    DuplicateParameter "duplicate-parameter"
        "Two parameters of a rule have the same name."
        wrong "Item<A, A>: <A> 'a';" right "Item<A, B>: <A> 'a' | <B> 'b';"
    UnusedParameter "unused-parameter"
        "The parameter decides nothing."
        wrong "Item<A>: 'a';" right "Item<A>: <A> 'a' | 'b';"
    Arguments "arguments"
        "A call has to give each parameter of the rule one argument, all by position or all by name."
        wrong "Model: Item<true>;\nItem: 'a';" right "Model: Item;\nItem: 'a';"
    HiddenTerminalUsed "hidden-terminal-used"
        "Hidden terminals never reach the parser, so no rule can ask for them."
        wrong "Item: 'a' WS;\nhidden terminal WS: /\\s+/;" right "Item: 'a';\nhidden terminal WS: /\\s+/;"
    TerminalFragmentUsed "terminal-fragment-used"
        "Terminal fragments are parts of other terminals and no tokens of their own."
        wrong "Item: DIGIT;\nterminal fragment DIGIT: /[0-9]/;" right "Item: INT;\nterminal INT: DIGIT+;\nterminal fragment DIGIT: /[0-9]/;"
    HiddenFragment "hidden-terminal-fragment"
        "A terminal fragment is no token of its own, so it cannot be a hidden one."
        wrong "hidden terminal fragment WS: /\\s+/;" right "hidden terminal WS: /\\s+/;"
    RepeatedCall "repeated-unassigned-call"
        "Of a rule that is called several times without assignment, only the last object would be kept."
        wrong "Model: Item*;" right "Model: items+=Item*;"
    FragmentAssigned "fragment-assigned"
        "A fragment creates nothing that could be assigned: its elements belong to the rule that uses it."
        wrong "Model: item=Named;\nfragment Named: name=ID;" right "Model: Named;\nfragment Named: name=ID;"
    RecursiveFragment "recursive-fragment"
        "The elements of a fragment take the place of its calls, which never ends if it calls itself. Langium crashes."
        wrong "fragment Nested: '(' (Nested | name=ID) ')';" right "Nested: '(' (inner=Nested | name=ID) ')';"
    MixedReference "mixed-reference"
        "A property is either a cross-reference or a value."
        wrong "Item: target=([Item:ID] | INT);" right "Item: target=[Item:ID] | count=INT;"
    MixedMultiReference "mixed-multi-reference"
        "A property refers either to one element or to several of the same name."
        wrong "Item: to=[Item:ID] | to=[+Item:ID];" right "Item: to=[Item:ID] | all=[+Item:ID];"
    RepeatedAssignment "repeated-assignment"
        "The property may be assigned several times, and each assignment with `=` replaces the value before."
        wrong "Model: item=Item (',' item=Item)*;" right "Model: items+=Item (',' items+=Item)*;"
    NameIsReference "name-is-reference"
        "Langium takes the property `name` for the name of the element, which a cross-reference is not."
        wrong "Use: name=[Item:ID];" right "Use: item=[Item:ID];"
    Predicate "predicate"
        "Predicates are read but not supported."
        wrong "Item: => 'a';" right "Item: 'a';"
    OptionalInUnorderedGroup "optional-in-unordered-group"
        "Elements of an unordered group may come in any order, but each must come."
        wrong "Item: a?='a'? & b?='b';" right "Item: a?='a' & b?='b';"
    EmptyKeyword "empty-keyword"
        "A keyword has to have characters that can be seen."
        wrong "Item: '';" right "Item: 'item';"
    KeywordWithSpace "keyword-with-space"
        "White space is skipped between tokens, and a keyword with white space matches only exactly that. Two keywords are more lenient."
        wrong "Item: 'end if';" right "Item: 'end' 'if';"
    DeprecatedReference "deprecated-reference-syntax"
        "The terminal of a cross-reference comes after a colon."
        wrong "Use: item=[Item|ID];" right "Use: item=[Item:ID];"
    NoReferenceTerminal "no-reference-terminal"
        "The type has no property `name` from which Langium could see how references to it are written."
        wrong "Use: item=[Item];\nItem: id=ID;" right "Use: item=[Item:ID];\nItem: id=ID;"
    ReferenceTerminal "reference-terminal"
        "A reference is written as a text: its terminal or data type rule has to be one of type string."
        wrong "Use: item=[Item:INT];\nterminal INT returns number: /[0-9]+/;" right "Use: item=[Item:ID];\nterminal ID: /[a-z]+/;"
    ReferenceToData "reference-to-data-type"
        "Only objects can be referred to, not plain values."
        wrong "type T = A | 'none';\nUse: t=[T:ID];" right "type T = A | B;\nUse: t=[T:ID];"
    FragmentAsType "fragment-as-type"
        "A fragment creates no objects, so it is no type."
        wrong "interface A { b: F }\nfragment F: name=ID;" right "interface A { b: F }\nF: name=ID;"
    ReferenceOfUnion "reference-of-union"
        "`@` refers to one named type. Give the union a name."
        wrong "interface A { b: @(B | C) }" right "type D = B | C\ninterface A { b: @D }"
    CharacterRange "character-range"
        "A range goes from one character to another."
        wrong "terminal ID: 'aa'..'zz';" right "terminal ID: 'a'..'z';"
    CharacterRangeStyle "character-range-style"
        "A regular expression says the same and is more common."
        wrong "terminal DIGIT: '0'..'9';" right "terminal DIGIT: /[0-9]/;"
    EmptyTerminal "empty-terminal"
        "A terminal that matches the empty text would match everywhere, and lexing would never end."
        wrong "terminal WS: /\\s*/;" right "terminal WS: /\\s+/;"
    TerminalType "terminal-type"
        "A terminal is a text, which can be converted to a primitive type only."
        wrong "terminal ID returns Item: /[a-z]+/;" right "terminal ID returns string: /[a-z]+/;"
    CyclicTerminal "cyclic-terminal"
        "A terminal that contains itself is no regular expression. Langium crashes."
        wrong "terminal A: '(' A ')';" right "terminal A: '(' 'a'+ ')';"
    HugeTerminal "huge-terminal"
        "Terminals are written out where they are called. This one becomes a regular expression of more than a megabyte, which no engine runs."
        wrong "terminal A: 'a' 'b'; terminal B: A A; terminal C: B B; /* and so on */" right "terminal A: ('a' 'b')+;"
    LongChain "long-chain"
        "More alternatives in a row than can be nested. The generated grammar nests each of them in the one before, so its size grows with the square of their number; Langium crashes."
        wrong "terminal KEY: 'k1' | 'k2' | /* 2,000 more */ 'k2000';" right "terminal KEY: /k[0-9]+/;"
    TerminalClash "terminal-clash"
        "Tokens are told apart by name, and a keyword's name is its text: the terminal needs another one."
        wrong "Item: 'ID' name=ID;\nterminal ID: /[a-z]+/;" right "Item: 'ID' name=NAME;\nterminal NAME: /[a-z]+/;"
    RegexFlags "regex-flags"
        "There is no such flag of regular expressions."
        wrong "terminal ID: /[a-z]+/a;" right "terminal ID: /[a-z]+/i;"
    IgnoredRegexFlags "ignored-regex-flags"
        "Langium heeds the flags `i`, `s` and `u` only, and only of a regular expression that is the whole terminal."
        wrong "terminal ID: /[a-z]+/g;" right "terminal ID: /[a-z]+/i;"
    InvalidRegex "invalid-regex"
        "The terminal's regular expression is not one that JavaScript understands."
        wrong "terminal ID: /[z-a]+/;" right "terminal ID: /[a-z]+/;"
    DuplicateTerminal "duplicate-terminal"
        "Two terminals match the same texts; only the first one would ever be found."
        wrong "terminal A: /[a-z]+/;\nterminal B: /[a-z]+/;" right "terminal A: /[a-z]+/;"
    UnreachableTerminal "unreachable-terminal"
        "A token before this one matches everything that it matches, so it is never found."
        wrong "terminal ID: /[a-z]+/;\nterminal IF: 'if';" right "terminal IF: 'if';\nterminal ID: /[a-z]+/;"
    AnchoredTerminal "anchored-terminal"
        "Terminals are matched in the middle of a text: `^` and `$` have no place there."
        wrong "terminal ID: /^[a-z]+$/;" right "terminal ID: /[a-z]+/;"
    PrimitiveInfix "primitive-infix-rule"
        "An infix rule creates an object with a left side, an operator and a right side."
        wrong "infix Sum on Number returns string: '+';" right "infix Sum on Number: '+';"
    InfixType "infix-type"
        "What an infix rule returns needs properties for the left side, the operator and the right side that fit."
        wrong "interface Sum { left: Number }\ninfix Sum on Number returns Sum: '+';" right "interface Sum { left: Number; operator: '+'; right: Number }\ninfix Sum on Number returns Sum: '+';"
    DefaultValue "default-value"
        "The default value of a property has to be of the property's type."
        wrong "interface A { name: string = 1 }" right "interface A { name: string = 'one' }"
    CyclicType "cyclic-type"
        "A type cannot be made of itself."
        wrong "type A = B\ntype B = A" right "type A = B\ninterface B {}"
    ExtendsUnion "extends-union"
        "An interface extends interfaces, not a choice of types."
        wrong "type U = A | B\ninterface C extends U {}" right "interface U {}\ninterface C extends U {}"
    ExtendsInferred "extends-inferred"
        "An interface that extends an inferred type changes with the rule. Declare the other type too."
        wrong "Item: name=ID;\ninterface A extends Item {}" right "interface Item { name: string }\ninterface A extends Item {}"
    DuplicateProperty "duplicate-property"
        "Two properties of an interface, or one of it and one that it inherits, have the same name."
        wrong "interface A { a: string }\ninterface B extends A { a: string }" right "interface A { a: string }\ninterface B extends A { b: string }"
    ConflictingSuperTypes "conflicting-super-types"
        "Two interfaces that are extended have properties of the same name and of different types."
        wrong "interface A { x: string }\ninterface B { x: number }\ninterface C extends A, B {}" right "interface A { x: string }\ninterface B { y: number }\ninterface C extends A, B {}"
    InterfaceOrUnion "interface-or-union"
        "A type is declared as an interface and used as a union, or the other way round."
        wrong "type T = 'a'\nT returns T: name=ID;" right "interface T { name: string }\nT returns T: name=ID;"
    NotAssignable "not-assignable"
        "What the rule creates does not fit to what the declared type allows."
        wrong "interface A { n: number }\nA returns A: n=ID;" right "interface A { n: string }\nA returns A: n=ID;"
    UnexpectedProperty "unexpected-property"
        "The rule assigns a property that its declared type does not have."
        wrong "interface A { name: string }\nA returns A: name=ID size=INT;" right "interface A { name: string; size: number }\nA returns A: name=ID size=INT;"
    MissingProperty "missing-property"
        "The declared type has a property that is not optional, and some way through the rule does not assign it."
        wrong "interface A { name: string }\nA returns A: 'a' name=ID?;" right "interface A { name?: string }\nA returns A: 'a' name=ID?;"
}

impl Code {
    /// Whether some problems of this kind have a [`Fix`](super::Fix).
    pub const fn has_fixes(self) -> bool {
        matches!(
            self,
            Code::ImportExtension
                | Code::DuplicateImport
                | Code::RuleOnlyReferenced
                | Code::TypeIsDeclared
                | Code::TypeIsNotDeclared
                | Code::FragmentReturns
                | Code::Predicate
                | Code::DeprecatedReference
                | Code::CharacterRangeStyle
                | Code::IgnoredRegexFlags
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn names_are_unique_and_texts_are_there() {
        let mut names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        for code in Code::ALL {
            assert!(code.explanation().ends_with('.'), "{}", code.name());
            assert_ne!(code.wrong(), code.right(), "{}", code.name());
        }
    }
}
