import { expect, it } from 'vitest';
import { choicesIn, kindAsked } from './kind-asked.ts';

it.each([
  ['Which restaurant chain has more sites, Pizza Inn or Papa Gino\u2019s?', 'restaurant chain'],
  ['Are both of them directors?', 'yes or no'],
  ['Is it Rome or Bonn?', 'one of them'],
  ['In what year did the band part?', 'year'],
  ['The ships were of what kind of build?', 'kind of build'],
  ['Which band\u2019s singer was older?', 'band'],
  ['He ran with the candidate who was a senator from what state?', 'state'],
  ['The bridge, which was built in 1900, crosses which river?', 'river'],
  ['It was sold by the man who built it when?', 'name'],
  ['How old is it?', 'few words'],
  ['He scored how many goals?', 'number'],
  ['By whom was it built?', 'name'],
  ['Who wrote it?', 'name'],
  ['When was it built?', 'date'],
  ['Where does she live?', 'place'],
  ['How many are there?', 'number'],
  ['What is it?', 'few words'],
  ['Name the captain.', 'few words'],
])('%s asks for: %s', (question, kind) => {
  expect(kindAsked(question)).toBe(kind);
});

it.each([
  ['Which chain has more sites, Pizza Inn or Papa Gino\u2019s?', ['Pizza Inn', 'Papa Gino\u2019s']],
  ['Who was older: either Ada Byron, or Ben Stone? Answer with a name.', ['Ada Byron', 'Ben Stone']],
  ['Are both of them directors?', ['Yes', 'No']],
  ['Which chain has more sites or shops?', undefined],
  ['What did Ada, Ben, Cy or Dee write?', undefined],
])('%s lets be answered: %j', (question, choices) => {
  expect(choicesIn(question)).toEqual(choices);
});
