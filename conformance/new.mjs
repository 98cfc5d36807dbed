// Shows that what `langloom new` makes works: it generates, the reference generates the same, TypeScript accepts it, and
// the compiled module reads a text of the language.
//
//     node new.mjs
//
//     --langloom PATH      the binary under test

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureRuntime, findLangloom, HOME, REFERENCE_SCRIPT } from './lib/runtime.mjs';

ensureRuntime();
const { values: options } = parseArgs({ options: { langloom: { type: 'string' } } });
const langloom = findLangloom(options.langloom);
const top = mkdtempSync(join(tmpdir(), 'langloom-new-'));
try {
    // The second one is called like a type of the grammar.
    for (const name of ['my-language', 'Plan']) {
        await check(name);
        console.log(`new: ${name} works`);
    }
} finally {
    rmSync(top, { recursive: true, force: true });
}

async function check(name) {
    run(langloom, ['new', name], top);
    const folder = join(top, name);
    symlinkSync(join(HOME, 'node_modules'), join(folder, 'node_modules'), 'junction');
    run(langloom, ['generate', '--no-cache'], folder);
    const generated = join(folder, 'src', 'generated');
    const read = () => readdirSync(generated).map(file => [file, readFileSync(join(generated, file), 'utf8')]);
    const ours = read();
    run(process.execPath, [REFERENCE_SCRIPT, 'generate'], folder);
    if (ours.length !== 3 || JSON.stringify(ours) !== JSON.stringify(read())) {
        throw new Error(`${name}: the reference generates something else`);
    }
    run(process.execPath, [join(HOME, 'node_modules', 'typescript', 'bin', 'tsc')], folder);
    const example = readdirSync(folder).find(file => file.startsWith('example.'));
    const { readPlan } = await import(pathToFileURL(join(folder, 'out', 'index.js')));
    const { plan, problems } = await readPlan(readFileSync(join(folder, example), 'utf8'));
    const tasks = plan.tasks.map(task => `${task.name}<${task.needs.map(need => need.ref?.name)}`);
    const wrong = await readPlan('task a after b');
    const found = JSON.stringify([tasks, problems, wrong.problems.length]);
    const expected = JSON.stringify([['eggs<', 'bread<', 'breakfast<eggs,bread'], [], 1]);
    if (found !== expected) {
        throw new Error(`${name}: read ${found}, not ${expected}`);
    }
}

function run(program, args, cwd, exit = 0) {
    const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
    if (error || status !== exit) {
        throw error ?? new Error(`${program} ${args.join(' ')}: exit code ${status}, not ${exit}\n${stdout}${stderr}`);
    }
}
