import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { lineOf, type OutlinedStatement, wordsOf } from './test-outline.ts';

/** What statements look like in one family of languages. */
export interface StatementSyntax {
  /** Statements that hold others, and what kind of guard they are for those. */
  readonly compounds: Readonly<Record<string, string>>;
  /** Nodes that only hold statements. */
  readonly blocks: ReadonlySet<string>;
  /** The children of a compound in which its statements stand. */
  isBody(type: string): boolean;
  /** Statements that do nothing, comments aside. */
  isIdle(node: SyntaxNode): boolean;
  readonly assertion: RegExp;
  readonly exits: RegExp;
}

/** The statements below a node, each with the conditions around it. */
export function statementsIn(
  block: SyntaxNode,
  syntax: StatementSyntax,
  guards: readonly string[] = [],
): readonly OutlinedStatement[] {
  return block.namedChildren.flatMap((child) => (child ? statementsOf(child, syntax, guards) : []));
}

/** A statement and those inside it. */
export function statementsOf(
  node: SyntaxNode,
  syntax: StatementSyntax,
  guards: readonly string[] = [],
): readonly OutlinedStatement[] {
  if (node.type === 'comment' || syntax.isIdle(node)) return [];
  if (syntax.blocks.has(node.type)) return statementsIn(node, syntax, guards);
  const guard = syntax.compounds[node.type];
  if (guard === undefined) return [leaf(node, wordsOf(node), { syntax, guards })];
  const bodies = node.namedChildren.filter((child) => child !== null && syntax.isBody(child.type));
  const header = headerOf(node, bodies[0]?.startIndex ?? node.endIndex);
  return [
    leaf(node, header, { syntax, guards }),
    ...bodies.flatMap((child) => (child ? statementsOf(child, syntax, [...guards, guard]) : [])),
  ];
}

function headerOf(node: SyntaxNode, end: number): string {
  return node.children
    .filter((child) => child !== null && child.endIndex <= end)
    .map((child) => (child ? wordsOf(child) : ''))
    .join(' ');
}

function leaf(
  node: SyntaxNode,
  text: string,
  { syntax, guards }: { readonly syntax: StatementSyntax; readonly guards: readonly string[] },
): OutlinedStatement {
  return {
    text,
    line: lineOf(node),
    isAssertion: syntax.assertion.test(text.slice(0, 2_000)),
    isExit: syntax.exits.test(text.slice(0, 200)),
    guards,
  };
}
