// The process that runs a range of seeds, one after the other, and reports each to its parent.

import { join } from 'node:path';
import { DIED, NO_GRAMMAR } from '../lib/diagnostics.mjs';
import { withFaults } from './faults.mjs';
import { randomProject } from './project.mjs';
import { shrink } from './shrink.mjs';
import { trialRunner, writeFiles } from './trial.mjs';

// Shrinking takes seconds; a fault in everything should not take hours.
const SHRUNK_PER_PROCESS = 5;

// About half of what faults make of a grammar is none, and of a few the reference dies: of a thousand grammars, there is
// perhaps one left of which nothing can be compared.
const MAX_ATTEMPTS = 12;

const task = JSON.parse(process.argv[2]);
const trial = trialRunner(task.binary, task.faults);
const whenRejected = task.rejected || task.faults;
let shrunk = 0;
for (let seed = task.first; seed <= task.last; seed++) {
    process.send(await runSeed(seed));
}
process.disconnect();

async function runSeed(seed) {
    const { files: valid, constructs } = randomProject(seed, task.lines);
    const { files, faults, result } = await (task.faults ? trialWithFaults(seed, valid) : trialOf(valid));
    const report = {
        seed,
        accepted: result.accepted,
        constructs: [...constructs],
        lines: [...files.values()].reduce((sum, text) => sum + text.split('\n').length, 0),
        reason: result.accepted ? undefined : reasonOf(result.expected.output),
        problems: result.problems,
    };
    return result.difference ? { ...report, ...await save(seed, files, result, faults) } : report;
}

async function trialOf(files, faults) {
    return { files, faults, result: await trial(files, { whenRejected }) };
}

/** A trial of the project with faults: if possible, with such as leave grammars of which the reference says something. */
async function trialWithFaults(seed, valid) {
    for (let attempt = 1; ; attempt++) {
        const { files, faults } = withFaults(seed, attempt, valid);
        const tried = await trialOf(files, faults);
        const isCompared = ![NO_GRAMMAR, DIED].includes(tried.result.problems);
        if (isCompared || tried.result.difference || attempt === MAX_ATTEMPTS) {
            return tried;
        }
    }
}

/** Saves the project, what both made of it and how to run it. */
async function save(seed, files, original, faults) {
    const small = task.shrink && shrunk++ < SHRUNK_PER_PROCESS ? await shrink(files, candidate => showsTheSame(candidate, original)) : files;
    const result = await trial(small, { whenRejected });
    const folder = join(task.out, `seed-${seed}`);
    writeFiles(join(folder, 'original'), files);
    writeFiles(join(folder, 'project'), small);
    writeFiles(join(folder, 'expected'), result.expected.files);
    writeFiles(join(folder, 'actual'), result.actual.files);
    if (faults) {
        writeFiles(folder, [['faults.txt', faults.join('\n')], ['expected.txt', result.expected.output], ['actual.txt', result.actual.output]]);
    }
    return { saved: `node compare.mjs ${join(folder, 'project')}`, summary: summaryOf(result, small) };
}

/** The same kind of difference in the same file, so that shrinking does not wander off to another one. */
async function showsTheSame(files, original) {
    const { accepted, difference } = await trial(files, { whenRejected });
    if (accepted !== original.accepted || difference === undefined) {
        return false;
    }
    const kinds = ({ files: list, exit, problems }) => [exit.verdict === 'differs' ? exit.text : '', kindOf(problems), ...list.filter(({ verdict }) => verdict !== 'equal').map(({ path, verdict }) => path + verdict)];
    const before = kinds(original.difference);
    return kinds(difference).every(kind => before.includes(kind));
}

/** What is said too much or too little, without names. */
function kindOf({ line }) {
    return (line ?? '').replace(/^. \S+ - /, '').replace(/'[^']*'|"[^"]*"/g, '…');
}

function summaryOf({ difference, actual }, files) {
    const { exit, files: list, problems } = difference;
    const first = list.find(({ verdict, where }) => verdict !== 'equal' && where);
    const size = [...files].filter(([path]) => path.endsWith('.langium')).reduce((sum, [, text]) => sum + text.length, 0);
    const what = problems.line ? problems.line : ['differs', 'accepted'].includes(exit.verdict) ? `${exit.text}: ${actual.output.trim().split('\n')[0]}` : first ? `${first.path}:${first.where.line}\n  - ${first.where.expected}\n  + ${first.where.actual}` : 'files missing or extra';
    return `${size} characters; ${what}`;
}

/** The first error, without names and places, so that equal reasons count together. */
function reasonOf(output) {
    const line = output.split('\n').find(text => /error|expect|cannot|not |already|Could|must|assign|clash|unique/i.test(text) && !/Reading config|never referenced|potentially|instead to prevent|recommended|Expecting token|upper case|not used for parsing|need file ext|should not contain/.test(text)) ?? output.trim().split('\n').at(-1);
    return line.replace(/^.*?:\d+:\d+ - /, '').replace(/'[^']*'/g, "'…'").slice(0, 140);
}
