import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutAtStop, stopCutter } from './stop-cutter.ts';

const feed = (pieces: string[], stops: string[]) => {
  const cutter = stopCutter(stops);
  const shown: string[] = [];
  for (const piece of pieces) {
    const { text, stopped } = cutter.push(piece);
    shown.push(text);
    if (stopped !== undefined) return { shown, stopped };
  }
  return { shown: [...shown, cutter.end()] };
};

it('cuts a stop string that is spread over pieces, and never shows a part of it', () => {
  expect(feed(['answer', '\nObs', 'erva', 'tion: x'], ['\nObservation:'])).toEqual({
    shown: ['answer', '', '', ''],
    stopped: '\nObservation:',
  });
});

it('gives back what only looked like a stop string', () => {
  expect(feed(['a\nObs', 'cure'], ['\nObservation:']).shown.join('')).toBe('a\nObscure');
});

it('shows what was held back when the reply ends', () => {
  expect(feed(['a\nObs'], ['\nObservation:']).shown).toEqual(['a', '\nObs']);
});

it('takes the mark that is complete first, and of two complete at once the longer', () => {
  expect(cutAtStop('x ENDED', ['ENDED', 'END'])).toEqual({ text: 'x ', stopped: 'END' });
  expect(cutAtStop('x END', ['D', 'END'])).toEqual({ text: 'x ', stopped: 'END' });
});

it('cuts where the whole text would be cut, however it is split', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 20 });
  const marks = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 1, maxLength: 4 }), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.array(letters), marks, (pieces, stops) => {
      expect(feed(pieces, stops).shown.join('')).toBe(cutAtStop(pieces.join(''), stops).text);
    }),
    { numRuns: 1_000 },
  );
});
