// Shows that what `langloom check --format sarif` writes is valid: against the schema of SARIF 2.1.0, and in what the
// schema cannot say. The grammars are those in `checks`, and runs that fail otherwise.
//
//     node sarif.mjs
//
//     --langloom PATH      the binary under test

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Ajv from 'ajv';
import { ensureRuntime, findLangloom, HOME } from './lib/runtime.mjs';

ensureRuntime();
const { values: options } = parseArgs({ options: { langloom: { type: 'string' } } });
const langloom = findLangloom(options.langloom);
const require = createRequire(import.meta.url);
const ajv = new Ajv({ schemaId: 'auto', allErrors: true });
ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json'));
const validate = ajv.compile(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));

const folder = mkdtempSync(join(tmpdir(), 'langloom-sarif-'));
const seen = { results: 0, rules: new Set(), fixes: 0, notifications: 0 };
try {
    const grammars = join(HOME, 'checks');
    for (const file of readdirSync(grammars).filter(file => file.endsWith('.langium'))) {
        const inside = join(folder, 'sub folder');
        mkdirSync(inside, { recursive: true });
        const [main, ...others] = readFileSync(join(grammars, file), 'utf8').split(/^\/\/# file /mu);
        writeFileSync(join(inside, file), main);
        for (const other of others) {
            const end = other.indexOf('\n');
            writeFileSync(join(inside, other.slice(0, end).trim()), other.slice(end + 1));
        }
        check(file, ['check', join('sub folder', file)]);
    }
    writeFileSync(join(folder, 'langium-config.json'), '{ "projectName": "1", "nonsense": true }');
    check('a configuration', ['generate']);
    check('no such file', ['check', 'nowhere.langium']);
    writeFileSync(join(folder, 'good.langium'), 'grammar Good\nentry Model: "a";\n');
    check('nothing', ['check', 'good.langium']);
} finally {
    rmSync(folder, { recursive: true, force: true });
}
const { results, rules, fixes, notifications } = seen;
if (results < 100 || rules.size < 50 || fixes < 5 || notifications < 1) {
    throw new Error(`too little was seen: ${results} results of ${rules.size} rules, ${fixes} fixes, ${notifications} notifications`);
}
console.log(`sarif: ${results} results of ${rules.size} rules and ${fixes} fixes are valid`);

function check(name, args) {
    const { status, stdout } = spawnSync(langloom, [...args, '--format', 'sarif'], { cwd: folder, encoding: 'utf8' });
    const log = JSON.parse(stdout);
    if (!validate(log)) {
        throw new Error(`${name}: ${JSON.stringify(validate.errors, undefined, 2)}`);
    }
    const [run] = log.runs;
    const { rules } = run.tool.driver;
    const demand = (condition, what) => {
        if (!condition) {
            throw new Error(`${name}: ${what}\n${stdout}`);
        }
    };
    demand(run.invocations[0].exitCode === status, 'another exit code');
    demand(run.results.some(({ level }) => level === 'error') ? status !== 0 : true, 'an error, but success');
    for (const { ruleId, ruleIndex, locations, fixes = [] } of run.results) {
        demand(rules[ruleIndex].id === ruleId, 'another rule');
        demand(rules[ruleIndex].fullDescription.text.endsWith('.'), `${ruleId} is not explained`);
        const { artifactLocation: { uri, uriBaseId }, region } = locations[0].physicalLocation;
        demand(run.originalUriBaseIds[uriBaseId] !== undefined, `${uriBaseId} is not declared`);
        demand(/^(sub%20folder\/)?[\w.-]+$/u.test(uri), `odd path ${uri}`);
        const lines = readFileSync(join(folder, decodeURIComponent(uri)), 'utf8').split(/\r\n|\r|\n/u);
        for (const place of [region, ...fixes.map(fix => fix.artifactChanges[0].replacements[0].deletedRegion)].filter(Boolean)) {
            const { startLine, startColumn, endLine, endColumn } = place;
            demand(startLine < endLine || (startLine === endLine && startColumn <= endColumn), 'a region that ends before it starts');
            demand(startColumn <= lines[startLine - 1].length + 1 && endColumn <= lines[endLine - 1].length + 1, 'a column behind the line');
        }
        seen.rules.add(ruleId);
        seen.fixes += fixes.length;
    }
    seen.results += run.results.length;
    seen.notifications += run.invocations[0].toolExecutionNotifications.length;
}
