import type { TreeRunner } from '../../domain/gate.ts';
import { quoteForShell } from '../../toolchains/quote-for-shell.ts';
import type { Suspect } from './suspect.ts';

const timeoutMs = 60_000;
const perCall = 40;

/** What the installed packages say of a suspect: it is there, or it is not, or nobody could be asked. */
export type Answer = 'there' | 'missing' | 'unasked';

/**
 * Asks the tree's own installation, in its sandbox. What a package says about itself is believed: the worst that it can
 * do is to have its own import accepted, or the change that wants it blocked.
 */
export async function askInstalled(
  head: TreeRunner,
  suspects: readonly Suspect[],
): Promise<readonly Answer[]> {
  const answers: Answer[] = suspects.map(() => 'unasked');
  if (suspects.length === 0 || !(await head.setUp()).ok) return answers;
  for (const language of ['script', 'python'] as const) {
    const indexes = suspects.flatMap((suspect, index) => (suspect.language === language ? [index] : []));
    for (let at = 0; at < indexes.length; at += perCall) {
      const some = indexes.slice(at, at + perCall);
      const missing = await ask(
        head,
        language,
        some.map((index) => suspects[index] as Suspect),
      );
      if (missing === null) continue;
      for (const [position, index] of some.entries())
        answers[index] = missing.has(position) ? 'missing' : 'there';
    }
  }
  return answers;
}

async function ask(
  head: TreeRunner,
  language: Suspect['language'],
  suspects: readonly Suspect[],
): Promise<ReadonlySet<number> | null> {
  const query = JSON.stringify(suspects.map(({ path, module, names }) => ({ path, module, names })));
  const shell = `${commands[language]} ${quoteForShell(query)}`;
  const { exitCode, outputTail } = await head.run(shell, '', timeoutMs);
  const said = exitCode === 0 ? /^MISSING((?: \d+)*)$/m.exec(outputTail)?.[1] : undefined;
  return said === undefined
    ? null
    : new Set(
        said
          .split(' ')
          .filter((word) => word !== '')
          .map(Number),
      );
}

/** Resolves from the importing file; a name is there when it is exported or its word stands anywhere in the package. */
const scriptProgram = `
const { createRequire } = require('node:module'); const fs = require('node:fs'); const path = require('node:path');
const missing = [];
const words = (dir) => { let text = ''; const open = [dir]; while (open.length && text.length < 3e7) { const at = open.pop(); let names = [];
  try { names = fs.readdirSync(at, { withFileTypes: true }); } catch {}
  for (const name of names) { const full = path.join(at, name.name); if (name.isDirectory()) { if (name.name !== 'node_modules') open.push(full); }
    else if (/\\.([cm]?[jt]s|json)$/.test(name.name)) { try { text += fs.readFileSync(full, 'utf8'); } catch {} } } } return text; };
const rootOf = (from, module) => { const name = module.split('/').slice(0, module[0] === '@' ? 2 : 1).join('/');
  for (let dir = path.dirname(path.resolve(from)); ; dir = path.dirname(dir)) { const at = path.join(dir, 'node_modules', name); if (fs.existsSync(at)) return fs.realpathSync(at); if (dir === path.dirname(dir)) return null; } };
JSON.parse(process.argv[1]).forEach(({ path: from, module, names }, index) => {
  let found = false; try { createRequire(path.resolve(from)).resolve(module); found = true; } catch {}
  const isPath = module[0] === '.';
  if (isPath) { found = found || ['', '.ts', '.js', '.d.ts', '.json'].some((end) => fs.existsSync(path.resolve(path.dirname(from), module) + end)); if (!found || names.length) missing.push(index); return; }
  const root = rootOf(from, module); if (!found && !root) { missing.push(index); return; }
  if (names.length && root) { const text = words(root); if (names.some((name) => !text.includes(name))) missing.push(index); }
});
console.log(['MISSING', ...missing].join(' '));
`;

const pythonProgram = `
import importlib, importlib.util, json, os, sys
sys.path[:0] = [os.getcwd(), os.path.join(os.getcwd(), 'src')]
def words(module, names):
    where = getattr(module, '__path__', None) or [os.path.dirname(getattr(module, '__file__', '') or '')]
    left = set(names); size = 0
    for top in where:
        for at, _, files in os.walk(top):
            for name in files:
                if name.endswith(('.py', '.pyi', '.so')) and size < 30000000:
                    data = open(os.path.join(at, name), 'rb').read(); size += len(data)
                    left -= {one for one in left if one.encode() in data}
    return left
def absent(item):
    try:
        if importlib.util.find_spec(item['module']) is None: return True
    except ModuleNotFoundError: return True
    except BaseException: return False
    names = [name for name in item['names'] if name != '*']
    if not names: return False
    try: module = importlib.import_module(item['module'])
    except BaseException: return False
    left = []
    for name in names:
        try:
            if hasattr(module, name) or importlib.util.find_spec(item['module'] + '.' + name): continue
        except BaseException: pass
        left.append(name)
    if not left: return False
    if item['module'].split('.')[0] in sys.stdlib_module_names: return True
    return bool(words(module, left))
print(' '.join(['MISSING'] + [str(index) for index, item in enumerate(json.loads(sys.argv[1])) if absent(item)]))
`;

const python = 'P="$HOME/venv/bin/python"; [ -x "$P" ] || P=python3; "$P"';
const commands: Readonly<Record<Suspect['language'], string>> = {
  script: `node -e ${quoteForShell(scriptProgram)}`,
  python: `${python} -c ${quoteForShell(pythonProgram)}`,
};
