// Records what the reference makes of our own grammars, for tests that run without Node.
//
//     node record.mjs [NAME…]     write expected/NAME and expected-all/NAME: `exit` and every file that was generated
//     node record.mjs --check     write nothing; exit 1 if a recording is not what the reference makes of the grammar

import { parseArgs } from 'node:util';
import { compareRuns, isEqual } from './lib/differences.mjs';
import { ownProjects } from './lib/projects.mjs';
import { recordedRun, writeRecording } from './lib/recording.mjs';
import { inParallel, runOnCopy } from './lib/run.mjs';
import { ensureRuntime, referenceCommand } from './lib/runtime.mjs';

ensureRuntime();
const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { check: { type: 'boolean', default: false }, jobs: { type: 'string', default: '2' } },
});
const projects = ownProjects(positionals);
const outdated = (await inParallel(projects, Number(values.jobs), recordOne)).filter(name => name !== undefined);
console.log(`${projects.length} recordings, ${outdated.length} ${values.check ? 'outdated' : 'changed'}`);
outdated.forEach(name => console.log(`  ${name}`));
process.exitCode = values.check && outdated.length > 0 ? 1 : 0;

/** @returns the project's name if its recording changed */
async function recordOne(project) {
    const run = await runOnCopy(project, referenceCommand);
    if (isEqual(compareRuns(recordedRun(project), run, false))) {
        return undefined;
    }
    if (!values.check) {
        writeRecording(project, run);
    }
    return project.name;
}
