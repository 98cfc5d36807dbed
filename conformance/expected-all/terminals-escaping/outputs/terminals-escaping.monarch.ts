// Monarch syntax highlighting for the terminals-escaping language.
export default {
    keywords: [
        
    ],
    operators: [
        
    ],
    ignoreCase: false,
    symbols: /(?:)/,

    tokenizer: {
        initial: [
            { regex: /a\/b|\/c/, action: {"token":"SLASH"} },
            { regex: /[/]x[^/\]]\/[\/]/, action: {"token":"CLASS"} },
            { regex: /\d\D\w\W\s\S\b\B\t\n\r\v\f\0\x41\u0042\cA\-\./, action: {"token":"ESC"} },
            { regex: /ü|日本|[α-ω]|\u{1F389}/, action: {"token":"UNI"} },
            { regex: /"|'[^']*'|`\$\{x\}`/, action: {"token":"QUOTE"} },
            { regex: /n\n	\r\nu0041\\n/, action: {"token":"NEWLINE"} },
            { regex: /`\$\{`'"'"\\/, action: {"token":"TICK"} },
            { regex: /x   /, action: {"token":"KW"} },
            { regex: /\$\^\.\*-\{1\}\[a\]\(b\)/, action: {"token":"DOLLAR"} },
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
