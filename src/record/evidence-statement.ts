import type { CommandRun } from '../domain/command-run.ts';
import type { Verdict } from '../domain/gate.ts';
import type { JournalEntry } from '../domain/journal.ts';
import type { Run } from '../domain/run.ts';
import { redactDeep } from './journal-ref/redact-deep.ts';
import { projectRun } from './project-run.ts';

/** The commits and trees that the verdicts are about. */
export interface EvidenceSubject {
  readonly commit: string;
  readonly tree: string;
  readonly startCommit: string;
  readonly startTree: string;
}

/** A gate's result as it is signed and compared. */
export interface SignedVerdict {
  readonly gate: string;
  readonly status: string;
  readonly mode: string | null;
  readonly summary: string;
  readonly evidence: Verdict['evidence'];
  readonly findings: readonly { readonly rule: string; readonly path: string; readonly identity: string }[];
}

export const predicateType = 'urn:pullwright:evidence:1';

/**
 * `evidence.json`: an in-toto statement (https://in-toto.io/Statement/v1) about the published commit and its tree. Made
 * from the journal alone and redacted before it is signed, so that what is published later is what was signed.
 */
export function evidenceStatement(
  run: Run,
  entries: readonly JournalEntry[],
  facts: { readonly subject: EvidenceSubject; readonly tools: Readonly<Record<string, string>> },
): Readonly<Record<string, unknown>> {
  const record = projectRun(run, entries);
  const { subject, tools } = facts;
  const config = entries.map(({ event }) => event).findLast((event) => event.kind === 'config.read')?.config;
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      { name: record.base?.head ?? '', digest: { gitCommit: subject.commit, gitTree: subject.tree } },
    ],
    predicateType,
    predicate: {
      run: run.id,
      repository: {
        id: run.repository.id,
        owner: run.repository.owner,
        name: run.repository.name,
        url: run.repository.cloneUrl,
      },
      base: { branch: record.base?.branch ?? '', commit: subject.startCommit, tree: subject.startTree },
      head: { branch: record.base?.head ?? '', commit: subject.commit, tree: subject.tree },
      config: config ?? {},
      commands: record.commands,
      verdicts: record.verdicts.map(signedVerdict),
      runs: commandRuns(entries),
      sandbox: record.engines,
      tools,
    },
  };
  return redactDeep(JSON.parse(JSON.stringify(statement)) as Readonly<Record<string, unknown>>).value;
}

export function signedVerdict({ gate, status, mode, summary, evidence, findings }: Verdict): SignedVerdict {
  return {
    gate,
    status,
    mode: mode ?? null,
    summary,
    evidence,
    findings: findings.slice(0, 200).map(({ rule, path, identity }) => ({ rule, path, identity })),
  };
}

/** What ran in set-up and baseline, with the hash of what it wrote. */
function commandRuns(entries: readonly JournalEntry[]): readonly unknown[] {
  return entries
    .map(({ event }) => event)
    .flatMap((event) =>
      event.kind === 'setup.finished' || event.kind === 'baseline.finished'
        ? event.runs.map((one) => ({ phase: event.kind, treeId: event.treeId, ...shortRun(one) }))
        : [],
    );
}

function shortRun({ command, exitCode, ended, durationMs, outputSha256 }: CommandRun) {
  return { command, exitCode, ended, durationMs, outputSha256: outputSha256 ?? null };
}
