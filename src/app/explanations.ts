import type { ExplainPort, ExplainQuestion } from '../domain/explanation.ts';
import type { ForgeReader } from '../domain/forge.ts';
import type { CommitId, PublishableText } from '../domain/ids.ts';
import type { Journal } from '../domain/journal.ts';
import type { RunStore } from '../domain/run.ts';
import { isPublished } from '../record/is-published.ts';
import { projectRun } from '../record/project-run.ts';
import { type ExplainedPlace, renderExplanation, unexplained } from '../record/render-explanation.ts';
import type { RunRecord } from '../record/run-record.ts';

/** A repository's newest runs that are looked through. */
const runsMax = 50;

export interface ExplanationsOptions {
  readonly runs: Pick<RunStore, 'list'>;
  readonly journal: Pick<Journal, 'read'>;
  readonly reader: Pick<ForgeReader, 'file' | 'commitPatch'>;
}

/**
 * Which run made a line is found by the line itself: the newest published run whose commit added exactly this text to
 * this file. So it is found after a merge, a squash or a rebase too, where commit ids say nothing.
 */
export function createExplanations(options: ExplanationsOptions): ExplainPort {
  return {
    async explain(question) {
      const { place } = question;
      return place === null ? await ofThread(options, question) : await ofPlace(options, question, place);
    },
  };
}

async function* records(
  { runs, journal }: ExplanationsOptions,
  repositoryId: number,
): AsyncGenerator<RunRecord> {
  for (const run of await runs.list({ repositoryId, limit: runsMax })) {
    yield projectRun(run, await journal.read(run.id));
  }
}

async function ofThread(
  options: ExplanationsOptions,
  { at, number }: ExplainQuestion,
): Promise<PublishableText> {
  for await (const record of records(options, at.repositoryId)) {
    const { run, pull } = record;
    const threads = [run.target.number, run.trackingIssue, pull?.number];
    if (threads.includes(number)) return renderExplanation(record, null);
  }
  return unexplained.nothingHere;
}

async function ofPlace(
  options: ExplanationsOptions,
  { at, ref }: ExplainQuestion,
  { path, line }: NonNullable<ExplainQuestion['place']>,
): Promise<PublishableText> {
  const file = await options.reader.file(at, path, ref);
  if (file === undefined) return unexplained.noSuchFile(path, ref);
  const lines = file.replace(/\n$/, '').split('\n');
  const text = line === null ? '' : lines[line - 1];
  if (text === undefined) return unexplained.noSuchLine(path, lines.length);
  const place: ExplainedPlace = { path, line, text };
  for await (const record of records(options, at.repositoryId)) {
    if (await made(options, record, place)) return renderExplanation(record, place);
  }
  return unexplained.notOurs(path, line);
}

async function made(
  { reader }: ExplanationsOptions,
  { run, files, commit, effects }: RunRecord,
  { path, line, text }: ExplainedPlace,
): Promise<boolean> {
  // Lines that were there before came from somebody else, whoever put them back.
  if (run.trigger === 'undo') return false;
  const touched = files.some((file) => file.path === path && file.status !== 'deleted');
  if (!touched || commit === null || !effects.some(isPublished)) return false;
  if (line === null) return true;
  const { id, owner, name } = run.repository;
  const at = { installationId: run.installationId, repositoryId: id, owner, name };
  const patch = await reader.commitPatch(at, commit as CommitId, path);
  return patch?.split('\n').includes(`+${text}`) ?? false;
}
