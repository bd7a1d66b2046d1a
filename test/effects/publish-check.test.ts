import { describe, expect, it } from 'vitest';
import { markdown } from '../../src/text/markdown.ts';
import { commit, effectsOver, lease, run } from './effects-fixture.ts';
import { MemoryForge } from './memory-forge.ts';

const body = markdown`Body`;
const effect = {
  kind: 'check.publish',
  name: 'agent / tests',
  headSha: commit,
  conclusion: 'success',
  title: markdown`Title`,
  summary: body,
  annotations: [],
  actions: [],
} as const;

describe('a check', () => {
  it('is updated by a second verdict on the same commit and sends at most 200 annotations', async () => {
    const forge = new MemoryForge();
    const { effects } = effectsOver(forge);
    const annotation = { path: 'a', startLine: 1, endLine: 1, level: 'warning', message: body } as const;
    await effects.perform(run, lease, 'round 1', effect);
    const annotations = Array.from({ length: 1_000 }, () => annotation);
    await effects.perform(run, lease, 'round 2', { ...effect, conclusion: 'failure', annotations });
    expect(forge.checks).toHaveLength(1);
    expect(forge.checks[0]?.content).toMatchObject({
      conclusion: 'failure',
      externalId: `${run.id}:agent / tests`,
    });
    expect(forge.checks[0]?.content.annotations).toHaveLength(200);
  });

  it('that is adopted after a lost answer keeps each annotation once, and gets those that are missing', async () => {
    const forge = new MemoryForge();
    const { effects } = effectsOver(forge);
    const annotations = Array.from(
      { length: 60 },
      (_, index) =>
        ({ path: 'a', startLine: index, endLine: index, level: 'warning', message: body }) as const,
    );
    await effects.perform(run, lease, 'first batch', { ...effect, annotations: annotations.slice(0, 50) });
    await effects.perform(run, lease, 'k', { ...effect, annotations });
    expect(forge.checks[0]?.content.annotations).toEqual(annotations);
    await effects.perform(run, lease, 'k again', { ...effect, annotations });
    expect(forge.checks[0]?.content.annotations).toEqual(annotations);
  });
});
