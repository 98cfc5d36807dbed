// Random interfaces and types, and parser rules that return them. Interfaces with a rule hold only what a rule can assign;
// the others hold anything.

import { MULTI_PROPERTIES, REFERENCE_PROPERTIES, VALUE_PROPERTIES } from './words.mjs';

/** Interfaces with rules of their own; every one of them can be called and referred to. */
export function addDeclaredRules(language, count) {
    const { rng, seen } = language;
    const bases = [];
    rng.times(count, index => {
        const base = rng.chance(0.5) && bases.length > 0 ? rng.pick(bases) : undefined;
        const iface = { name: language.freshName('Decl'), superTypes: base ? [base] : [], attributes: [] };
        bases.push(iface);
        language.interfaces.push(iface);
        language.rules.push({ name: iface.name, type: iface.name, parameters: [], order: 1000 + index });
    });
    for (const iface of bases) {
        addAttributes(language, iface, () => assignableType(language, bases));
        emitInterface(language, iface);
    }
    for (const iface of bases) {
        // A sub type's rule assigns what it inherits; a base with sub types may call their rules.
        const attributes = allAttributes(iface);
        const subTypes = bases.filter(other => other.superTypes.includes(iface));
        const own = [language.keyword(), ...attributes.flatMap(attribute => assignment(language, attribute))];
        const calls = rng.chance(0.6) ? subTypes.filter(sub => bases.indexOf(sub) > bases.indexOf(iface)) : [];
        const onlyCalls = calls.length > 1 && attributes.length === 0 && rng.chance(0.6);
        if (onlyCalls) {
            seen('declared abstract interface');
        }
        const alternatives = [...calls.map(sub => [sub.name]), ...(onlyCalls ? [] : [withAction(language, iface, own)])];
        seen('rule with returns');
        language.declare('rule', [iface.name, 'returns', iface.name, ':', ...rng.shuffle(alternatives).flatMap((alternative, index) => (index === 0 ? alternative : ['|', ...alternative])), ';']);
    }
    addBinary(language, bases);
    addUnionRule(language, bases);
}

/** An entry rule that returns an interface, where nothing is inferred. */
export function addDeclaredEntry(language) {
    const { rng, interfaces } = language;
    const name = language.freshName('Root');
    const attributes = rng.some(interfaces, rng.int(1, 5)).map((iface, index) => ({ property: `part${index}`, type: iface.name }));
    language.declare('type', ['interface', name, '{', ...attributes.flatMap(({ property, type }) => [property, ':', type, '[', ']', ...rng.pick([[], [';']])]), '}']);
    const parts = attributes.flatMap(({ property, type }, index) => [...(index === 0 ? [] : ['|']), property, '+=', type]);
    language.declare('entry', ['entry', name, 'returns', name, ':', '(', ...parts, ')', '*', ';']);
}

/** Interfaces and types without rules. */
export function addLooseTypes(language, count) {
    const { rng, seen } = language;
    const loose = [];
    rng.times(count, () => {
        if (rng.chance(0.55)) {
            const superTypes = rng.some(loose.filter(type => type.attributes), rng.weighted([[3, 0], [3, 1], [2, 2]]));
            if (superTypes.length > 1) {
                seen('interface with several super types');
            }
            const used = new Set(superTypes.flatMap(type => allAttributes(type).map(attribute => attribute.name)));
            if (used.size < superTypes.flatMap(type => allAttributes(type)).length) {
                superTypes.length = 1;
            }
            const iface = { name: language.freshName('Loose'), superTypes, attributes: [] };
            addAttributes(language, iface, () => ({ tokens: anyType(language, loose, 2) }));
            emitInterface(language, iface);
            loose.push(iface);
        } else {
            const name = language.freshName('Alias');
            seen('type');
            const tokens = anyType(language, loose, 2);
            language.declare('type', ['type', name, '=', ...tokens, ...(rng.chance(0.7) ? [';'] : [])]);
            // An alias of an array or a reference is not even assignable to itself.
            if (!tokens.some(token => ['[', '@'].includes(token))) {
                loose.push({ name });
            }
        }
    });
}

function addAttributes(language, iface, makeType) {
    const { rng } = language;
    const taken = new Set(iface.superTypes.flatMap(type => allAttributes(type).map(attribute => attribute.name)));
    rng.times(rng.int(0, 5), () => {
        const type = makeType();
        const name = rng.pick(type.pool ?? VALUE_PROPERTIES);
        // A sub type declared later may not repeat the name either, so every interface has a letter of its own at times.
        if (!taken.has(bare(name)) && !language.attributeNames.has(bare(name))) {
            taken.add(bare(name));
            if (rng.chance(0.7)) {
                language.attributeNames.add(bare(name));
            }
            iface.attributes.push({ name: bare(name), spelling: name, optional: rng.chance(0.3), ...type });
        }
    });
}

function bare(name) {
    return name.replace('^', '');
}

function allAttributes(iface) {
    return [...iface.superTypes.flatMap(allAttributes), ...iface.attributes];
}

function emitInterface(language, iface) {
    const { rng, seen } = language;
    seen('interface');
    const tokens = ['interface', iface.name];
    if (iface.superTypes.length > 0) {
        seen('interface extends');
        tokens.push('extends', ...iface.superTypes.flatMap((type, index) => (index === 0 ? [type.name] : [',', type.name])));
    }
    tokens.push('{');
    for (const attribute of iface.attributes) {
        if (attribute.optional) {
            seen('optional attribute');
        }
        tokens.push(attribute.spelling, ...(attribute.optional ? ['?'] : []), ':', ...attribute.tokens);
        if (attribute.default && rng.chance(0.5)) {
            seen('attribute default');
            tokens.push('=', ...attribute.default(rng));
        }
        tokens.push(...(rng.chance(0.5) ? [';'] : []));
    }
    tokens.push('}', ...(rng.chance(0.2) ? [';'] : []));
    language.declare('type', tokens);
}

const DEFAULTS = {
    string: rng => [rng.pick(["'x'", '"it\'s"', "'say \"hi\"'", "'\\\\'", "''", "'a`${b}'", "'\\n'"])],
    number: rng => [rng.pick(['1', '-2', '0.5', '1e3', '-Infinity', '1E-7', '.25', '100000000000000000000000', '-0'])],
    boolean: rng => [rng.pick(['true', 'false'])],
    strings: rng => ['[', ...rng.pick([[], ["'a'"], ["'a'", ',', '"b\'"']]), ']'],
};

/** A type that a rule can assign: its tokens, and how an assignment to it is written. */
function assignableType(language, bases) {
    const { rng, seen } = language;
    const target = () => rng.pick(bases).name;
    const string = () => rng.pick([...language.stringTerminals, ...language.dataTypeRules]);
    return rng.weighted([
        [4, () => ({ tokens: ['string'], operator: '=', value: () => [string()], default: DEFAULTS.string })],
        [2, () => ({ tokens: ['number'], operator: '=', value: () => ['INT'], default: DEFAULTS.number })],
        [2, () => ({ tokens: ['boolean'], operator: '?=', value: () => [language.keyword()], default: DEFAULTS.boolean })],
        [2, () => {
            const words = rng.some(["'a'", "'b'", '"c"', "'d\\'e'"], rng.int(1, 3));
            seen('string literal type');
            return { tokens: words.flatMap((word, index) => (index === 0 ? [word] : ['|', word])), operator: '=', value: () => ['(', ...words.flatMap((word, index) => (index === 0 ? [word] : ['|', word])), ')'] };
        }],
        [2, () => ({ tokens: [target()], same: true, operator: '=' })],
        [2, () => (seen('array type'), { tokens: [target(), '[', ']'], same: true, operator: '+=' })],
        [1, () => (seen('array type'), { tokens: ['string', '[', ']'], operator: '+=', value: () => [string()], default: DEFAULTS.strings })],
        [1, () => ({ tokens: ['(', 'string', '|', 'number', ')', '[', ']'], operator: '+=', value: () => ['(', string(), '|', 'INT', ')'] })],
        [2, () => reference(language, target(), '=', ['@'], [], REFERENCE_PROPERTIES)],
        [1, () => reference(language, target(), '+=', ['(', '@'], [')', '[', ']'], REFERENCE_PROPERTIES)],
        [1, () => (seen('multi reference type'), reference(language, target(), '=', ['@'], ['+'], MULTI_PROPERTIES, ['+']))],
    ])();
}

function reference(language, target, operator, before, after, pool, plus = []) {
    language.seen('reference type');
    return { tokens: [...before, target, ...after], operator, pool, value: () => ['[', ...plus, target, ':', language.rng.pick(language.stringTerminals), ']'] };
}

function assignment(language, attribute) {
    const { rng } = language;
    const value = attribute.same ? [attribute.tokens[0]] : attribute.value();
    const core = [attribute.spelling, attribute.operator, ...value];
    if (attribute.operator === '?=') {
        return rng.chance(0.6) ? [...core, '?'] : core;
    }
    if (attribute.operator === '+=') {
        return rng.weighted([[2, [language.keyword(), ...core]], [2, ['(', language.keyword(), ...core, ')', '*']], [1, [language.keyword(), ...core, '(', "','", ...core, ')', '*']]]);
    }
    return attribute.optional ? rng.weighted([[2, ['(', language.keyword(), ...core, ')', '?']], [1, []], [1, [language.keyword(), ...core]]]) : [language.keyword(), ...core];
}

function withAction(language, iface, tokens) {
    const createsObject = tokens.some(token => ['=', '+=', '?='].includes(token));
    if (createsObject && language.rng.chance(0.8)) {
        return tokens;
    }
    language.seen('action of a declared type');
    return ['{', iface.name, '}', ...tokens];
}

/** A tree-rewriting rule over declared interfaces. */
function addBinary(language, bases) {
    const { rng, seen } = language;
    const base = bases.find(iface => iface.attributes.length === 0 && iface.superTypes.length === 0);
    if (!base || rng.chance(0.3)) {
        return;
    }
    const name = language.freshName('Binary');
    const rule = language.freshName('Chain');
    seen('tree rewriting action of a declared type');
    const array = rng.chance(0.3);
    language.declare('type', ['interface', name, 'extends', base.name, '{', 'left', ':', base.name, ...(array ? ['[', ']'] : []), 'op', ':', "'+'", '|', "'-'", 'right', ':', base.name, '}']);
    language.declare('rule', [rule, 'returns', base.name, ':', base.name, '(', '{', name, '.', 'left', array ? '+=' : '=', 'current', '}', 'op', '=', '(', "'+'", '|', "'-'", ')', 'right', '=', base.name, ')', rng.pick(['*', '?']), ';']);
    language.rules.push({ name: rule, type: base.name, parameters: [], order: 900 });
    if (rng.chance(0.6)) {
        const infix = language.freshName('Infix');
        const operation = language.freshName('Operation');
        seen('infix rule with returns');
        language.declare('type', ['interface', operation, 'extends', base.name, '{', 'left', ':', base.name, ';', 'operator', ':', 'string', 'right', ':', base.name, '}']);
        language.declare('rule', ['infix', infix, 'on', base.name, 'returns', operation, ':', "'*'", '|', "'/'", '>', ...rng.pick([[], ['right', 'assoc']]), "'**'", ';']);
        language.rules.push({ name: infix, type: operation, parameters: [], order: 890 });
    }
}

function addUnionRule(language, bases) {
    const { rng, seen } = language;
    if (bases.length < 2 || rng.chance(0.4)) {
        return;
    }
    const name = language.freshName('Union');
    const members = rng.some(bases, rng.int(2, 3)).map(iface => iface.name);
    const bars = members.flatMap((member, index) => (index === 0 ? [member] : ['|', member]));
    seen('type');
    language.declare('type', ['type', name, '=', ...bars, ';']);
    if (rng.chance(0.6)) {
        seen('rule that returns a union');
        language.declare('rule', [name, 'returns', name, ':', ...bars, ';']);
        language.rules.push({ name, type: name, parameters: [], order: 950 });
    }
}

/** Any type definition, for attributes that no rule assigns; only earlier types, so that nothing is cyclic. */
function anyType(language, earlier, depth) {
    const { rng, seen } = language;
    const named = earlier.length > 0 ? [[4, () => [rng.pick(earlier).name]]] : [];
    const interfaces = earlier.filter(type => type.attributes);
    const references = interfaces.length > 0
        ? [[1.5, () => (seen('reference type'), ['@', rng.pick(interfaces).name])], [0.7, () => (seen('multi reference type'), ['@', rng.pick(interfaces).name, '+'])]]
        : [];
    const nested = depth > 0 ? [
        [1.5, () => (seen('array type'), [...wrapped(plainType(language, earlier)), '[', ']'])],
        [2, () => (seen('union type'), [...plainType(language, earlier), '|', ...plainType(language, earlier), ...(rng.chance(0.3) ? ['|', ...wrapped(plainType(language, earlier))] : [])])],
        [1, () => (seen('parenthesised type'), ['(', ...anyType(language, earlier, depth - 1), ')'])],
        [0.5, () => (seen('nested array type'), ['(', ...plainType(language, earlier), '[', ']', ')', '[', ']'])],
    ] : [];
    return rng.weighted([[3, () => plainType(language, earlier)], ...named, ...references, ...nested])();
}

function plainType({ rng, seen }, earlier) {
    const names = earlier.filter(type => type.attributes).map(type => type.name);
    return rng.weighted([
        [3, () => [rng.pick(['string', 'number', 'boolean', 'Date', 'bigint'])]],
        [2, () => (seen('string literal type'), [rng.pick(["'a'", '"b"', "'it`s'", '"q\'q"', "'\\\\'"])])],
        [names.length > 0 ? 3 : 0, () => [rng.pick(names)]],
    ])();
}

function wrapped(tokens) {
    return ['(', ...tokens, ')'];
}
