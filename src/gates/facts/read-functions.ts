import { createHash } from 'node:crypto';
import type { Grammar, SyntaxNode } from '../../toolchains/syntax-tree.ts';
import type { FunctionFacts } from './file-facts.ts';
import { nodesOf } from './grammar-nodes.ts';

const functionsMax = 5_000;

interface Open {
  readonly node: SyntaxNode;
  readonly start: number;
  readonly end: number;
  decisions: number;
}

/**
 * The functions of a tree with their cyclomatic complexity: 1, and 1 for each decision that lies in no function
 * within. Node types are searched inside the parser, which is far faster than to visit every node from here.
 */
export function readFunctions(root: SyntaxNode, grammar: Grammar): readonly FunctionFacts[] {
  const nodes = nodesOf(grammar);
  if (nodes === null) return [];
  const functions = root
    .descendantsOfType([...nodes.functions])
    .slice(0, functionsMax)
    .filter((node) => node.isNamed)
    .map((node) => ({ node, start: node.startIndex, end: node.endIndex, decisions: 0 }));
  countDecisions(root, grammar, functions);
  const containers = root
    .descendantsOfType([...nodes.containers])
    .filter((node) => node.isNamed)
    .map((node) => ({ node, start: node.startIndex, end: node.endIndex, decisions: 0 }));
  return named(functions, containers);
}

function countDecisions(root: SyntaxNode, grammar: Grammar, functions: readonly Open[]): void {
  const nodes = nodesOf(grammar);
  if (nodes === null) return;
  const places = [
    ...root.descendantsOfType([...nodes.decisions]).filter((node) => node.isNamed && !isDefault(node)),
    ...root.descendantsOfType([...nodes.operators]).filter((node) => !node.isNamed && isOperator(node)),
  ]
    .map((node) => node.startIndex)
    .sort((a, b) => a - b);
  const stack: Open[] = [];
  let next = 0;
  for (const at of places) {
    for (let open = functions[next]; open && open.start <= at; open = functions[++next]) {
      while ((stack.at(-1)?.end ?? Infinity) <= open.start) stack.pop();
      stack.push(open);
    }
    while ((stack.at(-1)?.end ?? Infinity) <= at) stack.pop();
    const innermost = stack.at(-1);
    if (innermost) innermost.decisions += 1;
  }
}

/** `default:` and `_ =>` are the path that is there anyway. */
function isDefault(node: SyntaxNode): boolean {
  if (
    !/^(?:case_statement|case_clause|switch_label|switch_section|match_arm|switch_expression_arm)$/.test(
      node.type,
    )
  ) {
    return false;
  }
  return /^(?:default\b|case\s+_\s*:|_\s*=>)/.test(node.text.slice(0, 40));
}

/** `&&` is a reference in C++ and a type in none of the others; in macros and patterns it is no operator. */
function isOperator(node: SyntaxNode): boolean {
  return /expression|boolean_operator|binary/.test(node.parent?.type ?? '');
}

function factsOf({ node, decisions }: Open, name: string): FunctionFacts {
  return {
    name,
    line: node.startPosition.row + 1,
    endLine: node.endPosition.row + 1,
    complexity: 1 + decisions,
    hash: createHash('sha256').update(node.text.replace(/\s+/g, '')).digest('hex').slice(0, 16),
  };
}

/** In one pass from the top, with what is open at each place: thousands of functions in a file are ordinary. */
function named(functions: readonly Open[], containers: readonly Open[]): readonly FunctionFacts[] {
  const isFunction = new Set(functions);
  const around = [...functions, ...containers].sort((a, b) => a.start - b.start || b.end - a.end);
  const stack: { readonly end: number; readonly name: string }[] = [];
  return around.flatMap((open) => {
    while ((stack.at(-1)?.end ?? Infinity) <= open.start) stack.pop();
    stack.push({ end: open.end, name: ownName(open.node) });
    const name = stack
      .map((one) => one.name)
      .join('.')
      .slice(0, 500);
    return isFunction.has(open) ? [factsOf(open, name)] : [];
  });
}

/** Its own name, or that of what it is assigned to or given to: `it("adds")` names a test's callback well enough. */
function ownName(node: SyntaxNode): string {
  const named = node.childForFieldName(node.type === 'impl_item' ? 'type' : 'name');
  if (named) return named.text.slice(0, 100);
  const declarator = node.childForFieldName('declarator');
  if (declarator) return (declarator.text.split('(')[0] ?? '').trim().slice(0, 100);
  const { parent } = node;
  const target =
    parent?.childForFieldName('name') ??
    parent?.childForFieldName('key') ??
    parent?.childForFieldName('left');
  if (target) return target.text.slice(0, 100);
  return callName(parent) ?? '(anonymous)';
}

function callName(parent: SyntaxNode | null): string | null {
  const call = parent?.type === 'arguments' ? parent.parent : null;
  if (!call) return null;
  const callee = call.childForFieldName('function')?.text.split('\n')[0]?.slice(0, 60) ?? '';
  const first = parent?.namedChild(0);
  return first?.type === 'string' ? `${callee}(${first.text.slice(0, 100)})` : `${callee}()`;
}
