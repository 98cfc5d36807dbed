// Monarch syntax highlighting for the terminals-operators language.
export default {
    keywords: [
        
    ],
    operators: [
        
    ],
    ignoreCase: false,
    symbols: /(?:)/,

    tokenizer: {
        initial: [
            { regex: /0x([0-9]|[a-f]|[A-F])+/, action: {"token":"HEX"} },
            { regex: /(?:[0-9])+(\.(?:[0-9])*)?/, action: {"token":"number"} },
            { regex: /\?a?b*c+(d|e)?(fg)*(h)+i+?[jk]*/, action: {"token":"OPT"} },
            { regex: /#|##|###|####/, action: {"token":"ALT"} },
            { regex: /(n(o(p|q)?|r)*)|(s)/, action: {"token":"NEST"} },
            { regex: /(t)?u/, action: {"token":"REP"} },
            { regex: /[!-/]/, action: {"token":"RNG"} },
            { regex: /a\.b\*c\+d\?e\(f\)g\[h\]i\{j\}k\|l\^m\$n\\o\/p-q/, action: {"token":"KW"} },
            { regex: /one/, action: {"token":"ONE"} },
            { regex: /[0-9]/, action: {"token":"DIGIT"} },
            { regex: /([a-z]|[A-Z]|_)([a-z]|[A-Z]|_|(?:[0-9]))*/, action: {"token":"ID"} },
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
