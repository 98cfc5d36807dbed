// The pinned Node and the pinned reference. Node's version decides how regular expressions and errors are printed, the
// locale decides how `localeCompare` sorts: a run is only comparable with both fixed.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const HOME = join(dirname(fileURLToPath(import.meta.url)), '..');
export const REFERENCE_PACKAGE = join(HOME, 'node_modules', 'langium-cli');
export const REFERENCE_SCRIPT = join(REFERENCE_PACKAGE, 'bin', 'langium.js');

const NODE_MAJOR = 24;
const MARK = 'LANGLOOM_CONFORMANCE_RUNTIME';
const LOCALE = { LC_ALL: 'en_US.UTF-8', NO_COLOR: '1', FORCE_COLOR: '0' };

/** Starts the running script again under the pinned Node and the English locale, unless that is the case already. */
export function ensureRuntime() {
    if (process.env[MARK]) {
        return;
    }
    if (!existsSync(REFERENCE_SCRIPT)) {
        fail(`The reference is not installed. Run: npm ci --prefix ${HOME}`);
    }
    const env = { ...process.env, ...LOCALE, [MARK]: '1' };
    const child = spawnSync(pinnedNode(), process.argv.slice(1), { stdio: 'inherit', env });
    process.exit(child.status ?? 1);
}

/** Prints the message and ends the process with exit code 2. */
export function fail(message) {
    console.error(message);
    process.exit(2);
}

/** Command line of the reference for one configuration file. */
export function referenceCommand(config) {
    return [process.execPath, REFERENCE_SCRIPT, 'generate', '-f', config];
}

/** Command line of Langloom for one configuration file; the binary "reference" stands for the reference itself. */
export function langloomCommand(binary, config) {
    return binary === 'reference' ? referenceCommand(config) : [binary, 'generate', '-f', config];
}

/** The binary under test: the option, else LANGLOOM, else the release build of this checkout. */
export function findLangloom(option) {
    const binary = option ?? process.env.LANGLOOM ?? join(HOME, '..', 'target', 'release', 'langloom');
    if (binary !== 'reference' && !existsSync(binary)) {
        fail(`No Langloom at ${binary}. Build it (cargo build --release) or name it with --langloom PATH or LANGLOOM.`);
    }
    // It is run in other folders.
    return binary === 'reference' ? binary : resolve(binary);
}

function pinnedNode() {
    const bin = join(HOME, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
    if (existsSync(bin)) {
        return bin;
    }
    if (process.versions.node.startsWith(`${NODE_MAJOR}.`)) {
        return process.execPath;
    }
    return fail(`Node ${NODE_MAJOR} is needed; npm has no binary for this platform here. Run this script with Node ${NODE_MAJOR}.`);
}
