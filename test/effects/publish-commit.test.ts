import { describe, expect, it } from 'vitest';
import type { TreeId } from '../../src/domain/ids.ts';
import { type commit, effectsOver, lease, publishCommit, run, start } from './effects-fixture.ts';
import { MemoryForge } from './memory-forge.ts';

function onBranch(): MemoryForge {
  const forge = new MemoryForge();
  forge.branches.set('agent/7', start);
  return forge;
}

describe('a commit by the API', () => {
  it.each(['createTree', 'createCommit', 'moveBranch'])(
    'is made once when the answer to %s is lost',
    async (lost) => {
      const forge = onBranch();
      const { effects } = effectsOver(forge);
      const before = ['createTree', 'createCommit', 'moveBranch'].indexOf(lost);
      forge.faults.push(...Array.from({ length: before }, () => undefined), 'applied');
      await expect(effects.perform(run, lease, 'k', publishCommit)).rejects.toThrow(/no answer/);
      const result = await effects.perform(run, lease, 'k', publishCommit);
      expect(result).toMatchObject({
        outcome: lost === 'moveBranch' ? 'adopted' : 'sent',
        sha: forge.branches.get('agent/7'),
      });
      expect(forge.applied.filter((name) => name === 'moveBranch')).toHaveLength(1);
      expect(forge.commits.get(forge.branches.get('agent/7') ?? start)?.parents).toEqual([start]);
    },
  );

  it('is not put on a branch that a person moved, and not with another tree', async () => {
    const moved = onBranch();
    moved.branches.set('agent/7', 'b'.repeat(40) as typeof commit);
    const refused = await effectsOver(moved).effects.perform(run, lease, 'k', publishCommit);
    expect(refused).toMatchObject({ outcome: 'rejected', message: expect.stringContaining('is at bbbb') });
    expect(moved.branches.get('agent/7')).toBe('b'.repeat(40));

    const other = onBranch();
    other.treeMade = 'f'.repeat(40) as TreeId;
    const result = await effectsOver(other).effects.perform(run, lease, 'k', publishCommit);
    expect(result).toMatchObject({
      outcome: 'rejected',
      message: expect.stringContaining('came to tree fff'),
    });
    expect(other.applied).toEqual(['createTree']);
  });
});
