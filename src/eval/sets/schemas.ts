/**
 * JSON Schemas of the tools and answers of task sets, as short as they can be written.
 *
 * @module
 */

export const NUMBER = { type: 'number' } as const;
export const TEXT = { type: 'string' } as const;
export const NUMBERS = { type: 'array', items: NUMBER, minItems: 1 } as const;
export const TEXTS = { type: 'array', items: TEXT } as const;

/** An object that has all of these properties. */
export const objectOf = <const Properties extends { readonly [name: string]: object }>(
  properties: Properties,
): { type: 'object'; properties: Properties; required: readonly (keyof Properties & string)[] } => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});
