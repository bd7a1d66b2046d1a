import { posix } from 'node:path';
import type { GateInput } from '../../domain/gate.ts';
import { isManifest, packageName, readManifest } from '../dependencies/read-manifests.ts';
import type { FactsReader } from '../facts/facts-reader.ts';
import { resolveFile } from './resolve-script.ts';
import type { Repository } from './suspect.ts';

const manifestsMax = 500;
const starsDeep = 8;
/** Declares dependencies in a form that is only searched for words. */
const looseManifest =
  /(?:^|\/)(?:setup\.(?:py|cfg)|Pipfile|environment\.ya?ml|tox\.ini|noxfile\.py|conda\.ya?ml|meta\.yaml)$/;

/** The head tree as both resolvers need it. */
export async function readRepository(input: GateInput, reader: FactsReader): Promise<Repository> {
  const paths = await input.list('head');
  const files = new Set(paths);
  const texts = await manifestTexts(input);
  return {
    files,
    directories: directoriesOf(paths),
    declared: declaredIn(texts),
    aliases: aliasesIn(texts),
    ignored: new Set(input.settings.hallucination.ignore),
    exportsOf: async (path) => await exportsOf(path, { input, reader, files }, starsDeep),
  };
}

function directoriesOf(paths: readonly string[]): ReadonlySet<string> {
  const directories = new Set<string>(['']);
  for (const path of paths) {
    for (let at = posix.dirname(path); at !== '.' && !directories.has(at); at = posix.dirname(at))
      directories.add(at);
  }
  return directories;
}

type Texts = ReadonlyMap<string, string>;

/** Of both sides: what was declared until now may still be installed. */
async function manifestTexts(input: GateInput): Promise<Texts> {
  const isWanted = (path: string): boolean =>
    isManifest(path) || looseManifest.test(path) || /(?:^|\/)(?:ts|js)config[\w.-]*\.json$/.test(path);
  const files = (await input.files('head')).filter(({ path }) => isWanted(path)).slice(0, manifestsMax);
  const blobs = await input.blobs(files.map(({ blob }) => blob));
  return new Map(files.map(({ path, blob }) => [path, blobs.get(blob)?.toString('utf8') ?? '']));
}

function declaredIn(texts: Texts): ReadonlySet<string> {
  return new Set(
    [...texts].flatMap(([path, text]) => {
      if (looseManifest.test(path))
        return (
          text
            .toLowerCase()
            .match(/[a-z0-9][\w.-]*/g)
            ?.map((word) => word.replace(/[-_.]+/g, '-')) ?? []
        );
      const own = path.endsWith('package.json') ? packageName(text) : null;
      const names = readManifest(path, text).map(({ name }) => name);
      const installed = path.endsWith('package.json') ? Object.keys(namesAsInstalled(text)) : [];
      return [...names, ...installed, ...(own === null ? [] : [own])];
    }),
  );
}

/** Aliases (`"x": "npm:y"`) are imported by their own name. */
function namesAsInstalled(text: string): Readonly<Record<string, true>> {
  const names = [...text.matchAll(/"((?:@[\w.-]+\/)?[\w.-]+)"\s*:\s*"/g)].map((match) => match[1] ?? '');
  return Object.fromEntries(names.map((name) => [name, true]));
}

/** `paths` of tsconfig, read loosely: comments are common there. */
function aliasesIn(texts: Texts): readonly string[] {
  return [...texts].flatMap(([path, text]) => {
    if (!/config[\w.-]*\.json$/.test(path)) return [];
    return [...text.matchAll(/"([^"\s]+?)(\*?)"\s*:\s*\[/g)]
      .map((match) => match[1] ?? '')
      .filter(
        (alias) =>
          alias !== '' && !/^(?:include|exclude|files|lib|types|plugins|references|extends)$/.test(alias),
      );
  });
}

interface Sources {
  readonly input: GateInput;
  readonly reader: FactsReader;
  readonly files: ReadonlySet<string>;
}

/** With what it passes on from others; null when some of it is not known. */
async function exportsOf(path: string, sources: Sources, deep: number): Promise<ReadonlySet<string> | null> {
  // Everything in a declaration file is exported, whether it says so or not.
  if (!/\.(?:[cm]?[jt]sx?|py)$/.test(path) || /\.d\.[cm]?ts$/.test(path)) return null;
  const reading = (await sources.reader.syntax(sources.input, 'head', [path])).get(path);
  if (reading?.state !== 'read' || reading.facts.problems.length > 0) return null;
  const { names, stars, open } = reading.facts.exports;
  if (open || deep === 0) return null;
  const passed = await Promise.all(stars.map((star) => starOf(path, star, { sources, deep })));
  if (passed.includes(null)) return null;
  return new Set([...names, ...passed.flatMap((all) => [...(all ?? [])])]);
}

/** What `export * from` gives: everything but the default. */
async function starOf(
  path: string,
  star: string,
  { sources, deep }: { readonly sources: Sources; readonly deep: number },
): Promise<readonly string[] | null> {
  const target = posix.normalize(posix.join(posix.dirname(path), star));
  const file = star.startsWith('.') ? resolveFile(target, sources) : null;
  const passed = file === null ? null : await exportsOf(file, sources, deep - 1);
  return passed === null ? null : [...passed].filter((name) => name !== 'default');
}
