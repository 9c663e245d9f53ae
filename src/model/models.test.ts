import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  DEFAULT_LOCAL_MODEL,
  hasModel,
  LOCAL_MODELS,
  listModels,
  localModel,
  modelPath,
  modelsFolder,
} from './models.ts';

it('keeps models where the user’s caches are', () => {
  expect(modelsFolder({ POACT_HOME: '/p' })).toBe(join('/p', 'models'));
  expect(modelsFolder({ XDG_CACHE_HOME: '/x' })).toBe(join('/x', 'poact', 'models'));
  expect(modelsFolder({})).toMatch(/poact.models$/);
});

it('knows a model by its name or its file', () => {
  expect(localModel('1.5B').name).toBe('1.5b');
  expect(localModel('qwen2.5-coder-0.5b-instruct-q4_k_m.gguf').name).toBe('0.5b');
  expect(localModel('qwen2.5-coder-0.5b-instruct-q4_k_m').name).toBe('0.5b');
});

it('says which names it knows', () => {
  expect(() => localModel('7b')).toThrow('No local model is called 7b. Known: 1.5b, 0.5b, minilm.');
});

it('lists first what is the default', () => {
  expect(LOCAL_MODELS[0]?.name).toBe(DEFAULT_LOCAL_MODEL);
});

it('has for every model a size, a digest and a place, and as many members as packages', () => {
  for (const { bytes, sha256, sources } of LOCAL_MODELS) {
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) {
      if (source.kind === 'pip') expect(source.members).toHaveLength(source.packages.length);
    }
  }
});

it('counts a file only when it is whole', async () => {
  const home = await mkdtemp(join(tmpdir(), 'poact-models-'));
  const env = { POACT_HOME: home };
  try {
    await mkdir(modelsFolder(env));
    await writeFile(modelPath('minilm', env), 'x');
    expect(hasModel('minilm', env)).toBe(false);
    await truncate(modelPath('minilm', env), localModel('minilm').bytes);
    expect(hasModel('minilm', env)).toBe(true);
    expect(listModels(env).map(({ name, present }) => [name, present])).toEqual([
      ['1.5b', false],
      ['0.5b', false],
      ['minilm', true],
    ]);
  } finally {
    await rm(home, { recursive: true });
  }
});
