// What differs between the reference's run and Langloom's run.

import { createHash } from 'node:crypto';
import { basename } from 'node:path';

const CORE_FILES = new Set(['ast.ts', 'grammar.ts', 'module.ts']);

export function sha256(bytes) {
    return createHash('sha256').update(bytes).digest('hex');
}

export function isCoreFile(path) {
    return CORE_FILES.has(basename(path));
}

/**
 * Compares two runs.
 * @param expected `exit` and `files`: path -> bytes, or path -> { sha256 } where only the hash is known
 * @param actual `exit` and `files`: path -> bytes
 * @param coreOnly judge only ast.ts, grammar.ts, module.ts, and success or failure instead of the exit code
 * @returns `files`: { path, verdict: equal|differs|missing|extra, where }; `exit`: { verdict: equal|tolerated|accepted|differs, text };
 *     `accepted` is what the reference rejects and Langloom does not, whose files say nothing
 */
export function compareRuns(expected, actual, coreOnly) {
    if (expected.exit !== 0 && actual.exit === 0) {
        return { files: [], exit: { verdict: 'accepted', text: `exit 0, the reference ${expected.exit}` } };
    }
    const paths = [...new Set([...expected.files.keys(), ...actual.files.keys()])].sort();
    const files = paths
        .filter(path => !coreOnly || isCoreFile(path))
        .map(path => compareFile(path, expected.files.get(path), actual.files.get(path)));
    const failedLate = coreOnly && expected.exit !== 0 && files.some(file => file.verdict !== 'extra');
    return { files, exit: failedLate ? { verdict: 'equal' } : compareExits(expected.exit, actual.exit, coreOnly) };
}

/** Whether nothing differs. */
export function isEqual({ files, exit }) {
    return !['accepted', 'differs'].includes(exit.verdict) && files.every(file => file.verdict === 'equal');
}

// A reference that ends in a JavaScript stack trace (exit 1) is better answered with a diagnostic (exit 2).
function compareExits(expected, actual, coreOnly) {
    if (expected === actual) {
        return { verdict: 'equal' };
    }
    const text = `exit ${actual}, the reference ${expected}`;
    const bothReject = [1, 2].includes(expected) && [1, 2].includes(actual);
    if (expected === 1 && actual === 2 || coreOnly && bothReject) {
        return { verdict: 'tolerated', text };
    }
    return { verdict: 'differs', text };
}

function compareFile(path, expected, actual) {
    if (actual === undefined) {
        return { path, verdict: 'missing' };
    }
    if (expected === undefined) {
        return { path, verdict: 'extra' };
    }
    if (expected.sha256 !== undefined) {
        return { path, verdict: expected.sha256 === sha256(actual) ? 'equal' : 'differs' };
    }
    if (expected.equals(actual)) {
        return { path, verdict: 'equal' };
    }
    return { path, verdict: 'differs', where: firstDifference(expected.toString(), actual.toString()) };
}

/** The first line that differs, as three lines of text: its number, the reference's line, Langloom's line. */
export function firstDifference(expected, actual) {
    const left = expected.split('\n');
    const right = actual.split('\n');
    let line = 0;
    while (line < left.length && left[line] === right[line]) {
        line++;
    }
    return { line: line + 1, expected: show(left[line]), actual: show(right[line]) };
}

function show(line) {
    if (line === undefined) {
        return '(end of file)';
    }
    const text = JSON.stringify(line).slice(1, -1).replaceAll('\\"', '"');
    return text.length > 160 ? `${text.slice(0, 160)} …` : text;
}
