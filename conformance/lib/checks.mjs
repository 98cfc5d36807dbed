// The grammars in checks/: one text each, for a project of one or several files.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes the project that a text stands for: its files, each behind a line `//# file NAME`, the first one being the entry
 * grammar; and a configuration, with strict types if there is a line `//# strict`.
 */
export function writeProject(project, text) {
    let file = 'grammar.langium';
    const files = new Map([[file, '']]);
    let strict = false;
    for (const line of text.split(/(?<=\n)/)) {
        if (line.startsWith('//# file ')) {
            file = line.slice('//# file '.length).trim();
            files.set(file, '');
        } else if (line.startsWith('//# strict')) {
            strict = true;
        } else {
            files.set(file, files.get(file) + line);
        }
    }
    mkdirSync(project, { recursive: true });
    files.forEach((content, name) => writeFileSync(join(project, name), content));
    const language = { id: 'test', grammar: 'grammar.langium', fileExtensions: ['.test'] };
    const config = { projectName: 'Test', languages: [language], out: 'generated', validation: { types: strict ? 'strict' : 'normal' } };
    writeFileSync(join(project, 'langium-config.json'), JSON.stringify(config));
}
