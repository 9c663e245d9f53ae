import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Image, type Pointers, readImage, type SessionFacts, writeImage } from './image.ts';
import { packLayer, type Stack, unpackLayers, wordsOf } from './layers.ts';

const pointers: Pointers = { stackPointer: 1_024, runtimePtr: 2_000, contextPtr: 3_000 };
const facts = (programs: number) => ({ programs, names: [], unhandled: [] }) as unknown as SessionFacts;

/** A memory of so many kilobytes, in which some words are not zero. */
function imageOf(kilobytes: number, written: readonly [at: number, value: number][], programs: number): Image {
  const words = new Uint32Array(kilobytes * 256);
  for (const [at, value] of written) words[256 + (at % (words.length - 256))] = value;
  return writeImage(new Uint8Array(words.buffer), pointers, facts(programs));
}

const same = (a: ArrayBufferView | undefined, b: ArrayBufferView): boolean =>
  a !== undefined && bytesOf(a).equals(bytesOf(b));
const bytesOf = (view: ArrayBufferView) => Buffer.from(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);

const blank = wordsOf(imageOf(4, [[7, 7]], 0));

it('gives back the memory of each snapshot of a run, however it changed, grew or shrank', () => {
  const turn = fc.record({
    kilobytes: fc.integer({ min: 2, max: 9 }),
    written: fc.array(fc.tuple(fc.nat(4_000), fc.nat()), { maxLength: 40 }),
    // A fork has the same words; and a caller may have lost what it kept.
    isShared: fc.boolean(),
    isKept: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  });
  fc.assert(
    fc.property(fc.array(turn, { minLength: 1, maxLength: 16 }), (turns) => {
      const kept = new Map<string, Uint8Array>();
      let last: Stack | undefined;
      for (const [place, { kilobytes, written, isShared, isKept }] of turns.entries()) {
        const image = imageOf(kilobytes, written, place);
        if (last !== undefined) last.shared = isShared;
        const before = isShared ? last?.words.slice() : undefined;
        const { bytes, stack } = packLayer(image, blank, last, isKept ? (last?.names ?? []) : []);
        if (before !== undefined) expect(same(last?.words, before)).toBe(true);
        kept.set(stack.names.at(-1) ?? '', bytes);
        expect(stack.names.length).toBeLessThanOrEqual(6);
        const back = unpackLayers(
          stack.names.map((name) => kept.get(name) ?? new Uint8Array()),
          blank,
        );
        const { memory, ...rest } = readImage(image);
        const { memory: found, ...told } = readImage(back.image);
        expect([told, same(found, memory)]).toEqual([rest, true]);
        expect([back.stack.names, same(stack.words, wordsOf(image))]).toEqual([stack.names, true]);
        // A restored session goes on from there.
        last = place % 3 === 0 ? back.stack : stack;
      }
    }),
    { numRuns: 60 },
  );
});

it('refuses what lies on another memory, on another layer, or is cut or altered', () => {
  const first = packLayer(imageOf(4, [[1, 1]], 1), blank, undefined, []);
  const second = packLayer(imageOf(4, [[2, 2]], 2), blank, { ...first.stack, shared: true }, first.stack.names);
  const problemOf = (...layers: Uint8Array[]) => {
    try {
      unpackLayers(layers, blank);
      return 'none';
    } catch (error) {
      return (error as { facts: { problem: string } }).facts.problem;
    }
  };
  const altered = Uint8Array.from(second.bytes);
  altered[altered.length - 6] = (altered[altered.length - 6] ?? 0) ^ 1;
  expect(problemOf(first.bytes, second.bytes)).toBe('none');
  expect(problemOf(second.bytes)).toBe('engine');
  expect(problemOf(second.bytes, first.bytes)).toBe('engine');
  expect(problemOf(first.bytes, second.bytes, second.bytes)).toBe('damaged');
  expect(problemOf(first.bytes, second.bytes.slice(0, -1))).toBe('damaged');
  expect(problemOf(first.bytes, altered)).toBe('damaged');
  expect(problemOf(first.bytes, new Uint8Array(5))).toBe('form');
  expect(problemOf()).toBe('damaged');
  expect(() => unpackLayers([first.bytes], wordsOf(imageOf(4, [[9, 9]], 0)))).toThrow('another build');
});
