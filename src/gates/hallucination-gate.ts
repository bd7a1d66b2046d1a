import type { Finding, Gate, GateInput, Verdict } from '../domain/gate.ts';
import type { FactsReader, Reading } from './facts/facts-reader.ts';
import type { FileFacts, MemberFacts } from './facts/file-facts.ts';
import { findingOf } from './finding-of.ts';
import { type Answer, askInstalled } from './hallucination/ask-installed.ts';
import { readRepository } from './hallucination/read-repository.ts';
import { checkPythonImport, checkPythonMember } from './hallucination/resolve-python.ts';
import { checkScriptImport, checkScriptMember, packageOf } from './hallucination/resolve-script.ts';
import type { NewImport, Repository, Suspect } from './hallucination/suspect.ts';
import { isGeneratedPath, isSamplePath } from './source-paths.ts';
import { counted, notRun, presentPaths, readSides, staticVerdict } from './static-verdict.ts';

const judgedPath = /\.(?:[cm]?[jt]sx?|py)$/;

/**
 * Imports and members of modules that the change adds and that exist nowhere: not in the repository, not in what it
 * declares or has installed, not in the language's own library. JavaScript, TypeScript and Python. What reading alone
 * cannot find is looked for in the installation, inside the sandbox.
 */
export function createHallucinationGate(options: { readonly facts: FactsReader }): Gate {
  return { name: 'hallucination', judge: (input) => judge(input, options.facts) };
}

async function judge(input: GateInput, reader: FactsReader): Promise<Verdict> {
  const started = performance.now();
  const paths = presentPaths(input).filter(
    (path) => judgedPath.test(path) && !isGeneratedPath(path) && !isSamplePath(path),
  );
  const { head, base, error } = await readSides('hallucination', { input, reader }, paths);
  if (error) return error;
  const fresh = paths.map((path) => newOf(path, base.get(path), head.get(path)));
  const imports = fresh.flatMap((one) => one.imports);
  const members = fresh.flatMap((one) => one.members);
  if (imports.length + members.length === 0)
    return notRun('hallucination', input, 'the change imports nothing new');
  const repository = await readRepository(input, reader);
  const suspects = unique([
    ...(await Promise.all(imports.map((one) => checkImport(one, repository)))).flat(),
    ...(await Promise.all(members.map((one) => checkMember(one, repository)))).flat(),
  ]);
  const remaining = await withoutKnown(input, suspects);
  const answers = await askInstalled(input.head, remaining);
  const findings = remaining.flatMap((suspect, index) => findingsOf(suspect, answers[index] ?? 'unasked'));
  const unasked = remaining.filter(
    ({ alone }, index) => alone === 'unknown' && answers[index] === 'unasked',
  ).length;
  const open = unasked > 0 ? `; ${unasked} could not be asked for in the installation` : '';
  return staticVerdict(input, {
    gate: 'hallucination',
    method: 'imports and members (added)',
    base: 'what was there is not asked for',
    head: `${imports.length + members.length} new, ${counted(findings.length, 'finding')}`,
    findings,
    summary:
      findings.length > 0
        ? `${findings[0]?.message ?? ''}${open}`
        : `${counted(imports.length, 'new import')} and ${counted(members.length, 'new use')} of modules exist${open}`,
    advice: 'These exist nowhere; use what is there, or declare what is needed:',
    started,
    details: { unasked },
  });
}

type UsedMember = MemberFacts & { readonly path: string; readonly isDefault: boolean };

interface Fresh {
  readonly imports: readonly NewImport[];
  readonly members: readonly UsedMember[];
}

/** What a file imports and uses that it did not on base, name by name. */
function newOf(
  path: string,
  base: Reading<FileFacts> | undefined,
  head: Reading<FileFacts> | undefined,
): Fresh {
  if (head?.state !== 'read' || head.facts.problems.length > 0) return { imports: [], members: [] };
  const before = base?.state === 'read' ? base.facts : undefined;
  const modules = new Set(before?.imports.map(({ module }) => module));
  const names = new Set(
    before?.imports.flatMap(({ module, names: taken }) => taken.map((name) => `${module} ${name}`)),
  );
  const used = new Set(before?.members.map(({ module, member }) => `${module} ${member}`));
  const imports = head.facts.imports.flatMap((found) => {
    const taken = found.names.filter((name) => !names.has(`${found.module} ${name}`));
    return modules.has(found.module) && taken.length === 0 ? [] : [{ ...found, names: taken, path }];
  });
  const defaults = new Set(
    head.facts.imports.filter((one) => one.names.includes('default')).map(({ module }) => module),
  );
  const members = head.facts.members
    .filter(({ module, member }) => !used.has(`${module} ${member}`))
    .map((member) => ({ ...member, path, isDefault: defaults.has(member.module) }));
  return { imports, members };
}

async function checkImport(found: NewImport, repository: Repository): Promise<readonly Suspect[]> {
  const check = found.path.endsWith('.py') ? checkPythonImport : checkScriptImport;
  return await check(found, repository);
}

async function checkMember(used: UsedMember, repository: Repository): Promise<readonly Suspect[]> {
  return used.path.endsWith('.py')
    ? checkPythonMember(used, repository)
    : await checkScriptMember(used, repository);
}

function unique(suspects: readonly Suspect[]): readonly Suspect[] {
  return [
    ...new Map(suspects.map((one) => [`${one.path}\n${one.module}\n${one.names.join(' ')}`, one])).values(),
  ];
}

/** What base imports in some other file works, whoever brings it: a bundler's alias, a container's package. */
async function withoutKnown(input: GateInput, suspects: readonly Suspect[]): Promise<readonly Suspect[]> {
  const isPackage = ({ module, names }: Suspect): boolean => names.length === 0 && !module.startsWith('.');
  if (!suspects.some(isPackage)) return suspects;
  const files = (await input.files('base')).filter(
    ({ path, sizeBytes }) => judgedPath.test(path) && sizeBytes < 262_144,
  );
  const texts = [...(await input.blobs(files.map(({ blob }) => blob))).values()].map((text) =>
    text.toString('utf8'),
  );
  const patterns = new Map<string, boolean>();
  return suspects.filter((suspect) => {
    if (!isPackage(suspect)) return true;
    const key = `${suspect.language} ${suspect.module}`;
    const known = patterns.get(key) ?? texts.some((text) => importPattern(suspect).test(text));
    patterns.set(key, known);
    return !known;
  });
}

function importPattern({ language, module }: Suspect): RegExp {
  const name = language === 'python' ? (module.split('.')[0] ?? '') : packageOf(module);
  const escaped = name.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return language === 'python'
    ? new RegExp(`^[ \\t]*(?:from|import)[ \\t]+${escaped}\\b`, 'm')
    : new RegExp(`(?:from|import|require\\()\\s*\\(?['"\`]${escaped}(?:['"\`]|/)`);
}

/** The installation has the last word; where it cannot be asked, what reading says counts as far as it is certain. */
function findingsOf(
  { path, line, module, names, message, alone }: Suspect,
  answer: Answer,
): readonly Finding[] {
  if (answer === 'there' || (answer === 'unasked' && alone === 'unknown')) return [];
  const level = answer === 'missing' || alone === 'certain' ? 'error' : 'warning';
  const rule = names.length === 0 ? 'module-missing' : 'name-missing';
  return [findingOf({ rule, path, line, message, level, text: `${module} ${names.join(' ')}` })];
}
