// One trial: a project of a few texts is written to a scratch folder, the reference and Langloom run on a copy each, and
// what they wrote is compared.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { compareRuns, isEqual } from '../lib/differences.mjs';
import { inProcessReference } from '../lib/inprocess.mjs';
import { readTree } from '../lib/run.mjs';
import { langloomCommand } from '../lib/runtime.mjs';

const CONFIG = 'langium-config.json';
const TIMEOUT_MS = 20_000;

/**
 * @param binary Langloom, or undefined to run the reference only
 * @returns a function: files (path -> text) -> { accepted, expected, actual, difference }; `difference` is undefined where
 *          both agree; where the reference rejects, only success or failure counts
 */
export function trialRunner(binary) {
    const reference = inProcessReference();
    return async function trial(files, { whenRejected = false } = {}) {
        const expected = await inScratch(files, folder => reference(join(folder, CONFIG)));
        const accepted = expected.exit === 0;
        if (binary === undefined || !accepted && !whenRejected) {
            return { accepted, expected };
        }
        const actual = await inScratch(files, folder => runBinary(langloomCommand(binary, CONFIG), folder));
        const result = compareRuns(expected, actual, !accepted);
        return { accepted, expected, actual, difference: isEqual(result) ? undefined : result };
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
        const written = [...readTree(folder)].map(([path, bytes]) => [relative(folder, path), bytes]).filter(([path]) => !files.has(path));
        return { ...result, files: new Map(written) };
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

function runBinary([program, ...args], cwd) {
    const child = spawnSync(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT_MS });
    return { exit: child.status ?? child.signal ?? child.error?.code, output: `${child.stdout}${child.stderr}` };
}
