import { parse as parseToml } from 'smol-toml';
import { parseAllDocuments } from 'yaml';
import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import type { SyntaxProblem } from './file-facts.ts';

const problemsMax = 20;

/** Where a tree has errors or holes: only subtrees that hold one are visited. */
export function readProblems(root: SyntaxNode): readonly SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  const open: SyntaxNode[] = [root];
  for (let node = open.pop(); node && problems.length < problemsMax; node = open.pop()) {
    if (!node.hasError) continue;
    const line = node.startPosition.row + 1;
    if (node.isMissing) problems.push({ line, what: `\`${node.type}\` is missing` });
    else if (node.isError) problems.push({ line, what: `unexpected ${quoted(node.text)}` });
    else open.push(...node.children.filter((child) => child.hasError || child.isMissing).reverse());
  }
  return problems.length === 0 && root.hasError ? [{ line: 1, what: 'it does not parse' }] : problems;
}

function quoted(text: string): string {
  return `\`${(text.trim().split('\n')[0] ?? '').slice(0, 60)}\``;
}

/** The first error of a JSON text; comments and trailing commas are fine where tools allow them. */
export function jsonProblems(path: string, text: string): readonly SyntaxProblem[] {
  const body = text.replace(/^\uFEFF/, '');
  if (body.trim() === '') return [];
  const first = attempt(() => JSON.parse(body));
  if (first === null) return [];
  const isStrict = /(?:^|\/)(?:package|package-lock|composer|composer\.lock)\.json$/.test(path);
  if (!isStrict && attempt(() => JSON.parse(withoutComments(body))) === null) return [];
  const at = /position (\d+)/.exec(first)?.[1];
  const line = at === undefined ? 1 : body.slice(0, Number(at)).split('\n').length;
  return [{ line, what: first.split('\n')[0]?.slice(0, 200) ?? '' }];
}

/** Comments out of JSON, without a look at what strings hold, and commas before a closing bracket. */
function withoutComments(text: string): string {
  const token = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\//g;
  const bare = text.replace(token, (found) => (found.startsWith('"') ? found : ' '));
  return bare.replace(/"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g, (found) => (found === ',' ? '' : found));
}

/** The errors of all documents of a YAML text; templates that are YAML only once filled in are left alone. */
export function yamlProblems(text: string): readonly SyntaxProblem[] {
  if (/\{\{|\{%/.test(text)) return [];
  const documents = parseAllDocuments(text, { logLevel: 'silent', prettyErrors: true });
  if (!Array.isArray(documents)) return [];
  return documents
    .flatMap(({ errors }) => errors)
    .slice(0, problemsMax)
    .map(({ message, linePos }) => ({ line: linePos?.[0].line ?? 1, what: message.split('\n')[0] ?? '' }));
}

export function tomlProblems(text: string): readonly SyntaxProblem[] {
  const problem = attempt(() => parseToml(text));
  if (problem === null) return [];
  const line = Number(/line (\d+)/i.exec(problem)?.[1] ?? /(\d+):\s/.exec(problem)?.[1] ?? 1);
  return [{ line, what: problem.split('\n')[0]?.slice(0, 200) ?? '' }];
}

function attempt(parse: () => unknown): string | null {
  try {
    parse();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
