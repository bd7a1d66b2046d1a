import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Settings } from '../config/read-settings.ts';
import { AppError } from '../domain/app-error.ts';
import type { EvidenceEnvelope } from '../domain/evidence.ts';
import type { Logger } from '../domain/logger.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import { predicateType, type SignedVerdict, signedVerdict } from '../record/evidence-statement.ts';
import type { Rejudging } from '../workflow/rejudge.ts';
import { compose } from './compose.ts';
import { readEnvelope } from './evidence-key.ts';
import { openLocalDatabase } from './local-database.ts';
import { createLocalForge } from './local-forge.ts';
import { localPerson, localRun } from './run-local.ts';

const place = z.object({ branch: z.string(), commit: z.string(), tree: z.string() });
const verdictShape = z.object({ gate: z.string(), status: z.string(), summary: z.string() });
const statementShape = z.object({
  predicateType: z.literal(predicateType),
  predicate: z.object({
    run: z.string(),
    repository: z.object({ id: z.number(), owner: z.string(), name: z.string(), url: z.string() }),
    base: place,
    head: place,
    config: z.record(z.string(), z.unknown()),
    commands: z.record(z.string(), z.unknown()).nullable(),
    verdicts: z.array(z.looseObject(verdictShape.shape)),
  }),
});

/** One gate, as it was signed and as it is now; `same` compares the verdict and the counts in its summary. */
export interface GateComparison {
  readonly gate: string;
  readonly signed: string;
  readonly now: string;
  readonly same: boolean;
}

export interface EvidenceCheck {
  readonly run: string;
  readonly commit: string;
  readonly gates: readonly GateComparison[];
}

export interface VerifyOptions {
  readonly envelope: EvidenceEnvelope;
  readonly publicKey: KeyObject;
  /** A clone on this machine; null: the address in the statement, without a credential. */
  readonly repository: RepositoryRef | null;
  readonly settings: Settings;
  readonly log: Logger;
}

/**
 * Checks the signature, then runs the gates again on the same trees. Throws `config-invalid` for an envelope that this
 * key did not sign or that holds something else.
 */
export async function verifyEvidence(options: VerifyOptions): Promise<EvidenceCheck> {
  const { predicate } = readStatement(options);
  const { run: runId, head, base, config } = predicate;
  const commands = predicate.commands as Rejudging['commands'] | null;
  if (commands === null)
    throw new AppError('config-invalid', 'the evidence names no commands, so nothing can be run again');
  const now = await judgeAgain(options, predicate.repository, { base, head, config, commands });
  const signed = predicate.verdicts as unknown as readonly SignedVerdict[];
  return { run: runId, commit: head.commit, gates: signed.flatMap((then) => compare(then, now)) };
}

function readStatement({ envelope, publicKey }: VerifyOptions): z.output<typeof statementShape> {
  const text = readEnvelope(envelope, publicKey);
  if (text === undefined)
    throw new AppError('config-invalid', 'the evidence is not signed by this key, or was changed since');
  const parsed = statementShape.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new AppError(
    'config-invalid',
    `this is no evidence of Pullwright: ${z.prettifyError(parsed.error).slice(0, 300)}`,
  );
}

async function judgeAgain(
  options: VerifyOptions,
  signed: z.output<typeof statementShape>['predicate']['repository'],
  wanted: Rejudging,
): Promise<readonly SignedVerdict[]> {
  const { settings, log } = options;
  const repository = options.repository ?? remoteRepository(signed, wanted.base.branch);
  const person = localPerson();
  const run = localRun(repository, person, { title: `Verify ${wanted.head.commit}`, body: '' });
  const database = await openLocalDatabase(settings, run.id, log);
  try {
    const forge = createLocalForge(repository, person);
    const composition = await compose({
      settings,
      log,
      databaseUrl: database.url,
      worker: `verify:${process.pid}`,
      forge: { reader: forge.reader, writer: forge.writer, tokens: null },
      botLogin: person.login,
      committer: { name: 'Pullwright', email: 'pullwright@localhost' },
      noreplyHost: 'localhost',
      localMode: true,
    });
    try {
      await composition.store.runs.create(run);
      const claimed = await composition.store.queue.claim();
      if (!claimed) throw new AppError('internal', 'the run of a verification could not be claimed');
      return (await composition.rejudge(claimed, wanted)).map(signedVerdict);
    } finally {
      await composition.workspaces.discard(run.id);
      await composition.close();
    }
  } finally {
    await database.close();
  }
}

function remoteRepository(
  { id, owner, name, url }: z.output<typeof statementShape>['predicate']['repository'],
  defaultBranch: string,
): RepositoryRef {
  return { id, owner, name, cloneUrl: url, htmlUrl: url, private: true, defaultBranch };
}

/** Gates that read the model's words say nothing about trees; durations differ each time. */
function compare(then: SignedVerdict, now: readonly SignedVerdict[]): readonly GateComparison[] {
  const found = now.find(({ gate }) => gate === then.gate);
  if (then.gate === 'claims') return [];
  const same = found?.status === then.status && counts(found.summary) === counts(then.summary);
  return [{ gate: then.gate, signed: shown(then), now: found ? shown(found) : 'not judged', same }];
}

function shown({ status, summary }: SignedVerdict): string {
  return `${status}: ${summary}`;
}

function counts(summary: string): string {
  return (summary.replace(/\d+(?:\.\d+)? ?(?:ms|s|min)\b/g, '').match(/\d+/g) ?? []).join(' ');
}
