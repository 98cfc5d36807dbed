// Records what the reference finds wrong with the grammars in checks/, for a test that runs without Node.
//
//     node record-checks.mjs [NAME…]     write checks/NAME.txt: exit code, then standard error, then hints
//     node record-checks.mjs --check     write nothing; exit 1 if a recording is not what the reference prints
//
// A grammar may be made of several files, each behind a line `//# file NAME`; the first one is the entry grammar. A line
// `//# strict` asks for strict types.

import { mkdtempSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeProject } from './lib/checks.mjs';
import { inParallel } from './lib/run.mjs';
import { ensureRuntime, HOME, referenceCommand } from './lib/runtime.mjs';

ensureRuntime();
const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { check: { type: 'boolean', default: false }, jobs: { type: 'string', default: '2' } },
});
const folder = join(HOME, 'checks');
const all = readdirSync(folder).filter(file => file.endsWith('.langium')).map(file => file.slice(0, -'.langium'.length));
const names = positionals.length > 0 ? positionals : all.sort();
const changed = (await inParallel(names, Number(values.jobs), recordOne)).filter(name => name !== undefined);
console.log(`${names.length} recordings, ${changed.length} ${values.check ? 'outdated' : 'changed'}`);
changed.forEach(name => console.log(`  ${name}`));
process.exitCode = values.check && changed.length > 0 ? 1 : 0;

/** @returns the name if its recording changed */
async function recordOne(name) {
    const project = mkdtempSync(join(tmpdir(), 'langloom-checks-'));
    try {
        writeProject(project, readFileSync(join(folder, `${name}.langium`), 'utf8'));
        const recording = await run(project);
        const path = join(folder, `${name}.txt`);
        if (existsSync(path) && readFileSync(path, 'utf8') === recording) {
            return undefined;
        }
        if (!values.check) {
            writeFileSync(path, recording);
        }
        return name;
    } finally {
        rmSync(project, { recursive: true, force: true });
    }
}

/** What the reference says about places in the grammars. */
function run(project) {
    const [program, ...args] = referenceCommand(join(project, 'langium-config.json'));
    const child = spawn(program, args, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) {
        child[stream].setEncoding('utf8').on('data', chunk => { output[stream] += chunk; });
    }
    const places = text => text.split('\n').filter(line => /^\S+\.langium:\d+:\d+ - /.test(line));
    return new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', code => {
            resolve([`exit ${code}`, ...places(output.stderr), 'hints', ...places(output.stdout)].join('\n') + '\n');
        });
    });
}
