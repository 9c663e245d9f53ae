/**
 * Texts that are settings: `key: value` or `key = value` lines, with comments, in sections or not. They become an object;
 * the text stays beside it.
 *
 * @module
 */
import type { Json } from '../../record/index.ts';
import type { Found } from '../data.ts';
import { decode } from './text.ts';

const PAIR = /^([\p{L}\p{N}_][\p{L}\p{N}_ .\-/()]{0,60}?)\s*[:=]\s*(\S.{0,300}?)\s*$/u;
const COMMENT = /^\s*(?:#|;|\/\/)\s*(.*)$/;
const SECTION = /^\[([^\]]{1,60})\]\s*$/;
const LEAST_PAIRS = 2;
const NOTES = 2;

type Section = { [key: string]: Json };

/** A text file: an object where all its lines are settings, and the text. */
export function readSettings(bytes: Uint8Array, title: string): Found[] {
  const text = decode(bytes);
  const settings = settingsOf(text);
  if (settings === undefined) return [{ title, value: text }];
  const { value, notes } = settings;
  return [
    { title, value, ...(notes.length > 0 && { notes }) },
    { title: `${title.replace(/\.\w+$/, '')} text`, value: text },
  ];
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
    section[key] = settingValue(setting);
    pairs += 1;
  }
  return pairs >= LEAST_PAIRS ? { value: { ...value }, notes } : undefined;
}

function settingValue(text: string): Json {
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/.test(text)) return Number(text);
  return text.replace(/^"(.*)"$|^'(.*)'$/, '$1$2');
}
