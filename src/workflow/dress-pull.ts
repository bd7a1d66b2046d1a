import { performNoted } from './perform-noted.ts';
import { assigneesOf, pullStyle } from './pull-conventions.ts';
import type { RunContext } from './run-context.ts';

/** GitHub takes ten assignees and, in one request, fifteen reviewers. */
const reviewersMax = 15;

/** Labels and assignee, as soon as there is a pull request. What GitHub refuses is noted and changes nothing else. */
export async function labelPull(context: RunContext, number: number): Promise<void> {
  const style = pullStyle(context);
  const logins = assigneesOf(context, style);
  if (style.labels.length > 0) {
    await performNoted(context, 'pull-labels', { kind: 'pull.label', number, labels: style.labels });
  }
  if (logins.length > 0)
    await performNoted(context, 'pull-assignees', { kind: 'pull.assign', number, logins });
}

/** The owners of the changed files, once it is worth their time. */
export async function askOwners(context: RunContext, number: number): Promise<void> {
  const { users, teams } = context.fact('pull.conventions');
  const ask = async (key: string, asked: { users: readonly string[]; teams: readonly string[] }) => {
    if (asked.users.length + asked.teams.length === 0) return;
    await performNoted(context, key, { kind: 'pull.ask-review', number, ...asked });
  };
  // Apart: one team without access would have GitHub refuse the people as well.
  await ask('pull-reviewers', { users: users.slice(0, reviewersMax), teams: [] });
  await ask('pull-team-reviewers', { users: [], teams: teams.slice(0, reviewersMax) });
}
