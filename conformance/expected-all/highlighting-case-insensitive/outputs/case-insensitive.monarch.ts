// Monarch syntax highlighting for the highlighting-case-insensitive language.
export default {
    keywords: [
        'LETTER','Begin','END','let'
    ],
    operators: [
        ':=',';'
    ],
    ignoreCase: true,
    symbols: /:=|;/,

    tokenizer: {
        initial: [
            { regex: /[a-z][a-z0-9]*/i, action: { cases: { '@keywords': {"token":"keyword"}, '@default': {"token":"ID"} }} },
            { regex: /'(?:[\s\S]*?')/, action: {"token":"string"} },
            { include: '@whitespace' },
            { regex: /@symbols/, action: { cases: { '@operators': {"token":"operator"}, '@default': {"token":""} }} },
        ],
        whitespace: [
            { regex: /\s+/, action: {"token":"white"} },
            { regex: /rem[^\n]*/i, action: {"token":"comment"} },
        ],
        comment: [
        ],
    }
};
