import { expect, it } from 'vitest';
import { kindAsked } from './kind-asked.ts';

it.each([
  ['Which restaurant chain has more sites, Pizza Inn or Papa Gino\u2019s?', 'restaurant chain'],
  ['Are both of them directors?', 'yes or no'],
  ['Is it Rome or Bonn?', 'one of them'],
  ['In what year did the band part?', 'year'],
  ['The ships were of what kind of build?', 'kind of build'],
  ['Which band\u2019s singer was older?', 'band'],
  ['Who wrote it?', 'name'],
  ['When was it built?', 'date'],
  ['Where does she live?', 'place'],
  ['How many are there?', 'number'],
  ['What is it?', 'few words'],
  ['Name the captain.', 'few words'],
])('%s asks for: %s', (question, kind) => {
  expect(kindAsked(question)).toBe(kind);
});
