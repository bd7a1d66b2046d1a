import { describe, expect, it } from 'vitest';
import type { RunId, TreeId } from '../../src/domain/ids.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import { projectRun } from '../../src/record/project-run.ts';
import { renderCommitMessage } from '../../src/record/render-pull-request.ts';
import { renderUndo } from '../../src/record/render-undo.ts';
import { journalOf, run, tree } from './run-fixture.ts';

const sha = (digit: string): string => digit.repeat(40);
const planned = (commits: readonly string[], treeId: TreeId | null = tree): JournalEvent => ({
  kind: 'undo.planned',
  pull: 8,
  commits: commits.map((one) => ({ sha: one, run: '01hwork' as RunId })),
  treeId,
  problem: '',
});
const record = (...events: readonly JournalEvent[]) =>
  projectRun({ ...run, trigger: 'undo' }, journalOf(events));

describe('what is said of an undo', () => {
  it('names every commit in the message, as git revert does, and who asked', () => {
    const message = renderCommitMessage(record(planned([sha('b'), sha('a')])), { noreplyHost: 'github.com' });
    expect(message.split('\n')[0]).toMatch(/^Revert: /);
    expect(message).toContain(`This reverts commit ${sha('b')}.\nThis reverts commit ${sha('a')}.`);
    expect(message).toContain(`Pullwright-Run: ${run.id}`);
    expect(message).toContain('Co-authored-by: ');
  });

  it('tells on the pull request what was taken back, of which run, and what to do next', () => {
    const text = renderUndo(record(planned([sha('b'), sha('a')])), null);
    expect(text).toContain('Taken back: 2 commits of mine');
    expect(text).toContain('`bbbbbbbbbbbb`, of run `01hwork`');
    expect(text).toContain('/agent retry');
    expect(renderUndo(record(planned([sha('a')])), null)).toContain('one commit of mine');
  });

  it('tells why nothing was taken back, with whatever stands in a name made inert', () => {
    const text = renderUndo(record(planned([], null)), 'In the way: `a.js`, by @octo/team <img src=x>');
    expect(text).toContain('Nothing was taken back');
    expect(text).toContain('`a.js`');
    expect(text).not.toMatch(/<img|(?<!`)@octo/);
  });

  it('leads to the pull request whose branch it was', () => {
    expect(record(planned([sha('a')])).pull).toEqual({
      number: 8,
      url: `${run.repository.htmlUrl}/pull/8`,
      draft: false,
    });
  });
});
