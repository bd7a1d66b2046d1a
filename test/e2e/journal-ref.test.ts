import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { auditScope } from '../../src/app/audit/audit-scope.ts';
import { runAudit } from '../../src/app/audit/run-audit.ts';
import { parseSettings } from '../../src/config/read-settings.ts';
import type { RunId } from '../../src/domain/ids.ts';
import { readEvents } from '../../src/record/journal-ref/read-events.ts';
import { type BotWorld, openBotWorld } from '../support/bot-world.ts';
import { javascriptBug, soundRepository } from '../support/sample-repositories.ts';
import { silentLog } from '../support/silent-log.ts';

const runMs = 120_000;
const files = [
  'NEXT_ACTIONS.md',
  'context-graph.json',
  'current-session.md',
  'decisions.md',
  'events.jsonl',
  'evidence.json',
  'project-status.json',
  'quality-metrics.json',
  'run.json',
];

describe('the journal ref', () => {
  let world: BotWorld | undefined;
  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  it.each([{ private: false, mode: 'record' }])(
    'holds the whole run of a repository (private: $private)',
    async ({ private: isPrivate, mode }) => {
      world = await openBotWorld({ files: javascriptBug, private: isPrivate, record: `journal-${mode}` });
      const issue = await world.fileIssue(
        'The last number is missing',
        'sumRange(1, 4) gives 6, expected 10.',
      );
      await world.label(issue);
      expect(await world.ended()).toMatchObject({ state: 'published' });
      await world.waitForComment(issue, /^## Done/m);
      const [run] = await world.bot.composition.store.runs.list({ limit: 1 });
      const read = (path: string): string => git(world, ['cat-file', 'blob', `${ref(run?.id)}:${path}`]);
      await world.hub.admin.waitFor(
        () => /"state": "published"/.test(read('project-status.json')) || undefined,
        60_000,
      );

      expect(
        git(world, ['ls-tree', '--name-only', ref(run?.id)])
          .trim()
          .split('\n')
          .sort(),
      ).toEqual(files);
      expect(JSON.parse(read('run.json'))).toMatchObject({ mode, run: { id: run?.id } });
      expect(read('NEXT_ACTIONS.md')).toContain('A person reviews pull request #');
      const { entries } = readEvents(run?.id as RunId, read('events.jsonl'));
      expect(entries.map(({ event }) => event).join()).toContain('"run.ended"');
      const metrics = JSON.parse(read('quality-metrics.json')) as { baseline: { failed: number } };
      expect(metrics.baseline.failed).toBeGreaterThan(0);
      const commits = git(world, ['rev-list', '--count', ref(run?.id)]);
      expect(Number(commits)).toBeGreaterThan(4);
      expect(world.log.lines.filter(({ event }) => event === 'journal-ref.not-written')).toEqual([]);

      const { store } = world.bot.composition;
      await expect
        .poll(async () => (await store.runs.list({ limit: 1 }))[0]?.endedAt, { timeout: 30_000 })
        .toBeTruthy();
      const report = await runAudit(auditScope(parseSettings(world.env), store, silentLog), null);
      expect(report.violations).toEqual([]);
      expect(report.invariants.find(({ id }) => id === 'I1')?.state).toBe('holds');
    },
    runMs,
  );

  it(
    'is noted and harms nothing where the repository refuses such refs',
    async () => {
      world = await openBotWorld({ files: soundRepository, record: 'journal-refused' });
      git(world, ['config', '--add', 'receive.hideRefs', 'refs/agent']);
      const issue = await world.fileIssue('Make it nicer', 'Please.');
      await world.label(issue);
      expect(await world.ended()).toMatchObject({ state: 'refused' });
      await world.waitForComment(issue, /^## Not done/m);
      const notes = world.events.filter(
        (event) => event.kind === 'note' && event.text.startsWith('The journal could not be written'),
      );
      expect(notes.length).toBeGreaterThan(0);
      expect(world.log.lines.map(({ event }) => event)).toContain('journal-ref.not-written');
      expect(git(world, ['for-each-ref', 'refs/agent/'])).toBe('');
    },
    runMs,
  );

  it(
    'stays away where the repository says off',
    async () => {
      const off = { ...soundRepository, '.github/agent.yml': 'journal: off\n' };
      world = await openBotWorld({ files: off, record: 'journal-off' });
      const issue = await world.fileIssue('Make it nicer', 'Please.');
      await world.label(issue);
      expect(await world.ended()).toMatchObject({ state: 'refused' });
      await world.waitForComment(issue, /^## Not done/m);
      expect(git(world, ['for-each-ref', 'refs/agent/journal/'])).toBe('');
    },
    runMs,
  );
});

function ref(runId: string | undefined): string {
  return `refs/agent/journal/${runId}`;
}

function git(world: BotWorld | undefined, args: readonly string[]): string {
  const gitDir = join(world?.stateDir ?? '', '..', 'hub', 'git', 'mira', 'thing.git');
  return execFileSync('git', args, { env: { ...process.env, GIT_DIR: gitDir }, encoding: 'utf8' });
}
