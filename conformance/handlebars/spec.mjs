// The public specification of Handlebars (npm: handlebars-spec), which is the tests of handlebars.js as data.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { HOME } from '../lib/runtime.mjs';
import { renderAll } from './engine.mjs';

const Handlebars = createRequire(import.meta.url)('handlebars');
const FOLDER = join(HOME, 'node_modules', 'handlebars-spec', 'spec');

// Templates with data and an output.
const RENDERED = ['basic', 'blocks', 'builtins', 'data', 'helpers', 'partials', 'regressions', 'strict', 'subexpressions', 'whitespace-control'];
// What the parser makes of a template: only whether it accepts it can be compared.
const PARSED = ['parser'];

// Cases that can only be fulfilled by JavaScript, though nothing in their data is. Each with its reason.
const NEEDS_JAVASCRIPT = new Map([
    ['regressions: Regressions: GH-1065: Sparse arrays', 'only arrays of JavaScript can lack items'],
    ['parser: parser - directives: should parse block directives', 'decorators other than `inline` are JavaScript functions'],
    ['parser: parser - directives: should parse directives', 'decorators other than `inline` are JavaScript functions'],
]);

/** @returns how many cases were tried, the { testCase, why } that failed, and the cases that were left out */
export function runSpec(program) {
    const cases = [...RENDERED.flatMap(file => load(file, false)), ...PARSED.flatMap(file => load(file, true))];
    const skipped = cases.filter(testCase => needsJavaScript(testCase));
    const tried = cases.filter(testCase => !needsJavaScript(testCase));
    const answers = renderAll(program, tried.map(task));
    const failures = tried.map((testCase, index) => ({ testCase, why: difference(testCase, answers[index]) })).filter(({ why }) => why !== undefined);
    return { tried: tried.length, failures, skipped };
}

/** @returns what handlebars.js makes of the cases that `cargo test` runs, where that is not what they say */
export function checkOwnCases() {
    const text = readFileSync(join(HOME, '..', 'crates', 'core', 'tests', 'templates', 'language.txt'), 'utf8');
    return text.split('\n=== ').slice(1).flatMap(part => {
        const [name, ...sections] = part.replace(/\n$/, '').split('\n--- ');
        const bodies = new Map(sections.map(section => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n') + 1)]));
        const options = Object.fromEntries(bodies.get('dialect').split(' ').map(option => [option, true]));
        const partials = Object.fromEntries([...bodies].filter(([title]) => title.startsWith('partial ')).map(([title, body]) => [title.slice(8), Handlebars.compile(body, options)]));
        const output = Handlebars.compile(bodies.get('template'), options)(JSON.parse(bodies.get('data') ?? 'null'), { partials });
        return output === bodies.get('output') ? [] : [{ name, expected: bodies.get('output'), output }];
    });
}

/** The name of a case: unique within the specification. */
export function nameOf({ file, description, it, number }) {
    return `${file}: ${description}: ${it}${number === undefined ? '' : ` ${number}`}`;
}

function load(file, isParsed) {
    return JSON.parse(readFileSync(join(FOLDER, `${file}.json`), 'utf8')).map(testCase => ({ ...testCase, file, isParsed }));
}

function needsJavaScript(testCase) {
    return JSON.stringify(testCase).includes('"!code":true') || NEEDS_JAVASCRIPT.has(nameOf(testCase));
}

function task({ template, partials, data, compileOptions = {}, runtimeOptions = {}, isParsed }) {
    const { noEscape, data: hasData, ...options } = compileOptions;
    return {
        template: isParsed ? `{{#if false}}{{/if}}${template}` : template,
        partials,
        data,
        compileOnly: isParsed,
        variables: typeof runtimeOptions.data === 'object' ? runtimeOptions.data : undefined,
        dialect: { ...options, escape: !noEscape },
    };
}

/** What is wrong with an answer; undefined if nothing is. */
function difference({ expected, exception, isParsed }, { output, error, crash }) {
    if (crash !== undefined) {
        return crash;
    }
    if (exception) {
        return error === undefined ? `expected an error, got ${JSON.stringify(output)}` : undefined;
    }
    if (error !== undefined) {
        return `error: ${error}`;
    }
    return isParsed || output === expected ? undefined : `expected ${JSON.stringify(expected)}, got ${JSON.stringify(output)}`;
}
