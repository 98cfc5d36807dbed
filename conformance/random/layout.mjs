// Turns tokens into text: white space, line ends and comments between them. Every token may be preceded by a comment;
// that is where most of what decides about documentation is.

import { COMMENT_TEXTS } from './words.mjs';

const STYLES = [
    [6, { name: 'pretty', space: [' '], breakAfter: 0.15, comments: 0.02 }],
    [2, { name: 'commented', space: [' ', '\n    '], breakAfter: 0.2, comments: 0.2 }],
    [2, { name: 'bare', space: [' '], breakAfter: 0.05, comments: 0 }],
    [1, { name: 'odd', space: [' ', '\t', '\n', '  ', '\n\n', '\u00a0', '\r', '\u2028', '\f'], breakAfter: 0.3, comments: 0.05 }],
];

/**
 * @param declarations lists of tokens
 * @param seen is told the constructs that occur
 * @returns the text of one file
 */
export function layOut(declarations, rng, seen) {
    const style = rng.weighted(STYLES);
    const parts = [];
    for (const tokens of declarations) {
        tokens.forEach((token, index) => {
            const comment = commentBefore(index === 0 ? style.comments * 3 : style.comments, rng, seen);
            parts.push(comment, token, separator(token, style, rng));
        });
        parts.push(rng.pick(['\n', '\n', '\n\n']));
    }
    const ends = rng.weighted([[9, '\n'], [1, '\r\n']]);
    const bom = rng.chance(0.04);
    const text = parts.join('').trimEnd() + (rng.chance(0.8) ? '\n' : rng.chance(0.5) ? '' : '\n/** after everything */');
    if (ends === '\r\n') {
        seen('CRLF');
    }
    if (bom) {
        seen('BOM');
    }
    return (bom ? '\ufeff' : '') + text.replaceAll('\n', ends);
}

function separator(token, style, rng) {
    const breaks = token === ';' || token === '{' ? 0.6 : style.breakAfter;
    return rng.chance(breaks) ? `\n${' '.repeat(4 * rng.int(0, 2))}` : rng.pick(style.space);
}

function commentBefore(probability, rng, seen) {
    if (!rng.chance(probability)) {
        return '';
    }
    const text = () => rng.pick(COMMENT_TEXTS);
    const kind = rng.weighted([
        [5, 'doc comment'], [3, 'doc comment of several lines'], [2, 'block comment'], [2, 'line comment'], [1, 'doc then line comment'], [1, 'two doc comments'], [0.3, 'empty comment'],
    ]);
    seen(kind);
    switch (kind) {
        case 'doc comment': return `/** ${text()} */${rng.pick([' ', '\n', ''])}`;
        case 'doc comment of several lines': return several(rng, text);
        case 'block comment': return `/* ${text()} */ `;
        case 'line comment': return `// ${text()}\n`;
        case 'doc then line comment': return `/** ${text()} */ // ${text()}\n`;
        case 'two doc comments': return `/** ${text()} */ /** ${text()} */ `;
        default: return rng.pick(['/**/', '/***/', '/** */', '/*\n*/']);
    }
}

function several(rng, text) {
    const indent = ' '.repeat(rng.int(0, 6));
    const lines = rng.times(rng.int(1, 4), () => `${indent}${rng.pick([' * ', ' * ', ' *', '   ', '* '])}${text()}`);
    return `/**\n${lines.join('\n')}\n${indent} */${rng.pick(['\n', ' '])}`;
}
