/**
 * All question templates, and which half each belongs to. The halves share no template and no kind of file.
 *
 * @module
 */
import { DEVELOPMENT } from './development.ts';
import { BOOK_TEMPLATES } from './development-books.ts';
import { CLUB_TEMPLATES } from './development-clubs.ts';
import { accessLog, limits, orders, prices, sensors, staff } from './development-files.ts';
import { HOME_TEMPLATES } from './development-home.ts';
import { JOINED_TEMPLATES } from './development-joined.ts';
import { OFFICE_TEMPLATES } from './development-offices.ts';
import { PAPER_TEMPLATES } from './development-papers.ts';
import { SERVICE_TEMPLATES } from './development-services.ts';
import { TABLE_TEMPLATES } from './development-tables.ts';
import { TALK_TEMPLATES } from './development-talks.ts';
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
  ...OFFICE_TEMPLATES,
  ...CLUB_TEMPLATES,
  ...SERVICE_TEMPLATES,
  ...HOME_TEMPLATES,
  ...PAPER_TEMPLATES,
  ...TALK_TEMPLATES,
  ...BOOK_TEMPLATES,
  ...REPORTING,
];

/** Files that lie beside the ones a question needs, so that the right one has to be found. */
export const DISTRACTORS: { readonly [half in Half]: readonly ((world: World) => { file: MadeFile })[] } = {
  development: [orders, staff, prices, sensors, limits, accessLog],
  reporting: [shipments, rates, courses, clinic, library, serviceLog, payments],
};
