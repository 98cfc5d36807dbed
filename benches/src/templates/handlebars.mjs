// What handlebars.js takes for the templates of `langloom-bench templates`: prints JSON with the CPU seconds of the fastest of
// many runs, and writes what it rendered.
//
//     node handlebars.mjs HANDLEBARS TEMPLATES DATA OUTPUT

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [folder, templates, data, output] = process.argv.slice(2);
const Handlebars = createRequire(import.meta.url)(folder);
const read = path => readFileSync(path, 'utf8');
const options = { noEscape: true, knownHelpers: { eq: true, upperFirst: true } };
const { template, partials } = JSON.parse(read(templates));
const context = JSON.parse(read(data));

/** CPU seconds of the fastest run within two seconds: the engine's compiler has warmed up by then. */
function best(work) {
    const start = performance.now();
    let best = Infinity;
    for (let runs = 0; runs < 5 || performance.now() - start < 2000; runs++) {
        const before = process.cpuUsage();
        work();
        const { user, system } = process.cpuUsage(before);
        best = Math.min(best, (user + system) / 1e6);
    }
    return best;
}

// handlebars.js compiles at the first rendering: of nothing, here.
let render;
const compile = best(() => {
    for (let times = 0; times < 20; times++) {
        const handlebars = Handlebars.create();
        handlebars.registerHelper('eq', (a, b) => a === b);
        handlebars.registerHelper('upperFirst', text => text.charAt(0).toUpperCase() + text.slice(1));
        for (const [name, source] of Object.entries(partials)) {
            handlebars.registerPartial(name, handlebars.compile(source, options));
            handlebars.partials[name]({ type: '' });
        }
        render = handlebars.compile(template, options);
        render({});
    }
}) / 20;
let text;
const rendering = best(() => { text = render(context); });
writeFileSync(output, text);
console.log(JSON.stringify({ compile, render: rendering, version: Handlebars.VERSION }));
