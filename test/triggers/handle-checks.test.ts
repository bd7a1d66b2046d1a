import { describe, expect, it } from 'vitest';
import type { JournalEvent, Wait } from '../../src/domain/journal-event.ts';
import { commentEvent, issueEvent } from '../support/payloads.ts';
import { triggerWorld } from './trigger-world.ts';

const sha = 'c'.repeat(40);
const other = 'd'.repeat(40);
const wait: Wait = {
  id: `checks:${sha}:1`,
  kind: 'checks',
  sha,
  pull: 8,
  names: ['unit'],
  until: '2026-11-01T12:00:00Z',
};
const begun: JournalEvent = { kind: 'wait.begun', wait };

/** A run on issue 7 that waits for the checks at `sha`. */
async function waiting(...more: readonly JournalEvent[]) {
  const world = triggerWorld();
  await world.process(issueEvent('labeled'));
  const id = world.runs.all[0]?.id;
  if (id) world.journals.set(id, [begun, ...more]);
  return world;
}

/** A delivery of the same repository with other contents. */
function told(event: string, action: string | null, parts: Readonly<Record<string, unknown>>) {
  const like = issueEvent('labeled');
  const { installation, repository, sender } = like.payload as Readonly<Record<string, unknown>>;
  return { ...like, event, action, payload: { installation, repository, sender, ...parts } };
}

const theirs = { id: 5 };
const suite = { head_sha: sha, app: theirs };
const run = { ...suite, check_suite: { status: 'completed' } };

describe('a delivery about checks', () => {
  it.each([
    ['a check suite', told('check_suite', 'completed', { check_suite: suite })],
    ['the last check run of a suite', told('check_run', 'completed', { check_run: run })],
    ['a status', told('status', null, { sha, state: 'success' })],
    ['a workflow run', told('workflow_run', 'completed', { workflow_run: { head_sha: sha } })],
    [
      'a push to the pull request',
      told('pull_request', 'synchronize', {
        pull_request: { number: 8, html_url: '', head: { ref: 'agent/7', sha: other } },
      }),
    ],
  ] as const)(
    'on %s wakes the run that waits at this commit, and says nothing about what it found',
    async (_, delivery) => {
      const world = await waiting();
      expect(await world.process(delivery)).toEqual({ kind: 'applied', what: 'checks' });
      expect(world.inbox.all).toMatchObject([{ kind: 'event', role: 'none', commentId: null }]);
      expect(JSON.stringify(world.inbox.all)).not.toContain('success');
      expect(await world.process(delivery)).toMatchObject({ kind: 'ignored' });
      expect(world.inbox.all).toHaveLength(1);
    },
  );

  it.each([
    ['of another commit', told('check_suite', 'completed', { check_suite: { ...suite, head_sha: other } })],
    ['of our own App', told('check_suite', 'completed', { check_suite: { ...suite, app: { id: 700 } } })],
    ['of our own run', told('check_run', 'completed', { check_run: { ...run, app: { id: 700 } } })],
    [
      'of a suite that goes on',
      told('check_run', 'completed', { check_run: { ...run, check_suite: { status: 'in_progress' } } }),
    ],
    ['of a status that goes on', told('status', null, { sha, state: 'pending' })],
    [
      'of our own push',
      told('pull_request', 'synchronize', {
        pull_request: { number: 8, html_url: '', head: { ref: 'agent/7', sha } },
      }),
    ],
  ] as const)('%s wakes nobody', async (_, delivery) => {
    const world = await waiting();
    expect(await world.process(delivery)).toMatchObject({ kind: 'ignored' });
    expect(world.inbox.all).toEqual([]);
  });

  it('wakes nobody who waits no more', async () => {
    const over: JournalEvent = {
      kind: 'wait.ended',
      waitId: wait.id,
      outcome: 'resumed',
      by: null,
      text: '',
    };
    const world = await waiting(over);
    const delivery = told('check_suite', 'completed', { check_suite: suite });
    expect(await world.process(delivery)).toMatchObject({ kind: 'ignored' });
  });
});

describe('a run that waits for checks', () => {
  it('cannot be approved, and hears words of people who may write', async () => {
    const world = await waiting();
    expect(await world.process(commentEvent('/agent approve'))).toEqual({
      kind: 'refused',
      code: 'nothing-waits',
    });
    expect(await world.process(commentEvent('do it otherwise'))).toEqual({
      kind: 'applied',
      what: 'message',
    });
  });
});
