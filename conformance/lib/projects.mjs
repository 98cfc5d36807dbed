// Where the projects come from: our own grammars, and configuration files named on the command line.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fail, HOME } from './runtime.mjs';

const GRAMMARS = join(HOME, 'grammars');

// `config`: the three core files; `all`: the same project with every other output on.
const SETS = [
    { set: 'expected', config: 'langium-config.json' },
    { set: 'expected-all', config: 'langium-config.all.json' },
];

/** Our own projects, each with the folder of its recorded outputs. `names`: only these; none means all. */
export function ownProjects(names = []) {
    const known = readdirSync(GRAMMARS).sort();
    for (const name of names) {
        if (!known.includes(name)) {
            fail(`There is no project ${name} in ${GRAMMARS}`);
        }
    }
    return known
        .filter(name => names.length === 0 || names.includes(name))
        .flatMap(name => SETS.map(({ set, config }) => ({
            name: set === 'expected' ? name : `${name} (all outputs)`,
            root: join(GRAMMARS, name),
            config,
            recorded: join(HOME, set, name),
        })))
        .filter(project => existsSync(join(project.root, project.config)));
}

/**
 * A project given on the command line: a configuration file, or a folder with one.
 * `root` is the folder to copy, for configurations whose grammars import from above their own folder.
 */
export function givenProject(path, root) {
    if (!existsSync(path)) {
        fail(`There is no ${path}`);
    }
    const file = resolve(statSync(path).isDirectory() ? configurationIn(path) : path);
    const folder = resolve(root ?? dirname(file));
    return { name: path, root: folder, config: relative(folder, file) || basename(file) };
}

function configurationIn(folder) {
    const found = ['langium-config.json', 'package.json'].map(name => join(folder, name)).find(existsSync);
    return found ?? fail(`There is no langium-config.json or package.json in ${folder}`);
}
