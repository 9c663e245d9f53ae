/**
 * Imports modules in a process of its own and prints, as JSON, what each did beside defining names.
 * `test/structure.test.ts` runs it.
 *
 * @module
 */
import { registerHooks } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = new Set<string>();
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const [, name] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(resolved.url) ?? [];
    if (name !== undefined) packages.add(name);
    return resolved;
  },
});

const state = () => ({
  // Two settings of zod, which every copy of it shares.
  globals: Object.getOwnPropertyNames(globalThis).filter((name) => !name.startsWith('__zod_')),
  environment: JSON.stringify(process.env),
  listeners: process.eventNames().map((name) => `${String(name)} ${process.listenerCount(name)}`),
  handles: process.getActiveResourcesInfo().filter((name) => name.endsWith('Wrap') && !/^(Pipe|TTY|FSReq)/.test(name)),
  directory: process.cwd(),
});

let written = '';
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write = ((text: string) => {
  written += text;
  return true;
}) as never;

const findings = [];
for (const target of process.argv.slice(2)) {
  const before = state();
  await import(target);
  const after = state();
  const changed = (Object.keys(before) as (keyof typeof before)[])
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => `${key}: ${JSON.stringify(before[key])} became ${JSON.stringify(after[key])}`);
  findings.push({ module: relative(process.cwd(), fileURLToPath(target)), changed, written, packages: [...packages] });
  written = '';
}
process.stdout.write = write;
console.log(JSON.stringify(findings));
