import { createHash } from 'node:crypto';
import type { Actor } from '../domain/repository.ts';
import type { FrozenRound } from '../domain/round.ts';
import type { RunInput } from '../domain/run.ts';
import { sanitise, sanitiseTitle } from '../text/sanitise.ts';
import type { FrozenRemarks } from './freeze-remarks.ts';
import type { FrozenReview } from './rounds/freeze-round.ts';

/**
 * The run's input from the stored payload, as GitHub renders it, and from the comments that count, hashed. Nothing is
 * read again later: a title that is edited after the label was put on changes nothing.
 */
export function freezeInput(given: {
  readonly title: string;
  readonly body: string | null;
  readonly instruction: string | null;
  readonly author: Actor;
  readonly discussion: FrozenRemarks;
  readonly review?: FrozenReview | undefined;
}): RunInput {
  const title = sanitiseTitle(given.title);
  const body = sanitise(given.body ?? '', 'body');
  const instruction = given.instruction === null ? null : sanitise(given.instruction, 'command');
  const { remarks } = given.discussion;
  const { round, dropped = [] } = given.review ?? {};
  const shown = { title: title.text, body: body.text, instruction: instruction?.text ?? null };
  return {
    ...shown,
    remarks,
    ...(round ? { round } : {}),
    author: given.author,
    sha256: hashOf(shown, remarks, round),
    dropped: [
      ...title.dropped,
      ...body.dropped,
      ...(instruction?.dropped ?? []),
      ...given.discussion.dropped,
      ...dropped,
    ],
  };
}

/** Of all that the model sees; parts that a run does not have change nothing about the others. */
function hashOf(
  { title, body, instruction }: Pick<RunInput, 'title' | 'body' | 'instruction'>,
  remarks: FrozenRemarks['remarks'],
  round: FrozenRound | undefined,
): string {
  const parts = [
    title,
    body,
    instruction,
    ...(remarks.length > 0 ? [remarks] : []),
    ...(round ? [round] : []),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
