import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { type StatementSyntax, statementsIn, statementsOf } from './outline-statements.ts';
import {
  lineOf,
  newReader,
  type OutlinedStatement,
  type OutlinedTest,
  type OutlineReader,
  outlineOf,
  type TestOutline,
  wordsOf,
} from './test-outline.ts';

const testNames = /^(?:[xf]?(?:it|test|specify)|test\.serial|QUnit\.test|Deno\.test)$/;
const groupNames = /^(?:[xf]?(?:describe|context|suite))$/;
const assertion =
  /(?:^|[\s(;{!])(?:expect|expectTypeOf|assert|assertThat|should|sinon \. assert|t)(?: \. \w+)* \(|\. should\b/;
const exits =
  /^(?:await )?(?:return\b|process \. (?:exit|abort|kill)|(?:t|this|context|ctx|test|it) \. (?:skip|todo) \(|pending \()/;
const compounds: Readonly<Record<string, string>> = {
  if_statement: 'if',
  for_statement: 'for',
  for_in_statement: 'for',
  while_statement: 'while',
  do_statement: 'do',
  try_statement: 'try',
  switch_statement: 'switch',
  catch_clause: 'catch',
};

const syntax: StatementSyntax = {
  compounds,
  blocks: new Set(['statement_block', 'else_clause', 'finally_clause']),
  isBody: (type) => /_statement$|_block$|_clause$|_body$/.test(type),
  isIdle: (node) => node.type === 'empty_statement',
  assertion,
  exits,
};

interface Group {
  readonly titles: readonly string[];
  readonly isSkipped: boolean;
  readonly isExclusive: boolean;
}

interface Callee {
  readonly name: string;
  readonly modifiers: readonly string[];
  readonly table: string;
}

/** Tests of JavaScript and TypeScript files: jest, vitest, mocha, node:test, ava, jasmine, QUnit. */
export function outlineScript(root: SyntaxNode): TestOutline {
  const reader = newReader();
  readStatements(root, { titles: [], isSkipped: false, isExclusive: false }, reader);
  return outlineOf(reader);
}

function readStatements(parent: SyntaxNode, group: Group, reader: OutlineReader): void {
  for (const node of parent.namedChildren) {
    if (!node || node.type === 'comment') continue;
    if (node.type === 'import_statement') readImport(node, reader);
    else if (!readCall(node, group, reader)) reader.rest.push(...statementsOf(node, syntax));
  }
}

function readImport(node: SyntaxNode, reader: OutlineReader): void {
  const from = node.childForFieldName('source')?.text.replaceAll(/['"`]/g, '') ?? '';
  const clause = node.namedChildren.find((child) => child?.type === 'import_clause');
  const words = clause ? wordsOf(clause).replaceAll(/[{}]/g, '').split(',') : [''];
  for (const word of words) reader.imports.add(`${from} ${word.trim()}`);
}

/** True when the statement is a test or a group of tests, which is taken in. */
function readCall(node: SyntaxNode, group: Group, reader: OutlineReader): boolean {
  const call = node.type === 'expression_statement' ? awaited(node.namedChildren[0]) : undefined;
  if (call?.type !== 'call_expression') return false;
  const callee = calleeOf(call);
  const words = wordsIn(call);
  const first = words[0];
  const isGroup = groupNames.test(callee.name);
  if (!first || !(isGroup || testNames.test(callee.name))) return false;
  const body = words.map((word) => word.childForFieldName('body')).find((found) => found) ?? undefined;
  const own = placeOf(group, callee, words);
  if (!isGroup) reader.tests.push(testOf(own, { line: lineOf(node), table: callee.table, body }));
  else if (body) readStatements(body, own, reader);
  return true;
}

function wordsIn(call: SyntaxNode): readonly SyntaxNode[] {
  const words = call.childForFieldName('arguments')?.namedChildren ?? [];
  return words.filter((word): word is SyntaxNode => word !== null && word.type !== 'comment');
}

function placeOf(group: Group, { name, modifiers }: Callee, words: readonly SyntaxNode[]): Group {
  const options = words.find((word) => word.type === 'object');
  const title = words[0] ? wordsOf(words[0]).replace(/^"([\s\S]*)"$/, '$1') : '';
  const isSkipped =
    name.startsWith('x') ||
    modifiers.some((word) => /^(?:skip|todo|failing|fails|skipIf|runIf)$/.test(word)) ||
    hasOption(options, /^(?:skip|todo)$/);
  const isExclusive = name.startsWith('f') || modifiers.includes('only') || hasOption(options, /^only$/);
  return {
    titles: [...group.titles, title],
    isSkipped: group.isSkipped || isSkipped,
    isExclusive: group.isExclusive || isExclusive,
  };
}

function testOf(
  { titles, isSkipped, isExclusive }: Group,
  found: { readonly line: number; readonly table: string; readonly body: SyntaxNode | undefined },
): OutlinedTest {
  return {
    title: titles.join(' > '),
    line: found.line,
    isSkipped: isSkipped || found.body === undefined,
    isExclusive,
    header: found.table,
    statements: found.body ? bodyStatements(found.body) : [],
  };
}

function awaited(node: SyntaxNode | null | undefined): SyntaxNode | null | undefined {
  return node?.type === 'await_expression' ? node.namedChildren[0] : node;
}

/** `test.only.each([…])` is the name `test`, the modifiers `only` and `each`, and the table. */
function calleeOf(call: SyntaxNode): Callee {
  let callee = call.childForFieldName('function');
  let table = '';
  if (callee?.type === 'call_expression') {
    const inner = callee.childForFieldName('arguments');
    table = inner ? wordsOf(inner) : '';
    callee = callee.childForFieldName('function');
  }
  const words = (callee?.text ?? '').replaceAll(/\s+/g, '').split('.');
  const [first = '', second = '', ...others] = words;
  const joined = `${first}.${second}`;
  if (testNames.test(joined)) return { name: joined, modifiers: others, table };
  return { name: first, modifiers: words.slice(1), table };
}

function hasOption(object: SyntaxNode | undefined, key: RegExp): boolean {
  return (object?.namedChildren ?? []).some((pair) => {
    const value = pair?.childForFieldName('value')?.text ?? '';
    return key.test(pair?.childForFieldName('key')?.text ?? '') && value !== 'false';
  });
}

function bodyStatements(body: SyntaxNode): readonly OutlinedStatement[] {
  return body.type === 'statement_block' ? statementsIn(body, syntax) : statementsOf(body, syntax);
}
