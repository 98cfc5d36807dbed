// Langloom's template engine: the example `handlebars` of langloom-core, which renders a JSON object a line.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fail, HOME } from '../lib/runtime.mjs';

/** The program: the option, else the release build of this checkout. */
export function findEngine(option) {
    const program = option ?? join(HOME, '..', 'target', 'release', 'examples', 'handlebars');
    if (!existsSync(program)) {
        fail(`No template engine at ${program}. Build it (cargo build --release -p langloom-core --example handlebars) or name it with --engine PATH.`);
    }
    return program;
}

/** @returns what becomes of each task: { output, log } or { error }; see the program's own documentation for a task */
export function renderAll(program, tasks) {
    const answers = [];
    while (answers.length < tasks.length) {
        const rest = tasks.slice(answers.length);
        const input = rest.map(task => `${JSON.stringify(task)}\n`).join('');
        const { stdout, stderr, status, signal } = spawnSync(program, [], { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
        const lines = stdout.split('\n').slice(0, -1);
        answers.push(...lines.map(line => JSON.parse(line)));
        if (lines.length < rest.length) {
            answers.push({ crash: `ended with ${signal ?? status}: ${stderr.slice(0, 500)}` });
        }
    }
    return answers;
}
