import { type Grammar, grammarOfPath, parseSyntax } from '../../toolchains/syntax-tree.ts';
import { readHits } from '../sast/read-hits.ts';
import type { FileFacts } from './file-facts.ts';
import { pythonExports, pythonImports, pythonMembers } from './python-modules.ts';
import { readFunctions } from './read-functions.ts';
import { jsonProblems, readProblems, tomlProblems, yamlProblems } from './read-problems.ts';
import { readSymbols } from './read-symbols.ts';
import { scriptExports, scriptImports, scriptMembers } from './script-modules.ts';

const noModules = { imports: [], members: [], exports: { names: [], stars: [], open: true } } as const;
const nothing = { functions: [], symbols: [], hits: [], ...noModules } as const;

const dataFormats: readonly (readonly [RegExp, 'json' | 'yaml' | 'toml'])[] = [
  [/\.json$/, 'json'],
  [/\.ya?ml$/, 'yaml'],
  [/\.toml$/, 'toml'],
];

/** The grammar or data format of a path; undefined for what is not parsed. */
export function formatOf(path: string): FileFacts['grammar'] | undefined {
  return grammarOfPath(path) ?? dataFormats.find(([pattern]) => pattern.test(path))?.[1];
}

/** Parses a text once and takes from it what the gates ask for; null for what is not parsed. */
export async function readFileFacts(path: string, text: string): Promise<FileFacts | null> {
  const format = formatOf(path);
  switch (format) {
    case undefined:
      return null;
    case 'json':
      return { ...nothing, grammar: format, problems: jsonProblems(path, text) };
    case 'yaml':
      return { ...nothing, grammar: format, problems: yamlProblems(text) };
    case 'toml':
      return { ...nothing, grammar: format, problems: tomlProblems(text) };
    default:
      return await readCode(format, text);
  }
}

async function readCode(grammar: Grammar, text: string): Promise<FileFacts> {
  const tree = await parseSyntax(
    grammar,
    text.replace(/^#![^\n]*/, (line) => ' '.repeat(line.length)),
  );
  try {
    const { root } = tree;
    return {
      grammar,
      problems: readProblems(root),
      functions: readFunctions(root, grammar),
      symbols: readSymbols(root, grammar),
      hits: readHits(root, grammar),
      ...readModules(root, grammar),
    };
  } finally {
    tree.dispose();
  }
}

type Root = Awaited<ReturnType<typeof parseSyntax>>['root'];

function readModules(root: Root, grammar: Grammar): Pick<FileFacts, 'imports' | 'members' | 'exports'> {
  if (grammar === 'python') {
    const imports = pythonImports(root);
    return { imports, members: pythonMembers(root, imports), exports: pythonExports(root) };
  }
  if (grammar !== 'javascript' && grammar !== 'typescript' && grammar !== 'tsx') return noModules;
  const imports = scriptImports(root);
  return { imports, members: scriptMembers(root, imports), exports: scriptExports(root) };
}
