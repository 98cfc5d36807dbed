// Every construct that random grammars should contain; a run says which of them never occurred.

export const CONSTRUCTS = [
    '+=', '=', '?=', 'BOM', 'CRLF', 'EOF', 'action of a declared type', 'alternative references', 'alternative values', 'alternatives', 'array type', 'assignment *', 'assignment +',
    'assignment ?', 'attribute default', 'block comment', 'caseInsensitive', 'chained actions', 'character range', 'condition !', 'condition &', 'condition ()',
    'condition |', 'cross reference', 'cross reference without terminal', 'cyclic import', 'data type rule: Date', 'data type rule: bigint', 'data type rule: boolean', 'data type rule: number',
    'data type rule: string', 'declared abstract interface', 'development mode', 'doc comment', 'doc comment of several lines', 'doc then line comment', 'empty comment',
    'fileNames', 'fragment', 'fragment call', 'fragment call *', 'fragment call +', 'fragment call ?', 'group *', 'group +', 'group ?', 'guard', 'hidden terminal', 'import',
    'import extension', 'infers', 'infix left assoc', 'infix right assoc', 'infix rule', 'infix rule with returns', 'interface', 'internal to Langium', 'interface extends',
    'interface with several super types', 'keyword value', 'language imports language', 'line comment', 'lookaround ?!', 'lookaround ?<!', 'lookaround ?<=',
    'lookaround ?=', 'multi reference', 'multi reference type', 'named arguments', 'negated token', 'nested array type', 'optional attribute', 'parameters',
    'parenthesised type', 'parser configuration', 'parser configuration of a language', 'positional arguments', 'production mode', 'reference type', 'regex flags',
    'regex in a composition', 'rule call value', 'rule that returns a union', 'rule with returns', 'simple action', 'strict types', 'string literal type', 'terminal alternatives',
    'terminal cardinality', 'terminal fragment', 'terminal parentheses', 'terminal returns', 'terminal rule call', 'tree rewriting action',
    'tree rewriting action +=', 'tree rewriting action of a declared type', 'two doc comments', 'two languages', 'type', 'unassigned rule call',
    'unassigned rule call with properties', 'unassigned rule calls only', 'unassigned terminal', 'union type', 'unordered group', 'until token', 'wildcard',
];
