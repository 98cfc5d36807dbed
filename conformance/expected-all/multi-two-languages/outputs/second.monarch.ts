// Monarch syntax highlighting for the second language.
export default {
    keywords: [
        'second','other','item'
    ],
    operators: [
        
    ],
    ignoreCase: true,
    symbols: /(?:)/,

    tokenizer: {
        initial: [
            { regex: /[a-z]+/, action: { cases: { '@keywords': {"token":"keyword"}, '@default': {"token":"WORD"} }} },
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
