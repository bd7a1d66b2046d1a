import type {
  ControlIssue,
  ControlIssueStore,
  FiguresReader,
  RepositoryFigures,
  RunOutcome,
} from '../domain/control-issue.ts';
import type { Database, Row } from './database.ts';
import { toRun } from './run-row.ts';

const outcomesMax = 10;
/** A delivery is processed again within minutes, or never. */
const handledMax = 100;

/** `workerId`: the number that claims are bound to, so that those of a dead worker are taken over at once. */
export function openControlIssues(
  database: Database,
  workerId: () => number | undefined,
): ControlIssueStore & FiguresReader {
  return {
    async get(repositoryId) {
      const [row] = await database.run('get-control-issue', [repositoryId]);
      return row && toControlIssue(row);
    },
    async enable({ id, installationId, owner, name }) {
      await database.run('enable-control-issue', [id, installationId, owner, name]);
    },
    async disable(repositoryId) {
      await database.run('disable-control-issue', [repositoryId]);
    },
    async claim(repositoryId) {
      const claimant = workerId();
      if (claimant === undefined) return undefined;
      const [row] = await database.run('claim-control-issue', [repositoryId, claimant]);
      return row && { ...toControlIssue(row), shape: row.shape_now as string, token: row.token as string };
    },
    async release({ repository, token }, shape) {
      await database.run('release-control-issue', [repository.id, token, shape]);
    },
    async intend(repositoryId, body) {
      await database.run('intend-control-issue', [repositoryId, body]);
    },
    async written(repositoryId, { number, body, taken, missed, missedUntil }) {
      await database.run('write-control-issue', [repositoryId, number, body, missed, missedUntil, taken]);
    },
    async take(repositoryId, { boxes, handled }) {
      await database.run('take-control-boxes', [repositoryId, boxes, handled, handledMax]);
    },
    async due(gapMs) {
      return (await database.run('due-control-issues', [gapMs])).map((row) => toControlIssue(row).repository);
    },
    figures: (repositoryId) => readFigures(database, repositoryId),
  };
}

function toControlIssue(row: Row): ControlIssue {
  return {
    repository: {
      id: Number(row.repository_id),
      installationId: Number(row.installation_id),
      owner: row.owner as string,
      name: row.name as string,
    },
    number: row.issue as number | null,
    body: row.body as string,
    sending: row.sending as string | null,
    taken: row.taken as string[],
    handled: row.handled as string[],
    missed: row.missed as string[],
    missedUntil: row.missed_until as Date | null,
  };
}

async function readFigures(database: Database, repositoryId: number): Promise<RepositoryFigures> {
  const [row = {}] = await database.run('repository-figures', [repositoryId]);
  const outcomes = await database.run('repository-outcomes', [repositoryId, outcomesMax]);
  return {
    now: row.now as Date,
    outcomes: outcomes.map(toOutcome),
    ended: {
      published: Number(row.published),
      refused: Number(row.refused),
      failed: Number(row.failed),
      cancelled: Number(row.cancelled),
    },
    spentTodayUsd: Number(row.today),
    spentMonthUsd: Number(row.month),
  };
}

function toOutcome(row: Row): RunOutcome {
  const run = toRun(row);
  const opened = JSON.parse((row.opened as string | null) ?? '{}') as { readonly number?: number };
  const pull = run.target.kind === 'pull-request' ? run.target.number : (opened.number ?? null);
  return { run, summary: (row.summary as string | null) ?? '', pull };
}
