// Sample nodes of the types in a view (`langloom dump view`), as Langium's JsonSerializer would write them.

/** The types of a view by name, and how deep the smallest node of each is. */
export function sampleTypes(view) {
    const types = new Map(view.types.map(type => [type.name, type]));
    const nodes = view.types.filter(type => type.isAst);
    const depths = new Map();
    // Each round finds the types whose parts were found before.
    for (let changed = true; changed;) {
        changed = false;
        for (const type of view.types) {
            const depth = depthOf({ types, depths }, type);
            if (depth < (depths.get(type.name) ?? Infinity)) {
                depths.set(type.name, depth);
                changed = true;
            }
        }
    }
    return { types, nodes, depths };
}

function depthOf(known, type) {
    if (type.isAst) {
        return Math.min(Infinity, ...type.concreteTypes.map(name => nodeDepth(known, known.types.get(name))));
    }
    return expressionDepth(known, type.definition);
}

function nodeDepth(known, type) {
    const required = properties(known, type).filter(property => !property.isOptional);
    return 1 + Math.max(0, ...required.map(property => expressionDepth(known, property.type)));
}

function expressionDepth(known, expression) {
    switch (expression.kind) {
        case 'union': return Math.min(Infinity, ...expression.members.map(member => expressionDepth(known, member)));
        case 'type': return known.types.has(expression.name) ? known.depths.get(expression.name) ?? Infinity : 0;
        default: return 0;
    }
}

/** The properties of an interface and of what it extends, the nearest of each name. */
function properties(known, type) {
    const found = new Map();
    const pending = [type];
    for (const seen = new Set(); pending.length > 0;) {
        const next = pending.pop();
        if (seen.has(next.name)) {
            continue;
        }
        seen.add(next.name);
        next.properties.filter(({ name }) => !found.has(name)).forEach(property => found.set(property.name, property));
        pending.push(...next.superTypes.map(name => known.types.get(name)).filter(Boolean).reverse());
    }
    return [...found.values()];
}

/** A node of the type, with all properties at the top; undefined if every one would have to contain another of its kind. */
export function sampleOf(known, name, depth = 0) {
    const type = known.types.get(name);
    if (!Number.isFinite(known.depths.get(name))) {
        return undefined;
    }
    if (!type.isAst) {
        return valueOf(known, type.definition, depth);
    }
    const concrete = type.concreteTypes.map(name => known.types.get(name))
        .sort((a, b) => nodeDepth(known, a) - nodeDepth(known, b))[0];
    const node = { $type: concrete.name };
    for (const property of properties(known, concrete)) {
        const isFinite = Number.isFinite(expressionDepth(known, property.type));
        if (property.isOptional && (depth > 0 || !isFinite)) {
            continue;
        }
        node[property.name] = valueOf(known, property.type, depth + 1);
    }
    return node;
}

function valueOf(known, expression, depth) {
    switch (expression.kind) {
        case 'union': {
            const members = [...expression.members].sort((a, b) => expressionDepth(known, a) - expressionDepth(known, b));
            return valueOf(known, members[0], depth);
        }
        case 'array': {
            const isFinite = Number.isFinite(expressionDepth(known, expression.element));
            return depth > 1 || !isFinite ? [] : [valueOf(known, expression.element, depth)];
        }
        case 'reference': return expression.isMulti ? { $refs: ['#/a'] } : { $ref: '#/a' };
        case 'text': return expression.value;
        case 'type': return known.types.has(expression.name) ? sampleOf(known, expression.name, depth) : {};
        default: return { string: 'text', number: 1, boolean: true, Date: '2020-02-02T00:00:00.000Z', bigint: '1' }[expression.name];
    }
}

/** The sample with something wrong in it: `what` says what it is. */
export function* changedSamples(known, sample) {
    yield { what: 'type', changed: { ...sample, $type: 'no such type' } };
    for (const property of properties(known, known.types.get(sample.$type))) {
        const { [property.name]: _, ...rest } = sample;
        if (!property.isOptional) {
            yield { what: 'missing', changed: rest };
        }
        if (!acceptsAnything(known, property.type)) {
            yield { what: 'value', changed: { ...rest, [property.name]: [[null]] } };
        }
    }
}

/** What refers to types that do not exist can be anything. */
function acceptsAnything(known, expression) {
    switch (expression.kind) {
        case 'union': return expression.members.some(member => acceptsAnything(known, member));
        case 'array': return acceptsAnything(known, expression.element);
        case 'type': {
            const type = known.types.get(expression.name);
            return type === undefined || (!type.isAst && acceptsAnything(known, type.definition));
        }
        default: return false;
    }
}
