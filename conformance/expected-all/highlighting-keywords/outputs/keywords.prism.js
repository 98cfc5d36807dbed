// This file is generated using a best effort guess for your language.
// It is not guaranteed contain all expected prism syntax highlighting rules.
// For more documentation, take a look at https://prismjs.com/extending.html'
Prism.languages["highlighting-keywords"] = {
    keyword: {
        pattern: /\b(class|ifdef|abcd|_a_|add|co_|coo|etA|ete|Ete|etf|mul|if|IF|_|e|E|i|K|z)\b/
    }
};
