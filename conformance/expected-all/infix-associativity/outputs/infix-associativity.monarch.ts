// Monarch syntax highlighting for the infix-associativity language.
export default {
    keywords: [
        'and then','and','or'
    ],
    operators: [
        '**','*','/','&','^','+','=','|'
    ],
    ignoreCase: false,
    symbols: /\*\*|\[|\]|\*|\/|&|\^|\+|=|\|/,

    tokenizer: {
        initial: [
            { regex: /[_a-zA-Z][\w_]*/, action: { cases: { '@keywords': {"token":"keyword"}, '@default': {"token":"ID"} }} },
            { regex: /[0-9]+/, action: {"token":"number"} },
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
