// What random grammars are named and spelled with.

export const RULE_STEMS = [
    'Model', 'Node', 'Item', 'Leaf', 'Branch', 'Expr', 'Term', 'Unit', 'Zone', 'alpha', 'Beta_', '_Gamma', 'Ab', 'aB', 'AB', 'Z9', 'Z10',
    'Statement', 'Entity', 'Feature', 'Part', 'X', 'x_', 'Member', 'Value_', 'Kind', 'Entry_',
];

// Plain values, references, multi-references, and lists of them never share a property: mixing them is an error.
export const VALUE_PROPERTIES = [
    'name', 'value', 'kind', 'items', 'children', 'left', 'right', 'op', '_a', 'A', 'a', 'a1', 'a10', 'a2', 'B', 'b_1', 'body', 'x', 'X', 'zeta',
    'type', 'entry', 'hidden', 'terminal', 'infix', 'on', 'grammar', 'true', 'string', 'current', 'returns', '^escaped', '__', 'Name', 'nAme',
];
export const REFERENCE_PROPERTIES = ['ref', 'target', 'of', 'Link', '_link', 'super', 'link2', 'link10'];
export const REFERENCE_LIST_PROPERTIES = ['refs', 'targets', 'Links', '_links', 'links2', 'links10'];
export const MULTI_PROPERTIES = ['all', 'many', 'Multi', 'm1'];
export const MULTI_LIST_PROPERTIES = ['alls', 'manies', 'M1'];

// Source text inside the quotes; the quote itself is chosen later.
export const KEYWORDS = [
    'begin', 'end', 'if', 'then', 'else', 'let', 'in', 'of', 'Begin', 'END', 'a', 'A', 'b', 'ab', 'aB', 'x-y', 'x_y', '_', '1', '10', '9a',
    '(', ')', '{', '}', '[', ']', '<', '>', '<=', '->', '=>', '=', '==', '+', '-', '*', '/', '//', '/*', '*/', '&', '|', '||', '!', '?', ':', '::', ';', ',', '.', '..', '@', '$', '%', '^', '~',
    '`', '${', '${x}', 'it`s', '\\\\', 'n\\nl', 't\\tb', 'é', 'größe', '日本', '🎉', '→', 'a b', '\\u0041', '\\/', 'ÿ', 'µ', '\\"', "\\'", 'grammar', 'entry', 'true', 'infer', 'returns',
];

export const COMMENT_TEXTS = [
    'A comment.', 'Two  spaces', 'tick ` and ${template}', 'back\\slash \\n \\\\ \\`', '"double" \'single\'', 'ünïcödé → 日本 🎉', '@deprecated use {@link Other}', '', ' ', '*', '**', '<b>&amp;</b>',
    'a // b', 'a /* b', 'ends with star *', '\ttab', '```ts', '- item', '$', '$$', '{', '}', ';', '\\u0041',
];
