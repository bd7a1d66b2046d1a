import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { functionAround } from './dialect.ts';
import type { FileScope } from './file-scope.ts';

/** What no browser shows as a page. */
const plain =
  /content[-_]?type["'\])]*\s*[,:=]\s*["'](?:text\/(?:plain|csv)|application\/(?!xhtml)|image\/|audio\/|video\/)|mime_?type\s*=\s*["'](?:text\/(?:plain|csv)|application\/(?!xhtml)|image\/)|\.(?:type|contentType)\(\s*["'](?:text|txt|json|xml|plain|csv|text\/plain|text\/csv|application\/(?!xhtml)[\w.+-]+)["']/i;
const page = /text\/html|\.type\(\s*["']html["']/i;

/** Whether the function around it calls what it answers with a plain text, data or an image. */
export function isPlainAnswer(scope: FileScope, value: SyntaxNode): boolean {
  const within = functionAround(scope.dialect, value)?.text ?? '';
  return plain.test(within) && !page.test(within);
}
