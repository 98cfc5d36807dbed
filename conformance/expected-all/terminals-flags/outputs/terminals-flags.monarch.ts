// Monarch syntax highlighting for the terminals-flags language.
export default {
    keywords: [
        
    ],
    operators: [
        
    ],
    ignoreCase: false,
    symbols: /(?:)/,

    tokenizer: {
        initial: [
            { regex: /a[x-z]+/i, action: {"token":"A"} },
            { regex: /b\u{1F600}|\p{Lu}+b/u, action: {"token":"B"} },
            { regex: /c.d/s, action: {"token":"C"} },
            { regex: /d.+?e/isu, action: {"token":"D"} },
            { regex: /(e[a-z])/i, action: {"token":"E"} },
            { regex: /fg/, action: {"token":"F"} },
            { regex: /g+h/i, action: {"token":"G"} },
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
