/**
 * Questions to the person at the terminal.
 *
 * @module
 */
import type { Json } from '../record/index.ts';
import type { Asker } from './io.ts';
import { type Paint, printable } from './paint.ts';
import { paintDiff } from './render.ts';

/** Asks with prompts on the terminal; loaded on first use. */
export function terminalAsker(paint: Paint): Asker {
  const load = () => import('@clack/prompts');
  return {
    async confirm(question) {
      const { confirm, isCancel } = await load();
      const said = await confirm({ message: question, output: process.stderr });
      return isCancel(said) ? undefined : said;
    },
    async approve({ tool, args, reason, preview }) {
      const { isCancel, note, select, text } = await load();
      const what =
        preview === undefined ? printable(JSON.stringify(args, null, 2)) : paintDiff(printable(preview), paint);
      note(what, `${tool}: ${printable(reason)}`, { output: process.stderr, format: (line) => line });
      const said = await select({
        message: `Allow ${tool}?`,
        output: process.stderr,
        options: [
          { value: 'approve', label: 'Allow this call' },
          { value: 'edit', label: 'Allow it with other arguments' },
          { value: 'deny', label: 'Deny' },
          { value: 'later', label: 'Decide later', hint: 'the run is suspended' },
        ],
      });
      if (isCancel(said) || said === 'later') return undefined;
      if (said === 'approve') return { verdict: 'approve' };
      if (said === 'deny') {
        const why = await text({ message: 'Why? The model is told.', defaultValue: '', output: process.stderr });
        return isCancel(why) || why === '' ? { verdict: 'deny' } : { verdict: 'deny', reason: why };
      }
      const edited = await text({
        message: 'Arguments as JSON',
        initialValue: JSON.stringify(args),
        output: process.stderr,
        validate: (value) => (isJson(value ?? '') ? undefined : 'This is no valid JSON.'),
      });
      return isCancel(edited) ? undefined : { verdict: 'edit', args: JSON.parse(edited) as Json };
    },
    async reply(question, choices) {
      const { isCancel, select, text } = await load();
      const message = printable(question);
      const said =
        choices === undefined || choices.length === 0
          ? await text({ message, output: process.stderr })
          : await select({
              message,
              output: process.stderr,
              options: choices.map((value) => ({ value, label: printable(value) })),
            });
      return isCancel(said) ? undefined : String(said);
    },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
