import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/domain/delivery.ts';
import { commentEvent, delivery, editEvent, issueEvent, pullEvent } from '../support/payloads.ts';
import { triggerWorld } from './trigger-world.ts';

/** Small, seeded and good enough to choose keys; a failing seed is in the test's message. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const junk: readonly unknown[] = [
  null,
  '',
  'x',
  -1,
  1.5,
  Number.MAX_VALUE,
  true,
  [],
  {},
  [null],
  { id: 'x' },
];

function paths(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, child]) => paths(child, [...path, key]));
  return path.length === 0 ? inner : [path, ...inner];
}

/** A copy in which the value at the path is deleted or replaced by junk. */
function damage(payload: unknown, path: readonly string[], random: () => number): unknown {
  const copy: unknown = structuredClone(payload);
  let parent = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) {
    const next = parent[key];
    if (typeof next !== 'object' || next === null) return copy;
    parent = next as Record<string, unknown>;
  }
  const last = path.at(-1) ?? '';
  if (random() < 0.5) delete parent[last];
  else parent[last] = junk[Math.floor(random() * junk.length)];
  return copy;
}

const originals: readonly Delivery[] = [
  issueEvent('labeled'),
  issueEvent('unlabeled'),
  issueEvent('closed'),
  editEvent('- [x] <!-- pullwright:box=stop:1a -->', { from: '- [ ] <!-- pullwright:box=stop:1a -->' }),
  commentEvent('/agent fix it'),
  commentEvent('/agent fix it', { pull: true }),
  commentEvent('/agent stop'),
  pullEvent('labeled'),
  pullEvent('closed'),
  delivery('installation', 'deleted', {
    installation: { id: 5, account: { login: 'o' } },
    repositories: [{ id: 1 }],
  }),
  delivery('installation_repositories', 'removed', {
    installation: { id: 5 },
    repositories_removed: [{ id: 1 }],
  }),
];

const outcomes = ['ignored', 'accepted', 'refused', 'applied'];

describe('a damaged payload', () => {
  it.each(originals.map((original) => [`${original.event}.${original.action}`, original] as const))(
    'of %s never throws, with any one part deleted or replaced',
    async (_, original) => {
      const random = randomFrom(1);
      for (const path of paths(original.payload)) {
        for (let round = 0; round < 6; round += 1) {
          const payload = damage(original.payload, path, random);
          const outcome = await triggerWorld().process({ ...original, payload });
          expect(outcomes, `${path.join('.')}: ${JSON.stringify(payload)}`).toContain(outcome.kind);
        }
      }
    },
  );

  it('never throws with many parts damaged at once', async () => {
    for (let seed = 1; seed <= 500; seed += 1) {
      const random = randomFrom(seed);
      const original = originals[seed % originals.length] ?? issueEvent('labeled');
      let payload: unknown = original.payload;
      for (let times = 0; times < 5; times += 1) {
        const all = paths(payload);
        const path = all[Math.floor(random() * all.length)];
        if (path !== undefined && path.length > 0) payload = damage(payload, path, random);
      }
      const outcome = await triggerWorld().process({ ...original, payload });
      expect(outcomes, `seed ${seed}`).toContain(outcome.kind);
    }
  });
});
