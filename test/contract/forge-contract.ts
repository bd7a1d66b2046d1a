import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ForgeReader, ForgeWriter, RepositoryAddress } from '../../src/domain/forge.ts';
import type { CommitId, PublishableText, TreeId } from '../../src/domain/ids.ts';

/** A forge with a stage: a repository with `README.md` on `main` and a branch `topic` one commit ahead. */
export interface ForgeStage {
  readonly reader: ForgeReader;
  readonly writer: ForgeWriter;
  readonly at: RepositoryAddress;
  readonly botLogin: string;
  readonly topicSha: CommitId;
  /** A person opens an issue with the label `agent`. */
  openIssue(title: string): Promise<{ readonly number: number; readonly by: string; readonly byId: number }>;
  /** Gives a login a role; `none` takes it away. */
  setRole(login: string, role: 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin'): void;
  /** Makes the next token that is in use stop working. */
  expireTokens(): void;
  close(): Promise<void>;
}

function text(value: string): PublishableText {
  return value as PublishableText;
}

/** What every reader and writer promises, asked of a real server over HTTP. */
export function describeForge(name: string, open: () => Promise<ForgeStage>): void {
  describe(`${name} as a forge`, () => {
    let stage: ForgeStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(async () => {
      await stage.close();
    });

    it('knows the repository, its files and what is absent', async () => {
      const { reader, at } = stage;
      expect(await reader.repository(at)).toMatchObject({
        id: at.repositoryId,
        defaultBranch: 'main',
        archived: false,
        hasIssues: true,
      });
      expect(await reader.file(at, 'README.md', 'main')).toBe('hello\n');
      expect(await reader.file(at, 'docs/a b?.md', 'main')).toBe('odd name\n');
      expect(await reader.file(at, 'missing.md', 'main')).toBeUndefined();
      expect(await reader.issue(at, 9_999)).toBeUndefined();
      expect(await reader.pull(at, 9_999)).toBeUndefined();
      expect(await reader.openPullByHead(at, 'nowhere')).toBeUndefined();
    });

    it('tells an issue, its label events with their actor, and lists it by label', async () => {
      const { reader, at } = stage;
      const { number, byId } = await stage.openIssue('Labelled');
      expect(await reader.issue(at, number)).toMatchObject({
        number,
        state: 'open',
        labels: ['agent'],
        isPullRequest: false,
      });
      const events = await reader.labelEvents(at, number, 'agent');
      expect(events.at(-1)).toMatchObject({ id: expect.any(Number), actor: { id: byId }, appId: null });
      expect(await reader.labelEvents(at, number, 'other')).toEqual([]);
      const listed = await reader.openIssuesByLabel(at, 'agent');
      expect(listed.map((issue) => issue.number)).toContain(number);
    });

    it('tells roles by their name, and none for a stranger', async () => {
      const { reader, at } = stage;
      for (const role of ['triage', 'write', 'maintain', 'admin'] as const) {
        stage.setRole('lin', role);
        expect(await reader.roleOf(at, 'lin')).toBe(role);
        expect(await reader.roleOf(at, 'lin', 987_654)).toBe('unknown');
      }
      expect(await reader.roleOf(at, 'nobody-of-this-name')).toBe('none');
    });

    it('comments, edits the comment and reacts, over an expired token too', async () => {
      const { reader, writer, at } = stage;
      const { number } = await stage.openIssue('Talk');
      const { id } = await writer.createComment(at, number, text('first'));
      stage.expireTokens();
      await writer.updateComment(at, id, text('second'));
      const comments = await reader.comments(at, number);
      expect(comments.map(({ body, author }) => [body, author.login])).toEqual([['second', stage.botLogin]]);
      const first = await writer.addReaction(at, 'comment', id, 'eyes');
      expect(await writer.addReaction(at, 'comment', id, 'eyes')).toEqual(first);
      expect(await writer.addReaction(at, 'issue', number, 'eyes')).toMatchObject({ id: expect.any(Number) });
    });

    it('opens a draft, finds it by its head, refuses a second one, updates it and marks it ready', async () => {
      const { reader, writer, at } = stage;
      const { number: issue } = await stage.openIssue('To close');
      const request = {
        head: 'topic',
        base: 'main',
        title: text('Do it'),
        body: text(`Closes #${issue}`),
        draft: true,
      };
      const pull = await writer.createPull(at, request);
      expect(pull).toMatchObject({ draft: true, headSha: stage.topicSha, headRepositoryId: at.repositoryId });
      await expect(writer.createPull(at, request)).rejects.toMatchObject({ code: 'github-rejected' });
      expect(await reader.openPullByHead(at, 'topic')).toMatchObject({ number: pull.number });
      expect(await reader.closingIssues(at, pull.number)).toEqual([issue]);
      await writer.updatePull(at, pull.number, text('new body'));
      await writer.markReady(at, pull.nodeId);
      expect(await reader.pull(at, pull.number)).toMatchObject({
        draft: false,
        body: 'new body',
        merged: false,
      });
      expect(await reader.issue(at, pull.number)).toMatchObject({ isPullRequest: true });
    });

    it('refuses a pull request from a branch that is not there, and a body that is too long', async () => {
      const { writer, at } = stage;
      const missing = { head: 'nowhere', base: 'main', title: text('x'), body: text(''), draft: false };
      await expect(writer.createPull(at, missing)).rejects.toMatchObject({ code: 'github-rejected' });
      const { number } = await stage.openIssue('Long');
      await expect(writer.createComment(at, number, text('a'.repeat(65_537)))).rejects.toMatchObject({
        code: 'github-rejected',
      });
      await expect(writer.createComment(at, 9_999, text('x'))).rejects.toMatchObject({
        code: 'github-not-found',
      });
    });

    it('reviews a pull request with a comment on a line, all of it or nothing, and never approves', async () => {
      const { reader, writer, at, topicSha } = stage;
      const request = { head: 'topic', base: 'main', title: text('To review'), body: text(''), draft: false };
      const open = await reader.openPullByHead(at, 'topic');
      const { number } = open ?? (await writer.createPull(at, request));
      const lines = [{ path: 'new.txt', line: 1, body: text('on a line') }];
      const review = { commit: topicSha, body: text('looked at it'), lines };
      const outside = { ...review, lines: [{ path: 'README.md', line: 1, body: text('x') }] };
      await expect(writer.createReview(at, number, outside)).rejects.toMatchObject({
        code: 'github-rejected',
      });
      const unknown = { ...review, commit: 'f'.repeat(40) as CommitId };
      await expect(writer.createReview(at, number, unknown)).rejects.toMatchObject({
        code: 'github-rejected',
      });
      expect(await reader.reviews(at, number)).toEqual([]);
      const { id } = await writer.createReview(at, number, review);
      expect(await reader.reviews(at, number)).toMatchObject([
        { id, body: 'looked at it', author: { login: stage.botLogin } },
      ]);
    });

    it('publishes a check run with many annotations, finds it and updates it', async () => {
      const { reader, writer, at } = stage;
      const annotation = {
        path: 'README.md',
        startLine: 1,
        endLine: 1,
        level: 'notice',
        message: text('m'),
      } as const;
      const check = {
        name: 'agent / tests',
        headSha: stage.topicSha,
        externalId: 'run-1',
        conclusion: 'success',
        title: text('ok'),
        summary: text('all'),
        annotations: Array.from({ length: 60 }, () => annotation),
        actions: [{ label: 'Stop', description: 'Ends it', identifier: 'stop' }],
      } as const;
      const { id } = await writer.createCheck(at, { ...check, conclusion: null });
      expect(await reader.checks(at, stage.topicSha, 'agent / tests')).toMatchObject([
        { status: 'in_progress', conclusion: null },
      ]);
      await writer.updateCheck(at, id, { ...check, annotations: [] });
      expect(await reader.checks(at, stage.topicSha, 'agent / tests')).toEqual([
        { id, name: 'agent / tests', externalId: 'run-1', status: 'completed', conclusion: 'success' },
      ]);
      expect(await reader.annotations(at, id)).toEqual(check.annotations);
      await writer.updateCheck(at, id, { ...check, conclusion: 'failure', annotations: [] });
      expect(await reader.checks(at, stage.topicSha, 'agent / tests')).toMatchObject([
        { conclusion: 'failure' },
      ]);
      expect(await reader.checks(at, stage.topicSha, 'agent / other')).toEqual([]);
    });

    it('makes a signed commit out of text, bytes, modes and a deletion, and moves branches forward only', async () => {
      const { reader, writer, at, topicSha } = stage;
      const parent = await reader.commit(at, topicSha);
      const base = parent?.tree ?? ('' as TreeId);
      const blob = await writer.createBlob(at, Buffer.from([0, 255, 1]));
      const tree = await writer.createTree(at, base, [
        { path: 'src/new.txt', mode: '100644', text: 'grüße\n' },
        { path: 'run.sh', mode: '100755', text: 'exit 0\n' },
        { path: 'link', mode: '120000', text: 'run.sh' },
        { path: 'data.bin', mode: '100644', blob },
        { path: 'README.md', mode: '100644', blob: null },
      ]);
      const message = 'Change it\n\nPullwright-Run: 1';
      const sha = await writer.createCommit(at, { tree, parents: [topicSha], message });
      expect(await reader.commit(at, sha)).toEqual({ tree, parents: [topicSha], message, verified: true });
      await writer.createBranch(at, 'agent/9-made', sha);
      expect(await reader.file(at, 'src/new.txt', 'agent/9-made')).toBe('grüße\n');
      expect(await reader.file(at, 'README.md', 'agent/9-made')).toBeUndefined();
      await expect(writer.createBranch(at, 'agent/9-made', sha)).rejects.toMatchObject({
        code: 'github-rejected',
      });
      const next = await writer.createCommit(at, { tree: base, parents: [sha], message: 'Back' });
      await writer.moveBranch(at, 'agent/9-made', next);
      await expect(writer.moveBranch(at, 'agent/9-made', sha)).rejects.toMatchObject({
        code: 'github-rejected',
      });
      expect(await reader.commit(at, 'f'.repeat(40) as CommitId)).toBeUndefined();
    });

    it('opens an issue with a label', async () => {
      const { reader, writer, at } = stage;
      const { number } = await writer.createIssue(at, {
        title: text('T'),
        body: text('B'),
        labels: ['agent:tracking'],
      });
      expect(await reader.issue(at, number)).toMatchObject({ title: 'T', labels: ['agent:tracking'] });
    });
  });
}
