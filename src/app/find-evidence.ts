import type { Settings } from '../config/read-settings.ts';
import { AppError } from '../domain/app-error.ts';
import type { EvidenceEnvelope } from '../domain/evidence.ts';
import type { RunId } from '../domain/ids.ts';
import type { Logger } from '../domain/logger.ts';
import type { Run } from '../domain/run.ts';
import { projectRun } from '../record/project-run.ts';
import type { Store } from '../store/open-store.ts';
import { withStore } from './inspect-store.ts';

const runsMax = 1_000;
const pullName = /^([\w.-]+)\/([\w.-]+)#(\d+)$/;

/** The newest signed evidence of a pull request (`owner/name#12`) or a run. Throws `config-invalid` where there is none. */
export async function findEvidence(
  subject: string,
  settings: Settings,
  log: Logger,
): Promise<EvidenceEnvelope> {
  return await withStore(settings, log, async (store) => {
    for await (const run of candidates(store, subject)) {
      const entries = await store.journal.read(run.id);
      const signed = entries.map(({ event }) => event).findLast((event) => event.kind === 'evidence.signed');
      if (signed && isMeant(subject, run, projectRun(run, entries).pull?.number)) return signed.envelope;
    }
    throw new AppError('config-invalid', `there is no signed evidence of ${subject} in the database`);
  });
}

async function* candidates({ runs }: Store, subject: string): AsyncGenerator<Run> {
  if (!pullName.test(subject)) {
    const run = await runs.get(subject as RunId);
    if (run) yield run;
    return;
  }
  yield* await runs.list({ limit: runsMax });
}

function isMeant(subject: string, run: Run, pull: number | undefined): boolean {
  const parsed = pullName.exec(subject);
  if (!parsed) return run.id === subject;
  const [, owner = '', name = '', number] = parsed;
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const { repository } = run;
  return same(repository.owner, owner) && same(repository.name, name) && pull === Number(number);
}
