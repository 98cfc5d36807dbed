// This file is generated using a best effort guess for your language.
// It is not guaranteed contain all expected prism syntax highlighting rules.
// For more documentation, take a look at https://prismjs.com/extending.html'
Prism.languages["real-knitting"] = {
    comment: {
        pattern: /\/\/[^\n\r]*/,
        greedy: true
    },
    string: {
        pattern: /"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/,
        greedy: true
    },
    keyword: {
        pattern: /\b(pattern|worsted|metres|bulky|chart|right|round|wrong|lace|mark|with|yarn|row|ssk|to|yo|k|p)\b/
    }
};
