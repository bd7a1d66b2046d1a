import { type Check, examine } from '../../app/examine.ts';
import { type Command, parseWords } from '../command.ts';

/** `pullwright doctor`: every requirement with its state. */
export const doctor: Command = {
  name: 'doctor',
  usage: 'pullwright doctor [--json]',
  help: 'Changes nothing but starts the embedded database when none is set. Exit codes: 0 all needed parts work, 1 not.',
  async run(args) {
    const { values } = parseWords(args, { json: { type: 'boolean' } });
    const checks = await examine();
    if (values['json'] === true) process.stdout.write(`${JSON.stringify(checks, null, 2)}\n`);
    else for (const check of checks) process.stdout.write(row(check));
    return checks.some(({ state }) => state === 'missing') ? 1 : 0;
  },
};

const signs = { ok: '✔', optional: '–', missing: '✖' } as const;

function row({ name, state, found, fix }: Check): string {
  return `${signs[state]} ${name.padEnd(22)} ${found}${fix === null ? '' : `\n  ${' '.repeat(22)} → ${fix}`}\n`;
}
