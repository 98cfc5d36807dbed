// Random parser rules whose types are inferred, data type rules, fragments and infix rules.
//
// A rule has an `order`; where nothing has been consumed yet it calls only rules of a higher order, so there is no left
// recursion. Loops begin with a keyword, so that each turn consumes something.

import { MULTI_LIST_PROPERTIES, MULTI_PROPERTIES, REFERENCE_LIST_PROPERTIES, REFERENCE_PROPERTIES, VALUE_PROPERTIES } from './words.mjs';

export function addDataTypeRules(language, count) {
    const { rng, seen } = language;
    rng.times(count, () => {
        const name = language.freshName('Data');
        const string = () => rng.pick([...language.stringTerminals, ...language.dataTypeRules]);
        const numbers = type => language.terminalsOf[type];
        const type = rng.weighted([[8, 'string'], [1, 'number'], [1, 'boolean'], [numbers('Date').length, 'Date'], [numbers('bigint').length, 'bigint']]);
        seen(`data type rule: ${type}`);
        const body = type !== 'string'
            ? rng.pick([[rng.pick(numbers(type).length > 0 ? numbers(type) : ["'yes'"])], [rng.pick(numbers(type).length > 0 ? numbers(type) : ["'no'"]), '|', language.keyword()]])
            : rng.weighted([
                [3, () => [string(), '(', language.keyword(), string(), ')', rng.pick(['*', '?', '+'])]],
                [2, () => rng.times(rng.int(1, 4), index => (index === 0 ? [language.keyword()] : ['|', language.keyword()])).flat()],
                [2, () => [string(), '|', language.keyword(), '|', string()]],
                [1, () => [string()]],
                [1, () => [string(), string()]],
                [1, () => ['(', language.keyword(), '|', '(', string(), ')', ')', ...rng.pick([[], ['+']])]],
                [0.5, () => [language.keyword(), '&', language.keyword()]],
                [0.5, () => ['INT', '|', string()]],
            ])();
        language.declare('rule', [name, 'returns', type, ':', ...body, ';']);
        (type === 'string' ? language.dataTypeRules : language.otherDataTypeRules).push(name);
    });
}

/** Plans the rules, so that any can call any other, then writes their bodies. */
export function addInferredRules(language, count) {
    const { rng } = language;
    const fragments = rng.times(rng.int(0, Math.ceil(count / 4)), index => ({ name: language.freshName('Frag'), parameters: parameters(language, 0.15), order: index, fragment: true }));
    const rules = rng.times(count, order => planRule(language, order));
    language.fragments.push(...fragments);
    language.rules.push(...rules);
    for (const rule of rng.chance(0.8) ? [...rules, ...fragments] : rng.shuffle([...rules, ...fragments])) {
        writers[rule.kind ?? 'fragment'](language, rule);
    }
}

/** The entry rule, which calls many of the others. */
export function addEntry(language, name, returns = []) {
    const { rng } = language;
    const rule = { name, parameters: [], order: -1 };
    const called = rng.some(language.rules, rng.int(2, 8));
    const loop = called.flatMap((target, index) => [
        ...(index === 0 ? [] : ['|']), rng.pick(VALUE_PROPERTIES), '+=', ...callOf(language, rule, target),
    ]);
    const tokens = ['(', ...loop, ')', '*', ...(rng.chance(0.4) ? sequence(language, { rule, depth: 2, start: false }) : [])];
    const end = rng.chance(0.1) ? (language.seen('EOF'), ['EOF']) : [];
    language.declare('entry', ['entry', name, ...returns, ':', ...(rng.chance(0.5) ? [language.keyword()] : []), ...tokens, ...end, ';']);
}

function planRule(language, order) {
    const { rng, seen } = language;
    const kind = rng.weighted([[6, 'plain'], [2, 'union'], [1.5, 'chain'], [1, 'infix']]);
    const name = language.freshName();
    const infers = rng.chance(kind === 'chain' ? 0.5 : 0.2) ? (seen('infers'), inferredName(language)) : undefined;
    const plan = { name, kind, order, infers, type: infers ?? name, parameters: parameters(language, kind === 'chain' ? 0 : 0.15) };
    // A reference names the type, never a rule with another type.
    language.referenceTargets.push(plan.type);
    if (kind === 'plain' && infers === undefined && rng.chance(0.4)) {
        plan.named = true;
        language.namedRules.push(name);
    }
    return plan;
}

function parameters(language, probability) {
    const { rng, seen } = language;
    return rng.chance(probability) ? (seen('parameters'), rng.some(['p', 'q', 'strict', 'Deep', '^type'], rng.int(1, 3))) : [];
}

function inferredName(language) {
    const { rng } = language;
    const name = rng.chance(0.5) && language.inferredNames.length > 0 ? rng.pick(language.inferredNames) : language.freshName('Inferred');
    language.inferredNames.push(name);
    return name;
}

function head(rule) {
    return [
        ...(rule.fragment ? ['fragment'] : []), rule.name,
        ...(rule.parameters.length > 0 ? ['<', ...rule.parameters.flatMap((parameter, index) => (index === 0 ? [parameter] : [',', parameter])), '>'] : []),
        ...(rule.infers ? ['infers', rule.infers] : []),
    ];
}

const writers = {
    plain(language, rule) {
        language.declare('rule', [...head(rule), ':', ...body(language, rule), ';']);
    },

    fragment(language, rule) {
        language.seen('fragment');
        const tokens = [language.keyword(), ...assignment(language, { rule, depth: 1, start: false })];
        const more = language.rng.chance(0.5) ? sequence(language, { rule, depth: 1, start: false }) : [];
        const other = language.rng.chance(0.3) ? ['|', language.keyword(), ...assignment(language, { rule, depth: 1, start: false })] : [];
        language.declare('rule', [...head(rule), ':', ...guarded(language, rule, [...tokens, ...more]), ...other, ';']);
    },

    union(language, rule) {
        const { rng, seen } = language;
        const targets = rng.some(later(language, rule), rng.int(1, 4));
        if (targets.length === 0) {
            return writers.plain(language, rule);
        }
        seen('unassigned rule calls only');
        const alternatives = targets.map(target => callOf(language, rule, target));
        if (rng.chance(0.3)) {
            seen('unassigned rule call with properties');
            alternatives[0] = [...alternatives[0], language.keyword(), ...assignment(language, { rule, depth: 1, start: false })];
        }
        if (rng.chance(0.25)) {
            alternatives.push([language.keyword(), ...assignment(language, { rule, depth: 1, start: false })]);
        }
        if (rng.chance(0.2)) {
            alternatives.push([language.keyword(), '(', ...callOf(language, rule, rng.pick(language.rules)), ')']);
        }
        const bars = rng.shuffle(alternatives).flatMap((alternative, index) => (index === 0 ? alternative : ['|', ...alternative]));
        language.declare('rule', [...head(rule), ':', ...bars, ';']);
    },

    chain(language, rule) {
        const { rng, seen } = language;
        const operand = rng.pick(later(language, rule)) ?? undefined;
        if (!operand) {
            return writers.plain(language, rule);
        }
        seen('tree rewriting action');
        const call = () => callOf(language, rule, operand);
        const property = () => rng.pick(VALUE_PROPERTIES);
        const array = rng.chance(0.25);
        const rewrite = ['{', 'infer', inferredName(language), '.', property(), array ? '+=' : '=', 'current', '}'];
        if (array) {
            seen('tree rewriting action +=');
        }
        const inner = rng.weighted([
            [3, () => [...rewrite, property(), '=', '(', language.keyword(), '|', language.keyword(), ')', property(), '=', ...call()]],
            [2, () => [...rewrite, '(', language.keyword(), property(), '+=', ...call(), ')', '+']],
            [1, () => (seen('chained actions'), [...rewrite, language.keyword(), property(), '=', 'INT', '(', '{', 'infer', inferredName(language), '.', property(), '=', 'current', '}', language.keyword(), property(), '+=', ...call(), ')', '?'])],
            [1, () => [...rewrite, language.keyword(), ...sequence(language, { rule, depth: 1, start: false, loop: true })]],
        ])();
        const start = rng.weighted([[4, call], [1, () => [property(), '=', ...call()]]])();
        language.declare('rule', [...head(rule), ':', ...start, '(', ...inner, ')', rng.pick(['*', '?', '*', '']), ';'].filter(token => token !== ''));
    },

    infix(language, rule) {
        const { rng, seen } = language;
        const operand = rng.pick(later(language, rule).filter(target => target.kind !== 'infix'));
        if (!operand) {
            return writers.plain(language, rule);
        }
        seen('infix rule');
        const levels = rng.times(rng.int(1, 4), level => {
            const associativity = rng.weighted([[4, []], [1, ['left', 'assoc']], [1, ['right', 'assoc']]]);
            if (associativity.length > 0) {
                seen(`infix ${associativity[0]} assoc`);
            }
            const operators = rng.times(rng.int(1, 3), index => (index === 0 ? [language.keyword()] : ['|', language.keyword()])).flat();
            return [...(level === 0 ? [] : ['>']), ...associativity, ...operators];
        }).flat();
        language.declare('rule', ['infix', ...head({ ...rule, infers: undefined }), 'on', ...callOf(language, rule, operand), ...(rule.infers ? ['infers', rule.infers] : []), ':', ...levels, ';']);
    },
};

function body(language, rule) {
    const { rng, seen } = language;
    const context = { rule, depth: 3, start: true };
    const name = rule.named ? [rng.pick(["'def'", "'var'"]), 'name', '=', rng.pick(language.stringTerminals)] : [];
    const first = guarded(language, rule, [...name, ...sequence(language, context), ...assignment(language, { ...context, start: true })]);
    const others = rng.times(rng.weighted([[5, 0], [2, 1], [1, 2]]), () => {
        seen('alternatives');
        return ['|', ...guarded(language, rule, sequence(language, context))];
    });
    return [...first, ...others.flat()];
}

/** The tokens behind a guard, where the rule has parameters. */
function guarded(language, rule, tokens) {
    if (rule.parameters.length === 0 || language.rng.chance(0.2)) {
        return tokens;
    }
    language.seen('guard');
    return ['<', ...condition(language, rule, 2), '>', ...tokens];
}

function condition(language, rule, depth) {
    const { rng, seen } = language;
    const atom = () => rng.weighted([[rule.parameters.length > 0 ? 5 : 0, () => [rng.pick(rule.parameters)]], [1, () => [rng.pick(['true', 'false'])]]])();
    if (depth === 0) {
        return atom();
    }
    const nested = () => condition(language, rule, depth - 1);
    return rng.weighted([
        [6, atom],
        [1, () => (seen('condition !'), ['!', ...atom()])],
        [1, () => (seen('condition ()'), [...rng.pick([[], ['!']]), '(', ...nested(), ')'])],
        [1, () => (seen('condition &'), [...atom(), '&', ...atom()])],
        [1, () => (seen('condition |'), [...atom(), '|', ...atom(), ...rng.pick([[], ['&', ...atom()]])])],
    ])();
}

/** A rule call with its arguments. */
function callOf(language, caller, target) {
    const { rng, seen } = language;
    if (target.parameters.length === 0) {
        return [target.name];
    }
    const named = rng.chance(0.5);
    seen(named ? 'named arguments' : 'positional arguments');
    const order = named ? rng.shuffle(target.parameters) : target.parameters;
    const list = order.flatMap((parameter, index) => [
        ...(index === 0 ? [] : [',']), ...(named ? [parameter, '='] : []), ...condition(language, caller, 1),
    ]);
    return [target.name, '<', ...list, '>'];
}

function later(language, rule) {
    return language.rules.filter(target => target.order > rule.order);
}

/** Where nothing is consumed yet, only rules of a higher order. */
function callable(language, context) {
    return context.start ? later(language, context.rule) : language.rules;
}

function sequence(language, context) {
    const { rng } = language;
    const tokens = [];
    let { start } = context;
    if (context.loop || rng.chance(0.75)) {
        tokens.push(language.keyword());
        start = false;
    }
    rng.times(rng.int(1, 3), () => tokens.push(...element(language, { ...context, start })));
    return tokens;
}

function element(language, context) {
    const { rng, seen } = language;
    const { rule, depth, loop } = context;
    const calls = callable(language, context);
    const fragments = rule.fragment ? language.fragments.filter(other => other.order > rule.order) : language.fragments;
    const cardinality = () => rng.weighted([[6, []], [1, ['?']], [1, ['*']], [1, ['+']]]);
    const group = () => {
        const repeat = cardinality();
        const inner = { ...context, depth: depth - 1, loop: loop || repeat.some(token => token !== '?') };
        if (repeat.length > 0) {
            seen(`group ${repeat[0]}`);
        }
        return { inner, repeat };
    };
    return rng.weighted([
        [3, () => [language.keyword(), ...cardinality()]],
        [8, () => withCardinality(language, assignment(language, context), cardinality())],
        [depth > 0 ? 3 : 0, () => {
            const { inner, repeat } = group();
            return ['(', ...sequence(language, inner), ')', ...repeat];
        }],
        [depth > 0 ? 2.5 : 0, () => {
            const { inner, repeat } = group();
            seen('alternatives');
            const count = rng.int(2, 3);
            return ['(', ...rng.times(count, index => [...(index === 0 ? [] : ['|']), ...guarded(language, rule, sequence(language, inner))]).flat(), ')', ...repeat];
        }],
        [depth > 0 ? 0.7 : 0, () => {
            seen('unordered group');
            const repeat = rng.chance(0.15) ? rng.pick([['?'], ['+']]) : [];
            const part = () => [language.keyword(), ...assignment(language, { ...context, start: false })];
            return ['(', ...part(), '&', ...rng.pick([() => part(), () => ['(', ...part(), '|', ...part(), ')'], () => [...part(), '&', ...part()]])(), ')', ...repeat];
        }],
        [!loop && calls.length > 0 ? 1 : 0, () => (seen('unassigned rule call'), [...callOf(language, rule, rng.pick(calls)), ...rng.pick([[], [], ['?']])])],
        [fragments.length > 0 ? 1.5 : 0, () => {
            const repeat = cardinality();
            seen(`fragment call ${repeat[0] ?? ''}`.trim());
            return [...callOf(language, rule, rng.pick(fragments)), ...repeat];
        }],
        [0.8, () => (seen('simple action'), ['{', 'infer', inferredName(language), '}'])],
        [0.5, () => (seen('tree rewriting action'), ['{', 'infer', inferredName(language), '.', rng.pick(VALUE_PROPERTIES), rng.pick(['=', '=', '+=']), 'current', '}'])],
        [0.5, () => (seen('unassigned terminal'), [rng.pick([...language.stringTerminals, ...language.dataTypeRules]), ...cardinality()])],
        [0.1, () => (seen('EOF'), ['EOF', ...rng.pick([[], ['?']])])],
    ])();
}

function withCardinality(language, tokens, repeat) {
    if (repeat.length > 0) {
        language.seen(`assignment ${repeat[0]}`);
    }
    return [...tokens, ...repeat];
}

function assignment(language, context) {
    const { rng, seen } = language;
    const kind = rng.weighted([[10, 'value'], [3, 'reference'], [0.8, 'multi'], [1.5, 'flag']]);
    if (kind === 'flag') {
        seen('?=');
        return [rng.pick(VALUE_PROPERTIES), '?=', ...rng.weighted([[5, () => [language.keyword()]], [1, () => [rng.pick(language.stringTerminals)]], [1, () => ['(', language.keyword(), '|', language.keyword(), ')']]])()];
    }
    const operator = rng.weighted([[3, '='], [1, '+=']]);
    seen(operator);
    if (kind === 'value') {
        return [rng.pick(VALUE_PROPERTIES), operator, ...value(language, context, 1)];
    }
    const targets = [...language.referenceTargets, ...language.interfaces.map(iface => iface.name)];
    if (targets.length === 0) {
        return [rng.pick(VALUE_PROPERTIES), operator, language.keyword()];
    }
    seen(kind === 'multi' ? 'multi reference' : 'cross reference');
    const plus = kind === 'multi' ? ['+'] : [];
    const [scalars, lists] = kind === 'multi' ? [MULTI_PROPERTIES, MULTI_LIST_PROPERTIES] : [REFERENCE_PROPERTIES, REFERENCE_LIST_PROPERTIES];
    const property = rng.pick(operator === '=' ? scalars : lists);
    if (language.namedRules.length > 0 && rng.chance(0.3)) {
        // Without a terminal of its own, the reference takes that of the rule's name.
        seen('cross reference without terminal');
        const named = () => ['[', ...plus, rng.pick(language.namedRules), ']'];
        return [property, operator, ...rng.weighted([[3, named], [1, () => (seen('alternative references'), ['(', ...named(), '|', ...named(), ')'])]])()];
    }
    const terminal = rng.weighted([[6, () => rng.pick(language.stringTerminals)], [language.dataTypeRules.length > 0 ? 2 : 0, () => rng.pick(language.dataTypeRules)], [0.5, () => language.keyword()]])();
    return [property, operator, '[', ...plus, rng.pick(targets), ':', terminal, ']'];
}

function value(language, context, depth) {
    const { rng, seen } = language;
    const calls = callable(language, context);
    const others = [...language.terminalsOf.number, ...language.terminalsOf.Date, ...language.terminalsOf.bigint, ...language.terminalsOf.boolean, ...language.otherDataTypeRules];
    return rng.weighted([
        [3, () => [rng.pick(language.stringTerminals)]],
        [1.5, () => [rng.pick(others)]],
        [language.dataTypeRules.length > 0 ? 1.5 : 0, () => [rng.pick(language.dataTypeRules)]],
        [1.5, () => (seen('keyword value'), [language.keyword()])],
        [calls.length > 0 ? 4 : 0, () => (seen('rule call value'), callOf(language, context.rule, rng.pick(calls)))],
        [depth > 0 ? 2.5 : 0, () => {
            seen('alternative values');
            const parts = rng.times(rng.int(1, 4), index => [...(index === 0 ? [] : ['|']), ...value(language, context, depth - 1)]).flat();
            return ['(', ...parts, ')'];
        }],
    ])();
}
