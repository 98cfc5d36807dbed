// Monarch syntax highlighting for the highlighting-strings language.
export default {
    keywords: [
        'strings'
    ],
    operators: [
        
    ],
    ignoreCase: false,
    symbols: /(?:)/,

    tokenizer: {
        initial: [
            { regex: /[0-9]+/, action: {"token":"number"} },
            { regex: /@[0-9-]+/, action: {"token":"Date"} },
            { regex: /"(\\.|[^"\\])*"|'[^']*'|`[^`]*`|r"[^"]*"|<<[^>]*>>|\$\$|~.~/, action: {"token":"string"} },
            { regex: /%[a-z%]*/, action: {"token":"string"} },
            { regex: /[_a-zA-Z][\w_]*/, action: { cases: { '@keywords': {"token":"keyword"}, '@default': {"token":"ID"} }} },
            { regex: /[a-z]/, action: { cases: { '@keywords': {"token":"keyword"}, '@default': {"token":"UNUSED"} }} },
            { regex: /[+-]+/, action: {"token":"SYMBOLS"} },
            { include: '@whitespace' },
            { regex: /@symbols/, action: { cases: { '@operators': {"token":"operator"}, '@default': {"token":""} }} },
        ],
        whitespace: [
            { regex: / |x y/, action: {"token":"white"} },
            { regex: /\s+/, action: {"token":"white"} },
        ],
        comment: [
        ],
    }
};
