// Monarch syntax highlighting for the text-unicode language.
export default {
    keywords: [
        'größe','u00e9'
    ],
    operators: [
        '𝔘','→','☃','α','β','Ω'
    ],
    ignoreCase: false,
    symbols: /𝔘|→|☃|α|β|Ω/,

    tokenizer: {
        initial: [
            { regex: /[a-zà-ÿ€-₿]+|[\u4e00-\u9fff]/, action: { cases: { '@keywords': {"token":"keyword"}, '@default': {"token":"NAME"} }} },
            { regex: /[ä-ü]/, action: { cases: { '@keywords': {"token":"keyword"}, '@default': {"token":"UNI"} }} },
            { include: '@whitespace' },
            { regex: /@symbols/, action: { cases: { '@operators': {"token":"operator"}, '@default': {"token":""} }} },
        ],
        whitespace: [
            { regex: /[\s\u2028 　]+/, action: {"token":"white"} },
        ],
        comment: [
        ],
    }
};
