/**
 * The last line of a terminal: what is under way, and how fast the model writes. Gone as soon as something is printed.
 *
 * @module
 */
import type { Model } from '../model/index.ts';
import type { Output } from './io.ts';
import type { Paint } from './paint.ts';
import { duration } from './words.ts';

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const EVERY_MS = 100;

/** A line that changes in place, on a terminal; nothing elsewhere. */
export interface StatusLine {
  /** Shows a text until the next one; `undefined` shows none. */
  show(text: (() => string) | undefined): void;
  /** Writes lasting text above it. */
  write(text: string): void;
  close(): void;
}

export function statusLine(output: Output, paint: Paint): StatusLine {
  const live = output.isTTY === true;
  let text: (() => string) | undefined;
  let shown = false;
  let frame = 0;
  const clear = () => {
    if (shown) output.write('\r\u001b[2K');
    shown = false;
  };
  const draw = () => {
    if (text === undefined) return;
    frame = (frame + 1) % FRAMES.length;
    const line = `${FRAMES[frame]} ${text()}`.slice(0, (output.columns ?? 80) - 1);
    output.write(`\r\u001b[2K${paint('dim', line)}`);
    shown = true;
  };
  const timer = live ? setInterval(draw, EVERY_MS) : undefined;
  timer?.unref();
  return {
    show(next) {
      text = next;
      if (next === undefined) clear();
    },
    write(lasting) {
      clear();
      output.write(lasting);
    },
    close() {
      clearInterval(timer);
      text = undefined;
      clear();
    },
  };
}

/** The same model, whose replies are counted on the status line as they are written. */
export function watched(model: Model, status: StatusLine, now: () => number = Date.now): Model {
  return {
    ...model,
    get can() {
      return model.can;
    },
    async generate(request, on) {
      const started = now();
      let first: number | undefined;
      let tokens = 0;
      const purpose = (request as { purpose?: string }).purpose ?? 'model';
      status.show(() => {
        if (first === undefined) return `${purpose} · reading the prompt · ${duration(now() - started)}`;
        const perSecond = tokens / Math.max(0.001, (now() - first) / 1_000);
        return `${purpose} · ${tokens} tokens · ${perSecond.toFixed(0)} tokens/s`;
      });
      try {
        return await model.generate(request, {
          delta(text) {
            first ??= now();
            tokens += 1;
            on?.delta(text);
          },
        });
      } finally {
        status.show(undefined);
      }
    },
  };
}
