import type { BotWorld } from '../../test/support/bot-world.ts';

const linesMax = 14;

interface Said {
  readonly at: Date;
  readonly where: string;
  readonly by: string;
  readonly text: string;
  readonly note: string;
}

/** Everything that was said on an issue and its pull request, in order; long texts are cut. */
export function tellThread(
  { hub, repository }: BotWorld,
  numbers: { readonly issue: number; readonly pull: number },
): string {
  const first = hub.admin.issue(repository, numbers.issue);
  const said = [numbers.issue, numbers.pull].flatMap((number) => saidOn(hub, repository, number));
  const opened = `#${numbers.issue} ${first.title} — opened by ${first.user.login}\n\n${indented(first.body ?? '')}`;
  const rest = said
    .toSorted((one, other) => one.at.getTime() - other.at.getTime())
    .map(({ where, by, text, note }) => `${where} ${by}${note}\n\n${indented(text)}`);
  return [opened, ...rest].join('\n\n');
}

function saidOn(hub: BotWorld['hub'], repository: BotWorld['repository'], number: number): readonly Said[] {
  const { comments, pull, title, user, createdAt } = hub.admin.issue(repository, number);
  const where = `#${number}`;
  const spoken = comments.map((comment) => ({
    at: comment.createdAt,
    where,
    by: comment.user.login,
    text: comment.body,
    note: comment.reactions.some(({ content }) => content === 'eyes') ? '  👀' : '',
  }));
  if (!pull) return spoken;
  const opened = {
    at: createdAt,
    where,
    by: user.login,
    text: `(opens the pull request: ${title})`,
    note: '',
  };
  // A reply is a review without words of its own.
  const reviews = pull.reviews
    .filter(({ body }) => body !== '')
    .map((review) => ({
      at: review.submittedAt ?? createdAt,
      where,
      by: review.user.login,
      text: review.body,
      note: ` (${review.state.toLowerCase().replace('_', ' ')})`,
    }));
  const lines = pull.reviewComments.map((comment) => ({
    at: comment.createdAt,
    where: `${where} ${comment.path}:${comment.line ?? ''}`,
    by: comment.user.login,
    text: comment.body,
    note: comment.inReplyToId !== null && comment.thread.resolvedBy ? '  (resolves the thread)' : '',
  }));
  return [...spoken, opened, ...reviews, ...lines];
}

/** Without what only machines read, and not longer than a person wants to see of each. */
function indented(body: string): string {
  const lines = body
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<details>[\s\S]*?<\/details>/g, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .split('\n');
  const cut = lines.length - linesMax;
  const shown = cut > 1 ? [...lines.slice(0, linesMax), `… (${cut} more lines)`] : lines;
  return shown.map((line) => (line === '' ? '' : `    ${line}`)).join('\n');
}
