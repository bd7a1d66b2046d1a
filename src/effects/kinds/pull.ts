import { isAppError } from '../../domain/app-error.ts';
import type { EffectResult } from '../../domain/effect.ts';
import type { ForgePull } from '../../domain/forge.ts';
import type { EffectFamily, EffectOf, EffectScope } from './effect-family.ts';

/**
 * Opens the pull request. GitHub allows one open pull request per head and base, so the head finds it again, also
 * when creation answered 422 because it exists.
 */
export const pullOpen: EffectFamily<'pull.open'> = {
  idempotent: false,
  dispensable: false,
  async send(effect, scope) {
    try {
      const { head, base, title, body, draft } = effect;
      const pull = await scope.writer.createPull(scope.at, { head, base, title, body, draft });
      return described(pull, 'sent');
    } catch (error) {
      if (!isAppError(error, 'github-rejected')) throw error;
      const found = await findPull(effect, scope);
      if (found) return found;
      throw error;
    }
  },
  find: findPull,
};

/** Replaces the body of our own open pull request when it differs. */
export const pullUpdate: EffectFamily<'pull.update'> = {
  idempotent: true,
  dispensable: false,
  async send(effect, scope) {
    const pull = await scope.reader.pull(scope.at, effect.number);
    const obstacle = whyUntouchable(pull, scope);
    if (pull === undefined || obstacle !== undefined) return refused(effect.number, obstacle);
    if (pull.body.replace(/\r\n/g, '\n').trimEnd() === effect.body.trimEnd())
      return described(pull, 'adopted');
    await scope.writer.updatePull(scope.at, effect.number, effect.body);
    return described(pull, 'sent');
  },
  find: () => Promise.resolve(undefined),
};

/** Takes our own pull request out of draft. The node id must be the one of that number. */
export const pullReady: EffectFamily<'pull.ready'> = {
  idempotent: false,
  dispensable: false,
  async send(effect, scope) {
    const pull = await scope.reader.pull(scope.at, effect.number);
    const obstacle = whyUntouchable(pull, scope);
    if (pull === undefined || obstacle !== undefined) return refused(effect.number, obstacle);
    if (pull.nodeId !== effect.nodeId) return refused(effect.number, 'its node id is another one');
    if (!pull.draft) return described(pull, 'adopted');
    await scope.writer.markReady(scope.at, effect.nodeId);
    return { ...described(pull, 'sent'), draft: false };
  },
  async find(effect, scope) {
    const pull = await scope.reader.pull(scope.at, effect.number);
    const isDone = pull !== undefined && pull.nodeId === effect.nodeId && !pull.draft;
    return isDone && scope.isOurs(pull.author) ? described(pull, 'adopted') : undefined;
  },
};

async function findPull(
  effect: EffectOf<'pull.open'>,
  scope: EffectScope,
): Promise<EffectResult | undefined> {
  const pull = await scope.reader.openPullByHead(scope.at, effect.head);
  if (!pull || pull.base !== effect.base || pull.headRepositoryId !== scope.at.repositoryId) return undefined;
  if (scope.isOurs(pull.author)) return described(pull, 'adopted');
  return refused(pull.number, `${pull.author.login} opened it from our branch`);
}

function whyUntouchable(pull: ForgePull | undefined, scope: EffectScope): string | undefined {
  if (pull === undefined) return 'it does not exist';
  if (!scope.isOurs(pull.author)) return `it belongs to ${pull.author.login}`;
  return pull.state === 'closed' ? 'it was closed' : undefined;
}

function refused(number: number, why = 'it does not exist'): EffectResult {
  return { outcome: 'rejected', number, message: `pull request ${number} is left alone: ${why}` };
}

function described(pull: ForgePull, outcome: 'sent' | 'adopted'): EffectResult {
  const { number, nodeId, htmlUrl: url, headSha: sha, draft } = pull;
  return { outcome, number, nodeId, url, sha, draft };
}
