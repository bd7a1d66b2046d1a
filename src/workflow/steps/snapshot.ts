import type { CommitId, TreeId } from '../../domain/ids.ts';
import type { TreeFacts } from '../../domain/workspace.ts';
import { addressOf } from '../address.ts';
import { checkPermissions } from '../check-permissions.ts';
import { issueBase } from '../issue-base.ts';
import type { RepositoryConfig } from '../ports.ts';
import { reviewStart } from '../review-start.ts';
import { showRunCheck } from '../run-check.ts';
import type { RunContext } from '../run-context.ts';
import { refuse, type Step, type StepOutcome } from '../step.ts';
import { ensureTrackingIssue } from '../tracking-issue.ts';

const configPath = '.github/agent.yml';
const branchesMax = 50;

/** Fixes what the run works on: the base commit, the branch it will push, the repository's configuration. */
export const snapshot: Step = {
  name: 'snapshot',
  nexts: ['recon', 'undo', 'finish'],
  async run(context) {
    await ensureTrackingIssue(context);
    const refusal =
      (await checkPermissions(context)) ??
      (await readConfig(context)) ??
      (await refuseMissingBase(context)) ??
      (await chooseBase(context));
    if (refusal) return refusal;
    const { base, baseSha, headTip, files } = context.fact('base.chosen');
    // A review leaves the branch as it is.
    if (headTip !== null && context.run.trigger !== 'review')
      await showRunCheck(context, headTip as CommitId);
    const next = context.run.trigger === 'undo' ? 'undo' : 'recon';
    return { next, summary: `${files} files at ${baseSha.slice(0, 10)} of ${base}` };
  },
};

async function readConfig(context: RunContext): Promise<StepOutcome | undefined> {
  const { run, ports } = context;
  const event = await context.once(
    'config.read',
    'config.read',
    () => true,
    async () => {
      const tip = await ports.workspaces.fetch(run, run.repository, { branch: run.branches.base, sha: null });
      const text = await ports.workspaces.readFile(run.repository, tip, configPath);
      const { config, problems } = ports.readConfig(text?.toString('utf8') ?? '');
      return { kind: 'config.read', found: text !== undefined, problems, config: { ...config } };
    },
  );
  // Taking back runs nothing that could be configured.
  if (event.problems.length === 0 || run.trigger === 'undo') return undefined;
  const list = event.problems.map((problem) => `- ${problem}`).join('\n');
  return refuse(
    `\`${configPath}\` on \`${run.branches.base}\` is not valid:\n\n${list}\n\nCorrect it and start again.`,
  );
}

/** The validated configuration as `config.read` recorded it. */
export function repositoryConfig(context: RunContext): RepositoryConfig {
  return context.fact('config.read').config as unknown as RepositoryConfig;
}

async function chooseBase(context: RunContext): Promise<StepOutcome | undefined> {
  const { run, ports } = context;
  const event = await context.once(
    'base.chosen',
    'base.chosen',
    () => true,
    async () => {
      const base = baseOf(context);
      const baseSha = await ports.workspaces.fetch(run, run.repository, { branch: base, sha: null });
      const { head, headTip } = await chooseHead(context);
      const fetched = headTip === null ? baseSha : await fetchHead(context, head, headTip);
      // A merge is judged against the base that it brings in, not against the branch.
      const tip = run.trigger === 'update' ? baseSha : fetched;
      const limits = { filesMax: ports.limits.repositoryFilesMax };
      const facts = await ports.workspaces.facts(run.repository, tip, limits);
      const start =
        run.trigger === 'review' ? await reviewStart(context, { baseSha, facts }) : started(facts);
      const notes = [
        ...facts.submodules.map((path) => `Submodule \`${path}\` was not fetched.`),
        ...(facts.lfsPointers > 0 ? [`${facts.lfsPointers} Git LFS pointers were left as pointers.`] : []),
        ...(facts.textFiles === 0 ? ['no-text'] : []),
      ];
      return {
        kind: 'base.chosen',
        base,
        head,
        headTip,
        baseSha,
        notes,
        files: facts.files,
        ...start,
      };
    },
  );
  if (run.trigger === 'review' && event.startTree === event.reviewed?.treeId) {
    return refuse(
      `The branch \`${event.head}\` changes nothing against \`${event.base}\`: there is nothing to review.`,
    );
  }
  if (event.files === 0)
    return refuse('The repository has no files yet. Push a first commit with some code, then start again.');
  if (event.notes.includes('no-text')) {
    return refuse('The repository holds no text files, so there is nothing that can be changed here.');
  }
  return undefined;
}

function started({ commit, tree }: TreeFacts) {
  return { startSha: commit, startTree: tree };
}

/** The issue's own line wins over the configuration; a pull request keeps the base it has. */
function baseOf(context: RunContext): string {
  const { branches, input } = context.run;
  if (branches.headSha !== null) return branches.base;
  return issueBase(input.body) ?? repositoryConfig(context).base ?? branches.base;
}

/** A base that an issue names may be misspelt; the others are the operator's and GitHub's. */
async function refuseMissingBase(context: RunContext): Promise<StepOutcome | undefined> {
  const { run, ports } = context;
  const named = run.branches.headSha === null ? issueBase(run.input.body) : null;
  if (named === null || context.last('base.chosen')) return undefined;
  if ((await ports.pusher.remoteTip(run, named)) !== null) return undefined;
  return refuse(
    `The issue asks for the base branch \`${named}\`, which does not exist. Correct the line or take it out, then start again.`,
  );
}

async function fetchHead(context: RunContext, branch: string, sha: CommitId): Promise<CommitId> {
  const { run, ports } = context;
  return await ports.workspaces.fetch(run, run.repository, { branch, sha });
}

/**
 * `/agent fix` works on the pull request's branch. A labelled issue gets `agent/<n>-<slug>`; where that branch is
 * already there with an open pull request the run goes on with it, else it takes `-2`, `-3`, ...
 */
async function chooseHead(
  context: RunContext,
): Promise<{ readonly head: string; readonly headTip: CommitId | null }> {
  const { run, ports } = context;
  if (run.branches.headSha !== null) return { head: run.branches.head, headTip: run.branches.headSha };
  for (let number = 1; number <= branchesMax; number++) {
    const head = number === 1 ? run.branches.head : `${run.branches.head}-${number}`;
    const headTip = await ports.pusher.remoteTip(run, head);
    if (headTip === null) return { head, headTip };
    const pull = await ports.reader.openPullByHead(addressOf(run), head);
    if (pull) return { head, headTip };
  }
  return { head: `${run.branches.head}-${run.id}`, headTip: null };
}

/** The tree the work starts from. */
export function startTree(context: RunContext): TreeId {
  return context.fact('base.chosen').startTree;
}
