import { afterAll, describe, expect, it } from 'vitest';
import { createGates } from '../../src/app/create-gates.ts';
import { readSettings } from '../../src/config/read-settings.ts';
import type { GateName, Verdict } from '../../src/domain/gate.ts';
import { blocks, isHeld } from '../../src/domain/verdicts.ts';
import { runGates } from '../../src/gates/run-gates.ts';
import { closeScenes, gateScenes, type Scene, situations } from './gate-scenes.ts';

afterAll(() => closeScenes());

async function judge({ gate, input }: Scene): Promise<Verdict> {
  const settings = { ...input.settings, [gate.name]: { ...input.settings[gate.name], mode: 'block' } };
  const withSettings = new Proxy(input, {
    get: (target, key) => (key === 'settings' ? settings : Reflect.get(target, key)),
  });
  const [verdict] = await runGates([gate], withSettings);
  if (!verdict) throw new Error('no verdict');
  return verdict;
}

/** What a verdict of each situation may be. `known` is no pass where the gate names it all the same: then nothing blocks. */
const allowed: Readonly<Record<(typeof situations)[number], (verdict: Verdict) => boolean>> = {
  pass: ({ status, findings }) => status === 'pass' && findings.every(({ level }) => level === 'warning'),
  fail: (verdict) => verdict.status === 'fail' && verdict.feedback !== '',
  known: (verdict) => !blocks(verdict),
  notRun: ({ status }) => status === 'not-run',
  error: ({ status }) => status === 'error',
  timeout: ({ status }) => status !== 'pass',
};

/** Said once more here, so that a sentence in place of a scene is seen in two places. */
const without: Readonly<Partial<Record<GateName, readonly (typeof situations)[number][]>>> = {
  secrets: ['notRun'],
  claims: ['known', 'timeout'],
  dependencies: ['timeout'],
};

describe.each(Object.entries(gateScenes))('the gate %s', (name, scenes) => {
  it.each(situations)('tells apart: %s', async (situation) => {
    const scene = scenes[situation];
    expect((without[name as GateName] ?? []).includes(situation)).toBe(typeof scene === 'string');
    const verdict = typeof scene === 'string' ? null : await judge(scene());
    expect(verdict).toSatisfy(
      (said: Verdict | null) =>
        said === null || (said.gate === name && said.summary !== '' && allowed[situation](said)),
    );
  });
});

// A repository cannot choose the mode of secrets.
const choosable = Object.entries(gateScenes).filter(([name]) => name !== 'secrets');

describe.each(choosable)('the gate %s under a mode', (name, scenes) => {
  it('does what it says', async () => {
    const { fail } = scenes;
    if (typeof fail === 'string') throw new Error('every gate can fail');
    const { gate, input } = fail();
    const judged = async (mode: 'block' | 'hold' | 'warn' | 'off') => {
      const settings = { ...input.settings, [name]: { ...input.settings[gate.name], mode } };
      const [verdict] = await runGates([gate], { ...input, settings });
      return verdict === undefined ? null : [verdict.status, blocks(verdict), isHeld(verdict)];
    };
    expect(await judged('block')).toEqual(['fail', true, false]);
    expect(await judged('hold')).toEqual(['fail', false, true]);
    expect(await judged('warn')).toEqual(['fail', false, false]);
    expect(await judged('off')).toEqual(['not-run', false, false]);
  });
});

describe('the scenes', () => {
  it('are of all gates that are run', async () => {
    const all = createGates(readSettings({ env: {}, envFile: '/nonexistent' }));
    await all.close();
    expect(all.gates.map(({ name }) => name).sort()).toEqual(Object.keys(gateScenes).sort());
  });
});
