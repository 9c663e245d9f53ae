/**
 * Chats as messengers export them: lines that begin with a day and a time, then who wrote it, then what.
 *
 * @module
 */
import { tableOf } from '../table.ts';
import type { Patterned } from './patterned.ts';

/** `[12.05.2026, 18:03:11] Ada: …`, `2026-05-12, 18:03 - Ada: …`, `5/12/26, 6:03 PM - Ada: …`. */
const HEAD =
  /^\[?(\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}),? +(\d{1,2}:\d\d(?::\d\d)?(?:\s?[AP]M)?)\]?(?: [-–])? (.*)$/i;
const FROM = /^([^:]{1,40}): (.*)$/;
const LEAST_LINES = 3;
/** Share of the lines that begin a message, and of the messages that say from whom they are. */
const SHARE = 0.6;
/** From so many messages on, on average, somebody wrote several. */
const EACH = 2;

/** A row for each message; nothing where the text is no chat. A line without a time goes on with the message above it. */
export function chatRows(text: string): Patterned | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const heads = lines.filter((line) => HEAD.test(line)).length;
  if (heads < LEAST_LINES || heads < SHARE * lines.length || !HEAD.test(lines[0] ?? '')) return undefined;
  const cells: [date: string, time: string, from: string, text: string][] = [];
  for (const line of lines) {
    const [, date, time, said = ''] = HEAD.exec(line) ?? [];
    const last = cells.at(-1);
    if (date !== undefined && time !== undefined) {
      const [, from = '', what = said] = FROM.exec(said) ?? [];
      cells.push([date, time, from, what]);
    } else if (last !== undefined) last[3] = `${last[3]}\n${line}`;
  }
  const senders = cells.flatMap(([, , from]) => (from === '' ? [] : [from]));
  const people = new Set(senders).size;
  if (senders.length < SHARE * cells.length || people < 2 || senders.length < EACH * people) return undefined;
  const { rows, notes } = tableOf([['date', 'time', 'from', 'text'], ...cells], { header: true });
  return { rows, notes: ['a row for each message', ...notes] };
}
