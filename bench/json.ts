/** A schema of any JSON value, for the files of `bench/`. */
import { z } from 'zod';
import type { Json } from '../src/record/index.ts';

export const jsonSchema = z.json() as z.ZodType<Json>;
