// Prints the outcome of many runs: counts first, then only what differs.

import { basename, extname } from 'node:path';
import { isCoreFile, isEqual } from './differences.mjs';

// Failures shown in full; of the others only the names.
const SHOWN = 40;
const DOUBLE_ENDINGS = ['.tmLanguage.json', '.monarch.ts', '.prism.js', '.prism.ts'];

/**
 * @param outcomes `name` and the result of compareRuns for each run
 * @param mayAccept how many runs Langloom may accept that the reference rejects: checks that are still to be made
 * @returns whether all others are equal
 */
export function printSummary(title, outcomes, mayAccept = 0) {
    const accepted = outcomes.filter(({ exit }) => exit.verdict === 'accepted');
    const failures = outcomes.filter(outcome => !isEqual(outcome) && outcome.exit.verdict !== 'accepted');
    console.log(`${title}: ${outcomes.length} runs, ${outcomes.length - failures.length - accepted.length} equal, ${failures.length} different`);
    for (const [kind, { equal, total }] of countFiles(outcomes)) {
        console.log(`  ${kind.padEnd(12)} ${String(equal).padStart(6)} of ${String(total).padStart(6)} equal`);
    }
    printList('exit codes tolerated', outcomes.filter(({ exit }) => exit.verdict === 'tolerated').map(({ name, exit }) => `${name}: ${exit.text}`));
    printList(`accepted, but not by the reference (${mayAccept} may be)`, accepted.map(({ name }) => name));
    failures.slice(0, SHOWN).forEach(printFailure);
    if (failures.length > SHOWN) {
        printList('\nand', failures.slice(SHOWN).map(({ name }) => name));
    }
    return failures.length === 0 && accepted.length <= mayAccept;
}

function countFiles(outcomes) {
    const counts = new Map();
    for (const { path, verdict } of outcomes.flatMap(outcome => outcome.files)) {
        const count = counts.get(kindOf(path)) ?? { equal: 0, total: 0 };
        count.equal += verdict === 'equal' ? 1 : 0;
        count.total += 1;
        counts.set(kindOf(path), count);
    }
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

function kindOf(path) {
    const name = basename(path);
    return isCoreFile(path) ? name : DOUBLE_ENDINGS.find(ending => name.endsWith(ending)) ?? extname(name);
}

function printList(title, lines) {
    if (lines.length > 0) {
        console.log(`  ${title}: ${lines.length}`);
        lines.forEach(line => console.log(`    ${line}`));
    }
}

function printFailure({ name, files, exit, output }) {
    console.log(`\nDIFFERENT ${name}`);
    if (exit.verdict === 'differs') {
        console.log(`  ${exit.text}`);
        (output ?? '').trim().split('\n').slice(0, 6).forEach(line => console.log(`    | ${line}`));
    }
    for (const { path, verdict, where } of files.filter(file => file.verdict !== 'equal')) {
        console.log(`  ${verdict} ${path}${where ? ` at line ${where.line}` : ''}`);
        if (where) {
            console.log(`    - ${where.expected}`);
            console.log(`    + ${where.actual}`);
        }
    }
}
