import { createRequire } from 'node:module';
import { Language, type Node, Parser, type Tree } from 'web-tree-sitter';

/** Languages with a grammar on board. */
export type SyntaxLanguage = 'javascript' | 'typescript' | 'tsx' | 'python';

/** Every grammar on board; those beyond `SyntaxLanguage` are read and never written. */
export type Grammar = SyntaxLanguage | 'bash' | 'c-sharp' | 'cpp' | 'go' | 'java' | 'php' | 'ruby' | 'rust';

export type SyntaxNode = Node;

/** A parsed text; `dispose` frees memory of the WebAssembly heap, which the garbage collector does not see. */
export interface SyntaxTree {
  readonly root: SyntaxNode;
  readonly hasError: boolean;
  dispose(): void;
}

const extensions: readonly (readonly [RegExp, SyntaxLanguage])[] = [
  [/\.(?:js|cjs|mjs|jsx)$/, 'javascript'],
  [/\.(?:ts|cts|mts)$/, 'typescript'],
  [/\.tsx$/, 'tsx'],
  [/\.py$/, 'python'],
];

const readOnly: readonly (readonly [RegExp, Grammar])[] = [
  [/\.(?:sh|bash)$/, 'bash'],
  [/\.cs$/, 'c-sharp'],
  [/\.(?:c|h|cc|cpp|cxx|hh|hpp|hxx)$/, 'cpp'],
  [/\.go$/, 'go'],
  [/\.java$/, 'java'],
  [/\.php$/, 'php'],
  [/\.rb$/, 'ruby'],
  [/\.rs$/, 'rust'],
];

/** The grammar of a path by its extension; undefined where none is on board. */
export function grammarOfPath(path: string): Grammar | undefined {
  return languageOfPath(path) ?? readOnly.find(([pattern]) => pattern.test(path))?.[1];
}

/** The language of a path by its extension; undefined where no grammar is on board that code is written in. */
export function languageOfPath(path: string): SyntaxLanguage | undefined {
  return extensions.find(([pattern]) => pattern.test(path))?.[1];
}

/** Parses a text. Offsets are UTF-16 indices as JavaScript strings have them. Grammars load once, on first use. */
export async function parseSyntax(language: Grammar, text: string): Promise<SyntaxTree> {
  const parser = await loadParser(language);
  const tree: Tree | null = parser.parse(text);
  if (!tree) throw new Error(`the ${language} parser gave no tree`);
  return { root: tree.rootNode, hasError: tree.rootNode.hasError, dispose: () => tree.delete() };
}

const parsers = new Map<Grammar, Promise<Parser>>();
let initialised: Promise<void> | undefined;

async function loadParser(language: Grammar): Promise<Parser> {
  const known = parsers.get(language);
  if (known) return known;
  const loading = createParser(language);
  parsers.set(language, loading);
  return loading;
}

async function createParser(language: Grammar): Promise<Parser> {
  initialised ??= Parser.init();
  await initialised;
  const require = createRequire(import.meta.url);
  const file = require.resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${language}.wasm`);
  const parser = new Parser();
  parser.setLanguage(await Language.load(file));
  return parser;
}
