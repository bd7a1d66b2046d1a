import type { Issue } from '../../src/hub/state/model.ts';
import type { BotWorld } from './bot-world.ts';

const at = { owner: 'mira', repo: 'thing' };

/** The control issues that were made so far, oldest first. */
export function dashboards({ hub }: BotWorld): readonly Issue[] {
  return hub.admin.repository('mira/thing').issues.filter(({ title }) => title === 'Pullwright dashboard');
}

/** Resolves with the newest control issue once it says this. */
export function dashboardSaying(world: BotWorld, pattern: RegExp): Promise<Issue> {
  const found = (): Issue | undefined => {
    const issue = dashboards(world).at(-1);
    return issue && pattern.test(issue.body ?? '') ? issue : undefined;
  };
  return world.hub.admin.waitFor(found, 60_000).catch((cause: unknown) => {
    const body = dashboards(world).at(-1)?.body ?? 'no control issue';
    throw new Error(`${pattern} does not match:\n${body}`, { cause });
  });
}

/** A person ticks the box of this command, as the page does: by writing the whole text again. */
export async function tick(world: BotWorld, word: string, login: string): Promise<void> {
  const { number, body } = await dashboardSaying(world, new RegExp(`- \\[ \\] <!-- pullwright:box=${word}:`));
  const ticked = (body ?? '').replace(
    `- [ ] <!-- pullwright:box=${word}:`,
    `- [x] <!-- pullwright:box=${word}:`,
  );
  await world.as(login).rest.issues.update({ ...at, issue_number: number, body: ticked });
}

/** Resolves when no box of the control issue is ticked. */
export function unticked(world: BotWorld): Promise<Issue> {
  const found = (): Issue | undefined =>
    dashboards(world).findLast(({ body }) => !/\[[xX]\]/.test(body ?? ''));
  return world.hub.admin.waitFor(found, 60_000);
}
