// One trial: a project of a few texts is written to a scratch folder, the reference and Langloom run on a copy each, and
// what they wrote is compared.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { compareProblems } from '../lib/diagnostics.mjs';
import { compareRuns, isEqual } from '../lib/differences.mjs';
import { inProcessReference } from '../lib/inprocess.mjs';
import { readTree } from '../lib/run.mjs';
import { langloomCommand } from '../lib/runtime.mjs';

const CONFIG = 'langium-config.json';
const TIMEOUT_MS = 20_000;

/**
 * @param binary Langloom, or undefined to run the reference only
 * @param problems compare also what both say about the grammars
 * @returns a function: files (path -> text) -> { accepted, expected, actual, difference, problems }; `difference` is undefined
 *          where both agree; where the reference rejects, only success or failure counts
 */
export function trialRunner(binary, problems = false) {
    const reference = inProcessReference();
    return async function trial(files, { whenRejected = false } = {}) {
        const expected = await inScratch(files, folder => reference(join(folder, CONFIG)));
        const accepted = expected.exit === 0;
        if (binary === undefined || !accepted && !whenRejected) {
            return { accepted, expected };
        }
        const command = [...langloomCommand(binary, CONFIG), ...(problems ? ['--format', 'plain'] : [])];
        const actual = await inScratch(files, folder => runBinary(command, folder));
        const result = compareRuns(expected, actual, !accepted && !problems);
        const compared = problems ? compareProblems(expected, actual) : { verdict: 'not compared' };
        const agree = isEqual(result) && compared.verdict !== 'different';
        return { accepted, expected, actual, difference: agree ? undefined : { ...result, problems: compared }, problems: compared.verdict };
    };
}

/** Writes the texts under a folder. */
export function writeFiles(folder, files) {
    for (const [path, text] of files) {
        mkdirSync(join(folder, dirname(path)), { recursive: true });
        writeFileSync(join(folder, path), text);
    }
}

async function inScratch(files, run) {
    const folder = mkdtempSync(join(tmpdir(), 'langloom-random-'));
    try {
        writeFiles(folder, files);
        const result = await run(folder);
        const written = [...readTree(folder)].map(([path, bytes]) => [relative(folder, path), bytes]).filter(([path]) => !files.has(path) && !path.startsWith('.langloom'));
        return { ...result, files: new Map(written) };
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

function runBinary([program, ...args], cwd) {
    const child = spawnSync(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT_MS });
    const [stdout, stderr] = [`${child.stdout}`, `${child.stderr}`];
    return { exit: child.status ?? child.signal ?? child.error?.code, output: stdout + stderr, stdout, stderr };
}
