// Monarch syntax highlighting for the real-knitting language.
export default {
    keywords: [
        'pattern','worsted','metres','bulky','chart','k2tog','right','round','wrong','lace','mark','with','yarn','row','ssk','to','yo','k','p'
    ],
    operators: [
        ',',':','*'
    ],
    ignoreCase: false,
    symbols: /,|:|\*/,

    tokenizer: {
        initial: [
            { regex: /[0-9]+/, action: { cases: { '@keywords': {"token":"keyword"}, '@default': {"token":"number"} }} },
            { regex: /[_a-zA-Z][\w_]*/, action: { cases: { '@keywords': {"token":"keyword"}, '@default': {"token":"ID"} }} },
            { regex: /"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/, action: {"token":"string"} },
            { include: '@whitespace' },
            { regex: /@symbols/, action: { cases: { '@operators': {"token":"operator"}, '@default': {"token":""} }} },
        ],
        whitespace: [
            { regex: /\s+/, action: {"token":"white"} },
            { regex: /\/\/[^\n\r]*/, action: {"token":"comment"} },
        ],
        comment: [
        ],
    }
};
