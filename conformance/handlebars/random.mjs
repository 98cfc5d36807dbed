// Random templates, partials and data: what handlebars.js writes is what Langloom has to write.

import { createRequire } from 'node:module';
import { randomFrom } from '../random/rng.mjs';
import { renderAll } from './engine.mjs';
import { randomTask, smaller, textOf } from './templates.mjs';

const Handlebars = createRequire(import.meta.url)('handlebars');

// Where handlebars.js writes two numbers one after the other, with no text before them and no escaping, it adds them up.
const { appendToBuffer } = Handlebars.JavaScriptCompiler.prototype;
Handlebars.JavaScriptCompiler.prototype.appendToBuffer = function (source, ...rest) {
    return appendToBuffer.call(this, ['("" + (', source, '))'], ...rest);
};

// So many differences are shrunk, each for so many seconds, trying so many ways to leave something out at a time.
const MAX_SHRUNK = 3;
const MAX_SECONDS = 15;
const BATCH = 24;

/** @returns how many seeds there were, how many of them handlebars.js renders, and { seed, task, expected, got } for each difference */
export function runRandom(program, first, last) {
    const trials = Array.from({ length: last - first + 1 }, (_, index) => {
        const tree = randomTask(randomFrom(first + index));
        return { seed: first + index, tree, expected: reference(taskOf(tree)) };
    });
    const rendered = trials.filter(({ expected }) => expected !== undefined);
    const answers = renderAll(program, rendered.map(({ tree }) => taskOf(tree)));
    const different = rendered.filter(({ expected }, index) => answers[index].output !== expected);
    const differences = different.map(({ seed, tree }, index) => {
        const task = taskOf(index < MAX_SHRUNK ? shrunk(program, tree) : tree);
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
        // Partials are compiled when they are called; a mistake in one that is not called is a mistake all the same.
        Object.values(partials).forEach(text => hbs.parse(text));
        const compiled = Object.fromEntries(Object.entries(partials).map(([name, text]) => [name, hbs.compile(text, options)]));
        // Half of a character cannot be written to a file.
        return hbs.compile(template, options)(data, { partials: compiled }).toWellFormed();
    } catch {
        return undefined;
    }
}

function taskOf({ template, partials, data, dialect }) {
    return { template: textOf(template), partials: Object.fromEntries(Object.entries(partials).map(([name, body]) => [name, textOf(body)])), data, dialect };
}

/** The smallest tree found that still differs. */
function shrunk(program, tree) {
    const end = Date.now() + MAX_SECONDS * 1000;
    for (let found = tree; found !== undefined && Date.now() < end; found = firstDifferent(program, tree)) {
        tree = found;
    }
    return tree;
}

function firstDifferent(program, tree) {
    let batch = [];
    const tryBatch = () => {
        const rendered = batch.map(candidate => ({ candidate, expected: reference(taskOf(candidate)) })).filter(({ expected }) => expected !== undefined);
        const answers = renderAll(program, rendered.map(({ candidate }) => taskOf(candidate)));
        batch = [];
        return rendered.find(({ expected }, index) => answers[index].output !== expected)?.candidate;
    };
    for (const candidate of smaller(tree)) {
        batch.push(candidate);
        const found = batch.length === BATCH ? tryBatch() : undefined;
        if (found !== undefined) {
            return found;
        }
    }
    return tryBatch();
}
