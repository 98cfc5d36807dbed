// Runs a generator on a copy of a project and collects what it wrote. The project itself is never touched.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';

// Outputs may climb out of the project with `../`; so many folders stand around the copy.
const FOLDERS_ABOVE = ['a', 'b', 'c'];
const TIMEOUT_MS = 300_000;
// Langloom's memory of its runs (`.langloom`) is no output; nothing that it holds may be compared or passed on.
const NOT_COPIED = new Set(['node_modules', '.git', '.langloom']);

/**
 * Runs a generator.
 * @param project `root`: the folder to copy; `config`: the configuration file relative to it
 * @param command makes the command line from the name of the configuration file, run in that file's folder; or, in place
 *                of a command line, an object whose `run` is called with the folder
 * @returns `exit` (a number, or 'timeout'), `output` (stdout and stderr), `files`: path relative to the root -> bytes of every
 *          file that is new or changed; `__up__/` stands for a `../`
 */
export async function runOnCopy(project, command) {
    const top = mkdtempSync(join(tmpdir(), 'langloom-conformance-'));
    try {
        const root = join(top, ...FOLDERS_ABOVE, 'project');
        cpSync(project.root, root, { recursive: true, filter: path => !NOT_COPIED.has(basename(path)) });
        const before = readTree(top);
        const config = join(root, project.config);
        const generator = command(basename(config));
        const folder = dirname(config);
        const result = await (generator.run ? generator.run(folder) : execute(generator, folder));
        return { ...result, files: changedFiles(before, readTree(top), top, root) };
    } finally {
        rmSync(top, { recursive: true, force: true });
    }
}

/** All files under a folder: absolute path -> bytes. */
export function readTree(folder) {
    const files = new Map();
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (entry.isFile()) {
            const path = join(entry.parentPath, entry.name);
            files.set(path, readFileSync(path));
        }
    }
    return files;
}

/** Runs `task` on every item, `jobs` at a time; results are in the order of the items. */
export async function inParallel(items, jobs, task) {
    const results = new Array(items.length);
    let next = 0;
    async function worker() {
        while (next < items.length) {
            const index = next++;
            results[index] = await task(items[index]);
        }
    }
    await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, worker));
    return results;
}

function execute([program, ...args], cwd) {
    return new Promise((resolve, reject) => {
        const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
        const chunks = [];
        let timedOut = false;
        const timer = setTimeout(() => { timedOut = true; child.kill('SIGKILL'); }, TIMEOUT_MS);
        child.stdout.on('data', chunk => chunks.push(chunk));
        child.stderr.on('data', chunk => chunks.push(chunk));
        child.on('error', reject);
        child.on('close', (code, signal) => {
            clearTimeout(timer);
            resolve({ exit: timedOut ? 'timeout' : code ?? signal, output: Buffer.concat(chunks).toString() });
        });
    });
}

function changedFiles(before, after, top, root) {
    const changed = new Map();
    for (const [path, bytes] of [...after].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const parts = relative(root, path).split(sep);
        if (!parts.includes('.langloom') && !before.get(path)?.equals(bytes)) {
            changed.set(parts.map(part => (part === '..' ? '__up__' : part)).join('/'), bytes);
        }
    }
    return changed;
}
