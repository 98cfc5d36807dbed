// The process that runs a range of seeds, one after the other, and reports each to its parent.

import { join } from 'node:path';
import { randomProject } from './project.mjs';
import { shrink } from './shrink.mjs';
import { trialRunner, writeFiles } from './trial.mjs';

// Shrinking takes seconds; a fault in everything should not take hours.
const SHRUNK_PER_PROCESS = 5;

const task = JSON.parse(process.argv[2]);
const trial = trialRunner(task.binary);
let shrunk = 0;
for (let seed = task.first; seed <= task.last; seed++) {
    process.send(await runSeed(seed));
}
process.disconnect();

async function runSeed(seed) {
    const { files, constructs } = randomProject(seed, task.lines);
    const result = await trial(files, { whenRejected: task.rejected });
    const report = {
        seed,
        accepted: result.accepted,
        constructs: [...constructs],
        lines: [...files.values()].reduce((sum, text) => sum + text.split('\n').length, 0),
        reason: result.accepted ? undefined : reasonOf(result.expected.output),
    };
    return result.difference ? { ...report, ...await save(seed, files, result) } : report;
}

/** Saves the project, what both made of it and how to run it. */
async function save(seed, files, original) {
    const small = task.shrink && shrunk++ < SHRUNK_PER_PROCESS ? await shrink(files, candidate => showsTheSame(candidate, original)) : files;
    const result = await trial(small, { whenRejected: task.rejected });
    const folder = join(task.out, `seed-${seed}`);
    writeFiles(join(folder, 'original'), files);
    writeFiles(join(folder, 'project'), small);
    writeFiles(join(folder, 'expected'), result.expected.files);
    writeFiles(join(folder, 'actual'), result.actual.files);
    return { saved: `node compare.mjs ${join(folder, 'project')}`, summary: summaryOf(result, small) };
}

/** The same kind of difference in the same file, so that shrinking does not wander off to another one. */
async function showsTheSame(files, original) {
    const { accepted, difference } = await trial(files, { whenRejected: task.rejected });
    if (accepted !== original.accepted || difference === undefined) {
        return false;
    }
    const kinds = ({ files: list, exit }) => [exit.verdict === 'differs' ? exit.text : '', ...list.filter(({ verdict }) => verdict !== 'equal').map(({ path, verdict }) => path + verdict)];
    const before = kinds(original.difference);
    return kinds(difference).every(kind => before.includes(kind));
}

function summaryOf({ difference, actual }, files) {
    const { exit, files: list } = difference;
    const first = list.find(({ verdict, where }) => verdict !== 'equal' && where);
    const size = [...files].filter(([path]) => path.endsWith('.langium')).reduce((sum, [, text]) => sum + text.length, 0);
    const what = exit.verdict === 'differs' ? `${exit.text}: ${actual.output.trim().split('\n')[0]}` : first ? `${first.path}:${first.where.line}\n  - ${first.where.expected}\n  + ${first.where.actual}` : 'files missing or extra';
    return `${size} characters; ${what}`;
}

/** The first error, without names and places, so that equal reasons count together. */
function reasonOf(output) {
    const line = output.split('\n').find(text => /error|expect|cannot|not |already|Could|must|assign|clash|unique/i.test(text) && !/Reading config|never referenced|potentially|instead to prevent|recommended|Expecting token|upper case|not used for parsing|need file ext|should not contain/.test(text)) ?? output.trim().split('\n').at(-1);
    return line.replace(/^.*?:\d+:\d+ - /, '').replace(/'[^']*'/g, "'…'").slice(0, 140);
}
