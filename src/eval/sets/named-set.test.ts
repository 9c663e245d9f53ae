import { expect, it } from 'vitest';
import { PUBLIC_TASK_SETS, TASK_SETS, taskSet } from './named-set.ts';

it('names the sets there are where it knows none of that name', async () => {
  await expect(taskSet('gsm9k')).rejects.toThrow(`there is no task set "gsm9k". There are: ${TASK_SETS.join(', ')}.`);
});

it.each(PUBLIC_TASK_SETS)(
  'says in a sentence how to name the folder of %s where the data are not there',
  async (name) => {
    for (const options of [{}, { data: 'no/such/folder' }]) {
      await expect(taskSet(name, options)).rejects.toMatchObject({
        code: 'data-invalid',
        message: expect.stringContaining(`Set POACT_DATA, or give --data, to the folder that holds \`${name}\`.`),
      });
    }
  },
);
