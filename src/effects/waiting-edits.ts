import type { EffectResult } from '../domain/effect.ts';
import type { RunId } from '../domain/ids.ts';
import type { EffectOf } from './kinds/effect-family.ts';

type Edit = EffectOf<'tracking.update'>;

/** Edits of tracking comments that wait for their turn, one per run: a newer one takes the place of the older. */
export interface WaitingEdits {
  /**
   * Performs the edit, or hands its text to the one that waits already and shares its result. `perform` gets an
   * edit whose body is always the newest, and calls `taken` when it starts to send.
   */
  run(
    runId: RunId,
    edit: Edit,
    perform: (edit: Edit, taken: () => void) => Promise<EffectResult>,
  ): Promise<EffectResult>;
}

interface Waiting {
  newest: Edit;
  result: Promise<EffectResult>;
}

export function createWaitingEdits(): WaitingEdits {
  const waiting = new Map<RunId, Waiting>();
  const sending = new Map<RunId, Promise<unknown>>();
  return {
    async run(runId, edit, perform) {
      const known = waiting.get(runId);
      if (known) {
        known.newest = edit;
        return await known.result;
      }
      const own: Waiting = { newest: edit, result: Promise.resolve({ outcome: 'adopted' }) };
      const taken = (): void => {
        if (waiting.get(runId) === own) waiting.delete(runId);
      };
      waiting.set(runId, own);
      // One after another: an edit that looks for the comment while the one before makes it would make a second one.
      const before = sending.get(runId) ?? Promise.resolve();
      own.result = before.then(() => perform(alwaysNewest(own), taken)).finally(taken);
      const settled = own.result.then(
        () => undefined,
        () => undefined,
      );
      sending.set(runId, settled);
      try {
        return await own.result;
      } finally {
        if (sending.get(runId) === settled) sending.delete(runId);
      }
    },
  };
}

function alwaysNewest(waiting: Waiting): Edit {
  return {
    kind: 'tracking.update',
    get issue() {
      return waiting.newest.issue;
    },
    get body() {
      return waiting.newest.body;
    },
  };
}
