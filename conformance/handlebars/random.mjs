// Random templates, partials and data: what handlebars.js writes is what Langloom has to write.

import { createRequire } from 'node:module';
import { randomFrom } from '../random/rng.mjs';
import { renderAll } from './engine.mjs';
import { randomTask, smaller, textOf } from './templates.mjs';

const Handlebars = createRequire(import.meta.url)('handlebars');
Handlebars.log = () => {};

// Rounds of shrinking: each tries every way to leave something out.
const MAX_ROUNDS = 60;

/** @returns how many seeds there were, how many of them handlebars.js renders, and { seed, task, expected, got } for each difference */
export function runRandom(program, first, last) {
    const trials = Array.from({ length: last - first + 1 }, (_, index) => {
        const tree = randomTask(randomFrom(first + index));
        return { seed: first + index, tree, expected: reference(taskOf(tree)) };
    });
    const rendered = trials.filter(({ expected }) => expected !== undefined);
    const answers = renderAll(program, rendered.map(({ tree }) => taskOf(tree)));
    const different = rendered.filter(({ expected }, index) => answers[index].output !== expected);
    const differences = different.map(({ seed, tree }) => {
        const task = taskOf(shrunk(program, tree));
        const [answer] = renderAll(program, [task]);
        return { seed, task, expected: reference(task), got: answer.output ?? answer.error ?? answer.crash };
    });
    return { seeds: trials.length, rendered: rendered.length, differences };
}

/** What handlebars.js writes; undefined if it throws. */
function reference({ template, partials, data, dialect }) {
    const options = { noEscape: !dialect.escape, compat: dialect.compat, preventIndent: dialect.preventIndent, ignoreStandalone: dialect.ignoreStandalone, explicitPartialContext: dialect.explicitPartialContext };
    const hbs = Handlebars.create();
    hbs.log = () => {};
    try {
        const compiled = Object.fromEntries(Object.entries(partials).map(([name, text]) => [name, hbs.compile(text, options)]));
        return hbs.compile(template, options)(data, { partials: compiled });
    } catch {
        return undefined;
    }
}

function taskOf({ template, partials, data, dialect }) {
    return { template: textOf(template), partials: Object.fromEntries(Object.entries(partials).map(([name, body]) => [name, textOf(body)])), data, dialect };
}

/** The smallest tree found that still differs. */
function shrunk(program, tree) {
    for (let round = 0; round < MAX_ROUNDS; round++) {
        const candidates = [...smaller(tree)].map(candidate => ({ candidate, expected: reference(taskOf(candidate)) })).filter(({ expected }) => expected !== undefined);
        const answers = renderAll(program, candidates.map(({ candidate }) => taskOf(candidate)));
        const found = candidates.find(({ expected }, index) => answers[index].output !== expected);
        if (found === undefined) {
            return tree;
        }
        tree = found.candidate;
    }
    return tree;
}
