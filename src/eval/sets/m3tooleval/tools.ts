/**
 * The tools of M3ToolEval's five families, written after their descriptions in the data; they behave as the original's.
 *
 * Each takes one object, as tools of poact do, so `find_minimum(1, 2)` became `find_minimum({ values: [1, 2] })`, and one
 * that fails throws instead of giving text for a number.
 *
 * @module
 */
import { type ToolRecord, tool } from '../../../action/index.ts';
import { NUMBER, NUMBERS, objectOf, TEXT } from '../schemas.ts';
import { calculate } from './calculator.ts';

export const calculator = tool({
  description:
    'Evaluates the given expression and returns the result. For example, "2 + (3 * 4)" will return 14. Throws if it cannot.',
  input: objectOf({ expression: TEXT }),
  output: NUMBER,
  effect: 'read',
  run: ({ expression }) => calculate(expression),
});

/** The least, the greatest or the sum of some numbers. */
export const ofValues = (description: string, run: (values: readonly number[]) => number) =>
  tool({
    description,
    input: objectOf({ values: NUMBERS }),
    output: NUMBER,
    effect: 'read',
    run: (it) => run(it.values),
  });
export const least = (values: readonly number[]) => Math.min(...values);
export const greatest = (values: readonly number[]) => Math.max(...values);

export const tradeTools = (): ToolRecord => ({
  convert_currency: tool({
    description: 'Converts the commodity price to local currency.',
    input: objectOf({ base_price: NUMBER, conversion_rate: NUMBER }),
    output: NUMBER,
    effect: 'read',
    run: ({ base_price, conversion_rate }) => base_price * conversion_rate,
  }),
  calculate_tariff: tool({
    description: 'Calculates the trade tariff based on the converted price. tariff_rate is in %.',
    input: objectOf({ price: NUMBER, tariff_rate: { type: 'number', description: 'in %' } }),
    output: NUMBER,
    effect: 'read',
    run: ({ price, tariff_rate }) => (price * tariff_rate) / 100,
  }),
  estimate_final_value: tool({
    description: 'Estimates the final trade value including the tariff.',
    input: objectOf({ price: NUMBER, tariff: NUMBER }),
    output: NUMBER,
    effect: 'read',
    run: ({ price, tariff }) => price + tariff,
  }),
  calculator,
  find_minimum: ofValues('Finds the minimum value among the given values.', least),
  find_maximum: ofValues('Finds the maximum value among the given values.', greatest),
});

export const decoderTools = (): ToolRecord => ({
  convert_hex_to_ascii: tool({
    description: 'Converts a hexadecimal string to ASCII. Throws if it is none.',
    input: objectOf({ hex_string: TEXT }),
    output: TEXT,
    effect: 'read',
    run: ({ hex_string }) => {
      const bytes = Buffer.from(hex_string, 'hex');
      if (bytes.length * 2 !== hex_string.length) throw new Error(`No hexadecimal string: ${hex_string}`);
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    },
  }),
  reverse_string: tool({
    description: 'Reverses a string.',
    input: objectOf({ string: TEXT }),
    output: TEXT,
    effect: 'read',
    run: ({ string }) => [...string].reverse().join(''),
  }),
  caesar_decode: tool({
    description: 'Decodes a string using the Caesar cipher.',
    input: objectOf({ message: TEXT, shift: { type: 'integer' } }),
    output: TEXT,
    effect: 'read',
    run: ({ message, shift }) => message.replace(/[A-Za-z]/g, (letter) => shifted(letter, -shift)),
  }),
  string_length: tool({
    description: 'Finds the length of a string.',
    input: objectOf({ string: TEXT }),
    output: NUMBER,
    effect: 'read',
    run: ({ string }) => [...string].length,
  }),
  minimum_value: ofValues('Finds the minimum value from given arguments.', least),
  maximum_value: ofValues('Finds the maximum value from given arguments.', greatest),
});

function shifted(letter: string, by: number): string {
  const first = letter < 'a' ? 65 : 97;
  const place = (((letter.charCodeAt(0) - first + by) % 26) + 26) % 26;
  return String.fromCharCode(first + place);
}

const AMINO_ACIDS: { readonly [codon: string]: string } = {
  AUG: 'Methionine',
  UUU: 'Phenylalanine',
  UUC: 'Phenylalanine',
};
const COUNTS = { type: 'object', additionalProperties: NUMBER } as const;
type Counts = { readonly [nucleotide: string]: number };

export const dnaTools = (): ToolRecord => ({
  count_nucleotides: tool({
    description: 'Counts the occurrences of each nucleotide in a DNA sequence.',
    input: objectOf({ dna_sequence: TEXT }),
    output: COUNTS,
    effect: 'read',
    run: ({ dna_sequence }) => {
      const counts: { [nucleotide: string]: number } = {};
      for (const nucleotide of dna_sequence) counts[nucleotide] = (counts[nucleotide] ?? 0) + 1;
      return counts;
    },
  }),
  transcribe_dna_to_mrna: tool({
    description: 'Transcribes DNA sequence to mRNA.',
    input: objectOf({ dna_sequence: TEXT }),
    output: TEXT,
    effect: 'read',
    run: ({ dna_sequence }) => translated(dna_sequence, 'ACGT', 'UGCA'),
  }),
  translate_mrna_to_amino_acid: tool({
    description: 'Translates mRNA sequence to a chain of amino acids, joined by hyphens; X for one that is not known.',
    input: objectOf({ mrna_sequence: TEXT }),
    output: TEXT,
    effect: 'read',
    run: ({ mrna_sequence }) =>
      (mrna_sequence.match(/.{1,3}/gs) ?? []).map((codon) => AMINO_ACIDS[codon] ?? 'X').join('-'),
  }),
  find_max_nucleotide: tool({
    description: 'Returns the nucleotide with the maximum count, and that count, as a pair.',
    input: objectOf({ nucleotide_counts: COUNTS }),
    output: { type: 'array', items: { type: ['string', 'number'] } },
    effect: 'read',
    run: ({ nucleotide_counts }) => {
      const [first, ...others] = Object.entries(nucleotide_counts as Counts);
      if (first === undefined) throw new Error('There are no counts.');
      return others.reduce((most, one) => (one[1] > most[1] ? one : most), first);
    },
  }),
  is_valid_dna_sequence: tool({
    description: 'Checks if the DNA sequence is valid.',
    input: objectOf({ dna_sequence: TEXT }),
    output: { type: 'boolean' },
    effect: 'read',
    run: ({ dna_sequence }) => /^[ACGT]*$/.test(dna_sequence),
  }),
  reverse_transcribe_mrna_to_dna: tool({
    description: 'Reverse transcribes mRNA sequence to DNA.',
    input: objectOf({ mrna_sequence: TEXT }),
    output: TEXT,
    effect: 'read',
    run: ({ mrna_sequence }) => translated(mrna_sequence, 'UCAG', 'AGTC'),
  }),
});

const translated = (text: string, from: string, to: string) =>
  text.replace(/./gs, (letter) => (from.includes(letter) ? (to[from.indexOf(letter)] as string) : letter));
