import type { Octokit } from '@octokit/rest';
import type { NewCheck } from '../domain/forge.ts';

/** GitHub takes no more in one request; later ones are appended. https://docs.github.com/en/rest/checks/runs */
const annotationsPerRequest = 50;

interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

/** A check run, and when it is completed if it is. */
interface CompletedCheck {
  readonly check: NewCheck;
  readonly completedAt: Date;
}

/** Creates the check run with the first 50 annotations and appends the others, 50 a request. */
export async function createCheck(
  octokit: Octokit,
  repository: RepositoryName,
  completed: CompletedCheck,
): Promise<{ readonly id: number; readonly url: string }> {
  const [first, ...rest] = pagesOf(completed);
  const { check } = completed;
  const { data } = await octokit.rest.checks.create({
    ...repository,
    name: check.name,
    head_sha: check.headSha,
    external_id: check.externalId,
    ...first,
  });
  for (const page of rest) {
    await octokit.rest.checks.update({ ...repository, check_run_id: data.id, ...page });
  }
  return { id: data.id, url: data.html_url ?? data.url };
}

/** Replaces title, summary, buttons and conclusion, and appends the annotations. */
export async function updateCheck(
  octokit: Octokit,
  repository: RepositoryName,
  completed: CompletedCheck & { readonly id: number },
): Promise<void> {
  for (const page of pagesOf(completed)) {
    await octokit.rest.checks.update({ ...repository, check_run_id: completed.id, ...page });
  }
}

function statusOf({ conclusion }: NewCheck, completedAt: Date) {
  return conclusion === null
    ? { status: 'in_progress' as const }
    : { status: 'completed' as const, conclusion, completed_at: completedAt.toISOString() };
}

function pagesOf({ check, completedAt }: CompletedCheck) {
  const annotations = check.annotations.map((annotation) => ({
    path: annotation.path,
    start_line: annotation.startLine,
    end_line: annotation.endLine,
    annotation_level: annotation.level,
    message: annotation.message,
  }));
  const count = Math.max(1, Math.ceil(annotations.length / annotationsPerRequest));
  return Array.from({ length: count }, (_, page) => ({
    ...statusOf(check, completedAt),
    actions: check.actions.map((action) => ({ ...action })),
    output: {
      title: check.title,
      summary: check.summary,
      annotations: annotations.slice(page * annotationsPerRequest, (page + 1) * annotationsPerRequest),
    },
  }));
}
