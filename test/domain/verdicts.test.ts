import { describe, expect, it } from 'vitest';
import type { Finding, Verdict } from '../../src/domain/gate.ts';
import type { TreeId } from '../../src/domain/ids.ts';
import { holdMaterial, isGreen, isHeld, modeOf, underMode } from '../../src/domain/verdicts.ts';
import { holdHash } from '../../src/record/hold-hash.ts';

const finding: Finding = {
  rule: 'deleted-test',
  path: 'a.test.js',
  line: 3,
  message: 'a test was deleted',
  level: 'error',
  identity: 'deleted-test:a.test.js:00',
};
const failed: Verdict = {
  gate: 'integrity',
  status: 'fail',
  blocking: true,
  summary: 'one test was deleted',
  treeId: 'a'.repeat(40) as TreeId,
  evidence: [],
  findings: [finding],
  feedback: '',
  details: {},
};
const passed: Verdict = { ...failed, gate: 'tests', status: 'pass', findings: [] };
const held = underMode(failed, 'hold');

describe('isGreen', () => {
  it('is false for nothing, for what blocks and for what is held', () => {
    expect(isGreen([])).toBe(false);
    expect(isGreen([passed, underMode(failed, 'block')])).toBe(false);
    expect(isGreen([passed, held])).toBe(false);
  });

  it('is true when what failed only warns', () => {
    expect(isGreen([passed, underMode(failed, 'warn')])).toBe(true);
  });

  it('is true once what is held was released', () => {
    expect(isGreen([passed, held], true)).toBe(true);
  });

  it('is false although released when something else blocks', () => {
    expect(isGreen([held, underMode({ ...failed, gate: 'tests' }, 'block')], true)).toBe(false);
  });
});

describe('holdHash', () => {
  it('is another one for another tree, finding or gate, and the same whatever the order', () => {
    const second = { ...finding, identity: 'deleted-test:b.test.js:00' };
    const hashes = [
      holdHash([held]),
      holdHash([{ ...held, treeId: 'b'.repeat(40) as TreeId }]),
      holdHash([{ ...held, findings: [finding, second] }]),
      holdHash([{ ...held, gate: 'policy' }]),
    ];
    expect(hashes[0]).toMatch(/^[0-9a-f]{12}$/);
    expect(new Set(hashes).size).toBe(4);
    expect(holdHash([{ ...held, findings: [second, finding] }])).toBe(hashes[2]);
  });

  it('is null when nothing is held', () => {
    expect(holdHash([passed])).toBeNull();
    expect(holdMaterial([passed, underMode(failed, 'block')])).toBeNull();
  });
});

describe('underMode', () => {
  it('holds only what counts: a result that the gate itself calls harmless is never held', () => {
    expect(isHeld(underMode({ ...failed, blocking: false }, 'hold'))).toBe(false);
    expect(isHeld(underMode(passed, 'hold'))).toBe(false);
  });
});

describe('modeOf', () => {
  it('reads verdicts of before there were modes', () => {
    expect(modeOf({ blocking: true })).toBe('block');
    expect(modeOf({ blocking: false })).toBe('warn');
    expect(modeOf(held)).toBe('hold');
  });
});
