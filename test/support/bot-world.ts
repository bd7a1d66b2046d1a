import { type Bot, startBot } from '../../src/app/start-bot.ts';
import { parseSettings } from '../../src/config/read-settings.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { RunState } from '../../src/domain/run.ts';
import type { WorkflowLimits } from '../../src/workflow/ports.ts';
import { type HubStage, openHubStage, type StageOptions } from './hub-stage.ts';
import { RecordingLog } from './recording-log.ts';

export interface WorldOptions extends StageOptions {
  readonly limits?: Partial<WorkflowLimits>;
  /** Least time between two looks at the control issue; default 100. */
  readonly controlGapMs?: number;
}

export interface EndedRun {
  readonly state: RunState;
  readonly summary: string;
}

/** A local GitHub with the repository `mira/thing`, the bot installed on it, and people of several roles. */
export interface BotWorld extends HubStage {
  readonly bot: Bot;
  readonly installationId: number;
  /** What the operator reads. */
  readonly log: RecordingLog;
  /** Every journal event of this bot so far. */
  readonly events: readonly JournalEvent[];
  /** The first event that matches, past or to come. */
  waitForEvent(matches: (event: JournalEvent) => boolean): Promise<JournalEvent>;
  /** How the nth run (from 1) ended. */
  ended(nth?: number): Promise<EndedRun>;
  /** Resolves when everything that GitHub sent so far has been processed. */
  settled(): Promise<void>;
}

export async function openBotWorld(options: WorldOptions): Promise<BotWorld> {
  const stage = await openHubStage(options);
  const log = new RecordingLog();
  const watch = watchEvents();
  const bot = await startBot({
    settings: parseSettings(stage.env),
    log,
    writeIntervalMs: 0,
    controlGapMs: options.controlGapMs ?? 100,
    limits: { progressMs: 200, commandTimeoutMs: 60_000, ...options.limits },
    onJournal: (_runId, event) => watch.take(event),
  });
  stage.deliverTo(bot.url);
  const { installationId } = stage.install();
  await stage.hub.admin.deliveriesIdle();
  return {
    ...stage,
    bot,
    log,
    installationId,
    events: watch.events,
    waitForEvent: (matches) => watch.waitFor(matches),
    async ended(nth = 1) {
      const all = () => watch.events.filter((event) => event.kind === 'run.ended');
      await watch.waitFor(() => all().length >= nth);
      const event = all()[nth - 1];
      if (event?.kind !== 'run.ended') throw new Error('no end');
      return { state: event.state, summary: event.end.summary };
    },
    settled: () => settled(stage, bot),
    async close() {
      await bot.close();
      await stage.close();
    },
  };
}

function watchEvents() {
  const events: JournalEvent[] = [];
  const listeners = new Set<() => void>();
  return {
    events,
    take(event: JournalEvent): void {
      events.push(event);
      for (const listener of listeners) listener();
    },
    async waitFor(matches: (event: JournalEvent) => boolean): Promise<JournalEvent> {
      const known = events.find(matches);
      if (known) return known;
      const { promise, resolve } = Promise.withResolvers<JournalEvent>();
      const listener = (): void => {
        const found = events.find(matches);
        if (!found) return;
        listeners.delete(listener);
        resolve(found);
      };
      listeners.add(listener);
      return await promise;
    },
  };
}

/** Every webhook was sent, and none of the stored deliveries waits any more. */
async function settled({ hub }: HubStage, { composition }: Bot): Promise<void> {
  const { deliveries } = composition.store;
  for (;;) {
    await hub.admin.deliveriesIdle();
    const waiting = await deliveries.list({ state: 'waiting', limit: 1 });
    if (waiting.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
