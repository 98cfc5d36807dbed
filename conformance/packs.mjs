// Runs what the built-in packs write where it is meant to run: TypeScript through `tsc --strict`, Zod schemas and JSON Schemas
// on sample data, and looks whether the links of the documentation lead anywhere.
//
//     node packs.mjs                        our own grammars
//     node packs.mjs --corpus DIR           those of a corpus too, where there is one
//
//     --langloom PATH      the binary under test
//     --only TEXT          only projects whose name contains TEXT
//     --keep DIR           write everything there, and leave it
//     --jobs N             how many runs at once
//
// Samples are made from `langloom dump view`, not from what the pack wrote: for each type one that has to be accepted, and
// changed ones that have to be refused.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { corpusProjects } from './lib/corpus.mjs';
import { givenProject, ownProjects } from './lib/projects.mjs';
import { inParallel } from './lib/run.mjs';
import { ensureRuntime, findLangloom, HOME } from './lib/runtime.mjs';
import { changedSamples, sampleOf, sampleTypes } from './lib/samples.mjs';

ensureRuntime();
const { values: options } = parseArgs({
    options: {
        corpus: { type: 'string' },
        jobs: { type: 'string', default: '2' },
        keep: { type: 'string' },
        langloom: { type: 'string' },
        only: { type: 'string', default: '' },
    },
});
const { Validator } = createRequire(import.meta.url)('jsonschema');
const langloom = resolve(findLangloom(options.langloom));
const top = resolve(options.keep ?? mkdtempSync(join(tmpdir(), 'langloom-packs-')));
/** Langium's own ast.ts of these declares names twice, so there is nothing that could run. */
const DECLARED_TWICE = ['declared-union-and-interface'];
const failures = [];
const counts = { projects: 0, types: 0, accepted: 0, refused: 0, links: 0 };

const SETTINGS = `[packs.types]\nout = ${JSON.stringify('OUT/types')}\n[packs.docs]\nout = ${JSON.stringify('OUT/docs')}\n`;

try {
    mkdirSync(top, { recursive: true });
    if (!existsSync(join(top, 'node_modules'))) {
        symlinkSync(join(HOME, 'node_modules'), join(top, 'node_modules'), 'junction');
    }
    const own = ownProjects().filter(project => !project.name.includes('(all outputs)'));
    const example = givenProject(join(HOME, '..', 'examples', 'recipes'));
    const corpus = options.corpus === undefined ? [] : corpusProjects(options.corpus, ['orig']) ?? [];
    const projects = [...own, { ...example, name: 'recipes' }, ...corpus]
        .filter(({ name }) => name.includes(options.only) && !DECLARED_TWICE.includes(name));
    const rendered = await inParallel(projects, Number(options.jobs), async (project, index) => render(project, index));
    const written = rendered.filter(Boolean);
    counts.projects = written.length;
    typeCheck();
    for (const project of written) {
        await check(project).catch(error => failures.push(`${project.name}: ${error.stack}`));
    }
} finally {
    if (options.keep === undefined) {
        rmSync(top, { recursive: true, force: true });
    }
}
console.log(`packs: ${counts.projects} projects, ${counts.types} types, ${counts.accepted} samples accepted and ${counts.refused} `
    + `refused as they should, ${counts.links} links lead somewhere; ${failures.length} failures`);
failures.slice(0, 40).forEach(failure => console.log(`  ${failure}`));
process.exitCode = failures.length > 0 || counts.projects === 0 ? 1 : 0;

/** Renders both packs for a copy of a project; undefined for projects that Langloom, or the reference, does not accept. */
function render(project) {
    const name = project.name.replace(/[^\w.-]+/g, '_');
    const folder = join(top, name);
    const root = join(folder, 'project');
    cpSync(project.root, root, { recursive: true, filter: path => !['node_modules', '.git'].includes(basename(path)) });
    const config = join(root, project.config);
    writeFileSync(join(dirname(config), 'langloom.toml'), SETTINGS.replaceAll('OUT', folder.replaceAll('\\', '/')));
    const result = run(dirname(config), ['generate', '--no-cache', '-f', basename(config)]);
    if (result.status !== 0) {
        rmSync(join(dirname(config), 'langloom.toml'));
        const plain = run(dirname(config), ['generate', '--no-cache', '--dry-run', '-f', basename(config)]);
        if (plain.status === 0) {
            failures.push(`${project.name}: ${result.stdout}${result.stderr}`);
        }
        return undefined;
    }
    const view = run(dirname(config), ['dump', 'view', basename(config)]);
    return { name: project.name, folder, view: JSON.parse(view.stdout) };
}

function run(cwd, args) {
    return spawnSync(langloom, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 30 });
}

/** All TypeScript at once. */
function typeCheck() {
    const config = {
        compilerOptions: {
            strict: true, noEmit: true, target: 'es2022', module: 'esnext', moduleResolution: 'bundler',
            skipLibCheck: true, noUnusedLocals: true, types: [],
        },
        include: ['*/types/*.ts'],
    };
    // Langium's own ast.ts of the first is no TypeScript either; the second says that files end with .mts, which they do not.
    config.exclude = ['cyclic-types/**', 'config-import-extension/**'];
    writeFileSync(join(top, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(top, 'package.json'), '{ "type": "module" }\n');
    const tsc = join(HOME, 'node_modules', 'typescript', 'bin', 'tsc');
    const result = spawnSync(process.execPath, [tsc, '-p', top], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (result.status !== 0) {
        failures.push(...`${result.stdout}${result.stderr}`.trim().split('\n').map(line => `tsc: ${line}`));
    }
}

/** Samples through the guards, the Zod schemas and the JSON Schema, and links through the documentation. */
async function check({ name, folder, view }) {
    const types = join(folder, 'types');
    const guards = await import(pathToFileURL(join(types, 'types.ts')));
    const schemas = await import(pathToFileURL(join(types, 'schemas.ts')));
    const schema = JSON.parse(readFileSync(join(types, 'ast.schema.json'), 'utf8'));
    const validator = new Validator();
    validator.addSchema(schema, 'file:///ast');
    const accepts = (type, sample) => ({
        guard: guards[`is${type}`](sample),
        zod: schemas[`${type}Schema`].safeParse(sample).success,
        json: validator.validate(sample, { $ref: `file:///ast#/definitions/${type}` }).valid,
    });
    const known = sampleTypes(view);
    for (const type of known.nodes) {
        const sample = sampleOf(known, type.name);
        if (sample === undefined) {
            continue; // nothing finite is of it
        }
        counts.types++;
        const verdict = accepts(type.name, sample);
        if (verdict.guard && verdict.zod && verdict.json) {
            counts.accepted++;
        } else {
            failures.push(`${name}: ${type.name} does not accept ${JSON.stringify(sample)}: ${JSON.stringify(verdict)}`);
        }
        for (const { what, changed } of changedSamples(known, sample)) {
            const { guard, zod, json } = accepts(type.name, changed);
            if (zod || json || (what === 'type' && guard)) {
                failures.push(`${name}: ${type.name} accepts ${JSON.stringify(changed)}: ${JSON.stringify({ guard, zod, json })}`);
            } else {
                counts.refused++;
            }
        }
    }
    checkLinks(name, readFileSync(join(folder, 'docs', 'index.html'), 'utf8'));
}

/** Each link leads to something on the page, nothing is there twice, and nothing is loaded from elsewhere. */
function checkLinks(name, page) {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    const links = [...page.matchAll(/ href="([^"]*)"/g)].map(([, href]) => href);
    const targets = new Set(ids);
    for (const href of links) {
        if (href.startsWith('#') && targets.has(href.slice(1))) {
            counts.links++;
        } else {
            failures.push(`${name}: docs/index.html has a link to ${href}, which is not on the page`);
        }
    }
    if (/ src=|@import|url\(/.test(page.replace(/<(pre|code|kbd)[\s\S]*?<\/\1>/g, ''))) {
        failures.push(`${name}: docs/index.html loads something`);
    }
}
