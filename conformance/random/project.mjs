// A random project: its files, how they import each other, its languages and its configuration.

import { posix } from 'node:path';
import { layOut } from './layout.mjs';
import { randomFrom } from './rng.mjs';
import { addDataTypeRules, addEntry, addInferredRules } from './rules.mjs';
import { addTerminals } from './terminals.mjs';
import { addDeclaredEntry, addDeclaredRules, addLooseTypes } from './types.mjs';
import { KEYWORDS, RULE_STEMS } from './words.mjs';

// Measured: lines per rule as they are laid out, to reach a size that was asked for.
const LINES_PER_RULE = 30;

/**
 * @param seed any integer; the same seed gives the same project
 * @param lines about how many lines the grammars have; 0: small, of random size
 * @returns `files`: path -> text, with `langium-config.json` among them; `constructs`: names of what occurs
 */
export function randomProject(seed, lines = 0) {
    const rng = randomFrom(seed);
    const constructs = new Set();
    const seen = construct => constructs.add(construct);
    const rules = lines > 0 ? Math.ceil(lines / LINES_PER_RULE) : rng.weighted([[3, rng.int(1, 3)], [5, rng.int(3, 8)], [1, rng.int(8, 20)]]);
    const shape = rng.weighted([[13, singleFile], [3, leafFiles], [3, ring], [2, twoLanguages], [1, languageImportsLanguage]]);
    const { files, languages, declaredOnly } = shape(rng, seen, rules);
    const texts = new Map([...files].map(([path, declarations]) => [path, layOut(declarations, rng, seen)]));
    texts.set('langium-config.json', JSON.stringify(configuration(rng, seen, languages, declaredOnly), undefined, 2));
    return { files: texts, constructs };
}

/** Everything that declarations of one language draw from; a language built on another may use what that one has. */
function newLanguage(rng, seen, base) {
    const names = base?.names ?? new Set();
    const declarations = [];
    const copy = list => [...(list ?? [])];
    return {
        rng, seen, names, declarations,
        stringTerminals: copy(base?.stringTerminals),
        terminalsOf: base?.terminalsOf ?? { number: [], Date: [], bigint: [], boolean: [] },
        dataTypeRules: copy(base?.dataTypeRules),
        otherDataTypeRules: copy(base?.otherDataTypeRules),
        rules: copy(base?.rules).map(rule => ({ ...rule, order: rule.order + 10_000 })),
        fragments: copy(base?.fragments).map(fragment => ({ ...fragment, order: fragment.order + 10_000 })),
        interfaces: copy(base?.interfaces),
        attributeNames: new Set(),
        inferredNames: [],
        referenceTargets: copy(base?.referenceTargets),
        namedRules: copy(base?.namedRules),
        declare: (kind, tokens) => declarations.push({ kind, tokens }),
        freshName: stem => freshName(rng, names, stem),
        keyword: () => keyword(rng),
    };
}

function freshName(rng, names, stem = rng.pick(RULE_STEMS)) {
    let name = stem;
    for (let number = rng.int(0, 3); names.has(name); number++) {
        name = `${stem}${rng.pick(['', '_', ''])}${number}`;
    }
    names.add(name);
    return name;
}

function keyword(rng) {
    const text = rng.pick(KEYWORDS);
    const quote = rng.pick(["'", "'", '"']);
    return quote + text + quote;
}

function fill(language, rules, terminals = true) {
    const { rng } = language;
    if (terminals) {
        addTerminals(language);
    }
    addDataTypeRules(language, rng.int(0, 3));
    const style = rng.weighted([[5, 'inferred'], [3, 'both'], [2, 'declared']]);
    if (style !== 'inferred') {
        addDeclaredRules(language, style === 'declared' ? Math.max(2, Math.min(rules, 12)) : rng.int(1, 4));
    }
    if (rng.chance(0.35)) {
        addLooseTypes(language, rng.int(1, 5));
    }
    if (style !== 'declared') {
        addInferredRules(language, rules);
    }
    if (style === 'declared') {
        addDeclaredEntry(language);
    } else {
        addEntry(language, language.freshName('Root'));
    }
    return { declaredOnly: style === 'declared' };
}

function tokensOf(language) {
    const { rng, declarations } = language;
    const ordered = rng.chance(0.6) ? [...declarations.filter(({ kind }) => kind !== 'terminal'), ...declarations.filter(({ kind }) => kind === 'terminal')] : rng.shuffle(declarations);
    // Terminals keep their order among themselves: it decides which of them matches.
    const terminals = declarations.filter(({ kind }) => kind === 'terminal');
    return ordered.map(declaration => (declaration.kind === 'terminal' ? terminals.shift() : declaration)).map(({ tokens }) => tokens);
}

function header(rng, names) {
    let name = rng.pick(['Grammar', 'language', 'G_', 'Lang']) + rng.int(0, 99);
    while (names.has(name)) {
        name += 'X';
    }
    names.add(name);
    return { name, tokens: ['grammar', name] };
}

function singleFile(rng, seen, rules) {
    const language = newLanguage(rng, seen);
    const { declaredOnly } = fill(language, rules);
    const { tokens } = header(rng, language.names);
    return { files: new Map([['main.langium', [tokens, ...tokensOf(language)]]]), languages: ['main.langium'], declaredOnly };
}

/** Terminals, and perhaps types, in files of their own that import nothing. */
function leafFiles(rng, seen, rules) {
    seen('import');
    const language = newLanguage(rng, seen);
    fill(language, rules);
    const { tokens } = header(rng, language.names);
    const terminalFile = rng.pick(['terminals.langium', 'common/terminals.langium']);
    const inTerminalFile = ({ kind, tokens: [first] }) => kind === 'terminal' && (first !== 'hidden' || rng.chance(0.5));
    const terminals = language.declarations.filter(inTerminalFile);
    const rest = { ...language, declarations: language.declarations.filter(declaration => !terminals.includes(declaration)) };
    const files = new Map([
        ['main.langium', [[...tokens, ...importOf(rng, 'main.langium', terminalFile)], ...tokensOf(rest)]],
        [terminalFile, terminals.map(declaration => declaration.tokens)],
    ]);
    return { files, languages: ['main.langium'] };
}

/** Declarations in several files that import each other in a circle. */
function ring(rng, seen, rules) {
    seen('cyclic import');
    const language = newLanguage(rng, seen);
    fill(language, rules);
    const { tokens } = header(rng, language.names);
    const paths = ['main.langium', ...rng.some(['second.langium', 'sub/third.langium', 'other.langium', 'sub/deep/x.langium'], rng.int(1, 3))];
    const parts = new Map(paths.map(path => [path, []]));
    for (const declaration of language.declarations) {
        parts.get(declaration.kind === 'entry' ? 'main.langium' : rng.pick(paths)).push(declaration);
    }
    const files = new Map(paths.map((path, index) => {
        const next = paths[(index + 1) % paths.length];
        const more = paths.length > 2 && rng.chance(0.3) ? importOf(rng, path, rng.pick(paths.filter(other => other !== path && other !== next))) : [];
        const first = [...(path === 'main.langium' ? tokens : []), ...importOf(rng, path, next), ...more];
        return [path, [first, ...tokensOf({ rng, declarations: parts.get(path) })]];
    }));
    return { files, languages: ['main.langium'] };
}

/** Two languages over a common file of terminals, types and data type rules. */
function twoLanguages(rng, seen, rules) {
    seen('two languages');
    const common = newLanguage(rng, seen);
    addTerminals(common);
    addDataTypeRules(common, rng.int(0, 2));
    if (rng.chance(0.5)) {
        addDeclaredRules(common, rng.int(1, 3));
    }
    const files = new Map([['common.langium', tokensOf(common)]]);
    const paths = ['one.langium', 'two/two.langium'];
    for (const path of paths) {
        const language = newLanguage(rng, seen, common);
        fill(language, Math.ceil(rules / 2), false);
        files.set(path, [[...header(rng, common.names).tokens, ...importOf(rng, path, 'common.langium')], ...tokensOf(language)]);
    }
    return { files, languages: rng.shuffle(paths) };
}

function languageImportsLanguage(rng, seen, rules) {
    seen('language imports language');
    const base = newLanguage(rng, seen);
    fill(base, Math.ceil(rules / 2));
    const files = new Map([['base.langium', [header(rng, base.names).tokens, ...tokensOf(base)]]]);
    const language = newLanguage(rng, seen, base);
    fill(language, Math.ceil(rules / 2), false);
    files.set('ext.langium', [[...header(rng, base.names).tokens, ...importOf(rng, 'ext.langium', 'base.langium')], ...tokensOf(language)]);
    return { files, languages: rng.chance(0.7) ? ['ext.langium', 'base.langium'] : ['ext.langium'] };
}

function importOf(rng, from, to) {
    const path = posix.relative(posix.dirname(from), to);
    const spelled = rng.pick(['./', './', '']) + path;
    const short = rng.chance(0.8) ? spelled.replace(/\.langium$/, '') : spelled;
    const quote = rng.pick(["'", '"']);
    return ['import', quote + (short.startsWith('./../') ? short.slice(2) : short) + quote, ...rng.pick([[], [';']])];
}

function configuration(rng, seen, grammars, declaredOnly) {
    const optional = (probability, construct, fields) => (rng.chance(probability) ? (seen(construct), fields) : {});
    const parserConfig = () => ({ chevrotainParserConfig: rng.pick([{ maxLookahead: 3 }, { recoveryEnabled: true, nodeLocationTracking: 'full' }, {}, { skipValidations: true, traceInitPerf: false }]) });
    return {
        projectName: rng.pick(['Random', 'random', '_R$1', 'P2']),
        languages: grammars.map((grammar, index) => ({
            id: `lang-${index}`,
            grammar,
            fileExtensions: rng.some(['.a', 'b', '.c.d'], rng.int(0, 3)),
            ...optional(0.1, 'fileNames', { fileNames: rng.some(['Makefile', '.rc'], rng.int(0, 2)) }),
            ...optional(0.05, 'caseInsensitive', { caseInsensitive: rng.chance(0.5) }),
            ...optional(0.1, 'parser configuration of a language', parserConfig()),
        })),
        out: rng.pick(['src/generated', 'src/x/generated']),
        ...optional(0.1, 'parser configuration', parserConfig()),
        ...optional(0.15, 'production mode', { mode: 'production' }),
        ...optional(0.05, 'internal to Langium', { langiumInternal: true }),
        ...optional(declaredOnly ? 0.4 : 0, 'strict types', { validation: { types: 'strict' } }),
        ...optional(0.05, 'development mode', { mode: 'development' }),
        ...optional(0.05, 'import extension', { importExtension: rng.pick(['', '.ts', '.mjs']) }),
    };
}
