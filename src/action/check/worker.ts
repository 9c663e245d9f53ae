/**
 * The checker's worker: it loads the compiler, which is large, when it starts.
 *
 * @module
 */
import { parentPort } from 'node:worker_threads';
import { checkProgram } from './check-program.ts';
import { type CheckMessage, type CheckReply, failed } from './checker.ts';

const texts = new Map<number, string>();
const textOf = (number: number) => texts.get(number) ?? '';

parentPort?.on('message', (message: CheckMessage) => {
  for (const [number, text] of message.texts) texts.set(number, text);
  const { id, source, off, written } = message;
  const session = message.session.map(textOf);
  const request = { source, tools: textOf(message.tools), data: textOf(message.data), session, off, written };
  let reply: CheckReply;
  let afterwards = () => {};
  try {
    const { result, remember } = checkProgram(request);
    afterwards = remember;
    reply = { id, result };
  } catch (error) {
    // Absurdly deep programs overflow the compiler's stack.
    reply = { id, result: failed(error instanceof Error ? error.message : 'the compiler failed') };
  }
  parentPort?.postMessage(reply);
  try {
    afterwards();
  } catch {
    // Then it is computed when it is asked for.
  }
  for (const number of message.forget) texts.delete(number);
});
