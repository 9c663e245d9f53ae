/**
 * All question templates, and which half each belongs to. The halves share no template and no kind of file.
 *
 * @module
 */
import { DEVELOPMENT } from './development.ts';
import { accessLog, limits, orders, prices, sensors, staff } from './development-files.ts';
import { JOINED_TEMPLATES } from './development-joined.ts';
import { TABLE_TEMPLATES } from './development-tables.ts';
import { TEXT_TEMPLATES } from './development-texts.ts';
import type { Half, MadeFile } from './kinds.ts';
import { REPORTING } from './reporting.ts';
import { clinic, courses, library, payments, rates, serviceLog, shipments } from './reporting-files.ts';
import type { Template } from './template.ts';
import type { World } from './world.ts';

export const TEMPLATES: readonly Template[] = [
  ...DEVELOPMENT,
  ...TABLE_TEMPLATES,
  ...TEXT_TEMPLATES,
  ...JOINED_TEMPLATES,
  ...REPORTING,
];

/** Files that lie beside the ones a question needs, so that the right one has to be found. */
export const DISTRACTORS: { readonly [half in Half]: readonly ((world: World) => { file: MadeFile })[] } = {
  development: [orders, staff, prices, sensors, limits, accessLog],
  reporting: [shipments, rates, courses, clinic, library, serviceLog, payments],
};
