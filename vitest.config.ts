import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const src = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/**
 * Two projects: `fast` is what `npm run check` runs before each commit; `slow` starts processes, kills them, and meets hostile
 * programs, one file after another and after `fast`, because it measures time.
 */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^poact$/, replacement: src('index.ts') },
      { find: /^poact\/(.+)$/, replacement: src('$1/index.ts') },
    ],
  },
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: [
            'src/**/*.test.ts',
            'test/**/*.test.ts',
            'bench/*.test.ts',
            'bench/{files,m3tooleval}/**/*.test.ts',
          ],
          exclude: ['**/*.slow.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: ['src/**/*.slow.test.ts', 'test/**/*.slow.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
