// This file is generated using a best effort guess for your language.
// It is not guaranteed contain all expected prism syntax highlighting rules.
// For more documentation, take a look at https://prismjs.com/extending.html'
Prism.languages["real-gamebook"] = {
    comment: {
        pattern: /#((?!\n)[\s\S]*?)*/,
        greedy: true
    },
    keyword: {
        pattern: /\b(otherwise|chapter|victory|effect|death|fight|skill|worth|book|drop|item|lose|luck|take|test|all|and|foe|has|not|win|go|if|or|d)\b/
    }
};
