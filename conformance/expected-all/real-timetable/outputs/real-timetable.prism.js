// This file is generated using a best effort guess for your language.
// It is not guaranteed contain all expected prism syntax highlighting rules.
// For more documentation, take a look at https://prismjs.com/extending.html'
Prism.languages["real-timetable"] = {
    comment: [
        {
            pattern: /\/\*[\s\S]*?\*\//,
            greedy: true
        },
        {
            pattern: /\/\/[^\n\r]*/,
            greedy: true
        }
    ],
    string: {
        pattern: /"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/,
        greedy: true
    },
    keyword: {
        pattern: /\b(timetable|terminus|freight|implies|station|second|tracks|daily|first|track|train|valid|else|from|line|load|rule|and|fri|mon|not|sat|sun|thu|tue|via|wed|kg|on|or|to|t|x)\b/
    }
};
