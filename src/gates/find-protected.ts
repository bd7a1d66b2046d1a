import { isManifest, scriptsChanged } from './manifest-scripts.ts';
import { matchesGlob } from './path-glob.ts';
import { protectedRules } from './protected-paths.ts';

/** A changed file that waits for a maintainer, and why. */
export interface ProtectedChange {
  readonly path: string;
  readonly why: string;
}

/** Two trees, as far as they have to be read. */
export interface ProtectedInput {
  readonly changed: readonly string[];
  /** Globs of the repository's own configuration. */
  readonly configured: readonly string[];
  /** Files of the base tree. */
  readonly baseFiles: readonly string[];
  /** Undefined: absent, or too large to be read. */
  readBase(path: string): Promise<string | undefined>;
  readHead(path: string): Promise<string | undefined>;
}

/** The changes that must not leave before a maintainer approved exactly them. Decided from paths and parsed files. */
export async function findProtectedChanges(input: ProtectedInput): Promise<readonly ProtectedChange[]> {
  const called = await calledScripts(input);
  const found: ProtectedChange[] = [];
  for (const path of input.changed) {
    const why = whyByPath(path, input.configured) ?? (await whyByContent(path, input, called));
    if (why !== undefined) found.push({ path, why });
  }
  return found;
}

/** Why a path is protected whatever is in the file; undefined when it is not. */
export function whyByPath(path: string, configured: readonly string[]): string | undefined {
  const rule = protectedRules.find(({ globs }) => globs.some((glob) => matchesGlob(glob, path)));
  if (rule) return rule.why;
  const own = configured.find((glob) => matchesGlob(glob, path));
  return own === undefined ? undefined : `is protected by ${own} in .github/agent.yml`;
}

async function whyByContent(
  path: string,
  input: ProtectedInput,
  called: string,
): Promise<string | undefined> {
  if (isScript(path) && mentions(called, path)) return 'is a script that CI or a manifest calls';
  if (!isManifest(path)) return undefined;
  const [base, head] = [await input.readBase(path), await input.readHead(path)];
  const unreadable = base === undefined && head === undefined;
  return unreadable || scriptsChanged(path, base, head) ? 'changes the commands of a manifest' : undefined;
}

const callers = [
  '/.github/workflows/',
  '/.github/actions/',
  'action.yml',
  'action.yaml',
  'Makefile',
  'package.json',
];
const callersMax = 50;

/** Everything in the base tree that calls scripts, as one text. */
async function calledScripts(input: ProtectedInput): Promise<string> {
  if (!input.changed.some(isScript)) return '';
  const files = input.baseFiles.filter((path) => callers.some((glob) => matchesGlob(glob, path)));
  const texts: string[] = [];
  for (const path of files.slice(0, callersMax)) texts.push((await input.readBase(path)) ?? '');
  return texts.join('\n');
}

/** By its kind or its place; source that a script merely loads is code like any other. */
function isScript(path: string): boolean {
  return (
    /\.(sh|bash|zsh|ps1|bat|cmd)$/i.test(path) || /(^|\/)(scripts?|bin|tools|ci|\.ci|hack)\//i.test(path)
  );
}

/** The whole path, or from a directory below the root: a workflow may run elsewhere than at the top. */
function mentions(text: string, path: string): boolean {
  const parts = path.split('/');
  const tails = parts.length > 2 ? [path, parts.slice(1).join('/'), parts.slice(-2).join('/')] : [path];
  return tails.some((tail) => text.includes(tail));
}
