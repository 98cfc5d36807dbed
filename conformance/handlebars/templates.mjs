// Random templates as trees, so that they can be shrunk: a body is a list of texts and of blocks
// { open, body, inverses: [{ open, body }], close }.
//
// Left out is what handlebars.js does by accident: block parameters of sections, parameters of a loop in an inline partial
// that is declared in it.

const NAMES = ['a', 'b', 'c', 'items', 'obj', 'flag', 'text', 'num', 'nothing', 'deep'];
const PARTIALS = ['p', 'q', 'r/s'];
const TEXTS = ['x', ' ', '\n', '  ', '\t', 'abc', '\n\n', ' \n ', '<&>"\'`=', ' } ', ' { ', '\\ ', 'é😀', '\r\n', '.', '@'];
const VALUES = [
    rng => rng.pick(['', 'a', 'b<c>', '1', '0', 'items', 'p', '😀é', 'multi\nline', '{{a}}', '\\', '  ']),
    rng => rng.pick([0, 1, -1, 2.5, 10, 1e21, 1e-7]),
    rng => rng.chance(0.5),
    () => null,
];

/** @returns { template, partials, data, dialect }, the first two as trees */
export function randomTask(rng) {
    const data = rng.chance(0.95) ? object(rng, 0) : value(rng, 1);
    // Each calls only those after it: none calls itself.
    const partials = Object.fromEntries(PARTIALS.map((name, at) => [name, body(rng, { depth: 2, names: [], partials: PARTIALS.slice(at + 1) })]));
    const template = body(rng, { depth: 0, names: [], partials: PARTIALS });
    const option = probability => rng.chance(probability);
    const dialect = { escape: option(0.6), compat: option(0.15), preventIndent: option(0.1), ignoreStandalone: option(0.1), explicitPartialContext: option(0.05) };
    return { template, partials, data, dialect };
}

function value(rng, depth) {
    if (depth > 3 || rng.chance(0.5)) {
        return rng.pick(VALUES)(rng);
    }
    return rng.chance(0.5) ? object(rng, depth) : rng.times(rng.int(0, 3), () => value(rng, depth + 1));
}

function object(rng, depth) {
    return Object.fromEntries(rng.some(NAMES, rng.int(depth === 0 ? 4 : 0, 7)).map(name => [name, value(rng, depth + 1)]));
}

function body(rng, scope) {
    // An inline partial is seen by the whole body that it is declared in. It calls nothing, so that it cannot call itself.
    if (scope.inline === undefined && scope.depth < 4 && rng.chance(0.1)) {
        const declared = inline(rng, { ...scope, inline: 'itself', partials: [] });
        return [declared, ...body(rng, { ...scope, inline: 'declared' })];
    }
    return rng.times(rng.int(1, [5, 3, 2][scope.depth] ?? 1), () => statement(rng, scope)).flat();
}

function statement(rng, scope) {
    const space = () => rng.pick(['', '', '\n', '\n  ', ' ']);
    const block = make => [space(), make(rng, { ...scope, depth: scope.depth + 1 }), space()];
    const isDeep = scope.depth > 3;
    return rng.weighted([
        [5, () => [rng.pick(TEXTS)]],
        [8, () => [mustache(rng, scope)]],
        [1, () => [space(), rng.pick(['{{! comment }}', '{{!-- a }} b --}}', '{{~! c ~}}', '\\{{a}}', '\\\\{{a}}', '{{!}}', '{{!----}}']), space()]],
        [isDeep ? 0 : 8, () => block(helperBlock)],
        [isDeep ? 0 : 3, () => block(section)],
        [scope.partials.length > 0 || scope.inline === 'declared' ? 3 : 0, () => [space(), partial(rng, scope), space()]],
        [isDeep ? 0 : 1.5, () => block(partialBlock)],
        [isDeep ? 0 : 0.5, () => [rawBlock(rng)]],
        [0.7, () => ['{{#if @partial-block}}{{> @partial-block}}{{/if}}']],
    ])();
}

const tilde = rng => (rng.chance(0.1) ? '~' : '');

function tag(rng, kind, inner) {
    return `{{${tilde(rng)}${kind}${inner}${tilde(rng)}}}`;
}

function mustache(rng, scope) {
    const inner = rng.weighted([
        [8, () => path(rng, scope)],
        [1, () => `lookup ${param(rng, scope)} ${param(rng, scope)}`],
        [0.3, () => `log ${param(rng, scope)}`],
        [0.5, () => rng.pick(['"a"', '\'text\'', '12', 'true', 'null', '[a]', '[not here]', 'undefined'])],
    ])();
    return rng.weighted([
        [6, () => tag(rng, '', rng.chance(0.1) ? ` ${inner} ` : inner)],
        [1, () => tag(rng, '&', inner)],
        [1, () => `{{${tilde(rng)}{${inner}}${tilde(rng)}}}`],
    ])();
}

function path(rng, scope) {
    const name = () => rng.pick(NAMES);
    const step = () => rng.pick([name(), name(), 'length', '[0]', '[1]', '[a]']);
    return rng.weighted([
        [8, () => rng.pick([...scope.names, ...NAMES])],
        [2, () => `${name()}${rng.pick(['.', '/'])}${step()}`],
        [0.5, () => `${name()}.${step()}.${step()}`],
        [1.5, () => rng.pick(['this', '.', 'this.a', './a', 'this/items', 'this.[b]'])],
        [1.5, () => '../'.repeat(rng.int(1, 2)) + rng.pick([name(), 'this', '.', `${name()}.${step()}`])],
        [0.3, () => '..'],
        [2, () => rng.pick(['@index', '@key', '@first', '@last', '@root.a', '@root.items.length', '@../index', '@../key', '@nothing', '@index.a', '@root'])],
    ])();
}

function param(rng, scope) {
    return rng.weighted([
        [6, () => path(rng, scope)],
        [2, () => rng.pick(['"a"', '\'items\'', '0', '1', '-1', '2.5', 'true', 'false', 'null', 'undefined', '"it\\"s"'])],
        [1, () => `(lookup ${path(rng, scope)} ${param(rng, scope)})`],
    ])();
}

function inversesOf(rng, scope, chain) {
    const inverses = [];
    while (chain && rng.chance(0.2)) {
        inverses.push({ open: tag(rng, 'else ', `${rng.pick(['if', 'unless', 'with', 'each'])} ${param(rng, scope)}`), body: body(rng, scope) });
    }
    if (rng.chance(0.35)) {
        inverses.push({ open: tag(rng, rng.pick(['else', '^', ' else ']), ''), body: body(rng, scope) });
    }
    return inverses;
}

function helperBlock(rng, scope) {
    const helper = rng.pick(['if', 'if', 'unless', 'each', 'each', 'each', 'with']);
    const inverted = rng.chance(0.07);
    const names = helper === 'each' ? ['item', 'at'] : ['it'];
    const params = (helper === 'each' || helper === 'with') && rng.chance(0.25) && !inverted ? names.slice(0, rng.int(1, names.length)) : [];
    const zero = helper === 'if' && rng.chance(0.1) ? ' includeZero=true' : '';
    const as = params.length > 0 ? ` as |${params.join(' ')}|` : '';
    const what = param(rng, scope);
    const inner = { ...scope, names: [...scope.names, ...params] };
    return {
        open: tag(rng, inverted ? '^' : '#', `${helper} ${what}${zero}${as}`),
        body: body(rng, inner),
        inverses: inversesOf(rng, scope, !inverted),
        close: tag(rng, '/', helper),
    };
}

function section(rng, scope) {
    const name = rng.pick(NAMES);
    const what = rng.pick([name, name, name, `this.${name}`, `${name}.a`, `../${name}`, '.', '@first']);
    const inverted = rng.chance(0.3);
    return { open: tag(rng, inverted ? '^' : '#', what), body: body(rng, scope), inverses: inversesOf(rng, scope, !inverted), close: tag(rng, '/', what) };
}

function partialCall(rng, scope) {
    const context = rng.chance(0.3) ? ` ${param(rng, scope)}` : '';
    const hash = rng.chance(0.3) ? ` ${rng.pick(NAMES)}=${param(rng, scope)}` : '';
    return `${context}${hash}${hash && rng.chance(0.3) ? ` extra=${param(rng, scope)}` : ''}`;
}

function partial(rng, scope) {
    const name = rng.weighted([
        [scope.partials.length > 0 ? 6 : 0, () => rng.pick(scope.partials)],
        [scope.partials.length > 0 ? 1 : 0, () => (scope.partials.includes('r/s') ? rng.pick(['[r/s]', '"r/s"']) : rng.pick(scope.partials))],
        [scope.inline === 'declared' ? 3 : 0, () => rng.pick(['in', '"in"'])],
    ])();
    return tag(rng, '>', `${rng.chance(0.7) ? ' ' : ''}${name}${partialCall(rng, scope)}`);
}

function partialBlock(rng, scope) {
    const name = rng.pick([...scope.partials, 'missing', scope.inline === 'itself' ? 'missing' : 'in']);
    return { open: tag(rng, '#>', `${name}${partialCall(rng, scope)}`), body: body(rng, scope), inverses: [], close: tag(rng, '/', name) };
}

function inline(rng, scope) {
    return { open: tag(rng, '#*', 'inline "in"'), body: body(rng, { ...scope, names: [] }), inverses: [], close: tag(rng, '/', 'inline') };
}

function rawBlock(rng) {
    const text = rng.pick(['{{a}}', ' {{#if x}} ', '\n{{x\n', '{{{{b}}}} {{x}} {{{{/b}}}}']);
    const name = rng.pick(['flag', 'a', 'obj', 'nothing']);
    return `{{{{${name}}}}}${text}{{{{/${name}}}}}`;
}

/** The text of a tree. */
export function textOf(part) {
    if (typeof part === 'string') {
        return part;
    }
    if (Array.isArray(part)) {
        return part.map(textOf).join('');
    }
    return part.open + textOf(part.body) + part.inverses.map(({ open, body }) => open + textOf(body)).join('') + part.close;
}

/** The same task with something left out, in every way. */
export function* smaller(task) {
    for (const template of smallerBodies(task.template)) {
        yield { ...task, template };
    }
    for (const [name, body] of Object.entries(task.partials)) {
        for (const smallerBody of smallerBodies(body)) {
            yield { ...task, partials: { ...task.partials, [name]: smallerBody } };
        }
    }
    for (const option of Object.keys(task.dialect).filter(option => task.dialect[option])) {
        yield { ...task, dialect: { ...task.dialect, [option]: false } };
    }
    if (task.data !== null && typeof task.data === 'object' && !Array.isArray(task.data)) {
        for (const name of Object.keys(task.data)) {
            const { [name]: _, ...data } = task.data;
            yield { ...task, data };
        }
    }
}

function* smallerBodies(body) {
    for (let index = 0; index < body.length; index++) {
        const replace = parts => [...body.slice(0, index), ...parts, ...body.slice(index + 1)];
        const part = body[index];
        yield replace([]);
        if (typeof part === 'string') {
            continue;
        }
        yield replace(part.body);
        for (const inner of smallerBodies(part.body)) {
            yield replace([{ ...part, body: inner }]);
        }
        for (let at = 0; at < part.inverses.length; at++) {
            yield replace([{ ...part, inverses: part.inverses.filter((_, index) => index !== at) }]);
            for (const inner of smallerBodies(part.inverses[at].body)) {
                yield replace([{ ...part, inverses: part.inverses.map((inverse, index) => (index === at ? { ...inverse, body: inner } : inverse)) }]);
            }
        }
    }
}
