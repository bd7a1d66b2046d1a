import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { gateSettingsOf } from '../../src/app/gate-settings.ts';
import { gatesConfigSchema } from '../../src/config/gates-config.ts';
import type { Gate, GateInput, Verdict } from '../../src/domain/gate.ts';
import { createComplexityGate } from '../../src/gates/complexity-gate.ts';
import { createCoverageGate } from '../../src/gates/coverage-gate.ts';
import { createDependenciesGate } from '../../src/gates/dependencies-gate.ts';
import { createDuplicationGate } from '../../src/gates/duplication-gate.ts';
import { createFactsReader } from '../../src/gates/facts/facts-reader.ts';
import { createHallucinationGate } from '../../src/gates/hallucination-gate.ts';
import { createPolicyGate } from '../../src/gates/policy-gate.ts';
import { createSastGate } from '../../src/gates/sast-gate.ts';
import { createSecretsGate } from '../../src/gates/secrets-gate.ts';
import { createTestsGate } from '../../src/gates/tests-gate.ts';
import { changeInput } from '../gates/change-input.ts';
import { commandRun, gateInput, scriptedTree, testRun, treeTexts, withTests } from '../gates/gate-input.ts';
import { closeScenes, gateScenes } from './gate-scenes.ts';

const facts = createFactsReader();
afterAll(async () => {
  await facts.close();
  await closeScenes();
});

/** One change, judged under two values of an option: the last one that allows it, and the first that does not. */
interface Effect {
  readonly gate: Gate;
  readonly input: GateInput;
  readonly allows: unknown;
  readonly refuses: unknown;
  /** Default: nothing is found. */
  readonly isAllowed?: (verdict: Verdict) => boolean;
}

const nothingFound = ({ findings }: Verdict): boolean => findings.length === 0;
const notBlocking = ({ status, blocking }: Verdict): boolean => status === 'pass' || !blocking;

const branches = (count: number): string =>
  `function f(a) {\n${'  if (a > 0) a -= 1;\n'.repeat(count)}  return a;\n}\n`;
/** Seven tokens a line, each line another. */
const lines = (count: number, word = 'price'): string =>
  Array.from({ length: count }, (_, index) => `total += ${word}${index} * amount;\n`).join('');

function coverageInput(): GateInput {
  const counts = Array.from({ length: 20 }, (_, at) => `DA:${at + 1},${at < 17 ? 1 : 0}\n`).join('');
  const text = `SF:/workspace/a.js\n${counts}end_of_record\n`;
  const tree = (name: string) => scriptedTree(name, { report: { run: commandRun('cover', 0), text } });
  return gateInput({
    ...treeTexts({ 'a.js': '' }, { 'a.js': '' }),
    base: tree('ba5e'),
    head: tree('4ead'),
    addedLines: Array.from({ length: 20 }, (_, at) => ({ path: 'a.js', line: at + 1, text: `run(${at});` })),
    commands: {
      coverage: [{ shell: 'cover', cwd: '', why: '', format: 'lcov', reportPath: '/out/c' }],
    },
  });
}

const now = new Date('2026-11-01T00:00:00Z');
const dependencies = (): Gate =>
  createDependenciesGate({
    packages: {
      lookUp: async ({ name }) =>
        name === 'private-thing'
          ? 'absent'
          : {
              firstPublishedAt: new Date(now.getTime() - 30 * 86_400_000),
              versions: 12,
              latest: '1.0.0',
              hasInstallScript: false,
              licence: 'GPL-3.0-only',
            },
    },
    advisories: null,
    trustedHosts: () => [],
    now: () => now,
  });
const adds = (name: string): GateInput => {
  const manifest = (names: readonly string[]) => ({
    'package.json': JSON.stringify({ dependencies: Object.fromEntries(names.map((one) => [one, '1.0.0'])) }),
  });
  return changeInput(manifest([]), manifest([name]));
};
const hasNo = (rule: RegExp) => (verdict: Verdict) =>
  !verdict.findings.some((found) => rule.test(found.message));

const stillFailing = testRun({ a: 'failed', b: 'passed' });

const effects: Readonly<Record<string, () => Effect>> = {
  'tests.unfinished': () => ({
    gate: createTestsGate(),
    input: gateInput({
      ...treeTexts({}, { 'a.test.js': "import { cart } from './cart.js';" }),
      base: scriptedTree('ba5e', { tests: [stillFailing] }),
      head: scriptedTree('4ead', { tests: [stillFailing] }),
      baseline: stillFailing,
      changes: [{ path: 'cart.js', status: 'modified', additions: 1, deletions: 1, binary: false }],
      commands: withTests,
    }),
    allows: 'warn',
    refuses: 'block',
    isAllowed: notBlocking,
  }),
  'coverage.min_percent': () => ({
    gate: createCoverageGate(),
    input: coverageInput(),
    allows: 85,
    refuses: 85.1,
    isAllowed: ({ status }) => status === 'pass',
  }),
  'complexity.max': () => ({
    gate: createComplexityGate({ facts }),
    input: changeInput({}, { 'a.js': branches(10) }),
    allows: 11,
    refuses: 10,
  }),
  'duplication.max_percent': () => ({
    gate: createDuplicationGate({ facts }),
    // Two copies grow by what is too short to be a copy of its own: 100 to 104 of 1,000 lines.
    input: changeInput(
      { 'a.js': lines(100), 'b.js': lines(100) + lines(800, 'other') },
      { 'a.js': lines(104), 'b.js': lines(104) + lines(792, 'other') },
    ),
    allows: 10.4,
    refuses: 10.3,
  }),
  'duplication.min_tokens': () => ({
    gate: createDuplicationGate({ facts }),
    input: changeInput({ 'a.js': lines(10) }, { 'a.js': lines(10), 'b.js': `let x;\n${lines(10)}` }),
    allows: 71,
    refuses: 70,
  }),
  'sast.max_new': () => ({
    gate: createSastGate({ facts }),
    input: changeInput({}, { 'a.js': 'el.innerHTML = location.hash;\n' }),
    allows: 1,
    refuses: 0,
    isAllowed: notBlocking,
  }),
  'sast.external': () => {
    const result = {
      ruleId: 'r',
      level: 'error',
      message: { text: 'm' },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'a.txt' }, region: { startLine: 1 } } }],
    };
    const log = { version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [result] }] };
    const scan = { run: commandRun('scan', 1), text: JSON.stringify(log) };
    return {
      gate: createSastGate({ facts }),
      input: {
        ...changeInput({}, { 'a.txt': 'one\n' }),
        head: scriptedTree('4ead', { report: scan }),
        base: scriptedTree('ba5e', { setUpFails: true }),
      },
      allows: [],
      refuses: [{ run: 'scan' }],
    };
  },
  'dependencies.min_age_days': () => ({
    gate: dependencies(),
    input: adds('thing'),
    allows: 30,
    refuses: 31,
    isAllowed: hasNo(/days/),
  }),
  'dependencies.licences': () => ({
    gate: dependencies(),
    input: adds('thing'),
    allows: ['GPL-3.0-only'],
    refuses: ['MIT'],
    isAllowed: hasNo(/GPL/),
  }),
  'dependencies.ignore': () => ({
    gate: dependencies(),
    input: adds('private-thing'),
    allows: ['private-thing'],
    refuses: ['other'],
  }),
  'policy.protected_paths': () => ({
    gate: createPolicyGate({ facts }),
    input: changeInput({ 'db/a.sql': 'select 1;\n' }, { 'db/a.sql': 'select 2;\n' }),
    allows: ['other/**'],
    refuses: ['db/**'],
  }),
  'hallucination.ignore': () => ({
    gate: createHallucinationGate({ facts }),
    input: {
      ...changeInput({}, { 'package.json': '{}', 'a.js': "import 'brought-along';\n" }),
      head: scriptedTree('4ead', { setUpFails: true }),
    },
    allows: ['brought-along'],
    refuses: ['other'],
  }),
  'regression.max_percent': () => ({
    gate: createComplexityGate({ facts }),
    input: changeInput({ 'a.js': branches(59) }, { 'a.js': branches(62) }),
    allows: 5,
    refuses: 4.9,
    isAllowed: notBlocking,
  }),
};

async function judge({ gate, input }: Effect, option: string, value: unknown): Promise<Verdict> {
  const [name = '', key = ''] = option.split('.');
  const config = gatesConfigSchema.parse({ [name]: { [key]: value } });
  return await gate.judge({ ...input, settings: gateSettingsOf(config) });
}

describe('the option', () => {
  it.each(Object.keys(effects))('gates.%s allows at its edge and refuses beyond it', async (option) => {
    const effect = effects[option]?.();
    if (!effect) throw new Error(option);
    const isAllowed = effect.isAllowed ?? nothingFound;
    const allowed = await judge(effect, option, effect.allows);
    expect(allowed).toSatisfy(isAllowed);
    const refused = await judge(effect, option, effect.refuses);
    expect(refused).toMatchObject({ status: 'fail' });
    expect(refused).not.toSatisfy(isAllowed);
  });

  it('gates.secrets.mode takes one word, so that nobody turns it off', () => {
    expect(gatesConfigSchema.safeParse({ secrets: { mode: 'block' } }).success).toBe(true);
    expect(gatesConfigSchema.safeParse({ secrets: { mode: 'warn' } }).success).toBe(false);
    expect(createSecretsGate().name).toBe('secrets');
  });
});

describe('the options that have a test', () => {
  it('are all that `.github/agent.yml` knows', () => {
    const schema = z.toJSONSchema(gatesConfigSchema, { io: 'input' });
    const options = Object.entries(schema.properties ?? {}).flatMap(([name, part]) =>
      Object.keys((part as { properties?: object }).properties ?? {}).map((key) => `${name}.${key}`),
    );
    // The modes of all gates are judged in `every-gate.test.ts`.
    const modes = Object.keys(gateScenes).map((name) => `${name}.mode`);
    expect(options.sort()).toEqual([...modes, ...Object.keys(effects)].sort());
  });
});
