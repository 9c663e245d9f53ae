/**
 * Runs one snippet as a user's program: `poact` is the sources, other packages are the repository's.
 * Scripted replies, as JSON in the environment, stand in for the model that it names.
 *
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const root = new URL('../', import.meta.url);
registerHooks({
  resolve(specifier, context, next) {
    const [, room] = /^poact(?:\/(\w+))?$/.exec(specifier) ?? [];
    if (specifier === 'poact' || room !== undefined) {
      return { url: new URL(room ? `src/${room}/index.ts` : 'src/index.ts', root).href, shortCircuit: true };
    }
    const bare = !/^(?:\.|\/|file:|node:|data:)/.test(specifier);
    return next(
      specifier,
      bare && !context.parentURL?.includes('/node_modules/') ? { ...context, parentURL: root.href } : context,
    );
  },
});

const [path = ''] = process.argv.slice(2);
const replies = process.env.POACT_SNIPPET_REPLIES;
if (replies !== undefined) {
  const code = await readFile(path, 'utf8');
  // The last reply is said again: the preset asks for more programs until their vote is decided.
  const head = `import { scriptedModel } from 'poact/testing';
const replies = ${replies};
const scripted = scriptedModel(() => (replies.length > 1 ? replies.shift() : replies[0]), { can: { prefill: false } });
`;
  await writeFile(path, head + code.replace(/model: '[^']*'/g, 'model: scripted'));
}
await import(pathToFileURL(path).href);
