import type { ReviewTask } from './agent-task.ts';

/** Text of others between marks that it cannot end by itself. */
export type Data = (name: string, text: string, charsMax: number) => string;

const commentCharsMax = 4_000;
const hunkCharsMax = 2_000;

/** A review as the task: each comment with its name, its place, and what was done with its suggestion. */
export function reviewSections({ reviewer, comments }: ReviewTask, data: Data): readonly string[] {
  if (comments.length === 0) return [];
  return [
    `A person with write access (${reviewer}) reviewed this pull request. Your task is this review: look at every comment, change the code where that is right, and answer each one with address_comment, by its name. Decline what is wrong or out of scope, with the reason; a reasoned decline is better than a change that you do not believe in.`,
    ...comments.flatMap(({ name, place, hunk, text, suggestion }) => [
      `Comment ${name}:`,
      data('place', place, 500),
      data('difference', hunk, hunkCharsMax),
      data(`comment ${name}`, text, commentCharsMax),
      ...(suggestion === '' ? [] : [suggestion]),
    ]),
  ];
}
