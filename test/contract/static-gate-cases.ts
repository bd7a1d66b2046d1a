import { createComplexityGate } from '../../src/gates/complexity-gate.ts';
import { createDependenciesGate } from '../../src/gates/dependencies-gate.ts';
import { createDocsGate } from '../../src/gates/docs-gate.ts';
import { createDuplicationGate } from '../../src/gates/duplication-gate.ts';
import { createHallucinationGate } from '../../src/gates/hallucination-gate.ts';
import { createParseGate } from '../../src/gates/parse-gate.ts';
import { createPolicyGate } from '../../src/gates/policy-gate.ts';
import { createSastGate } from '../../src/gates/sast-gate.ts';
import { changeInput } from '../gates/change-input.ts';
import { scriptedTree } from '../gates/gate-input.ts';
import type { StaticGateCases } from './static-gate-contract.ts';

const sound = 'export function one(a) {\n  return a + 1;\n}\n';
const documented = `/** Adds one. */\n${sound}`;
const broken = 'export function one(a) {\n  return a + ;\n}\n';
const branches = (count: number): string =>
  `function f(a) {\n${'  if (a > 0) a -= 1;\n'.repeat(count)}  return a;\n}\n`;
const huge = 'let value = { a: [1, 2, 3], b: (x) => x * 2 };\n'.repeat(15_000);

const parse: StaticGateCases = {
  create: (facts) => createParseGate({ facts }),
  pass: () => changeInput({ 'a.js': sound }, { 'a.js': `${sound}\n${sound}` }),
  fail: () => changeInput({ 'a.js': sound }, { 'a.js': broken }),
  known: () => changeInput({ 'a.js': broken }, { 'a.js': `${broken}// more\n` }),
  notRun: () => changeInput({ 'a.txt': 'x' }, { 'a.txt': 'y' }),
  slow: () => changeInput({ 'a.js': sound }, { 'a.js': huge }),
};

const complexity: StaticGateCases = {
  create: (facts) => createComplexityGate({ facts }),
  pass: () => changeInput({ 'a.js': branches(3) }, { 'a.js': branches(4) }),
  fail: () => changeInput({ 'a.js': branches(3) }, { 'a.js': branches(12) }),
  known: () =>
    changeInput({ 'a.js': branches(12) }, { 'a.js': branches(12).replace('return a;', 'return a + 1;') }),
  notRun: () => changeInput({ 'a.js': 'let a = 1;\n' }, { 'a.js': 'let a = 2;\n' }),
  slow: () => changeInput({ 'a.js': branches(3) }, { 'a.js': branches(4) + huge }),
};

const docs: StaticGateCases = {
  create: (facts) => createDocsGate({ facts }),
  pass: () => changeInput({}, { 'a.js': documented }),
  fail: () => changeInput({}, { 'a.js': sound }),
  known: () => changeInput({ 'a.js': sound }, { 'a.js': `${sound}// more\n` }),
  notRun: () => changeInput({ 'a.txt': 'x' }, { 'a.txt': 'y' }),
  slow: () => changeInput({}, { 'a.js': documented + huge }),
};

const block = Array.from({ length: 20 }, (_, index) => `  total += price${index} * amount${index};\n`).join(
  '',
);
const other = 'export const other = [1, 2, 3].map((value) => value * 2);\n';

const duplication: StaticGateCases = {
  create: (facts) => createDuplicationGate({ facts }),
  pass: () => changeInput({ 'a.js': block }, { 'a.js': block, 'b.js': other }),
  fail: () => changeInput({ 'a.js': block }, { 'a.js': block, 'b.js': block }),
  known: () =>
    changeInput({ 'a.js': block, 'b.js': block }, { 'a.js': block, 'b.js': `${block}\nlet more = 1;\n` }),
  notRun: () => changeInput({ 'a.test.js': block }, { 'a.test.js': block + block }),
  slow: () => changeInput({ 'a.js': block }, { 'a.js': block, 'b.js': huge }),
};

const workflow = (step: string): string =>
  `on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`;
const many = workflow('run: ls').concat('      - run: ls\n'.repeat(20_000));

const policy: StaticGateCases = {
  create: (facts) => createPolicyGate({ facts }),
  pass: () => changeInput({ 'a.js': sound }, { 'a.js': documented }),
  fail: () => changeInput({}, { '.github/workflows/ci.yml': workflow('uses: someone/thing@v1') }),
  known: () => {
    const text = workflow('uses: someone/thing@v1');
    return changeInput({ 'tools/action.yml': text }, { 'tools/action.yml': `${text}# more\n` });
  },
  notRun: () => changeInput({ 'a.js': sound }, { 'a.js': sound }),
  slow: () => changeInput({}, { '.github/workflows/ci.yml': many }),
};

const dependsOn = (...names: readonly string[]) => ({
  'package.json': JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, '1.0.0'])) }),
});

const dependencies: StaticGateCases = {
  create: () =>
    createDependenciesGate({
      packages: {
        lookUp: async ({ name }) =>
          name === 'invented'
            ? 'absent'
            : { firstPublishedAt: null, versions: 9, latest: null, hasInstallScript: false, licence: null },
      },
      advisories: null,
      trustedHosts: () => [],
      now: () => new Date(0),
    }),
  pass: () => changeInput(dependsOn('one-thing'), dependsOn('one-thing', 'other-thing')),
  fail: () => changeInput(dependsOn('one-thing'), dependsOn('one-thing', 'invented')),
  known: () => changeInput(dependsOn('invented'), dependsOn('invented', 'other-thing')),
  notRun: () => changeInput({ 'a.js': sound }, { 'a.js': documented }),
  slow: null,
};

const imports = (name: string): string => `import { ${name} } from './b.js';\n`;
const exporting = 'export const real = 1;\n';
/** Nothing is installed on head: reading has to decide alone. */
const alone = (...change: Parameters<typeof changeInput>) => ({
  ...changeInput(...change),
  head: scriptedTree('4ead', { setUpFails: true }),
});

const hallucination: StaticGateCases = {
  asksTheTree: true,
  create: (facts) => createHallucinationGate({ facts }),
  pass: () => alone({ 'b.js': exporting }, { 'b.js': exporting, 'a.js': imports('real') }),
  fail: () => alone({ 'b.js': exporting }, { 'b.js': exporting, 'a.js': imports('invented') }),
  known: () =>
    alone(
      { 'b.js': exporting, 'a.js': imports('invented') },
      { 'b.js': exporting, 'a.js': `${imports('invented')}let a = 1;\n` },
    ),
  notRun: () => alone({ 'a.js': sound }, { 'a.js': documented }),
  slow: () => alone({}, { 'a.js': huge }),
};

const unsafe = 'function page(req, res) {\n  res.send("<b>" + req.query.name + "</b>");\n}\n';

const sast: StaticGateCases = {
  asksTheTree: true,
  create: (facts) => createSastGate({ facts }),
  pass: () => changeInput({ 'a.js': sound }, { 'a.js': documented }),
  fail: () => changeInput({ 'a.js': sound }, { 'a.js': sound + unsafe }),
  known: () => changeInput({ 'a.js': unsafe }, { 'a.js': `// more\n${unsafe}let a = 1;\n` }),
  notRun: () => changeInput({ 'a.txt': 'x' }, { 'a.txt': 'y' }),
  slow: () => changeInput({}, { 'a.js': huge }),
};

/** By gate; texts small enough to be read at a glance. */
export const staticGateCases = {
  parse,
  complexity,
  docs,
  duplication,
  policy,
  dependencies,
  hallucination,
  sast,
} as const;
