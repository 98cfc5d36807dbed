// This file is generated using a best effort guess for your language.
// It is not guaranteed contain all expected prism syntax highlighting rules.
// For more documentation, take a look at https://prismjs.com/extending.html'
Prism.languages["highlighting-strings"] = {
    string: {
        pattern: /"(\\.|[^"\\])*"|'[^']*'|`[^`]*`|r"[^"]*"|<<[^>]*>>|\$\$|~.~/,
        greedy: true
    },
    keyword: {
        pattern: /\b(strings)\b/
    }
};
