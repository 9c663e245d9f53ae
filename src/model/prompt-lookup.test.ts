import { describe, expect, it } from 'vitest';
import { guessNext, samples } from './prompt-lookup.ts';

const guess = (text: string, most = 8) => guessNext([...text], most).join('');

describe('guessNext', () => {
  it('goes on as the text did where its end stood before, for as many as agree', () => {
    expect(guess('row.city, row.c')).toBe('ity, ');
    expect(guess('abcd1, xbcd')).toBe('1, ');
  });

  it('takes the place that agrees longest, and the last of equal ones', () => {
    expect(guess('.name1 x.name2 y.name3 x.name')).toBe('2 y.nam');
    expect(guess('abc1 abc2 abc')).toBe('2 ab');
  });

  it('guesses nothing where fewer than three agree, or nothing came before', () => {
    expect(guess('xab1 yab')).toBe('');
    expect(guess('')).toBe('');
    expect(guess('abc')).toBe('');
  });

  it('guesses no more than is asked for', () => {
    const text = 'the quick brown fox';
    expect(guess(`${text}, ${text.slice(0, 12)}`, 4)).toBe('own ');
    expect(guess(`${text}, ${text.slice(0, 12)}`, 0)).toBe('');
    expect(guess('aaaaaaaaaaaa', 4)).toBe('a');
  });
});

describe('samples', () => {
  it('gives what was written from this very prompt, the last first, with the end of the prompt before it', () => {
    const { add, from } = samples<string>();
    add([...'write: '], [...'one']);
    add([...'write: '], [...'two']);
    expect(from([...'write: ']).map((text) => text.join(''))).toEqual(['write: two', 'write: one']);
    expect(guessNext([...'write: '], 8, from([...'write: '])).join('')).toBe('two');
    expect(guessNext([...'write: o'], 8, from([...'write: '])).join('')).toBe('ne');
  });

  it('forgets them when another prompt is written from', () => {
    const { add, from } = samples<string>();
    add(['a'], ['b']);
    add(['c'], ['d']);
    expect(from(['a'])).toEqual([]);
    expect(from(['c'])).toEqual([['c', 'd']]);
  });
});
