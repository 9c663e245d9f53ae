import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const src = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** Two projects: `fast` is what `npm run check` runs before each commit, `slow` starts processes, kills them, and meets hostile programs. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^poact$/, replacement: src('index.ts') },
      { find: /^poact\/(.+)$/, replacement: src('$1/index.ts') },
    ],
  },
  test: {
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: ['**/*.slow.test.ts', '**/node_modules/**', 'bench/.cache/**'],
        },
      },
      {
        extends: true,
        test: { name: 'slow', include: ['src/**/*.slow.test.ts', 'test/**/*.slow.test.ts'], testTimeout: 300_000 },
      },
    ],
  },
});
