// Monarch syntax highlighting for the highlighting-keywords language.
export default {
    keywords: [
        'if-def','class','ifdef','abcd','it\'s','_a_','-a-','-ab','[a]','{a}','🎉a','a-b','a🎉','ab-','add','co_','co-','co1','coo','éaé','etA','ete','Ete','eté','été','Été','etf','mul','x.y','x|y','(a','\\b','$a','a)','a$','aé','éa','if','IF','e','E','i','K','z'
    ],
    operators: [
        '🎉🎉','<=>','==>','日本語','=>','_','-',',',':','!','.','\'','"','*','\\','`','^','°','→','∀','∈','+','<','=','≠','¬','~','∧','∨','≤','$','€','1','½','9','æ','é','ß','ω','Ω','б','あ','中','日'
    ],
    ignoreCase: false,
    symbols: /🎉🎉|<=>|==>|日本語|\(\)|\{\}|=>|_|-|,|:|!|\.|'|"|\[|\*|\\|`|\^|°|→|∀|∈|\+|<|=|≠|¬|~|∧|∨|≤|\$|€|1|½|9|æ|é|ß|ω|Ω|б|あ|中|日/,

    tokenizer: {
        initial: [
            { regex: /[a-z]+/, action: { cases: { '@keywords': {"token":"keyword"}, '@default': {"token":"ID"} }} },
            { regex: /[A-Z]/i, action: { cases: { '@keywords': {"token":"keyword"}, '@default': {"token":"UPPER"} }} },
            { regex: /#[0-9]/, action: {"token":"NOT_A_KEYWORD"} },
            { include: '@whitespace' },
            { regex: /@symbols/, action: { cases: { '@operators': {"token":"operator"}, '@default': {"token":""} }} },
        ],
        whitespace: [
            { regex: /^.$/u, action: {"token":"white"} },
            { regex: /\s+/, action: {"token":"white"} },
        ],
        comment: [
        ],
    }
};
