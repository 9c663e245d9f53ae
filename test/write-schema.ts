/** Writes `docs/run-log.schema.json`; `npm run schema` runs it, and `test/run-log.test.ts` compares. */
import { writeFile } from 'node:fs/promises';
import { eventJsonSchema } from '../src/record/index.ts';

await writeFile(
  new URL('../docs/run-log.schema.json', import.meta.url),
  `${JSON.stringify(eventJsonSchema(), null, 2)}\n`,
);
