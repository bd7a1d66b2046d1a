import { createComplexityGate } from '../../src/gates/complexity-gate.ts';
import { createDocsGate } from '../../src/gates/docs-gate.ts';
import { createParseGate } from '../../src/gates/parse-gate.ts';
import { changeInput } from '../gates/change-input.ts';
import { describeStaticGate } from './static-gate-contract.ts';

const sound = 'export function one(a) {\n  return a + 1;\n}\n';
const documented = `/** Adds one. */\n${sound}`;
const broken = 'export function one(a) {\n  return a + ;\n}\n';
const branches = (count: number): string =>
  `function f(a) {\n${'  if (a > 0) a -= 1;\n'.repeat(count)}  return a;\n}\n`;
const huge = 'let value = { a: [1, 2, 3], b: (x) => x * 2 };\n'.repeat(15_000);

describeStaticGate('parse', {
  create: (facts) => createParseGate({ facts }),
  pass: () => changeInput({ 'a.js': sound }, { 'a.js': `${sound}\n${sound}` }),
  fail: () => changeInput({ 'a.js': sound }, { 'a.js': broken }),
  known: () => changeInput({ 'a.js': broken }, { 'a.js': `${broken}// more\n` }),
  notRun: () => changeInput({ 'a.txt': 'x' }, { 'a.txt': 'y' }),
  slow: () => changeInput({ 'a.js': sound }, { 'a.js': huge }),
});

describeStaticGate('complexity', {
  create: (facts) => createComplexityGate({ facts }),
  pass: () => changeInput({ 'a.js': branches(3) }, { 'a.js': branches(4) }),
  fail: () => changeInput({ 'a.js': branches(3) }, { 'a.js': branches(12) }),
  known: () =>
    changeInput({ 'a.js': branches(12) }, { 'a.js': branches(12).replace('return a;', 'return a + 1;') }),
  notRun: () => changeInput({ 'a.js': 'let a = 1;\n' }, { 'a.js': 'let a = 2;\n' }),
  slow: () => changeInput({ 'a.js': branches(3) }, { 'a.js': branches(4) + huge }),
});

describeStaticGate('docs', {
  create: (facts) => createDocsGate({ facts }),
  pass: () => changeInput({}, { 'a.js': documented }),
  fail: () => changeInput({}, { 'a.js': sound }),
  known: () => changeInput({ 'a.js': sound }, { 'a.js': `${sound}// more\n` }),
  notRun: () => changeInput({ 'a.txt': 'x' }, { 'a.txt': 'y' }),
  slow: () => changeInput({}, { 'a.js': documented + huge }),
});
