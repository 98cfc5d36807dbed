// The template engine beside Handlebars: the public specification, our own cases, and random templates on which it has to write what
// handlebars.js writes. A difference is shrunk to a small template and printed.
//
//     node handlebars.mjs --seeds 1..5000
//
//     --engine PATH        the example `handlebars` of langloom-core; the release build of this checkout otherwise
//     --seeds FIRST..LAST  random templates; 1..400 otherwise
//     --no-spec            only these

import { parseArgs } from 'node:util';
import { ensureRuntime, fail } from './lib/runtime.mjs';
import { findEngine } from './handlebars/engine.mjs';
import { runRandom } from './handlebars/random.mjs';
import { checkOwnCases, nameOf, runSpec } from './handlebars/spec.mjs';

ensureRuntime();
const { values: options } = parseArgs({
    options: {
        engine: { type: 'string' },
        'no-spec': { type: 'boolean', default: false },
        seeds: { type: 'string', default: '1..400' },
    },
});
const engine = findEngine(options.engine);
const match = /^(\d+)(?:\.\.(\d+))?$/.exec(options.seeds) ?? fail(`--seeds ${options.seeds}: write FIRST..LAST`);

let failed = false;
if (!options['no-spec']) {
    const { tried, failures, skipped } = runSpec(engine);
    console.log(`handlebars-spec: ${tried - failures.length} of ${tried} cases pass; ${skipped.length} others need JavaScript functions`);
    for (const { testCase, why } of failures) {
        console.log(`  ${nameOf(testCase)}\n    ${JSON.stringify(testCase.template)} ${JSON.stringify(testCase.data)} ${JSON.stringify(testCase.partials ?? {})}\n    ${why}`);
    }
    const wrong = checkOwnCases();
    console.log(`crates/core/tests/templates/language.txt: ${wrong.length} cases say something else than handlebars.js`);
    wrong.forEach(({ name, expected, output }) => console.log(`  ${name}\n    says          ${JSON.stringify(expected)}\n    handlebars.js ${JSON.stringify(output)}`));
    failed ||= failures.length > 0 || wrong.length > 0;
}
const { seeds, rendered, differences } = runRandom(engine, Number(match[1]), Number(match[2] ?? match[1]));
console.log(`random templates: ${seeds} seeds, ${rendered} rendered by handlebars.js (the others are errors there), ${differences.length} different`);
for (const { seed, task, expected, got } of differences.slice(0, 20)) {
    console.log(`  seed ${seed}: ${JSON.stringify(task)}\n    handlebars.js: ${JSON.stringify(expected)}\n    langloom:      ${JSON.stringify(got)}`);
}
failed ||= differences.length > 0;
process.exitCode = failed ? 1 : 0;
