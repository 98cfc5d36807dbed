// Compares Langloom with the real langium-cli: every byte of every file, and the exit code.
//
//     node compare.mjs                      our own grammars
//     node compare.mjs PATH…                configuration files, or folders with one (--root DIR: the folder to copy)
//     node compare.mjs --corpus DIR         a corpus with recorded hashes
//
//     --langloom PATH      the binary under test; "reference" compares the reference with itself
//     --core-only          judge ast.ts, grammar.ts, module.ts, and success or failure
//     --may-accept N       how many runs Langloom may accept that the reference rejects; 0
//     --recorded           use the recorded outputs of our own grammars in place of the reference
//     --variants a,b       of the corpus; all of them: orig,all,alt,ci
//     --only TEXT          only projects whose name contains TEXT
//     --explain N          corpus: show the first differing lines of N runs at most, by running the reference
//     --jobs N             how many runs at once

import { parseArgs } from 'node:util';
import { corpusProjects, corpusRun } from './lib/corpus.mjs';
import { compareRuns, isEqual } from './lib/differences.mjs';
import { givenProject, ownProjects } from './lib/projects.mjs';
import { recordedRun } from './lib/recording.mjs';
import { inParallel, runOnCopy } from './lib/run.mjs';
import { ensureRuntime, findLangloom, langloomCommand, referenceCommand } from './lib/runtime.mjs';
import { printSummary } from './lib/summary.mjs';

ensureRuntime();
const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        corpus: { type: 'string' },
        'core-only': { type: 'boolean', default: false },
        explain: { type: 'string', default: '20' },
        jobs: { type: 'string', default: '2' },
        langloom: { type: 'string' },
        'may-accept': { type: 'string', default: '0' },
        only: { type: 'string', default: '' },
        recorded: { type: 'boolean', default: false },
        root: { type: 'string' },
        variants: { type: 'string', default: 'orig,all,alt,ci' },
    },
});
const coreOnly = options['core-only'];

const source = chooseSource();
if (source === undefined) {
    console.log(`corpus: there is none at ${options.corpus}, skipped`);
} else {
    const binary = findLangloom(options.langloom);
    const projects = source.projects.filter(({ name }) => name.includes(options.only));
    const outcomes = await inParallel(projects, Number(options.jobs), async project => {
        const [expected, actual] = await Promise.all([source.expected(project), runOnCopy(project, config => langloomCommand(binary, config))]);
        return { name: project.name, project, output: actual.output, actual, ...compareRuns(expected, actual, coreOnly) };
    });
    await explain(outcomes.filter(outcome => !isEqual(outcome)).slice(0, Number(options.explain)));
    process.exitCode = printSummary(source.title, outcomes, Number(options['may-accept'])) ? 0 : 1;
}

/** Where the projects and the expected runs come from. */
function chooseSource() {
    const runReference = project => runOnCopy(project, referenceCommand);
    if (options.corpus !== undefined) {
        const projects = corpusProjects(options.corpus, options.variants.split(','));
        return projects && { title: 'corpus', projects, expected: corpusRun };
    }
    if (positionals.length > 0) {
        const projects = positionals.map(path => givenProject(path, options.root));
        return { title: 'given projects', projects, expected: runReference };
    }
    return { title: 'own grammars', projects: ownProjects(), expected: options.recorded ? recordedRun : runReference };
}

/** Fills in the first differing lines where only hashes were known. */
async function explain(failures) {
    const unexplained = failures.filter(({ files }) => files.some(({ verdict, where }) => verdict === 'differs' && !where));
    await inParallel(unexplained, Number(options.jobs), async outcome => {
        const expected = await runOnCopy(outcome.project, referenceCommand);
        outcome.files = compareRuns(expected, outcome.actual, coreOnly).files;
    });
}
