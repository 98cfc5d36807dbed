// Random terminal rules. Each begins with letters of its own, so that no two match the same text.

const REGEX_PIECES = [
    'a', 'b+', '[x-z]', '[^\\]/]', '[/]', '\\/', '\\d', '\\w*', '\\s?', '(?:cd|e)', '(f|g)', 'h{2}', 'i{1,3}', 'j*?', '\\.', '\\\\', '"', "'", '`', '\\$\\{', '\\t', '\\u0041', '\\x42', '(?=k)', '(?!l)', '[αβ]', 'ü', '.',
    '[\\s\\S]', '[^\\n\\r]', '\\[', '\\-', '[a\\-z]', '(?<=m)', '\\b', '@',
];
const UNICODE_PIECES = ['a', '\\p{Lu}', '\\u{1F600}', '[x-z]+', '\\d', '\\/', '(?:b|c)'];
const REPEATABLE_PIECES = ['a', '[x-z]', '\\/', '(?:cd|e)', '(f)', '\\u0041', '[/]', '.', '[^\\]]'];
const LITERALS = ['a', 'b', 'xyz', '.', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '^', '$', '/', '\\\\', '-', '\\n', '\\r', '\\t', '\\"', '`', '${', 'ä', '日', '0', ' ', '#', ','];
const RANGES = [['a', 'z'], ['A', 'Z'], ['0', '9'], ['à', 'ÿ'], ['!', '/'], ['[', '`'], ['α', 'ω']];

/** The terminals nearly every grammar has, and some random ones. `language` collects what the parser rules may use. */
export function addTerminals(language) {
    const { rng } = language;
    const id = rng.weighted([[4, 'ID'], [1, 'Ident'], [1, '^ID']]);
    language.declare('terminal', ['terminal', id, ':', rng.pick(['/[_a-zA-Z][\\w_]*/', '/[a-zA-Z_]+/', '/\\^?[_a-zA-Z][\\w]*/']), ';']);
    language.stringTerminals.push(id);
    addNumber(language);
    if (rng.chance(0.7)) {
        language.declare('terminal', ['terminal', 'STRING', ...returns(language, 'string'), ':', '/"(\\\\.|[^"\\\\])*"|\'(\\\\.|[^\'\\\\])*\'/', ';']);
        language.stringTerminals.push('STRING');
    }
    addHidden(language);
    const fragments = rng.times(rng.int(0, 2), index => addFragment(language, index));
    rng.times(rng.int(0, 4), index => addRandom(language, index, fragments));
}

function addNumber(language) {
    const { rng, seen } = language;
    const body = rng.weighted([[3, ['/[0-9]+/']], [1, ["'0'", '..', "'9'", '+']], [1, ['(', "'0'", '..', "'9'", ')', '+']]]);
    language.declare('terminal', ['terminal', 'INT', 'returns', 'number', ':', ...body, ';']);
    language.terminalsOf.number.push('INT');
    seen('terminal returns');
    if (rng.chance(0.3)) {
        language.declare('terminal', ['terminal', 'DAY', 'returns', 'Date', ':', '/#d[0-9]+/', ';']);
        language.terminalsOf.Date.push('DAY');
    }
    if (rng.chance(0.3)) {
        language.declare('terminal', ['terminal', 'BIG', 'returns', 'bigint', ':', '/#g[0-9]+/', ';']);
        language.terminalsOf.bigint.push('BIG');
    }
    if (rng.chance(0.3)) {
        language.declare('terminal', ['terminal', 'YES', 'returns', 'boolean', ':', "'#yes'", '|', "'#no'", ';']);
        language.terminalsOf.boolean.push('YES');
    }
}

function addHidden(language) {
    const { rng, seen } = language;
    seen('hidden terminal');
    language.declare('terminal', ['hidden', 'terminal', 'WS', ':', ...rng.weighted([[4, ['/\\s+/']], [1, ['(', "' '", '|', "'\\t'", '|', "'\\n'", '|', "'\\r'", ')', '+']]]), ';']);
    if (rng.chance(0.5)) {
        language.declare('terminal', ['hidden', 'terminal', 'ML_COMMENT', ':', ...rng.weighted([[2, ['/\\/\\*[\\s\\S]*?\\*\\//']], [1, ["'/*'", '->', "'*/'"]]]), ';']);
    }
    if (rng.chance(0.4)) {
        language.declare('terminal', ['hidden', 'terminal', 'SL_COMMENT', ':', ...rng.weighted([[2, ['/\\/\\/[^\\n\\r]*/']], [1, ["'//'", '(', '!', '(', "'\\n'", '|', "'\\r'", ')', ')', '*']]]), ';']);
    }
}

function addFragment(language, index) {
    language.seen('terminal fragment');
    const name = `PIECE${index}`;
    const earlier = language.rng.times(index, number => `PIECE${number}`);
    language.declare('terminal', ['terminal', 'fragment', name, ':', ...alternatives(language, earlier, 2), ';']);
    return name;
}

function addRandom(language, index, fragments) {
    const { rng, seen } = language;
    const name = rng.pick(['TOK', 'Tok_', '_T']) + index;
    const start = `#${'abcefhij'[index]}`;
    const type = rng.weighted([[5, undefined], [1, 'string'], [1, 'number'], [0.5, 'boolean']]);
    const body = rng.weighted([
        [2, () => [flagged(start, rng, seen)]],
        [4, () => [`'${start}'`, ...alternative(language, fragments, 2)]],
        [1, () => (seen('terminal alternatives'), [`'${start}x'`, '|', `'${start}y'`, ...alternative(language, fragments, 2)])],
        [1, () => (seen('terminal parentheses'), ['(', `'${start}'`, ...alternative(language, fragments, 1), ')'])],
        [1, () => [`'${start}'`]],
    ])();
    language.declare('terminal', ['terminal', name, ...returns(language, type), ':', ...body, ';']);
    (type === undefined || type === 'string' ? language.stringTerminals : language.terminalsOf[type]).push(name);
}

function returns({ seen }, type) {
    return type === undefined ? [] : (seen('terminal returns'), ['returns', type]);
}

function flagged(start, rng, seen) {
    const flags = rng.weighted([[4, ''], [2, 'i'], [1, 's'], [1, 'u'], [1, 'iu'], [1, 'sui'], [0.5, 'g'], [0.3, 'im']]);
    if (flags) {
        seen('regex flags');
    }
    const pieces = flags.includes('u') ? UNICODE_PIECES : REGEX_PIECES;
    return `/${start}${rng.times(rng.int(0, 5), () => rng.pick(pieces)).join('')}/${flags}`;
}

function alternatives(language, calls, depth) {
    const { rng, seen } = language;
    const first = ['\'f\'', ...alternative(language, calls, depth)];
    return rng.chance(0.4) ? (seen('terminal alternatives'), [...first, '|', "'g'", ...alternative(language, calls, depth)]) : first;
}

function alternative(language, calls, depth) {
    return language.rng.times(language.rng.int(1, 3), () => element(language, calls, depth)).flat();
}

function element(language, calls, depth) {
    const { rng, seen } = language;
    const literal = () => `'${rng.pick(LITERALS)}'`;
    const nested = () => (depth > 0 ? ['(', ...alternatives(language, calls, depth - 1), ')'] : [literal()]);
    const simple = () => rng.weighted([[2, () => [literal()]], [1, range], [1, nested], [1, () => ['.']]])();
    const range = () => {
        const [from, to] = rng.pick(RANGES);
        seen('character range');
        return [`'${from}'`, '..', `'${to}'`];
    };
    const cardinality = rng.weighted([[6, ''], [1, '?'], [1, '*'], [1, '+']]);
    // The reference puts no parentheses around a regular expression that it repeats.
    const repeatable = cardinality !== '';
    const core = rng.weighted([
        [4, () => [literal()]],
        [2, range],
        [2, () => (seen('regex in a composition'), [`/${repeatable ? rng.pick(REPEATABLE_PIECES) : rng.times(rng.int(1, 2), () => rng.pick(REGEX_PIECES)).join('')}/${rng.chance(0.05) ? 'i' : ''}`])],
        [2, () => (seen('terminal parentheses'), nested())],
        [1, () => (seen('wildcard'), ['.'])],
        [1.5, () => (seen('negated token'), ['!', ...simple()])],
        [1.5, () => (seen('until token'), ['->', ...simple()])],
        [calls.length > 0 ? 3 : 0, () => (seen('terminal rule call'), [rng.pick(calls)])],
    ]);
    if (rng.chance(0.08) && depth > 0) {
        const kind = rng.pick(['?=', '?!', '?<=', '?<!']);
        seen(`lookaround ${kind}`);
        return ['(', kind, ...alternatives(language, calls, depth - 1), ')'];
    }
    if (cardinality) {
        seen('terminal cardinality');
        return [...core(), cardinality];
    }
    return core();
}
