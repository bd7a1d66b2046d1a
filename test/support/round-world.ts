import type { BotWorld, WorldOptions } from './bot-world.ts';
import type { ScriptedAnswer, ScriptedRequest, ScriptedToolCall } from './scripted-model.ts';
import { finish, openSteeringWorld, planned, type SteeringWorld, write } from './steering-world.ts';

const at = { owner: 'mira', repo: 'thing' };
export const reviewedFile = 'src/extra.js';
export const reviewedText = 'export const one = 1;\nexport const two = 2;\nexport const three = 3;\n';

/** A comment on lines as people write it. */
export interface LineComment {
  readonly path?: string;
  readonly line: number;
  readonly start_line?: number;
  readonly body: string;
}

/** A world in which the bot has opened a pull request, and people who review it. */
export interface RoundWorld extends SteeringWorld {
  readonly pull: number;
  /** Its head before any round. */
  readonly head: string;
  readonly review: (login: string, body: string, comments: readonly LineComment[]) => Promise<number>;
}

/** What the run before the review does; default: the reviewed file. */
export interface RoundWorldOptions extends Partial<WorldOptions> {
  readonly firstCalls?: readonly ScriptedToolCall[];
}

/** Answers of the round's own turns, from 0; what comes before is planned. */
export type RoundScript = (
  turn: number,
  request: ScriptedRequest,
) => ScriptedAnswer | Promise<ScriptedAnswer>;

export async function openRoundWorld(
  record: string,
  script: RoundScript,
  { firstCalls = [write(reviewedFile, reviewedText)], ...options }: RoundWorldOptions = {},
): Promise<RoundWorld> {
  const opened = await openSteeringWorld(
    record,
    (request) => {
      if (request.turn < planned.length) return planned[request.turn] ?? finish;
      const turn = request.turn - planned.length;
      if (JSON.stringify(request.body).includes('Your task is this review')) return script(turn, request);
      return turn === 0 ? { toolCalls: firstCalls } : finish;
    },
    options,
  );
  const { world, issue } = opened;
  // A draft that waits for an approval has not ended.
  await world.waitForComment(issue, /^## (?:Done|Waiting)/m);
  const { data } = await world.as('mira').rest.pulls.list({ ...at });
  const [first] = data;
  if (!first) throw new Error('the bot opened no pull request');
  return {
    ...opened,
    pull: first.number,
    head: first.head.sha,
    review: async (login, body, comments) => {
      const { data: review } = await world.as(login).rest.pulls.createReview({
        ...at,
        pull_number: first.number,
        event: 'REQUEST_CHANGES',
        body,
        comments: comments.map((comment) => ({ path: reviewedFile, ...comment })),
      });
      return review.id;
    },
  };
}

/** The threads of a pull request as people see them. */
export function threadsOf({ hub }: BotWorld, pull: number) {
  const comments = hub.admin.issue('mira/thing', pull).pull?.reviewComments ?? [];
  return [...Map.groupBy(comments, ({ thread }) => thread.id).values()].map((all) => ({
    asked: all[0]?.body.split('\n')[0],
    replies: all.slice(1).map(({ user, body }) => `${user.login}: ${body}`),
    resolved: all[0]?.thread.resolvedBy?.login ?? null,
  }));
}

/** A comment that suggests these lines. */
export function suggest(...lines: readonly string[]): string {
  return ['Like this:', '```suggestion', ...lines, '```'].join('\n');
}
