import type { CommitId } from '../domain/ids.ts';
import { defaultPullStyle, type PullStyle } from '../domain/pull-style.ts';
import { codeOwnersPaths, ownersOf } from './code-owners.ts';
import { lastOfPublication, publicationKey } from './publication.ts';
import type { RunContext } from './run-context.ts';
import { repositoryConfig } from './steps/snapshot.ts';

/** Where GitHub looks for the default template; names are compared without case. */
const templatePaths = [
  '.github/pull_request_template.md',
  'pull_request_template.md',
  'docs/pull_request_template.md',
];

/** What the repository asks of pull requests, from its base commit: a change cannot alter its own reviewers. */
export async function readConventions(context: RunContext): Promise<void> {
  if (lastOfPublication(context, 'pull.conventions')) return;
  const style = pullStyle(context);
  const owners = style.reviewers === 'none' ? undefined : await firstFile(context, codeOwnersPaths);
  const paths = context.fact('commit.made').files.map(({ path }) => path);
  const template = style.template ? ((await readTemplate(context)) ?? null) : null;
  const people = owners === undefined ? { users: [], teams: [] } : ownersOf(owners, paths);
  const key = publicationKey(context, 'pull.conventions');
  await context.append({ kind: 'pull.conventions', template, ...people }, key);
}

/** GitHub takes the template in any case; the two that people write are looked for. */
async function readTemplate(context: RunContext): Promise<string | undefined> {
  const upper = templatePaths.map((path) => path.replace('pull_request_template', 'PULL_REQUEST_TEMPLATE'));
  return await firstFile(context, [...templatePaths, ...upper]);
}

async function firstFile(context: RunContext, paths: readonly string[]): Promise<string | undefined> {
  const { run, ports } = context;
  const base = context.fact('base.chosen').baseSha as CommitId;
  for (const path of paths) {
    const bytes = await ports.workspaces.readFile(run.repository, base, path);
    if (bytes) return bytes.toString('utf8');
  }
  return undefined;
}

export function pullStyle(context: RunContext): PullStyle {
  return repositoryConfig(context).pull ?? defaultPullStyle;
}

/** The people of a style that apply to this run. */
export function assigneesOf(context: RunContext, style: PullStyle): readonly string[] {
  const { login, type } = context.run.requestedBy;
  return style.assign === 'requester' && type === 'User' ? [login] : [];
}
