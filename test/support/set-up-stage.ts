import { join } from 'node:path';
import { openDependencyCache } from '../../src/dependencies/open-dependency-cache.ts';
import type { DependencyCache } from '../../src/domain/dependency-cache.ts';
import type { TreeId } from '../../src/domain/ids.ts';
import type { Sandbox, SandboxRun } from '../../src/domain/sandbox.ts';
import type { DetectedCommands, RepositoryCommand } from '../../src/domain/toolchain.ts';
import type { Workspace } from '../../src/domain/workspace.ts';
import type { TreeContext } from '../../src/workflow/run-command.ts';
import { createTreeRunner } from '../../src/workflow/tree-runner.ts';
import { type GitPlace, gitPlace } from './git-place.ts';
import { createTestClock } from './test-clock.ts';

const hourMs = 60 * 60_000;

/** The set-up of trees over a real sandbox, with a cache of its own. */
export interface SetUpStage {
  readonly place: GitPlace;
  readonly cache: DependencyCache;
  readonly workspace: Workspace;
  /** The tree of `main` after a shell command of ours in the source repository. */
  change(command: string): Promise<TreeId>;
  /** Runs the set-up of a tree as a run of a repository does; closed at the end. */
  setUp(order: SetUpOrder): Promise<SetUpResult>;
  close(): Promise<void>;
}

export interface SetUpOrder {
  readonly treeId: TreeId;
  readonly fetch: readonly Pick<RepositoryCommand, 'shell' | 'reads'>[];
  readonly keeps?: boolean;
  readonly repositoryId?: number;
  readonly registries?: readonly string[];
  /** Run afterwards, in a sandbox of its own. */
  readonly after?: string;
  /** Sees and changes what the stage's sandboxes do. */
  readonly wrap?: (run: SandboxRun, name: string) => SandboxRun;
}

export interface SetUpResult {
  readonly ok: boolean;
  readonly state: 'used' | 'made' | 'neither';
  /** Names of the sandboxes that had a way to the registries. */
  readonly networked: readonly string[];
  readonly said: string;
}

export async function setUpStage(createSandbox?: (stateDir: string) => Sandbox): Promise<SetUpStage> {
  const place = await gitPlace(createSandbox === undefined ? {} : { createSandbox });
  const { workspace } = await place.open();
  const clock = createTestClock();
  const cache = openDependencyCache({
    stateDir: place.stateDir,
    totalBytesMax: 512 * 1024 ** 2,
    ageMsMax: hourMs,
    clock,
    log: place.log,
  });
  let runs = 0;
  return {
    place,
    cache,
    workspace,
    async change(command) {
      await place.sh(`${command} && git add -A && git commit -qm change`);
      const tip = await place.workspaces.fetch(place.run, place.repository, { branch: 'main', sha: null });
      // The clean clone of the run has the mirror's objects.
      return (await place.sh(`git rev-parse ${tip}^{tree}`)).trim() as TreeId;
    },
    async setUp(order) {
      clock.advance(1_000);
      const networked: string[] = [];
      const context = contextOf({ place, cache, order, networked, id: `run-${++runs}` });
      const runner = createTreeRunner(context, workspace, {
        name: 'base',
        treeId: order.treeId,
        commands: commandsOf(order),
        keepsDependencies: order.keeps ?? true,
      });
      const setUp = await runner.setUp();
      const after = order.after === undefined ? null : await runner.run(order.after, '', 30_000);
      await runner.close();
      const said = after?.outputTail ?? '';
      return { ok: setUp.ok, state: setUp.layer?.state ?? 'neither', networked, said };
    },
    close: () => place.remove(),
  };
}

function commandsOf({ fetch }: SetUpOrder): DetectedCommands {
  const commands = fetch.map((command) => ({ cwd: '', why: 'test', ...command }));
  return { ecosystems: [], fetch: commands, build: [], lint: [], typecheck: [], test: [], notes: [] };
}

function contextOf(of: {
  readonly place: GitPlace;
  readonly cache: DependencyCache;
  readonly order: SetUpOrder;
  readonly networked: string[];
  readonly id: string;
}): TreeContext {
  const { place, cache, order, networked, id } = of;
  const sandbox: Sandbox = {
    ...place.sandbox,
    async open(spec) {
      if (spec.network === 'registries') networked.push(spec.name);
      const run = await place.sandbox.open(spec);
      return order.wrap?.(run, spec.name) ?? run;
    },
  };
  return {
    run: { id, repository: { id: order.repositoryId ?? 7, private: false } },
    last: () => undefined,
    append: async () => undefined,
    lease: { epoch: 1, signal: new AbortController().signal },
    checkLease: () => undefined,
    ports: {
      sandbox,
      mounts: [],
      toolchainPath: null,
      log: place.log,
      limits: { commandTimeoutMs: 60_000 },
      dependencies: cache,
      registries: order.registries ?? [],
    },
  };
}

/** Where the cache of a stage keeps an archive. */
export function archiveOf({ place }: SetUpStage, repositoryId: number, key: string): string {
  return join(place.stateDir, 'dependencies', String(repositoryId), key, 'layer.tar');
}
