import { type AppError, isAppError } from '../domain/app-error.ts';
import { crashPoint } from '../domain/crash-point.ts';
import type {
  BranchPusher,
  Effect,
  EffectKind,
  EffectLedger,
  EffectPort,
  EffectResult,
  TextProof,
} from '../domain/effect.ts';
import type { ForgeReader, ForgeWriter } from '../domain/forge.ts';
import type { JournalPusher } from '../domain/journal-ref.ts';
import type { Logger } from '../domain/logger.ts';
import type { RateBucket, WritePriority } from '../domain/rate-bucket.ts';
import type { Lease, Run } from '../domain/run.ts';
import { proveText } from '../text/prove-text.ts';
import { requireAllowed } from './allowed-effects.ts';
import { effectFamilies } from './effect-families.ts';
import type { EffectFamily, EffectOf, EffectScope } from './kinds/effect-family.ts';
import { isOwnAccount } from './own-account.ts';
import { pacedJournals } from './paced-journals.ts';
import { type InTurn, pacedPusher, pacedWriter } from './paced-writer.ts';
import { createWaitingEdits } from './waiting-edits.ts';

export interface EffectsOptions {
  readonly reader: ForgeReader;
  readonly writer: ForgeWriter;
  readonly ledger: EffectLedger;
  readonly pusher: BranchPusher;
  /** Absent: journal refs are not written. */
  readonly journals?: JournalPusher | undefined;
  /** Shared with whoever else writes in the same installations. */
  readonly rates: RateBucket;
  readonly log: Logger;
  /** `<app-slug>[bot]`: objects of any other author are never adopted or edited. */
  readonly botLogin: string;
}

/**
 * The only writer to GitHub: intent committed, sent in turn, result committed. An intent without a result (an earlier
 * owner died, or the answer was lost) is read back first, then adopted or sent.
 * Throws `github-unavailable`, `github-rate-limited`, `lease-lost`; `github-forbidden` for what a run cannot do without.
 */
export function createEffects(options: EffectsOptions): EffectPort {
  const edits = createWaitingEdits();
  return {
    async perform(run, lease, key, effect) {
      const task = { run, lease, key };
      if (effect.kind !== 'tracking.update') return await performOne(options, task, effect);
      return await edits.run(run.id, effect, (edit, taken) => performOne(options, { ...task, taken }, edit));
    },
    async settle(run, lease, effectOf) {
      for (const { key, kind, state } of await options.ledger.list(run.id)) {
        if (state === 'done' || kind === 'tracking.update') continue;
        const effect = effectOf(key);
        const found = await readBack(options, { run, lease, key }, effect);
        const message = `${effect ? 'not sent' : 'not known'}: the run ended before`;
        const result = found ?? { outcome: 'rejected', message };
        await options.ledger.resolve(lease, key, kind, result);
      }
    },
  };
}

async function readBack(
  options: EffectsOptions,
  task: Task,
  effect: Effect | undefined,
): Promise<EffectResult | undefined> {
  if (!effect) return undefined;
  try {
    return await familyOf(effect.kind).find(effect, scopeOf(options, task, effect.kind));
  } catch (error) {
    if (isFinal(error, true)) return undefined;
    throw error;
  }
}

interface Task {
  readonly run: Run;
  readonly lease: Lease;
  readonly key: string;
  /** Called when the turn has come, just before the request. */
  readonly taken?: () => void;
}

async function performOne(options: EffectsOptions, task: Task, effect: Effect): Promise<EffectResult> {
  const { run, lease, key } = task;
  const { ledger } = options;
  requireAllowed(run, effect.kind);
  const family = familyOf(effect.kind);
  await crashPoint(`${effect.kind}.before-intent`, key);
  const { idempotent } = family;
  const intent = await ledger.intend(lease, key, effect.kind, { idempotent });
  if (intent.state === 'done') return intent.result;
  await crashPoint(`${effect.kind}.after-intent`, key);
  const scope = scopeOf(options, task, effect.kind);
  const answer = await attempt(family, effect, scope, intent.state === 'unknown');
  const text = answer.outcome === 'rejected' ? undefined : proofOf(effect);
  const result = text ? { ...answer, text } : answer;
  await crashPoint(`${effect.kind}.after-send`, key);
  await ledger.resolve(lease, key, effect.kind, result);
  await crashPoint(`${effect.kind}.after-result`, key);
  logResult(options.log, { run, key, effect, result });
  return result;
}

/** The effect's own kind chose the family, so the two agree; TypeScript cannot follow that through the table. */
function familyOf(kind: EffectKind): EffectFamily<EffectKind> {
  return effectFamilies[kind] as unknown as EffectFamily<EffectKind>;
}

async function attempt(
  family: EffectFamily<EffectKind>,
  effect: EffectOf<EffectKind>,
  scope: EffectScope,
  readBack: boolean,
): Promise<EffectResult> {
  try {
    const found = readBack ? await family.find(effect, scope) : undefined;
    return found ?? (await family.send(effect, scope));
  } catch (error) {
    if (!isFinal(error, family.dispensable)) throw error;
    return { outcome: 'rejected', message: shortened(error.message) };
  }
}

/** The words of an effect, checked once more by other means than those that made them. */
function proofOf(effect: Effect): TextProof | undefined {
  const title = 'title' in effect ? effect.title : '';
  const body = 'body' in effect ? effect.body : 'summary' in effect ? effect.summary : '';
  const lines = 'lines' in effect ? effect.lines.map((line) => line.body) : [];
  return title === '' && body === '' ? undefined : proveText([title, body, ...lines].join('\n\n'));
}

/** An answer that will be the same next time. */
function isFinal(error: unknown, dispensable: boolean): error is AppError {
  if (isAppError(error, 'github-rejected') || isAppError(error, 'github-not-found')) return true;
  const closed = isAppError(error, 'github-forbidden') || isAppError(error, 'repository-archived');
  return dispensable && closed;
}

function shortened(message: string): string {
  return message.length > 500 ? `${message.slice(0, 500)}…` : message;
}

function scopeOf(options: EffectsOptions, task: Task, kind: EffectKind): EffectScope {
  const { reader, writer, pusher, journals } = options;
  const { run, key } = task;
  const { installationId, repository } = run;
  const at = {
    installationId,
    repositoryId: repository.id,
    owner: repository.owner,
    name: repository.name,
    runId: run.id,
  };
  const inTurn = inTurnOf(options, task, kind);
  return {
    run,
    key,
    at,
    reader,
    writer: pacedWriter(writer, inTurn),
    pusher: pacedPusher(pusher, inTurn),
    journals: journals && pacedJournals(journals, inTurn),
    isOurs: (author) => isOwnAccount(author, options.botLogin),
  };
}

function inTurnOf(options: EffectsOptions, { run, lease, taken }: Task, kind: EffectKind): InTurn {
  const { installationId } = run;
  const priority = priorityOf[kind] ?? 'normal';
  return (creates, send) =>
    options.rates.write({ installationId, priority, creates, lease }, () => {
      taken?.();
      return send();
    });
}

const priorityOf: { readonly [Kind in EffectKind]?: WritePriority } = {
  'reaction.add': 'first',
  'tracking.update': 'last',
  'journal.push': 'last',
};

function logResult(
  log: Logger,
  { run, key, effect, result }: { run: Run; key: string; effect: Effect; result: EffectResult },
): void {
  const fields = { run: run.id, key, effect: effect.kind, outcome: result.outcome };
  if (result.outcome === 'rejected') log.warn('effect.rejected', fields);
  else log.info('effect.done', fields);
}
