// Monarch syntax highlighting for the real-gamebook language.
export default {
    keywords: [
        'otherwise','chapter','victory','effect','death','fight','skill','worth','book','drop','item','lose','luck','take','test','all','and','foe','has','not','win','go','if','or','d'
    ],
    operators: [
        '+=','-','+','<','=','>'
    ],
    ignoreCase: false,
    symbols: /\+=|-|\(|\)|\{|\}|\+|<|=|>/,

    tokenizer: {
        initial: [
            { regex: /0|[1-9]([0-9])*/, action: {"token":"number"} },
            { regex: /"""(?:[\s\S]*?""")/, action: {"token":"TEXT"} },
            { regex: /[_a-zA-Z][\w_]*/, action: { cases: { '@keywords': {"token":"keyword"}, '@default': {"token":"ID"} }} },
            { include: '@whitespace' },
            { regex: /@symbols/, action: { cases: { '@operators': {"token":"operator"}, '@default': {"token":""} }} },
        ],
        whitespace: [
            { regex: /\s+/, action: {"token":"white"} },
            { regex: /#((?!\n)[\s\S]*?)*/, action: {"token":"comment"} },
        ],
        comment: [
        ],
    }
};
