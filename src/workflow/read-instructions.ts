import type { InstructionFile } from '../agent/agent-task.ts';
import type { CommitId } from '../domain/ids.ts';
import type { DroppedText } from '../domain/run.ts';
import { cutCodePoints } from '../text/cut-text.ts';
import { sanitise } from '../text/sanitise.ts';
import type { RunContext } from './run-context.ts';
import { repositoryConfig } from './steps/snapshot.ts';

const paths = ['AGENTS.md', 'CLAUDE.md', '.github/copilot-instructions.md', 'CONTRIBUTING.md'];
const charsMax = 8_000;

/**
 * The repository's own words to agents, from the base commit only: a pull request's instruction files must not steer
 * the agent that works on it. Reduced to what a reader sees, because a reviewer approved what was seen.
 */
export async function readInstructions(context: RunContext): Promise<readonly InstructionFile[]> {
  const { baseSha } = context.fact('base.chosen');
  const configured = repositoryConfig(context).instructions;
  const found = configured === undefined ? [] : [shown('.github/agent.yml', configured)];
  for (const path of paths) {
    const text = await textAt(context, baseSha, path);
    if (text !== undefined) found.push(shown(path, text));
  }
  await record(context, found);
  return found.map(({ path, text }) => ({ path, text }));
}

interface Shown extends InstructionFile {
  readonly dropped: readonly DroppedText[];
}

function shown(path: string, text: string): Shown {
  const clean = sanitise(text, path);
  const cut = cutCodePoints(clean.text, charsMax);
  const tooLong = {
    where: path,
    what: 'characters beyond the length limit',
    count: cut.cutChars,
    why: 'it is long',
  };
  return { path, text: cut.text, dropped: cut.cutChars > 0 ? [...clean.dropped, tooLong] : clean.dropped };
}

async function textAt({ run, ports }: RunContext, sha: string, path: string): Promise<string | undefined> {
  return (await ports.workspaces.readFile(run.repository, sha as CommitId, path))?.toString('utf8');
}

/** Once a run: what was read, what was left out of it, and which files of the branch were not followed. */
async function record(context: RunContext, found: readonly Shown[]): Promise<void> {
  await context.once(
    'instructions.read',
    'instructions.read',
    () => true,
    async () => ({
      kind: 'instructions.read',
      files: found.map(({ path }) => path),
      dropped: found.flatMap(({ dropped }) => dropped),
      notFollowed: await changedOnBranch(context),
    }),
  );
}

async function changedOnBranch(context: RunContext): Promise<readonly string[]> {
  const { baseSha, startSha, reviewed } = context.fact('base.chosen');
  const branch = reviewed?.sha ?? startSha;
  if (baseSha === branch) return [];
  const changed: string[] = [];
  for (const path of paths) {
    const there = await textAt(context, branch, path);
    if (there !== undefined && there !== (await textAt(context, baseSha, path))) changed.push(path);
  }
  return changed;
}
