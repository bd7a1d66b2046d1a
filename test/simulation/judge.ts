import { runAudit } from '../../src/app/audit/run-audit.ts';
import { effectMarker } from '../../src/text/effect-marker.ts';
import { memoryAudit } from './memory-audit.ts';
import { isOpen, type MemoryDatabase, type RunRow } from './memory-database.ts';
import { writeIntervalMs } from './memory-rates.ts';
import { historyOf } from './simulated-git.ts';
import { bot, type SimulatedGithub } from './simulated-github.ts';
import type { SimulatedHost } from './simulated-host.ts';
import { deadlineHours } from './start-process.ts';

export interface Judged {
  readonly database: MemoryDatabase;
  readonly hubs: ReadonlyMap<number, SimulatedGithub>;
  readonly host: SimulatedHost;
  readonly acknowledged: ReadonlySet<string>;
}

/** Everything that must hold when all is quiet: the auditor's invariants on the data, and what GitHub shows. */
export async function judge(judged: Judged): Promise<readonly string[]> {
  const { database, hubs, acknowledged } = judged;
  const attempted = [...hubs.values()].flatMap((hub) =>
    hub.sent.flatMap(({ guid, attempts }) => attempts.map(({ at, ok }) => ({ guid, at, acknowledged: ok }))),
  );
  const { violations } = await runAudit(
    {
      reads: memoryAudit(database),
      limits: { budgetUsd: 1, tokensMax: 1_000_000, deadlineMs: deadlineHours * 3_600_000, secrets: [] },
      attempted: async () => attempted,
    },
    null,
  );
  const unstored = [...acknowledged].filter((guid) => !database.deliveries.has(guid));
  return [
    ...violations.map(({ invariant, run, what }) => `${invariant} ${run ?? ''}: ${what}`),
    ...unstored.map((guid) => `I2: delivery ${guid} was acknowledged and is not stored`),
    ...lostDeliveries(judged),
    ...unfinished(judged),
    ...[...hubs.values()].flatMap((hub) => onGithub(database, hub)),
  ];
}

/** Reconciliation has had its time by now: nothing that GitHub attempted is missing, whatever became of it. */
function lostDeliveries({ database, hubs }: Judged): readonly string[] {
  return [...hubs.values()]
    .flatMap(({ sent }) => sent)
    .filter(({ guid, attempts }) => attempts.length > 0 && !database.deliveries.has(guid))
    .map(({ guid, event, action }) => `I1: delivery ${guid} (${event}.${action}) is lost`);
}

function unfinished({ database, host }: Judged): readonly string[] {
  const rows = [...database.runs.values()];
  const open = rows.filter(isOpen).map(({ newRun, state }) => `I12 ${newRun.id}: it is ${state}`);
  const untold = rows.filter(({ endedAt, told }) => endedAt !== null && !told);
  const waiting = [...database.deliveries.values()].filter(({ state }) => state === 'waiting');
  return [
    ...open,
    ...untold.map(({ newRun }) => `I12 ${newRun.id}: nobody was told of its end`),
    ...waiting.map(({ guid, trouble }) => `I12: delivery ${guid} waits (${trouble})`),
    ...leftDirectories(host, rows),
  ];
}

/** A worker that stopped just before it made a directory makes it when it wakes up; nothing sweeps that yet. */
function leftDirectories({ kept, stops }: SimulatedHost, rows: readonly RunRow[]): readonly string[] {
  if (stops() > 0) return [];
  const published = new Set(rows.filter(({ state }) => state === 'published').map(({ newRun }) => newRun.id));
  return [...kept].filter((id) => published.has(id)).map((id) => `I12 ${id}: its directories are left`);
}

function onGithub(database: MemoryDatabase, hub: SimulatedGithub): readonly string[] {
  const runs = [...database.runs.values()].filter(({ newRun }) => newRun.repository.id === hub.repositoryId);
  return [
    ...runs.flatMap(({ newRun }) => doubles(hub, newRun.id)),
    ...pullsOf(hub),
    ...refs(hub),
    ...pace(hub),
    ...texts(hub),
    ...authority(hub, runs),
  ];
}

/** I9: a marker stands on GitHub once; what a person deleted may be made again. */
function doubles(hub: SimulatedGithub, runId: string): readonly string[] {
  const prefix = effectMarker(runId, '').slice(0, -4);
  const markers = hub.comments
    .filter(({ deleted, author, body }) => !deleted && author === bot && body.includes(prefix))
    .flatMap(
      ({ issue, body }) =>
        body.match(/<!-- pullwright:run=[^>]* -->/g)?.map((one) => `${issue} ${one}`) ?? [],
    );
  const checks = hub.checks.map(({ sha, externalId }) => `${sha} ${externalId}`);
  return [...repeated(markers), ...repeated(checks.filter((one) => one.includes(runId)))].map(
    (what) => `I9: ${what} is there more than once`,
  );
}

function repeated(all: readonly string[]): readonly string[] {
  return [...new Set(all.filter((one, index) => all.indexOf(one) !== index))];
}

/** I5: one open pull request of the bot for a branch. */
function pullsOf({ pulls }: SimulatedGithub): readonly string[] {
  const open = [...pulls.values()].filter(({ state }) => state === 'open').map(({ headRef }) => headRef);
  return repeated(open).map((branch) => `I5: ${branch} has two open pull requests`);
}

/** I10, I11: the bot moves its own branches only, and never over what somebody else put there. */
function refs(hub: SimulatedGithub): readonly string[] {
  return hub.refUpdates
    .filter(({ by }) => by === bot)
    .flatMap(({ branch, from, to }) => [
      ...(from !== null && !historyOf(hub, to).includes(from)
        ? [`I10: ${branch} was moved over ${from}`]
        : []),
      ...(branch.startsWith('agent/') || branch === 'topic' ? [] : [`I11: ${branch} was written`]),
    ]);
}

/** I15: writes of an installation keep their distance, and nothing leaves before GitHub's pause is over. */
function pace(hub: SimulatedGithub): readonly string[] {
  const times = hub.writes.map(({ leftMs }) => leftMs);
  const close = times.filter((at, index) => index > 0 && at - (times[index - 1] ?? 0) < writeIntervalMs);
  return [
    ...close.slice(0, 1).map(() => `I15: ${close.length} writes came less than ${writeIntervalMs} ms apart`),
    ...hub.tooEarly.slice(0, 1).map((name) => `I15: ${name} left during a pause that GitHub asked for`),
  ];
}

/** I24: nothing that people or models wrote acts in what the bot shows. */
function texts(hub: SimulatedGithub): readonly string[] {
  const shown = [
    ...hub.comments.filter(({ author }) => author === bot).map(({ body }) => body),
    ...[...hub.pulls.values()]
      .filter(({ author }) => author === bot)
      .map(({ body, title }) => `${title}\n${body}`),
  ];
  const acts = /(?<![`\w/])@octo\/all|!\[x\]|evil\.test\/\?q|<!-- (?:push|hidden)|^\/agent stop/m;
  return shown
    .filter((text) => acts.test(withoutCode(text)))
    .map((text) => `I24: live text: ${text.slice(0, 200)}`);
}

function withoutCode(text: string): string {
  return text.replace(/(`+)[\s\S]*?\1/g, '');
}

/** I18, I20: who has only read access starts nothing; the bot starts nothing by its own hand. */
function authority(
  hub: SimulatedGithub,
  runs: readonly { readonly newRun: { requestedBy: { id: number } } }[],
) {
  return runs
    .filter(({ newRun }) => newRun.requestedBy.id === bot.id || newRun.requestedBy.id === 12)
    .map(({ newRun }) => `I18: ${newRun.requestedBy.id} started a run in ${hub.name}`);
}
