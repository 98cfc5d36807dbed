// Monarch syntax highlighting for the keywords-escaping language.
export default {
    keywords: [
        '${template}','back\\slash','new
line','say "hi"','tab	bed','`tick`','double','single','u0041b','it\'s','a\'b','a"b','k${','x41','\\n','k
','k\'','k"','k\\','k`','q'
    ],
    operators: [
        '..','*/','/*','//','<=','||','🎉','日本','.','/','\\','`','^','<','|','$','é','ß'
    ],
    ignoreCase: false,
    symbols: /\.\.|\*\/|\/\*|\/\/|<=|\|\||🎉|日本|\.|\(|\)|\[|\]|\{|\}|\/|\\|`|\^|<|\||\$|é|ß/,

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
