// A corpus: projects with recorded hashes of what the reference wrote. Layout: `manifest.json`, `repos/TREE/…`,
// `expected/ID/VARIANT/result.json` with `exit` and `files: [{ path, sha256 }]`.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The runs of a corpus that belong to the given variants, or undefined where there is no corpus. */
export function corpusProjects(folder, variants) {
    const manifest = join(folder, 'manifest.json');
    if (!existsSync(manifest)) {
        return undefined;
    }
    return readJson(manifest).projects.flatMap(project => variants
        .filter(variant => project.variants[variant]?.config !== undefined)
        .map(variant => ({
            name: `${project.id} [${variant}]`,
            root: join(folder, 'repos', project.tree),
            config: project.variants[variant].config,
            result: join(folder, 'expected', project.id, variant, 'result.json'),
        })));
}

/** The recorded run of a corpus project, in the shape of a run whose bytes are known by hash only. */
export function corpusRun({ result }) {
    const { exit, files } = readJson(result);
    return { exit, files: new Map(files.map(({ path, sha256 }) => [path, { sha256 }])) };
}

function readJson(path) {
    return JSON.parse(readFileSync(path, 'utf8'));
}
