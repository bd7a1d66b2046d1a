import { sanitise, sanitiseTitle } from '../text/sanitise.ts';
import { addressOf } from './address.ts';
import type { RunContext } from './run-context.ts';

/** Says on the pull request that the text which was asked for is not the one that stands there now. */
export async function noteEdits(context: RunContext): Promise<void> {
  const { run, ports } = context;
  const now = await ports.reader.issue(addressOf(run), run.target.number);
  if (!now) return;
  const changed = [
    ...(sanitiseTitle(now.title).text === run.input.title ? [] : ['title']),
    ...(sanitise(now.body, 'body').text === run.input.body ? [] : ['description']),
  ];
  if (changed.length === 0) return;
  const text = `The ${changed.join(' and the ')} of #${run.target.number} changed after this was asked for. The change was not read; it is worth a look.`;
  await context.append({ kind: 'note', level: 'warn', text }, 'note:edited');
}
