import { basename } from 'node:path';
import type { GateInput, Side, TreeFile } from '../../domain/gate.ts';
import type { FactsAnswer } from './facts-message.ts';
import { type Answered, FactsThread } from './facts-thread.ts';
import type { FileFacts, FileTokens } from './file-facts.ts';
import { formatOf } from './read-file-facts.ts';
import type { WorkflowFacts } from './read-workflow.ts';

/** Larger texts are generated. */
const textBytesMax = 1024 * 1024;
const cacheEntriesMax = 20_000;

/** What became of reading one text; `none`: absent, or of a kind that is not read. */
export type Reading<T> = Answered<T> | { readonly state: 'none' } | { readonly state: 'too-large' };

type Texts = Pick<GateInput, 'files' | 'blobs'>;

/**
 * Facts of texts, shared by all gates: each text is parsed once, also across base, head and later runs, because what
 * is known is kept by object id. Two threads read: the one for tokens needs no grammar.
 */
export interface FactsReader {
  /** Of those paths that exist on that side. */
  syntax(input: Texts, side: Side, paths: Iterable<string>): Promise<ReadonlyMap<string, Reading<FileFacts>>>;
  tokens(
    input: Texts,
    side: Side,
    paths: Iterable<string>,
  ): Promise<ReadonlyMap<string, Reading<FileTokens>>>;
  /** Of workflow files, whatever their names. */
  workflows(
    input: Texts,
    side: Side,
    paths: Iterable<string>,
  ): Promise<ReadonlyMap<string, Reading<WorkflowFacts>>>;
  close(): Promise<void>;
}

/** `fileTimeoutMs`: longest that one text may take, default 20 s; the thread is then killed. */
export function createFactsReader(options: { readonly fileTimeoutMs?: number } = {}): FactsReader {
  const fileTimeoutMs = options.fileTimeoutMs ?? 20_000;
  const syntax = new FactsThread(fileTimeoutMs);
  const tokens = new FactsThread(fileTimeoutMs);
  const threads = { syntax, tokens, workflow: syntax };
  const cache = new Map<string, Promise<Reading<FactsAnswer['facts']>>>();
  const read = async (kind: keyof typeof threads, at: At): Promise<ReadonlyMap<string, Reading<never>>> => {
    const files = await wantedFiles(at, kind);
    const unknown = files.filter((file) => !cache.has(keyOf(kind, file)) && file.sizeBytes <= textBytesMax);
    const texts = await at.input.blobs(unknown.map(({ blob }) => blob));
    for (const { path, blob, ...file } of unknown) {
      const text = texts.get(blob)?.toString('utf8') ?? '';
      const reading = threads[kind].read({ kind, path, text }).then(orNone);
      remember(cache, keyOf(kind, { path, blob, ...file }), reading);
    }
    const readings = files.map(async (file) => {
      const reading = file.sizeBytes > textBytesMax ? tooLarge : await cache.get(keyOf(kind, file));
      return [file.path, (reading ?? { state: 'none' }) as Reading<never>] as const;
    });
    return new Map(await Promise.all(readings));
  };
  return {
    syntax: async (input, side, paths) => await read('syntax', { input, side, paths }),
    tokens: async (input, side, paths) => await read('tokens', { input, side, paths }),
    workflows: async (input, side, paths) => await read('workflow', { input, side, paths }),
    close: async () => void (await Promise.all([syntax.close(), tokens.close()])),
  };
}

const tooLarge = { state: 'too-large' } as const;

interface At {
  readonly input: Texts;
  readonly side: Side;
  readonly paths: Iterable<string>;
}

async function wantedFiles({ input, side, paths }: At, kind: string): Promise<readonly TreeFile[]> {
  const wanted = new Set(paths);
  const files = await input.files(side);
  return files.filter(({ path }) => wanted.has(path) && (kind !== 'syntax' || formatOf(path) !== undefined));
}

/** The name is part of it: the same text is read otherwise as `.ts` and as `.tsx`. */
function keyOf(kind: string, { path, blob }: Pick<TreeFile, 'path' | 'blob'>): string {
  return `${kind}\n${blob}\n${basename(path)}`;
}

function orNone<T>(answered: Answered<T>): Reading<T> {
  return answered.state === 'read' && answered.facts === null ? { state: 'none' } : answered;
}

/** The oldest go first. What timed out or broke is not kept: the machine may have been busy. */
function remember<T>(
  cache: Map<string, Promise<Reading<T>>>,
  key: string,
  reading: Promise<Reading<T>>,
): void {
  cache.set(key, reading);
  void reading.then(({ state }) => {
    if (state === 'timeout' || state === 'broken') cache.delete(key);
  });
  for (const oldest of cache.keys()) {
    if (cache.size <= cacheEntriesMax) break;
    cache.delete(oldest);
  }
}
