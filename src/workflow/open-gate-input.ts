import type { GateInput } from '../domain/gate.ts';
import { defaultGateSettings } from '../domain/gate-settings.ts';
import type { TreeId } from '../domain/ids.ts';
import type { DetectedCommands } from '../domain/toolchain.ts';
import type { Workspace } from '../domain/workspace.ts';
import { adoptFirstTests } from '../toolchains/adopt-first-tests.ts';
import { detectCommands } from '../toolchains/detect-commands.ts';
import { narrowRun, narrowToChange } from '../toolchains/narrow-to-change.ts';
import { groundTree } from './choose-ground.ts';
import type { RunContext } from './run-context.ts';
import { repositoryConfig } from './steps/snapshot.ts';
import { type ClosableTreeRunner, createTreeRunner } from './tree-runner.ts';
import { createTreeTexts } from './tree-texts.ts';

/** What the gates judge by, and the sandboxes that they may have opened. */
export interface OpenGateInput {
  readonly input: GateInput;
  close(): Promise<void>;
}

/** The tree that is compared with against `head`, each with a sandbox of its own that opens at first use. */
export async function openGateInput(
  context: RunContext,
  workspace: Workspace,
  head: TreeId,
): Promise<OpenGateInput> {
  const base = groundTree(context);
  const all = await commandsFor(context, workspace, head);
  const changes = await workspace.changes(base, head);
  const commands = narrowToChange(
    all,
    changes.map(({ path }) => path),
  );
  const runners: ClosableTreeRunner[] = [];
  const open = (name: 'base' | 'head' | 'graft', treeId: TreeId): ClosableTreeRunner => {
    const runner = createTreeRunner(context, workspace, { name, treeId, commands });
    runners.push(runner);
    return runner;
  };
  const measured = context.last('baseline.finished');
  // Of another tree it says nothing here: then base runs now, as head does.
  const baseline = measured?.treeId === base ? measured.tests : null;
  const input: GateInput = {
    settings: repositoryConfig(context).gates ?? defaultGateSettings,
    ...createTreeTexts(workspace, { base, head }),
    commands,
    base: open('base', base),
    head: open('head', head),
    graft: async (paths) => open('graft', await workspace.graft(base, head, paths)),
    baseline: baseline && narrowRun(baseline, all, commands),
    changes,
    addedLines: await workspace.addedLines(base, head),
    signal: context.lease.signal,
    summary: context.last('solver.finished')?.summary,
  };
  return {
    input,
    close: async () => {
      for (const runner of runners) await runner.close();
    },
  };
}

/** As recon found them on the start tree: a change cannot choose how it is judged, unless nothing was there. */
async function commandsFor(
  context: RunContext,
  workspace: Workspace,
  head: TreeId,
): Promise<DetectedCommands> {
  const { commands } = context.fact('commands.detected');
  if (commands.test.length > 0) return commands;
  const onHead = await detectCommands({
    list: () => workspace.listFiles(head),
    read: async (path) => (await workspace.readFile(head, path))?.toString('utf8'),
  });
  return adoptFirstTests(commands, onHead);
}
