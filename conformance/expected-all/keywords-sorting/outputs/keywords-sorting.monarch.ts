// Monarch syntax highlighting for the keywords-sorting language.
export default {
    keywords: [
        'uFF5E','a b','a_b','a-b','_a','ab','aB','Ab','zz','a','A','b','B','e','z','Z'
    ],
    operators: [
        '🎉','10','!','~','1','9','é'
    ],
    ignoreCase: false,
    symbols: /🎉|10|!|~|1|9|é/,

    tokenizer: {
        initial: [
            { regex: /#[a-z]+/, action: {"token":"NAME"} },
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
