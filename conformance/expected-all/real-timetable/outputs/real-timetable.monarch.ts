// Monarch syntax highlighting for the real-timetable language.
export default {
    keywords: [
        'timetable','terminus','freight','implies','station','second','tracks','daily','first','track','train','valid','else','from','line','load','rule','and','fri','mon','not','sat','sun','thu','tue','via','wed','kg','on','or','to','t','x'
    ],
    operators: [
        '!=','<=','==','>=','-',',',':','.','*','/','+','<','>','|','~'
    ],
    ignoreCase: false,
    symbols: /!=|<=|==|>=|-|,|:|\.|\(|\)|\{|\}|\*|\/|\+|<|>|\||~/,

    tokenizer: {
        initial: [
            { regex: /[0-9]{4}-[0-9]{2}-[0-9]{2}/, action: {"token":"Date"} },
            { regex: /[0-2]?[0-9]:[0-5][0-9]/, action: {"token":"TIME"} },
            { regex: /[0-9]+\.[0-9]+/, action: {"token":"number"} },
            { regex: /[0-9]+/, action: {"token":"number"} },
            { regex: /"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/, action: {"token":"string"} },
            { regex: /[_a-zA-Z][\w_]*/, action: { cases: { '@keywords': {"token":"keyword"}, '@default': {"token":"ID"} }} },
            { include: '@whitespace' },
            { regex: /@symbols/, action: { cases: { '@operators': {"token":"operator"}, '@default': {"token":""} }} },
        ],
        whitespace: [
            { regex: /\s+/, action: {"token":"white"} },
            { regex: /\/\*/, action: {"token":"comment","next":"@comment"} },
            { regex: /\/\/[^\n\r]*/, action: {"token":"comment"} },
        ],
        comment: [
            { regex: /[^/\*]+/, action: {"token":"comment"} },
            { regex: /\*\//, action: {"token":"comment","next":"@pop"} },
            { regex: /[/\*]/, action: {"token":"comment"} },
        ],
    }
};
