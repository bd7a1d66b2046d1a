// A bot as a process of its own, for the crash suite. Loads everything, then waits to be told what to be; one that was
// closed can be another one.
import { appendFileSync } from 'node:fs';
import { createAppLogger } from '../../src/app/app-logger.ts';
import { type Bot, startBot } from '../../src/app/start-bot.ts';
import { parseSettings } from '../../src/config/read-settings.ts';
import { setCrashHook } from '../../src/domain/crash-point.ts';
import { aimAt } from './aim.ts';
import type { FaultKind, FromBot, StartBot, ToBot } from './bot-messages.ts';
import { weaknesses } from './weaknesses.ts';

let bot: Bot | undefined;
let resume: (() => void) | undefined;
let beatsUntilAwake = 0;

process.on('message', (message: ToBot) => {
  if (message.kind === 'start') void start(message);
  else if (message.kind === 'go-on') resume?.();
  else void close();
});
process.on('disconnect', () => process.exit(1));
await tell({ kind: 'loaded' });

async function start(message: StartBot): Promise<void> {
  setCrashHook(hookOf(message));
  bot = await startBot({
    settings: parseSettings(message.env),
    log: createAppLogger('info'),
    writeIntervalMs: 0,
    limits: { progressMs: 3_600_000, commandTimeoutMs: 600_000, roundsMax: 2 },
    recoveryPace: { requestGapMs: 0 },
    // It doubles with every claim, and a cell has many: ten minutes would be as long as the whole cell may take.
    retryMsMax: 5_000,
    ...(message.weakness === null ? {} : { weaken: weaknesses[message.weakness] }),
  });
  await tell({ kind: 'up', url: bot.url });
}

/** Watches the seams it passes, and at the wanted ones does what was asked. */
function hookOf({ faults, strikes, tells }: StartBot): Parameters<typeof setCrashHook>[0] {
  if (faults.length === 0)
    return tells ? (name, key) => tell({ kind: 'passed', pass: { name, key: key ?? null } }) : undefined;
  const aim = aimAt(faults);
  let turn = Promise.resolve();
  let stopped = false;
  return async (name, key) => {
    if (name === 'lease.beat.after') await countBeat();
    const struck = aim(name, key);
    if (!struck) return;
    // What runs beside the run may reach its seam while another one stands at its own.
    turn = turn.then(async () => {
      if (stopped) return;
      appendFileSync(strikes, `${struck.nth}\n`);
      stopped = struck.fault.kind === 'stop';
      await strike(struck.fault.kind);
    });
    await turn;
  };
}

async function strike(kind: FaultKind): Promise<void> {
  if (kind === 'kill') process.kill(process.pid, 'SIGKILL');
  const resumed = new Promise<void>((resolve) => {
    resume = resolve;
  });
  await tell({ kind: 'struck' });
  if (kind !== 'stop') return await resumed;
  beatsUntilAwake = 2;
  process.kill(process.pid, 'SIGSTOP');
}

/** The first beat after a stop shows what was lost; by the next one whoever works here has been told. */
async function countBeat(): Promise<void> {
  if (beatsUntilAwake === 0) return;
  beatsUntilAwake -= 1;
  if (beatsUntilAwake === 0) await tell({ kind: 'awake' });
}

async function close(): Promise<void> {
  await bot?.close();
  bot = undefined;
  setCrashHook(undefined);
  await tell({ kind: 'closed' });
}

function tell(message: FromBot): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}
