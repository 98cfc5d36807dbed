// What the reference and Langloom say about grammars, line by line: `path:line:column - message`, errors and warnings on
// standard error, hints on standard output.

const PLACE = /^\S+\.langium:\d+:\d+ - /;
// What Chevrotain says about a text that is no grammar.
const SYNTAX = /^\S+\.langium:\d+:\d+ - (Expecting|Redundant input|unexpected character)/m;
// A check that ran out of stack.
const OVERFLOW = /^\S+\.langium:\d+:\d+ - An error occurred during validation: /m;
// What it throws when it makes a parser of a grammar. It says no place then; Langloom does, in words of its own.
const DEFINITION = /^[A-Za-z]*Error: /m;

/** What `compareProblems` says where a text is no grammar. */
export const NO_GRAMMAR = 'not a grammar';
/** What it says where the reference says nothing of use: it printed a stack trace, or a check ran out of stack. */
export const DIED = 'the reference died';

/**
 * Compares what both said.
 * @param expected, actual `exit`, `stdout`, `stderr`
 * @returns `verdict`: equal, different, or why it was not compared; and the first `line` that only one of both has: `-` the
 *          reference, `+` Langloom
 */
export function compareProblems(expected, actual) {
    if (SYNTAX.test(expected.stderr)) {
        return { verdict: NO_GRAMMAR };
    }
    if (expected.exit === 1 || OVERFLOW.test(expected.stderr)) {
        return { verdict: DIED };
    }
    const isDefinition = expected.exit !== 0 && DEFINITION.test(expected.stderr);
    for (const stream of ['stderr', 'stdout']) {
        const [wanted, found] = [places(expected[stream]), places(actual[stream])];
        const at = wanted.findIndex((line, index) => line !== found[index]);
        if (at >= 0) {
            return found.includes(wanted[at]) && found[at] !== undefined && !wanted.includes(found[at])
                ? { verdict: 'different', line: `+ ${found[at]}` }
                : { verdict: 'different', line: `- ${wanted[at]}` };
        }
        if (found.length > wanted.length && !(isDefinition && stream === 'stderr')) {
            return { verdict: 'different', line: `+ ${found[wanted.length]}` };
        }
    }
    return { verdict: isDefinition ? 'equal, and no parser can be made' : 'equal' };
}

function places(text) {
    return text.split('\n').filter(line => PLACE.test(line));
}
