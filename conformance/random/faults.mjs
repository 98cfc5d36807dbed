// Faults put into a valid project: references to nothing, names used twice, wrong types, missing rules, wrong
// cardinalities, bad terminals and the like. Works on the text of the grammars, token by token. What comes out may still be
// valid, or may no longer be a grammar at all; mostly it is a grammar that something is wrong with.

import { randomFrom } from './rng.mjs';
import { declarationSpans, tokensOf } from './shrink.mjs';

const MAX_FAULTS = 4;
const PRIMITIVES = ['string', 'number', 'boolean', 'Date', 'bigint'];
const RESERVED = ['Object', 'Date', 'constructor', 'toString', 'Array', 'string', 'Reference', 'default', 'Promise', 'name'];
const BAD_KEYWORDS = ["''", "' '", "'a b'", "'\\n'", '"\\t"', "'x '"];
const BAD_TERMINALS = [
    '/a*/', '/(b|)/', "'ab'..'c'", "'x'..'y'", '/x/g', '/x/gq', '/x/zz', '/x/u', '/x/y | /z/i', '/^a/', '/b$/', "'q'?", "('q' | 'r')*", '(!/x/)', '->/x/',
    '.', "'if'", '/if/', '/i/', "'{'", '/\\s+/', '/[a-z]+/', "(?= 'a')", 'ID', 'Ident', 'ID INT?', '(ID)*',
];
const DEFAULTS = ["'x'", '5', 'true', '[]', "['a']", "['a', 1]", '[true]', '-1.5', "[['a'], ['b']]"];
const IDENTIFIER = /^\^?[A-Za-z_]\w*$/;
// Words that stay what they are: a grammar with one of them changed is hardly ever one.
const FIXED = new Set(['grammar', 'import', 'entry', 'fragment', 'hidden', 'terminal', 'infix', 'interface', 'type', 'returns', 'infers', 'infer', 'extends', 'on', 'current', 'left', 'right', 'assoc', 'EOF']);

/**
 * @param seed, attempt any integers; the same ones put the same faults into the same project
 * @param files path -> text, as `randomProject` makes them
 * @returns `files`: path -> text; `faults`: what was done, for people
 */
export function withFaults(seed, attempt, files) {
    // Another stream of numbers than the one that made the project.
    const rng = randomFrom(seed ^ Math.imul(attempt, 0x5bd1e995));
    const grammars = new Map([...files].filter(([path]) => path.endsWith('.langium')).map(([path, text]) => [path, tokensOf(text)]));
    const configuration = JSON.parse(files.get('langium-config.json'));
    const project = { rng, grammars, configuration, names: declaredNames(grammars) };
    const wanted = rng.int(1, MAX_FAULTS);
    const faults = [];
    for (let tries = 0; faults.length < wanted && tries < 40; tries++) {
        const [name, inject] = rng.pick(FAULTS);
        const path = rng.pick([...grammars.keys()]);
        if (inject({ ...project, path, tokens: grammars.get(path) })) {
            faults.push(`${name} in ${path}`);
        }
    }
    const texts = new Map([...files].map(([path, text]) => [path, grammars.get(path)?.join('') ?? text]));
    texts.set('langium-config.json', JSON.stringify(configuration, undefined, 2));
    return { files: texts, faults };
}

/** By name; each gets the project and one grammar of it, changes the tokens in place, and returns whether it did. */
const FAULTS = Object.entries({
    'reference to nothing': context => replaceOne(context, isUse(context), () => context.rng.pick(['Missing', 'missing', 'Nothing_1'])),
    'reference to another': context => replaceOne(context, isUse(context), () => context.rng.pick(context.names)),
    // The commonest mistake of all.
    'reference to another, again': context => replaceOne(context, isUse(context), () => context.rng.pick(context.names)),
    'name of another': context => replaceOne(context, isDeclared, () => context.rng.pick(context.names)),
    'reserved name': context => replaceOne(context, isDeclared, () => context.rng.pick(RESERVED)),
    'lower case name': context => renameAll(context, name => name[0].toLowerCase() + name.slice(1)),
    'missing declaration': context => changeDeclaration(context, () => []),
    'declaration twice': context => changeDeclaration(context, tokens => [...tokens, '\n', ...tokens]),
    'declaration in another file': moveDeclaration,
    'changed operator': context => replaceOne(context, isOperator, ([token]) => context.rng.pick(['=', '+=', '?='].filter(other => other !== token))),
    'added cardinality': context => insertAfter(context, isElement, () => context.rng.pick(['*', '+', '?'])),
    'removed cardinality': context => replaceOne(context, isCardinality, () => ''),
    'changed cardinality': context => replaceOne(context, isCardinality, () => context.rng.pick(['*', '+', '?'])),
    'other primitive': context => replaceOne(context, ([token]) => PRIMITIVES.includes(token), () => context.rng.pick(PRIMITIVES)),
    'primitive in place of a type': context => replaceOne(context, ([token], at) => context.names.includes(token) && before(at, 2).includes(':'), () => context.rng.pick(PRIMITIVES)),
    'bad terminal': badTerminal,
    'terminal that returns something': context => insertAfter(context, ([token], at) => IDENTIFIER.test(token) && before(at, 1)[0] === 'terminal', () => ` returns ${context.rng.pick([...PRIMITIVES, context.rng.pick(context.names)])}`),
    'hidden terminal': context => insertBefore(context, ([token]) => token === 'terminal', () => 'hidden '),
    'terminal fragment': context => insertAfter(context, ([token]) => token === 'terminal', () => ' fragment'),
    'entry rule gone': context => replaceOne(context, ([token], at) => token === 'entry' && IDENTIFIER.test(after(at, 1)[0] ?? ''), () => ''),
    'another entry rule': context => insertBefore(context, isRuleName, () => 'entry '),
    'fragment': context => insertBefore(context, isRuleName, () => 'fragment '),
    'no fragment': context => replaceOne(context, ([token]) => token === 'fragment', () => ''),
    'rule that infers': context => insertAfter(context, isRuleName, () => ` infers ${context.rng.pick([...context.names, 'Fresh'])}`),
    'rule that returns': context => insertAfter(context, isRuleName, () => ` returns ${context.rng.pick([...PRIMITIVES, ...context.names, ...context.names])}`),
    'rule with a parameter': context => insertAfter(context, isRuleName, () => context.rng.pick(['<p>', '<p, q>', '<p, p>'])),
    'call with arguments': context => insertAfter(context, isUse(context), () => context.rng.pick(['<true>', '<p=true>', '<p=true, false>', '<p=true, p=false>', '<true, false, true>'])),
    'call without arguments': context => changeRun(context, token => token === '<', token => token === '>', () => []),
    'bad keyword': context => replaceOne(context, isText, () => context.rng.pick(BAD_KEYWORDS)),
    'predicate': context => insertBefore(context, isElementStart, () => context.rng.pick(['=> ', '-> '])),
    'reference with a bar': context => replaceOne(context, ([token], at) => token === ':' && before(at, 2).some(other => other === '[' || other === '+'), () => '|'),
    'reference without terminal': context => changeRun(context, (token, at) => token === ':' && before(at, 2).some(other => other === '[' || other === '+'), token => token === ']', () => [']']),
    'interface that extends': context => insertAfter(context, ([token], at) => IDENTIFIER.test(token) && before(at, 1)[0] === 'interface' && after(at, 1)[0] !== 'extends', () => ` extends ${context.rng.some(context.names, context.rng.int(1, 2)).join(', ')}`),
    'default value': context => insertAfter(context, isAttributeType(context), () => ` = ${context.rng.pick(DEFAULTS)}`),
    'optional attribute': context => insertBefore(context, ([token], at) => token === ':' && IDENTIFIER.test(before(at, 1)[0] ?? ''), () => '?'),
    'required attribute': context => replaceOne(context, ([token], at) => token === '?' && after(at, 1)[0] === ':', () => ''),
    'array': context => insertAfter(context, isAttributeType(context), () => '[]'),
    'reference type': context => insertBefore(context, isAttributeType(context), () => '@'),
    'other attribute': context => replaceOne(context, ([token], at) => IDENTIFIER.test(token) && [':', '?'].includes(after(at, 1)[0]), () => context.rng.pick(['name', 'value', 'other'])),
    'other property': context => replaceOne(context, ([token], at) => IDENTIFIER.test(token) && ['=', '+=', '?='].includes(after(at, 2).join('').slice(0, 2).replace(/=.$/, '=')), () => context.rng.pick(['name', 'value', 'other', 'target', 'constructor'])),
    'action': context => insertAfter(context, ([token], at) => token === ':' && IDENTIFIER.test(before(at, 1)[0] ?? ''), () => ` {${context.rng.pick(['', 'infer '])}${context.rng.pick(context.names)}}`),
    'tree rewriting action': context => insertBefore(context, isElementStart, () => `{${context.rng.pick(['', 'infer '])}${context.rng.pick(context.names)}.${context.rng.pick(['left', 'value'])}${context.rng.pick(['=', '+='])}current} `),
    'declared in place of inferred': context => replaceOne(context, ([token]) => token === 'infer' || token === 'infers', ([token]) => (token === 'infer' ? '' : 'returns')),
    'inferred in place of declared': context => replaceOne(context, ([token]) => token === 'returns', () => 'infers'),
    'missing file': context => replaceOne(context, isImportPath, () => "'./missing'"),
    'path with extension': context => replaceOne(context, ([token], at) => isImportPath([token], at) && !token.includes('.langium'), ([token]) => `${token.slice(0, -1)}.langium${token.at(-1)}`),
    'import twice': importTwice,
    'import of the entry': context => insertBefore(context, ([token]) => token === 'import', () => `import './${context.configuration.languages[0].grammar.replace(/\.langium$/, '')}'\n`),
    'strict types': ({ configuration }) => (configuration.validation = { types: 'strict' }),
    'optional element of an unordered group': context => insertAfter(context, (_, at) => after(at, 1)[0] === '&', () => '?'),
    'type of texts and types': context => append(context, () => `type ${context.rng.pick(['Mixed', ...context.names])} = ${context.rng.pick(context.names)} | ${context.rng.pick(["'x'", 'string', context.rng.pick(context.names)])}`),
    'interface of another name': context => append(context, () => `interface ${context.rng.pick(context.names)} { ${context.rng.pick(['name', 'value'])}: ${context.rng.pick([...PRIMITIVES, ...context.names])} }`),
    'rule of references': context => append(context, () => `Extra: 'extra' value=[${context.rng.pick(['', '+'])}${context.rng.pick(context.names)}${context.rng.pick(['', ':ID', `:${context.rng.pick(context.names)}`])}] | value=${context.rng.pick(context.names)};`),
    'rule that may be empty': context => append(context, () => `Extra: ${context.rng.pick(['value=ID?', "('x'? value=ID?)", '{infer X}', `value=${context.rng.pick(context.names)}*`, `${context.rng.pick(context.names)}?`])};`),
    'rule that begins with itself': context => insertAfter(context, ([token], at) => token === ':' && IDENTIFIER.test(before(at, 1)[0] ?? ''), at => ` ${context.rng.pick(['', 'left='])}${context.rng.pick([...before(at, 1), ...context.names])} | `),
    'infix rule': context => append(context, () => `infix Extra on ${context.rng.pick(context.names)}${context.rng.pick(['', ' returns string', ` returns ${context.rng.pick(context.names)}`])}: '+' | '-' > '*' | '+';`),
    'word gone': context => replaceOne(context, ([token]) => IDENTIFIER.test(token) && !FIXED.has(token), () => ''),
});

/** Tokens around a place, without white space and comments; `at` is [index, tokens]. */
function before([index, tokens], count) {
    return neighbours(tokens, index, -1, count);
}

function after([index, tokens], count) {
    return neighbours(tokens, index, 1, count);
}

function neighbours(tokens, index, step, count) {
    const found = [];
    for (let place = index + step; place >= 0 && place < tokens.length && found.length < count; place += step) {
        if (isSolid(tokens[place])) {
            found.push(tokens[place]);
        }
    }
    return found;
}

function isSolid(token) {
    return !/^(\s+|\/\*[\s\S]*|\/\/.*)$/.test(token) && token !== '';
}

const isText = ([token]) => /^['"]/.test(token);
const isOperator = ([token], at) => token === '=' && IDENTIFIER.test(before(at, 1)[0] ?? '') && !['type'].includes(before(at, 2)[1]);
const isCardinality = ([token], at) => ['*', '+', '?'].includes(token) && (isElementToken(before(at, 1)[0]) && !['=', ':'].includes(after(at, 1)[0]));
const isElementToken = token => token !== undefined && (IDENTIFIER.test(token) || /^['"]/.test(token) || token === ')' || token === ']');
const isElement = ([token], at) => isElementToken(token) && !FIXED.has(token) && (IDENTIFIER.test(after(at, 1)[0] ?? '') || [';', ')', '|'].includes(after(at, 1)[0]));
const isElementStart = ([token], at) => (IDENTIFIER.test(token) || isText([token])) && [':', '(', '|'].includes(before(at, 1)[0]) && !FIXED.has(token);
const isDeclared = ([token], at) => IDENTIFIER.test(token) && !FIXED.has(token) && [';', '}', 'entry', 'fragment', 'terminal', 'interface', 'type', 'infix', undefined].includes(before(at, 1)[0]);
const isRuleName = ([token], at) => IDENTIFIER.test(token) && !FIXED.has(token) && [';', '}'].includes(before(at, 1)[0]) && after(at, 1)[0] === ':';
const isImportPath = ([token], at) => isText([token]) && before(at, 1)[0] === 'import';
const isUse = ({ names }) => ([token], at) => names.includes(token) && !isDeclared([token], at);
const isAttributeType = ({ names }) => ([token], at) => (names.includes(token) || PRIMITIVES.includes(token)) && before(at, 1)[0] === ':';

/** The places where `wanted` holds; it gets [token] and the place. */
function places({ tokens }, wanted) {
    return [...tokens.keys()].filter(index => isSolid(tokens[index]) && wanted([tokens[index]], [index, tokens]));
}

function replaceOne(context, wanted, make) {
    const index = context.rng.pick(places(context, wanted));
    if (index === undefined) {
        return false;
    }
    context.tokens.splice(index, 1, make([context.tokens[index]]));
    retokenize(context);
    return true;
}

function insertAfter(context, wanted, make) {
    const index = context.rng.pick(places(context, wanted));
    if (index === undefined) {
        return false;
    }
    context.tokens.splice(index + 1, 0, make([index, context.tokens]));
    retokenize(context);
    return true;
}

function insertBefore(context, wanted, make) {
    const index = context.rng.pick(places(context, wanted));
    if (index === undefined) {
        return false;
    }
    context.tokens.splice(index, 0, make([index, context.tokens]));
    retokenize(context);
    return true;
}

/** Replaces what stands from a token to another one, both included. */
function changeRun(context, starts, ends, make) {
    const index = context.rng.pick(places(context, ([token], at) => starts(token, at)));
    if (index === undefined) {
        return false;
    }
    const end = context.tokens.findIndex((token, other) => other > index && ends(token));
    if (end < 0) {
        return false;
    }
    context.tokens.splice(index, end - index + 1, ...make());
    retokenize(context);
    return true;
}

function changeDeclaration(context, change) {
    const span = context.rng.pick(declarationSpans(context.tokens));
    if (span === undefined) {
        return false;
    }
    const [start, end] = span;
    context.tokens.splice(start, end - start, ...change(context.tokens.slice(start, end)));
    return true;
}

function moveDeclaration(context) {
    const span = context.rng.pick(declarationSpans(context.tokens));
    const other = context.rng.pick([...context.grammars.keys()].filter(path => path !== context.path));
    if (span === undefined || other === undefined) {
        return false;
    }
    const [start, end] = span;
    context.grammars.get(other).push('\n', ...context.tokens.splice(start, end - start));
    return true;
}

function badTerminal(context) {
    const { rng, tokens } = context;
    const terminals = declarationSpans(tokens).filter(([start, end]) => tokens.slice(start, end).includes('terminal'));
    const span = rng.pick(terminals);
    const colon = span === undefined ? -1 : tokens.findIndex((token, index) => index > span[0] && token === ':');
    if (colon < 0 || colon >= span[1]) {
        return false;
    }
    tokens.splice(colon + 1, span[1] - colon - 2, ' ', rng.pick(BAD_TERMINALS));
    retokenize(context);
    return true;
}

function importTwice(context) {
    const index = context.rng.pick(places(context, ([token]) => token === 'import'));
    if (index === undefined) {
        return false;
    }
    const path = after([index, context.tokens], 1)[0];
    context.tokens.splice(index, 0, `import ${path};\n`);
    retokenize(context);
    return true;
}

function append(context, make) {
    context.tokens.push('\n', make(), '\n');
    retokenize(context);
    return true;
}

/** Gives a declared name, and all that refers to it, another one. */
function renameAll(context, change) {
    const index = context.rng.pick(places(context, isDeclared));
    if (index === undefined) {
        return false;
    }
    const name = context.tokens[index];
    for (const tokens of context.grammars.values()) {
        tokens.forEach((token, place) => {
            if (token === name) {
                tokens[place] = change(name);
            }
        });
    }
    return change(name) !== name;
}

function retokenize({ tokens }) {
    tokens.splice(0, tokens.length, ...tokensOf(tokens.join('')));
}

function declaredNames(grammars) {
    const names = [...grammars.values()].flatMap(tokens => places({ tokens }, isDeclared).map(index => tokens[index]));
    return [...new Set([...names, 'ID'])];
}
