/**
 * Texts that are settings: `key: value` or `key = value` lines, with comments, in sections or not.
 *
 * @module
 */
import type { Json } from '../../record/index.ts';
import { namesVersion } from '../cell-numbers.ts';
import { keyedRows } from '../keyed-rows.ts';

const PAIR = /^([\p{L}\p{N}_][\p{L}\p{N}_ .\-/()]{0,60}?)\s*[:=]\s*(\S.{0,300}?)\s*$/u;
const COMMENT = /^\s*(?:#|;|\/\/)\s*(.*)$/;
const SECTION = /^\[([^\]]{1,60})\]\s*$/;
const LEAST_PAIRS = 2;
const NOTES = 2;

type Section = { [key: string]: Json };

/** Settings as an object; as rows where each section is a record of the same form. */
export function settingsIn(text: string): { value: Json; notes: string[] } | undefined {
  const settings = settingsOf(text);
  const table = settings === undefined ? undefined : keyedRows(settings.value);
  if (settings === undefined || table === undefined) return settings;
  return { value: table.rows, notes: [...settings.notes, table.note] };
}

function settingsOf(text: string): { value: Section; notes: string[] } | undefined {
  const value: Section = Object.create(null) as Section;
  const notes: string[] = [];
  let section = value;
  let pairs = 0;
  for (const line of text.split(/\r?\n/)) {
    const comment = COMMENT.exec(line)?.[1];
    if (line.trim() === '' || comment !== undefined) {
      if (comment !== undefined && comment !== '' && notes.length < NOTES) notes.push(comment.replace(/[.:]+$/, ''));
      continue;
    }
    const name = SECTION.exec(line)?.[1];
    if (name !== undefined) {
      section = Object.create(null) as Section;
      value[name] = section;
      continue;
    }
    const [, key, setting] = PAIR.exec(line) ?? [];
    // A key that comes twice is a list of something, and no setting.
    if (key === undefined || setting === undefined || key in section) return undefined;
    section[key] = settingValue(key, setting);
    pairs += 1;
  }
  return pairs >= LEAST_PAIRS ? { value: { ...value }, notes } : undefined;
}

function settingValue(key: string, text: string): Json {
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  const isNumber = /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/.test(text);
  // Version 1.10 is not 1.1.
  if (isNumber && (String(Number(text)) === text || !namesVersion(key))) return Number(text);
  return text.replace(/^"(.*)"$|^'(.*)'$/, '$1$2');
}
