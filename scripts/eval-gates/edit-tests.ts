import { parseSyntax, type SyntaxNode } from '../../src/toolchains/syntax-tree.ts';
import type { ExerciseLanguage } from './exercise.ts';

/** One test in the text of a file: the whole statement and its body. */
export interface TestSpan {
  readonly start: number;
  readonly end: number;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly indent: string;
}

/** The tests of a file, read here and not by the gate that is measured. */
export async function findTests(language: ExerciseLanguage, text: string): Promise<readonly TestSpan[]> {
  const tree = await parseSyntax(language, text);
  const spans: TestSpan[] = [];
  try {
    visit(tree.root, (node) => {
      const body = language === 'python' ? pythonBody(node) : scriptBody(node);
      if (!body) return;
      const indent = ' '.repeat(body.startPosition.column);
      spans.push({
        start: node.startIndex,
        end: node.endIndex,
        bodyStart: body.startIndex,
        bodyEnd: body.endIndex,
        indent,
      });
    });
  } finally {
    tree.dispose();
  }
  return spans;
}

function visit(node: SyntaxNode, take: (node: SyntaxNode) => void): void {
  take(node);
  for (const child of node.namedChildren) if (child) visit(child, take);
}

function pythonBody(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type !== 'function_definition') return undefined;
  if (!node.childForFieldName('name')?.text.startsWith('test')) return undefined;
  return node.childForFieldName('body') ?? undefined;
}

function scriptBody(node: SyntaxNode): SyntaxNode | undefined {
  const call = node.type === 'expression_statement' ? node.namedChildren[0] : undefined;
  if (call?.type !== 'call_expression' || !/^(?:test|it)\b/.test(call.text)) return undefined;
  const last = call.childForFieldName('arguments')?.namedChildren.at(-1);
  const body = last?.childForFieldName('body');
  return body?.type === 'statement_block' ? body : undefined;
}

/** Replaces every span, from the last to the first. */
export function replaceSpans(
  text: string,
  spans: readonly TestSpan[],
  replaced: (span: TestSpan) => { readonly from: number; readonly to: number; readonly text: string },
): string {
  let result = text;
  for (const span of [...spans].sort((a, b) => b.start - a.start)) {
    const edit = replaced(span);
    result = result.slice(0, edit.from) + edit.text + result.slice(edit.to);
  }
  return result;
}
