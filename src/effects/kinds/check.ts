import type { CheckAnnotation, EffectResult } from '../../domain/effect.ts';
import type { ForgeAnnotation, NewCheck } from '../../domain/forge.ts';
import type { EffectFamily, EffectOf, EffectScope } from './effect-family.ts';

/** GitHub takes 50 in one request and appends those of later ones; what is over 200 stands in the summary. */
const annotationsPerRequest = 50;
const annotationsMax = 200;

/** A check run, found again by its external id `<run>:<name>`; a second verdict on the same commit updates it. */
export const check: EffectFamily<'check.publish'> = {
  idempotent: false,
  dispensable: false,
  async send(effect, scope) {
    const updated = await updateExisting(effect, scope);
    if (updated) return { ...updated, outcome: 'sent' };
    const [first, ...rest] = pagesOf(checkOf(effect, scope));
    const { id, url } = await scope.writer.createCheck(scope.at, first);
    for (const page of rest) await scope.writer.updateCheck(scope.at, id, page);
    return { outcome: 'sent', id, url };
  },
  find: updateExisting,
};

/**
 * An adopted check is written again: annotations go in batches, and a crash can fall between two of them. GitHub appends
 * what comes with an update, so only those that are not there yet are sent.
 */
async function updateExisting(
  effect: EffectOf<'check.publish'>,
  scope: EffectScope,
): Promise<EffectResult | undefined> {
  const wanted = checkOf(effect, scope);
  const checks = await scope.reader.checks(scope.at, effect.headSha, effect.name);
  const found = checks.find((candidate) => candidate.externalId === wanted.externalId);
  if (!found) return undefined;
  const annotations = without(wanted.annotations, await scope.reader.annotations(scope.at, found.id));
  for (const page of pagesOf({ ...wanted, annotations }))
    await scope.writer.updateCheck(scope.at, found.id, page);
  return { outcome: 'adopted', id: found.id };
}

/** Each one that is there stands for one that is wanted. */
function without(
  wanted: readonly CheckAnnotation[],
  there: readonly ForgeAnnotation[],
): readonly CheckAnnotation[] {
  const counts = new Map<string, number>();
  for (const one of there) counts.set(textOf(one), (counts.get(textOf(one)) ?? 0) + 1);
  return wanted.filter((one) => {
    const left = counts.get(textOf(one)) ?? 0;
    counts.set(textOf(one), left - 1);
    return left <= 0;
  });
}

function textOf({ path, startLine, endLine, level, message }: ForgeAnnotation): string {
  return JSON.stringify([path, startLine, endLine, level, message]);
}

/** One request each, so that each waits for its turn. */
function pagesOf(check: NewCheck): readonly [NewCheck, ...NewCheck[]] {
  const page = (number: number): NewCheck => {
    const start = number * annotationsPerRequest;
    return { ...check, annotations: check.annotations.slice(start, start + annotationsPerRequest) };
  };
  const more = Math.max(0, Math.ceil(check.annotations.length / annotationsPerRequest) - 1);
  return [page(0), ...Array.from({ length: more }, (_, index) => page(index + 1))];
}

function checkOf(effect: EffectOf<'check.publish'>, scope: EffectScope): NewCheck {
  const { name, headSha, conclusion, title, summary, actions } = effect;
  return {
    name,
    headSha,
    conclusion,
    title,
    summary,
    actions,
    externalId: `${scope.run.id}:${name}`,
    annotations: effect.annotations.slice(0, annotationsMax),
  };
}
