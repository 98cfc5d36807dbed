// Which of the places where the reference's checks report something the grammars in checks/ make it come by, by its own
// coverage of itself: are the rows of checks/messages.txt right, and is none missing?
//
//     node check-sites.mjs     exit 1 if a place that messages.txt gives a grammar for is not reached, or one that it gives
//                              none for is

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeProject } from './lib/checks.mjs';
import { inProcessReference } from './lib/inprocess.mjs';
import { ensureRuntime, HOME } from './lib/runtime.mjs';

const FOLDER = join(HOME, 'node_modules', 'langium');

ensureRuntime();
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

// The n-th report of the source is the n-th one of what it was compiled to.
const files = ['validator', 'types-validator'].map(name => ({
    name,
    lines: reports(read('src', `${name}.ts`)).map(({ line }) => line),
    offsets: reports(read('lib', `${name}.js`)).map(({ offset }) => offset),
}));
const rows = readFileSync(join(HOME, 'checks', 'messages.txt'), 'utf8').split('\n')
    .filter(line => line && !line.startsWith('#'))
    .map(line => line.split('|').map(part => part.trim()));
const faults = [];
for (const { name, lines } of files) {
    const listed = rows.map(([site]) => site).filter(site => site.startsWith(`${name}.ts:`));
    lines.map(line => `${name}.ts:${line}`).filter(site => !listed.includes(site)).forEach(site => faults.push(`${site} is missing`));
}
const reference = inProcessReference();
const reached = new Map();
for (const grammar of new Set(rows.map(([, grammar]) => grammar).filter(grammar => grammar !== '-'))) {
    (await sitesOf(grammar)).forEach(site => reached.set(site, [...(reached.get(site) ?? []), grammar]));
}
for (const [site, grammar] of rows) {
    const by = reached.get(site) ?? [];
    if (grammar === '-' ? by.length > 0 : !by.includes(grammar)) {
        faults.push(`${site}: ${grammar === '-' ? `reached by ${by[0]}` : `not reached by ${grammar}`}`);
    }
}
console.log(`${rows.length} places, ${rows.filter(([, grammar]) => grammar !== '-').length} with a grammar, ${faults.length} faults`);
faults.forEach(fault => console.log(`  ${fault}`));
process.exit(faults.length > 0 ? 1 : 0);

function read(folder, file) {
    return readFileSync(join(FOLDER, folder, 'grammar', 'validation', file), 'utf8');
}

function reports(text) {
    const matches = [...text.matchAll(/accept\(\s*'(error|warning|hint|info)'/g)];
    return matches.map(({ index }) => ({ offset: index, line: text.slice(0, index).split('\n').length }));
}

/** The places that the reference comes by with a grammar. */
async function sitesOf(grammar) {
    const project = mkdtempSync(join(tmpdir(), 'langloom-sites-'));
    try {
        writeProject(project, readFileSync(join(HOME, 'checks', `${grammar}.langium`), 'utf8'));
        await session.post('Profiler.takePreciseCoverage');
        await reference(join(project, 'langium-config.json'));
        const { result } = await session.post('Profiler.takePreciseCoverage');
        return files.flatMap(({ name, lines, offsets }) => {
            const scripts = result.filter(({ url }) => url.endsWith(`/grammar/validation/${name}.js`));
            const isReached = offset => scripts.some(({ functions }) => innermost(functions, offset)?.count > 0);
            return lines.filter((_, index) => isReached(offsets[index])).map(line => `${name}.ts:${line}`);
        });
    } finally {
        rmSync(project, { recursive: true, force: true });
    }
}

function innermost(functions, offset) {
    const around = functions.flatMap(({ ranges }) => ranges).filter(({ startOffset, endOffset }) => startOffset <= offset && offset < endOffset);
    return around.sort((a, b) => (a.endOffset - a.startOffset) - (b.endOffset - b.startOffset))[0];
}
