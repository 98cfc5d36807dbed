// The recorded outputs of our own grammars: `expected/NAME/exit` and, beside it, every file that the reference wrote.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { readTree } from './run.mjs';

const EXIT_FILE = 'exit';

/** The recorded run of one of our own projects; without a recording, a run that wrote nothing. */
export function recordedRun({ recorded }) {
    const files = existsSync(recorded) ? relativePaths(readTree(recorded), recorded) : new Map();
    const exit = Number(files.get(EXIT_FILE)?.toString() ?? NaN);
    files.delete(EXIT_FILE);
    return { exit, files };
}

/** Replaces the recording of a project. */
export function writeRecording({ recorded }, { exit, files }) {
    rmSync(recorded, { recursive: true, force: true });
    for (const [path, bytes] of [[EXIT_FILE, `${exit}\n`], ...files]) {
        mkdirSync(join(recorded, dirname(path)), { recursive: true });
        writeFileSync(join(recorded, path), bytes);
    }
}

function relativePaths(files, folder) {
    return new Map([...files].map(([path, bytes]) => [relative(folder, path).split(sep).join('/'), bytes]));
}
