// The reference inside this process: its own `generate`, called on a configuration file on the disk, with the console
// captured. Milliseconds in place of the second that a process of its own takes; selftest.mjs shows that the bytes are
// the same.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { REFERENCE_PACKAGE } from './runtime.mjs';

// The reference keeps its services, and with them what it has learned, in the module. A fresh module every so many runs
// keeps the memory flat.
const RUNS_PER_MODULE = 200;

// The option outlives the run that sets it.
function setsValidation(config) {
    return existsSync(config) && readFileSync(config, 'utf8').includes('"validation"');
}

class ProcessExit extends Error {
    constructor(code) {
        super(`exit ${code}`);
        this.code = code;
    }
}

/** @returns a function: path of a configuration file -> { exit, output, stdout, stderr }, as a process of its own would end */
export function inProcessReference() {
    let modules = 0;
    let runsLeft = 0;
    let generate;
    return async function run(config) {
        if (runsLeft === 0) {
            generate = await freshGenerate(modules++);
            runsLeft = RUNS_PER_MODULE;
        }
        runsLeft = setsValidation(config) ? 0 : runsLeft - 1;
        return withCapturedConsole(async () => {
            try {
                return await generate({ file: config }) ? 0 : 2;
            } catch (error) {
                console.error(error);
                return error instanceof ProcessExit ? error.code : 1;
            }
        });
    };
}

async function freshGenerate(version) {
    const url = pathToFileURL(join(REFERENCE_PACKAGE, 'lib', 'generate.js'));
    return (await import(`${url}?version=${version}`)).generate;
}

async function withCapturedConsole(task) {
    const streams = { stdout: [], stderr: [] };
    const lines = [];
    const writer = stream => (...args) => {
        const line = args.map(textOf).join(' ');
        lines.push(line);
        streams[stream].push(line);
    };
    const saved = { log: console.log, warn: console.warn, error: console.error, info: console.info, exit: process.exit };
    console.log = console.info = writer('stdout');
    console.warn = console.error = writer('stderr');
    process.exit = code => { throw new ProcessExit(code); };
    try {
        const exit = await task();
        return { exit, output: lines.join('\n'), stdout: streams.stdout.join('\n'), stderr: streams.stderr.join('\n') };
    } finally {
        Object.assign(console, { log: saved.log, warn: saved.warn, error: saved.error, info: saved.info });
        process.exit = saved.exit;
    }
}

function textOf(value) {
    return value instanceof Error ? value.stack : String(value);
}
