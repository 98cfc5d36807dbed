// Monarch syntax highlighting for the first language.
export default {
    keywords: [
        'first','thing'
    ],
    operators: [
        
    ],
    ignoreCase: false,
    symbols: /(?:)/,

    tokenizer: {
        initial: [
            { regex: /[0-9]+/, action: {"token":"NUM"} },
            { regex: /[_a-zA-Z][\w_]*/, action: { cases: { '@keywords': {"token":"keyword"}, '@default': {"token":"ID"} }} },
            { include: '@whitespace' },
            { regex: /@symbols/, action: { cases: { '@operators': {"token":"operator"}, '@default': {"token":""} }} },
        ],
        whitespace: [
            { regex: /\s+/, action: {"token":"white"} },
        ],
        comment: [
        ],
    }
};
