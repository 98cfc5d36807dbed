// This file is generated using a best effort guess for your language.
// It is not guaranteed contain all expected prism syntax highlighting rules.
// For more documentation, take a look at https://prismjs.com/extending.html'
Prism.languages["highlighting-comments"] = {
    comment: [
        {
            pattern: /\/\*[\s\S]*?\*\//,
            greedy: true
        },
        {
            pattern: /\(\*(?:[\s\S]*?\*\))/,
            greedy: true
        },
        {
            pattern: /<!--(.|\n)*?-->/,
            greedy: true
        },
        {
            pattern: /\/\/[^\n\r]*/,
            greedy: true
        },
        {
            pattern: /--((?!(\n|\r))[\s\S]*?)*/,
            greedy: true
        },
        {
            pattern: /;{3}x*[a-z]{2,}end/,
            greedy: true
        },
        {
            pattern: /#=[^=]*=#|##.*|#!|#(a|b)+c?(d)/,
            greedy: true
        },
        {
            pattern: /{((-)|(?:~))([a-z]|-)*((?:~)|-)}/,
            greedy: true
        },
        {
            pattern: /!(?=a)[^!]*(?<=b)!/,
            greedy: true
        },
        {
            pattern: /{%(?<name>[^%]*)%}/,
            greedy: true
        },
        {
            pattern: /\{\x2b\u002A\cA\0\t[^}]*\d\W.\}/,
            greedy: true
        },
        {
            pattern: /{,2}{a*}{1,x/,
            greedy: true
        },
        {
            pattern: /%%🎉?[^🎉]*🎉/,
            greedy: true
        },
        {
            pattern: /%:🎉?[^🎉]*🎉/u,
            greedy: true
        },
        {
            pattern: /%;\u{1F600}[^;]*;/u,
            greedy: true
        },
        {
            pattern: /%(['"])[^'"]*\1%/,
            greedy: true
        }
    ],
    keyword: {
        pattern: /\b(comments)\b/
    }
};
