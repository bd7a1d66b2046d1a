import type { HubStage } from '../support/hub-stage.ts';
import type { ScriptedAnswer, ScriptedRequest } from '../support/scripted-model.ts';

/** A run that the crash suite repeats: how it begins, what the model says, what people do meanwhile. */
export interface Scenario {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** By the turn alone, so that a run that was taken over hears the same. */
  readonly answer: (request: ScriptedRequest) => ScriptedAnswer;
  /** Starts the run. */
  begin(stage: HubStage): Promise<void>;
  /** For a scenario that leads to no run: whether GitHub shows its end. */
  readonly isOver?: (stage: HubStage) => boolean;
  /** What people and CI do meanwhile, one after the other. */
  readonly reactions?: readonly Reaction[];
  /**
   * What has to be there before it begins: a run that other scenarios play at length. It is begun here, ends before the
   * bot that faults happen to starts, and its seams are not counted.
   */
  prelude?(stage: HubStage): Promise<void>;
}

/** What somebody does once journals hold `nth` (default 1) events of the kind. */
export interface Reaction {
  readonly after: string;
  readonly nth?: number;
  act(stage: HubStage): Promise<void>;
}
