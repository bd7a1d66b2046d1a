import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';

/** One statement of a test, in words that formatting does not change. */
export interface OutlinedStatement {
  readonly text: string;
  /** On its own tree, from 1. */
  readonly line: number;
  readonly isAssertion: boolean;
  /** Leaves the test early: `return`, `sys.exit()`, `this.skip()`. */
  readonly isExit: boolean;
  /** Kinds of the statements around it inside the test: `if`, `try`, `for`. */
  readonly guards: readonly string[];
}

/** A test, or with an empty title the part of a file outside of all tests. */
export interface OutlinedTest {
  readonly title: string;
  readonly line: number;
  readonly isSkipped: boolean;
  /** `.only`: the tests around it do not run. */
  readonly isExclusive: boolean;
  /** Tables and decorators that multiply a test: `parametrize`, `.each`. */
  readonly header: string;
  readonly statements: readonly OutlinedStatement[];
}

/** What a test file says, by its syntax tree. */
export interface TestOutline {
  readonly tests: readonly OutlinedTest[];
  /** Pairs of module and imported name. */
  readonly imports: ReadonlySet<string>;
}

/** What is collected while a file is read; `rest` stands outside of all tests. */
export interface OutlineReader {
  readonly tests: OutlinedTest[];
  readonly rest: OutlinedStatement[];
  readonly imports: Set<string>;
}

/** Nothing is read yet. */
export function newReader(): OutlineReader {
  return { tests: [], rest: [], imports: new Set() };
}

/** What was read, with the part outside of all tests as its last one. */
export function outlineOf({ tests, rest, imports }: OutlineReader): TestOutline {
  const outside = { title: '', line: 1, isSkipped: false, isExclusive: false, header: '', statements: rest };
  return { tests: [...tests, outside], imports };
}

/** The words of a node: without comments, white space, trailing commas, semicolons, and with one kind of quotes. */
export function wordsOf(node: SyntaxNode): string {
  const words: string[] = [];
  collect(node, words);
  return words
    .join(' ')
    .replaceAll(/ ,(?= [)\]}])/g, '')
    .replaceAll(/ ;(?= |$)/g, '');
}

function collect(node: SyntaxNode, words: string[]): void {
  if (node.type === 'comment') return;
  if (node.type === 'string') {
    words.push(unquoted(node.text));
    return;
  }
  if (node.childCount === 0 || node.type === 'template_string') {
    if (node.text.trim() !== '') words.push(node.text);
    return;
  }
  for (const child of node.children) if (child) collect(child, words);
}

function unquoted(text: string): string {
  const inner = /^([A-Za-z]*)(?:"""|'''|["'])([\s\S]*?)(?:"""|'''|["'])$/.exec(text);
  return inner ? `${inner[1] ?? ''}"${inner[2] ?? ''}"` : text;
}

/** The line of a node, from 1. */
export function lineOf(node: SyntaxNode): number {
  return node.startPosition.row + 1;
}
