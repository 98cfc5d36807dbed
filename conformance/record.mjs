// Records what the reference makes of our own grammars, for tests that run without Node.
//
//     node record.mjs [NAME…]     write expected/NAME and expected-all/NAME: `exit` and every file that was generated
//     node record.mjs --check     write nothing; exit 1 if a recording is not what the reference makes of the grammar

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { ownProjects } from './lib/projects.mjs';
import { inParallel, makeFolder, readTree, runOnCopy } from './lib/run.mjs';
import { ensureRuntime, referenceCommand } from './lib/runtime.mjs';

const EXIT_FILE = 'exit';

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
    const recording = new Map([[EXIT_FILE, Buffer.from(`${run.exit}\n`)], ...run.files]);
    if (isSame(recording, existsSync(project.recorded) ? readTree(project.recorded) : new Map(), project.recorded)) {
        return undefined;
    }
    if (!values.check) {
        rmSync(project.recorded, { recursive: true, force: true });
        for (const [path, bytes] of recording) {
            makeFolder(join(project.recorded, dirname(path)));
            writeFileSync(join(project.recorded, path), bytes);
        }
    }
    return project.name;
}

function isSame(recording, stored, folder) {
    const paths = [...stored.keys()].map(path => relative(folder, path).split(sep).join('/'));
    return paths.length === recording.size
        && paths.every(path => recording.get(path)?.equals(readFileSync(join(folder, path))));
}
