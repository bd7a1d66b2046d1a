import type { TreeId } from '../../domain/ids.ts';
import type { DetectedCommands } from '../../domain/toolchain.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { detectCommands } from '../../toolchains/detect-commands.ts';
import { chooseGround } from '../choose-ground.ts';
import { applyConfiguredCommands } from '../configured-commands.ts';
import { openWorkspace } from '../open-workspace.ts';
import type { RunContext } from '../run-context.ts';
import type { Step } from '../step.ts';
import { createTreeRunner } from '../tree-runner.ts';
import { repositoryConfig, startTree } from './snapshot.ts';

/** Finds out how this repository is built and tested, and runs its tests on the untouched tree: the baseline. */
export const recon: Step = {
  name: 'recon',
  nexts: ['plan', 'merge', 'review', 'finish'],
  async run(context) {
    const workspace = await openWorkspace(context);
    const tree = startTree(context);
    await chooseGround(context, workspace);
    const commands = await detect(context, workspace, tree);
    const tests = await runBaseline(context, workspace, { treeId: tree, commands });
    const isKept = context.last('setup.finished')?.layer?.state === 'used';
    const summary = `${summaryOf(commands, tests)}${isKept ? '; dependencies from the cache' : ''}`;
    return { next: nextOf(context), summary };
  },
};

/** A run that reviews changes nothing; one that updates merges what is there. */
function nextOf({ run }: RunContext): 'plan' | 'merge' | 'review' {
  if (run.trigger === 'update') return 'merge';
  return run.trigger === 'review' ? 'review' : 'plan';
}

async function detect(context: RunContext, workspace: Workspace, tree: TreeId): Promise<DetectedCommands> {
  const event = await context.once(
    'commands.detected',
    'commands.detected',
    () => true,
    async () => {
      const detected = await detectCommands({
        list: () => workspace.listFiles(tree),
        read: async (path) => (await workspace.readFile(tree, path))?.toString('utf8'),
      });
      return {
        kind: 'commands.detected',
        commands: applyConfiguredCommands(detected, repositoryConfig(context)),
      };
    },
  );
  return event.commands;
}

async function runBaseline(
  context: RunContext,
  workspace: Workspace,
  base: { readonly treeId: TreeId; readonly commands: DetectedCommands },
) {
  const known = context.last('baseline.finished');
  if (known) return known.tests;
  const { baseSha, startSha } = context.fact('base.chosen');
  // A pull request's branch may hold what an agent wrote: only the base branch's own tree makes a layer.
  const keepsDependencies = startSha === baseSha;
  const runner = createTreeRunner(context, workspace, { name: 'base', keepsDependencies, ...base });
  try {
    const setUp = await runner.setUp();
    const { treeId } = base;
    await context.append(
      {
        kind: 'setup.finished',
        tree: 'base',
        treeId,
        runs: setUp.runs,
        deniedHosts: setUp.deniedHosts,
        reached: setUp.reached ?? [],
        registries: context.ports.registries ?? [],
        ...(setUp.layer === undefined ? {} : { layer: setUp.layer }),
      },
      'setup.finished:base',
    );
    const tested =
      setUp.ok && base.commands.test.length > 0 ? await runner.test() : { tests: null, runs: [] };
    await context.append({ kind: 'baseline.finished', treeId, ...tested }, 'baseline.finished');
    return tested.tests;
  } finally {
    await runner.close();
  }
}

function summaryOf(commands: DetectedCommands, tests: Awaited<ReturnType<typeof runBaseline>>): string {
  const found = commands.ecosystems.length === 0 ? 'no known toolchain' : commands.ecosystems.join(', ');
  if (tests === null)
    return `${found}; no baseline: ${commands.test.length === 0 ? 'no test command' : 'set-up failed'}`;
  const count = (outcome: string): number =>
    tests.results.filter((result) => result.outcome === outcome).length;
  const failing = count('failed') + count('error');
  return `${found}; baseline ${count('passed')} passed, ${failing} failed`;
}
