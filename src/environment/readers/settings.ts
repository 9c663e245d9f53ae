/**
 * Texts that are settings: `key: value` or `key = value` lines, with comments, in sections or not.
 *
 * @module
 */
import type { Json } from '../../record/index.ts';
import { namesVersion } from '../cell-numbers.ts';
import { keyedRows } from '../keyed-rows.ts';

const PAIR = /^([\p{L}\p{N}_][\p{L}\p{N}_ .\-/()]{0,60}?)(\s*[:=]\s*)(\S.{0,300}?)?\s*$/u;
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
  const sections = new Map<string, Section[]>();
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
      sections.set(name, [...(sections.get(name) ?? []), section]);
      continue;
    }
    const [key, setting] = pairOf(line) ?? [];
    // A key that comes twice is a list of something, and no setting.
    if (key === undefined || setting === undefined || key in section) return undefined;
    section[key] = setting === '' ? null : settingValue(key, setting);
    if (setting !== '') pairs += 1;
  }
  if (pairs < LEAST_PAIRS) return undefined;
  return { value: { ...value, ...named(sections, value, notes) }, notes };
}

/** Sections by their names; a list where one comes again. One that is named like a setting gets a name of its own, and a note. */
function named(sections: ReadonlyMap<string, readonly Section[]>, taken: Section, notes: string[]): Section {
  const all: Section = Object.create(null) as Section;
  for (const [name, [first = {}, ...more]] of sections) {
    let free = name;
    for (let count = 2; free in taken || (free !== name && sections.has(free)); count++) free = `${name}_${count}`;
    if (free !== name) notes.push(`${free}: "[${name}]" in the file`);
    all[free] = more.length === 0 ? first : [first, ...more];
  }
  return all;
}

/** Key and value of a line; the value may be empty behind `=`. A time of day, an address of the web and a path are none. */
function pairOf(line: string): [key: string, setting: string] | undefined {
  const [, key, sign = '', setting = ''] = PAIR.exec(line) ?? [];
  if (key === undefined || (setting === '' && !sign.includes('='))) return undefined;
  const isTime = /(?:^|[^\p{L}\p{N}])\d{1,2}$/u.test(key) && /^\d\d(?!\d)/.test(setting);
  const isPlace = setting.startsWith('//') || (/^[a-z]$/i.test(key) && setting.startsWith('\\'));
  return sign === ':' && (isTime || isPlace) ? undefined : [key, setting];
}

function settingValue(key: string, text: string): Json {
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  const isNumber = /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/.test(text);
  // Version 1.10 is not 1.1.
  if (isNumber && (String(Number(text)) === text || !namesVersion(key))) return Number(text);
  return text.replace(/^"(.*)"$|^'(.*)'$/, '$1$2');
}
