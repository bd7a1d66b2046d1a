import { currentProcess, type Scheduler, type SimulatedProcess } from './scheduler.ts';

type Topic = 'run' | 'delivery';

/** Who waits for work in a process, as `src/store/wakeups.ts` keeps it: news between a look and the wait are not lost. */
export interface Wakeups {
  mark(topic: Topic): void;
  wake(topic: Topic): void;
  wait(topic: Topic, timeoutMs: number, signal: AbortSignal): Promise<void>;
}

export function createWakeups(scheduler: Scheduler, process: SimulatedProcess): Wakeups {
  const news = new Map<Topic, boolean>();
  const waiting = new Map<Topic, Set<() => void>>([
    ['run', new Set()],
    ['delivery', new Set()],
  ]);
  return {
    mark: (topic) => void news.set(topic, false),
    wake(topic) {
      news.set(topic, true);
      const all = [...(waiting.get(topic) ?? [])];
      waiting.get(topic)?.clear();
      for (const resume of all) resume();
    },
    async wait(topic, timeoutMs, signal) {
      if (signal.aborted) return;
      if (news.get(topic)) return await scheduler.wait(currentProcess(), `${topic} news`, 0);
      await new Promise<void>((resolve) => {
        waiting.get(topic)?.add(resolve);
        const end = { dueMs: scheduler.nowMs + timeoutMs, resume: resolve };
        scheduler.at(process, `${topic} poll`, end);
      });
    },
  };
}
