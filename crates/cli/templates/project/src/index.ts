import {
    createDefaultCoreModule,
    createDefaultSharedCoreModule,
    EmptyFileSystem,
    inject,
    URI,
    type DefaultSharedCoreModuleContext,
    type LangiumCoreServices,
} from 'langium';
import type { Plan } from './generated/ast.js';
import { {{Name}}GeneratedModule, {{Name}}GeneratedSharedModule } from './generated/module.js';

/** The services of the language. Without a `context` they know no files, only texts. */
export function createServices(context: DefaultSharedCoreModuleContext = EmptyFileSystem): LangiumCoreServices {
    const shared = inject(createDefaultSharedCoreModule(context), {{Name}}GeneratedSharedModule);
    const language = inject(createDefaultCoreModule({ shared }), {{Name}}GeneratedModule);
    shared.ServiceRegistry.register(language);
    return language;
}

/** Reads a plan. What is wrong with it is in `problems`, each with its line and column. */
export async function readPlan(text: string): Promise<{ plan: Plan; problems: string[] }> {
    const { workspace } = createServices().shared;
    const document = workspace.LangiumDocumentFactory.fromString<Plan>(text, URI.parse('memory:///plan.{{extension}}'));
    await workspace.DocumentBuilder.build([document], { validation: true });
    const problems = (document.diagnostics ?? []).map(({ range: { start }, message }) => {
        return `${start.line + 1}:${start.character + 1} ${message}`;
    });
    return { plan: document.parseResult.value, problems };
}
