// How fast handlebars.js renders, for `langloom-bench templates`: a JSON object on standard input, with `template`,
// `partials`, `data` and the `seconds` to repeat it for; one on standard output, with the `text` and the CPU `seconds` of the
// best rendering. The engine is warm by then.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const Handlebars = createRequire(import.meta.url)('handlebars');
const { template, partials, data, seconds } = JSON.parse(readFileSync(0, 'utf8'));

Handlebars.registerHelper('eq', (a, b) => a === b);
Handlebars.registerHelper('upperFirst', text => text.charAt(0).toUpperCase() + text.slice(1));
const options = { noEscape: true, knownHelpers: { eq: true, upperFirst: true } };
const compiled = Handlebars.compile(template, options);
const compiledPartials = Object.fromEntries(Object.entries(partials).map(([name, text]) => [name, Handlebars.compile(text, options)]));
const render = () => compiled(data, { partials: compiledPartials });

let best = Infinity;
const end = Date.now() + Math.max(seconds, 1) * 1000;
for (let runs = 0; runs < 10 || Date.now() < end; runs++) {
    const before = process.cpuUsage();
    render();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6);
}
process.stdout.write(JSON.stringify({ text: render(), seconds: best }));
