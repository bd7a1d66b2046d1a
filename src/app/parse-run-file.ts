import { z } from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { RunId } from '../domain/ids.ts';
import { runTriggers } from '../domain/run.ts';
import type { RunFile } from '../record/journal-ref/run-file.ts';

const actor = z.object({ id: z.number(), login: z.string(), type: z.string() });
const id = z.number().int().nonnegative();

/** What a run cannot be rebuilt without; everything else is passed on as it is. */
const schema = z.looseObject({
  format: z.literal(1),
  mode: z.enum(['full', 'record']),
  run: z.looseObject({
    id: z.string(),
    installationId: id,
    repository: z.looseObject({
      id,
      owner: z.string(),
      name: z.string(),
      cloneUrl: z.url(),
      htmlUrl: z.url(),
      private: z.boolean(),
      defaultBranch: z.string(),
    }),
    target: z.looseObject({ kind: z.enum(['issue', 'pull-request']), number: id, htmlUrl: z.string() }),
    branches: z.object({ base: z.string(), head: z.string(), headSha: z.string().nullable() }),
    input: z.looseObject({ title: z.string(), body: z.string(), sha256: z.string(), author: actor }),
    requestedBy: actor,
    requestedByRole: z.string(),
    trigger: z.enum(runTriggers),
    triggerKey: z.string().min(1),
    trackingIssue: id.nullable(),
    epoch: z.number().int().nonnegative(),
    createdAt: z.iso.datetime(),
  }),
  effects: z.array(
    z.object({
      key: z.string(),
      kind: z.string(),
      state: z.enum(['intended', 'done', 'abandoned']),
      result: z.looseObject({ outcome: z.enum(['sent', 'adopted', 'rejected']) }).nullable(),
      epoch: z.number().int(),
    }),
  ),
  spend: z.object({ usd: z.number().nonnegative(), tokens: z.number().nonnegative() }),
});

/** Reads `run.json` of a journal ref. Throws `journal-broken` naming the field. */
export function parseRunFile(runId: RunId, text: string): RunFile {
  const parsed = schema.safeParse(parseJson(text));
  const broken = (why: string): AppError =>
    new AppError('journal-broken', `run.json in the journal of run ${runId} cannot be used: ${why}`);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw broken(`${issue?.path.join('.')}: ${issue?.message}`);
  }
  if (parsed.data.run.id !== runId) throw broken('it is of another run');
  return parsed.data as unknown as RunFile;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
