// Shows that the reference inside a process writes the same bytes and ends with the same exit code as the real command
// line, on all our own grammars, one after the other in one process.
//
//     node selftest.mjs

import { join } from 'node:path';
import { compareRuns } from './lib/differences.mjs';
import { inProcessReference } from './lib/inprocess.mjs';
import { ownProjects } from './lib/projects.mjs';
import { recordedRun } from './lib/recording.mjs';
import { runOnCopy } from './lib/run.mjs';
import { ensureRuntime } from './lib/runtime.mjs';
import { printSummary } from './lib/summary.mjs';

ensureRuntime();
const reference = inProcessReference();
const outcomes = [];
for (const project of ownProjects()) {
    const actual = await runOnCopy(project, config => ({ run: folder => reference(join(folder, config)) }));
    outcomes.push({ name: project.name, output: actual.output, ...compareRuns(recordedRun(project), actual, false) });
}
process.exitCode = printSummary('reference in one process', outcomes) ? 0 : 1;
