// Random valid grammars: what the reference makes of each, against what Langloom makes of it. A difference is shrunk to a
// small grammar and saved.
//
//     node random.mjs --seeds 1..500
//
//     --langloom PATH      the binary under test
//     --reference-only     no Langloom: only how many grammars the reference accepts, and what they contain
//     --lines N            grammars of about N lines
//     --rejected           also where the reference rejects: does Langloom reject?
//     --faults             with faults put into the grammars: do both say the same, line by line, and end with the same code?
//     --no-shrink          save differences as they are
//     --out DIR            where differences are saved; a folder under the system's temporary folder otherwise
//     --jobs N             processes

import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inParallel } from './lib/run.mjs';
import { ensureRuntime, fail, findLangloom } from './lib/runtime.mjs';
import { CONSTRUCTS } from './random/constructs.mjs';

// A process each for so many seeds keeps the memory flat.
const SEEDS_PER_PROCESS = 250;
// For one seed; shrinking a difference takes some 20 s.
const MAX_SECONDS = 180;
const WORKER = fileURLToPath(new URL('./random/worker.mjs', import.meta.url));

ensureRuntime();
const { values: options } = parseArgs({
    options: {
        faults: { type: 'boolean', default: false },
        jobs: { type: 'string', default: '1' },
        langloom: { type: 'string' },
        lines: { type: 'string', default: '0' },
        'no-shrink': { type: 'boolean', default: false },
        out: { type: 'string', default: join(tmpdir(), 'langloom-differences') },
        'reference-only': { type: 'boolean', default: false },
        rejected: { type: 'boolean', default: false },
        seeds: { type: 'string', default: '1..500' },
    },
});
const binary = options['reference-only'] ? undefined : findLangloom(options.langloom);

const started = Date.now();
rmSync(options.out, { recursive: true, force: true });
const results = (await inParallel(batches(options.seeds), Number(options.jobs), runBatch)).flat();
printSummary(results, (Date.now() - started) / 1000);
process.exitCode = results.some(({ saved }) => saved) ? 1 : 0;

function batches(range) {
    const match = /^(\d+)(?:\.\.(\d+))?$/.exec(range) ?? fail(`--seeds ${range}: write FIRST..LAST`);
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
    const starts = Array.from({ length: Math.ceil((last - first + 1) / SEEDS_PER_PROCESS) }, (_, index) => first + index * SEEDS_PER_PROCESS);
    return starts.map(start => ({ first: start, last: Math.min(last, start + SEEDS_PER_PROCESS - 1) }));
}

/** @returns a result for each seed: { seed, accepted, constructs, reason, lines, saved } */
async function runBatch({ first, last }) {
    const results = [];
    for (let next = first; next <= last; next = results.at(-1).seed + 1) {
        const { reported, reason } = await runWorker(next, last);
        results.push(...reported);
        if (reason !== undefined) {
            results.push({ seed: (reported.at(-1)?.seed ?? next - 1) + 1, accepted: false, constructs: [], lines: 0, reason });
        }
    }
    return results;
}

/** @returns what one process reported, and why it ended early if it did: the reference may take forever, or all memory */
function runWorker(first, last) {
    return new Promise((resolve, reject) => {
        const reported = [];
        let stuck = false;
        const task = { first, last, binary, lines: Number(options.lines), rejected: options.rejected, faults: options.faults, shrink: !options['no-shrink'], out: options.out };
        const worker = fork(WORKER, [JSON.stringify(task)], { execArgv: ['--max-old-space-size=1500'], stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
        const errors = [];
        worker.stderr.on('data', chunk => errors.push(chunk));
        const watchdog = setTimeout(() => { stuck = true; worker.kill('SIGKILL'); }, MAX_SECONDS * 1000);
        worker.on('message', result => {
            watchdog.refresh();
            reported.push(result);
            if (result.saved) {
                console.log(`seed ${result.seed} differs: ${result.summary}\n  ${result.saved}`);
            }
        });
        worker.on('error', reject);
        worker.on('exit', code => {
            clearTimeout(watchdog);
            if (code === 1) {
                reject(new Error(`a fault of the harness, after seed ${reported.at(-1)?.seed}: ${Buffer.concat(errors)}`));
            }
            resolve({ reported, reason: code === 0 ? undefined : stuck ? `more than ${MAX_SECONDS} s` : 'the process died, out of memory most likely' });
        });
    });
}

function printSummary(results, seconds) {
    const accepted = results.filter(result => result.accepted);
    const differing = results.filter(result => result.saved);
    const percent = (100 * accepted.length / results.length).toFixed(1);
    const lines = accepted.reduce((sum, result) => sum + result.lines, 0);
    console.log(`random grammars: ${results.length} seeds, ${accepted.length} accepted by the reference (${percent} %, ${lines} lines), ${differing.length} different`);
    console.log(`  ${seconds.toFixed(1)} s, ${Math.round(results.length / seconds * 60)} grammars a minute`);
    if (options.faults) {
        printLines('what both say about the grammars', counted(results.map(({ problems, reason }) => problems ?? `nothing: ${reason}`)));
        return;
    }
    const never = CONSTRUCTS.filter(construct => !accepted.some(({ constructs }) => constructs.includes(construct)));
    const unlisted = [...new Set(accepted.flatMap(({ constructs }) => constructs))].filter(construct => !CONSTRUCTS.includes(construct));
    console.log(`  constructs: ${CONSTRUCTS.length - never.length} of ${CONSTRUCTS.length} occurred`);
    printLines('never occurred', never);
    printLines('occurred but not listed in random/constructs.mjs', unlisted);
    printLines('why the reference rejected', counted(results.filter(result => !result.accepted).map(({ reason }) => reason)).slice(0, 15));
}

function counted(texts) {
    const counts = new Map();
    texts.forEach(text => counts.set(text, (counts.get(text) ?? 0) + 1));
    return [...counts].sort(([, a], [, b]) => b - a).map(([text, count]) => `${count} × ${text}`);
}

function printLines(title, lines) {
    if (lines.length > 0) {
        console.log(`  ${title}:`);
        lines.forEach(line => console.log(`    ${line}`));
    }
}
