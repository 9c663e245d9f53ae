/**
 * Fetching a local model: says from where and how much, asks, and shows how far it is.
 *
 * @module
 */
import type { PullEvent } from '../model/index.ts';
import { CancelledError, ModelError } from '../record/index.ts';
import type { Asker, Io } from './io.ts';
import type { StatusLine } from './status-line.ts';
import { size } from './words.ts';

/** What {@link fetchModel} needs beside the name. */
export interface FetchOptions {
  io: Io;
  status: StatusLine;
  ask: Asker;
  /** Agreed beforehand. */
  yes: boolean;
  signal?: AbortSignal;
}

/**
 * Fetches a model of the catalogue unless it is there, and gives its path.
 *
 * @throws {CancelledError} the person said no.
 * @throws {ModelError} nobody can be asked, or it could not be fetched.
 */
export async function fetchModel(name: string, { io, status, ask, yes, signal }: FetchOptions): Promise<string> {
  const { hasModel, modelPath, pullModel } = await import('../model/index.ts');
  if (hasModel(name, io.env)) return modelPath(name, io.env);
  let agreed = yes;
  const path = await pullModel(name, {
    env: io.env,
    ...(signal === undefined ? {} : { signal }),
    confirm: async ({ model, host, bytes }) => {
      const offer = `${model.title} (${model.license}), ${size(bytes)} from ${host}`;
      if (agreed) {
        status.write(`Fetching ${offer}.\n`);
        return true;
      }
      if (!io.interactive) {
        throw new ModelError(
          'model-file-missing',
          `The model ${name} is not on this machine, and nobody can be asked whether to fetch ${offer}. Run \`poact models pull ${name} --yes\`, or add --yes.`,
          { name },
        );
      }
      const said = await ask.confirm(`Fetch ${offer}?`);
      if (said !== true)
        throw new CancelledError(`Nothing was fetched. Another model: --model openai/gpt-5, or a path to a GGUF file.`);
      agreed = true;
      return true;
    },
    onProgress: progressOn(status),
  });
  status.show(undefined);
  status.write(`The model is in ${path}.\n`);
  return path;
}

function progressOn(status: StatusLine): (event: PullEvent) => void {
  let started = { host: '', at: 0, bytes: 0 };
  return (event) => {
    switch (event.state) {
      case 'waiting':
        return status.show(() => 'another process is fetching the model, waiting for it');
      case 'connecting':
        return status.show(() => `connecting to ${event.host}`);
      case 'checking':
        return status.show(() => 'checking the SHA-256');
      case 'failed': {
        const next = event.next === undefined ? '' : ` Trying ${event.next}, which has the same weights.`;
        return status.write(`${event.host} did not work: ${event.reason}${next}\n`);
      }
      case 'downloading': {
        const { host, doneBytes, totalBytes } = event;
        if (started.host !== host) started = { host, at: Date.now(), bytes: doneBytes };
        const seconds = Math.max(1, (Date.now() - started.at) / 1_000);
        const rate = `${size(Math.round((doneBytes - started.bytes) / seconds))}/s`;
        return status.show(
          () => `${bar(doneBytes / totalBytes)} ${size(doneBytes)} of ${size(totalBytes)} · ${rate} · ${host}`,
        );
      }
    }
  };
}

const WIDTH = 24;
const bar = (part: number) => '█'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH, '░');
