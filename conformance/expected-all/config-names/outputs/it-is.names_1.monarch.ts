// Monarch syntax highlighting for the it-is.names_1 language.
export default {
    keywords: [
        'Other','THIRD','root'
    ],
    operators: [
        
    ],
    ignoreCase: true,
    symbols: /(?:)/,

    tokenizer: {
        initial: [
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
