// Bots that are killed, cut off or stopped at every seam, compared with undisturbed ones:
// npm run test:crash [-- --suite full --shard 1/2 --lanes 4 --out FILE --resume --scenario TEXT --only TEXT]
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endSpareBots } from '../test/crash/child-bot.ts';
import type { PlannedCell } from '../test/crash/choose-faults.ts';
import { groupCells } from '../test/crash/group-cells.ts';
import { openLaneVenue } from '../test/crash/lane-venue.ts';
import { planSuite, type SuiteName, shardOf, suiteKinds } from '../test/crash/plan-suite.ts';
import { openResultsFile } from '../test/crash/results-file.ts';
import { type CellOutcome, playAllUndisturbed, runMatrix } from '../test/crash/run-matrix.ts';
import type { Scenario } from '../test/crash/scenario.ts';
import { detours, scenarios, sideScenarios } from '../test/crash/scenarios.ts';
import { summarise } from '../test/crash/summarise.ts';

const { values } = parseArgs({
  options: {
    suite: { type: 'string', default: 'kill' },
    shard: { type: 'string', default: '1/1' },
    lanes: { type: 'string', default: String(availableParallelism() * 2) },
    out: { type: 'string' },
    resume: { type: 'boolean', default: false },
    alone: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    scenario: { type: 'string', multiple: true, default: [] },
  },
});
const print = (text: string): void => void process.stdout.write(`${text}\n`);

const suite = suiteOf(values.suite);
const shard = shardNumbers(values.shard);
const state = join(import.meta.dirname, '..', '.pullwright', 'crash');
const file = openResultsFile(
  values.out ?? join(state, `${suite}-${shard.nth}-${shard.of}.jsonl`),
  values.resume,
);
const startedMs = performance.now();
const brokenOff = breakOffAtSignals();

const lanes = Array.from({ length: Number(values.lanes) }, (_, index) => index + 1);
const venues = await Promise.all(
  lanes.map((lane) => openLaneVenue(join(state, `server-${shard.nth}-${lane}`), brokenOff)),
);
try {
  process.exitCode = (await play()) ? 0 : 1;
} catch (error) {
  if (!brokenOff.aborted) throw error;
} finally {
  await endSpareBots();
  for (const venue of venues) await venue.close();
  if (brokenOff.aborted) {
    print(`broken off by ${brokenOff.reason}; --resume goes on with what has not passed`);
    process.exitCode = 130;
  }
}

/** At the first signal everything is put away: servers, bots, directories. A second one ends the process as it stands. */
function breakOffAtSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort(name));
  return controller.signal;
}

async function play(): Promise<boolean> {
  const wanted = values.scenario;
  const isChosen = ({ name }: Scenario): boolean =>
    wanted.length === 0 || wanted.some((part) => name.includes(part));
  const ways = [...scenarios, ...sideScenarios];
  const leaving = detours.filter(isChosen);
  // Where a detour leaves the others is seen only beside all of them.
  const stories = leaving.length > 0 ? [...ways, ...leaving] : ways.filter(isChosen);
  print(`${stories.length} runs are played undisturbed first`);
  const baselines = await playAllUndisturbed(stories, venues);
  const planned = planSuite(suite, baselines, isChosen);
  const mine = shardOf(planned, shard).filter(({ id }) => id.includes(values.only));
  const open = mine.filter(({ id }) => file.outcomes.get(id)?.failure !== null);
  const groups = values.alone ? open.map((cell) => [cell]) : groupsInOrder(open);
  print(
    `${planned.length} cells, ${mine.length} of them here, ${open.length} to play in ${groups.length} runs, ${lanes.length} at a time`,
  );
  let done = 0;
  await runMatrix(baselines, groups, {
    venues,
    onOutcome(outcome) {
      file.add(outcome);
      done += 1;
      report(outcome, `${done}/${open.length}`);
    },
    onBroken: (cells, failure) =>
      print(`broken in a run of ${cells.length}, each is played alone: ${cells.join('; ')}\n${failure}`),
  });
  const minutes = ((performance.now() - startedMs) / 60_000).toFixed(1);
  const ids = new Set(mine.map(({ id }) => id));
  const outcomes = [...file.outcomes.values()].filter(({ id }) => ids.has(id));
  const summary = summarise(outcomes, {
    planned: mine.length,
    kinds: suiteKinds[suite],
    isWhole: mine.length === planned.length && wanted.length === 0,
  });
  print(`${summary.text}\n${minutes} min`);
  return summary.isGood;
}

/** Every seam and every append first: a suite that is broken off has then seen the most. */
function groupsInOrder(open: readonly PlannedCell[]): ReturnType<typeof groupCells> {
  const isOfEffect = ({ id }: PlannedCell): boolean => /\.after-(?:send|result) \| \d+$/.test(id);
  return [
    ...groupCells(open.filter((cell) => !isOfEffect(cell))),
    ...groupCells(open.filter((cell) => isOfEffect(cell))),
  ];
}

function report({ id, fired, failure, seconds, together }: CellOutcome, count: string): void {
  const word = failure !== null ? 'FAILED' : fired.length > 0 ? 'ok' : 'not reached';
  print(
    `${count} ${word} ${id} (${seconds} s, ${together} together)${failure === null ? '' : `\n${failure}`}`,
  );
}

function suiteOf(text: string): SuiteName {
  if (text === 'kill' || text === 'full') return text;
  throw new Error(`--suite is kill or full, not ${text}`);
}

function shardNumbers(text: string): { readonly nth: number; readonly of: number } {
  const [nth = 0, of = 0] = text.split('/').map(Number);
  if (nth >= 1 && nth <= of) return { nth, of };
  throw new Error(`--shard is i/n, not ${text}`);
}
