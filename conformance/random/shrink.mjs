// Makes a project smaller while it stays interesting: plain layout, empty rule bodies, no declarations that nothing
// mentions, then bracketed parts, alternatives and ever shorter runs of tokens. Works on text, so it knows nothing of how
// the project was made.

const TOKEN = /\/\*[\s\S]*?\*\/|\/\/[^\n\r]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/(?![*+?])(?:[^\r\n[/\\]|\\.|\[(?:[^\r\n\]\\]|\\.)*\])+\/[a-z]*|\^?[\w_]+|\s+|[^]/g;
const OPENING = { '(': ')', '{': '}', '[': ']', '<': '>' };
const BEFORE_NAME = new Set(['entry', 'fragment', 'hidden', 'terminal', 'infix', 'interface', 'type']);
const STUB = [" x='x'"];
// A trial takes some 20 ms.
const MAX_TRIALS = 800;

/**
 * @param files path -> text
 * @param isInteresting async: files -> whether they still show what is looked for
 * @returns the smallest files found
 */
export async function shrink(files, isInteresting) {
    let trials = 0;
    const test = candidate => ++trials <= MAX_TRIALS && isInteresting(candidate);
    let current = await withPlainTexts(files, test);
    for (let before; before !== sizeOf(current) && trials < MAX_TRIALS;) {
        before = sizeOf(current);
        current = await shrinkEachFile(current, bodySpans, test, STUB);
        current = await withoutUnmentioned(current, test);
        for (const spansOf of [bracketSpans, alternativeSpans, tokenSpans(8), tokenSpans(3)]) {
            current = await shrinkEachFile(current, spansOf, test);
        }
        current = await withoutUnmentioned(current, test);
        for (const spansOf of [declarationSpans, tokenSpans(2), tokenSpans(1)]) {
            current = await shrinkEachFile(current, spansOf, test);
        }
    }
    return current;
}

/** One change after the other to all files, kept where the difference survives it. */
async function withPlainTexts(files, test) {
    let current = files;
    for (const change of [plainConfiguration, withoutComments, plainLayout]) {
        const candidate = new Map([...current].map(([path, text]) => [path, path.endsWith('.json') === (change === plainConfiguration) ? change(text) : text]));
        if (await test(candidate)) {
            current = candidate;
        }
    }
    return current;
}

function plainConfiguration(text) {
    const { projectName, languages, out } = JSON.parse(text);
    const plain = languages.map(({ id, grammar, fileExtensions }) => ({ id, grammar, fileExtensions }));
    return JSON.stringify({ projectName, languages: plain, out }, undefined, 2);
}

function withoutComments(text) {
    return tokensOf(text).filter(token => !/^\/[/*]/.test(token)).join('');
}

function plainLayout(text) {
    const tokens = tokensOf(text.replace(/^\ufeff/, '')).map(token => (/^\s+$/.test(token) ? ' ' : token));
    return `${tokens.map((token, index) => (token === ' ' && tokens[index - 1] === ';' ? '\n' : token)).join('').trim()}\n`;
}

/** Replaces one span after the other, from the end so that what precedes keeps its place. */
async function shrinkEachFile(files, spansOf, test, replacement = []) {
    let current = files;
    for (const path of grammarsOf(files)) {
        let tokens = tokensOf(current.get(path));
        for (const [start, end] of spansOf(tokens).reverse()) {
            const fewer = [...tokens.slice(0, start), ...replacement, ...tokens.slice(end)];
            const candidate = new Map(current).set(path, fewer.join(''));
            if (sizeOf(candidate) < sizeOf(current) && await test(candidate)) {
                current = candidate;
                tokens = fewer;
            }
        }
    }
    return current;
}

/** Drops the declarations whose name is found nowhere else: all at once, or as many as possible. */
async function withoutUnmentioned(files, test) {
    let current = files;
    for (let before; before !== sizeOf(current);) {
        before = sizeOf(current);
        const counts = new Map();
        grammarsOf(current).flatMap(path => tokensOf(current.get(path))).forEach(token => counts.set(token, (counts.get(token) ?? 0) + 1));
        const isUnmentioned = tokens => counts.get(nameOf(tokens)) === 1;
        const candidate = new Map([...current].map(([path, text]) => [path, path.endsWith('.json') ? text : withoutDeclarations(text, isUnmentioned)]));
        if (sizeOf(candidate) < before && await test(candidate)) {
            current = candidate;
        } else {
            const unmentionedSpans = tokens => declarationSpans(tokens).filter(([start, end]) => isUnmentioned(tokens.slice(start, end)));
            current = await shrinkEachFile(current, unmentionedSpans, test);
        }
    }
    return current;
}

function withoutDeclarations(text, isDropped) {
    const tokens = tokensOf(text);
    for (const [start, end] of declarationSpans(tokens).reverse()) {
        if (isDropped(tokens.slice(start, end))) {
            tokens.splice(start, end - start);
        }
    }
    return tokens.join('');
}

function nameOf(tokens) {
    return tokens.find(token => /^\^?\w+$/.test(token) && !BEFORE_NAME.has(token));
}

function grammarsOf(files) {
    return [...files.keys()].filter(path => path.endsWith('.langium'));
}

function sizeOf(files) {
    return [...files.values()].reduce((sum, text) => sum + text.length, 0);
}

/** A text as its tokens, white space and comments among them; joined they are the text again. */
export function tokensOf(text) {
    return text.match(TOKEN) ?? [];
}

/** The declarations of a text: up to the `;` or `}` on the outermost level. */
export function declarationSpans(tokens) {
    const spans = [];
    let depth = 0;
    let start = 0;
    tokens.forEach((token, index) => {
        depth += token === '{' || token === '(' ? 1 : token === '}' || token === ')' ? -1 : 0;
        if (depth === 0 && (token === ';' || token === '}' && isInterface(tokens.slice(start)))) {
            spans.push([start, index + 1]);
            start = index + 1;
        }
    });
    return spans;
}

function isInterface(tokens) {
    return tokens.find(token => /\S/.test(token)) === 'interface';
}

/** Between the colon and the semicolon of a parser rule without a declared type. */
function bodySpans(tokens) {
    return declarationSpans(tokens).flatMap(([start, end]) => {
        const words = tokens.slice(start, end);
        const colon = words.indexOf(':');
        const isPlain = colon > 0 && !words.slice(0, colon).some(word => ['returns', 'terminal', 'interface', 'infix'].includes(word));
        return isPlain ? [[start + colon + 1, end - 1]] : [];
    });
}

/** Everything in brackets, with the brackets; a following cardinality goes along. */
function bracketSpans(tokens) {
    return tokens.flatMap((token, index) => {
        const end = token in OPENING ? closing(tokens, index) : undefined;
        return end === undefined ? [] : [[index, /^[?*+]$/.test(tokens[end + 1]) ? end + 2 : end + 1]];
    });
}

function closing(tokens, index) {
    let depth = 0;
    for (let end = index; end < tokens.length; end++) {
        depth += tokens[end] === tokens[index] ? 1 : tokens[end] === OPENING[tokens[index]] ? -1 : 0;
        if (depth === 0) {
            return end;
        }
    }
    return undefined;
}

/** From a bar to the next one on its level, and from what precedes a bar to the bar. */
function alternativeSpans(tokens) {
    return tokens.flatMap((token, index) => (token === '|' ? [[index, alternativeEnd(tokens, index + 1)], [alternativeStart(tokens, index - 1), index + 1]] : []));
}

function alternativeEnd(tokens, from) {
    for (let depth = 0, end = from; end < tokens.length; end++) {
        depth += tokens[end] === '(' ? 1 : tokens[end] === ')' ? -1 : 0;
        if (depth < 0 || depth === 0 && (tokens[end] === '|' || tokens[end] === ';')) {
            return end;
        }
    }
    return tokens.length;
}

function alternativeStart(tokens, from) {
    for (let depth = 0, start = from; start >= 0; start--) {
        depth += tokens[start] === ')' ? 1 : tokens[start] === '(' ? -1 : 0;
        if (depth < 0 || depth === 0 && (tokens[start] === '|' || tokens[start] === ':')) {
            return start + 1;
        }
    }
    return 0;
}

/** Runs of `length` tokens that are not white space, with the white space among them. */
function tokenSpans(length) {
    return tokens => {
        const solid = tokens.map((token, index) => (/\S/.test(token) ? index : -1)).filter(index => index >= 0);
        return solid.flatMap((start, index) => (index % length === 0 || length === 2 ? [[start, (solid[index + length - 1] ?? solid.at(-1)) + 1]] : []));
    };
}
