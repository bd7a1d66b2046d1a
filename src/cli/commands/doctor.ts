import { type Check, examine } from '../../app/examine.ts';
import { type EngineReport, examineSandboxes } from '../../app/examine-sandboxes.ts';
import { readSettings } from '../../config/read-settings.ts';
import { type Command, parseWords } from '../command.ts';

/** `pullwright doctor`: every requirement with its state. */
export const doctor: Command = {
  name: 'doctor',
  usage: 'pullwright doctor [--sandbox] [--json]',
  help: [
    'Changes nothing but starts the embedded database when none is set. Exit codes: 0 all needed parts work, 1 not.',
    '  --sandbox   tries every promise of each sandbox engine on this machine instead, by hostile commands;',
    '              exit code 0 when the engine that the bot would use keeps them all',
  ].join('\n'),
  async run(args) {
    const { values } = parseWords(args, { json: { type: 'boolean' }, sandbox: { type: 'boolean' } });
    const asJson = values['json'] === true;
    if (values['sandbox'] === true) return await sandboxes(asJson);
    const checks = await examine();
    if (asJson) process.stdout.write(`${JSON.stringify(checks, null, 2)}\n`);
    else for (const check of checks) process.stdout.write(row(check));
    return checks.some(({ state }) => state === 'missing') ? 1 : 0;
  },
};

const signs = { ok: '✔', optional: '–', missing: '✖' } as const;

function row({ name, state, found, fix }: Check): string {
  return `${signs[state]} ${name.padEnd(22)} ${found}${fix === null ? '' : `\n  ${' '.repeat(22)} → ${fix}`}\n`;
}

async function sandboxes(asJson: boolean): Promise<number> {
  const reports = await examineSandboxes(readSettings());
  if (asJson) process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
  else for (const report of reports) process.stdout.write(engineReport(report));
  const chosen = reports.find(({ isChosen }) => isChosen);
  if (!chosen) {
    if (!asJson) process.stdout.write('No engine works here: the bot runs no code.\n');
    return 1;
  }
  return chosen.trials.some(({ state }) => state === 'broken') ? 1 : 0;
}

const trialSigns = { holds: '✔', weaker: '–', broken: '✖' } as const;

function engineReport({ engine, probe, trials, isChosen }: EngineReport): string {
  const title = `${engine} ${probe.version}${isChosen ? ' (the one that runs code)' : ''}\n`;
  const problems = probe.problems.map(({ message, fix }) => `  ✖ ${message}\n    → ${fix}\n`);
  const tried = trials.map(
    ({ promise, state, detail }) =>
      `  ${trialSigns[state]} ${promise}${detail === '' ? '' : `: ${detail}`}\n`,
  );
  return [title, ...problems, ...tried, '\n'].join('');
}
