import { join } from 'node:path';
import { AppError } from '../domain/app-error.ts';
import type { DependencyCache, DependencyLayer, HeldLayer, LayerUse } from '../domain/dependency-cache.ts';
import type { TreeId } from '../domain/ids.ts';
import type { SandboxMount, SandboxResult } from '../domain/sandbox.ts';
import type { DetectedCommands } from '../domain/toolchain.ts';
import type { Workspace, WorkspaceDirectories } from '../domain/workspace.ts';
import { layerKey } from './layer-key.ts';
import {
  layerInside,
  noteScript,
  packRefusals,
  packScript,
  toolchainScript,
  unpackScript,
} from './layer-scripts.ts';
import { openSandbox } from './open-sandbox.ts';
import { commandRun, type TreeContext } from './run-command.ts';
import { runPhase, type SetUp } from './run-phase.ts';

/** The directories of one tree before its set-up. */
export interface SetUpPlace {
  readonly directories: WorkspaceDirectories;
  /** Of the sandboxes. */
  readonly name: string;
  readonly treeId: TreeId;
  readonly commands: DetectedCommands;
  readonly workspace: Pick<Workspace, 'treeEntries'>;
  /** `fresh`: nothing but the tree was ever there. `keep`: fresh, and the tree is the base branch's own: what is fetched may be kept. */
  readonly state: 'used' | 'fresh' | 'keep';
}

/**
 * The fetch phase. A layer is only ever made of a fresh directory with the base branch's own tree, before any code of a
 * dependency or of an agent ran there; every tree with the same inputs gets it instead of a fetch.
 */
export async function fetchDependencies(context: TreeContext, at: SetUpPlace): Promise<SetUp> {
  const { dependencies: cache, sandbox } = context.ports;
  const fetch = (): Promise<SetUp> =>
    runPhase(context, { ...at, network: 'registries', list: at.commands.fetch });
  // Without isolation nothing can be mounted, and nothing that was fetched is apart from the developer's own files.
  if (!cache || at.commands.fetch.length === 0 || sandbox.engine === 'none') return await fetch();
  const lists = `.layer-${crypto.randomUUID()}`;
  const key = await keyOf(context, at, at.state === 'keep' ? lists : null);
  const held = await cache.hold(context.run.repository.id, key);
  if (held) return await unpack(context, at, { cache, held });
  const fetched = await fetch();
  if (at.state !== 'keep' || !fetched.ok) return fetched;
  const made = await keep(context, at, { cache, key, lists, reached: fetched.reached ?? [] });
  return made === null ? fetched : { ...fetched, layer: useOf('made', made) };
}

async function keyOf(context: TreeContext, at: SetUpPlace, lists: string | null): Promise<string> {
  const { sandbox, registries = [] } = context.ports;
  const scripts = [toolchainScript, ...(lists === null ? [] : [noteScript])];
  const [toolchain, noted] = await runScripts(context, at, scripts, { word: lists ?? '' });
  if (noted && noted.exitCode !== 0) {
    context.ports.log.warn('dependencies.not-noted', { runId: context.run.id, why: noted.stderr.text });
  }
  return await layerKey(at.workspace, {
    treeId: at.treeId,
    fetch: at.commands.fetch,
    engine: sandbox.engine,
    toolchain: toolchain?.stdout.text ?? '',
    registries,
  });
}

/** Our own scripts in a sandbox without network, one after the other. */
async function runScripts(
  context: TreeContext,
  at: SetUpPlace,
  scripts: readonly string[],
  options: { readonly word: string; readonly mounts?: readonly SandboxMount[] },
): Promise<readonly SandboxResult[]> {
  const { directories, name } = at;
  const { mounts = [], word } = options;
  const sandbox = await openSandbox(context, { directories, name: `${name}-layer`, network: 'none', mounts });
  const results: SandboxResult[] = [];
  try {
    for (const script of scripts) {
      const command = ['/bin/sh', '-c', script, 'sh', word];
      const { commandTimeoutMs: timeoutMs } = context.ports.limits;
      results.push(await sandbox.exec({ command, timeoutMs, signal: context.lease.signal }));
      context.checkLease();
    }
    return results;
  } finally {
    await sandbox.close();
  }
}

/** A layer that was whole and cannot be unpacked leaves half a tree: the step begins again, without that layer. */
async function unpack(
  context: TreeContext,
  at: SetUpPlace,
  { cache, held }: { readonly cache: DependencyCache; readonly held: HeldLayer },
): Promise<SetUp> {
  try {
    const mounts = [{ source: held.file, target: layerInside }];
    const word = at.state === 'used' ? '--unlink-first' : '--skip-old-files';
    const [result] = await runScripts(context, at, [unpackScript], { word, mounts });
    if (result?.exitCode !== 0) {
      await cache.discard(held.repositoryId, held.key);
      throw new AppError('sandbox-failed', `kept dependencies could not be unpacked: ${result?.stderr.text}`);
    }
    const run = commandRun(`(dependencies from the cache, layer ${held.sha256.slice(0, 12)})`, result);
    return { ok: true, runs: [run], deniedHosts: [], reached: [], layer: useOf('used', held) };
  } finally {
    await held.release();
  }
}

/** Packed by another sandbox than the one that fetched: nothing else runs in it. What fails here fails no run. */
async function keep(
  context: TreeContext,
  at: SetUpPlace,
  made: {
    readonly cache: DependencyCache;
    readonly key: string;
    readonly lists: string;
    readonly reached: readonly string[];
  },
): Promise<DependencyLayer | null> {
  const { id: runId, repository } = context.run;
  const { key, lists, reached } = made;
  const [result] = await runScripts(context, at, [packScript], { word: lists });
  try {
    if (result?.exitCode !== 0) {
      const why = packRefusals[result?.exitCode ?? -1] ?? result?.stderr.text ?? '';
      context.ports.log.info('dependencies.not-kept', { runId, why });
      return null;
    }
    const file = join(at.directories.out, lists, 'layer.tar');
    return await made.cache.seal(repository.id, key, { file, runId, reached });
  } catch (error) {
    context.ports.log.warn('dependencies.not-kept', { runId, why: String(error) });
    return null;
  } finally {
    await runScripts(context, at, ['rm -rf "/out/$1"'], { word: lists });
  }
}

function useOf(state: LayerUse['state'], layer: DependencyLayer): LayerUse {
  const { key, sha256, bytes, madeAt, runId } = layer;
  return { state, key, sha256, bytes, madeAt: madeAt.toISOString(), runId };
}
