import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/app-error.ts';
import type { ClaimedControlIssue } from '../../src/domain/control-issue.ts';
import { createControlIssues, markedControl } from '../../src/effects/control-issues.ts';
import { markdown } from '../../src/text/markdown.ts';
import { freeRates } from '../support/free-rates.ts';
import { type Fault, MemoryForge, person } from './memory-forge.ts';

const body = markedControl(markdown`- [ ] a box`, 10);
const wanted = { body, taken: [], missed: [], missedUntil: null };

/** The port over a memory forge, with a record that survives whatever happens to the process. */
function world(forge = new MemoryForge()) {
  const kept: { control: ClaimedControlIssue; killed: 'intend' | 'written' | null; isTakenOver: boolean } = {
    control: {
      repository: { id: 10, installationId: 3, owner: 'o', name: 'r' },
      number: null,
      body: '',
      sending: null,
      taken: [],
      handled: [],
      missed: [],
      missedUntil: null,
      shape: '',
      token: '1',
    },
    killed: null,
    isTakenOver: false,
  };
  const rates = freeRates();
  const issues = createControlIssues({
    reader: forge.reader,
    writer: forge.writer,
    rates: {
      ...rates,
      async write(turn, send) {
        expect(turn.claim).toEqual({ kind: 'control', key: '10', token: '1' });
        if (kept.isTakenOver) throw new AppError('lease-lost', 'taken over');
        return await rates.write(turn, send);
      },
    },
    store: {
      async intend(_, sending) {
        kept.control = { ...kept.control, sending };
        if (kept.killed === 'intend') throw new Error('killed');
      },
      async written(_, now) {
        if (kept.killed === 'written') throw new Error('killed');
        kept.control = { ...kept.control, ...now, sending: null };
      },
    },
    botLogin: 'pullwright[bot]',
  });
  const show = async (text = wanted): Promise<void> => {
    const standing = await issues.read(kept.control);
    if (standing.kind === 'open' && standing.body === text.body)
      await issues.adopt(kept.control, standing.number, text);
    else await issues.write(kept.control, standing, text);
  };
  return { forge, kept, issues, show };
}

const phases: readonly { name: string; killed?: 'intend' | 'written'; fault?: Fault }[] = [
  { name: 'intent committed, not sent', killed: 'intend' },
  { name: 'sent, not applied, no answer', fault: 'not-applied' },
  { name: 'sent, applied, no answer', fault: 'applied' },
  { name: 'answered, not recorded', killed: 'written' },
];

describe('the control issue', () => {
  it.each(phases)('is made exactly once with a crash at: $name', async ({ killed = null, fault }) => {
    const { forge, kept, show } = world();
    kept.killed = killed;
    if (fault) forge.faults.push(fault);
    await expect(show()).rejects.toThrow(/killed|no answer/);
    kept.killed = null;
    await show();
    expect(forge.issues).toMatchObject([
      { title: 'Pullwright dashboard', body, labels: ['agent:dashboard'] },
    ]);
    expect(kept.control).toMatchObject({ number: forge.issues[0]?.number, body, sending: null });
  });

  it.each(phases)('says the newest with a crash at: $name', async ({ killed = null, fault }) => {
    const { forge, kept, show } = world();
    await show();
    const newer = { ...wanted, body: markedControl(markdown`- [ ] another box`, 10) };
    kept.killed = killed;
    if (fault) forge.faults.push(fault);
    await expect(show(newer)).rejects.toThrow(/killed|no answer/);
    // Whichever of the two stands there was offered.
    expect([kept.control.body, kept.control.sending]).toEqual([body, newer.body]);
    kept.killed = null;
    await show(newer);
    expect(forge.issues.map((issue) => issue.body)).toEqual([newer.body]);
    expect(kept.control).toMatchObject({ body: newer.body, sending: null });
  });

  it('is neither made nor written by a worker from which another one has taken it over', async () => {
    const { forge, kept, show } = world();
    kept.isTakenOver = true;
    await expect(show()).rejects.toMatchObject({ code: 'lease-lost' });
    expect(forge.issues).toEqual([]);
    kept.isTakenOver = false;
    await show();
    kept.isTakenOver = true;
    await expect(show({ ...wanted, body: markedControl(markdown`new`, 10) })).rejects.toMatchObject({
      code: 'lease-lost',
    });
    expect(forge.issues).toMatchObject([{ body }]);
  });

  it('is found again by label, marker and author where its number is lost', async () => {
    const { forge, kept, show } = world();
    await show();
    kept.control = { ...kept.control, number: null, body: '' };
    await show({ ...wanted, body: markedControl(markdown`new`, 10) });
    expect(forge.issues).toHaveLength(1);
  });

  it.each([
    ['a person wrote', { author: person }],
    ['another bot wrote', { author: { id: 5, login: 'other[bot]', type: 'Bot' as const } }],
    ['was closed', { state: 'closed' as const }],
    ['is a pull request', { isPullRequest: true }],
    ['has the marker of another repository', { body: markedControl(markdown`x`, 11) }],
  ])('is not taken from what %s', async (_, changes) => {
    const { forge, issues, kept, show } = world();
    await show();
    const [found] = forge.issues;
    if (found) Object.assign(found, changes);
    kept.control = { ...kept.control, number: null };
    // GitHub lists open ones only.
    if (found?.state === 'closed') forge.issues.length = 0;
    expect(await issues.read(kept.control)).toEqual({ kind: 'absent' });
  });

  it('is not somebody else’s issue that has its number by now', async () => {
    const { forge, issues, kept, show } = world();
    await show();
    const [found] = forge.issues;
    if (found) found.author = person;
    expect(await issues.read(kept.control)).toEqual({ kind: 'absent' });
  });

  it('is left alone once a person has closed it', async () => {
    const { forge, issues, kept, show } = world();
    await show();
    const [found] = forge.issues;
    if (found) found.state = 'closed';
    expect(await issues.read(kept.control)).toEqual({ kind: 'closed' });
    await show({ ...wanted, body: markedControl(markdown`new`, 10) });
    expect(forge.issues).toMatchObject([{ body }]);
  });

  it('is not recorded as written where GitHub refuses it', async () => {
    const { forge, kept, show } = world();
    forge.faults.push(new AppError('github-forbidden', 'no permission'));
    await expect(show()).rejects.toMatchObject({ code: 'github-forbidden' });
    expect(kept.control).toMatchObject({ number: null, body: '', sending: body });
  });
});
