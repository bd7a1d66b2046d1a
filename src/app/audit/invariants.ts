import type { Invariant } from './invariant.ts';
import { answersAreDurable } from './invariants/answers-are-durable.ts';
import { databaseTimeDecides } from './invariants/database-time-decides.ts';
import { deliveriesAreKept } from './invariants/deliveries-are-kept.ts';
import { effectsAreExplained } from './invariants/effects-are-explained.ts';
import { egressIsListed } from './invariants/egress-is-listed.ts';
import { endsInTime } from './invariants/ends-in-time.ts';
import { fastForwardOnly } from './invariants/fast-forward-only.ts';
import { intentsAreResolved } from './invariants/intents-are-resolved.ts';
import { journalIsWhole } from './invariants/journal-is-whole.ts';
import { namesAHuman } from './invariants/names-a-human.ts';
import { noKnownSecret } from './invariants/no-known-secret.ts';
import { noSelfEscalation } from './invariants/no-self-escalation.ts';
import { oneActiveRun } from './invariants/one-active-run.ts';
import { oneBranchOnePull } from './invariants/one-branch-one-pull.ts';
import { oneInstallation } from './invariants/one-installation.ts';
import { oneResultPerEffect } from './invariants/one-result-per-effect.ts';
import { oneWriter } from './invariants/one-writer.ts';
import { onlyOwnBranches } from './invariants/only-own-branches.ts';
import { publishedTreeWasJudged } from './invariants/published-tree-was-judged.ts';
import { replaysAlike } from './invariants/replays-alike.ts';
import { spendIsCapped } from './invariants/spend-is-capped.ts';
import { textsAreFiltered } from './invariants/texts-are-filtered.ts';
import { triggersRunOnce } from './invariants/triggers-run-once.ts';
import { writesKeepDistance } from './invariants/writes-keep-distance.ts';

/** All of I1 to I24, by number. */
export const invariants: readonly Invariant[] = [
  deliveriesAreKept,
  triggersRunOnce,
  oneActiveRun,
  oneBranchOnePull,
  journalIsWhole,
  oneWriter,
  intentsAreResolved,
  oneResultPerEffect,
  onlyOwnBranches,
  endsInTime,
  spendIsCapped,
  oneInstallation,
  namesAHuman,
  publishedTreeWasJudged,
  noSelfEscalation,
  effectsAreExplained,
  answersAreDurable,
  fastForwardOnly,
  replaysAlike,
  writesKeepDistance,
  noKnownSecret,
  egressIsListed,
  databaseTimeDecides,
  textsAreFiltered,
].toSorted((one, other) => Number(one.id.slice(1)) - Number(other.id.slice(1)));
