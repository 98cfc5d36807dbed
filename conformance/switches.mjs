// Runs Langloom with every switch that says how it works, and compares the bytes: none of them may change one.
//
//     node switches.mjs                     our own grammars
//     node switches.mjs --corpus DIR        a corpus
//
//     --langloom PATH      the binary under test
//     --variants a,b       of the corpus; orig,all
//     --jobs N             how many runs at once

import { parseArgs } from 'node:util';
import { corpusProjects } from './lib/corpus.mjs';
import { ownProjects } from './lib/projects.mjs';
import { inParallel, runOnCopy } from './lib/run.mjs';
import { findLangloom, langloomCommand } from './lib/runtime.mjs';

const SWITCHES = [
    ['--no-cache'],
    ['--jobs', '1'],
    ['--jobs', '7'],
    ['--no-stream'],
    ['--jobs', '1', '--chunk-size', '1K'],
    ['--no-incremental'],
    ['--no-cache', '--jobs', '1', '--no-stream', '--no-incremental'],
    ['--no-cache', '--memory-limit', '32M'],
];

const { values: options } = parseArgs({
    options: {
        corpus: { type: 'string' },
        jobs: { type: 'string', default: '2' },
        langloom: { type: 'string' },
        variants: { type: 'string', default: 'orig,all' },
    },
});
const binary = findLangloom(options.langloom);
const projects = options.corpus === undefined ? ownProjects() : corpusProjects(options.corpus, options.variants.split(','));
if (projects === undefined) {
    console.log(`corpus: there is none at ${options.corpus}, skipped`);
} else {
    const run = (project, args) => runOnCopy(project, config => [...langloomCommand(binary, config), ...args]);
    const found = await inParallel(projects, Number(options.jobs), async project => {
        const plain = await run(project, []);
        const differences = [];
        for (const args of SWITCHES) {
            const other = await run(project, args);
            if (!isEqual(plain, other)) {
                differences.push(`${project.name}: ${args.join(' ')} gives another result`);
            }
        }
        return differences;
    });
    const differences = found.flat();
    differences.forEach(difference => console.log(difference));
    console.log(`switches: ${projects.length} projects, ${SWITCHES.length} switches each, ${differences.length} differences`);
    process.exitCode = differences.length === 0 && projects.length > 0 ? 0 : 1;
}

function isEqual(a, b) {
    return a.exit === b.exit && a.files.size === b.files.size && [...a.files].every(([path, bytes]) => b.files.get(path)?.equals(bytes));
}
