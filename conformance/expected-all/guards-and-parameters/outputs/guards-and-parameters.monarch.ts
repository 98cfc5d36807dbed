// Monarch syntax highlighting for the guards-and-parameters language.
export default {
    keywords: [
        'continue','always','return','break','inner','never','outer','plain','loop','rest','odd'
    ],
    operators: [
        
    ],
    ignoreCase: false,
    symbols: /(?:)/,

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
