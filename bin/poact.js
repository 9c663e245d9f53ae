#!/usr/bin/env node
// In the repository this runs the sources (Node strips the types); in an installed package only dist/ is there.
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `poact needs Node 24 or newer, and this is ${process.version}. In the repository use \`npx poact\`, which brings its own.\n`,
  );
  process.exit(2);
}
const source = new URL('../src/', import.meta.url);
const fromSource = existsSync(source);
if (fromSource) {
  registerHooks({
    resolve(specifier, context, next) {
      const [, room] = /^poact(?:\/(\w+))?$/.exec(specifier) ?? [];
      if (specifier !== 'poact' && room === undefined) return next(specifier, context);
      return { url: new URL(room ? `${room}/index.ts` : 'index.ts', source).href, shortCircuit: true };
    },
  });
}
const { main } = await import(
  new URL(fromSource ? 'serve/main.ts' : '../dist/serve/main.js', fromSource ? source : import.meta.url).href
);
process.exitCode = await main(process.argv.slice(2));
