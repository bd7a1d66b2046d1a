import type { Gate, GateInput, GateName, Verdict } from '../../src/domain/gate.ts';
import { createClaimsGate } from '../../src/gates/claims-gate.ts';
import { createCoverageGate } from '../../src/gates/coverage-gate.ts';
import { createFactsReader, type FactsReader } from '../../src/gates/facts/facts-reader.ts';
import { createIntegrityGate } from '../../src/gates/integrity-gate.ts';
import { createLintGate } from '../../src/gates/lint-gate.ts';
import { createSecretsGate } from '../../src/gates/secrets-gate.ts';
import { createTestsGate } from '../../src/gates/tests-gate.ts';
import { brokenFacts, changeInput } from '../gates/change-input.ts';
import { commandRun, gateInput, scriptedTree, testRun, treeTexts, withTests } from '../gates/gate-input.ts';
import { staticGateCases } from './static-gate-cases.ts';
import type { StaticGateCases } from './static-gate-contract.ts';

/** What each gate has to tell apart; a sentence where it cannot come to that. */
export const situations = ['pass', 'fail', 'known', 'notRun', 'error', 'timeout'] as const;

export interface Scene {
  readonly gate: Gate;
  readonly input: GateInput;
}

export type GateScenes = Readonly<Record<(typeof situations)[number], (() => Scene) | string>>;

const facts = createFactsReader();
const hasty = createFactsReader({ fileTimeoutMs: 1 });

/** Ends the threads that read for the scenes. */
export async function closeScenes(): Promise<void> {
  await Promise.all([facts.close(), hasty.close()]);
}

function staticScenes(cases: StaticGateCases): GateScenes {
  const scene =
    (input: () => GateInput, reader: FactsReader = facts) =>
    (): Scene => {
      return { gate: cases.create(reader), input: input() };
    };
  const { pass, fail, known, notRun, slow } = cases;
  return {
    pass: scene(pass),
    fail: scene(fail),
    known: scene(known),
    notRun: scene(notRun),
    error: slow === null ? scene(() => broken(fail())) : scene(fail, brokenFacts),
    timeout: slow === null ? 'asks services with time limits of their own: not checked' : scene(slow, hasty),
  };
}

/** Whatever is asked of it fails: the gate itself breaks. */
function broken(input: GateInput): GateInput {
  const fall = async (): Promise<never> => {
    throw new Error('the repository fell over');
  };
  const tree = { ...input.head, setUp: fall, test: fall, run: fall, report: fall };
  const texts = { read: fall, list: fall, files: fall, blobs: fall };
  return { ...input, ...texts, base: tree, head: tree };
}

const testsScene = (base: Parameters<typeof testRun>[0], head: ReturnType<typeof testRun>): Scene => ({
  gate: createTestsGate(),
  input: gateInput({
    base: scriptedTree('ba5e', { tests: [testRun(base)] }),
    head: scriptedTree('4ead', { tests: [head] }),
    baseline: testRun(base),
    commands: withTests,
  }),
});

const lintScene = (base: number, head: number, ended = 'exit'): Scene => ({
  gate: createLintGate(),
  input: gateInput({
    base: scriptedTree('ba5e', { commands: { lint: commandRun('lint', base) } }),
    head: scriptedTree('4ead', {
      commands: { lint: commandRun('lint', ended === 'exit' ? head : null, '', ended) },
    }),
    commands: { lint: [{ shell: 'lint', cwd: '', why: 'x' }] },
  }),
});

/** Five lines; the report says how often each is run, and the first `added` are the change. */
function coverageScene(hits: readonly number[], added: number, ended = 'exit', format = 'lcov'): Scene {
  const text = `SF:/workspace/a.js\n${hits.map((count, at) => `DA:${at + 1},${count}\n`).join('')}end_of_record\n`;
  const tree = (name: string) =>
    scriptedTree(name, { report: { run: commandRun('cover', 0, '', ended), text } });
  return {
    gate: createCoverageGate(),
    input: gateInput({
      ...treeTexts({ 'a.js': '' }, { 'a.js': '' }),
      base: tree('ba5e'),
      head: tree('4ead'),
      addedLines: Array.from({ length: added }, (_, at) => ({
        path: 'a.js',
        line: at + 1,
        text: `run(${at});`,
      })),
      commands: {
        coverage: [
          {
            shell: 'cover',
            cwd: '',
            why: '',
            format: format as 'lcov' | 'coverage-xml',
            reportPath: '/out/c',
          },
        ],
      },
    }),
  };
}

const adds = "test('adds', () => {\n  expect(add(1, 2)).toBe(3);\n});\n";
const skips = adds.replace('test(', 'test.skip(');
const integrityScene = (base: string, head: string, gate = createIntegrityGate()): Scene => ({
  gate,
  input: changeInput({ 'a.test.js': base }, { 'a.test.js': head }),
});

const token = ['ghp_', 'a1B2c3D4'.repeat(4), 'e5F6'].join('');
const leak = `const t = '${token}';\n`;
const secretsScene = (base: string, head: string, gate = createSecretsGate()): Scene => ({
  gate,
  input: changeInput({ 'a.js': base }, { 'a.js': head }),
});

const claimsScene = (summary: string, status: Verdict['status']): Scene => {
  const tests = {
    gate: 'tests',
    status,
    blocking: true,
    summary: '',
    details: { passed: 1 },
  } as unknown as Verdict;
  const claims = createClaimsGate();
  const gate: Gate = { ...claims, judge: (input) => claims.judge({ ...input, verdicts: [tests] }) };
  return { gate, input: gateInput({ summary }) };
};

/** A gate without scenes does not compile, and one whose scenes do not tell these apart fails. */
export const gateScenes: Readonly<Record<GateName, GateScenes>> = {
  tests: {
    pass: () => testsScene({ a: 'passed' }, testRun({ a: 'passed' })),
    fail: () => testsScene({ a: 'passed' }, testRun({ a: 'failed', b: 'passed' })),
    known: () => testsScene({ a: 'failed', b: 'passed' }, testRun({ a: 'failed', b: 'passed' })),
    notRun: () => ({ gate: createTestsGate(), input: gateInput({}) }),
    error: () => {
      const scene = testsScene({ a: 'passed' }, testRun({ a: 'passed' }));
      return { ...scene, input: broken(scene.input) };
    },
    timeout: () => testsScene({ a: 'passed' }, testRun({}, 'ended by timeout')),
  },
  integrity: {
    pass: () => integrityScene(adds, adds + adds.replace('adds', 'adds more')),
    fail: () => integrityScene(adds, skips),
    known: () => integrityScene(skips, `// more\n${skips}`),
    notRun: () => integrityScene(adds, adds),
    error: () => {
      const scene = integrityScene(adds, skips);
      return { ...scene, input: broken(scene.input) };
    },
    timeout: () => integrityScene(adds, skips.repeat(2_000), createIntegrityGate({ timeoutMs: 0 })),
  },
  coverage: {
    pass: () => coverageScene([1, 1, 1], 3),
    fail: () => coverageScene([1, 0, 0], 3),
    known: () => coverageScene([1, 0, 0, 0, 0], 1),
    notRun: () => ({ gate: createCoverageGate(), input: gateInput({}) }),
    error: () => coverageScene([1], 1, 'exit', 'coverage-xml'),
    timeout: () => coverageScene([1], 1, 'timeout'),
  },
  lint: {
    pass: () => lintScene(0, 0),
    fail: () => lintScene(0, 1),
    known: () => lintScene(1, 1),
    notRun: () => ({ gate: createLintGate(), input: gateInput({}) }),
    error: () => {
      const scene = lintScene(0, 0);
      return { ...scene, input: broken(scene.input) };
    },
    timeout: () => lintScene(0, 0, 'timeout'),
  },
  secrets: {
    pass: () => secretsScene('let a;\n', 'let a;\nlet b;\n'),
    fail: () => secretsScene('let a;\n', `let a;\n${leak}`),
    known: () => secretsScene(leak, `${leak}let b;\n`),
    notRun: 'there is always something to say: no line was added is a pass',
    error: () => {
      const scene = secretsScene('', leak);
      const cut = new Proxy(scene.input, {
        get: (target, key) => {
          if (key === 'addedLines') throw new Error('the repository fell over');
          return Reflect.get(target, key);
        },
      });
      return { ...scene, input: cut };
    },
    timeout: () =>
      secretsScene('', `${'a '.repeat(2_000)}\n`.repeat(2_000), createSecretsGate({ timeoutMs: 1 })),
  },
  claims: {
    pass: () => claimsScene('All tests pass.', 'pass'),
    fail: () => claimsScene('All tests pass.', 'fail'),
    known: 'it compares words with verdicts, which know of base',
    notRun: () => claimsScene('', 'pass'),
    error: () => {
      const scene = claimsScene('All tests pass.', 'pass');
      return { ...scene, input: { ...scene.input, summary: 7 as never } };
    },
    timeout: 'it runs nothing and reads one bounded text',
  },
  parse: staticScenes(staticGateCases.parse),
  complexity: staticScenes(staticGateCases.complexity),
  duplication: staticScenes(staticGateCases.duplication),
  docs: staticScenes(staticGateCases.docs),
  sast: staticScenes(staticGateCases.sast),
  dependencies: staticScenes(staticGateCases.dependencies),
  policy: staticScenes(staticGateCases.policy),
  hallucination: staticScenes(staticGateCases.hallucination),
};
